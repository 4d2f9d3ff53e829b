"""What is asked of all rows of a release is asked once, and not again for each gemeente: a nation has 342."""

from collections.abc import Iterator
from typing import Any

from renderings_rows import SENDER, broken_down, figure, indicator, release

from orchestration.publication import report_tables
from orchestration.publication.renderings import brief, factsheet, slides
from orchestration.publication.renderings.portal import front

YEARS = ("2022-2023", "2023-2024", "2024-2025")
KNOWN = [indicator("incidenten", tegel=1), indicator("meldingen_totaal", "meldingen", tegel=2)]
GEMEENTEN = ["0164", "0147", "0141", "regio"]


class Rows(list[dict[str, Any]]):
    """Rows that count how often somebody goes through all of them."""

    times = 0

    def __iter__(self) -> Iterator[dict[str, Any]]:
        self.times += 1
        return super().__iter__()


def rows_of(area: str, jaar: str) -> list[dict[str, Any]]:
    rounded = {"area": area, "jaar": jaar, "status": "afgerond"}
    return [figure(waarde=85, vorige=90, **rounded), figure("meldingen_totaal", 40, tabel="meldingen", **rounded)]


def test_what_is_made_for_each_gemeente_goes_through_its_own_rows_alone():
    figures = Rows([row for area in GEMEENTEN for jaar in YEARS for row in rows_of(area, jaar)])
    breakdowns = Rows([broken_down("maand", "2024-09", 10, area=area) for area in GEMEENTEN])
    source, times = release(figures, KNOWN, breakdowns), []
    for area in source.areas:
        page = front.of(source, area)
        assert page["tables"] and page["legend"]
        sheets = brief.make(source, [area], YEARS[-1], SENDER, "lang"), factsheet.make(source, [area], YEARS[-1], SENDER)
        assert sheets[0].table.lines and sheets[1].charts and list(slides.make(source, [area], YEARS[-1], SENDER))
        times.append((figures.times, breakdowns.times))
    assert len(times) == len(GEMEENTEN) and len({*times}) == 1, times


def test_the_years_are_those_of_the_figures():
    source = release([row for jaar in YEARS for row in rows_of("0164", jaar)], KNOWN)
    for until, at_most in ((None, 2), (None, None), ("2023-2024", 2), ("2023-2024", 1), ("2021-2022", 2)):
        assert source.years(until, at_most) == report_tables.years(source.figures, until, at_most)
