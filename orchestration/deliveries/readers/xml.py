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
NOT_READ, UNKNOWN = -1, -2  # free text and what is inside it, and elements that the contract does not know
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
        is_leaf: Whether an element holds no other one.
        text: Position of the text after each start tag in `slices`; for an element such as `<a/>` that of the empty text.
    """

    slices: Any
    names: np.ndarray
    name: np.ndarray
    depth: np.ndarray
    is_leaf: np.ndarray
    text: np.ndarray

    def parents(self, depth: int) -> np.ndarray:
        """Return for each position the last element of a depth up to there: of a deeper one, the element that holds it."""
        return _last_where(self.depth == depth)

    def path(self, place: int, depth: int) -> str:
        """Return the names from below a depth down to an element, as they may appear in a message."""
        places = [self.parents(level)[place] for level in range(depth + 1, self.depth[place] + 1)]
        return "/".join(safe_text(self.names[self.name[one]], layout.LONGEST) for one in places)


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
        read = {column.name: place for place, column in enumerate(self._columns)}
        self._places = {name: read.get(column.name, NOT_READ) for column in entity.columns for name in column.xml_names}
        self._unknown: set[str] = set()
        self._holders = {*entity.xml_roots}  # what records are in
        self._beside: set[tuple[str, str]] = set()  # what is in none, each with its parent
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
        """Yield the records, wherever they are under the root."""
        first, rows = 1, 0
        parts: list[tuple[int, Any]] = []
        for content, holds_next, is_last in _ahead(self._parts()):
            part = self._read_part(_elements(content, self.entity.xml_row, holds_next=holds_next), content, first + rows)
            parts.append(part)
            rows += part[0]
            if rows and (rows >= ROWS or is_last):
                yield self._batch(first, rows, parts)
                first, rows, parts = first + rows, 0, []
        beside = {name for parent, name in self._beside if parent in self._holders} - self._holders - {*self.entity.xml_beside}
        self.unknown = tuple(self._named(sorted(self._unknown | beside)))
        if first + rows == 1 and not self._empty and self.unknown:
            raise self.unreadable(f"heeft geen enkel element {self.entity.xml_row}, wel {', '.join(self.unknown[: layout.SHOWN])}")

    def _named(self, names: Sequence[str]) -> Iterator[str]:
        """Yield the names of unknown elements, each with the one that it resembles."""
        own = [name for column in self.entity.columns for name in column.xml_names]
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
            if depth > 1 and name.rpartition(":")[2] == self.entity.xml_row:
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
        if etree.QName(root).localname not in self.entity.xml_roots:
            raise self.unreadable(f"heeft niet de wortel {' of '.join(self.entity.xml_roots)}")

    @contextmanager
    def _refusing_malformed(self) -> Iterator[None]:
        try:
            yield
        except etree.XMLSyntaxError as error:
            if getattr(error, "code", None) == NO_MEMORY:
                raise MemoryError from None
            raise self.unreadable(f"is niet welgevormd, bij regel {error.lineno or 1}") from None  # lxml's message may contain a value

    def _parts(self) -> Iterator[tuple[bytes, bool, bool]]:
        """Yield serialized parts of the file, each with the root and the elements that are open.

        With each part: whether its last record may be incomplete, so that it is left to the next part, and whether it is the last part.
        """
        parser = etree.XMLPullParser(events=("start",), tag=[f"{{*}}{name}" for name in self.entity.xml_roots], **SAFE)
        with self._refusing_malformed(), self.path.open("rb") as file:
            root: Any = None
            fed = 0
            while chunk := file.read(CHUNK):
                parser.feed(chunk)
                fed += len(chunk)
                if root is None:
                    root = next((element for _, element in parser.read_events()), None)
                elif fed >= PART and any(len(element) > 1 for element in self._opened(root)[:-1]):
                    *holders, last = self._opened(root)
                    yield etree.tostring(root, encoding="utf-8"), self._is_record(last), False
                    for element in holders:
                        del element[:-1]
                    fed = 0
            yield etree.tostring(parser.close(), encoding="utf-8"), False, True

    def _opened(self, root: Any) -> list[Any]:
        """Return the root and the last element in each, down to a record or an element without any: what is open is among these."""
        found = [root]
        while len(found[-1]) and not self._is_record(found[-1]):
            found.append(found[-1][-1])
        return found

    def _is_record(self, element: Any) -> bool:
        return bool(element.tag.rpartition("}")[2] == self.entity.xml_row)

    def _read_part(self, found: _Elements, content: bytes, first: int) -> tuple[int, Any]:
        """Return the number of records of a part, and one array of their texts: of the first column, then of the second, and so on.

        Args:
            found: Its elements.
            content: The part.
            first: The number of its first record in the file.

        Raises:
            Refusal: A record holds another one, or has an element at two places, or one that holds other elements.
        """
        is_record = np.asarray(found.names == self.entity.xml_row)[found.name]
        record, count = np.cumsum(is_record) - 1, int(is_record.sum())
        inside = _within(found.depth, is_record)
        if (nested := np.flatnonzero(is_record & inside)).size:
            row = self.entity.xml_row
            raise self._misplaced(f"{row} staat in een ander {row}", first + record[nested[0]])
        column = np.array([self._places.get(name, UNKNOWN) for name in found.names])[found.name]
        if len(free := np.flatnonzero((column == NOT_READ) & ~found.is_leaf)):
            column[_within(found.depth, np.isin(np.arange(len(column)), free))] = NOT_READ
        self._keep_stated(found, column, inside, is_record)
        self._note_unknown(found, column, inside, is_record)
        fields = np.flatnonzero(inside & (column >= 0))
        if len(nested := fields[~found.is_leaf[fields]]):
            name = self._columns[column[nested[0]]].xml_element
            raise self._misplaced(f"element {name} bevat andere elementen", first + record[nested[0]])
        cells = column[fields] * count + record[fields]
        if len(twice := np.flatnonzero(np.bincount(cells) > 1)):
            raise self._twice(found, fields[cells == twice[0]], is_record, first + twice[0] % count, twice[0] // count)
        places = np.full(len(self._columns) * count, len(found.slices) - 1)
        places[cells] = found.text[fields]
        texts = found.slices.take(pa.array(places))
        if b"&" in content:
            for escaped, character in ESCAPES.items():
                texts = pc.replace_substring(texts, escaped, character)
        return self._without_empty(found, record[inside], found.text[inside], count, texts)

    def _keep_stated(self, found: _Elements, column: np.ndarray, inside: np.ndarray, is_record: np.ndarray) -> None:
        """Let the path that the contract states for a column count alone, in the records that have it."""
        record = np.cumsum(is_record)
        for place, one in ((place, one) for place, one in enumerate(self._columns) if one.xml_path):
            stated = np.zeros(len(column), dtype=bool)
            for depth in np.flatnonzero(np.bincount(found.depth[is_record])).tolist():
                there = inside & (found.depth == depth + len(one.xml_path))
                for below, name in enumerate(one.xml_path, start=depth + 1):
                    there &= np.asarray(found.names == name)[found.name[found.parents(below)]]
                stated |= there
            has = np.isin(record, record[stated])
            column[inside & has & (column == place)] = NOT_READ
            column[stated] = place

    def _note_unknown(self, found: _Elements, column: np.ndarray, inside: np.ndarray, is_record: np.ndarray) -> None:
        """Note the elements that the contract does not know: of a branch without any known element, the branch itself."""
        strange = ~is_record & (~inside | (column == UNKNOWN))
        strange[0] = False  # the root
        if not strange.any():
            return
        known = ~strange
        for depth in range(1, int(found.depth.max())):
            known[found.parents(depth)[~strange & (found.depth > depth)]] = True
        name = found.names[found.name]
        self._holders.update(name[known & ~inside])
        for depth in range(2, int(found.depth[strange].max()) + 1):
            at = ~known & (found.depth == depth)
            parent = found.parents(depth - 1)
            self._unknown.update(name[at & inside & known[parent]])
            self._beside.update(zip(name[parent[at & ~inside]], name[at & ~inside], strict=True))

    def _without_empty(self, found: _Elements, record: np.ndarray, text: np.ndarray, count: int, texts: Any) -> tuple[int, Any]:
        """Leave out the records in which every element is empty; only those without a key are looked at."""
        self._elements += count
        key = texts.slice(0, count)
        if not count or not pc.any(pc.equal(pc.utf8_trim_whitespace(key), "")).as_py():
            return count, texts
        filled = as_mask(pc.not_equal(pc.utf8_trim_whitespace(found.slices.take(pa.array(text))), ""))
        kept = np.bincount(record[filled], minlength=count) > 0
        self._empty += (self._elements - count + 1 + np.flatnonzero(~kept)).tolist()
        return int(kept.sum()), texts.filter(pa.array(np.tile(kept, len(self._columns))))

    def _twice(self, found: _Elements, fields: np.ndarray, is_record: np.ndarray, record: int, column: int) -> Refusal:
        """Return the refusal for an element at two places of a record, with both places."""
        depth = int(found.depth[_last_where(is_record)[fields[0]]])
        one, other = (found.path(int(place), depth) for place in fields[:2])
        hint = "" if one == other else "; geef in het contract met xml_pad aan welke telt"
        return self._misplaced(f"element {self._columns[column].xml_element} staat twee keer", record, f": {one} en {other}{hint}")

    def _misplaced(self, fault: str, record: int, more: str = "") -> Refusal:
        line = self.lines([record]).get(record)
        where = f"in record {record}" + (f", regel {line}" if line else "")
        return self.unreadable(f"{fault} {where}{more}")

    def _batch(self, first: int, rows: int, parts: list[tuple[int, Any]]) -> Batch:
        columns = {}
        for place, column in enumerate(self._columns):
            texts = pa.concat_arrays([texts.slice(place * count, count) for count, texts in parts])
            columns[column.name] = texts.dictionary_encode() if has_few_values(column) else texts
        return Batch(first, rows, columns)


def _elements(content: bytes, row: str | None, *, holds_next: bool) -> _Elements:
    """Find the elements of a part; if its last record belongs to the next part, those before it."""
    letters = np.frombuffer(content, dtype=np.uint8)
    borders = np.append(np.flatnonzero((letters == LT) | (letters == GT)), [len(content), len(content)]).astype(np.int32)
    borders[1:-2:2] += 1  # a slice ends after its >
    slices: Any = pa.StringArray.from_buffers(len(borders) - 1, pa.py_buffer(borders.data), pa.py_buffer(content))
    closing = letters[borders[:-2:2] + 1] == SLASH
    closes = closing | (letters[borders[1:-2:2] - 2] == SLASH)
    starts = np.flatnonzero(~closing)
    depth = np.cumsum(1 - closing.astype(np.int32) - closes)[starts] + closes[starts]
    tags = slices.take(pa.array(starts * 2)).dictionary_encode()
    names = np.array([_local_name(tag) for tag in tags.dictionary.to_pylist()], dtype=object)
    name = tags.indices.to_numpy()
    stop = np.flatnonzero((names == row)[name])[-1] if holds_next else len(starts)
    text = np.where(closes[starts], len(slices) - 1, starts * 2 + 1)
    is_leaf = np.append(depth[1:] <= depth[:-1], True)
    return _Elements(slices, names, name[:stop], depth[:stop], is_leaf[:stop], text[:stop])


def _within(depth: np.ndarray, marked: np.ndarray) -> np.ndarray:
    """Return a mask of the elements that are inside a marked one."""
    found = np.zeros(len(depth), dtype=bool)
    for level in np.flatnonzero(np.bincount(depth[marked])):
        found |= (depth > level) & (marked & (depth == level))[_last_where(depth <= level)]
    return found


def _last_where(marked: np.ndarray) -> np.ndarray:
    """Return for each position the last marked one up to there, or 0."""
    return np.maximum.accumulate(np.where(marked, np.arange(len(marked)), 0))


def _local_name(tag: str) -> str:
    """Return the name in a start tag without its prefix."""
    return tag[1:].split(None, 1)[0].rstrip("/>").rpartition(":")[2]


def _ahead(parts: Iterator[tuple[bytes, bool, bool]]) -> Iterator[tuple[bytes, bool, bool]]:
    """Iterate on another thread, up to `AHEAD` parts in advance."""
    thread = ThreadPoolExecutor(max_workers=1)
    waiting = deque(thread.submit(next, parts, None) for _ in range(AHEAD))
    try:
        while part := waiting.popleft().result():
            waiting.append(thread.submit(next, parts, None))
            yield part
    finally:
        thread.shutdown(cancel_futures=True)
