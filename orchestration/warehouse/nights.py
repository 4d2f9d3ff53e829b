"""Manages the kept nights: lists them, resolves the current one, and replaces it.

Put here: everything that changes or names a file in `warehouse/nachten`, or the tables behind a night in `werk/herkomst`. Keep out:
building, validating and opening the file.

A night is one immutable file, and `current.duckdb` is a symlink to one of them. Replacing it takes one atomic rename and no copy: a reader
opens either the old or the new night, and a reader that has the old one open keeps it, even after it is unlinked.

Each night has its own folder with a file of a fixed name, because DuckDB resolves the link and names the database after the file: a saved
query on `leerplicht.kern.melding` works every night, and a notebook that reconnects gets the new night, not the one it has open.
"""

import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from expectations.verdict import Verdict
from orchestration import audit, change, clock, whole
from orchestration.errors import LeerplichtError
from orchestration.housekeeping import NIGHTS
from orchestration.lake import Lake, layout
from orchestration.lake.files import digest, make_private, remove, replace_link, sync_folder
from orchestration.scrub import scrub

RECORDED = ("op", "wat", "nacht", "was", "door", "omdat", "sha256")
NAME = "%Y%m%dT%H%M%S.%fZ"
OURS = re.compile(r"\d{8}T\d{6}\.\d{6}Z")
PREVIOUS = "vorige"


class NightError(LeerplichtError):
    """There is no such night, or it cannot be made current; the message is for the user."""


@dataclass(frozen=True)
class Night:
    """One kept warehouse.

    Args:
        name: The UTC time at which it first became current: the name of its folder.
        path: The file.
        size: Size in bytes.
        is_current: Whether `current.duckdb` links to it.
    """

    name: str
    path: Path
    size: int
    is_current: bool

    @property
    def moment(self) -> datetime:
        """The time at which it first became current, UTC."""
        return datetime.strptime(self.name, NAME).replace(tzinfo=UTC)


def nights(lake: Lake) -> list[Night]:
    """Return all kept nights, newest first."""
    current = lake.warehouse_current.resolve()
    files = [file for name in sorted(_names(lake), reverse=True) if (file := lake.warehouse_night(name)).is_file()]
    return [Night(path.parent.name, path, path.stat().st_size, path.resolve() == current) for path in files]


def find(lake: Lake, name: str) -> Night:
    """Return the night with a name or an unambiguous prefix of it; `vorige` is the one before the night in use.

    Raises:
        NightError: None matches, or more than one.
    """
    kept = nights(lake)
    if name == PREVIOUS:
        name = next((before.name for before, now in zip(kept[1:], kept, strict=False) if now.is_current), name)
    found = [night for night in kept if night.name == name] or [night for night in kept if name and night.name.startswith(name)]
    if len(found) == 1:
        return found[0]
    wrong = "is geen bewaarde nacht" if not found else f"kan elk van {len(found)} nachten zijn"
    raise NightError(f"{name or 'niets'} {wrong}; er zijn: {', '.join(night.name for night in kept) or 'nog geen'}")


def to_compare(lake: Lake, name: str) -> Path:
    """Return the warehouse of a kept night, or of a look back (`leerplicht run --known-at`) at that instant.

    Raises:
        NightError: There is neither.
    """
    try:
        return find(lake, name).path
    except NightError as problem:
        try:
            looked_back = lake.as_known_at(datetime.fromisoformat(name)).warehouse_current
        except ValueError:
            raise problem from None
        if not looked_back.is_file():
            raise NightError(f"er is niet teruggekeken naar {name}; doe dat met leerplicht run --known-at {name}") from None
        return looked_back


def swap(lake: Lake, verdict: Verdict) -> Path:
    """Make this run's warehouse the current one, and remove all but the last nights (`housekeeping.NIGHTS`).

    Args:
        lake: The lake of the run that built it.
        verdict: The verdict of the gate; it must be green, and about exactly these bytes.

    Returns:
        The path at which analysts open it.

    Raises:
        GateError: The gate did not validate this file, or is red. Nothing changed.
    """
    verdict.require(lake.warehouse_build)
    _sync(lake.warehouse_build)
    before = _current_name(lake)
    name = _new_name(lake)
    night = lake.warehouse_night(name)
    night.parent.mkdir(parents=True)
    _keep_provenance(lake, name)
    lake.warehouse_build.replace(night)
    lake.set_access(night.parent)  # read-only for its owner too: a program that opens a night for writing would lock out all readers
    remove(lake.warehouse_build.parent)
    sync_folder(night.parent)
    sync_folder(lake.warehouse_nights)
    _put_in_place(lake, name, before, what="nacht", door="leerplicht run", omdat="", sha256=verdict.sha256)
    _remove_old(lake, before)
    return lake.warehouse_current


