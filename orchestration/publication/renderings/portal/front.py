"""Selects the contents of the front page, and of the pages of the regio and of each gemeente.

Put here: the template context of these pages. Keep out: which figures come first, and what is said of them (`headlines.py`); HTML
(`templates/`).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from expectations import reference
from orchestration.publication import report_tables
from orchestration.publication.extract import REGIO
from orchestration.publication.renderings import changes, headlines, message, names
from orchestration.publication.renderings.headlines import Headline
from orchestration.publication.renderings.portal import small_chart
from orchestration.publication.renderings.source import Source
from orchestration.publication.report_tables import Area, ReportTable
from orchestration.publication.weergave import ABOUT

BESIDE = 2  # key figures of the list of gemeenten, which fits a telephone
UNITS = {"jongeren": "jongeren", "meldingen": "meldingen", "dagen": "dagen", "per_1000": "per 1.000 jongeren"}


def file_of(area: Area) -> str:
    """Return the page of an area: by its code, as a name may change, and two gemeenten may have the same."""
    return "regio.html" if area.code == REGIO else f"gemeente-{area.code}.html"


def home(source: Source) -> Mapping[str, Any]:
    """Return the contents of the front page."""
    area = headlines.front(source)
    own = _of_area(source, area)
    titles = {table.tabel: table.title for table in _tables(source, area, own["years"])}
    return own | {"page_of_area": file_of(area), "gemeenten": list(_gemeenten(source, own["years"][-1])), "subjects": titles}


def areas(source: Source) -> Sequence[Area]:
    """Return the areas with a page of their own: each gemeente, and the regio if it is more than one."""
    own = headlines.gemeenten(source)
    return [*own, headlines.front(source)] if len(own) > 1 else own


def of(source: Source, area: Area) -> Mapping[str, Any]:
    """Return the contents of the page of an area: its key figures beside those of the regio, and all its tables."""
    own = _of_area(source, area)
    regio = headlines.front(source)
    tables = [_table(table, regio) for table in _tables(source, area, own["years"])]
    return own | {"gemeenten": list(_gemeenten(source, own["years"][-1])), "tables": tables, "legend": _legend(source, area, own["years"])}


def _of_area(source: Source, area: Area) -> dict[str, Any]:
    years = source.years()
    found, changed = headlines.key_figures(source, area, years[-1]), headlines.most_changed(source, area, years[-1])
    regio = headlines.front(source)
    beside = source.of_area(regio) if area != regio and regio.code == REGIO else {}
    return {
        "area": area,
        "where": names.area(area.name, area.code),
        "whole": names.listed([one.name for one in headlines.gemeenten(source)]) if area.code == REGIO else "",
        "years": years,
        "year": years[-1],
        "lead": message.of_the_year(source, area, years, source.precision),
        "is_running": headlines.is_running(source, years[-1]),
        "tiles_of_area": [_tile(one, area, beside) for one in found],
        "changed_most": [
            {"one": one, "link": link(one.indicator["indicator"], area), "unit": UNITS.get(one.indicator["eenheid"], "")} for one in changed
        ],
        "breaks": headlines.breaks([*found, *changed]),
        "is_about": source.is_rounded,
        "least": headlines.LEAST,
    }


def _tile(one: Headline, area: Area, beside: Mapping[tuple[str, str], Any]) -> Mapping[str, Any]:
    code = one.indicator["indicator"]
    regio = beside.get((code, one.row["schooljaar"]))
    return {
        "one": one,
        "unit": UNITS.get(one.indicator["eenheid"], ""),
        "about": one.row["weergave"].startswith(ABOUT),
        "chart": small_chart.draw(one.name, one.past),
        "link": link(code, area),
        "regio": regio,
    }


def link(indicator: str, area: Area) -> str:
    """Return the address of a figure of an area in the explorer."""
    return f"cijfers.html#{urlencode({'indicator': indicator, 'gemeente': area.code})}"


def _gemeenten(source: Source, year: str) -> Iterator[Mapping[str, Any]]:
    """Yield each gemeente and the regio with the first key figures, for the list in which one is chosen."""
    first = message.key_figures(source.indicators)[:BESIDE]
    for area in areas(source):
        cells = source.of_area(area)
        rows = [cells.get((row["indicator"], year)) for row in first]
        yield {"area": area, "file": file_of(area), "heads": [row["naam"] for row in first], "cells": rows}


def _tables(source: Source, area: Area, years: Sequence[str]) -> list[ReportTable]:
    own = source.figures_of((area, headlines.front(source)))
    return report_tables.tables(own, source.indicators, (area,), years, report_tables.all_titles(source.indicators))


def _table(table: ReportTable, regio: Area) -> Mapping[str, Any]:
    """Return a table with a row for each figure: this schooljaar (which a phone shows beside its name), the one before, and the regio."""
    [area], years = table.areas, table.years[::-1]
    has_regio = area != regio and regio.code == REGIO
    rows = []
    for line in table.lines:
        cells = [line.cell(area, year) for year in years]
        difference = [changes.difference(*cells)] if len(years) > 1 else []
        rows.append((line.indicator, cells, difference, [line.cell(regio, years[0])] if has_regio else []))
    heads = [*years, *["Verschil"] * (len(years) > 1), *[f"Regio {years[0]}"] * has_regio]
    note = report_tables.break_note(table.years, table.cells) if len(years) > 1 else None
    is_in_report = table.tabel in reference.in_report()
    return {"tabel": table.tabel, "title": table.title, "heads": heads, "rows": rows, "note": note, "is_in_report": is_in_report}


def _legend(source: Source, area: Area, years: Sequence[str]) -> Sequence[tuple[str, str]]:
    """Return the signs on the page of an area, with their meaning."""
    shown = source.figures_of(dict.fromkeys([area, *(one for one in source.areas if one.code == REGIO)]))
    return report_tables.legend(row for row in shown if row["schooljaar"] in years)
