"""A factsheet as a PDF that a screen reader can read (PDF/UA-1), set by Typst from the factsheet as JSON.

Put here: from a factsheet to PDF. Keep out: what stands on it (`factsheet.py`), and how it looks (`templates/factsheet/factsheet.typ`).
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
    told = json.dumps(asdict(sheet) | {"wide": sheet.wide}, ensure_ascii=False)
    compiler = typst.Compiler(TEMPLATE, font_paths=_fonts(), sys_inputs={"factsheet": told})
    compiler.compile(output=path, format="pdf", pdf_standards=["ua-1"], timestamp=moment)


@functools.cache
def _fonts() -> typst.Fonts:
    """Only the letters that come with us: what a machine has of its own would show."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[letters.folder()])
