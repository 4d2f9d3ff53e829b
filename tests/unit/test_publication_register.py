"""The register of releases: the records, the public status, and that definitief cannot be undone."""

import json
import shutil
from pathlib import Path

import magazijn
import pytest

from orchestration.lake import Lake
from orchestration.lake.files import digest
from orchestration.publication import approval, register
from orchestration.publication.candidate import build_candidate
from orchestration.publication.integrity import ReleaseError
from orchestration.publication.release import Published
from orchestration.settings import Settings


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    lake = Lake(tmp_path / "meer")
    magazijn.build(lake)
    return lake


def night(lake: Lake, run: str = "nacht") -> Published:
    settings = Settings(lake=lake.root)
    build_candidate(lake.for_run(run), settings)
    return magazijn.publish(lake.for_run(run), settings)


def two_nights(lake: Lake) -> tuple[Published, Published]:
    first = night(lake)
    magazijn.change(lake)
    return first, night(lake)


def told(lake: Lake) -> dict[str, str]:
    return {one["release"]: one["status"] for one in json.loads((lake.published("intern") / "status.json").read_text())["releases"]}


def current(lake: Lake) -> dict[str, str]:
    found: dict[str, str] = json.loads((lake.published("intern") / "current.json").read_text())
    return found


def approve(lake: Lake, name: str, zone: str | None = "intern") -> list[register.Release]:
    return approval.approve(lake, zone, name, door="J. Jansen", omdat="akkoord van het college")


def test_a_release_is_voorlopig_until_it_is_approved(lake: Lake):
    first, second = two_nights(lake)
    assert told(lake) == {first.name: "voorlopig", second.name: "voorlopig"}
    approve(lake, first.name)
    assert told(lake) == {first.name: "definitief", second.name: "voorlopig"}
    assert current(lake)["status"] == "voorlopig"
    approve(lake, "current")
    assert told(lake) == {first.name: "definitief", second.name: "definitief"}
    assert current(lake) == {"release": second.name, "map": f"releases/{second.name}", "status": "definitief"}


def test_the_record_says_what_who_when_and_why(lake: Lake):
    published = night(lake)
    approve(lake, published.name)
    first, second = register.lines(lake, "intern")
    sums = digest(published.folder / "SHA256SUMS")
    assert (first.wat, first.release, first.sha256, first.door) == ("gepubliceerd", published.name, sums, "")
    assert (second.wat, second.release, second.sha256) == ("definitief", published.name, sums)
    assert (second.door, second.omdat) == ("J. Jansen", "akkoord van het college")
    assert second.op >= first.op > "2026"


def test_approving_adds_one_line_and_touches_no_byte_of_a_release(lake: Lake):
    published = night(lake)
    before = {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in published.folder.iterdir()}
    record = lake.register.read_bytes()
    approve(lake, published.name)
    assert {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in published.folder.iterdir()} == before
    assert lake.register.read_bytes().startswith(record)
    assert lake.register.read_bytes().count(b"\n") == 2


def test_a_reader_finds_the_status_by_the_hash_of_all_it_reads(lake: Lake):
    published = night(lake)
    approve(lake, published.name)
    [one] = json.loads((lake.published("intern") / "status.json").read_text())["releases"]
    assert one["sha256"] == digest(published.folder / "SHA256SUMS")
    assert one["definitief_sinds"] == register.lines(lake, "intern")[1].op
    assert "J. Jansen" not in (lake.published("intern") / "status.json").read_text()


def test_definitief_stays_definitief_when_a_later_night_comes_to_the_same(lake: Lake):
    first, _ = two_nights(lake)
    approve(lake, first.name)
    magazijn.build(lake)
    assert night(lake) == first
    assert current(lake) == {"release": first.name, "map": f"releases/{first.name}", "status": "definitief"}


def test_definitief_is_not_given_twice(lake: Lake):
    published = night(lake)
    approve(lake, published.name)
    record = lake.register.read_bytes()
    with pytest.raises(ReleaseError, match=r"al definitief, sinds .*, door J\. Jansen"):
        approve(lake, published.name)
    assert lake.register.read_bytes() == record


@pytest.mark.parametrize("with_its_hashes", [False, True])
def test_an_altered_release_is_not_approved(lake: Lake, with_its_hashes: bool):
    folder = night(lake).folder
    figures, sums = folder / "kerncijfers.parquet", folder / "SHA256SUMS"
    old = digest(figures)
    figures.write_bytes(figures.read_bytes() + b"x")
    if with_its_hashes:
        sums.write_text(sums.read_text().replace(old, digest(figures)))
    with pytest.raises(ReleaseError, match="SHA256SUMS is veranderd" if with_its_hashes else r"kerncijfers\.parquet"):
        approve(lake, folder.name)
    assert told(lake) == {folder.name: "voorlopig"}


def test_a_release_that_was_lost_and_made_again_is_voorlopig_again(lake: Lake):
    """Its figures are the same, but not its bytes: its manifest names another night."""
    published = night(lake)
    approve(lake, published.name)
    published.folder.rename(lake.root / "opzij")
    again = night(lake, "een andere nacht")
    assert again == published
    assert told(lake) == {published.name: "voorlopig"}
    [there] = register.releases(lake, "intern")
    assert there.sha256 == digest(again.folder / "SHA256SUMS")


