"""A large XML file as pieces of whole records, each an XML document of its own.

Put here: safety (no document type, nothing resolved or loaded), encoding, cutting, and the line of a fault. Keep out: what is in a record
(`xml.py`).

A piece is the root's start tag, some bytes up to the end tag of a record, and the root's end tag. When all pieces are well-formed, the
whole file is: what stands between two cuts is balanced. End tags within comments, CDATA and instructions are not seen as ends; a cut at one
would make a piece that is not well-formed, never another meaning.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from lxml import etree

from orchestration.deliveries.readers.batch import Reading
from orchestration.deliveries.reasons import Refusal

PIECE = 1 << 20
LONGEST = 64 << 20  # of a piece without the end of a record
NO_MEMORY = 2  # libxml2's XML_ERR_NO_MEMORY
SAFE: Any = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "dtd_validation": False,
    "attribute_defaults": False,
    "huge_tree": False,
    "collect_ids": False,
}
TAIL = 1 << 16  # the end of a record is looked for here first
HIDDEN = re.compile(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>", re.DOTALL)
OPENED = re.compile(rb"<!|<\?")
DECLARED = re.compile(rb"(?:\xef\xbb\xbf)?<\?xml[^>]*?\sencoding\s*=\s*[\"'](?P<encoding>[A-Za-z0-9._-]+)[\"']")
PROLOG = re.compile(rb"(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
START = re.compile(rb"<(?P<name>[^\s<>/!?]+)(?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*>")


@dataclass(frozen=True)
class Piece:
    """A piece of a file.

    Args:
        content: A document of its own, in UTF-8.
        before: Lines of the file before it, less the lines that were put before it.
    """

    content: bytes
    before: int

    def line(self, line: int) -> int:
        """The line in the file of a line in the piece."""
        return max(1, self.before + line)


class Pieces:
    """The pieces of a file.

    Args:
        reading: The file that is being read.

    Raises:
        Refusal: It is no XML, has a document type, or another root.
    """

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._encoding = self._check_root()
        row = re.escape(str(reading.entity.xml_row).encode())
        self._end_of_record = re.compile(rb"</(?:[^\s<>/:]+:)?" + row + rb"\s*>")

    def read(self) -> Iterator[Piece]:
        """The pieces, in the order of the file."""
        with self._reading.path.open("rb") as raw:
            source = _Utf8(raw, self._encoding)
            try:
                yield from self._cut(source)
            except UnicodeError:
                raise self._reading.unreadable("is niet in de codering die het zelf noemt") from None

    def malformed(self, piece: Piece, error: etree.XMLSyntaxError) -> Refusal:
        """The refusal for a piece that is not well-formed.

        Raises:
            MemoryError: That is what it was really about.
        """
        if getattr(error, "code", None) == NO_MEMORY:
            raise MemoryError
        return self._reading.unreadable(f"is niet welgevormd, bij regel {piece.line(error.lineno or 1)}")  # its message may hold a value

    def _check_root(self) -> str:
        """Refuse another root, and a document type, before anything else is read; the encoding that the file says it has.

        A parser that is fed opens an external document type even when told not to (lxml 6.1.3, seen with strace); `iterparse` does not.
        """
        row = self._reading.entity.xml_root
        try:
            with self._reading.path.open("rb") as file:
                _, root = next(iter(etree.iterparse(file, events=("start",), **SAFE)))
        except etree.XMLSyntaxError as error:
            raise self.malformed(Piece(b"", 0), error) from None
        document = root.getroottree().docinfo
        if document.internalDTD is not None or document.doctype:
            raise self._reading.unreadable("heeft een documenttype (DTD); dat wordt niet gelezen")
        if etree.QName(root).localname != row:
            raise self._reading.unreadable(f"heeft niet de wortel {row}")
        with self._reading.path.open("rb") as file:
            return _encoding(file.read(200))

    def _cut(self, source: "_Utf8") -> Iterator[Piece]:
        held = source.read(PIECE)
        prolog = PROLOG.match(held)
        start = START.match(held, prolog.end() if prolog else 0)
        if start is None:
            raise self._reading.unreadable("heeft een wortel die niet te lezen is")
        head, rest = start.group(), held[start.end() :]
        before = held.count(b"\n", 0, start.start())
        if head.endswith(b"/>"):
            yield Piece(head + rest + source.read(LONGEST), before)
            return
        tail = b"</" + start["name"] + b">"
        while more := source.read(PIECE):
            rest += more
            if cut := self._last_end(rest):
                yield Piece(head + rest[:cut] + tail, before)
                before += rest.count(b"\n", 0, cut)
                rest = rest[cut:]
            elif len(rest) > LONGEST:
                raise self._reading.unreadable(f"heeft een record van meer dan {LONGEST >> 20} MB, na regel {before + 1}")
        yield Piece(head + rest, before)

    def _last_end(self, rest: bytes) -> int:
        """Where the last whole record ends; 0 when none does."""
        if b"!" in rest or b"?" in rest:  # one letter is looked for ten times as fast as two that begin with `<`
            rest = HIDDEN.sub(lambda found: b" " * len(found.group()), rest)
            unfinished = OPENED.search(rest)
            rest = rest[: unfinished.start()] if unfinished else rest
        ends = list(self._end_of_record.finditer(rest, max(0, len(rest) - TAIL))) or list(self._end_of_record.finditer(rest))
        return ends[-1].end() if ends else 0


def _encoding(start: bytes) -> str:
    """What a file says it is in; lxml only tells when it is through."""
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    declared = DECLARED.match(start)
    return declared["encoding"].decode() if declared else "utf-8"


class _Utf8:
    """A file as UTF-8, whatever its own encoding.

    Args:
        raw: The file.
        encoding: What it is in.

    Raises:
        UnicodeError: It is not, or there is no such encoding.
    """

    def __init__(self, raw: IO[bytes], encoding: str) -> None:
        self._raw = raw
        self._first = True
        try:
            same = codecs.lookup(encoding).name in ("utf-8", "ascii")
            self._decoder = None if same else codecs.getincrementaldecoder(encoding)("strict")
        except LookupError:
            raise UnicodeError(encoding) from None

    def read(self, size: int) -> bytes:
        """About so many bytes; none at the end."""
        given = self._raw.read(size)
        if self._decoder is not None:
            given = self._decoder.decode(given, final=not given).encode()
        first, self._first = self._first, False
        return given.removeprefix(codecs.BOM_UTF8) if first else given


def parse(content: bytes) -> Any:
    """Parse a piece; the root.

    Raises:
        etree.XMLSyntaxError: It is not well-formed.
    """
    return etree.fromstring(content, etree.XMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, **SAFE))
