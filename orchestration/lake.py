"""The layout of the data lake: the only file that knows a path in it.

Put here: where something lies, and the file operations that every room needs (make private, replace in one step). Keep out: what is
inside the files.
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


class LakeBusyError(LeerplichtError):
    """Another run holds the lake."""

    def __init__(self) -> None:
        super().__init__("er loopt al een nacht op dit meer; wacht tot die klaar is")


@dataclass(frozen=True)
class Lake:
    """The folders of one data lake.

    Args:
        root: The lake's root; everything below is made when it is first needed.
        outputs: Where the warehouse, what is published and the night's own files go, when not under the root: a night that looks back
            reads the same lake and leaves what readers see alone.
        run: The run that works on the lake. What it builds has a place of its own, so two runs never write the same file.
        moment: The instant that a night looks back to; None for the present.
    """

    root: Path
    outputs: Path | None = None
    run: str = "los"
    moment: datetime | None = None

    @classmethod
    def of(cls, settings: Settings) -> "Lake":
        """The lake of a night: of one that looks back (`known_at`) with outputs of its own."""
        lake = cls(settings.lake)
        return lake if settings.known_at is None else lake.as_known_at(settings.known_at)

    def as_known_at(self, moment: datetime) -> "Lake":
        """The same lake, with the outputs of a look back at that instant: one folder an instant, in whichever time zone it is written."""
        folder = self.root / "werk" / "zoals-bekend" / moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
        return replace(self, outputs=folder, moment=moment)

    def for_run(self, run: str) -> "Lake":
        """The same lake, with the build and the candidates of one run."""
        return replace(self, run=run)

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Hold the lake's lock: one run, and one command that writes, at a time. The operating system releases it when the process dies.

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
        """Remove what runs built and never put in place. Whoever holds the lock knows that no other run is at work."""
        for folder in (self.warehouse_build.parent, self.candidate_of("intern"), self.candidate_of("openbaar"), self.proof_candidate):
            remove(folder.parent)

    @property
    def exists(self) -> bool:
        """Whether it holds a delivery, a warehouse or a release; what dbt and Dagster keep (`werk/`) does not make a folder a lake.

        Raises:
            PermissionError: the folder cannot be entered.
        """
        return any((self.root / folder).is_dir() for folder in ("landing", "lake", "warehouse", "published"))

    @property
    def _out(self) -> Path:
        return self.outputs or self.root

    @property
    def landing(self) -> Path:
        """Deliveries as they came, with BSN: `landing/<bron>/<levering>/`. Mode 0700."""
        return self.root / "landing"

    @property
    def ledger(self) -> Path:
        """One JSON file per delivery ever seen: `lake/grootboek/<bron>/<levering>@<manifest>.json`."""
        return self.root / "lake" / "grootboek"

    @property
    def rows(self) -> Path:
        """Typed, pseudonymised rows, immutable: `lake/rijen/<bron>/<entiteit>/<content key>.parquet`."""
        return self.root / "lake" / "rijen"

    @property
    def key_check(self) -> Path:
        """A fingerprint of the pseudonym key this lake was made with: never the key itself."""
        return self.root / "lake" / "sleutelcontrole.json"

    @property
    def quarantine(self) -> Path:
        """Rejected rows with their reasons: `quarantine/<bron>/<entiteit>/<content key>.parquet`."""
        return self.root / "quarantine"

    def no_rows(self, bron: str, entiteit: str) -> Path:
        """A file without rows that gives dbt the columns and types of an entiteit, whatever was delivered: `lake/rijen/…/leeg.parquet`."""
        return self.rows / bron / entiteit / EMPTY

    def no_rejections(self, bron: str, entiteit: str) -> Path:
        """The same of rejected rows: `quarantine/<bron>/<entiteit>/leeg.parquet`."""
        return self.quarantine / bron / entiteit / EMPTY

    @property
    def warehouse_build(self) -> Path:
        """The warehouse that a run builds and judges: `warehouse/bouw/<run>/leerplicht.duckdb`, named as it will be in its night."""
        return self._out / "warehouse" / "bouw" / self.run / "leerplicht.duckdb"

    @property
    def warehouse_current(self) -> Path:
        """The warehouse that analysts open, read only: a link to one of the nights."""
        return self._out / "warehouse" / "current.duckdb"

    @property
    def warehouse_nights(self) -> Path:
        """The warehouses of the last nights, a folder each."""
        return self._out / "warehouse" / "nachten"

    def warehouse_night(self, name: str) -> Path:
        """A whole warehouse that nobody changes: `warehouse/nachten/<moment>/leerplicht.duckdb`."""
        return self.warehouse_nights / name / "leerplicht.duckdb"

    @property
    def dictionary(self) -> Path:
        """What every table and column that analysts open means: `warehouse/woordenboek/<schema>.<tabel>.md`, and `README.md`."""
        return self._out / "warehouse" / "woordenboek"

    @property
    def warehouse_record(self) -> Path:
        """Which night took whose place, when, and by whom: one JSON line each."""
        return self._out / "warehouse" / "wisselingen.jsonl"

    @property
    def dbt_target(self) -> Path:
        """Where dbt writes its manifest and compiled SQL."""
        return self._out / "werk" / "dbt"

    @property
    def dbt_dev(self) -> Path:
        """Where dbt builds for a person who runs it alone (target `dev`): only that person opens it. Mode 0700, they hold birth dates."""
        return self.root / "werk" / "dev"

    @property
    def dbt_site(self) -> Path:
        """Where dbt's documentation is made; apart from `dbt_target`, as a night may be running."""
        return self._out / "werk" / "dbt-site"

    @property
    def gates(self) -> Path:
        """The verdict of each gate: `werk/poorten/<poort>.json`."""
        return self._out / "werk" / "poorten"

    @property
    def quality_page(self) -> Path:
        """What every gate found the last time, red first, for people: `werk/kwaliteit.html`."""
        return self._out / "werk" / "kwaliteit.html"

    @property
    def dagster_home(self) -> Path:
        """Dagster's own storage: runs, events, schedules. A look back and a release that is made again keep none."""
        return self.root / "werk" / "dagster"

    @property
    def log(self) -> Path:
        """The structured log: one JSON line per event of every run."""
        return self.root / "werk" / "logboek.jsonl"

    @property
    def lock(self) -> Path:
        """Held while a night runs: one night at a time on one lake."""
        return self.root / "werk" / "nacht.lock"

    @property
    def rebuilt(self) -> Path:
        """A lake within the lake, where a release is made once more to be compared; removed afterwards."""
        return self.root / "werk" / "nagaan"

    def published(self, zone: str) -> Path:
        """The published zone `intern` or `openbaar`: `releases/<release>/`, `current`, and what its releases are worth."""
        return self._out / "published" / zone

    def quality_page_of(self, zone: str) -> Path:
        """What the gates found of what a zone published last, next to its releases: `published/<zone>/kwaliteit.html`."""
        return self.published(zone) / "kwaliteit.html"

    def renderings_of(self, zone: str, release: str) -> Path:
        """What people look at of one release: factsheets, workbook and portal, `published/<zone>/weergaven/<release>/`."""
        return self.published(zone) / "weergaven" / release

    def candidate_of(self, zone: str) -> Path:
        """The release of a zone that a run prepares and judges: `published/<zone>/.kandidaat/<run>/`."""
        return self.published(zone) / ".kandidaat" / self.run

    @property
    def proof_candidate(self) -> Path:
        """The proof of the next release of `openbaar`, and all else of it that is not public: certificates, facts, where it came from."""
        return self.published("intern") / ".bescherming" / self.run

    @property
    def proofs(self) -> Path:
        """The proofs of all releases of `openbaar`, and so the memory of everything that was ever made public."""
        return self.published("intern") / "bescherming"

    def proof_of(self, release: str) -> Path:
        """The proof of one release of `openbaar`; it is there before the release is."""
        return self.proofs / release

    @property
    def register(self) -> Path:
        """What was published in either zone, and what was approved, when and by whom: one JSON line each."""
        return self.published("intern") / "register.jsonl"


