"""Compares two releases of a zone: which figures differ, and the possible causes.

Put here: comparing the published files of two releases. Keep out: finding the releases (`register.py`), and printing the result
(`console_diff.py`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from orchestration import parquet_file
from orchestration.publication import manifest, parquet
from orchestration.publication.extract import Row, value
from orchestration.publication.weergave import ROUNDED

TABLES = ("kerncijfers", "uitsplitsingen")
KEY = ("schooljaar", "gemeente_code", "indicator", "uitsplitsing", "uitsplitsing_waarde")
SHOWN = ("status", "weergave", "waarde", "percentage")
DELIVERY = ("bron", "levering", "kennisdatum", "aard", "oordeel", "sha256")


@dataclass(frozen=True)
class Change:
    """A changed figure.

    Args:
        soort: `cijfer` if the value changed, `status` if the status changed, `nieuw` or `weg` for an added or removed row.
        tabel: Name of the file.
        row: The row in the later release, or in the earlier one if it was removed; identifies the figure.
        van: The `weergave` in the earlier release; empty if added.
        naar: The `weergave` in the later release; empty if removed.
        van_status: The status in the earlier release; empty if added.
        naar_status: The status in the later release; empty if removed.
        verschil: The difference; None if either release has no figure.
    """

    soort: str
    tabel: str
    row: Row
    van: str
    naar: str
    van_status: str
    naar_status: str
    verschil: Decimal | None


@dataclass(frozen=True)
class Difference:
    """All differences between two releases.

    Args:
        changes: Every changed figure, in the order of the files.
        came: Deliveries of the later release that the earlier one does not have, or has with another verdict.
        gone: The reverse: deliveries of the earlier release.
        bronnen: Each bron of which more was delivered, as it was and as it is; only in `openbaar`, which has no `leveringen`.
        settings: The old and new value of each setting that differs.
        code: Whether the releases were made by different code.
    """

    changes: list[Change]
    came: list[Row]
    gone: list[Row]
    bronnen: list[tuple[Row, Row]]
    settings: Mapping[str, tuple[Any, Any]]
    code: bool


def compare(earlier: Path, later: Path) -> Difference:
    """Compare the figures, deliveries, settings and code of two releases.

    Args:
        earlier: Folder of one release.
        later: Folder of the other.
    """
    first, second = (parquet.read_any(folder, "leveringen") for folder in (earlier, later))
    told = bool(first and second)
    before, after = ({} if told else {row["bron"]: row for row in parquet.read_any(folder, "bronnen")} for folder in (earlier, later))
    old, new = (manifest.read(folder) for folder in (earlier, later))
    names = [*new["instellingen"], *(name for name in old["instellingen"] if name not in new["instellingen"])]
    both = {name: (old["instellingen"].get(name), new["instellingen"].get(name)) for name in names}
    return Difference(
        changes=[change for tabel in TABLES for change in _changes(tabel, earlier, later)],
        came=_only(second, first) if told else [],
        gone=_only(first, second) if told else [],
        bronnen=[(row, after[bron]) for bron, row in before.items() if bron in after and after[bron] != row],
        settings={name: pair for name, pair in both.items() if pair[0] != pair[1]},
        code=old["code"] != new["code"],
    )


def _only(these: Sequence[Row], others: Sequence[Row]) -> list[Row]:
    known = {tuple(row[name] for name in DELIVERY) for row in others}
    return [row for row in these if tuple(row[name] for name in DELIVERY) not in known]


def _changes(tabel: str, earlier: Path, later: Path) -> Iterator[Change]:
    before, after = (parquet_file.read(folder / f"{tabel}.parquet") for folder in (earlier, later))
    then = {_key(row): row for row in _unlike(before, after)}
    for row in _unlike(after, before):
        if (old := then.pop(_key(row), None)) is None:
            yield Change("nieuw", tabel, row, "", row["weergave"], "", row["status"], None)
        else:
            yield _change(tabel, old, row)
    for row in then.values():
        yield Change("weg", tabel, row, row["weergave"], "", row["status"], "", None)


def _unlike(these: pa.Table, others: pa.Table) -> list[Row]:
    """Return the rows of a table that another one does not have with the same figure: few of many, in the order of the file."""
    names = [name for name in (*KEY, *SHOWN) if name in these.column_names and name in others.column_names]
    same = " and ".join(f"these.{name} is not distinct from others.{name}" for name in names)
    with duckdb.connect() as connection:
        connection.register("these", these.append_column("number", pa.array(range(len(these)), pa.int64())))
        connection.register("others", others)
        query = f"select these.number from these anti join others on {same} order by these.number"  # noqa: S608 – names of this module
        numbers = connection.execute(query).to_arrow_table()["number"]
    return these.take(numbers).to_pylist()


def _change(tabel: str, old: Row, row: Row) -> Change:
    was, now = (None if one["status"] == ROUNDED else value(one) for one in (old, row))
    return Change(
        soort="status" if old["status"] != row["status"] else "cijfer",
        tabel=tabel,
        row=row,
        van=old["weergave"],
        naar=row["weergave"],
        van_status=old["status"],
        naar_status=row["status"],
        verschil=now - was if was is not None and now is not None else None,
    )


def _key(row: Row) -> tuple[str, ...]:
    return tuple(row.get(name) or "" for name in KEY)
