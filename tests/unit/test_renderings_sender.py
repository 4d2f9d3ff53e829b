"""Who publishes: a colour that can be read, a logo that does nothing, and one way to name and cite."""

import struct
import zlib
from dataclasses import astuple, replace
from pathlib import Path

import pytest
from pydantic import ValidationError
from renderings_rows import SENDER, figure, indicator, release

from orchestration import brand
from orchestration.publication.renderings.portal import look
from orchestration.publication.renderings.sender import DARK_GROUNDS, GROUNDS, Colours, Logo, Sender
from orchestration.settings import Settings, fault

RELEASE = release([figure("leerplichtigen", 30)], [indicator("leerplichtigen", "leerplichtigen")])


def png(width: int, height: int) -> bytes:
    """Return a PNG of one grey."""
    rows = zlib.compress((b"\0" + bytes(width)) * height)
    chunks = ((b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)), (b"IDAT", rows), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )


PNG = png(200, 80)


def svg(inside: str = "", attributes: str = "") -> bytes:
    spaces = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return f"<svg {spaces} {attributes}>{inside}</svg>".encode()


def refused(monkeypatch: pytest.MonkeyPatch, **given: str) -> str:
    for name, value in given.items():
        monkeypatch.setenv(f"LEERPLICHT_{name}", value)
    with pytest.raises(ValidationError) as problem:
        Settings()
    return fault(problem.value)


def test_contrast_is_that_of_wcag():
    assert brand.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert brand.contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)  # the lightest grey that WCAG allows on white
    assert brand.contrast("#ffffff", "#767676") == brand.contrast("#767676", "#ffffff")


@pytest.mark.parametrize("colour", ["#767676", "#154273", "#000000", "#C00000"])
def test_a_colour_with_enough_contrast_is_taken(monkeypatch: pytest.MonkeyPatch, colour: str):
    monkeypatch.setenv("LEERPLICHT_COLOUR", colour)
    assert Settings().colour == colour.lower()


def test_a_colour_on_which_white_is_hard_to_read_is_refused_in_one_sentence(monkeypatch: pytest.MonkeyPatch):
    told = refused(monkeypatch, COLOUR="#777777").removeprefix("instelling LEERPLICHT_COLOUR: ")
    assert told == "witte letters op #777777 zijn slecht leesbaar (contrast 4,48, nodig is 4,5); kies een donkerder kleur"


@pytest.mark.parametrize("colour", ["blauw", "#123", "#12345g", "154273", "#154273; }"])
def test_what_is_no_colour_is_refused(monkeypatch: pytest.MonkeyPatch, colour: str):
    assert refused(monkeypatch, COLOUR=colour) == "instelling LEERPLICHT_COLOUR: geef zoiets als #154273"


@pytest.mark.parametrize("colour", ["#154273", "#767676", "#000000", "#c00000", "#007a3d", "#6a1b9a", "#8a5a00", "#0b7285"])
def test_every_colour_that_follows_is_readable_where_it_stands(colour: str):
    found = Colours.of(colour)
    assert all(brand.contrast(ground, "#ffffff") >= brand.READABLE for ground in (found.main, found.main_dark))
    assert all(brand.contrast(found.link, ground) >= brand.READABLE for ground in (*GROUNDS, found.tint))
    assert all(brand.contrast(found.link_dark, ground) >= brand.READABLE for ground in (*DARK_GROUNDS, found.tint_dark))
    assert all(brand.contrast(found.muted, ground) >= brand.VISIBLE for ground in GROUNDS)
    assert all(brand.contrast(found.muted_dark, ground) >= brand.VISIBLE for ground in DARK_GROUNDS)
    assert all(brand.contrast("#17202a", ground) > 7 and brand.contrast("#4a5663", ground) > 4.5 for ground in (found.tint,))
    assert all(brand.contrast("#eef2f6", ground) > 7 and brand.contrast("#b4c0cc", ground) > 4.5 for ground in (found.tint_dark,))
    assert all(one in look.stylesheet(found) for one in astuple(found))


