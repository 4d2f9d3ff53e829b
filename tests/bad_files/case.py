"""What a case of the corpus is: a delivery that is built when it is needed, and what it must get.

Put here: the shape of a case and what all cases use. Keep out: the cases (`bad_*.py`). They are built, not kept: a binary in a repository
cannot be reviewed. All identifiers are made up.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "unit"))

from leveringen import Landing, bsn, melding, onderwijsnummer, to_csv

Make = Callable[[Landing, str], Any]

REFUSED, REJECTED, WARNED, REPEATED, LOADED, WAITS = "geweigerd", "rij afgewezen", "waarschuwing", "herhaald", "geladen", "wacht"
CSV, XML, XLSX = "verzuimmeldingen.csv", "verzuimmeldingen.xml", "incidenten.xlsx"


@dataclass(frozen=True)
class Case:
    """A delivery and what it must get.

    Args:
        id: Name of the delivery; unique.
        what: What is the matter with it, in Dutch: goes into the docs.
        verdict: `REFUSED` …
        code: The reason code; empty where there is none.
        make: Writes the delivery into landing.
        bron: Whose landing.
        before: Writes what must have been seen before it.
        levering: Its name in the ledger, when that is not its id.
        says: What the reason must hold.
    """

    id: str
    what: str
    verdict: str
    code: str
    make: Make
    bron: str = "duo"
    before: Make | None = None
    levering: str | None = None
    says: str = ""


def number(name: str) -> int:
    """A number for each case, so that no two deliveries are the same by accident."""
    return 1 + sum((place + 1) * ord(sign) for place, sign in enumerate(name)) % 90_000


def csv(change: Callable[[bytes], bytes] = lambda content: content, rijen: int = 1, naam: str = CSV, **manifest: Any) -> Make:
    """A CSV with one good melding, changed as bytes."""
    return lambda landing, name: landing.write(name, {naam: change(to_csv([melding(number(name))]))}, rijen=rijen, **manifest)


def row(**values: str) -> Make:
    """A good melding and one with other values."""

    def make(landing: Landing, name: str) -> Path:
        good = number(name)
        return landing.meldingen(name, [melding(good), melding(good + 100_000, **values)])

    return make


def table(bron: str, entiteit: str, naam: str, *rows: dict[str, str], encoding: str = "utf-8", **manifest: Any) -> Make:
    """A CSV of another entiteit, with these rows."""
    return lambda landing, name: landing.write(
        name, {naam: to_csv(rows, encoding)}, bron=bron, entiteit=entiteit, rijen=len(rows), **manifest
    )


def person(**values: str) -> dict[str, str]:
    """Someone the monitor could know."""
    return {"BSN": bsn(31_000_000), "ONDERWIJSNUMMER": "", "GEBOORTEDATUM": "2010-05-05", "GESLACHT": "V"} | values


def incident(nr: str, **values: Any) -> dict[str, Any]:
    """An incident without a fault."""
    return {"INCIDENTNR": nr, "BSN": bsn(32_000_000), "DATUM": "03-03-2025", "CONTACT_MET": "school"} | values


__all__ = [
    "CSV", "LOADED", "REFUSED", "REJECTED", "REPEATED", "WAITS", "WARNED", "XLSX", "XML",
    "Case", "Landing", "Make", "bsn", "csv", "incident", "melding", "number", "onderwijsnummer", "person", "row", "table", "to_csv",
]  # fmt: skip
