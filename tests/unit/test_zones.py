"""The zones of trust: each path is in one, has its access before readers can find it, and what cannot be mended is a sentence."""

import inspect
import os
import stat
from pathlib import Path

import duckdb
import magazijn
import pytest
from leveringen import melding, to_csv
from pydantic import ValidationError
from renderings_rows import SENDER, figure, indicator, release
from typer.testing import CliRunner

from orchestration import access, definitions
from orchestration.access import AccessError, create_privately
from orchestration.cli import app
from orchestration.lake import Lake
from orchestration.lake.zones import Readers
from orchestration.publication.candidate import build_candidate
from orchestration.publication.renderings import folder as renderings
from orchestration.settings import Settings, fault

ANALYSTS, INTERN = 64001, 64002  # groups that nobody is in
IS_ROOT = os.geteuid() == 0
NEEDS_ROOT = pytest.mark.skipif(not IS_ROOT, reason="only root can give files to other groups and users")


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """An empty lake, with a group for each zone that has one; only root can give files to groups that it is not in."""
    root = tmp_path / "meer"
    root.mkdir()
    return Lake(root, readers=Readers(ANALYSTS, INTERN) if IS_ROOT else Readers(os.getegid(), os.getegid()))


@pytest.fixture(autouse=True)
def open_umask():
    """The worst umask; put back afterwards, as a way in changes it."""
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def put(path: Path, file_mode: int = 0o666) -> Path:
    """Write a file in folders that are open to everybody."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x")
    path.chmod(file_mode)
    return path


def test_every_path_of_the_lake_is_in_a_zone(lake: Lake):
    """A path in a new folder is in none: then the table of zones forgets it."""
    properties = [name for name, found in inspect.getmembers(Lake, lambda found: isinstance(found, property))]
    paths = [path for name in properties if not name.startswith("_") and isinstance(path := getattr(lake, name), Path)]
    assert len(paths) > 15
    for path in paths:
        assert path.relative_to(lake.root).parts[0] in lake.readers.zones, path


@pytest.mark.parametrize(
    ("path", "folder", "file", "group"),
    [
        ("", 0o711, 0o600, None), ("published", 0o711, 0o600, None), ("published/iets", 0o700, 0o600, None),
        ("landing/duo/1/a.csv", 0o700, 0o600, None), ("lake/rijen/duo", 0o700, 0o600, None), ("quarantine/duo", 0o700, 0o600, None),
        ("werk/zoals-bekend/1/published/openbaar/current.json", 0o700, 0o600, None), ("werk/kwaliteit.html", 0o700, 0o600, None),
        ("warehouse", 0o750, 0o440, ANALYSTS), ("warehouse/nachten/1/leerplicht.duckdb", 0o750, 0o440, ANALYSTS),
        ("warehouse/woordenboek/README.md", 0o750, 0o440, ANALYSTS),
        ("warehouse/bouw/run/leerplicht.duckdb", 0o700, 0o600, None), ("warehouse/wisselingen.jsonl", 0o700, 0o600, None),
        ("published/intern/kwaliteit.html", 0o750, 0o640, INTERN), ("published/intern/releases/r/a.csv", 0o750, 0o640, INTERN),
        ("published/intern/bescherming/r/bewijs.json", 0o700, 0o600, None), ("published/intern/register.jsonl", 0o700, 0o600, None),
        ("published/intern/.kandidaat/run/a.parquet", 0o700, 0o600, None), ("published/intern/.register.jsonl.1.tmp", 0o700, 0o600, None),
        ("status/status.html", 0o750, 0o640, INTERN),
        ("published/openbaar", 0o755, 0o644, None), ("published/openbaar/weergaven/r/portaal/index.html", 0o755, 0o644, None),
        ("published/openbaar/.in_aanbouw/a.csv", 0o700, 0o600, None),
    ],
)  # fmt: skip
def test_who_may_read_a_path(path: str, folder: int, file: int, group: int | None):
    assert Lake(Path("/meer"), readers=Readers(ANALYSTS, INTERN)).access_of(Path("/meer") / path) == access.Access(folder, file, group)


@pytest.mark.parametrize(("path", "folder", "file"), [("warehouse/nachten", 0o700, 0o400), ("published/intern/releases", 0o700, 0o600)])
def test_without_a_group_only_the_owner_reads_what_is_for_one(path: str, folder: int, file: int):
    assert Lake(Path("/meer")).access_of(Path("/meer") / path) == access.Access(folder, file)


def test_holding_the_lake_mends_everything_at_the_start_and_at_the_end(lake: Lake):
    paths = [
        put(lake.root / name)
        for name in ("landing/duo/1/a.csv", "lake/x.json", "quarantine/x", "werk/dbt/x", "warehouse/woordenboek/x.md",
                     "published/intern/releases/r/x", "published/intern/bescherming/r/x", "published/openbaar/releases/r/x")
    ]  # fmt: skip
    with lake.hold():
        first = {path: mode(path) for path in paths}
        for path in paths:
            path.chmod(0o4777)
            path.parent.chmod(0o7777)
    assert not list(lake.deviating())
    assert {path: mode(path) for path in paths} == first
    assert list(first.values()) == [0o600, 0o600, 0o600, 0o600, 0o440, 0o640, 0o600, 0o644]
    assert mode(lake.root) == mode(lake.root / "published") == 0o711
    assert (lake.root / "warehouse").stat().st_gid == lake.readers.analysts


def test_a_group_that_is_no_longer_set_reads_nothing_after_the_next_run(lake: Lake):
    file = put(lake.warehouse_night("20250101T000000.000000Z"))
    lake.set_access()
    assert (mode(file), mode(file.parent)) == (0o440, 0o750)
    with Lake(lake.root).hold():
        assert (mode(file), mode(file.parent)) == (0o400, 0o700)


def test_what_is_not_of_the_lake_and_what_a_symlink_points_at_are_left_alone(lake: Lake, tmp_path: Path):
    others = [put(tmp_path / "elders" / "x"), put(lake.root / "README.md"), put(lake.root / "lost+found" / "x")]
    (lake.root / "landing").mkdir()
    (lake.root / "landing" / "link").symlink_to(others[0])
    (lake.root / "lake").symlink_to(others[0].parent)
    with lake.hold():
        pass
    assert [mode(path) for path in others] == [0o666] * 3
    assert mode(others[0].parent) == 0o777
    assert not list(lake.deviating())


def test_a_folder_that_its_owner_cannot_enter_is_opened_first(lake: Lake):
    file = put(lake.ledger / "duo" / "x.json")
    file.parent.chmod(0)
    lake.set_access()
    assert (mode(file.parent), mode(file)) == (0o700, 0o600)


def test_a_night_and_its_dictionary_are_readable_before_anybody_can_find_them(lake: Lake, monkeypatch: pytest.MonkeyPatch):
    from orchestration.warehouse import nights

    seen = {}
    replace_link = nights.replace_link

    def look(path: Path, target: Path) -> None:
        seen.update({found.relative_to(lake.root).as_posix().split("/")[-1]: mode(found) for found in (target, *target.parents[:3])})
        seen["group"] = target.stat().st_gid
        replace_link(path, target)

    monkeypatch.setattr(nights, "replace_link", look)
    create_privately()
    lake.warehouse_build.parent.mkdir(parents=True)
    with duckdb.connect(str(lake.warehouse_build)) as connection:
        connection.execute("create table nacht as select 1 as nummer")
    magazijn.swap(lake)
    name = lake.warehouse_current.resolve().parent.name
    assert seen == {"leerplicht.duckdb": 0o440, name: 0o750, "nachten": 0o750, "warehouse": 0o750, "group": lake.readers.analysts}
    assert mode(lake.warehouse_record) == 0o600
    assert mode(lake.root) == 0o711


def test_a_release_is_readable_before_anybody_can_find_it_and_its_register_is_not(lake: Lake, monkeypatch: pytest.MonkeyPatch):
    """Also a second release, that replaces what readers have open: nothing is closed meanwhile."""
    from orchestration.publication import release as releasing

    create_privately()
    magazijn.build(lake)
    settings = Settings(lake=lake.root, key_file=lake.root.parent / "sleutel")
    point_at, looked = releasing._point_at, []

    def look(zone: Path, name: str) -> None:
        folder = zone / "releases" / name
        looked.append(({mode(path) for path in folder.iterdir()}, [mode(path) for path in (folder, *folder.parents[:3])]))
        assert all(path.stat().st_gid == lake.readers.intern for path in (folder, *folder.iterdir()))
        point_at(zone, name)

    monkeypatch.setattr(releasing, "_point_at", look)
    for run in ("een", "twee"):
        build_candidate(lake.for_run(run), settings)
        magazijn.publish(lake.for_run(run), settings)
        magazijn.change(lake)
    assert looked == [({0o640}, [0o750, 0o750, 0o750, 0o711])] * 2
    zone = lake.published("intern")
    assert {path.name: mode(path) for path in zone.iterdir() if path.is_file() and not path.is_symlink()} == {
        "current.json": 0o640, "kwaliteit.html": 0o640, "status.json": 0o640, "register.jsonl": 0o600,
    }  # fmt: skip
    assert mode(zone / ".kandidaat") == 0o700


@pytest.mark.parametrize(("zone", "folder_mode", "file_mode"), [("openbaar", 0o755, 0o644), ("intern", 0o750, 0o640)])
def test_renderings_are_for_the_readers_of_their_zone_also_outside_the_lake(
    lake: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, zone: str, folder_mode: int, file_mode: int
):
    made = release(
        [figure("leerplichtigen", 10, area="0164", jaar="2024-2025")], [indicator("leerplichtigen", "leerplichtigen")], zone=zone
    )
    monkeypatch.setattr(renderings, "_make", lambda place, *_: (place / "een.html").write_text("x"))
    create_privately()
    for place in (tmp_path / "jaarverslag", lake.renderings_of(zone, made.release)):
        renderings.write(lake, place, made, None, renderings.choose(made), SENDER)
        assert mode(place) == folder_mode
        assert {mode(path) for path in place.iterdir()} == {file_mode}
    assert mode(place.parent) == folder_mode


def test_renderings_of_intern_are_not_written_where_everybody_reads(lake: Lake, tmp_path: Path):
    made = release(
        [figure("leerplichtigen", 10, area="0164", jaar="2024-2025")], [indicator("leerplichtigen", "leerplichtigen")], zone="intern"
    )
    (tmp_path / "omweg").symlink_to(lake.root)
    for root in (lake.root, tmp_path / "omweg"):
        with pytest.raises(renderings.RenderingError, match="is voor iedereen, en dit is intern"):
            renderings.write(lake, root / "published" / "openbaar" / "weergaven" / "x", made, None, renderings.choose(made), SENDER)


def refused(lake: Lake) -> str:
    """Hold the lake and return the refusal; the lock must be free afterwards."""
    with pytest.raises(AccessError) as problem, lake.hold():
        pytest.fail("the lake was held")
    monkeypatch = pytest.MonkeyPatch()
    with monkeypatch.context() as patched:
        patched.setattr(Lake, "set_access", lambda *_: None)
        with lake.hold():
            pass
    return str(problem.value)


@NEEDS_ROOT
def test_something_of_another_user_is_given_back_by_root_and_refused_by_others(lake: Lake, monkeypatch: pytest.MonkeyPatch):
    file = put(lake.landing / "duo" / "1" / "999990019.csv")
    os.chown(file, 64009, -1)
    with monkeypatch.context() as patched:
        patched.setattr(os, "chown", deny)
        told = refused(lake)
    assert (
        told == f"in {lake.landing} is iets van 64009 en niet van root, die het meer heeft; herstel dat met: chown -R root {lake.landing}"
    )
    assert file in lake.deviating()
    with lake.hold():
        assert file.stat().st_uid == 0


@NEEDS_ROOT
def test_a_group_that_the_pipeline_is_not_in_is_refused_with_the_command(lake: Lake, monkeypatch: pytest.MonkeyPatch):
    file = put(lake.warehouse_night("20250101T000000.000000Z"), 0o600)
    monkeypatch.setattr(os, "chown", deny)
    zone = lake.root / "warehouse"
    assert refused(lake) == (
        f"root kan {zone} niet laten lezen door de groep {ANALYSTS} zonder er zelf in te zitten;"
        f" herstel dat met: usermod -aG {ANALYSTS} root"
    )
    assert mode(file) == 0o600, "not opened to a group before it is the right one"


def test_a_disk_that_keeps_no_modes_is_refused(lake: Lake, monkeypatch: pytest.MonkeyPatch):
    put(lake.landing / "duo" / "1" / "999990019.csv")
    monkeypatch.setattr(Path, "chmod", lambda *_: None)
    told = refused(Lake(lake.root))
    assert told == f"de toegang tot {lake.root} is niet te herstellen: deze schijf bewaart geen rechten"


def deny(*_arguments: object, **_options: object) -> None:
    raise PermissionError(1, "Operation not permitted")


def test_another_user_than_the_owner_gets_one_sentence(lake: Lake, monkeypatch: pytest.MonkeyPatch):
    lake.landing.mkdir()
    monkeypatch.setattr(os, "geteuid", lambda: 64009)
    monkeypatch.setenv("LEERPLICHT_LAKE", str(lake.root))
    owner = access.user(lake.root.stat().st_uid)
    for command in (["run"], ["publish"], ["rollback", "2001"], ["accept", "duo/1", "--because", "x"]):
        result = CliRunner().invoke(app, command)
        assert result.exit_code == 2, command
        assert f"het meer is van {owner}, en u bent 64009; geef deze opdracht als {owner}" in result.stderr, command
    assert {path.name for path in lake.root.iterdir()} == {"landing", "auditlog"}, "the refused commands are in the log"


def test_every_way_in_creates_privately(monkeypatch: pytest.MonkeyPatch):
    """The command line, and Dagster's own commands."""
    assert CliRunner().invoke(app, ["status", "--bron", "geen"]).exit_code == 2
    assert os.umask(0) == 0o077
    monkeypatch.setattr(definitions, "assemble", lambda _settings: None)
    definitions.defs.load_fn()
    assert os.umask(0) == 0o077


