"""The zip archive of a workbook: checks before anything is unpacked.

Put here: checks on the archive's directory and the first bytes of its parts. Keep out: cells (`xlsx.py`). A directory can give wrong sizes:
the limits of the reading process apply as well.
"""

import errno
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0"
MAX_PARTS = 10_000
LARGE = 64 << 20
MAX_RATIO = 200  # of a large part; cells of a real workbook pack 5 to 60 times smaller, zeros 1,000 times
BROKEN = (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError, RuntimeError, zlib.error, struct.error)


@contextmanager
def passing() -> Iterator[None]:
    """Let an error of the operating system pass, but for one that means that the archive names a place outside its file.

    Raises:
        ValueError: It does.
        OSError: The file cannot be read now.
    """
    try:
        yield
    except OSError as fault:
        if fault.errno not in (None, errno.EINVAL):
            raise
        raise ValueError("a place outside the file") from None


def find_fault(path: Path, max_bytes: int) -> str | None:
    """Return the reason to refuse a workbook, in Dutch; None if there is none.

    Args:
        path: The file.
        max_bytes: Limit of all its parts unpacked.

    Raises:
        OSError: The file cannot be read now.
    """
    with path.open("rb") as file:
        start = file.read(4)
    if start == OLD_OR_LOCKED:
        return "is met een wachtwoord beveiligd, of een oude werkmap (.xls)"
    if not start.startswith(b"PK"):
        return "is geen werkmap"
    try:
        with passing(), zipfile.ZipFile(path) as archive:
            return _listed_fault(archive.infolist(), max_bytes) or _part_fault(archive)
    except BROKEN:
        return "is geen werkmap, of een beschadigde"


def _listed_fault(parts: list[zipfile.ZipInfo], max_bytes: int) -> str | None:
    names = [part.filename for part in parts]
    if len(parts) > MAX_PARTS or len(set(names)) < len(names):
        return "heeft te veel onderdelen, of een onderdeel twee keer"
    if any(part.flag_bits & 1 for part in parts):
        return "is versleuteld"
    if any(name.startswith("/") or "\\" in name or ".." in PurePosixPath(name).parts for name in names):
        return "heeft een onderdeel met een pad naar elders"
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        return "heeft macro's; die worden niet gelezen: sla haar op als .xlsx zonder macro's"
    if sum(part.file_size for part in parts) > max_bytes:
        return "wordt uitgepakt te groot (LEERPLICHT_MAX_FILE_BYTES)"
    if any(part.file_size > LARGE and part.file_size > MAX_RATIO * part.compress_size for part in parts):
        return "is verdacht sterk ingepakt (een zipbom)"
    return None


def _part_fault(archive: zipfile.ZipFile) -> str | None:
    for name in archive.namelist():
        if name.lower().endswith((".xml", ".rels")):
            with archive.open(name) as part:
                start = part.read(4096)
            if b"<!DOCTYPE" in start.replace(b"\0", b""):
                return "heeft een documenttype (DTD); dat wordt niet gelezen"
            if name == "[Content_Types].xml" and b"macroEnabled" in start:
                return "heeft macro's; die worden niet gelezen: sla haar op als .xlsx zonder macro's"
    return None
