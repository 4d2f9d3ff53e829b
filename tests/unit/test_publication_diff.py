"""`leerplicht diff`: which figures changed, from what to what, and because of which deliveries."""

import csv
import io
from decimal import Decimal
from pathlib import Path

import duckdb
import magazijn
import pytest
from rich.console import Console

from orchestration.lake import Lake
from orchestration.publication import console_diff, register
from orchestration.publication.candidate import build_candidate
from orchestration.publication.diff import Difference, compare
from orchestration.publication.release import Published
from orchestration.settings import Settings


@pytest.fixture(autouse=True)
def without_file_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    magazijn.without_file_rules(monkeypatch)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    lake = Lake(tmp_path / "meer")
    magazijn.build(lake)
    return lake


def night(lake: Lake, *statements: str, **settings: object) -> Published:
    with duckdb.connect(str(lake.warehouse_current)) as connection:
        for statement in statements:
            connection.execute(statement)
    made_with = Settings(lake=lake.root, **settings)
    build_candidate(lake, made_with)
    return magazijn.publish(lake, made_with)


HENGELO = "gemeente_code = '0164' and schooljaar = '2024-2025'"


def differing(lake: Lake, *statements: str, **settings: object) -> Difference:
    first = night(lake)
    return compare(first.folder, night(lake, *statements, **settings).folder)


def test_a_release_does_not_differ_from_itself(lake: Lake):
    folder = night(lake).folder
    assert compare(folder, folder) == Difference([], [], [], [], {}, code=False)


def test_a_figure_that_changed_is_told_from_what_to_what_and_by_how_much(lake: Lake):
    found = differing(lake, f"update jaarverslag.kerncijfers set waarde = 10480 where indicator = 'leerplichtigen' and {HENGELO}")
    [change] = found.changes
    assert (change.soort, change.tabel, change.row["indicator"]) == ("cijfer", "kerncijfers", "leerplichtigen")
    assert (change.van, change.naar, change.verschil) == ("10.478", "10.480", Decimal(2))


def test_a_rate_that_changed_is_told_in_points(lake: Lake):
    [change] = differing(
        lake, f"update jaarverslag.kerncijfers set percentage = 5.90 where indicator = 'verzuimpercentage' and {HENGELO}"
    ).changes
    assert (change.van, change.naar, change.verschil) == ("5,95%", "5,90%", Decimal("-0.05"))


def test_a_figure_that_is_no_longer_there_is_a_change_of_status(lake: Lake):
    gone = f"update jaarverslag.kerncijfers set waarde = null, status = 'niet_beschikbaar' where indicator = 'leerplichtigen' and {HENGELO}"
    [change] = differing(lake, gone).changes
    assert (change.soort, change.van, change.naar, change.verschil) == ("status", "10.478", ".", None)
    assert (change.van_status, change.naar_status) == ("gepubliceerd", "niet_beschikbaar")


def test_between_a_rounded_figure_and_another_no_difference_is_told(lake: Lake):
    rounded = f"update jaarverslag.uitsplitsingen set waarde = 15, status = 'afgerond' where {HENGELO}"
    [change] = differing(lake, rounded).changes
    assert (change.soort, change.naar, change.naar_status, change.verschil) == ("status", "ca. 15", "afgerond", None)


def test_new_rows_and_rows_that_are_gone_are_told_apart(lake: Lake):
    found = differing(
        lake,
        f"delete from jaarverslag.uitsplitsingen where {HENGELO}",
        "insert into jaarverslag.uitsplitsingen select * replace ('2024-10' as uitsplitsing_waarde) from jaarverslag.uitsplitsingen"
        " where gemeente_code = '0147' and schooljaar = '2024-2025'",
    )
    assert [(change.soort, change.row["gemeente"], change.row["uitsplitsing_waarde"]) for change in found.changes] == [
        ("nieuw", "Borne", "2024-10"),
        ("weg", "Hengelo", "2024-09"),
    ]


def test_a_change_of_what_was_compared_with_alone_is_no_change_of_the_figure(lake: Lake):
    """The figure of an earlier year changed in its own row; this row only repeats it."""
    assert not differing(lake, f"update jaarverslag.kerncijfers set verschil = 99 where indicator = 'incidenten' and {HENGELO}").changes


def test_the_deliveries_that_came_are_named(lake: Lake):
    new = "('duo', '20250803T020000', '2025-08-03T02:00:00+02:00', 'mutatie', 'geaccepteerd', '', '', 1, 12, 'f')"
    found = differing(lake, f"insert into kern.levering values {new}")
    assert [(row["bron"], row["levering"]) for row in found.came] == [("duo", "20250803T020000")]
    assert found.gone == []


def test_a_delivery_that_was_accepted_after_all_is_named(lake: Lake):
    found = differing(lake, "update kern.levering set oordeel = 'geaccepteerd' where code = 'hash_wijkt_af'")
    assert [(row["levering"], row["oordeel"]) for row in found.came] == [("20250901T020000", "geaccepteerd")]
    assert [(row["levering"], row["oordeel"]) for row in found.gone] == [("20250901T020000", "geweigerd")]


def test_settings_that_differ_are_named(lake: Lake):
    magazijn.build(lake)
    first = night(lake)
    second = night(lake, "update kern.levering set rijen = 1 where bron = 'carel'", gemeenten="0164,0147,0153", suppression_threshold=10)
    assert compare(first.folder, second.folder).settings == {
        "gemeenten": (["0164", "0147"], ["0164", "0147", "0153"]),
        "suppression_threshold": (5, 10),
    }


def told(lake: Lake, width: int = 100) -> str:
    first = night(lake)
    second = night(
        lake,
        f"update jaarverslag.kerncijfers set waarde = 10480 where indicator = 'leerplichtigen' and {HENGELO}",
        "insert into kern.levering values ('duo', '20250803T020000', null, 'mutatie', 'geweigerd', 'x', '[dim]', 1, 12, 'f')",
    )
    before, after = (register.find(lake, "intern", one.name) for one in (first, second))
    console = Console(width=width, record=True, file=io.StringIO())
    console_diff.print_difference(console, before, after, compare(before.folder, after.folder))
    return console.export_text()


def test_the_output_shows_what_changed_and_why(lake: Lake):
    text = told(lake)
    assert "Anders: 1 cijfer." in text
    assert "duo/20250803T020000, mutatie, geweigerd, kennisdatum onbekend" in text
    [line] = [line for line in text.splitlines() if "10.478" in line]
    assert line.split() == ["2024-2025", "Hengelo", "Aantal", "leerplichtigen", "10.478", "10.480", "+2"]


def test_a_program_reads_every_change_as_csv(lake: Lake):
    found = differing(
        lake,
        f"update jaarverslag.kerncijfers set waarde = 10480 where indicator = 'leerplichtigen' and {HENGELO}",
        f"update jaarverslag.uitsplitsingen set waarde = 1 where {HENGELO}",
    )
    out = io.StringIO()
    console_diff.write_csv(out, found)
    rows = list(csv.DictReader(io.StringIO(out.getvalue())))
    assert [(row["tabel"], row["van"], row["naar"], row["verschil"]) for row in rows] == [
        ("kerncijfers", "10.478", "10.480", "2"),
        ("uitsplitsingen", "287", "1", "-286"),
    ]
    assert rows[1]["uitsplitsing_waarde"] == "2024-09"
