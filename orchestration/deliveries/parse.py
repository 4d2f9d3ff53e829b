"""One delivery: its files → Parquet of typed rows, Parquet of rejected rows, and the counts.

Put here: reading the files of an entiteit one after the other into one set of rows. Keep out: the verdict, the ledger and the final place
of a file: this module runs in a process of its own (`process.py`, `worker.py`), and the request holds all that it needs.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa

from expectations import contract as contracts
from expectations.contract import Contract, Entity
from orchestration import parquet_file
from orchestration.deliveries import quarantine
from orchestration.deliveries.chains import circles
from orchestration.deliveries.checks import ROW_WARNINGS
from orchestration.deliveries.columns import Horizon
from orchestration.deliveries.duplicates import KeyIndex, resolve
from orchestration.deliveries.ledger import LedgerEntity
from orchestration.deliveries.manifest import ListedFile, Manifest, presence_fault
from orchestration.deliveries.pseudonym import Mark, Pseudonymiser
from orchestration.deliveries.quarantine import Rejected
from orchestration.deliveries.readers import Batch, Reading, open_file
from orchestration.deliveries.readers.batch import has_few_values
from orchestration.deliveries.reasons import Refusal
from orchestration.deliveries.rows import RowReader

BATCH = 100_000
MOST_NAMES = 20  # of unknown columns that are kept
TIMEZONE = ZoneInfo("Europe/Amsterdam")

Progress = Callable[[ListedFile], None]


@dataclass(frozen=True)
class ReadRequest:
    """The files to read.

    Args:
        folder: Their folder.
        contract: The contract of their bron.
        entities: The entiteiten to read.
        files: The files of those entiteiten, in reading order.
        instant: The kennisdatum.
        key: The secret key of the pseudonyms; not used to count.
        out: An empty folder for the rows; None to count records only.
        max_bytes: Limit of an unpacked workbook.
        barred: The marks of persons whose rows are left out and not counted.
        loose: The paths of files that are not in the folder, by name.
    """

    folder: Path
    contract: Contract
    entities: tuple[str, ...]
    files: tuple[ListedFile, ...]
    instant: datetime
    key: bytes
    out: Path | None
    max_bytes: int
    barred: tuple[Mark, ...] = ()
    loose: Mapping[str, Path] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        folder: Path,
        manifest: Manifest,
        entities: tuple[str, ...],
        out: Path | None,
        key: bytes,
        max_bytes: int,
        barred: tuple[Mark, ...] = (),
    ) -> "ReadRequest":
        """Return the request to read some entiteiten of a delivery."""
        files = tuple(file for name in entities for file in manifest.of_entity(name))
        return cls(folder, contracts.load(manifest.bron), entities, files, manifest.instant, key, out, max_bytes, barred)

    def path(self, file: ListedFile) -> Path:
        """Return the path of a file."""
        return self.loose.get(file.naam, self.folder / file.naam)


@dataclass(frozen=True)
class FileResult:
    """The result of reading one file.

    Args:
        rijen: Number of records; None if unknown.
        fault: The reason to refuse it, if any.
        unknown: The columns that the contract does not know, as they may appear in a message.
        delivered: The columns of the contract that it has; empty if its format does not tell.
    """

    file: ListedFile
    rijen: int | None
    fault: Refusal | None
    unknown: tuple[str, ...] = ()
    delivered: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReadResult:
    """The result of a request.

    Args:
        files: Of each file.
        entities: Of each entiteit without a faulty file; `rijen` and `quarantaine` are file names in the folder of the request.
    """

    files: tuple[FileResult, ...]
    entities: tuple[LedgerEntity, ...]


def parse(request: ReadRequest, on_file: Progress = lambda _file: None) -> ReadResult:
    """Read some entiteiten of a delivery.

    Args:
        request: The files to read.
        on_file: Called with each file before it is opened.

    Raises:
        OSError: A file cannot be read now.
    """
    files: list[FileResult] = []
    results: list[LedgerEntity] = []
    for name in request.entities:
        listed = [file for file in request.files if file.entiteit == name]
        if request.out is None:
            files += [_read_file(request, file, on_file, lambda _batch: None)[0] for file in listed]
            continue
        with closing(_EntityRows(request, request.contract.entities[name], request.out)) as rows:
            found = [rows.read(file, on_file) for file in listed]
        files += found
        if not any(result.fault for result in found):
            results.append(rows.finish(found))
    return ReadResult(tuple(files), tuple(results))


def local_time(instant: datetime) -> datetime:
    """Convert an instant to Dutch local time."""
    return instant.astimezone(TIMEZONE)


def _read_file(
    request: ReadRequest, file: ListedFile, on_file: Progress, take: Callable[[Batch], None]
) -> tuple[FileResult, Reading | None]:
    """Read one file to its end; the reading is None if it is unreadable."""
    on_file(file)
    path = request.path(file)
    if fault := presence_fault(path, request.max_bytes):
        return FileResult(file, None, fault), None
    rows, reading = 0, None
    try:
        reading = open_file(path, request.contract, request.contract.entities[file.entiteit], file.blad, request.max_bytes)
        for batch in reading.batches():
            rows += batch.rows
            if not reading.missing:
                take(batch)
    except Refusal as unreadable:
        fault = reading.missing_column() if reading and reading.missing else unreadable  # a line of another width follows from that
        return FileResult(file, None if path.stat().st_size else 0, fault), None
    fault = reading.missing_column() if reading.missing else None
    return FileResult(file, rows, fault, reading.unknown, reading.delivered), reading


@lru_cache(maxsize=1)
def _pseudonymiser(key: bytes, barred: tuple[Mark, ...]) -> Pseudonymiser:
    """Return one pseudonymiser for the whole process: of 200,000 jongeren in a register nearly all were in the previous one."""
    return Pseudonymiser(key, barred)


@dataclass
class _Span:
    """The positions of the rows of one file among those of its entiteit."""

    reading: Reading
    start: int
    end: int


class _EntityRows:
    """Collects the rows of one entiteit from its files."""

    def __init__(self, request: ReadRequest, entity: Entity, out: Path) -> None:
        horizon = Horizon.of(local_time(request.instant).date())
        self._request = request
        self._entity = entity
        self._reader = RowReader(request.contract, entity, horizon, _pseudonymiser(request.key, request.barred))
        self._path = out / f"{entity.name}.rijen.parquet"
        self._quarantine = out / f"{entity.name}.quarantaine.parquet"
        self._writer = _BackgroundWriter(self._path, entity)
        self._keys = KeyIndex(entity)
        self._rejected: list[Rejected] = []
        self._warned: list[np.ndarray] = []
        self._spans: list[_Span] = []
        self._count = 0

    def read(self, file: ListedFile, on_file: Progress) -> FileResult:
        """Read one file to its end."""
        start = self._count
        result, reading = _read_file(self._request, file, on_file, lambda batch: self._take(batch, file.naam))
        if reading:
            self._spans.append(_Span(reading, start, self._count))
        return result

    def close(self) -> None:
        """Close the Parquet file."""
        self._writer.close()

    def finish(self, files: Sequence[FileResult]) -> LedgerEntity:
        """Drop duplicates and write the rejected rows.

        Args:
            files: The results of the files.
        """
        unknown = [name for file in files for name in file.unknown]
        duplicates = resolve(self._keys, self._path, self._rejected)
        rejected = self._rejected + duplicates.rejected
        dropped = duplicates.repeated | {row.position for row in duplicates.rejected}
        if self._entity.replaces and self._writer.rows:
            closing = circles(self._entity, self._entity.replaces, self._path, np.concatenate(self._keys.loaded), dropped)
            rejected += closing
            dropped |= {row.position for row in closing}
        if dropped:
            self._drop(dropped)
        if rejected:
            self._find_lines(rejected)
            quarantine.write(rejected, self._quarantine)
        loaded = self._writer.rows - len(dropped)
        return LedgerEntity(
            entiteit=self._entity.name,
            gelezen=self._count,
            geladen=loaded,
            herhaald=len(duplicates.repeated),
            afgewezen=len(rejected),
            rijen=self._path.name if loaded else None,
            quarantaine=self._quarantine.name if rejected else None,
            afgewezen_per_code=dict(sorted(Counter(row.code for row in rejected).items())),
            waarschuwingen={"kolom_onbekend": len(unknown)} if unknown else {},
            kolommen=tuple(sorted({name for file in files for name in file.delivered})),
            kolommen_onbekend=tuple(dict.fromkeys(unknown))[:MOST_NAMES],
            waarschuwingen_van_rijen=self._count_warnings(dropped),
        )

    def _take(self, batch: Batch, bestand: str) -> None:
        typed = self._reader.read(batch, bestand)
        good = typed.faults.good
        self._keys.add(typed.table, good)
        self._warned.append(np.where(good, typed.warnings, 0).astype(np.uint8))
        self._rejected += quarantine.collect(typed, self._entity, self._count)
        self._writer.write(typed.table if good.all() else typed.table.filter(pa.array(good)))
        self._count += typed.table.num_rows

    def _count_warnings(self, dropped: set[int]) -> dict[str, int]:
        """Count the warnings of loaded rows by code."""
        if not self._warned:
            return {}
        bits = np.concatenate(self._warned)
        bits[np.fromiter(dropped, np.int64, len(dropped))] = 0
        counts = {code: int(np.count_nonzero(bits & (1 << bit))) for bit, code in enumerate(ROW_WARNINGS)}
        return {code: count for code, count in counts.items() if count}

    def _drop(self, positions: set[int]) -> None:
        """Rewrite the Parquet file without some rows."""
        loaded = np.flatnonzero(np.concatenate(self._keys.loaded))
        keep = ~np.isin(loaded, np.fromiter(positions, np.int64, len(positions)))
        whole = self._path.with_suffix(".heel")
        self._path.rename(whole)
        start = 0
        with closing(_BackgroundWriter(self._path, self._entity)) as writer:
            for batch in parquet_file.opened(whole).iter_batches(batch_size=BATCH):
                writer.write(pa.table(batch.filter(pa.array(keep[start : start + batch.num_rows]))))
                start += batch.num_rows
        whole.unlink()

    def _find_lines(self, rejected: list[Rejected]) -> None:
        for span in self._spans:
            rows = [row for row in rejected if span.start <= row.position < span.end]
            lines = span.reading.lines([row.rijnummer for row in rows]) if rows else {}
            for row in rows:
                row.regel = lines.get(row.rijnummer)


def rows_writer(path: Path, entity: Entity) -> Any:
    """Open a Parquet file for rows of an entiteit, in the form that all of them have."""
    few = [column.lake_name for column in entity.columns if column.lake_name and has_few_values(column)]
    return parquet_file.writer(path, entity.lake_schema, compression="snappy", use_dictionary=cast(Any, [*few, "bestand"]))


class _BackgroundWriter:
    """Writes rows to Parquet on another thread, while the next batch is read."""

    def __init__(self, path: Path, entity: Entity) -> None:
        self._parquet = rows_writer(path, entity)
        self._thread = ThreadPoolExecutor(max_workers=1)
        self._last: Future[None] | None = None
        self.rows = 0

    def write(self, table: pa.Table) -> None:
        """Write rows; wait for the previous ones first, so that at most two batches are in memory."""
        self._wait()
        if table.num_rows:
            self.rows += table.num_rows
            self._last = self._thread.submit(self._parquet.write_table, table)

    def close(self) -> None:
        """Close the file."""
        try:
            self._wait()
        finally:
            self._thread.shutdown()
            self._parquet.close()

    def _wait(self) -> None:
        if self._last is not None:
            self._last.result()
            self._last = None
