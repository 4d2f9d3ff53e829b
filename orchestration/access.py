"""Modes, owners and groups of files: compares them with what is wanted, and sets them.

Put here: those operations, whatever a path means. Keep out: which path gets which access (`orchestration.lake.zones`).
"""

import grp
import os
import pwd
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from orchestration.errors import LeerplichtError
from orchestration.outcome import Afloop


class AccessError(LeerplichtError):
    """Somebody may read or change what he should not, and this process cannot mend it; the message gives the command that does."""

    afloop = Afloop.INSTELLING


@dataclass(frozen=True)
class Access:
    """Who may open something.

    Args:
        folder: The mode of a folder.
        file: The mode of a file.
        group: The group that the mode speaks of; None if it gives the group no more than everybody.
        is_shared: Whether its readers add files of their own; those stay theirs, as they are.
    """

    folder: int
    file: int
    group: int | None = None
    is_shared: bool = False

    @classmethod
    def of_group(cls, folder: int, file: int, group: int | None) -> "Access":
        """Return the access of a group; without a group only the owner has it."""
        return cls(folder, file, group) if group is not None else cls(folder & 0o700, file & 0o700)

    def mode(self, found: os.stat_result) -> int:
        """Return the mode that a file or folder must have."""
        return self.folder if stat.S_ISDIR(found.st_mode) else self.file

    def holds(self, found: os.stat_result, owner: int) -> bool:
        """Return whether a file or folder has this access and this owner; a symlink has no mode of its own."""
        if self.is_shared and stat.S_ISREG(found.st_mode) and found.st_uid != owner:
            return True
        owned = found.st_uid == owner and self.group in (None, found.st_gid)
        return stat.S_ISLNK(found.st_mode) or (owned and stat.S_IMODE(found.st_mode) == self.mode(found))


def create_privately() -> None:
    """Make every file and folder that this process and its children create private (umask 077), until it is opened on purpose.

    Each way in calls it first: a file that nobody thought of is then closed.
    """
    os.umask(0o077)


def enforce(path: str, access: Access, owner: int) -> None:
    """Give a file or folder its access; a path that vanished meanwhile needs none.

    Args:
        path: The path; a symlink is neither followed nor changed.
        access: The access.
        owner: The user who must own it. Only root can give it to that user.

    Raises:
        OSError: Not permitted, or the disk does not keep modes.
    """
    with suppress(FileNotFoundError):
        found = os.lstat(path)
        if access.holds(found, owner):
            return
        if found.st_uid != owner:
            os.chown(path, owner, -1, follow_symlinks=False)
        if access.group is not None and found.st_gid != access.group:  # before the mode opens it to a group
            os.chown(path, -1, access.group, follow_symlinks=False)
        Path(path).chmod(access.mode(found))
        if not access.holds(os.lstat(path), owner):
            raise OSError(0, "deze schijf bewaart geen rechten")


def walk(path: Path) -> Iterator[str]:
    """Yield a path and everything below it, without following symlinks; nothing if it is not there.

    A folder is yielded before it is listed, so that the caller can first open one that its own owner may not list. These are no `Path`s: a
    lake of years has tens of thousands, and those took ten times longer.
    """
    if os.path.lexists(path):
        yield str(path)
        if path.is_dir() and not path.is_symlink():
            yield from _below(str(path))


def _below(folder: str) -> Iterator[str]:
    with suppress(FileNotFoundError, NotADirectoryError):  # it vanished, or became something else
        with os.scandir(folder) as found:
            entries = list(found)
        for entry in entries:
            yield entry.path
            if entry.is_dir(follow_symlinks=False):
                yield from _below(entry.path)


def user(uid: int) -> str:
    """Return the name of a user; the number if it has no account here."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def gid(name: str | None) -> int | None:
    """Return the number of a group; None without a name.

    Raises:
        KeyError: This machine does not know it.
    """
    return grp.getgrnam(name).gr_gid if name else None


def group(gid: int) -> str:
    """Return the name of a group; the number if this machine does not know it."""
    try:
        return grp.getgrgid(gid).gr_name
    except KeyError:
        return str(gid)


def readers(access: Access, owner: int) -> str:
    """Return who reads what has this access, for people."""
    if access.file & 0o004:
        return "iedereen"
    return user(owner) if access.group is None else f"{user(owner)} en de groep {group(access.group)}"
