"""Renders a factsheet as one self-contained HTML page: style sheet, fonts and charts are inlined.

Put here: rendering a factsheet as HTML. Keep out: its contents (`factsheet.py`), and its style (`templates/factsheet/`).
"""

import base64
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from orchestration.publication.renderings import letters
from orchestration.publication.renderings.factsheet import Factsheet

TEMPLATES = Path(__file__).with_name("templates") / "factsheet"


def write(path: Path, sheet: Factsheet) -> None:
    """Write a factsheet; the same factsheet gives the same bytes."""
    # everything is escaped, except the style sheet and the charts, which are markup
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    style = (TEMPLATES / "factsheet.css").read_text(encoding="utf-8")
    fonts = [(weight, base64.b64encode((letters.folder() / name).read_bytes()).decode()) for weight, name in letters.WEIGHTS.items()]
    page = environment.get_template("factsheet.html.jinja").render(sheet=sheet, style=style, fonts=fonts)
    path.write_text(page, encoding="utf-8")
