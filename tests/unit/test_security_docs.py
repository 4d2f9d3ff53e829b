"""The pages on security name files and tests that exist, and the tables are complete."""

import re
from pathlib import Path

import pytest

from orchestration.lake import Lake
from orchestration.lake.paths import Paths
from orchestration.settings import PROJECT

DOCS = PROJECT / "docs"
PAGES = [
    DOCS / name for name in ("dreigingen.md", "dpia.md", "bio2.md", "decisions/034-encryption-at-rest.md", "decisions/036-audit-log.md")
]
QUOTED = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)#\s]+)\)")
A_PATH = re.compile(r"[\w.@-]*(/[\w.@-]*)+|[\w.-]+\.(py|md|lock|toml|yaml)|Makefile")


def in_the_lake() -> set[str]:
    """Return the names of the folders of a lake."""
    lake = Lake(Path("meer"))
    paths = [getattr(lake, name) for name, kind in vars(Paths).items() if isinstance(kind, property) and name != "exists"]
    return {
        path.relative_to(lake.root).parts[0] for path in [*paths, lake.published("intern")] if isinstance(path, Path) and path != lake.root
    }


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_a_page_names_exists(page: Path):
    text = page.read_text(encoding="utf-8")
    paths = [quoted for quoted in QUOTED.findall(text) if A_PATH.fullmatch(quoted)]
    ours = [path for path in paths if path.split("/")[0] not in in_the_lake() or path.startswith("data_lake/")]
    assert not [path for path in ours if not (PROJECT / path).exists() and "/" in path]
    assert not [link for link in LINK.findall(text) if "://" not in link and not (page.parent / link).exists()]


def test_the_pages_name_many_tests():
    named = {path for page in PAGES for path in QUOTED.findall(page.read_text(encoding="utf-8")) if path.startswith("tests/")}
    assert len(named) > 30


@pytest.mark.parametrize(("name", "columns", "test"), [("dreigingen.md", 5, 3), ("bio2.md", 4, 3)])
def test_every_row_names_its_test_or_says_that_there_is_none(name: str, columns: int, test: int):
    rows = [line.strip("|").split("|") for line in (DOCS / name).read_text(encoding="utf-8").splitlines() if line.startswith("| ")][2:]
    assert len(rows) > 10
    assert {len(row) for row in rows} == {columns}
    assert not [row for row in rows if not (row[test].strip() == "–" or "tests/" in row[test] or (name == "bio2.md" and row[test].strip()))]
