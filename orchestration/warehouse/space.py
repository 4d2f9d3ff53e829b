"""Whether the disk can hold tonight's warehouse beside the one that analysts have open.

Put here: how much is needed and how much there is. Keep out: what is done about it.
"""

import shutil

from orchestration.errors import LeerplichtError
from orchestration.lake import Lake

GROWTH = 1.25  # of the last warehouse: a night's deliveries, and the free blocks of a file that is being built
PER_BYTE_OF_ROWS = 5  # the example's 7 MB of rows give a warehouse of 24 MB; what is built in memory may need the disk meanwhile
LEAST = 64 * 2**20


class SpaceError(LeerplichtError):
    """The disk is too full; the message says how much is there and how much is needed."""


def needed(lake: Lake) -> int:
    """Bytes that a new warehouse may take: by the last one, and by the rows that it is made of, whichever is more."""
    last = lake.warehouse_current.stat().st_size if lake.warehouse_current.exists() else 0
    rows = sum(path.stat().st_size for path in lake.rows.rglob("*.parquet"))
    return max(int(last * GROWTH), rows * PER_BYTE_OF_ROWS, LEAST)


def require(lake: Lake) -> None:
    """Refuse before anything is written.

    Raises:
        SpaceError: the disk has less than a new warehouse may take.
    """
    folder = lake.warehouse_build.parent
    folder.mkdir(parents=True, exist_ok=True)
    free, wanted = shutil.disk_usage(folder).free, needed(lake)
    if free < wanted:
        raise SpaceError(
            f"te weinig schijfruimte voor een nieuw magazijn naast het oude: {_megabytes(wanted)} nodig, {_megabytes(free)} vrij"
            f" op de schijf van {lake.root}; er is niets veranderd"
        )


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.0f} MB".replace(",", ".")
