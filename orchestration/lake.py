"""The layout of the data lake: the only module that defines paths in it.

Put here: paths, who may read which of them, and the file operations that all packages share (replace atomically). Keep out: the contents
of the files.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from orchestration.access import Access, AccessError, enforce, gid, group, user, walk
from orchestration.errors import LeerplichtError
from orchestration.outcome import Afloop
from orchestration.settings import Settings
from orchestration.unfinished import beside, clear_outside, is_left

EMPTY = "leeg.parquet"
PROVENANCE, BIRTH_DATES = "herkomst.duckdb", "geboortedata.duckdb"  # next to a warehouse while it is built
LAYOUT = 2  # raise it when an earlier lake must be changed before this version can use it, with a step in `upgrade.py`
CHANGE_PLAN = "plan.json"
CHANGE_OUTSIDE = "buiten.txt"
LOCKS = Path("/proc/locks")

PRIVATE = Access(0o700, 0o600)
PASSAGE = Access(0o711, 0o600)  # leads to a zone that others read, and does not show what else there is
EVERYBODY = Access(0o755, 0o644)
PASSAGES = ("", "published")


@dataclass(frozen=True)
class Readers:
    """The groups that read a zone, by number; None where only the pipeline does.

    Args:
        analysts: Reads the warehouse.
        intern: Reads the releases `intern`.
    """

    analysts: int | None = None
    intern: int | None = None

    @cached_property
    def zones(self) -> Mapping[str, Access]:
        """The access of everything in the lake, by path: of a file, or of a folder and all below it. The longest path that matches holds.

        Two more rules: what leads to a zone is a passage (`PASSAGES`), and a name that begins with a dot is unfinished, so private.
        """
        analysts = Access.of_group(0o750, 0o440, self.analysts)
        return {
            "landing": PRIVATE,
            "lake": PRIVATE,
            "quarantine": PRIVATE,
            "werk": PRIVATE,
            "auditlog": replace(Access.of_group(0o3730, 0o600, self.analysts), is_shared=True),
            "warehouse": analysts,
            "warehouse/bouw": PRIVATE,
            "warehouse/wisselingen.jsonl": PRIVATE,
            "published": PRIVATE,
            "published/intern": Access.of_group(0o750, 0o640, self.intern),
            "published/intern/bescherming": PRIVATE,
            "published/intern/register.jsonl": PRIVATE,
            "published/openbaar": EVERYBODY,
            "status": Access.of_group(0o750, 0o640, self.intern),
        }

    def access_of(self, place: str) -> Access:
        """Return the access of a path in the lake, which is written from its root."""
        if place in PASSAGES:
            return PASSAGE
        if place.startswith(".") or "/." in place:
            return PRIVATE
        while place and place not in self.zones:
            place = place.rpartition("/")[0]
        return self.zones.get(place, PRIVATE)


class LakeBusyError(LeerplichtError):
    """Another run holds the lake."""

    afloop = Afloop.BEZET

    def __init__(self) -> None:
        super().__init__("er loopt al een nacht op dit meer; wacht tot die klaar is")


class LayoutError(LeerplichtError):
    """The lake is of another version of leerplicht; the message says what to do."""

    afloop = Afloop.INSTELLING


@dataclass(frozen=True)
class Lake:
    """The folders of one data lake.

    Args:
        root: The lake's root; folders are created on first use.
        outputs: Folder of the warehouse, the publication and the work files, if not the root: a look back reads the same lake and must not
            change what readers see.
        run: The run that works on the lake. Its builds have their own paths, so two runs never write the same file.
        moment: The instant of a look back; None for the present.
        readers: The groups that read a zone. Who holds a lake of the settings gets it from `of`, which knows them.
    """

    root: Path
    outputs: Path | None = None
    run: str = "los"
    moment: datetime | None = None
    readers: Readers = Readers()

    @classmethod
    def of(cls, settings: Settings) -> "Lake":
        """Return the lake of a night, with the groups that read it, and separate outputs for a look back (`known_at`)."""
        lake = cls(settings.lake, readers=Readers(gid(settings.group_analysts), gid(settings.group_intern)))
        return lake if settings.known_at is None else lake.as_known_at(settings.known_at)

    def as_known_at(self, moment: datetime) -> "Lake":
        """Return the same lake with the outputs of a look back: one folder per instant, independent of the time zone it is written in."""
        folder = self.looked_back / moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
        return replace(self, outputs=folder, moment=moment)

    def for_run(self, run: str) -> "Lake":
        """Return the same lake with the build and candidate paths of one run."""
        return replace(self, run=run)

    @contextmanager
    def hold(self, *, older: bool = False) -> Iterator[None]:
        """Hold the lake's lock: one run or writing command at a time. The operating system releases it when the process dies.

        Everything in the lake gets its access (`zones`), at the start and at the end.

        Args:
            older: Also hold a lake of an earlier version.

        Raises:
            LayoutError: The lake is of another version.
            LakeBusyError: Another process holds it.
            AccessError: Somebody may read or change what he should not, and this process cannot mend it.
        """
        from filelock import FileLock, Timeout

        self.require_owner()
        self.require_layout(older=older)
        self.lock.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.lock, timeout=0)
        try:
            lock.acquire()
        except Timeout:
            raise LakeBusyError from None
        try:
            self.finish_change()
            self.remove_unfinished()
            self.set_access()
            yield
            self.set_access()
        finally:
            lock.release()

    @property
    def layout(self) -> int | None:
        """The version of its layout; None if nothing was read yet. The first versions did not note it, and count as 1.

        Raises:
            LayoutError: What notes it is damaged.
        """
        try:
            return int(json.loads(self.version.read_bytes())["indeling"])
        except FileNotFoundError:
            return 1 if self.key_check.exists() else None
        except (ValueError, KeyError, TypeError):
            raise LayoutError(f"{self.version} is beschadigd; zet het terug uit de reservekopie") from None

    @property
    def layout_since(self) -> datetime | None:
        """When it got this layout; None if it does not have it. Warehouses of before are of an earlier version."""
        return datetime.fromisoformat(json.loads(self.version.read_bytes())["sinds"]) if self.layout == LAYOUT else None

    def note_layout(self) -> None:
        """Note that the lake has the layout of this version."""
        since = datetime.now(UTC).isoformat(timespec="microseconds")
        make_private(self.version.parent)
        replace_bytes(self.version, json.dumps({"indeling": LAYOUT, "sinds": since}).encode() + b"\n")

    def require_layout(self, *, older: bool = False) -> None:
        """Require that this version can use the lake.

        Args:
            older: Also one of an earlier version.

        Raises:
            LayoutError: It cannot; the message says what to do.
        """
        found = self.layout
        if found is not None and found < LAYOUT and not older:
            raise LayoutError(
                f"dit meer is van een oudere leerplicht (indeling {found}, en nu {LAYOUT}); breng het over met: leerplicht upgrade"
            )
        if found is not None and found > LAYOUT:
            raise LayoutError(
                f"dit meer is van een nieuwere leerplicht (indeling {found}, en deze kent {LAYOUT}); installeer die versie,"
                " of zet de reservekopie van voor de overgang terug"
            )

    @property
    def is_held(self) -> bool:
        """Whether a process holds the lake. It looks at the locks of the system: taking the lock to find out could make a run fail.

        Where the system does not list its locks (no `/proc`), the answer is that one does.
        """
        try:
            found, locks = self.lock.stat(), LOCKS.read_text(encoding="ascii")
        except FileNotFoundError as missing:
            return str(missing.filename) == str(LOCKS)
        return f":{found.st_ino} " in locks  # without the device: some file systems (btrfs) list another than they say

    def finish_change(self) -> None:
        """Complete a change of many files (`change.py`) that was interrupted after its commit, and undo one that was interrupted before it.

        The caller holds the lock.
        """
        outside = [Path(path) for path in _lines(self.change / CHANGE_OUTSIDE)]
        if (plan := self.change / CHANGE_PLAN).is_file():
            agreed = json.loads(plan.read_bytes())
            for staged, target in agreed["zetten"]:
                self._put(self.root / staged, self.root / target)  # a path outside the lake is absolute, and joining keeps it
            for path in agreed["weg"]:
                remove(self.root / path)
        for path in outside:
            remove(path)
        remove(self.change)

    def remove_unfinished(self) -> None:
        """Remove what killed processes left, of whatever command. The caller holds the lock.

        In landing others put files too: only what names a process is ours there. A build that failed stays until the next run
        (`remove_builds`); Dagster and dbt have their own names.
        """
        others = {self.dagster_home, self.dbt_target, self.rebuilt, *(build.parent for build in self._builds)}
        for zone in self.zones:
            for folder, folders, files in os.walk(zone):
                place = Path(folder)
                left = [name for name in (*folders, *files) if is_left(place / name, holding=zone != self.landing)]
                left = [name for name in left if place / name not in others]
                for name in left:
                    with suppress(PermissionError):  # `set_access` says how that is mended
                        remove(place / name)
                folders[:] = [name for name in folders if name not in left and place / name not in others]
        self._remove_rebuilt()
        clear_outside()

    def _remove_rebuilt(self) -> None:
        """Remove the lake of a `verify` that was killed."""
        from filelock import FileLock, Timeout

        if self.rebuilt.exists():
            with suppress(Timeout), FileLock(self.rebuilt.with_suffix(".lock"), timeout=0):
                remove(self.rebuilt)

    def _put(self, staged: Path, target: Path) -> None:
        if staged.exists():  # otherwise it is in its place already
            staged.chmod(0o600)
            if not target.parent.is_dir():
                make_private(target.parent)
            staged.replace(target)
            sync_folder(target.parent)

    def require_owner(self) -> None:
        """Require that this process may change the lake: the owner of its root is the pipeline, and owns everything in it.

        Raises:
            AccessError: It is another user, and not root.
        """
        if self.root.is_dir() and os.geteuid() not in (0, owner := self.root.stat().st_uid):
            raise AccessError(f"het meer is van {user(owner)}, en u bent {user(os.geteuid())}; geef deze opdracht als {user(owner)}")

    def access_of(self, path: Path) -> Access:
        """Return the access of a path in the lake."""
        return self.readers.access_of(self._place(path))

    def _place(self, path: Path) -> str:
        """Return a path as `Readers.zones` writes it; empty for the root."""
        return "/".join(path.relative_to(self.root).parts)

    @property
    def zones(self) -> list[Path]:
        """The folders in the root. Anything else in it is not of the lake, and is left alone."""
        return [self.root / name for name in self.readers.zones if "/" not in name]

    def deviating(self) -> Iterator[Path]:
        """Yield what does not have the owner or the access that it should have; changes nothing.

        Raises:
            OSError: This user may not look everywhere.
        """
        owner = self.root.stat().st_uid
        for found in (str(self.root), *(found for zone in self.zones for found in walk(zone))):
            path = Path(found)
            if not self.access_of(path).holds(path.lstat(), owner):
                yield path

    def set_access(self, path: Path | None = None, *, at: Path | None = None) -> None:
        """Give a file, or a folder and everything in it, the access of its zone, and let its readers pass to it.

        Args:
            path: The path; without it, the whole lake.
            at: The path in the lake that it will have; it gets that access before readers can find it there.

        Raises:
            AccessError: It is not permitted; the message gives the command that mends it.
        """
        if path is None:
            for zone in self.zones:
                self.set_access(zone)
            return
        at = at or path
        inside = path.is_relative_to(self.root)
        owner = self.root.stat().st_uid if inside else os.geteuid()
        for folder in [folder for folder in reversed(at.parents) if inside and folder.is_relative_to(self.root)]:
            self._enforce(str(folder), self._place(folder), owner)
        before, place = len(str(path)), self._place(at)
        for found in walk(path):
            self._enforce(found, place + found[before:], owner)

    def _enforce(self, path: str, place: str, owner: int) -> None:
        try:
            enforce(path, self.readers.access_of(place), owner)
        except OSError as problem:
            raise AccessError(self._refusal(path, place, owner, problem)) from problem

    def _refusal(self, path: str, place: str, owner: int, problem: OSError) -> str:
        """Return the sentence for what cannot be mended. It names the folder of the zone only: a delivered name may hold an identifier."""
        zone = self.root / place.partition("/")[0]
        found, wanted = os.lstat(path), self.readers.access_of(place).group
        if found.st_uid != owner:
            return (
                f"in {zone} is iets van {user(found.st_uid)} en niet van {user(owner)}, die het meer heeft;"
                f" herstel dat met: chown -R {user(owner)} {zone}"
            )
        if wanted is not None and found.st_gid != wanted:
            return (
                f"{user(owner)} kan {zone} niet laten lezen door de groep {group(wanted)} zonder er zelf in te zitten;"
                f" herstel dat met: usermod -aG {group(wanted)} {user(owner)}"
            )
        return f"de toegang tot {zone} is niet te herstellen: {problem.strerror or problem}"

    def write(self, path: Path, content: bytes) -> None:
        """Atomically replace the content of a file that others read: it has its access before it has its name."""
        replace_bytes(path, content, lambda beside: self.set_access(beside, at=path))

    def put_in_place(self, staging: Path, folder: Path) -> None:
        """Atomically rename a fully written folder into place, with its access (fsync first, so it survives a power cut)."""
        for path in [path for path in staging.rglob("*") if path.is_file()]:
            with path.open("rb") as file:
                os.fsync(file.fileno())
        folder.parent.mkdir(parents=True, exist_ok=True)
        self.set_access(staging, at=folder)
        sync_folder(staging)
        staging.rename(folder)
        sync_folder(folder.parent)
        sync_folder(folder.parent.parent)

    def remove_builds(self) -> None:
        """Remove builds that were never moved into place. The caller holds the lock, so no other run is active."""
        for folder in self._builds:
            remove(folder.parent)

    @property
    def _builds(self) -> tuple[Path, ...]:
        return (self.warehouse_build.parent, self.candidate_of("intern"), self.candidate_of("openbaar"), self.proof_candidate)

    @property
    def exists(self) -> bool:
        """Return whether it holds a delivery, a warehouse or a release; files of dbt and Dagster (`werk/`) do not make a folder a lake.

        Raises:
            PermissionError: The folder cannot be entered.
        """
        return any((self.root / folder).is_dir() for folder in ("landing", "lake", "warehouse", "published"))

    @property
    def _out(self) -> Path:
        return self.outputs or self.root

    @property
    def landing(self) -> Path:
        """Original deliveries, with BSN: `landing/<bron>/<levering>/`. Mode 0700."""
        return self.root / "landing"

    @property
    def ledger(self) -> Path:
        """One JSON file for every delivery ever seen: `lake/grootboek/<bron>/<levering>@<manifest>.json`."""
        return self.root / "lake" / "grootboek"

    @property
    def rows(self) -> Path:
        """Typed, pseudonymised rows, immutable: `lake/rijen/<bron>/<entiteit>/<content key>.parquet`."""
        return self.root / "lake" / "rijen"

    @property
    def key_check(self) -> Path:
        """A fingerprint of the pseudonym key of this lake, never the key itself."""
        return self.root / "lake" / "sleutelcontrole.json"

    @property
    def version(self) -> Path:
        """The version of the layout, and since when the lake has it: `lake/versie.json`."""
        return self.root / "lake" / "versie.json"

    @property
    def auditlog(self) -> Path:
        """The audit log, one chain of lines per user of the system: `auditlog/<uid>.jsonl`. Mode 0700, or 3730 with the analysts' group."""
        return self.root / "auditlog"

    @property
    def quarantine(self) -> Path:
        """Rejected rows with their reasons: `quarantine/<bron>/<entiteit>/<content key>.parquet`."""
        return self.root / "quarantine"

    @property
    def change(self) -> Path:
        """A change of many files in the making: what is to be put in place, and the plan that commits it: `lake/wijziging/`."""
        return self.root / "lake" / "wijziging"

    @property
    def changes(self) -> Path:
        """The record of what was erased, purged or renewed, with counts and without a person: one JSON line each."""
        return self.root / "lake" / "wijzigingen.jsonl"

    @property
    def barred(self) -> Path:
        """Who was erased and must not come back, in a form that no row has: `lake/geweerd.json`."""
        return self.root / "lake" / "geweerd.json"

    @property
    def holds(self) -> Path:
        """What must be kept though its period ends: `lake/bewaarplicht.json`."""
        return self.root / "lake" / "bewaarplicht.json"

    def no_rows(self, bron: str, entiteit: str) -> Path:
        """An empty file that defines the columns and types of an entiteit for dbt, even without deliveries: `lake/rijen/…/leeg.parquet`."""
        return self.rows / bron / entiteit / EMPTY

    def no_rejections(self, bron: str, entiteit: str) -> Path:
        """The same for rejected rows: `quarantine/<bron>/<entiteit>/leeg.parquet`."""
        return self.quarantine / bron / entiteit / EMPTY

    @property
    def warehouse_build(self) -> Path:
        """The warehouse that a run builds and validates: `warehouse/bouw/<run>/leerplicht.duckdb`, with its final file name.

        The folder has mode 0700: the files next to it are not for analysts.
        """
        return self._out / "warehouse" / "bouw" / self.run / "leerplicht.duckdb"

    @property
    def provenance_build(self) -> Path:
        """The tables behind the warehouse of a run, with versions and rejected values: `warehouse/bouw/<run>/herkomst.duckdb`."""
        return self.warehouse_build.with_name(PROVENANCE)

    @property
    def birth_dates_build(self) -> Path:
        """The birth dates of a run, for the gate, removed after it: `warehouse/bouw/<run>/geboortedata.duckdb`."""
        return self.warehouse_build.with_name(BIRTH_DATES)

    @property
    def warehouse_current(self) -> Path:
        """The warehouse that analysts open, read-only: a symlink to one of the nights."""
        return self._out / "warehouse" / "current.duckdb"

    @property
    def warehouse_nights(self) -> Path:
        """The warehouses of the last nights, one folder each."""
        return self._out / "warehouse" / "nachten"

    def warehouse_night(self, name: str) -> Path:
        """A complete, immutable warehouse: `warehouse/nachten/<moment>/leerplicht.duckdb`."""
        return self.warehouse_nights / name / "leerplicht.duckdb"

    @property
    def provenances(self) -> Path:
        """The tables behind the kept nights. Not for analysts: mode 0700."""
        return self._out / "werk" / "herkomst"

    def provenance(self, night: str) -> Path:
        """The tables behind the warehouse of a night: `werk/herkomst/<moment>.duckdb`."""
        return self.provenances / f"{night}.duckdb"

    @property
    def dictionary(self) -> Path:
        """The data dictionary for analysts: `warehouse/woordenboek/<schema>.<tabel>.md`, and `README.md`."""
        return self._out / "warehouse" / "woordenboek"

    @property
    def warehouse_record(self) -> Path:
        """The log of replacements of the current night, with time and person: one JSON line each."""
        return self._out / "warehouse" / "wisselingen.jsonl"

    @property
    def dbt_target(self) -> Path:
        """Target folder of dbt, for its manifest and compiled SQL."""
        return self._out / "werk" / "dbt"

    @property
    def dbt_dev(self) -> Path:
        """Build folder of manual dbt runs (target `dev`), private to that user: mode 0700, as the tables hold birth dates."""
        return self.root / "werk" / "dev"

    @property
    def gates(self) -> Path:
        """The verdict of each gate: `werk/poorten/<poort>.json`."""
        return self._out / "werk" / "poorten"

    @property
    def quality_page(self) -> Path:
        """The HTML page with the last findings of every gate, red first: `werk/kwaliteit.html`."""
        return self._out / "werk" / "kwaliteit.html"

    @property
    def dagster_home(self) -> Path:
        """Dagster's own storage: runs, events, schedules. Not used by a look back or a rebuild."""
        return self.root / "werk" / "dagster"

    def dagster_files_of(self, run: str) -> list[Path]:
        """The files of one run in Dagster's storage: its events, with SQLite, and its folder."""
        return [*self.dagster_home.glob(f"history/runs/{run}.db*"), self.dagster_home / "storage" / run]

    @property
    def log(self) -> Path:
        """The structured log: one JSON line per event of every run."""
        return self.root / "werk" / "logboek.jsonl"

    def older_log(self, number: int) -> Path:
        """The log before the last one, and those before it: `werk/logboek.1.jsonl`; 0 is the last one."""
        return self.log.with_suffix(f".{number}.jsonl") if number else self.log

    @property
    def runs(self) -> Path:
        """The record of runs, one file each: `werk/runs/<moment>-<run>.json`."""
        return self._out / "werk" / "runs"

    @property
    def alarms(self) -> Path:
        """Which alarms were sent, and over which channels: `werk/alarmen.json`."""
        return self.root / "werk" / "alarmen.json"

    @property
    def alarms_lock(self) -> Path:
        """Lock file, held while alarms are sent: a night and a timer must not send the same one."""
        return self.root / "werk" / "alarmen.lock"

    @property
    def status_page(self) -> Path:
        """How the lake is since the last run, for a person: `status/status.html`."""
        return self.root / "status" / "status.html"

    @property
    def status_document(self) -> Path:
        """The same for a program: `status/status.json`."""
        return self.root / "status" / "status.json"

    def postponed(self, bron: str) -> Path:
        """The deliveries of a bron that its last night could not read, with the reason: `werk/uitgesteld/<bron>.json`."""
        return self.root / "werk" / "uitgesteld" / f"{bron}.json"

    @property
    def looked_back(self) -> Path:
        """The outputs of all look backs: `werk/zoals-bekend/<moment>/`."""
        return self.root / "werk" / "zoals-bekend"

    @property
    def looked_back_state(self) -> Path:
        """What a look back was made from, as a hash: `werk/zoals-bekend/<moment>/werk/stand`."""
        return self._out / "werk" / "stand"

    @property
    def lock(self) -> Path:
        """Lock file, held while a night runs: one night at a time on one lake."""
        return self.root / "werk" / "nacht.lock"

    @property
    def rebuilt(self) -> Path:
        """A nested lake in which a release is rebuilt for comparison; removed afterwards."""
        return self.root / "werk" / "nagaan"

    def published(self, zone: str) -> Path:
        """The published zone `intern` or `openbaar`: `releases/<release>/`, `current`, and the status of its releases."""
        return self._out / "published" / zone

    @property
    def set_aside(self) -> Path:
        """Releases that are no longer what was published, kept to look at: `werk/opzij/<zone>/<release>@<moment>/`. Mode 0700."""
        return self._out / "werk" / "opzij"

    def quality_page_of(self, zone: str) -> Path:
        """The page with the findings of the gates on a zone's last release: `published/intern/kwaliteit.html`."""
        return self.published(zone) / "kwaliteit.html"

    def renderings_of(self, zone: str, release: str) -> Path:
        """The renderings of one release, factsheets, workbook and portal: `published/<zone>/weergaven/<release>/`."""
        return self.published(zone) / "weergaven" / release

    def candidate_of(self, zone: str) -> Path:
        """The candidate release of a zone that a run builds and validates: `published/<zone>/.kandidaat/<run>/`."""
        return self.published(zone) / ".kandidaat" / self.run

    @property
    def proof_candidate(self) -> Path:
        """The proof of the next release of `openbaar`, with its other private files: certificates, facts, provenance."""
        return self.published("intern") / ".bescherming" / self.run

    @property
    def proofs(self) -> Path:
        """The proofs of all releases of `openbaar`, which together record everything that was ever published."""
        return self.published("intern") / "bescherming"

    def proof_of(self, release: str) -> Path:
        """The proof of one release of `openbaar`; it exists before the release does."""
        return self.proofs / release

    @property
    def register(self) -> Path:
        """The register of publications and approvals in both zones, with time and person: one JSON line each."""
        return self.published("intern") / "register.jsonl"


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.is_file() else []


