"""Charts: what a look tells sooner than a table. Each bar carries its schooljaar and its figure, so that colour says nothing by itself.

A figure that is withheld has no bar, only the sign that the release prints for it; the text alternative says so too. Put here: how a chart
looks, and its text alternative. Keep out: which figures it shows (`series.py`).
"""

import functools
import textwrap
from typing import Any

from lxml import etree

from orchestration.publication.renderings import letters, names
from orchestration.publication.renderings.series import Series, SeriesLine
from orchestration.publication.report_tables import count_of, legend

INK = "#1d2733"
THIS_YEAR = "#0b4f8a"  # 8.3:1 on white
EARLIER = "#6f8baa"  # 3.6:1 on white
WIDTH = 330
BAR = 14
LABEL = 30
SVG = "http://www.w3.org/2000/svg"


def alternative(series: Series) -> str:
    """Say in text what the chart shows, from the same rows."""
    told = "; ".join(_told(line, series) for line in series.lines if line.drawn)
    signs = ", ".join(f"{sign} is {meaning}" for sign, meaning in legend(series.drawn))
    absent = f" Waar een teken staat, is geen staaf: {signs}." if signs else ""
    return f"Staafdiagram. {series.title}, {series.area.name}, {names.listed(series.years)}. {told}.{absent}"


def draw(series: Series) -> str:
    """Draw a chart as SVG; the same rows give the same bytes.

    Args:
        series: What it shows; at least one figure of it can be drawn.

    Returns:
        One `svg` element that carries its text alternative.
    """
    import vl_convert

    _register_letters()
    return _accessible(vl_convert.vegalite_to_svg(specification(series)), alternative(series))


def specification(series: Series) -> dict[str, Any]:
    """The chart as a Vega-Lite specification with its rows in it."""
    drawn = [line for line in series.lines if line.drawn]
    rows = [_row(number, line, year, series) for number, line in enumerate(drawn) for year in series.years if year in line.cells]
    return {**_look(series.in_time), "data": {"values": rows}}


@functools.cache
def _look(in_time: bool) -> dict[str, Any]:
    """What charts of a kind have in common: all but their rows. Altair takes 50 ms to make it, so it is made once."""
    import altair as alt

    figure = alt.layer(*(_columns() if in_time else _bars()), data=alt.NamedData("cijfers"))
    if in_time:
        figure, row = figure.properties(width=WIDTH + 110, height=84), alt.Row("schooljaar:N", title=None, header=_header())
    else:
        figure, row = figure.properties(width=WIDTH, height=alt.Step(BAR)), alt.Row("naam:N", sort=_order(), title=None, header=_header())
    drawn = figure.facet(row=row, spacing=14 if in_time else 5)
    axis = {"labelColor": INK, "titleColor": INK, "labelFontSize": 10, "domain": False, "ticks": False, "grid": False}
    text = {"color": INK, "fontSize": 10}
    look: dict[str, Any] = drawn.configure(font=letters.FAMILY, background="white", view={"stroke": None}, axis=axis, text=text).to_dict()
    return look


def _bars() -> list[Any]:
    """Bars that lie under one another, the schooljaren of each line together."""
    import altair as alt

    base = alt.Chart().encode(y=alt.Y("schooljaar:N", title=None, axis=alt.Axis(labelPadding=6)))
    bars = base.transform_filter("datum.waarde !== null").mark_bar(height=BAR - 3)
    bars = bars.encode(x=alt.X("waarde:Q", axis=None), color=_colour())
    return [bars, base.mark_text(align="left", dx=5).encode(x=alt.X("plaats:Q", axis=None), text="weergave:N")]


def _columns() -> list[Any]:
    """Columns that stand beside one another, a row of them for each schooljaar."""
    import altair as alt

    base = alt.Chart().encode(x=alt.X("naam:N", sort=_order(), title=None, axis=alt.Axis(labelAngle=0, labelPadding=6)))
    columns = base.transform_filter("datum.waarde !== null").mark_bar(width=24)
    columns = columns.encode(y=alt.Y("waarde:Q", axis=None), color=_colour())
    return [columns, base.mark_text(dy=-7).encode(y=alt.Y("plaats:Q", axis=None), text="weergave:N")]


def _order() -> Any:
    """In the order of the series' lines."""
    import altair as alt

    return alt.EncodingSortField(field="volgorde", op="min")


def _colour() -> Any:
    import altair as alt

    return alt.condition("datum.dit_jaar", alt.value(THIS_YEAR), alt.value(EARLIER))


def _header() -> Any:
    import altair as alt

    lines = "split(datum.label, '\\n')"
    return alt.Header(
        labelAngle=0,
        labelAlign="left",
        labelLimit=0,
        labelPadding=10,
        labelColor=INK,
        labelFontSize=10.5,
        labelExpr=lines,
        labelLineHeight=13,
    )


def _row(number: int, line: SeriesLine, year: str, series: Series) -> dict[str, Any]:
    cell = line.cells[year]
    return {
        "volgorde": number,
        "naam": _wrapped(line.label, series),
        "schooljaar": year,
        "waarde": count_of(cell),
        "plaats": count_of(cell) or 0,
        "weergave": cell["weergave"],
        "dit_jaar": year == series.years[-1],
    }


def _wrapped(label: str, series: Series) -> str:
    return names.short_month(label) if series.in_time else "\n".join(textwrap.wrap(label, LABEL))


def _told(line: SeriesLine, series: Series) -> str:
    shown = ", ".join(f"{line.cells[year]['weergave']} in {year}" for year in series.years if year in line.cells)
    return f"{line.label}: {shown}"


@functools.cache
def _register_letters() -> None:
    import vl_convert

    vl_convert.register_font_directory(str(letters.folder()))


def _accessible(svg: str, text: str) -> str:
    """Make the drawing one image with one description: its parts carry marks that screen readers would read out one by one."""
    root = etree.fromstring(svg.encode())
    for element in root.iter(f"{{{SVG}}}*"):
        for name in [name for name in element.attrib if name == "role" or str(name).startswith("aria-")]:
            del element.attrib[name]
    root.set("role", "img")
    root.set("aria-label", text)
    return etree.tostring(root, encoding="unicode")
