"""Figures that others printed, kept as public for good: a report of before, a letter to the council, a factsheet.

The printed report of the reference data is known anyhow; this adds others. What is kept counts from then on as what a release says does, as
far as it is true of our figures.

Put here: keeping what a printed report says. Keep out: what it says of our counts (`known.py`), and reading it (`printed_file.py`).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from orchestration.lake import Lake, digest, make_private, put_in_place, remove
from orchestration.publication import extract, manifest, parquet, register
from orchestration.publication.disclosure import known, proof
from orchestration.publication.disclosure.shown import cell_of
from orchestration.publication.extract import Row

BESIDE = f".{register.ELSEWHERE}nieuw"
SCHEMA = pa.schema([field for field in proof.FACTS_SCHEMA if field.name not in ("waarde", "verborgen")])


@dataclass(frozen=True)
class Remembered:
    """What became of a printed report.

    Args:
        name: Under which it is kept.
        true: How many of its figures say something true of our counts.
        others: How many do not, and so say nothing.
        new: Whether it was not kept yet.
    """

    name: str
    true: int
    others: int
    new: bool


def remember(lake: Lake, printed: Sequence[extract.Cell], figures: Sequence[Row]) -> Remembered:
    """Keep from now on that figures are public.

    Args:
        lake: The lake.
        printed: The printed figures.
        figures: Our figures, as in `intern`.
    """
    said = dict.fromkeys(known.of_report(printed, figures))
    values = {cell_of(row): row["waarde"] for row in figures if row["waarde"] is not None}
    true = sum(low <= values.get(cell, -1) <= high for cell, low, high in said)
    beside = lake.proofs.with_name(BESIDE)
    remove(beside)
    make_private(beside)
    rows = [{**cell._asdict(), "laag": low, "hoog": high} for cell, low, high in sorted(said)]
    parquet.write(beside / known.FACTS, rows, SCHEMA)
    (beside / proof.SUMMARY).write_text(json.dumps({"sinds": manifest.now()}) + "\n", encoding="utf-8")
    name = f"{register.ELSEWHERE}{digest(beside / known.FACTS)[:12]}"
    place = lake.proof_of(name)
    new = not place.exists()
    if new:
        put_in_place(beside, place)
    remove(beside)
    return Remembered(name, true, len(printed) - true, new)
