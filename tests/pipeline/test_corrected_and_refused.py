"""Corrections at the source reach last year's figures; refusals are reported first, and stop a strict night."""

import json
from dataclasses import dataclass

import duckdb
import pyarrow.parquet as pq
import pytest
from conftest import Place, copy_of

HEADER = (
    "MELDINGSNUMMER;DATUM_LAATSTE_MUTATIE;TIJDSTIP_LAATSTE_MUTATIE;STATUS;VERZUIMSOORT;BSN;BRIN;DATUM_BEGIN;DATUM_EINDE;"
    "DATUM_MELDING;UREN\n"
)
REJECTED = "2024990000"  # a melding in the example's delivery of June 2024 with a code that does not exist


def figures(place: Place) -> dict[tuple[str, str, str], int]:
    release = place.lake.published("intern") / "current" / "kerncijfers.parquet"
    return {
        (row["schooljaar"], row["gemeente_code"], row["indicator"]): row["waarde"]
        for row in pq.read_table(release).to_pylist()
        if row["waarde"] is not None
    }


def corrected() -> tuple[str, str]:
    """Return corrections of two meldingen of 2023-2024: one had a wrong soort, the other a code that does not exist.

    Returns:
        The number of the first, and the rows.
    """
    from orchestration import example

    meldingen = [m for m in example.world().meldingen if m.counts and m.soort == "O" and m.day.year == 2024 and m.day.month < 6]
    of_hengelo = [m for m in meldingen if m.person.in_monitor and m.person.gemeente(m.day) == "0164" and m.person.bsn]
    soorten = {id(m.person): 0 for m in meldingen}
    for melding in example.world().meldingen:
        if id(melding.person) in soorten and melding.counts:
            soorten[id(melding.person)] += 1
    once = [m for m in of_hengelo if soorten[id(m.person)] == 1 and m.person.age(m.day) < 18]
    rows = ""
    for melding, number in ((once[0], once[0].nummer), (once[1], REJECTED)):
        rows += f"{number};20250807;12:00:00;G;V3;{melding.person.bsn};{melding.brin};{melding.begin:%Y%m%d};{melding.day:%Y%m%d};"
        rows += f"{melding.day:%Y%m%d};20,5\n"
    return once[0].nummer, rows


def refuse(lake: Place) -> None:
    """Make a delivery whose file does not match the hash in its manifest."""
    folder = lake.lake.landing / "duo" / "20250809T020000"
    folder.mkdir(exist_ok=True)
    (folder / "verzuimmeldingen.csv").write_text(HEADER)
    listed = {"naam": "verzuimmeldingen.csv", "entiteit": "verzuimmelding", "sha256": "0" * 64, "rijen": 0}
    manifest = {"bron": "duo", "levering": folder.name, "kennisdatum": "2025-08-09T02:00:00+02:00", "aard": "mutatie"}
    (folder / "levering.json").write_text(json.dumps(manifest | {"bestanden": [listed]}))


@dataclass(frozen=True)
class Ran:
    """A copy of the published example after a night with one delivery of corrections and one that is refused."""

    place: Place
    corrected: str
    before: dict[tuple[str, str, str], int]
    told: str


@pytest.fixture(scope="module")
def ran(night, tmp_path_factory) -> Ran:
    place = copy_of(night, tmp_path_factory.mktemp("gecorrigeerd"))
    number, rows = corrected()
    file = place.root.parent / "verzuimmeldingen.csv"
    file.write_text(HEADER + rows)
    before = figures(place)
    made = place.leerplicht("deliver", "duo", str(file), "--aard", "mutatie", "--kennisdatum", "2025-08-08T02:00:00+02:00")
    assert made.returncode == 0, made.stderr
    refuse(place)
    done = place.leerplicht("run")
    assert done.returncode == 0, done.stderr
    return Ran(place, number, before, done.stdout)


def test_a_corrected_code_changes_last_years_figures_and_nothing_else(ran: Ran):
    after = figures(ran.place)
    changed = {cell: after[cell] - ran.before[cell] for cell in ran.before if after[cell] != ran.before[cell]}
    assert {cell[0] for cell in changed} == {"2023-2024"}
    assert changed["2023-2024", "0164", "relatief_16_uur_18_min"] == 2
    assert changed["2023-2024", "0164", "overig_verzuim"] == -1
    assert changed["2023-2024", "0164", "meldingen_totaal"] == 1
    assert ("2023-2024", "0164", "relatief_verzuim_jongeren") not in changed


def test_explain_shows_both_versions_of_a_corrected_melding(ran: Ran):
    told = ran.place.leerplicht("explain", ran.corrected, COLUMNS="200").stdout
    assert "20250808T020000" in told and "geldt" in told
    assert any(" O " in line for line in told.splitlines()) and any(" V3 " in line for line in told.splitlines())
    assert "telt in Hengelo 2023-2024" in told and "relatief_16_uur_18_min" in told
    told = ran.place.leerplicht("explain", REJECTED, COLUMNS="200").stdout
    assert "code_onbekend in VERZUIMSOORT (V9)" in told and "20240617T020000" in told
    assert "relatief_16_uur_18_min" in told


def test_a_refusal_is_reported_first_and_the_release_is_made_without_it(ran: Ran):
    first = ran.told[: ran.told.index("Wat is gelezen")]
    assert "duo/20250809T020000" in first.replace("\n", "") and "hash_wijkt_af" in first
    lake = ran.place.lake
    release = lake.published("intern") / "current"
    verdicts = {row["levering"]: row["oordeel"] for row in pq.read_table(release / "leveringen.parquet").to_pylist()}
    assert (verdicts["20250808T020000"], verdicts["20250809T020000"]) == ("geaccepteerd", "geweigerd")
    assert any(line["levering"] == "20250809T020000" for line in json.loads((release / "manifest.json").read_bytes())["leveringen"])
    with duckdb.connect(str(lake.warehouse_current), read_only=True) as connection:
        [(found,)] = connection.execute("select count(*) from kern.levering where oordeel = 'geweigerd'").fetchall()
    assert found == 1


def test_a_strict_night_publishes_nothing_while_a_refusal_stands(ran: Ran):
    published = ran.place.lake.published("intern") / "current"
    pointed_at = published.resolve()
    strict = ran.place.leerplicht("run", LEERPLICHT_STRICT="true")
    assert strict.returncode == 13
    assert "Niet gepubliceerd: een geweigerde levering houdt de publicatie tegen" in strict.stderr
    assert "duo/20250809T020000 (hash_wijkt_af)" in strict.stderr
    assert "Traceback" not in strict.stderr
    assert published.resolve() == pointed_at
