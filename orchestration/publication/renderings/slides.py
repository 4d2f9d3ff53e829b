"""Builds slides, one picture per key figure and gebied: a sentence, the figure over the schooljaren, and where it comes from.

A figure that is withheld this schooljaar has no slide: there is nothing to draw. Put here: their contents. Keep out: typesetting
(`factsheet_pdf.py`), and the rules of the sentence (`message.py`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from orchestration.publication import report_tables
from orchestration.publication.renderings import charts, factsheet_html, factsheet_pdf, message, names, series
from orchestration.publication.renderings.sender import CALLED, Sender
from orchestration.publication.renderings.source import Source
from orchestration.publication.report_tables import Area, has_figure

INDEX = "index.html"
PIXELS_PER_INCH = 72  # the page of the template is 1920 by 1080 points


@dataclass(frozen=True)
class Slide:
    """One slide.

    Args:
        file: Its file name.
        title: What it says, in one sentence.
        svg: The drawing.
        alternative: Text alternative of the whole picture.
        meaning: What is counted.
        note: What a break in the series means; empty if there is none.
        origin: Source, standing and release.
        intern: Whether it must not be published.
    """

    file: str
    title: str
    svg: str
    alternative: str
    meaning: str
    note: str
    origin: str
    intern: bool


def write(folder: Path, source: Source, areas: Sequence[Area], year: str, sender: Sender) -> None:
    """Write the slides, and a page with all of them and their text alternatives; the same release gives the same bytes.

    Args:
        folder: Folder to write them in; it exists.
        source: The release.
        areas: The gebieden.
        year: The schooljaar that they are about.
        sender: Who publishes.
    """
    slides = list(make(source, areas, year, sender))
    for slide in slides:  # one at a time: it takes no longer, and the memory of one
        [picture] = factsheet_pdf.pictures(factsheet_pdf.SLIDES, asdict(slide), sender, PIXELS_PER_INCH)
        (folder / slide.file).write_bytes(picture)
    factsheet_html.write_index(folder / INDEX, f"Dia's leerplicht {year}", slides, sender)


def make(source: Source, areas: Sequence[Area], year: str, sender: Sender) -> Iterator[Slide]:
    """Yield the slides of each gebied, in the order of the key figures."""
    years = source.years(until=year, at_most=series.YEARS)
    rounded = source.precision
    for area in areas:
        cells = source.of_area(area)
        for indicator in message.key_figures(source.indicators):
            row = cells.get((indicator["indicator"], year))
            if row is None or not has_figure(row):
                continue
            earlier = cells.get((indicator["indicator"], years[-2])) if len(years) > 1 else None
            chart = series.over_years(indicator, cells, area, years)
            title = message.told(indicator, row, earlier, rounded)
            reasons = report_tables.reasons(one for one in list(chart.cells)[1:] if one["trendbreuk"])
            note = f"{report_tables.BREAK} trendbreuk: de jaren zijn niet goed te vergelijken. {' '.join(reasons)}" if reasons else ""
            origin = (
                f"Bron: {names.listed(names.sources(row['bron']))}. "
                f"{CALLED[source.status].capitalize()}, stand van {names.day_of(source.kennisdatum)}."
            )
            yield Slide(
                file=f"dia-{area.code}-{indicator['indicator']}.png",
                title=title,
                svg=charts.draw(chart, sender.colours),
                alternative=" ".join(filter(None, [title, charts.alternative(chart), note, origin, f"{sender.name}."])),
                meaning=indicator["definitie_kort"],
                note=note,
                origin=origin,
                intern=source.zone == "intern",
            )
