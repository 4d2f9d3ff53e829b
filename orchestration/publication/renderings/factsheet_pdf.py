"""A factsheet as a PDF that a screen reader can read (PDF/UA-1), set by Typst from the factsheet as JSON.

Put here: from a factsheet to PDF, and to a picture of it. Keep out: what stands on it (`factsheet.py`), and how it looks
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
        path: Where.
        sheet: What stands on it.
        moment: When it was made, as the PDF says: not the clock's time, but that of the newest figures.
    """
    _compiler(sheet).compile(output=path, format="pdf", pdf_standards=["ua-1"], timestamp=moment)


def picture(path: Path, sheet: Factsheet, pixels_per_inch: float) -> None:
    """Draw the first page as PNG, for who wants to show what a factsheet looks like."""
    pages = _compiler(sheet).compile(format="png", ppi=pixels_per_inch)
    path.write_bytes(pages[0] if isinstance(pages, list) else pages or b"")


def _compiler(sheet: Factsheet) -> typst.Compiler:
    told = json.dumps(asdict(sheet) | {"wide": sheet.wide}, ensure_ascii=False)
    return typst.Compiler(TEMPLATE, font_paths=_fonts(), sys_inputs={"factsheet": told})


@functools.cache
def _fonts() -> typst.Fonts:
    """Only the letters that come with us: what a machine has of its own would show."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[letters.folder()])
