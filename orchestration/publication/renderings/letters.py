"""The letters of factsheet and charts: from a package, so that a page looks the same, and a PDF has the same bytes, on every machine.

Put here: where they are. Keep out: how they are used.
"""

from importlib.resources import files
from pathlib import Path

FAMILY = "Lato"
WEIGHTS = {400: "Lato-Regular.ttf", 700: "Lato-Bold.ttf"}


def folder() -> Path:
    """The folder with the font files."""
    return Path(str(files("font_lato"))) / "files"
