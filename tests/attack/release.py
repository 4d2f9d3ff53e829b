"""What the public files of a release say about each count. How counts are shown is no secret, so the attacker knows what each sign means.

Put here: reading one release. Keep out: what counts have to do with each other (`definitions.py`), and other releases (`attacker.py`).
"""

import csv
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from attack.definitions import Count
from attack.facts import ALL_OF_A_SOORT, INTERVENTIES, ONBEKEND, REGIO
from attack.knowledge import MOST

DEFINITIONS = Path(__file__).parents[2] / "dbt_project" / "seeds" / "kern" / "indicator.csv"
with DEFINITIONS.open(encoding="utf-8", newline="") as file:
    INDICATORS = {row["indicator"]: row for row in csv.DictReader(file)}
RATES = {"procent", "per_1000", "dagen"}
ADDS_UP = {"aantal", "meldingen"}
EVENTS = {name for name, row in INDICATORS.items() if row["eenheid"] in ADDS_UP}
WITHHELD = {name for name, row in INDICATORS.items() if row["openbaar"] == "nee"}  # repeat a count of the previous schooljaar
EXACT = {name for name, row in INDICATORS.items() if row["openbaar"] == "exact"}
BREAKDOWNS = {name: row["uitsplitsingen"].split("+") for name, row in INDICATORS.items() if row["uitsplitsingen"]}
BASE, SMALL = 5, range(1, 5)
ENOUGH, ENOUGH_ROUNDED = 5, 10  # from which a count has breakdowns; the second also for a regio, exact or not
GEPUBLICEERD, AFGEROND, NIET_VAN_TOEPASSING = "gepubliceerd", "afgerond", "niet_van_toepassing"
NUMBER = re.compile(r"\d{1,3}(\.\d{3})*")

Rows = dict[Count, dict[str, Any]]


@dataclass(frozen=True)
class Said:
    """What a file says about a count: least and most, or the multiple to which it was rounded."""

    least: int = 0
    most: int = MOST
    multiple: int | None = None

    @property
    def range(self) -> tuple[int, int]:
        """Return the least and the most, whatever the draw was."""
        if self.multiple is None:
            return self.least, self.most
        return max(0, self.multiple - BASE + 1), self.multiple + BASE - 1


UNKNOWN = Said()


class Release:
    """What the files of a release say about each count, also about those of breakdowns without a row.

    Args:
        rows: The rows.
        values: Counts of breakdowns that are known to exist, from public lists of schools and wijken.
    """

    def __init__(self, rows: Rows, values: Collection[Count] = ()) -> None:
        self.rows = rows
        self.said: dict[Count, Said] = {}
        counts = {count: row for count, row in rows.items() if is_count(row)}
        self.gemeenten = list(dict.fromkeys(count.gemeente for count in counts if count.gemeente not in (REGIO, ONBEKEND)))
        self._rows = counts
        self._broken_down = {count._replace(uitsplitsing="", waarde="") for count in counts if count.uitsplitsing}
        for count in (*counts, *self._without_a_row(dict.fromkeys((*counts, *values)))):
            self.said[count] = self._says(count)

    def _without_a_row(self, seen: Iterable[Count]) -> Iterator[Count]:
        values: dict[tuple[str, str, bool], dict[str, None]] = {}
        for count in seen:
            if count.uitsplitsing:
                values.setdefault(_list(count), {})[count.waarde] = None
        for whole in [count for count in self._rows if not count.uitsplitsing]:
            for uitsplitsing in BREAKDOWNS.get(whole.indicator, ()):
                part = whole._replace(uitsplitsing=uitsplitsing)
                known = values.get(_list(part), {})
                more = INTERVENTIES if known and uitsplitsing == "soort" else ()
                for value in dict.fromkeys((*known, *more)):
                    if part._replace(waarde=value) not in self._rows:
                        yield part._replace(waarde=value)

    def _says(self, count: Count) -> Said:
        row = self._rows.get(count)
        if row is None:
            return self._no_row(count)
        exact = _shown(row)
        if exact is not None:
            return Said(exact, exact)
        if row["status"] == AFGEROND:
            return self._rounded(count, row["waarde"])
        if row["status"] == "onderdrukt_primair":
            return Said(SMALL.start, SMALL.stop - 1)
        return UNKNOWN

    def _no_row(self, count: Count) -> Said:
        """Return what it says that a breakdown has no row: it is rounded to 0 if the breakdown is shown."""
        never = count.uitsplitsing == "soort" and count.waarde in ALL_OF_A_SOORT
        whole = count._replace(uitsplitsing="", waarde="")
        about = self.said[whole]
        exact_enough = ENOUGH_ROUNDED if count.gemeente == REGIO else ENOUGH
        enough = (about.multiple or 0) >= ENOUGH_ROUNDED or about.least == about.most >= exact_enough
        shown = enough or (whole in self._broken_down and self._rows[whole]["status"] == AFGEROND)
        return self._rounded(count, 0) if shown and not never else UNKNOWN

    def _rounded(self, count: Count, multiple: int) -> Said:
        """Return what a rounded number says: nothing if it may be what follows from other numbers."""
        own = bool(count.uitsplitsing) or count.indicator not in EXACT
        if count.gemeente == REGIO:
            own = multiple not in self._sums(count)
        return Said(multiple=multiple) if own else UNKNOWN

    def _sums(self, count: Count) -> list[int]:
        """Return the sum of what is shown of the gemeenten, as a multiple of 5; two of them if it is between them."""
        total = Decimal(0)
        for gemeente in self.gemeenten:
            row = self._rows.get(count._replace(gemeente=gemeente))
            if row is None:
                continue
            if row["status"] == "onderdrukt_primair":
                total += Decimal("2.5")
            elif row["waarde"] is not None:
                total += row["waarde"]
        below, rest = divmod(total, BASE)
        return [BASE * (int(below) + up) for up in ((0, 1) if rest == Decimal("2.5") else (int(rest > BASE / 2),))]


def _list(count: Count) -> tuple[str, str, bool]:
    """Return which list of values a breakdown has: months belong to a schooljaar."""
    return count.schooljaar if count.uitsplitsing == "maand" else "", count.uitsplitsing, count.indicator == "interventies"


def is_count(row: Mapping[str, Any]) -> bool:
    """Return whether a row has a count, shown or not."""
    return row["eenheid"] not in RATES and row["status"] != NIET_VAN_TOEPASSING


def _shown(row: Mapping[str, Any]) -> int | None:
    """Return the exact count that a row shows, as a number or as text."""
    if row["status"] == AFGEROND:
        return None
    if row["waarde"] is not None:
        return int(row["waarde"])
    text = row["weergave"] or ""
    return int(text.replace(".", "")) if NUMBER.fullmatch(text) else None


def count_of(row: Mapping[str, Any]) -> Count:
    """Return which count a row is about."""
    return Count(
        row["schooljaar"], row["gemeente_code"], row["indicator"], row.get("uitsplitsing") or "", row.get("uitsplitsing_waarde") or ""
    )


def read(folder: Path) -> Rows:
    """Read the rows of a release."""
    paths = [folder / name for name in ("kerncijfers.parquet", "uitsplitsingen.parquet")]
    return {count_of(row): row for path in paths if path.exists() for row in pq.read_table(path).to_pylist()}
