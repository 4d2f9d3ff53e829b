"""A red gate stops publication: `current` does not change, the exit code is not 0, and the reason comes first."""

import shutil
from dataclasses import replace
from pathlib import Path

import prebuilt
import pytest
from conftest import Place, copy_of, snapshot
from prebuilt import Prebuilt

from expectations import gate
from expectations.suites import warehouse
from orchestration.settings import Settings

CORRUPTED = {
    "duplicate key": ("insert into kern.jongere select * from kern.jongere limit 1", "de sleutel is uniek"),
    "facts of nobody": (
        "delete from kern.jongere where jongere_id in (select jongere_id from kern.melding)",
        "elk feit hoort bij een jongere die er is",
    ),
    "a table emptied": ("delete from kern.melding", "elk geldend record van de bron staat één keer in kern"),
    "a figure beyond its bounds": (
        "update jaarverslag.kerncijfers set waarde = waarde + 100000 where indicator = 'relatief_verzuim_jongeren'",
        "de som van de rijen",
    ),
}


@pytest.fixture(scope="module")
def published(night, tmp_path_factory) -> Place:
    """A copy of the published example, to break."""
    return copy_of(night, tmp_path_factory.mktemp("kopie"))


@pytest.fixture(scope="module")
def built(published: Place, tmp_path_factory) -> Prebuilt:
    return prebuilt.keep(published.lake, tmp_path_factory.mktemp("gebouwd") / "build")


@pytest.mark.parametrize(("statement", "says"), [("select 1", ""), *CORRUPTED.values()], ids=["nothing", *CORRUPTED])
def test_the_gate_of_a_corrupted_warehouse_is_red(published: Place, built: Prebuilt, tmp_path: Path, statement: str, says: str):
    path = tmp_path / prebuilt.WAREHOUSE
    replace(built, statement=statement).build(Settings(lake=published.root, key_file=published.key_file), path)
    verdict = gate.judge("warehouse", warehouse.tables(path, path.with_name(prebuilt.BIRTH_DATES)), path)
    assert verdict.passed is not bool(says)
    assert says in verdict.sentence


def test_a_corrupted_warehouse_is_not_published(published: Place, built: Prebuilt):
    """Corrupted between dbt and the gate, in a whole night."""
    statement, says = CORRUPTED["duplicate key"]
    readers_see = snapshot(published.root / "published")
    analysts_see = snapshot(published.root / "warehouse")
    target = published.lake.published("intern") / "current"
    pointed_at = target.resolve()

    night = published.forked_leerplicht("run", before=replace(built, statement=statement).install)

    assert night.wait() == 12
    told = night.told()
    assert "Niet gepubliceerd: de poort warehouse is rood" in told
    assert says in told
    assert "Traceback" not in told
    assert target.resolve() == pointed_at
    assert snapshot(published.root / "published") == readers_see
    current = str(published.lake.warehouse_current)
    assert snapshot(published.root / "warehouse")[current] == analysts_see[current]


def test_publish_needs_a_night_that_was_judged(published: Place):
    shutil.rmtree(published.lake.gates)
    wrong = published.leerplicht("publish")
    assert wrong.returncode == 1
    assert "draai eerst leerplicht run" in wrong.stderr
