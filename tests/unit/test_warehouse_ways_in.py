"""Access to the warehouse from the command line: query, shell, rollback; an error gives one message and an exit code."""

import io
import json
from datetime import UTC, datetime

import duckdb
import magazijn
import pytest
from filelock import FileLock
from rich.console import Console
from typer.testing import CliRunner

from orchestration.cli import app
from orchestration.lake import Lake
from orchestration.warehouse import console, nights, read


def make(lake: Lake, number: int) -> None:
    lake.warehouse_build.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(lake.warehouse_build)) as connection:
        connection.execute("create schema kern")
        connection.execute(
            f"create table kern.melding as select {number} + i as nummer, i % 2 = 0 as telt,"
            " case when i = 1 then '[red]O,\"V3\"' end as soort from range(3) as t(i)"
        )
        connection.execute("comment on table kern.melding is 'Grain: één rij per melding.'")
    magazijn.swap(lake)


@pytest.fixture
def lake(tmp_path, monkeypatch) -> Lake:
    lake = Lake(tmp_path / "meer")
    monkeypatch.setenv("LEERPLICHT_LAKE", str(lake.root))
    monkeypatch.setenv("COLUMNS", "120")
    return lake


def leerplicht(*arguments: str, typed: str | None = None):
    return CliRunner().invoke(app, list(arguments), input=typed)


def test_query_prints_a_table_with_what_is_empty_as_null_and_no_markup(lake):
    make(lake, 1)
    shown = leerplicht("query", "select * from kern.melding order by nummer")
    assert shown.exit_code == 0
    assert '[red]O,"V3"' in shown.stdout
    assert shown.stdout.count("NULL") == 2
    assert "3 rijen" in shown.stdout
    assert "1 rij\n" in leerplicht("query", "select 1").stdout


def test_query_lists_a_row_of_which_the_column_names_do_not_fit_beside_each_other(lake):
    make(lake, 1)
    wide = ", ".join(f"{n} as kolom_met_een_lange_naam_{n}" for n in range(5))
    screen = Console(width=120, file=io.StringIO())
    with read.opened(lake) as connection:
        console.print_answer(screen, read.ask(connection, f"select {wide} from kern.melding"))
    assert screen.file.getvalue().count("kolom_met_een_lange_naam_3  3") == 3
    assert "3 rijen" in screen.file.getvalue()


def test_query_writes_csv_that_a_parser_reads_back(lake):
    make(lake, 1)
    shown = leerplicht("query", "-", "--csv", typed="select * from kern.melding order by nummer;")
    assert shown.stdout == 'nummer,telt,soort\n1,true,\n2,false,"[red]O,""V3"""\n3,true,\n'


def test_a_long_answer_is_cut_on_screen_and_whole_as_csv(lake):
    make(lake, 1)
    assert "de eerste 500 rijen; --csv geeft alles" in leerplicht("query", "select * from range(501)").stdout
    assert "500 rijen" in leerplicht("query", "select * from range(500)").stdout
    assert len(leerplicht("query", "select * from range(25000)", "--csv").stdout.splitlines()) == 25_001


@pytest.mark.parametrize("extra", [(), ("--csv",)])
@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("selec 1", "syntax error"),
        ("select * from kern.meldin", "Did you mean"),
        ("select * from '/etc/hostname'", "does not exist"),
        ("drop table kern.melding", "dit is niet één vraag"),
        ("from read_text('/etc/hostname')", "read_text() kan hier niet"),
    ],
)
def test_a_wrong_query_gives_duckdbs_own_words(lake, sql, says, extra):
    make(lake, 1)
    shown = leerplicht("query", sql, *extra)
    assert shown.exit_code == 1
    assert says in shown.stderr
    assert "Traceback" not in shown.output
    assert shown.exception is None or isinstance(shown.exception, SystemExit)


@pytest.mark.parametrize("command", [("query", "select 1"), ("shell",), ("explain", "1")])
def test_without_a_warehouse_every_way_in_says_what_to_do(lake, command):
    lake.landing.mkdir(parents=True)
    shown = leerplicht(*command)
    assert shown.exit_code == 1
    assert "draai eerst leerplicht run" in shown.stderr


