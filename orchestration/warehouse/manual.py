"""Generates the diagrams and the answers to the questions in the page for analysts, `docs/analisten.md`.

Put here: inserting the generated texts. Keep out: generating them (`dictionary.py`, `questions.py`).
"""

from collections.abc import Mapping
from typing import Any

from orchestration.errors import LeerplichtError
from orchestration.settings import PROJECT
from orchestration.warehouse import dictionary, questions

PAGE = PROJECT / "docs" / "analisten.md"
LOOK_BACK = "2025-01-01T00:00:00+01:00"  # the second night of the questions that compare two


class PageError(LeerplichtError):
    """The page lacks the markers for generated text."""


def generated(page: str, manifest: Mapping[str, Any], found: list[questions.Answered]) -> str:
    """Return the page with the diagrams of these models and these answers inserted.

    Args:
        page: Its text, with a pair of markers for each.
        manifest: dbt's manifest.
        found: The questions with their answers.

    Raises:
        PageError: The page lacks the markers for a diagram or for the answers.
    """
    star, figures = dictionary.diagrams(dictionary.tables(manifest))
    for name, text in (("ster", star), ("cijfers", figures), ("vragen", questions.render(found))):
        page = _fill(page, name, text)
    return page


def _fill(page: str, name: str, text: str) -> str:
    """Replace the text between the two markers of a name."""
    begin, end = f"<!-- begin {name}: gemaakt door leerplicht docs --write -->\n", f"\n<!-- einde {name} -->"
    before, found, rest = page.partition(begin)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise PageError(f"docs/analisten.md heeft geen plaats voor {name}")
    return f"{before}{begin}\n{text}\n{end}{after}"
