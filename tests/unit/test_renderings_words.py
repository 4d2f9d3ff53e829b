"""Words about precision: what the portal says of an indicator, and how the screen shows rounded figures."""

import io
from dataclasses import replace

import pytest
from renderings_rows import figure, indicator, release
from rich.console import Console

from orchestration.publication import console_report
from orchestration.publication.renderings.portal import words


@pytest.mark.parametrize(
    ("row", "code", "text"),
    [
        ({"openbaar": "exact"}, "exact", "van elke gemeente het aantal zelf, als dat niet klein is"),
        ({"openbaar": "afgerond"}, "afgerond", "afgerond op een veelvoud van 10"),
        ({"openbaar": None}, "afgerond", "afgerond op een veelvoud van 10"),
        ({"openbaar": "exact", "factor": 100}, "exact", words.OF_RATE),
        ({"openbaar": "afgerond", "factor": 1000}, "afgerond", words.OF_RATE),
        ({"openbaar": "afgerond", "eenheid": "dagen"}, "afgerond", words.OF_MEDIAN),
        ({"openbaar": "nee"}, "nee", ""),
    ],
)
def test_of_each_indicator_is_told_how_openbaar_shows_it(row, code, text):
    told = indicator(**{"factor": None} | row)
    assert words.declared(told) == code
    assert words.precision_of(told, 10).startswith(text) and bool(words.precision_of(told, 10)) is bool(text)


def test_a_release_of_before_rounding_tells_nothing_of_it():
    old = {name: value for name, value in indicator(factor=None).items() if name != "openbaar"}
    assert (words.declared(old), words.precision_of(old, 5)) == ("", "")
    new = release([figure(waarde=1)], [indicator()])
    assert new.is_rounded
    assert not replace(new, zone="intern").is_rounded
    assert not replace(new, tables={**new.tables, "indicatoren": [old]}).is_rounded


def test_the_screen_fits_rounded_figures_and_explains_their_signs():
    rows = [figure(waarde=waarde, area=area, status="afgerond") for area, waarde in (("0164", 12010), ("0147", 0))]
    screen = Console(file=io.StringIO(), width=60)
    console_report.print_tables(screen, rows, [indicator()])
    shown = screen.file.getvalue()
    assert "ca. 12.010" in shown and "0–4" in shown
    notes = console_report.notes(rows, [indicator()])
    assert [note.partition(" is ")[0] for note in notes] == ["“ca.”", "“0–4”"]
