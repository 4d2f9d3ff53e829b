"""A release is complete or absent, named by its contents, and immutable; `current` moves atomically."""

import json
import os
import subprocess
from pathlib import Path

import duckdb
import magazijn
import pyarrow.parquet as pq
import pytest

from expectations import page, verdict
from expectations.gate import GateError
from expectations.published import fingerprint, load, schemas
from orchestration.lake import Lake
from orchestration.lake.files import digest, replace_bytes
from orchestration.publication import csv_file, integrity, manifest, register, release
from orchestration.publication.candidate import build_candidate
from orchestration.publication.release import Published, ReleaseError
from orchestration.settings import Settings

DATA = {f"{name}.parquet" for name in schemas()} | {"kerncijfers.csv", "vergelijking.csv", "jaarverslag.xlsx", "datapackage.json"}


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    lake = Lake(tmp_path / "meer")
    magazijn.build(lake)
    return lake


def night(lake: Lake, run: str = "eerste") -> Published:
    settings = Settings(lake=lake.root, key_file=lake.root / "geheim" / "sleutel")
    build_candidate(lake.for_run(run), settings)
    return magazijn.publish(lake.for_run(run), settings)


def content(lake: Lake) -> dict[str, tuple[int, bytes]]:
    zone = lake.published("intern")
    return {
        str(path.relative_to(zone)): (path.stat().st_mtime_ns, path.read_bytes())
        for path in zone.rglob("*")
        if path.is_file() and ".kandidaat" not in path.parts
    }


def test_a_release_is_whole_and_current_points_at_it(lake: Lake):
    published = night(lake)
    zone = lake.published("intern")
    assert published.folder == zone / "releases" / published.name
    assert {path.name for path in published.folder.iterdir()} == DATA | {"dcat.jsonld", "manifest.json", "SHA256SUMS"}
    assert (zone / "current").readlink() == Path("releases") / published.name
    assert json.loads((zone / "current.json").read_text()) == {
        "release": published.name,
        "map": f"releases/{published.name}",
        "status": "voorlopig",
    }
    checked = subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=published.folder, capture_output=True, check=False)
    assert checked.returncode == 0, checked.stderr
    assert not (zone / release.STAGING).exists()


def test_it_is_named_by_the_latest_accepted_kennisdatum_in_utc_and_its_data(lake: Lake):
    name = night(lake).name
    assert name.startswith("20250802T000000Z-")
    assert len(name.partition("-")[2]) == 12
    magazijn.change(lake)
    assert night(lake).name != name


def test_the_manifest_says_where_it_comes_from(lake: Lake):
    published = night(lake, "nacht-7")
    told = json.loads((published.folder / "manifest.json").read_text())
    assert (told["release"], told["status"], told["run"]) == (published.name, "voorlopig", "nacht-7")
    assert told["kennisdatum"] == "2025-08-02T00:00:00+00:00"
    assert told["instellingen"]["gemeenten"] == ["0164", "0147"]
    assert told["instellingen"]["suppression_threshold"] == 5
    assert told["eigen_lijsten"] == {}
    assert told["contracten"]["publicatie"] == load().version
    assert told["code"]["versie"]
    assert [file["naam"] for file in told["bestanden"]] == sorted(DATA)
    for file in told["bestanden"]:
        path = published.folder / file["naam"]
        assert (file["sha256"], file["bytes"]) == (digest(path), path.stat().st_size)
        if path.stem in schemas():
            assert file["rijen"] == pq.read_table(path.with_suffix(".parquet")).num_rows
            assert file["schema_sha256"] == fingerprint(schemas()[path.stem])
    assert {(d["bron"], d["oordeel"]) for d in told["leveringen"]} >= {("duo", "geaccepteerd"), ("duo", "geweigerd")}
    text = (published.folder / "manifest.json").read_text()
    assert str(lake.root) not in text and "geheim" not in text and os.uname().nodename not in text


def test_every_setting_in_the_manifest_exists_and_none_is_a_path():
    assert set(manifest.SETTINGS) <= Settings.model_fields.keys()
    assert not {"lake", "key_file"} & set(manifest.SETTINGS)


