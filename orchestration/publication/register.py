"""The history of the releases: which were published, in which order, which are definitief, and who decided that.

A release is never altered, so its status is stored next to it. `register.jsonl` is append-only, and names of persons stay in `intern`.
`status.json` and `current.json` of each zone are derived from it for readers. Each line and each status carries the hash of the release's
`SHA256SUMS`, and so covers every byte: an altered release has no status.

Put here: reading and appending to the register, finding a release by name, and writing the status files. Keep out: making a release
(`release.py`), and deciding that one is definitief (`approval.py`).
"""

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Literal

from orchestration import audit, whole
from orchestration.lake import Lake
from orchestration.lake.files import digest, make_private, remove, replace_link
from orchestration.publication import manifest
from orchestration.publication.integrity import ReleaseError
from orchestration.scrub import scrub

ZONES = ("intern", "openbaar")
RELEASES = "releases"
CURRENT = "current"
STATUS = "status.json"
REGISTER = "het register"
VOORLOPIG = "voorlopig"
DEFINITIEF = "definitief"
ELSEWHERE = "gedrukt-"  # name prefix of figures printed by others, which are stored next to the proofs of the releases


@dataclass(frozen=True)
class Line:
    """One event in the history of a release.

    Args:
        op: Time of the event, UTC.
        zone: `intern` or `openbaar`.
        release: Name of the release.
        sha256: The hash of its `SHA256SUMS`.
        wat: Kind of event.
        door: Person who decided it; empty for a night.
        omdat: Reason; may be empty. Of a release that was put aside: the altered files.
    """

    op: str
    zone: str
    release: str
    sha256: str
    wat: Literal["gepubliceerd", "definitief", "opzijgezet"]
    door: str = ""
    omdat: str = ""


@dataclass(frozen=True)
class Release:
    """A release that exists on disk, and its status.

    Args:
        zone: `intern` or `openbaar`.
        folder: Its folder; the name of the folder is the name of the release.
        sha256: The hash of its `SHA256SUMS` when it was published.
        approved: The line that made it definitief, if any.
    """

    zone: str
    folder: Path
    sha256: str
    approved: Line | None

    @property
    def name(self) -> str:
        """The release's name."""
        return self.folder.name

    @property
    def status(self) -> str:
        """`voorlopig` or `definitief`."""
        return DEFINITIEF if self.approved else VOORLOPIG


def lines(lake: Lake, zone: str) -> list[Line]:
    """Return all lines of a zone, oldest first.

    Raises:
        DamageError: A line is not what was written.
    """
    found = whole.read_journal(lake.register, [field.name for field in fields(Line)], REGISTER)
    return [line for line in (Line(**line) for line in found) if line.zone == zone]


def add(lake: Lake, *lines: Line) -> None:
    """Append lines, all or none, with identifiers masked; to the audit log first."""
    masked = [replace(line, door=scrub(line.door), omdat=scrub(line.omdat)) for line in lines]
    for line in masked:
        audit.record(lake, audit.What(line.wat), door=line.door, zone=line.zone, release=line.release, hash=line.sha256)
    whole.append(lake.register, *map(asdict, masked))


def published(lake: Lake, zone: str) -> list[str]:
    """Return the names of all releases that were ever visible to readers, in order of publication.

    Includes releases whose folder was deleted, as published data stays known, and a release that a killed night moved into place but did
    not register. Excludes one of which only the proof was moved into place, as no reader ever saw it.
    """
    on_record = list(_sums(lake, zone))
    return [*on_record, *(folder.name for folder in _not_on_record(lake, zone, on_record))]


def note_published(lake: Lake, zone: str, made: str = "") -> None:
    """Register every release that is in place but not registered yet: that of this night, or of one that was killed before it could.

    Args:
        lake: The lake.
        zone: `intern` or `openbaar`.
        made: The release that was just moved into place; registered again if a deleted release of the same name was registered before.
    """
    on_record = _sums(lake, zone)
    made_now = [lake.published(zone) / RELEASES / made] if made in on_record else []
    for folder in [*made_now, *_not_on_record(lake, zone, list(on_record))]:
        add(lake, Line(manifest.now(), zone, folder.name, digest(folder / manifest.SUMS), "gepubliceerd"))


def elsewhere(lake: Lake) -> list[str]:
    """Return the names of the stored sets of figures that others printed."""
    return sorted(folder.name for folder in lake.proofs.glob(f"{ELSEWHERE}*"))