def make_private(folder: Path) -> Path:
    """Create a folder that only its owner can enter (mode 0700), and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    return folder


def replace_bytes(path: Path, content: bytes, prepare: Callable[[Path], None] = lambda _beside: None) -> None:
    """Atomically replace the content of a file (fsync first, so it survives a power cut once this returns).

    Args:
        path: The file.
        content: Its content.
        prepare: Called with the new file before it gets its name.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    staged = beside(path)
    try:
        with staged.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        prepare(staged)
        staged.replace(path)
    except BaseException:
        remove(staged)  # a full disk must not fill up further
        raise
    sync_folder(path.parent)


def replace_link(path: Path, target: Path) -> None:
    """Atomically replace a symlink; the target is stored as a relative path, so that the lake can be moved."""
    staged = beside(path)
    staged.unlink(missing_ok=True)
    staged.symlink_to(os.path.relpath(target, path.parent))
    staged.replace(path)
    sync_folder(path.parent)


def digest(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, or for a folder of the sorted names and hashes of all files in it.

    The path of the folder itself is not hashed: a folder that is moved keeps its hash.

    Raises:
        FileNotFoundError: The path does not exist.
    """
    if path.is_dir():
        files = sorted((file.relative_to(path).as_posix(), file) for file in path.rglob("*") if file.is_file())
        return hashlib.sha256("".join(f"{digest(file)}  {name}\n" for name, file in files).encode()).hexdigest()
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync_folder(folder: Path) -> None:
    """Fsync a folder, so that renames inside it survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove(path: Path) -> None:
    """Remove a file or a folder with its contents, if it exists."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
