"""Checks that the disk has space for a new warehouse in addition to the current one.

Put here: estimating the required space and comparing it with the free space. Keep out: acting on the result.
"""

import shutil

from orchestration.errors import LeerplichtError
from orchestration.lake import Lake
from orchestration.outcome import Afloop

GROWTH = 1.25  # relative to the last warehouse: a night's deliveries, and the free blocks of a file under construction
PER_BYTE_OF_ROWS = 5  # the example's 7 MB of rows give a warehouse of 24 MB; intermediate results may spill to disk
LEAST = 64 * 2**20
COPIES = {"duckdb": 1, "spark": 2}  # Spark's own tables stand beside the warehouse until that is written


class SpaceError(LeerplichtError):
    """The disk is too full; the message gives the free and the required space."""

    afloop = Afloop.SCHIJF


def needed(lake: Lake, engine: str) -> int:
    """Estimate the bytes that an engine needs for a new warehouse: from the last one or from the rows of the lake, whichever is more."""
    night = lake.warehouse_current.resolve()
    last = sum(path.stat().st_size for path in (night, lake.provenance(night.parent.name)) if path.is_file())
    rows = sum(path.stat().st_size for path in lake.rows.rglob("*.parquet"))
    return COPIES[engine] * max(int(last * GROWTH), rows * PER_BYTE_OF_ROWS, LEAST)


def require(lake: Lake, engine: str) -> None:
    """Check the free space before anything is written.

    Raises:
        SpaceError: The free space is less than a new warehouse may need.
    """
    folder = lake.warehouse_build.parent
    folder.mkdir(parents=True, exist_ok=True)
    free, wanted = shutil.disk_usage(folder).free, needed(lake, engine)
    if free < wanted:
        raise SpaceError(
            f"te weinig schijfruimte voor een nieuw magazijn naast het oude: {_megabytes(wanted)} nodig, {_megabytes(free)} vrij"
            f" op de schijf van {lake.root}; er is niets veranderd"
        )


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.0f} MB".replace(",", ".")
