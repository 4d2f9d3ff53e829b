"""Renders a factsheet as one self-contained HTML page: style sheet, fonts, charts and logo are inlined. The page of slides is one too.

Put here: rendering as HTML. Keep out: its contents (`brief.py`, `factsheet.py`), and its style (`templates/factsheet/`).
"""

import base64
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from orchestration.publication.renderings import letters
from orchestration.publication.renderings.brief import Brief
from orchestration.publication.renderings.factsheet import Factsheet
from orchestration.publication.renderings.factsheet_pdf import SLIDES, TEMPLATES, layout_of
from orchestration.publication.renderings.sender import Sender


def write(path: Path, sheet: Brief | Factsheet, sender: Sender) -> None:
    """Write a factsheet, short or long; the same factsheet gives the same bytes."""
    _write(path, layout_of(sheet), sender, sheet=sheet)


def write_index(path: Path, title: str, slides: Sequence[Any], sender: Sender) -> None:
    """Write the page that shows all slides, each with its text alternative to copy."""
    _write(path, SLIDES, sender, sheet={"title": title, "subject": sender.name}, slides=slides)


def _write(path: Path, layout: str, sender: Sender, **told: Any) -> None:
    # everything is escaped, except the style sheet and the charts, which are markup
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    style = (TEMPLATES / "factsheet.css").read_text(encoding="utf-8")
    fonts = [(weight, base64.b64encode((letters.folder() / name).read_bytes()).decode()) for weight, name in letters.WEIGHTS.items()]
    template = environment.get_template(f"{layout}.html.jinja")
    path.write_text(template.render(told, sender=sender, style=style, fonts=fonts), encoding="utf-8")
