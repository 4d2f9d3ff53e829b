"""Loads the contracts of the sources: the columns of a delivery, their kinds, and their allowed values.

The YAML in `contracts/` (Open Data Contract Standard v3) is the single source of truth; this module parses it with the standard's own
models and converts it for reading, typing, validation and the dictionary. Put here: the contents of a contract. Keep out: processing a
delivery.
"""

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast, get_args

import pyarrow as pa
import yaml

if TYPE_CHECKING:
    from open_data_contract_standard.model import CustomProperty, SchemaObject, SchemaProperty, ServiceLevelAgreementProperty

FOLDER = Path(__file__).parent / "contracts"
SUFFIX = ".odcs.yaml"
TAG = "bron"  # tag of a contract of a source; the contract of the published data has none

Kind = Literal["text", "date", "time", "decimal", "bsn", "onderwijsnummer", "nummer", "brin", "vestiging", "schooljaar", "vrije_tekst"]


def _sources() -> tuple[str, ...]:
    """Return the sources in reading order: every contract with the tag, sorted by `leesvolgorde`."""
    found = []
    for path in FOLDER.glob(f"*{SUFFIX}"):
        # parse only the head, without the standard's own models: 1 ms instead of 0.3 s, in every reading process
        head = yaml.safe_load(path.read_text(encoding="utf-8").partition("\nschema:")[0])
        if TAG in head.get("tags", ()):
            own = {item["property"]: item["value"] for item in head["customProperties"]}
            found.append((own["leesvolgorde"], path.name.removesuffix(SUFFIX)))
    return tuple(bron for _, bron in sorted(found))


BRONNEN = _sources()

ARROW_TYPES: dict[str, pa.DataType] = {"date": pa.date32(), "decimal": pa.decimal128(12, 4)}
PERIODS = {"h": "hours", "d": "days"}  # units of a period in a contract
PSEUDONYM = "_pseudoniem"  # how a column of the lake that names a person ends


@dataclass(frozen=True)
class RequiredWhen:
    """A column that is required for some values of another one, and the reason code of a row that violates this."""

    column: str
    values: tuple[str, ...]
    code: str


@dataclass(frozen=True)
class AllowedBy:
    """The values of a column that belong to each value of another one; to the values that are not listed belongs none."""

    column: str
    values: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Column:
    """One delivered column.

    Args:
        name: Its name in the lake and downstream, lower case.
        header: Its name in a delivery; `aliases` are other names used in exports of gemeenten.
        kind: How its text is parsed and checked.
        is_end_date: Whether it may lie up to 20 years in the future.
        is_open_end: Whether what the source writes for "no end known" is read as empty.
        may_be_incomplete: Whether a date without a day or a month is read as the middle of what is known, with a warning.
        empty_if_other: The code of the warning with which a value of another form is read as empty, instead of rejecting its row: for
            details that some sources fill with free text. None: such a row is rejected.
        allowed_by: Which of the allowed values belong to which value of another column; others are read as empty, with the same warning.
        xml_element: Its element in DUO's XML; None if the entiteit has no XML.
        xml_path: The names from below the record down to its element, which then counts alone; empty: its name at any place.
    """

    name: str
    header: str
    kind: Kind
    description: str
    required: bool
    key: bool
    allowed: tuple[str, ...]
    pattern: str | None
    aliases: tuple[str, ...]
    is_end_date: bool
    is_open_end: bool
    may_be_incomplete: bool
    empty_if_other: str | None
    allowed_by: AllowedBy | None
    required_when: RequiredWhen | None
    xml_element: str | None
    xml_path: tuple[str, ...]

    @property
    def xml_names(self) -> tuple[str, ...]:
        """The names of its element in XML."""
        return (self.xml_element, *self.aliases) if self.xml_element else ()

    @property
    def is_identifier(self) -> bool:
        """Whether the column identifies a person, and so never leaves the landing zone unchanged."""
        return self.kind in ("bsn", "onderwijsnummer")

    @property
    def lake_name(self) -> str | None:
        """Its name in the lake's rows; None for free text, which never enters the lake."""
        if self.is_identifier:
            return f"{self.name}{PSEUDONYM}"
        return None if self.kind == "vrije_tekst" else self.name


@dataclass(frozen=True)
class BelongsTo:
    """Whose a record is that names no person: the column with the key of a record of another entiteit, which does."""

    column: str
    bron: str
    entity: str


