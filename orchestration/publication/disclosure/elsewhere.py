"""Figures that others printed, as part of what is known: a report of before, a letter to the council, a factsheet.

Whoever attacks `openbaar` has these beside it. What is remembered here counts from then on as a release does, and is never taken back.
Only what agrees with our figures counts: a figure that is wrong tells nothing true.

Put here: what a printed report says of our counts. Keep out: reading it (`printed_file.py`), and reckoning with it (`memory.py`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from orchestration.lake import Lake, digest, make_private, put_in_place, remove
from orchestration.publication import extract, manifest, register
from orchestration.publication.disclosure import knowledge, proof
from orchestration.publication.disclosure.memory import Told
from orchestration.publication.disclosure.printed_report import rounds_to
from orchestration.publication.disclosure.system import Cell, Interval, Relation
from orchestration.publication.extract import Row

BESIDE = f".{register.ELSEWHERE}nieuw"


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
    untrue = tuple(cell for cell in printed if not _is_ours(cell, own.get(_place(cell)), rates))
    said: dict[Cell, Interval] = {}
    for cell in printed:
        if cell not in untrue:
            for place, interval in _says(cell, own[_place(cell)], rates):
                said[place] = interval.meet(said.get(place, interval))
    truth = {knowledge.cell(row): row["waarde"] for row in figures if row["waarde"] is not None}
    values = {place: truth[place] for place in said if place in truth}
    signs = {place: said[place] for place in values if not said[place].exact}
    told = Told("", values, signs, small, {row["indicator"]: row["eenheid"] for row in indicators}, partial=True)
    return _write(lake, told, untrue)


def _place(cell: extract.Cell) -> tuple[str, str, str]:
    return cell.indicator, cell.gemeente, cell.schooljaar


def _is_ours(cell: extract.Cell, row: Row | None, rates: Mapping[str, Row]) -> bool:
    """Whether a printed figure is true: a rate when our counts round to it, in as many decimals as it is printed with."""
    if row is None or (own := extract.value(row)) is None:
        return False
    if facts := _rounds(cell, row, rates):
        return all(fact.holds(_parts(row, rates)) for fact in facts)
    return cell.printed.allows(own)


def _says(cell: extract.Cell, row: Row, rates: Mapping[str, Row]) -> Iterator[tuple[Cell, Interval]]:
    """What a true printed figure says of a count: of itself, or of the numerator by a denominator that everybody is taken to know."""
    if not cell.printed.rate:
        yield knowledge.cell(row), Interval(int(cell.printed.low), int(cell.printed.high))
    for fact in _rounds(cell, row, rates):
        teller = fact.terms[0][0]
        yield teller, fact.leaves(teller, _parts(row, rates))


def _rounds(cell: extract.Cell, row: Row, rates: Mapping[str, Row]) -> tuple[Relation, ...]:
    """The facts that numerator and denominator of a rate round to what is printed; none for what is no rate, as a median."""
    if not cell.printed.rate or cell.indicator not in rates or row["noemer"] is None:
        return ()
    teller, noemer = _parts(row, rates)
    return rounds_to(teller, noemer, rates[cell.indicator]["factor"], str(cell.printed.low), "")


def _parts(row: Row, rates: Mapping[str, Row]) -> dict[Cell, int]:
    """The true numerator and denominator of one of our rates."""
    place, rate = knowledge.cell(row), rates[row["indicator"]]
    return {place._replace(indicator=rate[part]): row[part] for part in ("teller", "noemer")}


def _write(lake: Lake, told: Told, untrue: tuple[extract.Cell, ...]) -> Remembered:
    earlier = proof.remembered(lake.proofs)
    beside = lake.proofs.with_name(BESIDE)
    remove(beside)
    proof.write_told(make_private(beside), told, earlier, lake.proofs, {"sinds": manifest.now()})
    name = f"{register.ELSEWHERE}{digest(beside / proof.FACTS)[:12]}"
    place = lake.proof_of(name)
    new = not place.exists()
    if new:
        put_in_place(beside, place)
    remove(beside)
    return Remembered(name, told, untrue, new)
