"""The modes of every path of a lake after a night, whatever the umask, and what other users of the machine can then read.

The other users are processes with another user number and other groups: no account is needed, but root is. The commands of all tests run
under umask 000 (`command_line`); `MODES=all` runs nights under three umasks, as root and as an ordinary user.
"""

import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from multiprocessing import resource_tracker
from pathlib import Path

import command_line
import pytest
from conftest import Night, snapshot

from orchestration import access
from orchestration.lake import Lake
from orchestration.settings import Settings

# the table of the three zones of trust, by path; the first that matches holds. Folder and file without groups, and with them
PRIVATE = (0o700, 0o600, 0o700, 0o600)
ZONES = (
    (r"\.|published", (0o711, None, 0o711, None)),
    (r"(.*/)?\..*|(landing|lake|quarantine|werk|warehouse/bouw|published/intern/bescherming)(/.*)?", PRIVATE),
    (r"warehouse/wisselingen\.jsonl|published/intern/register\.jsonl", PRIVATE),
    (r"auditlog(/.*)?", (0o700, 0o600, 0o3730, 0o600)),
    (r"warehouse(/.*)?", (0o700, 0o400, 0o750, 0o440)),
    (r"(published/intern|status)(/.*)?", (0o700, 0o600, 0o750, 0o640)),
    (r"published/openbaar(/.*)?", (0o755, 0o644, 0o755, 0o644)),
)
EXPECTED = ("landing", "lake", "quarantine", "werk", "warehouse", "published/intern", "published/openbaar")

NEEDS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can be other users")
ANALYST, READER, WEB, ORDINARY = 64101, 64102, 64103, 64104  # numbers of users without an account


def groups() -> tuple[str, str]:
    """Two groups of this machine, to read the two zones."""
    names = sorted(name for gid in range(1, 100) if (name := access.group(gid)) != str(gid))
    return names[0], names[1]


def wrong_modes(root: Path, *, grouped: bool) -> list[str]:
    """Return every path of a lake that has another mode than its zone, and every zone that is empty."""
    paths = [Path(folder, name) for folder, folders, files in os.walk(root) for name in (".", *folders, *files)]
    found = {os.path.relpath(path, root): path.lstat() for path in paths}
    empty = [zone for zone in EXPECTED if not any(name.startswith(f"{zone}/") for name in found)]
    return empty + [f"{stat.S_IMODE(one.st_mode):04o} {name}" for name, one in found.items() if not _right(name, one, grouped=grouped)]


def _right(name: str, found: os.stat_result, *, grouped: bool) -> bool:
    modes = next(modes for pattern, modes in ZONES if re.fullmatch(pattern, name))
    wanted = modes[2 * grouped + (not stat.S_ISDIR(found.st_mode))]
    return stat.S_ISLNK(found.st_mode) or stat.S_IMODE(found.st_mode) == wanted


def test_a_night_under_an_open_umask_leaves_every_path_with_the_mode_of_its_zone(night: Night):
    assert command_line.OPEN == 0
    assert wrong_modes(night.place.root, grouped=False) == []


@pytest.fixture(scope="module")
def shared(night: Night) -> Iterator[Lake]:
    """A copy of the night in a folder that other users can reach, open to two groups; it is held once, as a night does."""
    folder = Path(tempfile.mkdtemp(prefix="leerplicht-zones-"))
    folder.chmod(0o711)
    shutil.copytree(night.place.root, folder / "meer", symlinks=True)
    analysts, intern = groups()
    settings = Settings(lake=folder / "meer", key_file=folder / "sleutel", group_analysts=analysts, group_intern=intern)
    with Lake.of(settings).hold():
        pass
    yield Lake.of(settings)
    shutil.rmtree(folder)


@NEEDS_ROOT
def test_with_groups_every_path_has_the_mode_of_its_zone(shared: Lake):
    assert wrong_modes(shared.root, grouped=True) == []
    own = {"warehouse": shared.readers.analysts, "published/intern": shared.readers.intern}
    for zone, group in own.items():
        assert {path.lstat().st_gid for path in (shared.root / zone).rglob("*") if stat.S_IMODE(path.lstat().st_mode) & 0o070} >= {group}


