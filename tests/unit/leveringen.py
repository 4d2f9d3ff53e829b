"""Builders of deliveries for tests. All identifiers are fictitious."""

import hashlib
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import xlsxwriter

from expectations import contract
from orchestration.deliveries import ingest
from orchestration.deliveries.ledger import LedgerEntry
from orchestration.deliveries.parse import parse
from orchestration.lake import Lake
from orchestration.settings import Settings

KENNISDATUM = "2025-03-03T02:00:00+01:00"
MELDING = {
    "MELDINGSNUMMER": "M1",
    "DATUM_LAATSTE_MUTATIE": "2025-03-01",
    "TIJDSTIP_LAATSTE_MUTATIE": "12:00:00",
    "STATUS": "R",
    "VERZUIMSOORT": "V3",
    "BSN": "",
    "ONDERWIJSNUMMER": "",
    "BRIN": "09TB",
    "VESTIGING": "",
    "DATUM_BEGIN": "2025-02-01",
    "DATUM_EINDE": "2025-02-10",
    "DATUM_MELDING": "2025-02-12",
    "UREN": "16,5",
    "AANLEIDING": "",
    "REDEN_AFGESLOTEN": "",
    "TOELICHTING": "",
}


def bsn(number: int) -> str:
    """Return the first valid BSN from ten times a number of eight digits."""
    for candidate in range(number * 10, number * 10 + 1000):
        digits = [int(sign) for sign in f"{candidate:09d}"]
        if any(digits) and sum(d * w for d, w in zip(digits, (9, 8, 7, 6, 5, 4, 3, 2, -1), strict=True)) % 11 == 0:
            return f"{candidate:09d}"
    raise AssertionError


def onderwijsnummer(number: int) -> str:
    """Return a valid onderwijsnummer."""
    for candidate in range(100_000_000 + number * 10, 100_000_000 + number * 10 + 1000):
        digits = [int(sign) for sign in str(candidate)]
        if sum(d * w for d, w in zip(digits, (9, 8, 7, 6, 5, 4, 3, 2, -1), strict=True)) % 11 == 5:
            return str(candidate)
    raise AssertionError


def melding(number: int = 1, **values: str) -> dict[str, str]:
    """Return a valid melding; other values by column name."""
    return MELDING | {"MELDINGSNUMMER": f"M{number}", "BSN": bsn(20_000_000 + number)} | values


def to_csv(rows: Iterable[dict[str, str]], encoding: str = "utf-8", end: str = "\n") -> bytes:
    rows = list(rows)
    header = list(dict.fromkeys(name for row in rows for name in row)) or list(MELDING)
    lines = [header, *([row.get(name, "") for name in header] for row in rows)]
    return "".join(";".join(line) + end for line in lines).encode(encoding)


def to_xml(rows: Iterable[dict[str, str]], namespace: str = "", extra: str = "") -> bytes:
    """Return meldingen as DUO's XML; an empty value has no element."""
    elements = {column.header: column.xml_element for column in contract.load("duo").entities["verzuimmelding"].columns}
    records = "".join(
        "\n<Verzuimgeval>"
        + "".join(f"<{elements[name]}>{value}</{elements[name]}>" for name, value in row.items() if value)
        + "</Verzuimgeval>"
        for row in rows
    )
    return f'<LeveringMeldingRelatiefVerzuim xmlns="{namespace}">{records}{extra}</LeveringMeldingRelatiefVerzuim>'.encode()


PERIOD = "<Selectieperiode><DatumBegin>2025-03-01</DatumBegin><DatumEinde>2025-03-02</DatumEinde></Selectieperiode>"
MOMENT = ("DATUM_LAATSTE_MUTATIE", "TIJDSTIP_LAATSTE_MUTATIE")


