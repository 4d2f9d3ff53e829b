"""Builds the candidate of `intern`: every table except `poorten`, from the finished warehouse, for the gate to validate.

Put here: the tables of a candidate and the source of each. Keep out: their contents (`extract.py`, `reconciliation.py`), and publishing
(`release.py`).
"""

from pathlib import Path

from expectations import counted, published
from expectations.published import PublishedTable
from orchestration import memory, parquet_file
from orchestration.lake import Lake
from orchestration.lake.files import make_private, remove
from orchestration.publication import extract, parquet, register
from orchestration.publication.reconciliation import reconcile
from orchestration.settings import Settings

COMPARED = "reconciliatie"  # our figures beside printed ones
GATES = "poorten"  # the findings of the gates: written after all have run (`release.py`)


def tables(zone: str) -> list[PublishedTable]:
    """Return the published tables that a candidate of a zone has."""
    return [table for table in published.tables(zone) if table.name != GATES]


def build_candidate(lake: Lake, settings: Settings) -> Path:
    """Write the candidate's tables, replacing any previous candidate.

    Args:
        lake: The lake to read `warehouse_current` from and to write the candidate to.
        settings: Gives the threshold below which a report withholds a count.

    Returns:
        The candidate's folder, with a Parquet file per table of `tables`.

    Raises:
        PrintedError, ReconciliationError: A printed figure cannot be read, or cannot be compared with ours.
        PublishedContractError: The warehouse lacks a column of the contract.
        duckdb.Error: There is no warehouse, or it lacks a table.
    """
    folder = begin(lake, "intern")
    warehouse = lake.warehouse_current
    with counted.opened(warehouse, warehouse.with_name(f"{warehouse.name}.tmp"), memory.limit(settings.memory_share)) as connection:
        for table in tables("intern"):
            if table.origin:
                rows = extract.table_of(connection, table.name, settings.suppression_threshold)
                parquet.write_table(folder / table.file, rows, table.schema)
        cells = extract.cells(connection)
    compared, figures = published.table(COMPARED), parquet_file.read(folder / published.table("kerncijfers").file)
    found = reconcile(cells, extract.printed_of(figures, cells), extract.reference())
    parquet.write(folder / compared.file, found, compared.schema)
    return folder


def begin(lake: Lake, zone: str) -> Path:
    """Create an empty folder for the candidate of a zone.

    Args:
        lake: The lake of the run that makes it.
        zone: `intern` or `openbaar`.
    """
    if zone == "openbaar":
        _remove_unpublished_proofs(lake)
    folder = lake.candidate_of(zone)
    remove(folder)
    make_private(folder.parent)
    return make_private(folder)


def _remove_unpublished_proofs(lake: Lake) -> None:
    """Remove proofs of releases that a killed night never published: no reader saw them, so they are not publicly known."""
    seen = [*register.published(lake, "openbaar"), *register.elsewhere(lake)]
    for proof in lake.proofs.glob("*"):
        if proof.name not in seen:
            remove(proof)
