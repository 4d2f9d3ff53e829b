"""Completes breakdowns where zeros are withheld: a value without a row would tell that it is 0.

In `intern` a breakdown has a row for each value that is counted in any schooljaar. Here each breakdown that the release
has of anything, it gets of every indicator that has it, in every gemeente and schooljaar that has the indicator; with a row for every value
that the gemeente has in that schooljaar in any breakdown of that kind. So what is not there tells what everybody may know: that of this
gemeente nothing at all has that value.

Put here: adding rows of 0. Keep out: hiding them (`suppress.py`, `mask.py`).
"""

from collections.abc import Sequence
from typing import Any

from orchestration.publication.disclosure.mask import numbers

Rows = list[dict[str, Any]]
PLACE = ("schooljaar", "gemeente_code")


def complete(kerncijfers: Rows, uitsplitsingen: Rows, indicators: Sequence[dict[str, Any]]) -> Rows:
    """Add the rows that breakdowns lack.

    Args:
        kerncijfers: The exact figures.
        uitsplitsingen: Their breakdowns.
        indicators: The rows of `indicatoren`, for the order of the rows.

    Returns:
        The breakdowns, each with a row for each value, in the order of the release.
    """
    kinds = dict.fromkeys((row["indicator"], row["uitsplitsing"]) for row in uitsplitsingen)
    values: dict[tuple[str, ...], dict[str, None]] = {}
    for row in uitsplitsingen:
        values.setdefault((*(row[name] for name in PLACE), row["uitsplitsing"]), {})[row["uitsplitsing_waarde"]] = None
    found = {_key(row): row for row in uitsplitsingen}
    for whole in [row for row in kerncijfers if row["waarde"] is not None]:
        for uitsplitsing in [kind for indicator, kind in kinds if indicator == whole["indicator"]]:
            for value in values.get((*(whole[name] for name in PLACE), uitsplitsing), ()):
                row = whole | dict.fromkeys(numbers()) | {"uitsplitsing": uitsplitsing, "uitsplitsing_waarde": value, "waarde": 0}
                found.setdefault(_key(row), row)
    order = {row["indicator"]: row["volgorde"] for row in indicators}
    return sorted(found.values(), key=lambda row: (*(row[name] for name in PLACE), order[row["indicator"]], *_key(row)[3:]))


def _key(row: dict[str, Any]) -> tuple[str, ...]:
    return tuple(row[name] for name in (*PLACE, "indicator", "uitsplitsing", "uitsplitsing_waarde"))
