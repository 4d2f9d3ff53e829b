"""Which known records a full register does not hold any more, so that they end.

Put here: the keys known at a moment, and their comparison with a register. Keep out: the share that may end (`verdict.py`). Which records
exist is decided by the macro `versies`; this counts the same records, from the column `sleutel` alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from orchestration import parquet_file
from orchestration.deliveries.arrow import pc
from orchestration.deliveries.ledger import LedgerEntity, LedgerEntry
from orchestration.lake import Lake


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
    known = _known(lake, earlier, entiteit)
    still = pc.is_in(known, value_set=_keys(register))
    return Ending(len(known), len(known) - (pc.sum(still).as_py() or 0))


def _known(lake: Lake, earlier: Sequence[LedgerEntry], entiteit: str) -> Any:
    """Return the keys of the records that exist after these deliveries.

    They are in the last full register or in a mutatie since, or in a rejected row of that register and in a row from before it.
    """
    having = [entry for entry in earlier if entry.entity(entiteit)]
    parts = [part for entry in having if (part := entry.entity(entiteit))]
    last = max((place for place, entry in enumerate(having) if entry.aard == "volledig"), default=None)
    since = _keys(_rows(lake, parts[last or 0 :]))
    if last is None or not (quarantine := parts[last].quarantaine):
        return since
    before = _keys(_rows(lake, parts[:last]), _keys([lake.quarantine / quarantine]))
    return pc.unique(pa.chunked_array([since, before]))


def _rows(lake: Lake, parts: Iterable[LedgerEntity]) -> list[Path]:
    """Return the files with the rows of these deliveries, each once: equal deliveries share a file."""
    return [lake.rows / name for name in dict.fromkeys(part.rijen for part in parts) if name]


def _keys(files: Iterable[Path], wanted: Any = None) -> Any:
    """Return the distinct keys in files; with `wanted` only those that are among these."""
    found: list[Any] = [pa.array([], pa.string())]
    for path in files:
        keys = parquet_file.opened(path).read(columns=["sleutel"]).column("sleutel").combine_chunks()
        found.append(keys if wanted is None else keys.filter(pc.is_in(keys, value_set=wanted)))
    return pc.unique(pa.chunked_array(found)).drop_null()
