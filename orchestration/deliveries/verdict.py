"""The verdict on one delivery: accepted, refused or repeated.

Put here: rules about a delivery as a whole, and the precedence of its faults. Keep out: faults of a row (`checks.py`), its rows in the lake
(`stored.py`), and the order of deliveries (`ingest.py`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from pathlib import Path

from orchestration import clock, unfinished
from orchestration.deliveries import ending
from orchestration.deliveries import manifest as manifests
from orchestration.deliveries.barred import read as read_barred
from orchestration.deliveries.ledger import Acceptance, Ledger, LedgerEntity, LedgerEntry, LedgerFile, Oordeel
from orchestration.deliveries.manifest import Manifest
from orchestration.deliveries.parallel import is_large, split
from orchestration.deliveries.parse import FileResult, ReadRequest, ReadResult, local_time
from orchestration.deliveries.process import Read
from orchestration.deliveries.pseudonym import Mark
from orchestration.deliveries.reasons import Postponed, Refusal, postponing
from orchestration.deliveries.stored import Stored
from orchestration.lake import Lake
from orchestration.lake.files import make_private, remove
from orchestration.scrub import safe_text
from orchestration.settings import Settings

MISNAMED = ("naam_hergebruikt", "kennisdatum_in_toekomst")  # entries that do not claim their name: the corrected delivery may have it


@dataclass(frozen=True)
class _Outcome:
    """The results of reading; those of unchanged files are reused from an earlier delivery."""

    files: tuple[FileResult, ...]
    parsed: tuple[LedgerEntity, ...]
    reused: tuple[LedgerEntity, ...]


@dataclass(frozen=True)
class Judge:
    """Judges the deliveries of one bron.

    Args:
        settings: The thresholds.
        lake: The lake whose rows can be reused.
        into: The lake that new rows are written to: the same one, or a temporary one for `check`.
        ledger: The earlier deliveries.
        key: The secret key of the pseudonyms.
        run: The id of the run.
        read: Reads files.
        loose: The paths of files that are no delivery yet, by name; empty for deliveries.
    """

    settings: Settings
    lake: Lake
    into: Lake
    ledger: Ledger
    key: bytes
    run: str
    read: Read
    loose: Mapping[str, Path] = field(default_factory=dict)

    @cached_property
    def barred(self) -> tuple[Mark, ...]:
        """The marks of erased persons, whose rows are left out."""
        return tuple(one.mark for one in read_barred(self.lake))

    @cached_property
    def _stored(self) -> Stored:
        return Stored(self.lake, self.into, self.ledger, self.key, self.barred)

    def judge(self, folder: Path, bron: str, manifest_sha256: str, accepted: Acceptance | None = None) -> LedgerEntry:
        """Judge a delivery and write its rows to the lake; they are used once the entry is committed.

        Args:
            folder: The delivery.
            bron: The bron whose folder it is in.
            manifest_sha256: The hash of its manifest.
            accepted: A person's decision to accept it, which overrides the volume rule.

        Returns:
            The entry, not yet committed.

        Raises:
            Postponed: The delivery cannot be judged now.
        """
        try:
            manifest = manifests.load(folder, bron)
        except Refusal as invalid:
            return self._entry(bron, manifests.ledger_name(folder.name), None, manifest_sha256, "geweigerd", invalid, ())
        return self.judge_listed(folder, manifest, manifest_sha256, accepted)

    def judge_listed(self, folder: Path, manifest: Manifest, manifest_sha256: str, accepted: Acceptance | None = None) -> LedgerEntry:
        """Judge a delivery, or loose files, with a valid manifest; otherwise as `judge`."""
        bron, levering = manifest.bron, manifest.levering
        faults = self._compare(folder, manifest)
        if not faults and (earlier := self._find_repeated(manifest)):
            same = Refusal("", f"dezelfde levering als {earlier.levering}")
            return self._entry(bron, levering, manifest, manifest_sha256, "herhaald", same, ())
        staging = unfinished.folder(make_private(self.into.rows / bron), "lezen")
        try:
            entities, refusal = self._read_files(folder, manifest, faults, staging, checks_volume=accepted is None)
        finally:
            remove(staging)
        if refusal:
            return self._entry(bron, levering, manifest, manifest_sha256, "geweigerd", refusal, entities)
        return self._entry(bron, levering, manifest, manifest_sha256, "geaccepteerd", None, entities, accepted)

    def expected(self, folder: Path, bron: str, out: Path) -> list[ReadRequest]:
        """Return what judging a large delivery will ask to read as far as can be told now, by entiteit; nothing if it may ask nothing.

        Args:
            folder: The delivery.
            bron: The bron whose folder it is in.
            out: Where the rows may be written, each entiteit in a folder of its own.
        """
        try:
            with postponing():
                manifest = manifests.load(folder, bron)
        except (Refusal, Postponed):
            return []
        if self._find_repeated(manifest):
            return []
        fresh = tuple(name for name in manifest.entities if not self._stored.reusable(manifest, name))
        request = ReadRequest.of(folder, manifest, fresh, out, self.key, self.settings.max_file_bytes, self.barred)
        return [replace(part, out=make_private(out / part.entities[0])) for part in split(request)] if is_large(request) else []

    def read_again(self, folder: Path, entry: LedgerEntry) -> LedgerEntry:
        """Read a delivery of the ledger by the rules of now, and write its rows to the lake; its verdict stays as it was.

        Args:
            folder: The delivery, as it was judged.
            entry: Its entry.

        Returns:
            Its entry with the new rows, not yet committed.

        Raises:
            Refusal: It is not as it was judged.
            Postponed: It cannot be read now.
        """
        manifest = manifests.load(folder, entry.bron)
        if faults := manifests.find_faults(folder, manifest, self.settings.max_file_bytes, self.loose):
            raise faults[0]
        names = tuple(entity.entiteit for entity in entry.entiteiten)
        staging = unfinished.folder(make_private(self.into.rows / entry.bron), "lezen")
        try:
            read = self._request(folder, manifest, names, staging)
            if found := _file_faults(read.files):
                raise found[0]
            outcome = _Outcome(read.files, read.entities, ())
            outcome = self._with_endings(manifest, outcome, staging) if manifest.aard == "volledig" else outcome
            outcome = self._with_lost_columns(manifest, outcome)
            refusal = Refusal(entry.code, entry.reden) if entry.oordeel == "geweigerd" else None
            return entry.model_copy(update={"entiteiten": self._stored.store(manifest, outcome.parsed, outcome.reused, staging, refusal)})
        finally:
            remove(staging)

    def _read_files(
        self, folder: Path, manifest: Manifest, faults: list[Refusal], staging: Path, *, checks_volume: bool
    ) -> tuple[tuple[LedgerEntity, ...], Refusal | None]:
        """Read the files; return the result of each entiteit, and the fault of the highest precedence if there is one."""
        if any(fault.code == "hash_wijkt_af" for fault in faults):
            # a file with another hash is only counted, because `levering_leeg` has precedence over that fault
            outcome = _Outcome((), (), ())
            files = self._request(folder, manifest, manifest.entities, None).files if manifest.aard == "volledig" else ()
        else:
            outcome = self._outcome(folder, manifest, staging)
            files = outcome.files
        found = _file_faults(outcome.files)
        if found:
            self._check_unchanged(folder, manifest, faults, found)
        faults = [*faults, *found]
        if manifest.aard == "volledig" and all(result.rijen == 0 for result in files):
            faults.append(Refusal("levering_leeg", "geen enkel bestand heeft een rij, en de levering is volledig"))
        whole = not faults or {fault.code for fault in faults} == {"naam_hergebruikt"}
        if whole:
            outcome = self._with_endings(manifest, outcome, staging) if manifest.aard == "volledig" else outcome
            outcome = self._with_lost_columns(manifest, outcome)
            faults += self._count_faults(manifest, outcome, overridden=not checks_volume)
        refusal = min(faults, key=lambda fault: fault.rank, default=None)
        if not whole:
            return (), refusal
        return self._stored.store(manifest, outcome.parsed, outcome.reused, staging, refusal), refusal

    def _request(self, folder: Path, manifest: Manifest, entities: tuple[str, ...], out: Path | None) -> ReadResult:
        """Read some entiteiten into a folder; without a folder count their records only."""
        request = ReadRequest.of(folder, manifest, entities, out, self.key, self.settings.max_file_bytes, self.barred)
        request = replace(request, loose=self.loose)
        with postponing():
            return self.read(request)

    def _check_unchanged(self, folder: Path, manifest: Manifest, compared: list[Refusal], found: list[Refusal]) -> None:
        """Check that the folder is still the one that was compared; otherwise what reading found is no fault of the delivery.

        Args:
            folder: The delivery.
            manifest: Its manifest.
            compared: The faults of the comparison.
            found: The faults that reading found.

        Raises:
            Postponed: A file vanished or changed, or cannot be read now.
        """
        before, again = ({fault.reden for fault in faults} for faults in (compared, self._compare(folder, manifest)))
        vanished = any(fault.code == "bestand_ontbreekt" and fault.reden not in before for fault in found)
        if vanished or again != before:
            raise Postponed("een bestand verdween of veranderde terwijl het werd gelezen")

    def _compare(self, folder: Path, manifest: Manifest) -> list[Refusal]:
        faults = manifests.find_faults(folder, manifest, self.settings.max_file_bytes, self.loose)
        return faults + [fault for fault in (self._future_fault(manifest), self._name_fault(manifest)) if fault]

    def _future_fault(self, manifest: Manifest) -> Refusal | None:
        """Return the fault of a kennisdatum ahead of the clock, if it is.

        Raises:
            Postponed: The clock was set back: an earlier delivery was judged later than it is now.
        """
        fault = manifests.future_fault(manifest.instant)
        if fault is None:
            return None
        last = max((entry.seen for entry in self.ledger.entries), default=clock.now())
        if last > clock.now():
            raise Postponed(f"de klok van deze machine staat achter: op {local_time(last):%d-%m-%Y} is hier al een levering beoordeeld")
        return fault

    def _outcome(self, folder: Path, manifest: Manifest, staging: Path) -> _Outcome:
        known = {name: found for name in manifest.entities if (found := self._stored.reusable(manifest, name))}
        fresh = tuple(name for name in manifest.entities if name not in known)
        parsed = self._request(folder, manifest, fresh, staging)
        files = [result for result, _ in known.values()]
        return _Outcome(
            files=(*parsed.files, *(result for results in files for result in results)),
            parsed=parsed.entities,
            reused=tuple(entity for _, entity in known.values()),
        )

    def _name_fault(self, manifest: Manifest) -> Refusal | None:
        for entry in self.ledger.entries:
            same_name = entry.levering == manifest.levering and entry.kennisdatum and entry.code not in MISNAMED
            if same_name and not _same(entry, manifest):
                return Refusal("naam_hergebruikt", f"onder de naam {manifest.levering} is eerder een andere levering gezien")
        return None

    def _find_repeated(self, manifest: Manifest) -> LedgerEntry | None:
        counts = sorted((file.entiteit, file.sha256, file.rijen) for file in manifest.bestanden)
        for entry in self.ledger.accepted():
            if _same(entry, manifest) and counts == sorted((file.entiteit, file.sha256, file.rijen) for file in entry.bestanden):
                return entry
        return None

    def _with_endings(self, manifest: Manifest, outcome: _Outcome, staging: Path) -> _Outcome:
        """Count of each entiteit of a full register how many of the known records end."""
        mine = (manifest.instant, manifest.levering)
        earlier = [entry for entry in self.ledger.accepted() if entry.instant and (entry.instant, entry.levering) < mine]

        def counted(entity: LedgerEntity, rows: Path, quarantine: Path) -> LedgerEntity:
            register = [zone / name for zone, name in ((rows, entity.rijen), (quarantine, entity.quarantaine)) if name]
            found = ending.compare(self.lake, earlier, entity.entiteit, register)
            return entity.model_copy(update={"bekend": found.known, "eindigt": found.ends})

        return replace(
            outcome,
            parsed=tuple(counted(entity, staging, staging) for entity in outcome.parsed),
            reused=tuple(counted(entity, self.lake.rows, self.lake.quarantine) for entity in outcome.reused),
        )

    def _with_lost_columns(self, manifest: Manifest, outcome: _Outcome) -> _Outcome:
        """Find the columns of the contract that the delivery before this one had, and this one lacks."""
        earlier = [entry for entry in self.ledger.accepted() if entry.instant and entry.instant < manifest.instant]

        def compared(entity: LedgerEntity) -> LedgerEntity:
            before = next((found for entry in reversed(earlier) if (found := entry.entity(entity.entiteit)) and found.kolommen), entity)
            gone = tuple(name for name in before.kolommen if name not in entity.kolommen) if entity.kolommen else ()
            warnings = {code: count for code, count in entity.waarschuwingen.items() if code != "kolom_weg"}
            return entity.model_copy(update={"kolommen_weg": gone, "waarschuwingen": warnings | ({"kolom_weg": len(gone)} if gone else {})})

        return replace(outcome, parsed=tuple(map(compared, outcome.parsed)), reused=tuple(map(compared, outcome.reused)))

    def _count_faults(self, manifest: Manifest, outcome: _Outcome, *, overridden: bool) -> list[Refusal]:
        """Check the number of rejected rows, and what a full register ends or lacks unless a person accepted that."""
        faults = []
        for entity in (*outcome.parsed, *outcome.reused):
            entiteit, read, rejected = entity.entiteit, entity.gelezen, entity.afgewezen
            if rejected >= self.settings.max_rejected_rows and rejected > _share(self.settings.max_rejected_share, read):
                faults.append(Refusal("te_veel_afgewezen", f"{entiteit}: {rejected} van {read} rijen afgewezen"))
            known, ends = entity.bekend or 0, entity.eindigt or 0
            if not overridden and known - ends < _share(self.settings.min_volume_share, known):
                faults.append(Refusal("volume_gedaald", entity.ending))
            if not overridden and manifest.aard == "volledig" and entity.kolommen_weg:
                faults.append(
                    Refusal("kolom_verdwenen", f"{entiteit}: {', '.join(entity.kolommen_weg)} is weg, en was er de vorige keer wel")
                )
        return faults

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
            sha256=manifest.content_sha256 if manifest else "",
            manifest_sha256=manifest_sha256,
            bestanden=tuple(LedgerFile(**file.model_dump()) for file in manifest.bestanden) if manifest else (),
            entiteiten=entities,
            gezien=clock.now().isoformat(timespec="seconds"),
            run=self.run,
            aanvaard=accepted,
        )


def _same(entry: LedgerEntry, manifest: Manifest) -> bool:
    """Return whether an entry is of a delivery with the same files, kennisdatum and aard."""
    return (entry.sha256, entry.instant, entry.aard) == (manifest.content_sha256, manifest.instant, manifest.aard)


def _file_faults(files: Iterable[FileResult]) -> list[Refusal]:
    faults = []
    for result in files:
        if result.rijen is not None and result.rijen != result.file.rijen:
            reden = f"{safe_text(result.file.naam)} heeft {result.rijen} records, volgens levering.json {result.file.rijen}"
            faults.append(Refusal("rijen_wijken_af", reden))
        if result.fault:
            faults.append(result.fault)
    return faults


def _share(share: float, rows: int) -> Fraction:
    """Return an exact share of a number of rows: 0.29 of 100 is 29, not 28.999999999999996."""
    return Fraction(str(share)) * rows
