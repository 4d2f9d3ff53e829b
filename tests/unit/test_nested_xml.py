"""DUO's own nested XML: records anywhere under one of the roots, elements by name at any depth, or by the path that the contract states."""

from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import pytest
from leveringen import PERIOD, Landing, bsn, melding, to_nested_xml, to_xml

from expectations import contract
from expectations.contract import Entity
from orchestration.deliveries.readers import xml
from orchestration.deliveries.reasons import Refusal

MELDING = contract.load("duo").entities["verzuimmelding"]


def read(path: Path, content: bytes, entity: Entity = MELDING) -> tuple[list[dict[str, str]], tuple[str, ...]]:
    path.write_bytes(content)
    reading = xml.XmlReading(path, entity)
    rows: list[dict[str, str]] = []
    for batch in reading.batches():
        columns = {name: values.to_pylist() for name, values in batch.columns.items()}
        rows += [{name: values[place] for name, values in columns.items() if values[place]} for place in range(batch.rows)]
    return rows, reading.unknown


def with_path(header: str, path: str) -> Entity:
    """Return the entiteit with a path for one column."""
    parts = tuple(path.split("/"))
    return replace(MELDING, columns=tuple(replace(c, xml_path=parts) if c.header == header else c for c in MELDING.columns))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "verzuimmeldingen.xml"


def test_the_nested_form_gives_the_rows_of_the_flat_one(landing: Landing):
    rows = [melding(n, REDEN_AFGESLOTEN="1") for n in range(1, 40)] + [melding(40, UREN="x")]
    landing.write("plat", {"verzuimmeldingen.xml": to_xml(rows)}, rijen=40)
    landing.write("genest", {"verzuimmeldingen.xml": to_nested_xml(rows)}, rijen=40, kennisdatum="2025-03-04T02:00:00+01:00")
    flat, deep = landing.ingest()
    assert (deep.oordeel, deep.entiteiten[0].waarschuwingen, deep.entiteiten[0].kolommen_onbekend) == ("geaccepteerd", {}, ())
    assert landing.loaded(flat) == landing.loaded(deep)
    lines = to_nested_xml(rows).decode().split("\n")
    [row] = landing.rejected(deep)
    assert lines[row["regel"] - 1] == "<Verzuimgeval>" and "M40" in "".join(lines[row["regel"] : row["regel"] + 4])


@pytest.mark.parametrize("root", MELDING.xml_roots)
def test_what_is_beside_the_records_is_not_read_and_a_period_is_no_unknown_column(file: Path, root: str):
    rows, unknown = read(file, to_nested_xml([melding(1)], root))
    assert [(row["datum_begin"], row["datum_einde"]) for row in rows] == [("2025-02-01", "2025-02-10")]
    assert unknown == ()
    assert read(file, to_nested_xml([], root)) == ([], ())


def test_unknown_branches_are_named_once_and_their_known_elements_are_read(file: Path):
    more = b"<Nieuw><x>1</x><y>2</y></Nieuw><Bekend><z/><Uren>3</Uren></Bekend></Verzuimgeval>"
    rows, unknown = read(file, to_xml([melding(1, UREN="")]).replace(b"</Verzuimgeval>", more))
    assert (rows[0]["uren"], unknown) == ("3", ("Nieuw", "z"))


@pytest.mark.parametrize(
    ("change", "reden"),
    [
        ("<BRIN/></Verzuimgeval>", "element BRIN staat twee keer in record 1, regel 2: BRIN en BRIN"),
        ("<A><B><BRIN/></B></A></Verzuimgeval>", "regel 2: BRIN en A/B/BRIN; geef in het contract met xml_pad aan welke telt"),
        ("<A><BRIN>16KN</BRIN></A></Verzuimgeval>", "regel 2: BRIN en A/BRIN; geef in het contract met xml_pad aan welke telt"),
        ("<Verzuimgeval><A/></Verzuimgeval></Verzuimgeval>", "Verzuimgeval staat in een ander Verzuimgeval in record 2, regel 2"),
        ("<A><BRIN><b/></BRIN></A></Verzuimgeval>", "element BRIN bevat andere elementen in record 1, regel 2"),
    ],
)
def test_a_name_at_two_places_refuses_the_file(file: Path, change: str, reden: str):
    with pytest.raises(Refusal) as refused:
        read(file, to_xml([melding(1)]).replace(b"</Verzuimgeval>", change.encode()))
    assert refused.value.code == "bestand_onleesbaar"
    assert refused.value.reden.endswith(reden)


