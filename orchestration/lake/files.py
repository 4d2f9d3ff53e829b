"""The file operations that all packages share: what is written is there whole or not at all.

Put here: those operations. Keep out: which path a file has (`paths.py`), and who may read it (`zones.py`).
"""

import hashlib
import os
import shutil
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from orchestration.unfinished import beside


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


def digests(paths: Iterable[Path]) -> dict[Path, str]:
    """Return the SHA-256 of files, hashed side by side: hashing holds no lock of Python.

    Raises:
        FileNotFoundError: A path does not exist.
    """
    wanted = list(dict.fromkeys(paths))
    with ThreadPoolExecutor() as threads:
        return dict(zip(wanted, threads.map(digest, wanted), strict=True))


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
