"""One delivery: its files → Parquet of typed rows and of rejected ones, and the counts. Paths in, files and a plain result out.

Put here: reading the files of an entiteit one after the other into one set of rows. Keep out: the verdict, the ledger and where files end
up in the lake: this module can run in a process of its own.
"""

from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from expectations import contract as contracts
from expectations.contract import Entity
from orchestration.deliveries import quarantine
from orchestration.deliveries.columns import Horizon
from orchestration.deliveries.duplicates import Seen, resolve
from orchestration.deliveries.manifest import ListedFile, Manifest, presence_fault
from orchestration.deliveries.pseudonym import Pseudonymiser
from orchestration.deliveries.quarantine import Rejected
from orchestration.deliveries.readers import Reading, open_file
from orchestration.deliveries.readers.batch import has_few_values
from orchestration.deliveries.reasons import Refusal
from orchestration.deliveries.rows import RowReader, TypedBatch

BATCH = 100_000
TIMEZONE = ZoneInfo("Europe/Amsterdam")


@dataclass(frozen=True)
class FileResult:
    """What reading one file found.

    Args:
        rijen: Its records; None when they could not be counted.
        unknown: How many of its columns the contract does not know.
        fault: Why it cannot be taken, if so.
    """

    file: ListedFile
    rijen: int | None
    unknown: int
    fault: Refusal | None


@dataclass(frozen=True)
class EntityResult:
    """What became of the rows of one entiteit; a path is None where there are no such rows."""

    entiteit: str
    gelezen: int
    geladen: int
    herhaald: int
    rejected: dict[str, int]
    unknown: int
    rows: Path | None
    quarantine: Path | None


@dataclass(frozen=True)
class Parsed:
    """A delivery that was read; an entiteit of which a file is at fault has no result."""

    files: tuple[FileResult, ...]
    entities: tuple[EntityResult, ...]


def parse(folder: Path, manifest: Manifest, entities: tuple[str, ...], key: bytes, out: Path) -> Parsed:
    """Read some entiteiten of a delivery.

    Args:
        folder: Where its files are.
        manifest: Which files, and their kennisdatum.
        entities: Which entiteiten to read.
        key: The secret key of the pseudonyms.
        out: An empty folder for the result.
    """
    contract = contracts.load(manifest.bron)
    horizon = Horizon.of(local_day(manifest.instant).date())
    pseudonymiser = Pseudonymiser(key)
    files: list[FileResult] = []
    results: list[EntityResult] = []
    for name in entities:
        reader = RowReader(contract, contract.entities[name], horizon, pseudonymiser)
        rows = _Rows(reader, out)
        with closing(rows):
            found = [rows.read(folder / file.naam, file) for file in manifest.of_entity(name)]
        files += found
        if not any(result.fault for result in found):
            results.append(rows.finish(sum(result.unknown for result in found)))
    return Parsed(tuple(files), tuple(results))


def local_day(instant: datetime) -> datetime:
    """An instant as the clocks in the Netherlands show it."""
    return instant.astimezone(TIMEZONE)


@dataclass
class _Span:
    """The rows of one file among those of its entiteit."""

    reading: Reading
    start: int
    end: int


class _Rows:
    """The rows of one entiteit, while its files are read."""

    def __init__(self, reader: RowReader, out: Path) -> None:
        self._reader = reader
        self._entity = reader.entity
        self._path = out / f"{reader.entity.name}.rijen.parquet"
        self._quarantine = out / f"{reader.entity.name}.quarantaine.parquet"
        self._writer = _Writer(self._path, self._entity)
        self._seen = Seen(self._entity)
        self._rejected: list[Rejected] = []
        self._spans: list[_Span] = []
        self._count = 0

    def read(self, path: Path, file: ListedFile) -> FileResult:
        """Read one file to its end."""
        if fault := presence_fault(path):
            return FileResult(file, None, 0, fault)
        start = self._count
        try:
            reading = open_file(path, self._reader.contract, self._entity, file.blad)
            for batch in reading.batches():
                if not reading.missing:
                    self._take(self._reader.read(batch, file.naam))
                self._count += batch.rows
        except Refusal as unreadable:
            return FileResult(file, None, 0, unreadable)
        self._spans.append(_Span(reading, start, self._count))
        fault = reading.lacks_column() if reading.missing else None
        return FileResult(file, self._count - start, reading.unknown, fault)

    def close(self) -> None:
        """No more files follow."""
        self._writer.close()

    def finish(self, unknown: int) -> EntityResult:
        """Settle the doubles, and write what was rejected.

        Args:
            unknown: How many columns the contract does not know.
        """
        doubles = resolve(self._seen, self._path, self._rejected)
        rejected = self._rejected + doubles.rejected
        dropped = doubles.repeated | {row.position for row in doubles.rejected}
        if dropped:
            self._drop(dropped)
        if rejected:
            self._find_lines(rejected)
            quarantine.write(rejected, self._quarantine)
        loaded = self._writer.rows - len(dropped)
        return EntityResult(
            entiteit=self._entity.name,
            gelezen=self._count,
            geladen=loaded,
            herhaald=len(doubles.repeated),
            rejected=dict(sorted(Counter(row.code for row in rejected).items())),
            unknown=unknown,
            rows=self._path if loaded else None,
            quarantine=self._quarantine if rejected else None,
        )

    def _take(self, typed: TypedBatch) -> None:
        good = typed.faults.good
        self._seen.add(typed.table, good)
        self._rejected += quarantine.collect(
            typed, self._entity, self._reader.pseudonymiser, self._count, restores_zeros=self._reader.contract.restores_zeros
        )
        self._writer.write(typed.table if good.all() else typed.table.filter(pa.array(good)))

    def _drop(self, positions: set[int]) -> None:
        """Write the rows again without some of them."""
        loaded = np.flatnonzero(np.concatenate(self._seen.loaded))
        keep = ~np.isin(loaded, np.fromiter(positions, np.int64, len(positions)))
        whole = self._path.with_suffix(".heel")
        self._path.rename(whole)
        start = 0
        with closing(_Writer(self._path, self._entity)) as writer:
            for batch in pq.ParquetFile(whole).iter_batches(batch_size=BATCH):
                writer.write(pa.table(batch.filter(pa.array(keep[start : start + batch.num_rows]))))
                start += batch.num_rows
        whole.unlink()

    def _find_lines(self, rejected: list[Rejected]) -> None:
        for span in self._spans:
            rows = [row for row in rejected if span.start <= row.position < span.end]
            lines = span.reading.lines([row.rijnummer for row in rows]) if rows else {}
            for row in rows:
                row.regel = lines.get(row.rijnummer)


class _Writer:
    """Writes rows to Parquet on another thread, so that the next batch is read meanwhile."""

    def __init__(self, path: Path, entity: Entity) -> None:
        few = [column.lake_name for column in entity.columns if column.lake_name and has_few_values(column)]
        self._parquet = pq.ParquetWriter(path, entity.lake_schema, compression="snappy", use_dictionary=cast(Any, [*few, "bestand"]))
        self._thread = ThreadPoolExecutor(max_workers=1)
        self._last: Future[None] | None = None
        self.rows = 0

    def write(self, table: pa.Table) -> None:
        """Add rows; waits for those before them, so that no more than two batches are held."""
        self._settle()
        if table.num_rows:
            self.rows += table.num_rows
            self._last = self._thread.submit(self._parquet.write_table, table)

    def close(self) -> None:
        """Finish the file."""
        try:
            self._settle()
        finally:
            self._thread.shutdown()
            self._parquet.close()

    def _settle(self) -> None:
        if self._last is not None:
            self._last.result()
            self._last = None
