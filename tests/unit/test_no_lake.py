"""A folder without a lake: some commands create one, all others stop with one sentence and do not change the folder."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from orchestration.cli import SUBJECTS, app
from orchestration.lake import Lake

DAGSTER = {"code_server", "daemon", "dev", "webserver"}
NEED_NONE = DAGSTER | {"alarm", "check", "deliver", "docs", "example", "healthcheck", "install", "restore"}
ARGUMENTS = {
    "backup": ["kopie", "--key", "sleutel.key"],
    "restore": ["kopie", "--key", "sleutel.key"],
    "disclose": ["--bsn-file", "nummer.txt", "--out", "inzage.md"],
    "erase": ["--bsn-file", "nummer.txt", "--because", "x"],
    "rotate_key": ["--because", "x"],
    "accept": ["duo/20250303T020000", "--because", "x"],
    "withdraw": ["duo/20250303T020000", "--because", "x"],
    "approve": ["current", "--by", "x"],
    "diff": ["20250801"],
    "explain": ["1"],
    "query": ["select 1"],
    "remember": ["gedrukt.csv"],
    "verify": ["current"],
}
NEED_ONE = sorted(
    {str(command.callback.__name__) for commands in SUBJECTS.values() for command in commands.registered_commands} - NEED_NONE
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder, without a setting for the lake."""
    monkeypatch.delenv("LEERPLICHT_LAKE", raising=False)
    monkeypatch.setenv("LEERPLICHT_KEY_FILE", str(tmp_path / "sleutel"))
    here = tmp_path / "hier"
    here.mkdir()
    monkeypatch.chdir(here)
    return here


@pytest.mark.parametrize("name", NEED_ONE)
def test_a_command_that_needs_a_lake_says_that_there_is_none(folder: Path, name: str):
    result = CliRunner().invoke(app, [name.replace("_", "-"), *ARGUMENTS.get(name, [])])
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert f"er is geen meer in {folder / 'data_lake'}" in result.stderr
    assert "leerplicht example" in result.stderr
    assert not list(folder.iterdir())


def test_a_folder_that_holds_only_a_readme_and_what_tools_keep_is_no_lake(folder: Path):
    (folder / "data_lake" / "werk" / "dbt").mkdir(parents=True)
    (folder / "data_lake" / "README.md").touch()
    assert not Lake(folder / "data_lake").exists
    assert CliRunner().invoke(app, ["status"]).exit_code == 2


def test_the_example_makes_a_lake_in_the_current_folder(folder: Path):
    result = CliRunner().invoke(app, ["example"])
    assert result.exit_code == 0
    assert [path.name for path in folder.iterdir()] == ["data_lake"]
    assert Lake(folder / "data_lake").exists
    assert CliRunner().invoke(app, ["status"]).exit_code == 0


def test_a_folder_that_cannot_be_entered_is_a_sentence(folder: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(path: Path) -> bool:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "is_dir", refuse)
    result = CliRunner().invoke(app, ["status"])
    assert result.exit_code == 2
    assert result.stderr == f"✗ Permission denied: {folder / 'data_lake' / 'landing'}\n"
