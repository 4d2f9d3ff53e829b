"""All that people look at of one release, made into one folder: complete or not at all.

Written beside, then put in place: a run that is killed leaves the old folder, or none, and something with a dot before its name that the
next run removes. Put here: which renderings there are, and putting them in place. Keep out: what stands in them.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from orchestration.errors import LeerplichtError
from orchestration.lake import Lake, digest, remove
from orchestration.publication import register, report_tables
from orchestration.publication.extract import REGIO
from orchestration.publication.renderings import factsheet, factsheet_html, factsheet_pdf, portal, source, workbook
from orchestration.publication.renderings.source import Source
from orchestration.publication.report_tables import Area

LIST = "weergaven.json"
PORTAL = "portaal"
TOGETHER = "samen"


class RenderingError(LeerplichtError):
    """What was asked cannot be shown, or not there; the message says why."""


@dataclass(frozen=True)
class Choice:
    """What is shown of a release.

    Args:
        year: The schooljaar of the factsheets.
        gemeenten: A factsheet each, and together one with the regio.
    """

    year: str
    gemeenten: tuple[Area, ...]


def read(lake: Lake, zone: str, name: str) -> tuple[Source, Source | None]:
    """Read a release, and the one that readers saw before it.

    Args:
        lake: The lake.
        zone: `intern` or `openbaar`.
        name: The release's name, the beginning of it, or `current`.

    Returns:
        The release, and the one before it; None when it is the first.

    Raises:
        ReleaseError: There is no such release, or one of the two was altered since it was published.
    """
    wanted = register.find(lake, zone, name)
    there = register.releases(lake, zone)
    place = [one.name for one in there].index(wanted.name)
    return source.read(wanted.folder), source.read(there[place - 1].folder) if place else None


def choose(release: Source, year: str | None = None, codes: Sequence[str] = ()) -> Choice:
    """Find what was asked for in a release.

    Args:
        release: It.
        year: The schooljaar; None: the last one.
        codes: The codes of the gemeenten; none: all of them.

    Raises:
        RenderingError: The release does not have it.
    """
    years = report_tables.years(release.figures, at_most=None)
    if year is not None and year not in years:
        raise RenderingError(f"schooljaar {year!r} staat niet in release {release.release}; zij heeft: {', '.join(years)}")
    there = {area.code: area for area in report_tables.areas(release.figures) if area.code != REGIO}
    for code in codes:
        if code not in there:
            known = ", ".join(f"{area.code} ({area.name})" for area in there.values())
            raise RenderingError(f"gemeente {code!r} staat niet in release {release.release}; zij heeft: {known}")
    return Choice(year or years[-1], tuple(area for code, area in there.items() if not codes or code in codes))


def write(
    folder: Path,
    release: Source,
    earlier: Source | None,
    choice: Choice,
    report: Callable[[str], None] = lambda _name: None,
) -> None:
    """Make all renderings of a release and put them in place, instead of those that an earlier run put there.

    Args:
        folder: Where; there is nothing there, or what this made before.
        release: It.
        earlier: The one before it in its zone, if there is one, for what changed since.
        choice: What of it is shown.
        report: Called with what is made next.

    Raises:
        RenderingError: Something else is in that place, which stays as it is.
    """
    _check_ours(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside, before = (folder.with_name(f".{folder.name}.{word}") for word in ("nieuw", "oud"))
    remove(beside)
    remove(before)
    beside.mkdir()
    _make(beside, release, earlier, choice, report)
    _list(beside, release, choice)
    if folder.exists():
        folder.rename(before)
    beside.rename(folder)
    remove(before)


def _make(folder: Path, release: Source, earlier: Source | None, choice: Choice, report: Callable[[str], None]) -> None:
    regio = [area for area in report_tables.areas(release.figures) if area.code == REGIO]
    sheets = {area.code: (area,) for area in choice.gemeenten} | {TOGETHER: (*choice.gemeenten, *regio)}
    for name, areas in sheets.items():
        report(f"factsheet {', '.join(area.name for area in areas)}")
        made = factsheet.make(release, areas, choice.year)
        factsheet_html.write(folder / f"factsheet-{name}.html", made)
        factsheet_pdf.write(folder / f"factsheet-{name}.pdf", made, release.kennisdatum)
    report("werkboek")
    workbook.write(folder / workbook.FILE, release.figures, release.indicators, release.zone)
    report("portaal")
    (folder / PORTAL).mkdir()
    portal.write(folder / PORTAL, release, earlier)


def _list(folder: Path, release: Source, choice: Choice) -> None:
    """Say what is in the folder and of what it was made: by this a later run knows that all of it may be replaced."""
    told = {
        "release": release.release,
        "zone": release.zone,
        "status": release.status,
        "schooljaar": choice.year,
        "gemeenten": [area.code for area in choice.gemeenten],
        "bestanden": {name: digest(folder / name) for name in sorted(_files(folder))},
    }
    (folder / LIST).write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _check_ours(folder: Path) -> None:
    """Refuse a place that holds anything else than what this made."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise RenderingError(f"{folder} is geen map; kies een andere plaats")
    if not folder.exists() or not any(folder.iterdir()):
        return
    told = folder / LIST
    listed = set(json.loads(told.read_text(encoding="utf-8"))["bestanden"]) if told.is_file() else set()
    if foreign := sorted(_files(folder) - listed - {LIST}):
        raise RenderingError(f"in {folder} staat al iets anders ({foreign[0]}); kies een andere plaats, of maak die leeg")


def _files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir()}
