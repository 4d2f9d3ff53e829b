"""Selects the contents of the portal's pages other than the figures: changes, definitions, and quality of the deliveries.

Put here: the template context of each page. Keep out: HTML (`templates/`), and the figures (`data.py`).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup

from expectations import published
from expectations.published import PublishedTable
from orchestration.publication.diff import Change, Difference, compare
from orchestration.publication.extract import REGIO, Row
from orchestration.publication.renderings import names, others, precision
from orchestration.publication.renderings.editions import Edition
from orchestration.publication.renderings.portal import front, words
from orchestration.publication.renderings.source import Source
from orchestration.publication.weergave import count, signed

MOST_CHANGES = 200
SCHOOLJAAR = re.compile(r"(\b\d{4}-\d{4}\b)")
OUTCOMES = ("gelezen", "geladen", "herhaald")


@dataclass(frozen=True)
class Page:
    """One page.

    Args:
        file: Name of its file; with `.jinja` appended, that of its template.
        title: Its title, also in the menu.
        context: Variables for its template, in addition to the shared ones.
        menu: What it is called in the menu; empty if it is not in there.
        template: Name of its template, if it is not that of its file.
    """

    file: str
    title: str
    context: Mapping[str, Any]
    menu: str = ""
    template: str = ""


def pages_of(source: Source, earlier: Source | None, history: Sequence[Edition]) -> Sequence[Page]:
    """Return the pages of the portal, those of the menu in its order, and then those of the regio and each gemeente.

    Args:
        source: The release.
        earlier: The previous release; None if there is none.
        history: The releases of the zone up to this one, the last first.
    """
    home = front.home(source)
    return (
        Page("index.html", _title(home), home, "Het jaar"),
        Page("cijfers.html", "Zoek een cijfer op", {"signs": words.signs(source), **_precision(source), **_others(source)}, "Cijfers"),
        Page("woordenboek.html", "Woordenboek", _dictionary(source), "Woordenboek"),
        Page("kwaliteit.html", "Kwaliteit", _quality(source), "Kwaliteit"),
        Page("releases.html", "Versies van de cijfers", {"history": history, **_changes(source, earlier)}, "Versies"),
        Page("insluiten.html", "Cijfer", {}),
        *(
            Page(front.file_of(area), _title(context), context, template="gebied.html")
            for area in front.areas(source)
            for context in (front.of(source, area),)
        ),
    )


def _title(context: Mapping[str, Any]) -> str:
    return f"Leerplicht in {context['where']}, schooljaar {context['year']}"


def moment(text: str | None) -> str:
    """Format the kennisdatum of a delivery, which has the time zone of the bron; empty if it could not be parsed."""
    if not text:
        return ""
    delivered = datetime.fromisoformat(text)
    return f"{names.day(delivered)}, {delivered:%H:%M}"


def unbroken(text: str) -> Markup:
    """Mark up a text so that no line ends inside a schooljaar."""
    parts = enumerate(SCHOOLJAAR.split(text))
    return Markup("").join(Markup('<span class="heel">{}</span>').format(part) if at % 2 else part for at, part in parts)


FILTERS = {
    "aantal": count,
    "bron": words.source_name,
    "datum": names.day_of,
    "eenheid": words.unit_name,
    "heel": unbroken,
    "metteken": lambda value: "" if value is None else signed(value),
    "moment": moment,
    "oordeel": words.verdict_name,
    "openbaar": words.declared,
    "tabel": words.table_name,
}


def _precision(source: Source) -> Mapping[str, Any]:
    """Return the sentences about rounding: those that always hold in `openbaar`, and those about a breakdown that is chosen."""
    if not source.is_rounded:
        return {"explained": [], "absent": {}}
    rounded = source.precision
    absent = {name: f"{precision.absent_values(rounded, name)} {precision.NO_ROWS}" for name in ("gemeente", REGIO)}
    return {"explained": precision.explained(rounded, source.figures), "absent": absent}


def _others(source: Source) -> Mapping[str, Any]:
    """Return what only others count, as a table for each indicator: schooljaren as rows, and a column for each line."""
    tables = [
        {
            "title": label,
            "heads": ["Schooljaar", *(line.label for line in lines)],
            "rows": [(year, [others.text(line.cells.get(year)) for line in lines]) for year in others.years_of(lines)],
            "notes": [*others.origins(lines), *others.reading(lines)],
        }
        for label, lines in others.alone(source).items()
    ]
    return {"beside": others.TITLE, "alone": others.TITLE_ALONE, "others": tables}


def _changes(source: Source, earlier: Source | None) -> Mapping[str, Any]:
    found = compare(earlier.folder, source.folder) if earlier else Difference([], [], [], [], {}, False)
    tables = [
        {"title": title, "all": len(own), "rows": [_change(change) for change in own[:MOST_CHANGES]]}
        for table, title in (("kerncijfers", "Cijfers"), ("uitsplitsingen", "Verdelingen"))
        if (own := [change for change in found.changes if change.tabel == table])
    ]
    return {"earlier": earlier, "found": found, "tables": tables}


def _change(change: Change) -> Mapping[str, Any]:
    split = change.row.get("uitsplitsing")
    of_what = f"{words.breakdown_name(split)}: {names.value(change.row)}" if split else ""
    return {"row": change.row, "uitsplitsing": of_what, "van": change.van, "naar": change.naar, "verschil": change.verschil}


def _dictionary(source: Source) -> Mapping[str, Any]:
    called = {row["indicator"]: row["naam"] for row in source.indicators}
    tables = dict.fromkeys(row["tabel"] for row in source.indicators)
    return {
        "names": called,
        "precisions": words.precisions(source.precision.to),
        "tables": {tabel: [row for row in source.indicators if row["tabel"] == tabel] for tabel in tables},
        "files": {table.name: _columns(table) for table in published.tables(source.zone)},
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
    rows = source.tables.get("kwaliteit", ())
    gates = source.tables.get("poorten", ())
    return {
        "sources": source.tables.get("bronnen", ()),
        "deliveries": source.tables.get("leveringen", ()),
        "outcomes": list(_outcomes(rows)),
        "names": OUTCOMES,
        "reasons": [row for row in rows if row["code"]],
        "gates": gates,
        "failed": [row for row in gates if not row["geslaagd"]],
        "deviations": [row for row in source.tables["reconciliatie"] if row["soort"] == "fout" or row["oordeel"] == "wijkt_af"],
        "compared": sum(row["soort"] == "cel" for row in source.tables["reconciliatie"]),
    }


def _outcomes(rows: Sequence[Row]) -> Iterator[Mapping[str, Any]]:
    """Yield the row counts of each delivery and entiteit by outcome."""
    found: dict[tuple[str, ...], dict[str, int]] = {}
    for row in rows:
        if not row["code"]:
            found.setdefault((row["bron"], row["levering"], row["entiteit"]), {})[row["ernst"]] = row["aantal"]
    for (bron, levering, entiteit), numbers in found.items():
        yield {"bron": bron, "levering": levering, "entiteit": entiteit, "numbers": numbers}
