"""The candidate: typed as declared, sorted, the same bytes each time, and consistent with the contract."""

from decimal import Decimal
from pathlib import Path

import duckdb
import magazijn
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from expectations import published
from orchestration.lake import Lake
from orchestration.publication import extract, parquet
from orchestration.publication.candidate import build_candidate, tables
from orchestration.settings import Settings

CANDIDATE = {table.name: table.schema for table in tables("intern")}
KWALITEIT = published.table("kwaliteit").schema
LOGICAL = {pa.string(): "string", pa.int64(): "integer", pa.bool_(): "boolean", pa.date32(): "date"}


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    lake = Lake(tmp_path / "meer")
    magazijn.build(lake)
    return lake


def test_every_table_is_a_file_and_every_type_is_an_arrow_type():
    for table in published.load().tables:
        assert table.file == f"{table.name}.parquet"
        for column, field in zip(table.columns, table.schema, strict=True):
            assert column.type == str(field.type)
            assert column.kind == LOGICAL.get(field.type, "number")


def test_a_field_says_what_its_column_means():
    [field] = [field for field in published.table("kwaliteit").schema if field.name == "aantal"]
    assert field.metadata == {b"description": b"Aantal rijen.", b"eenheid": b"rijen"} and not field.nullable
    assert published.table("kwaliteit").schema.field("code").metadata.keys() == {b"description"}
    assert published.table("kerncijfers").schema.field("waarde").nullable


def test_an_origin_speaks_of_columns_that_the_table_has_and_that_may_be_empty():
    columns = published.table("kwaliteit").columns
    for part, name in (("berekend", "weergave"), ("leeg", "weergave"), ("leeg", "aantal")):
        with pytest.raises(published.PublishedContractError, match=f"herkomst van kwaliteit: {name}"):
            published._origin("kwaliteit", {"tabel": "kern.kwaliteit", part: [name]}, columns)


def test_a_column_that_the_warehouse_lacks_is_a_sentence_that_names_the_model(lake: Lake):
    with duckdb.connect(str(lake.warehouse_current)) as connection:
        connection.execute("alter table kern.levering drop column aard")
        with pytest.raises(published.PublishedContractError, match=r"leveringen aard, en dbt_project/models/marts/kern/levering.sql"):
            extract.table_of(connection, "leveringen", 5)


def test_the_columns_of_kerncijfers_are_the_agreed_ones():
    assert " ".join(published.table("kerncijfers").schema.names) == (
        "schooljaar gemeente_code gemeente tabel indicator label waarde percentage teller noemer eenheid status weergave vorige_waarde "
        "verschil verschil_percentage vorig_percentage verschil_punten trendbreuk trendbreuk_reden bron peildatum"
    )


def test_every_table_has_its_declared_schema_and_says_so_in_the_file(lake: Lake):
    folder = build_candidate(lake, Settings(lake=lake.root))
    assert sorted(path.name for path in folder.iterdir()) == sorted(f"{name}.parquet" for name in CANDIDATE)
    for name, schema in CANDIDATE.items():
        found = pq.read_schema(folder / f"{name}.parquet")
        assert found.equals(schema, check_metadata=True)
        assert b"pandas" not in (found.metadata or {})


def test_figures_are_sorted_by_year_area_and_the_reports_order(lake: Lake):
    folder = build_candidate(lake, Settings(lake=lake.root))
    order = {row["indicator"]: row["volgorde"] for row in pq.read_table(folder / "indicatoren.parquet").to_pylist()}
    keys = [
        (row["schooljaar"], row["gemeente_code"], order[row["indicator"]])
        for row in pq.read_table(folder / "kerncijfers.parquet").to_pylist()
    ]
    assert keys == sorted(keys)
    assert len(keys) == len(set(keys)) > 100


