"""The gate behind the deliveries: what lies in the lake is what the contracts say, and nothing was lost on the way in.

Which columns must be filled, which codes exist and which form a value has follows from the contract; nothing of it is repeated here.
"""

import json
from pathlib import Path
from typing import Any

from expectations import contract
from expectations.gate import Table
from orchestration.lake import Lake


def tables(lake: Lake) -> list[Table]:
    """Fetch what the accepted deliveries brought, and say what must hold of it.

    Args:
        lake: The lake that the deliveries were read into.

    Returns:
        The counts of all accepted deliveries, and a table per entiteit that has rows.
    """
    entries = [
        entry for path in sorted(lake.ledger.rglob("*.json")) if (entry := json.loads(path.read_text()))["oordeel"] == "geaccepteerd"
    ]
    return [_counts(lake, entries), *_rows(lake, entries)]


def _counts(lake: Lake, entries: list[dict[str, Any]]) -> Table:
    import great_expectations.expectations as gxe
    import pandas as pd
    import pyarrow.parquet as pq

    records = []
    for entry in entries:
        for part in entry["entiteiten"]:
            stored = pq.read_metadata(lake.rows / part["rijen"]).num_rows if part["rijen"] else 0
            records.append(
                {
                    "levering": f"{entry['bron']}/{entry['levering']}/{part['entiteit']}",
                    "gelezen": part["gelezen"],
                    "verantwoord": part["geladen"] + part["afgewezen"] + part["herhaald"],
                    "geladen": part["geladen"],
                    "in_het_meer": stored,
                    "afgewezen": part["afgewezen"],
                    "afgewezen_met_reden": sum(part["afgewezen_per_code"].values()),
                }
            )
    return Table(
        "leveringen",
        pd.DataFrame(records),
        [
            gxe.ExpectColumnValuesToBeUnique(column="levering", description="elke levering en entiteit staat één keer in het grootboek"),
            gxe.ExpectColumnPairValuesToBeEqual(
                column_A="gelezen", column_B="verantwoord", description="gelezen = geladen + afgewezen + herhaald"
            ),
            gxe.ExpectColumnPairValuesToBeEqual(
                column_A="geladen", column_B="in_het_meer", description="wat geladen heet, ligt in het meer"
            ),
            gxe.ExpectColumnPairValuesToBeEqual(
                column_A="afgewezen", column_B="afgewezen_met_reden", description="elke afgewezen rij heeft een reden"
            ),
        ],
    )


def _rows(lake: Lake, entries: list[dict[str, Any]]) -> list[Table]:
    found = []
    for bron in contract.BRONNEN:
        for entity in contract.load(bron).entities.values():
            files = {
                entry["levering"]: lake.rows / part["rijen"]
                for entry in entries
                for part in entry["entiteiten"]
                if entry["bron"] == bron and part["entiteit"] == entity.name and part["rijen"] and part["geladen"]
            }
            if files:
                found.append(Table(f"{bron}__{entity.name}", _frame(entity, files), _expectations(entity)))
    return found


def _frame(entity: contract.Entity, files: dict[str, Path]) -> Any:
    import pandas as pd
    import pyarrow as pa
    import pyarrow.parquet as pq

    names = [name for column in entity.columns if (name := column.lake_name)] + ["sleutel", "mutatiemoment"]
    parts = []
    for levering, path in files.items():
        rows = pq.read_table(path, columns=names)
        parts.append(rows.append_column("levering", pa.array([levering] * rows.num_rows, pa.string())))
    return pa.concat_tables(parts).to_pandas(types_mapper=pd.ArrowDtype)


def _expectations(entity: contract.Entity) -> list[Any]:
    import great_expectations.expectations as gxe

    expected: list[Any] = [
        gxe.ExpectCompoundColumnsToBeUnique(
            column_list=["levering", "sleutel", "mutatiemoment"],
            description="een sleutel komt in een levering één keer per mutatiemoment voor",
        ),
        gxe.ExpectColumnValuesToNotBeNull(column="sleutel", description="de sleutel is gevuld"),
    ]
    for column in entity.columns:
        if not column.lake_name:
            continue
        if column.required:
            expected.append(gxe.ExpectColumnValuesToNotBeNull(column=column.lake_name, description="de kolom is gevuld"))
        if column.allowed:
            expected.append(
                gxe.ExpectColumnValuesToBeInSet(
                    column=column.lake_name, value_set=list(column.allowed), description="de code staat in het contract"
                )
            )
        pattern = column.pattern or ("^[0-9a-f]{32}$" if column.is_identifier else None)
        if pattern:
            expected.append(
                gxe.ExpectColumnValuesToMatchRegex(
                    column=column.lake_name,
                    regex=pattern,
                    description="wat een persoon aanwijst is een pseudoniem"
                    if column.is_identifier
                    else "de waarde heeft de vorm van het contract",
                )
            )
    return expected
