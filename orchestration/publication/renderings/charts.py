"""Draws charts as SVG. Each bar is labelled with its schooljaar and its figure, so that colour is never the only carrier of information.

A withheld figure has no bar, only the sign that the release prints for it, also in the text alternative; a rounded one has a bar of what it
is rounded to. Put here: the style of a chart, and its text alternative. Keep out: selecting its figures (`series.py`).
"""

import functools
import textwrap
from typing import Any

from lxml import etree

from orchestration.publication.renderings import letters, names
from orchestration.publication.renderings.precision import is_about
from orchestration.publication.renderings.sender import Colours
from orchestration.publication.renderings.series import Series, SeriesLine, size_of
from orchestration.publication.report_tables import BREAK, legend

INK = "#1d2733"
WIDTH = 330
BAR = 15
LABEL, LINE = 30, 14  # of a label: letters on a line, and height of a line
YEAR = 58  # of the schooljaar before a bar
COLUMN, GAP, HEIGHT = 90, 70, 230  # of the columns of schooljaren
SVG = "http://www.w3.org/2000/svg"


def alternative(series: Series) -> str:
    """Return the text alternative of a chart, from the same rows."""
    lines = [line for line in series.lines if line.drawn]
    signs = "".join(f" Teken {sign}: {meaning}." for sign, meaning in legend(row for row in series.drawn if size_of(row) is None))
    absent = f" Waar een teken staat, is geen staaf.{signs}" if signs else ""
    about = " Cijfers met ca. zijn afgerond." if is_about(*series.drawn) else ""
    if series.shape == "years":  # of one figure, which the sentence above it names
        return f"Staafdiagram: {_in_text(lines[0], series)}.{about}{absent}"
    shown = "; ".join(f"{line.label}: {_in_text(line, series)}" for line in lines)
    return f"Staafdiagram. {series.title}, {series.area.name}, {names.listed(series.years)}. {shown}.{about}{absent}"


def draw(series: Series, colours: Colours) -> str:
    """Draw a chart as SVG; the same rows give the same bytes.

    Args:
        series: Its data; at least one figure can be drawn.
        colours: Those of the sender.

    Returns:
        One `svg` element with its text alternative.
    """
    import vl_convert

    _register_letters()
    return _accessible(vl_convert.vegalite_to_svg(specification(series, colours)), alternative(series))


def specification(series: Series, colours: Colours) -> dict[str, Any]:
    """Return the chart as a Vega-Lite specification that includes its rows."""
    drawn = [line for line in series.lines if line.drawn]
    rows = [_row(number, line, year, series) for number, line in enumerate(drawn) for year in series.years if year in line.cells]
    look = {**_look(series.shape, colours), "data": {"values": rows}}
    if series.shape == "bars":  # a bar per schooljaar, and room for the label beside them
        lines = max(str(row["naam"]).count("\n") + 1 for row in rows)
        look["height"] = {"step": max(BAR, lines * LINE / len(series.years)), "for": "offset"}
    return look


@functools.cache
def _look(shape: str, colours: Colours) -> dict[str, Any]:
    """Return the specification of a kind of chart without its rows. Altair takes 50 ms for this, so it is cached."""
    import altair as alt

    marks = {"bars": _bars, "months": _columns, "years": _years}[shape](colours)
    drawn = alt.layer(*marks, data=alt.NamedData("cijfers"))
    if shape == "years":
        drawn = drawn.properties(width=alt.Step(COLUMN + GAP), height=HEIGHT)
    elif shape == "months":
        header = alt.Header(labelAngle=0, labelAlign="left", labelPadding=10, labelColor=INK, labelFontSize=10.5)
        row = alt.Row("schooljaar:N", title=None, header=header)
        drawn = drawn.properties(width=WIDTH + 110, height=84).facet(row=row, spacing=14)
    else:
        drawn = drawn.properties(width=WIDTH)
    axis = {"labelColor": INK, "titleColor": INK, "labelFontSize": 10, "domain": False, "ticks": False, "grid": False}
    text = {"color": INK, "fontSize": 10}
    look: dict[str, Any] = drawn.configure(font=letters.FAMILY, background="white", view={"stroke": None}, axis=axis, text=text).to_dict()
    return look


