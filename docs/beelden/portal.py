"""Makes the pictures of the portal in this folder, from the example that `make run` publishes.

`make beelden` calls it, after `make run` and `make browser`. Put here: which pictures there are. Keep out: checking anything: that is what
`tests/browser` is for.
"""

import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from orchestration.lake import Lake
from orchestration.publication.renderings import portal, source
from orchestration.publication.renderings.sender import Sender
from orchestration.settings import Settings

HERE = Path(__file__).parent
MONTHS = "#indicator=meldingen_totaal&gemeente=0164&uitsplitsing=maand"
BREAKDOWN = "#indicator=relatief_verzuim_jongeren&gemeente=0164&uitsplitsing=aanleiding"
PICTURES = (
    ("portal-1440.png", 1440, 1150, "index.html", "light"),
    ("portal-maanden.png", 1440, 1150, f"cijfers.html{MONTHS}", "light"),
    ("portal-768.png", 768, 1024, f"cijfers.html{BREAKDOWN}", "light"),
    ("portal-360.png", 360, 740, f"cijfers.html{BREAKDOWN}", "light"),
    ("portal-donker.png", 1024, 900, f"cijfers.html{BREAKDOWN}", "dark"),
    ("portal-kwaliteit.png", 1024, 900, "kwaliteit.html", "light"),
)
# the explorer loads its figures first
SHOWN = "document.querySelector('#figuur')?.getAttribute('aria-busy') !== 'true'"


def main() -> None:
    """Render the portal of `openbaar` and take every picture of it."""
    release = (Lake.of(Settings()).published("openbaar") / "current").resolve()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        portal.write(Path(folder), source.read(release), None, Sender.of(Settings()))
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"])
        for name, width, height, address, scheme in PICTURES:
            page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
            page.goto(f"{Path(folder).as_uri()}/{address}")
            page.wait_for_function(SHOWN)
            page.screenshot(path=HERE / name)
        _print(browser.new_page(viewport={"width": 700, "height": 990}), f"{Path(folder).as_uri()}/cijfers.html{BREAKDOWN}")
        browser.close()


def _print(page: Page, address: str) -> None:
    page.emulate_media(media="print")
    page.goto(address)
    page.wait_for_function(SHOWN)
    page.screenshot(path=HERE / "portal-print.png")


if __name__ == "__main__":
    main()
