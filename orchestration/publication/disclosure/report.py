"""What a release of `openbaar` hides and rounds, how far that is from the truth, and what bounds one count.

Put here: adding it up. Keep out: printing it (`console_protection.py`).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from orchestration.publication.disclosure import estimate, facts
from orchestration.publication.disclosure.alternatives import Cell
from orchestration.publication.disclosure.proof import Evidence
from orchestration.publication.disclosure.signs import Sign

NEAR = 5


@dataclass
class Loss:
    """What readers of some counts lose: how many are shown how, how far the rounded ones are off together, and how many by 5 or less."""

    signs: Counter[Sign] = field(default_factory=Counter)
    away: int = 0
    near: int = 0


class Explanation(NamedTuple):
    """What is public of one count: how it is shown, what that says, what all definitions leave and which do, and its other values."""

    sign: Sign
    said: tuple[int, int]
    left: tuple[int, int]
    because: list[str]
    others: list[int]


def losses(years: Iterable[Evidence]) -> dict[str, Loss]:
    """Return the loss of indicators, of breakdowns (of counts above 0), and of the regio."""
    found = {name: Loss() for name in ("cijfers", "uitsplitsingen", "regio")}
    for view in (year.view for year in years):
        for cell, shown in view.shown.items():
            if shown.sign is Sign.ABSENT or (cell.uitsplitsing and not view.values[cell]):
                continue
            loss = found["regio" if cell.gemeente_code == facts.REGIO else "uitsplitsingen" if cell.uitsplitsing else "cijfers"]
            loss.signs[shown.sign] += 1
            if shown.sign is Sign.ROUNDED:
                away = abs((shown.number or 0) - view.values[cell])
                loss.away, loss.near = loss.away + away, loss.near + (away <= NEAR)
    return found


def explain(year: Evidence, cell: Cell) -> Explanation:
    """Say what is public of a count of a schooljaar."""
    shown, block = year.view.shown[cell], year.view.block(facts.block_of(cell.indicator, cell.uitsplitsing))
    if cell not in block.cells:
        return Explanation(shown.sign, shown.said, shown.said, [], [])
    places = {other: place for place, other in enumerate(block.cells)}
    low, high, because = estimate.narrow(block)[places[cell]]
    tables = (
        block.with_sums({places[other]: value for other, value in moves.items()})
        for moves in year.alternatives
        if moves.keys() <= places.keys()
    )
    others = sorted({table[places[cell]] for table in tables if places[cell] in table})
    known = ["het al eerder openbaar was"] if cell in year.view.known else []
    return Explanation(shown.sign, shown.said, (low, high), [*known, *(fact.because for fact in because)], others)
