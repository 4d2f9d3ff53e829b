"""Files without rows: the columns and types of every entiteit, for who reads the lake without our code.

dbt reads the rows of an entiteit as all Parquet files of a folder. Without one there would be no columns; with this one, a column that the
contract gained since a delivery was read is null in its rows.

Put here: writing those files. Keep out: files with rows (`parse.py`, `quarantine.py`).
"""

import pyarrow as pa
import pyarrow.parquet as pq

from expectations import contract
from orchestration.deliveries import quarantine
from orchestration.lake import Lake, make_private, replace_bytes


def prepare(lake: Lake, bron: str) -> None:
    """Write the files of a bron where they are missing or of an earlier contract; also the folder that dbt writes to for a person.

    Args:
        lake: The lake.
        bron: Which bron.
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
    pq.write_table(schema.empty_table(), sink)
    return bytes(sink.getvalue())
