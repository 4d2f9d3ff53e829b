"""Small deliveries after public bug reports (`tests/cases/`): what `leerplicht check` says of each. All persons are fictitious."""

from datetime import datetime
from pathlib import Path

import pytest

from expectations.contract import BRONNEN
from orchestration.deliveries.check import Checked, check_files
from orchestration.errors import LeerplichtError
from orchestration.settings import Settings

pytestmark = pytest.mark.usefixtures("reading_in_a_thread")
CASES = Path(__file__).parents[1] / "cases"
READ = {
    "carel-csv-d-m-yyyy": 10,
    "carel-csv-utf8-bom": 10,
    "csv-empty-tail-rows": 10,
    "csv-name-with-space": 10,
    "csv-sep-line": 10,
    "xlsx-text-d-m-yyyy": 10,
    "xml-list-wrapper": 10,
}
REJECTED = {
    "csv-bsn-8-digits": (8, "BSN", "identificatie_ongeldig", "99999999 (8 cijfers; een rekenblad laat nullen vooraan weg)"),
    "csv-bsn-apostrophe": (10, "BSN", "identificatie_ongeldig", "'999999999"),
    "csv-bsn-dots": (10, "BSN", "identificatie_ongeldig", "9999.99.999"),
    "csv-bsn-float": (10, "BSN", "identificatie_ongeldig", "999999999.0"),
    "csv-bsn-formula": (10, "BSN", "identificatie_ongeldig", '="999999999"'),
    "csv-own-in-bsn": (10, "BSN", "identificatie_ongeldig", "999999999 (een onderwijsnummer)"),
    "xlsx-error-cell-end-date": (1, "DATUM_EINDE", "datum_ongeldig", "#N/A"),
    "xlsx-error-cell-req-date": (1, "DATUM_INGANG", "datum_ongeldig", "#N/A"),
    "xlsx-formula-error": (1, "BRIN", "code_onbekend", "#N/A"),
    "xlsx-formula-uncached": (10, "BSN", "identificatie_ongeldig", "#GEEN_UITKOMST"),
    "xml-bsn-9-spaces": (10, "BSN", "identificatie_ongeldig", "9999 99999"),
}
REFUSED = {
    "csv-empty": "is leeg: er staat geen kopregel in",
    "csv-name-dated": f"geef --bron {'|'.join(BRONNEN)}, of zeg wat erin staat: duo levert bijvoorbeeld verzuimmelding=bestand.csv",
    "csv-tabs": "regel 1 past bij een tab als scheidingsteken; afgesproken is ;",
    "xlsx-header-merged": "de cellen A1:F1 zijn samengevoegd",
    "xml-declared-utf16-is-utf8": "zegt op regel 1 dat de codering utf-16 is, en dat is niet zo",
}
UNKNOWN_COLUMNS = "optional-header-typo"


def check(case: str, tmp_path: Path) -> Checked:
    settings = Settings(lake=tmp_path / "lake", key_file=tmp_path / "key")
    moment = "2023-09-03T02:00:00+01:00" if case.startswith("xlsx") else "2025-03-03T02:00:00+01:00"
    return check_files(settings, None, [str(file) for file in sorted((CASES / case).iterdir())], None, datetime.fromisoformat(moment))


def test_every_case_has_its_expectation():
    assert {folder.name for folder in CASES.iterdir()} == {*READ, *REJECTED, *REFUSED, UNKNOWN_COLUMNS}


@pytest.mark.parametrize("case", READ)
def test_read(tmp_path: Path, case: str):
    entry = check(case, tmp_path).entry
    (entity,) = entry.entiteiten
    assert (entry.oordeel, entity.geladen, entity.afgewezen) == ("geaccepteerd", READ[case], 0)


@pytest.mark.parametrize("case", REJECTED)
def test_rows_are_rejected_by_their_cause(tmp_path: Path, case: str):
    number, *cause = REJECTED[case]
    (rows,) = check(case, tmp_path).rejected.values()
    assert [[row["kolom"], row["code"], row["waarde"]] for row in rows] == [cause] * number


@pytest.mark.parametrize("case", REFUSED)
def test_refused_by_a_sentence_that_names_the_file_and_the_cause(tmp_path: Path, case: str):
    with pytest.raises(LeerplichtError) as refused:
        check(case, tmp_path)
    (file,) = (CASES / case).iterdir()
    assert REFUSED[case] in str(refused.value)
    assert file.name in str(refused.value) or case == "csv-name-dated"


def test_unknown_columns_are_named_with_what_they_resemble(tmp_path: Path):
    named = {entity.entiteit: entity.kolommen_onbekend for entity in check(UNKNOWN_COLUMNS, tmp_path).entry.entiteiten}
    assert named == {
        "jongere": ("DATUM_STARTKWAL (lijkt op DATUM_STARTKWALIFICATIE)",),
        "woonperiode": ("DATUM VERTREK (lijkt op DATUM_VERTREK)",),
    }
