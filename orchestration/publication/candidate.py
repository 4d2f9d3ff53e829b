"""The candidate of a release: every table but the gates' own, written from the finished warehouse, for the last gate to look at.

Put here: which tables a candidate has and where each comes from. Keep out: what stands in them (`extract.py`, `reconciliation.py`), and
putting them before readers (`release.py`).
"""

from pathlib import Path

import duckdb

from orchestration.lake import Lake, make_private, remove
from orchestration.publication import extract, parquet, schemas
from orchestration.publication.extract import Row
from orchestration.publication.reconciliation import reconcile
from orchestration.settings import Settings


def build_candidate(lake: Lake, settings: Settings) -> Path:
    """Write the candidate's tables, anew each time.

    Args:
        lake: The lake whose `warehouse_current` is read, and in which the candidate is written.
        settings: Under which count a report withholds.

    Returns:
        The candidate's folder: a Parquet file per table of `schemas.CANDIDATE`.

    Raises:
        PrintedError, ReconciliationError: A printed figure that cannot be read, or be compared with ours.
        duckdb.Error: There is no warehouse, or it lacks a table.
    """
    remove(lake.gates / "publicatie.json")  # the verdict on an earlier candidate must not let this one through
    remove(lake.candidate)
    make_private(lake.published("intern"))
    make_private(lake.candidate)
    with duckdb.connect(str(lake.warehouse_current), read_only=True) as connection:
        tables = _tables(connection, settings.suppression_threshold)
    for name, schema in schemas.CANDIDATE.items():
        parquet.write(lake.candidate / f"{name}.parquet", tables[name], schema)
    return lake.candidate


def _tables(connection: duckdb.DuckDBPyConnection, threshold: int) -> dict[str, list[Row]]:
    figures = extract.figures(connection, threshold)
    return {
        "kerncijfers": figures,
        "uitsplitsingen": extract.breakdowns(connection, threshold),
        "indicatoren": extract.indicators(connection),
        "reconciliatie": reconcile(extract.cells(connection), figures, extract.reference(connection)),
        "kwaliteit": extract.quality(connection),
        "leveringen": extract.deliveries(connection),
    }
