"""XML read in parts equals lxml's tree of the whole file: the same texts and lines, and refused if lxml refuses it."""

import tempfile
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import example, given, reject, settings
from hypothesis import strategies as st
from lxml import etree

from expectations import contract
from orchestration.deliveries.readers import xml
from orchestration.deliveries.reasons import Refusal

ENTITY = contract.load("duo").entities["verzuimmelding"]
COLUMNS = {column.xml_element: column for column in ENTITY.columns}
ROOT, ROW = "LeveringMeldingRelatiefVerzuim", "Verzuimgeval"
DAMAGE = (b"", b"<", b">", b"</", b"&", b"<!--", b"]]>", b"/>", b"<x>")

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
        [
            "<Nieuw>1</Nieuw>",
            "<Nieuw><a><BRIN>9</BRIN></a></Nieuw>",
            "<Toelichting>vrij <b>en</b> lang</Toelichting>",
            "<!-- x -->",
            "<Verzuimsoort>V<b/>3</Verzuimsoort>",
        ]
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


def read_tree(content: bytes) -> tuple[list[dict[str, str]], list[int]] | None:
    """Return the records of lxml's tree that are not empty, and their lines; None if the file must be refused.

    That is if an element of the contract occurs twice or holds another element, if a record is not directly under the root, or if there is
    content but no record.
    """
    rows, lines = [], []
    root = etree.fromstring(content, etree.XMLParser(remove_comments=True, remove_pis=True))
    records = root.findall(f"{{*}}{ROW}")
    if len(records) < len(list(root.iter(f"{{*}}{ROW}"))) or (len(root) and not records):
        return None
    for record in records:
        known = [(COLUMNS.get(etree.QName(field).localname), field) for field in record]
        fields = [(column.name, field) for column, field in known if column and column.kind != "vrije_tekst"]
        row = {name: field.text or "" for name, field in fields}
        if len(row) < len(fields) or any(len(field) for _, field in fields):
            return None
        if any((element.text or "").strip() for element in record.iterdescendants()):
            rows.append(row)
            lines.append(record.sourceline)
    return rows, lines


def read_in_parts(content: bytes, size: int) -> tuple[list[dict[str, str]], list[int]]:
    with tempfile.TemporaryDirectory() as folder, patch.multiple(xml, CHUNK=size, PART=3 * size):
        path = Path(folder) / "verzuimmeldingen.xml"
        path.write_bytes(content)
        reading = xml.XmlReading(path, ENTITY)
        rows: list[dict[str, str]] = []
        for batch in reading.batches():
            columns = {name: values.to_pylist() for name, values in batch.columns.items()}
            rows += [{name: values[place] for name, values in columns.items()} for place in range(batch.rows)]
        lines = reading.lines(list(range(1, len(rows) + 1)))
        return rows, [lines[number] for number in range(1, len(rows) + 1)]


@settings(max_examples=400, deadline=None)
@given(DOCUMENT, st.integers(1, 100))
def test_parts_equal_the_whole(content: bytes, size: int):
    expected = read_tree(content)
    if expected is None:
        with pytest.raises(
            Refusal, match=r"staat twee keer in record|bevat andere elementen in record|niet direct onder de wortel|geen enkel element"
        ):
            read_in_parts(content, size)
        return
    rows, lines = read_in_parts(content, size)
    assert [{name: text for name, text in row.items() if text} for row in rows] == [
        {name: text for name, text in row.items() if text} for row in expected[0]
    ]
    assert lines == expected[1]


@settings(max_examples=400, deadline=None)
@given(DOCUMENT, st.integers(1, 100), st.integers(0, 2000), st.integers(0, 6), st.sampled_from(DAMAGE))
@example(b"", 300, 0, 0, b"")
def test_what_lxml_refuses_is_refused(content: bytes, size: int, place: int, drop: int, damage: bytes):
    place %= len(content) + 1
    content = content[:place] + damage + content[place + drop :]
    try:
        etree.fromstring(content)
    except etree.XMLSyntaxError:
        with pytest.raises(Refusal) as refusal:
            read_in_parts(content, size)
        assert refusal.value.code == "bestand_onleesbaar"
    else:
        reject()
