"""What happens to gemeenten and persons in one night: a merger in mid-year, a BSN that changed twice, a birth date that is not complete.

0164 becomes 1992 on 1 January 2025, a merger that never was. The gemeente serves 1992 and 0147, and gives the merger in a file of its own.
"""

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from conftest import Place, once, place
from leveringen import Landing, bsn, melding, to_csv

KNOWN = "2025-08-04T02:00:00+02:00"
OLD, NEWER, NEWEST = (bsn(30_000_000 + number) for number in range(3))
BEFORE, AFTER, HALF = (bsn(40_000_000 + number) for number in range(3))


def person(number: str, born: str = "2010-02-03") -> dict[str, str]:
    return {"BSN": number, "ONDERWIJSNUMMER": "", "GEBOORTEDATUM": born, "GESLACHT": "V"}


def home(number: str, code: str, begin: str = "2010-02-03", end: str = "") -> dict[str, str]:
    return {"BSN": number, "GEMEENTECODE": code, "DATUM_VESTIGING": begin, "DATUM_VERTREK": end}


def case(nummer: int, number: str, day: str) -> dict[str, str]:
    dates = {"DATUM_BEGIN": day, "DATUM_EINDE": day, "DATUM_MELDING": day, "DATUM_LAATSTE_MUTATIE": day}
    return melding(nummer, **dates, BSN=number, VERZUIMSOORT="V3")


def _night(folder: Path) -> Place:
    landing, here = Landing(folder), place(folder)
    register = {
        "jongere": [person(OLD, "2010-05-06"), person(NEWEST), person(BEFORE), person(AFTER), person(HALF, "2009-00-00")],
        "woonperiode": [
            *(home(number, "0164", end="2025-01-01") for number in (BEFORE, AFTER, HALF, OLD)),
            *(home(number, "1992", "2025-01-01") for number in (BEFORE, AFTER, HALF, NEWEST)),
            home(NEWER, "9999", "2005-01-01", "2006-01-01"),
        ],
        "bsn_wijziging": [
            {"BSN_OUD": OLD, "BSN": NEWER, "DATUM_WIJZIGING": "2024-01-01"},
            {"BSN_OUD": NEWER, "BSN": NEWEST, "DATUM_WIJZIGING": "2025-02-01"},
        ],
    }
    files = {f"{name}.csv": to_csv(rows) for name, rows in register.items()}
    counts = {f"{name}.csv": len(rows) for name, rows in register.items()}
    entities = {f"{name}.csv": name for name in register}
    landing.write("monitor", files, bron="monitor", entiteit=entities, rijen=counts, kennisdatum=KNOWN, aard="volledig")
    days = [(OLD, "2024-09-10"), (NEWER, "2024-11-11"), (NEWEST, "2025-03-03"), (BEFORE, "2024-10-10"), (AFTER, "2025-02-02")]
    rows = [case(nummer, number, day) for nummer, (number, day) in enumerate([*days, (HALF, "2025-04-04")], 1)]
    landing.meldingen("duo", rows, kennisdatum=KNOWN)
    signal = {"SIGNAALNUMMER": "S1", "DATUM_LAATSTE_MUTATIE": "2024-12-20", "BSN": BEFORE, "ONDERWIJSNUMMER": "", "STATUS": "open"}
    signal |= {"DATUM_BEGIN": "2024-12-20", "DATUM_EINDE": ""}
    landing.write("signalen", {"absoluut_verzuim.csv": to_csv([signal])}, entiteit="absoluut_verzuim", kennisdatum=KNOWN)
    (folder / "opvolgers.csv").write_text("gemeente_code;opvolger;vanaf\n0164;1992;2025-01-01\n")
    merged = {"LEERPLICHT_GEMEENTEN": "1992,0147", "LEERPLICHT_GEMEENTE_OPVOLGERS": str(folder / "opvolgers.csv")}
    told = here.leerplicht("run", **merged)
    assert told.returncode == 0, told.stdout + told.stderr
    return here


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return once(tmp_path_factory, "levens", _night)


