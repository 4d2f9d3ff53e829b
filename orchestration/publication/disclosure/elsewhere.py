"""Figures that others printed, as part of what is known: a report of before, a letter to the council, a factsheet.

Whoever attacks `openbaar` has these beside it. What is remembered here counts from then on as a release does, and is never taken back.
Only what agrees with our figures counts: a figure that is wrong tells nothing true.

Put here: what a printed report says of our counts. Keep out: reading it (`printed_file.py`), and reckoning with it (`memory.py`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from orchestration.lake import Lake, make_private, remove
from orchestration.publication import extract, manifest, register
from orchestration.publication.disclosure import knowledge, proof
from orchestration.publication.disclosure.memory import Told
from orchestration.publication.disclosure.system import Cell, Interval
from orchestration.publication.extract import Row

HALF = Decimal("0.005")  # what rounding to two decimals may have taken or added
BUILDING = ".in_aanbouw"


@dataclass(frozen=True)
class Remembered:
    """What became of a printed report.

    Args:
        name: Under which it is remembered.
        told: What it says of our counts.
        untrue: Its figures that are not ours, and so tell nothing.
        new: Whether it was not remembered yet.
    """

    name: str
    told: Told
    untrue: tuple[extract.Cell, ...]
    new: bool


def remember(lake: Lake, printed: Sequence[extract.Cell], figures: Sequence[Row], indicators: Sequence[Row], small: Interval) -> Remembered:
    """Remember from now on that figures are public.

    Args:
        lake: The lake.
        printed: The printed figures.
        figures: Our figures, as in `intern`.
        indicators: The rows of `indicatoren`.
        small: The counts that must be withheld.

    Raises:
        ProofError: The memory of earlier releases is not whole.
    """
    own = {extract.printed_place(row): row for row in figures}
    rates = {row["indicator"]: row for row in indicators if row["factor"] is not None}
    untrue = tuple(cell for cell in printed if not _is_ours(cell, own.get((cell.indicator, cell.gemeente, cell.schooljaar))))
    said: dict[Cell, Interval] = {}
    for cell in printed:
        if cell not in untrue:
            for place, interval in _says(cell, own[cell.indicator, cell.gemeente, cell.schooljaar], rates):
                said[place] = interval.meet(said.get(place, interval))
    truth = {knowledge.cell(row): row["waarde"] for row in figures if row["waarde"] is not None}
    values = {place: truth[place] for place in said if place in truth}
    signs = {place: said[place] for place in values if not said[place].exact}
    told = Told("", values, signs, small, {row["indicator"]: row["eenheid"] for row in indicators}, partial=True)
    return _write(lake, told, untrue)


def _is_ours(cell: extract.Cell, row: Row | None) -> bool:
    value = None if row is None else extract.value(row)
    return value is not None and cell.printed.allows(value)


def _says(cell: extract.Cell, row: Row, rates: Mapping[str, Row]) -> Iterator[tuple[Cell, Interval]]:
    """What a true printed figure says of a count: of itself, or of the numerator by a denominator that everybody is taken to know."""
    place = knowledge.cell(row)
    if not cell.printed.rate:
        yield place, Interval(int(cell.printed.low), int(cell.printed.high))
    elif (rate := rates.get(cell.indicator)) and row["noemer"]:
        of_one = Decimal(row["noemer"]) / rate["factor"]
        low = ((cell.printed.low - HALF) * of_one).to_integral_value(ROUND_CEILING)
        high = ((cell.printed.high + HALF) * of_one).to_integral_value(ROUND_FLOOR)
        yield place._replace(indicator=rate["teller"]), Interval(max(0, int(low)), int(high))


def _write(lake: Lake, told: Told, untrue: tuple[extract.Cell, ...]) -> Remembered:
    earlier = proof.remembered(lake.proofs)
    beside = lake.proofs.with_name(f"{BUILDING}.{register.ELSEWHERE}")
    remove(beside)
    proof.write_told(make_private(beside), told, earlier, lake.proofs, {"sinds": manifest.now()})
    name = f"{register.ELSEWHERE}{manifest.sha256(beside / proof.FACTS)[:12]}"
    place = lake.proof_of(name)
    new = not place.exists()
    if new:
        make_private(place.parent)
        beside.rename(place)
    remove(beside)
    return Remembered(name, told, untrue, new)
