"""All settings of the pipeline, in one class; no other module reads the environment.

Put here: values that differ between gemeenten, machines or nights. Keep out: rules of the domain (in the contracts, the seeds and the
models) and the layout of the lake (`lake.py`).
"""

import csv
import os
import re
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, SecretStr, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from orchestration import brand, own_reference
from orchestration.access import gid

PROJECT = Path(__file__).resolve().parents[1]  # the folder that holds the packages and dbt_project: a checkout, or site-packages
PREFIX = "LEERPLICHT_"
POSTGRESQL = "postgresql+psycopg2://"
CONTRACTS = "expectations/contracts"
CHANNEL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://\S+")
BETWEEN_CHANNELS = re.compile(r"[,\s]+(?=[A-Za-z][A-Za-z0-9+.-]*://)")  # an address may hold a comma itself
GEMEENTEN = "dbt_project/seeds/referentie/referentie__gemeente.csv"
# by pydantic's type of error; its own messages are English
FAULTS = {
    "bool_parsing": "geef true of false",
    "int_parsing": "geef een geheel getal",
    "int_from_float": "geef een geheel getal",
    "float_parsing": "geef een getal, met een punt voor de decimalen",
    "greater_than_equal": "geef minstens {ge}",
    "less_than_equal": "geef hoogstens {le}",
    "literal_error": "kies uit {expected}",
    "string_pattern_mismatch": "geef zoiets als {example}",
    "string_too_long": "geef hoogstens {max_length} tekens",
    "timezone_aware": "geef ook de afstand tot UTC, zoals {example}",
    "datetime_from_date_parsing": "geef een tijdstip, zoals {example}",
    "datetime_parsing": "geef een tijdstip, zoals {example}",
}


