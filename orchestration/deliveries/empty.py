"""Parquet files without rows, with the columns of each entiteit.

dbt reads all Parquet files in the folder of an entiteit. The empty file gives it the columns of an entiteit without deliveries, and makes a
column that was added to the contract null in the rows that were read before.

Put here: writing those files. Keep out: files with rows (`parse.py`, `quarantine.py`).
"""

import pyarrow as pa

from expectations import contract
from orchestration import parquet_file
from orchestration.deliveries import quarantine
from orchestration.lake import Lake
from orchestration.lake.files import make_private, replace_bytes


def prepare(lake: Lake, bron: str) -> None:
    """Write the empty files of a bron if they are missing or of an earlier contract, and create the folder of dbt's target `dev`.

    Args:
        lake: The lake.
        bron: The bron.
    """
    make_private(lake.dbt_dev)
    for zone in (lake.rows, lake.quarantine):
        make_private(make_private(zone) / bron)
    for entity in contract.load(bron).entities.values():
        for path, schema in (
            (lake.no_rows(bron, entity.name), entity.lake_schema),
            (lake.no_rejections(bron, entity.name), quarantine.SCHEMA),
        ):
            make_private(path.parent)
            content = _file(schema)
            if not path.is_file() or path.read_bytes() != content:
                replace_bytes(path, content)


def _file(schema: pa.Schema) -> bytes:
    sink = pa.BufferOutputStream()
    parquet_file.write(schema.empty_table(), sink)
    return bytes(sink.getvalue())
