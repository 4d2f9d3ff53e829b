"""Mistakes of an operator on the command line: each gives one sentence and an exit code, and nothing is run or made."""

import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import magazijn
import pytest
from conftest import snapshot
from leveringen import Landing, melding
from typer.testing import CliRunner, Result

from orchestration.cli import app
from orchestration.commands import terminal
from orchestration.warehouse.read import count_statements

pytestmark = pytest.mark.usefixtures("reading_in_a_thread")
BSN, ONDERWIJSNUMMER = "123456782", "100000009"  # fictitious
DAY = "2025-03-{:02d}T02:00:00+01:00"


@pytest.fixture
def landing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Landing:
    monkeypatch.setenv("LEERPLICHT_LAKE", str(tmp_path / "meer"))
    monkeypatch.setenv("LEERPLICHT_KEY_FILE", str(tmp_path / "sleutel" / "geheim.key"))
    return Landing(tmp_path)


def leerplicht(*arguments: str, typed: str | None = None) -> Result:
    result = CliRunner().invoke(app, arguments, input=typed)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


# --- settings


@pytest.mark.parametrize("command", [["status"], ["run"], ["query", "select 1"], ["check", "x.csv"], ["publish"]])
def test_every_command_refuses_a_setting_that_is_none(landing: Landing, monkeypatch: pytest.MonkeyPatch, command: list[str]):
    landing.lake.landing.mkdir(parents=True)
    monkeypatch.setenv("LEERPLICHT_" + "GEMENTEN", "0164")
    result = leerplicht(*command)
    assert result.exit_code == 2
    assert result.stderr == "✗ LEERPLICHT_" + "GEMENTEN is geen instelling; is LEERPLICHT_GEMEENTEN bedoeld?\n"


# --- a lake that is not there


def test_run_with_a_typo_in_the_lake_makes_no_lake_and_no_key(landing: Landing, tmp_path: Path):
    result = leerplicht("run")
    assert result.exit_code == 2
    assert f"er is geen meer in {landing.lake.root}" in result.stderr
    assert not landing.lake.root.exists()
    assert not (tmp_path / "sleutel").exists()


def test_run_without_the_key_of_the_lake_is_refused_and_makes_no_key(landing: Landing, tmp_path: Path):
    landing.meldingen("a", [melding(1)], kennisdatum=DAY.format(5))
    landing.ingest()
    key = tmp_path / "sleutel" / "geheim.key"
    key.unlink()
    result = leerplicht("run")
    assert result.exit_code == 2
    assert result.stderr.startswith(f"✗ de sleutel {key} ontbreekt")
    assert result.stderr.count("\n") == 1
    assert not key.exists()


def test_check_without_a_lake_says_so_in_a_line(landing: Landing, tmp_path: Path):
    folder = landing.meldingen("a", [melding(1)])
    folder.rename(tmp_path / "a")
    landing.lake.landing.joinpath("duo").rmdir(), landing.lake.landing.rmdir()
    result = leerplicht("check", str(tmp_path / "a"))
    assert result.exit_code == 0
    assert result.stderr == f"er is nog geen meer in {landing.lake.root}; beoordeeld als de eerste levering\n"


# --- questions


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("", 0), (" \n", 0), ("-- niets", 0), ("/* ; */ ;", 0), ("select 1", 1), ("select 1;;", 1), ("select 'é;' -- ; x", 1),
        ("select 1; select 2", 2), ("selec", 1), ("pivot (from range(3) as t(i)) on i", 1), ("select $$;$$; select 1;", 2),
    ],
)  # fmt: skip
def test_statements_are_counted(text: str, number: int):
    assert count_statements(text) == number


@pytest.mark.parametrize(("text", "says"), [("", "dit zijn er geen"), ("/* x */", "dit zijn er geen"), ("select 1; select 2", "zijn er 2")])
@pytest.mark.parametrize("extra", [(), ("--csv",)])
def test_query_runs_one_question(landing: Landing, text: str, says: str, extra: tuple[str, ...]):
    magazijn.build(landing.lake)
    for result in (leerplicht("query", text, *extra), leerplicht("query", "-", *extra, typed=text)):
        assert (result.exit_code, result.stdout) == (2, "")
        assert says in result.stderr
        assert result.stderr.count("\n") == 1


# --- explain


@pytest.mark.parametrize("text", [BSN, f" {BSN} ", "1234.56.782", "123 456 782", "123-456-782", f"bsn {BSN}", ONDERWIJSNUMMER])
@pytest.mark.usefixtures("landing")
def test_explain_does_not_repeat_the_number_of_a_person(text: str):
    result = leerplicht("explain", text)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "staan niet in het magazijn; zoek een jongere op pseudoniem, of op het nummer van een melding" in result.stderr
    assert text.strip() not in result.output


# --- paths


