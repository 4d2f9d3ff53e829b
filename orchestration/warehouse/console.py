"""Prints the output of `query`, `shell`, `explain` and `rollback`, in Dutch.

Put here: tables and sentences for a terminal of any width, and CSV. Keep out: querying the warehouse (`read.py`, `explain.py`,
`nights.py`). Values of rows are printed as text, never as markup.
"""

import csv
from collections.abc import Iterable
from itertools import groupby
from typing import IO, Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.text import Text

from orchestration.screen import print_table
from orchestration.warehouse.explain import Record
from orchestration.warehouse.nights import Night
from orchestration.warehouse.read import Answer

SHOWN = 500
TIMEZONE = ZoneInfo("Europe/Amsterdam")


def print_answer(console: Console, answer: Answer) -> None:
    """Print the result of a query: a table, or a block per row if the terminal is too narrow."""
    if not answer.columns:
        return
    headers = [f">{name}" if is_number else name for name, is_number in zip(answer.columns, answer.numeric, strict=True)]
    print_table(console, headers, [list(map(_value, row)) for row in answer.rows])
    if answer.is_cut:
        told = f"de eerste {len(answer.rows)} rijen; --csv geeft alles"
    else:
        told = f"{len(answer.rows)} rij{'en' if len(answer.rows) != 1 else ''}"
    console.print(Text(told, "dim"))


def _value(value: object) -> Text:
    return Text("NULL", "dim") if value is None else Text(written(value))


def write_csv(out: IO[str], connection: Any, query: str) -> None:
    """Write the result of a query as CSV: a header, comma separated, empty for null, in bounded memory.

    Raises:
        duckdb.Error: The query fails; DuckDB's message gives the reason.
    """
    found = connection.execute(query)
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(column[0] for column in found.description or [])
    while batch := found.fetchmany(10_000):
        writer.writerows(["" if value is None else written(value) for value in row] for row in batch)


def written(value: object) -> str:
    """Format a value as DuckDB does."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def print_explanation(console: Console, records: Iterable[Record]) -> None:
    """Print the versions of each record, the rules that place it, and the figures that it counts in."""
    for record in records:
        console.print(
            Text.assemble((f"{record.soort} {record.nummer}", "bold"), f"  van jongere {record.jongere_id}" if record.jongere_id else ""),
            soft_wrap=True,
        )
        _print_versions(console, record)
        for rejected in record.afgewezen:
            line = f", regel {rejected.regel}" if rejected.regel else ""
            told = f"  afgewezen in {rejected.levering}{line}: {rejected.code} in {rejected.kolom} ({rejected.waarde or 'leeg'})"
            console.print(Text(told, "yellow"))
        for sentence in record.plaats:
            console.print(Text(f"  {sentence}"))
        if record.waarom_niet:
            console.print(Text(f"  telt in geen cijfer: {record.waarom_niet}", "yellow"))
        for (schooljaar, gebied), figures in groupby(record.cijfers, key=lambda figure: figure[:2]):
            console.print(Text(f"  telt in {gebied} {schooljaar}: {', '.join(indicator for *_, indicator in figures)}"))
        console.print()


def _print_versions(console: Console, record: Record) -> None:
    if not record.versies:
        return
    rows: list[tuple[str | Text, ...]] = []
    for version in record.versies:
        known = version.kennisdatum.strftime("%Y-%m-%d %H:%M")
        values = ("" if value is None else written(value) for value in version.inhoud.values())
        rows.append((Text(*(("geldt", "green") if version.geldt else ("", ""))), version.levering, known, *values))
    print_table(console, ("", "levering", "kennisdatum (UTC)", *record.versies[0].inhoud), rows)


def print_nights(console: Console, nights: Iterable[Night]) -> None:
    """Print the kept nights, newest first, and mark the current one."""
    rows = []
    for night in nights:
        local = night.moment.astimezone(TIMEZONE).strftime("%d-%m-%Y %H:%M")
        mark = Text("deze openen analisten", "green") if night.is_current else Text()
        rows.append((night.name, local, f"{night.size / 1e6:.0f}", mark))
    print_table(console, ("nacht", "in gebruik genomen", ">MB", ""), rows)
