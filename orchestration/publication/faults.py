"""The faults inside the printed report: found by rule, whatever the document, the gemeente or the year.

Put here: one function a rule. Keep out: comparing with our figures (`reconciliation.py`; the one rule here that looks at ours asks what a
`<5` hides), and the reasoning about sums (`suppression.py`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from orchestration.publication.extract import Cell, Reference, Row, value
from orchestration.publication.suppression import ANY, Interval, Sums, narrow, project
from orchestration.publication.weergave import count

RELATIEF = "relatief_verzuim_jongeren"

Place = tuple[str, str]
Own = Mapping[tuple[str, str, str], Row]


@dataclass(frozen=True)
class Fault:
    """One fault.

    Args:
        kind: The rule that found it.
        cell: The printed cell that it is about; of several the first.
        document: Where it is printed; of several all of them.
        text: What is printed there.
        difference: How much the printed figures differ, where that is a number.
        sentence: The fault in Dutch.
    """

    kind: str
    cell: Cell
    document: str
    text: str
    difference: Decimal | None
    sentence: str


def find(cells: Sequence[Cell], own: Own, reference: Reference) -> list[Fault]:
    """Apply every rule to all printed documents together.

    Args:
        cells: The printed figures.
        own: Our figures by (indicator, gemeente as printed, schooljaar).
        reference: Which rows make which total.
    """
    by_place: dict[Place, list[Cell]] = {}
    for cell in cells:
        by_place.setdefault((cell.gemeente, cell.schooljaar), []).append(cell)
    found: list[Fault] = []
    for here in by_place.values():
        found += sums_beside_total(here, reference)
        found += documents_that_differ(here)
        found += withheld_over_the_limit(here, own)
        found += withheld_but_revealed(here, reference.sums)
    return found


def sums_beside_total(here: Sequence[Cell], reference: Reference) -> Iterator[Fault]:
    """Rows of one document that make less than the total above them; or, where they should make it exactly, more.

    Only where every printed row is a number. A jongere counts once in each row of relatief verzuim, so those rows may make more than the
    number of jongeren, but never less.
    """
    groups = {total: (parts, True) for total, parts in reference.sums.items()} | {RELATIEF: (tuple(sorted(reference.relatief)), False)}
    for document in sorted({cell.document for cell in here}):
        printed = {cell.indicator: cell for cell in here if cell.document == document}
        for total, (parts, additive) in groups.items():
            rows = [printed[part] for part in parts if part in printed]
            if total not in printed or not rows or any(cell.printed.withheld for cell in (printed[total], *rows)):
                continue
            cell, added = printed[total], sum((row.printed.low for row in rows), Decimal(0))
            difference = added - cell.printed.low
            whole = not additive or len(rows) == len(parts)
            if (difference < 0 and whole) or (difference > 0 and additive):
                than = "minder" if difference < 0 else "meer"
                kind = "som_onder_totaal" if difference < 0 else "som_boven_totaal"
                said = f"de rijen onder “{cell.label}” tellen op tot {count(int(added))}, {than} dan de gedrukte {cell.printed.text}"
                because = "" if additive else ": niet elke soort verzuim heeft een rij"
                yield _fault(kind, [cell], difference, said + because)


def documents_that_differ(here: Sequence[Cell]) -> Iterator[Fault]:
    """A cell of which two documents print what cannot both be true: `<5` beside 2 can, `<5` beside 5 cannot."""
    for one, other in combinations(sorted(here, key=lambda cell: cell.document), 2):
        if one.indicator == other.indicator and not one.printed.agrees_with(other.printed):
            said = f"{one.document} drukt {one.printed.text}, {other.document} drukt {other.printed.text}"
            known = not one.printed.withheld and not other.printed.withheld
            yield _fault("documenten_verschillen", [one, other], one.printed.low - other.printed.low if known else None, said)


def withheld_over_the_limit(here: Sequence[Cell], own: Own) -> Iterator[Fault]:
    """`<5` printed for a value of 5 or more: ours, or another document's."""
    for cell in here:
        if not cell.printed.withheld:
            continue
        figure = own.get((cell.indicator, cell.gemeente, cell.schooljaar))
        ours = value(figure) if figure else None
        high = [f"ons cijfer is {count(int(ours))}"] if ours is not None and ours > cell.printed.high else []
        high += [
            f"{other.document} drukt {other.printed.text}"
            for other in sorted(here, key=lambda other: other.document)
            if other.indicator == cell.indicator and not other.printed.withheld and other.printed.low > cell.printed.high
        ]
        if high:
            yield _fault("onderdrukt_boven_grens", [cell], None, f"gedrukt als {cell.printed.text}, maar " + " en ".join(high))


