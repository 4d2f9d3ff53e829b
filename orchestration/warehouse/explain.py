"""Explains a record or jongere: the deliveries it came from, its current version, the rules that place it, and the figures that count it.

Put here: querying the warehouse, and describing the rules. Keep out: the rules themselves (dbt; every answer is read from its tables),
and printing.
"""

from collections import Counter
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any

from orchestration.errors import LeerplichtError
from orchestration.lake import Lake
from orchestration.warehouse.read import opened, rows

# kind of event → table of its versions, key column, and the columns that decide what it is
KINDS = {
    "melding": ("herkomst.staging.base_duo__verzuimmelding", "meldingsnummer", ("verzuimsoort", "status", "datum_melding", "uren")),
    "absoluut_verzuim": ("herkomst.staging.base_duo__absoluut_verzuim", "signaalnummer", ("status", "datum_begin")),
    "incident": ("herkomst.staging.base_carel__incident", "incidentnr", ("contact_met", "datum")),
    "interventie": ("herkomst.staging.base_carel__interventie", "interventienr", ("soort", "verzuimsoort", "datum", "meldingsnummer")),
    "vrijstelling": ("herkomst.staging.base_carel__vrijstelling", "vrijstellingnr", ("grond", "aard", "besluit", "datum_ingang")),
    "verlofaanvraag": ("herkomst.staging.base_carel__verlofaanvraag", "verlofnr", ("soort", "besluit", "datum_aanvraag")),
    "thuiszitter_geoorloofd": (
        "herkomst.staging.base_carel__thuiszitter_geoorloofd",
        "geoorloofdnr",
        ("datum_begin", "datum_einde"),
    ),
}

NEWEST = "order by v.is_geldig desc, v.volgorde desc, v.mutatiemoment desc"  # the current version first, else the one delivered last

ENTITIES = {"melding": "verzuimmelding"}  # the others have the name of their entiteit


class UnknownError(LeerplichtError):
    """The warehouse has no record or jongere with that number or pseudonym."""


@dataclass(frozen=True)
class Version:
    """One delivered version of a record.

    Args:
        levering: The delivery that it came from.
        kennisdatum: Time at which the source made that delivery, UTC.
        mutatiemoment: Time at which the source made this version, local time; None if the entiteit has none.
        inhoud: The columns that decide what the record is.
        geldt: Whether this is the current version.
    """

    levering: str
    kennisdatum: datetime
    mutatiemoment: datetime | None
    inhoud: dict[str, Any]
    geldt: bool


@dataclass(frozen=True)
class Rejection:
    """A rejected row of the record.

    Args:
        levering: The delivery that has it.
        regel: Its line in the file; None if unknown.
        kolom: The column with the error.
        code: The reason code.
        waarde: The delivered value, with identifiers masked.
    """

    levering: str
    regel: int | None
    kolom: str
    code: str
    waarde: str


@dataclass(frozen=True)
class Record:
    """The history and outcome of one record.

    Args:
        versies: All its versions, oldest first.
        afgewezen: Its rejected rows, oldest first.
        plaats: The reasons for its jongere, schooljaar and gemeente, and for its current version if that is no matter of the clock; a Dutch
            sentence each.
        cijfers: The figures that it counts in: (schooljaar, gebied, indicator).
        waarom_niet: The reason why it counts in none; empty if it does.
    """

    soort: str
    nummer: str
    jongere_id: str
    versies: tuple[Version, ...]
    afgewezen: tuple[Rejection, ...]
    plaats: tuple[str, ...]
    cijfers: tuple[tuple[str, str, str], ...]
    waarom_niet: str


def explain(lake: Lake, name: str) -> list[Record]:
    """Explain a record by its number, or all records of a jongere by pseudonym.

    Args:
        lake: The lake whose finished warehouse is queried.
        name: A meldingsnummer or another number of a source, or a pseudonym (of a jongere, or of an onderwijsnummer coupled to one).

    Returns:
        The records, sorted by date; for a jongere the whole traject, including ended and withdrawn records.

    Raises:
        UnknownError: Nothing has that number or pseudonym.
        NoWarehouseError: No night has finished on this lake, or it kept nothing behind its warehouse.
        ProvenanceError: This user may not read what is behind the warehouse.
    """
    with opened(lake, provenance=True) as connection:
        found = rows(
            connection,
            "select distinct gebeurtenis, nummer, jongere_id, min(datum) as datum from herkomst.intermediate.int_gebeurtenis"
            " where nummer = $1 or jongere_id = coalesce("
            "(select jongere_id from herkomst.intermediate.int_persoon where pseudoniem = $1), $1)"
            " group by all order by datum, gebeurtenis, nummer",
            name,
        )
        if not found and (rejected := _only_rejected(connection, name)):
            return rejected
        if not found:
            # what was typed is not repeated: it may be the number of a person with a typing error
            raise UnknownError("dat is geen nummer van een een record, en geen pseudoniem")
        return [_record(connection, row["gebeurtenis"], row["nummer"]) for row in _once(found)]


