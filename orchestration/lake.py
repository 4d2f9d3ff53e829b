"""The layout of the data lake: the only module that defines paths in it.

Put here: paths, and the file operations that all packages share (restrict access, replace atomically). Keep out: the contents of the
files.
"""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from orchestration.errors import LeerplichtError
from orchestration.settings import Settings

EMPTY = "leeg.parquet"
PROVENANCE, BIRTH_DATES = "herkomst.duckdb", "geboortedata.duckdb"  # next to a warehouse while it is built


class LakeBusyError(LeerplichtError):
    """Another run holds the lake."""

    def __init__(self) -> None:
        super().__init__("er loopt al een nacht op dit meer; wacht tot die klaar is")


@dataclass(frozen=True)
class Lake:
    """The folders of one data lake.

    Args:
        root: The lake's root; folders are created on first use.
        outputs: Folder of the warehouse, the publication and the work files, if not the root: a look back reads the same lake and must not
            change what readers see.
        run: The run that works on the lake. Its builds have their own paths, so two runs never write the same file.
        moment: The instant of a look back; None for the present.
    """

    root: Path
    outputs: Path | None = None
    run: str = "los"
    moment: datetime | None = None

    @classmethod
    def of(cls, settings: Settings) -> "Lake":
        """Return the lake of a night, with separate outputs for a look back (`known_at`)."""
        lake = cls(settings.lake)
        return lake if settings.known_at is None else lake.as_known_at(settings.known_at)

    def as_known_at(self, moment: datetime) -> "Lake":
        """Return the same lake with the outputs of a look back: one folder per instant, independent of the time zone it is written in."""
        folder = self.root / "werk" / "zoals-bekend" / moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
        return replace(self, outputs=folder, moment=moment)

    def for_run(self, run: str) -> "Lake":
        """Return the same lake with the build and candidate paths of one run."""
        return replace(self, run=run)

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Hold the lake's lock: one run or writing command at a time. The operating system releases it when the process dies.

        Raises:
            LakeBusyError: Another process holds it.
        """
        from filelock import FileLock, Timeout

        self.lock.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.lock, timeout=0)
        try:
            lock.acquire()
        except Timeout:
            raise LakeBusyError from None
        try:
            yield
        finally:
            lock.release()

    def remove_builds(self) -> None:
        """Remove builds that were never moved into place. The caller holds the lock, so no other run is active."""
        for folder in (self.warehouse_build.parent, self.candidate_of("intern"), self.candidate_of("openbaar"), self.proof_candidate):
            remove(folder.parent)

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
    def quarantine(self) -> Path:
        """Rejected rows with their reasons: `quarantine/<bron>/<entiteit>/<content key>.parquet`."""
        return self.root / "quarantine"

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
    def dbt_site(self) -> Path:
        """Folder of dbt's documentation; separate from `dbt_target`, as a night may be running."""
        return self._out / "werk" / "dbt-site"

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

    @property
    def log(self) -> Path:
        """The structured log: one JSON line per event of every run."""
        return self.root / "werk" / "logboek.jsonl"

    def postponed(self, bron: str) -> Path:
        """The deliveries of a bron that its last night could not read, with the reason: `werk/uitgesteld/<bron>.json`."""
        return self.root / "werk" / "uitgesteld" / f"{bron}.json"

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


def make_private(folder: Path) -> Path:
    """Create a folder that only its owner can enter (mode 0700), and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    return folder


def replace_bytes(path: Path, content: bytes) -> None:
    """Atomically replace the content of a file (fsync first, so it survives a power cut once this returns)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    sync_folder(path.parent)


def replace_link(path: Path, target: Path) -> None:
    """Atomically replace a symlink; the target is stored as a relative path, so that the lake can be moved."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    beside.unlink(missing_ok=True)
    beside.symlink_to(os.path.relpath(target, path.parent))
    beside.replace(path)
    sync_folder(path.parent)


def put_in_place(staging: Path, folder: Path) -> None:
    """Atomically rename a fully written folder into place (fsync first, so it survives a power cut)."""
    for path in [path for path in staging.rglob("*") if path.is_file()]:
        with path.open("rb") as file:
            os.fsync(file.fileno())
    sync_folder(staging)
    make_private(folder.parent)
    staging.rename(folder)
    sync_folder(folder.parent)
    sync_folder(folder.parent.parent)


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
