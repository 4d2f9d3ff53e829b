"""Monitors the nights: determines the state of the lake, and sends alarms.

The state of the lake (`state.py`) gives the causes (`causes.py`); both give one document (`document.py`), which the screen, the page and
`healthcheck` show, and the alarms (`alarms.py`). Nothing here changes what readers see, or stops a run.

Put here: what happens at the end of a run and at a health check. Keep out: what a run does, and its record (`orchestration.runs`).
"""

import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from orchestration.errors import unexpected

if TYPE_CHECKING:  # the process that sends imports this package too, and must start fast
    from orchestration.lake import Lake
    from orchestration.runs import Run
    from orchestration.settings import Settings

__all__ = ["healthcheck", "is_owner", "run_ended", "status"]


def run_ended(lake: "Lake", settings: "Settings", run: "Run") -> list[str]:
    """Tell people how a run ended: alarms for what is wrong, and the page with the state of the lake.

    It never raises: what it cannot do is a sentence, and readers keep what was published. A look back tells nobody anything.

    Args:
        lake: The lake of the run.
        settings: Gives the channels, and the rhythm of the sources.
        run: The run, as its record is or will be.

    Returns:
        A Dutch sentence for each thing that did not succeed, such as a channel that failed.
    """
    if lake.moment is not None or settings.known_at is not None:
        return []
    return _tell(lake, settings, run)


def status(lake: "Lake", settings: "Settings") -> dict[str, Any]:
    """Return the document of the state of a lake; changes nothing."""
    from orchestration.watch import alarms, causes, document, state

    found = state.read(lake, settings)
    wrong = [*causes.standing(found, settings.alarm_hours), *alarms.failing(lake, settings)]
    return document.document(lake, settings, found, wrong)


def healthcheck(lake: "Lake", settings: "Settings") -> tuple[dict[str, Any], list[str]]:
    """Return the document of the state of a lake, after telling people what no run could: that the night never began, or hangs.

    Another user than the owner gets what the last page said, and how old that is; only the owner sends alarms.

    Args:
        lake: The lake; it need not exist.
        settings: As for `run_ended`.

    Returns:
        The document, and a Dutch sentence for each thing that did not succeed.
    """
    if not is_owner(lake):
        from orchestration.watch import document

        return document.as_last_written(lake, settings), []
    warnings = _tell(lake, settings)
    return status(lake, settings), warnings


def is_owner(lake: "Lake") -> bool:
    """Return whether this user is the one whose lake it is: only that one sends alarms, or whoever asks about a lake that is not there."""
    try:
        return os.geteuid() in (0, lake.root.stat().st_uid)
    except FileNotFoundError:
        return True
    except OSError:
        return False


def _tell(lake: "Lake", settings: "Settings", run: "Run | None" = None) -> list[str]:
    """Send the alarms first: the page takes longer, and needs room on the disk."""
    from orchestration.watch import alarms, causes, document, page, state

    failed: list[str] = []
    try:
        found = state.read(lake, settings, run)
        wrong = causes.standing(found, settings.alarm_hours)
    except Exception as problem:
        return [f"de stand van het meer is niet te bepalen ({unexpected(problem)}): er zijn geen alarmen verstuurd"]

    def attempt(what: str, does: Callable[[], list[str]]) -> Iterator[str]:
        try:
            yield from does()
        except OSError as problem:
            yield f"{what} ({problem.strerror or type(problem).__name__})"
        except Exception as problem:
            yield f"{what} ({unexpected(problem)})"

    def write() -> list[str]:
        if lake.exists:
            page.write(lake, document.document(lake, settings, found, [*wrong, *alarms.failing(lake, settings)]))
        return []

    failed += attempt("de alarmen zijn niet verstuurd", lambda: alarms.tell(lake, settings, found, wrong))
    failed += attempt("status.html en status.json zijn niet geschreven", write)
    return failed
