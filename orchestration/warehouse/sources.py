"""What dbt reads: the accepted rows of the lake and its ledger, as schema `lake` of the warehouse that is being built.

Put here: which deliveries count, and where their rows are. Keep out: what a row means beside others (dbt).

The ledger is read as the JSON that it is: steps do not import each other, they meet in the lake.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from expectations import contract
from orchestration.lake import Lake

TIMEZONE = ZoneInfo("Europe/Amsterdam")
MOST_ROWS = 10**10  # more than any delivery has

Fields = dict[str, pa.DataType]

LEVERING: Fields = {
    "bron": pa.string(),
    "levering": pa.string(),
    "manifest_sha256": pa.string(),
    "kennisdatum": pa.timestamp("us"),  # UTC; null when the manifest could not be read
    "kennisdatum_tekst": pa.string(),
    "kennisdag": pa.date32(),  # the day in the Netherlands
    "aard": pa.string(),
    "oordeel": pa.string(),
    "code": pa.string(),
    "reden": pa.string(),
    "bestanden": pa.int32(),
    "rijen": pa.int64(),
    "sha256": pa.string(),
}
LEVERING_ENTITEIT: Fields = {
    "bron": pa.string(),
    "levering": pa.string(),
    "entiteit": pa.string(),
    "aard": pa.string(),
    "kennisdatum": pa.timestamp("us"),
    "kennisdag": pa.date32(),
    "volgorde": pa.int32(),  # rank within the bron by (kennisdatum, levering), from 1
    "gelezen": pa.int64(),
    "geladen": pa.int64(),
    "herhaald": pa.int64(),
    "afgewezen": pa.int64(),
    "rijen": pa.string(),  # path of the rows, empty when there are none
    "quarantaine": pa.string(),
}
LEVERING_TELLING: Fields = {
    "bron": pa.string(),
    "levering": pa.string(),
    "entiteit": pa.string(),
    "ernst": pa.string(),
    "code": pa.string(),
    "aantal": pa.int64(),
}


@dataclass(frozen=True)
class Delivery:
    """An entry of the ledger, with its instant."""

    entry: dict[str, Any]

    @property
    def instant(self) -> datetime | None:
        """The kennisdatum in UTC; None when the manifest could not be read."""
        text = self.entry["kennisdatum"]
        return datetime.fromisoformat(text).astimezone(UTC) if text else None

    @property
    def accepted(self) -> bool:
        """Whether its rows count."""
        return bool(self.entry["oordeel"] == "geaccepteerd")


def read_ledger(lake: Lake, known_at: datetime | None = None) -> list[Delivery]:
    """Every delivery ever seen, in the order (bron, kennisdatum, levering); those without a kennisdatum first.

    Args:
        lake: The lake.
        known_at: Leave out what was made after this instant.
    """
    found = [Delivery(json.loads(path.read_bytes())) for path in lake.ledger.glob("*/[!.]*.json")]
    kept = [delivery for delivery in found if known_at is None or (delivery.instant and delivery.instant <= known_at)]
    return sorted(kept, key=lambda d: (d.entry["bron"], d.instant or datetime.min.replace(tzinfo=UTC), d.entry["levering"]))


def create(connection: Any, lake: Lake, known_at: datetime | None = None) -> None:
    """Make the schema `lake`: tables of the ledger, and one view per entiteit over the rows of its accepted deliveries.

    Args:
        connection: DuckDB, on the file that is being built.
        lake: The lake.
        known_at: Build what was known at this instant; None for everything.
    """
    deliveries = read_ledger(lake, known_at)
    parts = list(_parts(deliveries, lake))
    connection.execute("create schema if not exists lake")
    _table(connection, "levering", LEVERING, [_levering(delivery) for delivery in deliveries])
    _table(connection, "levering_entiteit", LEVERING_ENTITEIT, parts)
    _table(connection, "levering_telling", LEVERING_TELLING, list(_tellingen(deliveries)))
    _rejections(connection, parts)
    for bron in contract.BRONNEN:
        for entity in contract.load(bron).entities.values():
            _rows(connection, entity, [part for part in parts if (part["bron"], part["entiteit"]) == (bron, entity.name)])


def drop(connection: Any) -> None:
    """Take the schema `lake` out again: a finished warehouse needs no other file."""
    connection.execute("drop schema if exists lake cascade")


def _levering(delivery: Delivery) -> dict[str, Any]:
    entry, instant = delivery.entry, delivery.instant
    return {
        **{name: entry[name] for name in ("bron", "levering", "manifest_sha256", "aard", "oordeel", "code", "reden", "sha256")},
        "kennisdatum": instant.replace(tzinfo=None) if instant else None,
        "kennisdatum_tekst": entry["kennisdatum"],
        "kennisdag": instant.astimezone(TIMEZONE).date() if instant else None,
        "bestanden": len({file["naam"] for file in entry["bestanden"]}),
        "rijen": sum(file["rijen"] for file in entry["bestanden"]),
    }


def _parts(deliveries: Iterable[Delivery], lake: Lake) -> Iterable[dict[str, Any]]:
    rank: dict[str, int] = {}
    for delivery in deliveries:
        if not delivery.accepted:
            continue
        head = _levering(delivery)
        rank[head["bron"]] = rank.get(head["bron"], 0) + 1
        for part in delivery.entry["entiteiten"]:
            yield {
                **{name: head[name] for name in ("bron", "levering", "aard", "kennisdatum", "kennisdag")},
                **{name: part[name] for name in ("entiteit", "gelezen", "geladen", "herhaald", "afgewezen")},
                "volgorde": rank[head["bron"]],
                "rijen": str(lake.rows / part["rijen"]) if part["rijen"] else "",
                "quarantaine": str(lake.quarantine / part["quarantaine"]) if part["quarantaine"] else "",
            }


def _tellingen(deliveries: Iterable[Delivery]) -> Iterable[dict[str, Any]]:
    for delivery in deliveries:
        for part in delivery.entry["entiteiten"] if delivery.accepted else ():
            for ernst, counts in (("afgewezen", part["afgewezen_per_code"]), ("waarschuwing", part["waarschuwingen"])):
                for code, aantal in counts.items():
                    yield {
                        "bron": delivery.entry["bron"],
                        "levering": delivery.entry["levering"],
                        "entiteit": part["entiteit"],
                        "ernst": ernst,
                        "code": code,
                        "aantal": aantal,
                    }


def _table(connection: Any, name: str, fields: Fields, rows: list[dict[str, Any]]) -> None:
    table = pa.Table.from_pylist(rows, schema=pa.schema(fields))
    connection.register("rows_of_table", table)
    connection.execute(f"create table lake.{name} as select * from rows_of_table")  # noqa: S608 – a name of this module
    connection.unregister("rows_of_table")


def _rejections(connection: Any, parts: list[dict[str, Any]]) -> None:
    """Rejected rows whose key can be read: their records do not end by the rejection."""
    paths = sorted({part["quarantaine"] for part in parts if part["quarantaine"]})
    columns = ("sleutel", "regel", "kolom", "code", "waarde")
    if paths:
        rows = f"read_parquet({_list(paths)}, filename = true)"
    else:
        rows = f"(select {', '.join(f'null::varchar as {name}' for name in (*columns, 'filename'))} where false)"
    connection.execute(
        "create view lake.afwijzing as"  # noqa: S608
        f" select deel.bron, deel.levering, deel.entiteit, deel.kennisdatum, deel.volgorde, {', '.join(f'rij.{name}' for name in columns)}"
        f" from lake.levering_entiteit as deel inner join {rows} as rij on deel.quarantaine = rij.filename where rij.sleutel is not null"
    )


def _rows(connection: Any, entity: contract.Entity, parts: list[dict[str, Any]]) -> None:
    """One view per entiteit: every row of every accepted delivery, with the delivery's name, kennisdatum and rank.

    `versie` numbers its rows: the rank of the delivery, then the place in its file. A number by order of key took a sort of all rows, which
    was half of what a region's versions cost.
    """
    paths = sorted({part["rijen"] for part in parts if part["rijen"]})
    if paths:
        rows = f"read_parquet({_list(paths)}, filename = true, file_row_number = true)"
    else:
        connection.register("no_rows", entity.lake_schema.empty_table())
        places = "null::varchar as filename, null::bigint as file_row_number"
        connection.execute(f"create table lake.{entity.bron}__{entity.name}__leeg as select *, {places} from no_rows")  # noqa: S608
        connection.unregister("no_rows")
        rows = f"lake.{entity.bron}__{entity.name}__leeg"
    columns = ", ".join(f'rij."{name}"' for name in entity.lake_schema.names)
    connection.execute(
        f"create view lake.{entity.bron}__{entity.name} as select {columns}, deel.levering, deel.kennisdatum, deel.volgorde, "  # noqa: S608
        f"deel.volgorde * {MOST_ROWS} + rij.file_row_number as versie "
        f"from lake.levering_entiteit as deel inner join {rows} as rij on deel.rijen = rij.filename "
        f"where deel.bron = '{entity.bron}' and deel.entiteit = '{entity.name}'"
    )


def _list(paths: list[str]) -> str:
    return "[" + ", ".join("'" + path.replace("'", "''") + "'" for path in paths) + "]"