def test_a_figure_carries_what_a_report_prints(lake: Lake):
    folder = build_candidate(lake, Settings(lake=lake.root))
    with duckdb.connect() as connection:
        where = "schooljaar = '2024-2025' and indicator in ('leerplichtigen', 'verzuimpercentage')"
        found = connection.execute(
            f"select gemeente, weergave, waarde, percentage from '{folder}/kerncijfers.parquet' where {where} order by all"
        ).fetchall()
    assert found == [
        ("Borne", "3,71%", None, Decimal("3.71")),
        ("Borne", "3.694", 3694, None),
        ("Hengelo", "10.478", 10478, None),
        ("Hengelo", "5,95%", None, Decimal("5.95")),
        ("Onbekend", "-", None, None),
        ("Onbekend", "-", None, None),
        ("Regio", "14.172", 14172, None),
        ("Regio", "5,36%", None, Decimal("5.36")),
    ]


def test_the_same_warehouse_gives_the_same_bytes_in_whatever_order_it_holds_its_rows(lake: Lake):
    def content() -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in build_candidate(lake, Settings(lake=lake.root)).iterdir()}

    first = content()
    with duckdb.connect(str(lake.warehouse_current)) as connection:
        for table in (
            "jaarverslag.kerncijfers",
            "jaarverslag.uitsplitsingen",
            "kern.gepubliceerd_cijfer",
            "kern.kwaliteit",
            "kern.levering",
        ):
            connection.execute(f"create or replace table {table} as select * from {table} order by hash(columns(*)::varchar)")
    assert content() == first


def test_a_candidate_is_made_anew(lake: Lake):
    build_candidate(lake, Settings(lake=lake.root))
    (lake.candidate_of("intern") / "oud.parquet").write_bytes(b"")
    build_candidate(lake, Settings(lake=lake.root))
    assert not (lake.candidate_of("intern") / "oud.parquet").exists()


def test_rows_that_do_not_fit_the_schema_are_not_written(tmp_path: Path):
    row = {"bron": "duo", "levering": "a", "entiteit": "b", "ernst": "gelezen", "code": "", "aantal": 1}
    with pytest.raises(ValueError, match="andere kolommen"):
        parquet.write(tmp_path / "kwaliteit.parquet", [row | {"extra": 1}], KWALITEIT)
    with pytest.raises(pa.ArrowInvalid):
        parquet.write(tmp_path / "kwaliteit.parquet", [row | {"aantal": None}], KWALITEIT)
    with pytest.raises((pa.ArrowInvalid, pa.ArrowTypeError)):
        parquet.write(tmp_path / "kwaliteit.parquet", [row | {"aantal": "veel"}], KWALITEIT)


@pytest.mark.parametrize(
    "change", ["cast(aantal as varchar) as aantal", "cast(aantal as double) as aantal", "2 * aantal * 9e17::hugeint as aantal"]
)
def test_a_column_of_another_type_is_not_converted(tmp_path: Path, change: str):
    query = "select 'duo' as bron, 'a' as levering, 'b' as entiteit, 'gelezen' as ernst, '' as code, 1000::{} as aantal"
    parquet.write_table(tmp_path / "kwaliteit.parquet", duckdb.sql(query.format("smallint")).to_arrow_table(), KWALITEIT)
    assert pq.read_table(tmp_path / "kwaliteit.parquet")["aantal"].to_pylist() == [1000]
    other = duckdb.sql(f"select * replace ({change}) from ({query.format('smallint')})").to_arrow_table()
    with pytest.raises((pa.ArrowInvalid, pa.ArrowTypeError)):
        parquet.write_table(tmp_path / "kwaliteit.parquet", other, KWALITEIT)


def test_only_figures_that_are_printed_become_rows(lake: Lake):
    with duckdb.connect(str(lake.warehouse_current)) as connection:
        figures, cells = extract.table_of(connection, "kerncijfers", 5), extract.cells(connection)
    found = extract.printed_of(figures, cells)
    own = {extract.printed_place(row): row for row in figures.to_pylist()}
    wanted = {(cell.indicator, cell.gemeente, cell.schooljaar) for cell in cells}
    assert {extract.printed_place(row): row for row in found} == {place: row for place, row in own.items() if place in wanted}
    assert 0 < len(found) < len(figures)


def test_another_type_or_order_is_another_schema():
    assert published.fingerprint(KWALITEIT) == published.fingerprint(pa.schema(list(KWALITEIT)))
    assert published.fingerprint(KWALITEIT) != published.fingerprint(pa.schema(list(KWALITEIT)[::-1]))