@dataclass(frozen=True)
class Entity:
    """One delivered entiteit: a record type of one bron.

    Args:
        mutation_moment: The columns with the time at which a version of the record was made: none, a date, or a date and a time.
        periods: Pairs of column names (begin, end); an end before its begin is an error.
        belongs_to: The record that says whose this one is; None if it names its person, or is of none.
        replaces: The two columns of which the first has a number that is replaced by the second; rows of one delivery make no circle.
        xml_roots: Local names that the XML root may have; none if the entiteit is not delivered as XML.
        xml_row: Local name of the element of one record.
        xml_beside: Local names of elements beside the records that are not read.
    """

    bron: str
    name: str
    file: str
    description: str
    grain: str
    columns: tuple[Column, ...]
    mutation_moment: tuple[str, ...]
    periods: tuple[tuple[str, str], ...]
    belongs_to: BelongsTo | None
    replaces: tuple[str, str] | None
    xml_roots: tuple[str, ...]
    xml_row: str | None
    xml_beside: tuple[str, ...]

    @property
    def key(self) -> tuple[Column, ...]:
        """The columns of the primary key."""
        return tuple(column for column in self.columns if column.key)

    @property
    def lake_schema(self) -> pa.Schema:
        """The schema of the entiteit's rows in the lake: the contract's columns, then those that are added while reading.

        `sleutel` is the key as one text (identifiers as pseudonyms), `mutatiemoment` local time and null if the entiteit has none,
        `rijnummer` the record's number in `bestand` from 1, `waarschuwingen` the codes of the warnings while reading.
        """
        delivered = [(c.lake_name, ARROW_TYPES.get(c.kind, pa.string())) for c in self.columns if c.lake_name]
        added: list[tuple[str, pa.DataType]] = [
            ("sleutel", pa.string()),
            ("mutatiemoment", pa.timestamp("us")),
            ("bestand", pa.string()),
            ("rijnummer", pa.int64()),
            ("waarschuwingen", pa.list_(pa.string())),
        ]
        return pa.schema(delivered + added)


@dataclass(frozen=True)
class Retention:
    """How long something is kept: one `slaProperties` of a contract, with the property `retention`.

    Args:
        klasse: Its class: `dossier`, `handhaving` or `origineel`.
        value: The period, in `unit`: `y` or `d`.
        elements: What is kept so long: an entiteit, or `entiteit.kolom=code`; nothing for the originals.
        description: The rule, in Dutch; `law` is what it rests on, and `contested` what others hold.
    """

    klasse: str
    value: int
    unit: str
    elements: tuple[str, ...]
    description: str
    law: str
    contested: str


@dataclass(frozen=True)
class Contract:
    """The contract of one bron.

    Args:
        name: Its full name.
        short_name: Its name in reports.
        usual_kind: `volledig` or `mutatie`: the usual kind of its deliveries.
        encodings: Python codecs, tried in this order, each strictly.
        date_formats: The accepted `strptime` formats of a date.
        no_end: The dates that mean "no end known", in any of these formats.
        restores_zeros: Whether a spreadsheet may have dropped up to two leading zeros of an identifier.
        fingerprint: SHA-256 of the YAML: rows read under another contract are other rows.
        frequency: The time between two deliveries.
        latency: How much later than that a delivery may be.
    """

    bron: str
    name: str
    short_name: str
    usual_kind: str
    version: str
    description: str
    delimiter: str
    encodings: tuple[str, ...]
    date_formats: tuple[str, ...]
    no_end: tuple[date, ...]
    restores_zeros: bool
    entities: dict[str, Entity]
    fingerprint: str
    frequency: timedelta
    latency: timedelta
    retention: tuple[Retention, ...] = ()


