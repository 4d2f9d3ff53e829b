"""A gate cannot pass on nothing, its results contain no values, and its verdict only accepts the data that it judged."""

import socket
from dataclasses import replace
from pathlib import Path
from typing import Any

import great_expectations as gx
import great_expectations.expectations as gxe
import pandas as pd
import pytest

from expectations import gate, verdict
from expectations.suites import Table
from expectations.verdict import Finding, GateError, NoVerdictError, Verdict
from orchestration.lake import Lake
from orchestration.lake.files import digest

SECRET = "kind-met-een-naam"


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "meer")


@pytest.fixture
def judged(lake: Lake) -> Path:
    """A file to judge; the tables of these tests do not come from it."""
    lake.root.mkdir()
    path = lake.root / "magazijn"
    path.write_bytes(b"wat de poort zag")
    return path


def filled(column: str = "naam", **options: Any) -> Any:
    return gxe.ExpectColumnValuesToNotBeNull(column=column, description="de kolom is gevuld", **options)


def table(values: list[str | None], *expected: Any, name: str = "t", over: tuple[str, ...] = ()) -> Table:
    return Table(name, pd.DataFrame({"naam": values}), gx.ExpectationSuite(name=name, expectations=list(expected)), over=over)


def test_no_tables_is_an_error(lake: Lake, judged: Path):
    with pytest.raises(GateError, match="geen tabellen"):
        gate.run("bronnen", [], lake, judged)


def test_a_suite_without_rules_is_an_error_and_leaves_no_verdict(lake: Lake, judged: Path):
    with pytest.raises(GateError, match="zonder verwachtingen"):
        gate.run("bronnen", [table(["a"], filled()), table(["a"])], lake, judged)
    with pytest.raises(NoVerdictError):
        gate.read("bronnen", lake)


def test_a_table_without_rows_is_red(lake: Lake, judged: Path):
    found = gate.run("bronnen", [table([], filled())], lake, judged)
    assert not found.passed
    assert [finding.verwachting for finding in found.red] == ["de tabel heeft rijen"]


def test_a_verdict_without_findings_has_not_passed():
    nothing = Verdict("bronnen", (), "")
    assert not nothing.passed
    assert nothing.sentence == "de poort bronnen heeft niets beoordeeld"


def test_an_expectation_that_cannot_be_evaluated_is_an_error(lake: Lake, judged: Path):
    with pytest.raises(GateError, match=r"kon niet beoordelen: t\.weg: de kolom is gevuld"):
        gate.run("bronnen", [table(["a"], filled("weg"))], lake, judged)


def test_green_when_all_holds_and_read_back_the_same(lake: Lake, judged: Path):
    found = gate.run("bronnen", [table(["a", "b"], filled(), over=("melding",))], lake, judged)
    assert found.passed and not found.sentence
    assert len(found.findings) == 2
    assert gate.read("bronnen", lake) == found


def test_a_warning_does_not_stop(lake: Lake, judged: Path):
    found = gate.run("bronnen", [table(["a", None], filled(severity="warning"))], lake, judged)
    assert found.passed
    assert [finding.geslaagd for finding in found.findings] == [True, False]


def test_a_failing_value_stands_nowhere(lake: Lake, judged: Path, capfd: pytest.CaptureFixture[str]):
    unique = gxe.ExpectColumnValuesToBeUnique(column="naam", description="uniek")
    allowed = gxe.ExpectColumnValuesToBeInSet(column="naam", value_set=["b"], description="bekend")
    found = gate.run("bronnen", [table([SECRET, SECRET, "b"], unique, allowed)], lake, judged)
    assert [(finding.kolom, finding.afwijkend) for finding in found.red] == [("naam", 2), ("naam", 2)]
    files = [path for path in lake.root.rglob("*") if path.is_file()]
    assert {path.name for path in files} == {"magazijn", "bronnen.json", "kwaliteit.html"}
    assert not [path for path in files if SECRET.encode() in path.read_bytes()]
    assert SECRET not in found.sentence + "".join(capfd.readouterr())


def test_not_even_the_result_of_great_expectations_holds_a_failing_value():
    asset = gx.get_context(mode="ephemeral").data_sources.add_pandas("bron").add_dataframe_asset("tabel")
    unique = gxe.ExpectColumnValuesToBeUnique(column="naam")
    frame = pd.DataFrame({"naam": [SECRET, SECRET]})
    batch = asset.add_batch_definition_whole_dataframe("alles").get_batch({"dataframe": frame})
    assert SECRET not in str(batch.validate(unique, result_format=gate.NO_VALUES))
    assert SECRET in str(batch.validate(unique)), "it would by itself"


