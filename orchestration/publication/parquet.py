"""Reads and writes a published table as Parquet: typed by its declared schema, and deterministic: the same rows give the same bytes.

Put here: the writer's options. Keep out: selecting rows.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from orchestration import parquet_file


def write(path: Path, rows: Sequence[Mapping[str, Any]], schema: pa.Schema) -> None:
    """Write rows as Parquet, in the order given.

    Args:
        path: File to write.
        rows: Rows with exactly the columns of the schema.
        schema: The declared schema; its field metadata are written to the file.

    Raises:
        ValueError: The columns of a row differ from the schema.
        pyarrow.ArrowInvalid: A value is not of its column's type, or null in a column that is not nullable.
    """
    write_table(path, table(rows, schema))


def table(rows: Sequence[Mapping[str, Any]], schema: pa.Schema) -> pa.Table:
    """Return rows as columns; raises as `write`."""
    names = set(schema.names)
    if any(row.keys() != names for row in rows):
        raise ValueError("een rij heeft andere kolommen dan het schema")
    return pa.Table.from_pylist([dict(row) for row in rows], schema=schema)


def write_table(path: Path, table: pa.Table) -> None:
    """Write columns as Parquet.

    Every option that affects the bytes is set explicitly, so that a new default of the library cannot change a release unnoticed.
    """
    parquet_file.write(
        table,
        path,
        version="2.6",
        data_page_version="1.0",
        compression="snappy",
        use_dictionary=True,
        write_statistics=True,
        row_group_size=1_000_000,
        store_schema=True,
    )


def read(folder: Path, table: str) -> list[dict[str, Any]]:
    """Return the rows of a table of a release or a candidate, in the order of the file.

    Args:
        folder: Folder of the release.
        table: Name of the table, as in the contract.
    """
    return parquet_file.read(folder / f"{table}.parquet").to_pylist()


def read_any(folder: Path, table: str) -> list[dict[str, Any]]:
    """Return the rows of a table, or none if this release does not have it: another zone or an earlier contract may not."""
    return read(folder, table) if (folder / f"{table}.parquet").is_file() else []
