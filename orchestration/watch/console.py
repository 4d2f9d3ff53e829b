"""Prints the morning for a person, everything on one screen of 80 by 24, and the end of a run.

Put here: layout. Keep out: the sentences (`lines.py`, `ended.py`).
"""

import sys
import textwrap
from collections.abc import Iterable, Mapping
from typing import Any

from rich.console import Console
from rich.text import Text

from orchestration.scrub import printable
from orchestration.watch import lines

LABEL = 11
# the most lines of each part; with the headline's they are fewer than a screen has
HEADLINE, CAUSES, PART, CHANGES = 3, 7, 2, 4


def print_status(console: Console, shown: Mapping[str, Any]) -> None:
    """Print the state of the lake.

    Args:
        console: The terminal.
        shown: The document of the state.
    """
    run = shown["laatste_run"]
    good = run is None or run["gepubliceerd"]
    for line in _clipped([lines.headline(shown)], console.width, HEADLINE):
        console.print(Text(line, "bold" if good else "bold red"), soft_wrap=True)
    _part(console, "lezers", [lines.readers(shown)], 1)
    _part(console, "let op", [cause["zin"] for cause in shown["oorzaken"]] or ["niets"], CAUSES, "" if shown["in_orde"] else "yellow")
    _part(console, "kwam", [lines.came(shown)], PART)
    _part(console, "ontbreekt", [lines.missing(shown)], PART)
    largest = shown["veranderd"]["grootste"] if shown["veranderd"] else []
    _part(console, "anders", [lines.changes(shown), *map(lines.change, largest)], CHANGES)
    _part(console, "duurde", [lines.duration(shown)], PART)
    _part(console, "verwacht", [lines.expected(shown)], 1)
    _part(console, "alarmen", [lines.alarms(shown)], 1)


def print_ended(console: Console, lines: Iterable[tuple[str, str]]) -> None:
    """Print the lines of a run that ended; one that is longer than the terminal goes on beside its label."""
    for label, sentence in lines:
        _part(console, label, [sentence], sys.maxsize)


def _part(console: Console, label: str, sentences: Iterable[str], most: int, style: str = "") -> None:
    shown = _clipped(sentences, console.width - LABEL, most)
    for number, line in enumerate(shown):
        console.print(Text.assemble((f"{label if number == 0 else '':<{LABEL}}", "dim"), (line, style)), soft_wrap=True)


def _clipped(sentences: Iterable[str], width: int, most: int) -> list[str]:
    """Wrap sentences, and end the last line that fits with an ellipsis if there are more."""
    wrapped = [
        line
        for sentence in sentences
        for line in textwrap.wrap(printable(sentence), max(width, 20), break_long_words=False, break_on_hyphens=False)
    ]
    if len(wrapped) <= most:
        return wrapped
    return [*wrapped[: most - 1], f"{wrapped[most - 1][: max(width, 20) - 2]} …"]
