"""What each file format gives, and which files are refused: with a reason, without a value."""

import io
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from leveringen import Landing, bsn, melding, to_csv

from expectations import contract
from orchestration.deliveries.readers import open_file
from orchestration.deliveries.reasons import Refusal

DUO, CAREL = contract.load("duo"), contract.load("carel")
MELDING, INCIDENT = DUO.entities["verzuimmelding"], CAREL.entities["incident"]
INCIDENT_HEADER = ["INCIDENTNR", "BSN", "DATUM", "CONTACT_MET"]
HEADER = ";".join(melding(1))
ELEMENTS = {column.header: column.xml_element for column in MELDING.columns}


def read(path: Path, agreed: Any = DUO, entity: Any = MELDING, blad: str | None = None) -> list[dict[str, str]]:
    reading = open_file(path, agreed, entity, blad)
    rows: list[dict[str, str]] = []
    for batch in reading.batches():
        assert batch.first == len(rows) + 1
        columns = {name: values.to_pylist() for name, values in batch.columns.items()}
        rows += [{name: values[place] for name, values in columns.items()} for place in range(batch.rows)]
    return rows


def csv_file(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "verzuimmeldingen.csv"
    path.write_bytes(content)
    return path


def to_xml(rows: list[dict[str, str]], namespace: str = "", extra: str = "") -> bytes:
    records = "".join(
        "\n<Verzuimgeval>"
        + "".join(f"<{ELEMENTS[name]}>{value}</{ELEMENTS[name]}>" for name, value in row.items() if value)
        + "</Verzuimgeval>"
        for row in rows
    )
    return f'<LeveringMeldingRelatiefVerzuim xmlns="{namespace}">{records}{extra}</LeveringMeldingRelatiefVerzuim>'.encode()


def xlsx_file(tmp_path: Path, sheets: dict[str, list[list[Any]]], hidden: str = "", name: str = "incidenten.xlsx") -> Path:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        as_date = book.add_format({"num_format": "dd-mm-yyyy"})
        for title, rows in sheets.items():
            sheet = book.add_worksheet(title)
            for y, row in enumerate(rows):
                for x, cell in enumerate(row):
                    sheet.write_datetime(y, x, cell, as_date) if isinstance(cell, date) else sheet.write(y, x, cell)
            if title == hidden:
                sheet.hide()
    (tmp_path / name).write_bytes(target.getvalue())
    return tmp_path / name


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_csv_in_every_agreed_encoding_and_line_ending(tmp_path: Path, encoding: str, end: str):
    rows = [melding(1, AANLEIDING="één €"), melding(2)]
    found = read(csv_file(tmp_path, to_csv(rows, encoding, end)))
    assert [row["aanleiding"] for row in found] == ["één €", ""]
    assert found[0]["meldingsnummer"] == "M1"
    assert "toelichting" not in found[0]


def test_csv_columns_in_any_order_with_aliases_spaces_and_optional_ones_absent(tmp_path: Path):
    content = to_csv([melding(1)]).decode().replace("BRIN", " BRIN ")
    header, row = (line.split(";")[::-1] for line in content.splitlines())
    kept = [place for place, name in enumerate(header) if name not in ("VESTIGING", "UREN")]
    text = "\n".join(";".join(line[place] for place in kept) for line in (header, row))
    (found,) = read(csv_file(tmp_path, text.encode()))
    assert found["brin"] == "09TB"
    assert "vestiging" not in found and "uren" not in found


def test_csv_quoting_by_the_book_and_lines_of_rejected_records(tmp_path: Path):
    rows = [melding(1, TOELICHTING='"a;b ""c""\r\nd"'), melding(2, AANLEIDING='"spijbelen"'), melding(3, UREN="x")]
    content = to_csv(rows).replace(b"\nM2", b"\n\n\nM2")
    assert [row["aanleiding"] for row in read(csv_file(tmp_path, content))] == ["", "spijbelen", ""]
    landing = Landing(tmp_path)
    landing.write("a", {"verzuimmeldingen.csv": content}, rijen=3)
    (row,) = landing.rejected(landing.ingest()[0])
    assert (row["rijnummer"], row["regel"]) == (3, 7)


@pytest.mark.parametrize("newline", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("reason", ["spijbelen", '"spijbelen"'])
def test_lines_of_rejected_records_are_alike_with_quotes_and_without(tmp_path: Path, newline: bytes, reason: str):
    rows = [melding(1), melding(2, AANLEIDING=reason), melding(3, UREN="x")]
    content = to_csv(rows).replace(b"\r\n", b"\n").replace(b"\nM2", b"\n\n\nM2").replace(b"\n", newline)
    landing = Landing(tmp_path)
    landing.write("a", {"verzuimmeldingen.csv": content}, rijen=3)
    (row,) = landing.rejected(landing.ingest()[0])
    assert (row["rijnummer"], row["regel"]) == (3, 6)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (HEADER + "\nM1;2\n", "regel 2 heeft 2 velden, de kopregel 16"),
        (HEADER + "\n" + ";" * 16 + "\n", "regel 2 heeft 17 velden, de kopregel 16"),
        (HEADER + "\n" + ";" * 15 + "\n" + ";" * 14 + '"open\n', "na dat van regel 2 sluit een aanhalingsteken niet"),
        (HEADER + "\n" + ';"x"y' + ";" * 14 + "\n", "een aanhalingsteken"),
        (HEADER + "\n\0" + ";" * 15 + "\n", "nul-byte"),
        (HEADER + ";BRIN\n", "kolom BRIN staat er twee keer in"),
    ],
)
def test_csv_that_is_refused(tmp_path: Path, content: str, reason: str):
    with pytest.raises(Refusal, match=reason) as refusal:
        read(csv_file(tmp_path, content.encode()))
    assert refusal.value.code == "bestand_onleesbaar"


