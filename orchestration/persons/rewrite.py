"""Writes the rows of deliveries again, without some rows or under other pseudonyms, as part of one change of the lake.

A file of rows never changes: another one with another name takes its place, and the entries that named the old one name the new one, with
its hash, the counts of what is left, and the reason.

Put here: files of rows and their entries. Keep out: which rows (`erase.py`, `purge.py`), and other pseudonyms (`rotate.py`).
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from orchestration import parquet_file
from orchestration.change import Change
from orchestration.deliveries import ledger, quarantine
from orchestration.deliveries.ledger import LedgerEntity, LedgerEntry, Rewriting
from orchestration.deliveries.parse import BATCH, rows_writer
from orchestration.lake import Lake
from orchestration.lake.files import digest
from orchestration.lake.paths import EMPTY
from orchestration.persons.identity import Place, entity_at

ROWS, REJECTED = "rijen", "quarantaine"
KEY_LENGTH = 40

Renewed = Callable[[str, Place, pa.Table], pa.Table]
"""Called with the kind of rows (`rijen` or `quarantaine`), their place and some of them; returns what is left, in the same schema."""


@dataclass(frozen=True)
class File:
    """What became of a file of rows.

    Args:
        name: Its new name; None if no row is left.
        sha256: Its new hash.
        gone: The number of rows that are gone, by reason code for rejected rows and '' otherwise.
        warnings: The number of warnings in them, by code.
    """

    name: str | None
    sha256: str | None
    gone: Counter[str]
    warnings: Counter[str]


@dataclass
class Rewriter:
    """Writes files again, each once, though several deliveries share it.

    Args:
        lake: The lake.
        change: The change that it is part of.
        renewed: What becomes of rows.
        touches: Whether a file must be written again at all.
    """

    lake: Lake
    change: Change
    renewed: Renewed
    touches: Callable[[str, Place, Path], bool]
    _files: dict[tuple[str, str], File | None] = field(default_factory=dict)

    def entries(self, entries: Iterable[LedgerEntry], why: Rewriting) -> list[LedgerEntry]:
        """Write all files of some deliveries again, and their entries; return the entries that changed."""
        changed = []
        for entry in entries:
            parts = tuple(self._part(entry.bron, part) for part in entry.entiteiten)
            if parts == entry.entiteiten:
                continue
            before, after = (sum(part.geladen for part in parts) for parts in (entry.entiteiten, parts))
            rejected = sum(part.afgewezen for part in entry.entiteiten) - sum(part.afgewezen for part in parts)
            reason = why.model_copy(update={"rijen": before - after, "afgewezen": rejected})
            changed.append(entry.model_copy(update={"entiteiten": parts, "herschreven": (*entry.herschreven, reason)}))
        return changed

    def commit(self, entries: Iterable[LedgerEntry], changed: Sequence[LedgerEntry]) -> None:
        """Make the entries that changed, and the removal of every file that no entry names any more, part of the change.

        Args:
            entries: All entries of the lake, as they are.
            changed: Those that change, as they become.
        """
        for entry in changed:
            self.change.put(self.lake.ledger / entry.bron / entry.file, ledger.as_bytes(entry))
        become = {(entry.bron, entry.file): entry for entry in entries} | {(entry.bron, entry.file): entry for entry in changed}
        for zone, kind in ((self.lake.rows, ROWS), (self.lake.quarantine, REJECTED)):
            named = {getattr(part, kind) for entry in become.values() for part in entry.entiteiten}
            for path in zone.rglob("*"):
                if path.is_file() and path.name != EMPTY and path.relative_to(zone).as_posix() not in named:
                    self.change.remove(path)  # also what an interrupted night left

    def _part(self, bron: str, part: LedgerEntity) -> LedgerEntity:
        place = (bron, part.entiteit)
        update: dict[str, Any] = {}
        if part.rijen and (file := self._file(ROWS, place, part.rijen)):
            gone = file.gone.total()
            update |= {"rijen": file.name, "rijen_sha256": file.sha256, "geladen": part.geladen - gone}
            update |= {"waarschuwingen_van_rijen": _less(part.waarschuwingen_van_rijen, file.warnings)}
        if part.quarantaine and (file := self._file(REJECTED, place, part.quarantaine)):
            gone = file.gone.total()
            update |= {"quarantaine": file.name, "quarantaine_sha256": file.sha256, "afgewezen": part.afgewezen - gone}
            update |= {"afgewezen_per_code": _less(part.afgewezen_per_code, file.gone)}
        counted = update.get("geladen", part.geladen) + update.get("afgewezen", part.afgewezen) + part.herhaald
        return part.model_copy(update=update | {"gelezen": counted}) if update else part

    def _file(self, kind: str, place: Place, name: str) -> File | None:
        """Return what becomes of a file; None if it stays."""
        if (kind, name) not in self._files:
            zone = self.lake.rows if kind == ROWS else self.lake.quarantine
            path = zone / name
            must = path.is_file() and self.touches(kind, place, path)
            self._files[kind, name] = self._rewritten(kind, place, zone, name) if must else None
        return self._files[kind, name]

    def _rewritten(self, kind: str, place: Place, zone: Path, name: str) -> File:
        target = zone / Path(name).with_name(f"{hashlib.sha256(f'{name} {self.change.name}'.encode()).hexdigest()[:KEY_LENGTH]}.parquet")
        staged = self.change.scratch(target)
        gone: Counter[str] = Counter()
        warnings: Counter[str] = Counter()
        left = 0
        with _writer(kind, place, staged) as writer:
            for batch in parquet_file.opened(zone / name).iter_batches(batch_size=BATCH):
                before = _conformed(kind, place, pa.table(batch))
                after = self.renewed(kind, place, before)
                gone += _codes(kind, before) - _codes(kind, after)
                warnings += _warnings(before) - _warnings(after)
                left += after.num_rows
                if after.num_rows:
                    writer.write_table(after)
        if not left:
            return File(None, None, gone, warnings)
        self.change.place(staged, target)
        return File(target.relative_to(zone).as_posix(), digest(staged), gone, warnings)


def _writer(kind: str, place: Place, path: Path) -> Any:
    return rows_writer(path, entity_at(place)) if kind == ROWS else quarantine.writer(path)


def _conformed(kind: str, place: Place, table: pa.Table) -> pa.Table:
    """Return rows in the schema of today: a column that was added since is null, as the warehouse reads it."""
    schema = entity_at(place).lake_schema if kind == ROWS else quarantine.SCHEMA
    columns = [table[field.name] if field.name in table.column_names else pa.nulls(table.num_rows, field.type) for field in schema]
    return pa.table(columns, schema=schema)


def _codes(kind: str, table: pa.Table) -> Counter[str]:
    return Counter(map(str, table["code"].to_pylist()) if kind == REJECTED else [""] * table.num_rows)


def _warnings(table: pa.Table) -> Counter[str]:
    if "waarschuwingen" not in table.column_names:
        return Counter()
    return Counter(code for codes in table["waarschuwingen"].to_pylist() for code in codes or ())


def _less(counts: dict[str, int], gone: Counter[str]) -> dict[str, int]:
    """Return what is left of counts by code, without the codes of which nothing is left."""
    return {code: count - gone[code] for code, count in counts.items() if count > gone[code]}
