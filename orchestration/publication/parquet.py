"""Reads and writes a published table as Parquet: typed by its declared schema, and deterministic: the same rows give the same bytes.

Put here: the writer's options. Keep out: selecting rows.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from orchestration import parquet_file

BATCH = 10_000


def write(path: Path, rows: Sequence[Mapping[str, Any]], schema: pa.Schema) -> None:
    """Write a few rows as Parquet, in the order given.

    Args:
        path: File to write.
        rows: Rows with exactly the columns of the schema.
        schema: The declared schema.

    Raises:
        ValueError: The columns of a row differ from the schema.
        pyarrow.ArrowInvalid: A value is not of its column's type, or null in a column that is not nullable.
    """
    write_table(path, table(rows, schema), schema)


def table(rows: Sequence[Mapping[str, Any]], schema: pa.Schema) -> pa.Table:
    """Return rows as columns; raises as `write`."""
    names = set(schema.names)
    if any(row.keys() != names for row in rows):
        raise ValueError("een rij heeft andere kolommen dan het schema")
    return pa.Table.from_pylist([dict(row) for row in rows], schema=schema)


def write_table(path: Path, table: pa.Table, schema: pa.Schema) -> None:
    """Write a table as Parquet, in the order given.

    Every option that affects the bytes is set explicitly, so that a new default of the library cannot change a release unnoticed.

    Args:
        path: File to write.
        table: A table with exactly the columns of the schema, in any order.
        schema: The declared schema; its field metadata are written to the file.

    Raises:
        ValueError: The columns differ from the schema.
        pyarrow.ArrowInvalid: A value is not of its column's type, or null in a column that is not nullable.
    """
    if sorted(table.column_names) != sorted(schema.names):
        raise ValueError(f"{path.name}: de tabel heeft andere kolommen dan het schema")
    typed = pa.table([_typed(table[field.name], field) for field in schema], schema=schema)
    parquet_file.write(
        typed.combine_chunks(),
        path,
        version="2.6",
        data_page_version="1.0",
        compression="snappy",
        use_dictionary=True,
        write_statistics=True,
        row_group_size=1_000_000,
        store_schema=True,
    )


def _typed(column: "pa.ChunkedArray[Any]", field: "pa.Field[Any]") -> "pa.ChunkedArray[Any]":
    """Return a column as declared: only an integer is converted, to one of another size that holds it."""
    if column.type != field.type and not (pa.types.is_integer(column.type) and pa.types.is_integer(field.type)):
        raise pa.ArrowTypeError(f"{field.name}: {column.type} is niet {field.type}")
    return column.cast(field.type)


def read(folder: Path, table: str, **options: Any) -> list[dict[str, Any]]:
    """Return the rows of a table of a release or a candidate, in the order of the file.

    Args:
        folder: Folder of the release.
        table: Name of the table, as in the contract.
        options: Which `columns`, and which rows by `filters`, as of `pyarrow.parquet.read_table`; by default all.
    """
    return parquet_file.read(folder / f"{table}.parquet", **options).to_pylist()


def rows(table: pa.Table) -> Iterator[dict[str, Any]]:
    """Yield the rows of a table; only those of one batch are in memory as Python's."""
    for batch in table.to_batches(max_chunksize=BATCH):
        yield from batch.to_pylist()


def read_any(folder: Path, table: str) -> list[dict[str, Any]]:
    """Return the rows of a table, or none if this release does not have it: another zone or an earlier contract may not."""
    return read(folder, table) if (folder / f"{table}.parquet").is_file() else []
