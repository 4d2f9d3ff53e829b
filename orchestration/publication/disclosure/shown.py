"""Builds the rows of the public tables: the counts as shown, and the rates and differences computed from them.

A rate is computed from the shown numerator and denominator, a difference from the shown counts of both schooljaren, with no more decimals
than these carry. So they tell nothing that the counts do not. Only a median is taken over: in whole days, of enough meldingen.

Put here: rows, and reading them back. Keep out: what is shown of a count (`signs.py`, `protect.py`).
"""

import sys
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from itertools import repeat
from typing import Any, cast

import pyarrow as pa
import pyarrow.compute as pc

from expectations import published, reference
from expectations.reference import previous
from orchestration.publication import weergave
from orchestration.publication.disclosure.alternatives import Cell
from orchestration.publication.disclosure.rounding import base, interval
from orchestration.publication.disclosure.signs import HIDDEN, WITHHELD, Shown, Sign, kinds
from orchestration.publication.weergave import round_half_away

Row = dict[str, Any]
UNAVAILABLE, INAPPLICABLE = "niet_beschikbaar", "niet_van_toepassing"
NOWHERE = (UNAVAILABLE, INAPPLICABLE)
FIGURE = ("status", "waarde", "percentage")
MEDIAN_OVER = 10  # a median over fewer meldingen than this is not published
DECIMALS = 2  # of a rate of exact counts; of their change in percents one


def cell_of(row: Mapping[str, Any]) -> Cell:
    """Return the count that a row of `kerncijfers` or `uitsplitsingen` is about."""
    return Cell(
        row["schooljaar"], row["gemeente_code"], row["indicator"], row.get("uitsplitsing") or "", row.get("uitsplitsing_waarde") or ""
    )


def cells_of(table: pa.Table) -> list[Cell]:
    """Return the count that each row of a table is about; equal texts are one object, as there are many rows and few texts."""
    columns = [map(sys.intern, texts(table[name])) if name in table.column_names else repeat("") for name in Cell._fields]
    return [Cell(*place) for place in zip(*columns, strict=False)]


def texts(column: "pa.ChunkedArray[Any]") -> list[str]:
    """Return a column of texts, which is never empty."""
    return cast("list[str]", column.to_pylist())


def numbers_of(column: "pa.ChunkedArray[Any]") -> list[int]:
    """Return a column of numbers, which is never empty."""
    return cast("list[int]", column.to_pylist())


def of_schooljaar(table: pa.Table, schooljaar: str) -> pa.Table:
    """Return the rows of a schooljaar."""
    return table.filter(pc.field("schooljaar") == schooljaar)


def by_gemeente(table: pa.Table) -> Iterable[pa.Table]:
    """Return the rows of each gemeente: as many as are made into public rows at a time."""
    return (table.filter(pc.field("gemeente_code") == code) for code in table["gemeente_code"].unique())


def is_count(indicator: str) -> bool:
    """Return whether an indicator is a count; otherwise it is a rate or a median."""
    return indicator not in _made_of()


@cache
def numbers() -> tuple[str, ...]:
    """The columns in which a row says anything of its figure in numbers."""
    return tuple(column.name for column in published.table("kerncijfers").columns if column.is_number)


@cache
def _made_of() -> dict[str, Mapping[str, str]]:
    """Of each rate and median its row in the indicator table."""
    return {row["indicator"]: row for row in reference.rows("indicator") if row["teller"] or row["over"]}


@cache
def withheld() -> frozenset[str]:
    """The indicators of which nothing is published in `openbaar`."""
    return frozenset(name for name, kind in kinds().items() if kind == WITHHELD)


def read(rows: Iterable[Mapping[str, Any]], threshold: int) -> dict[Cell, Shown]:
    """Read back what rows show of counts.

    Args:
        rows: Public rows of `kerncijfers` or `uitsplitsingen`.
        threshold: Counts below this are small.
    """
    found: dict[Cell, Shown] = {}
    for row in rows:
        if not is_count(row["indicator"]) or row["status"] in NOWHERE:
            continue
        sign, number = Sign(row["status"]), row["waarde"]
        if sign is Sign.SHOWN:
            low = high = number
        elif sign is Sign.SMALL:
            low, high = 1, threshold - 1
        else:
            low, high = (HIDDEN.low, HIDDEN.high) if number is None else interval(number, base(threshold))
        found[cell_of(row)] = Shown(sign, number, low, high)
    return found


