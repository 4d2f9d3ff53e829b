"""The gate after the deliveries: the rows in the lake conform to the contracts, and no rows were lost while reading.

Required columns, accepted codes and patterns are derived from the contracts and not repeated here.
"""

import json
from pathlib import Path
from typing import Any

from expectations import contract, counted
from expectations.counted import Deviation, double, where
from expectations.remembered import numbers
from expectations.suites import Table, existing, paired, sql_text
from orchestration.lake import Lake
from orchestration.memory import limit
from orchestration.settings import Settings

POORT = "bronnen"
DELIVERIES = "leveringen"
DOUBLE = "sleutel: dubbel"

ENTITIES = {f"{bron}__{entity.name}": entity for bron in contract.BRONNEN for entity in contract.load(bron).entities.values()}
OVER = {DELIVERIES: tuple(ENTITIES)}
FILE_RULES = ()


def expectations() -> dict[str, list[Any]]:
    """Return the expectations of all deliveries together, and of each entiteit of a contract."""
    import great_expectations.expectations as gxe

    def equal(left: str, right: str, description: str) -> Any:
        return gxe.ExpectColumnPairValuesToBeEqual(column_A=left, column_B=right, description=description)

    deliveries = [
        gxe.ExpectColumnValuesToBeUnique(column="levering", description="elke levering en entiteit staat één keer in het grootboek"),
        equal("gelezen", "verantwoord", "gelezen = geladen + afgewezen + herhaald"),
        equal("geladen", "in_het_meer", "wat geladen heet, ligt in het meer"),
        equal("afgewezen", "afgewezen_met_reden", "elke afgewezen rij heeft een reden"),
    ]
    rows = {table: [deviation.expectation for deviation in deviations(entity)] for table, entity in ENTITIES.items()}
    return {DELIVERIES: deliveries, **rows}


def tables(lake: Lake, *, remembers: bool = False, memory: str = "") -> list[Table]:
    """Count the rows of the accepted deliveries.

    Args:
        lake: The lake with the deliveries.
        remembers: Count only the files that the last night did not count, and remember the counts; otherwise count all of them.
        memory: What DuckDB may use, as `orchestration.memory.limit` returns it; empty: DuckDB's own limit.

    Returns:
        The counts of all accepted deliveries, and a table per entiteit that has rows.
    """
    import pandas as pd

    entries = [
        entry for path in sorted(lake.ledger.rglob("*.json")) if (entry := json.loads(path.read_text()))["oordeel"] == "geaccepteerd"
    ]
    files = [
        (f"{entry['bron']}__{part['entiteit']}", entry["levering"], lake.rows / part["rijen"])
        for entry in entries
        for part in entry["entiteiten"]
        if part["rijen"] and part["geladen"]
    ]
    queries = {table: counted.query("read_parquet($1)", deviations(ENTITIES[table])) for table, *_ in files}
    with counted.opened(None, lake.gates / "tmp", memory) as connection:
        found = numbers(
            [(path, queries[table]) for table, _, path in files],
            lambda path, query: counted.row(connection, query, [str(path)]),
            lake.counted if remembers else None,
        )
    frames = {DELIVERIES: _deliveries(lake, entries)}
    for name in queries:
        frames[name] = pd.DataFrame(
            [{"levering": levering, **counts} for (table, levering, _), counts in zip(files, found, strict=True) if table == name]
        )
    return paired(POORT, frames, optional=ENTITIES.keys() - frames.keys())


def standing(lake: Lake, settings: Settings) -> tuple[list[Table], Path]:
    """Return the tables of the lake, and the path of the ledger."""
    return tables(lake, memory=limit(settings.memory_share)), existing(lake.ledger)


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


def deviations(entity: contract.Entity) -> list[Deviation]:
    """Return what may deviate in the rows of an entiteit."""
    found = [where("sleutel: leeg", "sleutel is null", "de sleutel is gevuld")]
    for column in entity.columns:
        name = column.lake_name
        if not name:
            continue
        if column.required:
            found.append(where(f"{name}: leeg", f'"{name}" is null', "de kolom is gevuld"))
        if column.allowed:
            codes = ", ".join(map(sql_text, column.allowed))
            found.append(where(f"{name}: andere code", f'"{name}" not in ({codes})', "de code staat in het contract"))
        if column.is_identifier:
            form = "wat een persoon aanwijst is een pseudoniem"
            found.append(where(f"{name}: geen pseudoniem", f"""not regexp_matches("{name}", '^[0-9A-Za-z._]{{12}}$')""", form))
        elif column.pattern:
            condition = f'not regexp_matches("{name}", {sql_text(column.pattern)})'
            found.append(where(f"{name}: andere vorm", condition, "de waarde heeft de vorm van het contract"))
    found.append(double(DOUBLE, ("sleutel", "mutatiemoment"), "een sleutel komt in een levering één keer per mutatiemoment voor"))
    return found
