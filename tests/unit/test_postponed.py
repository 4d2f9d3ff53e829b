"""A fault that passes is no verdict: the delivery is postponed with its reason, the others go on, and a later night accepts it."""

import errno
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pytest
from conftest import snapshot
from leveringen import Landing, melding, to_xlsx
from rich.console import Console
from typer.testing import CliRunner

from orchestration.cli import app
from orchestration.defs import bronnen
from orchestration.defs.lake_run import LakeRun, silent
from orchestration.deliveries import ingest, ledger, manifest, postponed
from orchestration.deliveries.parse import ReadRequest, ReadResult, parse
from orchestration.deliveries.process import ReadingProcess
from orchestration.deliveries.readers.archive import passing
from orchestration.deliveries.reasons import Postponed
from orchestration.deliveries.verdict import Judge

CSV = "verzuimmeldingen.csv"


@pytest.fixture
def two(landing: Landing) -> Landing:
    """Two deliveries, of which the first is to be disturbed."""
    for name in ("a", "b"):
        landing.meldingen(name, [melding(1, UREN=str(ord(name)))])
    return landing


def check(landing: Landing, outcome: ingest.Ingested, reden: str) -> None:
    """Check that `a` was postponed for this reason, `b` accepted, and that the next night accepts `a`."""
    entries, late = outcome
    assert [(entry.levering, entry.oordeel) for entry in entries] == [("b", "geaccepteerd")]
    assert [(one.levering, one.reden) for one in late] == [("a", reden)]
    assert postponed.read(landing.lake) == late
    assert {entry.levering for entry in ledger.read(landing.lake)} == {"b"}
    assert not list(landing.lake.rows.rglob(".lezen-*"))
    assert [(entry.levering, entry.oordeel) for entry in landing.ingest()] == [("a", "geaccepteerd")]
    assert postponed.read(landing.lake) == [] and not landing.lake.postponed("duo").exists()


def read_of_a(before: Callable[[Path], object], after: Callable[[Path], object]) -> Callable[[ReadRequest], ReadResult]:
    """Read in this process, and disturb the folder of `a` while it is read."""

    def read(request: ReadRequest) -> ReadResult:
        if request.folder.name != "a":
            return parse(request)
        before(request.folder)
        try:
            return parse(request)
        finally:
            after(request.folder)

    return read


@pytest.mark.parametrize("back", ["at once", "later"])
def test_a_file_that_vanishes_after_the_comparison(two: Landing, tmp_path: Path, back: str):
    def vanish(folder: Path) -> None:
        (folder / CSV).rename(tmp_path / CSV)

    def come_back(folder: Path) -> None:
        (tmp_path / CSV).rename(folder / CSV)

    read = read_of_a(vanish, come_back if back == "at once" else lambda _folder: None)
    outcome = ingest.ingest(two.settings(), "duo", "proef", read=read)
    if back == "later":
        come_back(two.lake.landing / "duo" / "a")
    check(two, outcome, "een bestand verdween of veranderde terwijl het werd gelezen")


def test_a_folder_that_vanishes_while_it_is_read(two: Landing, tmp_path: Path):
    read = read_of_a(lambda folder: folder.rename(tmp_path / "weg"), lambda folder: (tmp_path / "weg").rename(folder))
    check(two, ingest.ingest(two.settings(), "duo", "proef", read=read), "een bestand verdween of veranderde terwijl het werd gelezen")


