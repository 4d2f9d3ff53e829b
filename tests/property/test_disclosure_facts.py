"""The values that a fact leaves for one of its counts, compared with brute force."""

from hypothesis import given
from hypothesis import strategies as st

from orchestration.publication.disclosure.system import Cell, Relation

A, B = (Cell("2024-2025", "0164", name) for name in "ab")
END = st.none() | st.integers(-20, 20)
BY = st.integers(-4, 4).filter(bool)


@given(low=END, high=END, by=BY, other=BY, known=st.integers(0, 9))
def test_it_leaves_the_counts_with_which_it_holds(low: int | None, high: int | None, by: int, other: int, known: int):
    fact = Relation(((A, by), (B, other)), low, high, "")
    left = fact.leaves(A, {B: known})
    tried = range(100)  # beyond 76 nothing changes any more
    assert [count for count in tried if count in left] == [count for count in tried if fact.holds({A: count, B: known})]
