"""What is held of one person, as a readable page in Dutch: every row, since when, from which delivery, and on what ground.

Put here: collecting it and writing it down. Keep out: printing to a terminal: what is written here is for one person only.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from expectations import contract as contracts
from orchestration import audit, clock, parquet_file
from orchestration.deliveries import barred, ledger
from orchestration.deliveries.ledger import LedgerEntry
from orchestration.deliveries.pseudonym import Pseudonymiser, load_key
from orchestration.deliveries.reasons import REASONS
from orchestration.lake import Lake
from orchestration.persons import hold, identity, originals
from orchestration.persons.identity import Numbers, Person, PersonError, Place
from orchestration.settings import Settings

TEXT = "VARCHAR"


@dataclass
class Held:
    """What is held of a person.

    Args:
        rows: Of each entiteit the rows, each with its delivery.
        rejected: The rejected rows, each with its delivery and entiteit.
        warehouses: Of each warehouse its tables that name the person, with the rows.
        originals: The deliveries in landing that mention the person.
        kept: Whether it must be kept.
        until: Until when it is left out of later deliveries, if it was erased before.
    """

    rows: dict[Place, list[tuple[LedgerEntry, dict[str, Any]]]] = field(default_factory=dict)
    rejected: list[tuple[LedgerEntry, str, dict[str, Any]]] = field(default_factory=list)
    warehouses: dict[str, dict[str, list[dict[str, Any]]]] = field(default_factory=dict)
    originals: list[str] = field(default_factory=list)
    kept: bool = False
    until: str = ""

    @property
    def nothing(self) -> bool:
        """Whether nothing is held."""
        return not (self.rows or self.rejected or self.warehouses or self.originals)


def disclose(settings: Settings, numbers: Numbers, out: Path, door: str) -> Held:
    """Write down what is held of a person, in a new file that only this user may read.

    Args:
        settings: The lake and the key file.
        numbers: The numbers of the person, with their kind.
        out: The file.
        door: Who asks it, for the audit log.

    Raises:
        PersonError: The file exists already.
        PseudonymKeyError: The key cannot be used.
        AuditError: It cannot be recorded, so nothing is written.
    """
    lake = Lake(settings.lake)
    found = collect(settings, numbers)
    audit.record(lake, audit.What.INGEZIEN, door=door, rijen=sum(map(len, found.rows.values())), originelen=len(found.originals))
    try:
        handle = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise PersonError(f"{out} bestaat al; kies een andere naam") from None
    os.fchmod(handle, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write("\n".join(page(found)) + "\n")
    return found


def collect(settings: Settings, numbers: Numbers) -> Held:
    """Return what is held of a person, in every place."""
    lake = Lake(settings.lake)
    key, entries = load_key(settings.key_file, lake), ledger.read(lake)
    person = identity.find(lake, entries, key, numbers)
    found = Held(kept=not person.pseudonyms.isdisjoint(hold.persons(lake)))
    for entry in sorted(entries, key=lambda entry: (entry.bron, entry.kennisdatum_utc or "", entry.levering)):
        for part in entry.entiteiten:
            place = (entry.bron, part.entiteit)
            if part.rijen and identity.has_persons(identity.entity_at(place)):
                rows = parquet_file.read(lake.rows / part.rijen)
                mine = rows.filter(pa.array(person.in_rows(place, rows))).to_pylist()
                found.rows.setdefault(place, []).extend((entry, row) for row in mine)
            if part.quarantaine and (lake.quarantine / part.quarantaine).is_file():
                rows = parquet_file.read(lake.quarantine / part.quarantaine)
                mine = rows.filter(pa.array(person.in_rejected(place, rows))).to_pylist()
                found.rejected += [(entry, part.entiteit, row) for row in mine]
    found.rows = {place: rows for place, rows in found.rows.items() if rows}
    found.warehouses = {name: tables for name, path in _warehouses(lake) if (tables := _in_warehouse(path, person))}
    found.originals = [f"{one.bron}/{one.name}".strip("/") for one in originals.mentioning(lake, entries, key, person)]
    found.until = _until(lake, key, numbers)
    return found


def _until(lake: Lake, key: bytes, numbers: Numbers) -> str:
    for one in barred.read(lake):
        one_barred = Pseudonymiser(key, [one.mark])
        masks = [one_barred.are_barred(kind, pa.array([number], pa.string())) for kind, number in numbers]
        if any(mask is not None and mask.any() for mask in masks):
            return one.tot.isoformat()
    return ""


def _warehouses(lake: Lake) -> Iterator[tuple[str, Path]]:
    """Yield every file of DuckDB in the lake: the nights that are kept, look backs, and those of dbt alone."""
    for path in sorted(lake.root.rglob("*.duckdb")):
        if not path.is_symlink() and path.is_file():
            yield path.relative_to(lake.root).as_posix(), path


def _in_warehouse(path: Path, person: Person) -> dict[str, list[dict[str, Any]]]:
    """Return the tables of a warehouse that name a person, with those rows; nothing if another program writes the file."""
    import duckdb

    found = {}
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            listed = connection.execute(
                "select schema_name, table_name, list(column_name order by column_index) from duckdb_columns() where data_type = ?"
                " and not internal and (schema_name, table_name) in (select (schema_name, table_name) from duckdb_tables()) group by all",
                [TEXT],
            ).fetchall()
            for schema, table, columns in sorted(listed):
                named = " or ".join(f'list_contains($1, "{column}")' for column in columns)
                query = f'select * from "{schema}"."{table}" where {named}'  # noqa: S608 - names of the catalogue
                answer = connection.execute(query, [sorted(person.pseudonyms)])
                names = [column[0] for column in answer.description or ()]
                if rows := answer.fetchall():
                    found[f"{schema}.{table}"] = [dict(zip(names, row, strict=True)) for row in rows]
    except duckdb.IOException:
        return {"niet te lezen": [{"reden": "een ander programma heeft dit magazijn open"}]}
    return found


def page(found: Held) -> list[str]:
    """Return the lines of the page."""
    moment = clock.now().isoformat(timespec="seconds")
    lines = ["# Wat leerplicht van u bewaart", "", f"Gemaakt op {moment}. Dit overzicht is alleen voor de persoon om wie het gaat.", ""]
    if found.nothing:
        lines += ["Er wordt niets van deze persoon bewaard."]
    if found.until:
        lines += [f"Deze persoon is gewist. Nieuwe leveringen brengen haar of hem tot en met {found.until} niet terug.", ""]
    if found.kept:
        lines += ["Deze gegevens vallen onder een bewaarplicht: zij worden niet verwijderd, ook niet als hun termijn om is.", ""]
    for place, rows in found.rows.items():
        lines += _entiteit(place, rows)
    if found.rejected:
        lines += ["## Afgewezen rijen", "", "Deze rijen tellen nergens mee. Zij worden bewaard om de bron te laten verbeteren.", ""]
        for entry, entiteit, row in found.rejected:
            code = REASONS[row["code"]].uitleg if row["code"] in REASONS else row["code"]
            lines += [f"- {_delivery(entry)}, {entiteit}: {row['kolom']} = {row['waarde'] or '(leeg)'}. {code}"]
        lines += [""]
    for name, tables in found.warehouses.items():
        lines += [f"## Magazijn {name}", "", "Hieruit rekenen analisten de cijfers.", ""]
        for table, records in tables.items():
            lines += [f"### {table}", "", *("- " + _values(record) for record in records), ""]
    if found.originals:
        lines += ["## Originelen", "", "Deze leveringen staan nog zoals zij kwamen in landing, en noemen het nummer:", ""]
        lines += [*(f"- {name}" for name in found.originals), ""]
    lines += [
        "## Wat er niet staat",
        "",
        "Gepubliceerde cijfers zijn aantallen; daarin staat geen persoon. BSN, onderwijsnummer en vrije tekst",
    ]
    return [*lines, "staan alleen in de originelen. Overal elders staat een pseudoniem, dat alleen met de geheime sleutel te maken is."]


def _entiteit(place: Place, rows: Sequence[tuple[LedgerEntry, Mapping[str, Any]]]) -> list[str]:
    bron, entiteit = place
    agreed = contracts.load(bron)
    entity = agreed.entities[entiteit]
    lines = [f"## {agreed.name}: {entity.description}", ""]
    for period in agreed.retention:
        if any(element.partition(".")[0] == entiteit for element in period.elements):
            lines += [f"Bewaartermijn: {period.description} Grond: {period.law}. {period.contested}", ""]
    for entry, row in rows:
        lines += [f"- Uit {_delivery(entry)}, bestand {row['bestand']}, record {row['rijnummer']}:"]
        for column in entity.columns:
            if column.lake_name and row.get(column.lake_name) is not None:
                lines += [f"  - {column.description.rstrip('.')}: {row[column.lake_name]}"]
        if row["waarschuwingen"]:
            lines += [f"  - Bij het lezen: {', '.join(row['waarschuwingen'])}"]
    return [*lines, ""]


def _delivery(entry: LedgerEntry) -> str:
    seen = entry.seen.date()
    return f"levering {entry.bron}/{entry.levering} (bekend sinds {entry.kennisdatum or 'onbekend'}, gelezen op {seen}, {entry.oordeel})"


def _values(record: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}: {value}" for name, value in record.items() if value is not None)
