"""The floor of a night: run `floor.sql` in a separate process on the same deliveries as CSV, and compare its figures with the release.

Put here: running that script. Keep out: the script itself, and the other measurements (`night.py`).
"""

import csv
import json
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[1]
SCRIPT = Path(__file__).with_name("floor.sql")


def as_csv(landing: Path, folder: Path) -> None:
    """Write the same deliveries as CSV: link CSV files, convert XML and workbooks."""
    for path in landing.glob("*/*/*.*"):
        there = folder / path.relative_to(landing).with_suffix(".csv")
        there.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".csv":
            there.symlink_to(path)
        elif path.suffix in (".xml", ".xlsx"):
            with there.open("w", newline="", encoding="utf-8") as file:
                csv.writer(file, delimiter=";").writerows(_records(path) if path.suffix == ".xml" else _cells(path))


def _records(path: Path) -> Iterator[list[str]]:
    from lxml import etree

    from expectations import contract

    columns = contract.load("duo").entities["verzuimmelding"].columns
    yield [column.header for column in columns]
    for _, element in etree.iterparse(str(path), tag="{*}Verzuimgeval"):
        told = {etree.QName(child).localname: child.text or "" for child in element}
        texts = [(column.kind, told.get(str(column.xml_element), "")) for column in columns]
        yield [text.replace("-", "") if kind == "date" else text for kind, text in texts]
        element.clear()


def _cells(path: Path) -> Iterator[list[str]]:
    import python_calamine

    for row in python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python():
        yield [_text(value) for value in row]


def _text(value: Any) -> str:
    if isinstance(value, date):
        return value.strftime("%d-%m-%Y")
    return str(int(value)) if isinstance(value, float) else str(value)


def compute(landing: Path, gemeenten: list[str], out: Path) -> dict[str, float]:
    """Run the script and write the figures to a Parquet; return the seconds of reading, and in total."""
    import duckdb

    began, reading = time.perf_counter(), 0.0
    with duckdb.connect() as connection:
        connection.execute("set variable landing = ?", [str(landing)])
        connection.execute("set variable seeds = ?", [str(PROJECT / "dbt_project" / "seeds")])
        connection.execute("set variable gemeenten = ?", [gemeenten])
        for statement in duckdb.extract_statements(SCRIPT.read_text(encoding="utf-8")):
            before = time.perf_counter()
            connection.execute(statement)
            reading += time.perf_counter() - before if "getvariable('landing')" in statement.query else 0.0
        connection.execute(f"copy kerncijfers to '{out}' (format parquet)")
    return {"reading": reading, "seconds": time.perf_counter() - began}


def differences(published: Path, figures: Path) -> tuple[int, int]:
    """Count the cells, and the cells that differ or are in only one of the two; without those of which the night says that data lack.

    The scripts write 0 there: which schooljaren a source covers is not in its files.

    Args:
        published: `kerncijfers.parquet` of a release.
        figures: The output of `compute`.
    """
    import duckdb

    query = f"""
        select count(*), count(*) filter (
            where ours.indicator is null or other.indicator is null
            or ours.waarde is distinct from other.waarde or ours.percentage is distinct from other.percentage
        )
        from '{published}' as ours full join '{figures}' as other using (schooljaar, gemeente_code, indicator)
        where ours.status is distinct from 'niet_beschikbaar'
    """  # noqa: S608 – paths of this benchmark
    with duckdb.connect() as connection:
        found = connection.execute(query).fetchone()
    return (int(found[0]), int(found[1])) if found else (0, 0)


if __name__ == "__main__":
    given, codes, target = sys.argv[1:]
    sys.stdout.write(json.dumps(compute(Path(given), codes.split(","), Path(target))))
