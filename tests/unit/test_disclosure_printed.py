"""What a printed report reveals, compared with enumeration of every integer table that matches it."""

from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from itertools import combinations, product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.publication import extract
from orchestration.publication.disclosure.printed_report import (
    CLASHES,
    CORRECTIONS,
    Reading,
    Statement,
    counted,
    read,
    rounds_to,
    statements,
    tied,
)
from orchestration.publication.disclosure.system import Cell as Count
from orchestration.publication.disclosure.system import Interval
from orchestration.publication.extract import Cell, Rate, Reference
from orchestration.publication.printed import parse
from orchestration.publication.printed_file import read_printed
from orchestration.publication.weergave import round_half_away

SEEDS = Path(__file__).parents[2] / "dbt_project" / "seeds"
PERCENTAGE = Rate("percentage", "t", "noemer", 100)
RELATIEF = "relatief_verzuim_jongeren"
REFERENCE = Reference({}, {"t": ("a", "b")}, {RELATIEF: ("x", "y")}, (PERCENTAGE,))


@pytest.fixture(scope="module")
def reference() -> Reference:
    return extract.reference()


@pytest.fixture(scope="module")
def report() -> list[Cell]:
    return read_printed(SEEDS / "referentie" / "referentie__gepubliceerd_cijfer.csv")


@pytest.fixture(scope="module")
def reading(report: list[Cell], reference: Reference) -> Reading:
    return read(report, reference)


def printed(indicator: str, text: str, document: str = "verslag") -> Cell:
    return Cell(document, "tabel", indicator, indicator, "Almelo", "2023-2024", parse(text))


def found(*figures: Cell) -> tuple[list[set[str]], set[str], dict[str, tuple[int, int | None]]]:
    """Return the contradictions, the set-aside statements, and the leaks, as texts."""
    reading = read(figures, REFERENCE)
    return (
        [{statement.figure.printed.text for statement in clash.statements} for clash in reading.clashes],
        {statement.figure.printed.text for statement in reading.aside},
        {leak.statement.cell.indicator: (leak.left.low, leak.left.high) for leak in reading.leaks},
    )


def test_the_contradictions_of_the_report(reading: Reading):
    named = [
        (clash.statements[0].cell.gemeente_code, {statement.figure.printed.text for statement in clash.statements})
        for clash in reading.clashes
    ]
    assert ("Hengelo", {"460", "10.712", "4,30%"}) in named
    assert ("Borne", {"3.969", "3.696"}) in named
    assert ("Borne", {"3.969", "107", "2,90%"}) in named
    assert ("Borne", {"<5", "5"}) in named
    assert all(clash.because.proved for clash in reading.clashes)


def test_what_may_be_wrong_is_set_aside_and_the_rest_is_not(reading: Reading):
    aside = {(statement.cell.gemeente_code, statement.cell.indicator, statement.figure.printed.text) for statement in reading.aside}
    assert aside == {
        ("Hengelo", "leerplichtigen", "10.712"),
        ("Hengelo", "verzuimpercentage", "4,30%"),
        ("Borne", "leerplichtigen", "3.969"),
        ("Borne", "relatief_16_uur_18_plus", "5"),
        ("Borne", "relatief_16_uur_18_plus", "<5"),
    }


def test_the_leaks_of_the_report(reading: Reading):
    assert {(*leak.statement.cell[:3], leak.left.low, leak.left.high) for leak in reading.leaks} == {
        ("2023-2024", "Borne", "absoluut_verzuim", 2, 2),
        ("2024-2025", "Borne", "absoluut_verzuim", 1, 1),
        ("2023-2024", "Hengelo", "pv_luxe_verzuim", 4, 4),
        ("2023-2024", "Borne", "pv_relatief_verzuim", 1, 3),
        ("2023-2024", "Borne", "haltstraf", 1, 3),
        ("2023-2024", "Borne", "juridisch_totaal", 2, 4),
    }


def test_each_way_to_find_a_withheld_count_is_named(reading: Reading):
    ways = {
        leak.statement.cell[:3]: [{statement.figure.printed.text for statement in reason.statements} for reason in leak.reasons]
        for leak in reading.leaks
    }
    assert ways["2023-2024", "Borne", "absoluut_verzuim"] == [{"2"}, {"107", "105"}]
    assert ways["2023-2024", "Hengelo", "pv_luxe_verzuim"] == [{"20", "11", "0", "5"}]


def test_the_leaks_are_what_enumeration_of_all_tables_leaves(reading: Reading, report: list[Cell], reference: Reference):
    aside = {figure for statement in reading.aside for figure in statement.figures}
    leaks = {leak.statement.cell: leak.left for leak in reading.leaks}
    assert leaks == revealed_by_enumeration([figure for figure in report if figure not in aside], reference)


