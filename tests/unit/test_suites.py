"""The rules of the gates can be listed, used as Great Expectations suites, and run by hand; every declared rule is evaluated."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import great_expectations as gx
import pandas as pd
import pytest
from conftest import Place, snapshot
from examples_page import examples, result
from typer.testing import CliRunner

from expectations import contract, gate, suites
from expectations.__main__ import app
from expectations.suites import openbaar, warehouse
from expectations.verdict import FILES, GREAT_EXPECTATIONS, ROW_COUNT, GateError, Rule
from orchestration.settings import PROJECT, Settings

PAGE = (PROJECT / "docs" / "poorten.md").read_text(encoding="utf-8")
GUARDED = {"jongere", "plichtige", "melding", "interventie", "incident", "vrijstelling", "absoluut_verzuim", "kerncijfers"}
NOT_IN_EXAMPLE = {"monitor__bsn_wijziging", "carel__meldingdossier", "carel__verlofaanvraag", "carel__thuiszitter_geoorloofd"}
COMMAND = re.compile(r"python -m expectations( [\w -]+)?")


def parts(rule: Rule) -> Rule:
    """Return a finding without its result."""
    return Rule(rule.poort, rule.verwachting, rule.tabel, rule.kolom, rule.ernst, motor=rule.motor, over=rule.over)


@pytest.mark.parametrize("poort", suites.POORTEN)
def test_every_rule_of_the_list_was_evaluated_and_no_other(night, poort: str):
    listed = suites.rules(poort)
    evaluated = [parts(finding) for finding in gate.read(poort, night.lake).findings]
    assert len(listed) == len(set(listed)) > 35
    assert len(evaluated) == len(set(evaluated))
    assert set(evaluated) <= set(listed)
    may_be_absent = {"openbaar": {*openbaar.OPTIONAL}, "bronnen": NOT_IN_EXAMPLE}.get(poort, set())
    assert {rule.tabel for rule in set(listed) - set(evaluated)} <= may_be_absent


def test_the_list_has_every_engine_and_severity():
    listed = [rule for poort in suites.POORTEN for rule in suites.rules(poort)]
    assert {rule.motor for rule in listed} == {GREAT_EXPECTATIONS, ROW_COUNT, FILES}
    assert {rule.ernst for rule in listed} == {"critical", "warning"}
    assert all(rule.verwachting and rule.tabel for rule in listed)
    assert {rule.poort for rule in listed if rule.motor == FILES} == {"publicatie", "openbaar"}
    assert (*gate.POORTEN, gate.OPENBAAR) == (*suites.POORTEN,)


def test_every_rule_is_about_data_that_somebody_can_look_up():
    entiteiten = {f"{bron}__{entity}" for bron in contract.BRONNEN for entity in contract.load(bron).entities}
    for poort, known in (("bronnen", entiteiten), ("warehouse", GUARDED | {warehouse.TABLES, warehouse.DATES, warehouse.BIRTH_DATES})):
        for rule in suites.rules(poort):
            assert any(rule.about(table) for table in known), rule


@pytest.mark.parametrize("poort", suites.POORTEN)
def test_a_suite_is_great_expectations_own_and_new_at_each_call(poort: str):
    loaded = suites.load(poort)
    for name, suite in loaded.items():
        assert isinstance(suite, gx.ExpectationSuite)
        assert suite.name == f"{poort}.{name}"
        assert suite.expectations and all(expectation.description for expectation in suite.expectations)
    first = next(iter(loaded))
    kept = len(loaded[first].expectations)
    loaded[first].expectations.clear()
    assert len(suites.load(poort)[first].expectations) == kept


def test_a_table_without_a_frame_and_a_frame_without_a_suite_are_errors():
    frames = {name: pd.DataFrame({"x": [1]}) for name in suites.load("warehouse")}
    assert len(suites.paired("warehouse", frames)) == len(frames)
    with pytest.raises(GateError, match="verwachtingen: verwijzingen"):
        suites.paired("warehouse", {name: frame for name, frame in frames.items() if name != "verwijzingen"})
    with pytest.raises(GateError, match="verwachtingen: vergeten"):
        suites.paired("warehouse", {**frames, "vergeten": pd.DataFrame({"x": [1]})})


def test_a_table_without_rows_is_left_out_only_where_that_may_be():
    frames = {name: pd.DataFrame({"x": []}) for name in suites.load("warehouse")}
    assert [table.name for table in suites.paired("warehouse", frames, optional=["melding"])] == [n for n in frames if n != "melding"]


# --- by hand


def by_hand(*arguments: str) -> tuple[int, list[str]]:
    outcome = CliRunner().invoke(app, list(arguments), prog_name="python -m expectations")
    assert "Traceback" not in outcome.output
    return outcome.exit_code, outcome.output.splitlines()


def test_all_gates_are_listed_and_one_alone():
    code, everything = by_hand("list")
    assert code == 0
    listed = [rule for poort in suites.POORTEN for rule in suites.rules(poort)]
    assert len(everything) == len(listed) + len(suites.POORTEN)
    code, own = by_hand("list", "warehouse")
    assert code == 0
    assert own[0] == f"warehouse: {suites.POORTEN['warehouse']} {len(own) - 1} regels."
    assert "  melding.leeftijd: de leeftijd past bij een jongere (waarschuwt; Great Expectations)" in own
    assert [line for line in everything if line in own] == own


@pytest.mark.parametrize("poort", suites.POORTEN)
def test_a_run_on_what_was_published_is_green_and_changes_nothing(night, poort: str):
    before = snapshot(night.place.root)
    code, lines = by_hand("run", poort, "--lake", str(night.place.root))
    assert code == 0
    assert lines[0].startswith(f"{poort}: groen; {len(lines) - 1} regels op ")
    assert all(line.startswith("  klopt   ") for line in lines[1:])
    assert snapshot(night.place.root) == before


def test_what_is_red_comes_first_then_what_warns(night, elsewhere: Place):
    elsewhere.lake.warehouse_current.parent.mkdir(parents=True)
    shutil.copyfile(night.lake.warehouse_current.resolve(), elsewhere.lake.warehouse_current)
    elsewhere.lake.warehouse_current.chmod(0o600)
    with duckdb.connect(str(elsewhere.lake.warehouse_current)) as connection:
        connection.execute("insert into kern.jongere select * from kern.jongere limit 1")
        connection.execute("update kern.melding set leeftijd = 99")
    code, lines = by_hand("run", "warehouse", "--lake", str(elsewhere.root))
    assert code == 1
    assert lines[0].startswith("warehouse: rood; ")
    words = [line.split()[0] for line in lines[1:]]
    assert words[: words.index("let")] == ["rood"] * words.count("rood")
    assert "  rood    jongere.jongere_id: de sleutel is uniek (2 afwijkend)" in lines
    assert words.count("let") == 1
    assert words.index("let") == words.count("rood")


def test_a_released_file_that_was_changed_is_red(night, elsewhere: Place):
    for folder in ("warehouse", "published"):
        shutil.copytree(night.place.root / folder, elsewhere.root / folder, symlinks=True)
    path = elsewhere.lake.published("openbaar") / "current" / "kerncijfers.csv"
    path.write_bytes(path.read_bytes().replace(b"Hengelo", b"hengelo", 1))
    code, lines = by_hand("run", "openbaar", "--lake", str(elsewhere.root))
    assert code == 1
    assert [line.startswith("  rood    ") for line in lines[1:4]] == [True, True, False]
    assert "wat datapackage.json zegt van de grootte en de hash van een bestand, klopt (1 afwijkend: " in lines[1]


@pytest.mark.parametrize("poort", suites.POORTEN)
def test_where_there_is_nothing_to_look_at_a_sentence_says_so(elsewhere: Place, poort: str):
    elsewhere.root.mkdir()
    code, lines = by_hand("run", poort, "--lake", str(elsewhere.root))
    assert code == 2
    assert len(lines) == 1
    assert lines[0].startswith(f"✗ er ligt nog niets voor de poort {poort}: ")


def test_a_lake_without_deliveries_is_red(elsewhere: Place):
    elsewhere.lake.ledger.mkdir(parents=True)
    code, lines = by_hand("run", "bronnen", "--lake", str(elsewhere.root))
    assert code == 1
    assert lines[1] == "  rood    leveringen: de tabel heeft rijen (1 afwijkend)"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("list", "poort"), "er is geen poort poort; er zijn: bronnen, warehouse, publicatie, openbaar"),
        (("run", "poort"), "er is geen poort poort"),
        (("run",), "poort"),
        (("loop",), "loop"),
    ],
)
def test_a_mistake_in_typing_is_named(arguments: tuple[str, ...], says: str):
    code, lines = by_hand(*arguments)
    assert code == 2
    assert says in "".join(lines)


def test_a_setting_that_cannot_be_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LEERPLICHT_GEMEENTEN", "Hengelo")
    code, lines = by_hand("run", "bronnen")
    assert code == 2
    assert lines[0].startswith("✗ instelling LEERPLICHT_GEMEENTEN: ")


# --- the documentation


@pytest.fixture
def next_to_the_lake(night, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder in which `data_lake` is the example lake; the settings use the same lake."""
    (tmp_path / "data_lake").symlink_to(night.place.root)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LEERPLICHT_LAKE", str(Settings(lake=tmp_path / "data_lake").lake))


