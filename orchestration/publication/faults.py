"""Finds inconsistencies within the printed report, by rules that hold for any document, gemeente or year.

Put here: one function per rule, and its message. Keep out: comparing with our figures (`reconciliation.py`; the one rule here that reads
ours checks the value behind a `<5`), and computing contradictions and leaks (`printed_facts.py`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from orchestration.publication import printed_facts
from orchestration.publication.extract import Cell, Reference, Row, value
from orchestration.publication.printed_facts import Contradiction, Leak, Reason, Statement, SumDefinition
from orchestration.publication.weergave import count

Place = tuple[str, str]
Count = tuple[str, str, str]  # indicator, gemeente as printed, schooljaar
Own = Mapping[Count, Row]


@dataclass(frozen=True)
class Fault:
    """One inconsistency.

    Args:
        kind: The rule that found it.
        cell: The printed cell; the first one if there are several.
        document: The document or documents that print it.
        text: The printed text.
        difference: The difference between the printed figures, if it is a number.
        sentence: The message, in Dutch.
        counts: Every count that is involved.
    """

    kind: str
    cell: Cell
    document: str
    text: str
    difference: Decimal | None
    sentence: str
    counts: frozenset[Count]


def find(cells: Sequence[Cell], own: Own, reference: Reference) -> list[Fault]:
    """Apply every rule to all printed documents together.

    Args:
        cells: The printed figures.
        own: Our figures by (indicator, gemeente as printed, schooljaar).
        reference: The relations between indicators.
    """
    by_place: dict[Place, list[Cell]] = {}
    for cell in cells:
        by_place.setdefault((cell.gemeente, cell.schooljaar), []).append(cell)
    found: list[Fault] = []
    for here in by_place.values():
        found += sums_against_total(here, reference)
        found += documents_that_differ(here)
        found += withheld_over_the_limit(here, own)
    readings = [printed_facts.read(here, reference) for here in by_place.values()]
    found += contradictions([contradiction for impossible, _ in readings for contradiction in impossible], found)
    found += withheld_but_revealed([leak for _, leaks in readings for leak in leaks])
    return found


def sums_against_total(here: Sequence[Cell], reference: Reference) -> Iterator[Fault]:
    """Find rows of one document that add up to less than their total; or to more, where the sum must be exact.

    Only where every printed row is a number. A jongere counts once in each row of relatief verzuim, so the sum of those rows may exceed
    the number of jongeren, but is never less.
    """
    groups = {total: (parts, True) for total, parts in reference.sums.items()}
    groups |= {whole: (parts, False) for whole, parts in reference.covers.items()}
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
                because = "" if additive else ". Niet elke soort verzuim heeft een rij"
                yield _fault(kind, [cell], difference, said + because, rows)


def documents_that_differ(here: Sequence[Cell]) -> Iterator[Fault]:
    """Find cells of which two documents print incompatible values: `<5` and 2 are compatible, `<5` and 5 are not."""
    for one, other in combinations(sorted(here, key=lambda cell: cell.document), 2):
        if one.indicator == other.indicator and not one.printed.agrees_with(other.printed):
            said = f"{one.document} drukt {one.printed.text}, {other.document} drukt {other.printed.text}"
            known = not one.printed.withheld and not other.printed.withheld
            yield _fault("documenten_verschillen", [one, other], one.printed.low - other.printed.low if known else None, said)


def withheld_over_the_limit(here: Sequence[Cell], own: Own) -> Iterator[Fault]:
    """Find `<5` printed for a value of 5 or more, according to our figure or another document."""
    for cell in here:
        if not cell.printed.withheld:
            continue
        figure = own.get(_count(cell))
        ours = value(figure) if figure else None
        high = [f"ons cijfer is {count(int(ours))}"] if ours is not None and ours > cell.printed.high else []
        high += [
            f"{other.document} drukt {other.printed.text}"
            for other in sorted(here, key=lambda other: other.document)
            if other.indicator == cell.indicator and not other.printed.withheld and other.printed.low > cell.printed.high
        ]
        if high:
            yield _fault("onderdrukt_boven_grens", [cell], None, f"gedrukt als {cell.printed.text}, maar " + " en ".join(high))


def contradictions(impossible: Sequence[Contradiction], known: Sequence[Fault]) -> Iterator[Fault]:
    """Find figures that cannot all be true, such as a percentage with its numerator and denominator, or a sum with a `<5`.

    Skips contradictions that another rule reports, and further ones of the same figure.
    """
    named: set[Statement] = set()
    for contradiction in impossible:
        wrong, beside = contradiction.statement, contradiction.beside
        counts = {_count(statement.figures[0]) for statement in (wrong, *beside)}
        if wrong not in named and not any(counts <= fault.counts for fault in known):
            named.add(wrong)
            said = f"gedrukt als {wrong.printed.text}. Dat kan niet waar zijn naast {' en '.join(map(_named, beside))}"
            yield _fault("tegenstrijdig", wrong.figures, None, said)


def withheld_but_revealed(leaks: Sequence[Leak]) -> Iterator[Fault]:
    """Find withheld cells for which other printed figures leave a single value, fewer values than the `<5` itself, or none."""
    for leak in leaks:
        because = ", en ".join(_because(reason, leak.statement) for reason in leak.reasons)
        kind, left = "onderdrukking_vernauwd", f"kan alleen {leak.left.start} tot en met {leak.left.stop - 1} zijn"
        if len(leak.left) == 1:
            kind, left = "onderdrukking_herleidbaar", f"is {leak.left.start}"
        if not leak.left:
            kind, left = "tegenstrijdig", "dat kan niet waar zijn"
        for cell in leak.statement.figures:
            yield _fault(kind, [cell], None, f"gedrukt als {cell.printed.text}, maar {left}, want {because}")


def _because(reason: Reason, sign: Statement) -> str:
    """Format a reason: `20 = 11 + 0 + ? + 5` for a sum, the other printed values of a rate, or `factsheet drukt 2`."""
    if reason.definition is None:
        return _sources(reason.statements[0].figures)
    if not isinstance(reason.definition, SumDefinition):
        return " met ".join(map(_named, reversed(reason.statements)))  # the rate itself last
    texts = {statement.indicator: statement.printed.text for statement in reason.statements} | {sign.indicator: "?"}
    total, *parts = (texts.get(indicator, "…") for indicator in reason.definition.indicators)
    added = " + ".join(parts)
    return f"{added} ≤ {total}" if reason.definition.sign == "≥" else f"{total} {reason.definition.sign} {added}"


def _sources(figures: Sequence[Cell]) -> str:
    """Name the documents that print a figure: `factsheet en hoofdrapport drukken 105`."""
    documents = sorted(figure.document for figure in figures)
    return f"{' en '.join(documents)} {'drukken' if len(documents) > 1 else 'drukt'} {figures[0].printed.text}"


def _named(statement: Statement) -> str:
    return f"{statement.figures[0].label} {statement.printed.text}"


def _count(cell: Cell) -> Count:
    return cell.indicator, cell.gemeente, cell.schooljaar


def _fault(kind: str, cells: Sequence[Cell], difference: Decimal | None, said: str, beside: Sequence[Cell] = ()) -> Fault:
    first = cells[0]
    documents = " / ".join(cell.document for cell in cells)
    text = " / ".join(dict.fromkeys(cell.printed.text for cell in cells))
    place = f"{first.label}, {first.gemeente} {first.schooljaar} ({documents})"
    counts = frozenset(map(_count, (*cells, *beside)))
    return Fault(kind, first, documents, text, difference, f"{place}. {said[0].upper()}{said[1:]}.", counts)
