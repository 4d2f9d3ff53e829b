"""Loose files → a delivery in landing: manifest written, hashes taken, moved in at once.

Put here: what a data engineer without a manifest needs. Keep out: judging the delivery (`verdict.py`); it is judged when it is ingested.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from expectations import contract as contracts
from expectations.contract import Contract
from orchestration.deliveries.identifiers import holds_identifier
from orchestration.deliveries.manifest import FILE, NAME, ListedFile, Manifest, hash_file, is_plain, presence_fault
from orchestration.deliveries.parse import Order, local_day
from orchestration.deliveries.process import ReadingProcess
from orchestration.deliveries.readers import FORMATS
from orchestration.deliveries.reasons import Refusal, shown
from orchestration.errors import LeerplichtError
from orchestration.lake import Lake, make_private, remove, replace_bytes, sync_folder
from orchestration.settings import Settings


class DeliveryError(LeerplichtError):
    """Files that cannot be made a delivery; the message is one Dutch sentence for the person who gave them."""


@dataclass(frozen=True)
class _Given:
    path: Path
    entiteit: str
    blad: str | None


def deliver(settings: Settings, bron: str, files: Sequence[str], aard: str, kennisdatum: datetime, levering: str | None = None) -> Path:
    """Make a delivery of loose files and move it into landing in one step.

    Args:
        settings: Where the lake is.
        bron: Whose files they are.
        files: Paths; the entiteit follows from the file name, or is given as `entiteit=path`, for a sheet as `entiteit=path#blad`.
        aard: `volledig` or `mutatie`.
        kennisdatum: When the source made them, with an offset.
        levering: The delivery's name; without one it follows from the kennisdatum.

    Returns:
        The delivery's folder.

    Raises:
        DeliveryError: what is wrong, in one sentence; nothing is left behind.
    """
    contract = _agreed(bron, aard, kennisdatum)
    given = [_given(contract, text) for text in files]
    _check(given)
    landing = make_private(make_private(Lake(settings.lake).landing) / bron)
    name = _name(landing, levering, kennisdatum)
    hidden = Path(tempfile.mkdtemp(prefix=".maken-", dir=landing))
    try:
        _fill(settings, contract, given, hidden, {"levering": name, "kennisdatum": kennisdatum.isoformat(), "aard": aard})
        hidden.rename(landing / name)
        sync_folder(landing)
    except Refusal as refusal:
        raise DeliveryError(refusal.reden) from None
    except OSError as error:
        raise DeliveryError(f"de levering is niet te maken: {error.strerror}") from None
    finally:
        remove(hidden)
    return landing / name


def rehearse(settings: Settings, bron: str, files: Sequence[str], aard: str, kennisdatum: datetime, folder: Path) -> Path:
    """Make a delivery of loose files outside the lake, to see what it would do.

    Args:
        settings: The limits of reading.
        bron: Whose files they are.
        files: As for `deliver`.
        aard: `volledig` or `mutatie`.
        kennisdatum: When the source made them, with an offset.
        folder: An empty folder, which gets the delivery in it.

    Returns:
        The delivery's folder.

    Raises:
        DeliveryError: The files cannot even be offered.
        Refusal: A file cannot be counted: so it would be refused.
    """
    contract = _agreed(bron, aard, kennisdatum)
    given = [_given(contract, text) for text in files]
    _check(given)
    made = make_private(folder / "proef")
    _fill(settings, contract, given, made, {"levering": made.name, "kennisdatum": kennisdatum.isoformat(), "aard": aard})
    return made


def _agreed(bron: str, aard: str, kennisdatum: datetime) -> Contract:
    if bron not in contracts.BRONNEN:
        raise DeliveryError(f"onbekende bron {shown(bron)}; kies uit {', '.join(contracts.BRONNEN)}")
    if aard not in ("volledig", "mutatie"):
        raise DeliveryError("de aard is volledig of mutatie")
    if kennisdatum.utcoffset() is None:
        raise DeliveryError("de kennisdatum heeft een tijdzone nodig, zoals 2025-03-03T02:00:00+01:00")
    return contracts.load(bron)


def _given(contract: Contract, text: str) -> _Given:
    entiteit, marked, rest = text.partition("=")
    named = bool(marked) and entiteit in contract.entities
    place = rest if named else text
    path, blad = Path(place), None
    if not path.exists() and "#" in place:
        before, _, sheet = place.rpartition("#")
        path, blad = Path(before), sheet
    if not is_plain(path):
        raise DeliveryError(f"{shown(place)} is er niet, of is geen gewoon bestand")
    if path.suffix.lower() not in FORMATS:
        raise DeliveryError(f"{shown(path.name)}: alleen {', '.join(FORMATS)} worden gelezen")
    return _Given(path, entiteit if named else _entity_of(contract, path), blad)


def _entity_of(contract: Contract, path: Path) -> str:
    stems = {Path(entity.file).stem: name for name, entity in contract.entities.items()}
    stem = path.stem.lower()
    if stem not in stems:
        choices = ", ".join(f"{name}=…" for name in contract.entities)
        raise DeliveryError(f"van {shown(path.name)} is de entiteit niet te zien; noem haar: {choices}")
    return stems[stem]


def _check(given: Sequence[_Given]) -> None:
    if not given:
        raise DeliveryError("geef minstens één bestand")
    paths = {file.path.name: file.path.resolve() for file in given}
    for file in given:
        if paths[file.path.name] != file.path.resolve():
            raise DeliveryError(f"twee bestanden heten {shown(file.path.name)}; geef ze verschillende namen")
    if len({(file.path.name, file.blad) for file in given}) < len(given):
        raise DeliveryError("een bestand is twee keer genoemd")


def _name(landing: Path, levering: str | None, moment: datetime) -> str:
    if levering is not None:
        if not NAME.fullmatch(levering) or holds_identifier(levering):
            raise DeliveryError("de naam van een levering heeft alleen letters, cijfers en . _ + - (hoogstens 100 tekens)")
        if (landing / levering).exists():
            raise DeliveryError(f"er is al een levering {levering}")
        return levering
    stamp = local_day(moment).strftime("%Y%m%dT%H%M%S")
    names = [stamp, *(f"{stamp}-{number:02d}" for number in range(2, 100))]
    free = next((name for name in names if not (landing / name).exists()), None)
    if free is None:
        raise DeliveryError(f"er zijn al 99 leveringen {stamp}; geef een naam")
    return free


def _fill(settings: Settings, contract: Contract, given: Sequence[_Given], folder: Path, about: dict[str, str]) -> None:
    """Copy the files into a folder, describe the copies, and write the manifest last."""
    listed = [_take(file, folder, settings.max_file_bytes) for file in given]
    entities = tuple(name for name in contract.entities if any(file.entiteit == name for file in listed))
    moment = datetime.fromisoformat(about["kennisdatum"])
    order = Order(folder, contract, entities, tuple(listed), moment, b"", None, settings.max_file_bytes)
    with ReadingProcess(settings) as reader:
        results = reader.read(order).files
    for result in results:
        if result.fault:
            raise result.fault
    lines = [{**result.file.model_dump(exclude_none=True), "rijen": result.rijen} for result in results]
    manifest = {"bron": contract.bron, **about, "bestanden": lines}
    try:
        Manifest.model_validate(manifest)
    except ValidationError:
        raise DeliveryError("de kennisdatum, een bestandsnaam of een blad kan zo niet in levering.json") from None
    replace_bytes(folder / FILE, json.dumps(manifest, ensure_ascii=False, indent=1).encode() + b"\n")
    sync_folder(folder)


def _take(file: _Given, folder: Path, max_bytes: int) -> ListedFile:
    """Copy a file into the folder and describe it, but for its records; what is described is the copy."""
    if fault := presence_fault(file.path, max_bytes):
        raise fault
    copy = folder / file.path.name
    if not copy.exists():
        shutil.copyfile(file.path, copy)
        copy.chmod(0o600)
        with copy.open("rb") as handle:
            os.fsync(handle.fileno())
    try:
        return ListedFile(naam=copy.name, entiteit=file.entiteit, sha256=hash_file(copy), rijen=0, blad=file.blad)
    except ValidationError:
        raise DeliveryError(f"{shown(copy.name)} kan zo niet heten in een levering, of het blad niet") from None