def test_an_identifier_in_the_name_of_a_branch_is_not_named(file: Path):
    number = bsn(20_000_007)
    with pytest.raises(Refusal, match="BRIN staat twee keer") as refused:
        read(file, to_xml([melding(1)]).replace(b"</Verzuimgeval>", f"<x{number}><BRIN/></x{number}></Verzuimgeval>".encode()))
    assert number not in refused.value.reden


def test_two_records_may_have_the_same_name_at_other_places(file: Path):
    content = to_xml([melding(1), melding(2)]).replace(b"<BRIN>09TB</BRIN>", b"<A><BRIN>16KN</BRIN></A>", 1)
    assert [row["brin"] for row in read(file, content)[0]] == ["16KN", "09TB"]


def test_a_stated_path_counts_alone_and_the_name_where_it_is_absent(file: Path):
    inside, both = b"<A><BRIN>16KN</BRIN></A>", b"<BRIN>09TB</BRIN><A><BRIN>16KN</BRIN><B><BRIN>01AA</BRIN></B></A>"
    flat = to_xml([melding(1), melding(2), melding(3)])
    content = flat.replace(b"<BRIN>09TB</BRIN>", both, 1)
    rows, unknown = read(file, content, with_path("BRIN", "A/BRIN"))
    assert ([row["brin"] for row in rows], unknown) == (["16KN", "09TB", "09TB"], ())
    assert [row["brin"] for row in read(file, content.replace(both, inside), with_path("BRIN", "A/BRIN"))[0]] == ["16KN", "09TB", "09TB"]
    assert [row["brin"] for row in read(file, content, with_path("BRIN", "BRIN"))[0]] == ["09TB"] * 3
    with pytest.raises(Refusal, match="BRIN en A/BRIN"):
        read(file, content, with_path("UREN", "A/BRIN/Uren"))
    with pytest.raises(Refusal, match="A/BRIN en A/BRIN"):
        read(file, content.replace(b"<BRIN>16KN</BRIN>", b"<BRIN/><BRIN/>"), with_path("BRIN", "A/BRIN"))


def test_a_stated_path_may_end_in_another_name(file: Path):
    content = to_xml([melding(1), melding(2)]).replace(b"<BRIN>09TB</BRIN>", b"<School><Code>16KN</Code></School><Code>x</Code>", 1)
    rows, unknown = read(file, content, with_path("BRIN", "School/Code"))
    assert ([row["brin"] for row in rows], unknown) == (["16KN", "09TB"], ("Code",))


def test_a_path_is_read_from_a_contract(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    text = (contract.FOLDER / "duo.odcs.yaml").read_text()
    more = "            value: BRIN\n          - property: xml_pad\n            value: A/BRIN\n"
    (tmp_path / "duo.odcs.yaml").write_text(text.replace("            value: BRIN\n", more))
    monkeypatch.setattr(contract, "FOLDER", tmp_path)
    columns = contract.load.__wrapped__("duo").entities["verzuimmelding"].columns
    assert {column.name: column.xml_path for column in columns if column.xml_path} == {"brin": ("A", "BRIN")}


def test_an_alias_is_another_name_of_the_element(file: Path):
    columns = tuple(replace(column, aliases=("Instellingscode",)) if column.name == "brin" else column for column in MELDING.columns)
    content = to_xml([melding(1), melding(2)]).replace(b"BRIN>", b"Instellingscode>")
    rows, unknown = read(file, content, replace(MELDING, columns=columns))
    assert ([row["brin"] for row in rows], unknown) == (["09TB", "09TB"], ())


@pytest.mark.parametrize("holder", ["", "<Gevallen>"])
def test_a_file_is_read_in_parts_wherever_its_records_are(file: Path, holder: str):
    rows = [melding(n) for n in range(1, 200)]
    content = to_nested_xml(rows)
    if holder:
        content = content.replace(PERIOD.encode(), PERIOD.encode() + holder.encode(), 1).replace(b"</DC", b"</Gevallen></DC")
    sizes: list[int] = []

    def noting(part: bytes, *args: object, **kwargs: bool) -> object:
        sizes.append(len(part))
        return elements(part, *args, **kwargs)

    elements = xml._elements
    with patch.multiple(xml, CHUNK=500, PART=4000, _elements=noting):
        found, _ = read(file, content)
    assert [row["meldingsnummer"] for row in found] == [row["MELDINGSNUMMER"] for row in rows]
    assert max(sizes) < 8000 < len(content)
