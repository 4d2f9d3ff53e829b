"""Writes the data of the portal: the release's figures and definitions as script files, as a page opened from disk may not use fetch.

`data.js` holds what every page of figures needs: names and definitions. The figures of an indicator are a file, and so is each of its
breakdowns: a page loads only those that it shows, however large the region. Each column is dictionary-encoded: its distinct values and,
for each row, the index of its value; a column with a single value is written as that value. Put here: encoding the figures for the
browser. Keep out: filtering and formatting them (`scripts/`).
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa

from expectations import published
from orchestration.publication.extract import Row
from orchestration.publication.renderings import names, others
from orchestration.publication.renderings.others import Other
from orchestration.publication.renderings.portal.words import (
    breakdown_name,
    precision_of,
    signs,
    source_name,
    table_name,
    unit_name,
)
from orchestration.publication.renderings.sender import CALLED, TITLE, Sender
from orchestration.publication.renderings.source import Source
from orchestration.publication.report_tables import MEANING, areas

FIGURES = "cijfers"  # folder of the files with figures
NAMED = ("school", "wijk")  # breakdowns of which a value without a name has its code as label


def scripts(source: Source, sender: Sender) -> Iterator[tuple[str, str]]:
    """Yield the script files, each as its name and its text.

    Args:
        source: The release.
        sender: Who publishes.
    """
    yield "data.js", f"const data = {_json(_shared(source, sender))};\n"
    for (indicator, kind), rows in _parts(source).items():
        name = f"{indicator}.{kind}" if kind else indicator
        yield f"{FIGURES}/{name}.js", f"rows.receive({_json(indicator)}, {_json(kind)}, {_json(_columns(rows))});\n"


def _shared(source: Source, sender: Sender) -> Mapping[str, Any]:
    """Return what defines `data`: names and definitions, and of which breakdowns there are figures."""
    rounded = source.precision
    return {
        "release": {"naam": source.release, "zone": source.zone, "status": source.status, "stand": names.day_of(source.kennisdatum)},
        "afzender": {
            "naam": sender.name,
            "adres": sender.address,
            "genoemd": f"{sender.name}, {TITLE}",
            "status": CALLED[source.status],
        },
        "gemeenten": [(area.code, area.name) for area in areas(source.figures, unknown=True)],
        "betekenis": MEANING,
        "tekens": signs(source),
        "afronding": {"op": rounded.to, "gemeenten": rounded.gemeenten},
        "tabellen": _names(source.indicators, "tabel", table_name),
        "indicatoren": [{name: _plain(value) for name, value in row.items()} for row in source.indicators],
        "openbaar": {row["indicator"]: precision_of(row, rounded.to) for row in source.indicators},
        "eenheden": _names(source.indicators, "eenheid", unit_name),
        "bronnen": _names(source.figures, "bron", source_name),
        "uitsplitsingen": _names(source.breakdowns, "uitsplitsing", breakdown_name),
        "uitsplitsing_waarden": _values(source.breakdowns),
        "anderen": {row["indicator"]: _others(lines) for row in source.indicators if (lines := others.beside(source, row["indicator"]))},
        "schooljaren": sorted({row["schooljaar"] for row in source.figures}),
        "uitgesplitst": _kinds(source),
        "kolommen": [_column(field) for field in _fields()],
    }


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def _parts(source: Source) -> Mapping[tuple[str, str], Sequence[Row]]:
    """Return the rows of each file: of an indicator its figures, with an empty kind, and its breakdowns by kind."""
    found: dict[tuple[str, str], list[Row]] = {(row["indicator"], ""): [] for row in source.indicators}
    for row in (*source.figures, *source.breakdowns):
        found.setdefault((row["indicator"], row.get("uitsplitsing", "")), []).append(row)
    return {part: _in_order(rows, source) for part, rows in found.items()}


def _kinds(source: Source) -> Mapping[str, Sequence[str]]:
    """Return the breakdowns of each indicator that has any."""
    found: dict[str, set[str]] = {}
    for row in source.breakdowns:
        found.setdefault(row["indicator"], set()).add(row["uitsplitsing"])
    return {indicator: sorted(kinds) for indicator, kinds in found.items()}


def _others(lines: Sequence[Other]) -> Mapping[str, Any]:
    """Return what others published of one indicator: their lines, with the codes that each may stand beside, and where they come from."""
    return {
        "lijnen": [
            {
                "naam": line.label,
                "naast": sorted(line.beside),
                "cijfers": {year: others.text(row) for year, row in line.cells.items()},
                "herkomst": others.origins([line]),
            }
            for line in lines
        ],
        "uitleg": others.reading(lines),
    }


def _names(rows: Sequence[Row], column: str, name: Callable[[str], str]) -> Mapping[str, str]:
    return {code: name(code) for code in dict.fromkeys(row[column] for row in rows)}


def _values(rows: Sequence[Row]) -> Mapping[str, Mapping[str, str]]:
    """Return the labels of the values of each breakdown, in display order."""
    found: dict[str, dict[str, Row]] = {}
    for row in rows:
        found.setdefault(row["uitsplitsing"], {})[row["uitsplitsing_waarde"]] = row
    named = {kind: Counter(map(names.value, values.values())) for kind, values in found.items()}
    return {kind: {value: _label(values[value], named[kind]) for value in sorted(values, key=_rank)} for kind, values in found.items()}


def _label(row: Row, named: Mapping[str, int]) -> str:
    """Return the label of a value; with its code where another has the same one, as schools may."""
    label, code = names.value(row), row["uitsplitsing_waarde"]
    if label == code and row["uitsplitsing"] in NAMED:
        return f"{code} (naam niet bekend)"
    return f"{label} ({code})" if named[label] > 1 else label


def _in_order(rows: Sequence[Row], source: Source) -> Sequence[Row]:
    """Sort rows by gemeenten as in the report, then values of a breakdown in natural order, 5 before 10, then schooljaar."""
    area = {area.code: at for at, area in enumerate(areas(source.figures, unknown=True))}

    def place(row: Row) -> tuple[Any, ...]:
        value = _rank(row["uitsplitsing_waarde"]) if "uitsplitsing" in row else ()
        return area[row["gemeente_code"]], *value, row["schooljaar"]

    return sorted(rows, key=place)


def _rank(value: str) -> tuple[bool, int, str]:
    return value == "onbekend", int(value) if value.isdecimal() else 0, value


def _fields() -> Iterator["pa.Field[Any]"]:
    """Yield the columns of `uitsplitsingen`, which include most of `kerncijfers`, and then those that only `kerncijfers` has."""
    figures, breakdowns = (published.table(name).schema for name in ("kerncijfers", "uitsplitsingen"))
    yield from breakdowns
    yield from (field for field in figures if field.name not in breakdowns.names)


def _column(field: "pa.Field[Any]") -> Mapping[str, Any]:
    scale = field.type.scale if pa.types.is_decimal(field.type) else None
    kind = "decimal" if pa.types.is_decimal(field.type) else str(field.type)
    return {
        "naam": field.name,
        "soort": kind,
        "precisie": getattr(field.type, "precision", None),
        "decimalen": scale,
        "leeg": field.nullable,
    }


def _columns(rows: Sequence[Row]) -> Mapping[str, Any]:
    names = list(rows[0]) if rows else []
    return {"aantal": len(rows), "kolommen": {name: _packed([_plain(row[name]) for row in rows]) for name in names}}


def _packed(values: Sequence[object]) -> Mapping[str, object]:
    distinct = list(dict.fromkeys(values))
    if len(distinct) == 1:
        return {"waarden": distinct}
    place = {value: at for at, value in enumerate(distinct)}
    return {"waarden": distinct, "plaats": [place[value] for value in values]}


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return float(value)  # JSON gets the shortest text that parses to this number, so 5.95 stays 5.95
    return value.isoformat() if isinstance(value, date) else value
