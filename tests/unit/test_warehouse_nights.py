"""The kept nights: one in place, seven available, rollback to one; and a full disk is reported before anything is written."""

import json
import shutil
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import duckdb
import magazijn
import pytest

from expectations.gate import GateError
from orchestration import change, clock
from orchestration.lake import Lake
from orchestration.settings import Settings
from orchestration.warehouse import build, nights, read, space


@pytest.fixture
def lake(tmp_path) -> Lake:
    return Lake(tmp_path / "meer")


def make(lake: Lake, number: int) -> nights.Night:
    """Put a night with that number in place."""
    lake.warehouse_build.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(lake.warehouse_build)) as connection:
        connection.execute(f"create table nacht as select {number} as nummer")
    magazijn.swap(lake)
    return nights.nights(lake)[0]


def seen(lake: Lake) -> int:
    with read.opened(lake) as connection:
        return connection.execute("select nummer from nacht").fetchone()[0]


def test_the_first_night_is_in_place(lake):
    night = make(lake, 1)
    assert seen(lake) == 1
    assert not lake.warehouse_build.exists()
    assert nights.nights(lake) == [night]
    assert night.is_current
    assert datetime.now(UTC) - night.moment < timedelta(minutes=1)


def test_a_swap_without_a_build_changes_nothing(lake):
    make(lake, 1)
    with pytest.raises(GateError, match="iets anders gekeurd"):
        magazijn.swap(lake)
    assert seen(lake) == 1
    assert len(nights.record(lake)) == 1


@pytest.mark.parametrize("fault", ["red", "other bytes"])
def test_only_what_a_gate_judged_and_found_green_is_put_in_place(lake, fault):
    make(lake, 1)
    lake.warehouse_build.parent.mkdir(parents=True)
    lake.warehouse_build.write_bytes(b"gekeurd")
    verdict = magazijn.verdict_on(lake.warehouse_build, red=fault == "red")
    if fault == "other bytes":
        lake.warehouse_build.write_bytes(b"anders")
    with pytest.raises(GateError):
        nights.swap(lake, verdict)
    assert seen(lake) == 1


def test_seven_nights_are_kept_and_what_is_not_ours_is_left_alone(lake):
    first = make(lake, 1)
    copy = lake.warehouse_night("kopie van Jan")
    copy.parent.mkdir()
    shutil.copy(first.path, copy)
    half = lake.warehouse_nights / "20200101T000000.000000Z"
    half.mkdir()
    made = [first, *(make(lake, number) for number in range(2, 10))]
    assert [night.name for night in nights.nights(lake)] == [night.name for night in reversed(made)][:7]
    assert copy.exists()
    assert not half.exists(), "an empty folder of a night that was killed stays for ever"
    assert seen(lake) == 9


def test_the_tables_behind_a_night_go_with_it_and_are_not_for_analysts(lake):
    names = []
    for number in range(9):
        lake.warehouse_build.parent.mkdir(parents=True, exist_ok=True)
        lake.provenance_build.write_bytes(b"herkomst")
        lake.birth_dates_build.write_bytes(b"geboortedata")
        names.append(make(lake, number).name)
    assert lake.provenances.stat().st_mode & 0o777 == 0o700
    assert sorted(path.stem for path in lake.provenances.iterdir()) == names[-7:]
    assert {path.stat().st_mode & 0o777 for path in lake.provenances.iterdir()} == {0o600}
    assert not list(lake.root.rglob("geboortedata*"))
    assert {path.name for path in lake.warehouse_night(names[-1]).parent.iterdir()} == {"leerplicht.duckdb"}


