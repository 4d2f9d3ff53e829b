"""The verdict on one delivery: accepted, refused or repeated, given once.

Put here: everything that is judged of a delivery as a whole, and which of several faults counts. Keep out: what is wrong with a row
(`checks.py`), and the order in which deliveries are taken (`ingest.py`).
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

from expectations import contract as contracts
from orchestration.deliveries import manifest as manifests
from orchestration.deliveries.ledger import Acceptance, Ledger, LedgerEntity, LedgerEntry, LedgerFile, Oordeel
from orchestration.deliveries.manifest import ListedFile, Manifest
from orchestration.deliveries.parse import EntityResult, FileResult, Order, Parsed, local_day
from orchestration.deliveries.process import Reader
from orchestration.deliveries.pseudonym import fingerprint
from orchestration.deliveries.reasons import Refusal, shown
from orchestration.lake import Lake, make_private, remove, sync_folder
from orchestration.settings import Settings

READING = 2  # goes up when the same file would give other rows: then earlier rows are not reused
KEY_LENGTH = 40


@dataclass(frozen=True)
class _Outcome:
    """What reading found, part of it perhaps known from an earlier delivery."""

    files: tuple[FileResult, ...]
    parsed: tuple[EntityResult, ...]
    reused: tuple[LedgerEntity, ...]


@dataclass(frozen=True)
class Judge:
    """Gives verdicts on the deliveries of one bron.

    Args:
        settings: The thresholds.
        lake: Where rows are that can be reused.
        into: Where new rows go: the same lake, or another one when it is only asked what would happen.
        ledger: What was seen before.
        key: The secret key of the pseudonyms.
        run: The run that gives the verdict.
        reader: Reads files.
    """

    settings: Settings
    lake: Lake
    into: Lake
    ledger: Ledger
    key: bytes
    run: str
    reader: Reader

    def judge(self, folder: Path, bron: str, manifest_sha256: str, accepted: Acceptance | None = None) -> LedgerEntry:
        """Judge a delivery; its rows are in the lake when this returns, and count when the entry is committed.

        Args:
            folder: The delivery.
            bron: The bron in whose folder it lies.
            manifest_sha256: The hash of its manifest.
            accepted: Given when a person takes it in spite of the volume rule.
        """
        try:
            manifest = manifests.load(folder, bron)
        except Refusal as invalid:
            return self._entry(bron, manifests.known_as(folder.name), None, manifest_sha256, "geweigerd", invalid, ())
        faults = manifests.find_faults(folder, manifest, self.settings.max_file_bytes)
        if reused := self._claimed_name(manifest):
            faults.append(reused)
        if not faults and (earlier := self._repeated(manifest)):
            same = Refusal("", f"dezelfde levering als {earlier.levering}")
            return self._entry(bron, folder.name, manifest, manifest_sha256, "herhaald", same, ())
        staging = Path(tempfile.mkdtemp(prefix=".lezen-", dir=make_private(self.into.rows / bron)))
        try:
            entities, refusal = self._read(folder, manifest, faults, staging, holds_volume=accepted is None)
        finally:
            remove(staging)
        if refusal:
            return self._entry(bron, folder.name, manifest, manifest_sha256, "geweigerd", refusal, entities)
        return self._entry(bron, folder.name, manifest, manifest_sha256, "geaccepteerd", None, entities, accepted)

    def _read(
        self, folder: Path, manifest: Manifest, faults: list[Refusal], staging: Path, *, holds_volume: bool
    ) -> tuple[tuple[LedgerEntity, ...], Refusal | None]:
        """Read the files and find the fault that counts.

        Returns:
            What became of each entiteit, and the refusal if there is one.
        """
        if any(fault.code == "hash_wijkt_af" for fault in faults):
            # a file that is not what it says is not read: it is only counted, as an empty delivery comes before that
            outcome = _Outcome((), (), ())
            files = self._order(folder, manifest, manifest.entities, None).files if manifest.aard == "volledig" else ()
        else:
            outcome = self._outcome(folder, manifest, staging)
            files = outcome.files
        faults = [*faults, *_file_faults(outcome.files)]
        if manifest.aard == "volledig" and all(result.rijen == 0 for result in files):
            faults.append(Refusal("levering_leeg", "geen enkel bestand heeft een rij, en de levering is volledig"))
        whole = not faults or {fault.code for fault in faults} == {"naam_hergebruikt"}
        if whole:
            faults += self._count_faults(manifest, outcome, holds_volume=holds_volume)
        refusal = min(faults, key=lambda fault: fault.rank, default=None)
        if not whole:
            return (), refusal
        return self._settle(manifest, outcome, refusal), refusal

    def _order(self, folder: Path, manifest: Manifest, entities: tuple[str, ...], out: Path | None) -> Parsed:
        """Have some entiteiten read, or only counted when there is nowhere for the rows to go."""
        return self.reader.read(
            Order(
                folder=folder,
                contract=contracts.load(manifest.bron),
                entities=entities,
                files=tuple(file for name in entities for file in manifest.of_entity(name)),
                instant=manifest.instant,
                key=self.key,
                out=out,
                max_bytes=self.settings.max_file_bytes,
            )
        )

    def _outcome(self, folder: Path, manifest: Manifest, staging: Path) -> _Outcome:
        known = {name: found for name in manifest.entities if (found := self._reusable(manifest, name))}
        fresh = tuple(name for name in manifest.entities if name not in known)
        parsed = self._order(folder, manifest, fresh, staging)
        files = [result for result, _ in known.values()]
        return _Outcome(
            files=(*parsed.files, *(result for results in files for result in results)),
            parsed=parsed.entities,
            reused=tuple(entity for _, entity in known.values()),
        )

    def _reusable(self, manifest: Manifest, entiteit: str) -> tuple[tuple[FileResult, ...], LedgerEntity] | None:
        """Rows of an earlier delivery that reading these files again would give: the same files, and no date that was too far ahead."""
        files = manifest.of_entity(entiteit)
        for entry in reversed(self.ledger.accepted()):
            found, instant = entry.entity(entiteit), entry.instant
            if not found or not instant or instant > manifest.instant or "datum_buiten_bereik" in found.afgewezen_per_code:
                continue
            counted = {(f.naam, f.blad, f.sha256): f.rijen for f in entry.bestanden if f.entiteit == entiteit}
            if set(counted) != {(f.naam, f.blad, f.sha256) for f in files}:
                continue
            name = f"{manifest.bron}/{entiteit}/{self._rows_key(manifest.bron, entiteit, files, instant)}.parquet"
            if not (found.rijen or found.quarantaine) or any(path not in (None, name) for path in (found.rijen, found.quarantaine)):
                continue
            if (found.rijen and not (self.lake.rows / name).exists()) or (found.quarantaine and not (self.lake.quarantine / name).exists()):
                continue
            return tuple(FileResult(f, counted[f.naam, f.blad, f.sha256], 0, None) for f in files), found
        return None

    def _rows_key(self, bron: str, entiteit: str, files: Iterable[ListedFile], instant: datetime) -> str:
        """Everything that decides what the rows of an entiteit are."""
        day = local_day(instant).date().isoformat()
        about = [READING, contracts.load(bron).fingerprint, fingerprint(self.key), bron, entiteit, day]
        parts = sorted([file.naam, file.blad or "", file.sha256] for file in files)
        return hashlib.sha256(json.dumps([about, parts]).encode()).hexdigest()[:KEY_LENGTH]

    def _claimed_name(self, manifest: Manifest) -> Refusal | None:
        mine = (manifest.content, manifest.instant, manifest.aard)
        for entry in self.ledger.entries:
            came_first = entry.levering == manifest.levering and entry.kennisdatum and entry.code != "naam_hergebruikt"
            if came_first and (entry.sha256, entry.instant, entry.aard) != mine:
                return Refusal("naam_hergebruikt", f"onder de naam {manifest.levering} is eerder een andere levering gezien")
        return None

    def _repeated(self, manifest: Manifest) -> LedgerEntry | None:
        mine = (manifest.content, manifest.instant, manifest.aard)
        counts = sorted((file.entiteit, file.sha256, file.rijen) for file in manifest.bestanden)
        for entry in self.ledger.accepted():
            same_counts = sorted((file.entiteit, file.sha256, file.rijen) for file in entry.bestanden) == counts
            if same_counts and (entry.sha256, entry.instant, entry.aard) == mine:
                return entry
        return None

    def _count_faults(self, manifest: Manifest, outcome: _Outcome, *, holds_volume: bool) -> list[Refusal]:
        """Too many rows rejected, or far fewer rows than the full register before this one."""
        faults = []
        counts = [(r.entiteit, r.gelezen, sum(r.rejected.values())) for r in outcome.parsed]
        counts += [(r.entiteit, r.gelezen, r.afgewezen) for r in outcome.reused]
        for entiteit, read, rejected in counts:
            if rejected >= self.settings.max_rejected_rows and rejected > _share(self.settings.max_rejected_share, read):
                faults.append(Refusal("te_veel_afgewezen", f"{entiteit}: {rejected} van {read} rijen afgewezen"))
            before = self._rows_before(manifest, entiteit) if holds_volume and manifest.aard == "volledig" else None
            if before and read < _share(self.settings.min_volume_share, before.gelezen):
                faults.append(Refusal("volume_gedaald", f"{entiteit}: {read} rijen, in de vorige volledige levering {before.gelezen}"))
        return faults

    def _rows_before(self, manifest: Manifest, entiteit: str) -> LedgerEntity | None:
        """The entiteit in the last accepted full register before this one, by (kennisdatum, levering)."""
        mine = (manifest.instant, manifest.levering)
        for entry in reversed(self.ledger.accepted()):
            earlier = entry.aard == "volledig" and entry.instant and (entry.instant, entry.levering) < mine
            if earlier and (found := entry.entity(entiteit)):
                return found
        return None

    def _settle(self, manifest: Manifest, outcome: _Outcome, refusal: Refusal | None) -> tuple[LedgerEntity, ...]:
        """Put rows and quarantine where they belong; of a refused delivery only the quarantine, as a record of what was wrong."""
        settled = [entity if refusal is None else entity.model_copy(update={"rijen": None}) for entity in outcome.reused]
        for result in outcome.parsed:
            key = self._rows_key(manifest.bron, result.entiteit, manifest.of_entity(result.entiteit), manifest.instant)
            name = f"{manifest.bron}/{result.entiteit}/{key}.parquet"
            settled.append(
                LedgerEntity(
                    entiteit=result.entiteit,
                    gelezen=result.gelezen,
                    geladen=result.geladen,
                    herhaald=result.herhaald,
                    afgewezen=sum(result.rejected.values()),
                    rijen=_move(result.rows, self.into.rows, name) if refusal is None else None,
                    quarantaine=_move(result.quarantine, self.into.quarantine, name),
                    afgewezen_per_code=result.rejected,
                    waarschuwingen={"kolom_onbekend": result.unknown} if result.unknown else {},
                    waarschuwingen_van_rijen=result.warned,
                )
            )
        order = {name: place for place, name in enumerate(manifest.entities)}
        return tuple(sorted(settled, key=lambda entity: order[entity.entiteit]))

    def _entry(
        self,
        bron: str,
        levering: str,
        manifest: Manifest | None,
        manifest_sha256: str,
        oordeel: Oordeel,
        reason: Refusal | None,
        entities: tuple[LedgerEntity, ...],
        accepted: Acceptance | None = None,
    ) -> LedgerEntry:
        return LedgerEntry(
            bron=bron,
            levering=levering,
            kennisdatum=manifest.kennisdatum if manifest else None,
            aard=manifest.aard if manifest else None,
            oordeel=oordeel,
            code=reason.code if reason else "",
            reden=reason.reden if reason else "",
            sha256=manifest.content if manifest else "",
            manifest_sha256=manifest_sha256,
            bestanden=tuple(LedgerFile(**file.model_dump()) for file in manifest.bestanden) if manifest else (),
            entiteiten=entities,
            gezien=datetime.now(UTC).isoformat(timespec="seconds"),
            run=self.run,
            aanvaard=accepted,
        )


def _file_faults(files: Iterable[FileResult]) -> list[Refusal]:
    faults = []
    for result in files:
        if result.rijen is not None and result.rijen != result.file.rijen:
            told = f"{shown(result.file.naam)} heeft {result.rijen} records, volgens levering.json {result.file.rijen}"
            faults.append(Refusal("rijen_wijken_af", told))
        if result.fault:
            faults.append(result.fault)
    return faults


def _share(share: float, rows: int) -> Fraction:
    """A share of some rows, as it was written: 0.29 of 100 is 29, not 28.999999999999996."""
    return Fraction(str(share)) * rows


def _move(staged: Path | None, zone: Path, name: str) -> str | None:
    """Bring a staged file to its place, private and durable; its name says its content, so one that is there is the same."""
    if staged is None:
        return None
    target = zone / name
    make_private(zone)
    make_private(target.parent.parent)
    make_private(target.parent)
    staged.chmod(0o600)
    with staged.open("rb") as file:
        os.fsync(file.fileno())
    staged.replace(target)
    sync_folder(target.parent)
    return name
