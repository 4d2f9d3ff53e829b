"""Writes the portal: one release as a few static pages, which need only a browser, no server and no network.

The scripts in `scripts/` filter, sort, draw and download figures, from the one file that `data.py` writes; the other pages are plain HTML.
Put here: the files of the portal. Keep out: their contents.
"""

from importlib.resources import as_file, files
from pathlib import Path
from shutil import copyfile

from jinja2 import Environment, PackageLoader, StrictUndefined

from orchestration.publication.renderings.portal.data import script
from orchestration.publication.renderings.portal.look import stylesheet
from orchestration.publication.renderings.portal.pages import FILTERS, pages_of
from orchestration.publication.renderings.sender import Sender
from orchestration.publication.renderings.source import Source

PARTS = "onderdelen"
SCRIPTS = (
    "libraries.js",
    "data.js",
    "rows.js",
    "choice.js",
    "precision.js",
    "columns.js",
    "table.js",
    "chart.js",
    "explanation.js",
    "others.js",
    "files.js",
    "search.js",
    "page.js",
)


def write(folder: Path, source: Source, earlier: Source | None, sender: Sender) -> None:
    """Write the portal of a release: `index.html`, and all files that it needs.

    Args:
        folder: An empty folder.
        source: The release.
        earlier: The previous release of the same zone; None if there is none to compare with.
        sender: Who publishes.
    """
    parts = folder / PARTS
    parts.mkdir()
    (parts / "data.js").write_text(script(source, sender), encoding="utf-8")
    (parts / "kleuren.css").write_text(stylesheet(sender.colours), encoding="utf-8")
    if sender.logo:
        (parts / sender.logo.file).write_bytes(sender.logo.content)
    with as_file(files(__package__)) as here:
        for path in sorted([*(here / "scripts").glob("*.js"), *(here / "vendor").glob("libraries*"), here / "portal.css"]):
            copyfile(path, parts / path.name)
    environment = Environment(
        loader=PackageLoader(__package__), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= FILTERS
    pages = pages_of(source, earlier)
    shared = {"source": source, "sender": sender, "menu": [(page.file, page.title) for page in pages], "parts": PARTS, "scripts": SCRIPTS}
    for page in pages:
        template = environment.get_template(f"{page.file}.jinja")
        (folder / page.file).write_text(template.render(shared, page=page, **page.context), encoding="utf-8")