class Figures:
    """Makes public rows.

    Args:
        shown: What is shown of each count.
        threshold: Counts below this are small.
        before: The figure (the columns `FIGURE`) that the rows of the previous schooljaar show of each count.

    Attributes:
        made: That of all rows that it made.
    """

    def __init__(self, shown: Mapping[Cell, Shown], threshold: int, before: Mapping[Cell, Row] | None = None) -> None:
        self._shown, self._threshold, self._before = shown, threshold, before or {}
        self._statuses: dict[Cell, str] = {}
        self.made: dict[Cell, Row] = {}

    def rows(self, rows: Sequence[Row]) -> list[Row]:
        """Show rows in order of schooljaar.

        Args:
            rows: Rows of `kerncijfers` or of `uitsplitsingen`, true or public, all those of a gemeente together. Used are the number of a
                median, and the status of a row without a figure.
        """
        rows = [row for row in rows if row["indicator"] not in withheld()]
        self._statuses = {cell_of(row): row["status"] for row in rows}
        found: dict[Cell, Row] = {}
        for row in rows:
            place = cell_of(row)
            figure = self._count(place) if is_count(row["indicator"]) else self._made_figure(place, _made_of()[row["indicator"]], row)
            made = row | dict.fromkeys(numbers()) | figure
            earlier = place._replace(schooljaar=previous(place.schooljaar))
            made |= self._change(made, self.made.get(earlier) or self._before.get(earlier))
            made["weergave"] = weergave.weergave(
                made["status"], made["waarde"], made["percentage"], made["eenheid"], self._threshold, base(self._threshold)
            )
            found[place] = made
            self.made[place] = {name: made[name] for name in FIGURE}
        return list(found.values())

    def _count(self, place: Cell) -> Row:
        if self._statuses[place] in NOWHERE:
            return {"status": self._statuses[place]}
        shown = self._shown[place]
        return {"status": str(shown.sign), "waarde": shown.number}

    def _made_figure(self, place: Cell, definition: Mapping[str, str], row: Row) -> Row:
        names = [definition["over"]] if definition["over"] else [definition["teller"], definition["noemer"]]
        parts = [place._replace(indicator=name) for name in names]
        if missing := [self._statuses[part] for part in parts if self._statuses.get(part) in NOWHERE]:
            return {"status": UNAVAILABLE if UNAVAILABLE in missing else INAPPLICABLE}
        shown = [self._shown.get(part, HIDDEN) for part in parts]
        if definition["over"]:
            if shown[0].number is None or self._least(shown[0]) < MEDIAN_OVER or row["percentage"] is None:
                return {"status": str(Sign.HIDDEN)}
            return {"status": str(Sign.ROUNDED), "percentage": round_half_away(row["percentage"], 0)}
        return self._rate(shown[0], shown[1], int(definition["factor"]))

    def _least(self, shown: Shown) -> int:
        """Return the least that a count can be by its row alone, as everybody reads it; what it follows from may say less."""
        number = shown.number or 0
        return interval(number, base(self._threshold))[0] if shown.sign is Sign.ROUNDED else number

    def _rate(self, teller: Shown, noemer: Shown, factor: int) -> Row:
        if teller.number is None or noemer.number is None or (noemer.sign is not Sign.SHOWN and self._least(noemer) < self._threshold):
            return {"status": str(Sign.HIDDEN)}
        made = {"teller": teller.number, "noemer": noemer.number}
        if not noemer.number:
            return made | {"status": INAPPLICABLE}
        rate, decimals = Decimal(factor * teller.number) / noemer.number, DECIMALS
        exact = teller.sign is noemer.sign is Sign.SHOWN
        if not exact:
            # how far off it may be: as many decimals as half of that leaves
            away = base(self._threshold) - 1
            off = sum(size for size, part in ((Decimal(factor * away), teller), (rate * away, noemer)) if part.sign is not Sign.SHOWN)
            decimals = next(places for places in (2, 1, 0) if not places or off / 2 < noemer.number * Decimal(1).scaleb(-places))
        status = Sign.SHOWN if exact else Sign.ROUNDED
        return made | {"status": str(status), "percentage": round_half_away(rate, decimals)}

    def _change(self, now: Row, before: Row | None) -> Row:
        """Compute the columns about the previous schooljaar; empty unless both have a figure."""
        if before is None:
            return {}
        exact = Sign.SHOWN == now["status"] == before["status"]
        if before["waarde"] is not None:
            made: Row = {"vorige_waarde": before["waarde"]}
            if now["waarde"] is not None:
                made["verschil"] = now["waarde"] - before["waarde"]
                if before["waarde"]:
                    percents = Decimal(100 * made["verschil"]) / before["waarde"]
                    made["verschil_percentage"] = round_half_away(percents, 1 if exact else 0)
            return made
        if before["percentage"] is not None:
            made = {"vorig_percentage": before["percentage"]}
            if now["percentage"] is not None:
                made["verschil_punten"] = now["percentage"] - before["percentage"]  # as anybody computes it; the renderings round it
            return made
        return {}
