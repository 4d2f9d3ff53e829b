"""The finished warehouse → the one that analysts open, in one step.

Put here: the replacement. Keep out: building and auditing. Whoever has the old file open goes on with it: a rename does not touch it.
"""

import os
from pathlib import Path

from orchestration.lake import Lake, sync_folder


def swap(lake: Lake) -> Path:
    """Put tonight's warehouse in the place of the last one.

    Returns:
        Where analysts open it.

    Raises:
        FileNotFoundError: No warehouse was built tonight.
    """
    with lake.warehouse_build.open("rb") as file:
        os.fsync(file.fileno())
    lake.warehouse_build.replace(lake.warehouse_current)
    sync_folder(lake.warehouse_current.parent)
    return lake.warehouse_current
