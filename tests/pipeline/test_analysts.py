"""What analysts use: pages that match the warehouse, the answers to the questions, and a look back that changes nothing."""

import json
import re
import sys
from dataclasses import replace
from datetime import datetime
from typing import Any

import duckdb
import pytest
from conftest import copy_of, snapshot

from orchestration.lake import Lake
from orchestration.settings import Settings
from orchestration.warehouse import build, dictionary, manual, nights, questions, read

RENEW = "vernieuw met: leerplicht docs --write"


@pytest.fixture(scope="module")
def night(night, tmp_path_factory):
    """A copy of the published night, because a look back locks the lake."""
    return replace(night, place=copy_of(night, tmp_path_factory.mktemp("analisten")))


@pytest.fixture(scope="module")
def manifest(night, tmp_path_factory):
    folder = tmp_path_factory.mktemp("woordenboek")
    build.copy_partial_parse(night.lake, Lake(folder / "meer"))
    return build.parse(Settings(lake=folder / "meer", key_file=folder / "sleutel"))


@pytest.fixture(scope="module")
def looked_back(night):
    """A look back on the lake of the night, with everything that readers see before and after it, and the records of the nights."""
    seen = (night.place.root / "published", night.place.root / "warehouse", night.lake.dagster_home)
    before = snapshot(*seen), [one.name for one in nights.nights(night.lake)]
    ran = night.place.leerplicht("run", "--known-at", manual.LOOK_BACK)
    assert ran.returncode == 0, ran.stderr
    return ran, before, (snapshot(*seen), [one.name for one in nights.nights(night.lake)])


@pytest.fixture(scope="module")
def opened(night, looked_back):
    assert looked_back
    other = nights.to_compare(night.lake, manual.LOOK_BACK)
    with read.opened(night.lake, other) as connection:
        yield connection


def test_looking_back_leaves_what_readers_see_and_the_records_of_the_nights_alone(night, looked_back):
    ran, before, after = looked_back
    assert any(path.startswith(str(night.lake.dagster_home)) for path in before[0])
    assert before == after
    assert "wat lezers zien is niet veranderd" in ran.stdout


def test_looking_back_shows_what_was_known_then(night, looked_back, opened):
    ran, *_ = looked_back
    moment = datetime.fromisoformat(manual.LOOK_BACK)
    release = night.lake.as_known_at(moment).published("intern") / "current"
    assert release.resolve().name in ran.stdout.splitlines()[-1] and str(release) in ran.stdout
    assert release.resolve() != night.release.resolve()
    known = "select count(*), max(cast(kennisdatum as timestamptz)) from {}kern.levering where oordeel = 'geaccepteerd'"
    then, last = opened.execute(known.format("ander.")).fetchone()
    now, _ = opened.execute(known.format("")).fetchone()
    assert 0 < then < now
    assert last <= moment


def test_two_nights_of_the_same_deliveries_are_kept_and_alike(night):
    assert len(nights.nights(night.lake)) == 2
    assert [line["wat"] for line in nights.record(night.lake)] == ["nacht", "nacht"]
    with read.opened(night.lake, nights.nights(night.lake)[1].path) as connection:
        for table in ("kern.melding", "kern.traject", "jaarverslag.kerncijfers"):
            assert not connection.execute(
                f"(from {table} except from ander.{table}) union all (from ander.{table} except from {table})"
            ).fetchall()


def test_each_question_gives_the_answer_on_the_page(opened, manifest, record_property, capsys):
    found = questions.answered(opened)
    assert len(found) >= 12
    for one in found:
        assert one.answer.rows, one.question.file.name
        record_property(one.question.file.stem, f"{one.seconds:.3f} s")
    with capsys.disabled():
        sys.stdout.write("".join(f"\n{one.seconds * 1000:7.1f} ms  {one.question.title}" for one in found) + "\n")
    page = manual.PAGE.read_text(encoding="utf-8")
    assert manual.generated(page, manifest, found) == page, RENEW


def test_the_night_wrote_a_dictionary_of_these_models(night, manifest, elsewhere):
    folder = elsewhere.lake.dictionary
    folder.mkdir(parents=True)
    (folder / "kern.weg.md").write_text("of a table that is gone")
    dictionary.write(elsewhere.lake, manifest)
    written = {path.name: path.read_text() for path in folder.iterdir()}
    assert written == {path.name: path.read_text() for path in night.lake.dictionary.iterdir()}
    assert {"README.md", "kern.melding.md", "jaarverslag.kerncijfers.md"} < set(written)


