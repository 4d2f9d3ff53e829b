"""Writes the state of the lake for people and programs: `status/status.html` and `status/status.json`.

The page has no scripts and needs no network, so it opens from any disk. It is for the staff that reads `intern`: it has figures and names
of deliveries, and nothing of a person. Put here: writing both. Keep out: the texts (the template, `lines.py`).
"""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from orchestration.lake import Lake
from orchestration.scrub import printable
from orchestration.watch import lines, words

TEMPLATES = Path(__file__).parent / "templates"


def write(lake: Lake, shown: Mapping[str, Any]) -> None:
    """Write both files, with the access of their zone.

    Args:
        lake: The lake.
        shown: The document of the state.

    Raises:
        OSError: The disk is full, or does not take it.
    """
    lake.write(lake.status_document, json.dumps(shown, ensure_ascii=False, indent=1).encode() + b"\n")
    lake.write(lake.status_page, render(shown).encode())


def render(shown: Mapping[str, Any]) -> str:
    """Return the page."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    environment.filters |= {"moment": lambda text: words.at(datetime.fromisoformat(text)), "zichtbaar": lambda text: printable(str(text))}
    return environment.get_template("status.html.jinja").render(stand=shown, lines=lines)