def revealed_by_enumeration(figures: list[Cell], reference: Reference) -> dict[Count, Interval]:
    """Enumerate per place and total every integer table that matches all documents; return the withheld counts that lost a value."""
    said: dict[Count, set[int]] = {}
    for figure in figures:
        if not figure.printed.rate:
            values = set(range(int(figure.printed.low), int(figure.printed.high) + 1))
            said[counted(figure)] = said.get(counted(figure), values) & values
    lost = {}
    for place in {cell._replace(indicator="") for cell in said}:
        for total, parts in reference.sums.items():
            cells = [place._replace(indicator=name) for name in (total, *parts)]
            tables = [table for table in product(*(said.get(cell, ()) for cell in cells)) if table[0] == sum(table[1:])]
            for number, cell in enumerate(cells):
                left = {table[number] for table in tables}
                withheld = any(counted(figure) == cell and figure.printed.withheld for figure in figures)
                if withheld and left and left != {1, 2, 3, 4}:
                    lost[cell] = Interval(min(left), max(left))
    return lost


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        ([printed("t", "9"), printed("a", "4"), printed("b", "5")], ([], set(), {})),
        # a percentage of a printed numerator and denominator: 460 / 10.712 = 4,294 %
        ([printed("t", "460"), printed("noemer", "10.712"), printed("percentage", "4,29%")], ([], set(), {})),
        (
            [printed("t", "460"), printed("noemer", "10.712"), printed("percentage", "4,30%")],
            ([{"460", "10.712", "4,30%"}], {"460", "10.712", "4,30%"}, {}),
        ),
        # it reveals the withheld total next to it, and with that a part
        ([printed("t", "<5"), printed("noemer", "1.000"), printed("percentage", "0,30%")], ([], set(), {"t": (3, 3)})),
        (
            [printed("t", "<5"), printed("noemer", "1.000"), printed("percentage", "0,30%"), printed("a", "<5"), printed("b", "1")],
            ([], set(), {"t": (3, 3), "a": (2, 2)}),
        ),
        # without a printed denominator it reveals little; with a small one more
        ([printed("t", "<5"), printed("percentage", "0,30%")], ([], set(), {})),
        ([printed("t", "<5"), printed("noemer", "<5"), printed("percentage", "50%")], ([], set(), {"t": (1, 2), "noemer": (2, 4)})),
        ([printed("t", "<5"), printed("noemer", "<5"), printed("percentage", "33%")], ([], set(), {"t": (1, 1), "noemer": (3, 3)})),
        # a third document decides which of the two is wrong
        ([printed("t", "5"), printed("t", "6", "b"), printed("a", "2"), printed("b", "3")], ([{"5", "6"}, {"6", "2", "3"}], {"6"}, {})),
        ([printed("t", "5"), printed("t", "<5", "b")], ([{"5", "<5"}], {"5", "<5"}, {})),
        # rows of jongeren: each at most the total, and the total at most their sum, if every kind has a row
        ([printed(RELATIEF, "3"), printed("x", "<5")], ([], set(), {"x": (1, 3)})),
        ([printed(RELATIEF, "<5"), printed("x", "3")], ([], set(), {RELATIEF: (3, 4)})),
        ([printed(RELATIEF, "7"), printed("x", "4"), printed("y", "<5")], ([], set(), {"y": (3, 4)})),
        ([printed(RELATIEF, "7"), printed("y", "<5")], ([], set(), {})),
        # a rate without counted terms reveals nothing; two of them contradict each other only as texts
        ([printed("mediaan", "4,50"), printed("mediaan", "5,50", "b")], ([], set(), {})),
    ],
)
def test_the_least_report_that_shows_it(figures: list[Cell], expected: tuple):
    assert found(*figures) == expected


@given(st.integers(0, 300), st.integers(1, 300), st.sampled_from([(100, 2), (100, 0), (1000, 2), (100, 1)]))
def test_a_rate_is_what_it_rounds_to_and_nothing_beside(teller: int, noemer: int, kind: tuple[int, int]):
    factor, decimals = kind
    t, n = Count("", "", "t"), Count("", "", "n")
    true = round_half_away(Decimal(factor * teller) / noemer, decimals)
    for step in (-1, 0, 1):
        text = true + step * Decimal(1).scaleb(-decimals)
        if text >= 0:
            facts = rounds_to(t, n, factor, str(text), "")
            assert all(fact.holds({t: teller, n: noemer}) for fact in facts) == (step == 0)


