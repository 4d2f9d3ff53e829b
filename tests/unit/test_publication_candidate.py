"""The candidate: typed as declared, sorted, and the same bytes each time; and what the contract says of it."""

from decimal import Decimal
from pathlib import Path

import duckdb
import magazijn
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from open_data_contract_standard.model import OpenDataContractStandard

from expectations.contract import FOLDER
from orchestration.lake import Lake
from orchestration.publication import parquet, schemas
from orchestration.publication.candidate import build_candidate
from orchestration.settings import Settings

CONTRACT = OpenDataContractStandard.from_file(str(FOLDER / "publicatie.odcs.yaml"))
LOGICAL = {pa.string(): "string", pa.int64(): "integer", pa.bool_(): "boolean", pa.date32(): "date"}


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    lake = Lake(tmp_path / "meer")
    magazijn.build(lake)
    return lake


def test_the_contract_and_the_schemas_speak_of_the_same_tables():
    assert [schema.name for schema in CONTRACT.schema_ or []] == list(schemas.RELEASE)
    assert CONTRACT.version


@pytest.mark.parametrize("table", CONTRACT.schema_ or [], ids=lambda table: table.name)
def test_the_contract_and_the_schema_say_the_same(table):
    schema = schemas.RELEASE[table.name]
    assert [column.name for column in table.properties] == schema.names
    assert table.physicalName == f"{table.name}.parquet"
    assert table.description == schema.metadata[b"description"].decode()
    for column, field in zip(table.properties, schema, strict=True):
        assert column.physicalType == str(field.type)
        assert column.logicalType == LOGICAL.get(field.type, "number")
        assert column.required is not field.nullable
        assert column.description == field.metadata[b"description"].decode()
        own = {item.property: item.value for item in column.customProperties or []}
        assert own.get("eenheid", "") == field.metadata.get(b"eenheid", b"").decode()


def test_the_columns_of_kerncijfers_are_the_agreed_ones():
    assert " ".join(schemas.KERNCIJFERS.names) == (
        "schooljaar gemeente_code gemeente tabel indicator label waarde percentage teller noemer eenheid status weergave vorige_waarde "
        "verschil verschil_percentage vorig_percentage verschil_punten trendbreuk bron peildatum"
    )


def test_every_table_has_its_declared_schema_and_says_so_in_the_file(lake: Lake):
    folder = build_candidate(lake, Settings(lake=lake.root))
    assert sorted(path.name for path in folder.iterdir()) == sorted(f"{name}.parquet" for name in schemas.CANDIDATE)
    for name, schema in schemas.CANDIDATE.items():
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
            "referentie.gepubliceerd_cijfer",
            "kern.optelling",
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
    assert lake.published("intern").stat().st_mode & 0o777 == 0o700


def test_rows_that_do_not_fit_the_schema_are_not_written(tmp_path: Path):
    row = {"bron": "duo", "levering": "a", "entiteit": "b", "ernst": "gelezen", "code": "", "aantal": 1}
    with pytest.raises(ValueError, match="andere kolommen"):
        parquet.write(tmp_path / "kwaliteit.parquet", [row | {"extra": 1}], schemas.KWALITEIT)
    with pytest.raises(pa.ArrowInvalid):
        parquet.write(tmp_path / "kwaliteit.parquet", [row | {"aantal": None}], schemas.KWALITEIT)
    with pytest.raises((pa.ArrowInvalid, pa.ArrowTypeError)):
        parquet.write(tmp_path / "kwaliteit.parquet", [row | {"aantal": "veel"}], schemas.KWALITEIT)


def test_another_type_or_order_is_another_schema():
    assert schemas.fingerprint(schemas.KWALITEIT) == schemas.fingerprint(pa.schema(list(schemas.KWALITEIT)))
    assert schemas.fingerprint(schemas.KWALITEIT) != schemas.fingerprint(pa.schema(list(schemas.KWALITEIT)[::-1]))