def rollback(lake: Lake, name: str, *, door: str, omdat: str) -> Night:
    """Make a kept night current again, until the next night replaces it; published releases do not change.

    Args:
        lake: The lake; the caller holds its lock, as a night in progress reads `current`.
        name: The night, or an unambiguous prefix of its name.
        door: Person who decides it.
        omdat: Reason; both are recorded.

    Raises:
        NightError: There is no such night, it is current already, or its file is damaged.
    """
    night = find(lake, name)
    if night.is_current:
        raise NightError(f"{night.name} is al de nacht die analisten openen")
    sha256 = next((line.get("sha256") for line in reversed(record(lake)) if (line["wat"], line["nacht"]) == ("nacht", night.name)), None)
    if sha256 and digest(night.path) != sha256:
        raise NightError(f"{night.path} is beschadigd; kies een andere nacht")
    _put_in_place(lake, night.name, _current_name(lake), what="terug", door=door, omdat=omdat)
    return night


def still_holds_removed(lake: Lake) -> datetime | None:
    """Return when persons were removed or renamed whom the warehouse that analysts open still holds; None if it holds none.

    Raises:
        DamageError: The record of changes is damaged.
    """
    current, removed = next((night for night in nights(lake) if night.is_current), None), change.latest(lake)
    return removed if current and removed and current.moment < removed else None


def record(lake: Lake) -> list[dict[str, str]]:
    """Return every replacement so far, oldest first: `op`, `wat` (nacht or terug), `nacht`, `was`, `door`, `omdat`; `sha256` of a nacht.

    Raises:
        DamageError: A line is not what was written.
    """
    return whole.read_journal(lake.warehouse_record, RECORDED, "de lijst van wisselingen")


def _names(lake: Lake) -> set[str]:
    """Return the names of the folders that we made, not those of copies placed next to them."""
    return {path.name for path in lake.warehouse_nights.glob("*") if OURS.fullmatch(path.name)}


def _current_name(lake: Lake) -> str:
    return next((night.name for night in nights(lake) if night.is_current), "")


def _new_name(lake: Lake) -> str:
    """Return a name that sorts after all existing ones, even if the clock was set back."""
    return max([clock.now(), *(night.moment + timedelta(microseconds=1) for night in nights(lake)[:1])]).strftime(NAME)


def _put_in_place(lake: Lake, name: str, before: str, *, what: str, door: str, omdat: str, sha256: str = "") -> None:
    # write the record first: a line about a replacement that a power cut prevented is better than a replacement without a line
    happens = audit.What.MAGAZIJN_TERUGGEZET if what == "terug" else audit.What.MAGAZIJN_GEWISSELD
    audit.record(lake, happens, door=door, nacht=name, was=before)
    now = clock.now().isoformat(timespec="seconds")
    line = {"op": now, "wat": what, "nacht": name, "was": before, "door": scrub(door), "omdat": scrub(omdat)}
    whole.append(lake.warehouse_record, line | ({"sha256": sha256} if sha256 else {}))
    replace_link(lake.warehouse_current, lake.warehouse_night(name))


def _keep_provenance(lake: Lake, name: str) -> None:
    """Keep the tables behind a night, apart from it: analysts get the night, and not what was delivered."""
    if lake.provenance_build.is_file():
        _sync(lake.provenance_build)
        make_private(lake.provenances)
        lake.set_access(lake.provenance_build, at=lake.provenance(name))
        lake.provenance_build.replace(lake.provenance(name))
        sync_folder(lake.provenances)


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _remove_old(lake: Lake, before: str) -> None:
    """Remove old nights, and the leftovers of a night that was killed here.

    The previous night is always kept, though it may be old after a rollback: a reader may have resolved the link but not opened the file
    yet. No night is kept from before persons were erased, purged or renamed in the lake: it still holds them. Nor one
    of a version with another layout.
    """
    since = max((moment for moment in (change.latest(lake), layout.since(Lake(lake.root))) if moment), default=None)
    number = NIGHTS if lake.moment is None else 1  # a look back that is made again replaces the last one
    outdated = {night.name for night in nights(lake) if since and night.moment < since and not night.is_current}
    kept = {before, *(night.name for place, night in enumerate(nights(lake)) if place < number or night.is_current)} - outdated
    for name in _names(lake) - kept:
        remove(lake.warehouse_night(name).parent)
    for path in lake.provenances.glob("*.duckdb"):
        if path.stem not in kept:
            remove(path)
