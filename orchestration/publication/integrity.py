"""Checks that a release has not changed since it was published.

Put here: comparing the hashes of a folder with its `SHA256SUMS`, and the error for every refused operation on a release. Keep out:
rebuilding it (`orchestration.rebuild`).
"""

from collections.abc import Mapping
from pathlib import Path

from orchestration.errors import LeerplichtError
from orchestration.lake.files import digest
from orchestration.publication import manifest


class ReleaseError(LeerplichtError):
    """The operation was refused and nothing changed for readers; the message gives the reason."""


def check(folder: Path, expected: Mapping[str, str] | None = None) -> None:
    """Check a release against its `SHA256SUMS`: every listed file is present and unaltered, and there are no other files.

    Args:
        folder: Folder of the release.
        expected: The hashes that its data files must have, if known.

    Raises:
        ReleaseError: Files differ; the message names them.
    """
    if wrong := altered(folder, expected=expected):
        raise ReleaseError(
            f"release {folder.name} is niet meer wat zij was: {', '.join(wrong)}; leerplicht run zet haar opzij en maakt haar opnieuw"
        )


def altered(folder: Path, sums_sha256: str | None = None, expected: Mapping[str, str] | None = None) -> list[str]:
    """Return the names of the files of a release that are missing, added or not what was published.

    Args:
        folder: Folder of the release.
        sums_sha256: The hash that its `SHA256SUMS` must have, if known.
        expected: The hashes that its data files must have, if known.
    """
    sums = folder / manifest.SUMS
    wanted = manifest.parse_sums(sums.read_text(encoding="utf-8", errors="replace")) if sums.is_file() else {}
    found = {path.name: digest(path) for path in folder.iterdir() if path != sums}
    names = wanted.keys() | found.keys() | {manifest.MANIFEST} | (expected or {}).keys()
    wrong = {name for name in names if wanted.get(name) != found.get(name) or name not in found}
    wrong |= {name for name, digest in (expected or {}).items() if found.get(name) != digest}
    if sums_sha256 and not (sums.is_file() and digest(sums) == sums_sha256):
        wrong.add(sums.name)
    return sorted(wrong)
