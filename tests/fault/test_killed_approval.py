"""Approving both zones is killed before each change on disk: both releases are definitief or none is, and approving again completes it."""

import json
import shutil
import signal
from pathlib import Path

import magazijn
import pytest
from killing import killed

from orchestration.lake import Lake
from orchestration.publication import altered, approval, register
from orchestration.publication.candidate import build_candidate
from orchestration.settings import Settings


def approve(lake: Lake) -> None:
    approval.approve(lake, None, "current", door="J. Jansen", omdat="vastgesteld")


def decided(lake: Lake) -> list[bool]:
    return [bool(register.find(lake, zone, "current").approved) for zone in register.ZONES]


def told(lake: Lake) -> list[bool]:
    return [json.loads((lake.published(zone) / "current.json").read_text())["status"] == "definitief" for zone in register.ZONES]


@pytest.fixture
def lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lake:
    lake = Lake(tmp_path / "voor")
    magazijn.without_file_rules(monkeypatch)
    magazijn.build(lake)
    settings = Settings(lake=lake.root, key_file=lake.root / "sleutel")
    build_candidate(lake, settings)
    magazijn.publish(lake, settings)
    magazijn.publish_openbaar(lake, settings, monkeypatch)
    return lake


def test_a_killed_approval_is_of_both_zones_or_of_none(lake: Lake, tmp_path: Path):
    whole = Lake(shutil.copytree(lake.root, tmp_path / "ongestoord", symlinks=True))
    assert killed(whole, approve, -1, tmp_path / "momenten") == 0
    changes = json.loads((tmp_path / "momenten").read_text())
    ends = []
    for moment in (number for number, change in enumerate(changes) if change):
        copy = Lake(shutil.copytree(lake.root, tmp_path / "gestoord", symlinks=True))
        assert killed(copy, approve, moment, tmp_path / "niet") == -signal.SIGKILL, moment
        ends.append(decided(copy))
        assert len(set(ends[-1])) == 1, f"only one of the two is definitief after moment {moment}"
        if all(ends[-1]):
            with pytest.raises(approval.DecidedError):
                approve(copy)
        else:
            approve(copy)
        assert decided(copy) == told(copy) == [True, True], moment
        shutil.rmtree(copy.root)
    assert [True, True] in ends and [False, False] in ends


def test_what_a_kill_left_untold_the_next_run_tells(lake: Lake, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(register, "write_status", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        approve(lake)
    monkeypatch.undo()
    assert (decided(lake), told(lake)) == ([True, True], [False, False])
    altered.put_aside(lake)  # what every run does first
    assert told(lake) == [True, True]
