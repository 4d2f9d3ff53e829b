"""The structured log of the lake: one JSON line per event of every run, without a delivered value.

Put here: writing and reading its lines. Keep out: what is worth a line.
"""

import json
import traceback
from contextlib import suppress

from orchestration import clock
from orchestration.errors import unexpected
from orchestration.lake import Lake
from orchestration.scrub import scrub

WARNING = "let op"
FAILURE = "mislukt"


def write(lake: Lake, step: str, event: str, **more: object) -> None:
    """Append one line; identifiers in it are masked.

    Args:
        lake: The lake of the run.
        step: The step of the run, or the command.
        event: What happened, in Dutch.
        more: Further fields; never a delivered value.
    """
    line = {"tijd": clock.now().isoformat(), "run": lake.run, "stap": step, "gebeurtenis": event, **more}
    with lake.log.open("a", encoding="utf-8") as file:
        file.write(scrub(json.dumps(line, ensure_ascii=False)) + "\n")


def write_failure(lake: Lake, step: str, problem: BaseException) -> str:
    """Append the type and the traceback of an error, not its text, which may quote delivered data.

    Returns:
        Half a sentence that names the log; empty if nothing can be written: the disk may be what failed.
    """
    try:
        frames = traceback.extract_tb(problem.__traceback__)
        write(lake, step, FAILURE, fout=unexpected(problem), spoor=[f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames])
    except OSError:
        return ""
    return f"; het spoor staat in {lake.log}"


def warnings(lake: Lake, run: str) -> list[str]:
    """Return the sentences of a run that its starter must read.

    A line that a full disk cut off is skipped, and a log that cannot be read gives none: neither may stop the end of a run.
    """
    found: list[str] = []
    with suppress(OSError), lake.log.open(encoding="utf-8", errors="replace") as file:
        for text in file:
            with suppress(ValueError):
                if f'"{WARNING}"' in text and run and (line := json.loads(text))["run"] == run:
                    found.append(str(line["zin"]))
    return found
