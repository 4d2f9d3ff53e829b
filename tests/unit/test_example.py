"""The records of the example, counted independently, give the printed report; its files are reproducible and are accepted."""

import csv
import hashlib
import json
from decimal import Decimal
from pathlib import Path

import pytest
import truth
from stdnum.nl import bsn, onderwijsnummer

from expectations.contract import BRONNEN
from orchestration import example
from orchestration.deliveries import ingest
from orchestration.example import rows
from orchestration.example.schools import SCHOOLS
from orchestration.example.world import BORNE, HENGELO
from orchestration.lake import Lake
from orchestration.settings import PROJECT, Settings

AREAS = {"Hengelo": HENGELO, "Borne": BORNE, "Regio Twente": "regio"}
# the wrong figures of the printed report, and the correct ones
WRONG = {
    ("factsheet", "leerplichtigen", "Borne", "2023-2024"): "3.696",
    ("factsheet", "verzuimpercentage", "Hengelo", "2023-2024"): "4,29%",
    ("hoofdrapport", "verzuimpercentage", "Hengelo", "2023-2024"): "4,29%",
    ("hoofdrapport", "relatief_16_uur_18_plus", "Borne", "2024-2025"): "5",
}


def agrees(printed: str, ours: truth.Value) -> bool:
    if printed == "<5":
        return ours in (1, 2, 3, 4)
    return Decimal(printed.rstrip("%").replace(".", "").replace(",", ".")) == ours


def test_the_truth_gives_every_printed_figure_but_the_four_that_are_wrong():
    figures = truth.figures(example.world())
    with (PROJECT / "dbt_project/seeds/kern/gepubliceerd_cijfer.csv").open(encoding="utf-8") as file:
        cells = list(csv.DictReader(file))
    assert len(cells) == 125
    wrong = {}
    for cell in cells:
        ours = figures[cell["schooljaar"], AREAS[cell["gemeente"]], cell["indicator"]]
        if not agrees(cell["gepubliceerd"], ours):
            wrong[cell["document"], cell["indicator"], cell["gemeente"], cell["schooljaar"]] = ours
    assert wrong.keys() == WRONG.keys()
    assert all(agrees(WRONG[cell], ours) for cell, ours in wrong.items())


def test_every_number_is_valid_and_of_one_person():
    world = example.world()
    bsns = [person.bsn for person in world.persons if person.bsn]
    onderwijsnummers = [person.onderwijsnummer for person in world.persons if person.onderwijsnummer]
    assert all(len(number) == 9 and bsn.is_valid(number) for number in bsns)
    assert all(len(number) == 9 and onderwijsnummer.is_valid(number) for number in onderwijsnummers)
    numbers = bsns + onderwijsnummers
    assert len(numbers) == len(set(numbers)) == len(example.identifiers())
    assert any(number.startswith("00") for number in bsns)
    assert all(number.startswith(("99", "0")) for number in bsns), "a BSN that could exist"


def hashes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*") if path.is_file()
    }


def test_the_files_are_the_same_every_time(example_landing: Path, tmp_path: Path):
    example.world.cache_clear()
    example.write(Lake(tmp_path))
    assert hashes(tmp_path / "landing") == hashes(example_landing)


def test_every_delivery_is_taken_and_one_is_a_repeat(example_landing: Path, tmp_path: Path):
    lake = Lake(tmp_path / "meer")
    lake.root.mkdir()
    lake.landing.symlink_to(example_landing)
    settings = Settings(lake=lake.root, key_file=tmp_path / "sleutel" / "key")
    entries = [entry for bron in BRONNEN for entry in ingest.ingest(settings, bron, "test").entries]
    assert [entry.levering for entry in entries if entry.oordeel != "geaccepteerd"] == ["20250317T020000-nogmaals"]
    assert {code for entry in entries for part in entry.entiteiten for code in part.afgewezen_per_code} >= {
        "code_onbekend",
        "identificatie_ongeldig",
        "datum_buiten_bereik",
        "einddatum_ontbreekt",
        "einde_voor_begin",
        "waarde_ontbreekt",
    }
    assert sum(part.herhaald for entry in entries for part in entry.entiteiten) == 1


def test_all_formats_are_there(example_landing: Path):
    names = {path.suffix for path in example_landing.rglob("*") if path.is_file()}
    assert names == {".csv", ".xml", ".xlsx", ".json"}
    manifests = [json.loads(path.read_bytes()) for path in example_landing.rglob("levering.json")]
    assert {file["entiteit"] for manifest in manifests for file in manifest["bestanden"]} == {
        *("jongere", "woonperiode", "inschrijving", "kerncijfer"),
        *("verzuimmelding", "absoluut_verzuim", "koppeling"),
        *("incident", "interventie", "vrijstelling"),
        "vergelijkingscijfer",
    }


def test_the_schools_are_those_of_the_reference_table():
    with (PROJECT / "dbt_project/seeds/referentie/referentie__school.csv").open(encoding="utf-8") as file:
        rows = [(row["brin"], row["vestiging"], row["school"], row["gemeente_code"]) for row in csv.DictReader(file)]
    assert rows == [(school.brin, school.vestiging, school.name, school.gemeente) for school in SCHOOLS]


@pytest.mark.parametrize(("absoluut", "printed"), [(0, "0"), (1, "<5"), (4, "<5"), (5, "5")])
def test_the_monitor_hides_what_is_small_and_not_what_is_nothing(absoluut: int, printed: str):
    assert [row["waarde"] for row in rows.kerncijfers("2024-2025", "0147", 10_712, absoluut)] == ["10.712", printed]