def as_document(record: Record) -> dict[str, Any]:
    """Return a record as a JSON object: the names of its fields, and each figure and each moment in full."""
    found = asdict(record)
    for version in found["versies"]:
        version["kennisdatum"] = version["kennisdatum"].replace(tzinfo=UTC)
    found["cijfers"] = [dict(zip(("schooljaar", "gebied", "indicator"), figure, strict=True)) for figure in record.cijfers]
    return found


def _only_rejected(connection: Any, name: str) -> list[Record]:
    """Return the records with that number of which every delivered row was rejected."""
    kinds = {ENTITIES.get(kind, kind): kind for kind in KINDS}
    found = rows(
        connection, "select distinct entiteit from herkomst.staging.stg_grootboek__afwijzing where sleutel = ? order by entiteit", name
    )
    return [
        Record(kind, name, "", (), tuple(_rejections(connection, kind, name)), (), (), "elke rij ervan is afgewezen")
        for row in found
        if (kind := kinds.get(row["entiteit"]))
    ]


def _once(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Remove duplicates of a record whose versions refer to different persons."""
    seen = {(row["gebeurtenis"], row["nummer"]): row for row in reversed(found)}
    return sorted(seen.values(), key=lambda row: (row["datum"], row["gebeurtenis"], row["nummer"]))


def _record(connection: Any, kind: str, nummer: str) -> Record:
    delivered = _delivered(connection, kind, nummer)
    versions = _versions(kind, delivered)
    events = rows(connection, "select * from kern.traject where soort_gebeurtenis = ? and nummer = ?", kind, nummer)
    figures = rows(
        connection,
        "select distinct b.schooljaar, g.naam as gebied, b.indicator from jaarverslag.bijdrage as b"
        " inner join kern.gebied as g using (gemeente_code) inner join kern.schooljaar using (schooljaar)"
        " where b.soort_gebeurtenis = ? and b.nummer = ? order by all",
        kind,
        nummer,
    )
    event = events[0] if events else None
    return Record(
        soort=kind,
        nummer=nummer,
        jongere_id=_jongere(connection, kind, nummer),
        versies=tuple(versions),
        afgewezen=tuple(_rejections(connection, kind, nummer)),
        plaats=(*_clock_rule(delivered), *_place(connection, kind, nummer, event)),
        cijfers=tuple((row["schooljaar"], row["gebied"], row["indicator"]) for row in figures),
        waarom_niet="" if figures else _why_not(connection, event, versions),
    )


def _delivered(connection: Any, kind: str, nummer: str) -> list[dict[str, Any]]:
    """Return the delivered versions of a record as the warehouse has them, oldest first."""
    table, key, _ = KINDS[kind]
    return rows(connection, f"select * from {table} where {key} = ? order by kennisdatum, levering, mutatiemoment", nummer)  # noqa: S608


def _clock_rule(delivered: list[dict[str, Any]]) -> list[str]:
    """Say it if versions are of the hour that comes twice; a warehouse of an earlier version does not know that."""
    days = Counter(row["mutatiemoment"].date() for row in delivered if row.get("is_dubbel_uur"))
    return [
        f"versie: op {_day(day)} kwam het uur van 02:00 tot 03:00 twee keer; van de {count} versies uit dat uur telt die met de latere"
        " kennisdatum, en niet die met de latere tijd"
        for day, count in days.items()
        if count > 1
    ]


def _versions(kind: str, delivered: list[dict[str, Any]]) -> list[Version]:
    _, _, columns = KINDS[kind]
    return [
        Version(
            levering=row["levering"],
            kennisdatum=row["kennisdatum"],
            mutatiemoment=row["mutatiemoment"],
            inhoud={name: row[name] for name in columns},
            geldt=row["is_geldig"],
        )
        for row in delivered
    ]


def _rejections(connection: Any, kind: str, nummer: str) -> list[Rejection]:
    found = rows(
        connection,
        "select levering, regel, kolom, code, waarde from herkomst.staging.stg_grootboek__afwijzing"
        " where entiteit = ? and sleutel = ? order by kennisdatum, levering, regel",
        ENTITIES.get(kind, kind),
        nummer,
    )
    return [Rejection(**row) for row in found]


def _jongere(connection: Any, kind: str, nummer: str) -> str:
    found = rows(
        connection,
        f"select g.jongere_id from herkomst.intermediate.int_gebeurtenis as g inner join {KINDS[kind][0]} as v using (versie)"  # noqa: S608
        f" where g.gebeurtenis = ? and g.nummer = ? {NEWEST} limit 1",
        kind,
        nummer,
    )
    return str(found[0]["jongere_id"])


def _place(connection: Any, kind: str, nummer: str, event: dict[str, Any] | None) -> list[str]:
    """Describe the rules that decide the record's jongere, schooljaar and gemeente."""
    told = [_person_rule(connection, kind, nummer)]
    if event:
        told.append(f"schooljaar {event['schooljaar']}: de datum is {_day(event['datum'])}")
        told.append(_residence_rule(connection, event))
    return told


def _person_rule(connection: Any, kind: str, nummer: str) -> str:
    table, key, _ = KINDS[kind]
    [row] = rows(
        connection,
        "select v.bsn_pseudoniem, k.bsn_pseudoniem as gekoppeld, k.levering, k.aantal_bsn, p.stappen"  # noqa: S608
        f" from {table} as v left join herkomst.intermediate.int_koppeling as k using (onderwijsnummer_pseudoniem)"
        " left join herkomst.intermediate.int_persoon as p on coalesce(v.bsn_pseudoniem, k.bsn_pseudoniem) = p.pseudoniem"
        f" where v.{key} = ? {NEWEST} limit 1",
        nummer,
    )
    changed = "; dat BSN is gewijzigd, het nieuwste telt" if row["stappen"] else ""
    if row["bsn_pseudoniem"]:
        return f"jongere: de rij heeft een BSN{changed}"
    if row["gekoppeld"]:
        conflict = f"; van {row['aantal_bsn']} koppelingen telt die met de laatste kennisdatum" if row["aantal_bsn"] > 1 else ""
        return f"jongere: het onderwijsnummer is aan een BSN gekoppeld door levering {row['levering']}{conflict}{changed}"
    return "jongere: de rij heeft alleen een onderwijsnummer, dat aan geen BSN is gekoppeld"


def _residence_rule(connection: Any, event: dict[str, Any]) -> str:
    [row] = rows(
        connection,
        "select f.gemeente_code, f.woont_er, g.naam as gemeente, g.is_bediend, o.gemeente_code as opgeheven, o.vanaf"
        " from herkomst.intermediate.int_feit as f inner join kern.gemeente as g using (gemeente_code)"
        " left join herkomst.intermediate.int_gemeente_opvolger as o on f.geleverde_gemeente_code = o.gemeente_code"
        " where f.gebeurtenis = ? and f.nummer = ?",
        event["soort_gebeurtenis"],
        event["nummer"],
    )
    if row["gemeente_code"] == "onbekend":
        return "gemeente onbekend: de monitor heeft geen woonperiode op die datum of later"
    rule = "daar woont de jongere op die datum" if row["woont_er"] else "geen woonperiode op die datum; de vroegste latere telt"
    merged = (
        f"; gemeente {row['opgeheven']} is daarin opgegaan op {_day(row['vanaf'])} en telt in alle jaren mee" if row["opgeheven"] else ""
    )
    return f"gemeente {row['gemeente']} ({row['gemeente_code']}): {rule}{merged}"


def _why_not(connection: Any, event: dict[str, Any] | None, versions: list[Version]) -> str:
    if event is None:
        return "geen versie geldt: het laatste volledige register bevat het record niet meer"
    if not event["telt"]:
        current = next(version for version in versions if version.geldt)
        return "het telt niet mee: " + ", ".join(
            f"{name} {value}" for name, value in current.inhoud.items() if name in ("status", "besluit")
        )
    if not rows(connection, "select 1 from kern.schooljaar where schooljaar = ?", event["schooljaar"]):
        return f"schooljaar {event['schooljaar']} wordt niet gepubliceerd"
    if not rows(connection, "select 1 from kern.gebied where gemeente_code = ?", event["gemeente_code"]):
        return f"gemeente {event['gemeente_code']} wordt niet bediend: het staat in het magazijn en wordt niet gepubliceerd"
    return "er is geen indicator waarin dit telt"


def _day(day: date) -> str:
    return day.strftime("%d-%m-%Y")