def test_a_clock_that_was_set_back_does_not_mix_up_the_order(lake, monkeypatch):
    make(lake, 1)

    class Yesterday(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(tz) - timedelta(days=1)

    monkeypatch.setattr(nights, "datetime", Yesterday)
    make(lake, 2)
    assert [night.is_current for night in nights.nights(lake)] == [True, False]


def test_nobody_can_write_in_a_night(lake):
    assert make(lake, 1).path.stat().st_mode & 0o222 == 0


def test_rollback_puts_one_back_until_the_next_night_and_says_so(lake):
    first, second = make(lake, 1), make(lake, 2)
    assert nights.rollback(lake, first.name, door="Jan", omdat="de telling klopt niet").name == first.name
    assert seen(lake) == 1
    assert [night.is_current for night in nights.nights(lake)] == [False, True]
    assert nights.record(lake)[-1] | {"op": ""} == {
        "op": "",
        "wat": "terug",
        "nacht": first.name,
        "was": second.name,
        "door": "Jan",
        "omdat": "de telling klopt niet",
    }
    third = make(lake, 3)
    assert seen(lake) == 3
    assert nights.record(lake)[-1]["was"] == first.name
    assert nights.nights(lake)[0].name == third.name


def test_the_previous_night_is_the_one_before_the_night_in_place(lake):
    first, second, _ = (make(lake, number) for number in range(3))
    assert nights.rollback(lake, nights.PREVIOUS, door="Jan", omdat="").name == second.name
    assert nights.rollback(lake, nights.PREVIOUS, door="Jan", omdat="").name == first.name
    with pytest.raises(nights.NightError, match="vorige is geen bewaarde nacht"):
        nights.find(lake, nights.PREVIOUS)


def test_the_night_in_place_is_never_let_go(lake):
    made = [make(lake, number) for number in range(7)]
    nights.rollback(lake, made[0].name, door="Jan", omdat="")
    nights._remove_old(lake, before="")
    assert seen(lake) == 0
    make(lake, 7)
    assert made[0].path.exists(), "who was following the link a moment ago finds nothing"
    make(lake, 8)
    assert not made[0].path.exists()


@pytest.mark.parametrize(("name", "says"), [("2019", "is geen bewaarde nacht"), ("2", "kan elk van 2 nachten zijn"), ("", "niets is geen")])
def test_an_unclear_night_is_refused_with_those_that_there_are(lake, name, says):
    make(lake, 1), make(lake, 2)
    with pytest.raises(nights.NightError, match=says) as problem:
        nights.rollback(lake, name, door="Jan", omdat="")
    assert all(night.name in str(problem.value) for night in nights.nights(lake))
    assert seen(lake) == 2


def test_the_night_in_place_cannot_be_put_back(lake):
    with pytest.raises(nights.NightError, match="er zijn: nog geen"):
        nights.rollback(lake, "2025", door="Jan", omdat="")
    night = make(lake, 1)
    with pytest.raises(nights.NightError, match="is al de nacht"):
        nights.rollback(lake, night.name, door="Jan", omdat="")


def test_the_database_has_one_name_every_night_and_a_new_session_sees_the_new_night(lake):
    make(lake, 1)
    with duckdb.connect(str(lake.warehouse_current), read_only=True) as before:
        make(lake, 2)
        with duckdb.connect(str(lake.warehouse_current), read_only=True) as after:
            query = "select nummer from leerplicht.main.nacht"
            assert before.execute(query).fetchall() == [(1,)]
            assert after.execute(query).fetchall() == [(2,)]


def test_a_lake_can_be_moved(lake, tmp_path):
    make(lake, 1)
    lake.root.rename(tmp_path / "elders")
    assert seen(Lake(tmp_path / "elders")) == 1


def test_a_look_back_has_nights_of_its_own(lake):
    moment = datetime(2025, 1, 1, tzinfo=UTC)
    back = lake.as_known_at(moment)
    assert back == lake.as_known_at(moment.astimezone())
    make(lake, 1), make(back, 2)
    assert (seen(lake), seen(back)) == (1, 2)
    assert len(nights.nights(lake)) == len(nights.nights(back)) == 1


def disk(monkeypatch, free: int) -> None:
    monkeypatch.setattr(space.shutil, "disk_usage", lambda _: SimpleNamespace(total=10**12, used=0, free=free))


def test_needed_space_follows_the_last_warehouse_or_the_rows(lake):
    assert space.needed(lake, "duckdb") == space.LEAST
    rows = lake.rows / "duo" / "verzuimmelding" / "x.parquet"
    rows.parent.mkdir(parents=True)
    rows.write_bytes(b"")
    with rows.open("r+b") as file:
        file.truncate(100 * 10**6)  # a sparse file: no bytes on the disk
    assert space.needed(lake, "duckdb") == 100 * 10**6 * space.PER_BYTE_OF_ROWS
    lake.warehouse_current.parent.mkdir(parents=True)
    with lake.warehouse_current.open("wb") as file:
        file.truncate(10**9)
    assert space.needed(lake, "duckdb") == 10**9 * 1.25
    assert space.needed(lake, "spark") == 2 * 10**9 * 1.25, "its own tables stand beside it"


def test_one_byte_too_few_is_refused(lake, monkeypatch):
    disk(monkeypatch, space.LEAST)
    space.require(lake, "duckdb")
    disk(monkeypatch, space.LEAST - 1)
    with pytest.raises(space.SpaceError, match=r"te weinig schijfruimte .*: 67 MB nodig, 67 MB vrij"):
        space.require(lake, "duckdb")


def test_a_full_disk_stops_the_build_before_anything_is_written(lake, monkeypatch):
    make(lake, 1)
    disk(monkeypatch, 10**6)
    before = {path: path.read_bytes() for path in lake.root.rglob("*") if path.is_file()}
    with pytest.raises(space.SpaceError, match="er is niets veranderd"):
        build.build(Settings(lake=lake.root, key_file=lake.root / "sleutel"), lake.warehouse_build)
    assert {path: path.read_bytes() for path in lake.root.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(("earlier", "holds"), [(0, False), (1, True)])
def test_a_night_of_before_a_removal_holds_who_is_gone_until_it_is_replaced(lake, monkeypatch, earlier: int, holds: bool):
    moment = clock.now()
    assert nights.still_holds_removed(lake) is None
    monkeypatch.setattr(clock, "now", lambda: moment - timedelta(microseconds=earlier))
    make(lake, 1)
    with change.changing(lake) as made:
        made.note(op=moment.isoformat(), wat="verlopen", door="", omdat="")
    assert nights.still_holds_removed(lake) == (moment if holds else None)
    monkeypatch.setattr(clock, "now", lambda: moment)
    make(lake, 2)
    assert nights.still_holds_removed(lake) is None


def test_the_record_is_one_line_of_json_each(lake):
    make(lake, 1), make(lake, 2)
    lines = [json.loads(line) for line in lake.warehouse_record.read_text().splitlines()]
    assert [line["was"] for line in lines] == ["", lines[0]["nacht"]]
