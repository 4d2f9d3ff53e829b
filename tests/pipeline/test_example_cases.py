"""Each single case of the example is where a reader looks for it; `test_truth.py` compares every figure."""

import duckdb
import pyarrow.parquet as pq
import pytest
from truth import home

from orchestration import example


def rows(night, name):
    return pq.read_table(night.release / f"{name}.parquet").to_pylist()


def asked(night, query, *values):
    with duckdb.connect(str(night.lake.warehouse_current), read_only=True) as connection:
        return connection.execute(query, values).fetchall()


def figure(night, schooljaar, area, indicator):
    return next(
        row
        for row in rows(night, "kerncijfers")
        if (row["schooljaar"], row["gemeente_code"], row["indicator"]) == (schooljaar, area, indicator)
    )


@pytest.mark.parametrize("code", ["afloop_onbekend", "geboortedatum_onvolledig"])
def test_what_is_read_with_a_doubt_is_warned_once_per_delivery(night, code):
    warned = [row["aantal"] for row in rows(night, "kwaliteit") if row["code"] == code]
    assert warned and set(warned) == {1}


def test_somebody_of_24_counts_apart(night):
    assert [figure(night, year, "0164", "verzuim_23_tot_27")["waarde"] for year in ("2023-2024", "2024-2025")] == [0, 1]


def test_what_carel_did_not_have_yet_is_not_available(night):
    early, late = (figure(night, year, "regio", "thuiszitters_geoorloofd") for year in ("2023-2024", "2024-2025"))
    assert (early["status"], early["waarde"], early["weergave"]) == ("niet_beschikbaar", None, ".")
    assert late["waarde"] == 6
    assert [figure(night, year, "regio", "verlof_aanvragen")["waarde"] for year in ("2023-2024", "2024-2025")] == [6, 6]


def test_a_vrijstelling_for_good_stands_in_the_next_schooljaar_too(night):
    for place in ("0164", "0147"):
        assert figure(night, "2024-2025", place, "vrijstelling_5a_stand")["waarde"] > 0
    for_good = [one for one in example.world().vrijstellingen if one.end is None or one.end.year == 9999]
    assert {home(one.person, one.begin)[0] for one in for_good} == {"0164", "0147"}


def test_one_jongere_had_three_numbers(night):
    world = example.world()
    numbers = [melding.nummer for melding in world.meldingen if melding.person is world.with_note("ander BSN")]
    found = asked(night, "select distinct jongere_id from kern.melding where meldingsnummer in ?", numbers)
    assert len(numbers) > 1 and len(found) == 1


def test_langdurig_verzuim_that_was_reopened_is_closed_once(night):
    world = example.world()
    (melding,) = [one for one in world.meldingen if one.person is world.with_note("tweemaal afgesloten") and one.soort == "LRV"]
    query = "select schooljaar, indicator from jaarverslag.bijdrage where nummer = ? and indicator like 'lrv_%' order by all"
    found = asked(night, query, melding.nummer)
    first, second = "2023-2024", "2024-2025"
    assert found == [(first, "lrv_instroom"), (first, "lrv_stand_einde"), (second, "lrv_stand_begin"), (second, "lrv_uitstroom")]


def test_absoluut_verzuim_ends_with_an_enrolment_or_lasts(night):
    assert figure(night, "2023-2024", "0164", "telling_absoluut_heringeschreven")["waarde"] == 1
    assert figure(night, "2024-2025", "0164", "absoluut_langer_3_maanden")["waarde"] > 1


def test_an_aanleiding_that_only_carel_has_is_the_one_of_the_melding(night):
    noted = {one.meldingsnummer: one.aanleiding for one in example.world().dossiers if one.aanleiding}
    found = asked(night, "select meldingsnummer, aanleiding from kern.melding where meldingsnummer in ?", list(noted))
    assert dict(found) == noted and noted
