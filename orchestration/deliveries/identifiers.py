"""BSN and onderwijsnummer: validation of whole columns.

Put here: the eleven test, the restoring of leading zeros, and numbers of records that could be an identifier. Keep out: the reason code of
an invalid one (`checks.py`), and hashing (`pseudonym.py`). `stdnum.nl` is the oracle in the tests; it is not used here because it checks
one number at a time and accepts eight digits.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pyarrow as pa

from orchestration import scrub
from orchestration.deliveries.arrow import as_mask, pc

DIGITS = 9
MAX_RESTORED = 2
LONGEST_INTEGER = 18  # digits that fit in 64 bits
WEIGHTS = np.array([9, 8, 7, 6, 5, 4, 3, 2, -1], dtype=np.int64)
REMAINDERS = {"bsn": 0, "onderwijsnummer": 5}


def restore_zeros(texts: Any) -> tuple[Any, np.ndarray]:
    """Restore up to two leading zeros that a spreadsheet dropped.

    Args:
        texts: A string array; seven or eight digits become nine.

    Returns:
        The texts, and a mask of the changed ones.
    """
    length = pc.binary_length(texts)
    short = pc.and_(pc.and_(pc.greater_equal(length, DIGITS - MAX_RESTORED), pc.less(length, DIGITS)), pc.string_is_ascii(texts))
    short = pc.and_(short, pc.ascii_is_decimal(texts))
    if not pc.any(short, min_count=0).as_py():
        return texts, np.zeros(len(texts), dtype=bool)
    return pc.if_else(short, pc.ascii_lpad(texts, DIGITS, "0"), texts), as_mask(short)


def are_valid(kind: str, texts: Any) -> np.ndarray:
    """Return a mask of the texts that are a BSN or an onderwijsnummer: nine digits that pass the eleven test.

    Args:
        kind: `bsn` (weighted sum modulo 11 = 0, not all zeros) or `onderwijsnummer` (begins with `10`, modulo 11 = 5).
        texts: A string array without nulls.
    """
    valid = as_mask(pc.equal(pc.binary_length(texts), DIGITS))
    nine = texts if valid.all() else texts.filter(pa.array(valid))
    digits = _digits(nine)
    good = (digits <= 9).all(axis=1) & ((digits.astype(np.int64) @ WEIGHTS) % 11 == REMAINDERS[kind])
    good &= (digits[:, 0] == 1) & (digits[:, 1] == 0) if kind == "onderwijsnummer" else digits.any(axis=1)
    valid[valid] = good
    return valid


def could_identify(numbers: Any, own: Iterable[Any]) -> np.ndarray:
    """Return a mask of the numbers of records that could be an identifier, or hold one of the person in the row (decision 030).

    A number of seven to nine digits could be one if it passes the eleven test. Of every six numbers of ten digits one holds nine digits
    that pass it, so of longer numbers only those count that hold an identifier of their own row.

    Args:
        numbers: A string array; of a null the mask is false.
        own: The valid identifiers of the rows, by column; null where a row has none.
    """
    found = np.zeros(len(numbers), dtype=bool)
    plain = pc.all(pc.ascii_is_decimal(numbers)).as_py() is not False
    digits = numbers if plain else pc.replace_substring_regex(numbers, "[^0-9]", "")
    length = pc.fill_null(pc.binary_length(digits), 0).to_numpy()
    if len(short := np.flatnonzero((length >= DIGITS - MAX_RESTORED) & (length <= DIGITS))):
        nine = pc.ascii_lpad(digits.take(pa.array(short)), DIGITS, "0")
        found[short] = are_valid("bsn", nine) | are_valid("onderwijsnummer", nine)
    if len(long := np.flatnonzero(length > DIGITS)):
        all_long = len(long) == len(numbers)
        found[long] = _holds_own(*(column if all_long else column.take(pa.array(long)) for column in (digits, *own)))
    for place in () if plain else np.flatnonzero(as_mask(pc.match_substring(numbers, "-"))):
        found[place] |= scrub.could_identify(numbers[int(place)].as_py())
    return found


def _holds_own(digits: Any, *own: Any) -> np.ndarray:
    found = np.zeros(len(digits), dtype=bool)
    longest = pc.max(pc.binary_length(digits)).as_py()
    for column in own:
        if column.null_count == len(column):
            continue
        if longest > LONGEST_INTEGER:
            pairs = zip(digits.to_pylist(), column.to_pylist(), strict=True)
            found |= [bool(number) and number in text for text, number in pairs]
            continue
        wanted, whole = pc.fill_null(column.cast(pa.int64()), -1).to_numpy(), digits.cast(pa.int64()).to_numpy()
        for right in range(longest - DIGITS + 1):
            found |= whole // 10**right % 10**DIGITS == wanted
    return found


def _digits(nine: Any) -> np.ndarray:
    """Return the bytes of nine-byte texts minus the code of `0`, one row per text: above 9 if not a digit."""
    if not len(nine):
        return np.empty((0, DIGITS), dtype=np.uint8)
    start = np.frombuffer(nine.buffers()[1], dtype=np.int32)[nine.offset]
    content = np.frombuffer(nine.buffers()[2], dtype=np.uint8)[start : start + DIGITS * len(nine)]
    return content.reshape(-1, DIGITS) - np.uint8(ord("0"))
