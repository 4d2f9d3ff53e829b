"""The data lake: holding it, and giving everything in it its access.

Put here: what needs both the paths and who reads them. Keep out: either of these (`paths.py`, `zones.py`), and the contents of the files.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from orchestration.access import Access, AccessError, enforce, gid, group, user, walk
from orchestration.errors import LeerplichtError
from orchestration.lake import interrupted, layout
from orchestration.lake.files import remove, replace_bytes, sync_folder
from orchestration.lake.paths import Paths
from orchestration.lake.zones import Readers
from orchestration.outcome import Afloop
from orchestration.settings import Settings

LOCKS = Path("/proc/locks")


class LakeBusyError(LeerplichtError):
    """Another run holds the lake."""

    afloop = Afloop.BEZET

    def __init__(self) -> None:
        super().__init__("er loopt al een nacht op dit meer; wacht tot die klaar is")


@dataclass(frozen=True)
class Lake(Paths):
    """The folders of one data lake, with who reads them.

    Args:
        readers: The groups that read a zone. Who holds a lake of the settings gets it from `of`, which knows them.
    """

    readers: Readers = field(default_factory=Readers)

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
        layout.require(self, older=older)
        self.lock.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.lock, timeout=0)
        try:
            lock.acquire()
        except Timeout:
            raise LakeBusyError from None
        try:
            interrupted.finish_change(self)
            interrupted.remove_unfinished(self, self.zones)
            self.set_access()
            yield
            self.set_access()
        finally:
            lock.release()

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
        for folder in self.builds:
            remove(folder.parent)
