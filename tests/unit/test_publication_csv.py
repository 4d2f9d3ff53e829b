"""`kerncijfers.csv` and `vergelijking.csv`: a Dutch spreadsheet reads it correctly, and the figures equal those of the Parquet."""

import csv
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars
import pyarrow.parquet as pq
import pytest

from orchestration.publication import csv_file, register

# for each Parquet type, how a reader parses a cell
READS = {
    "string": lambda column: column,
    "bool": lambda column: column == csv_file.YES,
    "int64": lambda column: column.cast(polars.Int64),
    "decimal128(9, 2)": lambda column: column.str.replace(",", ".").cast(polars.Decimal(9, 2)),
    "decimal128(12, 4)": lambda column: column.str.replace(",", ".").cast(polars.Decimal(12, 4)),
    "decimal128(9, 1)": lambda column: column.str.replace(",", ".").cast(polars.Decimal(9, 1)),
    "date32[day]": lambda column: column.str.to_date("%Y-%m-%d"),
}


@pytest.fixture(params=register.ZONES)
def release(request: pytest.FixtureRequest, night) -> Path:
    return (night.lake.published(request.param) / "current").resolve()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (10478, "10478"),
        (-3, "-3"),
        (Decimal("5.95"), "5,95"),
        (Decimal("-12.3"), "-12,3"),
        (Decimal("0.00"), "0,00"),
        (True, "ja"),
        (False, "nee"),
        (date(2024, 10, 1), "2024-10-01"),
        ("<5", "<5"),
        ("5,95%", "5,95%"),
        ("ca. 1,1%", "ca. 1,1%"),
        ("0–4", "0–4"),
    ],
)
def test_a_cell_is_written_as_a_dutch_spreadsheet_reads_it(value: object, text: str):
    assert csv_file.cell(value) == text


def test_what_would_split_a_row_is_quoted():
    content = csv_file.content(["a", "b"], [{"a": 'Overig; "minder"', "b": "regel\nregel"}]).decode("utf-8-sig")
    assert content == 'a;b\r\n"Overig; ""minder""";"regel\nregel"\r\n'
    assert list(csv.reader([content.partition("\r\n")[2]], delimiter=";")) == [['Overig; "minder"', "regel\nregel"]]


def test_the_file_starts_with_a_byte_order_mark_and_ends_its_lines_as_windows_does(release: Path):
    content = (release / csv_file.FILE).read_bytes()
    assert content.startswith(b"\xef\xbb\xbfschooljaar;gemeente_code;")
    assert content.count(b"\r\n") == content.count(b"\n") == pq.read_metadata(release / "kerncijfers.parquet").num_rows + 1


@pytest.mark.parametrize("file", csv_file.FILES)
def test_another_program_reads_the_same_figures_from_both(file: str, release: Path):
    """Use polars with the options in `datapackage.json`: the separator, the decimal comma, the types."""
    parquet = (release / file).with_suffix(".parquet")
    figures = polars.read_parquet(parquet)
    texts = polars.read_csv(release / file, separator=";", infer_schema=False)
    assert texts.columns == figures.columns
    typed = [READS[str(field.type)](texts[field.name]) for field in pq.read_schema(parquet)]
    assert polars.DataFrame(typed).equals(figures)
    assert len(figures)


def test_it_is_made_of_the_parquet_beside_it_alone(release: Path, tmp_path: Path):
    for file in csv_file.FILES:
        shutil.copyfile((release / file).with_suffix(".parquet"), (tmp_path / file).with_suffix(".parquet"))
    csv_file.write(tmp_path, "openbaar")
    for file in csv_file.FILES:
        assert (tmp_path / file).read_bytes() == (release / file).read_bytes()


def test_of_what_is_withheld_a_row_holds_a_sign_and_no_number(night):
    text = (night.lake.published("openbaar") / "current" / csv_file.FILE).read_text(encoding="utf-8-sig")
    withheld = [row for row in csv.DictReader(text.splitlines(), delimiter=";") if row["status"].startswith("onderdrukt")]
    own = ("waarde", "percentage", "teller", "noemer", "verschil", "verschil_percentage", "verschil_punten")
    assert len(withheld) > 20
    assert {row[name] for row in withheld for name in own} == {""}
    assert {row["weergave"] for row in withheld} == {"<5", "x"}


def test_what_is_rounded_says_so_in_its_own_row_and_in_what_is_computed_from_it(night):
    text = (night.lake.published("openbaar") / "current" / csv_file.FILE).read_text(encoding="utf-8-sig")
    rounded = [row for row in csv.DictReader(text.splitlines(), delimiter=";") if row["status"] == "afgerond"]
    counts, rates = ([row for row in rounded if row[name]] for name in ("waarde", "percentage"))
    assert len(counts) + len(rates) == len(rounded) > 200
    assert all(int(row["waarde"]) % 5 == 0 for row in counts)
    assert {row["weergave"] for row in counts if row["waarde"] == "0"} == {"0–4"}
    assert all(row["weergave"].startswith("ca. ") for row in rounded if row["waarde"] != "0")
    assert any(row["verschil"] for row in counts) and any(row["verschil_punten"] for row in rates)
