"""Making a release definitief: a person decides, the register says who and why, and there is no way back.

Put here: which release may be approved. Keep out: the record itself (`register.py`).
"""

from orchestration.lake import Lake, digest
from orchestration.publication import integrity, manifest, register
from orchestration.publication.integrity import ReleaseError
from orchestration.publication.register import Line, Release


def approve(lake: Lake, zone: str, name: str, *, door: str, omdat: str) -> Release:
    """Make a release definitief. Nobody else may be working on the lake.

    Args:
        lake: The lake.
        zone: `intern` or `openbaar`.
        name: The release, the beginning of its name, or `current`.
        door: Who decides it.
        omdat: Why; may be empty.

    Returns:
        The release, now definitief.

    Raises:
        ReleaseError: There is no such release, it is definitief already, or it is not what was published.
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
    register.tell(lake, zone)
    return register.find(lake, zone, found.name)
