"""Rules on figures: the columns of a row are consistent with each other, and with the rows that they refer to.

Put here: checks on published rows alone. Keep out: sums of totals and breakdowns, which the suite checks (`suites/publicatie.py`).
"""

import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from expectations.files.rule import Faults, rule
from expectations.files.staged import FIGURES, PLACE, Row, Staged, place
from expectations.reference import previous

PUBLISHED, ROUNDED = "gepubliceerd", "afgerond"
SHOWN = re.compile(r"-?\d{1,3}(\.\d{3})*(,\d+)?%?")
SIGNS = {
    "onderdrukt_primair": re.compile(r"<\d+"),
    "onderdrukt_secundair": re.compile("x"),
    "onderdrukt": re.compile("x"),
    ROUNDED: re.compile(r"ca\. \d{1,3}(\.\d{3})*(,\d+)?%?|0–\d+"),
    "niet_beschikbaar": re.compile(r"\."),
    "niet_van_toepassing": re.compile("-"),
}
RATES = ("procent", "per_1000", "dagen")
PERSONS = "jongeren"
PART_OF_WHOLE = "meldingen"  # unit of numerator and denominator of a rate that is a share of a whole
NEVER_MORE = 100
OUTSIDE_REGIO = ("regio", "onbekend")


@rule(
    "een gepubliceerd aantal staat in waarde, een gepubliceerde verhouding in percentage; zonder cijfer zijn beide leeg",
    FIGURES,
    "waarde, percentage",
)
def one_figure_per_row(staged: Staged) -> Faults:
    """Yield figures in the wrong column for their unit, in both columns, or in none."""
    for where, row in staged.figures():
        filled = [name for name in ("waarde", "percentage") if row[name] is not None]
        wanted = ["percentage" if row["eenheid"] in RATES else "waarde"] if row["status"] in (PUBLISHED, ROUNDED) else []
        if filled != wanted:
            yield where, ""


@rule("wat een rapport drukt, is het cijfer zelf", FIGURES, "weergave")
def weergave_is_the_figure(staged: Staged) -> Faults:
    """Yield rows whose `weergave` does not parse to the figure; only a percentage has a percent sign."""
    for where, row in staged.figures():
        value = row["waarde"] if row["waarde"] is not None else row["percentage"]
        if row["status"] not in (PUBLISHED, ROUNDED) or value is None:
            continue
        text = row["weergave"].removeprefix("ca. ") if row["status"] == ROUNDED else row["weergave"]
        text = "0" if row["status"] == ROUNDED and value == 0 and text.startswith("0–") else text
        parsed = Decimal(text.rstrip("%").replace(".", "").replace(",", ".")) if SHOWN.fullmatch(text) else None
        if parsed != value or text.endswith("%") != (row["eenheid"] == "procent"):
            yield where, "weergave"


@rule("een teken staat alleen bij de status waar het bij hoort", FIGURES, "weergave")
def sign_of_status(staged: Staged) -> Faults:
    """Yield rows with the wrong sign for their status: `<5`, `x`, `.` or `-`; a rounded figure has the prefix `ca.`."""
    for where, row in staged.figures():
        sign = SIGNS.get(row["status"])
        if sign is not None and not sign.fullmatch(row["weergave"]):
            yield where, "weergave"


@rule("in intern is niets achtergehouden of afgerond", FIGURES, "status")
def nothing_withheld(staged: Staged) -> Faults:
    """Yield withheld or rounded figures: readers of `intern` may see every count."""
    yield from ((where, "status") for where, row in staged.figures() if row["status"].startswith(("onderdrukt", ROUNDED)))


@rule("het cijfer van het vorige schooljaar is dat van de rij van het vorige schooljaar", FIGURES, "vorige_waarde, vorig_percentage")
def previous_is_previous_row(staged: Staged) -> Faults:
    """Yield wrong previous values: a figure that is withheld in its own row must not appear in another."""
    for where, row, before in _with_previous(staged):
        known = (None, None) if before is None else (before["waarde"], before["percentage"])
        nothing = before is None and row["vorige_waarde"] == 0  # a part without a row had no records
        if (row["vorige_waarde"], row["vorig_percentage"]) != known and not nothing:
            yield where, "vorige_waarde, vorig_percentage"


@rule(
    "een verschil is het cijfer min dat van het vorige schooljaar, en leeg als een van beide er niet is",
    FIGURES,
    "verschil, verschil_punten",
)
def difference(staged: Staged) -> Faults:
    """Yield wrong differences, of counts or of rates."""
    for where, row in staged.figures():
        if row["verschil"] != _minus(row["waarde"], row["vorige_waarde"]):
            yield where, "verschil"
        if row["verschil_punten"] != _minus(row["percentage"], row["vorig_percentage"]):
            yield where, "verschil_punten"