def test_a_gate_opens_no_connection(lake: Lake, judged: Path, monkeypatch: pytest.MonkeyPatch):
    """Great Expectations sent statistics in earlier versions."""
    opened = []
    monkeypatch.setattr(socket.socket, "connect", lambda _self, address: opened.append(address))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *address, **_: opened.append(address) or [])
    gate.run("bronnen", [table(["a"], filled())], lake, judged)
    assert opened == []


# --- what a verdict covers


def test_a_verdict_lets_through_what_it_judged_wherever_that_lies_now(lake: Lake, judged: Path):
    found = gate.run("warehouse", [table(["a"], filled())], lake, judged)
    assert (found.sha256, found.gekeurd) == (digest(judged), "magazijn")
    moved = judged.rename(judged.with_name("nacht"))
    found.require(moved)


def test_one_changed_byte_is_refused(lake: Lake, judged: Path):
    found = gate.run("warehouse", [table(["a"], filled())], lake, judged)
    judged.write_bytes(judged.read_bytes()[:-1] + b"?")
    assert not found.covers(judged)
    with pytest.raises(GateError, match=r"^de poort warehouse heeft iets anders gekeurd dan wat nu klaarstaat; draai eerst "):
        found.require(judged)
    judged.unlink()
    with pytest.raises(GateError, match="iets anders"):
        found.require(judged)


def test_what_was_made_of_something_else_is_refused(lake: Lake, judged: Path):
    before = gate.run("bronnen", [table(["a"], filled())], lake, judged)
    found = gate.run("warehouse", [table(["a"], filled())], lake, judged, after=before)
    found.require(judged, after=before)
    with pytest.raises(GateError, match="iets anders"):
        found.require(judged, after=replace(before, sha256="een ander grootboek"))


def test_what_is_red_is_refused_with_the_rule_and_where(lake: Lake, judged: Path):
    found = gate.run("warehouse", [table(["a", None, None], filled(), name="melding")], lake, judged)
    with pytest.raises(GateError, match=r"^de poort warehouse is rood: melding\.naam: de kolom is gevuld \(2 afwijkend\)$"):
        found.require(judged)


def test_of_many_rules_that_are_broken_a_person_reads_five(lake: Lake, judged: Path):
    found = gate.run("warehouse", [table([None], filled(), name=f"t{at}") for at in range(7)], lake, judged)
    assert found.sentence.count("de kolom is gevuld") == 5
    assert found.sentence.endswith("; en nog 2")


def test_without_a_verdict_there_is_none_to_read(lake: Lake):
    with pytest.raises(NoVerdictError, match=r"^de poort bronnen heeft nog niets gekeurd; draai eerst leerplicht run$"):
        gate.read("bronnen", lake)
    lake.gates.mkdir(parents=True)
    (lake.gates / "bronnen.json").write_text('[{"poort": "bronnen"}]')  # a verdict from before verdicts had a hash
    with pytest.raises(NoVerdictError):
        gate.read("bronnen", lake)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda folder: (folder / "b.parquet").write_text("anders"), id="a file changed"),
        pytest.param(lambda folder: (folder / "b.parquet").rename(folder / "c.parquet"), id="a file renamed"),
        pytest.param(lambda folder: (folder / "c.parquet").write_text(""), id="a file more"),
        pytest.param(lambda folder: (folder / "diep" / "a.parquet").unlink(), id="a file less"),
    ],
)
def test_the_hash_of_a_folder_is_of_names_and_bytes(tmp_path: Path, change: Any):
    folder = tmp_path / "kandidaat"
    (folder / "diep").mkdir(parents=True)
    (folder / "diep" / "a.parquet").write_text("a")
    (folder / "b.parquet").write_text("b")
    before = digest(folder)
    moved = folder.rename(tmp_path / "elders")
    assert digest(moved) == before
    change(moved)
    assert digest(moved) != before


# --- the tables of a finding


def test_a_finding_is_about_its_own_table_or_the_tables_that_it_was_counted_over():
    own = Finding("bronnen", "de kolom is gevuld", "duo__verzuimmelding", "sleutel", "critical", False, 3, 1)
    counted = replace(own, tabel="volumes", over=("melding", "incident"))
    found = Verdict("bronnen", (own, counted), "")
    assert found.of("verzuimmelding") == found.of("duo__verzuimmelding") == (own,)
    assert found.of("melding") == found.of("incident") == (counted,)
    assert found.of("interventie") == ()


def test_a_verdict_that_is_kept_replaces_the_one_before(lake: Lake, judged: Path):
    first = gate.run("bronnen", [table(["a"], filled())], lake, judged)
    verdict.write(replace(first, sha256="anders"), lake)
    assert gate.read("bronnen", lake).sha256 == "anders"
