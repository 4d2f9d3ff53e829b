"""The openbaar release of the example: what it shows, that its proof holds and can fail, and what it makes of a printed report."""

import json
import re
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import Night, copy_of

from expectations import reference
from orchestration.publication import candidate, extract, register
from orchestration.publication.disclosure import openbaar, proof
from orchestration.publication.disclosure.alternatives import Cell
from orchestration.publication.disclosure.shown import cell_of
from orchestration.publication.printed_file import read_printed
from orchestration.settings import PROJECT, Settings

SEED = Path(__file__).parents[2] / "dbt_project" / "seeds" / "kern" / "gepubliceerd_cijfer.csv"
EXACT = {row["indicator"] for row in reference.rows("indicator") if row["openbaar"] == "exact"}
# what the printed documents themselves give away: exactly, or some values of
GIVEN_AWAY = {
    "2023-2024/0147/absoluut_verzuim",
    "2024-2025/0147/absoluut_verzuim",
    "2023-2024/0164/pv_luxe_verzuim",
    "2023-2024/0147/pv_relatief_verzuim",
    "2023-2024/0147/haltstraf",
    "2023-2024/0147/juridisch_totaal",
}


def rows(night: Night, zone: str, name: str) -> list[dict[str, Any]]:
    return pq.read_table(night.lake.published(zone) / "current" / f"{name}.parquet").to_pylist()


def public(night: Night) -> Path:
    return (night.lake.published("openbaar") / "current").resolve()


def private(night: Night) -> Path:
    return night.lake.proof_of(public(night).name)


def test_its_proof_holds(night: Night) -> None:
    proof.check(public(night), private(night))


def test_only_what_the_printed_report_has_is_exact() -> None:
    assert {cell.indicator for cell in read_printed(SEED)} == EXACT


def test_every_small_count_is_withheld_or_rounded(night: Night) -> None:
    inside = {cell_of(row): row["waarde"] for name in ("kerncijfers", "uitsplitsingen") for row in rows(night, "intern", name)}
    small = {cell for cell, value in inside.items() if value is not None and 0 < value < 5}
    assert len(small) == 692
    for name in ("kerncijfers", "uitsplitsingen"):
        for row in rows(night, "openbaar", name):
            if cell_of(row) in small:
                assert row["status"] != "gepubliceerd"
                assert row["waarde"] in (None, 0, 5)


def test_what_is_shown_is_the_figure_or_a_multiple_of_five_near_it(night: Night) -> None:
    inside = {cell_of(row): row["waarde"] for name in ("kerncijfers", "uitsplitsingen") for row in rows(night, "intern", name)}
    away = []
    for row in (row for name in ("kerncijfers", "uitsplitsingen") for row in rows(night, "openbaar", name) if row["waarde"] is not None):
        if row["status"] == "gepubliceerd":
            assert row["waarde"] == inside[cell_of(row)]
            assert row["indicator"] in EXACT and "uitsplitsing" not in row
        else:
            assert row["waarde"] % 5 == 0
            away.append(abs(row["waarde"] - inside[cell_of(row)]))
    assert len(away) > 1_000
    assert sum(distance > 5 for distance in away) < 0.05 * len(away)
    assert sum(away) / len(away) < 2


def test_little_is_hidden(night: Night) -> None:
    """Of the cells that the report prints, and of all; none of more than 20 is hidden."""
    inside = {cell_of(row): row["waarde"] for name in ("kerncijfers", "uitsplitsingen") for row in rows(night, "intern", name)}
    shown = rows(night, "openbaar", "kerncijfers")
    printed = {(cell.indicator, cell.gemeente, cell.schooljaar) for cell in read_printed(SEED)}
    of_report = [row for row in shown if extract.printed_place(row) in printed]
    counted = Counter(row["status"] for row in of_report)
    assert counted["gepubliceerd"] > 45
    hidden = [cell_of(row) for row in of_report if row["status"] == "onderdrukt_secundair" and row["indicator"] != "verzuimpercentage"]
    assert not [cell for cell in hidden if inside[cell] > 20]
    everything = [*shown, *rows(night, "openbaar", "uitsplitsingen")]
    assert sum(row["status"] == "onderdrukt_secundair" for row in everything) < 0.02 * len(everything)


def test_the_printed_report_is_known_and_what_it_gives_away_is_named(night: Night) -> None:
    summary = proof.summary_of(private(night))
    assert {name for name, *_ in summary["al_openbaar"] if name.split("/")[1] != "regio" and name.count("/") == 2} == GIVEN_AWAY
    assert [name for name in summary["eerder"] if name.startswith(register.ELSEWHERE)] == register.elsewhere(night.lake)


