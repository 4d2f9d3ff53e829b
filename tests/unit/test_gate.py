"""A gate cannot pass on nothing, and its results hold no values."""

import great_expectations.expectations as gxe
import pandas as pd
import pytest

from expectations import gate
from expectations.gate import GateError, Table
from orchestration.lake import Lake

SECRET = "kind-met-een-naam"


@pytest.fixture
def lake(tmp_path):
    return Lake(tmp_path)


def filled(column="naam"):
    return gxe.ExpectColumnValuesToNotBeNull(column=column, description="de kolom is gevuld")


def test_no_tables_is_an_error(lake):
    with pytest.raises(GateError):
        gate.run("bronnen", [], lake)


def test_an_empty_suite_is_an_error(lake):
    with pytest.raises(GateError):
        gate.run("bronnen", [Table("t", pd.DataFrame({"naam": ["a"]}), [])], lake)


def test_a_table_without_rows_is_red(lake):
    verdict = gate.run("bronnen", [Table("t", pd.DataFrame({"naam": []}), [filled()])], lake)
    assert not verdict.passed
    assert [finding.verwachting for finding in verdict.red] == ["de tabel heeft rijen"]


def test_a_verdict_without_findings_is_not_passed():
    assert not gate.Verdict("bronnen", ()).passed


def test_an_expectation_on_a_column_that_is_not_there_is_an_error_or_red(lake):
    frame = pd.DataFrame({"naam": ["a"]})
    try:
        verdict = gate.run("bronnen", [Table("t", frame, [filled("weg")])], lake)
    except GateError:
        return
    assert not verdict.passed


def test_green_when_all_holds_and_read_back_the_same(lake):
    verdict = gate.run("bronnen", [Table("t", pd.DataFrame({"naam": ["a", "b"]}), [filled()])], lake)
    assert verdict.passed
    assert len(verdict.findings) == 2
    assert gate.read("bronnen", lake) == verdict


def test_a_warning_does_not_stop(lake):
    warning = gxe.ExpectColumnValuesToNotBeNull(column="naam", severity="warning", description="liever gevuld")
    verdict = gate.run("bronnen", [Table("t", pd.DataFrame({"naam": ["a", None]}), [warning])], lake)
    assert verdict.passed
    assert [finding.geslaagd for finding in verdict.findings] == [True, False]


def test_a_failing_value_stands_nowhere(lake):
    frame = pd.DataFrame({"naam": [SECRET, SECRET, "b"]})
    unique = gxe.ExpectColumnValuesToBeUnique(column="naam", description="uniek")
    allowed = gxe.ExpectColumnValuesToBeInSet(column="naam", value_set=["b"], description="bekend")
    verdict = gate.run("bronnen", [Table("t", frame, [unique, allowed])], lake)
    assert [(finding.kolom, finding.afwijkend) for finding in verdict.red] == [("naam", 2), ("naam", 2)]
    files = [path for path in lake.root.rglob("*") if path.is_file()]
    assert any(path.suffix == ".html" for path in files)
    assert not [path for path in files if SECRET.encode() in path.read_bytes()]


def test_data_docs_fetch_nothing_from_elsewhere(lake):
    gate.run("bronnen", [Table("t", pd.DataFrame({"naam": ["a"]}), [filled()])], lake)
    pages = list(lake.gx.rglob("data_docs/**/*.html"))
    assert pages
    for page in pages:
        text = page.read_text()
        assert 'src="http' not in text
        assert "dataContextId" not in text
