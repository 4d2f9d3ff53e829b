"""Duplicate keys within one delivery.

Put here: finding them, and the choice between `herhaald` (equal in all columns of the lake: one is loaded) and `sleutel_dubbel` (different:
none is loaded). Keep out: versions of a record in several deliveries (dbt). Of each row an 8-byte hash is kept in memory; only rows with a
repeated hash are read back from the Parquet file that was just written.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa

from expectations.contract import Entity
from orchestration import parquet_file
from orchestration.deliveries.arrow import pc
from orchestration.deliveries.quarantine import PERSON, Rejected, digest
from orchestration.scrub import printable

AT_ONCE = 2_000_000  # hashes that are sorted together
MIX = np.int64(-7046029254386353131)  # an odd number: spreads the moments over 64 bits


@dataclass
class KeyIndex:
    """The key hashes of all rows of an entiteit, in the order of the delivery."""

    entity: Entity
    hashes: list[np.ndarray] = field(default_factory=list)
    readable: list[np.ndarray] = field(default_factory=list)
    loaded: list[np.ndarray] = field(default_factory=list)

    def add(self, table: pa.Table, good: np.ndarray) -> None:
        """Add the rows of a batch.

        Args:
            table: All its rows, typed.
            good: Mask of the rows that are loaded.
        """
        keys = table.column("sleutel")
        moments = table.column("mutatiemoment").cast(pa.int64())
        known = pc.is_valid(keys)
        if self.entity.mutation_moment:
            known = pc.and_(known, pc.is_valid(moments))
        hashed = np.fromiter(map(hash, keys.to_pylist()), np.int64, len(keys))
        self.hashes.append(hashed ^ (pc.fill_null(moments, 0).to_numpy() * MIX))
        self.readable.append(known.to_numpy())
        self.loaded.append(good)

    def suspects(self) -> np.ndarray:
        """Return the positions of rows with a repeated hash. Some million hashes are sorted at a time, which takes little more memory."""
        parts = 1 << (sum(map(len, self.hashes)) // AT_ONCE).bit_length()
        double = np.concatenate([self._repeated(part, parts) for part in range(parts)])
        found, start = [np.empty(0, dtype=np.int64)], 0
        for hashes, readable in zip(self.hashes if len(double) else [], self.readable, strict=False):
            found.append(np.flatnonzero(readable & np.isin(hashes, double)) + start)
            start += len(hashes)
        return np.concatenate(found)

    def _repeated(self, part: int, parts: int) -> np.ndarray:
        """Return the repeated hashes among those whose lowest bits are the number of the part."""
        chosen = [np.empty(0, dtype=np.int64)]
        for hashes, readable in zip(self.hashes, self.readable, strict=True):
            mine = readable & ((hashes & (parts - 1)) == part) if parts > 1 else readable
            chosen.append(hashes if mine.all() else hashes[mine])
        ordered = np.sort(np.concatenate(chosen))
        return np.asarray(ordered[1:][ordered[1:] == ordered[:-1]])


@dataclass(frozen=True)
class Duplicates:
    """The loaded rows to drop.

    Args:
        repeated: Positions of rows that repeat an earlier one.
        rejected: Rows that share their key with a different row.
    """

    repeated: set[int]
    rejected: list[Rejected]


def resolve(keys: KeyIndex, staged: Path, rejected: Iterable[Rejected]) -> Duplicates:
    """Find the rows to drop for their key.

    Args:
        keys: The keys of the delivery.
        staged: Parquet file of the rows to load.
        rejected: Rows rejected so far; one that shares its key with a different row gets the code `sleutel_dubbel` instead.
    """
    suspects = keys.suspects()
    if not len(suspects):
        return Duplicates(set(), [])
    groups: dict[tuple[str | None, int | None], list[Rejected]] = defaultdict(list)
    loaded = np.concatenate(keys.loaded)
    candidates = read_loaded(keys.entity, staged, suspects[loaded[suspects]], np.cumsum(loaded) - 1)
    suspected = set(suspects.tolist())
    already = [row for row in rejected if row.position in suspected]
    for row in sorted([*candidates, *already], key=lambda row: row.position):
        groups[row.sleutel, row.moment].append(row)
    fresh = {row.position for row in candidates}
    repeated: set[int] = set()
    moved: list[Rejected] = []
    for group in groups.values():
        if len(group) > 1 and len({row.content for row in group}) == 1:
            repeated.update(row.position for row in group[1:] if row.position in fresh)
        elif len(group) > 1:
            for row in group:
                _reject(row, keys.entity)
            moved += [row for row in group if row.position in fresh]
    return Duplicates(repeated, moved)


def _reject(row: Rejected, entity: Entity) -> None:
    row.code = "sleutel_dubbel"
    row.kolom = "|".join(column.header for column in entity.key)
    row.waarde = printable(row.sleutel or "")


def read_loaded(entity: Entity, staged: Path, positions: np.ndarray, place_in_file: np.ndarray) -> list[Rejected]:
    """Read loaded rows back from the staged file, as candidates for rejection.

    Args:
        entity: Their entiteit.
        staged: The file.
        positions: Their positions among all rows of the delivery.
        place_in_file: The place of each row of the delivery in the file.
    """
    if not len(positions):
        return []
    places = place_in_file[positions]
    kept = [column.lake_name for column in entity.columns if column.lake_name]
    found: list[Rejected] = []
    start = 0
    for batch in parquet_file.opened(staged).iter_batches():
        inside = (places >= start) & (places < start + batch.num_rows)
        if inside.any():
            rows = batch.take(pa.array(places[inside] - start))
            found += _candidates(rows, kept, positions[inside].tolist())
        start += batch.num_rows
    return found


def _candidates(rows: pa.RecordBatch, kept: list[str], positions: list[int]) -> list[Rejected]:
    texts = [rows.column(name).cast(pa.string()) for name in kept]
    contents = pc.binary_join_element_wise(*texts, "\x1f", null_handling="replace", null_replacement="\x00").to_pylist()
    moments = rows.column("mutatiemoment").cast(pa.int64()).to_pylist()
    about = zip(positions, *(rows.column(name).to_pylist() for name in ("bestand", "rijnummer", "sleutel")), moments, contents, strict=True)
    persons = rows.select([name for name in PERSON if name in rows.schema.names]).to_pylist()
    return [
        Rejected(position, bestand, rijnummer, "", "", "", sleutel, moment, digest(content), **(persons[number] if persons else {}))
        for number, (position, bestand, rijnummer, sleutel, moment, content) in enumerate(about)
    ]
