"""Compares each printed figure of the report with ours: a verdict, and the reason of a deviation.

Put here: comparing one printed cell with one figure. Keep out: inconsistencies within the report (`faults.py`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from orchestration.errors import LeerplichtError
from orchestration.publication import extract, faults
from orchestration.publication.extract import Cell, Rate, Reference, Row, printed_place, value
from orchestration.publication.printed import UNREADABLE
from orchestration.publication.printed_file import read_printed
from orchestration.publication.weergave import count, decimal, round_half_away

RATE_DECIMALS = 2


class ReconciliationError(LeerplichtError):
    """A printed figure cannot be compared with ours: one is a count, the other a rate."""


@dataclass(frozen=True)
class Report:
    """All printed figures, and all of ours.

    Args:
        cells: The printed figures of all documents.
        own: Our figures by (indicator, gemeente as printed, schooljaar).
    """

    cells: Sequence[Cell]
    own: Mapping[tuple[str, str, str], Row]
    reference: Reference

    def figure(self, cell: Cell) -> Row | None:
        """Return our figure for a printed cell, if there is one."""
        return self.own.get((cell.indicator, cell.gemeente, cell.schooljaar))

    def others(self, cell: Cell, indicator: str | None = None) -> list[Cell]:
        """Return the other printed cells of an indicator (by default the cell's own) for the same gemeente and schooljaar."""
        wanted = (indicator or cell.indicator, cell.gemeente, cell.schooljaar)
        return [other for other in self.cells if other != cell and (other.indicator, other.gemeente, other.schooljaar) == wanted]


def reconcile(cells: Sequence[Cell], figures: Sequence[Row], reference: Reference) -> list[Row]:
    """Compare every printed figure with ours, and list the inconsistencies within the report.

    Args:
        cells: The printed figures of all documents.
        figures: Our figures, as published.
        reference: The relations between indicators.

    Returns:
        The rows of `reconciliatie`: first the cells, then the faults, each in the report's order.

    Raises:
        ReconciliationError: The printed figure is a count and ours a rate, or vice versa.
    """
    own = {printed_place(row): row for row in figures}
    report = Report(cells, own, reference)
    rows = [_compare(cell, report) for cell in cells]
    found = [_fault_row(fault, report) for fault in faults.find(cells, own, reference)]
    return _sorted(rows, reference) + _sorted(found, reference)


def judge(path: Path, figures: Sequence[Row], reference: Reference) -> list[Row]:
    """Compare the figures of a delivered report with ours, as `reconcile` does.

    Args:
        path: The report, a file for `printed_file.py`.
        figures: Our figures, as published.
        reference: The relations between indicators.

    Raises:
        PrintedError: The file cannot be read, or a row has no valid figure.
        ReconciliationError: The printed figure is a count and ours a rate, or vice versa.
    """
    return reconcile(read_printed(path), figures, reference)


def compare_with_monitor(connection: Any, threshold: int) -> list[Row]:
    """Compare the monitor's own delivered figures with ours, for the gemeenten and schooljaren that we publish.

    Args:
        connection: The finished warehouse.
        threshold: Counts below this are printed as withheld.
    """
    reference = extract.reference()
    cells = extract.monitor_cells(connection)
    figures = extract.printed_of(extract.table_of(connection, "kerncijfers", threshold), cells)
    report = Report(cells, {printed_place(row): row for row in figures}, reference)
    return _sorted([_compare_if_alike(cell, report) for cell in report.cells], reference)


def _compare_if_alike(cell: Cell, report: Report) -> Row:
    """Compare, and return the reason instead of raising if that is impossible: we cannot correct what the monitor delivers."""
    try:
        if cell.printed == UNREADABLE:
            raise ReconciliationError("De monitor leverde hier een tekst die geen cijfer is.")
        return _compare(cell, report)
    except ReconciliationError as problem:
        return _row(cell, report.figure(cell), "cel", "niet_berekend", None, str(problem))


def _sorted(rows: Sequence[Row], reference: Reference) -> list[Row]:
    last = len(reference.order) + 1
    return sorted(
        rows,
        key=lambda row: (
            row["oordeel"] if row["soort"] == "fout" else "",
            row["document"],
            reference.order.get(row["indicator"], last),
            *(row[name] for name in ("indicator", "gemeente", "schooljaar")),
        ),
    )


def _compare(cell: Cell, report: Report) -> Row:
    figure = report.figure(cell)
    ours = value(figure) if figure else None
    if figure is None or ours is None:
        why = f"Geen eigen cijfer: {figure['status'] if figure else 'geen cijfer voor deze gemeente en dit schooljaar'}."
        return _row(cell, figure, "cel", "niet_berekend", None, why)
    if cell.printed.rate != (figure["percentage"] is not None):
        kind = "percentage" if cell.printed.rate else "aantal"
        raise ReconciliationError(
            f"gedrukt cijfer: {cell.document}, {cell.indicator}, {cell.gemeente}, {cell.schooljaar}: "
            f"{cell.printed.text} is een {kind}, en ons cijfer niet"
        )
    if not cell.printed.allows(ours):
        return _row(cell, figure, "cel", "wijkt_af", cell.printed.difference(ours), _why(cell, figure, ours, report))
    if cell.printed.withheld:
        why = f"Ons cijfer ligt tussen {cell.printed.low} en {cell.printed.high}, zoals {cell.printed.text} zegt."
        return _row(cell, figure, "cel", "binnen_onderdrukking", None, why)
    return _row(cell, figure, "cel", "gelijk", Decimal(0), "Gelijk aan ons cijfer.")


def _fault_row(fault: faults.Fault, report: Report) -> Row:
    row = _row(fault.cell, report.figure(fault.cell), "fout", fault.kind, fault.difference, fault.sentence)
    return row | {"document": fault.document, "gepubliceerd": fault.text}


def _row(cell: Cell, figure: Row | None, soort: str, oordeel: str, verschil: Decimal | None, toelichting: str) -> Row:
    return {
        "soort": soort,
        "document": cell.document,
        "tabel": cell.tabel,
        "indicator": cell.indicator,
        "label": cell.label,
        "gemeente": cell.gemeente,
        "schooljaar": cell.schooljaar,
        "gepubliceerd": cell.printed.text,
        "waarde_eigen": figure["waarde"] if figure else None,
        "percentage_eigen": figure["percentage"] if figure else None,
        "weergave_eigen": figure["weergave"] if figure else None,
        "verschil": verschil,
        "oordeel": oordeel,
        "toelichting": toelichting,
    }


def _why(cell: Cell, figure: Row, ours: Decimal, report: Report) -> str:
    """Return the sentences with the evidence for our figure and against the printed one."""
    clauses = []
    if cell.printed.withheld:
        clauses.append(f"gedrukt als {cell.printed.text}, maar ons cijfer is {figure['weergave']}")
    elif _swapped(cell.printed.low, ours):
        clauses.append("twee cijfers zijn verwisseld")
    elif figure["noemer"]:
        clauses.append(_division(figure, report.reference.rates))
    agreeing = sorted(other.document for other in report.others(cell) if other.printed.low == other.printed.high == ours)
    clauses += [f"{document} drukt {figure['weergave']}, gelijk aan ons cijfer" for document in agreeing]
    clauses += _rates_that_ask_ours(cell, ours, report)
    told = clauses or ["geen verklaring gevonden in de gedrukte cijfers"]
    return " ".join(f"{one[0].upper()}{one[1:]}." for one in told)


def _swapped(printed: Decimal, ours: Decimal) -> bool:
    """Return whether two digits are transposed or mistaken for each other: 1243 for 1234, 3969 for 3696."""
    left, right = str(printed), str(ours)
    changed = {(a, b) for a, b in zip(left, right, strict=False) if a != b}
    return len(left) == len(right) and len(changed) == 2 and changed == {(b, a) for a, b in changed}


def _division(figure: Row, rates: Sequence[Rate]) -> str:
    factor = next((rate.factor for rate in rates if rate.indicator == figure["indicator"]), 100)
    exact = Decimal(factor * figure["teller"]) / Decimal(figure["noemer"])
    fraction = f"{factor} × {count(figure['teller'])} / {count(figure['noemer'])} = {decimal(exact, 4)}"
    return f"{fraction}, afgerond {figure['weergave']}"


def _rates_that_ask_ours(cell: Cell, ours: Decimal, report: Report) -> list[str]:
    """Return the printed rates that are correct with our figure as the denominator, and wrong with the printed one."""
    found = []
    for rate in report.reference.rates:
        if rate.noemer != cell.indicator or not cell.printed.low or not ours:
            continue
        tellers = {other.printed.low for other in report.others(cell, rate.teller) if not other.printed.withheld}
        for printed in sorted({other.printed.text for other in report.others(cell, rate.indicator)}):
            wanted = {other.printed.low for other in report.others(cell, rate.indicator) if other.printed.text == printed}
            fits = {noemer: _rate(rate, tellers, noemer) & wanted for noemer in (ours, cell.printed.low)}
            if fits[ours] and not fits[cell.printed.low]:
                found.append(f"alleen {count(int(ours))} geeft de gedrukte {printed} ({rate.indicator})")
    return found


def _rate(rate: Rate, tellers: set[Decimal], noemer: Decimal) -> set[Decimal]:
    return {round_half_away(rate.factor * teller / noemer, RATE_DECIMALS) for teller in tellers}