def as_user(user: int, group: int | None, act: Callable[[], None]) -> int | None:
    """Run a function in a forked process of another user, in one group at most; return its exit code."""
    process = command_line.server().Process(target=_become, args=(user, group, act))
    process.start()
    process.join(command_line.SECONDS)
    return process.exitcode


def _become(user: int, group: int | None, act: Callable[[], None]) -> None:
    os.setgroups([] if group is None else [group])
    os.setgid(user)
    os.setuid(user)
    act()


def _try(root: Path, names: list[str], descriptor_of: Path) -> None:
    """Write the names of the files that this user can read, and those that it can change, to a file that is open to it."""
    lines = []
    for name in names:
        for act, mode in (("lees", os.O_RDONLY), ("schrijf", os.O_RDWR)):
            try:
                os.close(os.open(root / name, mode))
            except OSError:
                continue
            lines.append(f"{act} {name}\n")
    descriptor_of.write_text("".join(lines))


def reached(lake: Lake, user: int, group: int | None) -> tuple[set[str], set[str]]:
    """Return the files of a lake that a user can read, and those that it can change."""
    names = [path.relative_to(lake.root).as_posix() for path in lake.root.rglob("*") if path.is_file() and not path.is_symlink()]
    assert len(names) > 200
    output = lake.root.parent / f"gezien-{user}-{group}"
    output.touch()
    output.chmod(0o666)
    assert as_user(user, group, partial(_try, lake.root, names, output)) == 0
    lines = [line.partition(" ") for line in output.read_text().splitlines()]
    return {name for act, _, name in lines if act == "lees"}, {name for act, _, name in lines if act == "schrijf"}


@NEEDS_ROOT
def test_each_reader_reads_its_own_zone_and_nobody_changes_anything(shared: Lake):
    files = {path.relative_to(shared.root).as_posix() for path in shared.root.rglob("*") if path.is_file() and not path.is_symlink()}
    openbaar = {name for name in files if name.startswith("published/openbaar/") and "/." not in name}
    warehouse = {name for name in files if name.startswith("warehouse/") and name != "warehouse/wisselingen.jsonl"}
    intern = {
        name
        for name in files
        if name.startswith(("published/intern/", "status/"))
        and "/." not in name
        and "/bescherming/" not in name
        and not name.endswith("register.jsonl")
    }
    assert any(name.endswith(".duckdb") for name in warehouse)
    assert any(name.endswith("kwaliteit.html") for name in intern)
    assert any("/portaal/index.html" in name for name in openbaar)
    assert reached(shared, ANALYST, shared.readers.analysts) == (openbaar | warehouse, set())
    assert reached(shared, READER, shared.readers.intern) == (openbaar | intern, set())
    assert reached(shared, WEB, None) == (openbaar, set())


@NEEDS_ROOT
def test_nobody_lists_what_else_there_is(shared: Lake):
    for folder in (shared.root, shared.root / "published"):
        for program, worked in ((["ls", folder], False), (["test", "-x", folder], True)):
            done = subprocess.run(program, user=WEB, group=WEB, extra_groups=[], capture_output=True, check=False)
            assert (done.returncode == 0) == worked, program


def _ask_twice(user: int, group: int | None, environment: Mapping[str, str], arguments: list[str], outputs: tuple[Path, Path]) -> None:
    """Run a command as root and then as another user, in one process: that user may not be allowed to read the Python of these tests.

    A site is not served, but ends at once.
    """
    import http.server

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    http.server.ThreadingHTTPServer.serve_forever = interrupt  # type: ignore[method-assign,assignment]
    resource_tracker.ensure_running()
    with suppress(SystemExit):
        command_line._command(arguments, dict(environment), *outputs)
    for path in outputs:
        path.unlink()
    _become(user, group, partial(command_line._command, arguments, dict(environment), *outputs))


