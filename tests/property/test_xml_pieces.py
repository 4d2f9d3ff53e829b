"""XML in pieces says what lxml says of the whole file: the same texts, the same lines, and it is refused when lxml refuses it."""

import tempfile
from pathlib import Path
from unittest.mock import patch

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from lxml import etree

from expectations import contract
from orchestration.deliveries.readers import xml_pieces
from orchestration.deliveries.readers.xml import XmlReading
from orchestration.deliveries.reasons import Refusal

ENTITY = contract.load("duo").entities["verzuimmelding"]
COLUMNS = {column.xml_element: column for column in ENTITY.columns}
ROOT, ROW = "LeveringMeldingRelatiefVerzuim", "Verzuimgeval"

TEXT = st.sampled_from(
    ["", " ", "09TB", "a>b", "a &lt; b", "&amp;lt;", "&#49;6", "é€😀", "x\ny", "x\r\ny", "<![CDATA[<BRIN>]]>", "1<!-- </Verzuimgeval> -->6",
     "<?pi </Verzuimgeval> ?>5", "<![CDATA[</Verzuimgeval>]]>", "!", "?", "]]&gt;", "'\""]
)  # fmt: skip
KNOWN = st.sampled_from(["BRIN", "Uren", "BSN", "Toelichting", "Verzuimsoort"])
TAG = st.sampled_from(
    ["<{0}>{1}</{0}>", "<{0} >{1}</{0} >", "<{0} a='&gt;/'>{1}</{0}>", "<d:{0}>{1}</d:{0}>", "<{0} xmlns='urn:b'>{1}</{0}>"]
)
FIELD = st.one_of(
    st.builds(lambda form, name, text: form.format(name, text), TAG, KNOWN, TEXT),
    st.builds("<{}/>".format, KNOWN),
    st.sampled_from(
        ["<Nieuw>1</Nieuw>", "<Nieuw><a><BRIN>9</BRIN></a></Nieuw>", "<Toelichting>vrij <b>en</b> lang</Toelichting>", "<!-- x -->"]
    ),
)
RECORD = st.builds(
    lambda fields, space, end: f"<{ROW}>{space}{space.join(fields)}</{ROW}{end}>",
    st.lists(FIELD, max_size=4), st.sampled_from(["", "\n", " \r\n"]), st.sampled_from(["", " "]),
)  # fmt: skip
OTHER = st.sampled_from(
    ["\n", "<Aanmaak>gisteren</Aanmaak>", "<Leeg/>", "<!-- <Verzuimgeval> -->", "<?pi x?>", "<Kop><Verzuimgeval/></Kop>"]
)
DOCUMENT = st.builds(
    lambda prolog, parts, end: f'{prolog}<{ROOT} xmlns="urn:a"\n xmlns:d="urn:d">{"".join(parts)}</{ROOT}>{end}'.encode(),
    st.sampled_from(["", '<?xml version="1.0"?>\n', "<!-- <x> -->\n\n", "\ufeff"]),
    st.lists(RECORD | OTHER, min_size=1, max_size=8).map(lambda parts: parts * 3),
    st.sampled_from(["", "\n", "<!-- x -->"]),
)


def plainly(content: bytes) -> tuple[list[dict[str, str]], list[int]]:
    """The records as lxml's tree has them, and their lines; none where the reader must refuse."""
    root = etree.fromstring(content, etree.XMLParser(remove_comments=True, remove_pis=True))
    rows, lines = [], []
    for record in root:
        if etree.QName(record).localname != ROW:
            continue
        row: dict[str, str] = {}
        for field in record:
            column = COLUMNS.get(etree.QName(field).localname)
            if column is None or column.kind == "vrije_tekst":
                continue
            assume(len(field) == 0)
            if column.name in row:
                assume(not row[column.name] or not field.text)
            row[column.name] = row.get(column.name) or field.text or ""
        rows.append(row)
        lines.append(record.sourceline)
    return rows, lines


def in_pieces(content: bytes, size: int) -> tuple[list[dict[str, str]], list[int]]:
    with tempfile.TemporaryDirectory() as folder, patch.object(xml_pieces, "PIECE", size):
        path = Path(folder) / "verzuimmeldingen.xml"
        path.write_bytes(content)
        reading = XmlReading(path, ENTITY)
        rows: list[dict[str, str]] = []
        for batch in reading.batches():
            columns = {name: values.to_pylist() for name, values in batch.columns.items()}
            rows += [{name: values[place] for name, values in columns.items()} for place in range(batch.rows)]
        lines = reading.lines(list(range(1, len(rows) + 1)))
        return rows, [lines[number] for number in range(1, len(rows) + 1)]


@settings(max_examples=400, deadline=None)
@given(DOCUMENT, st.integers(130, 300))
def test_pieces_say_what_the_whole_says(content: bytes, size: int):
    try:
        found, places = in_pieces(content, size)
    except Refusal as refusal:
        names = [etree.QName(field).localname for record in etree.fromstring(content) for field in record if isinstance(field.tag, str)]
        assert "twee keer" in refusal.reden and len(names) > len(set(names)), refusal.reden
        return
    expected, lines = plainly(content)
    full = [{name: row.get(name, "") for name in filled} for row, filled in zip(expected, found, strict=True)]
    assert found == full
    assert all(not value for row, filled in zip(expected, found, strict=True) for name, value in row.items() if name not in filled)
    assert places == lines


@settings(max_examples=400, deadline=None)
@given(DOCUMENT, st.integers(130, 300), st.data())
@example(b"", 300, None)
def test_what_lxml_refuses_is_refused(content: bytes, size: int, data: st.DataObject | None):
    if data is not None:
        place = data.draw(st.integers(0, len(content)))
        drop = data.draw(st.integers(0, 6))
        content = (
            content[:place]
            + data.draw(st.sampled_from([b"", b"<", b">", b"</", b"&", b"<!--", b"]]>", b"/>", b"<x>"]))
            + content[place + drop :]
        )
    try:
        etree.fromstring(content)
        fine = True
    except etree.XMLSyntaxError:
        fine = False
    assume(not fine)
    try:
        in_pieces(content, size)
    except Refusal as refusal:
        assert refusal.code == "bestand_onleesbaar"
    else:
        raise AssertionError("read although it is not well-formed")
