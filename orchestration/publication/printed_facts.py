"""Finds what the printed figures of one gemeente and schooljaar contradict or reveal, by one definition at a time.

Put here: the values that printed figures allow, definitions (sums, covers, rates), contradictions and leaks; all in exact integer
arithmetic. Keep out: sentences (`faults.py`), parsing (`printed.py`), and conclusions that take several definitions.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import combinations, product

from orchestration.publication.extract import Cell, Reference
from orchestration.publication.printed import DECIMALS, MOST, Printed

UNKNOWN = range(MOST**2)  # the values of a count that is not printed; no printed figure implies a larger one
SLACK = {"=": range(1), "≥": UNKNOWN, "≤": range(1 - UNKNOWN.stop, 1)}  # how much more a total may be than the sum of its parts
TRIED = 10_000  # at most so many values or combinations of one definition are tried; if there are more, it shows nothing


@dataclass(frozen=True)
class Statement:
    """The figures of one indicator that documents print with the same text, and the values that it allows (see `allowed`)."""

    indicator: str
    printed: Printed
    values: range
    figures: tuple[Cell, ...]


@dataclass(frozen=True)
class SumDefinition:
    """The first indicator is the sum of the others (`sign` is `=`), at most that sum (`≤`), or at least (`≥`)."""

    indicators: tuple[str, ...]
    sign: str

    def leaves(self, values: Sequence[range], at: int) -> range:
        """Return the values of one indicator for which the definition can hold.

        Args:
            values: The values that are printed of each indicator, in their order; `UNKNOWN` if none are printed.
            at: The position of the indicator, 1 or more in a rate.
        """
        own, total, parts, slack = values[at], values[0], values[1:], SLACK[self.sign]
        low, high = sum(part.start for part in parts) + slack.start, sum(part.stop - 1 for part in parts) + slack.stop - 1
        if at > 0:
            low, high = total.start - (high - (own.stop - 1)), total.stop - 1 - (low - own.start)
        return meet(own, range(low, high + 1))


@dataclass(frozen=True)
class RateDefinition:
    """The first indicator is `factor` × the second (numerator) / the third (denominator), rounded half away from zero."""

    indicators: tuple[str, ...]
    factor: int

    def leaves(self, values: Sequence[range], at: int) -> range:
        """Return the values of one indicator for which the definition can hold, as `SumDefinition.leaves` does."""
        own, other = values[at], values[3 - at]
        if values[0] == UNKNOWN or len(own) > TRIED:
            return own
        left = [value for value in own if meet(self._fits(values[0], value, at), other)]
        return range(left[0], left[-1] + 1) if left else range(0)

    def _fits(self, rate: range, value: int, at: int) -> range:
        """Return the denominators that fit a numerator (`at` is 1), or the reverse: `start × den. ≤ scale × num. < stop × den.`."""
        scale = self.factor * 2 * 10**DECIMALS
        if at == 1:
            return range(scale * value // rate.stop + 1, scale * value // rate.start + 1 if rate.start > 0 else UNKNOWN.stop)
        return range(-(-rate.start * value // scale), (rate.stop * value - 1) // scale + 1)


Definition = SumDefinition | RateDefinition


@dataclass(frozen=True)
class Contradiction:
    """A statement that cannot be true beside others (in the report's order) by one definition; `suspects` are all that may be wrong."""

    statement: Statement
    beside: tuple[Statement, ...]
    suspects: tuple[Statement, ...]


@dataclass(frozen=True)
class Reason:
    """The values that are `left` of a withheld count, by a definition and the statements of its other counts, or by another document."""

    left: range
    statements: tuple[Statement, ...]
    definition: Definition | None = None


@dataclass(frozen=True)
class Leak:
    """A withheld count, the values that are left by all `reasons` together (none if they exclude each other), and the reasons."""

    statement: Statement
    left: range
    reasons: tuple[Reason, ...]


def read(here: Iterable[Cell], reference: Reference) -> tuple[list[Contradiction], list[Leak]]:
    """Find the contradictions and leaks in the printed figures of one gemeente and schooljaar.

    Args:
        here: All of these figures, of every document.
        reference: The relations between indicators.

    Returns:
        The contradictions; and the leaks that follow without a suspect of a contradiction, and without figures on which documents differ.
    """
    alike: dict[tuple[str, str], list[Cell]] = {}
    for cell in here:
        alike.setdefault((cell.indicator, cell.printed.text), []).append(cell)
    said = [Statement(name, cells[0].printed, allowed(cells[0].printed), tuple(cells)) for (name, _), cells in alike.items()]
    rates = {rate.indicator for rate in reference.rates}
    usable = [one for one in said if one.printed.rate == (one.indicator in rates)]
    ties = definitions(reference)
    found = [contradiction for tie in ties for contradiction in _contradictions(tie, _tightest(usable))]
    suspects = {one for contradiction in found for one in contradiction.suspects}
    for pair in combinations(said, 2):
        if pair[0].indicator == pair[1].indicator and not pair[0].printed.agrees_with(pair[1].printed):
            suspects.update(pair)
    return found, list(_leaks([one for one in usable if one not in suspects], ties))


def allowed(printed: Printed) -> range:
    """Return the values that a text allows: of a count, or of an unrounded rate, in units of half its fourth decimal; `stop` excluded."""
    if not printed.rate:
        return range(int(printed.low), int(printed.high) + 1)
    middle, half = int(printed.low * 2 * 10**DECIMALS), 10 ** (DECIMALS + int(printed.low.as_tuple().exponent))
    return range(middle - half, middle + half)


def meet(one: range, other: range) -> range:
    """Return the values that are in both."""
    return range(max(one.start, other.start), min(one.stop, other.stop))


def definitions(reference: Reference) -> list[Definition]:
    """Return the definitions that tie the counts of one gemeente and schooljaar."""
    found: list[Definition] = [SumDefinition((total, *parts), "=") for total, parts in reference.sums.items()]
    for whole, parts in reference.covers.items():
        found += [SumDefinition((whole, *parts), "≤"), *(SumDefinition((whole, part), "≥") for part in parts)]
    return found + [RateDefinition((rate.indicator, rate.teller, rate.noemer), rate.factor) for rate in reference.rates]


def _tightest(said: Sequence[Statement]) -> dict[str, list[Statement]]:
    """Group statements by indicator, without those that another makes more precise: `<5` beside 2, but not beside 5."""
    found: dict[str, list[Statement]] = {}
    for one in said:
        same = [other.values for other in said if other.indicator == one.indicator]
        if not any(meet(values, one.values) == values != one.values for values in same):
            found.setdefault(one.indicator, []).append(one)
    return found


def _contradictions(definition: Definition, options: Mapping[str, Sequence[Statement]]) -> Iterator[Contradiction]:
    """Find the statements with which a definition holds for no choice from the statements of its other counts."""
    printed = [options[name] for name in definition.indicators if name in options]
    if not printed or math.prod(map(len, printed)) > TRIED:
        return
    right: set[Statement] = set()
    for chosen in product(*printed):
        values = _values(definition, {one.indicator: one for one in chosen})
        shortest = min(range(1, len(values)), key=lambda at: len(values[at]))
        right.update(chosen if definition.leaves(values, shortest) else ())
    every = [one for name, some in options.items() if name in definition.indicators for one in some]
    wrong = tuple(one for one in every if one not in right)
    believed = right or set(every)
    for one in wrong if right else printed[0]:  # if no choice holds, the total or the rate is called wrong beside the others
        yield Contradiction(one, tuple(other for other in every if other in believed and other.indicator != one.indicator), wrong)


def _leaks(kept: Sequence[Statement], ties: Sequence[Definition]) -> Iterator[Leak]:
    """Find the withheld counts of which another document, or a definition, leaves fewer values than the sign."""
    known = {name: some[0] for name, some in _tightest(kept).items()}
    for sign in (one for one in kept if one.printed.withheld):
        others = (one for one in kept if one.indicator == sign.indicator)
        reasons = [Reason(meet(sign.values, other.values), (other,)) for other in others]
        for tie in (tie for tie in ties if sign.indicator in tie.indicators):
            used = {name: known[name] for name in tie.indicators if name in known} | {sign.indicator: sign}
            left = tie.leaves(_values(tie, used), tie.indicators.index(sign.indicator))
            reasons.append(Reason(left, tuple(one for one in used.values() if one != sign), tie))
        narrowing = tuple(reason for reason in reasons if reason.left != sign.values)
        if narrowing:
            yield Leak(sign, reduce(meet, (reason.left for reason in narrowing)), narrowing)


def _values(definition: Definition, said: Mapping[str, Statement]) -> list[range]:
    return [said[name].values if name in said else UNKNOWN for name in definition.indicators]
