"""Looks back at many instants in a row: `leerplicht run --known-at … --until … --every …`.

Each instant is a night of its own (`orchestration.night`), with its own outputs. What it was made from is noted when it has been published;
as long as that is the same – the ledger, the settings, the code – the next time skips it. So an interrupted or failed range is continued by
giving the same command again.

Put here: which instants, which are done, and running the others. Keep out: what a look back is (`Lake.as_known_at`).
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from orchestration import clock, night
from orchestration.defs.lake_run import Report
from orchestration.deliveries import ingest
from orchestration.errors import LeerplichtError
from orchestration.lake import Lake
from orchestration.lake.files import digest, replace_bytes
from orchestration.outcome import Afloop
from orchestration.publication import manifest
from orchestration.settings import Settings

MOST = 1_000
TIMEZONE = ZoneInfo("Europe/Amsterdam")
APART = {"lake", "key_file", "known_at", "group_analysts", "group_intern"}


class Step(StrEnum):
    """How far two instants are apart."""

    DAG = "dag"
    WEEK = "week"
    MAAND = "maand"
    KWARTAAL = "kwartaal"
    JAAR = "jaar"


MONTHS = {Step.MAAND: 1, Step.KWARTAAL: 3, Step.JAAR: 12}
DAYS = {Step.DAG: 1, Step.WEEK: 7}


class RangeError(LeerplichtError):
    """A range without an instant, or with too many."""

    afloop = Afloop.INSTELLING


@dataclass(frozen=True)
class Looked:
    """The outcome of one instant.

    Args:
        moment: The instant.
        skipped: Whether it had been made from the same before.
        reason: Why it failed; empty otherwise.
        release: The name of what it published.
    """

    moment: datetime
    skipped: bool = False
    reason: str = ""
    release: str = ""

    @property
    def sentence(self) -> str:
        """The outcome, in one line."""
        ended = f"mislukt: {self.reason}" if self.reason else f"{'overgeslagen, al gemaakt' if self.skipped else 'gemaakt'}: {self.release}"
        return f"{self.moment.isoformat()}  {ended}"


def instants(first: datetime, last: datetime, step: Step) -> list[datetime]:
    """Return the instants from the first up to and including the last, by the Dutch clock: a month is a month, and 02:00 stays 02:00.

    A day that a month lacks becomes its last one: 31 January, 28 February, 31 March.

    Raises:
        RangeError: The last is before the first, in the future, or there are too many.
    """
    if last < first:
        raise RangeError("--until ligt voor --known-at")
    if last > clock.now():
        raise RangeError("--until ligt in de toekomst; wat dan bekend is, weet niemand")
    found: list[datetime] = []
    while (moment := _after(first, step, len(found))) <= last:
        if len(found) == MOST:
            raise RangeError(f"dat zijn meer dan {MOST} tijdstippen; neem een grotere stap met --every")
        found.append(moment)
    return found


def _after(first: datetime, step: Step, number: int) -> datetime:
    here = first.astimezone(TIMEZONE)
    if step in DAYS:
        return (here.replace(tzinfo=None) + timedelta(days=DAYS[step] * number)).replace(tzinfo=TIMEZONE)
    years, month = divmod(here.month - 1 + MONTHS[step] * number, 12)
    for day in range(here.day, 0, -1):
        try:
            return here.replace(year=here.year + years, month=month + 1, day=day)
        except ValueError:
            continue
    raise AssertionError  # every month has a first day


def run(settings: Settings, moments: list[datetime], report: Report) -> Iterator[Looked]:
    """Look back at each instant, one after the other; one that fails does not stop the others.

    Args:
        settings: Gives the lake.
        moments: The instants.
        report: As for `night.run`.

    Yields:
        The outcome of each instant, when it is there.
    """
    for moment in moments:
        here = settings.model_copy(update={"known_at": moment})
        lake = Lake.of(here)
        if not ingest.pending(lake) and _made_from(lake) == _state(lake, here):
            yield Looked(moment, skipped=True, release=_release(lake))
            continue
        ended = night.run(here, report)
        if ended.published:
            replace_bytes(lake.looked_back_state, _state(lake, here).encode())
        yield Looked(moment, reason="" if ended.published else ended.reden, release=_release(lake))


def _state(lake: Lake, settings: Settings) -> str:
    """Return a hash of all that a look back depends on."""
    lake_files = [digest(path) if path.exists() else "" for path in (lake.ledger, lake.changes, lake.barred)]
    about = [lake_files, settings.model_dump(mode="json", exclude=APART), manifest.code()]
    return hashlib.sha256(json.dumps(about, sort_keys=True).encode()).hexdigest()


def _made_from(lake: Lake) -> str:
    return lake.looked_back_state.read_text(encoding="ascii") if lake.looked_back_state.is_file() and _release(lake) else ""


def _release(lake: Lake) -> str:
    current = lake.published("intern") / "current"
    return current.resolve().name if current.exists() else ""