def _but_the_log(lake: Lake) -> dict[str, object]:
    """Return every path of a lake with its content, without the audit log: to that, each user adds lines."""
    return {path: content for path, content in snapshot(lake.root).items() if not path.startswith(str(lake.auditlog))}


@NEEDS_ROOT
@pytest.mark.parametrize(
    ("arguments", "shows"),
    [
        (["query", "select count(*) > 1000 as veel from kern.melding"], "true"),
        (["shell"], "Het magazijn, alleen om te lezen"),
        (["rollback"], "deze openen analisten"),
        (["docs", "--port", "0"], "http://127.0.0.1:"),
    ],
    ids=lambda part: part[0] if isinstance(part, list) else "",
)
def test_an_analyst_who_may_write_nothing_in_the_lake_uses_the_commands_for_readers(shared: Lake, arguments: list[str], shows: str):
    analysts, _ = groups()
    folder = shared.root.parent / f"thuis-{arguments[0]}"
    folder.mkdir()
    os.chown(folder, ANALYST, ANALYST)
    environment = {
        "PATH": os.environ["PATH"], "HOME": str(folder), "TMPDIR": str(folder), "LEERPLICHT_LAKE": str(shared.root),
        "LEERPLICHT_KEY_FILE": str(shared.root.parent / "sleutel"), "LEERPLICHT_GROUP_ANALYSTS": analysts,
    }  # fmt: skip
    before = _but_the_log(shared)
    outputs = folder / "stdout", folder / "stderr"
    process = command_line.server().Process(target=_ask_twice, args=(ANALYST, shared.readers.analysts, environment, arguments, outputs))
    process.start()
    process.join(command_line.SECONDS)
    told, errors = (path.read_text() for path in outputs)
    assert process.exitcode == 0, errors
    assert shows in told + errors
    assert _but_the_log(shared) == before
    assert arguments[0] == "docs" or (shared.auditlog / f"{ANALYST}.jsonl").is_file()


def can_run_python(user: int) -> bool:
    """Return whether a user may read the Python of these tests: not one in a home folder of mode 0700."""
    try:
        return not subprocess.run([sys.executable, "-c", ""], user=user, capture_output=True, check=False).returncode
    except PermissionError:
        return False


@pytest.mark.skipif(os.environ.get("MODES") != "all", reason="six nights; MODES=all runs them")
@NEEDS_ROOT
@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077], ids="{:03o}".format)
@pytest.mark.parametrize("user", [0, ORDINARY])
def test_the_matrix_of_modes(user: int, umask: int):
    if not can_run_python(user):
        pytest.skip("an ordinary user may not read the Python of these tests")
    analysts, intern = groups()
    gids = [access.gid(analysts), access.gid(intern)]
    folder = Path(tempfile.mkdtemp(prefix="leerplicht-matrix-"))
    folder.chmod(0o711)
    (folder / "plek").mkdir()
    os.chown(folder / "plek", user, user)
    environment = {
        "PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path), "HOME": str(folder / "plek"),
        "LEERPLICHT_LAKE": str(folder / "plek" / "meer"), "LEERPLICHT_KEY_FILE": str(folder / "plek" / "sleutel" / "k.key"),
        "LEERPLICHT_GROUP_ANALYSTS": analysts, "LEERPLICHT_GROUP_INTERN": intern,
    }  # fmt: skip
    try:
        for command in (["example"], ["run"], ["access"]):
            done = subprocess.run(
                [sys.executable, "-c", "from orchestration.cli import app; app()", *command],
                env=environment, umask=umask, user=user, group=user, extra_groups=gids, cwd=folder, capture_output=True, text=True,
                check=False,
            )  # fmt: skip
            assert done.returncode == 0, done.stderr
        assert wrong_modes(folder / "plek" / "meer", grouped=True) == []
        assert {path.lstat().st_uid for path in (folder / "plek" / "meer").rglob("*")} == {user}
    finally:
        shutil.rmtree(folder)