def test_csv_outside_the_agreed_encodings(tmp_path: Path):
    with pytest.raises(Refusal, match="codering"):
        read(csv_file(tmp_path, to_csv([melding(1)]) + b"\x81\xff"))
    monitor = contract.load("monitor")
    path = tmp_path / "jongeren.csv"
    path.write_bytes("BSN;GEBOORTEDATUM;GESLACHT\né;;\n".encode("cp1252"))
    with pytest.raises(Refusal, match="codering"):
        read(path, monitor, monitor.entities["jongere"])


def test_csv_without_records_or_without_anything(tmp_path: Path):
    assert read(csv_file(tmp_path, HEADER.encode())) == []
    assert read(csv_file(tmp_path, (HEADER + "\n\r\n\n").encode())) == []
    assert open_file(csv_file(tmp_path, b""), DUO, MELDING).missing


@pytest.mark.parametrize("namespace", ["", "http://duo.nl/verzuim/v2"])
def test_xml_in_any_namespace(tmp_path: Path, namespace: str):
    path = tmp_path / "verzuimmeldingen.xml"
    path.write_bytes(to_xml([melding(1, UREN="16.5", VESTIGING="00"), melding(2, UREN="")], namespace))
    found = read(path)
    shown = [(row["meldingsnummer"], row["uren"], row["vestiging"]) for row in found]
    assert shown == [("M1", "16.5", "00"), ("M2", "", "")]


def test_xml_gives_what_csv_gives_with_lines_and_unknown_elements(tmp_path: Path):
    rows = [melding(n) for n in range(1, 40)] + [melding(40, UREN="x")]
    landing = Landing(tmp_path)
    landing.meldingen("a", rows)
    extra = "\n<Aanmaak>gisteren</Aanmaak>"
    content = to_xml(rows, "urn:x", extra).replace(b"<Uren>x</Uren>", b"<Uren>x</Uren><Nieuw/>")
    landing.write("b", {"verzuimmeldingen.xml": content}, rijen=40)
    one, other = landing.ingest()
    without = [
        [{name: value for name, value in row.items() if name != "bestand"} for row in landing.loaded(entry)] for entry in (one, other)
    ]
    assert without[0] == without[1]
    assert landing.rejected(other)[0]["regel"] == 41
    assert other.entiteiten[0].waarschuwingen == {"kolom_onbekend": 2}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (to_xml([melding(1)])[:-40], "niet welgevormd, bij regel 2"),
        (b"<x/>", "niet de wortel"),
        (b"<x>" + to_xml([melding(1)]) + b"</x>", "niet de wortel"),
        (b"geen xml", "niet welgevormd"),
        (b'<!DOCTYPE LeveringMeldingRelatiefVerzuim [<!ENTITY a "b">]>' + to_xml([melding(1)]), "DTD"),
        (b'<!DOCTYPE LeveringMeldingRelatiefVerzuim SYSTEM "file:///etc/passwd">' + to_xml([melding(1)]), "DTD"),
        (to_xml([melding(1)]).replace(b"09TB", b"&extern;"), "niet welgevormd"),
        (to_xml([melding(1)]).replace(b"<BRIN>", b"<BRIN>09TB</BRIN><BRIN>"), "twee keer"),
    ],
)
def test_xml_that_is_refused(tmp_path: Path, content: bytes, reason: str):
    path = tmp_path / "verzuimmeldingen.xml"
    path.write_bytes(content)
    with pytest.raises(Refusal, match=reason):
        read(path)


def test_xlsx_numbers_dates_and_empty_rows(tmp_path: Path):
    low = bsn(1_234_567)
    rows = [
        ["INCIDENTNR", "BSN", "DATUM", "CONTACT_MET", "MEMO", "EXTRA"],
        [1.0, float(low), datetime.fromisoformat("2025-03-03T14:30"), "school", "memo"],
        ["A-2", low, "04-03-2025", "ouders"],
        ["", "", "", "", "", " "],
        [""],
    ]
    path = xlsx_file(tmp_path, {"Blad1": rows, "Leeg": []})
    found = read(path, CAREL, INCIDENT)
    assert found == [
        {"incidentnr": "1", "bsn": low.lstrip("0"), "datum": "03-03-2025", "contact_met": "school"},
        {"incidentnr": "A-2", "bsn": low, "datum": "04-03-2025", "contact_met": "ouders"},
    ]
    assert open_file(path, CAREL, INCIDENT).unknown == 1


