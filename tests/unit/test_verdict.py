"""Rules about a delivery as a whole, the precedence of refusals, and repeated deliveries; `tests/bad_files` has each refusal alone."""

import hashlib
import json
import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from leveringen import KENNISDATUM, Landing, bsn, melding, to_csv

from orchestration import clock
from orchestration.deliveries import ingest, ledger, postponed, standing
from orchestration.lake.paths import EMPTY

LATER = "2025-03-04T02:00:00+01:00"
GOOD = to_csv([melding(1)])


def verdict(landing: Landing, **settings: object) -> tuple[str, str]:
    (entry,) = landing.ingest(**settings)
    assert entry.oordeel == "geweigerd"
    assert not any(entity.rijen for entity in entry.entiteiten)
    return entry.code, entry.reden


def test_too_many_rejected(landing: Landing):
    landing.meldingen("a", [melding(n, UREN="x" if n <= 5 else "1") for n in range(1, 101)])
    (entry,) = landing.ingest()
    assert entry.accepted, "5 of 100 is not over 5 %"
    landing.meldingen("b", [melding(n, UREN="x" if n <= 5 else "1") for n in range(1, 100)])
    (entry,) = landing.ingest()
    assert (entry.oordeel, entry.code, entry.reden) == ("geweigerd", "te_veel_afgewezen", "verzuimmelding: 5 van 99 rijen afgewezen")
    assert entry.entiteiten[0].rijen is None
    assert len(landing.rejected(entry)) == 5, "the quarantine of a refused delivery is stored"
    landing.meldingen("c", [melding(n, UREN="x") for n in range(1, 5)])
    assert landing.ingest()[0].accepted, "4 are fewer than 5"


def test_a_register_that_shrank(landing: Landing):
    def register(name: str, rows: int, day: int, aard: str = "volledig") -> None:
        landing.meldingen(name, [melding(n) for n in range(rows)], aard=aard, kennisdatum=f"2025-03-{day:02d}T02:00:00+01:00")

    register("a", 100, 10)
    register("b", 50, 11)
    register("c", 24, 12)
    register("d", 1, 13, aard="mutatie")
    register("e", 1, 9)
    entries = {entry.levering: entry for entry in landing.ingest()}
    assert [name for name, entry in sorted(entries.items()) if entry.accepted] == ["a", "b", "d", "e"]
    assert (entries["c"].code, entries["c"].reden) == ("volume_gedaald", "verzuimmelding: eindigt 26 van 50")
    assert [(entries[name].entiteiten[0].bekend, entries[name].entiteiten[0].eindigt) for name in "eabcd"] == [
        (0, 0), (1, 0), (100, 50), (50, 26), (None, None),
    ]  # fmt: skip


def test_a_register_of_other_records_ends_the_known_ones_however_many_it_has(landing: Landing):
    landing.meldingen("a", [melding(n) for n in range(10)])
    landing.meldingen("b", [melding(n) for n in range(8, 12)], kennisdatum="2025-03-04T02:00:00+01:00")
    landing.meldingen("c", [melding(n) for n in range(8, 28)], aard="volledig", kennisdatum="2025-03-05T02:00:00+01:00")
    entries = landing.ingest()
    assert (entries[-1].code, entries[-1].reden) == ("volume_gedaald", "verzuimmelding: eindigt 8 van 12"), "mutaties count too"


def test_a_record_in_a_rejected_row_of_a_register_does_not_end(landing: Landing):
    rejected = {"UREN": "x"}
    landing.meldingen("a", [melding(1), melding(2), melding(3), melding(4)], kennisdatum="2025-03-01T02:00:00+01:00")
    registers = {
        "b": [melding(1), melding(2, **rejected), melding(5, **rejected)],  # of 1 to 4 only 3 and 4 end; 5 was never loaded
        "c": [melding(1), melding(6, **rejected)],  # 2 was still known, 5 not
        "d": [melding(1)],  # 6 was never known
    }
    for day, (name, rows) in enumerate(registers.items(), 2):
        landing.meldingen(name, rows, aard="volledig", kennisdatum=f"2025-03-{day:02d}T02:00:00+01:00")
    counts = [(entry.entiteiten[0].eindigt, entry.entiteiten[0].bekend) for entry in landing.ingest()[1:]]
    assert counts == [(2, 4), (1, 2), (0, 1)]


