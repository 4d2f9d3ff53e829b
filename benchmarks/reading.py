"""`python benchmarks/reading.py`: compare the speed of each reader with a bare parser on the same file in the same run.

Put here: making the files, measuring, writing the page. Keep out: the judgement (the table states the aims, a person reads it). A
reader's time covers everything from file to Parquet: decode, type, check, pseudonymise and write, in the process and under the limits of
a night. The bare parsers are DuckDB's `read_csv` (all text) to Parquet, lxml's `iterparse` that clears each record, and calamine's
`to_python`. Each measurement runs in its own process; readers and bare parsers alternate, and the fastest of some rounds counts.
"""

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

RESULTS = Path(__file__).parent / "results"
MEMORY = 1 << 30
MIB = 1 << 20
KINDS = {"csv": "verzuimmeldingen.csv", "xml": "verzuimmeldingen.xml", "xlsx": "incidenten.xlsx"}
AIMS = {"csv": 4.0, "xml": 1.5, "xlsx": None}
BARE = {"csv": "DuckDB read_csv → Parquet", "xml": "lxml iterparse", "xlsx": "calamine to_python"}
WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2)


def numbers(count: int, random: Random) -> list[str]:
    """Return valid fictitious BSNs."""
    found: list[str] = []
    while len(found) < count:
        body = f"{random.randrange(1_000_000, 99_999_999):08d}"
        check = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11
        if check < 10:
            found.append(f"{body}{check}")
    return found