@pytest.mark.parametrize(("teller", "text", "holds"), [(1, "0,13%", True), (1, "0,12%", False)])
def test_half_is_rounded_away_from_zero(teller: int, text: str, holds: bool):
    """1 of 800 is exactly 0,125 %."""
    t, n = Count("", "", "t"), Count("", "", "n")
    facts = rounds_to(t, n, 100, str(parse(text).low), "")
    assert all(fact.holds({t: teller, n: 800}) for fact in facts) == holds


NUMBERS = st.sampled_from(["0", "1", "2", "3", "4", "5", "6", "<5", "<3"])


@st.composite
def reports(draw) -> list[Cell]:
    """Up to 8 figures of two documents about a total, its two parts, a denominator and a percentage."""
    figures = []
    for document in ("een", "twee"):
        for indicator in draw(st.lists(st.sampled_from(["t", "a", "b", "noemer", "percentage"]), unique=True, max_size=4)):
            text = draw(st.sampled_from(["33%", "50%", "67%", "100%"]) if indicator == "percentage" else NUMBERS)
            figures.append(printed(indicator, text, document))
    return figures


@settings(max_examples=60, deadline=None)
@given(reports())
def test_any_report_gives_away_what_enumeration_leaves(figures: list[Cell]):
    reading = read(figures, REFERENCE)
    said = statements(figures, REFERENCE)
    if not figures:
        assert reading == Reading((), (), (), (), ())
        return
    suspected = suspected_by_enumeration(said)
    assert suspected is None or len(reading.clashes) > CLASHES or set(reading.aside) == suspected
    tables = tables_of([statement for statement in said if statement not in reading.aside])
    leaks = {leak.statement: (leak.left.low, leak.left.high) for leak in reading.leaks}
    for statement in said:
        if statement.figure.printed.withheld and statement not in reading.aside:
            left = [table[statement.cell] for table in tables]
            whole = (min(left), max(left)) == (statement.figure.printed.low, statement.figure.printed.high)
            assert leaks.get(statement) == (None if whole else (min(left), max(left)))
    for leak in reading.leaks:
        for reason in leak.reasons:
            enough = tables_of([*reason.statements, leak.statement])
            assert {table[leak.statement.cell] for table in enough} <= set(range(leak.left.low, leak.left.high + 1))


T, A, B, NOEMER = (counted(printed(name, "0")) for name in ("t", "a", "b", "noemer"))
# every relevant integer table: with parts up to 6 and a percentage of at least 33, a denominator is at most 37
TABLES = [{T: i + j, A: i, B: j, NOEMER: k} for i, j, k in product(range(7), range(7), range(38))]


@cache
def agreeing(statement: Statement) -> frozenset[int]:
    return frozenset(number for number, table in enumerate(TABLES) if all(fact.holds(table) for fact in statement.facts))


def tables_of(said: Sequence[Statement]) -> list[dict[Count, int]]:
    """Return every integer table that matches the statements."""
    numbers = frozenset(range(len(TABLES))).intersection(*map(agreeing, said))
    return [TABLES[number] for number in sorted(numbers)]


def suspected_by_enumeration(said: Sequence[Statement]) -> set[Statement] | None:
    """Return the union of the minimal sets of statements to remove so that a table matches the rest; None if there are too many."""
    for size in range(CORRECTIONS + 1):
        choices = [set(some) for some in combinations(said, size) if tables_of([other for other in said if other not in some])]
        if choices:
            return set().union(*choices)
    return None


def test_where_too_much_clashes_all_that_clashes_is_set_aside():
    figures = [printed(name, text, document) for name in "abcde" for text, document in (("1", "een"), ("2", "twee"))]
    assert {statement.figure for statement in read(figures, REFERENCE).aside} == set(figures)
    sums = Reference({}, {"t": tuple("abcde")}, {}, ())
    assert {statement.figure for statement in read([*figures, printed("t", "9")], sums).aside} == set(figures)


def test_definitions_hold_of_a_table_that_counts_jongeren():
    place = Count("2023-2024", "Almelo", "")
    counts = {"t": 5, "a": 2, "b": 3, RELATIEF: 4, "x": 3, "y": 2}
    values = {place._replace(indicator=name): value for name, value in counts.items()}
    assert all(tie.holds(values) for tie in tied(place, REFERENCE))
    assert not all(tie.holds(values | {place._replace(indicator="x"): 5}) for tie in tied(place, REFERENCE))
    assert not all(tie.holds(values | {place._replace(indicator="x"): 1}) for tie in tied(place, REFERENCE))
