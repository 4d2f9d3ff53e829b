"""The slides: one per key figure that is told, of 1920 by 1080, with its text alternative beside it."""

import struct
from pathlib import Path

from lxml import html
from renderings_rows import SENDER, figure, indicator, release

from orchestration.publication.renderings import slides
from orchestration.publication.report_tables import Area

HENGELO, BORNE = Area("0164", "Hengelo"), Area("0147", "Borne")
BEFORE, YEAR = "2023-2024", "2024-2025"
KNOWN = [indicator("incidenten", tegel=2), indicator("verzuimpercentage", eenheid="procent", tegel=1), indicator("luxe_verzuim")]
ROWS = [
    figure(waarde=287, vorige=390, trendbreuk=True, trendbreuk_reden="Een reden."),
    figure(waarde=390, jaar=BEFORE),
    figure("verzuimpercentage", percentage="5.95"),
    figure("luxe_verzuim", 9),
    figure(status="onderdrukt_primair", area="0147") | {"waarde": 3},
    figure(waarde=8, area="0147", jaar=BEFORE),
]


def made(rows=ROWS, zone="openbaar"):
    return list(slides.make(release(rows, KNOWN, zone=zone), [HENGELO, BORNE], YEAR, SENDER))


def test_there_is_one_per_key_figure_in_order_and_none_of_what_is_withheld():
    assert [slide.file for slide in made()] == ["dia-0164-verzuimpercentage.png", "dia-0164-incidenten.png"]


def test_it_says_what_since_when_and_from_whom():
    slide = made()[1]
    assert slide.title == "In 2024-2025 waren er in Hengelo 287 incidenten, in 2023-2024 waren het er 390*."
    assert slide.note == "* trendbreuk: de jaren zijn niet goed te vergelijken. Een reden."
    assert slide.origin == "Bron: Carel. Voorlopige cijfers, stand van 6 augustus 2025."
    assert "trendbreuk*" in slide.svg
    for told in (slide.title, "Staafdiagram: 390 in 2023-2024, 287 in 2024-2025.", slide.note, slide.origin, "Gemeente Hengelo."):
        assert told in slide.alternative
    whole = made([row | {"trendbreuk": False} for row in ROWS])[1]
    assert (whole.note, "trendbreuk" in whole.svg) == ("", False)


def test_they_are_pictures_of_a_slide_with_a_page_that_describes_them_and_the_same_each_time(tmp_path: Path):
    for name in ("een", "twee"):
        (tmp_path / name).mkdir()
        slides.write(tmp_path / name, release(ROWS, KNOWN), [HENGELO, BORNE], YEAR, SENDER)
    files = {path.name: path.read_bytes() for path in (tmp_path / "een").iterdir()}
    assert files == {path.name: path.read_bytes() for path in (tmp_path / "twee").iterdir()}
    assert files.keys() == {"index.html", "dia-0164-verzuimpercentage.png", "dia-0164-incidenten.png"}
    assert {struct.unpack(">II", content[16:24]) for name, content in files.items() if name.endswith(".png")} == {(1920, 1080)}
    page = html.fromstring(files["index.html"])
    told = {image.get("src"): image.getparent().getnext().text_content() for image in page.iter("img")}
    assert told == {slide.file: slide.alternative for slide in made()}
    assert [image.get("alt") for image in page.iter("img")] == [slide.title for slide in made()]


def test_the_figures_of_intern_are_marked(tmp_path: Path):
    assert [slide.intern for slide in made(zone="intern")] == [True, True]
    for zone in ("intern", "openbaar"):
        (tmp_path / zone).mkdir()
        slides.write(tmp_path / zone, release(ROWS, KNOWN, zone=zone), [HENGELO], YEAR, SENDER)
    intern, openbaar = (path.joinpath("dia-0164-incidenten.png").read_bytes() for path in (tmp_path / "intern", tmp_path / "openbaar"))
    assert intern != openbaar


def test_without_key_figures_there_is_only_a_page_without_slides(tmp_path: Path):
    slides.write(tmp_path, release(ROWS, [indicator()]), [HENGELO], YEAR, SENDER)
    assert [path.name for path in tmp_path.iterdir()] == ["index.html"]
