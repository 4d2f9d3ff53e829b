"""Any altered certificate is refused, and the error names the place."""

from dataclasses import dataclass, replace

import pytest

from orchestration.publication.disclosure.certificate import faults
from orchestration.publication.disclosure.system import Cell, Interval, Relation, at_most, equal


def count(name: str) -> Cell:
    return Cell("2024-2025", "0164", name)


A, B, C, D, TOTAL, JONGEREN = map(count, ("a", "b", "c", "d", "totaal", "jongeren"))
WITHHELD = Interval(1, None)


@dataclass(frozen=True)
class Proof:
    """12 = 2 + 4 + 6 + 0, with the first three withheld, and 9 jongeren, at most the total."""

    public: dict[Cell, Interval]
    relations: list[Relation]
    needed: dict[Cell, Interval]
    tables: list[dict[Cell, int]]

    def faults(self) -> list[str]:
        return list(faults(self.public, self.relations, self.needed, self.tables))


PROOF = Proof(
    public={
        **dict.fromkeys((A, B, C), WITHHELD),
        D: Interval(0, 0),
        TOTAL: Interval(12, 12),
        JONGEREN: Interval(9, 9),
    },
    relations=[equal([TOTAL], [A, B, C, D], "het totaal een optelling is"), at_most([JONGEREN], [TOTAL], "jongeren niet meer zijn")],
    needed={A: Interval(1, 4), B: Interval(1, 4)},
    tables=[{A: 2, B: 4, C: 6}, {A: 1, B: 1, C: 10}, {A: 4, B: 4, C: 4}],
)


def altered(**changes: object) -> list[str]:
    return replace(PROOF, **changes).faults()  # type: ignore[arg-type]


def test_the_proof_as_made_holds():
    assert PROOF.faults() == []


@pytest.mark.parametrize("number", range(3))
@pytest.mark.parametrize("cell", [A, B, C])
@pytest.mark.parametrize("step", [-1, 1])
def test_one_value_changed(number: int, cell: Cell, step: int):
    tables = [dict(table) for table in PROOF.tables]
    tables[number][cell] += step
    assert any(f"alternatief {number + 1}" in fault for fault in altered(tables=tables))


@pytest.mark.parametrize("number", [1, 2])
def test_a_table_that_shows_an_end_removed(number: int):
    tables = [table for place, table in enumerate(PROOF.tables) if place != number]
    assert any(f"{A}: de alternatieven reiken niet" in fault for fault in altered(tables=tables))


def test_no_table_at_all():
    assert sum("geen twee alternatieven" in fault for fault in altered(tables=[])) == 3


def test_only_the_true_table():
    assert sum("geen twee alternatieven" in fault for fault in altered(tables=PROOF.tables[:1])) == 3


@pytest.mark.parametrize("cell", [A, B, C])
def test_a_value_missing(cell: Cell):
    tables = [PROOF.tables[0], {name: value for name, value in PROOF.tables[1].items() if name != cell}, PROOF.tables[2]]
    assert altered(tables=tables) == [f"alternatief 2 heeft geen waarde voor {cell}"]


@pytest.mark.parametrize("cell", [A, B, C])
def test_a_withheld_count_published_after_all(cell: Cell):
    """The alternatives then contradict what is public."""
    true = PROOF.tables[0][cell]
    assert altered(public=PROOF.public | {cell: Interval(true, true)})


def test_a_needed_count_published_says_so():
    assert f"{A}: moet worden achtergehouden, en is openbaar" in altered(public=PROOF.public | {A: Interval(2, 2)})


def test_a_needed_count_that_is_not_there():
    """Without the public range of a small count, a proof proves nothing about it."""
    assert altered(needed=PROOF.needed | {count("vergeten"): Interval(1, 4)})


@pytest.mark.parametrize(("low", "high"), [(0, 4), (1, 5), (0, 5)])
def test_a_needed_end_further_away(low: int, high: int):
    assert altered(needed=PROOF.needed | {A: Interval(low, high)}) == [f"{A}: de alternatieven reiken niet van {low} tot en met {high}"]


@pytest.mark.parametrize("sign", [Interval(2, None), Interval(1, 3)])
def test_a_sign_that_says_more(sign: Interval):
    assert any("past niet bij zijn teken" in fault for fault in altered(public=PROOF.public | {A: sign}))


@pytest.mark.parametrize(
    "fact",
    [
        equal([TOTAL], [A, B], "het totaal iets anders is"),
        equal([TOTAL], [C, C, D], "iets dubbel telt"),
        at_most([C], [B], "c niet meer is dan b"),
        at_most([TOTAL], [JONGEREN], "het andersom is"),
    ],
)
def test_a_fact_more_that_the_alternatives_do_not_know(fact: Relation):
    assert any(fact.because in fault for fault in altered(relations=[*PROOF.relations, fact]))


@pytest.mark.parametrize("total", [11, 13])
def test_another_published_total(total: int):
    assert sum("onwaar is" in fault for fault in altered(public=PROOF.public | {TOTAL: Interval(total, total)})) == 3


def test_a_relation_with_ends_holds_at_them_and_not_beyond():
    fact = Relation(((A, 2), (B, -1)), 0, 3, "het ertussen ligt")
    assert [fact.holds({A: value, B: 1}) for value in (0, 1, 2, 3)] == [False, True, True, False]
    assert fact.holds({A: 1, B: 2}) and not fact.holds({A: 1, B: 3})
