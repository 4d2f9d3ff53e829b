"""Fictitious BSNs and onderwijsnummers with valid check digits.

Put here: generating numbers. Keep out: assigning them to persons. BSNs are in the test range 99…; some have one or two leading zeros, which
a spreadsheet drops. That range has 909,000 valid numbers: more persons than that get all of 9….
"""

from collections.abc import Iterator
from dataclasses import dataclass

WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)


@dataclass(frozen=True)
class Supply:
    """How close together numbers are, and so how many there are.

    Args:
        bodies: The first eight digits of BSNs.
        zeros: The step between candidates for a BSN with leading zeros.
        onderwijsnummers: The step between candidates for an onderwijsnummer.
    """

    bodies: range
    zeros: int
    onderwijsnummers: int


SMALL = Supply(range(99_000_001, 100_000_000, 3), 101, 1009)  # 303,000 BSNs, 1,800 with zeros, 900 onderwijsnummers
LARGE = Supply(range(90_000_001, 100_000_000), 3, 23)  # 9 million, 60,000 and 39,000: a nation in ten schooljaren


def bsns() -> Iterator[str]:
    """Yield BSNs of the test range, 7 apart so that neighbours differ in more than one digit."""
    return _valid(range(990_000_007, 999_999_999, 7), remainder=0)


def many_bsns(supply: Supply = SMALL) -> Iterator[str]:
    """Yield many more BSNs: by their first eight digits, with the check digit that fits."""
    for body in supply.bodies:
        text = str(body)
        check = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, text, strict=False)) % 11
        if check < 10:
            yield f"{text}{check}"


def bsns_with_zeros(supply: Supply = SMALL) -> Iterator[str]:
    """Yield BSNs that begin with one and two zeros alternately."""
    one, two = _valid(range(90_000_001, 99_999_999, supply.zeros), 0), _valid(range(9_000_001, 9_999_999, supply.zeros), 0)
    for first, second in zip(one, two, strict=False):
        yield first
        yield second


def onderwijsnummers(supply: Supply = SMALL) -> Iterator[str]:
    """Yield onderwijsnummers: they begin with 10, and the eleven test (weighted sum modulo 11) gives 5."""
    return _valid(range(100_000_003, 109_999_999, supply.onderwijsnummers), remainder=5)


def invalid_bsn(valid: str) -> str:
    """Return a BSN with a wrong last digit."""
    return valid[:-1] + str((int(valid[-1]) + 1) % 10)


def _valid(candidates: range, remainder: int) -> Iterator[str]:
    for candidate in candidates:
        text = f"{candidate:09d}"
        if sum(weight * int(digit) for weight, digit in zip(WEIGHTS, text, strict=True)) % 11 == remainder:
            yield text