def remember(lake: Lake, then: Lake, names: Collection[str]) -> None:
    """Link published releases of `openbaar` and figures printed by others into another lake, as if that lake had published them.

    Args:
        lake: The lake that published them.
        then: The lake in which an earlier state is reproduced.
        names: The names to link.
    """
    known = published(then, "openbaar")
    make_private(then.proofs)
    for name in elsewhere(lake):
        if name in names:
            remove(then.proof_of(name))
            replace_link(then.proof_of(name), lake.proof_of(name))
    for line in lines(lake, "openbaar"):
        if line.wat == "gepubliceerd" and line.release in names and line.release not in known:
            remove(then.proof_of(line.release))
            replace_link(then.proof_of(line.release), lake.proof_of(line.release))
            whole.append(then.register, asdict(line))
            known.append(line.release)


def releases(lake: Lake, zone: str) -> list[Release]:
    """Return the releases that exist on disk, in order of publication."""
    sums = _sums(lake, zone)
    # an approval covers bytes, not a name: a release that was lost and made again has another manifest
    approved = {line.release: line for line in lines(lake, zone) if line.wat == "definitief" and line.sha256 == sums.get(line.release)}
    folders = [lake.published(zone) / RELEASES / name for name in published(lake, zone)]
    return [
        Release(zone, folder, sums.get(folder.name) or digest(folder / manifest.SUMS), approved.get(folder.name))
        for folder in folders
        if folder.is_dir()
    ]


def audit_heads(lake: Lake) -> dict[str, str]:
    """Return the head of the audit log that each release on disk names in its manifest, by zone and name."""
    found = {f"{zone}/{one.name}": manifest.read(one.folder).get(manifest.AUDITLOG) for zone in ZONES for one in releases(lake, zone)}
    return {name: head for name, head in found.items() if head}


def find(lake: Lake, zone: str, name: str) -> Release:
    """Return the release with a name or an unambiguous prefix of it; `current` is the one that readers see.

    Raises:
        ReleaseError: None matches, or more than one.
    """
    there = releases(lake, zone)
    wanted = (lake.published(zone) / CURRENT).resolve().name if name == CURRENT else name
    found = [one for one in there if one.name == wanted] or [one for one in there if wanted and one.name.startswith(wanted)]
    if len(found) == 1:
        return found[0]
    wrong = "is geen release" if not found else f"kan elk van {len(found)} releases zijn"
    listed = ", ".join(one.name for one in reversed(there[-5:])) or "nog geen"
    raise ReleaseError(f"{name or 'niets'} {wrong} in {zone}; de laatste zijn: {listed}")


def status_of(folder: Path) -> str:
    """Return the published status of a release, looked up by the hash of exactly these bytes.

    Args:
        folder: The release's own folder, in its zone.
    """
    status_file = folder.parents[1] / STATUS
    listed = json.loads(status_file.read_text(encoding="utf-8"))["releases"] if status_file.is_file() else []
    sums = digest(folder / manifest.SUMS)
    return next((str(one["status"]) for one in listed if (one["release"], one["sha256"]) == (folder.name, sums)), VOORLOPIG)


def write_status(lake: Lake, zone: str) -> None:
    """Write `status.json` with the status of each release, and `current.json` for clients that cannot follow a symlink."""
    folder = lake.published(zone)
    there = releases(lake, zone)
    listed = [
        {"release": one.name, "status": one.status, "definitief_sinds": one.approved.op if one.approved else None, "sha256": one.sha256}
        for one in there
    ]
    _replace_changed(lake, folder / STATUS, {"releases": listed})
    if not (folder / CURRENT).is_symlink():
        remove(folder / f"{CURRENT}.json")  # the only release was put aside
        return
    name = (folder / CURRENT).readlink().name
    status = next((one.status for one in there if one.name == name), VOORLOPIG)
    _replace_changed(lake, folder / f"{CURRENT}.json", {"release": name, "map": f"{RELEASES}/{name}", "status": status})


def _replace_changed(lake: Lake, path: Path, content: object) -> None:
    wanted = json.dumps(content, ensure_ascii=False).encode() + b"\n"
    if not path.is_file() or path.read_bytes() != wanted:
        lake.write(path, wanted)


def _sums(lake: Lake, zone: str) -> dict[str, str]:
    """Return the hash with which each registered release was last published, in order of publication."""
    return {line.release: line.sha256 for line in lines(lake, zone) if line.wat == "gepubliceerd"}


def _not_on_record(lake: Lake, zone: str, on_record: list[str]) -> list[Path]:
    made = {
        folder: manifest.read(folder)["gemaakt"]
        for folder in (lake.published(zone) / RELEASES).glob("[!.]*/")
        if folder.name not in on_record
    }
    return sorted(made, key=lambda folder: (made[folder], folder.name))
