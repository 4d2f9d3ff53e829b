"""Publishing is killed at fifty moments, in either zone: readers always see a complete release, and a rerun completes the work.

The moments (`killing.py`) cover the whole step and are the same each time: just before each change on disk (writing, renaming, creating or
removing a file), and the rest before a file is read.
"""

import json
import os
import shutil
import signal
from functools import partial
from pathlib import Path
from random import Random

import magazijn
import pytest
from killing import killed

from expectations import gate
from orchestration.lake import Lake
from orchestration.lake.files import make_private
from orchestration.publication import candidate, integrity, manifest, register, release
from orchestration.publication.disclosure import proof
from orchestration.settings import Settings

KILLS = 50
CLOCK = "2026-01-02T03:04:05+00:00"


def publish(lake: Lake, zone: str) -> None:
    """Run the step alone, with a fixed clock and stubbed lookups; other tests check proofs."""
    manifest.now, manifest.code = (lambda: CLOCK), dict
    os.fsync = lambda _handle: None  # killing a process loses no written data, and fsync would take minutes
    proof.check = lambda _public, private: (private / "certificaat.json").read_text()
    verdict = gate.read({"intern": "publicatie", "openbaar": "openbaar"}[zone], lake)
    release.publish(lake, Settings(lake=lake.root, key_file=lake.root / "sleutel"), zone, verdict)


def prepare(lake: Lake, zone: str) -> None:
    """Make a candidate that passed all gates, and for `openbaar` its proof."""
    if zone == "intern":
        candidate.build_candidate(lake, Settings(lake=lake.root))
    else:
        folder = candidate.begin(lake, zone)
        for path in lake.candidate_of("intern").iterdir():
            shutil.copyfile(path, folder / path.name)
        shutil.rmtree(lake.proof_candidate, ignore_errors=True)
        (make_private(lake.proof_candidate) / "certificaat.json").write_text("geldig")
    magazijn.gates(lake)


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """Restores what `publish` replaces after the test."""
    for module, name in ((manifest, "now"), (manifest, "code"), (os, "fsync"), (proof, "check")):
        monkeypatch.setattr(module, name, getattr(module, name))


def before(folder: Path, zone: str) -> Lake:
    """A lake in which both zones have a release, and `zone` is about to get its second."""
    lake = Lake(folder)
    magazijn.build(lake)
    for published in register.ZONES:
        prepare(lake, published)
        publish(lake, published)
    magazijn.change(lake)
    prepare(lake, "intern")
    if zone == "openbaar":
        publish(lake, "intern")
        prepare(lake, zone)
    return lake


def assert_whole(lake: Lake) -> None:
    for zone in register.ZONES:
        folder = lake.published(zone)
        said = json.loads((folder / "current.json").read_text())
        assert (folder / said["map"]).name == said["release"]
        integrity.check(folder / said["map"])
        integrity.check((folder / "current").resolve())
        for one in (folder / "releases").iterdir():
            integrity.check(one)
            assert zone == "intern" or (lake.proof_of(one.name) / "certificaat.json").read_text() == "geldig"
        assert {one["release"] for one in json.loads((folder / "status.json").read_text())["releases"]}
        assert [line.wat for line in register.lines(lake, zone)]


def content(lake: Lake) -> dict[str, object]:
    """Return everything that is published, without the candidates, which are hidden from readers."""
    root = lake.root / "published"
    paths = [path for path in sorted(root.rglob("*")) if not {".kandidaat", ".bescherming"} & set(path.parts)]
    return {
        str(path.relative_to(root)): str(path.readlink()) if path.is_symlink() else path.read_bytes() if path.is_file() else None
        for path in paths
    }


@pytest.mark.usefixtures("still")
@pytest.mark.parametrize("zone", register.ZONES)
def test_a_killed_publishing_shows_nothing_half_and_is_completed(tmp_path: Path, zone: str):
    start = before(tmp_path / "voor", zone)
    seen_before = content(start)
    whole = Lake(shutil.copytree(start.root, tmp_path / "ongestoord", symlinks=True))
    assert killed(whole, partial(publish, zone=zone), -1, tmp_path / "momenten") == 0
    expected = content(whole)
    assert expected != seen_before
    changes = json.loads((tmp_path / "momenten").read_text())
    moments = [moment for moment, change in enumerate(changes) if change]
    others = [moment for moment, change in enumerate(changes) if not change]
    moments += Random(2025).sample(others, max(0, KILLS - len(moments)))
    pointed = set()
    for moment in moments:
        lake = Lake(shutil.copytree(start.root, tmp_path / "gestoord", symlinks=True))
        assert killed(lake, partial(publish, zone=zone), moment, tmp_path / "niet") == -signal.SIGKILL, moment
        assert_whole(lake)
        pointed.add((lake.published(zone) / "current").readlink())
        if moment % 2 and zone == "openbaar":  # the next night makes a new candidate; a retried step does not
            prepare(lake, zone)
        publish(lake, zone)
        assert_whole(lake)
        assert content(lake) == expected, moment
        shutil.rmtree(lake.root)
    assert len(pointed) == 2, "some were killed before the pointer moved, and some after it"