def test_xlsx_sheets(tmp_path: Path):
    rows = [["INCIDENTNR", "BSN", "DATUM", "CONTACT_MET"], ["1", bsn(1), "03-03-2025", "school"]]
    path = xlsx_file(tmp_path, {"Incidenten": rows, "Oud": rows}, hidden="Oud")
    assert len(read(path, CAREL, INCIDENT)) == len(read(path, CAREL, INCIDENT, "Incidenten")) == 1
    with pytest.raises(Refusal, match="geen blad Interventies"):
        read(path, CAREL, INCIDENT, "Interventies")
    with pytest.raises(Refusal, match="2 bladen"):
        read(xlsx_file(tmp_path, {"Een": rows, "Twee": rows}), CAREL, INCIDENT)


@pytest.mark.parametrize("content", [b"", b"INCIDENTNR;BSN\n", b"PK\x03\x04 broken"], ids=["empty", "csv", "broken"])
def test_xlsx_that_is_none(tmp_path: Path, content: bytes):
    path = tmp_path / "incidenten.xlsx"
    path.write_bytes(content)
    with pytest.raises(Refusal, match="geen werkmap"):
        read(path, CAREL, INCIDENT)


def test_a_truncated_workbook(tmp_path: Path):
    path = xlsx_file(tmp_path, {"Blad1": [["INCIDENTNR"]]})
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(Refusal, match="geen werkmap"):
        read(path, CAREL, INCIDENT)


def test_a_format_that_is_not_read(tmp_path: Path):
    for name in ("incidenten.xls", "incidenten.xml", "incidenten"):
        (tmp_path / name).write_bytes(b"x")
        with pytest.raises(Refusal, match="wordt gelezen uit"):
            open_file(tmp_path / name, CAREL, INCIDENT)


def test_xlsx_rejected_rows_have_their_row_in_the_sheet(tmp_path: Path):
    rows = [[], INCIDENT_HEADER, [], ["1", bsn(1), "03-03-2025", "school"], ["", "", "", ""], ["2", bsn(2), "gisteren", "school"]]
    content = xlsx_file(tmp_path, {"Blad1": rows}).read_bytes()
    landing = Landing(tmp_path)
    landing.write("a", {"incidenten.xlsx": content}, bron="carel", entiteit="incident", rijen=2)
    (row,) = landing.rejected(landing.ingest("carel")[0])
    assert (row["rijnummer"], row["regel"], row["kolom"]) == (2, 6, "DATUM")


def test_a_field_of_a_megabyte_does_not_hide_the_lines_of_rejected_records(tmp_path: Path):
    rows = [melding(1, TOELICHTING=f'"{"x" * (1 << 20)}\n"'), melding(2, UREN="x")]
    landing = Landing(tmp_path)
    landing.write("a", {"verzuimmeldingen.csv": to_csv(rows)}, rijen=2)
    assert [row["regel"] for row in landing.rejected(landing.ingest()[0])] == [4]


def test_an_alias_of_the_contract_is_as_good_as_the_name(tmp_path: Path):
    columns = tuple(replace(column, aliases=("SCHOOL", "BRINNUMMER")) if column.name == "brin" else column for column in MELDING.columns)
    path = csv_file(tmp_path, to_csv([melding(1)]).replace(b"BRIN", b"BRINNUMMER"))
    assert open_file(path, DUO, MELDING).missing == ("BRIN",)
    reading = open_file(path, DUO, replace(MELDING, columns=columns))
    assert (reading.missing, reading.unknown) == ((), 0)
    both = csv_file(tmp_path, to_csv([melding(1)]).replace(b"AANLEIDING", b"SCHOOL"))
    with pytest.raises(Refusal, match="kolom BRIN staat er twee keer in"):
        open_file(both, DUO, replace(MELDING, columns=columns))


def test_a_bare_greater_than_sign_in_xml_is_text(tmp_path: Path):
    path = tmp_path / "verzuimmeldingen.xml"
    path.write_bytes(to_xml([melding(1, AANLEIDING="a>b"), melding(2, AANLEIDING="/>")]))
    assert [row["aanleiding"] for row in read(path)] == ["a>b", "/>"]


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1", "windows-1252", "utf-16"])
def test_xml_in_the_encoding_that_it_names(tmp_path: Path, encoding: str):
    path = tmp_path / "verzuimmeldingen.xml"
    text = f'<?xml version="1.0" encoding="{encoding}"?>\n' + to_xml([melding(1, AANLEIDING="één")]).decode()
    path.write_bytes(text.encode(encoding))
    assert read(path)[0]["aanleiding"] == "één"
