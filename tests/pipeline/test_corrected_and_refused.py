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
TWICE = "2024990901"  # a melding with two versions in the hour that comes twice
REJECTED = "2024990000"  # a melding in the example's delivery of June 2024 with a code that does not exist


def figures(place: Place) -> dict[tuple[str, str, str], int]:
    release = place.lake.published("intern") / "current" / "kerncijfers.parquet"
    return {
        (row["schooljaar"], row["gemeente_code"], row["indicator"]): row["waarde"]
        for row in pq.read_table(release).to_pylist()
        if row["waarde"] is not None
    }


def corrected() -> tuple[str, str, str]:
    """Return corrections of two meldingen of 2023-2024: one had a wrong soort, the other a code that does not exist.

    And a melding that is withdrawn in the hour that comes twice, by a clock that was set back after its first version.

    Returns:
        The number of the first, the rows of an earlier delivery, and those of a later one.
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
    school = f"{once[2].person.bsn};{once[2].brin};20241001;20241014;20241015;20,5\n"
    before, after = (f"{TWICE};20241027;{time};{status};V3;{school}" for time, status in (("02:45:00", "B"), ("02:10:00", "I")))
    return once[0].nummer, before, rows + after


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
    number, *deliveries = corrected()
    file = place.root.parent / "verzuimmeldingen.csv"
    before = figures(place)
    for day, rows in zip(("07", "08"), deliveries, strict=True):
        file.write_text(HEADER + rows)
        made = place.leerplicht("deliver", "duo", str(file), "--aard", "mutatie", "--kennisdatum", f"2025-08-{day}T02:00:00+02:00")
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


def test_the_later_delivery_counts_in_the_hour_that_comes_twice_and_explain_says_so(ran: Ran):
    told = ran.place.leerplicht("explain", TWICE, COLUMNS="200").stdout
    [current] = [line for line in told.splitlines() if line.strip().startswith("geldt")]
    assert "20250808T020000" in current and " I " in current
    assert "op 27-10-2024 kwam het uur van 02:00 tot 03:00 twee keer; van de 2 versies" in told
    assert "telt in geen cijfer: het telt niet mee: status I" in told
    assert "twee keer" not in ran.place.leerplicht("explain", ran.corrected, COLUMNS="200").stdout


def test_a_refusal_is_reported_and_the_release_is_made_without_it(ran: Ran):
    [came] = [line for line in ran.told.splitlines() if line.startswith("kwam ")]
    assert "1 geweigerd" in came and "duo/20250809T020000: hash_wijkt_af" in came
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
