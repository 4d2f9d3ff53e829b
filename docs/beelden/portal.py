"""Makes the pictures of the portal in this folder, from the example that `make run` publishes.

`make beelden` calls it, after `make run` and `make browser`. Put here: which pictures there are. Keep out: checking anything: that is what
`tests/browser` is for.
"""

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from orchestration import brand
from orchestration.lake import Lake
from orchestration.publication.renderings import portal, source
from orchestration.publication.renderings.sender import Colours, Logo, Sender
from orchestration.settings import Settings

HERE = Path(__file__).parent
MONTHS = "#indicator=meldingen_totaal&gemeente=0164&uitsplitsing=maand"
BREAKDOWN = "#indicator=relatief_verzuim_jongeren&gemeente=0164&uitsplitsing=aanleiding"
FRONT, OTHER = "voorkant", "afzender"  # folders: of the settings, and of a sender with a name, colour and logo that are made up
PICTURES = (
    ("portal-1440.png", 1440, 1480, f"{FRONT}/index.html", "light"),
    ("portal-voorkant-360.png", 360, 1300, f"{FRONT}/index.html", "light"),
    ("portal-gemeente.png", 1024, 1250, f"{FRONT}/gemeente-0164.html", "dark"),
    ("portal-afzender.png", 1024, 620, f"{OTHER}/index.html", "light"),
    ("portal-maanden.png", 1440, 1150, f"{FRONT}/cijfers.html{MONTHS}", "light"),
    ("portal-768.png", 768, 1024, f"{FRONT}/cijfers.html{BREAKDOWN}", "light"),
    ("portal-360.png", 360, 740, f"{FRONT}/cijfers.html{BREAKDOWN}", "light"),
    ("portal-donker.png", 1024, 900, f"{FRONT}/cijfers.html{BREAKDOWN}", "dark"),
    ("portal-kwaliteit.png", 1024, 900, f"{FRONT}/kwaliteit.html", "light"),
)
LOGO = b"""<svg xmlns="http://www.w3.org/2000/svg" width="48" height="48"><rect width="48" height="48" rx="8" fill="#7a1f5c"/>
<path d="M12 36V12l12 14 12-14v24" fill="none" stroke="#fff" stroke-width="5"/></svg>"""
SHOWN = "document.querySelector('#figuur')?.ariaBusy !== 'true'"  # the explorer draws after it has loaded its figures


def main() -> None:
    """Render the portal of `openbaar` and take every picture of it."""
    release = (Lake.of(Settings()).published("openbaar") / "current").resolve()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        sender = Sender.of(Settings())
        another = replace(sender, name="Leerplicht Fictiestad", colours=Colours.of("#7a1f5c"), logo=Logo(LOGO, brand.SVG))
        for name, one in ((FRONT, sender), (OTHER, another)):
            place = Path(folder) / name
            place.mkdir()
            portal.write(place, source.read(release), None, one)
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"])
        for name, width, height, address, scheme in PICTURES:
            page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
            page.goto(f"{Path(folder).as_uri()}/{address}")
            page.wait_for_function(SHOWN)
            page.screenshot(path=HERE / name)
        _print(browser.new_page(viewport={"width": 700, "height": 990}), f"{Path(folder).as_uri()}/{FRONT}/cijfers.html{BREAKDOWN}")
        browser.close()


def _print(page: Page, address: str) -> None:
    page.emulate_media(media="print")
    page.goto(address)
    page.wait_for_function(SHOWN)
    page.screenshot(path=HERE / "portal-print.png")


if __name__ == "__main__":
    main()
