"""Reads a published release into memory for the renderings, and checks it against its hashes.

A page of one gemeente asks only for the rows of that gemeente: there may be hundreds, and each that looked through all rows would take
longer with every other one. Put here: reading, and finding rows. Keep out: presentation.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from expectations import published, reference
from orchestration.publication import integrity, manifest, parquet, register, report_tables
from orchestration.publication.extract import Row
from orchestration.publication.renderings.precision import Precision
from orchestration.publication.report_tables import YEARS, Area

ADDED = ("naam", "definitie_kort", "zoekwoorden", "tegel")  # columns of `indicatoren` since contract version 3.2


@dataclass(frozen=True)
class Source:
    """One published release.

    Args:
        release: Its name.
        zone: `intern` or `openbaar`.
        status: `voorlopig` or `definitief`, as currently published.
        kennisdatum: The latest kennisdatum of its deliveries.
        folder: Folder of its files.
        tables: The rows of each published table, in the order of the file.
    """

    release: str
    zone: str
    status: str
    kennisdatum: datetime
    folder: Path
    tables: Mapping[str, Sequence[Row]]

    @property
    def figures(self) -> Sequence[Row]:
        """The rows of `kerncijfers`."""
        return self.tables["kerncijfers"]

    @cached_property
    def areas(self) -> Sequence[Area]:
        """Each gemeente, largest first as in the report, and the regio last."""
        return report_tables.areas(self.figures)

    @cached_property
    def precision(self) -> Precision:
        """How precise the rounded figures are."""
        return Precision.of(self.figures)

    def years(self, until: str | None = None, at_most: int | None = YEARS) -> tuple[str, ...]:
        """Return the last schooljaren, earliest first, as `report_tables.years` does."""
        return report_tables.years(self._row_of_each_year, until, at_most)

    def of_area(self, area: Area) -> Mapping[tuple[str, str], Row]:
        """Return the figures of an area by indicator and schooljaar."""
        return self._by_area.get(area.code, {})

    def figures_of(self, areas: Iterable[Area]) -> Sequence[Row]:
        """Return the rows of `kerncijfers` of some areas."""
        return [row for area in areas for row in self.of_area(area).values()]

    def breakdowns_of(self, area: Area) -> Sequence[Row]:
        """Return the rows of `uitsplitsingen` of an area, in the order of the file."""
        return self._breakdowns_by_area.get(area.code, [])

    @cached_property
    def _row_of_each_year(self) -> Sequence[Row]:
        return list({row["schooljaar"]: row for row in self.figures}.values())

    @cached_property
    def _by_area(self) -> Mapping[str, Mapping[tuple[str, str], Row]]:
        found: dict[str, dict[tuple[str, str], Row]] = {}
        for row in self.figures:
            found.setdefault(row["gemeente_code"], {})[row["indicator"], row["schooljaar"]] = row
        return found

    @cached_property
    def _breakdowns_by_area(self) -> Mapping[str, Sequence[Row]]:
        found: dict[str, list[Row]] = {}
        for row in self.breakdowns:
            found.setdefault(row["gemeente_code"], []).append(row)
        return found

    @property
    def breakdowns(self) -> Sequence[Row]:
        """The rows of `uitsplitsingen`."""
        return self.tables["uitsplitsingen"]

    @cached_property
    def indicators(self) -> Sequence[Row]:
        """The rows of `indicatoren`, in the report's order; one of before contract version 3.2 has the words of today, by its code."""
        return [_words_of_today(row) | row for row in self.tables["indicatoren"]]

    @property
    def is_rounded(self) -> bool:
        """Whether what is not exact is rounded: in `openbaar`, since contract version 2, which tells of each indicator how it is shown."""
        return self.zone == "openbaar" and all("openbaar" in row for row in self.indicators)


def read(folder: Path) -> Source:
    """Read a release.

    Args:
        folder: The release's own folder, in its zone.

    Raises:
        ReleaseError: It was altered since it was published, or is incomplete.
    """
    integrity.check(folder)
    described = manifest.read(folder)
    # an earlier contract may have had other tables
    promised = [table for table in published.tables(described["zone"]) if (folder / table.file).is_file()]
    tables = {table.name: parquet.read(folder, table.name) for table in promised}
    moment = datetime.fromisoformat(described["kennisdatum"])
    return Source(described["release"], described["zone"], register.status_of(folder), moment, folder, tables)


def _words_of_today(row: Row) -> Row:
    """Return the columns that a row of an earlier contract lacks; the words of the release itself for an indicator that is gone."""
    if "tegel" in row:
        return {}
    today = next((one for one in reference.rows("indicator") if one["indicator"] == row["indicator"]), None)
    if today is None:
        return dict.fromkeys(ADDED) | {"naam": row["label"], "definitie_kort": row["definitie"]}
    return {name: today[name] or None for name in ADDED} | {"tegel": int(today["tegel"]) if today["tegel"] else None}
