"""How fresh each source is: when its last delivery was made, and when the next is expected.

How often a source delivers is in its contract (`slaProperties`: `frequency` and `latency`); a gemeente with another rhythm has a setting.

Put here: that, from the ledger. Keep out: the alarm about it (`causes.py`), and Dagster's policies, which read the same contract.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from expectations import contract
from orchestration.deliveries.ledger import LedgerEntry
from orchestration.deliveries.standing import standing_refusals
from orchestration.settings import Settings


@dataclass(frozen=True)
class Freshness:
    """How fresh a source is.

    Args:
        bron: The source.
        naam: Its name in reports.
        elke: The time between two deliveries; zero if it is never late.
        speling: How much later than that a delivery may be.
        laatste: The kennisdatum of the last accepted delivery; None before the first.
        gekomen: The kennisdatum of the last delivery that was accepted, or refused and not replaced; when it was judged if it has none.
    """

    bron: str
    naam: str
    elke: timedelta
    speling: timedelta
    laatste: datetime | None
    gekomen: datetime | None

    @property
    def verwacht(self) -> datetime | None:
        """When the next delivery is expected; None before the first, and of a source that is never late."""
        return self.laatste + self.elke if self.laatste and self.elke else None

    def is_late(self, now: datetime) -> bool:
        """Return whether its last accepted delivery is older than agreed. A source that never delivered promised nothing yet."""
        return self.verwacht is not None and now > self.verwacht + self.speling

    def is_missing(self, now: datetime) -> bool:
        """Return whether it is late and nothing came: what came and was refused is not late, but refused."""
        return self.is_late(now) and (self.gekomen is None or now > self.gekomen + self.elke + self.speling)


def agreed(bron: str, settings: Settings) -> tuple[timedelta, timedelta]:
    """Return the time between two deliveries of a source, and how much later one may be."""
    found = contract.load(bron)
    days = dict(settings.delivery_days).get(bron)
    return (found.frequency if days is None else timedelta(days=days)), found.latency


def of(entries: Iterable[LedgerEntry], settings: Settings) -> Iterator[Freshness]:
    """Yield how fresh each source is, in the order of the contracts.

    Args:
        entries: The ledger.
        settings: The rhythm of a source that differs from its contract.
    """
    entries = list(entries)
    for bron in contract.BRONNEN:
        own = [entry for entry in entries if entry.bron == bron]
        accepted = [entry.instant for entry in own if entry.accepted and entry.instant]
        refused = [entry.instant or entry.seen for entry in standing_refusals(own)]
        every, slack = agreed(bron, settings)
        last, came = max(accepted, default=None), max((*accepted, *refused), default=None)
        yield Freshness(bron, contract.load(bron).short_name, every, slack, last, came)