def meldingen(rows: int) -> Any:
    """Yield meldingen by column header, about three per jongere, some with a free text."""
    random = Random(20250801)  # noqa: S311 - the same files each time
    people = numbers(max(1, rows // 3), random)
    brins = [f"{n:02d}{chr(65 + n % 26)}{chr(65 + n * 7 % 26)}" for n in range(1, 100)]
    days = [(date(2023, 8, 1) + timedelta(days=n)).isoformat() for n in range(700)]
    reasons = ("spijbelen", "te_laat", "problematiek", "ziekte", "combinatie", "spreekuur", "")
    for number in range(1, rows + 1):
        day, second, pick = random.randrange(640), random.randrange(86_400), random.randrange(1 << 30)
        yield {
            "MELDINGSNUMMER": str(number),
            "DATUM_LAATSTE_MUTATIE": days[day + 40],
            "TIJDSTIP_LAATSTE_MUTATIE": f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}",
            "STATUS": "RBGK"[pick % 4],
            "VERZUIMSOORT": ("V3", "V4", "RMC", "L", "LRV", "O")[pick % 6],
            "BSN": people[pick % len(people)],
            "ONDERWIJSNUMMER": "",
            "BRIN": brins[pick % 99],
            "VESTIGING": f"{pick % 3:02d}",
            "DATUM_BEGIN": days[day],
            "DATUM_EINDE": days[day + 9],
            "DATUM_MELDING": days[day + 10],
            "UREN": f"{pick % 80 // 2},{pick % 2 * 5}",
            "AANLEIDING": reasons[pick % 7],
            "REDEN_AFGESLOTEN": str(pick % 7 + 1),
            "TOELICHTING": "een toelichting van de school" if pick % 4 == 0 else "",
        }


def make(folder: Path, rows: int, xlsx_rows: int) -> None:
    """Write the three files."""
    from expectations import contract

    elements = {column.header: column.xml_element for column in contract.load("duo").entities["verzuimmelding"].columns}
    with (folder / KINDS["csv"]).open("w") as table, (folder / KINDS["xml"]).open("w") as tree:
        table.write(";".join(elements) + "\n")
        tree.write('<?xml version="1.0" encoding="UTF-8"?>\n<LeveringMeldingRelatiefVerzuim xmlns="urn:voorbeeld">\n')
        for row in meldingen(rows):
            table.write(";".join(row.values()) + "\n")
            fields = "".join(f"<{elements[name]}>{value}</{elements[name]}>" for name, value in row.items() if value)
            tree.write(f"<Verzuimgeval>{fields}</Verzuimgeval>\n")
        tree.write("</LeveringMeldingRelatiefVerzuim>\n")
    _make_workbook(folder / KINDS["xlsx"], xlsx_rows)


def _make_workbook(path: Path, rows: int) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet, as_date = book.add_worksheet("Incidenten"), book.add_format({"num_format": "dd-mm-yyyy"})
        sheet.write_row(0, 0, ("INCIDENTNR", "BSN", "DATUM", "BRIN", "CONTACT_MET", "AANLEIDING", "MEMO"))
        for place, row in enumerate(meldingen(rows), 1):
            sheet.write_row(place, 0, (place, int(row["BSN"])))
            sheet.write_datetime(place, 2, datetime.fromisoformat(row["DATUM_MELDING"]), as_date)
            sheet.write_row(place, 3, (row["BRIN"], "school", row["AANLEIDING"], row["TOELICHTING"]))


def read(kind: str, folder: Path) -> Callable[[], int]:
    """Prepare our reader like the reading process does; return the work to measure."""
    from orchestration.deliveries import worker

    worker.prepare()
    worker.limit(MEMORY)
    from expectations import contract
    from orchestration.deliveries.manifest import ListedFile
    from orchestration.deliveries.parse import ReadRequest, parse

    bron, entiteit = ("carel", "incident") if kind == "xlsx" else ("duo", "verzuimmelding")
    file = ListedFile(naam=KINDS[kind], entiteit=entiteit, sha256="0" * 64, rijen=0)
    moment = datetime(2025, 8, 1, tzinfo=UTC)

    def work() -> int:
        with tempfile.TemporaryDirectory(dir=folder) as out:
            request = ReadRequest(folder, contract.load(bron), (entiteit,), (file,), moment, b"k" * 64, Path(out), 8 << 30)
            (result,) = parse(request).entities
            if result.geladen != result.gelezen:
                raise AssertionError(result)
            return result.geladen

    return work


def bare(kind: str, folder: Path) -> Callable[[], int]:
    """Prepare the bare parser; return the work to measure."""
    path = folder / KINDS[kind]
    return {"csv": _bare_csv, "xml": _bare_xml, "xlsx": _bare_xlsx}[kind](path)


def _bare_csv(path: Path) -> Callable[[], int]:
    import duckdb

    def work() -> int:
        with tempfile.TemporaryDirectory(dir=path.parent) as out, duckdb.connect() as connection:
            query = f"copy (from read_csv('{path}', delim = ';', all_varchar = true)) to '{out}/x.parquet' (format parquet)"
            row = connection.execute(query).fetchone()
            return int(row[0]) if row else 0

    return work


def _bare_xml(path: Path) -> Callable[[], int]:
    from lxml import etree

    def work() -> int:
        count = 0
        for _, element in etree.iterparse(str(path), tag="{*}Verzuimgeval"):
            count += 1
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
        return count

    return work


def _bare_xlsx(path: Path) -> Callable[[], int]:
    import python_calamine

    return lambda: len(python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()) - 1


def measure(who: str, kind: str, folder: Path) -> dict[str, Any]:
    """Do one measurement in this process."""
    work = {"ours": read, "bare": bare}[who](kind, folder)
    began, used = time.perf_counter(), time.process_time()
    rows = work()
    seconds, cpu = time.perf_counter() - began, time.process_time() - used
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return {"rows": rows, "seconds": seconds, "cpu": cpu, "peak": peak}


def best(who: str, kind: str, results: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the fastest measurement, with the highest peak of all."""
    mine = [result for result in results if (result["who"], result["kind"]) == (who, kind)]
    return {**min(mine, key=lambda result: result["seconds"]), "peak": max(result["peak"] for result in mine)}


def report(results: list[dict[str, Any]], folder: Path, rounds: int) -> str:
    """Return the page of results."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)
    about = f"{os.cpu_count()} cores, {memory:.0f} GiB memory, Python {platform.python_version()}, the fastest of {rounds} rounds"
    lines = [
        f"# Reading, {datetime.now(UTC).date()}", "", f"{about}. Load of the machine when it began: {results[0]['load']:.1f}.", "",
        "| file | MB | rows | reader: rows/s | s | CPU s | peak MiB | bare parser | rows/s | s | CPU s | ratio | aim |",
        "| --- | --: | --: | --: | --: | --: | --: | --- | --: | --: | --: | --: | --: |",
    ]  # fmt: skip
    for kind, name in KINDS.items():
        ours, other = best("ours", kind, results), best("bare", kind, results)
        speeds = [f"{result['rows'] / result['seconds']:,.0f} | {result['seconds']:.2f} | {result['cpu']:.2f}" for result in (ours, other)]
        size = (folder / name).stat().st_size / 1e6
        aim = f"≤ {AIMS[kind]}" if AIMS[kind] else "–"
        lines.append(
            f"| {name} | {size:.0f} | {ours['rows']:,} | {speeds[0]} | {ours['peak'] / MIB:.0f} | {BARE[kind]} | {speeds[1]} | "
            f"{ours['seconds'] / other['seconds']:.2f} | {aim} |"
        )
    lines += ["", f"Reading ran under a limit of {MEMORY // MIB} MiB of private memory; peak is the process's largest resident size.", ""]
    return "\n".join(lines)


def main() -> None:
    """Make the files, measure, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--xlsx-rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--out", type=Path, default=RESULTS / f"reading-{datetime.now(UTC).date()}.md")
    parser.add_argument("--measure", nargs=3, metavar=("WHO", "KIND", "FOLDER"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.measure:
        who, kind, given = asked.measure
        sys.stdout.write(json.dumps(measure(who, kind, Path(given))))
        return
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        make(folder, asked.rows, asked.xlsx_rows)
        results = []
        for _ in range(asked.rounds):
            for kind in KINDS:
                for who in ("bare", "ours"):
                    command = [sys.executable, __file__, "--measure", who, kind, made]
                    load = os.getloadavg()[0]
                    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - this very file
                    results.append({"who": who, "kind": kind, "load": load, **json.loads(done.stdout)})
        page = report(results, folder, asked.rounds)
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    asked.out.write_text(page)
    sys.stdout.write(page)


if __name__ == "__main__":
    main()
