"""The form of the Leerplichttelling: each figure by onderwijssoort, and what an absent row means in each zone."""

from pathlib import Path

import pytest
from python_calamine import load_workbook
from renderings_rows import broken_down, figure, indicator

from orchestration.publication.renderings import telling, workbook

TELLING = {"indicator": "telling_luxe_meldingen", "tabel": "leerplichttelling"}
LUXE = figure(waarde=7, label="Luxe", **TELLING)
PV = figure(waarde=2, indicator="pv_luxe_verzuim", tabel="juridisch_kader", label="PV luxe")
VO = broken_down("onderwijssoort", "VO", 6, **TELLING)


def rows(folder: Path, zone: str, *figures: dict) -> list[list]:
    made = [*figures, figure(waarde=9, indicator="incidenten")]
    workbook.write(folder / "boek.xlsx", made, [indicator(**TELLING), indicator()], zone, [VO])
    return load_workbook(str(folder / "boek.xlsx")).get_sheet_by_name(telling.TITLE).to_python(skip_empty_area=False)


def test_a_figure_has_a_column_per_onderwijssoort_and_a_total_and_its_own_first(tmp_path: Path):
    sheet = rows(tmp_path, "intern", PV, LUXE)
    [start] = [place for place, row in enumerate(sheet) if row[0] == "Hengelo, 2024-2025"]
    heading, luxe, pv = sheet[start : start + 3]
    assert heading[1:] == ["BO", "SBO", "SO", "VSO", "VO", "PRO", "MBO", "geen", "onbekend", "Totaal"]
    assert luxe == ["Luxe", 0, 0, 0, 0, 6, 0, 0, 0, 0, 7]
    assert pv == ["PV luxe", *[0] * 9, 2]
    assert "geen: Geen inschrijving" in sheet[start + 4][0]


def test_in_openbaar_an_absent_row_may_be_up_to_four_and_a_figure_that_is_not_broken_down_says_nothing(tmp_path: Path):
    sheet = rows(tmp_path, "openbaar", PV, LUXE)
    assert next(row for row in sheet if row[0] == "Luxe")[1:6] == ["0–4", "0–4", "0–4", "0–4", 6]
    assert next(row for row in sheet if row[0] == "PV luxe")[1:] == [*[""] * 9, 2]


@pytest.mark.parametrize("zone", ["intern", "openbaar"])
def test_what_is_not_available_is_shown_by_its_sign_in_the_total_alone(tmp_path: Path, zone: str):
    sheet = rows(tmp_path, zone, figure(status="niet_beschikbaar", label="Geen", **{**TELLING, "indicator": "telling_16_uur_jongeren"}))
    assert next(row for row in sheet if row[0] == "Geen")[1:] == [*[""] * 9, "."]