def test_reused_rows_are_counted_against_what_is_known_now(landing: Landing):
    same = [melding(1), melding(2)]
    landing.meldingen("a", same, aard="volledig")
    landing.meldingen("b", [melding(3)], kennisdatum=LATER)
    landing.meldingen("c", same, aard="volledig", kennisdatum="2025-03-05T02:00:00+01:00")
    first, _, third = (entry.entiteiten[0] for entry in landing.ingest())
    assert first.rijen == third.rijen
    assert [(entity.eindigt, entity.bekend) for entity in (first, third)] == [(0, 0), (1, 3)]


@pytest.mark.parametrize(("ahead", "code"), [(timedelta(days=1), ""), (timedelta(days=1, seconds=1), "kennisdatum_in_toekomst")])
def test_a_kennisdatum_more_than_a_day_ahead_of_the_clock(landing: Landing, monkeypatch: pytest.MonkeyPatch, ahead: timedelta, code: str):
    moment = datetime.fromisoformat(KENNISDATUM)
    monkeypatch.setattr(clock, "now", lambda: moment - ahead)
    landing.meldingen("a", [melding(1)])
    assert [entry.code for entry in landing.ingest()] == [code]


def test_on_a_clock_that_was_set_back_a_kennisdatum_ahead_of_it_is_postponed(landing: Landing, monkeypatch: pytest.MonkeyPatch):
    landing.meldingen("a", [melding(1)])
    assert [entry.code for entry in landing.ingest()] == [""]
    landing.meldingen("b", [melding(2)], kennisdatum=LATER)
    monkeypatch.setattr(clock, "now", lambda: datetime.fromisoformat("2001-01-01T00:00+00:00"))
    assert landing.ingest() == []
    assert "staat achter" in postponed.read(landing.lake, "duo")[0].reden
    monkeypatch.undo()
    assert [entry.code for entry in landing.ingest()] == [""]


def test_a_corrected_kennisdatum_may_keep_the_name_and_ends_the_refusal(landing: Landing):
    landing.meldingen("a", [melding(1)], kennisdatum="2099-03-03T02:00:00+01:00")
    landing.meldingen("b", [melding(2)], kennisdatum="2099-03-03T02:00:00+01:00")
    assert [entry.code for entry in landing.ingest()] == ["kennisdatum_in_toekomst"] * 2
    landing.meldingen("a", [melding(1)])
    landing.meldingen("andere-naam", [melding(2)], kennisdatum=LATER)
    assert [entry.code for entry in landing.ingest()] == ["", ""]
    assert standing.standing_refusals(ledger.read(landing.lake)) == []


def test_of_equal_kennisdata_the_earlier_name_is_the_previous_register(landing: Landing):
    for name, rows in {"a": 20, "b": 9}.items():
        landing.meldingen(name, [melding(n) for n in range(rows)], aard="volledig")
    assert [entry.code for entry in landing.ingest()] == ["", "volume_gedaald"]


def test_a_share_is_exact(landing: Landing):
    """0.29 times 100 is 28.999999999999996 in floating point; 29 rejected rows are not more than that share."""
    landing.meldingen("a", [melding(n, UREN="x" if n < 29 else "1") for n in range(100)])
    assert landing.ingest(max_rejected_share=0.29)[0].accepted
    landing.meldingen("b", [melding(n) for n in range(100)], aard="volledig", kennisdatum=LATER)
    landing.meldingen("c", [melding(n) for n in range(71, 100)], aard="volledig", kennisdatum="2025-03-05T02:00:00+01:00")
    assert [entry.oordeel for entry in landing.ingest(min_volume_share=0.29)] == ["geaccepteerd", "geaccepteerd"]


def test_a_refused_delivery_under_another_name_is_judged_again(landing: Landing):
    for name in ("a", "b"):
        landing.meldingen(name, [melding(n, UREN="x") for n in range(6)])
        assert verdict(landing)[0] == "te_veel_afgewezen"
    landing.meldingen("c", [melding(n, UREN="x") for n in range(6)])
    assert landing.ingest(max_rejected_rows=7)[0].accepted


def test_the_ledger_counts_the_warnings_of_loaded_rows(landing: Landing):
    rows = [melding(n, ONDERWIJSNUMMER="109999999") for n in range(3)]
    rows += [melding(1, ONDERWIJSNUMMER="109999999"), melding(9, ONDERWIJSNUMMER="109999999", UREN="x")]
    landing.meldingen("a", rows)
    (entity,) = landing.ingest()[0].entiteiten
    assert (entity.geladen, entity.herhaald, entity.afgewezen) == (3, 1, 1)
    assert entity.waarschuwingen_van_rijen == {"identificatie_deels_ongeldig": 3}
    assert entity.waarschuwingen == {}


