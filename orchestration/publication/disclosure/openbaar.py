"""Makes the candidate of `openbaar` from the `intern` release that readers of that zone see: the same files, after protection.

Put here: which files there are, and what is done to each. Keep out: the protection itself (`protection.py`), what a masked row looks like
(`mask.py`), the private files of the proof (`proof.py`), and putting a release before readers (`orchestration/publication/release.py`).
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import duckdb

from orchestration.lake import Lake, make_private, remove
from orchestration.publication import candidate, extract, parquet
from orchestration.publication.disclosure import grid, knowledge, mask, proof, protection
from orchestration.publication.disclosure.loss import Loss
from orchestration.publication.disclosure.memory import Told
from orchestration.publication.reconciliation import reconcile
from orchestration.settings import Settings

Rows = list[dict[str, Any]]


def build_candidate(lake: Lake, settings: Settings, report: Callable[[str], None] = lambda _sentence: None) -> Path:
    """Write the public files of the next `openbaar` release, and beside them, in `intern`, their proof.

    Args:
        lake: The lake, whose `intern` release and warehouse are those of this night.
        settings: Under which count a report withholds, and whether it withholds a zero.
        report: Called with a sentence about progress.

    Returns:
        The folder of the public files.

    Raises:
        ContradictionError: The figures contradict each other.
        ProofError: The memory of earlier releases was altered.
    """
    source = (lake.published("intern") / "current").resolve()
    tables: dict[str, Rows] = {table.name: parquet.read(source, table.name) for table in candidate.tables()}
    with duckdb.connect(str(lake.warehouse_current), read_only=True) as connection:
        cells = extract.cells(connection)
    reference = extract.reference()
    if settings.hide_zeros:
        tables["uitsplitsingen"] = grid.complete(tables["kerncijfers"], tables["uitsplitsingen"], tables["indicatoren"])
    small = mask.small(settings.suppression_threshold, settings.hide_zeros)
    now = knowledge.figures(tables["kerncijfers"], tables["uitsplitsingen"], reference.sums, complete=settings.hide_zeros)
    earlier = proof.remembered(lake.proofs)
    chosen = proof.standing(lake.proofs, now, small, reference.sums) or protection.choose(
        now, earlier, small, reference.sums, Loss(tables["indicatoren"], reference.sums), report
    )
    shown = mask.Mask(chosen.signs, tables["indicatoren"], settings.suppression_threshold)
    public = _public(tables, shown, cells, reference)
    folder = lake.candidate_of("openbaar")
    for table in candidate.tables():
        parquet.write(make_private(folder) / table.file, public[table.name], table.schema)
    remove(lake.proof_candidate)
    units = {row["indicator"]: row["eenheid"] for row in tables["indicatoren"]}
    told = Told("", now.values, chosen.signs, small, units)
    proof.write(make_private(lake.proof_candidate), told, chosen, source.name, reference.sums, earlier)
    return folder


def _public(tables: dict[str, Rows], shown: mask.Mask, cells: Sequence[extract.Cell], reference: extract.Reference) -> dict[str, Rows]:
    """Every table as everybody may see it; each is made from the masked figures, never from the true ones."""
    kerncijfers = shown.rows(tables["kerncijfers"])
    return {
        "kerncijfers": kerncijfers,
        "uitsplitsingen": shown.rows(tables["uitsplitsingen"]),
        "indicatoren": tables["indicatoren"],
        "reconciliatie": reconcile(_beside(cells, kerncijfers), kerncijfers, reference),
        "kwaliteit": mask.counts_of_rows(tables["kwaliteit"], "aantal"),
        # a reason may hold a number, and the hash of a short file can be guessed by who knows nearly all of it
        "leveringen": [{**row, "reden": None, "sha256": ""} for row in mask.counts_of_rows(tables["leveringen"], "rijen")],
    }


def _beside(cells: Sequence[extract.Cell], kerncijfers: Rows) -> list[extract.Cell]:
    """The printed figures of which ours is shown: a verdict on another would tell what ours is."""
    shown = {extract.printed_place(row) for row in kerncijfers if row["status"] == "gepubliceerd"}
    return [cell for cell in cells if (cell.indicator, cell.gemeente, cell.schooljaar) in shown]
