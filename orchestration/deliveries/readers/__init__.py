"""Readers: one delivered file → batches of text columns under the contract's names.

Put here: what differs between file formats. Keep out: what a text means (`columns.py`), whether a row is right (`checks.py`). A reader
never guesses: a file that is not of its format is refused, and no message holds a delivered value.
"""

from pathlib import Path

from expectations.contract import Contract, Entity
from orchestration.deliveries.readers.batch import Batch, Reading
from orchestration.deliveries.reasons import Refusal, shown

__all__ = ["FORMATS", "Batch", "Reading", "open_file"]

FORMATS = (".csv", ".xml", ".xlsx")
MAX_BYTES = 2 << 30


def open_file(path: Path, contract: Contract, entity: Entity, blad: str | None = None, max_bytes: int = MAX_BYTES) -> Reading:
    """Open a delivered file; its records come when the reading is iterated.

    Args:
        path: The file.
        contract: What its bron delivers.
        entity: What it holds.
        blad: The sheet of a workbook.
        max_bytes: What a workbook may unpack to.

    Raises:
        Refusal: `bestand_onleesbaar`: not a format that is read, or not readable as that format.
    """
    name, suffix = shown(path.name), path.suffix.lower()
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

        return XlsxReading(path, contract, entity, blad, max_bytes)
    raise Refusal("bestand_onleesbaar", f"{name}: {entity.name} wordt gelezen uit .csv, .xlsx of (verzuimmelding) .xml")
