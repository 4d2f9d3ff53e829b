"""All published cells equal the example's truth, counted without the pipeline."""

import pyarrow.parquet as pq
import truth

from orchestration import example


def test_every_published_figure_is_the_truth(night):
    published = {
        (row["schooljaar"], row["gemeente_code"], row["indicator"]): row["waarde"] if row["waarde"] is not None else row["percentage"]
        for row in pq.read_table(night.release / "kerncijfers.parquet").to_pylist()
    }
    expected = truth.figures(example.world())
    assert len(expected) == 2 * 4 * 54
    assert published.keys() == expected.keys()
    assert {cell: (published[cell], expected[cell]) for cell in expected if published[cell] != expected[cell]} == {}


def test_every_breakdown_is_the_truth(night):
    columns = ["schooljaar", "gemeente_code", "indicator", "uitsplitsing", "uitsplitsing_waarde", "waarde"]
    table = pq.read_table(night.release / "uitsplitsingen.parquet", columns=columns)
    rows = list(zip(*(column.to_pylist() for column in table.columns), strict=True))
    published = {tuple(row[:5]): row[5] for row in rows}
    assert len(published) == len(rows) > 1000
    expected = truth.breakdowns(example.world())
    assert expected.keys() <= published.keys()
    assert {cell: (value, expected[cell]) for cell, value in published.items() if value != expected[cell]} == {}
