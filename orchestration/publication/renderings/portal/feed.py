"""Writes `releases.atom`: the releases as a feed (Atom 1.0, RFC 4287), so that a reader or a program hears of a new one.

Put here: the feed. Keep out: which releases there are (`editions.py`).
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

from orchestration.publication.renderings import names
from orchestration.publication.renderings.editions import Edition
from orchestration.publication.renderings.sender import TITLE, Sender

FILE, PAGE = "releases.atom", "releases.html"
ATOM = "http://www.w3.org/2005/Atom"
MINTED = "2026"  # RFC 4151: a year in which whoever sends this held that domain
NOWHERE = "leerplicht.invalid"  # RFC 2606: never anybody's domain


def write(editions: Sequence[Edition], zone: str, sender: Sender) -> bytes:
    """Return the feed; the same releases and sender give the same bytes.

    Args:
        editions: The releases, the last first; at least one.
        zone: `intern` or `openbaar`.
        sender: Who publishes; with an address, all links are absolute.
    """
    feed = etree.fromstring(f'<feed xmlns="{ATOM}" xml:lang="nl"/>')
    _add(feed, "id", _id(zone, "", sender))
    _add(feed, "title", f"{TITLE}: nieuwe cijfers van {sender.name}")
    _add(feed, "updated", _moment(max(one.updated for one in editions)))
    author = etree.SubElement(feed, f"{{{ATOM}}}author")
    _add(author, "name", sender.name)
    if sender.contact:
        _add(author, "uri" if sender.contact.startswith("https://") else "email", sender.contact)
    _link(feed, "self", sender.absolute(FILE), "application/atom+xml")
    _link(feed, "alternate", sender.absolute(PAGE), "text/html")
    _add(feed, "rights", sender.licence_name)
    for one in editions:
        entry = etree.SubElement(feed, f"{{{ATOM}}}entry")
        _add(entry, "id", _id(zone, one.release, sender))
        _add(entry, "title", f"Cijfers met de stand van {names.day_of(one.kennisdatum)}, {one.status}")
        _add(entry, "published", _moment(one.kennisdatum))
        _add(entry, "updated", _moment(one.updated))
        _link(entry, "alternate", sender.absolute(f"{PAGE}#{one.release}"), "text/html")
        _add(entry, "summary", one.changed or f"Versie {one.release}.")
    etree.indent(feed)
    return etree.tostring(feed, encoding="utf-8", xml_declaration=True) + b"\n"


def _id(zone: str, release: str, sender: Sender) -> str:
    domain = urlsplit(sender.address or "").hostname or NOWHERE
    return f"tag:{domain},{MINTED}:leerplicht/{zone}/{release}"


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _link(parent: Any, rel: str, href: str, kind: str) -> None:
    etree.SubElement(parent, f"{{{ATOM}}}link", {"rel": rel, "href": href, "type": kind})


def _add(parent: Any, name: str, text: str) -> None:
    etree.SubElement(parent, f"{{{ATOM}}}{name}").text = text
