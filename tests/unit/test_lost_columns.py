"""A column of the contract that was there before and is gone now is named, and stops a full register until a person accepts it."""

import pytest
from leveringen import Landing, bsn, melding, to_csv, to_xlsx
from typer.testing import CliRunner

from orchestration.cli import app
from orchestration.deliveries import decide
from orchestration.deliveries.ledger import LedgerEntry

LATER = "2025-04-03T02:00:00+02:00"
PERSON = {"BSN": bsn(31_000_000), "ONDERWIJSNUMMER": "", "GEBOORTEDATUM": "2010-05-05", "GESLACHT": "V"}
HOME = {"BSN": PERSON["BSN"], "ONDERWIJSNUMMER": "", "GEMEENTECODE": "0164", "WIJKCODE": "016401", "DATUM_VESTIGING": "2020-01-01"}
LEAVES = HOME | {"DATUM_VERTREK": ""}


def homes(landing: Landing, name: str, row: dict[str, str], **manifest: str) -> LedgerEntry:
    landing.write(name, {"woonperioden.csv": to_csv([row])}, bron="monitor", entiteit="woonperiode", **{"aard": "volledig", **manifest})
    return landing.ingest("monitor")[-1]


def test_a_full_register_that_lost_a_column_is_refused_until_accepted(landing: Landing):
    assert homes(landing, "a", LEAVES).accepted
    typed = {("DATUM VERTREK" if name == "DATUM_VERTREK" else name): value for name, value in LEAVES.items()}
    refused = homes(landing, "b", typed, kennisdatum=LATER)
    assert (refused.code, refused.reden) == ("kolom_verdwenen", "woonperiode: DATUM_VERTREK is weg, en was er de vorige keer wel")
    assert refused.entiteiten[0].kolommen_onbekend == ("DATUM VERTREK (lijkt op DATUM_VERTREK)",)
    entry = decide.accept(landing.settings(), "monitor", "b", "zo levert de monitor voortaan", "J. Jansen")
    assert (entry.oordeel, entry.aanvaard and entry.aanvaard.code) == ("geaccepteerd", "kolom_verdwenen")
    assert entry.entiteiten[0].waarschuwingen == {"kolom_onbekend": 1, "kolom_weg": 1}
    assert homes(landing, "c", typed, kennisdatum="2025-05-03T02:00:00+02:00").accepted, "the delivery before it has it neither"


def test_a_mutatie_that_lost_a_column_is_warned_of(landing: Landing):
    landing.meldingen("a", [melding(1)])
    landing.meldingen("b", [{key: value for key, value in melding(2).items() if key != "UREN"}], kennisdatum=LATER)
    _, entry = landing.ingest()
    assert (entry.oordeel, entry.entiteiten[0].kolommen_weg) == ("geaccepteerd", ("UREN",))
    assert entry.entiteiten[0].waarschuwingen == {"kolom_weg": 1}


def test_a_column_that_comes_is_no_loss_and_the_order_of_arrival_does_not_matter(landing: Landing):
    assert homes(landing, "later", HOME, kennisdatum=LATER).accepted
    assert homes(landing, "earlier", LEAVES).accepted, "it is compared with what was known before it"
    assert homes(landing, "last", LEAVES, kennisdatum="2025-05-03T02:00:00+02:00").entiteiten[0].kolommen_weg == ()


@pytest.mark.parametrize("file", ["verzuimmeldingen.xlsx", "verzuimmeldingen.xml"])
def test_only_a_format_with_a_header_tells_which_columns_it_has(landing: Landing, file: str):
    from leveringen import to_xml

    rows = [melding(2)]
    landing.meldingen("a", [melding(1)])
    fewer = [{key: value for key, value in row.items() if key != "UREN"} for row in rows]
    content = to_xml(fewer) if file.endswith("xml") else to_xlsx({"Blad1": [list(fewer[0]), *([*row.values()] for row in fewer)]})
    landing.write("b", {file: content}, kennisdatum=LATER)
    assert landing.ingest()[-1].entiteiten[0].kolommen_weg == (() if file.endswith("xml") else ("UREN",))


def test_check_names_them(landing: Landing, monkeypatch: pytest.MonkeyPatch):
    homes(landing, "a", LEAVES)
    file = landing.root / "woonperioden.csv"
    file.write_bytes(to_csv([HOME | {"Datum vertrek": "", "KLEUR": ""}]))
    monkeypatch.setenv("LEERPLICHT_LAKE", str(landing.lake.root))
    monkeypatch.setenv("LEERPLICHT_KEY_FILE", str(landing.settings().key_file))
    said = CliRunner().invoke(app, ["check", str(file), "--kennisdatum", LATER])
    assert said.exit_code == 1
    assert "weg sinds de vorige levering: DATUM_VERTREK" in said.output
    assert "niet in het contract: Datum vertrek (lijkt op DATUM_VERTREK), KLEUR" in said.output
