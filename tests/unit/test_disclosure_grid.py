"""If zeros are withheld, a missing row reveals nothing either."""

from pathlib import Path
from typing import Any

import duckdb
import magazijn
import pyarrow.parquet as pq
import pytest

from orchestration.lake import Lake
from orchestration.publication import candidate
from orchestration.publication.disclosure import openbaar
from orchestration.publication.disclosure.grid import complete
from orchestration.publication.disclosure.knowledge import cell, relations
from orchestration.publication.disclosure.system import Cell
from orchestration.settings import Settings

INDICATORS = [
    {"indicator": "meldingen", "volgorde": 1},
    {"indicator": "incidenten", "volgorde": 2},
    {"indicator": "spreekuur", "volgorde": 3},
]
LAST, BEFORE = "2024-2025", "2023-2024"
Place = tuple[str, ...]


def row(indicator: str, waarde: int | None, gemeente: str = "0164", jaar: str = LAST, **more: str) -> dict[str, Any]:
    return {
        "schooljaar": jaar,
        "gemeente_code": gemeente,
        "indicator": indicator,
        "label": indicator.title(),
        "waarde": waarde,
        "verschil": 3,
        **more,
    }


def part(indicator: str, soort: str, naam: str, waarde: int, gemeente: str = "0164", jaar: str = LAST) -> dict[str, Any]:
    return row(indicator, waarde, gemeente, jaar, uitsplitsing=soort, uitsplitsing_waarde=naam)


def found(kerncijfers: list[dict[str, Any]], uitsplitsingen: list[dict[str, Any]]) -> dict[Place, int]:
    names = ("schooljaar", "gemeente_code", "indicator", "uitsplitsing", "uitsplitsing_waarde")
    return {tuple(one[name] for name in names): one["waarde"] for one in complete(kerncijfers, uitsplitsingen, INDICATORS)}


def test_a_value_that_the_gemeente_has_elsewhere_gets_a_row_of_0() -> None:
    kerncijfers = [row("meldingen", 5), row("incidenten", 2)]
    parts = [part("meldingen", "school", "A", 3), part("meldingen", "school", "B", 2), part("incidenten", "school", "A", 2)]
    assert found(kerncijfers, parts)[LAST, "0164", "incidenten", "school", "B"] == 0


def test_a_breakdown_that_is_not_there_at_all_is_made_as_another_gemeente_has_it() -> None:
    """A missing breakdown would reveal that the withheld indicator itself is 0."""
    kerncijfers = [row("meldingen", 4), row("incidenten", 0), row("incidenten", 1, "0147")]
    parts = [part("meldingen", "school", "A", 4), part("incidenten", "school", "Z", 1, "0147")]
    made = found(kerncijfers, parts)
    assert made[LAST, "0164", "incidenten", "school", "A"] == 0
    assert (LAST, "0164", "incidenten", "school", "Z") not in made, "nobody of this gemeente is known there"
    assert (LAST, "0164", "meldingen", "wijk", "A") not in made


def test_what_has_no_figure_gets_no_breakdown() -> None:
    kerncijfers = [row("meldingen", None), row("incidenten", 1), row("incidenten", 1, jaar=BEFORE)]
    parts = [part("incidenten", "maand", "2024-09", 1), part("incidenten", "maand", "2023-09", 1, jaar=BEFORE)]
    assert found(kerncijfers, parts).keys() == {
        (LAST, "0164", "incidenten", "maand", "2024-09"),
        (BEFORE, "0164", "incidenten", "maand", "2023-09"),
    }


def test_a_row_that_is_added_says_nothing_but_0_and_stands_in_its_place() -> None:
    kerncijfers = [row("meldingen", 5), row("incidenten", 2)]
    parts = [part("meldingen", "school", "A", 3), part("meldingen", "school", "B", 2), part("incidenten", "school", "B", 2)]
    rows = complete(kerncijfers, parts, INDICATORS)
    assert [(one["indicator"], one["uitsplitsing_waarde"]) for one in rows] == [
        ("meldingen", "A"), ("meldingen", "B"), ("incidenten", "A"), ("incidenten", "B"),
    ]  # fmt: skip
    assert (rows[2]["label"], rows[2]["waarde"], rows[2]["verschil"]) == ("Incidenten", 0, None)
    assert [one for one in rows if one in parts] == parts


@pytest.mark.parametrize("hide_zeros", [True, False])
def test_openbaar_completes_breakdowns_where_zeros_are_hidden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hide_zeros: bool) -> None:
    lake = Lake(tmp_path)
    with duckdb.connect(str(magazijn.build(lake))) as connection:
        connection.execute(
            "insert into jaarverslag.uitsplitsingen by name select * replace ('school' as uitsplitsing,"
            " case indicator when 'incidenten' then 'A' else 'B' end as uitsplitsing_waarde)"
            " from (select * exclude (percentage, teller, noemer, vorig_percentage, verschil_punten, peildatum), '' as uitsplitsing,"
            " '' as uitsplitsing_waarde from jaarverslag.kerncijfers)"
            " where indicator in ('incidenten', 'absoluut_verzuim') and gemeente_code = '0164'"
        )
    magazijn.without_file_rules(monkeypatch)
    settings = Settings(lake=lake.root, hide_zeros=hide_zeros)
    candidate.build_candidate(lake, settings)
    magazijn.publish(lake, settings)
    folder = openbaar.build_candidate(lake, settings)
    rows = [one for one in pq.read_table(folder / "uitsplitsingen.parquet").to_pylist() if one["uitsplitsing"] == "school"]
    added = [one for one in rows if (one["indicator"], one["uitsplitsing_waarde"]) in {("incidenten", "B"), ("absoluut_verzuim", "A")}]
    assert len(rows) - len(added) == 4
    assert len(added) == (4 if hide_zeros else 0)
    assert not [one for one in added if one["waarde"] is not None], "a row that was added is no zero to read"


def test_that_a_value_has_a_row_is_a_fact_of_all_that_is_broken_down_alike() -> None:
    kinds = {"meldingen": "aantal", "incidenten": "aantal", "interventies": "aantal"}
    parts = [part(indicator, "school", "A", 0) for indicator in ("meldingen", "incidenten")] + [part("interventies", "soort", "halt", 1)]
    known = {cell(one): one["waarde"] for one in parts}

    def told(*, complete: bool) -> set[frozenset[Cell]]:
        facts = relations(known, kinds, {}, complete=complete)
        return {frozenset(term for term, _ in fact.terms) for fact in facts if (fact.low, fact.high) == (1, None)}

    of_school, of_soort = [cell(one) for one in parts[:2]], cell(parts[2])
    assert told(complete=True) == {frozenset(of_school), frozenset([of_soort])}
    assert told(complete=False) == {frozenset([of_school[0]]), frozenset([of_school[1]]), frozenset([of_soort])}
