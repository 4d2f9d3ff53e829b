"""Renders a factsheet as a PDF for screen readers (PDF/UA-1), typeset by Typst from the factsheet as JSON.

Put here: rendering a factsheet as PDF, and as an image. Keep out: its contents (`factsheet.py`), and its style
(`templates/factsheet/factsheet.typ`).
"""

import functools
import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import typst

from orchestration.publication.renderings import letters
from orchestration.publication.renderings.factsheet import Factsheet

TEMPLATE = Path(__file__).with_name("templates") / "factsheet" / "factsheet.typ"


def write(path: Path, sheet: Factsheet, moment: datetime) -> None:
    """Write a factsheet; the same factsheet gives the same bytes.

    Args:
        path: File to write.
        sheet: The factsheet.
        moment: Creation date in the PDF: not the current time, but that of the newest figures.
    """
    _compiler(sheet).compile(output=path, format="pdf", pdf_standards=["ua-1"], timestamp=moment)


def picture(path: Path, sheet: Factsheet, pixels_per_inch: float) -> None:
    """Render the first page as PNG, as a preview."""
    pages = _compiler(sheet).compile(format="png", ppi=pixels_per_inch)
    path.write_bytes(pages[0] if isinstance(pages, list) else pages or b"")


def _compiler(sheet: Factsheet) -> typst.Compiler:
    content = json.dumps(asdict(sheet) | {"wide": sheet.wide}, ensure_ascii=False)
    return typst.Compiler(TEMPLATE, font_paths=_fonts(), sys_inputs={"factsheet": content})


@functools.cache
def _fonts() -> typst.Fonts:
    """Return only the bundled fonts: the fonts of the machine would change the output."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[letters.folder()])
