"""Protecting several schooljaren: two processes give what one gives and print nothing; without a closed one nothing is public."""

import os
from pathlib import Path

import pytest
import worlds

from orchestration.lake import Lake
from orchestration.publication.disclosure import openbaar, parallel
from orchestration.publication.disclosure.alternatives import Cell
from orchestration.publication.disclosure.rounding import Draws
from orchestration.settings import Settings


def test_two_processes_give_what_one_gives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    values = worlds.counts(worlds.random_world(seed=7, persons=60))
    years = sorted({cell.schooljaar for cell in values})
    each: list[dict[Cell, int]] = [{cell: value for cell, value in values.items() if cell.schooljaar == year} for year in years]
    assert len(each) == 2

    def protected() -> list[object]:
        years = openbaar.protect_years(each, tmp_path, Draws(b"key"), 5, sum(map(len, each)))
        return [(one.values, one.shown, one.alternatives) for one in years]

    alone = protected()
    assert sum(map(len, each)) < parallel.MANY
    monkeypatch.setattr(parallel, "MANY", 1)
    started = []
    pool = parallel.ProcessPoolExecutor
    monkeypatch.setattr(parallel, "ProcessPoolExecutor", lambda *given, **more: started.append(given) or pool(*given, **more))
    assert protected() == alone
    assert started == [(2,)]


def test_what_a_library_prints_in_these_processes_is_not_seen(capfd: pytest.CaptureFixture[str]):
    assert list(parallel.each(os.write, [(1, b"een regel")], parallel.MANY)) == [9]
    assert capfd.readouterr().out == ""


def test_without_a_closed_schooljaar_there_is_nothing_public(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(openbaar, "closed", lambda _lake: [])
    lake = Lake(tmp_path)
    with pytest.raises(openbaar.NothingClosedError, match="er is nog geen afgesloten schooljaar"):
        openbaar.build_candidate(lake, Settings(lake=tmp_path), b"key")
    assert not lake.candidate_of("openbaar").exists()
