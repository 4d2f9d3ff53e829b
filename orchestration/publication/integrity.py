"""Checks that a release has not changed since it was published.

Put here: comparing the hashes of a folder with its `SHA256SUMS`, and the error for every refused operation on a release. Keep out:
rebuilding it (`orchestration.rebuild`).
"""

from collections.abc import Mapping
from pathlib import Path

from orchestration.errors import LeerplichtError
from orchestration.lake import digest
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
    sums = folder / manifest.SUMS
    wanted = manifest.parse_sums(sums.read_text(encoding="utf-8")) if sums.is_file() else {}
    found = {path.name: digest(path) for path in folder.iterdir() if path.is_file() and path != sums}
    names = wanted.keys() | found.keys() | {manifest.MANIFEST} | (expected or {}).keys()
    wrong = {name for name in names if wanted.get(name) != found.get(name) or name not in found}
    wrong |= {name for name, digest in (expected or {}).items() if found.get(name) != digest}
    if wrong:
        raise ReleaseError(
            f"release {folder.name} is niet meer wat zij was: {', '.join(sorted(wrong))}; zet haar map opzij en draai opnieuw, "
            "dan wordt zij opnieuw gemaakt"
        )
