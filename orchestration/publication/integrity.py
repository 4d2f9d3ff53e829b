"""Whether a release is still what it was when it was published.

Put here: the hashes of a folder against its `SHA256SUMS`, and the error of everything that must not be done with a release. Keep out:
making it again (`orchestration.rebuild`).
"""

from collections.abc import Mapping
from pathlib import Path

from orchestration.errors import LeerplichtError
from orchestration.lake import digest
from orchestration.publication import manifest


class ReleaseError(LeerplichtError):
    """What was asked was not done, and what readers see did not change; the message says why."""


def check(folder: Path, expected: Mapping[str, str] | None = None) -> None:
    """Check a release against its `SHA256SUMS`: every file in it is there, unaltered, and there is no other.

    Args:
        folder: The release.
        expected: The hashes that its data files must have, where they are known.

    Raises:
        ReleaseError: It is not what it was; the message names the files.
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
