"""XML of DUO: lxml, streaming, with nothing resolved, loaded or expanded.

Put here: bytes → columns of text for XML. Keep out: other formats, and what a text means.

The file is fed to the parser in pieces, and after each piece all records that are whole are taken out of the tree at once: the tree never
holds more than a piece, and Python hears of the root only: 200,000 records a second, against 180,000 with an event for each record. Taking
the texts out of the tree, element by element, is what costs: 65,000 to 75,000 records a second remain (tags are the dearest part).
"""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

import pyarrow as pa
from lxml import etree

from expectations.contract import Column, Entity
from orchestration.deliveries.arrow import pc
from orchestration.deliveries.readers.batch import Batch, Reading, has_few_values

PIECE = 1 << 18  # fits the processor's cache: pieces of 4 MB take 1.5 times as long
ROWS = 20_000
DEEPER: Any = etree.XPath("*/*/*")  # below the elements of a record, seen from the root; free when there is nothing
SAFE: Any = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "dtd_validation": False,
    "attribute_defaults": False,
    "huge_tree": False,
    "collect_ids": False,
}


class XmlReading(Reading):
    """An XML file that is being read.

    Args:
        path: The file.
        entity: What it holds.
    """

    def __init__(self, path: Any, entity: Entity) -> None:
        super().__init__(path, entity)
        self._columns = {column.xml_element: column for column in entity.columns if column.xml_element}
        self._kept = [name for name, column in self._columns.items() if column.kind != "vrije_tekst"]
        self._known: dict[str, Column | None] = {}
        self._record_tags: set[str] = set()
        self._strange: set[str] = set()

    def batches(self) -> Iterator[Batch]:
        """The records: the elements of one record each, directly under the root."""
        first = 1
        rows: list[dict[str, str | None]] = []
        for elements in self._pieces():
            rows += self._rows(elements)
            if len(rows) >= ROWS:
                yield self._batch(first, rows)
                first += len(rows)
                rows = []
        if rows:
            yield self._batch(first, rows)
        self.unknown = len(self._strange)

    def lines(self, records: Sequence[int]) -> dict[int, int]:
        """The line where each of these records begins, by reading the file again."""
        asked, first = set(records), 1
        found: dict[int, int] = {}
        for elements in self._pieces():
            here = self._records(elements)
            found.update((first + place, int(record.sourceline)) for place, record in enumerate(here) if first + place in asked)
            first += len(here)
        return found

    def _pieces(self) -> Iterator[list[Any]]:
        """Lists of whole elements under the root, each taken out of the tree afterwards."""
        try:
            with self.path.open("rb") as file:
                self._check_root(file)
                file.seek(0)
                parser = etree.XMLPullParser(
                    events=("start",), tag=f"{{*}}{self.entity.xml_root}", remove_comments=True, remove_pis=True, **SAFE
                )
                root: Any = None
                while piece := file.read(PIECE):
                    parser.feed(piece)
                    if root is None:
                        root = next((element for _, element in parser.read_events()), None)
                    if root is not None and (whole := len(root) - 1) > 0:
                        self._check_depth(root)
                        yield root[:whole]
                        del root[:whole]
                parser.close()
        except etree.XMLSyntaxError as error:  # its message may hold a value
            if getattr(error, "code", None) == etree.ErrorTypes.ERR_NO_MEMORY:
                raise MemoryError from None
            raise self.unreadable(f"is niet welgevormd, bij regel {error.lineno or 1}") from None
        if root is not None and len(root):
            self._check_depth(root)
            yield root[:]

    def _check_depth(self, root: Any) -> None:
        """Refuse an element of the contract that has elements in it: its text would be cut off there."""
        for inner in DEEPER(root):
            holder = inner.getparent()
            if etree.QName(holder).localname in self._kept:
                raise self.unreadable(f"element {etree.QName(holder).localname} bevat andere elementen, bij regel {holder.sourceline}")

    def _check_root(self, file: Any) -> None:
        """Refuse another root, and a document type, before anything is fed.

        A parser that is fed opens an external document type even when told not to (lxml 6.1.3, seen with strace); `iterparse` does not.
        """
        _, root = next(iter(etree.iterparse(file, events=("start",), **SAFE)))
        document = root.getroottree().docinfo
        if document.internalDTD is not None or document.doctype:
            raise self.unreadable("heeft een documenttype (DTD); dat wordt niet gelezen")
        if etree.QName(root).localname != self.entity.xml_root:
            raise self.unreadable(f"heeft niet de wortel {self.entity.xml_root}")

    def _rows(self, elements: list[Any]) -> list[dict[str, str | None]]:
        """Of each record its texts by element."""
        records = self._records(elements)
        rows = [{child.tag: child.text for child in record} for record in records]
        if sum(map(len, rows)) != sum(map(len, records)):
            for row, record in zip(rows, records, strict=True):
                if len(row) != len(record):
                    self._check_twice(record)
        return rows

    def _check_twice(self, record: Any) -> None:
        """Refuse a record that has an element of the contract more than once; what the contract does not know may repeat."""
        names = [etree.QName(child).localname for child in record]
        for name in self._kept:
            if names.count(name) > 1:
                raise self.unreadable(f"element {name} staat twee keer in het record van regel {record.sourceline}")

    def _batch(self, first: int, rows: list[dict[str, str | None]]) -> Batch:
        few = {column.name for column in self.entity.columns if has_few_values(column)}
        columns: dict[str, Any] = {}
        for tag in sorted(set(chain.from_iterable(rows))):
            column = self._column(tag)
            if column is None:
                continue
            texts = pa.array([row.get(tag) for row in rows], pa.string())
            if column.name in columns:  # the same element in two namespaces
                if pc.any(pc.and_(pc.is_valid(texts), pc.is_valid(columns[column.name]))).as_py():
                    raise self.unreadable(f"element {column.xml_element} staat in een record twee keer, in twee naamruimten")
                texts = pc.coalesce(columns[column.name], texts)
            columns[column.name] = texts
        return Batch(first, len(rows), {name: _full(texts, name in few) for name, texts in columns.items()})

    def _records(self, elements: list[Any]) -> list[Any]:
        """The elements that are records; another element under the root is like an unknown column."""
        records = [element for element in elements if element.tag in self._record_tags]
        if len(records) == len(elements):
            return records
        for tag in {element.tag for element in elements} - self._record_tags:
            local = tag.rpartition("}")[2]
            if local == self.entity.xml_row:
                self._record_tags.add(tag)
            else:
                self._strange.add(local)
        return [element for element in elements if element.tag in self._record_tags]

    def _column(self, tag: str) -> Column | None:
        """The contract's column of an element; None for free text and for what the contract does not know."""
        if tag not in self._known:
            local = tag.rpartition("}")[2]
            column = self._columns.get(local)
            if column is None:
                self._strange.add(local)
            self._known[tag] = column if column and column.kind != "vrije_tekst" else None
        return self._known[tag]


def _full(texts: Any, few: bool) -> Any:
    """A column without nulls, encoded where few texts differ."""
    full = pc.fill_null(texts, "")
    return full.dictionary_encode() if few else full
