"""XML of DUO, read by lxml in parts.

Put here: bytes → columns of text for XML. Keep out: other formats, and the type of a text.

Reading texts from lxml's tree, element by element, takes twice as long as parsing. So each parsed part is serialized again: in lxml's
output every `<` and `>` is the border of a tag, each text is a slice between two borders, and Arrow copies all slices of a column at once.
"""

import re
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.parsers import expat

import numpy as np
import pyarrow as pa
from lxml import etree

from expectations.contract import Entity
from orchestration.deliveries.arrow import as_mask, pc
from orchestration.deliveries.readers import layout
from orchestration.deliveries.readers.batch import Batch, Reading, has_few_values, read_columns
from orchestration.deliveries.reasons import Refusal
from orchestration.scrub import safe_text

ROWS = 50_000
CHUNK = 1 << 16  # bytes; lxml parses small chunks faster: 1.4 s against 1.7 s with 1 MB, of 200,000 meldingen
PART = 1 << 20
AHEAD = 40  # parts that are parsed on another thread while a batch is typed on this one: about 50 MB
FREE_TEXT, UNKNOWN = -1, -2  # elements that are not read
LT, GT, SLASH = b"<"[0], b">"[0], b"/"[0]
ESCAPES = {"&lt;": "<", "&gt;": ">", "&#13;": "\r", "&amp;": "&"}  # all that lxml writes in UTF-8; & comes last
ENCODING = re.compile(rb"<\?xml[^>]*encoding=[\"']([A-Za-z0-9._-]+)")
NO_MEMORY = 2  # libxml2's XML_ERR_NO_MEMORY
SAFE: Any = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "dtd_validation": False,
    "attribute_defaults": False,
    "huge_tree": False,
    "collect_ids": False,
    "remove_comments": True,
    "remove_pis": True,
}


@dataclass(frozen=True)
class _Elements:
    """The elements of a serialized part, in the order of their start tags.

    Args:
        slices: A string array of tag, text after it, next tag, …, and an empty text.
        names: The local names of the distinct start tags.
        name: Position of each element's name in `names`.
        depth: 1 for the root.
        text: Position of the text after each start tag in `slices`; for an element such as `<a/>` that of the empty text.
    """

    slices: Any
    names: np.ndarray
    name: np.ndarray
    depth: np.ndarray
    text: np.ndarray