def make_private(folder: Path) -> Path:
    """Make a folder that only its owner can enter (mode 0700), and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    return folder


def replace_bytes(path: Path, content: bytes) -> None:
    """Write a file so that a reader sees the old or the new content, never a part; it survives a power cut once this returns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    sync_folder(path.parent)


def replace_link(path: Path, target: Path) -> None:
    """Point a link at something else so that a reader follows the old or the new one; relative, so that the lake can be moved."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    beside.unlink(missing_ok=True)
    beside.symlink_to(os.path.relpath(target, path.parent))
    beside.replace(path)
    sync_folder(path.parent)


def put_in_place(staging: Path, folder: Path) -> None:
    """Give a folder that is written beside its name in one step: it is there, whole, or it is not; it survives a power cut."""
    for path in [path for path in staging.rglob("*") if path.is_file()]:
        with path.open("rb") as file:
            os.fsync(file.fileno())
    sync_folder(staging)
    make_private(folder.parent)
    staging.rename(folder)
    sync_folder(folder.parent)
    sync_folder(folder.parent.parent)


def digest(path: Path) -> str:
    """The SHA-256 of what lies at a path: a file's bytes, or of a folder the names and hashes of all files in it, in order of name.

    Where the folder itself lies does not matter: a folder that is moved keeps its hash.

    Raises:
        FileNotFoundError: There is nothing at the path.
    """
    if path.is_dir():
        files = sorted((file.relative_to(path).as_posix(), file) for file in path.rglob("*") if file.is_file())
        return hashlib.sha256("".join(f"{digest(file)}  {name}\n" for name, file in files).encode()).hexdigest()
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync_folder(folder: Path) -> None:
    """Make renames inside a folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove(path: Path) -> None:
    """Remove a file or a whole folder, if it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
