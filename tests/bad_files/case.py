"""A case of the corpus: a delivery and the verdict that it must get.

Put here: the class, and helpers of all cases. Keep out: the cases (`bad_*.py`). Their files are built and not stored, as a binary file in a
repository cannot be reviewed. All identifiers are fictitious.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "unit"))

from leveringen import Landing, bsn, melding, onderwijsnummer, to_csv, to_nested_xml, to_xlsx, to_xml

Make = Callable[[Landing, str], Any]

REFUSED, REJECTED, WARNED, REPEATED, LOADED, WAITS = "geweigerd", "rij afgewezen", "waarschuwing", "herhaald", "geladen", "wacht"
CSV, XML, XLSX = "verzuimmeldingen.csv", "verzuimmeldingen.xml", "incidenten.xlsx"


@dataclass(frozen=True)
class Case:
    """A delivery and its verdict.

    Args:
        id: Name of the delivery; unique.
        what: Its fault, in Dutch, for the docs.
        verdict: `REFUSED` …
        code: The reason code; empty if there is none.
        make: Writes the delivery into landing.
        bron: Its bron.
        before: Writes a delivery that is ingested first.
        levering: Its name in the ledger, if that is not its id.
        reden: Text that the reason must contain.
    """

    id: str
    what: str
    verdict: str
    code: str
    make: Make
    bron: str = "duo"
    before: Make | None = None
    levering: str | None = None
    reden: str = ""


def number(name: str) -> int:
    """Return a number that differs between cases, so that no two deliveries are equal by accident."""
    return 1 + sum((place + 1) * ord(sign) for place, sign in enumerate(name)) % 90_000


def csv(change: Callable[[bytes], bytes] = lambda content: content, rijen: int = 1, naam: str = CSV, **manifest: Any) -> Make:
    """Make a CSV with one good melding, then change its bytes."""
    return lambda landing, name: landing.write(name, {naam: change(to_csv([melding(number(name))]))}, rijen=rijen, **manifest)


def row(**values: str) -> Make:
    """Make a CSV with one good melding and one with these values."""

    def make(landing: Landing, name: str) -> Path:
        good = number(name)
        return landing.meldingen(name, [melding(good), melding(good + 100_000, **values)])

    return make


def table(bron: str, entiteit: str, naam: str, *rows: dict[str, str], encoding: str = "utf-8", **manifest: Any) -> Make:
    """Make a CSV of another entiteit, with these rows."""
    return lambda landing, name: landing.write(
        name, {naam: to_csv(rows, encoding)}, bron=bron, entiteit=entiteit, rijen=len(rows), **manifest
    )


def person(**values: str) -> dict[str, str]:
    """Return a valid jongere."""
    return {"BSN": bsn(31_000_000), "ONDERWIJSNUMMER": "", "GEBOORTEDATUM": "2010-05-05", "GESLACHT": "V"} | values


def incident(nr: str, **values: Any) -> dict[str, Any]:
    """Return a valid incident."""
    return {"INCIDENTNR": nr, "BSN": bsn(32_000_000), "DATUM": "03-03-2025", "CONTACT_MET": "school"} | values


__all__ = [
    "CSV", "LOADED", "REFUSED", "REJECTED", "REPEATED", "WAITS", "WARNED", "XLSX", "XML", "Case", "Landing", "Make",
    "bsn", "csv", "incident", "melding", "number", "onderwijsnummer", "person", "row", "table", "to_csv", "to_nested_xml",
    "to_xlsx", "to_xml",
]  # fmt: skip