def test_shell_takes_a_statement_of_several_lines_tells_a_mistake_and_goes_on(lake):
    make(lake, 1)
    typed = "select sum(nummer)\nas som\nfrom kern.melding;\nselect weg;\n.tabellen\n.kolommen kern.melding\n\n"
    typed += "select 'einde' as x;\n.quit\nselect 1;\n"
    shown = leerplicht("shell", typed=typed)
    assert shown.exit_code == 0
    for word in ("som", "  6\n", "weg", "één rij per melding", "BOOLEAN", "einde"):
        assert word in shown.stdout, word
    assert "Traceback" not in shown.output


def test_shell_ends_with_its_input(lake):
    make(lake, 1)
    assert leerplicht("shell", typed="select 1;\n").exit_code == 0


def test_tab_completes_names(lake):
    from orchestration.warehouse.shell import Shell

    make(lake, 1)
    with read.opened(lake) as connection:
        shell = Shell(connection, print, print, 10)
        assert [shell.complete("kern.m", 0), shell.complete("kern.m", 1)] == ["kern.melding", None]
        assert shell.complete("num", 0) == "nummer"


def test_two_nights_are_compared_by_name_or_moment(lake):
    make(lake, 1), make(lake, 5)
    before = nights.nights(lake)[1].name
    query = "select min(nu.nummer) - min(toen.nummer) as verschil from kern.melding as nu, ander.kern.melding as toen"
    assert leerplicht("query", query, "--csv", "--naast", before).stdout == "verschil\n4\n"
    moment = "2025-01-01T00:00:00+01:00"
    refused = leerplicht("query", query, "--naast", moment)
    assert refused.exit_code == 1
    assert f"leerplicht run --known-at {moment}" in refused.stderr
    make(lake.as_known_at(datetime(2024, 12, 31, 23, tzinfo=UTC)), 3)
    assert leerplicht("query", query, "--csv", "--naast", moment).stdout == "verschil\n2\n"
    assert "is geen bewaarde nacht" in leerplicht("query", query, "--naast", "gisteren").stderr


def test_rollback_lists_and_puts_back(lake):
    lake.landing.mkdir(parents=True)
    assert leerplicht("rollback").exit_code == 0
    make(lake, 1), make(lake, 2)
    second, first = nights.nights(lake)
    listed = leerplicht("rollback").stdout
    assert listed.index(second.name) < listed.index(first.name)
    assert listed.count("deze openen analisten") == 1
    done = leerplicht("rollback", first.name, "--because", "proef", "--by", "Jan")
    assert done.exit_code == 0
    assert f"analisten openen weer {first.name}" in done.stdout
    assert leerplicht("query", "select min(nummer) from kern.melding", "--csv").stdout.endswith("\n1\n")
    line = json.loads(lake.warehouse_record.read_text().splitlines()[-1])
    assert (line["wat"], line["nacht"], line["was"], line["door"], line["omdat"]) == ("terug", first.name, second.name, "Jan", "proef")


def test_rollback_refuses_in_a_sentence(lake):
    make(lake, 1)
    for name, says in (("2001", "is geen bewaarde nacht"), (nights.nights(lake)[0].name, "is al de nacht")):
        refused = leerplicht("rollback", name)
        assert refused.exit_code == 1
        assert says in refused.stderr
    with FileLock(lake.lock):
        assert "er loopt al een nacht" in leerplicht("rollback", "2001").stderr


@pytest.mark.parametrize("text", ["gisteren", "2025-01-01", "2025-01-01T00:00:00"])
@pytest.mark.usefixtures("lake")
def test_a_look_back_asks_for_an_instant(text):
    refused = leerplicht("run", "--known-at", text)
    assert refused.exit_code == 2
    assert "schrijf 2025-01-01T00:00:00+01:00" in refused.stderr


@pytest.mark.parametrize("command", ["query", "shell", "explain", "rollback", "run", "docs"])
def test_help_has_an_example(command):
    assert f"leerplicht {command}" in leerplicht(command, "--help").stdout
    assert "Voorbeeld" in leerplicht(command, "--help").stdout


def test_shell_lists_the_tables_of_one_night_once(lake):
    make(lake, 1), make(lake, 2)
    shown = leerplicht("shell", "--naast", nights.nights(lake)[1].name, typed=".tabellen\nselect min(nummer) from ander.kern.melding;\n")
    assert shown.stdout.count("één rij per melding") == 1
    assert " 1\n" in shown.stdout