@cache
def load(bron: str) -> Contract:
    """Load the contract of a bron.

    Raises:
        KeyError: No such bron.
    """
    from open_data_contract_standard.model import OpenDataContractStandard  # takes 0.3 s, so not imported by every reading process

    if bron not in BRONNEN:
        raise KeyError(bron)
    path = FOLDER / f"{bron}{SUFFIX}"
    odcs = OpenDataContractStandard.from_file(str(path))
    own = own_properties(odcs.customProperties)
    return Contract(
        bron=bron,
        name=odcs.name or bron,
        short_name=own["weergavenaam"],
        usual_kind=own["gebruikelijke_aard"],
        version=odcs.version or "",
        description=(odcs.description.purpose if odcs.description else None) or "",
        delimiter=own["scheidingsteken"],
        encodings=tuple(own["coderingen"]),
        date_formats=tuple(own["datumformaten"]),
        no_end=tuple(date.fromisoformat(day) for day in own.get("geen_einde_bekend", ())),
        restores_zeros=own["herstel_nullen"],
        entities={str(entity.name): _entity(bron, entity) for entity in odcs.schema_ or []},
        fingerprint=hashlib.sha256(path.read_bytes()).hexdigest(),
        frequency=_period(bron, odcs.slaProperties, "frequency"),
        latency=_period(bron, odcs.slaProperties, "latency"),
        retention=tuple(_retention(sla) for sla in odcs.slaProperties or [] if sla.property == "retention"),
    )


def _period(bron: str, slas: "list[ServiceLevelAgreementProperty] | None", name: str) -> timedelta:
    for sla in slas or []:
        if sla.property == name:
            return timedelta(**{PERIODS[str(sla.unit)]: int(str(sla.value))})
    raise ValueError(f"{bron}: slaProperties without {name}")


def _retention(sla: "ServiceLevelAgreementProperty") -> Retention:
    own = own_properties(sla.customProperties)
    elements = tuple(element.strip() for element in (sla.element or "").split(",") if element.strip())
    return Retention(
        own["klasse"], int(str(sla.value)), sla.unit or "", elements, sla.description or "", own["grondslag"], own["omstreden"]
    )


def own_properties(properties: "list[CustomProperty] | None") -> dict[str, Any]:
    """Return the custom properties of a contract, a table or a column, by name."""
    return {str(item.property): item.value for item in properties or []}


def _entity(bron: str, schema: "SchemaObject") -> Entity:
    own = own_properties(schema.customProperties)
    owner = own.get("hoort_bij")
    return Entity(
        bron=bron,
        name=str(schema.name),
        file=schema.physicalName or "",
        description=schema.description or "",
        grain=schema.dataGranularityDescription or "",
        columns=tuple(_column(item) for item in schema.properties or []),
        mutation_moment=tuple(own.get("mutatiemoment", ())),
        periods=tuple((begin, end) for begin, end in own.get("perioden", ())),
        belongs_to=BelongsTo(owner["kolom"], *owner["entiteit"].split(".")) if owner else None,
        replaces=(own["vervangt"][0], own["vervangt"][1]) if "vervangt" in own else None,
        xml_roots=tuple(own.get("xml_wortels", ())),
        xml_row=own.get("xml_rij"),
        xml_beside=tuple(own.get("xml_ernaast", ())),
    )


def _column(schema: "SchemaProperty") -> Column:
    own = own_properties(schema.customProperties)
    kind = own.get("soort") or {"date": "date", "time": "time", "number": "decimal"}.get(schema.logicalType or "", "text")
    if kind not in get_args(Kind):
        raise ValueError(f"{schema.name}: no such kind of column: {kind}")
    when, by = own.get("verplicht_als"), own.get("waarden_bij")
    return Column(
        name=str(schema.name),
        header=schema.physicalName or str(schema.name).upper(),
        kind=cast(Kind, kind),
        description=schema.description or "",
        required=bool(schema.required),
        key=bool(schema.primaryKey),
        allowed=tuple(str(item.value if hasattr(item, "value") else item) for item in schema.enum or []),
        pattern=(schema.logicalTypeOptions or {}).get("pattern"),
        aliases=tuple(str(item.synonym if hasattr(item, "synonym") else item) for item in schema.synonyms or []),
        is_end_date=bool(own.get("einddatum")),
        is_open_end=bool(own.get("geen_einde")),
        may_be_incomplete=bool(own.get("mag_onvolledig")),
        empty_if_other=own.get("anders_leeg"),
        allowed_by=AllowedBy(by["kolom"], {value: tuple(codes) for value, codes in by["waarden"].items()}) if by else None,
        required_when=RequiredWhen(when["kolom"], tuple(when["waarden"]), when["code"]) if when else None,
        xml_element=own.get("xml_element"),
        xml_path=tuple(filter(None, str(own.get("xml_pad", "")).split("/"))),
    )