def test_the_dictionary_says_what_the_database_says(manifest, opened):
    """Compared with the database file, not with the yml: tables, columns, their order and types."""
    database: dict[str, list[tuple[str, str]]] = {}
    for table, column, kind in opened.execute(
        "select schema_name || '.' || table_name, column_name, lower(data_type) from duckdb_columns()"
        " where database_name = current_database() and schema_name in ('kern', 'jaarverslag') order by column_index"
    ).fetchall():
        database.setdefault(table, []).append((column, kind))
    tables = dictionary.tables(manifest)
    assert {table.name: [(column.name, column.type) for column in table.columns] for table in tables} == database
    assert all(table.key and table.grain.startswith("één rij per ") for table in tables)


def test_every_key_is_one(manifest, opened):
    for table in dictionary.tables(manifest):
        key = ", ".join(table.key)
        wrong = opened.execute(f"select {key} from {table.name} group by {key} having count(*) > 1 or {table.key[0]} is null").fetchall()
        assert not wrong, table.name


def test_every_line_of_the_star_holds(manifest, opened):
    lines = [reference for table in dictionary.tables(manifest) for reference in table.references]
    assert len(lines) > 25
    for line in lines:
        assert not opened.execute(
            f"select 1 from {line.table} as feit anti join {line.to_table} as ding on feit.{line.column} = ding.{line.to_column}"
            f" where feit.{line.column} is not null limit 1"
        ).fetchall(), line


def test_an_answer_never_names_a_person(opened, monkeypatch, tmp_path):
    (tmp_path / "01-wie.sql").write_text("-- Wie?\nselect jongere_id from kern.jongere limit 1\n")
    monkeypatch.setattr(questions, "FOLDER", tmp_path)
    with pytest.raises(questions.PrivateAnswerError, match="01-wie"):
        questions.answered(opened)


def test_query_and_explain_answer_on_the_night(night):
    from orchestration.example import TIM_MELDINGSNUMMER

    asked = night.place.leerplicht("query", "select count(*) as n from kern.melding", "--csv")
    assert asked.returncode == 0
    assert int(asked.stdout.splitlines()[1]) > 1000
    told = night.place.leerplicht("explain", TIM_MELDINGSNUMMER)
    assert told.returncode == 0
    for word in ("V3", "20250805T020000", "geldt", "schooljaar 2024-2025", "Hengelo", "relatief_16_uur_18_min"):
        assert word in told.stdout, word
    unknown = night.place.leerplicht("explain", "1234.56.789")
    assert unknown.returncode == 1
    assert "geen nummer van" in unknown.stderr
    assert "1234" not in unknown.stderr + unknown.stdout, "it may be the number of a person with a typing error"
    assert "Traceback" not in told.stderr + unknown.stderr


def test_dbts_documentation_is_made_without_a_warehouse_and_has_all_types(manifest, opened, tmp_path):
    """Types as in the database file, and a description, of each column of each table that analysts have."""
    assert manifest
    site = tmp_path / "site"
    build.document(Settings(lake=tmp_path / "meer", key_file=tmp_path / "sleutel"), site)
    assert "index.html" in {path.name for path in site.iterdir()}
    assert not (tmp_path / "meer").exists(), "an analyst writes nothing in the lake"
    shown, described = (json.loads((site / f"{name}.json").read_bytes())["nodes"] for name in ("catalog", "manifest"))
    found = {
        (node["metadata"]["schema"], node["metadata"]["name"], column["name"], column["type"])
        for node in shown.values()
        if node["metadata"]["schema"] in ("kern", "jaarverslag")
        for column in node["columns"].values()
    }
    assert found == set(
        opened.execute(
            "select schema_name, table_name, column_name, lower(data_type) from duckdb_columns()"
            " where database_name = current_database() and schema_name in ('kern', 'jaarverslag')"
        ).fetchall()
    )
    for name, node in shown.items():
        if node["metadata"]["schema"] in ("kern", "jaarverslag"):
            told = described[name]["columns"]
            assert described[name]["description"] and all(told[column]["description"] for column in node["columns"]), name


def test_pandas_and_polars_open_the_warehouse_as_the_page_says(night, tmp_path, monkeypatch):
    """The other programs of the page's table were tried by hand, on the day that it says."""
    (tmp_path / "data_lake").symlink_to(night.place.root)
    monkeypatch.chdir(tmp_path)
    [code] = re.findall(r"```python\n(.*?)```", manual.PAGE.read_text(encoding="utf-8"), re.DOTALL)
    names: dict[str, Any] = {}
    exec(compile(code, manual.PAGE.name, "exec"), names)
    expected = names["magazijn"].sql(names["vraag"]).fetchall()
    assert len(expected) > 1
    assert [tuple(row) for row in names["tabel"].itertuples(index=False)] == names["ook_zo"].rows() == names["of_zo"].rows() == expected
    with pytest.raises(duckdb.InvalidInputException, match="read-only"):
        names["magazijn"].execute("create table kern.weg as select 1")
    names["magazijn"].close()
