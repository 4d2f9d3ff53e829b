"""The nights that are kept: which there are, which one analysts open, and putting another in its place.

Put here: everything that changes or names a file in `warehouse/nachten`. Keep out: building and auditing the file, and opening it.

A night is a whole file that nobody changes once it is there, and `current.duckdb` is a link to one of them. So replacing costs no copy and
is one rename: who opens gets the one or the other, and who had the old night open goes on with it, also after its name is gone.

Each night has a folder of its own in which the file has always the same name, because DuckDB follows the link and names the database after
the file: a saved `leerplicht.kern.melding` works every night, and a notebook that opens anew gets the new night, not the one it holds.
"""

import json
import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from expectations.gate import Verdict
from orchestration.errors import LeerplichtError
from orchestration.lake import Lake, remove, replace_link, sync_folder

KEPT = 7
NAME = "%Y%m%dT%H%M%S.%fZ"
OURS = re.compile(r"\d{8}T\d{6}\.\d{6}Z")


class NightError(LeerplichtError):
    """There is no such night, or it cannot be put in place; the message is for who asked."""


@dataclass(frozen=True)
class Night:
    """One kept warehouse.

    Args:
        name: The UTC moment at which it was put in place first: the name of its folder.
        path: The file.
        size: Bytes.
        is_current: Whether it is the one that analysts open.
    """

    name: str
    path: Path
    size: int
    is_current: bool

    @property
    def moment(self) -> datetime:
        """When it was put in place first, UTC."""
        return datetime.strptime(self.name, NAME).replace(tzinfo=UTC)


def nights(lake: Lake) -> list[Night]:
    """All kept nights, newest first."""
    current = lake.warehouse_current.resolve()
    files = [file for name in sorted(_names(lake), reverse=True) if (file := lake.warehouse_night(name)).is_file()]
    return [Night(path.parent.name, path, path.stat().st_size, path.resolve() == current) for path in files]


def find(lake: Lake, name: str) -> Night:
    """The night of that name, or the only one whose name begins so.

    Raises:
        NightError: there is none, or more than one.
    """
    kept = nights(lake)
    found = [night for night in kept if night.name == name] or [night for night in kept if name and night.name.startswith(name)]
    if len(found) == 1:
        return found[0]
    wrong = "is geen bewaarde nacht" if not found else f"kan elk van {len(found)} nachten zijn"
    raise NightError(f"{name or 'niets'} {wrong}; er zijn: {', '.join(night.name for night in kept) or 'nog geen'}")


def to_compare(lake: Lake, name: str) -> Path:
    """The warehouse of a kept night, or the one that a look back (`leerplicht run --known-at`) at that instant made.

    Raises:
        NightError: there is neither.
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
    """Put this run's warehouse in the place of the last one, and remove the nights beyond the last seven.

    Args:
        lake: The lake of the run that built it.
        verdict: What the gate found; it must be green, and about these very bytes.

    Returns:
        Where analysts open it.

    Raises:
        GateError: The gate did not judge this file, or found it red. Nothing changed.
    """
    verdict.require(lake.warehouse_build)
    with lake.warehouse_build.open("rb") as file:
        os.fsync(file.fileno())
    before = _current_name(lake)
    name = _new_name(lake)
    night = lake.warehouse_night(name)
    night.parent.mkdir(parents=True)
    # nobody may write in a night: a program that opens it to write would lock out everyone else
    lake.warehouse_build.chmod(0o444)
    lake.warehouse_build.replace(night)
    remove(lake.warehouse_build.parent)
    sync_folder(night.parent)
    sync_folder(lake.warehouse_nights)
    _put_in_place(lake, name, before, what="nacht", door="leerplicht run", omdat="")
    _let_go(lake, before)
    return lake.warehouse_current


def rollback(lake: Lake, name: str, *, door: str, omdat: str) -> Night:
    """Put a kept night back in place, until the next night replaces it; what is published stays as it is.

    Args:
        lake: The lake; its lock is held by the caller, as a night in progress reads `current`.
        name: The night, or an unambiguous beginning of its name.
        door: Who decides it.
        omdat: Why; both stand in the record.

    Raises:
        NightError: there is no such night, or it is in place already.
    """
    night = find(lake, name)
    if night.is_current:
        raise NightError(f"{night.name} is al de nacht die analisten openen")
    _put_in_place(lake, night.name, _current_name(lake), what="terug", door=door, omdat=omdat)
    return night


def record(lake: Lake) -> list[dict[str, str]]:
    """Every replacement so far, oldest first: `op`, `wat` (nacht or terug), `nacht`, `was`, `door`, `omdat`."""
    if not lake.warehouse_record.exists():
        return []
    return [json.loads(line) for line in lake.warehouse_record.read_text(encoding="utf-8").splitlines()]


def _names(lake: Lake) -> set[str]:
    """The folders that are ours; a copy that somebody put beside them is not."""
    return {path.name for path in lake.warehouse_nights.glob("*") if OURS.fullmatch(path.name)}


def _current_name(lake: Lake) -> str:
    return next((night.name for night in nights(lake) if night.is_current), "")


def _new_name(lake: Lake) -> str:
    """A name after all that there are, also when the clock was set back."""
    return max([datetime.now(UTC), *(night.moment + timedelta(microseconds=1) for night in nights(lake)[:1])]).strftime(NAME)


def _put_in_place(lake: Lake, name: str, before: str, *, what: str, door: str, omdat: str) -> None:
    # on record first: a line about a replacement that a power cut prevented is better than one that nobody can explain
    now = datetime.now(UTC).isoformat(timespec="seconds")
    line = {"op": now, "wat": what, "nacht": name, "was": before, "door": door, "omdat": omdat}
    with lake.warehouse_record.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")
        file.flush()
        os.fsync(file.fileno())
    replace_link(lake.warehouse_current, lake.warehouse_night(name))


def _let_go(lake: Lake, before: str) -> None:
    """Remove what is not of the last nights: older ones, and what a night left that was killed here.

    The one that was in place until now stays in any case, though it may be old after a rollback: somebody may be between following the link
    and opening the file.
    """
    kept = {before, *(night.name for place, night in enumerate(nights(lake)) if place < KEPT or night.is_current)}
    for name in _names(lake) - kept:
        remove(lake.warehouse_night(name).parent)