def test_an_empty_delivery(landing: Landing):
    empty = to_csv([])
    landing.write("a", {"verzuimmeldingen.csv": empty}, rijen=0)
    assert landing.ingest()[0].accepted, "a mutatie may be empty"
    for name, files in {"b": {"verzuimmeldingen.csv": empty}, "c": {}, "d": {"verzuimmeldingen.csv": b""}}.items():
        landing.write(name, files, rijen=0, aard="volledig")
        assert verdict(landing)[0] == "levering_leeg"


def test_an_empty_delivery_has_precedence_over_other_faults(landing: Landing):
    folder = landing.write("a", {"verzuimmeldingen.csv": to_csv([])}, rijen=5, aard="volledig")
    (folder / "verzuimmeldingen.csv").write_bytes(to_csv([], end="\r\n"))
    (folder / "extra.csv").write_bytes(b"")
    assert verdict(landing)[0] == "levering_leeg"


def test_precedence_of_faults(landing: Landing):
    bad = to_csv([{"X": "1"}])
    folder = landing.write("a", {"x.csv": bad, "y.csv": b"\0", "z.csv": GOOD}, rijen={"x.csv": 9, "y.csv": 1, "z.csv": 1})
    (folder / "z.csv").unlink()
    (folder / "extra.csv").write_bytes(b"")
    codes = []
    for name, repair in {"b": 9, "c": 1}.items():
        other = landing.write(name, {"x.csv": bad, "y.csv": b"\0", "z.csv": GOOD}, rijen={"x.csv": repair, "y.csv": 1, "z.csv": 1})
        if name == "b":
            (other / "z.csv").unlink()
    codes = [entry.code for entry in landing.ingest()]
    assert codes == ["rijen_wijken_af", "rijen_wijken_af", "kolom_ontbreekt"]


def test_a_refused_delivery_does_not_stop_the_others(landing: Landing):
    landing.write("a", {"verzuimmeldingen.csv": b"\0"})
    landing.meldingen("b", [melding(1)])
    assert [entry.oordeel for entry in landing.ingest()] == ["geweigerd", "geaccepteerd"]


def test_a_delivery_in_the_ledger_is_not_read_again(landing: Landing, monkeypatch: pytest.MonkeyPatch):
    landing.meldingen("a", [melding(1)])
    (entry,) = landing.ingest()
    monkeypatch.setattr("orchestration.deliveries.manifest.hash_file", _only_manifests)
    assert landing.ingest() == []
    assert ledger.read(landing.lake) == [entry]


def _only_manifests(path: Path) -> str:
    assert path.name == "levering.json", "a file of a known delivery was read"
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_same_files_under_another_name_are_a_repeat(landing: Landing):
    landing.meldingen("a", [melding(1)])
    landing.ingest()
    landing.meldingen("b", [melding(1)], kennisdatum="2025-03-03T01:00:00Z")
    (entry,), _ = ingest.ingest(landing.settings(), "duo", "proef", read=lambda _request: pytest.fail("a repeated delivery was read"))
    assert (entry.oordeel, entry.entiteiten, entry.reden) == ("herhaald", (), "dezelfde levering als a")


@pytest.mark.parametrize(("rows", "reused"), [([melding(1)], True), ([melding(1), melding(2, UREN="x")], True),
                                              ([melding(1), melding(2, DATUM_MELDING="2026-03-04")], False)])  # fmt: skip
def test_rows_of_the_same_files_are_reused_unless_a_date_was_too_far_ahead(landing: Landing, rows: list[dict[str, str]], reused: bool):
    landing.meldingen("a", rows)
    landing.meldingen("b", rows, kennisdatum=LATER)
    first, second = landing.ingest()
    assert first.accepted and second.accepted
    assert (first.entiteiten == second.entiteiten) is reused
    assert second.entiteiten[0].geladen == (len(rows) if not reused else first.entiteiten[0].geladen)


def test_reused_rows_are_still_counted_against_the_manifest(landing: Landing):
    landing.meldingen("a", [melding(1)])
    landing.write("b", {"verzuimmeldingen.csv": to_csv([melding(1)])}, rijen=2, kennisdatum=LATER)
    assert [entry.code for entry in landing.ingest()] == ["", "rijen_wijken_af"]


def test_a_name_is_used_once(landing: Landing):
    landing.meldingen("a", [melding(1)])
    landing.ingest()
    landing.meldingen("a", [melding(2)])
    assert verdict(landing) == ("naam_hergebruikt", "onder de naam a is eerder een andere levering gezien")
    assert len(ledger.read(landing.lake, "duo")) == 2