def test_what_a_command_writes_without_holding_the_lake_is_private_when_it_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LEERPLICHT_LAKE", str(tmp_path / "meer"))
    monkeypatch.setenv("LEERPLICHT_KEY_FILE", str(tmp_path / "sleutel" / "geheim.key"))
    (tmp_path / "verzuimmeldingen.csv").write_bytes(to_csv([melding(1)]))
    arguments = ["--aard", "mutatie", "--kennisdatum", "2025-03-03T02:00:00+01:00"]
    result = CliRunner().invoke(app, ["deliver", "duo", str(tmp_path / "verzuimmeldingen.csv"), *arguments])
    assert result.exit_code == 0, result.output
    written = list((tmp_path / "meer").rglob("*"))
    assert {path.name for path in written} >= {"verzuimmeldingen.csv", "levering.json"}
    assert {mode(path) for path in written} == {0o700, 0o600}


def test_a_group_is_a_setting_and_an_unknown_one_is_a_sentence(monkeypatch: pytest.MonkeyPatch):
    known = access.group(os.getegid())
    monkeypatch.setenv("LEERPLICHT_GROUP_ANALYSTS", known)
    monkeypatch.setenv("LEERPLICHT_GROUP_INTERN", "")
    assert Lake.of(Settings()).readers == Readers(os.getegid(), None)
    monkeypatch.setenv("LEERPLICHT_GROUP_INTERN", "geen-groep")
    with pytest.raises(ValidationError) as problem:
        Settings()
    assert fault(problem.value) == (
        "instelling LEERPLICHT_GROUP_INTERN: groep geen-groep is er niet op deze machine; maak haar met: groupadd geen-groep"
    )


def test_access_lists_the_zones_and_what_deviates(lake: Lake, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LEERPLICHT_LAKE", str(lake.root))
    file = put(lake.landing / "duo" / "1" / "999990019.csv")
    Lake(lake.root).set_access()
    right = CliRunner().invoke(app, ["access"])
    assert right.exit_code == 0, right.output
    lines = right.stdout.splitlines()
    assert lines[0].split() == ["landing", "0700", "0600", access.user(os.geteuid())]
    assert ["published/openbaar", "0755", "0644", "iedereen"] in [line.split() for line in lines]
    assert lines[-1] == "alles in het meer is zo"
    file.chmod(0o644)
    wrong = CliRunner().invoke(app, ["access"])
    assert wrong.exit_code == 1
    assert "1 mappen en bestanden wijken af, in landing; leerplicht run herstelt dat" in wrong.stderr
    assert "999990019" not in wrong.output, "a delivered name may be an identifier"
    assert mode(file) == 0o644, "it changes nothing"