def test_the_files_alone_give_none_of_those_away(night: Night) -> None:
    """A small count that the printed report gives away still has an alternative beside the rows of this release."""
    named = {name for name, _, kept in proof.summary_of(private(night))["al_openbaar"] if kept}
    reached: dict[str, set[int]] = {}
    for year in proof.evidence(public(night), private(night)):
        for moves in year.alternatives:
            for cell, value in moves.items():
                reached.setdefault(str(cell), set()).add(value)
    assert named and all(len(reached.get(name, ())) > 0 for name in named if "/regio/" not in name)


@pytest.fixture
def copied(night: Night, tmp_path: Path) -> tuple[Path, Path]:
    """The public and the private folder, to be altered."""
    shutil.copytree(public(night), tmp_path / "openbaar" / public(night).name)
    shutil.copytree(night.lake.proofs, tmp_path / "bescherming")
    return tmp_path / "openbaar" / public(night).name, tmp_path / "bescherming" / public(night).name


def alter(folder: Path, name: str, change: Callable[[list[dict[str, Any]]], None]) -> None:
    path = folder / f"{name}.parquet"
    table = pq.read_table(path)
    changed = table.to_pylist()
    change(changed)
    pq.write_table(pa.Table.from_pylist(changed, schema=table.schema), path)


def show_a_small_one(changed: list[dict[str, Any]]) -> None:
    next(row for row in changed if row["status"] == "onderdrukt_primair").update(status="gepubliceerd", waarde=3, weergave="3")


def show_a_true_change(changed: list[dict[str, Any]]) -> None:
    next(row for row in changed if row["status"] == "afgerond" and row["verschil"] is not None)["verschil"] += 1


def show_all_that_is_hidden(changed: list[dict[str, Any]]) -> None:
    for row in changed:
        if row["indicator"] == "totaal_jongeren" and row["gemeente_code"] == "0147":
            row |= {"status": "gepubliceerd", "waarde": {"2023-2024": 107, "2024-2025": 137}[row["schooljaar"]]}
            row |= {"weergave": str(row["waarde"])}
        if row["indicator"] == "relatief_verzuim_jongeren" and row["gemeente_code"] == "0147":
            row |= {"status": "gepubliceerd", "waarde": {"2023-2024": 105, "2024-2025": 136}[row["schooljaar"]]}
            row |= {"weergave": str(row["waarde"])}


def show_a_schooljaar_more(changed: list[dict[str, Any]]) -> None:
    changed += [row | {"schooljaar": "2019-2020"} for row in changed[:3]]


def show_a_row_twice(changed: list[dict[str, Any]]) -> None:
    changed.append(changed[-1])


@pytest.mark.parametrize(
    "change", [show_a_small_one, show_a_true_change, show_all_that_is_hidden, show_a_schooljaar_more, show_a_row_twice]
)
def test_a_file_that_says_more_is_refused(copied: tuple[Path, Path], change: Callable[[list[dict[str, Any]]], None]) -> None:
    alter(copied[0], "kerncijfers", change)
    with pytest.raises(proof.ProofError):
        proof.check(*copied)


def test_a_breakdown_that_is_shown_as_it_is_is_refused(copied: tuple[Path, Path], night: Night) -> None:
    inside = {cell_of(row): row["waarde"] for row in rows(night, "intern", "uitsplitsingen")}

    def change(changed: list[dict[str, Any]]) -> None:
        for row in changed:
            row |= {"status": "gepubliceerd", "waarde": inside[cell_of(row)], "weergave": str(inside[cell_of(row)])}

    alter(copied[0], "uitsplitsingen", change)
    with pytest.raises(proof.ProofError):
        proof.check(*copied)


def last_value(table: pa.Table) -> pa.Table:
    values = table.column("waarde").to_pylist()
    values[-1] += 7
    return table.set_column(table.schema.get_field_index("waarde"), table.schema.field("waarde"), pa.array(values, pa.int32()))


