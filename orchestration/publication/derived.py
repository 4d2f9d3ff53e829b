"""The files of a release that are derived from its Parquet, for readers without Parquet: the list of their writers.

Each is written while the release is staged, from the staged Parquet alone, so in `openbaar` from masked rows only. They are part of the
release like any other file: they count in its name and its hashes, and `leerplicht verify` rebuilds them.

Put here: the writers and their order. Keep out: what they write.
"""

from collections.abc import Callable
from pathlib import Path

from orchestration.publication import csv_file, datapackage, parquet
from orchestration.publication.renderings import others, telling, workbook


def _workbook(folder: Path, zone: str) -> None:
    figures, indicators, published = (parquet.read(folder, name) for name in ("kerncijfers", "indicatoren", others.TABLE))
    breakdowns = parquet.read(folder, "uitsplitsingen", filters=[("uitsplitsing", "=", telling.ONDERWIJSSOORT)])  # the form has no others
    workbook.write(folder / workbook.FILE, figures, indicators, zone, breakdowns, published)


# Called with the folder and the zone. `datapackage.json` describes all other files, so it comes last.
WRITERS: tuple[Callable[[Path, str], None], ...] = (csv_file.write, _workbook, datapackage.write)


def write(folder: Path, zone: str) -> None:
    """Write every derived file.

    Args:
        folder: Staging folder of the release, with all its Parquet files.
        zone: `intern` or `openbaar`.
    """
    for writer in WRITERS:
        writer(folder, zone)
