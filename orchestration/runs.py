"""The record of runs: one small file per run, from its begin to its end, whatever way it was started.

A run writes its record when it holds the lake, and again when it ends. A record without an end belongs to the run that holds the lake now,
or to one that died; the next run marks it (`mark_died`).

Put here: that record, reading and writing it. Keep out: who may run (`lake.hold`), and what is told about a run (`orchestration.watch`).
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, ValidationError

from orchestration.lake import Lake
from orchestration.lake.files import replace_bytes
from orchestration.outcome import Afloop
from orchestration.scrub import scrub

Scrubbed = Annotated[str, AfterValidator(scrub)]

LONGEST = timedelta(hours=4)
"""The maximum run time: of the service of the night, of every run of Dagster (`defs/dagster.yaml`), and before the alarm that one hangs."""
DIED = "de run is afgebroken voordat zij klaar was (stroom, geheugen, of iemand stopte haar); wat klaar was geldt"


class Run(BaseModel):
    """One run.

    Args:
        run: Dagster's id of the run; empty if it ended before Dagster began.
        taak: The job, or Dagster's name of a selection.
        begon: When it took the lake.
        eindigde: When it ended; None while it runs, and of a run that died until the next one marks it.
        afloop: How it ended; None as `eindigde`.
        reden: Why it ended like that, in one sentence; empty if it is good.
        stap: The step that failed.
        stappen: Seconds of each step that succeeded, in order.
        releases: The release that readers of a zone have since this run, for each zone that it published.
        nieuw: The zones in which that release is another one than before.
        let_op: What else a person must read.
    """

    model_config = ConfigDict(frozen=True)

    run: str
    taak: str
    begon: AwareDatetime
    eindigde: AwareDatetime | None = None
    afloop: Afloop | None = None
    reden: Scrubbed = ""
    stap: str = ""
    stappen: dict[str, float] = {}
    releases: dict[str, str] = {}
    nieuw: tuple[str, ...] = ()
    let_op: tuple[Scrubbed, ...] = ()

    @property
    def seconds(self) -> float | None:
        """How long it took; None while it runs."""
        return None if self.eindigde is None else (self.eindigde - self.begon).total_seconds()

    @property
    def published(self) -> bool:
        """Whether it published, or found that readers have these figures already."""
        return self.afloop in (Afloop.GEPUBLICEERD, Afloop.NIETS_NIEUWS)


def write(lake: Lake, run: Run) -> None:
    """Write or replace the record of a run."""
    replace_bytes(_path(lake, run), run.model_dump_json(indent=1).encode() + b"\n")


def read(lake: Lake) -> list[Run]:
    """Return all runs that are kept, the oldest first; a damaged record counts as none: it decides nothing."""
    return list(_read(lake))


def mark_died(lake: Lake, now: datetime) -> list[Run]:
    """Mark the runs without an end as `afgebroken`, and return them. The caller holds the lake, so none of them is alive."""
    died = [
        run.model_copy(update={"eindigde": now, "afloop": Afloop.AFGEBROKEN, "reden": DIED}) for run in _read(lake) if run.eindigde is None
    ]
    for run in died:
        write(lake, run)
    return died


def _read(lake: Lake) -> Iterator[Run]:
    for path in sorted(lake.runs.glob("*.json")):
        try:
            yield Run.model_validate_json(path.read_bytes())
        except ValidationError:
            continue


def _path(lake: Lake, run: Run) -> Path:
    moment = run.begon.astimezone(UTC).strftime("%Y%m%dT%H%M%S")
    return lake.runs / f"{moment}-{run.run[:8] or 'los'}.json"
