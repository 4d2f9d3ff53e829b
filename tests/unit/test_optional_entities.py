"""What Carel can add: dossiers of meldingen, requests for leave, and absence with a valid reason, as files or as sheets of one workbook."""

from datetime import date
from typing import Any

import pytest
from leveringen import Landing, bsn, onderwijsnummer, to_csv, to_xlsx

from expectations.contract import load
from orchestration.deliveries.names import entity_of, source_of

DOSSIER = {"MELDINGSNUMMER": "2025000001", "AANLEIDING": "ziekte", "AFSLUITING": "gezien"}
LEAVE = {
    "VERLOFNR": "1", "BSN": bsn(32_000_000), "ONDERWIJSNUMMER": "", "DATUM_AANVRAAG": "01-10-2024", "DATUM_VAN": "14-10-2024",
    "DATUM_TOT": "8-11-2024", "SOORT": "vakantie", "BESLUIT": "afgewezen",
}  # fmt: skip
ABSENT = {"GEOORLOOFDNR": "1", "BSN": "", "ONDERWIJSNUMMER": onderwijsnummer(4), "DATUM_BEGIN": "01-09-2024", "DATUM_EINDE": ""}
ROWS = {"meldingdossier": DOSSIER, "verlofaanvraag": LEAVE, "thuiszitter_geoorloofd": ABSENT}
FILES = {"meldingdossier": "meldingdossiers", "verlofaanvraag": "verlofaanvragen", "thuiszitter_geoorloofd": "thuiszitters_geoorloofd"}


def read_one(landing: Landing, entiteit: str, row: dict[str, str]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    landing.write("a", {f"{FILES[entiteit]}.csv": to_csv([row])}, bron="carel", entiteit=entiteit)
    (entry,) = landing.ingest("carel")
    return landing.loaded(entry), landing.rejected(entry)


def test_each_is_recognised_by_the_name_of_its_file():
    for entiteit, name in FILES.items():
        for file in (f"{name}.xlsx", f"{name} 3 maart 2025.csv", f"{entiteit}.csv"):
            assert entity_of(load("carel"), file) == entiteit
            assert source_of(file) == "carel"
    assert source_of("bsn_wijzigingen.csv") == "monitor"
    assert entity_of(load("monitor"), "bsn_wijzigingen.csv") == "bsn_wijziging"


def test_sheets_of_one_workbook(landing: Landing):
    book = to_xlsx({name: [list(row), list(row.values())] for row, name in zip(ROWS.values(), FILES.values(), strict=True)})
    folder = landing.write("a", {"carel.xlsx": book}, bron="carel", entiteit="meldingdossier", blad={"carel.xlsx": "meldingdossiers"})
    text = (folder / "levering.json").read_text()
    line = text[text.index("[{") + 1 : text.index("]")]
    lines = [line.replace('"meldingdossier"', f'"{entiteit}"').replace('"meldingdossiers"', f'"{FILES[entiteit]}"') for entiteit in ROWS]
    (folder / "levering.json").write_text(text.replace(line, ", ".join(lines)))
    (entry,) = landing.ingest("carel")
    assert {entity.entiteit: (entity.geladen, entity.afgewezen) for entity in entry.entiteiten} == dict.fromkeys(ROWS, (1, 0))


def test_the_values_of_each(landing: Landing):
    def values(entiteit: str, *names: str) -> list[Any]:
        ([row], rejected) = read_one(Landing(landing.root / entiteit), entiteit, ROWS[entiteit])
        assert not rejected
        return [row[name] for name in names]

    assert values("meldingdossier", "sleutel", "aanleiding", "afsluiting") == ["2025000001", "ziekte", "gezien"]
    named = ("sleutel", "datum_aanvraag", "datum_van", "datum_tot", "soort", "besluit")
    days = [date(2024, 10, 1), date(2024, 10, 14), date(2024, 11, 8)]
    assert values("verlofaanvraag", *named) == ["1", *days, "vakantie", "afgewezen"]
    assert values("thuiszitter_geoorloofd", "sleutel", "datum_begin", "datum_einde") == ["1", date(2024, 9, 1), None]


@pytest.mark.parametrize(
    ("entiteit", "change", "code", "column"),
    [
        ("meldingdossier", {"MELDINGSNUMMER": ""}, "sleutel_ontbreekt", "MELDINGSNUMMER"),
        ("meldingdossier", {"AANLEIDING": "anders"}, "code_onbekend", "AANLEIDING"),
        ("meldingdossier", {"AFSLUITING": "Gezien"}, "code_onbekend", "AFSLUITING"),
        ("verlofaanvraag", {"BSN": ""}, "waarde_ontbreekt", "BSN"),
        ("verlofaanvraag", {"DATUM_TOT": ""}, "waarde_ontbreekt", "DATUM_TOT"),
        ("verlofaanvraag", {"DATUM_TOT": "13-10-2024"}, "einde_voor_begin", "DATUM_TOT"),
        ("verlofaanvraag", {"DATUM_TOT": "31-12-9999"}, "datum_buiten_bereik", "DATUM_TOT"),
        ("verlofaanvraag", {"SOORT": "ziekte"}, "code_onbekend", "SOORT"),
        ("verlofaanvraag", {"BESLUIT": "ja"}, "code_onbekend", "BESLUIT"),
        ("thuiszitter_geoorloofd", {"ONDERWIJSNUMMER": ""}, "waarde_ontbreekt", "BSN"),
        ("thuiszitter_geoorloofd", {"DATUM_EINDE": "31-08-2024"}, "einde_voor_begin", "DATUM_EINDE"),
    ],
)
def test_a_row_that_does_not_fit_is_rejected(landing: Landing, entiteit: str, change: dict[str, str], code: str, column: str):
    loaded, [row] = read_one(landing, entiteit, ROWS[entiteit] | change)
    assert (loaded, row["code"], row["kolom"]) == ([], code, column)


@pytest.mark.parametrize(
    ("entiteit", "change"),
    [
        ("meldingdossier", {"AANLEIDING": "", "AFSLUITING": ""}),
        ("verlofaanvraag", {"DATUM_TOT": "14-10-2024"}),
        ("thuiszitter_geoorloofd", {"DATUM_EINDE": "31-12-9999"}),
        ("thuiszitter_geoorloofd", {"DATUM_EINDE": "01-09-2024"}),
    ],
)
def test_a_row_on_the_valid_side_is_loaded(landing: Landing, entiteit: str, change: dict[str, str]):
    loaded, rejected = read_one(landing, entiteit, ROWS[entiteit] | change)
    assert (len(loaded), rejected) == (1, [])
