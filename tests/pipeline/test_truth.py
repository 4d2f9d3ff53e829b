"""All published cells equal the example's truth, counted without the pipeline."""

import pyarrow.parquet as pq
import pytest
import truth
from truth import breaks

from expectations import reference
from orchestration import example
from orchestration.example.deliveries import kennisdata

SOURCES = truth.Sources(kennisdata())
YEARS = truth.published_years(example.world())


def rows(night, name):
    return pq.read_table(night.release / f"{name}.parquet").to_pylist()


def value_of(row):
    """Return what a row says: a count, a rate, or why it has neither."""
    value = row["waarde"] if row["waarde"] is not None else row.get("percentage")
    return row["status"] if value is None else value


def test_every_published_figure_is_the_truth(night):
    published = {(row["schooljaar"], row["gemeente_code"], row["indicator"]): value_of(row) for row in rows(night, "kerncijfers")}
    expected = truth.figures(example.world(), YEARS, SOURCES)
    assert len(expected) == 2 * 4 * 82
    assert published.keys() == expected.keys()
    assert {cell: (published[cell], expected[cell]) for cell in expected if published[cell] != expected[cell]} == {}


def test_every_breakdown_is_the_truth(night):
    found = rows(night, "uitsplitsingen")
    place = ("schooljaar", "gemeente_code", "indicator", "uitsplitsing", "uitsplitsing_waarde")
    published = {tuple(row[name] for name in place): value_of(row) for row in found}
    assert len(published) == len(found) > 1000
    expected = truth.breakdowns(example.world(), YEARS, SOURCES)
    assert expected.keys() <= published.keys()
    assert {cell: (value, expected[cell]) for cell, value in published.items() if value != expected[cell]} == {}
    assert all(row["uitsplitsing_label"] for row in found)


@pytest.mark.parametrize("name", ["kerncijfers", "uitsplitsingen"])
def test_every_break_is_marked_with_its_reasons(night, name):
    words = {row["datum"]: row["reden"] for row in reference.rows("trendbreuk")}
    marked = 0
    for row in rows(night, name):
        reasons = [words[day.isoformat()] for day in breaks.days(row["schooljaar"], row["indicator"])]
        assert (row["trendbreuk"], row["trendbreuk_reden"]) == (bool(reasons), " · ".join(reasons) or None), row
        marked += bool(reasons)
    assert marked > 0


def test_every_figure_stands_beside_that_of_the_schooljaar_before(night):
    found = {(row["schooljaar"], row["gemeente_code"], row["indicator"]): row for row in rows(night, "kerncijfers")}
    first, second = (year.name for year in YEARS)
    for (schooljaar, area, indicator), row in found.items():
        before = found[first, area, indicator] if schooljaar == second else {"waarde": None, "percentage": None}
        assert (row["vorige_waarde"], row["vorig_percentage"]) == (before["waarde"], before["percentage"])
        both = None not in (row["waarde"], before["waarde"])
        assert row["verschil"] == (row["waarde"] - before["waarde"] if both else None)
