"""Readers: one delivered file → batches of text columns, with the column names of the contract.

Put here: what differs between file formats. Keep out: the type of a text (`columns.py`) and the rules of a row (`checks.py`). A reader
never guesses: it refuses a file that is not of its format. No message contains a delivered value.
"""

from pathlib import Path

from expectations.contract import Contract, Entity
from orchestration.deliveries.readers.batch import Batch, Reading
from orchestration.deliveries.reasons import Refusal
from orchestration.scrub import safe_text

__all__ = ["FORMATS", "Batch", "Reading", "open_file"]

FORMATS = (".csv", ".xml", ".xlsx")
MAX_BYTES = 2 << 30  # of a workbook: its sheets hold a million rows each, so that no honest one unpacks to more


def open_file(path: Path, contract: Contract, entity: Entity, blad: str | None = None, max_bytes: int = MAX_BYTES) -> Reading:
    """Open a delivered file; iterate `batches()` for its records.

    Args:
        path: The file.
        contract: The contract of its bron.
        entity: Its entiteit.
        blad: The sheet of a workbook.
        max_bytes: Limit of an unpacked workbook.

    Raises:
        Refusal: `bestand_onleesbaar`: an unknown format, or not readable as its format.
    """
    name, suffix = safe_text(path.name), path.suffix.lower()
    if blad is not None and suffix != ".xlsx":
        raise Refusal("bestand_onleesbaar", f"{name}: alleen een werkmap (.xlsx) heeft bladen")
    if suffix == ".csv":
        from orchestration.deliveries.readers.csv import CsvReading

        return CsvReading(path, contract, entity)
    if suffix == ".xml" and entity.xml_row:
        from orchestration.deliveries.readers.xml import XmlReading

        return XmlReading(path, entity)
    if suffix == ".xlsx":
        from orchestration.deliveries.readers.xlsx import XlsxReading

        return XlsxReading(path, contract, entity, blad, min(max_bytes, MAX_BYTES))
    raise Refusal("bestand_onleesbaar", f"{name}: {entity.name} wordt gelezen uit .csv, .xlsx of (verzuimmelding) .xml")
