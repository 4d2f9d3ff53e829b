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
from orchestration.deliveries.reasons import Refusal, shown

FILE = "levering.json"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,99}")
MAX_MANIFEST_BYTES = 10_000_000

Aard = Literal["volledig", "mutatie"]


class ListedFile(BaseModel):
    """One file of a delivery, or one sheet of a workbook."""

    model_config = ConfigDict(frozen=True, strict=True)

    naam: Annotated[str, Field(min_length=1, max_length=200)]
    entiteit: str
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    rijen: Annotated[int, Field(ge=0)]
    blad: str | None = None

    @field_validator("naam")
    @classmethod
    def _plain_name(cls, value: str) -> str:
        if value.startswith(".") or any(sign in "/\\:" or not sign.isprintable() for sign in value) or value == FILE:
            raise ValueError("is geen gewone bestandsnaam")
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
        moment.astimezone(UTC)
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
    if not stat.S_ISREG(path.lstat().st_mode):
        return hashlib.sha256(b"geen gewoon bestand").hexdigest()
    return hash_file(path)


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
    if not NAME.fullmatch(folder.name):
        raise _invalid("de naam van de map mag alleen letters, cijfers en . _ + - bevatten (hoogstens 100 tekens)")
    if path.stat().st_size > MAX_MANIFEST_BYTES:
        raise _invalid("het bestand is te groot")
    try:
        value = json.loads(path.read_bytes().decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise _invalid("het is geen JSON in UTF-8") from None
    manifest = _validated(value)
    if manifest.bron != bron:
        raise _invalid(f"bron is niet {bron}, de bron van de map")
    if manifest.levering != folder.name:
        raise _invalid("levering is niet de naam van de map")
    return manifest


def find_faults(folder: Path, manifest: Manifest) -> list[Refusal]:
    """Compare the folder with its manifest: hashes, files that lack, files that nobody listed.

    Returns:
        Every fault; empty when the folder is what the manifest says. Files whose name begins with a dot do not exist.
    """
    faults: list[Refusal] = []
    listed = {file.naam for file in manifest.bestanden}
    for name in sorted(listed):
        if fault := presence_fault(folder / name):
            faults.append(fault)
        elif {hash_file(folder / name)} != {file.sha256 for file in manifest.bestanden if file.naam == name}:
            faults.append(Refusal("hash_wijkt_af", f"{shown(name)} heeft niet de sha256 van {FILE}"))
    extra = sorted(path.name for path in folder.iterdir() if path.name not in listed | {FILE} and not path.name.startswith("."))
    return faults + [Refusal("bestand_niet_in_manifest", f"{shown(name)} staat niet in {FILE}") for name in extra]


def presence_fault(path: Path) -> Refusal | None:
    """Why a listed file is not there as a file of its own, if so."""
    if is_plain(path):
        return None
    if path.is_symlink() or path.exists():
        return Refusal("bestand_onleesbaar", f"{shown(path.name)} is een verwijzing of geen gewoon bestand")
    return Refusal("bestand_ontbreekt", f"{shown(path.name)} staat niet in de map")


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
