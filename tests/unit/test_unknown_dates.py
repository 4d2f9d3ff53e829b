"""Dates that a source does not know: "no end known" is empty, and a birth date without a day or a month is the middle of what is known."""

from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from leveringen import Landing, bsn, melding, to_csv, to_xlsx

from expectations.contract import BRONNEN, load
from orchestration.deliveries.columns import complete_dates, read_dates, without_no_end

JONGERE = {"BSN": bsn(31_000_000), "GEBOORTEDATUM": "2010-05-05", "GESLACHT": "V"}
HOME = {"BSN": JONGERE["BSN"], "GEMEENTECODE": "0164", "DATUM_VESTIGING": "2020-01-01"}
VRIJSTELLING = {
    "VRIJSTELLINGNR": "1",
    "BSN": bsn(32_000_000),
    "GROND": "5a",
    "AARD": "nieuw",
    "BESLUIT": "toegekend",
    "DATUM_INGANG": "1-8-2024",
}
OPEN_ENDS = {
    *("datum_einde", "datum_vertrek", "datum_uitschrijving", "datum_afgerond", "datum_overlijden"),
    *("datum_startkwalificatie", "datum_einde_kwalificatieplicht"),
}
FORMS = (("%Y-%m-%d",), ("%Y-%m-%d", "%Y%m%d"), ("%d-%m-%Y", "%-d-%-m-%Y"))