class XmlReading(Reading):
    """An open XML file.

    Args:
        path: The file.
        entity: Its entiteit.

    Raises:
        Refusal: It is no XML, has a document type, or another root.
    """

    def __init__(self, path: Path, entity: Entity) -> None:
        super().__init__(path, entity)
        self._columns = [column for column in read_columns(entity) if column.xml_element]
        self._places = {column.xml_element: FREE_TEXT for column in entity.columns}
        self._places |= {column.xml_element: place for place, column in enumerate(self._columns)}
        self._unknown: set[str] = set()
        self._empty: list[int] = []  # numbers of the records in which every element is empty
        self._elements = 0
        self._check_encoding()
        self._check_root()

    def _check_encoding(self) -> None:
        """Refuse a file whose first line names an encoding of more bytes per character than it has."""
        with self.path.open("rb") as file:
            start = file.read(200)
        if (named := ENCODING.search(start)) and named[1].lower().startswith((b"utf-16", b"utf16", b"utf-32", b"ucs", b"iso-10646")):
            name = named[1].decode("ascii")
            raise self.unreadable(f"zegt op regel 1 dat de codering {name} is, en dat is niet zo; haal encoding weg of noem de echte")

    def batches(self) -> Iterator[Batch]:
        """Yield the records: the elements of one record each, directly under the root."""
        first, rows = 1, 0
        parts: list[tuple[int, Any]] = []
        for content, is_last in _ahead(self._parts()):
            part = self._read_part(content, first + rows, is_last=is_last)
            parts.append(part)
            rows += part[0]
            if rows and (rows >= ROWS or is_last):
                yield self._batch(first, rows, parts)
                first, rows, parts = first + rows, 0, []
        self.unknown = tuple(self._named(sorted(self._unknown)))
        if first + rows == 1 and not self._empty and self._unknown:
            raise self.unreadable(f"heeft geen enkel element {self.entity.xml_row}, wel {', '.join(self.unknown[: layout.SHOWN])}")

    def _named(self, names: Sequence[str]) -> Iterator[str]:
        """Yield the names of unknown elements, each with the one that it resembles."""
        own = [column.xml_element for column in self.entity.columns if column.xml_element]
        for name in names:
            other = layout.resembling(name, [*own, str(self.entity.xml_row)])
            shown = safe_text(name, layout.LONGEST)
            yield f"{shown} (lijkt op {other})" if other else shown

    def lines(self, records: Sequence[int]) -> dict[int, int]:
        """Return the line where each of these records begins, by a second pass with expat: lxml counts no further than line 65,535."""
        numbers = dict(zip(self._among_all(records), records, strict=True))
        asked, found = numbers.keys(), {}
        parser = expat.ParserCreate()
        depth = number = 0

        def start(name: str, _attributes: object) -> None:
            nonlocal depth, number
            depth += 1
            if depth == 2 and name.rpartition(":")[2] == self.entity.xml_row:
                number += 1
                if number in asked:
                    found[numbers[number]] = parser.CurrentLineNumber

        def end(_name: str) -> None:
            nonlocal depth
            depth -= 1

        parser.StartElementHandler, parser.EndElementHandler = start, end
        with self.path.open("rb") as file, suppress(expat.ExpatError, LookupError, ValueError):  # an encoding that only lxml supports
            while len(found) < len(asked) and (chunk := file.read(PART)):
                parser.Parse(chunk)
        return found

    def _among_all(self, records: Sequence[int]) -> list[int]:
        """Return the number of each record among all elements of a record, with those that are empty."""
        others = np.setdiff1d(np.arange(1, max(records, default=0) + len(self._empty) + 1), self._empty)
        return [int(others[record - 1]) for record in records]

    def _check_root(self) -> None:
        """Refuse a document type and another root, before the file is fed to a parser.

        `feed` opens an external document type in spite of `load_dtd` (lxml 6.1.3, seen with strace); `iterparse` does not.
        """
        with self._refusing_malformed():
            _, root = next(iter(etree.iterparse(str(self.path), events=("start",), **SAFE)))
        document = root.getroottree().docinfo
        if document.internalDTD is not None or document.doctype:
            raise self.unreadable("heeft een documenttype (DTD); dat wordt niet gelezen")
        if etree.QName(root).localname != self.entity.xml_root:
            raise self.unreadable(f"heeft niet de wortel {self.entity.xml_root}")

    @contextmanager
    def _refusing_malformed(self) -> Iterator[None]:
        try:
            yield
        except etree.XMLSyntaxError as error:
            if getattr(error, "code", None) == NO_MEMORY:
                raise MemoryError from None
            raise self.unreadable(f"is niet welgevormd, bij regel {error.lineno or 1}") from None  # lxml's message may contain a value

    def _parts(self) -> Iterator[tuple[bytes, bool]]:
        """Yield serialized parts of the file, each with the root element, and whether it is the last one.

        In all but the last part the last element under the root may be incomplete; the next part begins with it.
        """
        parser = etree.XMLPullParser(events=("start",), tag=f"{{*}}{self.entity.xml_root}", **SAFE)
        with self._refusing_malformed(), self.path.open("rb") as file:
            root: Any = None
            fed = 0
            while chunk := file.read(CHUNK):
                parser.feed(chunk)
                fed += len(chunk)
                if root is None:
                    root = next((element for _, element in parser.read_events()), None)
                elif fed >= PART and len(root) > 1:
                    yield etree.tostring(root, encoding="utf-8"), False
                    del root[:-1]
                    fed = 0
            yield etree.tostring(parser.close(), encoding="utf-8"), True

    def _read_part(self, content: bytes, first: int, *, is_last: bool) -> tuple[int, Any]:
        """Return the number of records of a part, and one array of their texts: of the first column, then of the second, and so on.

        Args:
            content: The part.
            first: The number of its first record in the file.
            is_last: Whether its last element is complete.

        Raises:
            Refusal: A record has an element twice, or an element that holds other elements.
        """
        found = _elements(content, is_last=is_last)
        column = np.array([self._places.get(name, UNKNOWN) for name in found.names])[found.name]
        is_row = np.asarray(found.names == self.entity.xml_row)[found.name]
        is_record = (found.depth == 2) & is_row
        record, count = np.cumsum(is_record) - 1, int(is_record.sum())
        is_field = (found.depth == 3) & is_record[_last_where(found.depth == 2)]
        is_unknown = (is_field & (column == UNKNOWN)) | ((found.depth == 2) & ~is_record)
        self._unknown.update(found.names[found.name[is_unknown]])
        fields = np.flatnonzero(is_field & (column >= 0))
        cells = column[fields] * count + record[fields]
        if len(twice := np.flatnonzero(np.bincount(cells) > 1)):
            raise self._misplaced("staat twee keer", twice[0] // count, first + twice[0] % count)
        if (nested := np.flatnonzero(is_row & ~is_record)).size:
            parent = found.names[found.name[_last_where(found.depth == found.depth[nested[0]] - 1)[nested[0]]]]
            raise self.unreadable(f"{self.entity.xml_row} staat niet direct onder de wortel, maar in {safe_text(parent, layout.LONGEST)}")
        parents = _last_where(found.depth == 3)[found.depth == 4]
        if len(nested := parents[is_field[parents] & (column[parents] >= 0)]):
            raise self._misplaced("bevat andere elementen", column[nested[0]], first + record[nested[0]])
        places = np.full(len(self._columns) * count, len(found.slices) - 1)
        places[cells] = found.text[fields]
        texts = found.slices.take(pa.array(places))
        if b"&" in content:
            for escaped, character in ESCAPES.items():
                texts = pc.replace_substring(texts, escaped, character)
        return self._without_empty(found, is_record, count, texts)

    def _without_empty(self, found: _Elements, is_record: np.ndarray, count: int, texts: Any) -> tuple[int, Any]:
        """Leave out the records in which every element is empty; only those without a key are looked at."""
        self._elements += count
        key = texts.slice(0, count)
        if not count or not pc.any(pc.equal(pc.utf8_trim_whitespace(key), "")).as_py():
            return count, texts
        record, inside = np.cumsum(is_record) - 1, (found.depth > 2) & is_record[_last_where(found.depth == 2)]
        filled = as_mask(pc.not_equal(pc.utf8_trim_whitespace(found.slices.take(pa.array(found.text[inside]))), ""))
        kept = np.bincount(record[inside][filled], minlength=count) > 0
        self._empty += (self._elements - count + 1 + np.flatnonzero(~kept)).tolist()
        return int(kept.sum()), texts.filter(pa.array(np.tile(kept, len(self._columns))))

    def _misplaced(self, fault: str, column: int, record: int) -> Refusal:
        line = self.lines([record]).get(record)
        where = f"in record {record}" + (f", regel {line}" if line else "")
        return self.unreadable(f"element {self._columns[column].xml_element} {fault} {where}")

    def _batch(self, first: int, rows: int, parts: list[tuple[int, Any]]) -> Batch:
        columns = {}
        for place, column in enumerate(self._columns):
            texts = pa.concat_arrays([texts.slice(place * count, count) for count, texts in parts])
            columns[column.name] = texts.dictionary_encode() if has_few_values(column) else texts
        return Batch(first, rows, columns)


def _elements(content: bytes, *, is_last: bool) -> _Elements:
    """Find the elements of a part, without the last one under the root if that may be incomplete."""
    letters = np.frombuffer(content, dtype=np.uint8)
    borders = np.append(np.flatnonzero((letters == LT) | (letters == GT)), [len(content), len(content)]).astype(np.int32)
    borders[1:-2:2] += 1  # a slice ends after its >
    slices: Any = pa.StringArray.from_buffers(len(borders) - 1, pa.py_buffer(borders.data), pa.py_buffer(content))
    closing = letters[borders[:-2:2] + 1] == SLASH
    closes = closing | (letters[borders[1:-2:2] - 2] == SLASH)
    starts = np.flatnonzero(~closing)
    depth = np.cumsum(1 - closing.astype(np.int32) - closes)[starts] + closes[starts]
    if not is_last:
        starts = starts[: np.flatnonzero(depth == 2)[-1]]
    tags = slices.take(pa.array(starts * 2)).dictionary_encode()
    names = np.array([_local_name(tag) for tag in tags.dictionary.to_pylist()], dtype=object)
    text = np.where(closes[starts], len(slices) - 1, starts * 2 + 1)
    return _Elements(slices, names, tags.indices.to_numpy(), depth[: len(starts)], text)


def _last_where(marked: np.ndarray) -> np.ndarray:
    """Return for each position the last marked one up to there, or 0."""
    return np.maximum.accumulate(np.where(marked, np.arange(len(marked)), 0))


def _local_name(tag: str) -> str:
    """Return the name in a start tag without its prefix."""
    return tag[1:].split(None, 1)[0].rstrip("/>").rpartition(":")[2]


def _ahead(parts: Iterator[tuple[bytes, bool]]) -> Iterator[tuple[bytes, bool]]:
    """Iterate on another thread, up to `AHEAD` parts in advance."""
    thread = ThreadPoolExecutor(max_workers=1)
    waiting = deque(thread.submit(next, parts, None) for _ in range(AHEAD))
    try:
        while part := waiting.popleft().result():
            waiting.append(thread.submit(next, parts, None))
            yield part
    finally:
        thread.shutdown(cancel_futures=True)
