"""A red gate stops publication: `current` does not change, the exit code is not 0, and the reason comes first."""

import shutil
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pytest
from conftest import Place, copy_of, snapshot
from typer.testing import CliRunner

from orchestration.cli import app
from orchestration.settings import Settings
from orchestration.warehouse import build

HONEST = build.build


@dataclass
class Built:
    """Return dbt's build of the example: built in the first night, and the same files in later nights."""

    kept: Path
    results: list[build.Result] = field(default_factory=list)

    def build(self, settings: Settings, path: Path) -> list[build.Result]:
        if not self.results:
            self.results += HONEST(settings, path)
            shutil.copytree(path.parent, self.kept)
        shutil.copytree(self.kept, path.parent, dirs_exist_ok=True)
        return self.results


def corrupted(monkeypatch, built: Built, statement: str) -> None:
    """Corrupt the warehouse between dbt and the gate."""

    def build_and_corrupt(settings, path):
        results = built.build(settings, path)
        with duckdb.connect(str(path)) as connection:
            connection.execute(statement)
        return results

    monkeypatch.setattr(build, "build", build_and_corrupt)


@pytest.fixture(scope="module")
def published(night, tmp_path_factory) -> Place:
    """A copy of the published example, to break."""
    return copy_of(night, tmp_path_factory.mktemp("kopie"))


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Built:
    return Built(tmp_path_factory.mktemp("gebouwd") / "build")


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("insert into kern.jongere select * from kern.jongere limit 1", "de sleutel is uniek"),
        ("delete from kern.jongere where jongere_id in (select jongere_id from kern.melding)", "elk feit hoort bij een jongere die er is"),
        ("delete from kern.melding", "elk geldend record van de bron staat één keer in kern"),
        (
            "update jaarverslag.kerncijfers set waarde = waarde + 100000 where indicator = 'relatief_verzuim_jongeren'",
            "de som van de rijen",
        ),
    ],
    ids=["duplicate key", "facts of nobody", "a table emptied", "a figure beyond its bounds"],
)
def test_a_corrupted_warehouse_is_not_published(published: Place, built: Built, monkeypatch, statement, says):
    readers_see = snapshot(published.root / "published")
    analysts_see = snapshot(published.root / "warehouse")
    target = published.lake.published("intern") / "current"
    pointed_at = target.resolve()
    for name, value in published.environment.items():
        if name.startswith("LEERPLICHT_"):
            monkeypatch.setenv(name, value)
    corrupted(monkeypatch, built, statement)

    outcome = CliRunner().invoke(app, ["run"])

    assert outcome.exit_code == 12
    assert "Niet gepubliceerd: de poort warehouse is rood" in outcome.stderr
    assert says in outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert target.resolve() == pointed_at
    assert snapshot(published.root / "published") == readers_see
    current = str(published.lake.warehouse_current)
    assert snapshot(published.root / "warehouse")[current] == analysts_see[current]
