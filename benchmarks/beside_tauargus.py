"""`python benchmarks/beside_tauargus.py`: compare the cells that we and τ-Argus withhold, and attack both results.

Put here: the tables, both methods, the page. Keep out: the judgement; a person reads the page.

The tables are gemeente × soort with their totals, so that both methods can protect them: τ-Argus only supports parts that add up to
their totals. It requires less than we do: that a count of 3 could be 30 % more or less (`FREQ(5,30)`), or 100 % (`FREQ(5,100)`); we
require that all of 1 to 4 stays possible. Each method withholds the fewest cells that it can prove sufficient (`OPT`; ours reports
whether it is the optimum). `pytauargus` is in the dev group: the pipeline does not need it.
"""

import argparse
import os
import platform
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import chdir
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from random import Random

import pytauargus

from orchestration.publication.disclosure import audit, suppress
from orchestration.publication.disclosure.problem import Problem
from orchestration.publication.disclosure.system import Cell, Interval, Relation, equal

RESULTS = Path(__file__).parent / "results"
SMALL, ANY = Interval(1, 4), Interval(0, None)
TOTAL = "totaal"
TABLES = 20
SIZES = ((4, 5), (6, 6), (8, 8))
RULES = ("FREQ(5,30)", "FREQ(5,100)")
WITHHELD = "UM"  # τ-Argus's status of a primary and a secondary suppression

Counts = dict[tuple[str, str], int]
Signs = Mapping[Cell, Interval]


def inner(random: Random, height: int, width: int) -> Counts:
    """Return a table without totals: a third of the counts is 0, a third is small."""
    names = ([f"g{number}" for number in range(height)], [f"s{number}" for number in range(width)])
    return {place: _count(random) for place in product(*names)}


def _count(random: Random) -> int:
    kind = random.random()
    return 0 if kind < 0.33 else random.randint(1, 4) if kind < 0.67 else int(random.paretovariate(0.9) * 5)


def _cell(row: str, column: str) -> Cell:
    return Cell("2024-2025", row, column)


def system(counts: Counts) -> tuple[dict[Cell, int], list[Relation]]:
    """Return every count with its totals, and the sums that link them."""
    rows, columns = (list(dict.fromkeys(place[axis] for place in counts)) for axis in (0, 1))
    values = {_cell(*place): value for place, value in counts.items()}
    facts = []
    for row in rows:
        parts = [_cell(row, column) for column in columns]
        values[_cell(row, TOTAL)] = sum(values[part] for part in parts)
        facts.append(equal([_cell(row, TOTAL)], parts, "optelling"))
    for column in [*columns, TOTAL]:
        parts = [_cell(row, column) for row in rows]
        values[_cell(TOTAL, column)] = sum(values[part] for part in parts)
        facts.append(equal([_cell(TOTAL, column)], parts, "optelling"))
    facts.append(equal([_cell(TOTAL, TOTAL)], [_cell(TOTAL, column) for column in columns], "optelling"))
    return values, facts


def ours(values: Mapping[Cell, int], facts: list[Relation]) -> tuple[Signs, bool]:
    """Return the cells that we withhold at equal prices, and whether that is the optimum."""
    needed = {cell: SMALL for cell, value in values.items() if value in SMALL}
    found = suppress.protect(Problem(values, facts, needed, dict.fromkeys(values.keys() - needed.keys(), 1), ANY, dict(needed)))
    return found.signs, found.optimal


def theirs(counts: Counts, values: Mapping[Cell, int], rule: str) -> Signs:
    """Return the cells that τ-Argus withholds at equal prices."""
    records = [{"g": row, "s": column, "n": 1} for (row, column), value in counts.items() for _ in range(value)]
    with tempfile.TemporaryDirectory() as folder, chdir(folder):  # it writes its logs to the current folder
        made = pytauargus.protect(records, ["g", "s"], "n", rule, "OPT(1)", cost_var="-1", totcode=TOTAL, workdir=folder)
        shown = list(made.tables[0].rows)
    hidden = [_cell(str(row["g"]) or TOTAL, str(row["s"]) or TOTAL) for row in shown if str(row["status"]) in WITHHELD]
    if shown_small := [cell for cell, value in values.items() if value in SMALL and cell not in hidden]:
        raise AssertionError(f"τ-Argus was asked wrongly: {shown_small[0]} is shown")
    return {cell: SMALL if values[cell] in SMALL else ANY for cell in hidden}


def given_away(values: Mapping[Cell, int], facts: list[Relation], signs: Signs) -> tuple[int, int]:
    """Count the small counts that an attacker can solve exactly, and those that he can narrow."""
    public = {cell: signs.get(cell, Interval(value, value)) for cell, value in values.items()}
    verdicts = audit.judge(public, facts, {cell: SMALL for cell, value in values.items() if value in SMALL})
    small = [verdict.oordeel for verdict in verdicts if values[verdict.cell] in SMALL]
    return small.count(audit.EXACT), small.count(audit.NARROWED)


def rows(tables: int) -> Iterator[str]:
    """Return the rows of the page: per size and method, summed over all tables."""
    for height, width in SIZES:
        random = Random(height * 100 + width)  # noqa: S311 - the same tables each time
        drawn = [inner(random, height, width) for _ in range(tables)]
        small, found = 0, {way: [0, 0, 0, 0] for way in ("ours", *RULES)}
        for counts in drawn:
            values, facts = system(counts)
            small += sum(value in SMALL for value in values.values())
            mine, optimal = ours(values, facts)
            patterns = {"ours": mine} | {rule: theirs(counts, values, rule) for rule in RULES}
            for way, signs in patterns.items():
                beside = sum(values[cell] not in SMALL for cell in signs)
                totals = (beside, *given_away(values, facts, signs), int(way == "ours" and optimal))
                found[way] = [sum(pair) for pair in zip(found[way], totals, strict=True)]
        for way, (beside, exact, narrowed, optimal) in found.items():
            name = f"ours ({optimal} of {tables} proved optimal)" if way == "ours" else f"τ-Argus, {way}"
            yield f"| {height} × {width} | {small} | {name} | {beside} | {exact} | {narrowed} |"


def main() -> None:
    """Compare, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--tables", type=int, default=TABLES, help="of each size")
    parser.add_argument("--out", type=Path, default=RESULTS / f"beside-tauargus-{datetime.now(UTC).date()}.md")
    asked = parser.parse_args()
    lines = [
        *(f"# Beside τ-Argus (pytauargus {pytauargus.__version__}), {datetime.now(UTC).date()}", ""),
        *(f"{asked.tables} tables of each size; {os.cpu_count()} cores; Python {platform.python_version()}.", ""),
        "| table | small counts | who chose | withheld besides | known exactly | known better than 1–4 |",
        "| --- | --: | --- | --: | --: | --: |",
        *rows(asked.tables),
        "",
    ]
    asked.out.write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
