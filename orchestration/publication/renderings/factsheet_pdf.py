"""Renders a factsheet as a PDF for screen readers (PDF/UA-1), and slides as pictures, typeset by Typst from their contents as JSON.

Put here: typesetting. Keep out: contents (`brief.py`, `factsheet.py`, `slides.py`), and style (the templates, each named after its layout).
"""

import functools
import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

from orchestration.publication.renderings import letters
from orchestration.publication.renderings.brief import Brief
from orchestration.publication.renderings.factsheet import Factsheet
from orchestration.publication.renderings.sender import Sender

TEMPLATES = Path(__file__).with_name("templates") / "factsheet"
SHORT, LONG, SLIDES = "kort", "uitgebreid", "dias"


def write(path: Path, sheet: Brief | Factsheet, sender: Sender, moment: datetime) -> None:
    """Write a factsheet; the same factsheet gives the same bytes.

    Args:
        path: File to write.
        sheet: The factsheet, short or long.
        sender: Who publishes.
        moment: Creation date in the PDF: not the current time, but that of the newest figures.
    """
    _compiler(sheet, sender).compile(output=path, format="pdf", pdf_standards=["ua-1"], timestamp=moment)


def picture(path: Path, sheet: Brief | Factsheet, sender: Sender, pixels_per_inch: float) -> None:
    """Render the first page as PNG, as a preview."""
    path.write_bytes(pictures(layout_of(sheet), _content(sheet), sender, pixels_per_inch)[0])


def pictures(layout: str, content: Mapping[str, Any], sender: Sender, pixels_per_inch: float) -> list[bytes]:
    """Render each page of a layout as PNG; the same content gives the same bytes."""
    pages = _of(layout, content, sender).compile(format="png", ppi=pixels_per_inch)
    return [page for page in (pages if isinstance(pages, list) else [pages]) if page]


def layout_of(sheet: Brief | Factsheet) -> str:
    """Return the name of the templates of a factsheet."""
    return SHORT if isinstance(sheet, Brief) else LONG


def _content(sheet: Brief | Factsheet) -> dict[str, Any]:
    return asdict(sheet) | ({} if isinstance(sheet, Brief) else {"wide": sheet.wide})


def _compiler(sheet: Brief | Factsheet, sender: Sender) -> typst.Compiler:
    return _of(layout_of(sheet), _content(sheet), sender)


def _of(layout: str, content: Mapping[str, Any], sender: Sender) -> typst.Compiler:
    logo = {"content": list(sender.logo.content), "format": sender.logo.file.rpartition(".")[2]} if sender.logo else None
    inputs = {"sheet": content, "sender": {"name": sender.name, "colours": asdict(sender.colours), "logo": logo}}
    told = {name: json.dumps(value, ensure_ascii=False) for name, value in inputs.items()}
    return typst.Compiler(TEMPLATES / f"{layout}.typ", font_paths=_fonts(), sys_inputs=told)


@functools.cache
def _fonts() -> typst.Fonts:
    """Return only the bundled fonts: the fonts of the machine would change the output."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[letters.folder()])
