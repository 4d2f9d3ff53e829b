"""The candidate of a release: every table but the gates' own, written from the finished warehouse, for its gate to look at.

Put here: which tables a candidate has and where each comes from. Keep out: what stands in them (`extract.py`, `reconciliation.py`), and
putting them before readers (`release.py`).
"""

from pathlib import Path

import duckdb

from expectations import published
from expectations.published import PublishedTable
from orchestration.lake import Lake, make_private, remove
from orchestration.publication import extract, parquet, register
from orchestration.publication.extract import Row
from orchestration.publication.reconciliation import reconcile
from orchestration.settings import Settings

GATES = "poorten"  # what the gates found: written when they all have (`release.py`)


def tables() -> list[PublishedTable]:
    """The published tables that a candidate has."""
    return [table for table in published.load().tables if table.name != GATES]


def build_candidate(lake: Lake, settings: Settings) -> Path:
    """Write the candidate's tables, anew each time.

    Args:
        lake: The lake whose `warehouse_current` is read, and in which the candidate is written.
        settings: Under which count a report withholds.

    Returns:
        The candidate's folder: a Parquet file per table of `tables`.

    Raises:
        PrintedError, ReconciliationError: A printed figure that cannot be read, or be compared with ours.
        PublishedContractError: The warehouse lacks a column that the contract promises.
        duckdb.Error: There is no warehouse, or it lacks a table.
    """
    folder = begin(lake, "intern")
    with duckdb.connect(str(lake.warehouse_current), read_only=True) as connection:
        rows = _rows(connection, settings.suppression_threshold)
    for table in tables():
        parquet.write(folder / table.file, rows[table.name], table.schema)
    return folder


def begin(lake: Lake, zone: str) -> Path:
    """Make an empty folder for the candidate of a zone.

    Args:
        lake: The lake of the run that makes it.
        zone: `intern` or `openbaar`.
    """
    if zone == "openbaar":
        _forget_unseen(lake)
    folder = lake.candidate_of(zone)
    remove(folder)
    make_private(lake.published(zone))
    make_private(folder.parent)
    return make_private(folder)


def _forget_unseen(lake: Lake) -> None:
    """Remove the proof of a release that a killed night did not come to publish: nobody saw it, so it is no part of what is known."""
    seen = [*register.published(lake, "openbaar"), *register.elsewhere(lake)]
    for proof in lake.proofs.glob("*"):
        if proof.name not in seen:
            remove(proof)


def _rows(connection: duckdb.DuckDBPyConnection, threshold: int) -> dict[str, list[Row]]:
    figures = extract.figures(connection, threshold)
    return {
        "kerncijfers": figures,
        "uitsplitsingen": extract.breakdowns(connection, threshold),
        "reconciliatie": reconcile(extract.cells(connection), figures, extract.reference()),
        **{name: extract.rows_of(connection, name) for name in ("indicatoren", "kwaliteit", "leveringen")},
    }
