"""Which facts everybody knows of the counts of one schooljaar: each follows from a public definition.

Facts between indicators stand in the reference table `verband`; those about breakdowns and gemeenten follow from what these are. Rates,
differences and medians need none: they are computed from what is shown (`shown.py`).

Put here: grouping counts into blocks, and the facts of a block. Keep out: what is shown of a count (`signs.py`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from expectations import reference
from orchestration.publication.disclosure.alternatives import ENDLESS, Block, Cell, Fact

REGIO, ONBEKEND = "regio", "onbekend"
EVERYTHING = (0, ENDLESS)  # what is known of a count of which nothing is public
JONGEREN, REPEATED = "jongeren", "herhaald"


@dataclass(frozen=True)
class Count:
    """A count, and what is public of it alone.

    Args:
        cell: Which count.
        value: Its true value.
        low: The least that it can be.
        high: The most.
    """

    cell: Cell
    value: int
    low: int
    high: int


@cache
def named() -> frozenset[tuple[str, str]]:
    """Return the breakdowns (indicator, uitsplitsing) of which `verband` names a value: they belong with the indicators themselves."""
    terms = (term for fact in reference.facts() for term in (*fact.left, *fact.right))
    return frozenset((term.indicator, term.uitsplitsing) for term in terms if term.uitsplitsing)


@cache
def repeated() -> frozenset[tuple[str, str, str]]:
    """Return the values of breakdowns (indicator, uitsplitsing, waarde) that are by definition equal to indicators, which show the same."""
    pairs = ((fact.left, fact.right) for fact in reference.facts() if fact.equal and fact.names_a_part)
    ends = (side[0] for pair in pairs for side in pair if len(side) == 1)
    return frozenset((term.indicator, term.uitsplitsing, term.uitsplitsing_waarde) for term in ends if term.uitsplitsing)


def block_of(indicator: str, uitsplitsing: str) -> str:
    """Return the name of the block that a count belongs to: its breakdown; empty for the indicators themselves."""
    return "" if (indicator, uitsplitsing) in named() else uitsplitsing


def in_gemeenten(cells: Iterable[Cell]) -> dict[Cell, list[Cell]]:
    """Return of each count of the regio the same count of the gemeenten that have it, in the order of their codes."""
    found = {cell: list[Cell]() for cell in cells if cell.gemeente_code == REGIO}
    for cell in sorted(cells):
        if cell.gemeente_code not in (REGIO, ONBEKEND) and (regio := cell.of(REGIO)) in found:
            found[regio].append(cell)
    return found


def block(counts: Sequence[Count], wholes: Mapping[Cell, int]) -> Block:
    """Tie counts of one schooljaar and one block.

    Args:
        counts: The counts; a search tries the first ones first.
        wholes: The true values of the indicators that are broken down here, unless they are among the counts.
    """
    places = {count.cell: (place,) for place, count in enumerate(counts)}
    regio = in_gemeenten(places)
    # a count of the regio to which the gemeenten add up is no unknown of its own
    added = {cell: tuple(places[part][0] for part in parts) for cell, parts in regio.items() if adds_up_to_regio(cell.indicator)}
    own = {cell: parts for cell, parts in regio.items() if cell not in added}
    shown = {count.cell: (count.low, count.high) for count in counts}
    terms = {**places, **added}
    facts = [
        *_parts(terms, added, wholes),
        *_indicators(terms, added),
        *_regio(places, own),
        *_in_more_gemeenten(places, own, wholes),
    ]
    # where nothing is shown of the regio it can be the sum of the gemeenten, for which every fact holds that holds for each of them
    silent = {places[cell][0] for cell in own if shown[cell] == EVERYTHING}
    facts = [fact for fact in facts if not silent.issuperset((*fact.plus, *fact.minus))]
    parts_of = {places[cell][0]: parts for cell, parts in added.items()}
    ends = ([count.value for count in counts], [count.low for count in counts], [count.high for count in counts])
    return Block([count.cell for count in counts], *ends, facts, parts_of)


Terms = Mapping[Cell, tuple[int, ...]]  # of each count the numbers of the unknowns that it is the sum of


def _parts(terms: Terms, added: Terms, wholes: Mapping[Cell, int]) -> Iterator[Fact]:
    """The values of a breakdown beside what they break down; for a sum of gemeenten it follows from theirs."""
    groups: dict[tuple[Cell, str], list[int]] = {}
    for cell, places in terms.items():
        if cell.uitsplitsing and cell not in added:
            groups.setdefault((cell.whole, cell.uitsplitsing), []).extend(places)
    for (whole, uitsplitsing), parts in groups.items():
        adds_up = _adds_up(whole.indicator, uitsplitsing)
        because = f"{whole.indicator} naar {uitsplitsing} {'optelt' if adds_up else 'minstens het geheel is'}"
        if whole in terms:
            yield Fact(tuple(parts), terms[whole], 0, 0 if adds_up else ENDLESS, because)
        elif whole in wholes:
            yield Fact(tuple(parts), (), wholes[whole], wholes[whole] if adds_up else ENDLESS, because)
        if not adds_up and whole in wholes:
            yield from (
                Fact((part,), (), 0, wholes[whole], f"een deel van {whole.indicator} niet meer is dan het geheel") for part in parts
            )


def _in_more_gemeenten(places: Terms, own: Mapping[Cell, Sequence[Cell]], wholes: Mapping[Cell, int]) -> Iterator[Fact]:
    """Who counts in more gemeenten, does so in every indicator that he is among as well, and in the whole of a breakdown."""
    codes = {cell.gemeente_code for cell in wholes} - {REGIO, ONBEKEND}
    in_regio = {regio.whole for regio in own if regio.uitsplitsing} & wholes.keys()
    twice = {whole: sum(wholes.get(whole.of(code), 0) for code in codes) - wholes[whole] for whole in in_regio}
    for regio, gemeenten in own.items():
        parts = tuple(places[cell][0] for cell in gemeenten)
        because = f"wie in meer gemeenten telt in {regio.indicator}, dat ook doet waarvan het een deel is"
        for wider in (regio._replace(indicator=name) for name in _among()[regio.indicator]):
            if wider in own:
                others = tuple(places[cell][0] for cell in own[wider])
                yield Fact((*parts, *places[wider]), (*others, *places[regio]), -ENDLESS, 0, because)
        if regio.whole in twice:
            yield Fact(parts, places[regio], -ENDLESS, twice[regio.whole], because)


@cache
def _among() -> Mapping[str, tuple[str, ...]]:
    """Of each indicator the numbers of jongeren that it is a part of."""
    pairs = [(*fact.left, *fact.right) for fact in reference.facts() if len(fact.left) == len(fact.right) == 1 and not fact.names_a_part]
    # a sum counts who has both twice, in one gemeente or in two: in two he adds nothing to it, though he does to who is counted once
    jongeren = {row["indicator"] for row in reference.rows("indicator") if row["telwijze"] == JONGEREN}
    return {
        row["indicator"]: tuple(more.indicator for less, more in pairs if less.indicator == row["indicator"] and more.indicator in jongeren)
        for row in reference.rows("indicator")
    }


def _adds_up(indicator: str, uitsplitsing: str) -> bool:
    """Return whether the values of a breakdown add up to the indicator: a jongere may have several values of most."""
    return _indicator(indicator)["eenheid"] != JONGEREN or reference.breakdowns()[uitsplitsing]["is_eenduidig"] == "true"


def _indicators(terms: Terms, added: Terms) -> Iterator[Fact]:
    """Indicators of one gemeente, and within each value of a breakdown."""
    places = dict.fromkeys((cell.schooljaar, cell.gemeente_code, cell.uitsplitsing, cell.uitsplitsing_waarde) for cell in terms)
    listed = {cell[:4] for cell in terms}  # a value of such a breakdown that has no row is 0
    for schooljaar, gemeente, *part in places:
        for fact, because in _verband():
            if not (fact.of_parts if part[0] else fact.of_whole):
                continue
            left, right = (
                [Cell(schooljaar, gemeente, *(term if term.uitsplitsing else (term.indicator, *part))) for term in side]
                for side in (fact.left, fact.right)
            )
            there = all(cell in terms for cell in left) and all(cell in terms or (part[0] and cell[:4] in listed) for cell in right)
            if there and not all(cell in added for cell in (*left, *right)):
                plus, minus = (tuple(place for cell in side for place in terms.get(cell, ())) for side in (left, right))
                yield Fact(plus, minus, 0 if fact.equal else -ENDLESS, 0, because)


@cache
def _verband() -> tuple[tuple[reference.Fact, str], ...]:
    def words(side: Iterable[reference.Term]) -> str:
        return " + ".join("/".join(filter(None, term)) for term in side)

    return tuple(
        (fact, f"{words(fact.left)} {'evenveel is als' if fact.equal else 'niet meer is dan'} {words(fact.right)}")
        for fact in reference.facts()
    )


@cache
def _indicator(name: str) -> Mapping[str, str]:
    return next(row for row in reference.rows("indicator") if row["indicator"] == name)


def adds_up_to_regio(indicator: str) -> bool:
    """Return whether the gemeenten add up to the regio: a jongere may count in several, but lives in one of them on a day."""
    row = _indicator(indicator)
    return row["eenheid"] != JONGEREN or (row["heeft_peildatum"] == "true" and row["telwijze"] == JONGEREN)


def _regio(places: Terms, own: Mapping[Cell, Sequence[Cell]]) -> Iterator[Fact]:
    """Jongeren of the regio beside those of its gemeenten, of which one may count in several."""
    for regio, gemeenten in own.items():
        whole, parts = places[regio], tuple(places[cell][0] for cell in gemeenten)
        yield from (Fact((part,), whole, -ENDLESS, 0, f"een gemeente van {regio.indicator} niet meer heeft dan de regio") for part in parts)
        # two meldingen in two gemeenten are a repeat for the regio and for neither of them
        if _indicator(regio.indicator)["telwijze"] != REPEATED:
            yield Fact(whole, parts, -ENDLESS, 0, f"elke jongere van de regio in {regio.indicator} in een gemeente telt")
