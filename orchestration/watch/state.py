"""The state of the lake, computed from what is on disk: the source of alarms, `status` and `healthcheck`.

Nothing here is kept: the record of runs, the ledger, the verdicts and the register are read again each time. What cannot be read is a fault
of that part, and the rest is still read.

Put here: reading those parts, and what follows from one of them. Keep out: which of it is wrong (`causes.py`), and its words for a reader.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from expectations.verdict import OPENBAAR, POORTEN, NoVerdictError, Verdict
from expectations.verdict import read as read_verdict
from orchestration import clock, runs
from orchestration.deliveries import ingest, ledger, postponed, standing
from orchestration.deliveries.ledger import LedgerEntry
from orchestration.deliveries.postponed import PostponedDelivery
from orchestration.lake import Lake
from orchestration.outcome import Afloop
from orchestration.publication import register
from orchestration.publication.register import Line
from orchestration.runs import Run
from orchestration.settings import Settings
from orchestration.warehouse import nights
from orchestration.watch import freshness
from orchestration.watch.freshness import Freshness
from orchestration.whole import DamageError


@dataclass(frozen=True)
class Fault:
    """A part of the lake that could not be read.

    Args:
        deel: The part, in Dutch.
        beschadigd: Whether it is damaged; otherwise this user or the disk does not give it.
    """

    deel: str
    beschadigd: bool


@dataclass(frozen=True)
class State:
    """The lake at one moment.

    Args:
        now: The moment.
        gemeenten: The gemeenten of the lake.
        runs: The runs that are kept, in the order in which they began.
        is_held: Whether a process holds the lake.
        verdicts: The last verdict of each gate.
        entries: The ledger.
        postponed: What the last night could not read.
        waiting: Folders in landing that are not complete.
        lines: The register of both zones.
        aside: The altered releases that were put aside and are still there: zone, and name with the moment.
        removed: When persons were removed or renamed whom the warehouse that analysts open still holds.
        bronnen: How fresh each bron is.
        faults: What could not be read.
    """

    now: datetime
    gemeenten: tuple[str, ...]
    runs: tuple[Run, ...]
    is_held: bool
    verdicts: tuple[Verdict, ...]
    entries: tuple[LedgerEntry, ...]
    postponed: tuple[PostponedDelivery, ...]
    waiting: int
    lines: tuple[Line, ...]
    aside: tuple[tuple[str, str], ...]
    removed: tuple[datetime, ...]
    bronnen: tuple[Freshness, ...]
    faults: tuple[Fault, ...]

    @cached_property
    def begun(self) -> list[Run]:
        """The runs that say something about the lake, in the order in which they began: not one that found it held, nor one of a part."""
        return [run for run in self.runs if run.afloop not in (Afloop.BEZET, Afloop.KLAAR)]

    @cached_property
    def ended(self) -> list[Run]:
        """The runs that ended, in that order."""
        return sorted((run for run in self.begun if run.eindigde and run.afloop), key=lambda run: (run.eindigde or run.begon, run.begon))

    @property
    def last(self) -> Run | None:
        """The run that ended last."""
        return self.ended[-1] if self.ended else None

    @property
    def open(self) -> Run | None:
        """The run without an end: it is busy, or it died."""
        return next((run for run in reversed(self.begun) if run.eindigde is None), None)

    @property
    def busy(self) -> Run | None:
        """The run that works on the lake now."""
        return self.open if self.is_held else None

    @property
    def is_good(self) -> bool:
        """Whether the last run ended well, and none is busy."""
        return self.last is not None and self.last.afloop is not None and self.last.afloop.is_good and self.busy is None

    @property
    def published(self) -> datetime | None:
        """When a run last published, or found that readers have these figures already; without such a record, what the register says."""
        of_runs = [run.eindigde for run in self.ended if run.eindigde and (run.published or "intern" in run.releases)]
        noted = [datetime.fromisoformat(line.op) for line in self.lines if line.wat == "gepubliceerd" and line.zone == "intern"]
        return max((*of_runs, *noted), default=None)

    @property
    def came(self) -> list[LedgerEntry]:
        """The deliveries that were judged in or after the last run that ended."""
        since = self.last.begon.astimezone(UTC) if self.last else None
        return [entry for entry in self.entries if since and entry.seen >= since.replace(microsecond=0)]

    @property
    def refused(self) -> list[LedgerEntry]:
        """The refused deliveries that nothing replaces."""
        return standing.standing_refusals(self.entries)

    def release(self, zone: str) -> str:
        """Return the name of the release that was published last in a zone; empty if there is none."""
        return next((line.release for line in reversed(self.lines) if line.zone == zone and line.wat == "gepubliceerd"), "")


def read(lake: Lake, settings: Settings, run: Run | None = None) -> State:
    """Read the state of a lake.

    Args:
        lake: The lake of the nights, not that of a look back.
        settings: How often a source delivers, where that differs from its contract.
        run: A run that ends now: it counts as ended, whatever its record says.
    """
    faults: list[Fault] = []

    def part(name: str, folder: Path, reader: Callable[[], Sequence[Any]]) -> tuple[Any, ...]:
        try:
            _enter(folder)
            return tuple(reader())
        except (DamageError, OSError) as problem:
            faults.append(Fault(name, isinstance(problem, DamageError)))
            return ()

    work = lake.lock.parent
    known = part("het verslag van de runs", work, lambda: runs.read(lake))
    entries = part("het grootboek", lake.ledger, lambda: ledger.read(lake))
    return State(
        now=clock.now(),
        gemeenten=settings.gemeenten,
        runs=tuple(sorted(_with(known, run), key=lambda one: one.begon)),
        is_held=lake.is_held,
        verdicts=part("de oordelen van de poorten", work, lambda: list(_verdicts(lake))),
        entries=entries,
        postponed=part("de uitgestelde leveringen", work, lambda: postponed.read(lake)),
        waiting=len(part("landing", lake.landing, lambda: ingest.waiting(lake))),
        lines=part("het register", lake.register.parent, lambda: [one for zone in register.ZONES for one in register.lines(lake, zone)]),
        aside=part("de releases die opzij staan", work, lambda: list(_aside(lake))),
        removed=part("de lijst van wijzigingen", lake.changes.parent, lambda: list(filter(None, [nights.still_holds_removed(lake)]))),
        bronnen=tuple(freshness.of(entries, settings)),
        faults=tuple(faults),
    )


def _enter(folder: Path) -> None:
    """Raise if a folder is there and cannot be listed: `glob` would find nothing in it, which is something else."""
    try:
        next(folder.iterdir(), None)
    except FileNotFoundError:
        return


def _with(known: Sequence[Run], run: Run | None) -> list[Run]:
    return [one for one in known if run is None or (one.run, one.begon) != (run.run, run.begon)] + ([run] if run else [])


def _verdicts(lake: Lake) -> Iterator[Verdict]:
    for poort in (*POORTEN, OPENBAAR):
        try:
            yield read_verdict(poort, lake)
        except NoVerdictError:
            continue


def _aside(lake: Lake) -> Iterator[tuple[str, str]]:
    for place in sorted(lake.set_aside.glob("*/[!.]*")):
        yield place.parent.name, place.name
