"""What withheld cells can still be: interval reasoning gives what plain enumeration gives."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from orchestration.publication.suppression import Interval, narrow

SMALL = Interval(1, 4)


def exact(value: int) -> Interval:
    return Interval(value, value)


def enumerate_(known: dict[str, Interval], sums: dict[str, tuple[str, ...]]) -> dict[str, Interval] | None:
    """Every whole table, tried one by one."""
    names = list(known)
    tables = [
        table
        for values in product(*(range(known[name].low, known[name].high + 1) for name in names))
        if (table := dict(zip(names, values, strict=True)))
        and all(table[total] == sum(table[p] for p in parts) for total, parts in sums.items())
    ]
    return {name: Interval(min(t[name] for t in tables), max(t[name] for t in tables)) for name in names} if tables else None


def test_one_withheld_part_is_total_minus_the_rest():
    known = {"t": exact(20), "a": exact(11), "b": exact(0), "c": SMALL, "d": exact(5)}
    assert narrow(known, {"t": ("a", "b", "c", "d")})["c"] == exact(4)


def test_three_withheld_terms_narrow_each_other():
    found = narrow({"t": SMALL, "a": SMALL, "b": SMALL, "c": exact(0)}, {"t": ("a", "b", "c")})
    assert (found["t"], found["a"], found["b"]) == (Interval(2, 4), Interval(1, 3), Interval(1, 3))


def test_a_part_that_is_not_printed_bounds_only_from_above():
    assert narrow({"t": exact(3), "a": SMALL}, {"t": ("a", "b")})["a"] == Interval(1, 3)


def test_a_sum_that_contradicts_what_is_known_teaches_nothing():
    known = {"t": exact(1), "a": exact(3), "b": SMALL}
    assert narrow(known, {"t": ("a", "b")}) == known


def test_news_travels_along_a_chain():
    known = {"t": exact(9), "a": exact(5), "b": SMALL, "c": exact(3), "d": SMALL}
    assert narrow(known, {"b": ("c", "d"), "t": ("a", "b")})["d"] == exact(1)


INTERVALS = st.tuples(st.integers(0, 5), st.integers(0, 4)).map(lambda pair: Interval(pair[0], pair[0] + pair[1]))


@given(st.dictionaries(st.sampled_from(["t", "a", "b", "u", "c", "d"]), INTERVALS, min_size=6))
def test_it_agrees_with_enumeration(known):
    sums = {"t": ("a", "b"), "b": ("c", "d")} if known["u"].low % 2 else {"t": ("a", "b"), "u": ("c", "d")}
    expected = enumerate_(known, sums)
    if expected is not None:
        assert narrow(known, sums) == expected
