"""Make a delivery of loose files: copy and hash them, write the manifest, and atomically move the folder into landing.

Put here: everything for a person who has files and no manifest. Keep out: judging the delivery (`verdict.py`).
"""

import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import get_args

from pydantic import ValidationError

from expectations import contract as contracts
from expectations.contract import Contract
from orchestration import audit, unfinished
from orchestration.deliveries.manifest import (
    FILE,
    Aard,
    ListedFile,
    Manifest,
    future_fault,
    hash_file,
    moment_problem,
    presence_fault,
)
from orchestration.deliveries.names import PLAIN, entity_of, is_plain
from orchestration.deliveries.parse import ReadRequest, local_time
from orchestration.deliveries.process import ReadingProcess
from orchestration.deliveries.readers import FORMATS
from orchestration.errors import LeerplichtError
from orchestration.lake import Lake
from orchestration.lake.files import make_private, remove, replace_bytes, sync_folder
from orchestration.scrub import has_identifier, safe_text
from orchestration.settings import Settings

KINDS = get_args(Aard)


class DeliveryError(LeerplichtError):
    """Files that cannot be made a delivery; the message is one Dutch sentence."""


@dataclass(frozen=True)
class _LooseFile:
    path: Path
    entiteit: str
    blad: str | None


def deliver(settings: Settings, bron: str, files: Sequence[str], aard: str, kennisdatum: datetime, levering: str | None = None) -> Path:
    """Make a delivery of loose files. In case of an error nothing is left in landing.

    Args:
        settings: The lake, and the limits of reading.
        bron: The bron of the files.
        files: Paths; the entiteit is derived from the file name, or given as `entiteit=path`, for a sheet as `entiteit=path#blad`.
        aard: `volledig` or `mutatie`.
        kennisdatum: When the source made them, with a time zone.
        levering: The name of the delivery; by default derived from the kennisdatum.

    Returns:
        The folder of the delivery.

    Raises:
        DeliveryError: The files cannot be made a delivery.
        Refusal: A file is unreadable, so the delivery would be refused.
    """
    contract, loose = _prepared(settings, bron, files, aard, kennisdatum)
    landing = make_private(make_private(Lake(settings.lake).landing) / bron)
    name = _name(landing, levering, kennisdatum)
    hidden = unfinished.folder(landing, "maken")
    try:
        copies = {file.path.name: _copy(file.path, hidden) for file in loose}
        manifest = _manifest(settings, contract, loose, copies, {"levering": name, "kennisdatum": kennisdatum.isoformat(), "aard": aard})
        content = json.dumps(manifest.model_dump(mode="json", exclude_none=True), ensure_ascii=False, indent=1)
        replace_bytes(hidden / FILE, content.encode() + b"\n")
        sync_folder(hidden)
        audit.record(Lake(settings.lake), audit.What.GELEVERD, bron=bron, levering=name)
        hidden.rename(landing / name)
        sync_folder(landing)
    except OSError as error:
        raise DeliveryError(f"de levering is niet te maken: {error.strerror}") from None
    finally:
        remove(hidden)
    return landing / name


def as_delivered(
    settings: Settings, bron: str, files: Sequence[str], aard: str, kennisdatum: datetime, levering: str
) -> tuple[Manifest, dict[str, Path]]:
    """Return the manifest that loose files would get, and where each file is; nothing is copied or written.

    Args and Raises: as for `deliver`.
    """
    contract, loose = _prepared(settings, bron, files, aard, kennisdatum)
    paths = {file.path.name: file.path.absolute() for file in loose}
    about = {"levering": levering, "kennisdatum": kennisdatum.isoformat(), "aard": aard}
    return _manifest(settings, contract, loose, paths, about), paths


def unusual_kind(bron: str, aard: str) -> str:
    """Return what an aard means that is not the usual one of the bron, in one sentence; empty if it is the usual one."""
    usual = contracts.load(bron).usual_kind
    if aard == usual:
        return ""
    means = "alles wat er niet in staat, eindigt" if aard == "volledig" else "wat er niet in staat, blijft zoals het was"
    return f"{bron} levert gewoonlijk {usual}, en dit is {aard}: {means}"


def _prepared(settings: Settings, bron: str, files: Sequence[str], aard: str, kennisdatum: datetime) -> tuple[Contract, list[_LooseFile]]:
    contract = _checked_contract(bron, aard, kennisdatum)
    loose = [_loose_file(contract, text) for text in files]
    _check_names(loose)
    for file in loose:
        if fault := presence_fault(file.path, settings.max_file_bytes):
            raise fault
    return contract, loose


