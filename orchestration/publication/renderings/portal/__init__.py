"""Writes the portal: one release as a few static pages, which need only a browser, no server and no network.

The scripts in `scripts/` filter, sort, draw and download figures, from the one file that `data.py` writes; the other pages are plain HTML.
Put here: the files of the portal. Keep out: their contents.
"""

from collections.abc import Sequence
from importlib.resources import as_file, files
from pathlib import Path
from shutil import copyfile

from jinja2 import Environment, PackageLoader, StrictUndefined

from orchestration.publication.renderings import editions
from orchestration.publication.renderings.editions import Edition
from orchestration.publication.renderings.portal import feed, front
from orchestration.publication.renderings.portal.data import FIGURES, scripts
from orchestration.publication.renderings.portal.look import stylesheet
from orchestration.publication.renderings.portal.pages import FILTERS, pages_of
from orchestration.publication.renderings.sender import TITLE, Sender
from orchestration.publication.renderings.source import Source

PARTS = "onderdelen"
SHOWING = (  # what shows figures, on whichever page
    "libraries.scales.js",
    "data.js",
    "load.js",
    "rows.js",
    "choice.js",
    "names.js",
    "precision.js",
    "columns.js",
    "message.js",
    "explanation.js",
    "drawing.js",
    "chart.js",
    "table.js",
)
CHOOSING = ("picture.js", "others.js", "files.js", "sharing.js", "search.js", "page.js")
SCRIPTS = {"cijfers.html": (*SHOWING, *CHOOSING), "insluiten.html": (*SHOWING, "embed.js")}


def write(folder: Path, source: Source, earlier: Source | None, sender: Sender, history: Sequence[Edition] = ()) -> None:
    """Write the portal of a release: `index.html`, and all files that it needs.

    Args:
        folder: An empty folder.
        source: The release.
        earlier: The previous release of the same zone; None if there is none to compare with.
        sender: Who publishes.
        history: The releases of the zone up to this one, the last first; empty if only this one is known.
    """
    known = history or [editions.alone(source)]
    parts = folder / PARTS
    parts.mkdir()
    (parts / FIGURES).mkdir()
    for name, text in scripts(source, sender):
        (parts / name).write_text(text, encoding="utf-8")
    (parts / "kleuren.css").write_text(stylesheet(sender.colours), encoding="utf-8")
    if sender.logo:
        (parts / sender.logo.file).write_bytes(sender.logo.content)
    with as_file(files(__package__)) as here:
        for path in sorted([*(here / "scripts").glob("*.js"), *(here / "vendor").glob("libraries*"), *here.glob("*.css")]):
            copyfile(path, parts / path.name)
    environment = Environment(
        loader=PackageLoader(__package__), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= FILTERS
    pages = pages_of(source, earlier, known)
    shared = {"source": source, "sender": sender, "pages": pages, "parts": PARTS, "scripts": SCRIPTS, "feed": feed.FILE, "title": TITLE}
    shared["has_gemeenten"] = len(front.areas(source)) > 1
    for page in pages:
        template = environment.get_template(f"{page.template or page.file}.jinja")
        (folder / page.file).write_text(template.render(shared, page=page, **page.context), encoding="utf-8")
    (folder / feed.FILE).write_bytes(feed.write(known, source.zone, sender))
