"""An attacker that tries to derive every withheld count from public files alone. It shares no code with the pipeline.

It reads the public files – `kerncijfers.parquet`, `uitsplitsingen.parquet` and `indicatoren.parquet` of one or more releases – derives its
own equations from the definitions, and computes for every withheld count the minimum and maximum that satisfy all of them. If these are
equal, the count is solved.

Put here: the facts in the public files. Keep out: solving (`solving.py`), and all internal knowledge.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import inf
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow.parquet as pq
from attack.solving import MOST, Attack, Knowledge, solve

TOTALS = {
    "totaal_jongeren": ("absoluut_verzuim", "relatief_verzuim_jongeren"),
    "juridisch_totaal": ("pv_relatief_verzuim", "pv_absoluut_verzuim", "pv_luxe_verzuim", "haltstraf"),
    "vrijstellingen_totaal": ("vrijstelling_5a", "vrijstelling_5b", "vrijstelling_5c", "vrijstelling_15"),
}
SOORTEN = (
    "relatief_16_uur_18_min",
    "relatief_16_uur_18_plus",
    "verzuim_18_plus_4_weken",
    "overig_verzuim",
    "luxe_verzuim",
    "langdurig_relatief_verzuim",
    "historisch_verzuim",
)
TOTALS["meldingen_totaal"] = tuple(f"meldingen_{soort}" for soort in SOORTEN)
# the left is at most the right; also per value of a breakdown that both have
NO_MORE: tuple[tuple[str, tuple[str, ...]], ...] = (
    *((soort, ("relatief_verzuim_jongeren",)) for soort in SOORTEN),
    *((soort, (f"meldingen_{soort}",)) for soort in SOORTEN),
    ("relatief_verzuim_jongeren", SOORTEN),
    ("relatief_verzuim_jongeren", ("meldingen_totaal",)),
    ("herhaalverzuim_jongeren", ("relatief_verzuim_jongeren",)),
    ("absoluut_verzuim", ("totaal_jongeren_uniek",)),
    ("relatief_verzuim_jongeren", ("totaal_jongeren_uniek",)),
    ("totaal_jongeren_uniek", ("totaal_jongeren",)),
    ("overig_buiten_definitie", ("overig_verzuim",)),
    ("meldingen_teruggeleid", ("meldingen_gesloten",)),
    ("meldingen_gesloten", ("meldingen_relatief_16_uur_18_min", "meldingen_langdurig_relatief_verzuim")),
    ("meldingen_opgevolgd", ("meldingen_totaal",)),
    ("telling_16_uur_jongeren", ("telling_16_uur_meldingen",)),
    ("telling_16_uur_jongeren", ("relatief_16_uur_18_min",)),
    ("telling_16_uur_meldingen", ("meldingen_relatief_16_uur_18_min",)),
    ("telling_luxe_jongeren", ("telling_luxe_meldingen",)),
    ("telling_luxe_jongeren", ("luxe_verzuim",)),
    ("telling_luxe_meldingen", ("meldingen_luxe_verzuim",)),
    ("thuiszitters", ("langdurig_relatief_verzuim", "absoluut_verzuim")),
    ("vrijstellingen_verlenging", ("vrijstellingen_totaal",)),
)
ADDS_UP = {"aantal", "meldingen"}
RATES = {"procent", "per_1000", "dagen"}
NUMBER = re.compile(r"\d{1,3}(\.\d{3})*")
ROUNDED, BASE = "afgerond", 5


class Count(NamedTuple):
    """A count in the files; `versie` increases each time that a public number shows that the count has changed."""

    schooljaar: str
    gemeente: str
    indicator: str
    uitsplitsing: str = ""
    waarde: str = ""
    versie: int = 0


@dataclass(frozen=True)
class Zeros:
    """What an attacker may assume about zeros.

    Args:
        are_shown: No withheld count is 0.
        are_hidden: `<5` may be 0, and a breakdown has a row for values of another indicator.
    """

    are_shown: bool = False
    are_hidden: bool = False


@dataclass
class Release:
    """The rows of one release, by count, and its indicators."""

    rows: dict[Count, dict[str, Any]]
    indicatoren: dict[str, dict[str, Any]]


def read(folder: Path) -> Release:
    """Read a release."""
    tables = [
        pq.read_table(folder / name).to_pylist() for name in ("kerncijfers.parquet", "uitsplitsingen.parquet") if (folder / name).exists()
    ]
    dictionary = folder / "indicatoren.parquet"
    indicatoren = {row["indicator"]: row for row in pq.read_table(dictionary).to_pylist()} if dictionary.exists() else {}
    return Release({_count(row): row for table in tables for row in table}, indicatoren)


def _count(row: Mapping[str, Any]) -> Count:
    return Count(
        row["schooljaar"], row["gemeente_code"], row["indicator"], row.get("uitsplitsing") or "", row.get("uitsplitsing_waarde") or ""
    )


def attack(
    folders: Sequence[Path],
    thorough: bool = False,
    zeros: Zeros | None = None,
    changed: Sequence[Collection[Count]] | None = None,
) -> Attack:
    """Attack all releases together.

    Args:
        folders: The public files of each, the oldest first.
        thorough: Whether to prove both ends for each count.
        zeros: Assumptions about zeros; by default `x` may be 0 and `<5` may not.
        changed: For each release the counts that changed since the previous one, if leaked; otherwise a count is assumed unchanged until
            a public number shows that it changed.
    """
    known, versions = Knowledge(), _Versions()
    for number, folder in enumerate(folders):
        release = read(folder)
        versions.next(release, None if changed is None else changed[number])
        learn(known, release, versions.of, zeros or Zeros())
    return solve(known, thorough)


class _Versions:
    """Tracks which counts are the same in two releases: those without public evidence of a change."""

    def __init__(self) -> None:
        self.number: dict[Count, int] = {}
        self.last: dict[Count, tuple[int, int]] = {}

    def next(self, release: Release, changed: Collection[Count] | None) -> None:
        """Process the next release."""
        for count, row in release.rows.items():
            said = _says(row, Zeros())
            if count in changed if changed is not None else said and self._is_other(count, said, row["status"]):
                self.number[count] = self.number.get(count, 0) + 1
                self.last.pop(count, None)
            if said and said[1] < MOST:
                self.last[count] = said

    def _is_other(self, count: Count, said: tuple[int, int], status: str) -> bool:
        """Return whether the row shows a change: a number outside the known range, or another rounding."""
        least, most = self.last.get(count, said)
        both_rounded = status == ROUNDED and most - least >= BASE - 1
        return said[0] > most or said[1] < least or (both_rounded and (least, most) != said)

    def of(self, count: Count) -> Count:
        """Return the current version of the count."""
        return count._replace(versie=self.number.get(count, 0))


def learn(known: Knowledge, release: Release, version: Callable[[Count], Count], zeros: Zeros) -> None:
    """Add all facts of one release."""
    counts = {count: row for count, row in release.rows.items() if row["eenheid"] not in RATES and _says(row, zeros)}
    for count, row in counts.items():
        known.interval(version(count), *_says(row, zeros))
        if _shown(row) is None:
            known.masked[version(count)] = None
    zero = Count("", "", "0")
    known.interval(zero, 0, 0)

    def named(count: Count) -> Count:
        """Return the count; without a row in a breakdown it is 0."""
        return version(count) if count in counts else zero

    for learned in (_totals, _no_more, _breakdowns, _regio):
        learned(known, counts, named)
    _values(known, counts, named, of_one_indicator=not zeros.are_hidden)
    _years(known, counts, named)
    _rates(known, release, counts, named)


def _shown(row: Mapping[str, Any]) -> int | None:
    """Return the exact count that a row shows, as a number or as text."""
    if row["status"] == ROUNDED:
        return None
    if row["waarde"] is not None:
        return int(row["waarde"])
    text = row["weergave"] or ""
    return int(text.replace(".", "")) if row["eenheid"] not in RATES and NUMBER.fullmatch(text) else None


def _says(row: Mapping[str, Any], zeros: Zeros) -> tuple[int, int] | tuple[()]:
    """Return the minimum and maximum of a count according to its row; empty if the row has no count."""
    shown = _shown(row)
    if shown is not None:
        return shown, shown
    if row["status"] == ROUNDED:
        return max(0, row["waarde"] - BASE + 1), row["waarde"] + BASE - 1
    text = row["weergave"] or ""
    if text.startswith("<"):
        return int(not zeros.are_hidden), int(text[1:]) - 1
    return (int(zeros.are_shown), MOST) if text == "x" or row["status"].startswith("onderdrukt") else ()


Rows = Mapping[Count, Mapping[str, Any]]
Named = Callable[[Count], Count]


def _totals(known: Knowledge, counts: Rows, named: Named) -> None:
    for count in counts:
        parts = [count._replace(indicator=part) for part in TOTALS.get(count.indicator, ())]
        if parts and not count.uitsplitsing and all(part in counts for part in parts):
            known.sum([named(count)], map(named, parts), 0, 0)


def _no_more(known: Knowledge, counts: Rows, named: Named) -> None:
    places = dict.fromkeys(count._replace(indicator="") for count in counts)
    broken = {(count.indicator, count.uitsplitsing) for count in counts if count.uitsplitsing}
    for place in places:
        for less, more in NO_MORE:
            left, right = place._replace(indicator=less), [place._replace(indicator=name) for name in more]
            if place.uitsplitsing:
                there = left in counts and all((name, place.uitsplitsing) in broken for name in more)
            else:
                there = left in counts and all(count in counts for count in right)
            if there:
                known.sum([named(left)], map(named, right), most=0)


def _breakdowns(known: Knowledge, counts: Rows, named: Named) -> None:
    groups: dict[tuple[Count, str], list[Count]] = {}
    for count in counts:
        if count.uitsplitsing:
            groups.setdefault((count._replace(uitsplitsing="", waarde=""), count.uitsplitsing), []).append(count)
    for (whole, uitsplitsing), parts in groups.items():
        if whole in counts:
            adds_up = counts[whole]["eenheid"] in ADDS_UP or uitsplitsing == "geslacht"
            _whole_and_parts(known, named(whole), [named(part) for part in parts], adds_up)


def _values(known: Knowledge, counts: Rows, named: Named, of_one_indicator: bool) -> None:
    """Add that a value of a breakdown with rows is above 0 in some schooljaar; months always have rows."""
    groups: dict[Count, list[Count]] = {}
    for count in counts:
        if count.uitsplitsing and count.uitsplitsing != "maand":
            indicator = count.indicator if of_one_indicator else ""
            groups.setdefault(count._replace(schooljaar="", indicator=indicator), []).append(count)
    for years in groups.values():
        known.sum(map(named, years), [], least=1)


def _regio(known: Knowledge, counts: Rows, named: Named) -> None:
    gemeenten = dict.fromkeys(count.gemeente for count in counts if count.gemeente not in ("regio", "onbekend"))
    for whole in [count for count in counts if count.gemeente == "regio"]:
        parts = [whole._replace(gemeente=gemeente) for gemeente in gemeenten]
        if not whole.uitsplitsing and not all(part in counts for part in parts):
            continue
        adds_up = counts[whole]["eenheid"] in ADDS_UP or whole.indicator == "leerplichtigen"
        herhaald = whole.indicator == "herhaalverzuim_jongeren"  # a jongere may repeat in the regio but in no single gemeente
        _whole_and_parts(known, named(whole), [named(part) for part in parts], adds_up, at_most_the_sum=not herhaald)


def _whole_and_parts(known: Knowledge, whole: Count, parts: list[Count], adds_up: bool, at_most_the_sum: bool = True) -> None:
    if adds_up:
        known.sum([whole], parts, 0, 0)
        return
    for part in parts:
        known.sum([part], [whole], most=0)
    if at_most_the_sum:
        known.sum([whole], parts, most=0)


def _before(schooljaar: str) -> str:
    first = int(schooljaar[:4])
    return f"{first - 1}-{first}"


def _years(known: Knowledge, counts: Rows, named: Named) -> None:
    """Add the facts of a row about the previous schooljaar."""
    for count, row in counts.items():
        earlier = count._replace(schooljaar=_before(count.schooljaar))
        if earlier not in counts:
            continue
        if row["vorige_waarde"] is not None:
            known.interval(named(earlier), row["vorige_waarde"], row["vorige_waarde"])
        if row["verschil"] is not None:
            known.sum([named(count)], [named(earlier)], row["verschil"], row["verschil"])
        if row["verschil_percentage"] is not None:
            _ratio(known, named(count), named(earlier), row["verschil_percentage"] + 100, 100, Decimal("0.05"))


def _rates(known: Knowledge, release: Release, counts: Rows, named: Named) -> None:
    """Add the facts of a rate about its teller and noemer."""
    for count, row in release.rows.items():
        about = release.indicatoren.get(count.indicator, {})
        if row["eenheid"] not in RATES or not about.get("factor"):
            continue
        teller, noemer = (count._replace(indicator=about[name]) for name in ("teller", "noemer"))
        for part, value in ((teller, row["teller"]), (noemer, row["noemer"])):
            if value is not None and part in counts:
                known.interval(named(part), value, value)
        if teller not in counts or noemer not in counts:
            continue
        for rate in _shown_rates(release, count, row):
            _ratio(known, named(teller), named(noemer), rate, about["factor"], Decimal("0.005"))


def _shown_rates(release: Release, count: Count, row: Mapping[str, Any]) -> Iterator[Decimal]:
    """Yield a rate wherever it is shown: itself, next to the next schooljaar, and from the difference with the previous one."""
    first = int(count.schooljaar[:4])
    later = release.rows.get(count._replace(schooljaar=f"{first + 1}-{first + 2}"), {})
    if row["percentage"] is not None:
        yield row["percentage"]
    if later.get("vorig_percentage") is not None:
        yield later["vorig_percentage"]
    if row["vorig_percentage"] is not None and row["verschil_punten"] is not None:
        yield row["vorig_percentage"] + row["verschil_punten"]


def _ratio(known: Knowledge, teller: Count, noemer: Count, rate: Decimal, factor: int, rounding: Decimal) -> None:
    """Add that factor × teller / noemer equals a rate, up to rounding."""
    scale = 1000
    for bound, least, most in ((rate - rounding, 0.0, inf), (rate + rounding, -inf, 0.0)):
        terms = {teller: factor * scale}
        terms[noemer] = terms.get(noemer, 0) - int(bound * scale)
        known.weighted(terms, least, most)
