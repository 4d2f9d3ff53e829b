"""The morning: one screen, one page and one document say the same; `healthcheck` ends with a code; other users are told what can be."""

import json
import os
import re
from datetime import datetime, timedelta

import pytest
from leveringen import bsn
from rich.console import Console
from typer.testing import CliRunner, Result
from watched import HOUR, NIGHT, Watched, watched

from expectations import contract
from orchestration import watch
from orchestration.cli import app
from orchestration.lake import Lake
from orchestration.outcome import Afloop
from orchestration.settings import Settings
from orchestration.watch import run_ended

__all__ = ["watched"]

DAY = timedelta(days=1)


@pytest.fixture
def morning(watched: Watched, monkeypatch) -> Watched:
    """The lake of a night in which much went wrong, on a terminal of 80 by 24."""
    monkeypatch.setenv("LEERPLICHT_LAKE", str(watched.lake.root))
    monkeypatch.setenv("LEERPLICHT_KEY_FILE", str(watched.settings.key_file))
    watched.accept("a")
    watched.run()
    watched.now = NIGHT + 3 * DAY
    for number in range(12):
        watched.refuse(f"Verzuim {number} {'lang ' * 8}", kennisdatum=f"2025-03-06T{number:02d}:00:00+01:00")
    watched.red()
    reden = f"de poort warehouse is rood: {'een lange regel die niet klopt; ' * 20}"
    watched.run(
        Afloop.POORT_ROOD, begon=watched.now, stap="poort: magazijn", reden=reden, stappen={"duo lezen": 3.0, "magazijn bouwen": 91.5}
    )
    return watched


