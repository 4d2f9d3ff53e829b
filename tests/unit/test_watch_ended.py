"""The end of a run in five lines: what came, the gates, the printed report, where to look, the verdict; also of a run that failed."""

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import magazijn
import pytest
from rich.console import Console
from watched import Watched, watched

from orchestration.lake import Lake
from orchestration.outcome import Afloop
from orchestration.publication.candidate import build_candidate
from orchestration.runs import Run
from orchestration.settings import Settings
from orchestration.watch import console, ended

__all__ = ["watched"]

BEGAN = datetime(2025, 8, 2, 2, 0, tzinfo=UTC)  # the moment of the verdicts of `magazijn`


@pytest.fixture
def lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lake:
    magazijn.without_file_rules(monkeypatch)
    lake = Lake(tmp_path / "meer")
    magazijn.build(lake)
    publish(lake)
    return lake


def publish(lake: Lake) -> str:
    build_candidate(lake, Settings(lake=lake.root))
    return magazijn.publish(lake, Settings(lake=lake.root)).name


def run(lake: Lake, afloop: Afloop = Afloop.GEPUBLICEERD, begon: datetime = BEGAN) -> Run:
    names = {"intern": (lake.published("intern") / "current").resolve().name}
    return Run(run="proef", taak="nacht", begon=begon, afloop=afloop, stappen={"stap": 1.0}, releases=names)


def told(lake: Lake, run: Run) -> dict[str, str]:
    return dict(ended.lines(lake, run))


def test_a_run_that_published_says_which_release_of_when_and_where(lake: Lake, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(lake.root.parent)
    found = told(lake, run(lake))
    assert list(found) == ["kwam", "poorten", "verslag", "kijk in"]
    assert found["poorten"] == "bronnen, warehouse, publicatie, openbaar groen (4 verwachtingen gehaald, 4 waarschuwingen)"
    assert found["verslag"].startswith("125 gedrukte cijfers: ") and found["verslag"].endswith(" 4 wijken af, 0 niet berekend")
    assert found["kijk in"] == "meer/published/intern/current (Parquet), leerplicht status", "there is no portal yet"
    name = run(lake).releases["intern"]
    assert ended.verdict(lake, run(lake)).startswith(f"Gepubliceerd: intern {name}, voorlopig, met wat bekend was op ")
    assert ended.verdict(lake, run(lake, Afloop.NIETS_NIEUWS)) == f"Niets nieuws: lezers hadden deze cijfers al (intern {name})."


def test_gates_of_an_earlier_run_are_not_told(lake: Lake):
    assert told(lake, run(lake, begon=BEGAN + timedelta(seconds=1)))["poorten"] == "niet bereikt"


def test_a_red_gate_is_told_with_what_readers_still_have(lake: Lake):
    magazijn.gates(lake, red="warehouse")
    found = told(lake, run(lake, Afloop.POORT_ROOD))
    assert found["poorten"].endswith("; warehouse rood") and "warehouse," not in found["poorten"]
    assert found["lezers"] == f"zien nog release {run(lake).releases['intern']}"
    assert "verslag" not in found and "kwaliteit.html" in found["kijk in"]


def test_without_a_printed_report_that_is_said(lake: Lake):
    with duckdb.connect(str(lake.warehouse_current)) as connection:
        connection.execute("delete from kern.gepubliceerd_cijfer")
    publish(lake)
    assert told(lake, run(lake))["verslag"] == "er is geen gedrukt verslag van deze gemeenten"


def test_what_came_is_counted_and_what_was_refused_is_named(watched: Watched):
    made = watched.run(Afloop.MISLUKT).model_copy(update={"run": "proef"})
    assert told(watched.lake, made)["kwam"] == "niets nieuws; 0 eerdere leveringen tellen mee"
    watched.accept("20250303T020000")
    watched.refuse("20250304T020000")
    found = told(watched.lake, made)
    assert found["kwam"].startswith("2 leveringen: 1 geaccepteerd, 1 geweigerd; duo/20250304T020000: ")
    assert found["kwam"].endswith("; 1 rijen geladen, 0 afgewezen")
    assert found["lezers"] == "zien nog niets"


def test_a_path_is_never_broken():
    screen = Console(file=io.StringIO(), width=40)
    path = "een/heel-lang-pad/" * 5
    console.print_ended(screen, [("kijk in", f"hier: {path} (Parquet)")])
    assert isinstance(screen.file, io.StringIO)
    assert screen.file.getvalue().splitlines() == ["kijk in    hier:", f"           {path}", "           (Parquet)"]