def test_the_gates_are_in_it(lake: Lake):
    rows = pq.read_table(night(lake).folder / "poorten.parquet").to_pylist()
    assert {row["poort"] for row in rows} == {"bronnen", "warehouse", "publicatie"}
    assert {row["kolom"] for row in rows} == {"tabel", "tabel.kolom"}


def test_a_second_night_over_the_same_changes_nothing(lake: Lake):
    first = night(lake)
    before = content(lake)
    assert night(lake, "tweede") == first
    assert content(lake) == before


def test_a_release_that_comes_back_is_pointed_at_again(lake: Lake):
    first = night(lake)
    magazijn.change(lake)
    second = night(lake)
    assert (lake.published("intern") / "current").resolve() == second.folder
    magazijn.build(lake)
    assert night(lake) == first
    assert (lake.published("intern") / "current").resolve() == first.folder
    assert second.folder.is_dir()


@pytest.mark.parametrize("damage", ["altered", "removed", "added", "manifest", "sums"])
def test_a_release_that_was_altered_is_an_error_and_says_which_file(lake: Lake, damage: str):
    folder = night(lake).folder
    figures = folder / "kerncijfers.parquet"
    if damage == "altered":
        figures.write_bytes(figures.read_bytes()[:-1] + b"x")
    elif damage == "removed":
        figures.unlink()
    elif damage == "added":
        (folder / "extra.csv").write_text("1")
    elif damage == "manifest":
        (folder / "manifest.json").write_text("{}")
    else:
        (folder / "SHA256SUMS").unlink()
    named = {"added": "extra.csv", "manifest": "manifest.json"}.get(damage, "kerncijfers.parquet")
    before = content(lake)
    with pytest.raises(ReleaseError, match=named):
        night(lake)
    assert content(lake) == before


def test_an_altered_release_whose_hashes_were_altered_with_it_is_an_error_too(lake: Lake):
    folder = night(lake).folder
    figures = folder / "kerncijfers.parquet"
    old = digest(figures)
    figures.write_bytes(figures.read_bytes() + b"x")
    sums = folder / "SHA256SUMS"
    sums.write_text(sums.read_text().replace(old, digest(figures)))
    with pytest.raises(ReleaseError, match="kerncijfers"):
        night(lake)


class Killed(BaseException):
    """Simulates a killed process: nothing catches it."""


IN_THE_ZONE = [".kandidaat", "current", "current.json", "kwaliteit.html", "register.jsonl", "releases", "status.json"]
STEPS = [
    (release, "_collect"),
    (Lake, "put_in_place"),
    (register, "note_published"),
    (release, "_point_at"),
    (register, "write_status"),
    (page, "write_next_to_releases"),
]


@pytest.mark.parametrize(("module", "step"), STEPS, ids=lambda part: part if isinstance(part, str) else "")
@pytest.mark.parametrize("after", [False, True])
def test_a_night_that_is_killed_leaves_readers_a_whole_release_and_the_next_one_ends_the_work(
    lake: Lake, monkeypatch: pytest.MonkeyPatch, module, step: str, after: bool
):
    first = night(lake)
    magazijn.change(lake)
    original = getattr(module, step)

    def killed(*arguments, **options):
        if after:
            original(*arguments, **options)
        raise Killed

    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(module, step, killed)
        night(lake)
    zone = lake.published("intern")
    seen = (zone / "current").resolve()
    integrity.check(seen)
    assert seen == first.folder or (step, after) not in [("_collect", False), ("_collect", True), ("put_in_place", False)]
    second = night(lake)
    assert (zone / "current").resolve() == second.folder
    assert json.loads((zone / "current.json").read_text())["release"] == second.name
    integrity.check(second.folder)
    integrity.check(first.folder)
    assert sorted(path.name for path in zone.iterdir()) == IN_THE_ZONE
    assert {path.name for path in (zone / "releases").iterdir()} == {first.name, second.name}


def test_a_release_appears_whole_by_one_rename(lake: Lake, monkeypatch: pytest.MonkeyPatch):
    def killed(staging: Path, folder: Path) -> None:
        integrity.check(staging)
        assert not folder.exists()
        raise Killed

    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(Path, "rename", killed)
        night(lake)
    assert not list((lake.published("intern") / "releases").iterdir())