@pytest.mark.parametrize(
    "change", [last_value, lambda table: table[: len(table) // 2], lambda table: table[:0]], ids=["another value", "half", "nothing"]
)
def test_a_proof_that_was_altered_is_refused(copied: tuple[Path, Path], change: Callable[[pa.Table], pa.Table]) -> None:
    path = copied[1] / proof.ALTERNATIVES
    pq.write_table(change(pq.read_table(path)), path)
    with pytest.raises(proof.ProofError):
        proof.check(*copied)


def test_a_count_that_is_said_to_be_public_already_and_is_not_is_refused(copied: tuple[Path, Path]) -> None:
    """Otherwise a proof could exclude what it cannot prove."""
    path = copied[1] / proof.SUMMARY
    summary = json.loads(path.read_text())
    summary["al_openbaar"].append(["2024-2025/0147/thuiszitterstafel_aanmeldingen", "1", 0])
    path.write_text(json.dumps(summary))
    with pytest.raises(proof.ProofError, match="thuiszitterstafel_aanmeldingen heet al openbaar, en dat is het niet"):
        proof.check(*copied)


def test_protect_tells_in_ten_lines_and_explains_a_count(night: Night, tmp_path: Path) -> None:
    here = copy_of(night, tmp_path)
    told = here.leerplicht("protect")
    assert told.returncode == 0, told.stderr
    assert len(told.stdout.splitlines()) <= 10
    assert "een afgerond aantal ligt gemiddeld 1," in told.stdout and "oordeel: " in told.stdout
    explained = here.leerplicht("protect", "--explain", "2023-2024/0147/vrijstelling_5a")
    assert "wordt als <5 getoond, en dat zegt 1 tot en met 4" in explained.stdout
    unknown = here.leerplicht("protect", "--explain", "2024-2025/0147/iets")
    assert unknown.returncode == 1 and "staat niet in" in unknown.stderr


def test_a_report_is_remembered_once_and_nights_keep_it(night: Night, tmp_path: Path) -> None:
    here = copy_of(night, tmp_path)
    other = tmp_path / "brief.csv"
    lines = SEED.read_text(encoding="utf-8").splitlines()
    other.write_text("\n".join([lines[0], "brief,incidenten,incidenten,Aantal incidenten,Borne,2024-2025,83"]) + "\n", encoding="utf-8")
    first, second = (here.leerplicht("remember", str(other)) for _ in range(2))
    assert first.returncode == second.returncode == 0, first.stderr
    assert "1 aantallen zijn vanaf nu bekend" in first.stdout and "waren al bekend" in second.stdout
    candidate.begin(here.lake, "openbaar")
    assert len(register.elsewhere(here.lake)) == 2, "a night forgets proofs of what nobody saw, not this"


def test_a_file_that_is_no_report_is_named(night: Night, tmp_path: Path) -> None:
    wrong = tmp_path / "gedrukt.csv"
    wrong.write_text("document,tabel\nfactsheet,incidenten\n", encoding="utf-8")
    found = night.place.leerplicht("remember", str(wrong))
    assert found.returncode == 1 and "gedrukt.csv, regel 1: kolom indicator ontbreekt" in found.stdout + found.stderr


def test_the_schooljaren_of_openbaar_are_closed(night: Night) -> None:
    with duckdb.connect(str(night.lake.warehouse_current), read_only=True) as connection:
        closed = {year for (year,) in connection.execute("select schooljaar from kern.schooljaar where is_afgesloten").fetchall()}
    assert {row["schooljaar"] for row in rows(night, "openbaar", "kerncijfers")} == closed == {"2023-2024", "2024-2025"}
    assert Cell("2024-2025", "0147", "incidenten") in {cell_of(row) for row in rows(night, "openbaar", "kerncijfers")}


@pytest.mark.parametrize(
    "forgotten", ["relatief_16_uur_18_min <= relatief_verzuim_jongeren", "overig_verzuim <= relatief_verzuim_jongeren", None]
)
def test_a_nesting_of_exact_indicators_that_nobody_declared_stops_openbaar(night: Night, tmp_path: Path, forgotten: str | None) -> None:
    place = copy_of(night, tmp_path)
    path = place.lake.warehouse_current.resolve()
    path.chmod(0o600)
    query = (PROJECT / "dbt_project" / "models" / "marts" / "jaarverslag" / "verband_ontbreekt.sql").read_text(encoding="utf-8")
    query = re.sub(r"\{#.*?#\}", "", query, flags=re.DOTALL)
    query = re.sub(r'\{\{ ref\("(\w+)"\) \}\}', lambda found: {"bijdrage": "jaarverslag"}.get(found[1], "kern") + "." + found[1], query)
    with duckdb.connect(str(path)) as connection:
        connection.execute("delete from kern.verband where verband = ?", [forgotten])
        connection.execute(f"create or replace table jaarverslag.verband_ontbreekt as {query}")
    if forgotten:
        assert f"de rijen laten altijd zien: {forgotten}; dat staat niet in kern.verband" in openbaar.undeclared(place.lake)
        with pytest.raises(openbaar.UndeclaredError, match="dus openbaar verschijnt niet"):
            openbaar.build_candidate(place.lake, Settings(), b"")
    else:
        assert openbaar.undeclared(place.lake) == ""
