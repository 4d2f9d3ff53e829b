"""The reference data as Python reads it: the same seeds that dbt loads, so that a code, a name or a fact is stated once.

Put here: reading a seed, and what its columns mean. Keep out: figures, and facts that only one release has (those are in its files).
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from orchestration.settings import PROJECT

SEEDS = PROJECT / "dbt_project" / "seeds"
PREFIX = "referentie__"
WHOLE, PARTS = ("geheel", "beide"), ("uitsplitsing", "beide")  # of which counts a fact holds: `bereik` in the seed


class Term(NamedTuple):
    """A count that a fact speaks of; of a breakdown with its value, otherwise both are empty."""

    indicator: str
    uitsplitsing: str = ""
    uitsplitsing_waarde: str = ""


@dataclass(frozen=True)
class Fact:
    """What always holds between counts of one schooljaar and area: left is together as much as right, or no more.

    Args:
        equal: Whether it is as much; otherwise no more.
        of_whole: Whether it holds of the counts themselves.
        of_parts: Whether it holds within each value of each breakdown that all its indicators have.
    """

    left: tuple[Term, ...]
    right: tuple[Term, ...]
    equal: bool
    of_whole: bool
    of_parts: bool

    @property
    def names_a_part(self) -> bool:
        """Whether a value of a breakdown is among its terms."""
        return any(term.uitsplitsing for term in (*self.left, *self.right))


@cache
def rows(name: str) -> tuple[Mapping[str, str], ...]:
    """The rows of a seed, every value as text, empty where dbt reads null.

    Args:
        name: Its name, without the `referentie__` of those that are not for analysts.

    Raises:
        KeyError: There is no such seed.
    """
    files = [path for path in SEEDS.rglob("*.csv") if path.stem.removeprefix(PREFIX) == name]
    if len(files) != 1:
        raise KeyError(name)
    with files[0].open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def parts(text: str) -> tuple[str, ...]:
    """The parts of a text such as `duo+carel`; none of an empty one."""
    return tuple(text.split("+")) if text else ()


@cache
def facts() -> tuple[Fact, ...]:
    """Every fact between indicators (`verband`), in the order of the seed."""
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
    """Of each indicator that is a sum of others, its parts, in their order."""
    wholes = [fact for fact in facts() if fact.equal and not fact.names_a_part and len(fact.left) == 1]
    return {fact.left[0].indicator: tuple(term.indicator for term in fact.right) for fact in wholes}


@cache
def totals() -> dict[str, tuple[str, ...]]:
    """Those of the sums that are made by adding up: an indicator that is counted itself may also be a sum."""
    added = {row["indicator"] for row in rows("indicator") if row["telwijze"] == "optelling"}
    return {total: made_of for total, made_of in sums().items() if total in added}


@cache
def covers() -> dict[str, tuple[str, ...]]:
    """Of each number of jongeren the rows that cover it: a jongere counts in at least one of them, and in each at most once."""
    bounds = dict.fromkeys((fact.left, fact.right) for fact in facts() if not fact.equal and fact.of_whole)
    covered = [(left[0], right) for left, right in bounds if len(left) == 1 and all(((part,), left) in bounds for part in right)]
    return {whole.indicator: tuple(part.indicator for part in right) for whole, right in covered if len(right) > 1}


@cache
def tables() -> tuple[Mapping[str, str], ...]:
    """The tables in which indicators stand, in order: those of the report, and those beyond it."""
    return tuple(sorted(rows("tabel"), key=lambda row: int(row["volgorde"])))


def in_report() -> tuple[str, ...]:
    """The codes of the tables that the report has."""
    return tuple(row["tabel"] for row in tables() if row["in_jaarverslag"] == "true")


@cache
def breakdowns() -> dict[str, Mapping[str, str]]:
    """Of each breakdown its row."""
    return {row["uitsplitsing"]: row for row in rows("uitsplitsing")}


@cache
def value_names(uitsplitsing: str) -> dict[str, str]:
    """The names of the values of a breakdown, by code; none where no reference table has them."""
    table = breakdowns()[uitsplitsing]["namen"] if uitsplitsing in breakdowns() else ""
    return {row[table]: row["naam"] for row in rows(table)} if table else {}
