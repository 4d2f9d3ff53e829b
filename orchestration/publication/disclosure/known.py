"""Reads and keeps what earlier releases and printed reports say of counts. It is stored with the proofs and never removed.

A statement that is not true of today's figures is ignored: it says nothing about them. One that is true of a count that has changed since
is taken for known by who does not know of the change, and not by who does.

Put here: keeping and reading such statements. Keep out: what follows from them (`protect.py`), and reading files (`printed_file.py`).
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import repeat
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from orchestration import audit, parquet_file
from orchestration.lake import Lake
from orchestration.lake.files import digest, make_private, remove
from orchestration.publication import extract, manifest, parquet, register
from orchestration.publication.disclosure.alternatives import ENDLESS, Cell
from orchestration.publication.disclosure.shown import cell_of, cells_of, is_count, numbers_of
from orchestration.publication.disclosure.view import Known
from orchestration.publication.extract import Row

FACTS, SUMMARY = "feiten.parquet", "bescherming.json"
PLACE = list(Cell._fields)
_FIELDS: list["pa.Field[Any]"] = [pa.field(name, pa.string(), nullable=False) for name in PLACE]
STATEMENTS = pa.schema([*_FIELDS, pa.field("laag", pa.int64(), nullable=False), pa.field("hoog", pa.int64())])
BESIDE = f".{register.ELSEWHERE}nieuw"
USED = ["schooljaar", "gemeente_code", "gemeente", "indicator", "waarde", "noemer"]  # of `kerncijfers`, to remember a report


class Statement(NamedTuple):
    """The least and the most that a count was said to be, and what it was then, if that was noted."""

    cell: Cell
    low: int
    high: int
    value: int | None = None


class Remembered(NamedTuple):
    """What became of a printed report: its name, how many figures say something true of our counts or not, and whether it is new."""

    name: str
    true: int
    others: int
    new: bool


def memories(folder: Path) -> list[Path]:
    """Return the folders of everything that was ever public: releases, and figures that others printed."""
    return sorted(one for one in folder.glob("[!.]*") if (one / FACTS).is_file())


def beliefs(values: Mapping[Cell, int], folders: Iterable[Path]) -> list[Known]:
    """Return what people may take for known of the counts of a schooljaar, from the most to the least.

    First who thinks that nothing was corrected, then who knows which counts were; not who knows of no earlier release.

    Args:
        values: The true counts.
        folders: Those of everything that was public before.
    """
    schooljaar, true, same = next(iter(values)).schooljaar, dict[Cell, tuple[int, int]](), dict[Cell, tuple[int, int]]()
    for folder in folders:
        said = list(said_by(folder, schooljaar))
        add(true, said, values)
        add(same, (one for one in said if one.value in (None, values.get(one.cell))), values)
    return [*([true] if true != same else []), *([same] if same else [])]


def add(known: dict[Cell, tuple[int, int]], statements: Iterable[Statement], values: Mapping[Cell, int]) -> None:
    """Add statements to what is known, as far as they are true of the counts."""
    for cell, low, high, _ in statements:
        if low <= values.get(cell, -1) <= high:
            least, most = known.get(cell, (0, ENDLESS))
            known[cell] = max(low, least), min(high, most)


def said_by(folder: Path, schooljaar: str) -> Iterator[Statement]:
    """Yield what a release or a printed report said of counts of a schooljaar; nothing for those that it said nothing of."""
    noted = ["waarde"] if "waarde" in pq.read_schema(folder / FACTS).names else []
    table = parquet_file.read(folder / FACTS, columns=[*STATEMENTS.names, *noted], filters=[("schooljaar", "=", schooljaar)])
    values = numbers_of(table["waarde"]) if noted else repeat(None, len(table))
    for cell, low, high, value in zip(cells_of(table), numbers_of(table["laag"]), table["hoog"].to_pylist(), values, strict=True):
        if low or high is not None:
            yield Statement(cell, low, ENDLESS if high is None else high, value)


def hidden(values: Mapping[Cell, int], folders: Iterable[Path]) -> frozenset[Cell]:
    """Return the counts of a schooljaar that a release hid so that others might be shown."""
    asked = [("verborgen", "=", True), ("schooljaar", "=", next(iter(values)).schooljaar)]
    releases = [folder / FACTS for folder in folders if "verborgen" in pq.read_schema(folder / FACTS).names]
    cells = (cell for release in releases for cell in cells_of(parquet_file.read(release, columns=PLACE, filters=asked)))
    return frozenset(cell for cell in cells if cell in values)


def remember(lake: Lake, printed: Sequence[extract.Cell], figures: Sequence[Row]) -> Remembered:
    """Keep from now on that printed figures are public.

    Args:
        lake: The lake.
        printed: The printed figures.
        figures: Our figures, as in `intern`.
    """
    said = sorted(dict.fromkeys(of_report(printed, figures)))
    values = {cell_of(row): row["waarde"] for row in figures if row["waarde"] is not None}
    true = sum(low <= values.get(cell, -1) <= high for cell, low, high, _ in said)
    beside = lake.proofs.with_name(BESIDE)
    remove(beside)
    parquet.write(make_private(beside) / FACTS, [{**cell._asdict(), "laag": low, "hoog": high} for cell, low, high, _ in said], STATEMENTS)
    (beside / SUMMARY).write_text(json.dumps({"sinds": manifest.now()}) + "\n", encoding="utf-8")
    place = lake.proof_of(f"{register.ELSEWHERE}{digest(beside / FACTS)[:12]}")
    new = not place.exists()
    if new:
        audit.record(lake, audit.What.ONTHOUDEN, naam=place.name)
        lake.put_in_place(beside, place)
    remove(beside)
    return Remembered(place.name, true, len(printed) - true, new)


def of_report(printed: Sequence[extract.Cell], figures: Sequence[Row]) -> Iterator[Statement]:
    """Yield what printed figures say of our counts.

    Args:
        printed: The figures.
        figures: Our figures, for the gemeenten and the denominators: who knows a rate is taken to know its denominator.
    """
    own = {extract.printed_place(row): row for row in figures}
    rates = {rate.indicator: rate for rate in extract.reference().rates}
    for cell in printed:
        row = own.get((cell.indicator, cell.gemeente, cell.schooljaar))
        if row is None:
            continue
        if not cell.printed.rate and is_count(cell.indicator):
            yield Statement(cell_of(row), int(cell.printed.low), int(cell.printed.high))
        elif cell.printed.rate and cell.indicator in rates and row["noemer"]:
            rate = rates[cell.indicator]
            yield Statement(cell_of(row)._replace(indicator=rate.teller), *_numerators(row["noemer"], rate.factor, str(cell.printed.low)))


def _numerators(noemer: int, factor: int, printed: str) -> tuple[int, int]:
    """Return the least and the most numerator of a rate that rounds to what is printed, half away from zero.

    That is `printed - half ≤ factor × numerator / denominator < printed + half`, with half a unit of the last decimal.
    """
    decimals = len(printed.partition(".")[2])
    unit, middle = 2 * factor * 10**decimals, 2 * int(printed.replace(".", ""))
    return -(-(middle - 1) * noemer // unit), -(-(middle + 1) * noemer // unit) - 1
