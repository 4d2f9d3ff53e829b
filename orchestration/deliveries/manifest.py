"""`levering.json`: what a delivery says of itself, and whether its folder is what it says.

Put here: the manifest's model and everything that can be judged without understanding a file (names, presence, hashes). Keep out: what
is inside the files (`readers/`), and verdicts that need other deliveries (`verdict.py`).
"""

import hashlib
import json
import re
import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from expectations import contract
from orchestration.deliveries.identifiers import holds_identifier
from orchestration.deliveries.reasons import Refusal, shown

FILE = "levering.json"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,99}")
MAX_MANIFEST_BYTES = 10_000_000
MAX_NAME_BYTES = 255  # what a file system takes
NAMES_SOMEONE = "bevat negen cijfers die een BSN of onderwijsnummer kunnen zijn"  # it would reach the ledger and messages
FIRST_YEAR, LAST_YEAR = 1990, 2100  # a kennisdatum outside is a mistake, and would order deliveries by it for good

Aard = Literal["volledig", "mutatie"]


class ListedFile(BaseModel):
    """One file of a delivery, or one sheet of a workbook."""

    model_config = ConfigDict(frozen=True, strict=True)

    naam: Annotated[str, Field(min_length=1, max_length=200)]
    entiteit: str
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    rijen: Annotated[int, Field(ge=0)]
    blad: Annotated[str, Field(min_length=1, max_length=200)] | None = None

    @field_validator("naam")
    @classmethod
    def _plain_name(cls, value: str) -> str:
        if value.startswith(".") or any(sign in "/\\:" or not sign.isprintable() for sign in value) or value == FILE:
            raise ValueError("is geen gewone bestandsnaam")
        if len(value.encode()) > MAX_NAME_BYTES:
            raise ValueError("is te lang")
        if holds_identifier(value):
            raise ValueError(NAMES_SOMEONE)
        return value

    @field_validator("blad")
    @classmethod
    def _plain_sheet(cls, value: str | None) -> str | None:
        if value is not None and not value.isprintable():
            raise ValueError("is geen naam van een blad")
        if value is not None and holds_identifier(value):
            raise ValueError(NAMES_SOMEONE)
        return value


class Manifest(BaseModel):
    """`levering.json`, valid in itself. `kennisdatum` is an instant, kept as it was delivered."""

    model_config = ConfigDict(frozen=True, strict=True)

    bron: str
    levering: str
    kennisdatum: str
    aard: Aard
    bestanden: tuple[ListedFile, ...]

    @field_validator("bestanden", mode="before")
    @classmethod
    def _list(cls, value: object) -> object:
        return tuple(value) if isinstance(value, list) else value

    @field_validator("bron")
    @classmethod
    def _known(cls, value: str) -> str:
        if value not in contract.BRONNEN:
            raise ValueError("is geen bekende bron")
        return value

    @field_validator("kennisdatum")
    @classmethod
    def _instant(cls, value: str) -> str:
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            raise ValueError("is geen ISO-tijdstip") from None
        if moment.utcoffset() is None:
            raise ValueError("heeft geen tijdzone-afstand, zoals +01:00")
        if not FIRST_YEAR <= moment.year <= LAST_YEAR:
            raise ValueError(f"ligt niet tussen {FIRST_YEAR} en {LAST_YEAR}")
        return value

    @model_validator(mode="after")
    def _whole(self) -> "Manifest":
        entities = contract.load(self.bron).entities
        seen: set[tuple[str, str | None]] = set()
        for number, file in enumerate(self.bestanden, 1):
            if file.entiteit not in entities:
                raise ValueError(f"bestanden[{number}].entiteit is geen entiteit van {self.bron}")
            if (file.naam, file.blad) in seen:
                raise ValueError(f"bestanden[{number}] staat er twee keer in")
            seen.add((file.naam, file.blad))
        return self

    @property
    def instant(self) -> datetime:
        """The kennisdatum as an instant, in UTC."""
        return datetime.fromisoformat(self.kennisdatum).astimezone(UTC)

    @property
    def content(self) -> str:
        """SHA-256 of what is delivered: the files and what they are, whatever they are called."""
        parts = sorted((file.entiteit, file.blad or "", file.sha256) for file in self.bestanden)
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

    def of_entity(self, entiteit: str) -> tuple[ListedFile, ...]:
        """The files of one entiteit, in a fixed order."""
        return tuple(sorted((f for f in self.bestanden if f.entiteit == entiteit), key=lambda f: (f.naam, f.blad or "")))

    @property
    def entities(self) -> tuple[str, ...]:
        """The entiteiten it delivers, in the contract's order."""
        named = {file.entiteit for file in self.bestanden}
        return tuple(name for name in contract.load(self.bron).entities if name in named)


def fingerprint(folder: Path) -> str:
    """SHA-256 of the manifest's bytes: by this the ledger knows a delivery that it has seen."""
    path = folder / FILE
    try:
        if stat.S_ISREG(path.lstat().st_mode):
            return hash_file(path)
    except OSError:
        pass
    return hashlib.sha256(b"geen gewoon bestand").hexdigest()


