"""Validation of whole columns, compared with python-stdnum per number."""

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st
from stdnum.nl import bsn, onderwijsnummer

from orchestration.deliveries.identifiers import are_valid, restore_zeros
from orchestration.deliveries.pseudonym import Pseudonymiser

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


ALL = [f"{number:09d}" for number in range(40)]  # few, so that most are met again
NUMBERS = st.sampled_from(ALL)
OTHERS = st.sampled_from(["+00000001", "00000001", "0000000010", "000000001\n"])


@given(st.lists(st.lists(NUMBERS | st.none(), max_size=12) | st.lists(OTHERS | NUMBERS, max_size=4), max_size=8))
def test_a_number_has_one_pseudonym_however_often_and_beside_which_others_it_comes(batches: list[list[str | None]]):
    made = Pseudonymiser(bytes(64))
    for batch in [*batches, ALL]:
        expected = [None if number is None else made.one("bsn", number) for number in batch]
        assert made.column("bsn", pa.array(batch, pa.string())).to_pylist() == expected
