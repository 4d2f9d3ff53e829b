"""What a delivery would do, without doing it: the same verdict as `ingest` gives, and nothing in the lake changes.

Put here: judging a folder or loose files outside the lake. Keep out: the verdict itself (`verdict.py`) and what is shown (`console.py`).
"""

import secrets
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from expectations import contract as contracts
from orchestration.deliveries import deliver as delivering
from orchestration.deliveries import manifest as manifests
from orchestration.deliveries.ledger import Ledger, LedgerEntry
from orchestration.deliveries.process import ReadingProcess
from orchestration.deliveries.pseudonym import KEY_BYTES, load_key
from orchestration.deliveries.reasons import Refusal, shown
from orchestration.deliveries.verdict import Judge
from orchestration.lake import Lake
from orchestration.settings import Settings


class CheckError(Exception):
    """Something that cannot be checked; the message is one Dutch sentence."""


@dataclass(frozen=True)
class Checked:
    """What would happen to a delivery.

    Args:
        name: What was checked.
        entry: The entry that the ledger would get, or has.
        on_record: Whether the verdict was given before.
        rejected: The rejected rows per entiteit, as the quarantine would hold them.
    """

    name: str
    entry: LedgerEntry
    on_record: bool
    rejected: dict[str, list[dict[str, Any]]]


def check_folder(settings: Settings, folder: Path, bron: str | None = None) -> Checked:
    """Check a delivery folder, in landing or anywhere else.

    Args:
        settings: Where the lake is, and the thresholds.
        folder: The delivery.
        bron: Its bron; without it the folder around it says so, or else its manifest.

    Raises:
        CheckError: It has no `levering.json`, or its bron is not to be seen.
    """
    folder = folder.absolute()
    if not (folder / manifests.FILE).exists():
        raise CheckError(f"{shown(folder.name)} heeft geen {manifests.FILE}: de levering is niet af en wacht")
    bron = bron or (folder.parent.name if folder.parent.name in contracts.BRONNEN else _told(folder))
    if bron not in contracts.BRONNEN:
        raise CheckError(f"van {shown(folder.name)} is de bron niet te zien; geef --bron {'|'.join(contracts.BRONNEN)}")
    ledger = Ledger(Lake(settings.lake), bron)
    known = ledger.find(manifests.known_as(folder.name), manifests.fingerprint(folder))
    if known:
        return Checked(folder.name, known, True, _rejected(known, Lake(settings.lake)))
    return _judge(settings, folder, bron, ledger)


def check_files(settings: Settings, bron: str | None, files: Sequence[str], aard: str | None, kennisdatum: datetime) -> Checked:
    """Check loose files, as `leerplicht deliver` would deliver them.

    Args:
        settings: Where the lake is, and the thresholds.
        bron: Whose they are; without it the file names say so.
        files: As for `deliver`.
        aard: `volledig` or `mutatie`; without it what the bron usually delivers.
        kennisdatum: When the source made them.

    Raises:
        CheckError: The bron is not to be seen.
        DeliveryError: The files cannot even be offered.
        Refusal: A file cannot be counted: so it would be refused.
    """
    bron = bron or _bron_of(files)
    aard = aard or (contracts.load(bron).usual_kind if bron in contracts.BRONNEN else "")
    with tempfile.TemporaryDirectory(prefix="leerplicht-") as outside:
        made = delivering.rehearse(settings, bron, files, aard, kennisdatum, Path(outside))
        checked = _judge(settings, made, bron, Ledger(Lake(settings.lake), bron))
    return Checked(", ".join(shown(Path(file).name) for file in files), checked.entry, False, checked.rejected)


def _judge(settings: Settings, folder: Path, bron: str, ledger: Ledger) -> Checked:
    lake = Lake(settings.lake)
    with tempfile.TemporaryDirectory(prefix="leerplicht-") as outside, ReadingProcess(settings) as reader:
        into = Lake(Path(outside))
        judge = Judge(settings, lake, into, ledger, _key(settings, lake), "proef", reader)
        entry = judge.judge(folder, bron, manifests.fingerprint(folder))
        return Checked(folder.name, entry, False, _rejected(entry, into, lake))


def _key(settings: Settings, lake: Lake) -> bytes:
    """The lake's key if it has one; otherwise one for the moment, as this makes nothing."""
    if settings.key_file.exists() and lake.key_check.exists():
        return load_key(settings.key_file, lake)
    return secrets.token_bytes(KEY_BYTES)


def _rejected(entry: LedgerEntry, *lakes: Lake) -> dict[str, list[dict[str, Any]]]:
    """The rejected rows, from the first of some lakes that has them; a lake may have been cleared of them."""
    found = {}
    for entity in entry.entiteiten:
        paths = [lake.quarantine / entity.quarantaine for lake in lakes if entity.quarantaine]
        path = next((path for path in paths if path.exists()), None)
        found[entity.entiteit] = pq.read_table(path).to_pylist() if path else []
    return found


def _told(folder: Path) -> str | None:
    """The bron that a manifest gives, if it is valid."""
    for bron in contracts.BRONNEN:
        try:
            return manifests.load(folder, bron).bron
        except Refusal:
            continue
    return None


def _bron_of(files: Sequence[str]) -> str:
    stems = {Path(entity.file).stem: bron for bron in contracts.BRONNEN for entity in contracts.load(bron).entities.values()}
    names = {name: bron for bron in contracts.BRONNEN for name in contracts.load(bron).entities}
    found = {names.get(file.partition("=")[0]) or stems.get(Path(file.partition("#")[0]).stem.lower()) for file in files}
    if len(found) != 1 or None in found:
        raise CheckError(f"aan deze namen is de bron niet te zien; geef --bron {'|'.join(contracts.BRONNEN)}")
    return str(found.pop())
