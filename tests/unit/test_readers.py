"""The rows that each file format is read to; `tests/bad_files` has the files that are refused."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from leveringen import Landing, bsn, melding, to_csv, to_xlsx, to_xml

from expectations import contract
from orchestration.deliveries.readers import csv as csv_reader
from orchestration.deliveries.readers import open_file
from orchestration.deliveries.reasons import Refusal

DUO, CAREL = contract.load("duo"), contract.load("carel")
MELDING, INCIDENT = DUO.entities["verzuimmelding"], CAREL.entities["incident"]
INCIDENT_HEADER = ["INCIDENTNR", "BSN", "DATUM", "CONTACT_MET"]
HEADER = ";".join(melding(1))


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


def xlsx_file(tmp_path: Path, sheets: dict[str, list[list[Any]]], hidden: str = "") -> Path:
    path = tmp_path / "incidenten.xlsx"
    path.write_bytes(to_xlsx(sheets, hidden))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_csv_in_every_encoding_and_line_terminator(tmp_path: Path, encoding: str, end: str):
    rows = [melding(1, AANLEIDING="één €"), melding(2)]
    found = read(csv_file(tmp_path, to_csv(rows, encoding, end)))
    assert [row["aanleiding"] for row in found] == ["één €", ""]
    assert found[0]["meldingsnummer"] == "M1"
    assert "toelichting" not in found[0]


def test_csv_columns_in_any_order_with_spaces_and_without_optional_ones(tmp_path: Path):
    content = to_csv([melding(1)]).decode().replace("BRIN", " BRIN ")
    header, row = (line.split(";")[::-1] for line in content.splitlines())
    kept = [place for place, name in enumerate(header) if name not in ("VESTIGING", "UREN")]
    text = "\n".join(";".join(line[place] for place in kept) for line in (header, row))
    (found,) = read(csv_file(tmp_path, text.encode()))
    assert found["brin"] == "09TB"
    assert "vestiging" not in found and "uren" not in found


def test_csv_quoting_and_lines_of_rejected_records(landing: Landing, tmp_path: Path):
    rows = [melding(1, TOELICHTING='"a;b ""c""\r\nd"'), melding(2, AANLEIDING='"spijbelen"'), melding(3, UREN="x")]
    content = to_csv(rows).replace(b"\nM2", b"\n\n\nM2")
    assert [row["aanleiding"] for row in read(csv_file(tmp_path, content))] == ["", "spijbelen", ""]
    landing.write("a", {"verzuimmeldingen.csv": content}, rijen=3)
    (row,) = landing.rejected(landing.ingest()[0])
    assert (row["rijnummer"], row["regel"]) == (3, 7)


@pytest.mark.parametrize("newline", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("reason", ["spijbelen", '"spijbelen"'])
def test_lines_of_rejected_records_with_and_without_quotes(landing: Landing, newline: bytes, reason: str):
    rows = [melding(1), melding(2, AANLEIDING=reason), melding(3, UREN="x")]
    content = to_csv(rows).replace(b"\r\n", b"\n").replace(b"\nM2", b"\n\n\nM2").replace(b"\n", newline)
    landing.write("a", {"verzuimmeldingen.csv": content}, rijen=3)
    (row,) = landing.rejected(landing.ingest()[0])
    assert (row["rijnummer"], row["regel"]) == (3, 6)


def test_csv_without_records_or_empty(tmp_path: Path):
    assert read(csv_file(tmp_path, HEADER.encode())) == []
    assert read(csv_file(tmp_path, (HEADER + "\n\r\n\n").encode())) == []
    for nothing in (b"", b"\n\n", b"\xef\xbb\xbf;;;\n"):
        with pytest.raises(Refusal, match="is leeg"):
            open_file(csv_file(tmp_path, nothing), DUO, MELDING)


@pytest.mark.parametrize("namespace", ["", "http://duo.nl/verzuim/v2"])
def test_xml_in_any_namespace(tmp_path: Path, namespace: str):
    path = tmp_path / "verzuimmeldingen.xml"
    path.write_bytes(to_xml([melding(1, UREN="16.5", VESTIGING="00"), melding(2, UREN="")], namespace))
    found = read(path)
    shown = [(row["meldingsnummer"], row["uren"], row["vestiging"]) for row in found]
    assert shown == [("M1", "16.5", "00"), ("M2", "", "")]


def test_xml_and_csv_are_read_to_the_same_rows(landing: Landing):
    rows = [melding(n) for n in range(1, 40)] + [melding(40, UREN="x")]
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
    assert open_file(path, CAREL, INCIDENT).unknown == ("EXTRA",)


def test_xlsx_sheets(tmp_path: Path):
    rows = [["INCIDENTNR", "BSN", "DATUM", "CONTACT_MET"], ["1", bsn(1), "03-03-2025", "school"]]
    path = xlsx_file(tmp_path, {"Incidenten": rows, "Oud": rows}, hidden="Oud")
    assert len(read(path, CAREL, INCIDENT)) == len(read(path, CAREL, INCIDENT, "Incidenten")) == 1
    with pytest.raises(Refusal, match="geen blad Interventies"):
        read(path, CAREL, INCIDENT, "Interventies")
    with pytest.raises(Refusal, match="2 bladen"):
        read(xlsx_file(tmp_path, {"Een": rows, "Twee": rows}), CAREL, INCIDENT)


def test_rejected_rows_of_a_sheet_have_their_row_number(landing: Landing):
    rows = [[], INCIDENT_HEADER, [], ["1", bsn(1), "03-03-2025", "school"], ["", "", "", ""], ["2", bsn(2), "gisteren", "school"]]
    landing.write("a", {"incidenten.xlsx": to_xlsx({"Blad1": rows})}, bron="carel", entiteit="incident", rijen=2)
    (row,) = landing.rejected(landing.ingest("carel")[0])
    assert (row["rijnummer"], row["regel"], row["kolom"]) == (2, 6, "DATUM")


def test_lines_of_rejected_records_after_a_field_of_a_megabyte(landing: Landing):
    rows = [melding(1, TOELICHTING=f'"{"x" * (1 << 20)}\n"'), melding(2, UREN="x")]
    landing.write("a", {"verzuimmeldingen.csv": to_csv(rows)}, rijen=2)
    assert [row["regel"] for row in landing.rejected(landing.ingest()[0])] == [4]


def test_an_alias_is_equal_to_the_name(tmp_path: Path):
    columns = tuple(replace(column, aliases=("SCHOOL", "BRINNUMMER")) if column.name == "brin" else column for column in MELDING.columns)
    path = csv_file(tmp_path, to_csv([melding(1)]).replace(b"BRIN", b"BRINNUMMER"))
    assert open_file(path, DUO, MELDING).missing == ("BRIN",)
    reading = open_file(path, DUO, replace(MELDING, columns=columns))
    assert (reading.missing, reading.unknown) == ((), ())
    both = csv_file(tmp_path, to_csv([melding(1)]).replace(b"AANLEIDING", b"SCHOOL"))
    with pytest.raises(Refusal, match="kolom BRIN staat er twee keer in"):
        open_file(both, DUO, replace(MELDING, columns=columns))


def test_a_bare_greater_than_sign_in_xml_is_text(tmp_path: Path):
    path = tmp_path / "verzuimmeldingen.xml"
    path.write_bytes(to_xml([melding(1, AANLEIDING="a>b"), melding(2, AANLEIDING="/>")]))
    assert [row["aanleiding"] for row in read(path)] == ["a>b", "/>"]


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1", "windows-1252", "utf-16"])
def test_xml_in_its_declared_encoding(tmp_path: Path, encoding: str):
    path = tmp_path / "verzuimmeldingen.xml"
    text = f'<?xml version="1.0" encoding="{encoding}"?>\n' + to_xml([melding(1, AANLEIDING="één")]).decode()
    path.write_bytes(text.encode(encoding))
    assert read(path)[0]["aanleiding"] == "één"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("chunk", [3, 64, 1 << 20])
@pytest.mark.parametrize(
    ("before", "is_slow"),
    [("{}", False), (";x;{}", False), (" ;y;{}", False), ("{}{}", True), (";;;;;;;;;;;;;;;{}", True), (" ; ;\t;;;;;;;;;;;;;{}", True)],
    ids=["nothing", "first cell", "blank cell", "empty line", "empty record", "blank record"],
)
def test_only_an_empty_line_needs_a_second_pass_for_line_numbers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: str, chunk: int, before: str, is_slow: bool
):
    monkeypatch.setattr(csv_reader, "CHUNK", chunk)
    rows = [melding(number) for number in range(1, 5)]
    lines = to_csv(rows).decode().splitlines()
    width = len(HEADER.split(";"))
    between = [text if not text or is_slow else text + ";" * (width - 1 - text.count(";")) for text in before.split("{}")[:-1]]
    content = end.join([*lines[:3], *(text for text in between if text or is_slow), *lines[3:], ""])
    reading = open_file(csv_file(tmp_path, content.encode()), DUO, MELDING)
    assert isinstance(reading, csv_reader.CsvReading)
    records = sum(batch.rows for batch in reading.batches())
    slow = {number: line for number, (line, _) in enumerate(reading._slow_records())}
    assert reading.lines(range(records + 1)) == slow
    assert reading._has_empty_lines == is_slow


def test_a_file_without_a_last_line_end_may_end_with_an_empty_record(tmp_path: Path):
    reading = open_file(csv_file(tmp_path, to_csv([melding(1)]).rstrip() + b"\n;;"), DUO, MELDING)
    assert isinstance(reading, csv_reader.CsvReading) and reading._has_empty_lines
