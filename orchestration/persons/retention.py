"""How long what is in the lake is kept: the periods of the contracts, unless a setting says another, and whose file is past its period.

Put here: periods, and who and what is past them. Keep out: removing it (`purge.py`), and the periods themselves (the contracts).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from expectations import contract as contracts
from orchestration import clock, parquet_file
from orchestration.deliveries.ledger import LedgerEntry
from orchestration.deliveries.parse import local_time
from orchestration.deliveries.quarantine import PERSON
from orchestration.lake import Lake
from orchestration.persons import identity
from orchestration.persons.identity import Person, entity_at
from orchestration.settings import Settings

FIRST_AGE = 5  # the Leerplichtwet begins at five (art. 3), so whoever had an event was born at least so many years before it
FILE, ENFORCEMENT, ORIGINAL = "dossier", "handhaving", "origineel"
BORN = ("monitor", "jongere")


@dataclass(frozen=True)
class Periods:
    """The periods of this lake.

    Args:
        file: Years from birth.
        enforcement: Years from the date of a proces-verbaal or a referral to Halt.
        report: Years from the date of a melding, if it is less than the file; else None.
        original: Days from the verdict on a delivery.
    """

    file: int
    enforcement: int
    report: int | None
    original: int

    @classmethod
    def of(cls, settings: Settings) -> "Periods":
        """Return the periods of the contracts, or of the settings where these say one."""
        agreed = {one.klasse: one.value for bron in contracts.BRONNEN for one in contracts.load(bron).retention}
        return cls(
            file=settings.retention_file_years or agreed[FILE],
            enforcement=settings.retention_enforcement_years or agreed[ENFORCEMENT],
            report=settings.retention_report_years,
            original=agreed[ORIGINAL] if settings.retention_original_days is None else settings.retention_original_days,
        )


@dataclass
class Persons:
    """All persons of a lake by their pseudonyms: one child is one group of pseudonyms.

    Args:
        of: Pseudonym → the pseudonym that stands for its person.
        born: The birth date of a person, as delivered last.
        first: The first date that its rows speak of.
    """

    of: dict[str, str] = field(repr=False, default_factory=dict)
    born: dict[str, date] = field(repr=False, default_factory=dict)
    first: dict[str, date] = field(repr=False, default_factory=dict)

    def expired(self, periods: Periods, today: date) -> frozenset[str]:
        """Return the pseudonyms of the persons whose file is past its period.

        Without a birth date the first event decides: whoever had it was at least five.
        """
        gone = {who for who, day in self.born.items() if years_later(day, periods.file) <= today}
        unborn = {who: day for who, day in self.first.items() if who not in self.born}
        gone |= {who for who, day in unborn.items() if years_later(day, max(periods.file - FIRST_AGE, 0)) <= today}
        return frozenset(pseudonym for pseudonym, who in self.of.items() if who in gone)


def persons(lake: Lake, entries: Iterable[LedgerEntry]) -> Persons:
    """Read all persons of a lake."""
    entries = sorted((entry for entry in entries if entry.instant), key=lambda entry: (entry.instant, entry.levering))
    coupled = identity.coupling(lake, entries)
    found = Persons()
    for place, path in identity.rows_of(lake, entries):
        if not (named := identity.person_columns(place)):
            continue
        dates = [column.name for column in entity_at(place).columns if column.kind == "date" and not column.is_end_date]
        table = parquet_file.read(path, columns=[*named, *dates])
        for bsn, other, *days in zip(*(table[name].to_pylist() for name in table.column_names), strict=True):
            for pseudonym in (bsn, other):
                if pseudonym:
                    found.of.setdefault(pseudonym, coupled.get(pseudonym, pseudonym))
            who = found.of[bsn or other]
            known = [day for day in days if day]
            if place == BORN and days[0]:
                found.born[who] = days[0]
            elif known:
                found.first[who] = min([*known, found.first.get(who, known[0])])
    return found


def last_day(settings: Settings, lake: Lake, entries: Iterable[LedgerEntry], person: Person) -> date:
    """Return the last day on which a source may still deliver an erased person: the end of the year in which its file would have ended.

    It says no more than a year, and without a birth date nothing.
    """
    periods, today = Periods.of(settings), clock.now().date()
    born = []
    for place, path in identity.rows_of(lake, entries):
        if place == BORN:
            table = parquet_file.read(path, columns=[*PERSON, "geboortedatum"])
            born += [
                day for day, mine in zip(table["geboortedatum"].to_pylist(), person.in_rows(place, table), strict=True) if mine and day
            ]
    ends = years_later(max(born), periods.file) if born else years_later(today, periods.file)
    return date(max(ends.year, today.year + 1), 12, 31)


def years_later(day: date, years: int) -> date:
    """Return the same day some years later; 29 February becomes 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def originals_expire(periods: Periods, entry: LedgerEntry) -> date:
    """Return the day on which the original of a delivery is past its period."""
    decided = datetime.fromisoformat(entry.aanvaard.op) if entry.aanvaard else entry.seen
    return local_time(decided).date() + timedelta(days=periods.original)
