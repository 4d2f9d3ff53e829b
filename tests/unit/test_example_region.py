"""The deliveries of the region are reproducible, accepted, consistent with its records, and generated in constant memory."""

import csv
import json
import re
import tracemalloc
from itertools import islice
from pathlib import Path

import pytest
from stdnum.nl import bsn

from expectations.contract import BRONNEN
from expectations.reference import rows
from orchestration.deliveries import ingest
from orchestration.deliveries.ledger import LedgerEntry
from orchestration.example import numbers, region
from orchestration.example.region.people import CHANCES
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


@pytest.mark.parametrize(
    ("extent", "digits"), [(region.TEN_YEARS, "99"), (region.times(8), "9"), (region.nation(2015), "9")], ids=["region", "8 ×", "nation"]
)
def test_there_are_enough_numbers(extent: region.Extent, digits: str):
    most = extent.people
    assert all(number.startswith(digits) for number in islice(numbers.many_bsns(extent.supply), 0, most, 1000))
    found = list(islice(numbers.many_bsns(extent.supply), most - 1000, most))
    assert len(set(found)) == 1000
    assert all(bsn.is_valid(number) for number in found)
    for supply, name in ((numbers.bsns_with_zeros, "zeros"), (numbers.onderwijsnummers, "onderwijsnummer")):
        enough = round(most * CHANCES[name] * 1.2)
        assert len(set(islice(supply(extent.supply), enough))) == enough


def test_the_nation_has_the_gemeenten_of_today_and_its_persons():
    nation = region.nation()
    assert set(nation.gemeenten) == {row["gemeente_code"] for row in rows("gemeente") if not row["geldig_tot"]}
    assert 17_500 < sum(nation.gemeenten.values()) < 18_100
    assert nation.people / region.TWENTE.people * 21 / 20 == pytest.approx(sum(nation.gemeenten.values()) / 636, rel=0.01)
    assert (nation.fits_a_sheet, region.nation(2015).fits_a_sheet) == (True, False)


def test_more_regions_have_as_many_more_persons_and_gemeenten():
    for factor in (4, 8):
        made = region.times(factor)
        assert (len(made.gemeenten), sum(made.gemeenten.values())) == (14 * factor, 636 * factor)
        assert (made.people, made.schooljaren) == (200_000 * factor, region.TWENTE.schooljaren)


@pytest.mark.parametrize("extent", [region.TWENTE, region.TEN_YEARS, region.times(8), region.nation()], ids=["1", "10", "8 ×", "nation"])
def test_every_gemeente_has_schools_of_its_own(extent: region.Extent):
    made = {extent.school("90AF", code, nth) for code in extent.gemeenten for nth in range(extent.vestigingen)}
    assert len(made) == len(extent.gemeenten) * extent.vestigingen
    assert all(re.fullmatch("9[0-9]AF", brin) and re.fullmatch("[0-9]{2}", vestiging) for brin, vestiging in made)


def test_a_register_that_no_sheet_can_hold_is_a_csv(tmp_path: Path):
    region.write(Lake(tmp_path), region.nation(2015), share=0.00001)
    assert {path.suffix for path in tmp_path.glob("landing/carel/*/*")} == {".csv", ".json"}


def test_the_nation_is_accepted(tmp_path: Path):
    lake = Lake(tmp_path / "meer")
    region.write(lake, region.nation(), share=0.0005)
    settings = Settings(lake=lake.root, key_file=tmp_path / "sleutel")
    entries = [entry for bron in BRONNEN for entry in ingest.ingest(settings, bron, "test").entries]
    assert {bron: sum(entry.bron == bron for entry in entries) for bron in BRONNEN if bron != "vergelijking"} == {
        "monitor": 4,
        "duo": 12,
        "carel": 6,
    }
    assert {entry.oordeel for entry in entries} == {"geaccepteerd"}


def test_every_kind_of_event_happens_in_every_schooljaar(entries: list[LedgerEntry]):
    loaded = {(entry.levering[:4], part.entiteit) for entry in entries for part in entry.entiteiten if part.geladen}
    for year in ("2022", "2023", "2024", "2025"):
        assert {(year, "verzuimmelding"), (year, "incident"), (year, "interventie"), (year, "vrijstelling")} <= loaded
        assert {(year, "verlofaanvraag"), (year, "thuiszitter_geoorloofd")} <= loaded


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
