"""`leerplicht withdraw`: a delivery counts as if it was never delivered, on record, until `accept` reverses it."""

from datetime import UTC, datetime, timedelta

import pytest
from conftest import snapshot
from leveringen import Landing, melding
from test_status_check_accept import DAY, leerplicht, shrunk
from test_status_check_accept import landing as landing

from orchestration import clock, rebuild
from orchestration.deliveries import ledger, standing
from orchestration.lake import Lake

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def entry(landing: Landing, name: str) -> ledger.LedgerEntry:
    return next(entry for entry in ledger.read(landing.lake, "duo") if entry.levering == name)


def withdraw(name: str) -> str:
    result = leerplicht("withdraw", name, "--because", "een [mutatie] van 123456782, als volledig geleverd", "--by", "Jansen")
    assert result.exit_code == 0, result.stderr
    return result.output


def restore(name: str) -> None:
    result = leerplicht("accept", name, "--because", "toch niet", "--by", "Pietersen")
    assert result.exit_code == 0, result.stderr


def test_a_withdrawal_is_on_record_and_so_is_its_reversal(landing: Landing, monkeypatch: pytest.MonkeyPatch):
    landing.meldingen("a", [melding(1), melding(2)])
    landing.ingest()
    before = entry(landing, "a")
    rows = snapshot(landing.lake.rows)
    monkeypatch.setattr(clock, "now", lambda: NOW)
    assert "duo/a is ingetrokken: 2 rijen tellen bij de volgende run niet meer" in withdraw("duo/a")
    found = entry(landing, "a")
    assert (found.oordeel, found.accepted) == ("ingetrokken", False)
    told = {"door": "Jansen", "op": NOW.isoformat(), "omdat": "een [mutatie] van [negen cijfers], als volledig geleverd"}
    assert found.ingetrokken[0].model_dump() == told | {"hersteld": None}
    assert "ingetrokken door Jansen op 2026-06-01: een [mutatie]" in leerplicht("status", "--alles").output
    checked = leerplicht("check", str(landing.lake.landing / "duo" / "a"))
    assert checked.exit_code == 1 and "a: is ingetrokken" in checked.output
    assert landing.ingest() == [], "the verdict of the same folder stays"
    restore("duo/a")
    found = entry(landing, "a")
    assert found == before.model_copy(update={"ingetrokken": found.ingetrokken})
    assert found.ingetrokken[0].hersteld and found.ingetrokken[0].hersteld.door == "Pietersen"
    withdraw("duo/a")
    assert [one.hersteld is None for one in entry(landing, "a").ingetrokken] == [False, True]
    assert snapshot(landing.lake.rows) == rows


@pytest.mark.parametrize(
    ("levering", "reason", "code"),
    [
        ("duo/b", "duo/b is niet in te trekken: zij is geweigerd", 1), ("duo/c", "duo/c is niet in te trekken: zij is herhaald", 1),
        ("duo/zz", "kent geen levering", 1), ("duox/a", "onbekende bron", 1), ("duo", "schrijf bron/levering", 2),
        ("duo/weg", "duo/weg is niet in te trekken: zij is ingetrokken", 1),
    ],
)  # fmt: skip
def test_what_cannot_be_withdrawn(landing: Landing, levering: str, reason: str, code: int):
    shrunk(landing)
    landing.meldingen("c", [melding(n) for n in range(20)], aard="volledig", kennisdatum=DAY.format(3))
    landing.meldingen("weg", [melding(1)], kennisdatum=DAY.format(2))
    landing.ingest()
    withdraw("duo/weg")
    before = snapshot(landing.lake.ledger)
    result = leerplicht("withdraw", levering, "--because", "daarom")
    assert result.exit_code == code
    assert reason in result.stderr
    assert leerplicht("withdraw", "duo/a", "--because", " ").exit_code == 1
    assert snapshot(landing.lake.ledger) == before


def test_a_withdrawn_register_is_not_what_later_ones_are_judged_by(landing: Landing):
    landing.meldingen("a", [melding(n) for n in range(20)], aard="volledig", kennisdatum=DAY.format(3))
    landing.ingest()
    withdraw("duo/a")
    landing.meldingen("b", [melding(n) for n in range(9)], aard="volledig", kennisdatum=DAY.format(4))
    assert landing.ingest()[0].accepted


def test_a_repeat_holds_nothing_and_says_so(landing: Landing):
    landing.meldingen("a", [melding(1)])
    landing.meldingen("b", [melding(1)])
    landing.ingest()
    assert "duo/b, een herhaling ervan, laadt niets" in withdraw("duo/a")
    assert entry(landing, "b").oordeel == "herhaald"
    assert landing.ingest() == []
    landing.meldingen("c", [melding(1)])
    assert landing.ingest()[0].accepted, "delivered again on purpose"
    again = leerplicht("accept", "duo/a", "--because", "toch niet")
    assert again.exit_code == 1 and "duo/a is intussen opnieuw geleverd, als c, en die telt al" in again.stderr


def test_a_withdrawn_delivery_and_its_repeat_end_no_refusal(landing: Landing):
    folder = landing.meldingen("a", [melding(1)])
    (folder / "verzuimmeldingen.csv").write_bytes(b"anders")
    landing.meldingen("b", [melding(2)])
    landing.meldingen("c", [melding(2)])
    landing.ingest()
    assert standing.standing_refusals(ledger.read(landing.lake)) == []
    withdraw("duo/b")
    assert [refused.levering for refused in standing.standing_refusals(ledger.read(landing.lake))] == ["a"]
    restore("duo/b")
    assert standing.standing_refusals(ledger.read(landing.lake)) == []


@pytest.mark.parametrize("then", ["geaccepteerd", "ingetrokken"])
@pytest.mark.parametrize("is_restored", [False, True])
def test_a_release_is_rebuilt_with_the_verdict_of_then(landing: Landing, then: str, is_restored: bool):
    landing.meldingen("a", [melding(1)])
    landing.ingest()
    withdraw("duo/a")
    if is_restored:
        restore("duo/a")
    found = entry(landing, "a")
    nested = Lake(landing.root / "toen")
    rebuild._restore_ledger(landing.lake, nested, [{"bron": "duo", "levering": "a", "sha256": found.sha256, "oordeel": then}])
    [again] = ledger.read(nested)
    assert again.oordeel == then
    assert [one.hersteld for one in again.ingetrokken if one.hersteld is None] == ([None] if then == "ingetrokken" else [])


def test_a_held_delivery_that_was_accepted_and_withdrawn_is_rebuilt_as_refused(landing: Landing):
    shrunk(landing)
    restore("duo/b")
    withdraw("duo/b")
    then = rebuild._judged(entry(landing, "b"), "geweigerd")
    assert (then.oordeel, then.code, then.aanvaard) == ("geweigerd", "volume_gedaald", None)
    assert timedelta(0) < clock.now() - datetime.fromisoformat(entry(landing, "b").ingetrokken[0].op) < timedelta(minutes=1)
