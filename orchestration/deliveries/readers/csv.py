"""CSV: strict decoding by the encodings of the contract, quoting of RFC 4180, pyarrow's parser.

Put here: bytes → columns of text for CSV. Keep out: other formats, and the type of a text.

The file is read twice: first to find its encoding and to check that its quotes close, then to parse it. The first pass takes 0.15 s on
1,000,000 meldingen; without it a truncated file, or one in another encoding, would be parsed without an error.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Literal

import numpy as np
import pyarrow as pa
import pyarrow.csv

from expectations.contract import Contract, Entity
from orchestration.deliveries.arrow import as_mask, pc
from orchestration.deliveries.columns import Texts
from orchestration.deliveries.readers import layout
from orchestration.deliveries.readers.batch import Batch, Headers, Reading, has_few_values

CHUNK = 1 << 20
BLOCK = 8 << 20  # also the longest record that pyarrow parses
OTHER_FORMATS = {b"PK\x03\x04": "een werkmap of zip", b"<": "XML", b"%PDF": "een PDF", b"\xd0\xcf\x11\xe0": "een oude werkmap (.xls)"}
BLANKS = b" \t"
NAMED_SEPARATOR = re.compile(rb'(?i)"?sep=(.)"?\r?\n')
QUOTE, NEWLINE, RETURN = b'"'[0], b"\n"[0], b"\r"[0]


class CsvReading(Reading):
    """An open CSV file.

    Args:
        path: The file.
        contract: The contract with delimiter and encodings.
        entity: Its entiteit.

    Raises:
        Refusal: It has none of the encodings, a NUL byte, an unreadable header or an unclosed quote.
    """

    def __init__(self, path: Path, contract: Contract, entity: Entity) -> None:
        super().__init__(path, entity)
        self._delimiter = contract.delimiter
        self._check_kind()
        self._skipped = self._lines_before_header()
        self._has_quotes = False
        self._has_empty_lines = False
        self._encoding = self._find_encoding(contract.encodings)
        if self._has_quotes and not _quotes_are_plain(path, contract.delimiter):
            self._check_quotes()
        header, self._header_lines = self._read_header()
        self._width = len(header)
        self._headers = Headers(self, header)
        if self.missing:
            self.layout = self._layout()

    def batches(self) -> Iterator[Batch]:
        """Yield the records, without empty lines."""
        first = 1
        columns = self._headers.positions
        try:
            for parsed in self._without_empty(self._open()):
                delivered = {column.name: parsed.column(str(place)) for place, column in columns}
                if parsed.num_rows:
                    yield Batch(first, parsed.num_rows, delivered)
                first += parsed.num_rows
        except pa.ArrowInvalid:  # its message contains the record
            raise self.unreadable(self._explain()) from None

    def lines(self, records: Sequence[int]) -> dict[int, int]:
        """Return the line where each of these records begins; if records and lines differ, by a slower second pass."""
        if not self._has_quotes and not self._has_empty_lines:
            return {number: number + 1 + self._skipped for number in records}  # record 0 is the header
        asked, found = set(records), {}
        for number, (line, _) in enumerate(self._slow_records()):
            if number in asked:
                found[number] = line
                if len(found) == len(asked):
                    break
        return found

    def _without_empty(self, parsed: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Leave out the records in which every cell is empty.

        Only where all columns that are read are empty are the others looked at, by a slower second pass.
        """
        seen, empty = 0, None
        for batch in parsed:
            suspect = np.ones(batch.num_rows, dtype=bool)
            for column in batch.columns:
                texts = Texts.of(column)
                if (blank := texts.mask_rows(as_mask(pc.equal(texts.distinct, "")))) is None:
                    suspect[:] = False
                    break
                suspect &= blank
            if suspect.any():
                empty = self._empty_records() if empty is None else empty
                suspect &= np.isin(np.arange(seen + 1, seen + 1 + batch.num_rows), empty)
            seen += batch.num_rows
            yield batch.filter(pa.array(~suspect)) if suspect.any() else batch

    def _empty_records(self) -> list[int]:
        """Return the numbers of the records in which every cell is empty."""
        with self._text() as file:
            rows = csv.reader(file, delimiter=self._delimiter)
            next(filter(_filled, rows))  # the header
            parsed = (row for row in rows if len(row) == self._width)
            return [number for number, row in enumerate(parsed, 1) if not _filled(row)]

    def _on_other_width(self, row: Any) -> Literal["skip", "error"]:
        """Skip a record of another width than the header if it is empty; otherwise the file is unreadable."""
        if row.text is None or row.text.strip(f'{self._delimiter}" \t\r\n'):
            return "error"
        return "skip"

    def _open(self) -> Iterator[pa.RecordBatch]:
        if not self._has_records():
            return iter(())
        types = {str(place): pa.dictionary(pa.int32(), pa.string()) if has_few_values(column) else pa.string()
                 for place, column in self._headers.positions} or {"0": pa.string()}  # fmt: skip
        return iter(
            pyarrow.csv.open_csv(
                self._utf8(),
                read_options=pyarrow.csv.ReadOptions(
                    block_size=BLOCK, skip_rows=self._header_lines, column_names=[str(place) for place in range(self._width)]
                ),
                parse_options=pyarrow.csv.ParseOptions(
                    delimiter=self._delimiter, newlines_in_values=True, invalid_row_handler=self._on_other_width
                ),
                convert_options=pyarrow.csv.ConvertOptions(
                    column_types=types, include_columns=list(types), strings_can_be_null=False, check_utf8=False
                ),
            )
        )

    def _utf8(self) -> Any:
        source: Any = pa.OSFile(str(self.path), mode="r")
        if self._encoding.startswith("utf-8"):
            return source
        return pa.transcoding_input_stream(source, self._encoding, "utf-8")

    def _has_records(self) -> bool:
        """Return whether anything but empty lines follows the header; for pyarrow an empty table is an error."""
        try:
            return len(list(islice(self._slow_records(), 2))) == 2
        except csv.Error:
            return True

    def _check_kind(self) -> None:
        """Refuse a file that begins as another format, for a clearer reason than a missing column."""
        with self.path.open("rb") as file:
            start = file.read(8)
        if start[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            raise self.unreadable("is UTF-16; sla het op als CSV in UTF-8")
        start = start.removeprefix(codecs.BOM_UTF8).lstrip()
        other = next((name for mark, name in OTHER_FORMATS.items() if start.startswith(mark)), None)
        if other:
            raise self.unreadable(f"is {other}, geen CSV")

    def _lines_before_header(self) -> int:
        """Return 1 if line 1 only names the separator, as spreadsheets write it; else 0."""
        with self.path.open("rb") as file:
            _skip_mark(file)
            self._named = NAMED_SEPARATOR.match(file.read(16))
        return int(bool(self._named))

    def _layout(self) -> str:
        """Return what line 1 looked like, and which separator or line would fit."""
        with self._text() as file:
            lines = list(islice(file, layout.LINES))
        if self._named and (named := self._named[1].decode("ascii", "replace")) != self._delimiter:
            return f"regel 1 zegt dat het scheidingsteken {layout.SEPARATORS.get(named, 'een ander')} is; afgesproken is {self._delimiter}"
        for separator, name in layout.SEPARATORS.items():
            if separator != self._delimiter and lines and layout.fits(self.entity, next(csv.reader(lines[:1], delimiter=separator), [])):
                return f"regel 1 past bij een {name} als scheidingsteken; afgesproken is {self._delimiter}"
        return layout.explain(self.entity, [next(csv.reader([line], delimiter=self._delimiter), []) for line in lines])

    def _find_encoding(self, encodings: Sequence[str]) -> str:
        with self.path.open("rb") as file:
            if file.read(len(codecs.BOM_UTF8)) == codecs.BOM_UTF8:
                encodings = ("utf-8-sig",)  # a byte order mark decides
        for encoding in encodings:
            decoder = codecs.getincrementaldecoder(encoding)("strict")
            try:
                with self.path.open("rb") as file:
                    _skip_mark(file)
                    held = b""
                    while chunk := file.read(CHUNK):
                        if b"\0" in chunk:
                            raise self.unreadable("bevat een nul-byte: geen CSV")
                        self._has_quotes |= b'"' in chunk
                        decoder.decode(chunk)
                        held = self._look_for_empty(held + chunk, encoding)
                    if held:
                        self._look_for_empty(held + b"\n", encoding)
                    decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                continue
            return encoding
        raise self.unreadable(f"is niet in de afgesproken codering ({', '.join(encodings)})")

    def _look_for_empty(self, text: bytes, encoding: str) -> bytes:
        """Note whether one of the lines that begin with an empty cell is an empty record; return the unfinished last line."""
        if self._has_empty_lines:
            return b""
        last = max(text.rfind(b"\n"), text.rfind(b"\r", 0, -1))  # a return at the end may be half of a line end
        if len(text) - last > BLOCK:
            self._has_empty_lines = True  # longer than a record can be: the slower way
            return b""
        if last < 0:
            return text
        signs = np.frombuffer(text, np.uint8, last + 1)
        ends = np.flatnonzero((signs == NEWLINE) | (signs == RETURN))
        starts = np.concatenate([[0], ends[:-1] + 1])
        first = signs[starts]
        half = (first == NEWLINE) & (starts > 0) & (signs[starts - 1] == RETURN)  # the second byte of one line end
        for place in np.flatnonzero(np.isin(first, (ord(self._delimiter), *BLANKS, RETURN, NEWLINE)) & ~half):
            line = text[starts[place] : ends[place]].decode(encoding, "replace")
            if not line.replace(self._delimiter, "").strip():
                self._has_empty_lines = True
                return b""
        return text[last + 1 :]

    def _read_header(self) -> tuple[list[str], int]:
        with self._text() as file:
            reader = csv.reader(file, delimiter=self._delimiter)
            try:
                for row in reader:
                    if _filled(row):
                        return row, reader.line_num + self._skipped
            except csv.Error:
                raise self.unreadable("de kopregel is niet te lezen") from None
        raise self.unreadable("is leeg: er staat geen kopregel in")

    def _text(self) -> io.TextIOWrapper:
        csv.field_size_limit(BLOCK)  # a global setting of the module; its default is 128 kB
        text = io.TextIOWrapper(self.path.open("rb"), encoding=self._encoding, newline="")
        for _ in range(self._skipped):
            text.readline()
        return text

    def _slow_records(self, strict: bool = False) -> Iterator[tuple[int, int]]:
        """Yield for each record, the header included, the line where it begins and its number of fields."""
        with self._text() as file:
            reader = csv.reader(file, delimiter=self._delimiter, strict=strict)
            before = 0
            for row in reader:
                if _filled(row):
                    yield before + 1 + self._skipped, len(row)
                before = reader.line_num

    def _check_quotes(self) -> None:
        line = 0
        try:
            for begin, _ in self._slow_records(strict=True):
                line = begin
        except csv.Error:
            raise self.unreadable(f"in het record na dat van regel {line} sluit een aanhalingsteken niet of te vroeg") from None

    def _explain(self) -> str:
        """Return the reason why pyarrow failed, without delivered values."""
        try:
            for line, width in self._slow_records():
                if width != self._width:
                    return f"regel {line} heeft {width} velden, de kopregel {self._width}"
        except csv.Error:
            pass
        return f"een record is niet te lezen, of langer dan {BLOCK >> 20} MB"


def _filled(row: Sequence[str]) -> bool:
    return any(cell.strip() for cell in row)


def _skip_mark(file: BinaryIO) -> None:
    """Skip a byte order mark, if the file begins with one."""
    if file.read(len(codecs.BOM_UTF8)) != codecs.BOM_UTF8:
        file.seek(0)


def _quotes_are_plain(path: Path, delimiter: str) -> bool:
    """Return True if all quotes are certainly as in RFC 4180; a fast check that saves the slow one for most files.

    From the start of the file, odd quotes open a field (or are the second of a doubled pair) and even quotes close one (or are the first of
    such a pair). An opening quote follows a border or a quote, a closing quote precedes one, and there are as many of each.
    """
    border = np.zeros(256, dtype=bool)
    border[[ord(delimiter), QUOTE, NEWLINE, RETURN]] = True
    with path.open("rb") as file:
        _skip_mark(file)
        held, seen = b"\n", 0  # the last byte checked, and the next one if its neighbour is in the next chunk
        while True:
            chunk = file.read(CHUNK)
            if QUOTE in chunk or QUOTE in held[1:]:
                window = np.frombuffer(held + (chunk or b"\n"), dtype=np.uint8)
                places = np.flatnonzero(window[1:-1] == QUOTE) + 1
                opens = (np.arange(len(places)) + seen) % 2 == 0
                if not (border[window[places - 1]] | ~opens).all() or not (border[window[places + 1]] | opens).all():
                    return False
                seen += len(places)
            if not chunk:
                return seen % 2 == 0
            held = (held + chunk)[-2:]