@pytest.mark.usefixtures("next_to_the_lake")
def test_the_examples_of_help_work_as_pasted():
    pasted = set()
    for asked in ([], ["list"], ["run"]):
        code, lines = by_hand(*asked, "--help")
        assert code == 0
        pasted |= {line.strip() for line in lines if line.strip().startswith("python -m")}
    assert len(pasted) >= 5
    for line in pasted:
        assert COMMAND.fullmatch(line), line
        assert by_hand(*line.split()[3:])[0] == 0, line


@pytest.mark.usefixtures("next_to_the_lake")
@pytest.mark.parametrize("example", examples(PAGE), ids=lambda example: example["code"].splitlines()[-1][:40])
def test_an_example_of_the_page_gives_what_is_shown(example: re.Match[str]):
    assert result(example["language"], example["code"]) == example["result"]


def test_the_page_takes_a_suite_validates_a_frame_and_adds_an_expectation():
    assert len(examples(PAGE)) == 3
    for word in ("suites.load(", "batch.validate(", "counted.where(", "python -m expectations run", "geteld.json"):
        assert word in PAGE
    assert all(f"`{poort}`" in PAGE for poort in suites.POORTEN)


def test_it_runs_as_a_module():
    told = subprocess.run(
        [sys.executable, "-m", "expectations", "list", "bronnen"],
        capture_output=True,
        text=True,
        check=False,
        cwd=PROJECT,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    assert (told.returncode, told.stderr) == (0, "")
    assert len(told.stdout.splitlines()) == len(suites.rules("bronnen")) + 1
