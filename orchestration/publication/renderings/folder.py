"""Writes all renderings of one release to one folder: all of them or none.

They are written to a temporary folder, which is then renamed: a killed run leaves the old folder, or none, and a dot folder that the next
run removes. Put here: the list of renderings, and moving them into place. Keep out: their contents.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from orchestration.errors import LeerplichtError
from orchestration.lake import Lake
from orchestration.lake.files import digest, remove
from orchestration.publication import register, report_tables
from orchestration.publication.extract import REGIO
from orchestration.publication.renderings import (
    brief,
    editions,
    factsheet,
    factsheet_html,
    factsheet_pdf,
    others,
    portal,
    slides,
    source,
    workbook,
)
from orchestration.publication.renderings.editions import Edition
from orchestration.publication.renderings.sender import Sender
from orchestration.publication.renderings.source import Source
from orchestration.publication.report_tables import Area

LIST = "weergaven.json"
PORTAL = "portaal"
TOGETHER = "samen"
SLIDES = "dias"
LONG = "uitgebreid"


class RenderingError(LeerplichtError):
    """The requested rendering is impossible, or cannot be written there; the message gives the reason."""


@dataclass(frozen=True)
class Choice:
    """The part of a release to render.

    Args:
        year: The schooljaar of the factsheets.
        gemeenten: Each gets a factsheet and slides, and all together get those with the regio.
    """

    year: str
    gemeenten: tuple[Area, ...]


def read(lake: Lake, zone: str, name: str) -> tuple[Source, Source | None]:
    """Read a release, and the one published before it.

    Args:
        lake: The lake.
        zone: `intern` or `openbaar`.
        name: The release's name, a prefix of it, or `current`.

    Returns:
        The release, and the one before it; None if it is the first.

    Raises:
        ReleaseError: There is no such release, or one of the two was altered since it was published.
    """
    wanted = register.find(lake, zone, name)
    there = register.releases(lake, zone)
    place = [one.name for one in there].index(wanted.name)
    return source.read(wanted.folder), source.read(there[place - 1].folder) if place else None


def choose(release: Source, year: str | None = None, codes: Sequence[str] = ()) -> Choice:
    """Select the schooljaar and gemeenten to render.

    Args:
        release: The release.
        year: The schooljaar; None for the last one.
        codes: The codes of the gemeenten; empty for all.

    Raises:
        RenderingError: The release does not have that schooljaar or gemeente.
    """
    years = report_tables.years(release.figures, at_most=None)
    if year is not None and year not in years:
        raise RenderingError(f"schooljaar {year!r} staat niet in release {release.release}; zij heeft: {', '.join(years)}")
    there = {area.code: area for area in release.areas if area.code != REGIO}
    for code in codes:
        if code not in there:
            known = ", ".join(f"{area.code} ({area.name})" for area in there.values())
            raise RenderingError(f"gemeente {code!r} staat niet in release {release.release}; zij heeft: {known}")
    return Choice(year or years[-1], tuple(area for code, area in there.items() if not codes or code in codes))


def write(
    lake: Lake,
    folder: Path,
    release: Source,
    earlier: Source | None,
    choice: Choice,
    sender: Sender,
    report: Callable[[str], None] = lambda _name: None,
) -> None:
    """Write all renderings of a release, replacing those of an earlier run.

    Wherever the folder is, it is for the readers of the zone of the release.

    Args:
        lake: The lake that published the release.
        folder: Folder to write; absent, or written by this function before.
        release: The release.
        earlier: The previous release of its zone, if any, for the page of changes.
        choice: The part to render.
        sender: Who publishes.
        report: Called with the name of each rendering before it is made.

    Raises:
        RenderingError: The folder holds other files, which are left untouched, or everybody would read there what is not for everybody.
    """
    if release.zone != "openbaar" and folder.resolve().is_relative_to(lake.published("openbaar")):
        raise RenderingError(f"{folder} is voor iedereen, en dit is {release.zone}; kies een andere plaats")
    _check_ours(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    new, old = (folder.with_name(f".{folder.name}.{word}") for word in ("nieuw", "oud"))
    remove(new)
    remove(old)
    new.mkdir()
    history = editions.of(lake, release)
    _make(new, release, earlier, choice, sender, history, report)
    _list(new, release, choice, sender, history)
    lake.set_access(new, at=lake.renderings_of(release.zone, release.release))
    if folder.exists():
        folder.rename(old)
    new.rename(folder)
    remove(old)


def is_whole(folder: Path) -> bool:
    """Return whether the folder has exactly the files that this module wrote there."""
    return _listed(folder, "bestanden") == {name: digest(folder / name) for name in _files(folder) - {LIST}}


def tells(folder: Path, statuses: Mapping[str, str]) -> bool:
    """Return whether the renderings in a folder tell the status of their release and those before it as it is."""
    return _listed(folder, "statussen") == statuses


def is_by(folder: Path, sender: Sender) -> bool:
    """Return whether a whole folder was written for this sender, with this name, colour, logo and so on."""
    return _listed(folder, "afzender") == sender.sha256


def _listed(folder: Path, field: str) -> object:
    """Return a field of the list of files; None if the list has none, is absent, or was altered."""
    try:
        return cast("object", json.loads((folder / LIST).read_bytes())[field])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _make(
    folder: Path,
    release: Source,
    earlier: Source | None,
    choice: Choice,
    sender: Sender,
    history: Sequence[Edition],
    report: Callable[[str], None],
) -> None:
    regio = [area for area in release.areas if area.code == REGIO]
    sheets = {area.code: (area,) for area in choice.gemeenten} | {TOGETHER: (*choice.gemeenten, *regio)}
    for name, areas in sheets.items():
        report(f"factsheet {', '.join(area.name for area in areas)}")
        short, long = f"factsheet-{name}", f"factsheet-{name}-{LONG}"
        for file, made in (
            (short, brief.make(release, areas, choice.year, sender, long)),
            (long, factsheet.make(release, areas, choice.year, sender)),
        ):
            factsheet_html.write(folder / f"{file}.html", made, sender)
            factsheet_pdf.write(folder / f"{file}.pdf", made, sender, release.kennisdatum)
    report("werkboek")
    workbook.write(
        folder / workbook.FILE,
        release.figures,
        release.indicators,
        release.zone,
        release.breakdowns,
        release.tables.get(others.TABLE, ()),
        workbook.origin(release, sender),
    )
    report("dia's")
    (folder / SLIDES).mkdir()
    slides.write(folder / SLIDES, release, (*choice.gemeenten, *regio), choice.year, sender)
    report("portaal")
    (folder / PORTAL).mkdir()
    portal.write(folder / PORTAL, release, earlier, sender, history)


def _list(folder: Path, release: Source, choice: Choice, sender: Sender, history: Sequence[Edition]) -> None:
    """Write the list of files and their source, by which a later run recognises that the folder may be replaced."""
    content = {
        "release": release.release,
        "zone": release.zone,
        "status": release.status,
        "statussen": {edition.release: edition.status for edition in history},
        "schooljaar": choice.year,
        "gemeenten": [area.code for area in choice.gemeenten],
        "afzender": sender.sha256,
        "bestanden": {name: digest(folder / name) for name in sorted(_files(folder))},
    }
    (folder / LIST).write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _check_ours(folder: Path) -> None:
    """Raise if the folder holds anything that was not written by this module."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise RenderingError(f"{folder} is geen map; kies een andere plaats")
    if not folder.exists() or not any(folder.iterdir()):
        return
    list_file = folder / LIST
    listed = set(json.loads(list_file.read_text(encoding="utf-8"))["bestanden"]) if list_file.is_file() else set()
    if foreign := sorted(_files(folder) - listed - {LIST}):
        raise RenderingError(f"in {folder} staat al iets anders ({foreign[0]}); kies een andere plaats, of maak die leeg")


def _files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir()}
