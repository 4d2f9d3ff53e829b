"""What can be shown of a count that is hidden: an estimate that follows from what is shown of others, so it adds nothing to what is known.

Put here: what follows from facts, and the estimates. Keep out: what is hidden (`protect.py`).
"""

from collections.abc import Iterable, Sequence

from orchestration.publication.disclosure.alternatives import Block, Fact
from orchestration.publication.disclosure.signs import HIDDEN, Shown, Sign

ROUNDS = 10  # of narrowing: more than any chain of definitions is long


def narrow(block: Block) -> list[tuple[int, int, list[Fact]]]:
    """Return the least and the most that each count of a block can be, and the facts that say more than what is public of it alone."""
    low, high = list(block.low), list(block.high)
    because: list[list[Fact]] = [[] for _ in block.cells]
    for _ in range(ROUNDS):
        changed = False
        for fact in block.facts:
            for cell, least, most in _leaves(fact, low, high):
                if least > low[cell] or most < high[cell]:
                    low[cell], high[cell] = max(least, low[cell]), min(most, high[cell])
                    because[cell] = [*(known for known in because[cell] if known is not fact), fact]
                    changed = True
        if not changed:
            break
    return list(zip(low, high, because, strict=True))


def _leaves(fact: Fact, low: Sequence[int], high: Sequence[int]) -> Iterable[tuple[int, int, int]]:
    """Return what a fact leaves of each of its counts, given what is known of the others."""
    terms = [*((cell, 1) for cell in fact.plus), *((cell, -1) for cell in fact.minus)]
    least = sum(low[cell] if sign > 0 else -high[cell] for cell, sign in terms)
    most = sum(high[cell] if sign > 0 else -low[cell] for cell, sign in terms)
    for cell, sign in terms:
        if sign > 0:
            yield cell, fact.low - (most - high[cell]), fact.high - (least - low[cell])
        else:
            yield cell, (least + high[cell]) - fact.high, (most + low[cell]) - fact.low


def estimate(low: int, high: int, to: int) -> Shown:
    """Show a hidden count as the multiple that is near everything it can be, if there is one."""
    number = to * ((low + high + to) // (2 * to))
    if number - to < low <= high < number + to:
        return Shown(Sign.ROUNDED, number, low, high, derived=True)
    return HIDDEN


def sum_of_gemeenten(parts: Sequence[Shown], to: int, *, adds_up: bool) -> Shown:
    """Show a count of the regio as what is shown of the gemeenten, added up and rounded; as it is, where that says it exactly.

    Args:
        parts: What is shown of each gemeente.
        to: The multiple to round to.
        adds_up: Whether the gemeenten add up to the regio; otherwise a jongere may count in several.
    """
    if not parts or any(part.number is None and part.sign is not Sign.SMALL for part in parts):
        return HIDDEN
    low, high = sum(part.low for part in parts), sum(part.high for part in parts)
    low = low if adds_up else max(part.low for part in parts)
    if low == high:
        return Shown(Sign.SHOWN, low, low, high, derived=True)
    added = sum(part.low + part.high if part.number is None else 2 * part.number for part in parts)
    number = to * ((added + to) // (2 * to))
    return Shown(Sign.ROUNDED, number, low, high, derived=True)
