"""Parquet with a checksum in every page: the only module that opens Parquet with pyarrow (a test checks that).

A page that was damaged after it was written raises an OSError when it is read. Footers have no checksum; the hashes of the ledger
(`orchestration.whole`) and of a release cover all bytes of a file, before it is used.

Put here: the options that every file has. Keep out: those of one kind of file.
"""

from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq


def write(table: pa.Table, path: Path | IO[bytes] | pa.NativeFile, **options: Any) -> None:
    """Write a table; the options are those of `pyarrow.parquet.write_table`."""
    pq.write_table(table, path, write_page_checksum=True, **options)


def writer(path: Path, schema: pa.Schema, **options: Any) -> pq.ParquetWriter:
    """Open a file to write batches to; the options are those of `pyarrow.parquet.ParquetWriter`."""
    return pq.ParquetWriter(path, schema, write_page_checksum=True, **options)


def read(path: Path, **options: Any) -> pa.Table:
    """Read a file; the options are those of `pyarrow.parquet.read_table`.

    Raises:
        OSError: A page is not what was written.
    """
    return pq.read_table(path, page_checksum_verification=True, **options)


def opened(path: Path) -> pq.ParquetFile:
    """Open a file to read batches from.

    Raises:
        OSError: When a page is read that is not what was written.
    """
    return pq.ParquetFile(path, page_checksum_verification=True)
