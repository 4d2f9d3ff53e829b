"""Each reason code of a row at its boundary, and the types of a valid row."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from leveringen import Landing, bsn, melding, onderwijsnummer, to_csv

from expectations import contract
from orchestration.deliveries.reasons import REJECTION_CODES

ONE = bsn(12_345_678)
CASES = [
    ({"MELDINGSNUMMER": " "}, "sleutel_ontbreekt", "MELDINGSNUMMER"),
    ({"BRIN": ""}, "waarde_ontbreekt", "BRIN"),
    ({"STATUS": ""}, "waarde_ontbreekt", "STATUS"),
    ({"BSN": ""}, "waarde_ontbreekt", "BSN"),
    ({"DATUM_BEGIN": "2025-02-30"}, "datum_ongeldig", "DATUM_BEGIN"),
    ({"DATUM_BEGIN": "2025-2-3"}, "datum_ongeldig", "DATUM_BEGIN"),
    ({"DATUM_BEGIN": "03-02-2025"}, "datum_ongeldig", "DATUM_BEGIN"),
    ({"DATUM_MELDING": "gisteren"}, "datum_ongeldig", "DATUM_MELDING"),
    ({"TIJDSTIP_LAATSTE_MUTATIE": "24:00:00"}, "datum_ongeldig", "TIJDSTIP_LAATSTE_MUTATIE"),
    ({"DATUM_BEGIN": "1989-12-31"}, "datum_buiten_bereik", "DATUM_BEGIN"),
    ({"DATUM_MELDING": "2026-03-04"}, "datum_buiten_bereik", "DATUM_MELDING"),
    ({"DATUM_EINDE": "2045-03-04"}, "datum_buiten_bereik", "DATUM_EINDE"),
    ({"STATUS": "r"}, "code_onbekend", "STATUS"),
    ({"VERZUIMSOORT": "V5"}, "code_onbekend", "VERZUIMSOORT"),
    ({"BRIN": "9TB"}, "code_onbekend", "BRIN"),
    ({"BRIN": "09tb"}, "code_onbekend", "BRIN"),
    ({"VESTIGING": "001"}, "code_onbekend", "VESTIGING"),
    ({"VESTIGING": "16KN01"}, "code_onbekend", "VESTIGING"),
    ({"AANLEIDING": "#N/A"}, "code_onbekend", "AANLEIDING"),
    ({"MELDINGSNUMMER": "#VERW!"}, "waarde_onleesbaar", "MELDINGSNUMMER"),
    ({"BSN": "123456789"}, "identificatie_ongeldig", "BSN"),
    ({"BSN": "000000000"}, "identificatie_ongeldig", "BSN"),
    ({"BSN": ONE[:8]}, "identificatie_ongeldig", "BSN"),
    ({"BSN": "", "ONDERWIJSNUMMER": bsn(20_000_000)}, "identificatie_ongeldig", "ONDERWIJSNUMMER"),
    ({"DATUM_BEGIN": "2025-02-11"}, "einde_voor_begin", "DATUM_EINDE"),
    ({"UREN": "-1"}, "getal_ongeldig", "UREN"),
    ({"UREN": "veel"}, "getal_ongeldig", "UREN"),
    ({"UREN": "10000"}, "getal_ongeldig", "UREN"),
    ({"UREN": "16,"}, "getal_ongeldig", "UREN"),
    ({"UREN": "1.000,5"}, "getal_ongeldig", "UREN"),
    ({"DATUM_EINDE": ""}, "einddatum_ontbreekt", "DATUM_EINDE"),
    ({"DATUM_EINDE": "", "VERZUIMSOORT": "RMC"}, "einddatum_ontbreekt", "DATUM_EINDE"),
    # several faults: the first of the list counts
    ({"UREN": "x", "BRIN": "x", "DATUM_BEGIN": "x"}, "datum_ongeldig", "DATUM_BEGIN"),
    ({"MELDINGSNUMMER": "", "STATUS": ""}, "sleutel_ontbreekt", "MELDINGSNUMMER"),
]
GOOD = [
    {"DATUM_BEGIN": "1990-01-01"},
    {"DATUM_MELDING": "2026-03-03"},
    {"DATUM_EINDE": "2045-03-03"},
    {"DATUM_EINDE": "2025-02-01"},
    {"DATUM_EINDE": "", "VERZUIMSOORT": "L"},
    {"DATUM_BEGIN": "20250201"},
    {"TIJDSTIP_LAATSTE_MUTATIE": "23:59:59.999"},
    {"UREN": "0"},
    {"UREN": "9999,9999"},
    {"UREN": "16,33333333"},
    {"UREN": ""},
    {"BSN": "", "ONDERWIJSNUMMER": onderwijsnummer(5)},
    {"TOELICHTING": "vrije tekst"},
]


@pytest.mark.parametrize(("values", "code", "column"), CASES, ids=lambda value: value if isinstance(value, str) else None)
def test_an_invalid_row_is_rejected_with_its_code(landing: Landing, values: dict[str, str], code: str, column: str):
    landing.meldingen("a", [melding(1), melding(2, **values)])
    (entry,) = landing.ingest()
    (row,) = landing.rejected(entry)
    assert (entry.oordeel, row["code"], row["kolom"]) == ("geaccepteerd", code, column)
    assert (row["bestand"], row["rijnummer"], row["regel"]) == ("verzuimmeldingen.csv", 2, 3)
    assert row["sleutel"] == (None if column == "MELDINGSNUMMER" else "M2")
    assert entry.entiteiten[0].afgewezen_per_code == {code: 1}
    assert [good["sleutel"] for good in landing.loaded(entry)] == ["M1"]


@pytest.mark.parametrize("values", GOOD, ids=str)
def test_a_row_on_the_valid_side_of_a_boundary_is_loaded(landing: Landing, values: dict[str, str]):
    landing.meldingen("a", [melding(1, **values)])
    (entry,) = landing.ingest()
    assert (entry.entiteiten[0].geladen, entry.entiteiten[0].afgewezen) == (1, 0)


def test_every_rejection_code_has_a_case():
    assert {code for _, code, _ in CASES} | {"sleutel_dubbel", "wijziging_in_kring"} == set(REJECTION_CODES)


def test_a_valid_row_has_the_schema_of_the_lake(landing: Landing):
    landing.meldingen("a", [melding(1, VESTIGING="09TB02", UREN="1,25", TIJDSTIP_LAATSTE_MUTATIE="01:02:03.4", STATUS=" R ")])
    (entry,) = landing.ingest()
    import pyarrow.parquet as pq

    table = pq.read_table(landing.lake.rows / entry.entiteiten[0].rijen)
    assert table.schema.equals(contract.load("duo").entities["verzuimmelding"].lake_schema)
    (row,) = table.to_pylist()
    assert len(row.pop("bsn_pseudoniem")) == 12
    assert row == {
        "meldingsnummer": "M1", "datum_laatste_mutatie": date(2025, 3, 1), "tijdstip_laatste_mutatie": "01:02:03.400", "status": "R",
        "verzuimsoort": "V3", "onderwijsnummer_pseudoniem": None, "brin": "09TB", "vestiging": "02", "datum_begin": date(2025, 2, 1),
        "datum_einde": date(2025, 2, 10), "datum_melding": date(2025, 2, 12), "uren": Decimal("1.2500"), "aanleiding": None,
        "reden_afgesloten": None, "sleutel": "M1", "mutatiemoment": datetime.fromisoformat("2025-03-01T01:02:03.400"),
        "bestand": "verzuimmeldingen.csv", "rijnummer": 1, "waarschuwingen": [],
    }  # fmt: skip


@pytest.mark.parametrize(("given", "kept"), [("15,999999", "15.9999"), ("16.5", "16.5000"), ("16,5", "16.5000"), ("7", "7.0000")])
def test_hours_keep_four_decimals_and_are_never_rounded_up(landing: Landing, given: str, kept: str):
    landing.meldingen("a", [melding(1, UREN=given)])
    assert landing.loaded(landing.ingest()[0])[0]["uren"] == Decimal(kept)


@pytest.mark.parametrize(("given", "kept"), [("", "00"), ("0", "00"), ("00", "00"), ("3", "03"), ("12", "12"), ("09TB07", "07")])
def test_a_vestiging_is_two_digits(landing: Landing, given: str, kept: str):
    landing.meldingen("a", [melding(1, VESTIGING=given)])
    assert landing.loaded(landing.ingest()[0])[0]["vestiging"] == kept


def test_of_two_identifiers_an_invalid_one_is_dropped(landing: Landing):
    landing.meldingen("a", [melding(1, ONDERWIJSNUMMER="109999999"), melding(2, BSN="111", ONDERWIJSNUMMER=onderwijsnummer(1))])
    first, second = landing.loaded(landing.ingest()[0])
    assert first["bsn_pseudoniem"] and first["onderwijsnummer_pseudoniem"] is None
    assert second["onderwijsnummer_pseudoniem"] and second["bsn_pseudoniem"] is None
    assert first["waarschuwingen"] == second["waarschuwingen"] == ["identificatie_deels_ongeldig"]


def test_a_koppeling_needs_both_numbers(landing: Landing):
    rows = [{"ONDERWIJSNUMMER": onderwijsnummer(n), "BSN": bsn(n + 1), "DATUM_KOPPELING": "2025-01-01"} for n in range(4)]
    rows[1]["BSN"], rows[2]["BSN"], rows[3]["ONDERWIJSNUMMER"] = "", "123456789", ""
    landing.write("a", {"koppeling.csv": to_csv(rows)}, entiteit="koppeling", rijen=4)
    (entry,) = landing.ingest()
    assert [row["code"] for row in landing.rejected(entry)] == ["waarde_ontbreekt", "identificatie_ongeldig", "sleutel_ontbreekt"]
    assert entry.entiteiten[0].geladen == 1


def test_a_record_without_a_number_has_the_person_in_its_key(landing: Landing):
    rows = [
        {"BSN": ONE, "ONDERWIJSNUMMER": "", "BRIN": "09TB", "VESTIGING": "0", "ONDERWIJSSOORT": "VO", "DATUM_INSCHRIJVING": "2024-08-01"},
        {"BSN": "", "ONDERWIJSNUMMER": "", "BRIN": "09TB", "VESTIGING": "0", "ONDERWIJSSOORT": "VO", "DATUM_INSCHRIJVING": "2024-08-01"},
        {"BSN": ONE, "ONDERWIJSNUMMER": "", "BRIN": "09TB", "VESTIGING": "0", "ONDERWIJSSOORT": "VO", "DATUM_INSCHRIJVING": "1980-08-01"},
        {"BSN": ONE, "ONDERWIJSNUMMER": "", "BRIN": "x", "VESTIGING": "0", "ONDERWIJSSOORT": "VO", "DATUM_INSCHRIJVING": "2024-08-01"},
    ]
    landing.write("a", {"inschrijvingen.csv": to_csv(rows)}, bron="monitor", entiteit="inschrijving", rijen=4, aard="volledig")
    (entry,) = landing.ingest("monitor")
    (row,) = landing.loaded(entry)
    assert row["sleutel"] == f"{row['bsn_pseudoniem']}||09TB|00|2024-08-01"
    found = [(rejected["code"], rejected["sleutel"]) for rejected in landing.rejected(entry)]
    other_day = row["sleutel"].replace("2024", "1980")
    assert found == [("sleutel_ontbreekt", None), ("datum_buiten_bereik", other_day), ("code_onbekend", None)]


@pytest.mark.parametrize(("given", "kept"), [("2024-2025", "2024-2025"), ("2023/2024", "2023-2024"), ("2023 / 2024", "2023-2024")])
def test_a_schooljaar_is_normalised(landing: Landing, given: str, kept: str):
    rows = [
        {"SCHOOLJAAR": given, "GEMEENTECODE": "0164", "INDICATOR": "x", "WAARDE": "<5"},
    ]
    rows += [rows[0] | {"SCHOOLJAAR": wrong} for wrong in ("2024-2026", "24-25")] + [rows[0] | {"GEMEENTECODE": "164"}]
    landing.write("a", {"kerncijfers.csv": to_csv(rows)}, bron="monitor", entiteit="kerncijfer", rijen=4)
    (entry,) = landing.ingest("monitor")
    assert [row["schooljaar"] for row in landing.loaded(entry)] == [kept]
    assert entry.entiteiten[0].afgewezen_per_code == {"code_onbekend": 3}


def test_a_proces_verbaal_needs_a_verzuimsoort(landing: Landing):
    row = {"INTERVENTIENR": "1", "BSN": ONE, "DATUM": "03-03-2025", "SOORT": "proces_verbaal", "VERZUIMSOORT": ""}
    landing.write("a", {"interventies.csv": to_csv([row])}, bron="carel", entiteit="interventie")
    assert landing.rejected(landing.ingest("carel")[0])[0]["code"] == "waarde_ontbreekt"


def test_leading_zeros_are_restored_for_carel_only(landing: Landing):
    low = bsn(123_456)
    assert low.startswith("00")
    rows = [
        {"INCIDENTNR": str(n), "BSN": text, "DATUM": "03-03-2025", "CONTACT_MET": "school"}
        for n, text in enumerate((low, low[2:], low[3:]))
    ]
    landing.write("a", {"incidenten.csv": to_csv(rows)}, bron="carel", entiteit="incident", rijen=3)
    (entry,) = landing.ingest("carel")
    first, second = landing.loaded(entry)
    assert first["bsn_pseudoniem"] == second["bsn_pseudoniem"]
    assert (first["waarschuwingen"], second["waarschuwingen"]) == ([], ["nullen_hersteld"])
    assert [row["code"] for row in landing.rejected(entry)] == ["identificatie_ongeldig"]
    landing.meldingen("b", [melding(1, BSN=low[2:])])
    assert landing.rejected(landing.ingest()[0])[0]["code"] == "identificatie_ongeldig"


def test_a_number_that_could_be_an_identifier_becomes_the_same_pseudonym_everywhere(landing: Landing):
    other, long = bsn(30_000_000), f"2025{ONE}"
    numbers = [other, f"M{other}", f"{other[:4]}-{other[4:]}", f"{other}-1", long, "2025900001", "M7", f"2025{other}"]
    landing.meldingen("a", [melding(1, BSN=ONE) | {"MELDINGSNUMMER": number} for number in numbers])
    rows = [
        {"INTERVENTIENR": f"N{place}", "BSN": ONE, "DATUM": "03-03-2025", "SOORT": "mdo", "MELDINGSNUMMER": number}
        for place, number in enumerate(numbers)
    ]
    landing.write("b", {"interventies.csv": to_csv(rows)}, bron="carel", entiteit="interventie", rijen=len(rows))
    found = landing.loaded(*landing.ingest())
    named = landing.loaded(*landing.ingest("carel"))
    assert [row["meldingsnummer"] for row in named] == [row["meldingsnummer"] for row in found] == [row["sleutel"] for row in found]
    kept = [row["meldingsnummer"] for row in found]
    assert kept[5:] == ["2025900001", "M7", f"2025{other}"], "decision 030: a longer number may hold the identifier of somebody else"
    assert all(len(number) == 12 and other not in number and ONE not in number for number in kept[:5])
    assert len(set(kept[:5])) == 5


def test_the_key_of_a_rejected_row_holds_no_identifier(landing: Landing):
    rows = [melding(1, UREN="x") | {"MELDINGSNUMMER": ONE}, melding(2, UREN="1") | {"MELDINGSNUMMER": f"M{ONE}"}]
    landing.meldingen("a", [*rows, rows[1] | {"UREN": "2"}, melding(3)])
    (entry,) = landing.ingest()
    found = landing.rejected(entry)
    assert [row["code"] for row in found] == ["getal_ongeldig", "sleutel_dubbel", "sleutel_dubbel"]
    assert all(len(row["sleutel"]) == 12 for row in found)
    assert ONE not in str(found)


def test_a_detail_of_another_form_is_left_out_and_its_row_is_loaded(landing: Landing):
    home = {"BSN": ONE, "GEMEENTECODE": "0164", "DATUM_VESTIGING": "2020-01-01"}
    wijken = ["016401", "", "Piet de Vries", "WK016402", ONE]
    rows = [home | {"WIJKCODE": wijk, "DATUM_VESTIGING": f"2020-01-0{day}"} for day, wijk in enumerate(wijken, 1)]
    landing.write("a", {"woonperioden.csv": to_csv(rows)}, bron="monitor", entiteit="woonperiode", rijen=5)
    (entry,) = landing.ingest("monitor")
    assert [row["wijkcode"] for row in landing.loaded(entry)] == ["016401", None, None, "WK016402", None]
    assert entry.entiteiten[0].waarschuwingen_van_rijen == {"waarde_weggelaten": 2}
