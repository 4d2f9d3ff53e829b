"""The key is renewed: the same rows under other pseudonyms, none of which was there before."""

from pathlib import Path

import pytest
from leveringen import Landing, bsn, melding, onderwijsnummer, to_csv

from orchestration.deliveries import barred, ledger
from orchestration.deliveries.pseudonym import Pseudonymiser, keys_in, lasting, load_key, mark_of
from orchestration.lake import Lake, interrupted
from orchestration.persons import erase, hold, rotate
from orchestration.persons.identity import PersonError
from orchestration.publication.disclosure.rounding import Draws

DECISION = hold.decide("de beheerder is uit dienst", "Jansen")
NUMBERS = [("bsn", bsn(20_000_000 + number)) for number in range(1, 4)] + [("onderwijsnummer", onderwijsnummer(7))]

RECORD = ("nummer", bsn(30_000_001))  # a meldingsnummer that could be a BSN: a pseudonym too


def deliver(landing: Landing) -> None:
    about = [{"BSN": number, "ONDERWIJSNUMMER": ""} | {"GEBOORTEDATUM": "2010-05-06", "GESLACHT": "V"} for _, number in NUMBERS[:3]]
    homes = [{"BSN": number, "ONDERWIJSNUMMER": ""} | {"GEMEENTECODE": "0164", "DATUM_VESTIGING": day, "DATUM_VERTREK": ""}
             for _, number in NUMBERS[:3] for day in ("2019-10-01", "onbekend")]  # fmt: skip
    landing.write(
        "register",
        {"jongeren.csv": to_csv(about), "woonperioden.csv": to_csv(homes)},
        bron="monitor",
        entiteit={"jongeren.csv": "jongere", "woonperioden.csv": "woonperiode"},
        rijen={"jongeren.csv": len(about), "woonperioden.csv": len(homes)},
        aard="volledig",
    )
    rows = [melding(1), melding(2, VERZUIMSOORT="V9"), melding(3, BSN="", ONDERWIJSNUMMER=NUMBERS[3][1])]
    rows += [melding(1, MELDINGSNUMMER=RECORD[1]), melding(1, MELDINGSNUMMER=RECORD[1], VERZUIMSOORT="V9")]
    landing.meldingen("20250303", rows)
    for bron in ("monitor", "duo", "carel"):
        landing.ingest(bron, max_rejected_rows=1000)


def pseudonyms(landing: Landing) -> list[str]:
    made = Pseudonymiser(load_key(landing.settings().key_file, landing.lake))
    return [made.one(kind, number) for kind, number in [*NUMBERS, RECORD]]


def found(lake: Lake, texts: list[str]) -> set[Path]:
    from test_erase import everything

    return {path for path, content in everything(lake) if any(text.encode() in content for text in texts)}


def test_every_pseudonym_is_renewed(landing: Landing):
    from test_erase import contents

    deliver(landing)
    old, before, key = pseudonyms(landing), contents(landing.lake), load_key(landing.settings().key_file, landing.lake)
    hold.hold(landing.settings(), None, (NUMBERS[1],), DECISION, release=False)
    named = {path.parent for path in found(landing.lake, old)}
    rotate.rotate(landing.settings(), DECISION)
    new = pseudonyms(landing)
    assert found(landing.lake, old) == set() and {path.parent for path in found(landing.lake, new)} == named
    renamed = str(before)
    for one, other in zip(old, new, strict=True):
        assert one in renamed
        renamed = renamed.replace(one, other)
    assert str(contents(landing.lake)) == renamed
    assert landing.settings().key_file.stat().st_mode & 0o777 == 0o600
    rotate.rotate(landing.settings(), DECISION)
    again = load_key(landing.settings().key_file, landing.lake)
    assert len(keys_in(again)) == 3
    assert found(landing.lake, old + new) == set() != found(landing.lake, pseudonyms(landing))
    assert Draws(lasting(again)).draw("2024-2025", "geslacht", "V") == Draws(lasting(key)).draw("2024-2025", "geslacht", "V")
    assert lasting(again) == key
    with pytest.raises(PersonError, match="bewaarplicht"):
        erase.erase(landing.settings(), (NUMBERS[1],), DECISION)


def test_later_deliveries_have_the_new_pseudonyms(landing: Landing):
    deliver(landing)
    rotate.rotate(landing.settings(), DECISION)
    landing.meldingen("20250304", [melding(1, STATUS="B")], kennisdatum="2025-03-04T02:00:00+01:00")
    [entry] = landing.ingest()
    first = next(one for one in ledger.read(landing.lake, "duo") if one.levering == "20250303")
    assert landing.loaded(entry)[0]["bsn_pseudoniem"] == landing.loaded(first)[0]["bsn_pseudoniem"] == pseudonyms(landing)[0]


def test_an_erased_person_stays_away_after_rotations(landing: Landing):
    deliver(landing)
    rotate.rotate(landing.settings(), DECISION)
    erase.erase(landing.settings(), (NUMBERS[0],), DECISION)
    rotate.rotate(landing.settings(), DECISION)
    rotate.rotate(landing.settings(), DECISION)
    assert {one.sleutels for one in barred.read(landing.lake)} == {2}
    landing.meldingen("20250304", [melding(1), melding(2)], kennisdatum="2025-03-04T02:00:00+01:00")
    [entry] = landing.ingest()
    assert [row["meldingsnummer"] for row in landing.loaded(entry)] == ["M2"]
    key = load_key(landing.settings().key_file, landing.lake)
    assert Pseudonymiser(key, [mark_of(key, pseudonyms(landing)[1])]).are_barred(
        "bsn", _array([NUMBERS[1][1], NUMBERS[2][1]])
    ).tolist() == [True, False]


def _array(numbers: list[str]) -> object:
    import pyarrow as pa

    return pa.array(numbers)


class PowerCut(BaseException):
    """No code catches it."""


@pytest.mark.parametrize("moves", [None, 0, 2, -1])
def test_a_killed_rotation_is_undone_or_completed(landing: Landing, monkeypatch: pytest.MonkeyPatch, moves: int | None):
    """None: killed before the commit; -1: killed when only the key file is in its place."""
    deliver(landing)
    old = pseudonyms(landing)
    put, done = interrupted._put, 0

    def cut(staged: Path, target: Path) -> None:
        nonlocal done
        if done == moves or (moves == -1 and target == landing.settings().key_file):
            if moves == -1:
                put(staged, target)
            raise PowerCut
        done += 1
        put(staged, target)

    def never(*_: object, **__: object) -> None:
        raise PowerCut

    with monkeypatch.context() as patch, pytest.raises(PowerCut):
        if moves is None:
            patch.setattr("orchestration.change.replace_bytes", never)
        patch.setattr(interrupted, "_put", cut)
        rotate.rotate(landing.settings(), DECISION)
    with landing.lake.hold():
        new = pseudonyms(landing)
        assert (new == old) == (moves is None)
        assert found(landing.lake, new) != set()
        assert moves is None or found(landing.lake, old) == set()
    assert [path.name for path in landing.settings().key_file.parent.iterdir()] == ["geheim.key"]
