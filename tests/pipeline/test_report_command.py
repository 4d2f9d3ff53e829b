"""`leerplicht report` on the command line: its files, its output, and one sentence for a mistake."""

import json
from pathlib import Path

import pytest
from python_calamine import load_workbook
from typer.testing import CliRunner, Result

from orchestration.cli import app
from orchestration.publication.renderings import folder


@pytest.fixture
def leerplicht(night, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Run the command on the published example, from an empty folder."""
    monkeypatch.setenv("LEERPLICHT_LAKE", str(night.lake.root))
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> Result:
        result = CliRunner().invoke(app, ["report", *arguments])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        assert "Traceback" not in result.output
        return result

    return run


def test_of_an_earlier_year_and_one_gemeente_by_a_name_that_is_begun(leerplicht, night, tmp_path: Path):
    name = (night.lake.published("openbaar") / "current").readlink().name
    made = leerplicht("--schooljaar", "2023/2024", "--gemeente", "0147", "--release", name[:8], "--out", "uit")
    assert made.exit_code == 0, made.output
    assert f"van release {name} (openbaar, voorlopig): {tmp_path / 'uit'}" in made.stdout
    assert "factsheet-0147.html" in made.stdout and "factsheet-samen.html" in made.stdout
    assert "factsheet Borne …" in made.stderr
    there = {path.name for path in (tmp_path / "uit").iterdir()}
    assert there == {
        *(f"factsheet-{name}{length}.{kind}" for name in ("0147", "samen") for length in ("", "-uitgebreid") for kind in ("html", "pdf")),
        "jaarverslag.xlsx", "dias", "portaal", "weergaven.json",
    }  # fmt: skip
    page = (tmp_path / "uit" / "factsheet-0147.html").read_text()
    assert "Leerplicht 2023-2024" in page
    assert "3.696" in page and "3.694" not in page, "a later year than the one that was asked for is not in it"
    assert load_workbook(str(tmp_path / "uit" / "jaarverslag.xlsx")).sheet_names[:2] == ["Leeswijzer", "Leerplichtigen"]
    assert json.loads((tmp_path / "uit" / "weergaven.json").read_text())["gemeenten"] == ["0147"]


def test_without_options_it_is_all_of_the_last_year_of_openbaar_here(leerplicht, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    asked = []
    monkeypatch.setattr(folder, "write", lambda *arguments: asked.append(arguments))
    assert leerplicht().exit_code == 0
    [(_, place, release, earlier, choice, _, _)] = asked
    assert place == tmp_path / "jaarverslag-2024-2025"
    assert (release.zone, earlier, choice.year) == ("openbaar", None, "2024-2025")
    assert [area.code for area in choice.gemeenten] == ["0164", "0147"]


def test_of_intern_it_warns(leerplicht, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(folder, "write", lambda *_: None)
    assert "publiceer het niet" in leerplicht("--zone", "intern").stdout
    assert "publiceer het niet" not in leerplicht().stdout


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["--schooljaar", "2030-2031"], 1, "zij heeft: 2023-2024, 2024-2025"),
        (["--gemeente", "0141"], 1, "zij heeft: 0164 (Hengelo), 0147 (Borne)"),
        (["--release", "1999"], 1, "1999 is geen release in openbaar; de laatste zijn: "),
        (["--zone", "iedereen"], 2, "iedereen"),
        (["--out", "vol"], 1, "staat al iets anders (brief.txt)"),
        (["--out", "vol/brief.txt"], 1, "is geen map"),
        (["--out", "vol/brief.txt/uit"], 1, "brief.txt"),
    ],
)
def test_a_mistake_is_one_sentence_and_changes_nothing(leerplicht, tmp_path: Path, arguments, code, says):
    (tmp_path / "vol").mkdir()
    (tmp_path / "vol" / "brief.txt").write_text("van mij")
    told = leerplicht(*arguments)
    assert (told.exit_code, told.stdout) == (code, "")
    assert says in " ".join(told.stderr.split())
    assert [str(path.relative_to(tmp_path)) for path in sorted(tmp_path.rglob("*"))] == ["vol", "vol/brief.txt"]


def test_a_lake_without_openbaar_is_told_so(leerplicht, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    (tmp_path / "leeg" / "published").mkdir(parents=True)
    monkeypatch.setenv("LEERPLICHT_LAKE", str(tmp_path / "leeg"))
    told = leerplicht()
    assert told.exit_code == 1
    assert "nog geen" in told.stderr
