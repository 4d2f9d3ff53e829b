"""A file of the lake that is not what was written is repaired from landing, or stops the night with one sentence."""

import json
from pathlib import Path

import pytest
from leveringen import Landing, melding

from orchestration import change, whole
from orchestration.deliveries import ingest, ledger
from orchestration.deliveries.parse import parse
from orchestration.lake.files import remove
from orchestration.settings import Settings
from orchestration.warehouse import build
from orchestration.whole import DamageError


def flip(path: Path, bit: int) -> None:
    content = bytearray(path.read_bytes())
    content[bit // 8] ^= 1 << bit % 8
    path.write_bytes(content)


def repaired(landing: Landing) -> list[str]:
    sentences: list[str] = []
    ingest.ingest(landing.settings(), "duo", "proef", read=parse, warn=sentences.append)
    return sentences


@pytest.fixture
def delivered(landing: Landing) -> Landing:
    """A lake with one delivery: two rows, and one rejected row."""
    landing.meldingen("a", [melding(1), melding(2), melding(3, STATUS="?")])
    [entry] = landing.ingest()
    assert (entry.entiteiten[0].geladen, entry.entiteiten[0].afgewezen) == (2, 1)
    return landing


def files(landing: Landing) -> list[Path]:
    [entry] = ledger.read(landing.lake)
    part = entry.entiteiten[0]
    assert part.rijen and part.quarantaine
    return [landing.lake.rows / part.rijen, landing.lake.quarantine / part.quarantaine]


@pytest.mark.parametrize("place", [0, 1])
@pytest.mark.parametrize("gone", [False, True])
def test_a_damaged_file_is_made_again_from_landing(delivered: Landing, place: int, gone: bool) -> None:
    path = files(delivered)[place]
    before = path.read_bytes()
    path.unlink() if gone else flip(path, 8 * (len(before) // 2))
    [sentence] = repaired(delivered)
    assert str(path) in sentence and "opnieuw gemaakt uit landing/duo/a" in sentence
    assert path.read_bytes() == before
    assert repaired(delivered) == []


@pytest.mark.parametrize("place", [0, 1])
def test_without_its_delivery_a_damaged_file_stops_the_night(delivered: Landing, place: int) -> None:
    path = files(delivered)[place]
    flip(path, 80)
    damaged = path.read_bytes()
    remove(delivered.lake.landing / "duo" / "a")
    with pytest.raises(DamageError, match=f"{path} is beschadigd, en de levering in landing is weg .*; zet het bestand terug") as raised:
        repaired(delivered)
    assert "\n" not in str(raised.value)
    assert path.read_bytes() == damaged


def test_a_changed_delivery_repairs_nothing(delivered: Landing) -> None:
    delivered.meldingen("a", [melding(1), melding(2, UREN="17"), melding(3, STATUS="?")])
    flip(files(delivered)[0], 80)
    with pytest.raises(DamageError, match="geeft niet meer dezelfde bytes"):
        repaired(delivered)


def test_a_build_refuses_a_damaged_lake(delivered: Landing, tmp_path: Path) -> None:
    """The check is in the build itself, so no way to start it goes without."""
    path = files(delivered)[0]
    flip(path, 80)
    with pytest.raises(DamageError, match=f"{path} is beschadigd; leerplicht run maakt het opnieuw"):
        build.build(delivered.settings(), tmp_path / "magazijn.duckdb")
    assert not (tmp_path / "magazijn.duckdb").exists()


def test_a_look_back_refuses_a_damaged_lake(delivered: Landing, tmp_path: Path) -> None:
    flip(files(delivered)[1], 80)
    settings: Settings = delivered.settings(known_at="2026-01-01T00:00:00+01:00")
    with pytest.raises(DamageError):
        build.build(settings, tmp_path / "magazijn.duckdb")


def test_a_flipped_bit_anywhere_in_an_entry_is_noticed(delivered: Landing) -> None:
    [path] = delivered.lake.ledger.glob("duo/*.json")
    good = path.read_bytes()
    for bit in range(0, len(good) * 8, 3):
        flip(path, bit)
        with pytest.raises(DamageError):
            ledger.read(delivered.lake)
        path.write_bytes(good)
    assert len(ledger.read(delivered.lake)) == 1


def test_an_entry_under_another_name_is_damaged(delivered: Landing) -> None:
    [path] = delivered.lake.ledger.glob("duo/*.json")
    path.rename(path.with_name("b@0123456789ab.json"))
    with pytest.raises(DamageError, match="het grootboek is beschadigd"):
        ledger.read(delivered.lake)


def as_written_before(path: Path) -> None:
    """Rewrite an entry as a version without seals and hashes wrote it."""
    entry = json.loads(whole.unseal(path)[0])
    del entry["bewaakt_sinds"]
    for part in entry["entiteiten"]:
        del part["rijen_sha256"], part["quarantaine_sha256"]
    path.write_text(json.dumps(entry, indent=1) + "\n")


def test_an_entry_of_an_earlier_version_is_completed_and_says_so(delivered: Landing, tmp_path: Path) -> None:
    [path] = delivered.lake.ledger.glob("duo/*.json")
    [before] = ledger.read(delivered.lake)
    as_written_before(path)
    [unsealed] = ledger.read(delivered.lake)
    assert unsealed.entiteiten[0].rijen_sha256 is None
    with pytest.raises(DamageError, match="geen zegel"):
        build.build(delivered.settings(), tmp_path / "magazijn.duckdb")
    assert repaired(delivered) == []
    [after] = ledger.read(delivered.lake)
    assert after.bewaakt_sinds
    assert after.model_copy(update={"bewaakt_sinds": None}) == before


def test_the_same_rows_keep_the_file_that_the_ledger_knows(landing: Landing, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another version of a library may write other bytes for the same rows; the hash of an earlier entry stays right."""
    rows = [melding(1), *(melding(number, STATUS="?") for number in range(2, 9))]
    landing.meldingen("a", rows)  # too many rejected rows: its quarantine is kept, and not reused
    landing.ingest()
    monkeypatch.setattr("orchestration.scrub.code_or_shape", lambda *_given, **_more: "anders")  # other bytes under the same name
    landing.meldingen("b", rows, kennisdatum="2025-03-03T03:00:00+01:00")
    landing.ingest(max_rejected_share=1.0)
    first, second = sorted(ledger.read(landing.lake), key=lambda entry: entry.levering)
    hashes = [entry.entiteiten[0].quarantaine_sha256 for entry in (first, second)]
    assert [entry.oordeel for entry in (first, second)] == ["geweigerd", "geaccepteerd"]
    assert hashes[0] == hashes[1] is not None
    assert whole.damaged(landing.lake) == []


def test_hashes_are_of_every_file(delivered: Landing) -> None:
    [entry] = ledger.read(delivered.lake)
    part = entry.entiteiten[0]
    assert part.rijen_sha256 and part.quarantaine_sha256
    good = melding(4)
    delivered.meldingen("b", [good], kennisdatum="2025-03-04T02:00:00+01:00")
    [clean] = delivered.ingest()
    assert (clean.entiteiten[0].quarantaine, clean.entiteiten[0].quarantaine_sha256) == (None, None)


def test_a_flipped_bit_anywhere_in_the_record_of_changes_is_noticed(landing: Landing) -> None:
    """It decides which nights may be kept: one from before persons were erased still holds them."""
    for number in (1, 2):
        with change.changing(landing.lake) as made:
            made.note(op=f"2025-01-0{number}T00:00:00+00:00", wat="gewist", rijen=number)
    assert [line["rijen"] for line in change.record(landing.lake)] == [1, 2]
    whole_bytes = landing.lake.changes.read_bytes()
    for place in range(len(whole_bytes)):
        damaged = bytearray(whole_bytes)
        damaged[place] ^= 1
        landing.lake.changes.write_bytes(bytes(damaged))
        with pytest.raises(DamageError):
            change.latest(landing.lake)
