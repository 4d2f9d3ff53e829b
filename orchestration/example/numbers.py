"""Fictitious BSNs and onderwijsnummers with valid check digits.

Put here: generating numbers. Keep out: assigning them to persons. BSNs are in the test range 99…; some have one or two leading zeros, which
a spreadsheet drops.
"""

from collections.abc import Iterator

WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)


def bsns() -> Iterator[str]:
    """Yield BSNs of the test range, 7 apart so that neighbours differ in more than one digit."""
    return _valid(range(990_000_007, 999_999_999, 7), remainder=0)


def many_bsns() -> Iterator[str]:
    """Yield BSNs of the same range, enough for a region: 3 apart before the check digit."""
    for body in range(99_000_001, 100_000_000, 3):
        text = str(body)
        check = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, text, strict=False)) % 11
        if check < 10:
            yield f"{text}{check}"


def bsns_with_zeros() -> Iterator[str]:
    """Yield BSNs that begin with one and two zeros alternately."""
    one, two = _valid(range(90_000_001, 99_999_999, 101), 0), _valid(range(9_000_001, 9_999_999, 101), 0)
    for first, second in zip(one, two, strict=False):
        yield first
        yield second


def onderwijsnummers() -> Iterator[str]:
    """Yield onderwijsnummers: they begin with 10, and the eleven test (weighted sum modulo 11) gives 5."""
    return _valid(range(100_000_003, 109_999_999, 1009), remainder=5)


def invalid_bsn(valid: str) -> str:
    """Return a BSN with a wrong last digit."""
    return valid[:-1] + str((int(valid[-1]) + 1) % 10)


def _valid(candidates: range, remainder: int) -> Iterator[str]:
    for candidate in candidates:
        text = f"{candidate:09d}"
        if sum(weight * int(digit) for weight, digit in zip(WEIGHTS, text, strict=True)) % 11 == remainder:
            yield text
