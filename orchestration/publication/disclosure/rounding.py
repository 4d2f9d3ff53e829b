"""Rounds a count up or down to a multiple of five by a keyed draw: what `openbaar` shows of every figure that is not exact.

There is one draw per schooljaar, breakdown and value, the same for all indicators, gemeenten and releases. So an equal count is always
shown alike, and a count that includes another is never shown below it. The draws are made with a key that is secret to the lake.

Put here: the draw, the rounding, and what a rounded count says. Keep out: which counts are rounded (`signs.py`).
"""

import hashlib
import hmac

BASE = 5
PURPOSE = b"leerplicht: afronden in openbaar"


def base(threshold: int) -> int:
    """Return the multiple that counts are rounded to: five, or the threshold if that is more, so that a small count may become 0."""
    return max(BASE, threshold)


class Draws:
    """The draws of a lake.

    Args:
        key: A secret that never changes, as two draws of one count would narrow it down; the draws use another key that is derived from it.
        to: The multiple that counts are rounded to.
    """

    def __init__(self, key: bytes, to: int = BASE) -> None:
        self._key = hmac.digest(key, PURPOSE, hashlib.sha256)
        self._to = to

    def draw(self, *place: str) -> int:
        """Return the largest remainder that is rounded down, for a schooljaar, a breakdown and its value.

        It is uniform from 0 to one below the base. So a remainder m is rounded up with probability m / base, which is right on average.
        """
        return self._number(place) % self._to

    def weight(self, *place: str) -> float:
        """Return a number from 0 to 1 that nobody without the key can compute, so that nobody can replay a choice made with it."""
        return self._number(("gewicht", *place)) / 2**64

    def _number(self, place: tuple[str, ...]) -> int:
        return int.from_bytes(hmac.digest(self._key, "\0".join(place).encode(), hashlib.sha256)[:8])

    def rounded(self, count: int, draw: int) -> int:
        """Round a count up or down by a draw."""
        whole, rest = divmod(count, self._to)
        return self._to * (whole + (rest > draw))


def interval(shown: int, to: int = BASE) -> tuple[int, int]:
    """Return the least and the most that a count can be which is shown rounded."""
    return max(0, shown - to + 1), shown + to - 1
