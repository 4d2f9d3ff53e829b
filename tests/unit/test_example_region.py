"""The deliveries of the region are reproducible, accepted, consistent with its records, and generated in constant memory."""

import csv
import json
import tracemalloc
from pathlib import Path

import pytest

from expectations.contract import BRONNEN
from expectations.reference import rows
from orchestration.deliveries import ingest
from orchestration.deliveries.ledger import LedgerEntry
from orchestration.example import region
from orchestration.example.world import is_leerplichtige
from orchestration.lake import Lake
from orchestration.settings import Settings

SHARE = 0.01


@pytest.fixture(scope="module")
def landing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    lake = Lake(tmp_path_factory.mktemp("region"))
    region.write(lake, share=SHARE)
    return lake.landing


@pytest.fixture(scope="module")
def entries(landing: Path, tmp_path_factory: pytest.TempPathFactory) -> list[LedgerEntry]:
    folder = tmp_path_factory.mktemp("gelezen")
    lake = Lake(folder / "meer")
    lake.root.mkdir()
    lake.landing.symlink_to(landing)
    settings = Settings(lake=lake.root, key_file=folder / "sleutel")
    return [entry for bron in BRONNEN for entry in ingest.ingest(settings, bron, "test").entries]


def records(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter=";"))


def test_the_gemeenten_are_those_of_the_regio_in_the_reference_table():
    assert {row["gemeente_code"] for row in rows("gemeente") if row["rmc_regio"] == "12"} == set(region.TWENTE.gemeenten)


def test_every_delivery_is_taken_and_some_rows_are_not(entries: list[LedgerEntry]):
    assert {entry.oordeel for entry in entries} == {"geaccepteerd"}
    assert {bron: sum(entry.bron == bron for entry in entries) for bron in ("monitor", "duo", "carel")} == {
        "monitor": 5,
        "duo": 16,
        "carel": 8,
    }
    codes = {code for entry in entries for part in entry.entiteiten for code in part.afgewezen_per_code}
    assert codes == {"code_onbekend", "identificatie_ongeldig", "datum_buiten_bereik", "einddatum_ontbreekt", "einde_voor_begin"}
    assert sum(part.afgewezen for entry in entries for part in entry.entiteiten) == 5 * 2 + 8 * 4


def test_the_files_are_the_same_every_time_and_of_all_formats(landing: Path, tmp_path: Path):
    region.write(Lake(tmp_path), share=SHARE)
    again = {path.relative_to(tmp_path / "landing"): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert again == {path.relative_to(landing): path.read_bytes() for path in landing.rglob("*") if path.is_file()}
    assert {path.suffix for path in again} == {".csv", ".xml", ".xlsx", ".json"}


def test_as_many_are_plichtig_as_the_region_has(landing: Path):
    kerncijfers = records(landing / "monitor" / "20250804T060000" / "kerncijfers.csv")
    for schooljaar in region.TWENTE.schooljaren:
        name = schooljaar.name.replace("-", " / ")
        waarden = [row["WAARDE"] for row in kerncijfers if (row["SCHOOLJAAR"], row["INDICATOR"]) == (name, "leerplichtigen")]
        plichtig = sum(
            person.in_monitor and person.gemeente(schooljaar.peildatum) is not None and is_leerplichtige(person, schooljaar.peildatum)
            for world in region.worlds(share=SHARE)
            for person in world.persons
        )
        assert len(waarden) == len(region.TWENTE.gemeenten)
        assert sum(int(waarde.replace(".", "")) for waarde in waarden) == plichtig
        assert 110_000 < plichtig / SHARE < 130_000


def test_everybody_has_numbers_of_their_own():
    numbers = [number for world in region.worlds(share=0.05) for p in world.persons for number in (p.bsn, p.onderwijsnummer) if number]
    assert len(numbers) == len(set(numbers))


def test_there_are_enough_numbers_for_the_whole_region():
    from itertools import islice

    from stdnum.nl import bsn

    from orchestration.example import numbers

    most = region.TEN_YEARS.people
    found = list(islice(numbers.many_bsns(), most))
    assert len(set(found)) == most
    assert all(number.startswith("99") for number in found)
    assert all(bsn.is_valid(number) for number in found[::1000])


def test_every_kind_of_event_happens_in_every_schooljaar(entries: list[LedgerEntry]):
    loaded = {(entry.levering[:4], part.entiteit) for entry in entries for part in entry.entiteiten if part.geladen}
    for year in ("2022", "2023", "2024", "2025"):
        assert {(year, "verzuimmelding"), (year, "incident"), (year, "interventie"), (year, "vrijstelling")} <= loaded


def test_manifests_count_what_their_files_hold(landing: Path):
    for path in landing.glob("monitor/*/levering.json"):
        for file in json.loads(path.read_bytes())["bestanden"]:
            assert len(records(path.parent / file["naam"])) == file["rijen"]


def test_memory_does_not_grow_with_the_region(tmp_path: Path):
    def peak(share: float) -> int:
        tracemalloc.start()
        region.write(Lake(tmp_path / str(share)), share=share)
        _, highest = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return highest

    peak(0.001)  # what is loaded and cached once
    assert peak(0.016) < 1.3 * peak(0.004)
