"""What a release of `openbaar` hides and rounds, how far that is from the truth, and what bounds one count.

Put here: adding it up. Keep out: printing it (`console_protection.py`).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from orchestration.publication.disclosure import estimate, facts, proof
from orchestration.publication.disclosure.alternatives import Cell, Fact
from orchestration.publication.disclosure.facts import REGIO
from orchestration.publication.disclosure.protect import View
from orchestration.publication.disclosure.signs import Sign


@dataclass
class Loss:
    """What readers of some counts lose.

    Args:
        signs: How many counts are shown how.
        away: By how many counts that are rounded differ from the truth, together.
        near: How many rounded counts differ by five or less.
    """

    signs: Counter[Sign]
    away: int = 0
    near: int = 0

    @property
    def rounded(self) -> int:
        """How many counts are rounded."""
        return self.signs[Sign.ROUNDED]


def losses(views: Iterable[View]) -> dict[str, Loss]:
    """Return the loss of indicators, of breakdowns, and of the regio."""
    found = {name: Loss(Counter()) for name in ("cijfers", "uitsplitsingen", "regio")}
    for view in views:
        for cell, shown in view.shown.items():
            loss = found["regio" if cell.gemeente_code == REGIO else "uitsplitsingen" if cell.uitsplitsing else "cijfers"]
            if shown.sign is Sign.ABSENT or not (view.values[cell] or not cell.uitsplitsing):
                continue
            loss.signs[shown.sign] += 1
            if shown.sign is Sign.ROUNDED and shown.number is not None:
                away = abs(shown.number - view.values[cell])
                loss.away += away
                loss.near += away <= 5
    return found


@dataclass(frozen=True)
class Explanation:
    """What is public of one count.

    Args:
        said: The least and the most that its own row says.
        left: The least and the most that all definitions leave.
        because: The definitions that say more than the row.
        others: Values that it has in alternatives.
    """

    cell: Cell
    sign: Sign
    said: tuple[int, int]
    left: tuple[int, int]
    because: tuple[Fact, ...]
    others: tuple[int, ...]


def explain(public: Path, private: Path, name: str) -> Explanation | None:
    """Explain one count of a release; None if the release has no such count.

    Args:
        public: The folder of its public files.
        private: The folder of its proof.
        name: The count, as `2024-2025/0147/absoluut_verzuim`.

    Raises:
        ProofError: There is no proof, or the memory of earlier releases was altered.
    """
    for year in proof.evidence(public, private):
        cell = next((cell for cell in year.view.values if str(cell) == name), None)
        if cell is None:
            continue
        block = year.view.block(facts.block_of(cell.indicator, cell.uitsplitsing))
        shown = year.view.shown[cell]
        if cell not in block.cells:
            return Explanation(cell, shown.sign, shown.said, shown.said, (), ())
        number = block.cells.index(cell)
        low, high, because = estimate.narrow(block)[number]
        here = {other: place for place, other in enumerate(block.cells)}
        moved = [{here[other]: value for other, value in moves.items()} for moves in year.alternatives if moves.keys() <= here.keys()]
        others = sorted({with_sums[number] for moves in moved if number in (with_sums := block.with_sums(moves))})
        return Explanation(cell, shown.sign, shown.said, (low, high), tuple(because), tuple(others))
    return None
