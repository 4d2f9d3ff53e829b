"""The same content gets the same verdict in every format, and a message says what stood there without saying who."""

import io
import re
import zipfile
from collections.abc import Callable, Sequence

import pytest
from leveringen import Landing, bsn, melding, onderwijsnummer, to_csv, to_xlsx, to_xml

from expectations import contract
from orchestration.deliveries import names
from orchestration.deliveries.ledger import LedgerEntry
from orchestration.deliveries.readers import layout

Rows = Sequence[dict[str, str]]
SHEET = "xl/worksheets/sheet1.xml"
KNOWN = bsn(23_456_789)
OWN = onderwijsnummer(7)
FORMATS: dict[str, Callable[[Rows], bytes]] = {
    "verzuimmeldingen.csv": lambda rows: to_csv(
        [{key: f'"{value.replace(chr(34), chr(34) * 2)}"' for key, value in row.items()} for row in rows]
    ),
    "verzuimmeldingen.xml": to_xml,
    "verzuimmeldingen.xlsx": lambda rows: to_xlsx({"Blad1": [list(rows[0]), *([*row.values()] for row in rows)]}),
}


@pytest.fixture(params=FORMATS)
def naam(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def read(landing: Landing, naam: str, rows: Rows, rijen: int | None = None) -> LedgerEntry:
    landing.write("a", {naam: FORMATS[naam](rows)}, rijen=len(rows) if rijen is None else rijen)
    (entry,) = landing.ingest(max_rejected_rows=100)
    return entry


EMPTY = dict.fromkeys(melding(), "")
BLANK = dict.fromkeys(melding(), " ")


@pytest.mark.parametrize(
    ("rows", "read_rows"),
    [
        ([melding(1), EMPTY], 1),
        ([melding(1), EMPTY, EMPTY, melding(2)], 2),
        ([melding(1), BLANK, melding(2), EMPTY], 2),
        ([EMPTY, melding(1)], 1),
        ([melding(1), *[EMPTY] * 40], 1),
        ([EMPTY, EMPTY], 0),
    ],
    ids=["at the end", "between", "with spaces", "first", "many", "only"],
)
def test_a_record_in_which_everything_is_empty_is_none(landing: Landing, naam: str, rows: Rows, read_rows: int):
    entry = read(landing, naam, rows, read_rows)
    assert (entry.oordeel, entry.reden) == ("geaccepteerd", "")
    assert (entry.entiteiten[0].gelezen, entry.entiteiten[0].afgewezen) == (read_rows, 0)
    assert [row["rijnummer"] for row in landing.loaded(entry)] == [*range(1, read_rows + 1)]


@pytest.mark.parametrize("column", ["TOELICHTING", "UREN", "ONDERWIJSNUMMER"])
def test_a_record_with_anything_at_all_is_one(landing: Landing, naam: str, column: str):
    entry = read(landing, naam, [melding(1), EMPTY, EMPTY | {column: "1"}], 2)
    (row,) = landing.rejected(entry)
    assert (row["code"], row["rijnummer"]) == ("sleutel_ontbreekt", 2)
    assert row["regel"] == 4, "its line in the file, with the empty one"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (f"{KNOWN[:4]}.{KNOWN[4:6]}.{KNOWN[6:]}", "9999.99.999"),
        (f"{KNOWN[:3]} {KNOWN[3:6]} {KNOWN[6:]}", "999 999 999"),
        (f'="{KNOWN}"', '="999999999"'),
        (f"'{KNOWN}", "'999999999"),
        (f"{KNOWN}.0", "999999999.0"),
        (KNOWN[:8], "99999999 (8 cijfers; een rekenblad laat nullen vooraan weg)"),
        (f"{KNOWN}1", "9999999999 (10 cijfers)"),
        (f"NL{KNOWN}", "xx999999999"),
        (f"{KNOWN[:8]}{(int(KNOWN[8]) + 1) % 10}", "999999999 (elfproef)"),
        (OWN, "999999999 (een onderwijsnummer)"),
        ("Jansen, P.", "xxxxxx, x."),
        ("#N/A", "#N/A"),
    ],
)
def test_what_stood_in_the_place_of_a_bsn_is_shown_by_its_shape(landing: Landing, naam: str, value: str, shown: str):
    if value.startswith("=") and naam.endswith(".xlsx"):
        pytest.skip("in a workbook this is a formula, which has a result")
    entry = read(landing, naam, [melding(1), melding(2, BSN=value)])
    (row,) = landing.rejected(entry)
    assert (row["kolom"], row["code"], row["waarde"]) == ("BSN", "identificatie_ongeldig", shown)


@pytest.mark.parametrize(
    "value", ["03-02-2025", "3-2-2025", "2025/02/03", "03.02.25", "2025-02-30", "2025-02-03T10:00:00+01:00", "20250230"]
)
def test_a_refused_date_is_shown_as_it_is(landing: Landing, naam: str, value: str):
    (row,) = landing.rejected(read(landing, naam, [melding(1), melding(2, DATUM_BEGIN=value)]))
    assert (row["code"], row["waarde"]) == ("datum_ongeldig", value)


