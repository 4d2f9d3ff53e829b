"""A portal opened from disk in a browser of its own, that keeps what went wrong and what was asked for.

Put here: opening, and reading what is on the screen. Keep out: what must be there.
"""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from orchestration.publication.extract import Row
from orchestration.publication.renderings import portal
from orchestration.publication.renderings.source import Source, read

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
MARKUP = "<script>document.title='kapot'</script>"
IMAGE = "<img src=x onerror=\"document.title='kapot'\">"
FORMULA = "=1+1"
COMMAND = '-2+3;"cmd"'

FOLLOWED = """() => new Promise((done) => {
  const look = () => (window.followed === location.hash ? done() : setTimeout(look, 5));
  look();
})"""
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"], "preload": False}


@dataclass
class Visit:
    """A page that is open, with every request that it made and every complaint of the browser."""

    page: Page
    folder: Path
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def go(self, file: str = "index.html", **chosen: str) -> None:
        """Open a page of the portal; with a choice, as somebody who was sent its address."""
        address = "&".join(f"{name}={value}" for name, value in chosen.items())
        self.page.goto("about:blank")
        self.page.goto((self.folder / file).as_uri() + (f"#{address}" if address else ""))

    def choose(self, name: str, value: str) -> None:
        self.page.select_option(f"#{name}", value)
        self.settle()

    def sort(self, column: str) -> None:
        self.page.click(f'[data-column="{column}"]')
        self.settle()

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.settle()

    def back(self) -> None:
        self.page.go_back()
        self.settle()

    def settle(self) -> None:
        """Wait until the page has followed its address: a browser tells it of a new one in its own time."""
        self.page.evaluate(FOLLOWED)

    def rows(self) -> list[list[str]]:
        """Every cell of the table, also of the columns that say the same in each row, after all pieces are there."""
        while self.page.locator(".meer").is_visible():
            self.page.click(".meer")
        script = "[...document.querySelectorAll('#tabel tbody tr')].map((row) => [...row.cells].map((cell) => cell.textContent))"
        found: list[list[str]] = self.page.evaluate(script)
        return found

    def headings(self) -> list[str]:
        cells = self.page.locator("#tabel thead button").all_text_contents()
        return [text.rstrip(" ↕▲▼") for text in cells]

    def column(self, title: str) -> list[str]:
        at = self.headings().index(title)
        return [row[at] for row in self.rows()]

    def leaves(self) -> list[str]:
        """The requests for anything but the portal's own files and what it made itself."""
        return [url for url in self.requests if not url.startswith((self.folder.as_uri(), "blob:", "about:"))]


@contextmanager
def browser() -> Iterator[Browser]:
    """Chromium, without a network of its own."""
    if not Path(CHROMIUM).is_file():
        pytest.skip("chromium is er niet; `make browser` installeert het")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield opened
        opened.close()


def visit(opened: Browser, folder: Path, **context: Any) -> Visit:
    """A new window, which knows nothing of others."""
    window = opened.new_context(locale="nl-NL", **{"viewport": {"width": 1280, "height": 900}, **context})
    made = Visit(window.new_page(), folder)
    window.add_init_script("window.followed = location.hash; addEventListener('hashchange', () => (window.followed = location.hash))")
    window.on("request", lambda request: made.requests.append(request.url))
    window.on("console", lambda message: made.complaints.append(message.text) if message.type in ("error", "warning") else None)
    window.on("weberror", lambda problem: made.complaints.append(str(problem.error)))
    return made


def violations(visit: Visit) -> list[Any]:
    """What breaks a rule of WCAG 2.2 AA, as axe finds it: the rule, and where."""
    found = Axe().run(visit.page, options=WCAG).response
    assert found["testEngine"]["version"]
    return [(one["id"], [node["target"] for node in one["nodes"]][:3]) for one in found["violations"]]


def rendered(folder: Path, source: Source, earlier: Source | None = None) -> Path:
    """The portal of a release in a new folder."""
    folder.mkdir()
    portal.write(folder, source, earlier)
    return folder


def released(published: Path) -> Source:
    """The release that readers of a zone see."""
    return read((published / "current").resolve())


def hostile(source: Source) -> Source:
    """The release with names that would be markup or a formula, were they not only text."""
    words = {"Totaal aantal jongeren": MARKUP, "Hengelo": IMAGE, "spijbelen": FORMULA, "ziekte": COMMAND, "% verzuim": FORMULA}

    def told(value: object) -> object:
        return next((word for known, word in words.items() if isinstance(value, str) and value.startswith(known)), value)

    return replace(
        source, tables={name: [{key: told(value) for key, value in row.items()} for row in rows] for name, rows in source.tables.items()}
    )


def region(source: Source) -> Source:
    """A release as large as that of a region: 63 times the rows of one gemeente."""

    def many(rows: Sequence[Row]) -> list[Row]:
        own = [row for row in rows if row["gemeente_code"] == "0164"]
        return [{**row, "gemeente_code": f"{at:04}", "gemeente": f"Gemeente {at}"} for at in range(1, 64) for row in own]

    return replace(source, tables={**source.tables, "kerncijfers": many(source.figures), "uitsplitsingen": many(source.breakdowns)})
