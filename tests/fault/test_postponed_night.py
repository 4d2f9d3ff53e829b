"""A night in which every reading process is killed once and a file vanishes once publishes; the next one reads the rest, without a hand."""

import json
import os
import shutil
import signal
import threading
from pathlib import Path

import pytest
from conftest import Night, Place
from leveringen import Landing, melding
from typer.testing import CliRunner

from expectations import contract
from orchestration.cli import app
from orchestration.deliveries import ingest, ledger, parallel, postponed
from orchestration.deliveries.parse import ReadRequest
from orchestration.deliveries.process import ReadingProcess
from orchestration.settings import Settings
from orchestration.warehouse import build

KILLED = "het lezen is afgebroken (SIGKILL)"


class Disturbances:
    """Kill the process of the first request of each bron, and once remove a file just before it is read.

    Args:
        aside: Where the removed file goes.
    """

    def __init__(self, aside: Path) -> None:
        self.aside = aside
        self.taken: Path | None = None
        self.killed: set[str] = set()
        self.lock = threading.Lock()
        self.original = ReadingProcess._send

    def send(self, reader: ReadingProcess, worker, request: ReadRequest):
        with self.lock:
            bron, name = request.folder.parent.name, request.folder.name
            if bron not in self.killed:
                self.killed.add(bron)
                os.kill(worker.process.pid, signal.SIGKILL)
                worker.process.wait()
            elif name == "verdwijnt" and self.taken is None:
                self.taken = request.folder / request.files[0].naam
                self.taken.rename(self.aside / self.taken.name)
        return self.original(reader, worker, request)


def test_killed_readers_and_a_vanished_file(
    night: Night, elsewhere: Place, example_landing: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    build.copy_partial_parse(night.lake, elsewhere.lake)
    shutil.copytree(example_landing, elsewhere.lake.landing)
    landing = Landing(tmp_path)
    assert landing.lake == elsewhere.lake
    landing.meldingen("verdwijnt", [melding(1)], kennisdatum="2025-08-01T02:00:00+02:00")
    names = {(folder.parent.name, folder.name) for folder in elsewhere.lake.landing.glob("*/*") if folder.is_dir()}
    for name, value in elsewhere.environment.items():
        if name.startswith("LEERPLICHT_"):
            monkeypatch.setenv(name, value)
    disturbed = Disturbances(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(parallel, "MIN_ROWS", 1)
        # nothing is read ahead: a file that is gone before its delivery is judged is refused, and this one vanishes while it is judged
        patch.setattr(parallel.ParallelReader, "ahead", lambda _reader, _requests: None)
        patch.setattr(ReadingProcess, "_send", lambda reader, worker, request: disturbed.send(reader, worker, request))
        first = CliRunner().invoke(app, ["run"])
    assert first.exit_code == 0, first.stderr + elsewhere.lake.log.read_text()[-6000:]
    late = postponed.read(elsewhere.lake)
    assert disturbed.killed == {*contract.BRONNEN} and disturbed.taken
    assert {one.bron for one in late if KILLED in one.reden} == {*contract.BRONNEN}
    assert {one.levering for one in late if "verdween" in one.reden} == {"verdwijnt"}
    assert len(late) == len(contract.BRONNEN) + 1
    entries = ledger.read(elsewhere.lake)
    assert {(entry.bron, entry.levering) for entry in entries} == names - {(one.bron, one.levering) for one in late}
    assert not any("afgebroken" in entry.reden or "staat niet in de map" in entry.reden for entry in entries)
    logged = [json.loads(line) for line in elsewhere.lake.log.read_text().splitlines()]
    for one in late:
        assert f"let op: levering {one.sentence}; de volgende nacht leest haar opnieuw" in first.output
        assert any(
            (line["gebeurtenis"], line.get("levering"), line.get("reden")) == ("uitgesteld", one.levering, one.reden) for line in logged
        )
    assert (elsewhere.lake.published("intern") / "current").exists()

    (tmp_path / disturbed.taken.name).rename(disturbed.taken)
    for bron in contract.BRONNEN:  # what the next night does first
        entries, later = ingest.ingest(Settings(), bron, "de volgende nacht")
        assert later == []
        assert {entry.levering for entry in entries} == {one.levering for one in late if one.bron == bron}
        assert all(entry.accepted for entry in entries)
    assert {(entry.bron, entry.levering) for entry in ledger.read(elsewhere.lake)} == names
    assert postponed.read(elsewhere.lake) == []
