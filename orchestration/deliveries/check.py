"""Check a delivery: the verdict that `ingest` would give, without a change in the lake.

Put here: judging a folder or loose files outside the lake. Keep out: the verdict itself (`verdict.py`) and printing (`console.py`).
"""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from expectations import contract as contracts
from orchestration import parquet_file, unfinished
from orchestration.deliveries import manifest as manifests
from orchestration.deliveries import postponed
from orchestration.deliveries.deliver import as_delivered
from orchestration.deliveries.ledger import Ledger, LedgerEntry
from orchestration.deliveries.names import source_of
from orchestration.deliveries.process import ReadingProcess
from orchestration.deliveries.pseudonym import KEY_BYTES, load_key
from orchestration.deliveries.quarantine import SHOWN
from orchestration.deliveries.reasons import Refusal
from orchestration.deliveries.verdict import Judge
from orchestration.errors import LeerplichtError
from orchestration.lake import Lake
from orchestration.scrub import safe_text
from orchestration.settings import Settings


class CheckError(LeerplichtError):
    """A folder or file that cannot be checked; the message is one Dutch sentence."""


@dataclass(frozen=True)
class Checked:
    """A checked delivery.

    Args:
        name: The names of the folder or files.
        entry: The entry that it would get, or has in the ledger.
        on_record: Whether the entry is in the ledger.
        rejected: The rejected rows per entiteit, with the fields of the quarantine.
        postponed: Why the last night postponed it; empty if it did not.
    """

    name: str
    entry: LedgerEntry
    on_record: bool
    rejected: dict[str, list[dict[str, Any]]]
    postponed: str = ""


def check_folder(settings: Settings, folder: Path, bron: str | None = None) -> Checked:
    """Check a delivery folder, in landing or anywhere else.

    Args:
        settings: The lake, the key file and the thresholds.
        folder: The delivery.
        bron: Its bron; by default the name of the parent folder, or else the bron in the manifest.

    Raises:
        CheckError: It has no `levering.json`, or its bron is unknown.
        Postponed: It cannot be read now.
    """
    folder = folder.absolute()
    if not (folder / manifests.FILE).exists():
        raise CheckError(f"{safe_text(folder.name)} heeft geen {manifests.FILE}: de levering is niet af en wacht")
    bron = bron or (folder.parent.name if folder.parent.name in contracts.BRONNEN else _bron_in_manifest(folder))
    if bron not in contracts.BRONNEN:
        raise CheckError(f"van {safe_text(folder.name)} is de bron niet te zien; geef --bron {'|'.join(contracts.BRONNEN)}")
    ledger = Ledger(Lake(settings.lake), bron)
    known = ledger.find(manifests.ledger_name(folder.name), manifests.fingerprint(folder))
    if known:
        return Checked(manifests.ledger_name(folder.name), known, True, _rejected(known, Lake(settings.lake)))
    with _judging(settings, bron, {}) as judge:
        entry = judge.judge(folder, bron, manifests.fingerprint(folder))
        rejected = _rejected(entry, judge.into, judge.lake)
    late = (one.reden for one in postponed.read(Lake(settings.lake), bron) if one.levering == entry.levering)
    return Checked(manifests.ledger_name(folder.name), entry, False, rejected, next(late, ""))


def check_files(settings: Settings, bron: str | None, files: Sequence[str], aard: str | None, kennisdatum: datetime) -> Checked:
    """Check loose files, as `leerplicht deliver` would deliver them.

    Args:
        settings: The lake, the key file and the thresholds.
        bron: Their bron; by default derived from the file names.
        files: As for `deliver`.
        aard: `volledig` or `mutatie`; by default the usual one of the bron.
        kennisdatum: When the source made them.

    Raises:
        CheckError: The bron is unknown.
        DeliveryError: The files cannot be made a delivery.
        Refusal: A file is unreadable, so the delivery would be refused.
    """
    bron = bron or _bron_of(files)
    aard = aard or (contracts.load(bron).usual_kind if bron in contracts.BRONNEN else "")
    manifest, paths = as_delivered(settings, bron, files, aard, kennisdatum, "proef")
    with _judging(settings, bron, paths) as judge:
        entry = judge.judge_listed(Path(), manifest, "")
        rejected = _rejected(entry, judge.into, judge.lake)
    return Checked(", ".join(safe_text(Path(file).name) for file in files), entry, False, rejected)


@contextmanager
def _judging(settings: Settings, bron: str, loose: Mapping[str, Path]) -> Iterator[Judge]:
    """Return a judge that writes to a temporary lake.

    Only rows as they would be in the lake are written there. A delivered file is read where it is: a copy of it would be left by a kill.
    """
    lake = Lake(settings.lake)
    with unfinished.outside() as folder, ReadingProcess(settings) as reader:
        yield Judge(settings, lake, Lake(folder), Ledger(lake, bron), _key(settings, lake), "proef", reader.read, loose)


def _key(settings: Settings, lake: Lake) -> bytes:
    """Return the key of the lake, or a temporary one if it has none yet."""
    if settings.key_file.exists() and lake.key_check.exists():
        return load_key(settings.key_file, lake)
    return secrets.token_bytes(KEY_BYTES)


def _rejected(entry: LedgerEntry, *lakes: Lake) -> dict[str, list[dict[str, Any]]]:
    """Return the rejected rows per entiteit, from the first lake that has them; none if the quarantine was cleared."""
    found = {}
    for entity in entry.entiteiten:
        paths = [lake.quarantine / entity.quarantaine for lake in lakes if entity.quarantaine]
        path = next((path for path in paths if path.exists()), None)
        found[entity.entiteit] = parquet_file.read(path).select(SHOWN).to_pylist() if path else []
    return found


def _bron_in_manifest(folder: Path) -> str | None:
    """Return the bron in the manifest, if that is valid."""
    for bron in contracts.BRONNEN:
        try:
            return manifests.load(folder, bron).bron
        except Refusal:
            continue
    return None


def _bron_of(files: Sequence[str]) -> str:
    names = {name: bron for bron in contracts.BRONNEN for name in contracts.load(bron).entities}
    found = {names.get(file.partition("=")[0]) or source_of(Path(file.partition("#")[0]).name) for file in files}
    if len(found) != 1 or None in found:
        raise CheckError(
            f"aan deze namen is de bron niet te zien; geef --bron {'|'.join(contracts.BRONNEN)}, of zeg wat erin staat: "
            f"{contracts.BRONNEN[1]} levert bijvoorbeeld {next(iter(contracts.load(contracts.BRONNEN[1]).entities))}=bestand.csv"
        )
    return str(found.pop())