def test_a_bsn_in_the_place_of_a_date_is_not(landing: Landing, naam: str):
    (row,) = landing.rejected(read(landing, naam, [melding(1), melding(2, DATUM_BEGIN=KNOWN)]))
    assert (row["code"], row["waarde"]) == ("datum_ongeldig", "999999999")


@pytest.mark.parametrize(
    ("column", "code"),
    [
        ("MELDINGSNUMMER", "waarde_onleesbaar"), ("DATUM_BEGIN", "datum_ongeldig"), ("DATUM_EINDE", "datum_ongeldig"),
        ("UREN", "getal_ongeldig"), ("BRIN", "code_onbekend"), ("AANLEIDING", "code_onbekend"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("value", ["#N/A", "#DEEL/0!", "#VERW!"])
def test_an_error_of_a_spreadsheet_rejects_its_row_also_where_a_column_may_be_empty(
    landing: Landing, naam: str, column: str, code: str, value: str
):
    (row,) = landing.rejected(read(landing, naam, [melding(1), melding(2, **{column: value})]))
    assert (row["kolom"], row["code"], row["waarde"]) == (column, code, value)


def carel(landing: Landing, naam: str, date: str) -> LedgerEntry:
    rows = [{"INCIDENTNR": "i1", "BSN": KNOWN, "ONDERWIJSNUMMER": "", "DATUM": date, "BRIN": "", "CONTACT_MET": "ouders"}]
    landing.write("a", {naam: FORMATS[f"verzuimmeldingen.{naam.split('.')[1]}"](rows)}, bron="carel", entiteit="incident")
    (entry,) = landing.ingest("carel")
    return entry


@pytest.mark.parametrize("naam", ["incidenten.csv", "incidenten.xlsx"])
@pytest.mark.parametrize("date", ["1-3-2025", "01-3-2025", "1-03-2025", "01-03-2025"])
def test_carel_writes_days_and_months_with_or_without_a_zero(landing: Landing, naam: str, date: str):
    [row] = landing.loaded(carel(landing, naam, date))
    assert row["datum"].isoformat() == "2025-03-01"


@pytest.mark.parametrize("naam", ["incidenten.csv", "incidenten.xlsx"])
@pytest.mark.parametrize("date", ["31-2-2025", "1-13-2025", "001-3-2025", "1-3-25", "2025-3-1", "1/3/2025", "1-3"])
def test_no_other_form_is_guessed(landing: Landing, naam: str, date: str):
    [row] = landing.rejected(carel(landing, naam, date))
    assert (row["code"], row["waarde"]) == ("datum_ongeldig", date)


def cells(content: bytes, **others: str) -> bytes:
    """Replace cells in the XML of the sheet of a workbook."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w") as new:
        for info in old.infolist():
            data = old.read(info)
            for place, cell in others.items() if info.filename == SHEET else ():
                data, count = re.subn(rf'<c r="{place}"[^>]*?(/>|>.*?</c>)'.encode(), cell.encode(), data)
                assert count == 1, place
            new.writestr(info.filename, data)
    return target.getvalue()


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ('<c r="{}" t="e"><v>#N/A</v></c>', "#N/A"),
        ('<c r="{}" t="e"><f>1/0</f><v>#DIV/0!</v></c>', "#DIV/0!"),
        ('<c r="{}" t="e"/>', "#N/A"),
        ('<c r="{}"><f>A1&amp;""</f></c>', "#GEEN_UITKOMST"),
        ('<c r="{}"><f>A1&amp;""</f><v></v></c>', "#GEEN_UITKOMST"),
        ("<c r='{}' t='e'><f>VLOOKUP(1,A:A,2)</f><v>#REF!</v></c>", "#REF!"),
    ],
)
@pytest.mark.parametrize(("column", "place"), [("BSN", "F3"), ("DATUM_EINDE", "K3"), ("MELDINGSNUMMER", "A3"), ("UREN", "M3")])
def test_a_cell_of_a_workbook_with_an_error_or_without_a_result_is_not_empty(
    landing: Landing, cell: str, shown: str, column: str, place: str
):
    content = cells(FORMATS["verzuimmeldingen.xlsx"]([melding(1), melding(2)]), **{place: cell.format(place)})
    landing.write("a", {"verzuimmeldingen.xlsx": content}, rijen=2)
    (entry,) = landing.ingest()
    (row,) = landing.rejected(entry)
    assert (row["kolom"], row["waarde"], row["regel"]) == (column, shown, 3)


def test_a_formula_with_a_result_is_its_result(landing: Landing):
    text = '<c r="N3" t="str"><f>""</f><v></v></c>'
    number = '<c r="M3"><f>8+8.5</f><v>16.5</v></c>'
    content = cells(FORMATS["verzuimmeldingen.xlsx"]([melding(1), melding(2, AANLEIDING="spijbelen")]), N3=text, M3=number)
    landing.write("a", {"verzuimmeldingen.xlsx": content}, rijen=2)
    (entry,) = landing.ingest()
    assert [(str(row["uren"]), row["aanleiding"]) for row in landing.loaded(entry)] == [("16.5000", None), ("16.5000", None)]


@pytest.mark.parametrize(
    ("file", "entiteit"),
    [
        ("Verzuimmeldingen 3 maart 2025.csv", "verzuimmelding"),
        ("2025-03 verzuimmelding (definitief).xlsx", "verzuimmelding"),
        ("VERZUIMMELDINGEN_borne.xml", "verzuimmelding"),
        ("Absoluut verzuim Hengelo.csv", "absoluut_verzuim"),
        ("absoluut-verzuim.csv", "absoluut_verzuim"),
        ("koppeling é 1.csv", "koppeling"),
        ("20250303G0164.csv", None),
        ("verzuim.csv", None),
        ("koppeling verzuimmeldingen.csv", None),
        ("meerverzuimmeldingen.csv", None),
    ],
)
def test_an_entiteit_is_recognised_by_a_word_of_the_name(file: str, entiteit: str | None):
    assert names.entity_of(contract.load("duo"), file) == entiteit
    assert names.source_of(file) == (entiteit and "duo")


def test_names_of_deliveries_and_files_may_have_spaces_and_letters_of_any_language(landing: Landing):
    landing.write("Maart – één (опять)".replace("–", "-"), {"Verzuimmeldingen 3 maart é.csv": to_csv([melding(1)])})
    (entry,) = landing.ingest()
    assert (entry.levering, entry.oordeel) == ("Maart - één (опять)", "geaccepteerd")
    assert landing.loaded(entry)[0]["bestand"] == "Verzuimmeldingen 3 maart é.csv"


@pytest.mark.parametrize(
    ("header", "hint"),
    [
        ("MELDINGSNUMMER\tSTATUS\tBSN\tVERZUIMSOORT\tBRIN\tDATUM_BEGIN\tDATUM_EINDE\tDATUM_MELDING\tDATUM_LAATSTE_MUTATIE", "een tab als"),
        ("sep=,\nMELDINGSNUMMER,STATUS", "regel 1 zegt dat het scheidingsteken komma is"),
        ("Overzicht\n" + ";".join(melding()), "de kopregel staat op regel 2"),
        (";".join(melding()).replace("DATUM_BEGIN", "Datum begin"), "regel 1 heeft Datum begin (lijkt op DATUM_BEGIN)"),
        ("Jansen;123456782;Borne", "regel 1 heeft 3 kolommen, waarvan 0 in het contract: xxxxxx | 999999999 | xxxxx"),
    ],
)
def test_a_wrong_layout_says_what_would_fit_and_no_value(landing: Landing, header: str, hint: str):
    landing.write("a", {"verzuimmeldingen.csv": f"{header}\n".encode()}, rijen=0)
    (entry,) = landing.ingest()
    assert entry.code == "kolom_ontbreekt"
    assert hint in entry.reden
    assert "Jansen" not in entry.reden


@pytest.mark.parametrize(("encoding", "bron"), [("utf-8-sig", "carel"), ("cp1252", "carel"), ("utf-8-sig", "duo"), ("cp1252", "duo")])
def test_a_byte_order_mark_decides_the_encoding(landing: Landing, encoding: str, bron: str):
    contents = {
        "carel": "INCIDENTNR;BSN;DATUM;CONTACT_MET;één €\ni1;" + KNOWN + ";1-3-2025;ouders;\n",
        "duo": to_csv([melding(1) | {"één €": ""}]).decode(),
    }
    file, entiteit = {"carel": ("incidenten.csv", "incident"), "duo": ("verzuimmeldingen.csv", "verzuimmelding")}[bron]
    landing.write("a", {file: contents[bron].encode(encoding)}, bron=bron, entiteit=entiteit)
    (entry,) = landing.ingest(bron)
    assert entry.oordeel == "geaccepteerd", entry.reden
    assert entry.entiteiten[0].kolommen_onbekend == ("één €",)


def test_the_shape_of_a_text_has_no_letter_or_digit_of_it():
    assert layout.shape("Piet 12 – É") == "xxxx 99 – x"


def test_no_value_of_a_first_line_is_named():
    entity = contract.load("duo").entities["verzuimmelding"]
    assert [*layout.unknown(entity, ["Jansen", "DATUM EINDE", "1-3-2025"])] == ["xxxxxx", "DATUM EINDE (lijkt op DATUM_EINDE)", "9-9-9999"]
    assert [*layout.unknown(entity, [*melding(), "Opmerking", ""])] == ["Opmerking", "zonder naam"]
