"""Locates the fonts of factsheet and charts: from a package, so that a page looks the same and a PDF has the same bytes on every machine.

Put here: their location. Keep out: their use.
"""

from importlib.resources import files
from pathlib import Path

FAMILY = "Lato"
WEIGHTS = {400: "Lato-Regular.ttf", 700: "Lato-Bold.ttf"}


def folder() -> Path:
    """Return the folder with the font files."""
    return Path(str(files("font_lato"))) / "files"