def test_check_names_the_path_that_is_not_there(landing: Landing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    result = leerplicht("check", "in/pad", "met", "spaties/x.csv")
    assert result.exit_code == 2
    assert result.stderr == "✗ in/pad is er niet; een pad met spaties moet tussen aanhalingstekens\n"
    assert leerplicht("check", f"in/{BSN}.csv").stderr == "✗ in/[negen cijfers].csv is er niet\n"
    assert not landing.lake.root.exists()
    (tmp_path / "verzuimmeldingen.csv").write_bytes(b"x")
    for text in ("verzuimmelding=verzuimmeldingen.csv", "verzuimmeldingen.csv#Blad1"):
        assert "is er niet" not in leerplicht("check", text).stderr


# --- Ctrl-C


def test_ctrl_c_in_a_command_is_a_sentence(landing: Landing, monkeypatch: pytest.MonkeyPatch):
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    landing.lake.landing.mkdir(parents=True)
    monkeypatch.setattr("orchestration.watch.console.print_status", interrupt)
    result = leerplicht("status")
    assert result.exit_code == 130
    assert result.stderr == f"✗ {terminal.INTERRUPTION}\n"


ENDING = """
import signal, sys, time
from orchestration.commands import terminal
with terminal.ending_at_once():
    if sys.argv[1] == "replaced":
        signal.signal(signal.SIGINT, lambda *_: print("replaced"))
    print("klaar", flush=True)
    try:
        time.sleep(30)
    finally:
        print("not at once")
"""


@pytest.mark.parametrize("handler", ["own", "replaced"])
def test_a_night_ends_at_once_whatever_handles_the_signal(handler: str):
    process = subprocess.Popen([sys.executable, "-c", ENDING, handler], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout and process.stdout.readline() == "klaar\n"
    process.send_signal(signal.SIGINT)
    told = process.communicate(timeout=10)
    assert process.returncode == 130
    assert told[1] == f"✗ {terminal.INTERRUPTION}\n"
    assert "not at once" not in told[0]


def test_after_a_night_ctrl_c_is_again_what_it_was():
    before = signal.getsignal(signal.SIGINT)
    with terminal.ending_at_once():
        assert signal.getsignal(signal.SIGINT) != before
    assert signal.getsignal(signal.SIGINT) == before
    assert signal.set_wakeup_fd(-1) == -1


# --- output into a pipe


def test_in_a_pipe_each_record_is_one_whole_line(landing: Landing, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COLUMNS", "40")
    name = "een-levering-met-een-lange-naam-die-in-veertig-tekens-niet-past"
    landing.meldingen(name, [melding(1, UREN="x" * 60), melding(2)], kennisdatum=DAY.format(5))
    landing.ingest()
    [line] = [line for line in leerplicht("status", "--alles").stdout.splitlines() if name in line]
    assert "geaccepteerd" in line and "getal_ongeldig 1" in line
    checked = leerplicht("check", str(landing.lake.landing / "duo" / name)).stdout
    assert [line for line in checked.splitlines() if "x" * 40 in line and "UREN" in line and "getal_ongeldig" in line]


def test_query_in_a_pipe_gives_a_line_per_row(landing: Landing, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COLUMNS", "40")
    magazijn.build(landing.lake)
    told = leerplicht("query", "select i, repeat('x', 100) || chr(10) || 'y' as een_lange_naam_van_een_kolom from range(3) as t(i)").stdout
    assert len([line for line in told.splitlines() if "x" * 100 + " y" in line]) == 3


def test_a_terminal_keeps_its_width(landing: Landing):
    magazijn.build(landing.lake)
    ours, theirs = pty.openpty()
    environment = {**os.environ, "COLUMNS": "40", "TERM": "xterm"}
    command = [sys.executable, "-c", "from orchestration.cli import app; app()", "query", "select repeat('woord ', 20) as lang"]
    subprocess.run(command, stdout=theirs, stdin=theirs, env=environment, check=True, cwd=Path(__file__).parents[2])
    os.close(theirs)
    told = os.read(ours, 100_000).decode()
    os.close(ours)
    lines = [line for line in told.splitlines() if line.startswith("woord")]
    assert " ".join(lines).split() == ["woord"] * 20 and max(map(len, lines)) <= 40


# --- JSON


def test_status_as_json_is_the_ledger_and_what_waits(landing: Landing):
    landing.meldingen("a", [melding(1, UREN="x"), melding(2)], kennisdatum=DAY.format(5))
    landing.ingest()
    landing.meldingen("b", [melding(3)], kennisdatum=DAY.format(6))
    (landing.meldingen("c", []) / "levering.json").unlink()
    (landing.lake.landing / "douo").mkdir()
    told = json.loads(leerplicht("status", "--json").stdout)
    [file] = landing.lake.ledger.rglob("*.json")
    entry = json.loads(file.read_text())
    assert entry.pop("zegel") and told["leveringen"] == [entry]
    assert told["klaar"] == [{"bron": "duo", "levering": "b"}]
    assert told["wachtend"] == [{"bron": "duo", "levering": "c", "bestanden": 1}]
    assert told["hoort_nergens_bij"] == ["landing/douo"]
    assert json.loads(leerplicht("status", "--json", "--bron", "carel").stdout)["leveringen"] == []


def test_check_as_json_has_the_verdict_and_every_rejected_row(landing: Landing, tmp_path: Path):
    landing.meldingen("d", [melding(n, UREN="veel") for n in range(30)], kennisdatum=DAY.format(5))
    before = snapshot(landing.lake.root)
    result = leerplicht("check", str(landing.lake.landing / "duo" / "d"), "--json")
    assert result.exit_code == 1
    [told] = json.loads(result.stdout)["leveringen"]
    assert (told["naam"], told["in_grootboek"], told["oordeel"], told["code"]) == ("d", False, "geweigerd", "te_veel_afgewezen")
    assert len(told["afgewezen_rijen"]["verzuimmelding"]) == 30
    assert told["afgewezen_rijen"]["verzuimmelding"][0]["kolom"] == "UREN"
    assert snapshot(landing.lake.root) == before
    (tmp_path / "koppeling.csv").write_bytes(b"ONDERWIJSNUMMER;BSN\n")
    refused = leerplicht("check", str(tmp_path / "koppeling.csv"), "--json")
    assert refused.exit_code == 1
    [told] = json.loads(refused.stdout)["leveringen"]
    assert (told["oordeel"], told["code"]) == ("geweigerd", "kolom_ontbreekt")


def test_without_the_engine_a_question_is_not_counted_wrongly():
    """DuckDB's tokens give places in bytes; this fails if that changes."""
    assert [place for place, _ in duckdb.tokenize("select 'é' ; x")] == [0, 7, 12, 14]
