"""Figures printed elsewhere count as public: what follows from them is reported, and nothing more is revealed."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest
from conftest import Night, copy_of

from expectations import reference
from orchestration.lake import Lake
from orchestration.publication import candidate, extract, register
from orchestration.publication.disclosure import certificate, elsewhere, knowledge, mask, proof, protection
from orchestration.publication.disclosure.loss import Loss
from orchestration.publication.disclosure.system import Cell, Interval
from orchestration.publication.printed import parse

SMALL = mask.small(5, hide_zeros=False)
SEED = Path(__file__).parents[2] / "dbt_project" / "seeds" / "referentie" / "referentie__gepubliceerd_cijfer.csv"
# what the main report itself reveals: three counts exactly, three narrowed
GIVEN_AWAY = {
    Cell("2023-2024", "0147", "absoluut_verzuim"),
    Cell("2024-2025", "0147", "absoluut_verzuim"),
    Cell("2023-2024", "0164", "pv_luxe_verzuim"),
    Cell("2023-2024", "0147", "pv_relatief_verzuim"),
    Cell("2023-2024", "0147", "haltstraf"),
    Cell("2023-2024", "0147", "juridisch_totaal"),
}


def rows(night: Night, name: str) -> list[dict[str, Any]]:
    return pq.read_table(night.release / f"{name}.parquet").to_pylist()


@pytest.fixture
def printed(night: Night) -> list[extract.Cell]:
    with duckdb.connect(str(night.lake.warehouse_current), read_only=True) as connection:
        return extract.cells(connection)


def remember(night: Night, lake: Lake, printed: list[extract.Cell]) -> elsewhere.Remembered:
    return elsewhere.remember(lake, printed, rows(night, "kerncijfers"), rows(night, "indicatoren"), SMALL)


def test_counts_revealed_by_the_printed_report_are_named_and_all_others_protected(
    night: Night, printed: list[extract.Cell], tmp_path: Path
) -> None:
    lake, printed = Lake(tmp_path), [cell for cell in printed if cell.document == "hoofdrapport"]
    remember(night, lake, printed)
    sums = extract.reference().sums
    chosen = [
        row for row in rows(night, "kerncijfers") if row["tabel"] in reference.in_report() and row["gemeente_code"] in ("0164", "0147")
    ]
    now = knowledge.figures(chosen, [], sums)
    earlier = proof.remembered(lake.proofs)
    found = protection.choose(now, earlier, SMALL, sums, Loss(rows(night, "indicatoren"), sums))
    assert set(found.lost) == GIVEN_AWAY
    said = {cell: found.signs.get(cell, Interval(value, value)) for cell, value in now.values.items()}
    asked = protection.requirements(now, earlier, SMALL, sums)
    known = protection.evidence(asked, said, found.tables, list(map(str, found.lost)))
    assert list(certificate.faults(known.public, known.relations, known.needed, known.tables)) == []
    assert {cell for cell, value in now.values.items() if value in SMALL} <= found.signs.keys()
    told = remember(night, lake, printed).told
    assert not {cell for cell in found.signs if cell in told.values and told.said(cell).exact}, (
        "what is printed cannot be withheld any more"
    )


def test_only_what_agrees_with_our_figures_tells_anything(night: Night, printed: list[extract.Cell], tmp_path: Path) -> None:
    found = remember(night, Lake(tmp_path), printed)
    assert {(cell.indicator, cell.gemeente, cell.schooljaar) for cell in found.untrue} == {
        ("leerplichtigen", "Borne", "2023-2024"),
        ("verzuimpercentage", "Hengelo", "2023-2024"),
        ("relatief_16_uur_18_plus", "Borne", "2024-2025"),
    }
    assert found.told.said(Cell("2024-2025", "0147", "haltstraf")) == Interval(1, 4)
    assert all(found.told.values[cell] in found.told.said(cell) for cell in found.told.values)


def test_a_printed_rate_tells_its_numerator(night: Night, printed: list[extract.Cell], tmp_path: Path) -> None:
    rates = [cell for cell in printed if cell.indicator == "verzuimpercentage" and cell.gemeente == "Borne"]
    found = remember(night, Lake(tmp_path), rates)
    assert found.told.said(Cell("2024-2025", "0147", "totaal_jongeren")) == Interval(137, 137)  # 136,9 to 137,2 of 3.694


def test_a_rate_with_fewer_decimals_is_true_and_tells_less(night: Night, printed: list[extract.Cell], tmp_path: Path) -> None:
    [rate] = [one for one in printed if one.key[1:] == ("verzuimpercentage", "Borne", "2024-2025")][:1]
    found = remember(night, Lake(tmp_path), [replace(rate, printed=parse("3,7%"))])
    assert found.untrue == ()
    assert found.told.said(Cell("2024-2025", "0147", "totaal_jongeren")) == Interval(135, 138)  # 134,8 to 138,5 of 3.694


def test_it_is_remembered_once_and_for_good(night: Night, tmp_path: Path) -> None:
    place = copy_of(night, tmp_path)
    first, second = (place.leerplicht("remember", str(SEED)) for _ in range(2))
    assert first.returncode == second.returncode == 0, first.stderr
    assert "zijn vanaf nu bekend" in first.stdout and "waren al bekend" in second.stdout
    [name] = register.elsewhere(place.lake)
    candidate.begin(place.lake, "openbaar")
    assert proof.remembered(place.lake.proofs)[-1].release == name, "a night forgets proofs of what nobody saw, not this"
    then = Lake(tmp_path / "toen")
    register.remember(place.lake, then, [name])
    assert proof.remembered(then.proofs)[-1].partial


def test_a_file_that_is_no_report_is_named(night: Night, tmp_path: Path) -> None:
    wrong = tmp_path / "gedrukt.csv"
    wrong.write_text("document,tabel\nfactsheet,incidenten\n", encoding="utf-8")
    found = night.place.leerplicht("remember", str(wrong))
    assert found.returncode == 1 and "gedrukt.csv, regel 1: kolom indicator ontbreekt" in found.stdout + found.stderr
