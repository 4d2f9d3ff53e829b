"""Rows of one delivery that would close a circle: a number that is replaced by another, which is replaced …, by the first.

Put here: finding them, in the order of the files. Keep out: what several deliveries say together (dbt).
"""

from pathlib import Path

import numpy as np

from expectations.contract import Entity
from orchestration import parquet_file
from orchestration.deliveries.duplicates import read_loaded
from orchestration.deliveries.quarantine import Rejected
from orchestration.scrub import printable

CODE = "wijziging_in_kring"


def circles(entity: Entity, replaces: tuple[str, str], staged: Path, loaded: np.ndarray, dropped: set[int]) -> list[Rejected]:
    """Return the rows that close a circle with rows before them.

    Args:
        entity: The entiteit.
        replaces: Its column with the number that is replaced, and the one with the number that replaces it.
        staged: Parquet file of the rows to load.
        loaded: For each row of the delivery whether it is in that file.
        dropped: Positions of rows in it that are not loaded after all.
    """
    before, after = (str(column.lake_name) for name in replaces for column in entity.columns if column.name == name)
    rows = parquet_file.read(staged, columns=[before, after])
    pairs = zip(map(str, rows[before].to_pylist()), map(str, rows[after].to_pylist()), strict=True)
    next_of: dict[str, str] = {}
    closing = []
    for position, (old, new) in zip(np.flatnonzero(loaded).tolist(), pairs, strict=True):
        if position in dropped:
            continue
        if _leads_to(old, new, next_of):
            closing.append(position)
        else:
            next_of[old] = new
    found = read_loaded(entity, staged, np.array(closing, dtype=np.int64), np.cumsum(loaded) - 1)
    for row in found:
        row.code = CODE
        row.kolom = "|".join(column.header for column in entity.key)
        row.waarde = printable(row.sleutel or "")
    return found


def _leads_to(wanted: str, number: str, next_of: dict[str, str]) -> bool:
    """Return whether a number is, or is in the end replaced by, another one."""
    while number != wanted and number in next_of:
        number = next_of[number]
    return number == wanted