def leerplicht(*arguments: str) -> Result:
    result = CliRunner().invoke(app, arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.mark.usefixtures("morning")
def test_status_fits_a_screen_of_80_by_24_whatever_happened(monkeypatch):
    monkeypatch.setattr("orchestration.commands.terminal.fit_output", lambda: None)
    monkeypatch.setattr("orchestration.commands.terminal.console", Console(width=80, highlight=False))
    lines = leerplicht("status").stdout.splitlines()
    assert max(map(len, lines)) <= 80 and len(lines) <= 23, "and a line for the next command"
    text = " ".join(lines)
    for told in ("Niet gepubliceerd op 7 maart 2025 om 02:10 uur: de poort warehouse is rood", "kwam", "12 geweigerde leveringen",
                 "magazijn bouwen 92 seconden", "gaan nergens heen", "nog nooit geleverd: monitor, carel"):  # fmt: skip
        assert told in re.sub(" +", " ", text), told


@pytest.mark.usefixtures("morning")
def test_status_in_a_pipe_is_whole(monkeypatch):
    monkeypatch.setattr("orchestration.commands.terminal.console", Console(width=1_000_000, highlight=False))
    assert "regel die niet klopt; een lange" in leerplicht("status").stdout
    assert "…" not in leerplicht("status").stdout.splitlines()[0]


def test_status_of_a_lake_without_anything_creates_nothing(watched: Watched, monkeypatch):
    monkeypatch.setenv("LEERPLICHT_LAKE", str(watched.lake.root))
    for arguments in (["status"], ["status", "--json"]):
        assert leerplicht(*arguments).exit_code == 0
    assert list(watched.lake.root.rglob("*")) == [watched.lake.landing]


def test_the_document_keeps_what_it_had_and_adds_the_state(morning: Watched):
    found = json.loads(leerplicht("status", "--json").stdout)
    assert set(found) == {"stand", "leveringen", "wachtend", "klaar", "hoort_nergens_bij"}
    assert found["stand"] == json.loads(json.dumps(watch.status(morning.lake, Settings())))
    causes = {cause["soort"] for cause in found["stand"]["oorzaken"]}
    assert causes == {"poort_rood", "levering_geweigerd"}, "the source is not late, and nothing is silent"


def test_the_page_is_made_after_every_run_and_says_what_the_document_says(morning: Watched):
    run = morning.run(Afloop.FOUT, begon=morning.now, stap="<b>", reden=f"onbekend <script> {bsn(12_345_678)}")
    morning.urls = ""
    assert run_ended(morning.lake, morning.settings, run) == []
    page = morning.lake.status_page.read_text()
    shown = json.loads(morning.lake.status_document.read_text())
    assert "Niet alles is in orde." in page and "<script" not in page and "&lt;script&gt;" in page
    assert bsn(12_345_678) not in page + json.dumps(shown)
    for cause in shown["oorzaken"]:
        assert cause["zin"].replace("<b>", "&lt;b&gt;") in page
    assert 'lang="nl"' in page and "http" not in page.replace("http-equiv", ""), "nothing from elsewhere"
    morning.now += DAY
    assert run_ended(morning.lake, morning.settings, morning.run()) == []
    assert "Gepubliceerd op" in morning.lake.status_page.read_text()


def test_the_page_is_for_the_group_of_intern(morning: Watched):
    run_ended(morning.lake, morning.settings, morning.run())
    assert (morning.lake.status_page.stat().st_mode & 0o777, morning.lake.status_page.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    access = Lake.of(Settings()).readers.zones["status"]
    assert access == Lake.of(Settings()).readers.zones["published/intern"]


def test_healthcheck_ends_with_0_or_1_and_says_which_causes_stand(watched: Watched, monkeypatch):
    monkeypatch.setenv("LEERPLICHT_LAKE", str(watched.lake.root))
    monkeypatch.setenv("LEERPLICHT_KEY_FILE", str(watched.settings.key_file))
    bad = leerplicht("healthcheck")
    assert (bad.exit_code, "Er is nog nooit gepubliceerd." in bad.stdout) == (1, True)
    watched.run()
    good = leerplicht("healthcheck", "--json")
    assert (good.exit_code, json.loads(good.stdout)["in_orde"]) == (0, True)
    watched.now += 26 * HOUR + timedelta(minutes=1)
    late = leerplicht("healthcheck", "--json")
    assert (late.exit_code, [cause["soort"] for cause in json.loads(late.stdout)["oorzaken"]]) == (1, ["niets_gepubliceerd"])
    monkeypatch.setenv("LEERPLICHT_ALARM_HOURS", "48")
    assert leerplicht("healthcheck").exit_code == 0


def test_another_user_is_told_what_the_last_page_says_and_sends_nothing(watched: Watched, monkeypatch):
    monkeypatch.setenv("LEERPLICHT_LAKE", str(watched.lake.root))
    monkeypatch.setenv("LEERPLICHT_ALARM_URLS", watched.urls)
    run_ended(watched.lake, watched.settings, watched.run())
    written = watched.lake.status_page.stat().st_mtime_ns
    watched.now += 30 * HOUR
    watched.got.clear()
    monkeypatch.setattr(os, "geteuid", lambda: 12_345)
    monkeypatch.setattr("orchestration.watch.state.read", None)
    found = leerplicht("healthcheck", "--json")
    assert found.exit_code == 1 and "niets_gepubliceerd" in found.stdout
    assert not watched.got and watched.lake.status_page.stat().st_mtime_ns == written
    watched.lake.status_document.unlink()
    assert "meer_onleesbaar" in leerplicht("healthcheck", "--json").stdout


def test_each_source_says_in_its_contract_how_often_it_delivers():
    found = {bron: (contract.load(bron).frequency.days, contract.load(bron).latency) for bron in contract.BRONNEN}
    assert found.items() >= {"monitor": (92, 14 * DAY), "duo": (1, 12 * HOUR), "carel": (1, 12 * HOUR)}.items()
    assert found["vergelijking"] == (365, 92 * DAY)
    assert all(days > 0 for days, _ in found.values())


@pytest.mark.parametrize("value", ["carel", "carel=x", "karel=7", "carel=-1"])
def test_a_rhythm_that_is_none_is_refused(value: str, monkeypatch):
    monkeypatch.setenv("LEERPLICHT_DELIVERY_DAYS", value)
    result = leerplicht("healthcheck")
    assert result.exit_code == 2 and "LEERPLICHT_DELIVERY_DAYS: geef voor elke bron" in result.output


def test_moments_are_those_of_the_netherlands():
    assert watch.status.__doc__
    from orchestration.watch import words

    assert words.at(datetime.fromisoformat("2025-03-30T00:30:00+00:00")) == "30 maart 2025 om 01:30 uur"
    assert words.at(datetime.fromisoformat("2025-03-30T01:30:00+00:00")) == "30 maart 2025 om 03:30 uur"
    assert [words.period(timedelta(seconds=seconds)) for seconds in (1, 60, 61, 3600, 86400, 200_000)] == [
        "1 seconden", "1 minuut", "61 seconden", "1 uur", "1 dag", "2 dagen",
    ]  # fmt: skip