class Settings(BaseSettings):
    """The settings, read from `LEERPLICHT_…` environment variables.

    A test checks the README's table of settings against these fields.

    Raises:
        pydantic.ValidationError: A value has the wrong type or is out of range, or the environment has a `LEERPLICHT_…` variable that is no
            setting. `fault` makes a sentence of it.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True, validate_default=True)

    lake: Path = Field(
        Path("data_lake"),
        description="Root of the data lake, by default in the current folder; a run touches nothing outside it but the key file.",
    )
    key_file: Path = Field(
        Path("~/.config/leerplicht/pseudoniem.key"),
        description="The secret key of the pseudonyms; made with mode 0600 on first use. Keep it outside the repository, and back it up.",
    )
    gemeente_opvolgers: Path | None = Field(
        None,
        description="CSV of gemeenten that merged, beside those of the project: `gemeente_code,opvolger,vanaf` (`docs/leveringen.md`).",
    )
    gemeenten: Annotated[tuple[str, ...], NoDecode] = Field(
        ("0164", "0147"), description="Codes of the gemeenten that are served, separated by commas; together they are the regio."
    )
    wijken: Path | None = Field(None, description="CSV with the names of wijken, beside those of the project: `wijkcode,wijk`.")
    eerste_schooljaar: str | None = Field(
        None,
        pattern=r"^\d{4}-\d{4}$",
        examples=["2024-2025"],
        description="First school year to publish; empty: the first that the records speak of.",
    )
    laatste_schooljaar: str | None = Field(
        None,
        pattern=r"^\d{4}-\d{4}$",
        examples=["2024-2025"],
        description="Last school year to publish; empty: the last that the records speak of.",
    )
    max_rejected_share: float = Field(
        0.05, ge=0, le=1, description="A delivery is refused when more than this share of an entiteit's rows is rejected …"
    )
    max_rejected_rows: int = Field(5, ge=1, description="… and at least this many of them.")
    min_volume_share: float = Field(
        0.5,
        ge=0,
        le=1,
        description="A full register is refused when it holds less than this share of the records known before it: the rest ends.",
    )
    max_file_bytes: int = Field(
        17_179_869_184, ge=1, description="A delivered file that is larger than this, or that unpacks to more, is refused unread."
    )
    read_processes: int | None = Field(
        None, ge=1, le=64, description="Processes that read large deliveries side by side; empty: one for each core, at most 8."
    )
    read_memory_bytes: int = Field(
        1_073_741_824,
        ge=268_435_456,
        description="Memory that a reading process may use, and the size of its files more; a delivery that needs more is refused.",
    )
    read_seconds: int = Field(
        900, ge=1, description="Seconds that reading may take, and one for each MB; a delivery that takes longer is postponed."
    )
    memory_share: float = Field(
        0.25,
        ge=0.05,
        le=0.8,
        description="Share of the machine's memory, or of its container's, that DuckDB may use; beyond it a night uses the disk.",
    )
    strict: bool = Field(
        False, description="Whether a refused or postponed delivery stops publication; otherwise the last accepted state is published."
    )
    suppression_threshold: int = Field(
        5, ge=1, description="Counts under this, and above 0, are the ones that a printed report withholds as `<5`."
    )
    openbaar: Literal["jaarlijks", "op_verzoek"] = Field(
        "jaarlijks",
        description="When a night publishes `openbaar`: the first after a schooljaar closed, or none (`leerplicht publish`).",
    )
    publisher: str | None = Field(
        None,
        pattern=r"^\d{4}$",
        examples=["0164"],
        description="Gemeentecode of who publishes, for catalogues; empty: the first of `LEERPLICHT_GEMEENTEN`.",
    )
    contact: str | None = Field(
        None,
        pattern=r"^(https://\S+|[^@\s]+@[^@\s]+)$",
        examples=["leerplicht@gemeente.example"],
        description="E-mail address or https page for questions about the figures, for catalogues; empty: only the name of who publishes.",
    )
    licence: str = Field(
        "http://standaarden.overheid.nl/owms/terms/geslotenlicentie",
        pattern=r"^https?://\S+$",
        examples=["https://creativecommons.org/licenses/by/4.0/"],
        description="Address of the licence of what is published, for catalogues; until the gemeente chooses one: no open licence.",
    )
    publisher_name: str | None = Field(
        None,
        max_length=80,
        examples=["Leerplicht Hengelo en Borne"],
        description="How portal and factsheet call who publishes; empty: `Gemeente` and the name of `LEERPLICHT_PUBLISHER`.",
    )
    colour: str = Field(
        "#154273",
        pattern=r"^#[0-9A-Fa-f]{6}$",
        examples=["#154273"],
        description="Colour of portal and factsheet; refused when white text on it is hard to read.",
    )
    logo: Path | None = Field(
        None, description="Logo in portal and factsheet, an SVG or PNG of at most 100 kB (`docs/portal.md`); empty: only the name."
    )
    portal_address: str | None = Field(
        None,
        pattern=r"^(https://[^\s?#]+)?$",
        examples=["https://cijfers.gemeente.example/leerplicht/"],
        description="Where the portal will stand, for the feed, citations and embedded charts; empty: no address is told.",
    )

    retention_file_years: int | None = Field(
        None, ge=1, le=100, description="Years from birth that a person's file is kept; empty: what the contracts say, 19."
    )
    retention_enforcement_years: int | None = Field(
        None, ge=1, le=100, description="Years that a proces-verbaal or a referral to Halt is kept; empty: what the contracts say, 5."
    )
    retention_report_years: int | None = Field(
        None, ge=1, le=100, description="Years that a melding is kept, if less than the file; empty: as long as the file."
    )
    retention_original_days: int | None = Field(
        None, ge=0, le=36_500, description="Days that an original stays in landing after it was judged; empty: what the contracts say, 30."
    )
    purge: Literal["op_verzoek", "elke_nacht"] = Field(
        "op_verzoek", description="When what is past its period is removed: on request (`leerplicht purge`), or by every night too."
    )
    group_analysts: str | None = Field(
        None, description="Group whose members may read the warehouse (`docs/beheer.md`); empty: only the user that runs the pipeline."
    )
    group_intern: str | None = Field(
        None, description="Group whose members may read the releases `intern`; empty: only the user that runs the pipeline."
    )

    engine: Literal["duckdb", "spark"] = Field(
        "duckdb",
        description="What runs the models: DuckDB in this process, or Spark (`docs/spark.md`), which needs the extra `spark` and Java.",
    )
    spark_master: str = Field(
        "local[*]",
        pattern=r"^(local(\[(\d+|\*)\])?|spark://\S+|k8s://\S+|yarn)$",
        examples=["spark://meester.gemeente.example:7077"],
        description="Where Spark runs: in this machine's cores, or on a cluster whose workers reach the lake under the same path.",
    )

    planning: Literal["uit", "dagster"] = Field(
        "uit",
        description="Who starts the night: Dagster's own schedule and sensor, or neither: a timer or a person (`docs/installatie.md`).",
    )
    dagster_storage: SecretStr | None = Field(
        None,
        description="Database of Dagster's records, `postgresql+psycopg2://…`; empty: SQLite in the lake. Needs the extra `postgres`.",
    )
    alarm_urls: Annotated[tuple[SecretStr, ...], NoDecode] = Field(
        (),
        description="Where alarms go: addresses of apprise (`mailtos://…`, `jsons://…`), separated by commas; secret. Empty: nowhere.",
    )
    alarm_hours: int = Field(26, ge=1, description="Hours without publication after which `leerplicht healthcheck` raises an alarm.")
    delivery_days: Annotated[tuple[tuple[str, int], ...], NoDecode] = Field(
        (),
        description="Days between two deliveries of a source, if not what its contract says: `carel=7,duo=1`; 0: it is never late.",
    )

    known_at: AwareDatetime | None = Field(
        None,
        examples=["2025-01-01T00:00+01:00"],
        description="Look back: use only what was known at this instant, and leave what readers see alone; empty: everything.",
    )

    def variables(self) -> dict[str, str]:
        """Return the settings that this environment gives, by the name of their variable; without the ones that are secret."""
        given = {name: getattr(self, name) for name in type(self).model_fields if name in self.model_fields_set}
        return {f"{PREFIX}{name.upper()}": _as_variable(value) for name, value in given.items() if not _is_secret(value)}

    @model_validator(mode="before")
    @classmethod
    def _no_typos(cls, values: object) -> object:
        """Refuse a variable that is no setting: it would be ignored, and its setting would silently keep its default."""
        known = {f"{PREFIX}{name.upper()}" for name in cls.model_fields}
        for name in sorted(os.environ):
            if name.upper().startswith(PREFIX) and name.upper() not in known:
                raise ValueError(f"{name} is geen instelling; {_resembling(name)}")
        return values

    @field_validator("alarm_urls", mode="before")
    @classmethod
    def _channels(cls, value: object) -> object:
        """Split the addresses. A wrong one is refused without showing it: it may hold a password."""
        found = [part for part in BETWEEN_CHANNELS.split(value.strip(" ,")) if part] if isinstance(value, str) else value
        if isinstance(found, list) and not all(CHANNEL.fullmatch(part) for part in found):
            raise ValueError("geef adressen zoals mailtos://…, gescheiden door komma's")
        return found

    @field_validator("delivery_days", mode="before")
    @classmethod
    def _days(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        pairs = [part.strip().partition("=") for part in value.split(",") if part.strip()]
        wrong = [
            bron for bron, _, days in pairs if not (PROJECT / CONTRACTS / f"{bron.strip()}.odcs.yaml").is_file() or not days.isdecimal()
        ]
        if wrong:
            raise ValueError(f"geef voor elke bron een geheel aantal dagen, zoals carel=7,duo=1; niet {wrong[0]!r}")
        return tuple((bron.strip(), int(days)) for bron, _, days in pairs)

    @field_validator("gemeenten", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("gemeenten")
    @classmethod
    def _gemeentecodes(cls, value: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if not value or any(len(code) != 4 or not code.isdigit() for code in value) or len(set(value)) != len(value):
            raise ValueError("geef minstens één gemeentecode van vier cijfers, elk één keer, zoals 0164,0147")
        with (PROJECT / GEMEENTEN).open(encoding="utf-8", newline="") as file:
            known = {row["gemeente_code"] for row in csv.DictReader(file)}
        if successors := info.data.get("gemeente_opvolgers"):
            known |= {row["opvolger"] for row in own_reference.rows("gemeente_opvolgers", successors)}
        unknown = sorted(set(value) - known)
        if unknown:
            raise ValueError(f"gemeentecode {', '.join(unknown)} is onbekend; klopt de code, geef de gemeente dan een regel in {GEMEENTEN}")
        return value

    @field_validator("gemeente_opvolgers", "wijken")
    @classmethod
    def _own_reference(cls, value: Path | None, info: ValidationInfo) -> Path | None:
        if value is None or value == Path():
            return None
        path = value.expanduser().resolve()
        own_reference.rows(str(info.field_name), path)
        return path

    @field_validator("publisher_name")
    @classmethod
    def _one_line(cls, value: str | None) -> str | None:
        name = " ".join((value or "").split())
        if not name.isprintable():
            raise ValueError("geef een naam op één regel, zonder stuurtekens")
        return name or None

    @field_validator("colour")
    @classmethod
    def _readable(cls, value: str) -> str:
        brand.check_colour(value.lower())
        return value.lower()

    @field_validator("logo")
    @classmethod
    def _harmless(cls, value: Path | None) -> Path | None:
        if value is None or value == Path():
            return None
        path = value.expanduser().resolve()
        brand.check_logo(path)
        return path

    @field_validator("portal_address")
    @classmethod
    def _folder(cls, value: str | None) -> str | None:
        return f"{value.rstrip('/')}/" if value else None

    @field_validator("group_analysts", "group_intern")
    @classmethod
    def _known_group(cls, value: str | None) -> str | None:
        try:
            gid(value)
        except KeyError:
            raise ValueError(f"groep {value} is er niet op deze machine; maak haar met: groupadd {value}") from None
        return value or None

    @field_validator("dagster_storage")
    @classmethod
    def _known_database(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not value.get_secret_value().startswith(POSTGRESQL):  # SQLAlchemy may take another driver than the one that is here
            raise ValueError(f"geef een adres dat begint met {POSTGRESQL}")
        return value if value and value.get_secret_value() else None

    @field_validator("lake", "key_file")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().resolve()


def _as_variable(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return ",".join("=".join(map(str, part)) if isinstance(part, tuple) else str(part) for part in value)
    return "" if value is None else str(value)


def _is_secret(value: object) -> bool:
    return isinstance(value, SecretStr) or (isinstance(value, tuple) and any(map(_is_secret, value)))


def _resembling(name: str) -> str:
    """Return the half of a sentence that names the setting that an unknown variable resembles, or else where all are listed."""
    names = [field.upper() for field in Settings.model_fields]
    typed = name.upper().removeprefix(PREFIX)
    found = [known for known in names if typed and known.startswith(typed)] or get_close_matches(typed, names, n=1)
    return f"is {PREFIX}{found[0]} bedoeld?" if found else "de README noemt alle instellingen"


def fault(problem: ValidationError) -> str:
    """Return the first fault of the settings as a sentence for the user."""
    first = problem.errors()[0]
    context = first.get("ctx", {})
    reason = str(context.get("error", first["msg"]))  # the message of our own validators, without pydantic's prefix
    if not first["loc"]:
        return reason
    name = str(first["loc"][0])
    if first["type"] in FAULTS:
        example = ", ".join(map(str, Settings.model_fields[name].examples or ()))
        reason = FAULTS[first["type"]].format(**context | {"example": example}).replace(" or ", " of ")
    return f"instelling {PREFIX}{name.upper()}: {reason}"