@pytest.mark.parametrize(
    "harmless",
    [
        svg(),
        svg('<g fill="#123456"><path d="M0 0h9v9z"/></g>'),
        svg('<defs><linearGradient id="a"/></defs><rect fill="url(#a)"/><use xlink:href="#a"/>'),
        svg("<style>.a { fill: red; mask: url(#m) }</style>"),
        svg('<image href="data:image/png;base64,AAAA"/>'),
        b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">' + svg(),
        PNG,
    ],
)
def test_a_logo_that_does_nothing_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, harmless: bytes):
    (tmp_path / "logo").write_bytes(harmless)
    monkeypatch.setenv("LEERPLICHT_LOGO", str(tmp_path / "logo"))
    logo = Sender.of(Settings()).logo
    assert logo is not None
    assert (logo.content, logo.file) == (harmless, "logo.png" if harmless == PNG else "logo.svg")
    assert logo.uri.startswith("data:image/")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (svg("<script>1</script>"), "een script of bewegend deel (<script>)"),
        (svg('<rect onclick="1"/>'), "een script of bewegend deel (<rect>)"),
        (svg(attributes='onload="1"'), "een script of bewegend deel (<svg>)"),
        (svg("<foreignObject/>"), "een script of bewegend deel (<foreignObject>)"),
        (svg('<animate attributeName="href"/>'), "een script of bewegend deel (<animate>)"),
        (svg('<image href="https://elders.example/x.png"/>'), "iets buiten het bestand (<image>)"),
        (svg('<image xlink:href="x.png"/>'), "iets buiten het bestand (<image>)"),
        (svg('<use href="data:image/svg+xml;base64,AAAA"/>'), "iets buiten het bestand (<use>)"),
        (svg('<a href="javascript:1"/>'), "iets buiten het bestand (<a>)"),
        (svg('<rect style="fill: url(https://elders.example)"/>'), "iets buiten het bestand (<rect>)"),
        (svg("<style>@import 'x.css'</style>"), "iets buiten het bestand (<style>)"),
        (b'<?xml-stylesheet href="x.css"?>' + svg(), "iets buiten het bestand"),
        (b'<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + svg("&a;"), "eigen entiteiten in zijn DOCTYPE"),
        (b"<html/>", "is geen SVG en geen PNG"),
        (b"GIF89a", "is geen SVG en geen PNG"),
        (b"", "is geen SVG en geen PNG"),
        (PNG[:20], "is geen geldige PNG"),
        (PNG[:-1] + b"\0", "is geen geldige PNG"),
        (PNG[:-12], "is geen geldige PNG"),
        (PNG + b"\0", "is geen geldige PNG"),
        (png(2001, 80), "is 2001 bij 80 pixels"),
        (svg(" " * brand.MOST_BYTES), "is 100 kB; geef een bestand van hoogstens 100 kB"),
    ],
)
def test_another_logo_is_refused_in_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes, says: str):
    (tmp_path / "logo.svg").write_bytes(content)
    told = refused(monkeypatch, LOGO=str(tmp_path / "logo.svg"))
    assert told.startswith("instelling LEERPLICHT_LOGO: logo logo.svg ")
    assert says in told
    assert "passwd" not in told


def test_a_logo_of_exactly_the_most_bytes_and_pixels_is_taken(tmp_path: Path):
    (tmp_path / "logo").write_bytes(svg(" " * (brand.MOST_BYTES - len(svg()))))
    assert brand.check_logo(tmp_path / "logo") == brand.SVG
    (tmp_path / "logo").write_bytes(png(2000, 2000))
    assert brand.check_logo(tmp_path / "logo") == brand.PNG


def test_a_logo_that_is_not_there_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    assert refused(monkeypatch, LOGO=str(tmp_path / "weg.svg")) == "instelling LEERPLICHT_LOGO: logo weg.svg is niet te lezen"


def test_an_empty_setting_is_none(monkeypatch: pytest.MonkeyPatch):
    for name in ("LOGO", "PORTAL_ADDRESS", "PUBLISHER_NAME"):
        monkeypatch.setenv(f"LEERPLICHT_{name}", "")
    settings = Settings()
    assert (settings.logo, settings.portal_address, settings.publisher_name) == (None, None, None)


