"""The rows of deliveries in the lake: the name of their file, when earlier ones serve again, and moving them there.

Put here: those files. Keep out: the verdict on a delivery (`verdict.py`), and writing the rows that were read (`rows.py`).
"""

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from expectations import contract as contracts
from orchestration.deliveries.ledger import Ledger, LedgerEntity
from orchestration.deliveries.manifest import Manifest
from orchestration.deliveries.parse import FileResult, local_time
from orchestration.deliveries.pseudonym import Mark, fingerprint
from orchestration.deliveries.reasons import Refusal
from orchestration.lake import Lake
from orchestration.lake.files import digest, make_private, sync_folder

READING = 5  # raise it when the same file would be read to other rows: then earlier rows are not reused
KEY_LENGTH = 40


@dataclass(frozen=True)
class Stored:
    """The rows of the deliveries of one bron.

    Args:
        lake: The lake whose rows can be reused.
        into: The lake that new rows are written to.
        ledger: The earlier deliveries.
        key: The secret key of the pseudonyms.
        barred: The marks of erased persons, whose rows are left out.
    """

    lake: Lake
    into: Lake
    ledger: Ledger
    key: bytes
    barred: tuple[Mark, ...]

    def reusable(self, manifest: Manifest, entiteit: str) -> tuple[tuple[FileResult, ...], LedgerEntity] | None:
        """Return the result of an earlier delivery with the same files, if reading them again would give the same rows.

        Rows rejected for a date too far ahead may be valid at a later kennisdatum, so these are read again.
        """
        files = manifest.of_entity(entiteit)
        for entry in reversed(self.ledger.accepted()):
            found, instant = entry.entity(entiteit), entry.instant
            if not found or not instant or instant > manifest.instant or "datum_buiten_bereik" in found.afgewezen_per_code:
                continue
            counted = {(f.naam, f.blad, f.sha256): f.rijen for f in entry.bestanden if f.entiteit == entiteit}
            if set(counted) != {(f.naam, f.blad, f.sha256) for f in files}:
                continue
            name = self._name(manifest, entiteit, instant)
            if not (found.rijen or found.quarantaine) or any(path not in (None, name) for path in (found.rijen, found.quarantaine)):
                continue
            if (found.rijen and not (self.lake.rows / name).exists()) or (found.quarantaine and not (self.lake.quarantine / name).exists()):
                continue
            results = tuple(FileResult(f, counted[f.naam, f.blad, f.sha256], None) for f in files)
            return results, found.model_copy(update={"bekend": None, "eindigt": None})
        return None

    def store(
        self,
        manifest: Manifest,
        parsed: Iterable[LedgerEntity],
        reused: Iterable[LedgerEntity],
        staging: Path,
        refusal: Refusal | None,
    ) -> tuple[LedgerEntity, ...]:
        """Move rows and quarantine into the lake; of a refused delivery the quarantine only.

        Args:
            manifest: Of the delivery.
            parsed: The entiteiten that were read.
            reused: Those of which an earlier delivery has the rows.
            staging: The folder with what was read.
            refusal: Why the delivery is refused, if it is.

        Returns:
            All of them, in the order of the manifest, with the names and hashes of their files.
        """
        no_rows: dict[str, None] = {"rijen": None, "rijen_sha256": None}
        stored = [entity if refusal is None else entity.model_copy(update=no_rows) for entity in reused]
        for entity in parsed:
            name = self._name(manifest, entity.entiteit, manifest.instant)
            rows, quarantine = (staging / file if file else None for file in (entity.rijen, entity.quarantaine))
            kept = self._moved(rows, "rijen", name) if rows and refusal is None else no_rows
            rejected = self._moved(quarantine, "quarantaine", name) if quarantine else {}
            stored.append(entity.model_copy(update={**kept, **rejected}))
        return tuple(sorted(stored, key=lambda entity: manifest.entities.index(entity.entiteit)))

    def _moved(self, staged: Path, kind: Literal["rijen", "quarantaine"], name: str) -> dict[str, str]:
        """Move a staged file into its zone of the lake; return the fields of the ledger that name it.

        A file of that name has the same rows. If the ledger has its hash it stays: another version of a library may write other bytes.
        """
        target = (self.into.rows if kind == "rijen" else self.into.quarantine) / name
        known = {getattr(one, f"{kind}_sha256") for entry in self.ledger.entries for one in entry.entiteiten if getattr(one, kind) == name}
        if known and target.is_file() and (there := digest(target)) in known:
            return {kind: name, f"{kind}_sha256": there}
        moved = {kind: name, f"{kind}_sha256": digest(staged)}
        move(staged, target)
        return moved

    def _name(self, manifest: Manifest, entiteit: str, instant: datetime) -> str:
        """Return the file name of rows in the lake: it contains a hash of everything that the rows depend on."""
        bron, day = manifest.bron, local_time(instant).date().isoformat()
        about = [READING, contracts.load(bron).fingerprint, fingerprint(self.key), bron, entiteit, day, *sorted(self.barred)]
        parts = sorted([file.naam, file.blad or "", file.sha256] for file in manifest.of_entity(entiteit))
        return f"{bron}/{entiteit}/{hashlib.sha256(json.dumps([about, parts]).encode()).hexdigest()[:KEY_LENGTH]}.parquet"


def move(staged: Path, target: Path) -> None:
    """Atomically move a staged file of rows to its place in the lake, `<zone>/<bron>/<entiteit>/<name>`."""
    for folder in (target.parents[2], target.parents[1], target.parent):
        make_private(folder)
    staged.chmod(0o600)
    with staged.open("rb") as file:
        os.fsync(file.fileno())
    staged.replace(target)
    sync_folder(target.parent)
