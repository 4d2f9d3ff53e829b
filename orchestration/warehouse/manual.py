"""The pages about the warehouse that are generated: the dictionary, and the diagrams and answers inside `docs/analisten.md`.

Put here: which text goes into which file. Keep out: what the texts say (`dictionary.py`, `questions.py`).
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from orchestration.errors import LeerplichtError
from orchestration.lake import remove, replace_bytes
from orchestration.settings import PROJECT
from orchestration.warehouse import dictionary, questions

DOCS = PROJECT / "docs"
PAGE = DOCS / "analisten.md"
LOOK_BACK = "2025-01-01T00:00:00+01:00"  # the other night of the questions that compare two


class PageError(LeerplichtError):
    """A page has no place for what is generated."""


def described(manifest: Mapping[str, Any]) -> dict[Path, str]:
    """The pages of the dictionary, and the page for analysts with its diagrams, as they must be; the answers on it as they are.

    Args:
        manifest: dbt's manifest.

    Raises:
        PageError: the page has no place for a diagram.
    """
    tables = dictionary.tables(manifest)
    star, figures = dictionary.diagrams(tables)
    page = _fill(_fill(PAGE.read_text(encoding="utf-8"), "ster", star), "cijfers", figures)
    return {DOCS / "woordenboek" / name: text for name, text in dictionary.pages(tables).items()} | {PAGE: page}


def answering(page: str, found: list[questions.Answered]) -> str:
    """The page for analysts with the answers to the questions.

    Raises:
        PageError: the page has no place for them.
    """
    return _fill(page, "vragen", questions.render(found))


def _fill(page: str, name: str, text: str) -> str:
    """Replace what stands between the two marks of that name."""
    begin, end = f"<!-- begin {name}: gemaakt door leerplicht docs --write -->\n", f"\n<!-- einde {name} -->"
    before, found, rest = page.partition(begin)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise PageError(f"docs/analisten.md heeft geen plaats voor {name}")
    return f"{before}{begin}\n{text}\n{end}{after}"


def outdated(pages: Mapping[Path, str]) -> list[str]:
    """The files that are not as they must be, and those in the dictionary that should not be there."""
    found = [path for path, text in pages.items() if not path.is_file() or path.read_text(encoding="utf-8") != text]
    return sorted(str(path.relative_to(PROJECT)) for path in [*found, *_strays(pages)])


def write(pages: Mapping[Path, str]) -> list[str]:
    """Write the pages, remove what should not be there, and say which files changed."""
    changed = outdated(pages)
    for path, text in pages.items():
        replace_bytes(path, text.encode())
    for path in _strays(pages):
        remove(path)
    return changed


def _strays(pages: Mapping[Path, str]) -> list[Path]:
    return [path for path in (DOCS / "woordenboek").glob("*") if path not in pages]
