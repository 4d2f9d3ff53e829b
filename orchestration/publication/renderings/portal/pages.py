"""What each page of the portal tells besides the figures: what changed, what words mean, and how good what was delivered is.

Put here: choosing from a release what a page shows. Keep out: HTML (`templates/`), and the figures (`data.py`).
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from expectations import published
from expectations.published import PublishedTable
from orchestration.publication import manifest
from orchestration.publication.diff import Change, Difference, compare
from orchestration.publication.disclosure import mask, rounding
from orchestration.publication.extract import Row
from orchestration.publication.renderings import names
from orchestration.publication.renderings.portal import words
from orchestration.publication.renderings.source import Source
from orchestration.publication.report_tables import MEANING
from orchestration.publication.weergave import ABOUT, ROUNDED, count, signed, weergave

MOST_CHANGES = 200
OUTCOMES = ("gelezen", "geladen", "herhaald")


@dataclass(frozen=True)
class Page:
    """One page.

    Args:
        file: Its file, and with `.jinja` after it its template.
        title: What it is called, in the menu too.
        told: What its template is told, besides what all are.
    """

    file: str
    title: str
    told: Mapping[str, Any]


def pages_of(source: Source, earlier: Source | None) -> Sequence[Page]:
    """The pages of the portal, in the order of the menu.

    Args:
        source: The release.
        earlier: The release before it; None when there is none.
    """
    return (
        Page("index.html", "Cijfers", {"signs": _signs(source)}),
        Page("veranderd.html", "Wat is er veranderd", _changes(source, earlier)),
        Page("woordenboek.html", "Woordenboek", _dictionary(source)),
        Page("kwaliteit.html", "Kwaliteit", _quality(source)),
    )


def moment(text: str | None) -> str:
    """Write the kennisdatum of a delivery, which the bron wrote with its own time zone; empty when it could not be read."""
    if not text:
        return ""
    told = datetime.fromisoformat(text)
    return f"{names.day(told)}, {told:%H:%M}"


FILTERS = {
    "aantal": count,
    "bron": words.source_name,
    "datum": names.day_of,
    "eenheid": words.unit_name,
    "metteken": lambda value: "" if value is None else signed(value),
    "moment": moment,
    "tabel": words.table_name,
}


def _signs(source: Source) -> Mapping[str, str]:
    """Every sign that can stand for a figure, with what it means; also one that this release does not have, for who comes from another."""
    threshold = json.loads((source.folder / manifest.MANIFEST).read_text(encoding="utf-8"))["instellingen"]["suppression_threshold"]
    about = f"{MEANING[ROUNDED]}: het aantal is minder dan {rounding.base(mask.small(threshold, hide_zeros=False))} hoger of lager"
    exact = {weergave(status, None, None, "", threshold): told for status, told in MEANING.items() if status != ROUNDED}
    return exact | {ABOUT.strip(): about}


def _changes(source: Source, earlier: Source | None) -> Mapping[str, Any]:
    found = compare(earlier.folder, source.folder) if earlier else Difference([], [], [], {}, False)
    tables = [
        {"title": title, "all": len(own), "rows": [_change(change) for change in own[:MOST_CHANGES]]}
        for table, title in (("kerncijfers", "Cijfers"), ("uitsplitsingen", "Uitsplitsingen"))
        if (own := [change for change in found.changes if change.tabel == table])
    ]
    return {"earlier": earlier, "found": found, "tables": tables}


def _change(change: Change) -> Mapping[str, Any]:
    split = change.row.get("uitsplitsing")
    of_what = f"{words.breakdown_name(split)}: {words.breakdown_value(split, change.row['uitsplitsing_waarde'])}" if split else ""
    return {"row": change.row, "uitsplitsing": of_what, "van": change.van, "naar": change.naar, "verschil": change.verschil}


def _dictionary(source: Source) -> Mapping[str, Any]:
    labels = {row["indicator"]: row["label"] for row in source.indicators}
    tables = dict.fromkeys(row["tabel"] for row in source.indicators)
    return {
        "labels": labels,
        "tables": {tabel: [row for row in source.indicators if row["tabel"] == tabel] for tabel in tables},
        "files": {table.name: _columns(table) for table in published.load().tables},
    }


def _columns(table: PublishedTable) -> Mapping[str, Any]:
    return {
        "description": table.description,
        "columns": [
            {"name": column.name, "type": column.type, "null": not column.required, "unit": column.unit, "description": column.description}
            for column in table.columns
        ],
    }


def _quality(source: Source) -> Mapping[str, Any]:
    rows = source.tables["kwaliteit"]
    gates = source.tables["poorten"]
    return {
        "deliveries": source.tables["leveringen"],
        "outcomes": list(_outcomes(rows)),
        "names": OUTCOMES,
        "reasons": [row for row in rows if row["code"]],
        "gates": gates,
        "failed": [row for row in gates if not row["geslaagd"]],
        "deviations": [row for row in source.tables["reconciliatie"] if row["soort"] == "fout" or row["oordeel"] == "wijkt_af"],
        "compared": sum(row["soort"] == "cel" for row in source.tables["reconciliatie"]),
    }


def _outcomes(rows: Sequence[Row]) -> Iterator[Mapping[str, Any]]:
    """Of each delivery and entiteit what became of its rows, side by side. Nothing is added up: in `openbaar` these numbers are rounded."""
    found: dict[tuple[str, ...], dict[str, int]] = {}
    for row in rows:
        if not row["code"]:
            found.setdefault((row["bron"], row["levering"], row["entiteit"]), {})[row["ernst"]] = row["aantal"]
    for (bron, levering, entiteit), numbers in found.items():
        yield {"bron": bron, "levering": levering, "entiteit": entiteit, "numbers": numbers}
