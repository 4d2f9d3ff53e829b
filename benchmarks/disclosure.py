"""`python benchmarks/disclosure.py`: measure the time to protect linked tables and to check the proof, and the information loss.

Put here: making the tables, measuring, writing the page. Keep out: the judgement (the page states the aim, a person reads it).

A table is gemeente × indicator × value of a breakdown, with all totals, sparse and skewed like real breakdowns: a third of the counts is
0, about half of the others is small. Each count of meldingen has a count of jongeren, linked by inequalities. Each measurement runs in
its own process, on one core; the check of the proof is timed separately. Only the smallest tables have a known optimum.
"""

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

from orchestration.publication.disclosure import certificate, suppress
from orchestration.publication.disclosure.problem import Pattern, Problem
from orchestration.publication.disclosure.system import Cell, Interval, Relation, at_most, equal

RESULTS = Path(__file__).parent / "results"
MIB = 1 << 20
TOTAL = "totaal"
SMALL, WIDE = Interval(1, 4), Interval(0, None)
SIZES = {24: (2, 3, 0), 100: (3, 4, 4), 1_000: (6, 8, 15), 6_000: (14, 13, 28)}  # approximate number of counts: dimensions
AIM = 120  # seconds for 6,000 counts, protected and checked
LIMIT = 600  # seconds for one measurement; a longer one is stopped, and reported as such
POLICIES = {"verslag": "`<5` for small counts, `x` for others", "eenduidig": "`x` for all"}


def table(size: int) -> tuple[dict[Cell, int], list[Relation]]:
    """Return a table of about that many counts, and the facts that link them."""
    gemeenten, indicators, values = SIZES[size]
    names = [_names("g", gemeenten), _names("i", indicators), _names("w", values)]
    random = Random(size)  # noqa: S311 - the same table each time
    counts = {place: _count(random) for place in product(*names)}
    sums: list[tuple[tuple[str, ...], list[tuple[str, ...]]]] = []
    for axis in range(3):
        for place in [place for place in counts if names[axis] and place[axis] == names[axis][0]]:
            parts = [_at(place, axis, name) for name in names[axis]]
            counts[_at(place, axis, TOTAL)] = sum(counts[part] for part in parts)
            sums.append((_at(place, axis, TOTAL), parts))
    meldingen = {_cell(place, "meldingen"): value for place, value in counts.items()}
    facts = [equal([_cell(whole, "meldingen")], [_cell(part, "meldingen") for part in parts], "optelling") for whole, parts in sums]
    jongeren = _jongeren(counts, sums, random)
    facts += [at_most([_cell(place, "jongeren")], [_cell(place, "meldingen")], "jongeren") for place in jongeren]
    for whole, parts in sums:
        if whole in jongeren and all(part in jongeren for part in parts):
            facts.append(at_most([_cell(whole, "jongeren")], [_cell(part, "jongeren") for part in parts], "som"))
            facts += [at_most([_cell(part, "jongeren")], [_cell(whole, "jongeren")], "deel") for part in parts]
    return meldingen | {_cell(place, "jongeren"): value for place, value in jongeren.items()}, facts


def _names(letter: str, number: int) -> list[str]:
    return [f"{letter}{place}" for place in range(number)] or [TOTAL]


def _at(place: tuple[str, ...], axis: int, name: str) -> tuple[str, ...]:
    return (*place[:axis], name, *place[axis + 1 :])


def _cell(place: tuple[str, ...], kind: str) -> Cell:
    return Cell("2024-2025", place[0], kind, place[1], place[2])


def _count(random: Random) -> int:
    kind = random.random()
    return 0 if kind < 0.35 else random.randint(1, 4) if kind < 0.7 else int(random.paretovariate(0.9) * 5)


def _jongeren(counts: dict[tuple[str, ...], int], sums: Sequence[Any], random: Random) -> dict[tuple[str, ...], int]:
    """Return the jongeren behind the meldingen, for the first gemeente and for the total."""
    wholes = {whole: [] for whole, _ in sums}
    for whole, parts in sums:
        wholes[whole].append(parts)
    found: dict[tuple[str, ...], int] = {}
    for place in sorted((place for place in counts if place[0] == "g0"), key=lambda place: place.count(TOTAL)):
        groups = [[found[part] for part in parts] for parts in wholes.get(place, []) if all(part in found for part in parts)]
        least = max((max(group) for group in groups), default=min(1, counts[place]))
        most = min([counts[place], *(sum(group) for group in groups)])
        found[place] = random.randint(least, most)
    return found


def problem(size: int, policy: str) -> Problem:
    """Return the protection problem: every small count is needed; a total costs four times as much as a part."""
    values, facts = table(size)
    needed = {cell: SMALL for cell, value in values.items() if value in SMALL}
    prices = {cell: 4 ** sum(part == TOTAL for part in cell) for cell in values if cell not in needed}
    return Problem(values, facts, needed, prices, WIDE, dict.fromkeys(needed, SMALL) if policy == "verslag" else {})


