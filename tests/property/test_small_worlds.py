"""Every cell of small random worlds is what plain Python counts: persons, events and deliveries around the borders of the definitions.

`SMALL_WORLDS` is the number of worlds; the long proof has 30 or more.
"""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import duckdb
import pytest
import truth
from leveringen import Landing
from models import Models
from small_worlds import Drawing

from expectations import contract

WORLDS = int(os.environ.get("SMALL_WORLDS", "5"))
FIRST_SEED = int(os.environ.get("SMALL_WORLDS_FROM", "1"))
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
KERNCIJFERS = ("schooljaar", "gemeente_code", "indicator")
UITSPLITSINGEN = (*KERNCIJFERS, "uitsplitsing", "uitsplitsing_waarde")


def read(connection: duckdb.DuckDBPyConnection, table: str, place: tuple[str, ...]) -> dict[tuple[str, ...], truth.Value]:
    """Return what a table says in each cell: a count, a rate, or why it has neither."""
    value = "waarde, percentage" if table == "kerncijfers" else "waarde, null"
    found = connection.execute(f"select {', '.join(place)}, {value}, status from jaarverslag.{table}").fetchall()
    said = {row[:-3]: next((one for one in row[-3:-1] if one is not None), row[-1]) for row in found}
    assert len(said) == len(found)
    return said


def differences(models: Models, seed: int) -> tuple[int, int, list[tuple[Any, ...]]]:
    """Build one world; return how many cells were compared, how many are not 0, and those that differ: cell, found, expected."""
    folder = Path(tempfile.mkdtemp(dir=MEMORY))
    try:
        landing, made = Landing(folder), Drawing(seed).made
        made.write(landing.lake.landing)
        for bron in contract.BRONNEN:
            entries = landing.ingest(bron, max_rejected_rows=1000, min_volume_share=0)
            assert [(entry.levering, entry.reden) for entry in entries if entry.oordeel != "geaccepteerd"] == []
            rejected = [
                landing.rejected(entry, place) for entry in entries for place, part in enumerate(entry.entiteiten) if part.afgewezen
            ]
            faults = [(row["kolom"], row["code"], row["waarde"]) for found in rejected for row in found]
            assert not faults, faults
        years = truth.published_years(made.world)
        expected = truth.figures(made.world, years, made.sources)
        parts = truth.breakdowns(made.world, years, made.sources)
        with models.run(landing.lake) as connection:
            found = read(connection, "kerncijfers", KERNCIJFERS)
            found_parts = read(connection, "uitsplitsingen", UITSPLITSINGEN)
    finally:
        shutil.rmtree(folder)
    available = {(year.name, name): truth.is_available(made.world, name, year, made.sources) for year in years for *_, name in expected}
    for cell in found_parts.keys() | parts.keys():
        expected[cell] = parts[cell] if available.get((cell[0], cell[2]), True) else "niet_beschikbaar"
    found |= found_parts
    wrong = [
        (cell, found.get(cell), expected.get(cell)) for cell in found.keys() | expected.keys() if found.get(cell) != expected.get(cell)
    ]
    return (
        len(found),
        sum(value not in (0, "niet_beschikbaar", "niet_van_toepassing") for value in expected.values()),
        sorted(wrong, key=repr),
    )


@pytest.mark.parametrize("seed", range(FIRST_SEED, FIRST_SEED + WORLDS))
def test_every_cell_of_a_small_world_is_what_plain_python_counts(models: Models, seed: int):
    compared, filled, wrong = differences(models, seed)
    assert wrong == []
    assert compared > 2 * 4 * 82 and filled > 200
