"""How a published table is written: typed by its declared schema, and the same bytes for the same rows.

Put here: the writer's options. Keep out: which rows.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq


def write(path: Path, rows: Sequence[Mapping[str, Any]], schema: pa.Schema) -> None:
    """Write rows, in the order given, as Parquet.

    Every option that decides about bytes is fixed here, so that a new default of the library cannot change a release unseen.

    Args:
        path: The file.
        rows: Each with exactly the columns of the schema.
        schema: The declared schema; its field metadata go into the file.

    Raises:
        ValueError: A row has other columns than the schema.
        pyarrow.ArrowInvalid: A value is not of its column's type, or null where none may be.
    """
    names = set(schema.names)
    if any(row.keys() != names for row in rows):
        raise ValueError(f"{path.name}: een rij heeft andere kolommen dan het schema")
    table = pa.Table.from_pylist([dict(row) for row in rows], schema=schema)
    pq.write_table(
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
