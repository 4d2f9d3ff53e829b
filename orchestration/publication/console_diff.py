"""Prints the difference between two releases: for a person, or as CSV for a program.

Put here: layout and order. Keep out: comparing (`diff.py`).
"""

import csv
from collections.abc import Sequence
from decimal import Decimal
from typing import IO

from rich.console import Console
from rich.text import Text

from orchestration.publication.diff import Change, Difference
from orchestration.publication.extract import Row
from orchestration.publication.register import Release
from orchestration.publication.weergave import count, signed
from orchestration.screen import print_table

LISTED = 40
CSV = (
    "soort", "tabel", "schooljaar", "gemeente_code", "gemeente", "indicator", "label", "uitsplitsing", "uitsplitsing_waarde",
    "van", "naar", "verschil", "van_status", "naar_status",
)  # fmt: skip
WORDS = {
    "cijfer": ("cijfer", "cijfers"),
    "status": ("status", "statussen"),
    "nieuw": ("nieuwe rij", "nieuwe rijen"),
    "weg": ("rij weg", "rijen weg"),
}
TITLES = {
    "cijfer": "Cijfers die anders zijn",
    "status": "Cijfers die er kwamen of verdwenen",
    "nieuw": "Nieuwe rijen",
    "weg": "Rijen die weg zijn",
}


def print_difference(console: Console, earlier: Release, later: Release, found: Difference) -> None:
    """Print the number of differences, the possible causes, and the figures, `kerncijfers` first; the rest of a long list as a number.

    Args:
        console: Where to print.
        earlier: The earlier release.
        later: The later release.
        found: The differences.
    """
    _line(console, f"van  {earlier.name} ({earlier.status})")
    _line(console, f"naar {later.name} ({later.status})")
    if not found.changes:
        _line(console, "Alle cijfers zijn gelijk.", "bold")
    else:
        _line(console, f"Anders: {', '.join(_numbers(found.changes))}.", "bold")
    _causes(console, found)
    for soort, title in TITLES.items():
        _changes(console, title, [change for change in found.changes if change.soort == soort])


def write_csv(out: IO[str], found: Difference) -> None:
    """Write every change as a line of CSV.

    Args:
        out: File to write to.
        found: The differences.
    """
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(CSV)
    for change in found.changes:
        own = {name: getattr(change, name) for name in ("soort", "tabel", "van", "naar", "verschil", "van_status", "naar_status")}
        row = {**change.row, **own}
        writer.writerow(["" if row.get(name) is None else row[name] for name in CSV])


def _numbers(changes: Sequence[Change]) -> list[str]:
    numbers = {soort: sum(change.soort == soort for change in changes) for soort in WORDS}
    return [f"{count(number)} {WORDS[soort][number != 1]}" for soort, number in numbers.items() if number]


def _causes(console: Console, found: Difference) -> None:
    _heading(console, "Waardoor")
    for title, deliveries in (("erbij of anders beoordeeld", found.came), ("niet meer, of was anders beoordeeld", found.gone)):
        if deliveries:
            _line(console, f"leveringen {title}:")
            for row in deliveries[:LISTED]:
                _line(console, f"  {_delivery(row)}")
            _more(console, len(deliveries))
    for before, after in found.bronnen:
        _line(console, f"bron {after['bron']}: van {_of_source(before)} naar {_of_source(after)}")
    for name, (was, now) in found.settings.items():
        _line(console, f"instelling {name}: van {_setting(was)} naar {_setting(now)}")
    if found.code:
        _line(console, "andere code: wat verandert kan ook daardoor komen")
    if not (found.came or found.gone or found.bronnen or found.settings or found.code):
        _line(console, "dezelfde leveringen, instellingen en code")


def _delivery(row: Row) -> str:
    words = [f"{row['bron']}/{row['levering']}", row["aard"] or "", row["oordeel"], f"kennisdatum {row['kennisdatum'] or 'onbekend'}"]
    return ", ".join(word for word in words if word)


def _of_source(row: Row) -> str:
    return f"{count(row['leveringen'])} leveringen tot en met {row['kennisdatum']}"


def _setting(value: object) -> str:
    return "niets" if value is None else ",".join(map(str, value)) if isinstance(value, list) else str(value)


def _changes(console: Console, title: str, changes: Sequence[Change]) -> None:
    if not changes:
        return
    _heading(console, f"{title} ({count(len(changes))})")
    rows = []
    for change in changes[:LISTED]:
        row = change.row
        label = row["label"] + (f" – {row['uitsplitsing']} {row['uitsplitsing_waarde']}" if row.get("uitsplitsing") else "")
        rows.append((row["schooljaar"], row["gemeente"], label, change.van, change.naar, _by(change.verschil)))
    print_table(console, ("schooljaar", "gemeente", "cijfer", ">van", ">naar", ">verschil"), rows)
    _more(console, len(changes))


def _by(verschil: Decimal | None) -> str:
    if verschil is None:
        return ""
    return signed(verschil)


def _more(console: Console, number: int) -> None:
    if number > LISTED:
        _line(console, f"… en nog {count(number - LISTED)}; --csv geeft ze alle.")


def _heading(console: Console, text: str) -> None:
    console.print()
    console.print(Text(text, style="bold"))


def _line(console: Console, text: str, style: str = "") -> None:
    console.print(Text(text, style=style), soft_wrap=True)