def withheld_but_revealed(here: Sequence[Cell], sums: Sums) -> Iterator[Fault]:
    """A withheld cell of which everything printed, in whatever document, leaves one value; or fewer than the `<5` itself says."""
    for cell in here:
        if not cell.printed.withheld:
            continue
        said = _interval(cell)
        beside = [
            other for other in here if other.indicator == cell.indicator and other != cell and other.printed.agrees_with(cell.printed)
        ]
        elsewhere = [f"{other.document} drukt {other.printed.text}" for other in beside if not other.printed.withheld]
        public = _public([other for other in here if other.indicator != cell.indicator] + [cell])
        left, equation = _by_sums(cell.indicator, public, sums, here)
        reasons = elsewhere + ([equation] if equation else [])
        for other in beside:
            left = left.meet(_interval(other))
        if left == said or left.empty or not reasons:
            continue
        because = ", en ".join(reasons)
        if left.exact:
            yield _fault("onderdrukking_herleidbaar", [cell], None, f"gedrukt als {cell.printed.text}, maar is {left.low}, want {because}")
        else:
            narrowed = f"gedrukt als {cell.printed.text}, maar kan alleen {left.low} tot en met {left.high} zijn, want {because}"
            yield _fault("onderdrukking_vernauwd", [cell], None, narrowed)


def _public(cells: Sequence[Cell]) -> dict[str, Interval]:
    """What all documents together say of each count; nothing where they contradict each other."""
    known: dict[str, Interval] = {}
    for cell in cells:
        if not cell.printed.rate:
            known[cell.indicator] = known.get(cell.indicator, ANY).meet(_interval(cell))
    return {indicator: ANY if interval.empty else interval for indicator, interval in known.items()}


def _interval(cell: Cell) -> Interval:
    return Interval(int(cell.printed.low), int(cell.printed.high))


def _by_sums(indicator: str, public: Mapping[str, Interval], sums: Sums, here: Sequence[Cell]) -> tuple[Interval, str]:
    """What the sums leave a cell, and the sum that shows it: `20 = 11 + 0 + ? + 5`."""
    left = narrow(public, sums)
    if left[indicator] == public[indicator]:
        return left[indicator], ""
    texts = {cell.indicator: cell.printed.text for cell in sorted(here, key=lambda cell: cell.printed.withheld, reverse=True)}
    texts[indicator] = "?"
    for total, parts in sums.items():
        if indicator not in (total, *parts):
            continue
        if project(left | {indicator: public[indicator]}, total, parts)[indicator] == left[indicator]:
            return left[indicator], f"{texts.get(total, '…')} = " + " + ".join(texts.get(part, "…") for part in parts)
    return left[indicator], "dat volgt uit de gedrukte totalen samen"


def _fault(kind: str, cells: Sequence[Cell], difference: Decimal | None, said: str) -> Fault:
    first = cells[0]
    documents = " / ".join(cell.document for cell in cells)
    place = f"{first.label}, {first.gemeente} {first.schooljaar} ({documents})"
    return Fault(kind, first, documents, " / ".join(cell.printed.text for cell in cells), difference, f"{place}: {said}.")