@pytest.mark.parametrize("address", ["http://gemeente.example/", "gemeente.example", "https://gemeente.example/#a", "https://a b"])
def test_an_address_that_a_page_cannot_be_appended_to_is_refused(monkeypatch: pytest.MonkeyPatch, address: str):
    assert "geef zoiets als https://" in refused(monkeypatch, PORTAL_ADDRESS=address)


@pytest.mark.parametrize("given", ["https://gemeente.example/cijfers", "https://gemeente.example/cijfers/"])
def test_a_page_has_an_address_where_the_portal_stands(monkeypatch: pytest.MonkeyPatch, given: str):
    monkeypatch.setenv("LEERPLICHT_PORTAL_ADDRESS", given)
    assert Sender.of(Settings()).absolute("cijfers.html") == "https://gemeente.example/cijfers/cijfers.html"
    assert SENDER.absolute("cijfers.html") == "cijfers.html"


def test_who_publishes_is_the_gemeente_unless_a_name_is_given(monkeypatch: pytest.MonkeyPatch):
    assert Sender.of(Settings()).name == "Gemeente Hengelo"
    monkeypatch.setenv("LEERPLICHT_PUBLISHER", "0147")
    assert Sender.of(Settings()).name == "Gemeente Borne"
    monkeypatch.setenv("LEERPLICHT_PUBLISHER_NAME", " Leerplicht\nHengelo  en Borne ")
    assert Sender.of(Settings()).name == "Leerplicht Hengelo en Borne"
    assert refused(monkeypatch, PUBLISHER_NAME="x" * 81) == "instelling LEERPLICHT_PUBLISHER_NAME: geef hoogstens 80 tekens"
    assert "stuurtekens" in refused(monkeypatch, PUBLISHER_NAME="a\u202eb")


@pytest.mark.parametrize(
    ("contact", "link"), [(None, None), ("a@b.example", "mailto:a@b.example"), ("https://b.example/vraag", "https://b.example/vraag")]
)
def test_the_contact_is_a_link(contact: str | None, link: str | None):
    assert replace(SENDER, contact=contact).contact_link == link


@pytest.mark.parametrize(
    ("licence", "name"),
    [
        ("https://creativecommons.org/licenses/by/4.0/", "CC BY 4.0"), ("http://creativecommons.org/licenses/by/4.0/deed.nl", "CC BY 4.0"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "CC0 1.0"), ("https://eigen.example/voorwaarden", "https://eigen.example/"),
        (Settings().licence, "Geen open licentie"),
    ],
)  # fmt: skip
def test_a_licence_has_a_name_that_a_person_reads(licence: str, name: str):
    assert replace(SENDER, licence=licence).licence_name.startswith(name)


def test_a_citation_names_the_sender_year_status_date_and_release_and_the_address_if_there_is_one():
    told = "Gemeente Hengelo, Leerplicht in cijfers, schooljaar 2024-2025, voorlopige cijfers, stand van 6 augustus 2025, "
    assert SENDER.citation(RELEASE) == f"{told}versie 20250805T230000Z-abc."
    there = replace(SENDER, address="https://b.example/")
    assert there.citation(RELEASE, "cijfers.html#a=b") == f"{told}versie 20250805T230000Z-abc. https://b.example/cijfers.html#a=b"
    assert "definitieve cijfers" in SENDER.citation(replace(RELEASE, status="definitief"))
    earlier = release([figure("leerplichtigen", 30), figure("leerplichtigen", 31, schooljaar="2023-2024")], RELEASE.indicators)
    assert "schooljaar 2023-2024," in SENDER.citation(earlier, year="2023-2024") and "schooljaar 2024-2025," in SENDER.citation(earlier)


def test_whatever_changes_of_a_sender_changes_its_hash():
    logo = Logo(svg(), brand.SVG)
    others = [
        SENDER,
        replace(SENDER, name="Borne"),
        replace(SENDER, colours=Colours.of("#000000")),
        replace(SENDER, contact="a@b.example"),
        replace(SENDER, licence="https://b.example/"),
        replace(SENDER, address="https://b.example/"),
        replace(SENDER, logo=logo),
        replace(SENDER, logo=Logo(svg("<g/>"), brand.SVG)),
    ]
    assert len({one.sha256 for one in others}) == len(others)
    assert replace(SENDER).sha256 == SENDER.sha256
