"""The life of the releases: which were published, in which order, which are definitief, and who decided that.

A release is never altered, so what becomes of it stands beside it. `register.jsonl` is the record: lines are added, none is changed, and
names of persons stay in `intern`. `status.json` and `current.json` of each zone tell readers what follows from it; they hold nothing of
their own. Each line and each status carries the hash of the release's `SHA256SUMS`, and with it of every byte: an altered release has no
status.

Put here: reading and extending the record, finding a release by name, and telling readers. Keep out: making a release (`release.py`), and
deciding that one is definitief (`approval.py`).
"""

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from orchestration.lake import Lake, digest, make_private, remove, replace_bytes, replace_link
from orchestration.publication import manifest
from orchestration.publication.integrity import ReleaseError

ZONES = ("intern", "openbaar")
RELEASES = "releases"
CURRENT = "current"
STATUS = "status.json"
VOORLOPIG = "voorlopig"
DEFINITIEF = "definitief"
ELSEWHERE = "gedrukt-"  # with which the name begins of figures that others printed, where they are remembered beside the releases


@dataclass(frozen=True)
class Line:
    """One event in the life of a release.

    Args:
        op: When, UTC.
        zone: `intern` or `openbaar`.
        release: Its name.
        sha256: The hash of its `SHA256SUMS`.
        wat: What happened.
        door: Who decided it; empty for a night.
        omdat: Why; may be empty.
    """

    op: str
    zone: str
    release: str
    sha256: str
    wat: Literal["gepubliceerd", "definitief"]
    door: str = ""
    omdat: str = ""


@dataclass(frozen=True)
class Release:
    """A release that is there, and what it is worth.

    Args:
        zone: `intern` or `openbaar`.
        folder: Where it is; the folder's name is the release's.
        sha256: The hash of its `SHA256SUMS` when it was published.
        approved: The line that made it definitief, if there is one.
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
    """Everything on record of a zone, oldest first."""
    if not lake.register.is_file():
        return []
    found = [Line(**json.loads(line)) for line in lake.register.read_text(encoding="utf-8").splitlines()]
    return [line for line in found if line.zone == zone]


def add(lake: Lake, line: Line) -> None:
    """Put a line on record. The whole file is replaced, so that a power cut cannot leave half a line."""
    before = lake.register.read_bytes() if lake.register.is_file() else b""
    replace_bytes(lake.register, before + json.dumps(asdict(line), ensure_ascii=False).encode() + b"\n")


def published(lake: Lake, zone: str) -> list[str]:
    """The names of all releases that readers could ever see, in the order in which they appeared.

    Also those whose folder is gone: what was public once stays known. And also one that a killed night put in place and did not get on
    record; not one of which only the proof got in place, for nobody ever saw it.
    """
    on_record = list(_sums(lake, zone))
    return [*on_record, *(folder.name for folder in _not_on_record(lake, zone, on_record))]


def note_published(lake: Lake, zone: str, made: str = "") -> None:
    """Put on record what is in place and not on record yet: the release of this night, or of one that was killed before it did so.

    Args:
        lake: The lake.
        zone: `intern` or `openbaar`.
        made: The release that was put in place just now; on record once more when an earlier one of that name was, which is gone.
    """
    on_record = _sums(lake, zone)
    made_now = [lake.published(zone) / RELEASES / made] if made in on_record else []
    for folder in [*made_now, *_not_on_record(lake, zone, list(on_record))]:
        add(lake, Line(manifest.now(), zone, folder.name, digest(folder / manifest.SUMS), "gepubliceerd"))


def elsewhere(lake: Lake) -> list[str]:
    """The names of what is remembered besides the releases: figures that others printed."""
    return sorted(folder.name for folder in lake.proofs.glob(f"{ELSEWHERE}*"))


def remember(lake: Lake, then: Lake, names: Collection[str]) -> None:
    """Let another lake know of releases of `openbaar` as if it had published them, and of what others printed.

    Args:
        lake: Where they were published.
        then: Where a release is made as things stood then.
        names: Which of them were there then.
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
            add(then, line)
            known.append(line.release)


def releases(lake: Lake, zone: str) -> list[Release]:
    """The releases that are there, in the order in which they appeared."""
    sums = _sums(lake, zone)
    # what was approved is bytes, not a name: a release that was lost and made again has another manifest
    approved = {line.release: line for line in lines(lake, zone) if line.wat == "definitief" and line.sha256 == sums.get(line.release)}
    folders = [lake.published(zone) / RELEASES / name for name in published(lake, zone)]
    return [
        Release(zone, folder, sums.get(folder.name) or digest(folder / manifest.SUMS), approved.get(folder.name))
        for folder in folders
        if folder.is_dir()
    ]


def find(lake: Lake, zone: str, name: str) -> Release:
    """The release of that name, or the only one whose name begins so; `current` is the one that readers see.

    Raises:
        ReleaseError: There is none, or more than one.
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
    """What readers are told of a release: the status of exactly these bytes, by their hash.

    Args:
        folder: The release's own folder, in its zone.
    """
    told = folder.parents[1] / STATUS
    worth = json.loads(told.read_text(encoding="utf-8"))["releases"] if told.is_file() else []
    sums = digest(folder / manifest.SUMS)
    return next((str(one["status"]) for one in worth if (one["release"], one["sha256"]) == (folder.name, sums)), VOORLOPIG)


def tell(lake: Lake, zone: str) -> None:
    """Tell the readers of a zone what its releases are worth: `status.json`, and `current.json` for who cannot follow a link."""
    folder = lake.published(zone)
    there = releases(lake, zone)
    worth = [
        {"release": one.name, "status": one.status, "definitief_sinds": one.approved.op if one.approved else None, "sha256": one.sha256}
        for one in there
    ]
    _replace_changed(folder / STATUS, {"releases": worth})
    name = (folder / CURRENT).readlink().name
    status = next((one.status for one in there if one.name == name), VOORLOPIG)
    _replace_changed(folder / f"{CURRENT}.json", {"release": name, "map": f"{RELEASES}/{name}", "status": status})


def _replace_changed(path: Path, content: object) -> None:
    wanted = json.dumps(content, ensure_ascii=False).encode() + b"\n"
    if not path.is_file() or path.read_bytes() != wanted:
        replace_bytes(path, wanted)


def _sums(lake: Lake, zone: str) -> dict[str, str]:
    """Of each release on record, in the order in which they appeared, the hash with which it was published last."""
    return {line.release: line.sha256 for line in lines(lake, zone) if line.wat == "gepubliceerd"}


def _not_on_record(lake: Lake, zone: str, on_record: list[str]) -> list[Path]:
    made = {
        folder: json.loads((folder / manifest.MANIFEST).read_text(encoding="utf-8"))["gemaakt"]
        for folder in (lake.published(zone) / RELEASES).glob("[!.]*/")
        if folder.name not in on_record
    }
    return sorted(made, key=lambda folder: (made[folder], folder.name))