def price(asked: Problem, pattern: Pattern) -> int:
    """Return the cost of the pattern; a widened sign counts as 1."""
    widened = sum(pattern.signs[cell] != asked.signs.get(cell, asked.wide) for cell in asked.needed)
    return widened + sum(asked.prices[cell] for cell in pattern.signs if cell in asked.prices)


def measure(size: int, policy: str, way: str) -> dict[str, Any]:
    """Protect one table in this process, and check the proof."""
    asked = problem(size, policy)
    began = time.perf_counter()
    pattern = suppress.optimum(asked) if way == "optimum" else suppress.heuristic(asked)
    protected = time.perf_counter()
    if pattern is None:
        return {"seconds": protected - began, "price": None}
    public = {cell: pattern.signs.get(cell, Interval(value, value)) for cell, value in asked.values.items()}
    wrong = list(certificate.faults(public, asked.relations, asked.needed, pattern.tables))
    checked = time.perf_counter()
    if wrong:
        raise AssertionError(wrong[0])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return {
        "cells": len(asked.values),
        "facts": len(asked.relations),
        "needed": len(asked.needed),
        "withheld": len(pattern.signs),
        "tables": len(pattern.tables),
        "price": price(asked, pattern),
        "peak": peak,
        "seconds": protected - began,
        "check": checked - protected,
    }


def run(size: int, policy: str, way: str, limit: int) -> dict[str, Any] | None:
    """Measure in a separate process; return None on a timeout."""
    command = [sys.executable, __file__, "--measure", str(size), policy, way]
    try:
        done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=limit)  # noqa: S603 - this very file
    except subprocess.TimeoutExpired:
        return None
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def rows(sizes: Sequence[int], limit: int) -> Iterator[str]:
    """Yield the rows of the page, measuring each on demand."""
    for size, policy in product(sizes, POLICIES):
        aim = f"≤ {AIM} s" if size == max(SIZES) else ""
        ours = run(size, policy, "heuristic", limit)
        if ours is None:
            yield f"| about {size:,} | | {policy} | | | > {limit} | | | | | | {aim} |"
            continue
        best = run(size, policy, "optimum", limit) if size < 100 else None
        known = best is not None and best["price"] is not None
        optimum = f"{best['price']} ({ours['price'] / max(best['price'], 1):.2f} ×), {best['seconds']:.1f} s" if best and known else "–"
        shares = f"{ours['needed'] / ours['cells']:.0%} | {ours['withheld'] / ours['cells']:.0%}"
        yield (
            f"| {ours['cells']:,} | {ours['facts']:,} | {policy} | {shares} | {ours['seconds']:.1f} | {ours['check']:.2f} | "
            f"{ours['tables']} | {ours['peak'] / MIB:.0f} | {ours['price']:,} | {optimum} | {aim} |"
        )


def page(sizes: Sequence[int], limit: int) -> str:
    """Return the page of results."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)
    machine = f"{os.cpu_count()} cores, of which one is used; {memory:.0f} GiB memory; Python {platform.python_version()}"
    lines = [
        *(f"# Disclosure control, {datetime.now(UTC).date()}", "", f"{machine}. Load when it began: {os.getloadavg()[0]:.1f}.", ""),
        *(f"Signs: {'; '.join(f'{name}: {said}' for name, said in POLICIES.items())}. Every proof was checked, and holds.", ""),
        "| counts | facts | signs | small | withheld | protect, s | check, s | tables | peak MiB | loss | optimum | aim |",
        "| --: | --: | --- | --: | --: | --: | --: | --: | --: | --: | --- | --- |",
    ]
    for line in rows(sizes, limit):
        sys.stderr.write(line + "\n")
        lines.append(line)
    return "\n".join(
        [*lines, "", "Loss: prices of what is withheld beside the small counts, 1 for a widened sign; a total is dearer than a part.", ""]
    )


def main() -> None:
    """Measure, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), choices=SIZES)
    parser.add_argument("--limit", type=int, default=LIMIT, help="seconds for one measurement")
    parser.add_argument("--out", type=Path, default=RESULTS / f"disclosure-{datetime.now(UTC).date()}.md")
    parser.add_argument("--measure", nargs=3, metavar=("SIZE", "SIGNS", "WAY"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.measure:
        size, policy, way = asked.measure
        sys.stdout.write(json.dumps(measure(int(size), policy, way)))
        return
    written = page(asked.sizes, asked.limit)
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    asked.out.write_text(written, encoding="utf-8")
    sys.stdout.write(written)


if __name__ == "__main__":
    main()
