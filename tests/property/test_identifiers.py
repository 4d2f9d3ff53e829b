"""Validation of whole columns, compared with python-stdnum per number."""

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st
from stdnum.nl import bsn, onderwijsnummer

from orchestration.deliveries.identifiers import are_valid, restore_zeros

DIGITS = st.text("0123456789", min_size=9, max_size=9)
NEAR = st.one_of(DIGITS, st.text("0123456789", max_size=8).map(lambda rest: f"10{rest}"[:9]), st.text(max_size=10), st.just("000000000"))
COLUMNS = st.lists(NEAR, max_size=50)


@given(COLUMNS)
def test_bsn(texts: list[str]):
    expected = [len(text) == 9 and text.isascii() and text.isdecimal() and bsn.is_valid(text) for text in texts]
    assert are_valid("bsn", pa.array(texts, pa.string())).tolist() == expected


@given(COLUMNS)
def test_onderwijsnummer(texts: list[str]):
    expected = [len(text) == 9 and text.isascii() and text.isdecimal() and onderwijsnummer.is_valid(text) for text in texts]
    assert are_valid("onderwijsnummer", pa.array(texts, pa.string())).tolist() == expected


@given(st.integers(0, 99_999_999), st.integers(0, 9))
def test_at_most_one_check_digit_is_valid(body: int, last: int):
    texts = [f"{body:08d}{digit}" for digit in range(10)]
    valid = are_valid("bsn", pa.array(texts))
    assert valid.tolist() == [bsn.is_valid(text) for text in texts]
    assert valid.sum() <= 1
    assert are_valid("bsn", pa.array(texts).slice(last)).tolist() == valid.tolist()[last:], "a slice has its own offset"


@given(COLUMNS)
def test_up_to_two_zeros_are_restored(texts: list[str]):
    restored, changed = restore_zeros(pa.array(texts, pa.string()))
    for text, after, was in zip(texts, restored.to_pylist(), changed, strict=True):
        short = 7 <= len(text) <= 8 and text.isascii() and text.isdecimal()
        assert (after, bool(was)) == ((text.zfill(9), True) if short else (text, False))
