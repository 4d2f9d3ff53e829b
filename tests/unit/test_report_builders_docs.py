"""The page for report builders matches the code: its examples give the shown results, and it lists every file and status."""

from pathlib import Path

import pytest
from examples_page import PAGE, examples, renewed, result

from expectations import published
from orchestration.publication import register

TEXT = PAGE.read_text(encoding="utf-8")


@pytest.fixture
def beside_the_lake(night, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder in which `data_lake` is the lake of the example."""
    (tmp_path / "data_lake").symlink_to(night.place.root)
    monkeypatch.chdir(tmp_path)


def named(example) -> str:
    line = "".join(example["code"].splitlines()[-1:])
    return f"{example['language']}: {line[:40]}"


@pytest.mark.usefixtures("beside_the_lake")
@pytest.mark.parametrize("example", examples(TEXT), ids=named)
def test_an_example_gives_what_is_shown(example):
    found = result(example["language"], example["code"])
    assert found == (example["result"] or ""), "run: python tests/unit/examples_page.py"


def test_there_are_examples_for_each_way_to_read():
    languages = [example["language"] for example in examples(TEXT)]
    assert languages.count("sql") >= 2 and languages.count("python") >= 4
    assert len([example for example in examples(TEXT) if example["result"]]) >= 6
    for way in ("import pandas", "import polars", "read_csv(", "library(arrow)", "read_csv2(", "Csv.Document("):
        assert way in TEXT


@pytest.mark.usefixtures("beside_the_lake")
def test_the_page_is_renewed_only_where_a_result_is_another():
    assert renewed(TEXT) == TEXT
    assert renewed(TEXT.replace("5,95%", "5,96%")) != TEXT.replace("5,95%", "5,96%")


@pytest.mark.parametrize("zone", register.ZONES)
def test_every_file_of_a_release_is_on_the_page(night, zone: str):
    names = {path.name for path in (night.lake.published(zone) / "current").iterdir()}
    assert not [name for name in names if f"`{name}`" not in TEXT]


def test_every_status_is_on_the_page():
    told = {code for table in published.load().tables for column in table.columns if column.name == "status" for code in column.allowed}
    assert not [code for code in told if f"| `{code}` |" not in TEXT]
