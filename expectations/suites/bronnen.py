"""The gate after the deliveries: the rows in the lake conform to the contracts, and no rows were lost while reading.

Required columns, accepted codes and patterns are derived from the contracts and not repeated here.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from expectations import contract
from expectations.suites import Table, existing, paired, sql_text
from orchestration.lake import Lake
from orchestration.settings import Settings

POORT = "bronnen"
DELIVERIES = "leveringen"
DOUBLE = "sleutel: dubbel"
ROWS = "rijen"

ENTITIES = {f"{bron}__{entity.name}": entity for bron in contract.BRONNEN for entity in contract.load(bron).entities.values()}
OVER = {DELIVERIES: tuple(ENTITIES)}
FILE_RULES = ()


@dataclass(frozen=True)
class Deviation:
    """A kind of deviation of a row of an entiteit.

    Args:
        name: The column of the frame that counts the deviating rows.
        condition: The condition for a deviating row, in SQL.
        holds: The rule that it violates, in Dutch.
    """

    name: str
    condition: str
    holds: str


def expectations() -> dict[str, list[Any]]:
    """Return the expectations of all deliveries together, and of each entiteit of a contract."""
    import great_expectations.expectations as gxe

    def equal(left: str, right: str, description: str) -> Any:
        return gxe.ExpectColumnPairValuesToBeEqual(column_A=left, column_B=right, description=description)

    def none(column: str, description: str) -> Any:
        return gxe.ExpectColumnValuesToBeInSet(column=column, value_set=[0], description=description)

    deliveries = [
        gxe.ExpectColumnValuesToBeUnique(column="levering", description="elke levering en entiteit staat één keer in het grootboek"),
        equal("gelezen", "verantwoord", "gelezen = geladen + afgewezen + herhaald"),
        equal("geladen", "in_het_meer", "wat geladen heet, ligt in het meer"),
        equal("afgewezen", "afgewezen_met_reden", "elke afgewezen rij heeft een reden"),
    ]
    rows = {
        table: [
            *(none(deviation.name, deviation.holds) for deviation in _deviations(entity)),
            none(DOUBLE, "een sleutel komt in een levering één keer per mutatiemoment voor"),
        ]
        for table, entity in ENTITIES.items()
    }
    return {DELIVERIES: deliveries, **rows}


def tables(lake: Lake) -> list[Table]:
    """Count the rows of the accepted deliveries.

    Args:
        lake: The lake with the deliveries.

    Returns:
        The counts of all accepted deliveries, and a table per entiteit that has rows.
    """
    entries = [
        entry for path in sorted(lake.ledger.rglob("*.json")) if (entry := json.loads(path.read_text()))["oordeel"] == "geaccepteerd"
    ]
    frames = {DELIVERIES: _deliveries(lake, entries)}
    for table, entity in ENTITIES.items():
        files = {
            entry["levering"]: lake.rows / part["rijen"]
            for entry in entries
            for part in entry["entiteiten"]
            if entry["bron"] == entity.bron and part["entiteit"] == entity.name and part["rijen"] and part["geladen"]
        }
        if files:
            frames[table] = _counted(files, _deviations(entity))
    return paired(POORT, frames, optional=ENTITIES.keys(), rows=ROWS)


def standing(lake: Lake, _settings: Settings) -> tuple[list[Table], Path]:
    """Return the tables of the lake, and the path of the ledger."""
    return tables(lake), existing(lake.ledger)


def _deliveries(lake: Lake, entries: list[dict[str, Any]]) -> Any:
    """Return a row per delivery and entiteit: its counts in the ledger, and the number of its rows in the lake."""
    import pandas as pd
    import pyarrow.parquet as pq

    records = [
        {
            "levering": f"{entry['bron']}/{entry['levering']}/{part['entiteit']}",
            "gelezen": part["gelezen"],
            "verantwoord": part["geladen"] + part["afgewezen"] + part["herhaald"],
            "geladen": part["geladen"],
            "in_het_meer": pq.read_metadata(lake.rows / part["rijen"]).num_rows if part["rijen"] else 0,
            "afgewezen": part["afgewezen"],
            "afgewezen_met_reden": sum(part["afgewezen_per_code"].values()),
        }
        for entry in entries
        for part in entry["entiteiten"]
    ]
    return pd.DataFrame(records)


def _counted(files: Mapping[str, Path], deviations: list[Deviation]) -> Any:
    """Return a row per delivery: its number of rows, and the number of rows with each deviation.

    DuckDB counts one delivery at a time: all rows of a region as one frame took 1.9 GB and 21 seconds.
    """
    import duckdb
    import pandas as pd

    counts = ", ".join(f'count(*) filter (where {deviation.condition}) as "{deviation.name}"' for deviation in deviations)
    double = "select coalesce(sum(n), 0) from (select count(*) as n from rij group by sleutel, mutatiemoment having count(*) > 1)"
    query = f'with rij as (from read_parquet($1)) select count(*) as {ROWS}, ({double}) as "{DOUBLE}", {counts} from rij'  # noqa: S608
    records = []
    with duckdb.connect(config={"memory_limit": "1GB", "autoinstall_known_extensions": "false"}) as connection:
        for levering, path in files.items():
            records.append({"levering": levering, **connection.execute(query, [str(path)]).df().iloc[0].to_dict()})
    return pd.DataFrame(records)


def _deviations(entity: contract.Entity) -> list[Deviation]:
    found = [Deviation("sleutel: leeg", "sleutel is null", "de sleutel is gevuld")]
    for column in entity.columns:
        name = column.lake_name
        if not name:
            continue
        if column.required:
            found.append(Deviation(f"{name}: leeg", f'"{name}" is null', "de kolom is gevuld"))
        if column.allowed:
            codes = ", ".join(map(sql_text, column.allowed))
            found.append(Deviation(f"{name}: andere code", f'"{name}" not in ({codes})', "de code staat in het contract"))
        if column.is_identifier:
            form = "wat een persoon aanwijst is een pseudoniem"
            found.append(Deviation(f"{name}: geen pseudoniem", f"""not regexp_matches("{name}", '^[0-9A-Za-z._]{{12}}$')""", form))
        elif column.pattern:
            condition = f'not regexp_matches("{name}", {sql_text(column.pattern)})'
            found.append(Deviation(f"{name}: andere vorm", condition, "de waarde heeft de vorm van het contract"))
    return found
