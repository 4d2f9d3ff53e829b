"""What others published reaches both zones as it is, and decides nothing: not a figure, not which schooljaren there are or are closed."""

import json
import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from conftest import Night, copy_of
from models import Models

from expectations import gate, published
from expectations.suites import openbaar, publicatie
from expectations.verdict import Verdict
from orchestration.example import others
from orchestration.lake import Lake
from orchestration.publication import register
from orchestration.settings import PROJECT

DECIDED = {
    "jaarverslag.kerncijfers": "schooljaar, gemeente_code, indicator",
    "jaarverslag.uitsplitsingen": "schooljaar, gemeente_code, indicator, uitsplitsing, uitsplitsing_waarde",
    "kern.schooljaar": "schooljaar",
    "kern.beschikbaarheid": "schooljaar, entiteit",
}


def rows(folder: Path, name: str) -> list[dict[str, Any]]:
    return pq.read_table(folder / f"{name}.parquet").to_pylist()


def zone(night: Night, name: str) -> Path:
    return (night.lake.published(name) / "current").resolve()


def test_both_zones_have_what_was_printed_and_the_proof_of_openbaar_holds(night: Night) -> None:
    intern, openbaar_ = (rows(zone(night, name), "vergelijking") for name in register.ZONES)
    assert intern == openbaar_
    told = {(row["indicator"], row["peiljaar"]): row["waarde"] for row in intern}
    assert told == {
        (indicator, str(others.FIRST_YEAR + place)): Decimal(value)
        for indicator, values in others.PRINTED.items()
        for place, value in enumerate(values)
    }
    assert {row["schooljaar"] for row in intern if row["peiljaar"] == "2023"} == {"2022-2023"}
    assert {(row["gebied_soort"], row["gebied_code"], row["publicatiedatum"]) for row in intern} == {("land", "NL", "2024-12-31")}


def test_a_table_of_openbaar_is_protected_or_says_why_it_need_not_be() -> None:
    protected = {"kerncijfers", "uitsplitsingen", "indicatoren", "reconciliatie"}  # what `disclosure/openbaar.py` makes
    assert {table.name: bool(table.unprotected) for table in published.tables("openbaar")} == {
        **dict.fromkeys(protected, False),
        "bronnen": True,
        "vergelijking": True,
    }


# --- it decides nothing


def figures(models: Models, lake: Lake) -> dict[str, list[Any]]:
    with models.run(lake) as connection:
        found = {table: connection.execute(f"from {table} order by {order}").fetchall() for table, order in DECIDED.items()}
        [(there,)] = connection.execute("select count(*) from kern.vergelijking").fetchall()
    return {**found, "rijen": [there]}


def never_delivered(ledger: Path) -> None:
    shutil.rmtree(ledger)


def delivered_long_ago(ledger: Path) -> None:
    [path] = ledger.glob("*.json")
    entry = json.loads(path.read_bytes())
    path.write_text(json.dumps(entry | {"kennisdatum": "1999-01-01T00:00:00+01:00", "kennisdatum_utc": "1998-12-31T23:00:00+00:00"}))


def delivered_last(ledger: Path) -> None:
    [path] = ledger.glob("*.json")
    entry = json.loads(path.read_bytes())
    path.write_text(json.dumps(entry | {"kennisdatum": "2030-01-01T00:00:00+01:00", "kennisdatum_utc": "2029-12-31T23:00:00+00:00"}))


@pytest.mark.parametrize(("change", "there"), [(never_delivered, 0), (delivered_long_ago, 16), (delivered_last, 16)])
def test_no_figure_and_no_schooljaar_depends_on_it(
    change: Callable[[Path], None], there: int, night: Night, models: Models, tmp_path: Path
) -> None:
    with_it = figures(models, night.lake)
    assert with_it.pop("rijen") == [16]
    assert any(row[-1] is True for row in with_it["kern.schooljaar"])
    lake = copy_of(night, tmp_path).lake
    change(lake.ledger / "vergelijking")
    without = figures(models, lake)
    assert without.pop("rijen") == [there]
    assert without == with_it


# --- the gates


def judged(night: Night, zone_name: str, tmp_path: Path, change: Callable[[list[dict[str, Any]]], object]) -> Verdict:
    """Return the verdict of a zone's gate, with its rules on files, on the release after a change of what others published."""
    folder = shutil.copytree(zone(night, zone_name), tmp_path / "release")
    path = folder / "vergelijking.parquet"
    content = rows(folder, "vergelijking")
    change(content)
    pq.write_table(
        pq.read_schema(path).empty_table() if not content else pq.read_table(path).from_pylist(content, pq.read_schema(path)), path
    )
    lake = Lake(tmp_path / "meer")
    lake.root.mkdir()
    warehouse = night.lake.warehouse_current
    gemeenten = ("0164", "0147")
    if zone_name == "openbaar":
        tables = openbaar.tables(folder, warehouse, gemeenten, 5)
    else:
        tables = publicatie.tables(folder, warehouse, gemeenten)
    found = gate.run({"intern": "publicatie"}.get(zone_name, zone_name), tables, lake, folder)
    return gate.judge_files(found, folder, lake)


def about_others(verdict: Verdict) -> set[str]:
    """Return the sentences of what is red, without those that every change of a file breaks: the descriptor and the CSV."""
    beside = ("datapackage.json", "een CSV heeft dezelfde rijen", "een CSV heeft in elke rij")
    return {finding.verwachting for finding in verdict.red if not any(word in finding.verwachting for word in beside)}


CODES = "waar het contract codes noemt, staat een van die codes"
MOST = "een verhouding van anderen is hoogstens 1.000 per 1.000, of 100 procent"


@pytest.mark.parametrize("zone_name", register.ZONES)
@pytest.mark.parametrize(
    ("changed", "red"),
    [
        ({"indicator": "ocw_relatief_herhaald_per_1000"}, set()),
        ({"indicator": "vsv_percentage", "waarde": Decimal(100)}, set()),
        ({"waarde": Decimal(1000)}, set()),
        ({"indicator": "relatief_per_1000"}, {CODES}),
        ({"indicator": "verzuimpercentage"}, {CODES}),
        ({"indicator": "vsv_percentage", "waarde": Decimal("100.01")}, {MOST}),
        ({"waarde": Decimal("1000.01")}, {MOST}),
    ],
)
def test_only_ocw_and_vsv_pass_the_gates_and_only_as_a_rate(
    zone_name: str, changed: dict[str, Any], red: set[str], night: Night, tmp_path: Path
) -> None:
    assert about_others(judged(night, zone_name, tmp_path, lambda content: content[0].update(changed))) == red


@pytest.mark.parametrize("zone_name", register.ZONES)
def test_without_a_delivery_the_table_may_be_empty(zone_name: str, night: Night, tmp_path: Path) -> None:
    assert about_others(judged(night, zone_name, tmp_path, lambda content: content.clear())) == set()


def test_the_same_publication_twice_is_red(night: Night, tmp_path: Path) -> None:
    found = about_others(judged(night, "intern", tmp_path, lambda content: content.append(content[0])))
    assert found == {"in kwaliteit, indicatoren en vergelijking staat elke sleutel één keer"}


# --- a bron without persons needs nothing that is about persons


def test_nothing_about_persons_names_the_bron() -> None:
    files = [*(PROJECT / "orchestration" / "persons").glob("*.py"), PROJECT / "dbt_project" / "macros" / "jongere.sql"]
    assert len(files) > 10
    assert not [path.name for path in files if "vergelijking" in path.read_text(encoding="utf-8")]
