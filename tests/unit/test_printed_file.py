"""A delivered report: its figures, or a message that says where it is wrong."""

from pathlib import Path

import pytest

from orchestration.publication.extract import PrintedError, Reference
from orchestration.publication.printed_file import read_printed
from orchestration.publication.reconciliation import judge

HEADER = "document,tabel,indicator,label,gemeente,schooljaar,gepubliceerd\n"
GOOD = 'jaarverslag,incidenten,incidenten,Aantal incidenten,Almelo,2021/2022,"1.234"\n'


def write(folder: Path, content: str | bytes) -> Path:
    path = folder / "verslag.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_a_report_of_another_year_and_gemeente(tmp_path: Path):
    (cell,) = read_printed(write(tmp_path, "\ufeff" + HEADER + "\n" + GOOD))
    assert (cell.document, cell.gemeente, cell.schooljaar, cell.printed.low) == ("jaarverslag", "Almelo", "2021-2022", 1234)


def test_semicolons_other_order_and_a_further_column(tmp_path: Path):
    header = "gepubliceerd;opmerking;document;tabel;indicator;label;gemeente;schooljaar"
    (cell,) = read_printed(write(tmp_path, f"{header}\n4,30%;;a;t;verzuimpercentage;% verzuim;Hengelo;2023-2024\n"))
    assert (cell.indicator, cell.printed.text) == ("verzuimpercentage", "4,30%")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "verslag.csv, regel 1: kolom document ontbreekt; de kop is document,tabel,"),
        (HEADER, "verslag.csv: geen enkel cijfer"),
        (HEADER.replace("label,", ""), "verslag.csv, regel 1: kolom label ontbreekt"),
        (HEADER.replace("label", "tabel"), "verslag.csv, regel 1: kolom tabel staat er meer dan één keer"),
        (HEADER + GOOD.replace('"1.234"', "veel"), "verslag.csv, regel 2, kolom gepubliceerd: 'veel' is geen aantal"),
        (HEADER + GOOD.replace('"1.234"', "<1"), "verslag.csv, regel 2, kolom gepubliceerd: '<1' is geen aantal"),
        (HEADER + GOOD.replace("1.234", "100.000.000"), "verslag.csv, regel 2, kolom gepubliceerd: '100.000.000' is te groot"),
        (HEADER + GOOD.replace("1.234", "1,23456%"), "of heeft meer dan 4 decimalen"),
        (HEADER + GOOD + GOOD, "verslag.csv, regel 3, kolom gepubliceerd: jaarverslag drukt dit cijfer al op een eerdere regel"),
        (HEADER + GOOD.replace("2021/2022", "2021-2023"), "kolom schooljaar: '2021-2023' is geen schooljaar zoals 2023-2024"),
        (HEADER + GOOD.replace("Almelo", " "), "verslag.csv, regel 2, kolom gemeente: leeg"),
        (HEADER + "een,twee\n", "verslag.csv, regel 2: 2 velden, en de kop heeft er 7"),
        (HEADER + GOOD.replace('"\n', "\n"), "verslag.csv, regel 2: geen leesbare CSV"),
        (HEADER.encode() + "Café".encode("latin-1"), "verslag.csv, regel 2: geen UTF-8"),
        (b"\x00" * 10_000_001, "verslag.csv: groter dan 10 MB"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(tmp_path: Path, content: str | bytes, message: str):
    with pytest.raises(PrintedError) as problem:
        read_printed(write(tmp_path, content))
    assert message in str(problem.value)


def test_every_wrong_row_is_named_up_to_ten(tmp_path: Path):
    with pytest.raises(PrintedError) as problem:
        read_printed(write(tmp_path, HEADER + 12 * GOOD.replace('"1.234"', "?")))
    told = str(problem.value).split("\n")
    assert (len(told), told[-1]) == (11, "… en nog 2 fouten")


def test_a_file_that_is_not_there(tmp_path: Path):
    with pytest.raises(PrintedError, match=r"verslag\.csv: bestaat niet"):
        read_printed(tmp_path / "verslag.csv")
    with pytest.raises(PrintedError, match="is geen bestand dat te lezen is"):
        read_printed(tmp_path)


def test_a_delivered_report_is_judged_whether_we_have_its_figures_or_not(tmp_path: Path):
    reference = Reference({}, {"t": ("a", "b")}, {}, ())
    row = "verslag,tabel,{0},{0},Almelo,2021-2022,{1}\n"
    path = write(tmp_path, HEADER + "".join(row.format(*pair) for pair in (("t", "9"), ("a", "<5"), ("b", "6"), ("c", "4"))))
    names = ("waarde", "percentage", "teller", "noemer")
    ours = dict.fromkeys(names) | {"indicator": "c", "gemeente_code": "0141", "gemeente": "Almelo", "schooljaar": "2021-2022"}
    ours |= {"waarde": 5, "weergave": "5", "status": "gepubliceerd"}
    rows = judge(path, [ours], reference)
    assert [(row["indicator"], row["oordeel"]) for row in rows] == [
        ("a", "niet_berekend"),
        ("b", "niet_berekend"),
        ("c", "wijkt_af"),
        ("t", "niet_berekend"),
        ("a", "onderdrukking_herleidbaar"),
    ]
    assert rows[-1]["toelichting"] == "a, Almelo 2021-2022 (verslag). Gedrukt als <5, maar is 3, want 9 = ? + 6."