@rule(
    "een verschil in procenten is het verschil gedeeld door het vorige aantal, op één decimaal, van wat is afgerond geen",
    FIGURES,
    "verschil_percentage",
)
def difference_in_percent(staged: Staged) -> Faults:
    """Yield wrong differences in percent; rounded half away from zero."""
    for where, row, earlier in _with_previous(staged):
        change, before = _minus(row["waarde"], row["vorige_waarde"]), row["vorige_waarde"]
        is_rounded = ROUNDED in (row["status"], earlier["status"] if earlier else "")
        unit = Decimal(1) if is_rounded else Decimal("0.1")
        share = (Decimal(100) * change / before).quantize(unit, ROUND_HALF_UP) if change is not None and before else None
        if row["verschil_percentage"] != share:
            yield where, "verschil_percentage"


@rule("een verhouding is niet negatief, en een deel van het geheel van meldingen niet meer dan 100 procent", FIGURES, "percentage")
def rate_within_bounds(staged: Staged) -> Faults:
    """Yield rates out of bounds. A share of persons may exceed 100: its numerator counts some that its denominator does not."""
    units = {row["indicator"]: row["eenheid"] for _, row in staged.rows("indicatoren")}
    made_of = {row["indicator"]: {units.get(row["teller"]), units.get(row["noemer"])} for _, row in staged.rows("indicatoren")}
    for where, row in staged.figures():
        rate = row["percentage"]
        is_share = row["eenheid"] == "procent" and made_of.get(row["indicator"]) == {PART_OF_WHOLE}
        if rate is not None and (rate < 0 or (is_share and rate > NEVER_MORE)):
            yield where, "percentage"


@rule("de teller en de noemer van een verhouding zijn de cijfers van de indicatoren die indicatoren noemt", FIGURES, "teller, noemer")
def teller_is_a_figure(staged: Staged) -> Faults:
    """Yield rates whose numerator or denominator differs from the published figure."""
    made_of = {row["indicator"]: row for _, row in staged.rows("indicatoren") if row["teller"] and row["noemer"]}
    counts = {place(row): row["waarde"] for _, row in staged.figures()}
    for where, row in staged.figures():
        for name in ("teller", "noemer") if row["indicator"] in made_of else ():
            other = counts.get(place({**row, "indicator": made_of[row["indicator"]][name]}))
            if None not in (row[name], other) and row[name] != other:
                yield where, name


@rule("wat geen jongeren telt, telt van de gemeenten op tot de regio", ("kerncijfers",), "waarde")
def regio_adds_up(staged: Staged) -> Faults:
    """Yield wrong sums of the regio: a melding or incident belongs to one gemeente, but a jongere may have belonged to two."""
    counts = {place(row): row["waarde"] for _, row in staged.rows("kerncijfers")}
    served = {row["gemeente_code"] for _, row in staged.rows("kerncijfers")} - set(OUTSIDE_REGIO)
    for where, row in staged.rows("kerncijfers"):
        if row["gemeente_code"] != "regio" or row["waarde"] is None or row["eenheid"] == PERSONS:
            continue
        if row["status"] == ROUNDED:
            continue
        parts = [counts.get(place({**row, "gemeente_code": code})) for code in sorted(served)]
        if None not in parts and sum(part for part in parts if part is not None) != row["waarde"]:
            yield where, "waarde"


@rule("de rijen staan op schooljaar, gemeentecode en de volgorde van het verslag, en uitsplitsingen daarna op naam", FIGURES)
def sorted_rows(staged: Staged) -> Faults:
    """Yield rows out of order: readers may rely on the order, which is determined by the keys alone."""
    order = {row["indicator"]: row["volgorde"] for _, row in staged.rows("indicatoren")}
    for table in ("kerncijfers", "uitsplitsingen"):
        before: tuple[object, ...] = ()
        for where, row in staged.rows(table):
            key = tuple(order.get(row[name], 0) if name == "indicator" else row.get(name) or "" for name in PLACE)
            if before and key < before:
                yield where, ""
            before = key


def _with_previous(staged: Staged) -> Iterator[tuple[str, Row, Row | None]]:
    """Yield every figure, with the row of the previous schooljaar."""
    known = {place(row): row for _, row in staged.figures()}
    for where, row in staged.figures():
        yield where, row, known.get(place({**row, "schooljaar": previous(row["schooljaar"])}))


def _minus(value: Any, before: Any) -> Any:
    return None if value is None or before is None else value - before


RULES = (
    *(one_figure_per_row, weergave_is_the_figure, sign_of_status, nothing_withheld, previous_is_previous_row, difference),
    *(difference_in_percent, rate_within_bounds, teller_is_a_figure, regio_adds_up, sorted_rows),
)
