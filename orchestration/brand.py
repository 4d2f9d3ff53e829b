"""Checks the colour and the logo with which a gemeente signs its figures.

Put here: what such a colour and logo may be, and arithmetic on colours. Keep out: where they are shown (`renderings/sender.py`).
"""

import colorsys
import re
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lxml import etree

WHITE, BLACK = "#ffffff", "#000000"
READABLE = 4.5  # WCAG 2.2, 1.4.3: contrast of text
VISIBLE = 3.0  # WCAG 2.2, 1.4.11: contrast of a shape
MOST_BYTES = 100_000  # the first view of the portal, with the logo, stays under 300 kB; a factsheet holds it inside
MOST_PIXELS = 2_000
SVG, PNG = "image/svg+xml", "image/png"
SVG_ROOT = "{http://www.w3.org/2000/svg}svg"
PNG_HEAD = struct.Struct(">8s4x4sII")
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
# elements that run something, load something or hold other markup
ACTIVE = {"script", "foreignObject", "iframe", "object", "embed", "audio", "video", "handler", "listener", "set", "animate"}
ELSEWHERE = re.compile(r"@import|url\(\s*[\"']?\s*(?!#)|javascript:", re.IGNORECASE)


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21, as WCAG defines it."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def mixed(colour: str, other: str, share: float) -> str:
    """Mix a colour with a share, 0 to 1, of another."""
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def lightened(colour: str, share: float) -> str:
    """Bring a colour a share, 0 to 1, nearer to white, with its hue as strong as it was: mixing with white would make it grey."""
    hue, light, saturation = colorsys.rgb_to_hls(*(one / 255 for one in _channels(colour)))
    return "#" + "".join(f"{round(one * 255):02x}" for one in colorsys.hls_to_rgb(hue, light + (1 - light) * share, saturation))


def darkened(colour: str, share: float) -> str:
    """Mix a colour with a share, 0 to 1, of black."""
    return mixed(colour, BLACK, share)


def until(colour: str, changed: Callable[[str, float], str], grounds: tuple[str, ...], wanted: float) -> str:
    """Change a colour as little as gives it a contrast on each of some grounds.

    Args:
        colour: The colour.
        changed: Makes it lighter or darker.
        grounds: What it stands on.
        wanted: The contrast it must have; white or black has it.
    """
    steps = (changed(colour, step / 50) for step in range(51))
    return next(one for one in steps if all(contrast(one, ground) >= wanted for ground in grounds))


def check_colour(colour: str) -> None:
    """Check a colour, `#rrggbb`.

    Raises:
        ValueError: White text on it would be hard to read.
    """
    if (found := contrast(colour, WHITE)) < READABLE:
        told = f"{found:.2f}".replace(".", ",")
        raise ValueError(f"witte letters op {colour} zijn slecht leesbaar (contrast {told}, nodig is 4,5); kies een donkerder kleur")


def check_logo(path: Path) -> str:
    """Check a logo.

    Returns:
        Its media type.

    Raises:
        ValueError: It cannot be read, is too large, is neither SVG nor PNG, or would run or load something.
    """
    try:
        content = path.read_bytes()
    except OSError:
        raise ValueError(f"logo {path.name} is niet te lezen") from None
    if len(content) > MOST_BYTES:
        raise ValueError(f"logo {path.name} is {len(content) // 1000} kB; geef een bestand van hoogstens {MOST_BYTES // 1000} kB")
    if content.startswith(PNG_SIGNATURE):
        _check_png(path.name, content)
        return PNG
    _check_svg(path.name, content)
    return SVG


def _check_png(name: str, content: bytes) -> None:
    try:
        _, kind, width, height = PNG_HEAD.unpack_from(content)
    except struct.error:
        kind, width, height = b"", 0, 0
    if kind != b"IHDR" or not (width and height) or not _is_whole_png(content):
        raise ValueError(f"logo {name} is geen geldige PNG")
    if max(width, height) > MOST_PIXELS:
        raise ValueError(f"logo {name} is {width} bij {height} pixels; geef hoogstens {MOST_PIXELS} bij {MOST_PIXELS}")


def _is_whole_png(content: bytes) -> bool:
    """Return whether every chunk has the checksum that it says, up to the last one: what reads a damaged logo differs per reader."""
    at, kind = len(PNG_SIGNATURE), b""
    while at + 12 <= len(content):
        length = int.from_bytes(content[at : at + 4])
        kind, end = content[at + 4 : at + 8], at + 8 + length
        if zlib.crc32(content[at + 4 : end]) != int.from_bytes(content[end : end + 4]):
            return False
        at = end + 4
    return kind == b"IEND" and at == len(content)


def _check_svg(name: str, content: bytes) -> None:
    """Refuse what is active or comes from elsewhere: pages show the logo, and some hold it inside."""
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except (etree.XMLSyntaxError, ValueError):
        raise ValueError(f"logo {name} is geen SVG en geen PNG") from None
    if root.tag != SVG_ROOT:
        raise ValueError(f"logo {name} is geen SVG en geen PNG")
    declared: Any = root.getroottree().docinfo.internalDTD
    if declared is not None and next(declared.iterentities(), None):
        raise ValueError(f"logo {name} heeft eigen entiteiten in zijn DOCTYPE; sla het op als gewone SVG, zonder")
    if any(node.target == "xml-stylesheet" for node in (*root.itersiblings(etree.PI, preceding=True), *root.iter(etree.PI))):
        raise ValueError(f"logo {name} verwijst naar iets buiten het bestand; sla het op als gewone SVG, met alles erin")
    for element in root.iter("*"):
        tag = etree.QName(element).localname
        if tag in ACTIVE or any(etree.QName(key).localname.lower().startswith("on") for key in element.attrib):
            raise ValueError(f"logo {name} heeft een script of bewegend deel (<{tag}>); sla het op als gewone SVG, zonder")
        if _refers_elsewhere(element):
            raise ValueError(f"logo {name} verwijst naar iets buiten het bestand (<{tag}>); sla het op als gewone SVG, met alles erin")


def _refers_elsewhere(element: Any) -> bool:
    """Return whether an element names anything but a part of its own file."""
    values = [(etree.QName(key).localname, value.strip()) for key, value in element.attrib.items()]
    links = [value for key, value in values if key in ("href", "src", "base")]
    texts = [value for _, value in values] + ([element.text or ""] if etree.QName(element).localname == "style" else [])
    return any(not link.startswith(("#", "data:image/png;base64,", "data:image/jpeg;base64,")) for link in links) or any(
        ELSEWHERE.search(text) for text in texts
    )


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))


def _luminance(colour: str) -> float:
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in (c / 255 for c in _channels(colour))]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