def test_leftovers_of_an_interrupted_run_are_removed(lake: Lake):
    zone = lake.published("intern")
    (zone / release.STAGING / "map").mkdir(parents=True)
    (zone / release.STAGING / "kerncijfers.parquet").write_text("half")
    (zone / release.NEW_POINTER).symlink_to("releases/weg")
    (zone / ".current.json.123.tmp").write_text("{")
    (zone / ".register.jsonl.123.tmp").write_text("{")
    night(lake)
    assert sorted(path.name for path in zone.iterdir()) == IN_THE_ZONE


def test_files_that_break_a_rule_are_not_published(lake: Lake, monkeypatch: pytest.MonkeyPatch):
    night(lake)
    before = content(lake)
    magazijn.change(lake)
    write = csv_file.content
    monkeypatch.setattr(csv_file, "content", lambda columns, rows: write(columns, rows).replace(b"Hengelo", b"=Hengelo"))
    says = r"de poort publicatie is rood: csv: geen vak .* als formule uitvoert \(\d+ afwijkend: kerncijfers\.csv, rij 25, gemeente; "
    with pytest.raises(GateError, match=says):
        night(lake)
    assert content(lake) == before


@pytest.mark.parametrize("poort", ["bronnen", "warehouse", "publicatie"])
def test_behind_a_red_gate_nothing_is_published(lake: Lake, poort: str):
    night(lake)
    before = content(lake)
    magazijn.change(lake)
    settings = Settings(lake=lake.root)
    build_candidate(lake, settings)
    with pytest.raises(GateError, match=f"{poort} is rood"):
        magazijn.publish(lake, settings, red=poort)
    assert content(lake) == before


@pytest.mark.parametrize("changed", ["bronnen", "warehouse", "publicatie"])
def test_a_verdict_on_other_bytes_publishes_nothing(lake: Lake, changed: str):
    settings = Settings(lake=lake.root)
    build_candidate(lake, settings)
    verdicts = magazijn.gates(lake)
    path = {
        "bronnen": lake.ledger / "nieuw.json",
        "warehouse": lake.warehouse_current,
        "publicatie": lake.candidate_of("intern") / "kerncijfers.parquet",
    }[changed]
    with path.open("ab") as file:
        file.write(b"x")
    with pytest.raises(GateError, match=f"poort {changed} heeft iets anders gekeurd"):
        release.publish(lake, settings, "intern", verdicts["publicatie"])
    assert not (lake.published("intern") / "current").exists()


def test_a_warehouse_of_other_deliveries_than_were_judged_last_is_not_published(lake: Lake):
    settings = Settings(lake=lake.root)
    build_candidate(lake, settings)
    verdicts = magazijn.gates(lake)
    replace_bytes(lake.ledger / "nieuw.json", b"{}")
    verdict.write(magazijn.verdict_on(lake.ledger, "bronnen"), lake)
    with pytest.raises(GateError, match="poort warehouse heeft iets anders gekeurd"):
        release.publish(lake, settings, "intern", verdicts["publicatie"])


def test_a_candidate_that_lacks_a_table_is_not_published(lake: Lake):
    settings = Settings(lake=lake.root)
    build_candidate(lake, settings)
    (lake.candidate_of("intern") / "kwaliteit.parquet").unlink()
    with pytest.raises(ReleaseError, match="geen kwaliteit"):
        magazijn.publish(lake, settings)
    assert not (lake.published("intern") / "current").exists()


def test_without_an_accepted_delivery_there_is_no_release(lake: Lake):
    with duckdb.connect(str(lake.warehouse_current)) as connection:
        connection.execute("update kern.levering set oordeel = 'geweigerd'")
        connection.execute("delete from kern.bron")
    with pytest.raises(GateError, match=r"elke tabel heeft rijen.*bronnen"):
        night(lake)


def test_no_clock_run_or_path_stands_in_a_data_file(lake: Lake):
    folder = night(lake, "run-id-van-de-nacht").folder
    for path in [folder / name for name in (*DATA, "dcat.jsonld")]:
        found = path.read_bytes()
        machine = os.uname().nodename
        for word in ("run-id-van-de-nacht", str(lake.root), *([machine] if len(machine) > 5 else [])):  # `vm` is in any file by chance
            assert word.encode() not in found, path