@pytest.fixture(scope="module")
def rows(lived: Place) -> dict[tuple[str, str], dict[str, Any]]:
    release = (lived.lake.published("intern") / "current").resolve()
    found = pq.read_table(release / "kerncijfers.parquet").to_pylist()
    return {(row["gemeente_code"], row["indicator"]): row for row in found}


def explained(here: Place, number: str) -> list[dict[str, Any]]:
    told = here.leerplicht("explain", number, "--json")
    assert told.returncode == 0, told.stderr
    found: list[dict[str, Any]] = json.loads(told.stdout)["records"]
    return found


def test_the_successor_has_the_facts_of_before_and_after(rows):
    """Five persons, one of whom had three numbers; on 1 October all lived in what is 1992 now."""
    assert rows["1992", "meldingen_totaal"]["waarde"] == 6
    assert rows["1992", "relatief_16_uur_18_min"]["waarde"] == 4
    assert rows["1992", "leerplichtigen"]["waarde"] == 4
    assert rows["0147", "meldingen_totaal"]["waarde"] == 0
    assert not [area for area, _ in rows if area == "0164"]


def test_every_series_of_the_successor_breaks_and_says_why(rows):
    broken = rows["1992", "luxe_verzuim"]
    assert (broken["trendbreuk"], broken["trendbreuk_reden"]) == (True, "Herindeling: Hengelo is sinds 01-01-2025 deel van Voorne aan Zee.")
    assert rows["regio", "luxe_verzuim"]["trendbreuk"]
    assert not rows["0147", "luxe_verzuim"]["trendbreuk"]
    more = "Vanaf 2024-2025 telt een spreekuur of lang ziek zijn als melding van overig verzuim."
    assert rows["1992", "overig_verzuim"]["trendbreuk_reden"] == f"{more} · {broken['trendbreuk_reden']}"


def test_explain_says_how_a_fact_of_before_came_to_the_successor(lived):
    [before], [after] = explained(lived, "M4"), explained(lived, "M5")
    merger = "gemeente 0164 is daarin opgegaan op 01-01-2025 en telt in alle jaren mee"
    assert [line for line in before["plaats"] if merger in line and "(1992)" in line]
    assert not [line for line in after["plaats"] if "opgegaan" in line]


def test_a_bsn_that_changed_twice_is_one_jongere_and_the_newest_row_counts(lived, rows):
    found = [explained(lived, nummer)[0] for nummer in ("M1", "M2", "M3")]
    [jongere] = {one["jongere_id"] for one in found}
    assert ["het nieuwste telt" in one["plaats"][0] for one in found] == [True, True, False]
    assert rows["1992", "herhaalverzuim_jongeren"]["waarde"] == 1
    whole = {one["nummer"] for one in explained(lived, jongere)}
    assert whole == {"M1", "M2", "M3"}


def test_who_has_no_full_birth_date_is_in_numerator_and_denominator(lived, rows):
    """Born in 2009 without a day: 1 July, so plichtig in October 2024 and on the day of the melding."""
    [half] = explained(lived, "M6")
    counted = {row["indicator"] for row in half["cijfers"]}
    assert {"telling_16_uur_jongeren", "ocw_relatief_jongeren"} <= counted
    assert rows["1992", "ocw_relatief_per_1000"]["teller"] == rows["1992", "ocw_relatief_per_1000"]["noemer"] == 4
    quality = pq.read_table((lived.lake.published("intern") / "current").resolve() / "kwaliteit.parquet").to_pylist()
    warned = {row["code"]: row["aantal"] for row in quality if row["ernst"] == "waarschuwing" and row["bron"] == "monitor"}
    assert warned["geboortedatum_onvolledig"] == 1
    assert warned["gemeente_onbekend"] == 1, "9999 is in no list"
