"""`levering.json`: the manifest of a delivery, and the comparison of its folder with it.

Put here: the model of the manifest, and all checks that do not parse a file (names, presence, hashes). Keep out: the content of files
(`readers/`), and rules that need other deliveries (`verdict.py`).
"""

import hashlib
import json
import re
import stat
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from expectations import contract
from orchestration import clock
from orchestration.deliveries.names import PLAIN, is_plain
from orchestration.deliveries.reasons import Refusal, postponing
from orchestration.scrub import has_identifier, safe_text, scrub

FILE = "levering.json"
MAX_MANIFEST_BYTES = 10_000_000
MAX_NAME_BYTES = 255  # the limit of a file system
MAX_FILES = 1_000
MAX_ROWS = 1_000_000_000
HAS_IDENTIFIER = "bevat negen cijfers die een BSN of onderwijsnummer kunnen zijn"  # it would get into the ledger and messages
FIRST_YEAR, LAST_YEAR = 1990, 2100  # a kennisdatum outside is a mistake, which would misorder all later deliveries
MAX_AHEAD = timedelta(days=1)  # a clock may differ; further ahead is a mistake, which would win from all later versions

Aard = Literal["volledig", "mutatie"]


class ListedFile(BaseModel):
    """One file of a delivery, or one sheet of a workbook."""

    model_config = ConfigDict(frozen=True, strict=True)

    naam: Annotated[str, Field(min_length=1, max_length=200)]
    entiteit: Annotated[str, Field(max_length=100)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    rijen: Annotated[int, Field(ge=0, le=MAX_ROWS)]
    blad: Annotated[str, Field(min_length=1, max_length=200)] | None = None

    @field_validator("naam")
    @classmethod
    def _plain_name(cls, value: str) -> str:
        if value.startswith(".") or any(sign in "/\\:" or not sign.isprintable() for sign in value) or value == FILE:
            raise ValueError("is geen gewone bestandsnaam")
        if len(value.encode()) > MAX_NAME_BYTES:
            raise ValueError("is te lang")
        if has_identifier(value):
            raise ValueError(HAS_IDENTIFIER)
        return value

    @field_validator("blad")
    @classmethod
    def _plain_sheet(cls, value: str | None) -> str | None:
        if value is not None and not value.isprintable():
            raise ValueError("is geen naam van een blad")
        if value is not None and has_identifier(value):
            raise ValueError(HAS_IDENTIFIER)
        return value


class Manifest(BaseModel):
    """A valid `levering.json`. `kennisdatum` is an instant, as text in its original time zone."""

    model_config = ConfigDict(frozen=True, strict=True)

    bron: Annotated[str, Field(max_length=100)]
    levering: Annotated[str, Field(max_length=100)]
    kennisdatum: Annotated[str, Field(max_length=40)]
    aard: Aard
    bestanden: tuple[ListedFile, ...]

    @field_validator("bestanden", mode="before")
    @classmethod
    def _list(cls, value: object) -> object:
        if isinstance(value, list) and len(value) > MAX_FILES:
            raise ValueError(f"zijn er meer dan {MAX_FILES:,}".replace(",", "."))
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
        if not (value.isascii() and value.isprintable()):  # Python allows any sign between date and time, even half a Unicode one
            raise ValueError("is geen ISO-tijdstip")
        if problem := moment_problem(moment):
            raise ValueError(problem)
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
        """The kennisdatum as an instant in UTC."""
        return datetime.fromisoformat(self.kennisdatum).astimezone(UTC)

    @property
    def content_sha256(self) -> str:
        """SHA-256 of the files, their sheets and entiteiten; independent of file names."""
        parts = sorted((file.entiteit, file.blad or "", file.sha256) for file in self.bestanden)
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

    def of_entity(self, entiteit: str) -> tuple[ListedFile, ...]:
        """Return the files of one entiteit, in a fixed order."""
        return tuple(sorted((f for f in self.bestanden if f.entiteit == entiteit), key=lambda f: (f.naam, f.blad or "")))

    @property
    def entities(self) -> tuple[str, ...]:
        """The delivered entiteiten, in the order of the contract."""
        named = {file.entiteit for file in self.bestanden}
        return tuple(name for name in contract.load(self.bron).entities if name in named)


def moment_problem(moment: datetime) -> str:
    """Return what is wrong with a kennisdatum at any time, to follow its name in a sentence; empty if nothing is."""
    if moment.utcoffset() is None:
        return "heeft geen tijdzone-afstand, zoals +01:00"
    return "" if FIRST_YEAR <= moment.year <= LAST_YEAR else f"ligt niet tussen {FIRST_YEAR} en {LAST_YEAR}"


def future_fault(moment: datetime) -> Refusal | None:
    """Return the fault of a kennisdatum more than a day ahead of the clock, if it is."""
    if moment - clock.now() <= MAX_AHEAD:
        return None
    return Refusal("kennisdatum_in_toekomst", "de kennisdatum ligt in de toekomst, meer dan een dag na nu")


@postponing()
def fingerprint(folder: Path) -> str:
    """Return the SHA-256 of the manifest, which identifies a delivery in the ledger.

    Raises:
        Postponed: It cannot be read now.
    """
    path = folder / FILE
    if is_regular(path):
        return hash_file(path)
    return hashlib.sha256(b"geen gewoon bestand").hexdigest()


def ledger_name(name: str) -> str:
    """Return the name of a folder in the ledger: its own name if valid, otherwise a sanitized one.

    It is unique, but for folders whose names differ only in an identifier; their entries differ in the hash of the manifest.
    """
    if is_plain(name) and not has_identifier(name):
        return name
    raw = scrub(name).encode(errors="surrogateescape")  # a hash of a name with a BSN would tell the BSN to who tries them all
    return f"{re.sub(r'[^A-Za-z0-9._+-]', '_', safe_text(name))}~{hashlib.sha256(raw).hexdigest()[:8]}"


@postponing()
def load(folder: Path, bron: str) -> Manifest:
    """Read and check the manifest of a delivery folder.

    Args:
        folder: The delivery, `landing/<bron>/<levering>`.
        bron: The bron whose folder it is in.

    Raises:
        Refusal: `manifest_ongeldig`, with the field and not its value in the reason.
        Postponed: The manifest cannot be read now.
    """
    path = folder / FILE
    if folder.is_symlink() or not is_regular(path):
        raise _invalid("de map of levering.json is een verwijzing of geen gewoon bestand")
    if has_identifier(folder.name):
        raise _invalid(f"de naam van de map {HAS_IDENTIFIER}")
    if not is_plain(folder.name):
        raise _invalid(f"de naam van de map mag alleen bevatten: {PLAIN}")
    try:
        if path.stat().st_size > MAX_MANIFEST_BYTES:
            raise _invalid("het bestand is te groot")
        value = json.loads(path.read_bytes().decode("utf-8-sig"), object_pairs_hook=_fields)
    except (ValueError, RecursionError):
        raise _invalid("het is geen JSON in UTF-8") from None
    manifest = _validated(value)
    if manifest.bron != bron:
        raise _invalid(f"bron is niet {bron}, de bron van de map")
    if manifest.levering != folder.name:
        raise _invalid("levering is niet de naam van de map")
    return manifest


def _fields(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the fields of a JSON object; one that is given twice has two values, of which JSON does not say which counts."""
    if len(fields := dict(pairs)) < len(pairs):
        raise _invalid("een veld staat er twee keer in")
    return fields


@postponing()
def find_faults(folder: Path, manifest: Manifest, max_bytes: int, loose: Mapping[str, Path]) -> list[Refusal]:
    """Compare the folder with its manifest: sizes, hashes, missing and unlisted files.

    Args:
        folder: The delivery.
        manifest: Its manifest.
        max_bytes: A larger file is a fault, and is not hashed.
        loose: The paths of files that are no delivery yet, by name; empty for a delivery.

    Returns:
        All faults. Files with a name that begins with a dot are ignored.

    Raises:
        Postponed: The folder or a file cannot be read now.
    """
    listed: dict[str, set[str]] = {}
    for file in manifest.bestanden:
        listed.setdefault(file.naam, set()).add(file.sha256)
    found = (_file_fault(loose.get(name, folder / name), hashes, max_bytes) for name, hashes in sorted(listed.items()))
    faults = [fault for fault in found if fault]
    if loose:
        return faults
    extra = sorted(path.name for path in folder.iterdir() if path.name not in {*listed, FILE} and not path.name.startswith("."))
    return faults + [Refusal("bestand_niet_in_manifest", f"{safe_text(name)} staat niet in {FILE}") for name in extra]


def _file_fault(path: Path, hashes: set[str], max_bytes: int) -> Refusal | None:
    if fault := presence_fault(path, max_bytes):
        return fault
    return None if {hash_file(path)} == hashes else Refusal("hash_wijkt_af", f"{safe_text(path.name)} heeft niet de sha256 van {FILE}")


def presence_fault(path: Path, max_bytes: int) -> Refusal | None:
    """Return the fault of a listed file that is missing, too large or not a regular file, if any."""
    name = safe_text(path.name)
    try:
        if not is_regular(path):
            return Refusal("bestand_onleesbaar", f"{name} is een verwijzing of geen gewoon bestand")
    except FileNotFoundError:
        return Refusal("bestand_ontbreekt", f"{name} staat niet in de map")
    if path.stat().st_size > max_bytes:
        limit = f"{max_bytes:,}".replace(",", ".")
        return Refusal("bestand_onleesbaar", f"{name} is groter dan {limit} bytes (LEERPLICHT_MAX_FILE_BYTES)")
    return None


def is_regular(path: Path) -> bool:
    """Return whether a path is a regular file: no link, folder or device.

    Raises:
        OSError: There is nothing, or it cannot be looked at.
    """
    return stat.S_ISREG(path.lstat().st_mode)


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
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
