"""The files of a release that are made of its Parquet, for whoever does not read that: one list of who writes them.

Each is made while the release is staged, of the Parquet that stands there and nothing else, so in `openbaar` of masked rows only. They
are part of the release like any other file: of its name, its hashes, and of what `leerplicht verify` makes again.

Put here: which writers there are, and their order. Keep out: what they write.
"""

from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq

from orchestration.publication import csv_file, datapackage
from orchestration.publication.renderings import workbook


def _workbook(folder: Path, zone: str) -> None:
    figures, indicators = (pq.read_table(folder / f"{name}.parquet").to_pylist() for name in ("kerncijfers", "indicatoren"))
    workbook.write(folder / workbook.FILE, figures, indicators, zone)


# Called with the folder and the zone. `datapackage.json` describes all files before it, so it comes last.
WRITERS: tuple[Callable[[Path, str], None], ...] = (csv_file.write, _workbook, datapackage.write)


def write(folder: Path, zone: str) -> None:
    """Write every derived file.

    Args:
        folder: Of the release that is being made, with all its Parquet in it.
        zone: `intern` or `openbaar`.
    """
    for writer in WRITERS:
        writer(folder, zone)
