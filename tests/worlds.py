"""Whole worlds of fictitious persons, what they count to, and what `openbaar` publishes of that.

Put here: from persons to public files without files of deliveries or a warehouse. Keep out: attacking (`tests/attack`).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import fields
from pathlib import Path
from typing import Any

from small_worlds import Drawing
from truth import AREAS, YEARS, breakdowns, figures

from expectations import published, reference
from orchestration.example import region
from orchestration.example.region import Extent
from orchestration.example.world import Schooljaar, World
from orchestration.publication import parquet
from orchestration.publication.disclosure import openbaar, proof, shown
from orchestration.publication.disclosure.alternatives import Cell
from orchestration.publication.disclosure.protect import Protected
from orchestration.publication.disclosure.rounding import Draws

KEY = b"a key that the attacker does not have"
THRESHOLD = 5
TEN_YEARS = tuple(map(Schooljaar, range(2015, 2025)))
THREE_YEARS = tuple(map(Schooljaar, (2023, 2024, 2025)))  # those of `world_of_all`
DICTIONARY = {row["indicator"]: row for row in reference.rows("indicator")}
Values = dict[Cell, int]


def random_world(seed: int, persons: int = 3_000, years: Sequence[Schooljaar] = YEARS) -> World:
    """Generate Hengelo and Borne in some schooljaren.

    Args:
        seed: Of the random numbers.
        persons: How many persons there are.
        years: The schooljaren, one after the other.
    """
    whole = World()
    extent = Extent({"0164": 82, "0147": 24}, years[0].begin_year, years[-1].begin_year, persons)
    for one in region.worlds(extent, seed=seed):
        for field in fields(World):
            getattr(whole, field.name).extend(map(copy, getattr(one, field.name)))
    return whole


def world_of_all(seed: int, persons: int) -> World:
    """Generate a world in three schooljaren in which everything that counts happens to a few.

    Args:
        seed: Of the random numbers.
        persons: How many persons there are.
    """
    return Drawing(seed, persons).made.world


def counts(world: World, years: Sequence[Schooljaar] = YEARS) -> Values:
    """Count a world with the plain counting of `truth`: every indicator, and every breakdown with its rows of 0.

    Args:
        world: The records.
        years: The schooljaren that are counted.
    """
    counted = figures(world, years)
    found = {Cell(*place): int(value) for place, value in counted.items() if isinstance(value, int) and shown.is_count(place[2])}
    parts: Counter[Cell] = Counter({Cell(*place): value for place, value in breakdowns(world, years).items()})
    names = sorted({cell.schooljaar for cell in found})
    for cell in list(parts):
        for schooljaar in [cell.schooljaar] if cell.uitsplitsing == "maand" else names:
            for area in AREAS:
                other = cell._replace(schooljaar=schooljaar, gemeente_code=area)
                if any(other._replace(schooljaar=year) in parts for year in names):
                    parts.setdefault(other, 0)
    return {**found, **parts}


def rows(values: Mapping[Cell, int]) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of `kerncijfers` and `uitsplitsingen` as in `intern`, with the rates left empty."""
    made: dict[str, list[dict[str, Any]]] = {"kerncijfers": [], "uitsplitsingen": []}
    order = sorted(values, key=lambda cell: (cell[:2], int(DICTIONARY[cell.indicator]["volgorde"]), cell[3:]))
    for cell in order:
        table = "uitsplitsingen" if cell.uitsplitsing else "kerncijfers"
        made[table].append(_row(table, cell) | {"waarde": values[cell]})
    for place in dict.fromkeys(cell[:2] for cell in order):
        rates = [name for name in DICTIONARY if not shown.is_count(name)]
        made["kerncijfers"] += [_row("kerncijfers", Cell(*place, name)) | {"status": "niet_van_toepassing"} for name in rates]
    made["kerncijfers"].sort(key=lambda row: (row["schooljaar"], row["gemeente_code"], int(DICTIONARY[row["indicator"]]["volgorde"])))
    return made


def _row(table: str, cell: Cell) -> dict[str, Any]:
    indicator = DICTIONARY[cell.indicator]
    place = {name: value for name, value in cell._asdict().items() if value}
    names = {"gemeente": cell.gemeente_code, "uitsplitsing_label": cell.uitsplitsing_waarde, "trendbreuk": False}
    known = {**place, **names, **{name: indicator[name] for name in ("tabel", "label", "eenheid", "bron")}, "status": "gepubliceerd"}
    return {column.name: known.get(column.name) for column in published.table(table).columns}


class Publisher:
    """Publishes figures as nights do, and remembers what was published.

    Args:
        folder: For the public files and the proofs.
        key: The key of the lake.
    """

    def __init__(self, folder: Path, key: bytes = KEY) -> None:
        self._folder, self._draws = folder, Draws(key)
        self._proofs = folder / "bescherming"
        self.protected: list[Protected] = []
        self.folders: list[Path] = []

    def publish(self, values: Mapping[Cell, int]) -> Path:
        """Publish figures; return the folder of the public files."""
        years = sorted({cell.schooljaar for cell in values})
        each = [{cell: value for cell, value in values.items() if cell.schooljaar == year} for year in years]
        self.protected = list(openbaar.protect_years(each, self._proofs, self._draws, THRESHOLD))
        public = self._folder / f"release-{len(self.folders)}"
        public.mkdir(parents=True)
        for name, made in self.rows(values).items():
            parquet.write(public / f"{name}.parquet", made, published.table(name).schema)
        private = self._proofs / public.name
        private.mkdir(parents=True)
        proof.write(private, self.protected, {"intern": "", "drempel": THRESHOLD, "schooljaren": years}, self._proofs)
        self.folders.append(public)
        return public

    def rows(self, values: Mapping[Cell, int]) -> dict[str, list[dict[str, Any]]]:
        """Return the public rows of figures that were just protected."""
        signs = {cell: said for year in self.protected for cell, said in year.shown.items()}
        figures_of = shown.Figures(signs, THRESHOLD)
        made = rows(values)
        kept: Iterable[dict[str, Any]] = (row for row in made["uitsplitsingen"] if openbaar.has_row(signs[shown.cell_of(row)]))
        return {"kerncijfers": figures_of.rows(made["kerncijfers"]), "uitsplitsingen": figures_of.rows(list(kept))}

    def check(self) -> None:
        """Check the proof of the last release."""
        proof.check(self.folders[-1], self._proofs / self.folders[-1].name)
