"""Any bytes in the place of a delivered file get a result or a refusal with a known code: no crash, no hang, nobody's number in a sentence.

`FUZZ_FILES=5000` in the environment tries more files than the suite has time for.
"""

import io
import os
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from leveringen import bsn, melding, to_csv, to_nested_xml, to_xlsx, to_xml

from expectations import contract
from orchestration.deliveries.manifest import ListedFile
from orchestration.deliveries.parse import ReadRequest
from orchestration.deliveries.process import ReadingProcess
from orchestration.deliveries.reasons import REFUSAL_RANK
from orchestration.scrub import has_identifier
from orchestration.settings import Settings

EXAMPLES = int(os.environ.get("FUZZ_FILES", "60"))
SHEET = "xl/worksheets/sheet1.xml"
ROWS = [melding(1, TOELICHTING="een ; en é"), melding(2, BSN=bsn(3_456_789), UREN=""), melding(3, ONDERWIJSNUMMER="x")]
TABLE = [list(ROWS[0]), *([*row.values()] for row in ROWS)]
SEEDS = {
    "verzuimmeldingen.csv": [
        to_csv(ROWS),
        b"\xef\xbb\xbfsep=;\r\n" + to_csv(ROWS, end="\r\n"),
        to_csv([{key: f'"{value}"' for key, value in row.items()} for row in ROWS], "cp1252"),
        to_csv(ROWS) + b";;;;;;;;;;;;;;;\n",
    ],
    "verzuimmeldingen.xml": [to_xml(ROWS), to_xml(ROWS, "http://duo.nl/verzuim/v2", "<Verzuimgeval/><Anders/>"), to_nested_xml(ROWS)],
    "verzuimmeldingen.xlsx": [to_xlsx({"Blad1": TABLE}), to_xlsx({"Blad1": [["titel"], *TABLE, ["=1/0", "=A1"]], "Blad2": [["x"]]})],
}
PIECES = [
    b"", b"\0", b"\n", b"\r", b";", b"\t", b'"', b"'", b"<", b">", b"&", b"]]>", b"<!--", b"<!DOCTYPE a>", b"\xff\xfe", b"\xef\xbb\xbf",
    b"\x80",
    b"sep=,\n", b"#N/A", b"=", b"99999999999999999999", b"-1", b"2025-02-30", b"</Verzuimgeval>", b"<Verzuimgeval>",
    b"<Leerling>", b"</Leerling>", b"<BSN/>", b"<Toelichting>", b' t="e"', b"<f>",
    b'<c r="A1048576" t="e"/>', b'<c r="ZZZZZZ1" t="e"/>', b'<row r="-5">', b'<mergeCells><mergeCell ref="A1:A0"/></mergeCells>', b'r="x"',
]  # fmt: skip
EDIT = st.tuples(st.floats(0, 1), st.integers(0, 30), st.sampled_from(PIECES))


@pytest.fixture(scope="module")
def reader() -> Iterator[ReadingProcess]:
    with ReadingProcess(Settings(read_seconds=60)) as process:
        yield process


def edited(content: bytes, edits: list[tuple[float, int, bytes]]) -> bytes:
    """Replace some bytes, each time at a place between begin and end."""
    for where, length, piece in edits:
        at = int(where * len(content))
        content = content[:at] + piece + content[at + length :]
    return content


def edited_sheet(content: bytes, edits: list[tuple[float, int, bytes]]) -> bytes:
    """Change the XML of the sheet within a workbook."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            data = old.read(info)
            new.writestr(info.filename, edited(data, edits) if info.filename == SHEET else data)
    return target.getvalue()


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(naam=st.sampled_from([*SEEDS]), seed=st.integers(0, 3), edits=st.lists(EDIT, min_size=1, max_size=4), inside=st.booleans())
def test_any_bytes_get_a_result_or_a_refusal(
    tmp_path_factory: pytest.TempPathFactory,
    reader: ReadingProcess,
    naam: str,
    seed: int,
    edits: list[tuple[float, int, bytes]],
    inside: bool,
):
    content = SEEDS[naam][seed % len(SEEDS[naam])]
    content = edited_sheet(content, edits) if inside and naam.endswith(".xlsx") else edited(content, edits)
    folder: Path = tmp_path_factory.mktemp("bestand")
    (folder / naam).write_bytes(content)
    (folder / "uit").mkdir()
    file = ListedFile(naam=naam, entiteit="verzuimmelding", sha256="0" * 64, rijen=3)
    moment = datetime(2025, 3, 3, tzinfo=UTC)
    asked = ReadRequest(folder, contract.load("duo"), ("verzuimmelding",), (file,), moment, b"k" * 64, folder / "uit", 1 << 30)
    (result,) = reader.read(asked).files
    if result.fault:
        assert result.fault.code in REFUSAL_RANK
        assert "onverwacht mislukt" not in result.fault.reden
        assert not has_identifier(result.fault.reden)
        assert result.fault.reden.isprintable()
    else:
        assert result.rijen is not None and result.rijen >= 0
