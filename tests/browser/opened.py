"""Opens a portal from disk in a separate browser, and records its errors and requests.

Put here: opening pages and reading the screen. Keep out: the assertions.
"""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from orchestration.publication.extract import Row
from orchestration.publication.renderings import portal
from orchestration.publication.renderings.sender import Sender
from orchestration.publication.renderings.source import Source, read
from orchestration.settings import Settings

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
  const shows = () => document.querySelector('#figuur')?.dataset.adres ?? location.hash;
  const look = () => (shows() === location.hash ? done() : setTimeout(look, 5));
  look();
})"""
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"], "preload": False}


@dataclass
class Visit:
    """An open page, with its requests and the browser's errors and warnings."""

    page: Page
    folder: Path
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def go(self, file: str = "cijfers.html", **chosen: str) -> None:
        """Open a page of the portal, with the address of a choice if given."""
        address = "&".join(f"{name}={value}" for name, value in chosen.items())
        self.page.goto("about:blank")
        self.page.goto((self.folder / file).as_uri() + (f"#{address}" if address else ""))
        if file == "cijfers.html":
            self.settle()

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
        """Wait until the page shows its address: it loads the figures that it needs first."""
        self.page.evaluate(FOLLOWED)

    def rows(self) -> list[list[str]]:
        """Return every cell of the table after loading all its parts, including columns that are hidden because all rows are equal."""
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
        """Return the requests for anything except the portal's own files and generated downloads."""
        return [url for url in self.requests if not url.startswith((self.folder.as_uri(), "blob:", "about:"))]


@contextmanager
def browser() -> Iterator[Browser]:
    """Open Chromium without a network."""
    if not Path(CHROMIUM).is_file():
        pytest.skip("chromium is er niet; `make browser` installeert het")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield opened
        opened.close()


def visit(opened: Browser, folder: Path, **context: Any) -> Visit:
    """A new window that shares no state with others."""
    window = opened.new_context(locale="nl-NL", **{"viewport": {"width": 1280, "height": 900}, **context})
    made = Visit(window.new_page(), folder)
    window.on("request", lambda request: made.requests.append(request.url))
    window.on("console", lambda message: made.complaints.append(message.text) if message.type in ("error", "warning") else None)
    window.on("weberror", lambda problem: made.complaints.append(str(problem.error)))
    return made


def violations(visit: Visit) -> list[Any]:
    """Return the WCAG 2.2 AA violations that axe reports: the rule and the element."""
    found = Axe().run(visit.page, options=WCAG).response
    assert found["testEngine"]["version"]
    return [(one["id"], [node["target"] for node in one["nodes"]][:3]) for one in found["violations"]]


def rendered(folder: Path, source: Source, earlier: Source | None = None, sender: Sender | None = None) -> Path:
    """The portal of a release in a new folder."""
    folder.mkdir()
    portal.write(folder, source, earlier, sender or Sender.of(Settings()))
    return folder


def released(published: Path) -> Source:
    """The current release of a zone."""
    return read((published / "current").resolve())


def hostile(source: Source) -> Source:
    """The release with names that contain markup or a formula, and must be shown as text."""
    codes = {"spijbelen": FORMULA, "ziekte": COMMAND, "Spijbelen": FORMULA, "Ziekte": COMMAND}
    names = {"Jongeren met verzuim": MARKUP, "Verzuimpercentage": FORMULA}
    words = {"Totaal aantal jongeren": MARKUP, "Hengelo": IMAGE, "% verzuim": FORMULA, **names, **codes}

    def told(value: object) -> object:
        return next((word for known, word in words.items() if isinstance(value, str) and value.startswith(known)), value)

    return replace(
        source, tables={name: [{key: told(value) for key, value in row.items()} for row in rows] for name, rows in source.tables.items()}
    )


def beside_others(source: Source) -> Source:
    """The release with what others published of every indicator, though the contract lets them publish few."""
    about = {"bron": "DUO", "publicatiedatum": "2025-03-01", "licentie": "CC0 1.0", "vindplaats": "DUO, verzuimcijfers 2024"}
    country = {"gebied_soort": "land", "gebied_code": "NL", "peiljaar": "2023", "schooljaar": "2022-2023", "waarde": Decimal("27.0000")}
    rmc = {"gebied_soort": "rmc", "peiljaar": "2023-2024", "schooljaar": "2023-2024", "waarde": Decimal("31.5000")}
    codes = [row["indicator"] for row in source.indicators]
    published = [
        about | place | {"indicator": code} for code in codes for place in (country, *(rmc | {"gebied_code": one} for one in ("12", "13")))
    ]
    published.append(
        about | country | {"indicator": "vsv_percentage", "waarde": Decimal("1.6400"), "peiljaar": "2023-2024", "schooljaar": "2023-2024"}
    )
    return replace(source, tables={**source.tables, "vergelijking": published})


def region(source: Source, gemeenten: int = 14, schooljaren: int = 10) -> Source:
    """A release as large as of a region: of each gemeente what one has, with its own schools and wijken, and all of these in the regio."""
    last = max(row["schooljaar"] for row in source.figures)
    years = [f"{int(last[:4]) - back}-{int(last[5:]) - back}" for back in range(schooljaren)]
    codes = [f"{at:04}" for at in range(1, gemeenten + 1)]

    def of(row: Row, year: str, code: str, name: str, place: str) -> Row:
        moved = {"schooljaar": year, "gemeente_code": code, "gemeente": name, "trendbreuk": row["trendbreuk"] and year == last}
        value = row.get("uitsplitsing_waarde", "")
        if row.get("uitsplitsing") in ("school", "wijk") and value != "onbekend":
            moved |= {"uitsplitsing_waarde": f"{value}-{place}", "uitsplitsing_label": f"{row['uitsplitsing_label']} {place}"}
        if row.get("uitsplitsing") == "maand":
            month = f"{int(value[:4]) + int(year[:4]) - int(last[:4])}{value[4:]}"
            moved |= {"uitsplitsing_waarde": month, "uitsplitsing_label": month}
        return row | moved

    def many(rows: Sequence[Row]) -> list[Row]:
        own = [row for row in rows if (row["gemeente_code"], row["schooljaar"]) == ("0164", last)]
        places = [row for row in own if row.get("uitsplitsing") in ("school", "wijk")]
        others = [row for row in own if row not in places]
        made = [of(row, year, code, f"Gemeente {code}", code) for year in years for code in codes for row in own]
        made += [of(row, year, "regio", "Regio", "") for year in years for row in others]
        return made + [of(row, year, "regio", "Regio", code) for year in years for code in codes for row in places]

    return replace(source, tables={**source.tables, "kerncijfers": many(source.figures), "uitsplitsingen": many(source.breakdowns)})
