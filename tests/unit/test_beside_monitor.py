"""The monitor's own figures compared with ours: by the rules for printed figures, and only for published ones."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path

import dagster as dg
import duckdb
import magazijn
import pytest
from rich.console import Console

from orchestration.defs.lake_run import LakeRun, silent
from orchestration.defs.warehouse import compare_with_monitor as compare_with_monitor_check
from orchestration.lake import Lake
from orchestration.publication import console
from orchestration.publication.extract import Row
from orchestration.publication.reconciliation import compare_with_monitor
from orchestration.settings import Settings

Judged = Callable[..., list[Row]]


@pytest.fixture
def judged(tmp_path: Path) -> Judged:
    path = magazijn.build(Lake(tmp_path))
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table kern.gemeente (gemeente_code varchar, naam varchar, is_bediend boolean)")
        connection.execute("insert into kern.gemeente values ('0164', 'Hengelo', true), ('0141', 'Almelo', false)")
        connection.execute(
            "create table kern.monitor_kerncijfer (schooljaar varchar, gemeente_code varchar, indicator varchar, waarde varchar)"
        )

    def judge(*delivered: tuple[str, str, str, str]) -> list[Row]:
        with duckdb.connect(str(path)) as connection:
            if delivered:
                connection.executemany("insert into kern.monitor_kerncijfer values (?, ?, ?, ?)", delivered)
            return compare_with_monitor(connection, 5)

    return judge


def test_each_figure_gets_its_verdict(judged: Judged):
    rows = judged(
        ("2023-2024", "0164", "leerplichtigen", "10.712"),
        ("2024-2025", "0164", "leerplichtigen", "10.500"),
        ("2024-2025", "0164", "vrijstelling_15", "0"),
        ("2023-2024", "0164", "vrijstelling_15", "<5"),
        ("2024-2025", "0164", "verzuimpercentage", "5,95%"),
        ("2024-2025", "0164", "iets_van_henzelf", "12"),
    )
    assert {(row["indicator"], row["schooljaar"]): (row["oordeel"], row["verschil"]) for row in rows} == {
        ("leerplichtigen", "2023-2024"): ("gelijk", 0),
        ("leerplichtigen", "2024-2025"): ("wijkt_af", -22),
        ("vrijstelling_15", "2024-2025"): ("gelijk", 0),
        ("vrijstelling_15", "2023-2024"): ("binnen_onderdrukking", None),
        ("verzuimpercentage", "2024-2025"): ("gelijk", 0),
        ("iets_van_henzelf", "2024-2025"): ("niet_berekend", None),
    }
    assert {(row["soort"], row["document"]) for row in rows} == {("cel", "monitor")}


def test_what_is_not_published_is_not_compared(judged: Judged):
    assert judged(("2024-2025", "0141", "leerplichtigen", "1"), ("2019-2020", "0164", "leerplichtigen", "1")) == []


def test_what_cannot_be_compared_is_reported_without_its_text_and_stops_nothing(judged: Judged):
    rows = judged(
        ("2023-2024", "0164", "leerplichtigen", "4,3%"),
        ("2024-2025", "0164", "leerplichtigen", "123456782"),
        ("2024-2025", "0164", "absoluut_verzuim", "7"),
    )
    assert {(row["indicator"], row["schooljaar"]): row["oordeel"] for row in rows} == {
        ("leerplichtigen", "2023-2024"): "niet_berekend",
        ("leerplichtigen", "2024-2025"): "niet_berekend",
        ("absoluut_verzuim", "2024-2025"): "gelijk",
    }
    assert "is een percentage, en ons cijfer niet" in rows[0]["toelichting"]
    assert rows[1]["gepubliceerd"] == "geen cijfer" and "123456782" not in str(rows)


def test_the_warning_names_the_deviating_figures_without_their_values(judged: Judged, tmp_path: Path):
    settings = Settings(lake=tmp_path, key_file=tmp_path / "sleutel")
    judged(("2023-2024", "0164", "leerplichtigen", "10.712"))
    assert watched(settings).passed
    judged(("2024-2025", "0164", "leerplichtigen", "10.500"))
    warned = watched(settings)
    assert (warned.passed, warned.severity) == (False, dg.AssetCheckSeverity.WARN)
    assert warned.metadata["welke_afwijken"].value == ["leerplichtigen, Hengelo, 2024-2025"]
    assert "10" not in str({name: found.value for name, found in warned.metadata.items()}).replace("2024-2025", "")


def watched(settings: Settings) -> dg.AssetCheckResult:
    run = LakeRun(settings, "los", silent)
    result = compare_with_monitor_check(lake_run=run)
    run.release()
    assert isinstance(result, dg.AssetCheckResult)
    return result


def test_a_person_reads_which_deviate(judged: Judged):
    told = StringIO()
    console.print_monitor(Console(file=told, width=120), judged(("2024-2025", "0164", "leerplichtigen", "10.500")))
    assert "1 cijfers: 0 gelijk, 0 binnen de onderdrukking, 1 wijken af" in told.getvalue()
    assert "Aantal leerplichtigen, Hengelo 2024-2025 (monitor): geleverd 10.500, wij 10.478, verschil -22" in told.getvalue()


def test_a_monitor_without_figures_is_reported(judged: Judged):
    told = StringIO()
    console.print_monitor(Console(file=told, width=120), judged())
    assert "leverde geen eigen cijfers" in told.getvalue()
