"""What everybody knows of our figures: which counts there are, and how they hang together.

Each fact follows from a definition in `indicatoren.parquet`, which is public; so it binds whoever attacks as it binds us. Those between
indicators stand in the reference table `verband`; those about breakdowns, gemeenten and values follow from what these are. Rates,
differences and medians need no fact of their own: `mask.py` shows one only where the counts that it is made of are shown.

Put here: facts about our own figures. Keep out: what one release withheld (`mask.py`), and what earlier ones told (`memory.py`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from expectations import reference
from orchestration.publication.disclosure.system import Cell, Relation, at_most, equal

Row = Mapping[str, Any]

REGIO, ONBEKEND = "regio", "onbekend"
JONGEREN = "jongeren"
MONTH = "maand"


@dataclass(frozen=True)
class Figures:
    """The true counts of a release, and what everybody knows of them.

    Args:
        values: Every count that has one, in the order of the files.
        relations: The facts that tie them.
    """

    values: Mapping[Cell, int]
    relations: Sequence[Relation]


def cell(row: Row) -> Cell:
    """The count that a row of `kerncijfers` or `uitsplitsingen` is about."""
    return Cell(
        row["schooljaar"], row["gemeente_code"], row["indicator"], row.get("uitsplitsing") or "", row.get("uitsplitsing_waarde") or ""
    )


def figures(
    kerncijfers: Iterable[Row], uitsplitsingen: Iterable[Row], sums: Mapping[str, Sequence[str]], *, complete: bool = False
) -> Figures:
    """Take the counts from the rows of a release, and tie them.

    Args:
        kerncijfers: Rows with exact values, as in `intern`.
        uitsplitsingen: Likewise.
        sums: Of each total its parts, from the reference data.
        complete: Whether breakdowns have rows of zeros only, as where zeros are withheld.
    """
    rows = [row for table in (kerncijfers, uitsplitsingen) for row in table if row["waarde"] is not None]
    values = {cell(row): row["waarde"] for row in rows}
    units = {row["indicator"]: row["eenheid"] for row in rows}
    return Figures(values, relations(values, units, sums, complete=complete))


def relations(
    values: Iterable[Cell], units: Mapping[str, str], sums: Mapping[str, Sequence[str]], *, complete: bool = False
) -> list[Relation]:
    """Every public fact that ties the counts to one another.

    Args:
        values: The counts that have a value. A value of a breakdown that has no row there is 0.
        units: Of each indicator what is counted.
        sums: Of each total its parts.
        complete: Whether breakdowns have rows of zeros only, where another indicator has the value (`grid.py`).
    """
    known = dict.fromkeys(values)
    found: dict[tuple[Any, ...], Relation] = {}
    there = _of_values(known, of_one_indicator=not complete)
    for fact in (*_of_rows(known, sums), *_of_breakdowns(known, units), *there, *_of_gemeenten(known, units), *_of_named_parts(known)):
        found.setdefault((fact.terms, fact.low, fact.high), fact)
    return list(found.values())


def _of_rows(known: Mapping[Cell, None], sums: Mapping[str, Sequence[str]]) -> Iterator[Relation]:
    """Rows of one place and schooljaar: totals, parts and wholes; the latter within each value of a breakdown too."""
    counted = {whole: parts for whole, parts in reference.sums().items() if whole not in reference.totals()}
    added = {**sums, **counted}
    for whole in [cell for cell in known if not cell.uitsplitsing]:
        if parts := added.get(whole.indicator):
            yield from _complete(
                known, [whole], [whole._replace(indicator=part) for part in parts], equal, f"{whole.indicator} een optelling is"
            )
    bounds = [fact for fact in reference.facts() if not fact.equal and not fact.names_a_part]
    of_whole = [_sides(fact) for fact in bounds if fact.of_whole]
    of_parts = [_sides(fact) for fact in bounds if fact.of_parts]
    places = dict.fromkeys(cell._replace(indicator="") for cell in known)
    for place in places:
        for less, more in of_parts if place.uitsplitsing else of_whole:
            because = f"{' + '.join(less)} niet meer is dan {' + '.join(more)}"
            left, right = ([place._replace(indicator=name) for name in side] for side in (less, more))
            yield from _complete(known, left, right, at_most, because)


def _sides(fact: reference.Fact) -> tuple[list[str], list[str]]:
    left, right = ([term.indicator for term in side] for side in (fact.left, fact.right))
    return left, right


def _of_breakdowns(known: Mapping[Cell, None], units: Mapping[str, str]) -> Iterator[Relation]:
    """The values of a breakdown beside what they break down."""
    breakdowns: dict[tuple[Cell, str], list[Cell]] = {}
    for part in known:
        if part.uitsplitsing:
            breakdowns.setdefault((part._replace(uitsplitsing="", uitsplitsing_waarde=""), part.uitsplitsing), []).append(part)
    for (whole, uitsplitsing), parts in breakdowns.items():
        if whole not in known:
            continue
        if units[whole.indicator] != JONGEREN or _has_one_value(uitsplitsing):
            yield equal([whole], parts, f"{whole.indicator} naar {uitsplitsing} optelt")
        else:
            yield at_most([whole], parts, f"elke jongere in {whole.indicator} minstens één {uitsplitsing} heeft")
            yield from (at_most([part], [whole], f"een deel van {whole.indicator} niet meer is dan het geheel") for part in parts)


def _of_values(known: Mapping[Cell, None], *, of_one_indicator: bool) -> Iterator[Relation]:
    """A value has a row in every schooljaar or in none: so it is counted in one of them. A month has a row wherever any area has one.

    Args:
        known: The counts.
        of_one_indicator: Whether it is counted of the indicator itself; otherwise of any that is broken down alike.
    """
    alike: dict[Cell, list[Cell]] = {}
    for cell in known:
        if cell.uitsplitsing and cell.uitsplitsing != MONTH:
            alike.setdefault(cell._replace(schooljaar="", indicator=cell.indicator if of_one_indicator else ""), []).append(cell)
    for cells in alike.values():
        yield Relation(tuple((cell, 1) for cell in cells), 1, None, "wat een rij heeft in een schooljaar is geteld")


def _of_gemeenten(known: Mapping[Cell, None], units: Mapping[str, str]) -> Iterator[Relation]:
    """The served gemeenten beside the regio that they make together."""
    indicators = reference.rows("indicator")
    # one woonperiode decides on the day, so a jongere is counted in one gemeente only
    of_one_day = {row["indicator"] for row in indicators if row["heeft_peildatum"] == "true" and row["telwijze"] == "jongeren"}
    # two meldingen in two gemeenten are a repeat for the regio and for neither of them
    more_in_regio = {row["indicator"] for row in indicators if row["telwijze"] == "herhaald"}
    codes = list(dict.fromkeys(cell.gemeente_code for cell in known if cell.gemeente_code not in (REGIO, ONBEKEND)))
    for regio in [cell for cell in known if cell.gemeente_code == REGIO]:
        parts = [part for code in codes if (part := regio._replace(gemeente_code=code)) in known]
        if not parts or (len(parts) < len(codes) and not regio.uitsplitsing):
            continue
        if units[regio.indicator] != JONGEREN or regio.indicator in of_one_day:
            yield equal([regio], parts, f"{regio.indicator} van de gemeenten optelt tot de regio")
            continue
        yield from (at_most([part], [regio], f"{regio.indicator} van een gemeente niet meer is dan van de regio") for part in parts)
        if regio.indicator not in more_in_regio:
            yield at_most([regio], parts, f"elke jongere van de regio in {regio.indicator} in minstens één gemeente telt")


def _has_one_value(uitsplitsing: str) -> bool:
    """Whether a jongere has one value of a breakdown in a schooljaar; of most there may be several."""
    return reference.breakdowns().get(uitsplitsing, {}).get("is_eenduidig") == "true"


def _of_named_parts(known: Mapping[Cell, None]) -> Iterator[Relation]:
    """A value of a breakdown beside the indicators that count the same."""
    facts = [fact for fact in reference.facts() if fact.names_a_part]
    for schooljaar, gemeente_code in dict.fromkeys((cell.schooljaar, cell.gemeente_code) for cell in known):
        for fact in facts:
            left, right = ([Cell(schooljaar, gemeente_code, *term) for term in side] for side in (fact.left, fact.right))
            [part] = [term.uitsplitsing_waarde for term in (*fact.left, *fact.right) if term.uitsplitsing]
            because = f"{part} ook apart wordt geteld" if fact.equal else f"{fact.left[0].indicator} niet meer is dan {part}"
            yield from _complete(known, left, right, equal if fact.equal else at_most, because)


def _complete(known: Mapping[Cell, None], left: list[Cell], right: list[Cell], make: Any, because: str) -> Iterator[Relation]:
    """The fact, where every count in it has a value."""
    if all(cell in known for cell in (*left, *right)):
        yield make(left, right, because)
