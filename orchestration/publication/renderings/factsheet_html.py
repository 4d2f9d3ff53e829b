"""A factsheet as one page of HTML that needs nothing else: its looks, its letters and its drawings are inside it.

Put here: from a factsheet to HTML. Keep out: what stands on it (`factsheet.py`), and how it looks (`templates/factsheet/`).
"""

import base64
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from orchestration.publication.renderings import letters
from orchestration.publication.renderings.factsheet import Factsheet

TEMPLATES = Path(__file__).with_name("templates") / "factsheet"


def write(path: Path, sheet: Factsheet) -> None:
    """Write a factsheet; the same factsheet gives the same bytes."""
    # everything that is printed is escaped, but for the two that are markup themselves: the style sheet and the drawings
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    style = (TEMPLATES / "factsheet.css").read_text(encoding="utf-8")
    fonts = [(weight, base64.b64encode((letters.folder() / name).read_bytes()).decode()) for weight, name in letters.WEIGHTS.items()]
    page = environment.get_template("factsheet.html.jinja").render(sheet=sheet, style=style, fonts=fonts)
    path.write_text(page, encoding="utf-8")