def known_as(name: str) -> str:
    """The name under which the ledger knows a folder: its own, or a harmless one when it cannot be a delivery's."""
    if NAME.fullmatch(name) and not holds_identifier(name):
        return name
    raw = name.encode(errors="surrogateescape")
    return f"{re.sub(r'[^A-Za-z0-9._+-]', '_', shown(name))}~{hashlib.sha256(raw).hexdigest()[:8]}"


def load(folder: Path, bron: str) -> Manifest:
    """Read and check the manifest of a delivery folder.

    Args:
        folder: The delivery, `landing/<bron>/<levering>`.
        bron: The bron in whose folder it lies.

    Raises:
        Refusal: `manifest_ongeldig`; the reason names the field, never its value.
    """
    path = folder / FILE
    if folder.is_symlink() or path.is_symlink() or not path.is_file():
        raise _invalid("de map of levering.json is een verwijzing of geen gewoon bestand")
    if holds_identifier(folder.name):
        raise _invalid(f"de naam van de map {NAMES_SOMEONE}")
    if not NAME.fullmatch(folder.name):
        raise _invalid("de naam van de map mag alleen letters, cijfers en . _ + - bevatten (hoogstens 100 tekens)")
    try:
        if path.stat().st_size > MAX_MANIFEST_BYTES:
            raise _invalid("het bestand is te groot")
        value = json.loads(path.read_bytes().decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise _invalid("het is geen JSON in UTF-8") from None
    except OSError:
        raise _invalid("het bestand is niet te openen") from None
    manifest = _validated(value)
    if manifest.bron != bron:
        raise _invalid(f"bron is niet {bron}, de bron van de map")
    if manifest.levering != folder.name:
        raise _invalid("levering is niet de naam van de map")
    return manifest


def find_faults(folder: Path, manifest: Manifest, max_bytes: int) -> list[Refusal]:
    """Compare the folder with its manifest: sizes, hashes, files that lack, files that nobody listed.

    Args:
        folder: The delivery.
        manifest: What it says of itself.
        max_bytes: A larger file is at fault, and not hashed.

    Returns:
        Every fault; empty when the folder is what the manifest says. Files whose name begins with a dot do not exist.
    """
    listed = {file.naam for file in manifest.bestanden}
    faults: list[Refusal] = []
    for name in sorted(listed):
        hashes = {file.sha256 for file in manifest.bestanden if file.naam == name}
        if fault := _file_fault(folder / name, hashes, max_bytes):
            faults.append(fault)
    extra = sorted(path.name for path in folder.iterdir() if path.name not in listed | {FILE} and not path.name.startswith("."))
    return faults + [Refusal("bestand_niet_in_manifest", f"{shown(name)} staat niet in {FILE}") for name in extra]


def _file_fault(path: Path, hashes: set[str], max_bytes: int) -> Refusal | None:
    if fault := presence_fault(path, max_bytes):
        return fault
    try:
        return None if {hash_file(path)} == hashes else Refusal("hash_wijkt_af", f"{shown(path.name)} heeft niet de sha256 van {FILE}")
    except OSError:
        return Refusal("bestand_onleesbaar", f"{shown(path.name)} is niet te openen")


def presence_fault(path: Path, max_bytes: int) -> Refusal | None:
    """Why a listed file is not there as a file of its own that can be read, if so."""
    name = shown(path.name)
    if not is_plain(path):
        if path.is_symlink() or path.exists():
            return Refusal("bestand_onleesbaar", f"{name} is een verwijzing of geen gewoon bestand")
        return Refusal("bestand_ontbreekt", f"{name} staat niet in de map")
    if path.stat().st_size > max_bytes:
        limit = f"{max_bytes:,}".replace(",", ".")
        return Refusal("bestand_onleesbaar", f"{name} is groter dan {limit} bytes (LEERPLICHT_MAX_FILE_BYTES)")
    return None


def is_plain(path: Path) -> bool:
    """Whether the path is a file of its own: no link, no folder, no device."""
    return not path.is_symlink() and path.is_file()


def hash_file(path: Path) -> str:
    """SHA-256 of a file, in hexadecimals."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _validated(value: Any) -> Manifest:
    try:
        return Manifest.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        place = ".".join(f"[{part + 1}]" if isinstance(part, int) else str(part) for part in first["loc"]).replace(".[", "[")
        raise _invalid(f"{place} {_in_dutch(first['type'], first['msg'])}".strip()) from None


def _in_dutch(kind: str, message: str) -> str:
    if kind == "value_error":
        return message.removeprefix("Value error, ")
    if kind == "missing":
        return "ontbreekt"
    return "heeft niet de afgesproken vorm"


def _invalid(reden: str) -> Refusal:
    return Refusal("manifest_ongeldig", f"{FILE}: {reden}")