def read_one(landing: Landing, bron: str, entiteit: str, row: dict[str, str]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the loaded and the rejected rows of a delivery of one row."""
    landing.write("a", {"a.csv": to_csv([row])}, bron=bron, entiteit=entiteit)
    (entry,) = landing.ingest(bron)
    return landing.loaded(entry), landing.rejected(entry)


def test_the_columns_with_an_open_end_are_those_of_the_specification():
    for bron in BRONNEN:
        assert load(bron).no_end == ((date(9999, 12, 31),) if bron != "vergelijking" else ())  # which has no periods
        for entity in load(bron).entities.values():
            for column in entity.columns:
                assert column.is_open_end == (column.name in OPEN_ENDS), (entity.name, column.name)
                assert column.may_be_incomplete == (column.name == "geboortedatum")


@pytest.mark.parametrize(
    ("bron", "entiteit", "column", "row"),
    [
        *(("monitor", "jongere", name, JONGERE | {name: "9999-12-31"}) for name in (
            "DATUM_OVERLIJDEN", "DATUM_STARTKWALIFICATIE", "DATUM_EINDE_KWALIFICATIEPLICHT"
        )),
        ("monitor", "woonperiode", "DATUM_VERTREK", HOME | {"DATUM_VERTREK": "9999-12-31"}),
        ("duo", "verzuimmelding", "DATUM_EINDE", melding(1, VERZUIMSOORT="V4", DATUM_EINDE="99991231")),
        ("duo", "verzuimmelding", "DATUM_EINDE", melding(1, VERZUIMSOORT="L", DATUM_EINDE="9999-12-31")),
        ("carel", "vrijstelling", "DATUM_EINDE", VRIJSTELLING | {"DATUM_EINDE": "31-12-9999"}),
    ],
)  # fmt: skip
def test_no_end_known_is_read_as_empty(landing: Landing, bron: str, entiteit: str, column: str, row: dict[str, str]):
    loaded, rejected = read_one(landing, bron, entiteit, row)
    assert [one[column.lower()] for one in loaded] == [None]
    assert not rejected


@pytest.mark.parametrize("day", ["31-12-9999", date(9999, 12, 31)])
def test_no_end_known_in_a_workbook(landing: Landing, day: str | date):
    row = VRIJSTELLING | {"DATUM_INGANG": date(2024, 8, 1), "DATUM_EINDE": day}
    book = to_xlsx({"Blad1": [list(row), list(row.values())]})
    landing.write("a", {"vrijstellingen.xlsx": book}, bron="carel", entiteit="vrijstelling")
    (entry,) = landing.ingest("carel")
    assert [(one["datum_ingang"], one["datum_einde"]) for one in landing.loaded(entry)] == [(date(2024, 8, 1), None)]


@pytest.mark.parametrize("soort", ["V3", "LRV", "RMC"])
def test_a_soort_that_requires_an_end_is_rejected_without_one(landing: Landing, soort: str):
    loaded, [row] = read_one(landing, "duo", "verzuimmelding", melding(1, VERZUIMSOORT=soort, DATUM_EINDE="9999-12-31"))
    assert (loaded, row["code"], row["kolom"], row["waarde"]) == ([], "einddatum_ontbreekt", "DATUM_EINDE", "9999-12-31")


@pytest.mark.parametrize(
    ("bron", "entiteit", "column", "row"),
    [
        ("duo", "verzuimmelding", "DATUM_BEGIN", melding(1, DATUM_BEGIN="9999-12-31", DATUM_EINDE="", VERZUIMSOORT="L")),
        ("duo", "verzuimmelding", "DATUM_EINDE", melding(1, DATUM_EINDE="9999-12-30")),
        ("monitor", "jongere", "GEBOORTEDATUM", JONGERE | {"GEBOORTEDATUM": "9999-12-31"}),
        ("carel", "vrijstelling", "DATUM_BESLUIT", VRIJSTELLING | {"DATUM_BESLUIT": "31-12-9999"}),
    ],
)
def test_elsewhere_such_a_date_is_out_of_range(landing: Landing, bron: str, entiteit: str, column: str, row: dict[str, str]):
    loaded, [rejected] = read_one(landing, bron, entiteit, row)
    assert (loaded, rejected["code"], rejected["kolom"]) == ([], "datum_buiten_bereik", column)


@pytest.mark.parametrize(
    ("given", "day", "warnings"),
    [
        ("2009-00-00", date(2009, 7, 1), ["geboortedatum_onvolledig"]),
        ("2009-05-00", date(2009, 5, 15), ["geboortedatum_onvolledig"]),
        ("2009-07-01", date(2009, 7, 1), []),
        ("2009-05-15", date(2009, 5, 15), []),
    ],
)
def test_an_incomplete_birth_date_is_loaded_with_a_warning(landing: Landing, given: str, day: date, warnings: list[str]):
    [row], rejected = read_one(landing, "monitor", "jongere", JONGERE | {"GEBOORTEDATUM": given})
    assert (row["geboortedatum"], row["waarschuwingen"], rejected) == (day, warnings, [])


@pytest.mark.parametrize("given", ["2009-00-05", "0000-05-05", "0000-00-00", "0000-05-00", "2009-13-00", "2009-5-00", "2009"])
def test_a_day_without_a_month_or_no_year_is_no_date(landing: Landing, given: str):
    loaded, [row] = read_one(landing, "monitor", "jongere", JONGERE | {"GEBOORTEDATUM": given})
    assert (loaded, row["code"], row["kolom"]) == ([], "datum_ongeldig", "GEBOORTEDATUM")


@pytest.mark.parametrize("column", ["DATUM_OVERLIJDEN", "DATUM_STARTKWALIFICATIE"])
def test_no_other_date_may_be_incomplete(landing: Landing, column: str):
    _, [row] = read_one(landing, "monitor", "jongere", JONGERE | {column: "2009-05-00"})
    assert (row["code"], row["kolom"]) == ("datum_ongeldig", column)


def test_a_rejected_row_gives_no_warning_of_its_birth_date(landing: Landing):
    rows = [JONGERE | {"GEBOORTEDATUM": "2009-00-00"}, JONGERE | {"BSN": bsn(31_000_002), "GEBOORTEDATUM": "2009-05-00", "GESLACHT": "?"}]
    landing.write("a", {"jongeren.csv": to_csv(rows)}, bron="monitor", entiteit="jongere", rijen=2)
    (entry,) = landing.ingest("monitor")
    assert entry.entiteiten[0].waarschuwingen_van_rijen == {"geboortedatum_onvolledig": 1}


@pytest.mark.parametrize("forms", FORMS, ids=" ".join)
def test_every_notation_of_a_source_is_recognised(forms: tuple[str, ...]):
    written = [form.replace("%-", "%") for form in forms]
    ends = [date(9999, 12, 31).strftime(form) for form in written]
    assert without_no_end(pa.array([*ends, ""]), forms, (date(9999, 12, 31),)).to_pylist() == [""] * (len(ends) + 1)
    for form in written:
        given = [form.replace("%Y", "2009").replace("%m", month).replace("%d", "00") for month in ("00", "05")]
        assert read_dates(complete_dates(pa.array(given), forms), forms).to_pylist() == [date(2009, 7, 1), date(2009, 5, 15)]
    if "%-d-%-m-%Y" in forms:
        short = pa.array(["0-0-2009", "0-5-2009", "31-12-9999", "5-0-2009"])
        found = read_dates(complete_dates(short, forms), forms).to_pylist()
        assert found == [date(2009, 7, 1), date(2009, 5, 15), date(9999, 12, 31), None]