def _checked_contract(bron: str, aard: str, kennisdatum: datetime) -> Contract:
    if bron not in contracts.BRONNEN:
        raise DeliveryError(f"onbekende bron {safe_text(bron)}; kies uit {', '.join(contracts.BRONNEN)}")
    if aard not in KINDS:
        raise DeliveryError("de aard is volledig of mutatie")
    if problem := moment_problem(kennisdatum):
        raise DeliveryError(f"de kennisdatum {problem}")
    if fault := future_fault(kennisdatum):
        raise DeliveryError(fault.reden)
    return contracts.load(bron)


def _loose_file(contract: Contract, text: str) -> _LooseFile:
    entiteit, _, location = text.partition("=")
    if entiteit not in contract.entities or not location:
        entiteit, location = "", text
    path: Path = Path(location)
    blad: str | None = None
    if not path.exists() and "#" in location:
        file, _, blad = location.rpartition("#")
        path = Path(file)
    if path.is_symlink() or not path.is_file():
        raise DeliveryError(f"{safe_text(location)} is er niet, of is geen gewoon bestand")
    if path.suffix.lower() not in FORMATS:
        raise DeliveryError(f"{safe_text(path.name)}: alleen {', '.join(FORMATS)} worden gelezen")
    return _LooseFile(path, entiteit or _entity_of(contract, path), blad)


def _entity_of(contract: Contract, path: Path) -> str:
    if found := entity_of(contract, path.name):
        return found
    choices = " of ".join(f"{name}={safe_text(path.name)}" for name in contract.entities)
    raise DeliveryError(f"van {safe_text(path.name)} is de entiteit niet te zien; noem haar: {choices}")


def _check_names(loose: Sequence[_LooseFile]) -> None:
    if not loose:
        raise DeliveryError("geef minstens één bestand")
    paths = {file.path.name: file.path.resolve() for file in loose}
    for file in loose:
        if paths[file.path.name] != file.path.resolve():
            raise DeliveryError(f"twee bestanden heten {safe_text(file.path.name)}; geef ze verschillende namen")
    if len({(file.path.name, file.blad) for file in loose}) < len(loose):
        raise DeliveryError("een bestand is twee keer genoemd")


def _name(landing: Path, levering: str | None, moment: datetime) -> str:
    if levering is not None:
        if not is_plain(levering) or has_identifier(levering):
            raise DeliveryError(f"de naam van een levering heeft alleen {PLAIN}")
        if (landing / levering).exists():
            raise DeliveryError(f"er is al een levering {levering}")
        return levering
    stamp = local_time(moment).strftime("%Y%m%dT%H%M%S")
    names = [stamp, *(f"{stamp}-{number:02d}" for number in range(2, 100))]
    free = next((name for name in names if not (landing / name).exists()), None)
    if free is None:
        raise DeliveryError(f"er zijn al 99 leveringen {stamp}; geef een naam")
    return free


def _manifest(
    settings: Settings, contract: Contract, loose: Sequence[_LooseFile], paths: dict[str, Path], about: dict[str, str]
) -> Manifest:
    """Hash the files, count their records, and return the manifest."""
    listed = tuple(_listed(file, paths[file.path.name]) for file in loose)
    entities = tuple(name for name in contract.entities if any(file.entiteit == name for file in listed))
    moment = datetime.fromisoformat(about["kennisdatum"])
    request = ReadRequest(Path(), contract, entities, listed, moment, b"", None, settings.max_file_bytes, loose=paths)
    with ReadingProcess(settings) as reader:
        results = reader.read(request).files
    for result in results:
        if result.fault:
            raise result.fault
    lines = [{**result.file.model_dump(exclude_none=True), "rijen": result.rijen} for result in results]
    try:
        return Manifest.model_validate({"bron": contract.bron, **about, "bestanden": lines})
    except ValidationError:
        raise DeliveryError("een bestandsnaam of een blad kan zo niet in levering.json") from None


def _copy(path: Path, folder: Path) -> Path:
    """Copy a file into the folder; a workbook is named once for each of its sheets."""
    copy = folder / path.name
    if not copy.exists():
        shutil.copyfile(path, copy)
        copy.chmod(0o600)
        with copy.open("rb") as handle:
            os.fsync(handle.fileno())
    return copy


def _listed(file: _LooseFile, path: Path) -> ListedFile:
    """Return the line of the manifest of a file, without a count."""
    try:
        return ListedFile(naam=path.name, entiteit=file.entiteit, sha256=hash_file(path), rijen=0, blad=file.blad)
    except ValidationError:
        raise DeliveryError(f"{safe_text(path.name)} kan zo niet heten in een levering, of het blad niet") from None