def test_a_folder_that_vanishes_before_it_is_judged(two: Landing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = two.lake.landing / "duo" / "a"
    with monkeypatch.context() as patch:
        patch.setattr(ingest, "load_key", lambda *_: shutil.move(folder, tmp_path / "weg") and bytes(64))
        outcome = ingest.ingest(two.settings(), "duo", "proef", read=parse)
    shutil.move(tmp_path / "weg", folder)
    check(two, outcome, "levering.json: verdwenen")


def test_a_file_that_is_cut_off_while_it_is_read(two: Landing):
    path = two.lake.landing / "duo" / "a" / CSV
    whole = path.read_bytes()
    read = read_of_a(lambda _folder: path.write_bytes(b"\0"), lambda _folder: None)
    outcome = ingest.ingest(two.settings(), "duo", "proef", read=read)
    path.write_bytes(whole)
    check(two, outcome, "een bestand verdween of veranderde terwijl het werd gelezen")


def failing(monkeypatch: pytest.MonkeyPatch, owner: object, method: str, hits: Callable[[Path], bool], code: int = errno.EIO) -> None:
    original = getattr(owner, method)

    def fail(path: Path, *arguments: object, **named: object) -> object:
        if hits(path):
            raise OSError(code, os.strerror(code), str(path))
        return original(path, *arguments, **named)

    monkeypatch.setattr(owner, method, fail)


@pytest.mark.parametrize(
    ("owner", "method", "hits", "reden"),
    [
        (manifest, "hash_file", "a/levering.json", "levering.json: nu niet te lezen (EIO)"),
        (Path, "read_bytes", "a/levering.json", "levering.json: nu niet te lezen (EIO)"),
        (Path, "lstat", "a/levering.json", "levering.json: nu niet te lezen (EIO)"),
        (manifest, "hash_file", f"a/{CSV}", f"{CSV}: nu niet te lezen (EIO)"),
        (Path, "lstat", f"a/{CSV}", f"{CSV}: nu niet te lezen (EIO)"),
        (Path, "iterdir", "duo/a", "a: nu niet te lezen (EIO)"),
        (Path, "open", f"a/{CSV}", f"{CSV}: nu niet te lezen (EIO)"),
    ],
    ids=["hash the manifest", "read the manifest", "look at the manifest", "hash", "look", "list", "open"],
)
def test_an_error_of_the_disk(two: Landing, monkeypatch: pytest.MonkeyPatch, owner: object, method: str, hits: str, reden: str):
    with monkeypatch.context() as patch:
        failing(patch, owner, method, lambda path: str(path).endswith(hits))
        outcome = ingest.ingest(two.settings(), "duo", "proef", read=parse)
    check(two, outcome, reden)


def test_an_error_of_the_disk_in_the_reading_process(two: Landing, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    (tmp_path / "schijffout.py").write_text(
        "from orchestration.deliveries import worker\n"
        "original = worker.limit\n"
        "def limit(memory):\n"
        "    import orchestration.deliveries.readers.csv as reader\n"
        "    honest = reader.CsvReading.batches\n"
        "    def fail(self):\n"
        "        if self.path.parent.name == 'a': raise OSError(5, '123456782')\n"
        "        return honest(self)\n"
        "    reader.CsvReading.batches = fail\n"
        "    original(memory)\n"
        "worker.limit = limit\n"
        "worker.main()\n"
    )
    with monkeypatch.context() as patch:
        patch.setenv("PYTHONPATH", str(tmp_path))
        patch.setattr("orchestration.deliveries.process.WORKER", "schijffout")
        outcome = ingest.ingest(two.settings(), "duo", "proef")
    check(two, outcome, f"{CSV}: nu niet te lezen (EIO)")


def test_a_process_that_cannot_start(two: Landing):
    class Unstartable(ReadingProcess):
        def read(self, request: ReadRequest) -> ReadResult:
            if request.folder.name == "a":
                raise BlockingIOError(errno.EAGAIN, "geen proces")
            return super().read(request)

    with Unstartable(two.settings()) as reader:
        check(two, ingest.ingest(two.settings(), "duo", "proef", read=reader.read), "de levering: nu niet te lezen (EAGAIN)")


def test_a_file_that_was_never_there_is_refused(landing: Landing):
    (landing.meldingen("a", [melding(1)]) / CSV).unlink()
    (entry,), late = ingest.ingest(landing.settings(), "duo", "proef", read=parse)
    assert (entry.code, late) == ("bestand_ontbreekt", [])


def test_what_was_postponed_is_tried_after_the_others(two: Landing):
    postponed.write(two.lake, "duo", [postponed.PostponedDelivery(bron="duo", levering="a", reden="x")])
    assert [levering for _, levering in ingest.pending(two.lake)] == ["b", "a"]


def test_a_known_delivery_is_not_judged_again_when_its_manifest_is_unreadable_for_a_moment(two: Landing, monkeypatch: pytest.MonkeyPatch):
    two.ingest()
    known = snapshot(two.lake.ledger)
    with monkeypatch.context() as patch:
        failing(patch, manifest, "hash_file", lambda path: path.parent.name == "a")
        entries, late = ingest.ingest(two.settings(), "duo", "proef", read=parse)
    assert (entries, [one.levering for one in late]) == ([], ["a"])
    assert snapshot(two.lake.ledger) == known


@pytest.fixture
def leerplicht(two: Landing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    monkeypatch.setenv("LEERPLICHT_LAKE", str(tmp_path / "meer"))
    monkeypatch.setenv("LEERPLICHT_KEY_FILE", str(tmp_path / "sleutel" / "geheim.key"))
    monkeypatch.setattr("orchestration.commands.terminal.console", Console(width=250, highlight=False))
    failing(monkeypatch, manifest, "hash_file", lambda path: str(path).endswith(f"a/{CSV}"))
    two.ingest()

    def run(*arguments: str) -> str:
        result = CliRunner().invoke(app, arguments)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return f"{result.exit_code} {result.output}"

    return run


def test_status_check_and_accept_say_it(two: Landing, leerplicht: Callable[..., str], monkeypatch: pytest.MonkeyPatch):
    folder = str(two.lake.landing / "duo" / "a")
    before = snapshot(two.lake.landing, two.lake.root / "lake", two.lake.quarantine, two.lake.postponed("duo").parent)
    said = leerplicht("status", "--alles")
    assert f"duo/a is uitgesteld: {CSV}: nu niet te lezen (EIO); wordt opnieuw gelezen bij de volgende run" in said
    assert next(line for line in said.splitlines() if line.strip().startswith("duo ")).split() == ["duo", "1", "0", "0", "0", "0", "0", "1"]
    assert leerplicht("check", folder) == f"1 ✗ zou zijn uitgesteld – {CSV}: nu niet te lezen (EIO)\n"
    assert leerplicht("accept", "duo/a", "--because", "x") == f"1 ✗ duo/a is uitgesteld: {CSV}: nu niet te lezen (EIO)\n"
    assert snapshot(two.lake.landing, two.lake.root / "lake", two.lake.quarantine, two.lake.postponed("duo").parent) == before
    monkeypatch.undo()
    monkeypatch.setenv("LEERPLICHT_LAKE", str(two.lake.root))
    monkeypatch.setenv("LEERPLICHT_KEY_FILE", str(two.root / "sleutel" / "geheim.key"))
    said = leerplicht("check", folder)
    assert said.startswith("0 ") and said.endswith("a: zou zijn geaccepteerd\n") and f"uitgesteld  in de laatste nacht: {CSV}: nu" in said


def test_accept_of_a_held_delivery_that_cannot_be_read_changes_nothing(landing: Landing, monkeypatch: pytest.MonkeyPatch):
    landing.meldingen("a", [melding(n) for n in range(20)], aard="volledig", kennisdatum="2025-03-03T02:00:00+01:00")
    landing.meldingen("b", [melding(n) for n in range(9)], aard="volledig", kennisdatum="2025-03-04T02:00:00+01:00")
    assert [entry.code for entry in landing.ingest()] == ["", "volume_gedaald"]
    monkeypatch.setenv("LEERPLICHT_LAKE", str(landing.lake.root))
    monkeypatch.setenv("LEERPLICHT_KEY_FILE", str(landing.root / "sleutel" / "geheim.key"))
    failing(monkeypatch, manifest, "hash_file", lambda path: str(path).endswith(f"b/{CSV}"))
    before = snapshot(landing.lake.ledger, landing.lake.rows, landing.lake.quarantine)
    result = CliRunner().invoke(app, ["accept", "duo/b", "--because", "x"])
    assert (result.exit_code, result.stderr) == (1, f"✗ {CSV}: nu niet te lezen (EIO)\n")
    assert snapshot(landing.lake.ledger, landing.lake.rows, landing.lake.quarantine) == before


def test_a_damaged_record_counts_as_none(two: Landing):
    path = two.lake.postponed("duo")
    path.parent.mkdir(parents=True)
    for damaged in (b"", b"{}", json.dumps([{"bron": 1}]).encode()):
        path.write_bytes(damaged)
        assert postponed.read(two.lake) == []


@pytest.mark.parametrize("strict", [False, True])
def test_a_strict_night_publishes_nothing_while_a_delivery_is_postponed(two: Landing, monkeypatch: pytest.MonkeyPatch, strict: bool):
    failing(monkeypatch, manifest, "hash_file", lambda path: str(path).endswith(f"a/{CSV}"))
    two.ingest()
    run = LakeRun(two.settings(strict=strict), "proef", silent)
    result = bronnen.geen_weigering(lake_run=run)
    run.release()
    assert isinstance(result, dg.AssetCheckResult)
    assert (result.passed, result.severity) == (False, dg.AssetCheckSeverity.ERROR if strict else dg.AssetCheckSeverity.WARN)
    said = f"duo/a is uitgesteld: {CSV}: nu niet te lezen (EIO)"
    assert result.description == f"een uitgestelde levering houdt de publicatie tegen (LEERPLICHT_STRICT): {said}"


@pytest.mark.parametrize("part", ["archive.zipfile.ZipFile", "xlsx.unread_cells"])
def test_an_error_of_the_system_inside_a_workbook_is_no_verdict(landing: Landing, monkeypatch: pytest.MonkeyPatch, part: str):
    landing.write("a", {"verzuimmeldingen.xlsx": to_xlsx({"Blad1": [list(melding()), list(melding(1).values())]})})

    def fails(*_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(f"orchestration.deliveries.readers.{part}", fails)
    folder = landing.lake.landing / "duo" / "a"
    judge = Judge(landing.settings(), landing.lake, landing.lake, ledger.Ledger(landing.lake, "duo"), b"k" * 64, "proef", parse)
    with pytest.raises(Postponed, match=r"nu niet te lezen \(EIO\)"):
        judge.judge(folder, "duo", manifest.fingerprint(folder))


def test_a_place_outside_the_archive_is_a_broken_workbook():
    with pytest.raises(ValueError, match="outside"), passing():
        raise OSError(errno.EINVAL, "Invalid argument")
