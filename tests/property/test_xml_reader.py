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
            "<Toelichting>een <BSN>vrije</BSN> tekst</Toelichting>",
        ]
    ),
)
BRANCH = st.recursive(
    FIELD,
    lambda inner: st.builds(
        lambda name, fields, space: f"<{name}>{space}{space.join(fields)}</{name}>",
        st.sampled_from(["Procesverloop", "d:Melding", "Nieuw", "Toelichting"]), st.lists(inner, max_size=3), st.sampled_from(["", "\n "]),
    ),
    max_leaves=4,
)  # fmt: skip
RECORD = st.builds(
    lambda fields, space, end: f"<{ROW}>{space}{space.join(fields)}</{ROW}{end}>",
    st.lists(BRANCH, max_size=4), st.sampled_from(["", "\n", " \r\n"]), st.sampled_from(["", " "]),
)  # fmt: skip
OTHER = st.sampled_from(
    [
        "\n",
        "<Aanmaak>gisteren</Aanmaak>",
        "<Leeg/>",
        "<!-- <Verzuimgeval> -->",
        "<?pi x?>",
        "<Selectieperiode><BSN>1</BSN></Selectieperiode>",
    ]
)
WRAPPED = st.recursive(
    RECORD | OTHER,
    lambda inner: st.builds(
        lambda name, parts: f"<{name}>{''.join(parts)}</{name}>",
        st.sampled_from(["Kop", "d:Gevallen", ROOT, ROW]), st.lists(inner, max_size=3),
    ),
    max_leaves=5,
)  # fmt: skip
DOCUMENT = st.builds(
    lambda prolog, parts, end: f'{prolog}<{ROOT} xmlns="urn:a"\n xmlns:d="urn:d">{"".join(parts)}</{ROOT}>{end}'.encode(),
    st.sampled_from(["", '<?xml version="1.0"?>\n', "<!-- <x> -->\n\n", "\ufeff"]),
    st.lists(WRAPPED | RECORD, min_size=1, max_size=8).map(lambda parts: parts * 3),
    st.sampled_from(["", "\n", "<!-- x -->"]),
)


def local(element: etree._Element) -> str:
    return etree.QName(element).localname


def is_known(element: etree._Element) -> bool:
    """Return whether an element of a record is one of the contract, or holds one."""
    return local(element) in COLUMNS or any(is_known(child) for child in element)


def strangers(element: etree._Element) -> set[str]:
    """Return the names in a record that the contract does not know: of a branch without a known one, its own."""
    if local(element) == "Toelichting":
        return set()
    return {local(element)} if not is_known(element) else {name for child in element for name in strangers(child)}


def read_tree(content: bytes) -> tuple[list[dict[str, str]], list[int], set[str]] | None:
    """Return the records of lxml's tree that are not empty, their lines, and the unknown names; None if the file must be refused.

    That is if an element of the contract is at two places of a record or holds another element, if a record is in another, or if there is
    content but no record.
    """
    rows, lines = [], []
    root = etree.fromstring(content, etree.XMLParser(remove_comments=True, remove_pis=True))
    records = list(root.iter(f"{{*}}{ROW}"))
    if any(next(record.iterancestors(f"{{*}}{ROW}"), None) is not None for record in records):
        return None
    inside = {element for record in records for element in record.iter()}
    holders = {local(ancestor) for record in records for ancestor in record.iterancestors()} | {ROOT}
    beside = [element for element in root.iterdescendants() if element not in inside and local(element.getparent()) in holders]
    unknown = {local(element) for element in beside} - holders - {"Selectieperiode"}
    if unknown and not records:
        return None
    for record in records:
        found = [(COLUMNS.get(local(element)), element) for element in record.iterdescendants()]
        found = [(column, e) for column, e in found if next(e.iterancestors("{*}Toelichting"), None) is None]
        fields = [(column.name, element) for column, element in found if column and column.kind != "vrije_tekst"]
        row = {name: field.text or "" for name, field in fields}
        if len(row) < len(fields) or any(len(field) for _, field in fields):
            return None
        unknown |= {name for child in record for name in strangers(child)}
        if any((element.text or "").strip() for element in record.iterdescendants()):
            rows.append(row)
            lines.append(record.sourceline)
    return rows, lines, unknown


def read_in_parts(content: bytes, size: int) -> tuple[list[dict[str, str]], list[int], set[str]]:
    with tempfile.TemporaryDirectory() as folder, patch.multiple(xml, CHUNK=size, PART=3 * size):
        path = Path(folder) / "verzuimmeldingen.xml"
        path.write_bytes(content)
        reading = xml.XmlReading(path, ENTITY)
        rows: list[dict[str, str]] = []
        for batch in reading.batches():
            columns = {name: values.to_pylist() for name, values in batch.columns.items()}
            rows += [{name: values[place] for name, values in columns.items()} for place in range(batch.rows)]
        lines = reading.lines(list(range(1, len(rows) + 1)))
        return rows, [lines[number] for number in range(1, len(rows) + 1)], {name.partition(" (")[0] for name in reading.unknown}


@settings(max_examples=400, deadline=None)
@given(DOCUMENT, st.integers(1, 100))
def test_parts_equal_the_whole(content: bytes, size: int):
    expected = read_tree(content)
    if expected is None:
        with pytest.raises(
            Refusal, match=r"staat twee keer in record|bevat andere elementen in record|staat in een ander Verzuimgeval|geen enkel element"
        ):
            read_in_parts(content, size)
        return
    rows, lines, unknown = read_in_parts(content, size)
    assert [{name: text for name, text in row.items() if text} for row in rows] == [
        {name: text for name, text in row.items() if text} for row in expected[0]
    ]
    assert lines == expected[1]
    assert unknown == expected[2]


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