def test_a_corrected_manifest_under_the_same_name_is_judged_again(landing: Landing):
    landing.write("a", {"verzuimmeldingen.csv": GOOD}, rijen=2)
    assert verdict(landing)[0] == "rijen_wijken_af"
    landing.write("a", {"verzuimmeldingen.csv": GOOD}, rijen=1)
    assert landing.ingest()[0].accepted


def test_deliveries_are_judged_by_instant_and_then_by_name(landing: Landing):
    for name, moment in {"d": "2025-03-03T01:00:00+01:00", "a": "2025-03-03T00:30:00Z", "c": KENNISDATUM, "b": KENNISDATUM}.items():
        landing.meldingen(name, [melding(1, UREN=str(ord(name)))], kennisdatum=moment)
    assert [entry.levering for entry in landing.ingest()] == ["d", "a", "b", "c"]


def test_folders_without_a_manifest_wait(landing: Landing):
    (landing.write("a", {"verzuimmeldingen.csv": GOOD}) / "levering.json").unlink()
    (landing.lake.landing / "duo" / ".verborgen").mkdir()
    assert landing.ingest() == []
    assert ingest.waiting(landing.lake) == [ingest.Waiting("duo", "a", 1)]


def test_an_interrupted_delivery_is_written_again_with_the_same_bytes(landing: Landing, monkeypatch: pytest.MonkeyPatch):
    landing.meldingen("a", [melding(1), melding(2, UREN="x")])

    def power_cut(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("orchestration.deliveries.ledger.Ledger.commit", power_cut)
        with pytest.raises(KeyboardInterrupt):
            landing.ingest()
    assert ledger.read(landing.lake) == []
    zones = (landing.lake.rows, landing.lake.quarantine)
    before = {path: path.read_bytes() for zone in zones for path in zone.rglob("*.parquet")}
    landing.ingest()
    assert before == {path: path.read_bytes() for zone in zones for path in zone.rglob("*.parquet")}
    assert len([path for path in before if path.name != EMPTY]) == 2


def test_written_files_are_private(landing: Landing):
    landing.meldingen("a", [melding(1), melding(2, UREN="x")])
    before = os.umask(0o077)  # as every way in sets it
    try:
        landing.ingest()
    finally:
        os.umask(before)
    for zone in (landing.lake.rows, landing.lake.quarantine):
        assert all(path.stat().st_mode & 0o077 == 0 for path in (zone, *zone.rglob("*")))
    assert not list(landing.lake.rows.rglob(".lezen-*"))


def test_no_written_byte_contains_an_identifier(landing: Landing):
    numbers = [bsn(30_000_000 + n) for n in range(40)]
    rows = [melding(n, BSN=number) for n, number in enumerate(numbers[:30])]
    rows += [melding(50, BSN=numbers[30], UREN="x"), melding(51, BSN=numbers[31] + "1"), melding(52, BSN="", ONDERWIJSNUMMER=numbers[32])]
    rows += [melding(53, BRIN=numbers[33]), melding(54, UREN=f"{numbers[34]} of {numbers[35]}"), melding(55, TOELICHTING=numbers[36])]
    rows += [melding(56, BSN=numbers[37]), melding(56, BSN=numbers[38], ONBEKEND=numbers[39])]
    landing.meldingen("a", rows)
    shifted = to_csv([{numbers[0]: "x"}])
    landing.write("b", {"verzuimmeldingen.csv": shifted})
    landing.write("c", {"verzuimmeldingen.csv": GOOD + f"M;{numbers[1]}\n".encode()}, rijen=2)
    landing.write("d", {"verzuimmeldingen.xml": f"<{numbers[2]}/>".encode()})
    entries = landing.ingest(max_rejected_rows=100)
    assert [entry.oordeel for entry in entries] == ["geaccepteerd", "geweigerd", "geweigerd", "geweigerd"]
    assert entries[0].entiteiten[0].afgewezen == 7
    written = [path for path in landing.lake.root.rglob("*") if path.is_file() and landing.lake.landing not in path.parents]
    assert len(written) >= 6
    for path in written:
        content = path.read_bytes()
        assert not [number for number in numbers if number.encode() in content], path.name
        if path.suffix == ".parquet":
            import pyarrow.parquet as pq

            shown = json.dumps(pq.read_table(path).to_pylist(), default=str)
            assert not [number for number in numbers if number in shown], path.name


def test_an_unknown_column_is_counted(landing: Landing):
    landing.meldingen("a", [melding(1, NIEUW="x", ANDERS="y")])
    assert landing.ingest()[0].entiteiten[0].waarschuwingen == {"kolom_onbekend": 2}
