"""Reads the reference data in Python: the same seeds that dbt loads, so that a code, a name or a fact is defined once.

Put here: reading a seed, and interpreting its columns. Keep out: figures, and facts of a single release (those are in its files).
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from orchestration.settings import PROJECT

SEEDS = PROJECT / "dbt_project" / "seeds"
PREFIX = "referentie__"
WHOLE, PARTS = ("geheel", "beide"), ("uitsplitsing", "beide")  # values of `bereik` in the seed: the counts that a fact applies to


class Term(NamedTuple):
    """A count in a fact; with a breakdown and its value, or both empty."""

    indicator: str
    uitsplitsing: str = ""
    uitsplitsing_waarde: str = ""


@dataclass(frozen=True)
class Fact:
    """A constraint between counts of one schooljaar and area: the sum of left equals the sum of right, or is at most that.

    Args:
        equal: Whether the sums are equal; otherwise left is at most right.
        of_whole: Whether it applies to the counts themselves.
        of_parts: Whether it applies within each value of each breakdown that all its indicators have.
    """

    left: tuple[Term, ...]
    right: tuple[Term, ...]
    equal: bool
    of_whole: bool
    of_parts: bool

    @property
    def names_a_part(self) -> bool:
        """Whether any of its terms is a value of a breakdown."""
        return any(term.uitsplitsing for term in (*self.left, *self.right))


@cache
def rows(name: str) -> tuple[Mapping[str, str], ...]:
    """Return the rows of a seed, every value as text, empty where dbt reads null.

    Args:
        name: Its name, without the prefix `referentie__` of seeds that are not for analysts.

    Raises:
        KeyError: There is no such seed.
    """
    files = [path for path in SEEDS.rglob("*.csv") if path.stem.removeprefix(PREFIX) == name]
    if len(files) != 1:
        raise KeyError(name)
    with files[0].open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def parts(text: str) -> tuple[str, ...]:
    """Split a text such as `duo+carel` into its parts; an empty text has none."""
    return tuple(text.split("+")) if text else ()


@cache
def facts() -> tuple[Fact, ...]:
    """Return every fact between indicators (`verband`), in the order of the seed."""
    return tuple(
        Fact(
            left=_terms(row["links"]),
            right=_terms(row["rechts"]),
            equal=row["relatie"] == "=",
            of_whole=row["bereik"] in WHOLE,
            of_parts=row["bereik"] in PARTS,
        )
        for row in rows("verband")
    )


def _terms(side: str) -> tuple[Term, ...]:
    return tuple(Term(*term.split("/")) for term in parts(side))


@cache
def sums() -> dict[str, tuple[str, ...]]:
    """Return the parts, in order, of each indicator that is a sum of others."""
    wholes = [fact for fact in facts() if fact.equal and not fact.names_a_part and len(fact.left) == 1]
    return {fact.left[0].indicator: tuple(term.indicator for term in fact.right) for fact in wholes}


@cache
def totals() -> dict[str, tuple[str, ...]]:
    """Return only the sums that are computed by addition: an indicator that is counted directly may also equal a sum."""
    added = {row["indicator"] for row in rows("indicator") if row["telwijze"] == "optelling"}
    return {total: made_of for total, made_of in sums().items() if total in added}


@cache
def covers() -> dict[str, tuple[str, ...]]:
    """Return the rows that cover each number of jongeren: a jongere counts in at least one of them, and in each at most once."""
    bounds = dict.fromkeys((fact.left, fact.right) for fact in facts() if not fact.equal and fact.of_whole)
    covered = [(left[0], right) for left, right in bounds if len(left) == 1 and all(((part,), left) in bounds for part in right)]
    return {whole.indicator: tuple(part.indicator for part in right) for whole, right in covered if len(right) > 1}


@cache
def tables() -> tuple[Mapping[str, str], ...]:
    """Return the tables of indicators, in order: those of the report, and additional ones."""
    return tuple(sorted(rows("tabel"), key=lambda row: int(row["volgorde"])))


def in_report() -> tuple[str, ...]:
    """Return the codes of the tables of the report."""
    return tuple(row["tabel"] for row in tables() if row["in_jaarverslag"] == "true")


@cache
def breakdowns() -> dict[str, Mapping[str, str]]:
    """Return the row of each breakdown, by code."""
    return {row["uitsplitsing"]: row for row in rows("uitsplitsing")}


def previous(schooljaar: str) -> str:
    """Return the previous schooljaar."""
    return f"{int(schooljaar[:4]) - 1}-{schooljaar[:4]}"
