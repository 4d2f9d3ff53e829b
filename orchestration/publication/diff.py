"""What differs between two releases of a zone, and what may have made it differ.

Put here: comparing the published files of two releases. Keep out: finding the releases (`register.py`), and laying out the answer
(`console_diff.py`).
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from orchestration.publication import manifest
from orchestration.publication.extract import Row, value
from orchestration.publication.weergave import ROUNDED

TABLES = ("kerncijfers", "uitsplitsingen")
KEY = ("schooljaar", "gemeente_code", "indicator", "uitsplitsing", "uitsplitsing_waarde")
SHOWN = ("status", "weergave", "waarde", "percentage")
DELIVERY = ("bron", "levering", "kennisdatum", "aard", "oordeel", "sha256")


@dataclass(frozen=True)
class Change:
    """A figure of which something changed.

    Args:
        soort: `cijfer` when the figure is another one, `status` when there is one now or none any more, `nieuw` or `weg` for a whole row.
        tabel: The file it stands in.
        row: The row in the later release, or in the earlier one where it is gone: says which figure it is.
        van: What a report printed; empty when new.
        naar: What it prints now; empty when gone.
        van_status: Its status then; empty when new.
        naar_status: Its status now; empty when gone.
        verschil: By how much; None where one of both has no figure.
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
    """All that differs between two releases.

    Args:
        changes: Every figure of which something changed, in the order of the files.
        came: The deliveries behind the later one that are not behind the earlier one, or were judged otherwise.
        gone: The other way round.
        settings: Of each setting that differs its two values.
        code: Whether other code made it.
    """

    changes: list[Change]
    came: list[Row]
    gone: list[Row]
    settings: Mapping[str, tuple[Any, Any]]
    code: bool


def compare(earlier: Path, later: Path) -> Difference:
    """Compare the figures of two releases, and what they were made of.

    Args:
        earlier: The folder of one release.
        later: The folder of the other.
    """
    first, second = _read(earlier, "leveringen"), _read(later, "leveringen")
    said, says = (json.loads((folder / manifest.MANIFEST).read_text(encoding="utf-8")) for folder in (earlier, later))
    names = [*says["instellingen"], *(name for name in said["instellingen"] if name not in says["instellingen"])]
    both = {name: (said["instellingen"].get(name), says["instellingen"].get(name)) for name in names}
    return Difference(
        changes=[change for tabel in TABLES for change in _changes(tabel, _read(earlier, tabel), _read(later, tabel))],
        came=_only(second, first),
        gone=_only(first, second),
        settings={name: pair for name, pair in both.items() if pair[0] != pair[1]},
        code=said["code"] != says["code"],
    )


def _read(folder: Path, table: str) -> list[Row]:
    return pq.read_table(folder / f"{table}.parquet").to_pylist()


def _only(these: Sequence[Row], others: Sequence[Row]) -> list[Row]:
    known = {tuple(row[name] for name in DELIVERY) for row in others}
    return [row for row in these if tuple(row[name] for name in DELIVERY) not in known]


def _changes(tabel: str, before: Sequence[Row], after: Sequence[Row]) -> Iterator[Change]:
    then = {_key(row): row for row in before}
    for row in after:
        if (old := then.pop(_key(row), None)) is None:
            yield Change("nieuw", tabel, row, "", row["weergave"], "", row["status"], None)
        elif any(old[name] != row[name] for name in SHOWN):
            yield _change(tabel, old, row)
    for row in then.values():
        yield Change("weg", tabel, row, row["weergave"], "", row["status"], "", None)


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
