"""Writes a delivery: its folder, its files, and its manifest last.

Put here: the folder and the manifest. Keep out: formats (`files.py`), and the rows.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from expectations import contract
from orchestration.example.files import Csv, File, NestedXml, Sheet, Workbook, Xml


class Delivery:
    """A delivery of one bron. The manifest lists the files in the order in which they were opened.

    Args:
        landing: The landing zone.
        bron: The bron.
        levering: The name of the delivery and its folder.
        kennisdatum: When the source made it, with a time zone.
        aard: `volledig` or `mutatie`.
    """

    def __init__(self, landing: Path, bron: str, levering: str, kennisdatum: str, aard: str) -> None:
        self.folder = landing / bron / levering
        self.folder.mkdir(parents=True, exist_ok=True)
        self._head = {"bron": bron, "levering": levering, "kennisdatum": kennisdatum, "aard": aard}
        self._entities = contract.load(bron).entities
        self._files: list[File] = []

    def csv(self, entiteit: str, *, encoding: str, date_format: str, newline: str = "\n") -> Csv:
        """Open a CSV, with the file name of its entiteit in the contract."""
        entity = self._entities[entiteit]
        path = self.folder / f"{Path(entity.file).stem}.csv"
        file = Csv(path, entity, encoding=encoding, date_format=date_format, newline=newline)
        self._files.append(file)
        return file

    def xml(self, entiteit: str, *, namespace: str = "", nested: bool = False) -> Xml:
        """Open an XML file, flat or in DUO's own nested form."""
        entity = self._entities[entiteit]
        form = NestedXml if nested else Xml
        file = form(self.folder / f"{Path(entity.file).stem}.xml", entity, namespace=namespace)
        self._files.append(file)
        return file

    def workbook(
        self, name: str, entiteiten: Sequence[str], *, real_dates: bool, named_sheets: bool, streamed: bool = False
    ) -> dict[str, Sheet]:
        """Open a workbook, without a name with that of its entiteit in the contract; return its sheets by entiteit."""
        entities = [self._entities[entiteit] for entiteit in entiteiten]
        book = Workbook(
            self.folder / (name or entities[0].file), entities, real_dates=real_dates, named_sheets=named_sheets, streamed=streamed
        )
        self._files.append(book)
        return book.sheets

    def close(self) -> Path:
        """Finish all files and write the manifest; return the folder."""
        listed: list[dict[str, Any]] = []
        for written in (written for file in self._files for written in file.close()):
            line: dict[str, Any] = {"naam": written.name, "entiteit": written.entiteit}
            line |= {"sha256": written.sha256, "rijen": written.rows}
            listed.append(line | ({"blad": written.blad} if written.blad else {}))
        manifest = self._head | {"bestanden": listed}
        (self.folder / "levering.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        return self.folder
