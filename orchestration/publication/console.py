"""Prints the summary of a release, in Dutch, from the release's files alone, for a terminal of any width or none.

Put here: the order of the sections, and the tables on data and gates. Keep out: the report's own tables (`console_report.py`), and
computing anything that the files do not hold.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from orchestration.publication import console_report, manifest, parquet, register
from orchestration.publication.extract import Row
from orchestration.publication.weergave import count, signed
from orchestration.screen import print_table

DEVIATION = ("label", "gemeente", "schooljaar", "gepubliceerd", "weergave_eigen", "verschil", "toelichting")
LISTED = 20
COUNTED = ("gelezen", "geladen", "herhaald", "afgewezen", "waarschuwing")


def print_release(console: Console, release: Path) -> None:
    """Print refused deliveries, what was read, the verdicts of the gates, the figures and the deviations.

    Args:
        console: Where to print; its width decides how tables are split.
        release: The folder of a release, or `current`.
    """
    folder = release.resolve()  # once, so that all tables are of one release
    figures, indicators, deliveries = (parquet.read(folder, name) for name in ("kerncijfers", "indicatoren", "leveringen"))
    _refused(console, deliveries)
    _heading(console, f"Jaarverslag leerplicht: release {folder.name}")
    moment = datetime.fromisoformat(manifest.read(folder)["kennisdatum"])
    _line(console, f"status {register.status_of(folder)}, met alles wat bekend was op {moment:%d-%m-%Y om %H:%M} UTC")
    _data(console, deliveries, parquet.read(folder, "kwaliteit"))
    _gates(console, parquet.read(folder, "poorten"))
    console_report.print_tables(console, figures, indicators)
    for sentence in console_report.notes(figures, indicators):
        _line(console, sentence)
    print_reconciliation(console, parquet.read(folder, "reconciliatie"), most=LISTED)


def print_reconciliation(console: Console, rows: list[Row], most: int | None = None) -> None:
    """Print the comparison of a printed report with our figures: matches, deviations, and the faults within the report.

    Args:
        console: Where to print.
        rows: The rows of `reconciliatie`.
        most: Maximum number of deviations to print; the file has them all.
    """
    _heading(console, "Naast het gedrukte verslag")
    _deviations(console, [row for row in rows if row["soort"] == "cel"], ("gedrukte cijfers", "gedrukt"), most)
    _faults(console, [row for row in rows if row["soort"] == "fout"])


def print_monitor(console: Console, rows: list[Row]) -> None:
    """Print the comparison of the monitor's own figures with ours, or that it delivered none."""
    _heading(console, "Naast de eigen cijfers van de monitor")
    if rows:
        _deviations(console, rows, ("cijfers", "geleverd"), None)
    else:
        _line(console, "de monitor leverde geen eigen cijfers van onze gemeenten en schooljaren")


def compared(cells: list[Row], said: str) -> str:
    """Return how many printed figures were compared, with what outcome.

    Args:
        cells: The rows of the comparison.
        said: What they are, in Dutch.
    """
    words = {
        "gelijk": "gelijk",
        "binnen_onderdrukking": "binnen de onderdrukking",
        "wijkt_af": "wijken af",
        "niet_berekend": "niet berekend",
    }
    numbers = [f"{count(sum(row['oordeel'] == verdict for row in cells))} {word}" for verdict, word in words.items()]
    return f"{count(len(cells))} {said}: {', '.join(numbers)}"


def _heading(console: Console, text: str) -> None:
    console.print()
    console.print(Text(text, style="bold"))


def _line(console: Console, text: str, style: str = "") -> None:
    console.print(Padding(Text(text, style=style), (0, 0, 0, 2), expand=False))


def _refused(console: Console, deliveries: Iterable[Row]) -> None:
    for row in deliveries:
        if row["oordeel"] == "geweigerd":
            reason = ": ".join(part for part in (row["code"], row["reden"]) if part)
            console.print(Text(f"let op: levering {row['bron']}/{row['levering']} is geweigerd: {reason}", style="bold yellow"))


def _data(console: Console, deliveries: list[Row], quality: list[Row]) -> None:
    _heading(console, "Wat is gelezen")
    rows = []
    bronnen = list(dict.fromkeys(row["bron"] for row in (*deliveries, *quality)))
    for bron in bronnen:
        totals = [sum(row["aantal"] for row in quality if (row["bron"], row["ernst"]) == (bron, ernst)) for ernst in COUNTED]
        rows.append((bron, count(sum(row["bron"] == bron for row in deliveries)), *map(count, totals)))
    print_table(console, ("bron", ">leveringen", ">gelezen", ">geladen", ">herhaald", ">afgewezen", ">waarschuwing"), rows)
    verdicts = [
        (word, sum(row["oordeel"] == word for row in deliveries)) for word in ("geaccepteerd", "geweigerd", "herhaald", "ingetrokken")
    ]
    _line(console, "leveringen: " + ", ".join(f"{count(number)} {word}" for word, number in verdicts))
    for bron in bronnen:
        for ernst in ("afgewezen", "waarschuwing"):
            codes: dict[str, int] = {}
            for row in quality:
                if (row["bron"], row["ernst"]) == (bron, ernst):
                    codes[row["code"]] = codes.get(row["code"], 0) + row["aantal"]
            if codes:
                _line(console, f"{bron}, {ernst}: " + ", ".join(f"{code} {count(number)}" for code, number in codes.items()))


def _gates(console: Console, findings: list[Row]) -> None:
    _heading(console, "Poorten")
    rows = []
    for poort in dict.fromkeys(row["poort"] for row in findings):
        own = [row for row in findings if row["poort"] == poort]
        missed = [row for row in own if not row["geslaagd"]]
        red = any(row["ernst"] == "critical" for row in missed)
        rows.append((poort, "rood" if red else "groen", count(len(own)), count(len(missed))))
    print_table(console, ("poort", "oordeel", ">verwachtingen", ">niet gehaald"), rows)
    for row in findings:
        if not row["geslaagd"]:
            _line(console, f"{row['poort']}, {row['kolom']}: niet waar is dat {row['verwachting']} ({count(row['afwijkend'])} afwijkend)")


def _deviations(console: Console, cells: list[Row], said: tuple[str, str], most: int | None) -> None:
    _line(console, compared(cells, said[0]))
    documents: dict[tuple[Any, ...], list[str]] = {}
    for row in cells:  # figures that several documents print alike are listed once
        if row["oordeel"] == "wijkt_af":
            documents.setdefault(tuple(row[name] for name in DEVIATION), []).append(row["document"])
    for (label, gemeente, schooljaar, printed, ours, verschil, toelichting), where in list(documents.items())[:most]:
        place = f"{label}, {gemeente} {schooljaar} ({', '.join(where)})"
        _line(console, f"• {place}: {said[1]} {printed}, wij {ours}, verschil {signed(verschil)}. {toelichting}")
    if most and len(documents) > most:
        _line(console, f"… en nog {count(len(documents) - most)}; alle staan in reconciliatie.parquet.")
    absent = Counter(f"{row['gemeente']} {row['schooljaar']}" for row in cells if row["oordeel"] == "niet_berekend")
    if absent:
        _line(console, "niet berekend: " + ", ".join(f"{place} ({count(number)})" for place, number in sorted(absent.items())))


def _faults(console: Console, faults: list[Row]) -> None:
    if faults:
        _heading(console, "Fouten binnen het gedrukte verslag zelf")
    for row in faults:
        _line(console, f"• {row['toelichting']}")
