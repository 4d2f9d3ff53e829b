"""BSN and onderwijsnummer: validation of whole columns.

Put here: the eleven test and the restoring of leading zeros. Keep out: the reason code of an invalid one (`checks.py`), and hashing
(`pseudonym.py`). `stdnum.nl` is the oracle in the tests; it is not used here because it checks one number at a time and accepts eight
digits.
"""

from typing import Any

import numpy as np
import pyarrow as pa

from orchestration.deliveries.arrow import as_mask, pc
from orchestration.deliveries.reasons import NINE_DIGITS

DIGITS = 9
MAX_RESTORED = 2
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


def contains_identifier(text: str) -> bool:
    """Return whether nine consecutive digits of a text are a valid BSN or onderwijsnummer."""
    runs: Any = pa.array(NINE_DIGITS.findall(text), pa.string())
    return any(bool(are_valid(kind, runs).any()) for kind in REMAINDERS)


def _digits(nine: Any) -> np.ndarray:
    """Return the bytes of nine-byte texts minus the code of `0`, one row per text: above 9 if not a digit."""
    if not len(nine):
        return np.empty((0, DIGITS), dtype=np.uint8)
    start = np.frombuffer(nine.buffers()[1], dtype=np.int32)[nine.offset]
    content = np.frombuffer(nine.buffers()[2], dtype=np.uint8)[start : start + DIGITS * len(nine)]
    return content.reshape(-1, DIGITS) - np.uint8(ord("0"))
