"""The settings: read only from the environment, validated, and documented in the README."""

import re
import subprocess

import pytest
from pydantic import ValidationError

from orchestration.settings import PROJECT, Settings, fault


def test_every_setting_stands_in_the_readme_with_its_description():
    readme = (PROJECT / "README.md").read_text()
    for name, field in Settings.model_fields.items():
        row = re.search(rf"^\| `LEERPLICHT_{name.upper()}` \| (.+?) \| (.+) \|$", readme, re.MULTILINE)
        assert row, f"{name} is missing from the README"
        assert row[2] == field.description


def test_gemeenten_are_separated_by_commas(monkeypatch):
    monkeypatch.setenv("LEERPLICHT_GEMEENTEN", "0164, 0153")
    assert Settings().gemeenten == ("0164", "0153")


@pytest.mark.parametrize("value", ["", "164", "0164,0164", "Hengelo"])
def test_gemeenten_that_are_no_codes_are_refused(monkeypatch, value):
    monkeypatch.setenv("LEERPLICHT_GEMEENTEN", value)
    with pytest.raises(ValidationError):
        Settings()


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("GEMENTEN", "is LEERPLICHT_GEMEENTEN bedoeld?"), ("LAEK", "is LEERPLICHT_LAKE bedoeld?"),
        ("KEY", "is LEERPLICHT_KEY_FILE bedoeld?"),
        ("gementen", "is LEERPLICHT_GEMEENTEN bedoeld?"), ("ZZZ", "de README noemt alle instellingen"), ("", "de README noemt alle"),
    ],
)  # fmt: skip
def test_a_variable_that_is_no_setting_is_named_with_the_one_it_resembles(monkeypatch, name, says):
    monkeypatch.setenv(f"LEERPLICHT_{name}", "geheim")
    with pytest.raises(ValidationError) as refused:
        Settings(lake="meer")
    assert fault(refused.value).startswith(f"LEERPLICHT_{name} is geen instelling; {says}")
    assert "geheim" not in fault(refused.value)


def test_a_setting_in_lower_case_counts(monkeypatch):
    monkeypatch.setenv("leerplicht_gemeenten", "0153")
    assert Settings().gemeenten == ("0153",)


def test_an_unknown_gemeentecode_is_named_with_the_place_to_add_it(monkeypatch):
    monkeypatch.setenv("LEERPLICHT_GEMEENTEN", "0164,9999")
    with pytest.raises(ValidationError) as refused:
        Settings()
    told = fault(refused.value)
    assert told.startswith("instelling LEERPLICHT_GEMEENTEN: gemeentecode 9999 is onbekend; ")
    assert "referentie__gemeente.csv" in told
    assert "0164" not in told


def test_every_variable_that_the_repository_names_is_a_setting():
    """Files that set or read another one would make every command refuse to start."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    texts = [(PROJECT / name).read_bytes().decode(errors="ignore") for name in listed.split("\0") if name and (PROJECT / name).is_file()]
    named = {found for text in texts for found in re.findall(r"\bLEERPLICHT_([A-Z_]*[A-Z])\b", text)}
    assert named == {name.upper() for name in Settings.model_fields}


def test_paths_are_absolute(monkeypatch):
    monkeypatch.setenv("LEERPLICHT_LAKE", "~/meer")
    assert Settings().lake.is_absolute()
    assert "~" not in str(Settings().lake)


def test_nothing_else_reads_the_environment():
    readers = {
        path.relative_to(PROJECT).as_posix()
        for folder in ("orchestration", "expectations")
        for path in (PROJECT / folder).rglob("*.py")
        if re.search(r"os\.environ|getenv", path.read_text())
    }
    # `dev`, `daemon` and `webserver` pass their settings to Dagster's own process
    assert readers <= {"orchestration/settings.py", "orchestration/commands/services.py"}


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("MAX_REJECTED_SHARE", "2", "geef hoogstens 1.0"), ("MAX_REJECTED_SHARE", "-0.1", "geef minstens 0.0"),
        ("MAX_REJECTED_SHARE", "veel", "geef een getal, met een punt voor de decimalen"),
        ("MAX_REJECTED_ROWS", "1,5", "geef een geheel getal"),
        ("MAX_REJECTED_ROWS", "1.5", "geef een geheel getal"), ("STRICT", "misschien", "geef true of false"),
        ("OPENBAAR", "nooit", "kies uit 'jaarlijks' of 'op_verzoek'"), ("EERSTE_SCHOOLJAAR", "2024", "geef zoiets als 2024-2025"),
        ("PUBLISHER", "Hengelo", "geef zoiets als 0164"), ("CONTACT", "-", "geef zoiets als leerplicht@gemeente.example"),
        ("LICENCE", "eigen", "geef zoiets als https://creativecommons.org/licenses/by/4.0/"),
        ("KNOWN_AT", "2025-01-01", "geef ook de afstand tot UTC, zoals 2025-01-01T00:00+01:00"),
        ("KNOWN_AT", "gisteren", "geef een tijdstip, zoals 2025-01-01T00:00+01:00"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_a_dutch_sentence_that_says_what_is_right(monkeypatch, name, value, says):
    monkeypatch.setenv(f"LEERPLICHT_{name}", value)
    with pytest.raises(ValidationError) as refused:
        Settings()
    assert fault(refused.value) == f"instelling LEERPLICHT_{name}: {says}"


def test_the_example_of_a_setting_is_right():
    with_example = {name: field.examples[0] for name, field in Settings.model_fields.items() if field.examples}
    assert len(with_example) > 4
    assert Settings(**with_example).publisher == "0164"


def test_the_variables_of_an_environment_read_back_as_the_same_settings_without_the_secret_ones(monkeypatch: pytest.MonkeyPatch):
    given = {
        "LEERPLICHT_ALARM_URLS": "json://127.0.0.1/geheim",
        "LEERPLICHT_DAGSTER_STORAGE": "postgresql+psycopg2://u:geheim@localhost/d",
        "LEERPLICHT_DELIVERY_DAYS": "carel=7,duo=1",
        "LEERPLICHT_GEMEENTEN": "0164,0147",
        "LEERPLICHT_STRICT": "true",
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    variables = Settings().variables()
    assert "geheim" not in str(variables) and "*" not in str(variables)
    assert {name: variables.get(name) for name in given if name in variables} == {
        name: value for name, value in given.items() if name not in ("LEERPLICHT_ALARM_URLS", "LEERPLICHT_DAGSTER_STORAGE")
    }
