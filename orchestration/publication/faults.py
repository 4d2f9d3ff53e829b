"""Finds inconsistencies within the printed report, by rules that hold for any document, gemeente or year.

Put here: one function per rule, and its message. Keep out: comparing with our figures (`reconciliation.py`; the one rule here that reads
ours checks the value behind a `<5`), and computing contradictions and leaks (`disclosure/printed_report.py`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from orchestration.publication.disclosure import printed_report
from orchestration.publication.disclosure.printed_report import Clash, Leak, Reason, Statement
from orchestration.publication.disclosure.system import Cell as Count
from orchestration.publication.disclosure.system import Relation
from orchestration.publication.extract import Cell, Reference, Row, value
from orchestration.publication.weergave import count

Place = tuple[str, str]
Own = Mapping[tuple[str, str, str], Row]


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
        reference: The parts of each total.

    Raises:
        UndecidedError: The search for contradictions and leaks exceeded its work limit.
    """
    by_place: dict[Place, list[Cell]] = {}
    for cell in cells:
        by_place.setdefault((cell.gemeente, cell.schooljaar), []).append(cell)
    found: list[Fault] = []
    for here in by_place.values():
        found += sums_against_total(here, reference)
        found += documents_that_differ(here)
        found += withheld_over_the_limit(here, own)
    reading = printed_report.read(cells, reference)
    found += contradictions(reading.clashes, found)
    found += withheld_but_revealed(reading.leaks, cells)
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
                because = "" if additive else ": niet elke soort verzuim heeft een rij"
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


def contradictions(clashes: Sequence[Clash], known: Sequence[Fault]) -> Iterator[Fault]:
    """Find figures that cannot all be true, such as a percentage with its numerator and denominator, or a sum with a `<5`.

    Skips contradictions that another rule reports, and longer derivations with the same suspects.
    """
    doubted: set[tuple[Statement, ...]] = set()
    for clash in clashes:
        counts = {statement.cell for statement in clash.statements}
        if clash.suspects in doubted or any(counts <= fault.counts for fault in known):
            continue
        doubted.add(clash.suspects)
        # a rate is derived from the others, so it is listed first
        suspects = sorted(clash.suspects or clash.statements, key=lambda statement: not statement.figure.printed.rate)
        wrong = suspects[0]
        others = " en ".join(_named(statement.figure) for statement in clash.statements if statement != wrong)
        said = f"gedrukt als {wrong.figure.printed.text}, maar dat kan niet waar zijn naast {others or 'wat zij betekent'}"
        yield _fault("tegenstrijdig", wrong.figures, None, said)


def withheld_but_revealed(leaks: Sequence[Leak], cells: Sequence[Cell]) -> Iterator[Fault]:
    """Find withheld cells for which all printed figures together leave a single value, or fewer values than the `<5` itself."""
    texts: dict[Count, str] = {}
    for cell in sorted(cells, key=lambda cell: cell.printed.withheld):
        texts.setdefault(printed_report.counted(cell), cell.printed.text)
    for leak in leaks:
        because = ", en ".join(_because(reason, leak.statement.cell, texts) for reason in leak.reasons)
        for cell in leak.statement.figures:
            text, left = cell.printed.text, leak.left
            if left.exact:
                yield _fault("onderdrukking_herleidbaar", [cell], None, f"gedrukt als {text}, maar is {left.low}, want {because}")
            else:
                narrowed = f"gedrukt als {text}, maar kan alleen {left.low} tot en met {left.high} zijn, want {because}"
                yield _fault("onderdrukking_vernauwd", [cell], None, narrowed)


def _because(reason: Reason, asked: Count, texts: Mapping[Count, str]) -> str:
    """Format a reason: each sum with its printed values, and the other printed values: `20 = 11 + 0 + ? + 5`, `factsheet drukt 2`."""
    summed = {cell for definition in reason.definitions for cell, _ in definition.terms}
    beside = [statement for statement in reason.statements if statement.cell not in summed or statement.cell == asked]
    clauses = [printed_report.sources(statement.figures) if statement.cell == asked else _named(statement.figure) for statement in beside]
    return " met ".join([*clauses, *(_equation(definition, {**texts, asked: "?"}) for definition in reason.definitions)])


def _equation(definition: Relation, texts: Mapping[Count, str]) -> str:
    """Format a sum of counts with the printed value of each; `…` if none is printed."""
    left, right = (" + ".join(texts.get(cell, "…") for cell, coefficient in definition.terms if coefficient * sign > 0) for sign in (1, -1))
    return f"{left} {'≤' if definition.low is None else '='} {right}"


def _named(cell: Cell) -> str:
    return f"{cell.label} {cell.printed.text}"


def _fault(kind: str, cells: Sequence[Cell], difference: Decimal | None, said: str, beside: Sequence[Cell] = ()) -> Fault:
    first = cells[0]
    documents = " / ".join(cell.document for cell in cells)
    text = " / ".join(dict.fromkeys(cell.printed.text for cell in cells))
    place = f"{first.label}, {first.gemeente} {first.schooljaar} ({documents})"
    counts = frozenset(printed_report.counted(cell) for cell in (*cells, *beside))
    return Fault(kind, first, documents, text, difference, f"{place}: {said}.", counts)
