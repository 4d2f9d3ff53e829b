"""A backup of a lake: everything that cannot be made again, copied whole, with the hash of each file; and the key in a file of its own.

The warehouse and the work folders are made again by a night. Whoever has both the copy and the key has what the lake has, so they are kept
apart. A backup also holds persons who are erased later: the page for the privacy officer says what to do about that.

Put here: copying a lake out and in. Keep out: what is in it.
"""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from orchestration.deliveries import ledger
from orchestration.deliveries.pseudonym import PseudonymKeyError, load_key
from orchestration.errors import LeerplichtError
from orchestration.lake import Lake
from orchestration.lake.files import digest, make_private, remove, sync_folder
from orchestration.settings import Settings

COPY, SUMS = "meer", "SHA256SUMS"
MADE_AGAIN = ("werk", "warehouse", "status")


class BackupError(LeerplichtError):
    """A backup that cannot be made or put back; the message is one Dutch sentence."""


@dataclass(frozen=True)
class Copied:
    """What was copied: the number of files, of bytes, and of deliveries."""

    files: int
    size: int
    deliveries: int


def backup(settings: Settings, folder: Path, key_copy: Path) -> Copied:
    """Copy a lake and its key. The caller holds the lock of the lake, so nothing changes meanwhile.

    Args:
        settings: The lake and the key file.
        folder: Where the copy comes; it must not exist. It is complete or absent.
        key_copy: The file in which the key comes, readable by this user only; outside the folder and the lake.

    Raises:
        BackupError: There is no lake, or something is there already.
        PseudonymKeyError: The key is not that of the lake.
    """
    lake, folder, key_copy = Lake(settings.lake), folder.absolute(), key_copy.absolute()
    _require_place(lake, folder, key_copy)
    key = load_key(settings.key_file, lake)
    staging = folder.with_name(f".{folder.name}.bezig")
    remove(staging)  # of a backup that was killed
    make_private(staging)
    try:
        copy = make_private(staging / COPY)
        for part in _parts(lake.root):
            _copy(part, copy / part.name)
        sums = _sums(copy)
        (staging / SUMS).write_text("".join(f"{sha256}  {COPY}/{name}\n" for name, sha256 in sums.items()), encoding="utf-8")
        if sums != _sums_of(lake.root):
            raise BackupError("de kopie is niet wat in het meer staat; er is iets mis met een schijf, en er is geen kopie gemaakt")
        _write_private(key_copy, key)
        for path in staging.rglob("*"):
            if path.is_file() and not path.is_symlink():
                _sync(path)
        staging.rename(folder)
        sync_folder(folder.parent)
    except BaseException:
        remove(staging)
        raise
    return _copied(folder / COPY, sums)


def _require_place(lake: Lake, folder: Path, key_copy: Path) -> None:
    """Raise unless there is something to copy, and nothing where the copy and its key come, which are apart."""
    if not lake.key_check.is_file():
        raise BackupError(f"in {lake.root} is nog niets gelezen; draai eerst leerplicht run")
    for place in (folder, key_copy):
        if place.exists():
            raise BackupError(f"{place} bestaat al; een reservekopie wordt niet overschreven")
        if place.resolve().is_relative_to(lake.root):
            raise BackupError(f"{place} ligt in het meer zelf; kies een andere plaats, liefst op een andere schijf")
    if key_copy.resolve().is_relative_to(folder.resolve()):
        raise BackupError("bewaar de sleutel niet in de map van de kopie: wie beide heeft, heeft de personen")


def restore(settings: Settings, folder: Path, key_copy: Path) -> Copied:
    """Put a backup back, in a place where there is no lake, and the key in the key file.

    Args:
        settings: The lake and the key file, neither of which may exist.
        folder: The backup.
        key_copy: The file with its key.

    Raises:
        BackupError: It is no backup, a file of it is not what was copied, or there is a lake already; nothing was put back.
        PseudonymKeyError: The key is not that of the backup.
    """
    lake, copy = Lake(settings.lake), folder.absolute() / COPY
    key = _checked(settings, lake, folder, copy, key_copy)
    made = not lake.root.exists()
    make_private(lake.root)
    try:
        for part in sorted(copy.iterdir()):
            _copy(part, lake.root / part.name)
        if (sums := _sums_of(lake.root)) != _sums_of(copy):
            raise BackupError("wat is teruggezet is niet wat in de kopie staat; er is iets mis met een schijf, en er is niets teruggezet")
        if not settings.key_file.parent.exists():
            make_private(settings.key_file.parent)
        if not settings.key_file.exists():
            _write_private(settings.key_file, key)
    except BaseException:
        for part in list(lake.root.iterdir()):
            remove(part)
        if made:
            lake.root.rmdir()
        raise
    return _copied(lake.root, sums)


def _checked(settings: Settings, lake: Lake, folder: Path, copy: Path, key_copy: Path) -> bytes:
    """Return the key of a backup, if all of it is what was copied and it can be put back."""
    if not copy.is_dir() or not (folder / SUMS).is_file():
        raise BackupError(f"{folder} is geen reservekopie van leerplicht")
    if lake.root.is_dir() and any(lake.root.iterdir()):
        raise BackupError(f"in {lake.root} staat al iets; zet de kopie terug op een lege plaats (LEERPLICHT_LAKE)")
    _check(folder, copy)
    if not key_copy.is_file():
        raise BackupError(f"{key_copy} is er niet; geef met --key het bestand met de sleutel van deze kopie")
    key = load_key(key_copy, Lake(copy))
    if settings.key_file.exists() and settings.key_file.read_bytes() != key:
        raise PseudonymKeyError(f"{settings.key_file} is een andere sleutel; zet die eerst weg, of wijs een andere plaats aan")
    return key


def _parts(root: Path) -> list[Path]:
    return sorted(path for path in root.iterdir() if path.name not in MADE_AGAIN)


def _copy(part: Path, target: Path) -> None:
    if part.is_dir():
        shutil.copytree(part, target, symlinks=True)
    else:
        shutil.copy2(part, target, follow_symlinks=False)


def _check(folder: Path, copy: Path) -> None:
    """Raise unless the files are those that were copied."""
    listed = {}
    for line in (folder / SUMS).read_text(encoding="utf-8").splitlines():
        sha256, _, name = line.partition("  ")
        listed[name.removeprefix(f"{COPY}/")] = sha256
    there = _sums(copy)
    if wrong := sorted(name for name in listed.keys() | there.keys() if listed.get(name) != there.get(name)):
        raise BackupError(f"de reservekopie is beschadigd: {wrong[0]}{f' en nog {len(wrong) - 1}' if len(wrong) > 1 else ''}")


def _sums_of(root: Path) -> dict[str, str]:
    """Return the hashes of what a backup of a lake holds."""
    return {name: sha256 for name, sha256 in _sums(root).items() if name.partition("/")[0] not in MADE_AGAIN}


def _sums(root: Path) -> dict[str, str]:
    """Return the hash of each file by its name; of a link that of what it points at."""
    return {path.relative_to(root).as_posix(): digest(path) for path in _files(root)}


def _files(root: Path) -> Iterator[Path]:
    return (path for path in sorted(root.rglob("*")) if path.is_file() or (path.is_symlink() and path.exists()))


def _write_private(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _copied(root: Path, sums: dict[str, str]) -> Copied:
    size = sum((root / name).stat().st_size for name in sums)
    return Copied(len(sums), size, len(ledger.read(Lake(root))))