def to_nested_xml(rows: Iterable[dict[str, str]], root: str = "DC0011LeveringMeldingRelatiefVerzuim") -> bytes:
    """Return meldingen as a public client of DUO's web service reads them, in two namespaces; what it does not name in a branch."""
    names = {column.header: column.xml_element for column in contract.load("duo").entities["verzuimmelding"].columns}

    def elements(row: dict[str, str], *headers: str, prefix: str = "") -> str:
        return "".join(f"<{prefix}{names[name]}>{row[name]}</{prefix}{names[name]}>\n" for name in headers if row.get(name))

    def record(row: dict[str, str]) -> str:
        rest = [name for name in row if name not in ("MELDINGSNUMMER", "STATUS", "REDEN_AFGESLOTEN", *MOMENT)]
        return (
            "\n<Verzuimgeval>\n<v:MeldingRelatiefVerzuim><v:IdentificatieMeldingRelatiefVerzuim>\n"
            + elements(row, "MELDINGSNUMMER", prefix="v:")
            + "</v:IdentificatieMeldingRelatiefVerzuim>"
            + elements(row, "STATUS", "REDEN_AFGESLOTEN", prefix="v:")
            + f"</v:MeldingRelatiefVerzuim><Procesverloop>{elements(row, *MOMENT)}</Procesverloop>"
            + f"<Leerling><Inschrijving>{elements(row, *rest)}</Inschrijving></Leerling></Verzuimgeval>"
        )

    return f'<{root} xmlns="urn:a" xmlns:v="urn:b">{PERIOD}{"".join(map(record, rows))}</{root}>'.encode()


def to_xlsx(sheets: dict[str, list[list[Any]]], hidden: str = "") -> bytes:
    """Return a workbook with these sheets, as a spreadsheet program writes it."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        as_date = book.add_format({"num_format": "dd-mm-yyyy"})
        for title, rows in sheets.items():
            sheet = book.add_worksheet(title)
            for y, cells in enumerate(rows):
                for x, cell in enumerate(cells):
                    sheet.write_datetime(y, x, cell, as_date) if isinstance(cell, date) else sheet.write(y, x, cell)
            if title == hidden:
                sheet.hide()
    return target.getvalue()


@dataclass(frozen=True)
class Landing:
    """A lake with its own key, to write deliveries into."""

    root: Path

    @property
    def lake(self) -> Lake:
        return Lake(self.root / "meer")

    def settings(self, **values: Any) -> Settings:
        return Settings(lake=self.lake.root, key_file=self.root / "sleutel" / "geheim.key", **values)

    def write(
        self,
        name: str,
        files: dict[str, bytes],
        *,
        bron: str = "duo",
        entiteit: str | dict[str, str] = "verzuimmelding",
        rijen: int | dict[str, int] = 1,
        kennisdatum: str = KENNISDATUM,
        aard: str = "mutatie",
        blad: dict[str, str] | None = None,
        **manifest: Any,
    ) -> Path:
        folder = self.lake.landing / bron / name
        folder.mkdir(parents=True, exist_ok=True)
        listed = []
        for file, data in files.items():
            (folder / file).write_bytes(data)
            line = {
                "naam": file,
                "entiteit": entiteit if isinstance(entiteit, str) else entiteit[file],
                "sha256": hashlib.sha256(data).hexdigest(),
                "rijen": rijen if isinstance(rijen, int) else rijen[file],
            }
            listed.append(line | ({"blad": blad[file]} if blad else {}))
        content = {"bron": bron, "levering": name, "kennisdatum": kennisdatum, "aard": aard, "bestanden": listed} | manifest
        (folder / "levering.json").write_text(json.dumps(content))
        return folder

    def meldingen(self, name: str, rows: list[dict[str, str]], **manifest: Any) -> Path:
        return self.write(name, {"verzuimmeldingen.csv": to_csv(rows)}, rijen=len(rows), **manifest)

    def ingest(self, bron: str = "duo", *, apart: bool = False, **settings: Any) -> list[LedgerEntry]:
        """Ingest all deliveries; read them in this process unless `apart`, because starting another one dominates a small test."""
        return ingest.ingest(self.settings(**settings), bron, "proef", read=None if apart else parse).entries

    def loaded(self, entry: LedgerEntry, place: int = 0) -> list[dict[str, Any]]:
        path = entry.entiteiten[place].rijen
        return pq.read_table(self.lake.rows / path).to_pylist() if path else []

    def rejected(self, entry: LedgerEntry, place: int = 0) -> list[dict[str, Any]]:
        path = entry.entiteiten[place].quarantaine
        return pq.read_table(self.lake.quarantine / path).to_pylist() if path else []
