"""What a printed report contradicts and reveals, compared with enumeration of every integer table of each definition."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby, product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.publication import extract
from orchestration.publication.extract import Cell, Rate, Reference
from orchestration.publication.printed import Printed, parse
from orchestration.publication.printed_facts import UNKNOWN, Contradiction, Leak, RateDefinition, Statement, allowed, read
from orchestration.publication.printed_file import read_printed
from orchestration.publication.weergave import round_half_away

SEEDS = Path(__file__).parents[2] / "dbt_project" / "seeds"
PERCENTAGE = Rate("percentage", "t", "noemer", 100)
RELATIEF = "relatief_verzuim_jongeren"
REFERENCE = Reference({}, {"t": ("a", "b")}, {RELATIEF: ("x", "y")}, (PERCENTAGE,))


@dataclass(frozen=True)
class Place:
    """The figures of one gemeente and schooljaar, and what they contradict and reveal."""

    name: tuple[str, str]
    contradictions: list[Contradiction]
    leaks: list[Leak]


@pytest.fixture(scope="module")
def places() -> list[Place]:
    def name(cell: Cell) -> tuple[str, str]:
        return cell.gemeente, cell.schooljaar

    cells = sorted(read_printed(SEEDS / "kern" / "gepubliceerd_cijfer.csv"), key=name)
    return [Place(place, *read(list(here), extract.reference())) for place, here in groupby(cells, key=name)]


def printed(indicator: str, text: str, document: str = "verslag") -> Cell:
    return Cell(document, "tabel", indicator, indicator, "Almelo", "2023-2024", parse(text))


def texts(statements: Sequence[Statement]) -> list[str]:
    return [statement.printed.text for statement in statements]


def test_the_contradictions_of_the_report(places: list[Place]):
    found = {
        (place.name, one.statement.printed.text, *texts(one.beside), "|", *texts(one.suspects))
        for place in places
        for one in place.contradictions
    }
    assert found == {
        (("Hengelo", "2023-2024"), "4,30%", "460", "10.712", "|", "460", "4,30%", "10.712"),
        (("Borne", "2023-2024"), "3.969", "107", "2,90%", "|", "3.969"),
    }


def test_the_leaks_of_the_report_and_each_way_to_find_them(places: list[Place]):
    found = {
        (*place.name, leak.statement.indicator): (leak.left, [texts(reason.statements) for reason in leak.reasons])
        for place in places
        for leak in place.leaks
    }
    assert found == {
        ("Borne", "2023-2024", "absoluut_verzuim"): (range(2, 3), [["2"], ["107", "105"]]),
        ("Borne", "2024-2025", "absoluut_verzuim"): (range(1, 2), [["1"], ["137", "136"]]),
        ("Hengelo", "2023-2024", "pv_luxe_verzuim"): (range(4, 5), [["20", "11", "0", "5"]]),
        ("Borne", "2023-2024", "pv_relatief_verzuim"): (range(1, 4), [["<5", "0", "0", "<5"]]),
        ("Borne", "2023-2024", "haltstraf"): (range(1, 4), [["<5", "<5", "0", "0"]]),
        ("Borne", "2023-2024", "juridisch_totaal"): (range(2, 5), [["<5", "0", "0", "<5"]]),
    }


@pytest.mark.parametrize(
    ("figures", "contradicted", "left"),
    [
        ([("t", "9"), ("a", "4"), ("b", "5")], [], {}),
        # a percentage of a printed numerator and denominator: 460 / 10.712 = 4,294 %
        ([("t", "460"), ("noemer", "10.712"), ("percentage", "4,29%")], [], {}),
        ([("t", "460"), ("noemer", "10.712"), ("percentage", "4,30%")], [("4,30%", ["460", "10.712"])], {}),
        ([("t", "0"), ("noemer", "0"), ("percentage", "0%")], [("0%", ["0", "0"])], {}),
        # it reveals the withheld count next to it; a part that only follows from that count is not looked for
        ([("t", "<5"), ("noemer", "1.000"), ("percentage", "0,30%")], [], {"t": (3, 3)}),
        ([("t", "<5"), ("noemer", "1.000"), ("percentage", "0,30%"), ("a", "<5"), ("b", "1")], [], {"t": (3, 3), "a": (1, 3)}),
        # without a printed denominator it reveals little; with a small one more
        ([("t", "<5"), ("percentage", "0,30%")], [], {}),
        ([("t", "<5"), ("percentage", "150%")], [], {"t": (3, 3)}),
        ([("t", "<5"), ("noemer", "<5"), ("percentage", "50%")], [], {"t": (1, 2), "noemer": (2, 4)}),
        ([("t", "<5"), ("noemer", "<5"), ("percentage", "33%")], [], {"t": (1, 1), "noemer": (3, 3)}),
        # a definition shows which of two documents is wrong
        ([("t", "5"), ("t", "6"), ("a", "2"), ("b", "3")], [("6", ["2", "3"])], {}),
        ([("percentage", "4,30%"), ("percentage", "4,29%"), ("t", "460"), ("noemer", "10.712")], [("4,30%", ["460", "10.712"])], {}),
        ([("t", "5"), ("t", "<5")], [], {}),
        # figures on which documents differ show nothing else
        ([("t", "5"), ("t", "<5"), ("a", "<5"), ("b", "3")], [], {}),
        # documents that agree are true together: 6 is not 4 + 4
        ([("t", "6"), ("a", "<5"), ("a", "4"), ("b", "<5"), ("b", "4")], [("6", ["4", "4"])], {}),
        ([("t", "<5"), ("t", "<3")], [], {"t": (1, 2)}),
        # rows of jongeren: each at most the total, and the total at most their sum, if every kind has a row
        ([(RELATIEF, "3"), ("x", "<5")], [], {"x": (1, 3)}),
        ([(RELATIEF, "<5"), ("x", "3")], [], {RELATIEF: (3, 4)}),
        ([(RELATIEF, "7"), ("x", "4"), ("y", "<5")], [], {"y": (3, 4)}),
        ([(RELATIEF, "7"), ("y", "<5")], [], {}),
        ([(RELATIEF, "9"), ("x", "<5"), ("y", "4")], [("9", ["<5", "4"])], {}),
        # two definitions that together leave nothing
        ([("t", "<5"), ("noemer", "1.000"), ("percentage", "0,30%"), ("a", "1"), ("b", "0")], [], {"t": None}),
        # what has no definition, or is not printed as a count or rate should be, shows nothing
        ([("mediaan", "4,50"), ("mediaan", "5,50")], [], {}),
        ([("t", "<5"), ("percentage", "3"), ("noemer", "1.000")], [], {}),
        ([("t", "4,5"), ("a", "<5"), ("b", "3")], [], {}),
    ],
)
def test_the_least_report_that_shows_it(figures: list[tuple[str, str]], contradicted: list, left: dict):
    contradictions, leaks = read([printed(*figure, f"document {number}") for number, figure in enumerate(figures)], REFERENCE)
    assert [(one.statement.printed.text, texts(one.beside)) for one in contradictions] == contradicted
    assert {leak.statement.indicator: (leak.left[0], leak.left[-1]) if leak.left else None for leak in leaks} == left


def test_a_definition_with_too_much_to_try_shows_nothing():
    kinds = tuple("abcdefgh")
    rows = [printed(kind, str(number), f"document {number}") for kind in kinds for number in range(4)]
    assert read([*rows[:4], printed("t", "99")], Reference({}, {"t": ("a",)}, {}, ()))[0]
    assert not read([*rows, printed("t", "99")], Reference({}, {"t": kinds}, {}, ()))[0]
    assert not read([printed("t", "<90.000".replace(".", "")), printed("noemer", "1.000"), printed("percentage", "50%")], REFERENCE)[1]


@given(st.integers(0, 300), st.integers(1, 300), st.sampled_from([(100, 2), (100, 0), (1000, 2), (100, 1), (100, 4)]))
def test_a_rate_is_what_it_rounds_to_and_nothing_beside(teller: int, noemer: int, kind: tuple[int, int]):
    factor, decimals = kind
    definition = RateDefinition(("rate", "teller", "noemer"), factor)
    true = round_half_away(Decimal(factor * teller) / noemer, decimals)
    for step in (-1, 0, 1):
        rate = true + step * Decimal(1).scaleb(-decimals)
        if rate >= 0:
            values = [allowed(Printed("", rate, rate, rate=True)), range(teller, teller + 1), range(noemer, noemer + 1)]
            assert bool(definition.leaves(values, 1)) == bool(definition.leaves(values, 2)) == (step == 0)


@pytest.mark.parametrize(("text", "holds"), [("0,13%", True), ("0,12%", False)])
def test_half_is_rounded_away_from_zero(text: str, holds: bool):
    """1 of 800 is exactly 0,125 %."""
    contradictions, _ = read([printed("t", "1"), printed("noemer", "800"), printed("percentage", text)], REFERENCE)
    assert bool(contradictions) != holds


# every relevant table of each definition: with numbers up to 6 and percentages from 33 to 150, a denominator is at most 18
SMALL = range(7)
TABLES = {
    ("t", "a", "b"): [{"t": a + b, "a": a, "b": b} for a, b in product(SMALL, SMALL)],
    (RELATIEF, "x"): [{RELATIEF: total, "x": x} for total, x in product(SMALL, SMALL) if x <= total],
    (RELATIEF, "y"): [{RELATIEF: total, "y": y} for total, y in product(SMALL, SMALL) if y <= total],
    (RELATIEF, "x", "y"): [{RELATIEF: x, "x": y, "y": z} for x, y, z in product(SMALL, SMALL, SMALL) if x <= y + z],
    ("percentage", "t", "noemer"): [
        {"t": t, "noemer": noemer, "percentage": round_half_away(Decimal(100 * t) / noemer, 0)}
        for t, noemer in product(range(10), range(1, 20))
    ],
}
NUMBERS = st.sampled_from(["0", "1", "2", "3", "4", "5", "6", "<5", "<3"])
PERCENTAGES = st.sampled_from(["33%", "50%", "67%", "100%", "150%"])
INDICATORS = st.lists(st.sampled_from(["t", "a", "b", "noemer", "percentage", RELATIEF, "x", "y"]), unique=True, max_size=6)


@st.composite
def reports(draw) -> list[Cell]:
    """Draw figures of up to two documents."""
    figures = []
    for document in ("een", "twee"):
        for name in draw(INDICATORS):
            figures.append(printed(name, draw(PERCENTAGES if name == "percentage" else NUMBERS), document))  # noqa: PERF401 – it draws
    return figures


Said = tuple[str, str]  # indicator and printed text


def true(said: Said, table: dict) -> bool:
    """Return whether a printed text is true of a table; so it is if the table does not have the indicator."""
    return said[0] not in table or parse(said[1]).allows(table[said[0]])


def tables_of(said: Iterable[Said]) -> Iterator[tuple[tuple[str, ...], list[dict]]]:
    """Yield each definition with its tables; that of the rate only if a rate is printed."""
    for indicators, tables in TABLES.items():
        if "percentage" not in indicators or any(indicator == "percentage" for indicator, _ in said):
            yield indicators, tables


def hull(values: Sequence[int]) -> tuple[int, int]:
    return (min(values), max(values))


def contradicted_by_enumeration(said: set[Said]) -> tuple[set[Said], set[Said]]:
    """Return the statements that a definition calls wrong, and all suspects.

    A statement is wrong if no table has it and, of each other printed indicator, one of its most precise statements.
    """
    named, suspects = set(), set()
    for indicators, tables in tables_of(said):
        within = {one: {value for value in range(200) if parse(one[1]).allows(value)} for one in said}
        precise = [one for one in said if not any(one[0] == other[0] and within[other] < within[one] for other in said)]
        options = [[one for one in precise if one[0] == indicator] for indicator in indicators]
        options = [some for some in options if some]
        fitting = [table for table in tables if all(any(true(one, table) for one in some) for some in options)]
        wrong = {one for some in options for one in some if not any(true(one, table) for table in fitting)}
        suspects |= wrong
        named |= wrong if fitting or not options else set(options[0])
    return named, suspects


def reasons_by_enumeration(kept: set[Said]) -> Iterator[tuple[Said, tuple[int, int]]]:
    """Yield each withheld statement with what a definition, or another statement about it, leaves, if that is less than it says."""
    for sign in kept:
        if sign[1].startswith("<"):
            own = [value for value in range(1, 10) if true(sign, {sign[0]: value})]
            left = [[value for value in own if true(other, {sign[0]: value})] for other in kept if other[0] == sign[0]]
            for indicators, tables in tables_of(kept):
                others = [one for one in kept if one[0] in indicators and one[0] != sign[0]]
                if sign[0] in indicators:
                    left.append([table[sign[0]] for table in tables if true(sign, table) and all(true(one, table) for one in others)])
            yield from ((sign, hull(values)) for values in left if hull(values) != hull(own))


@settings(max_examples=150, deadline=None)
@given(reports())
def test_any_report_shows_what_enumeration_shows(figures: list[Cell]):
    contradictions, leaks = read(figures, REFERENCE)
    said = {(figure.indicator, figure.printed.text) for figure in figures}
    named, suspects = contradicted_by_enumeration(said)
    assert {(one.statement.indicator, one.statement.printed.text) for one in contradictions} == named
    assert {(one.indicator, one.printed.text) for found in contradictions for one in found.suspects} == suspects
    differ = {one for one in said for other in said if one[0] == other[0] and not parse(one[1]).agrees_with(parse(other[1]))}
    found = [((leak.statement.indicator, leak.statement.printed.text), hull(reason.left)) for leak in leaks for reason in leak.reasons]
    assert sorted(found) == sorted(reasons_by_enumeration(said - suspects - differ))


@st.composite
def true_reports(draw) -> tuple[dict[str, int], list[Cell]]:
    """Draw counts for which every definition holds, and figures of two documents that are true of them."""
    a, b, x, y, noemer = (draw(st.integers(low, 6)) for low in (0, 0, 0, 0, 1))
    counts = {"t": a + b, "a": a, "b": b, "x": x, "y": y, RELATIEF: draw(st.integers(max(x, y), x + y)), "noemer": noemer}
    exact = {name: str(count) for name, count in counts.items()}
    exact["percentage"] = f"{round_half_away(Decimal(100 * (a + b)) / noemer, 0)}%"
    figures = []
    for document in ("een", "twee"):
        for name in draw(INDICATORS):
            hidden = name in counts and 1 <= counts[name] <= 4 and draw(st.booleans())
            figures.append(printed(name, "<5" if hidden else exact[name], document))
    return counts, figures


@given(true_reports())
def test_a_true_report_contradicts_nothing_and_what_is_left_has_the_truth(report: tuple[dict[str, int], list[Cell]]):
    counts, figures = report
    contradictions, leaks = read(figures, REFERENCE)
    assert contradictions == []
    assert all(counts[leak.statement.indicator] in leak.left for leak in leaks)


def test_nothing_is_concluded_from_what_is_not_printed():
    assert read([], REFERENCE) == ([], [])
    assert RateDefinition(("rate", "teller", "noemer"), 100).leaves([UNKNOWN, range(1, 5), range(1)], 1) == range(1, 5)
