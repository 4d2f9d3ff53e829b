"""What was delivered when, and so which figures can be known.

Put here: deliveries, and when a figure is not available. Keep out: counting.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from orchestration.example.world import Schooljaar, World
from truth.people import schooljaar_of

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@dataclass(frozen=True)
class Sources:
    """The accepted deliveries.

    Args:
        kennisdata: Of each entiteit, and of the monitor as a whole.
    """

    kennisdata: Mapping[str, Sequence[datetime]]

    def days(self, entiteit: str) -> list[date]:
        """Return the days of the deliveries of an entiteit, here in the Netherlands."""
        return sorted(moment.astimezone(AMSTERDAM).date() for moment in self.kennisdata.get(entiteit, ()))

    def know(self, world: World, entiteit: str, schooljaar: Schooljaar) -> bool:
        """Return whether an entiteit can know a figure of a schooljaar."""
        days = self.days(entiteit)
        if entiteit == "monitor":
            return any(day >= schooljaar.peildatum for day in days)
        first = min(_days_of_records(world, entiteit), default=None)
        began = first is not None and schooljaar.begin_year >= schooljaar_of(first).begin_year
        return began and any(day > schooljaar.first_day for day in days)


def _days_of_records(world: World, entiteit: str) -> Iterator[date]:
    records = {
        "verzuimmelding": world.meldingen,
        "absoluut_verzuim": world.signals,
        "incident": world.incidents,
        "interventie": world.interventies,
        "vrijstelling": world.vrijstellingen,
        "verlofaanvraag": world.verlofaanvragen,
        "thuiszitter_geoorloofd": world.geoorloofd,
    }[entiteit]
    yield from (getattr(record, "day", None) or record.begin for record in records)
