"""A reference table that a gemeente gives in a file of its own: what is read, and what a mistake in it is told."""

from pathlib import Path

import pytest

from orchestration import own_reference
from orchestration.settings import Settings

HEADER = "gemeente_code;opvolger;vanaf\n"
GOOD = HEADER + "0164;1992;2025-01-01\n"


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "eigen.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("text", [GOOD, GOOD.replace(";", ","), GOOD.replace("\n", "\r\n")], ids=["semicolon", "comma", "crlf"])
def test_commas_and_semicolons_are_read_and_a_byte_order_mark_is_no_name(tmp_path: Path, text: str):
    found = own_reference.rows("gemeente_opvolgers", written(tmp_path, text, "utf-8-sig"))
    assert found == [{"gemeente_code": "0164", "opvolger": "1992", "vanaf": "2025-01-01"}]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("gemeente_opvolgers", "gemeente_code;vanaf\n0164;2025-01-01\n", "eigen.csv, regel 1: kolom opvolger ontbreekt"),
        ("gemeente_opvolgers", HEADER, "eigen.csv heeft geen rijen"),
        ("gemeente_opvolgers", GOOD + "164;1992;2025-01-01\n", "regel 3, kolom gemeente_code: geef een gemeentecode van vier cijfers"),
        ("gemeente_opvolgers", GOOD + "0147;1992;1-1-2025\n", "regel 3, kolom vanaf: geef een datum als 2026-01-01"),
        ("gemeente_opvolgers", GOOD + "0147;;2025-01-01\n", "regel 3, kolom opvolger: is leeg"),
        ("gemeente_opvolgers", GOOD + "0164;1993;2025-01-01\n", "regel 3, kolom gemeente_code: deze code staat er twee keer"),
        ("wijken", "wijkcode,wijk\n016401,\n", "regel 2, kolom wijk: is leeg"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_column(tmp_path: Path, name: str, text: str, said: str):
    with pytest.raises(ValueError, match="eigen") as refused:
        own_reference.rows(name, written(tmp_path, text))
    assert said in str(refused.value)


def test_a_file_that_is_not_there_or_no_text_is_told(tmp_path: Path):
    with pytest.raises(ValueError, match=r"weg\.csv is niet te lezen als CSV in UTF-8"):
        own_reference.rows("wijken", tmp_path / "weg.csv")
    with pytest.raises(ValueError, match="niet te lezen"):
        own_reference.rows("wijken", written(tmp_path, 'wijkcode,wijk\n1,"Binnenstad"x\n'))
    with pytest.raises(ValueError, match="niet te lezen"):
        own_reference.rows("wijken", written(tmp_path, "wijkcode,wijk\n1,caf\xe9\n", "latin-1"))


def test_a_successor_that_the_project_does_not_know_may_be_served_if_the_own_file_has_it(tmp_path: Path):
    own = written(tmp_path, HEADER + "0164;8888;2027-01-01\n")
    settings = Settings(lake=tmp_path, gemeenten=("8888",), gemeente_opvolgers=own)
    assert settings.gemeenten == ("8888",) and settings.gemeente_opvolgers == own
    with pytest.raises(ValueError, match="8888 is onbekend"):
        Settings(lake=tmp_path, gemeenten=("8888",))
