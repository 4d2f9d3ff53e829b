"""Which known records a full register does not hold any more, so that they end.

Put here: the keys known at a moment, and their comparison with a register. Keep out: the share that may end (`verdict.py`). Which records
exist is decided by the macro `versies`; this counts the same records, from the column `sleutel` alone. The keys of a national register are
compared a part at a time, so that memory does not grow with them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from orchestration import parquet_file
from orchestration.deliveries.arrow import pc
from orchestration.deliveries.ledger import LedgerEntity, LedgerEntry
from orchestration.lake import Lake

AT_ONCE = 4_000_000  # keys that are compared together: some 100 bytes each
BATCH = 1_000_000


@dataclass(frozen=True)
class Ending:
    """How many records were known, and how many of them end."""

    known: int
    ends: int


def compare(lake: Lake, earlier: Sequence[LedgerEntry], entiteit: str, register: Iterable[Path]) -> Ending:
    """Compare a full register with the records known before it.

    Args:
        lake: The lake of the earlier deliveries.
        earlier: The accepted deliveries before the register, in order.
        entiteit: The entiteit.
        register: The files with the register's rows and with its rejected rows: a record in a rejected row still exists.
    """
    since, before, rejected = _sources(lake, earlier, entiteit)
    files = [*since, *before, *register]
    parts = 1 + sum(parquet_file.opened(path).metadata.num_rows for path in files) // AT_ONCE
    known = ends = 0
    for part in range(parts):
        keys = _known(since, before, rejected, part, parts)
        known += len(keys)
        ends += len(keys) - (pc.sum(pc.is_in(keys, value_set=_keys(register, part, parts))).as_py() or 0)
    return Ending(known, ends)


def _sources(lake: Lake, earlier: Sequence[LedgerEntry], entiteit: str) -> tuple[list[Path], list[Path], list[Path]]:
    """Return the files of the last full register and of what came since, of what came before, and of the register's rejected rows.

    The records that exist are in the first, or in a rejected row of the register and in a row from before it.
    """
    having = [entry for entry in earlier if entry.entity(entiteit)]
    parts = [part for entry in having if (part := entry.entity(entiteit))]
    last = max((place for place, entry in enumerate(having) if entry.aard == "volledig"), default=None)
    if last is None or not (quarantine := parts[last].quarantaine):
        return _rows(lake, parts[last or 0 :]), [], []
    return _rows(lake, parts[last:]), _rows(lake, parts[:last]), [lake.quarantine / quarantine]


def _known(since: list[Path], before: list[Path], rejected: list[Path], part: int, parts: int) -> Any:
    keys = _keys(since, part, parts)
    if not rejected:
        return keys
    return pc.unique(pa.chunked_array([keys, _keys(before, part, parts, _keys(rejected, part, parts))]))


def _rows(lake: Lake, parts: Iterable[LedgerEntity]) -> list[Path]:
    """Return the files with the rows of these deliveries, each once: equal deliveries share a file."""
    return [lake.rows / name for name in dict.fromkeys(part.rijen for part in parts) if name]


def _keys(files: Iterable[Path], part: int, parts: int, wanted: Any = None) -> Any:
    """Return the distinct keys of a part in files; with `wanted` only those that are among these."""
    found: list[Any] = [pa.array([], pa.string())]
    for path in files:
        for batch in parquet_file.opened(path).iter_batches(batch_size=BATCH, columns=["sleutel"]):
            keys = batch.column("sleutel").drop_null()
            if parts > 1:
                keys = keys.filter(pa.array(_part_of(keys, parts) == part))
            found.append(keys if wanted is None else keys.filter(pc.is_in(keys, value_set=wanted)))
    return pc.unique(pa.chunked_array(found))


def _part_of(keys: Any, parts: int) -> np.ndarray:
    """Return of each key its part: by its first and its last byte, of which one varies (a pseudonym, a number)."""
    offsets = np.frombuffer(keys.buffers()[1], np.int32, len(keys) + 1, 4 * keys.offset)
    content = np.frombuffer(keys.buffers()[2] or b"\0", np.uint8)
    begin, end = (np.clip(places, 0, len(content) - 1) for places in (offsets[:-1], offsets[1:] - 1))
    return np.asarray((content[begin].astype(np.int64) + content[end]) % parts)
