"""XML of DUO: lxml reads and proves, numpy and Arrow take the texts out.

Put here: bytes → columns of text for XML. Keep out: cutting a file in pieces (`xml_pieces.py`), other formats, and what a text means.

Taking the texts out of lxml's tree, element by element, costs twice as much as parsing. So each piece is parsed, which proves that it is
well-formed, brought into lxml's own form if it is in another, and cut at its `<` and `>`, which in that form are nothing but the borders of
tags. Every text between two borders is then a slice of the piece, and Arrow takes them out in bulk.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import pyarrow as pa
from lxml import etree

from expectations.contract import Column, Entity
from orchestration.deliveries.arrow import as_mask, pc
from orchestration.deliveries.readers.batch import Batch, Reading, has_few_values
from orchestration.deliveries.readers.xml_pieces import Piece, Pieces, parse

ROWS = 50_000
AHEAD = 40  # pieces that are parsed on another thread while a batch is typed on this one: about 50 MB
LT, GT, SLASH = b"<"[0], b">"[0], b"/"[0]
OTHERWISE = (b"&", b"!", b"?", b"\r")  # of a reference, a comment or CDATA, an instruction, an end of line that XML reads as another
ESCAPES = {"&lt;": "<", "&gt;": ">", "&#13;": "\r", "&amp;": "&"}  # all that lxml writes in UTF-8; & comes last


@dataclass(frozen=True)
class _Tags:
    """Where the tags of a piece are.

    Args:
        slices: A string array of tag, text after it, next tag, …
        opens: Which tags open an element.
        closes: Which tags close one; a tag such as `<a/>` does both.
    """

    slices: Any
    opens: np.ndarray
    closes: np.ndarray


class XmlReading(Reading):
    """An XML file that is being read.

    Args:
        path: The file.
        entity: What it holds.

    Raises:
        Refusal: It is no XML, has a document type, or another root.
    """

    def __init__(self, path: Any, entity: Entity) -> None:
        super().__init__(path, entity)
        self._columns = {column.xml_element: column for column in entity.columns if column.xml_element}
        self._few = {column.name for column in entity.columns if has_few_values(column)}
        self._names: dict[str, str] = {}
        self._strange: set[str] = set()
        self._counts: list[int] = []
        self._pieces = Pieces(self)

    def batches(self) -> Iterator[Batch]:
        """The records: the elements of one record each, directly under the root."""
        first, rows = 1, 0
        parts: list[tuple[int, dict[str, Any]]] = []
        self._counts.clear()
        for piece, tags in self._parsed():
            part = self._part(piece, tags)
            self._counts.append(part[0])
            parts.append(part)
            rows += part[0]
            if rows >= ROWS:
                yield self._batch(first, rows, parts)
                first, rows, parts = first + rows, 0, []
        if rows:
            yield self._batch(first, rows, parts)
        self.unknown = len(self._strange)

    def lines(self, records: Sequence[int]) -> dict[int, int]:
        """The line where each of these records begins, by parsing the pieces that hold them again."""
        asked, first = sorted(records), 1
        found: dict[int, int] = {}
        for piece, count in zip(self._pieces.read(), self._counts, strict=True):
            here = [record for record in asked if first <= record < first + count]
            if here:
                rows = [child for child in parse(piece.content) if etree.QName(child).localname == self.entity.xml_row]
                found.update((record, piece.line(int(rows[record - first].sourceline or 1))) for record in here)
            first += count
        return found

    def _parsed(self) -> Iterator[tuple[Piece, _Tags]]:
        """The pieces and their tags, parsed ahead on another thread."""
        with ThreadPoolExecutor(max_workers=1) as thread:
            waiting: list[tuple[Piece, Future[_Tags]]] = []
            try:
                for piece in self._pieces.read():
                    waiting.append((piece, thread.submit(_tags, piece.content)))
                    if len(waiting) > AHEAD:
                        yield self._settled(*waiting.pop(0))
                while waiting:
                    yield self._settled(*waiting.pop(0))
            finally:
                for _, future in waiting:
                    future.cancel()

    def _settled(self, piece: Piece, future: "Future[_Tags]") -> tuple[Piece, _Tags]:
        try:
            return piece, future.result()
        except etree.XMLSyntaxError as error:
            raise self._pieces.malformed(piece, error) from None

    def _part(self, piece: Piece, tags: _Tags) -> tuple[int, dict[str, Any]]:
        """The records of a piece, and their texts by column."""
        openers = np.flatnonzero(tags.opens)
        encoded = tags.slices.take(pa.array(openers * 2)).dictionary_encode()
        names = [self._name(tag) for tag in encoded.dictionary.to_pylist()]
        kind = encoded.indices.to_numpy().astype(np.uint8 if len(names) <= 256 else np.int32)  # of bytes the sort is a fast one
        depth = np.cumsum(tags.opens.astype(np.int32) - tags.closes)[openers] + tags.closes[openers]
        is_record = (depth == 2) & np.array([name == self.entity.xml_row for name in names])[kind]
        self._strange.update(names[place] for place in np.flatnonzero(np.bincount(kind[(depth == 2) & ~is_record])))
        record = np.cumsum(is_record) - 1
        inside = is_record[np.maximum.accumulate(np.where(depth <= 2, np.arange(len(depth)), 0))]
        self._check_depth(piece, names, kind, depth, inside)
        count = int(is_record.sum())
        columns: dict[str, Any] = {}
        for place, fields in _grouped(kind, np.flatnonzero((depth == 3) & inside)):
            column = self._columns.get(names[place])
            if column is None:
                self._strange.add(names[place])
            elif column.kind != "vrije_tekst":
                texts = self._texts(piece, column, tags, openers[fields], record[fields], count)
                columns[column.name] = self._merged(piece, column, columns.get(column.name), texts)
        return count, columns

    def _texts(self, piece: Piece, column: Column, tags: _Tags, openers: np.ndarray, record: np.ndarray, count: int) -> Any:
        """The texts of an element, one for each record; null where a record has none, or an empty one."""
        if (record[1:] == record[:-1]).any():
            raise self._twice(piece, column)
        places = np.full(count, -1)
        places[record] = np.where(tags.closes[openers], -1, openers * 2 + 1)  # <a/> has no text of its own
        texts = tags.slices.take(pa.array(places, mask=places < 0))
        if pc.any(pc.match_substring(texts, "&")).as_py():
            for written, meant in ESCAPES.items():
                texts = pc.replace_substring(texts, written, meant)
        return texts

    def _merged(self, piece: Piece, column: Column, others: Any, texts: Any) -> Any:
        """Texts of a column beside those of the same element in another form, such as another namespace."""
        if others is None:
            return texts
        if as_mask(pc.and_(pc.is_valid(others), pc.is_valid(texts))).any():
            raise self._twice(piece, column)
        return pc.coalesce(others, texts)

    def _check_depth(self, piece: Piece, names: list[str], kind: np.ndarray, depth: np.ndarray, in_record: np.ndarray) -> None:
        """Refuse an element of the contract that has elements in it: its text would be cut off there."""
        deeper = np.flatnonzero((depth == 4) & in_record)
        if not len(deeper):
            return
        holders = np.maximum.accumulate(np.where(depth == 3, np.arange(len(depth)), 0))[deeper]
        for place in np.unique(kind[holders]):
            column = self._columns.get(names[place])
            if column and column.kind != "vrije_tekst":
                raise self.unreadable(f"element {column.xml_element} bevat andere elementen, na regel {piece.line(1)}")

    def _twice(self, piece: Piece, column: Column) -> Exception:
        return self.unreadable(f"element {column.xml_element} staat twee keer in een record, na regel {piece.line(1)}")

    def _batch(self, first: int, rows: int, parts: list[tuple[int, dict[str, Any]]]) -> Batch:
        columns = {}
        for column in self._columns.values():
            if any(column.name in texts for _, texts in parts):
                arrays = [texts.get(column.name, pa.nulls(count, pa.string())) for count, texts in parts]
                whole = pc.fill_null(pa.concat_arrays(arrays), "")
                columns[column.name] = whole.dictionary_encode() if column.name in self._few else whole
        return Batch(first, rows, columns)

    def _name(self, tag: str) -> str:
        """The local name in a tag as lxml writes it."""
        name = self._names.get(tag)
        if name is None:
            name = tag[1:].split(None, 1)[0].rstrip("/>").rpartition(":")[2]
            if len(self._names) < 10_000:  # tags with attributes may all differ
                self._names[tag] = name
        return name


def _tags(content: bytes) -> _Tags:
    """The tags of a piece in the form that lxml writes: no comments, no CDATA, every `<` and `>` that borders no tag escaped.

    Most pieces are in that form already: where nothing is escaped or hidden, and there are as many `>` as `<`, each of them borders a tag.

    Raises:
        etree.XMLSyntaxError: It is not well-formed.
    """
    root = parse(content)
    if not any(sign in content for sign in OTHERWISE):
        tags = _cut(content)
        if tags:
            return tags
    return cast(_Tags, _cut(bytes(etree.tostring(root, encoding="utf-8"))))


def _cut(content: bytes) -> _Tags | None:
    letters = np.frombuffer(content, dtype=np.uint8)
    begins, ends = np.flatnonzero(letters == LT), np.flatnonzero(letters == GT)
    if len(begins) != len(ends):
        return None
    borders = np.empty(2 * len(begins) + 1, dtype=np.int32)
    borders[:-1:2], borders[1::2], borders[-1] = begins, ends + 1, len(content)
    slices = pa.StringArray.from_buffers(2 * len(begins), pa.py_buffer(borders.data), pa.py_buffer(content))
    closing = letters[begins + 1] == SLASH
    return _Tags(slices, ~closing, closing | (letters[ends - 1] == SLASH))


def _grouped(kind: np.ndarray, places: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    """Places by their kind, each group in its own order."""
    kinds = kind[places]
    ordered = places[np.argsort(kinds, kind="stable")]
    counts = np.bincount(kinds)
    for which, end in enumerate(np.cumsum(counts)):
        if counts[which]:
            yield which, ordered[end - counts[which] : end]