def _bars(colours: Colours) -> list[Any]:
    """Return horizontal bars, grouped by line."""
    import altair as alt

    axis = alt.Axis(offset=YEAR, labelExpr="split(datum.label, '\\n')", labelLimit=0, labelLineHeight=LINE - 1, labelFontSize=10.5)
    y = alt.Y("naam:N", sort=_order(), title=None, axis=axis, scale=alt.Scale(paddingInner=0.2))
    base = alt.Chart().encode(y=y, yOffset=alt.YOffset("schooljaar:N", scale=alt.Scale(paddingInner=0.15)))
    bars = base.transform_filter("datum.waarde !== null").mark_bar()
    bars = bars.encode(x=alt.X("waarde:Q", axis=None), color=_colour(colours))
    figures = base.mark_text(align="left", dx=5).encode(x=alt.X("plaats:Q", axis=None), text="weergave:N")
    return [bars, figures, base.mark_text(align="right", dx=-5).encode(x=alt.value(0), text="schooljaar:N")]


def _columns(colours: Colours) -> list[Any]:
    """Return vertical bars, in a row for each schooljaar."""
    import altair as alt

    base = alt.Chart().encode(x=alt.X("naam:N", sort=_order(), title=None, axis=alt.Axis(labelAngle=0, labelPadding=6)))
    columns = base.transform_filter("datum.waarde !== null").mark_bar(width=24)
    columns = columns.encode(y=alt.Y("waarde:Q", axis=None), color=_colour(colours))
    return [columns, base.mark_text(dy=-7).encode(y=alt.Y("plaats:Q", axis=None), text="weergave:N")]


def _years(colours: Colours) -> list[Any]:
    """Return a column per schooljaar, with a line where the series breaks."""
    import altair as alt

    gap = GAP / (COLUMN + GAP)
    scale = alt.Scale(paddingInner=gap, paddingOuter=gap / 2)
    axis = alt.Axis(labelAngle=0, labelPadding=8, labelFontSize=15)
    base = alt.Chart().encode(x=alt.X("schooljaar:N", title=None, axis=axis, scale=scale))
    columns = base.transform_filter("datum.waarde !== null").mark_bar().encode(y=alt.Y("waarde:Q", axis=None), color=_colour(colours))
    figures = base.mark_text(dy=-14, fontSize=22, fontWeight="bold").encode(y=alt.Y("plaats:Q", axis=None), text="weergave:N")
    broken = alt.Chart().transform_filter("datum.breuk").encode(x=alt.X("schooljaar:N", bandPosition=0))
    line = broken.mark_rule(color=INK, strokeDash=[5, 4], xOffset=-GAP / 2).encode(y=alt.value(-20), y2=alt.value(HEIGHT))
    told = broken.mark_text(text=f"trendbreuk{BREAK}", fontSize=13, xOffset=-GAP / 2, dy=-30).encode(y=alt.value(0))
    return [columns, figures, line, told]


def _order() -> Any:
    """Return the sort order: that of the series' lines."""
    import altair as alt

    return alt.EncodingSortField(field="volgorde", op="min")


def _colour(colours: Colours) -> Any:
    import altair as alt

    return alt.condition("datum.dit_jaar", alt.value(colours.link), alt.value(colours.muted))


def _row(number: int, line: SeriesLine, year: str, series: Series) -> dict[str, Any]:
    cell = line.cells[year]
    return {
        "volgorde": number,
        "naam": _wrapped(line.label, series),
        "schooljaar": year,
        "waarde": size_of(cell),
        "plaats": size_of(cell) or 0,
        "weergave": cell["weergave"],
        "dit_jaar": year == series.years[-1],
        "breuk": cell["trendbreuk"] and year != series.years[0],
    }


def _wrapped(label: str, series: Series) -> str:
    return names.short_month(label) if series.shape == "months" else "\n".join(textwrap.wrap(label, LABEL))


def _in_text(line: SeriesLine, series: Series) -> str:
    return ", ".join(f"{line.cells[year]['weergave']} in {year}" for year in series.years if year in line.cells)


@functools.cache
def _register_letters() -> None:
    import vl_convert

    vl_convert.register_font_directory(str(letters.folder()))


def _accessible(svg: str, text: str) -> str:
    """Make the drawing a single image with one description: screen readers would read the labels of its parts one by one."""
    root = etree.fromstring(svg.encode())
    for element in root.iter(f"{{{SVG}}}*"):
        for name in [name for name in element.attrib if name == "role" or str(name).startswith("aria-")]:
            del element.attrib[name]
    root.set("role", "img")
    root.set("aria-label", text)
    return etree.tostring(root, encoding="unicode")
