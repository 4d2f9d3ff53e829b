"""One delivery: its files → Parquet of typed rows and of rejected ones, and the counts. An order in, files and a plain result out.

Put here: reading the files of an entiteit one after the other into one set of rows. Keep out: the verdict, the ledger and where files end
up in the lake: this module runs in a process of its own (`process.py`, `worker.py`), which is given all that it needs in the order.
"""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from expectations.contract import Contract, Entity
from orchestration.deliveries import quarantine
from orchestration.deliveries.checks import ROW_WARNINGS
from orchestration.deliveries.columns import Horizon
from orchestration.deliveries.duplicates import Seen, resolve
from orchestration.deliveries.manifest import ListedFile, presence_fault
from orchestration.deliveries.pseudonym import Pseudonymiser
from orchestration.deliveries.quarantine import Rejected
from orchestration.deliveries.readers import Reading, open_file
from orchestration.deliveries.readers.batch import has_few_values
from orchestration.deliveries.reasons import Refusal
from orchestration.deliveries.rows import RowReader, TypedBatch

BATCH = 100_000
TIMEZONE = ZoneInfo("Europe/Amsterdam")

Progress = Callable[[ListedFile], None]


@dataclass(frozen=True)
class Order:
    """What to read.

    Args:
        folder: Where the files are.
        contract: What their bron delivers.
        entities: Which entiteiten to read.
        files: The files of those entiteiten, in the order in which they are read.
        instant: The kennisdatum.
        key: The secret key of the pseudonyms; not used for counting.
        out: An empty folder for the rows; None to count records only.
        max_bytes: What a workbook may unpack to.
    """

    folder: Path
    contract: Contract
    entities: tuple[str, ...]
    files: tuple[ListedFile, ...]
    instant: datetime
    key: bytes
    out: Path | None
    max_bytes: int


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
    warned: dict[str, int]
    unknown: int
    rows: Path | None
    quarantine: Path | None


@dataclass(frozen=True)
class Parsed:
    """A delivery that was read; an entiteit of which a file is at fault has no result."""

    files: tuple[FileResult, ...]
    entities: tuple[EntityResult, ...]


def parse(order: Order, told: Progress = lambda _file: None) -> Parsed:
    """Read some entiteiten of a delivery.

    Args:
        order: What to read.
        told: Hears of each file before it is opened.
    """
    if order.out is None:
        return Parsed(tuple(_count(order, file, told) for file in order.files), ())
    horizon = Horizon.of(local_day(order.instant).date())
    pseudonymiser = _pseudonymiser(order.key)
    files: list[FileResult] = []
    results: list[EntityResult] = []
    for name in order.entities:
        reader = RowReader(order.contract, order.contract.entities[name], horizon, pseudonymiser)
        rows = _Rows(reader, order.out, order.max_bytes)
        found = []
        with closing(rows):
            for file in (file for file in order.files if file.entiteit == name):
                told(file)
                found.append(rows.read(order.folder / file.naam, file))
        files += found
        if not any(result.fault for result in found):
            results.append(rows.finish(sum(result.unknown for result in found)))
    return Parsed(tuple(files), tuple(results))


@lru_cache(maxsize=1)
def _pseudonymiser(key: bytes) -> Pseudonymiser:
    """One for all that this process reads: of 200,000 jongeren in a register nearly all were in the one before it."""
    return Pseudonymiser(key)


def _count(order: Order, file: ListedFile, told: Progress) -> FileResult:
    told(file)
    path = order.folder / file.naam
    if fault := presence_fault(path, order.max_bytes):
        return FileResult(file, None, 0, fault)
    try:
        reading = open_file(path, order.contract, order.contract.entities[file.entiteit], file.blad, order.max_bytes)
        rows = sum(batch.rows for batch in reading.batches())
    except Refusal as unreadable:
        return FileResult(file, _none_in(path), 0, unreadable)
    return FileResult(file, rows, reading.unknown, reading.lacks_column() if reading.missing else None)


def _none_in(path: Path) -> int | None:
    """Of an unreadable file only this is known: one of no bytes has no records."""
    return None if path.stat().st_size else 0


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

    def __init__(self, reader: RowReader, out: Path, max_bytes: int) -> None:
        self._reader = reader
        self._max_bytes = max_bytes
        self._entity = reader.entity
        self._path = out / f"{reader.entity.name}.rijen.parquet"
        self._quarantine = out / f"{reader.entity.name}.quarantaine.parquet"
        self._writer = _Writer(self._path, self._entity)
        self._seen = Seen(self._entity)
        self._rejected: list[Rejected] = []
        self._warned: list[np.ndarray] = []
        self._spans: list[_Span] = []
        self._count = 0

    def read(self, path: Path, file: ListedFile) -> FileResult:
        """Read one file to its end."""
        if fault := presence_fault(path, self._max_bytes):
            return FileResult(file, None, 0, fault)
        start = self._count
        try:
            reading = open_file(path, self._reader.contract, self._entity, file.blad, self._max_bytes)
            for batch in reading.batches():
                if not reading.missing:
                    self._take(self._reader.read(batch, file.naam))
                self._count += batch.rows
        except Refusal as unreadable:
            return FileResult(file, _none_in(path), 0, unreadable)
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
            warned=self._count_warnings(dropped),
            unknown=unknown,
            rows=self._path if loaded else None,
            quarantine=self._quarantine if rejected else None,
        )

    def _take(self, typed: TypedBatch) -> None:
        good = typed.faults.good
        self._seen.add(typed.table, good)
        self._warned.append(np.where(good, typed.warnings, 0).astype(np.uint8))
        self._rejected += quarantine.collect(
            typed, self._entity, self._reader.pseudonymiser, self._count, restores_zeros=self._reader.contract.restores_zeros
        )
        self._writer.write(typed.table if good.all() else typed.table.filter(pa.array(good)))

    def _count_warnings(self, dropped: set[int]) -> dict[str, int]:
        """The warnings of loaded rows that can be given while reading, by code."""
        if not self._warned:
            return {}
        bits = np.concatenate(self._warned)
        bits[np.fromiter(dropped, np.int64, len(dropped))] = 0
        counts = {code: int(np.count_nonzero(bits & (1 << bit))) for bit, code in enumerate(ROW_WARNINGS)}
        return {code: count for code, count in counts.items() if count}

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
