"""The settings: read only from the environment, validated, and documented in the README."""

import re

import pytest
from pydantic import ValidationError

from orchestration.settings import PROJECT, Settings


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
    # `dev` passes its settings to Dagster's own process
    assert readers <= {"orchestration/commands/workshop.py"}