def test_who_decides_must_be_named(lake: Lake):
    name = night(lake).name
    with pytest.raises(ReleaseError, match="wie"):
        approval.approve(lake, "intern", name, door=" ", omdat="")


def test_a_release_is_found_by_name_by_a_unique_beginning_and_as_current(lake: Lake):
    first, second = two_nights(lake)
    assert register.find(lake, "intern", first.name).folder == first.folder
    assert register.find(lake, "intern", first.name[:-3]).folder == first.folder
    assert register.find(lake, "intern", "current").folder == second.folder
    with pytest.raises(ReleaseError, match="kan elk van 2 releases zijn"):
        register.find(lake, "intern", "2025")
    for wrong in ("1999", "", "../intern"):
        with pytest.raises(ReleaseError, match=f"is geen release in intern; de laatste zijn: {second.name}, {first.name}"):
            register.find(lake, "intern", wrong)
    with pytest.raises(ReleaseError, match="is geen release in openbaar; de laatste zijn: nog geen"):
        register.find(lake, "openbaar", "current")


def test_releases_from_before_there_was_a_record_are_in_it_by_when_they_were_made(lake: Lake):
    first, second = two_nights(lake)
    for folder, moment in ((first.folder, "2025-01-01"), (second.folder, "2025-02-01")):
        said = json.loads((folder / "manifest.json").read_text())
        (folder / "manifest.json").write_text(json.dumps({**said, "gemaakt": moment}))
    lake.register.unlink()
    assert register.published(lake, "intern") == [first.name, second.name]
    register.note_published(lake, "intern")
    assert [line.release for line in register.lines(lake, "intern")] == [first.name, second.name]


def test_what_readers_once_saw_stays_known_when_its_folder_is_gone(lake: Lake):
    first, second = two_nights(lake)
    first.folder.rename(lake.root / "opzij")
    assert register.published(lake, "intern") == [first.name, second.name]
    assert [one.name for one in register.releases(lake, "intern")] == [second.name]


@pytest.fixture
def both(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """A release of `intern`, and the one of `openbaar` that was made of it."""
    intern = night(lake)
    return intern.name, magazijn.publish_openbaar(lake.for_run("nacht"), Settings(lake=lake.root), monkeypatch).name


def test_both_zones_are_approved_at_once_by_the_name_of_either(lake: Lake, both: tuple[str, str], tmp_path: Path):
    intern, public = both
    for number, name in enumerate(("current", intern, public)):
        copy = Lake(shutil.copytree(lake.root, tmp_path / str(number), symlinks=True))
        assert [(one.zone, one.name, one.status) for one in approve(copy, name, None)] == [
            ("intern", intern, "definitief"), ("openbaar", public, "definitief"),
        ]  # fmt: skip
        for zone in register.ZONES:
            assert json.loads((copy.published(zone) / "current.json").read_text())["status"] == "definitief"
        with pytest.raises(approval.DecidedError, match="is al definitief"):
            approve(copy, name, None)


def test_of_a_pair_that_is_half_definitief_the_other_follows(lake: Lake, both: tuple[str, str]):
    intern, public = both
    assert [one.name for one in approve(lake, public, "openbaar")] == [public]
    assert not register.find(lake, "intern", "current").approved
    assert [one.name for one in approve(lake, "current", None)] == [intern]


@pytest.mark.parametrize("zone", register.ZONES)
def test_neither_is_approved_if_one_is_altered(lake: Lake, both: tuple[str, str], zone: str):
    (lake.published(zone) / "current" / "kerncijfers.csv").write_bytes(b"1")
    with pytest.raises(ReleaseError, match=r"kerncijfers\.csv"):
        approve(lake, both[0], None)
    assert {line.wat for name in register.ZONES for line in register.lines(lake, name)} == {"gepubliceerd"}


def test_a_release_of_which_nothing_public_was_made_is_not_approved_in_both(lake: Lake, both: tuple[str, str]):
    intern, public = both
    magazijn.change(lake)
    later = night(lake)
    with pytest.raises(ReleaseError) as refused:
        approve(lake, "current", None)
    for word in (later.name, public, intern, "--zone intern"):
        assert word in str(refused.value)
    with pytest.raises(ReleaseError, match="kan elk van 3 releases zijn"):
        approve(lake, "2025", None)
    with pytest.raises(ReleaseError, match="is geen release"):
        approve(lake, "1999", None)
    assert [one.name for one in approve(lake, intern, None)] == [intern, public]
    assert [one.name for one in approve(lake, "current", "intern")] == [later.name]


def test_without_openbaar_or_without_its_proof_it_is_said_what_to_do(lake: Lake, monkeypatch: pytest.MonkeyPatch):
    night(lake)
    with pytest.raises(ReleaseError, match="leerplicht publish --zone openbaar"):
        approve(lake, "current", None)
    public = magazijn.publish_openbaar(lake.for_run("nacht"), Settings(lake=lake.root), monkeypatch)
    (lake.proof_of(public.name) / "bescherming.json").unlink()
    with pytest.raises(ReleaseError, match="--zone openbaar"):
        approve(lake, public.name, None)
