"""Makes a release definitief: a person decides, the register records who and why, and it cannot be undone.

Put here: which release may be approved. Keep out: the register itself (`register.py`).
"""

from orchestration.lake import Lake
from orchestration.lake.files import digest
from orchestration.publication import integrity, manifest, register
from orchestration.publication.integrity import ReleaseError
from orchestration.publication.register import Line, Release


def approve(lake: Lake, zone: str, name: str, *, door: str, omdat: str) -> Release:
    """Make a release definitief. The caller holds the lake's lock.

    Args:
        lake: The lake.
        zone: `intern` or `openbaar`.
        name: The release, a prefix of its name, or `current`.
        door: Person who decides it.
        omdat: Reason; may be empty.

    Returns:
        The release, now definitief.

    Raises:
        ReleaseError: There is no such release, it is definitief already, or its files differ from what was published.
    """
    if not door.strip():
        raise ReleaseError("zeg wie dit besluit; dat komt in het register")
    found = register.find(lake, zone, name)
    if found.approved:
        raise ReleaseError(f"{found.name} is al definitief, sinds {found.approved.op}, door {found.approved.door}")
    integrity.check(found.folder)
    if digest(found.folder / manifest.SUMS) != found.sha256:
        raise ReleaseError(f"{found.name} is niet wat is gepubliceerd: {manifest.SUMS} is veranderd")
    register.note_published(lake, zone)
    register.add(lake, Line(manifest.now(), zone, found.name, found.sha256, "definitief", door.strip(), omdat.strip()))
    register.write_status(lake, zone)
    return register.find(lake, zone, found.name)
