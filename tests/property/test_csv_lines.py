"""The line of a CSV record, for all line terminators and chunk sizes."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from expectations import contract
from orchestration.deliveries.readers import csv as reading

DUO = contract.load("duo")
KOPPELING = DUO.entities["koppeling"]
HEADER = ";".join(column.header for column in KOPPELING.columns)
RECORDS = st.sampled_from([";" * (len(KOPPELING.columns) - 1), "1;2", "\u00e9;", '"a;b";c', '"over\ntwee regels";c'])


@settings(max_examples=300, deadline=None)
@given(
    content=st.lists(RECORDS | st.just(""), min_size=1, max_size=12),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    bom=st.booleans(),
    leading=st.integers(0, 2),
    chunk=st.integers(1, 40),
)
def test_a_record_is_found_on_the_line_where_it_begins(content: list[str], end: str, bom: bool, leading: int, chunk: int):
    lines = [""] * leading + [HEADER, *content]
    expected, line = {}, 1
    for text in lines:
        if text.strip(";"):  # a record in which every cell is empty is none
            expected[len(expected)] = line
        line += 1 + text.count("\n")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "koppeling.csv"
        path.write_bytes((b"\xef\xbb\xbf" if bom else b"") + "".join(text + end for text in lines).encode())
        before, reading.CHUNK = reading.CHUNK, chunk
        try:
            found = reading.CsvReading(path, DUO, KOPPELING).lines(list(expected))
        finally:
            reading.CHUNK = before
    assert found == expected
