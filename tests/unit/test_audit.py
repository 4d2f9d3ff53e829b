"""The audit log: what happens leaves a line first, a line that is altered or gone is noticed, and each user writes only its own."""

import json
import os
import random
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import pytest
from test_no_lake import ARGUMENTS
from typer.testing import CliRunner, Result

from orchestration import audit
from orchestration.audit import AuditError, What
from orchestration.cli import SUBJECTS, UNAUDITED, app
from orchestration.defs.lake_run import LakeRun, silent
from orchestration.lake import Lake
from orchestration.outcome import Afloop
from orchestration.settings import Settings

COMMANDS = {str(command.callback.__name__) for commands in SUBJECTS.values() for command in commands.registered_commands}
ANALYST = 12_345  # a uid without an account


@pytest.fixture
def lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lake:
    """A lake of the settings, without data."""
    monkeypatch.setenv("LEERPLICHT_LAKE", str(tmp_path / "meer"))
    monkeypatch.setenv("LEERPLICHT_KEY_FILE", str(tmp_path / "sleutel"))
    lake = Lake(tmp_path / "meer")
    lake.landing.mkdir(parents=True)
    return lake


def leerplicht(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def written(lake: Lake, lines: int = 4) -> Path:
    """Write a few lines, and return the file of their chain."""
    for number in range(lines):
        audit.record(lake, What.GEWIST, door="J. Jansen", aantal=number)
    return lake.auditlog / f"{os.getuid()}.jsonl"


def test_a_line_says_who_did_what_and_when(lake):
    before = datetime.now(UTC)
    audit.record(lake, What.INGETROKKEN, door="J. Jansen", bron="duo", levering="20250303T020000")
    (line,) = audit.lines(lake)
    assert before <= datetime.fromisoformat(line.content["op"]) <= datetime.now(UTC)
    about = {"wat": "ingetrokken", "gebruiker": audit.login(), "uid": os.getuid(), "door": "J. Jansen", "levering": "20250303T020000"}
    assert about.items() <= line.content.items()
    assert lake.auditlog.stat().st_mode & 0o777 == 0o700
    assert (lake.auditlog / f"{os.getuid()}.jsonl").stat().st_mode & 0o777 == 0o600


def test_it_says_who_logged_in_when_that_is_another_user(lake, tmp_path, monkeypatch):
    session = tmp_path / "loginuid"
    monkeypatch.setattr(audit, "LOGIN", session)
    for text in (str(ANALYST), str(os.getuid()), str(2**32 - 1)):
        session.write_text(text)
        audit.record(lake, What.GEWIST)
    assert [line.content.get("aangemeld_uid") for line in audit.lines(lake)] == [ANALYST, None, None]


@pytest.mark.parametrize("number", ["123456782", "1234 567 82", "1/2_3,4-5.6.7.8.2", "１２３４５６７８２"])
def test_a_number_that_someone_types_as_a_name_is_masked(lake, number):
    audit.record(lake, What.GEWIST, door=f"Jansen {number}")
    assert [line.content["door"] for line in audit.lines(lake)] == ["Jansen …"]


def test_a_flipped_bit_anywhere_is_noticed_and_the_line_named(lake):
    chain = written(lake)
    whole = chain.read_bytes()
    chance = random.Random(1)
    for _ in range(200):
        place, flipped = chance.randrange(len(whole)), bytearray(whole)
        flipped[place] ^= 1 << chance.randrange(8)
        chain.write_bytes(flipped)
        number = whole[:place].count(b"\n") + 1
        with pytest.raises(AuditError, match=f"regel {number} van keten {os.getuid()}"):
            audit.verify(lake, {})
    chain.write_bytes(whole)
    assert audit.verify(lake, {})[chain.stem].lines == 4


@pytest.mark.parametrize("kept", [[1, 2, 3], [0, 2, 3], [1, 0, 2, 3], [0, 0, 1, 2, 3]], ids=["first", "second", "order", "twice"])
def test_a_line_that_is_gone_moved_or_repeated_is_noticed(lake, kept):
    chain = written(lake)
    lines = chain.read_bytes().splitlines(keepends=True)
    chain.write_bytes(b"".join(lines[number] for number in kept))
    with pytest.raises(AuditError, match="is een regel weg of bijgezet"):
        audit.verify(lake, {})


def test_lines_cut_from_the_end_are_noticed_by_a_release_that_names_them(lake):
    chain = written(lake)
    anchors = {"intern/een": audit.head(lake)}
    chain.write_bytes(b"".join(chain.read_bytes().splitlines(keepends=True)[:3]))
    audit.verify(lake, {})  # what the documentation says that a chain alone does not show
    with pytest.raises(AuditError, match="de regel die release intern/een noemt"):
        audit.verify(lake, anchors)
    chain.unlink()
    with pytest.raises(AuditError, match="de regel die release intern/een noemt"):
        audit.verify(lake, anchors)


@pytest.mark.parametrize("left", [0, 2, None], ids=["emptied", "cut", "removed"])
def test_lines_cut_from_another_users_chain_are_noticed_by_the_next_run(lake, left):
    other = written(lake).rename(lake.auditlog / f"{ANALYST}.jsonl")
    LakeRun(Settings(), "een", silent)._begin("lezen")
    assert set(audit.verify(lake, {})) == {str(os.getuid()), str(ANALYST)}
    if left is None:
        other.unlink()
    else:
        other.write_bytes(b"".join(other.read_bytes().splitlines(keepends=True)[:left]))
    with pytest.raises(AuditError, match=f"regel 4 van keten {ANALYST}, vastgelegd in regel 1 van keten {os.getuid()}"):
        audit.verify(lake, {})


def test_half_a_line_of_a_power_cut_is_replaced_by_the_next_line(lake):
    chain = written(lake)
    chain.write_bytes(chain.read_bytes()[:-40])
    with pytest.raises(AuditError, match="regel 4"):
        audit.verify(lake, {})
    audit.record(lake, What.OPGESCHOOND)
    assert [line.content["wat"] for line in audit.lines(lake)] == ["gewist", "gewist", "gewist", "opgeschoond"]
    assert audit.verify(lake, {})[chain.stem].lines == 4


def test_a_line_longer_than_a_block_is_read_whole(lake):
    audit.record(lake, What.GEWIST, naam="x" * 3 * audit.BLOCK)
    written(lake)
    assert audit.verify(lake, {})[str(os.getuid())].lines == 5


WRITE_SOME = """
import sys
from pathlib import Path
from orchestration import audit
from orchestration.lake import Lake
for number in range(25):
    audit.record(Lake(Path(sys.argv[1])), audit.What.GEWIST, aantal=number)
"""


def test_processes_that_write_at_once_make_one_chain(lake):
    processes = [subprocess.Popen([sys.executable, "-c", WRITE_SOME, lake.root]) for _ in range(3)]
    assert [process.wait() for process in processes] == [0, 0, 0]
    assert audit.verify(lake, {})[str(os.getuid())].lines == 75


AS_ANALYST = """
import os, sys
from pathlib import Path
from orchestration import audit
from orchestration.lake import Lake
lake, mine, analyst = Lake(Path(sys.argv[1])), Path(sys.argv[2]), int(sys.argv[3])
os.setgroups([analyst]), os.setgid(analyst), os.setuid(analyst)
acts = (
    lambda: audit.record(lake, audit.What.OPDRACHT, opdracht="query"),
    lambda: mine.open("a"),
    mine.unlink,
    lambda: list(lake.auditlog.iterdir()),
    lambda: audit.verify(lake, {}),
)
for act in acts:
    try:
        act()
        print("done")
    except (OSError, audit.AuditError) as problem:
        print(type(problem).__name__)
"""


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become another user")
def test_an_analyst_writes_its_own_lines_and_reaches_those_of_nobody_else():
    with tempfile.TemporaryDirectory() as folder:
        lake = Lake(Path(folder))
        mine = written(lake)
        lake.root.chmod(0o755)
        os.chown(lake.auditlog, 0, ANALYST)
        lake.auditlog.chmod(0o3730)
        command = [sys.executable, "-c", AS_ANALYST, lake.root, mine, str(ANALYST)]
        tried = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
        assert tried == ["done", "PermissionError", "PermissionError", "PermissionError", "PermissionError"]
        own = lake.auditlog / f"{ANALYST}.jsonl"
        assert {line.content["uid"] for line in audit.lines(lake)} == {0, ANALYST}
        assert own.stat().st_mode & 0o777 == 0o640
        assert set(audit.verify(lake, {})) == {"0", str(ANALYST)}

        os.chown(own, ANALYST + 1, ANALYST)
        with pytest.raises(AuditError, match="schreef een andere gebruiker dan zij zegt"):
            audit.verify(lake, {})


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a file to another user")
def test_a_chain_that_another_user_put_there_is_left_alone(lake):
    lake.auditlog.mkdir(mode=0o700)
    planted = lake.auditlog / "0.jsonl"
    planted.touch()
    os.chown(planted, ANALYST, ANALYST)
    audit.record(lake, What.OPGESCHOOND)
    assert planted.read_bytes() == b""
    assert [line.chain for line in audit.lines(lake)] == ["0-2"]


@pytest.mark.parametrize("name", sorted(COMMANDS - UNAUDITED.keys()))
def test_a_command_that_cannot_leave_a_line_does_nothing(lake, name):
    lake.auditlog.touch()  # no folder
    delivery = ["duo", "melding.csv", "--aard", "mutatie", "--kennisdatum", "2025-03-03"] if name == "deliver" else []
    result = leerplicht(name.replace("_", "-"), *ARGUMENTS.get(name, delivery))
    assert result.exit_code == 14
    assert result.stderr == f"✗ het auditlog {lake.auditlog} is niet te schrijven (File exists), dus er gebeurt niets\n"
    assert result.stdout == ""
    assert {path.name for path in lake.root.iterdir()} == {"auditlog", "landing"}


def test_what_leaves_no_line_is_listed_with_its_reason():
    assert UNAUDITED.keys() == {
        "alarm", "audit", "check", "diff", "docs", "example", "healthcheck", "install", "protect", "reconcile", "report", "status",
    }  # fmt: skip
    assert all(UNAUDITED.values())
    assert UNAUDITED.keys() < COMMANDS


def test_a_question_leaves_a_line_without_its_text(lake):
    leerplicht("query", "select * from kern.jongere where jongere_id = 'geheim'")
    leerplicht("explain", "2025900001")
    leerplicht("rollback", "20250303", "--by", "J. Jansen", "--because", "geheim")
    said = [(line.content["wat"], line.content["opdracht"], line.content.get("door")) for line in audit.lines(lake)]
    assert said == [("opdracht", "query", None), ("opdracht", "explain", None), ("opdracht", "rollback", "J. Jansen")]
    text = (lake.auditlog / f"{os.getuid()}.jsonl").read_text()
    assert not any(secret in text for secret in ("geheim", "jongere", "2025900001"))


@pytest.mark.parametrize(("how", "ending"), [("well", "klaar"), ("refused", "poort_rood"), ("blocked", "geweigerd"), ("fault", "fout")])
def test_a_run_begins_and_ends_in_the_log(lake, how, ending):
    run = LakeRun(Settings(), "een", silent, "nacht")
    try:
        with run.step("poort"):
            if how == "refused":
                run.refuse("rood")
            if how == "blocked":
                run.block("geweigerd", Afloop.GEWEIGERD)
            if how == "fault":
                raise ValueError
    except (dg.Failure, ValueError):
        pass
    run.release()
    begun, ended = (line.content for line in audit.lines(lake))
    assert (begun["wat"], begun["run"], begun["taak"]) == ("run_begonnen", "een", "nacht")
    assert (ended["wat"], ended["run"], ended["afloop"]) == ("run_geeindigd", "een", ending)


def test_a_run_that_may_not_have_the_lake_does_not_begin(lake):
    with lake.hold():
        run = LakeRun(Settings(), "een", silent)
        with pytest.raises(dg.Failure), run.step("poort"):
            pass
        run.release()
    assert audit.lines(lake) == []


def test_a_look_back_is_recorded_as_one_in_the_lake_that_it_looks_at(lake):
    moment = datetime(2025, 1, 1, tzinfo=UTC)
    audit.record(lake.as_known_at(moment), What.GEPUBLICEERD)
    assert [line.content["terugblik"] for line in audit.lines(lake)] == [moment.isoformat()]


def test_the_command_shows_filters_and_verifies(lake):
    LakeRun(Settings(), "gedood", silent, "nacht")._begin("lezen")
    written(lake, lines=2)
    shown = leerplicht("audit").stdout
    assert "gewist" in shown
    assert "J. Jansen" in shown
    assert "taak nacht, heeft geen einde" in shown
    assert "run_begonnen" not in leerplicht("audit", "--wat", "gewist").stdout
    assert leerplicht("audit", "--since", "2999-01-01", "--json").stdout.split() == ["{", '"regels":', "[]", "}"]
    document = json.loads(leerplicht("audit", "--since", "2020-01-01", "--wat", "gewist", "--json").stdout)
    assert [(line["keten"], line["nummer"], line["aantal"]) for line in document["regels"]] == [
        (str(os.getuid()), 2, 0),
        (str(os.getuid()), 3, 1),
    ]
    refused = leerplicht("audit", "--wat", "gewsit")
    assert (refused.exit_code, refused.stderr) == (1, "✗ geen regel van 'gewsit'; er zijn: gewist, run_begonnen\n")
    good = leerplicht("audit", "--verify")
    assert (good.exit_code, "het auditlog klopt: 3 regels in 1 ketens" in good.stdout, audit.head(lake) in good.stdout) == (0, True, True)
    chain = lake.auditlog / f"{os.getuid()}.jsonl"
    chain.write_bytes(chain.read_bytes().replace(b"gewist", b"gewest", 1))
    bad = leerplicht("audit", "--verify")
    assert (bad.exit_code, bad.stderr) == (15, f"✗ het auditlog klopt niet: regel 2 van keten {os.getuid()} is veranderd\n")


def test_an_empty_log_does_not_verify(lake):
    verified = leerplicht("audit", "--verify")
    assert (verified.exit_code, verified.stderr) == (1, f"✗ er is nog geen auditlog in {lake.auditlog}\n")
