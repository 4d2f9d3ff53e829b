"""The command line as a whole: help loads quickly, and every command shows an example."""

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from orchestration.cli import SUBJECTS, app

COMMANDS = [command for commands in SUBJECTS.values() for command in commands.registered_commands]
HEAVY = {"dagster", "dbt", "duckdb", "great_expectations", "scipy", "pandas", "pyarrow", "pydantic", "filelock"}


def test_help_loads_nothing_that_takes_its_time():
    asked = "import sys; from orchestration.cli import app; print(*sys.modules)"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout.split()
    assert "typer" in told
    assert not HEAVY & {name.partition(".")[0] for name in told}


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name or command.callback.__name__)
def test_help_says_what_a_command_does_and_ends_with_its_examples(command):
    """One per line and never folded, on a narrow terminal too; `test_pasted_examples.py` runs them."""
    name = command.name or command.callback.__name__
    result = CliRunner().invoke(app, [name, "--help"], env={"COLUMNS": "60"})
    assert result.exit_code == 0
    assert command.callback.__doc__.split()[0] in result.output
    told, _, examples = result.output.rstrip("\n").partition("Voorbeelden:\n")
    assert examples.splitlines() == [f"  {line}" for line in command.epilog.splitlines()]
    assert examples and all(f"leerplicht {name}" in line for line in examples.splitlines())
    assert max(map(len, told.splitlines())) <= 60


def test_a_command_that_does_not_exist_is_a_mistake_in_typing():
    result = CliRunner().invoke(app, ["publiceren"])
    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_a_setting_that_cannot_be_is_named(monkeypatch):
    monkeypatch.setenv("LEERPLICHT_GEMEENTEN", "Hengelo")
    result = CliRunner().invoke(app, ["status"])
    assert result.exit_code == 2
    assert "LEERPLICHT_GEMEENTEN" in result.output


def test_a_command_that_is_given_from_a_folder_of_somebody_else_goes_on_from_the_root(monkeypatch, tmp_path):
    """As in `runuser -u leerplicht -- leerplicht run`, given by root at home: dbt would fail on that folder with a traceback."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("os.access", lambda path, _mode: path != ".")
    CliRunner().invoke(app, ["protect"])
    assert Path.cwd() == Path("/")
