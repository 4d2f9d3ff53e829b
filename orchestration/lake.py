"""The layout of the data lake: the only file that knows a path in it.

Put here: where something lies, and the file operations that every room needs (make private, replace in one step). Keep out: what is
inside the files.
"""

import os
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from orchestration.settings import Settings


@dataclass(frozen=True)
class Lake:
    """The folders of one data lake.

    Args:
        root: The lake's root; everything below is made when it is first needed.
        outputs: Where the warehouse, what is published and the night's own files go, when not under the root: a night that looks back
            reads the same lake and leaves what readers see alone.
    """

    root: Path
    outputs: Path | None = None

    @classmethod
    def of(cls, settings: Settings) -> "Lake":
        """The lake of a night: of one that looks back (`known_at`) with outputs of its own."""
        lake = cls(settings.lake)
        return lake if settings.known_at is None else lake.as_known_at(settings.known_at)

    def as_known_at(self, moment: datetime) -> "Lake":
        """The same lake, with the outputs of a look back at that instant: one folder an instant, in whichever time zone it is written."""
        return Lake(self.root, self.root / "werk" / "zoals-bekend" / moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ"))

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

    @property
    def warehouse_build(self) -> Path:
        """The warehouse of tonight, while it is built and audited."""
        return self._out / "warehouse" / "build.duckdb"

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
    def warehouse_record(self) -> Path:
        """Which night took whose place, when, and by whom: one JSON line each."""
        return self._out / "warehouse" / "wisselingen.jsonl"

    @property
    def dbt_target(self) -> Path:
        """Where dbt writes its manifest and compiled SQL."""
        return self._out / "werk" / "dbt"

    @property
    def dbt_site(self) -> Path:
        """Where dbt's documentation is made; apart from `dbt_target`, as a night may be running."""
        return self._out / "werk" / "dbt-site"

    @property
    def gates(self) -> Path:
        """What each gate of tonight found: `werk/poorten/<poort>.json`."""
        return self._out / "werk" / "poorten"

    @property
    def gx(self) -> Path:
        """Great Expectations' generated context and its Data Docs, for engineers."""
        return self._out / "werk" / "gx"

    @property
    def dagster_home(self) -> Path:
        """Dagster's own storage: runs, events, schedules."""
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

    def renderings_of(self, zone: str, release: str) -> Path:
        """What people look at of one release: factsheets, workbook and portal, `published/<zone>/weergaven/<release>/`."""
        return self.published(zone) / "weergaven" / release

    def candidate_of(self, zone: str) -> Path:
        """The next release of a zone while it is built and audited."""
        return self.published(zone) / ".kandidaat"

    @property
    def proof_candidate(self) -> Path:
        """The proof of the next release of `openbaar`, and all else of it that is not public: certificates, facts, where it came from."""
        return self.published("intern") / ".bescherming"

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
