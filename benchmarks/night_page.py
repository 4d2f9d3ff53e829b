"""The page of `night.py`: one table over sizes, how each part grows, and the steps of the nights.

Put here: the page, and the figures that follow from those measured: ratios and exponents. Keep out: measuring.
"""

import json
import math
import os
import platform
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import dropwhile, pairwise

from measured import Run, Used

MIB = 1 << 20
LABELS = {
    "example": "writing the deliveries",
    "first": "first night: everything is read",
    "second": "second night: nothing new",
    "small": "a night with one small delivery",
    "openbaar": "publishing `openbaar`",
    "floor": "floor: one DuckDB script",
    "pandas": "pandas scripts",
    "dbt": "bare `dbt build`",
}
NIGHTS = ("first", "second", "small")
OPENBAAR_BEGINS = "openbaar voorbereiden"
OURS, OTHERS = (*NIGHTS, "openbaar"), ("floor", "pandas", "dbt")


@dataclass(frozen=True)
class Size:
    """What the deliveries of a size hold; `size` in bytes."""

    name: str
    gemeenten: int
    deliveries: int
    files: int
    rows: int
    size: int


@dataclass(frozen=True)
class Result:
    """What a stage took on a size; `compared` are the cells of kerncijfers, and how many differ from the published ones."""

    size: str
    stage: str
    run: Run
    compared: tuple[int, int] | None = None


@dataclass
class Page:
    """Everything that was measured until now.

    Args:
        began: When.
        load: Load of the machine then.
        fixed: The size that is the fixed cost.
        sizes: The sizes.
        results: What was measured, in order.
        asked: Seconds of the analysts' questions, by size.
    """

    began: datetime
    load: float
    fixed: str
    sizes: dict[str, Size] = field(default_factory=dict)
    results: list[Result] = field(default_factory=list)
    asked: dict[str, dict[str, str]] = field(default_factory=dict)

    def run(self, size: str, stage: str) -> Run:
        """Return what a stage took; a failed one if it was not run."""
        return next((one.run for one in self.results if (one.size, one.stage) == (size, stage)), Run(failure="not run"))

    def text(self) -> str:
        """Return the page."""
        parts = [self._head(), self._sizes(), self._table(), self._growth(), *(self._steps(stage) for stage in OURS), self._questions()]
        return "\n".join(line for part in parts if part for line in [*part, ""])

    def _head(self) -> list[str]:
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)
        machine = f"{os.cpu_count()} cores, {memory:.0f} GiB memory, Python {platform.python_version()}"
        failed = [f"{LABELS[one.stage]} on `{one.size}` ({one.run.failure})" for one in self.results if one.run.failure]
        # a stage that stopped early says so in the table; here only the largest size that ran whole
        whole = [size for size in self.sizes if not any(one.run.failure for one in self.results if one.size == size)]
        return [
            *(f"# Nights on several sizes, {self.began.date()}", ""),
            f"{machine}. Load of the machine when it began at {self.began:%H:%M} UTC: {self.load:.1f}.",
            f"The largest size of which everything ran: {f'`{whole[-1]}`' if whole else 'none'}.",
            *([f"What failed: {'; '.join(failed)}."] if failed else []),
        ]

    def _sizes(self) -> list[str]:
        return [
            "| size | gemeenten | deliveries | files | rows | MB | writing them, s |",
            "| --- | --: | --: | --: | --: | --: | --: |",
            *(
                f"| {one.name} | {one.gemeenten} | {one.deliveries} | {one.files} | {one.rows:,} | {one.size / 1e6:,.0f} | "
                f"{self._written(one.name)} |"
                for one in self.sizes.values()
            ),
        ]

    def _written(self, size: str) -> str:
        return f"{took:.1f}" if (took := self.run(size, "example").seconds) else "kept"

    def _table(self) -> list[str]:
        others = " | ".join(f"× {name}: s, CPU s" for name in OTHERS)
        beyond = f"of a night what it takes more than on `{self.fixed}`, a hundred persons; of `openbaar` its own steps"
        return [
            f"Beyond fixed: {beyond}. Ratios are of that, to the whole of floor, pandas and dbt. Memory is the peak of all together.",
            "",
            f"| size | rows | what | s | CPU s | beyond fixed: s, CPU s | {others} | MiB | largest process | load | |",
            "| --- | --: | --- | --: | --: | --: | --: | --: | --: | --: | --: | --: | --- |",
            *(self._row(one) for one in self.results if one.stage != "example" and one.size in self.sizes),
        ]

    def _row(self, one: Result) -> str:
        run, cells = one.run, [one.size, f"{self.sizes[one.size].rows:,}", LABELS[one.stage]]
        if run.failure:
            return "| " + " | ".join([*cells, *[""] * 9, f"**failed**: {run.failure}"]) + " |"
        beyond = self._beyond(one.size, one.stage) if one.stage in OURS and one.size != self.fixed else None
        cells += [f"{run.seconds:.1f}", f"{run.cpu:.1f}", f"{beyond.seconds:.1f}, {beyond.cpu:.1f}" if beyond else ""]
        cells += [self._ratio(beyond, self.run(one.size, other)) for other in OTHERS]
        cells += [f"{run.memory / MIB:,.0f}", f"{run.largest / MIB:,.0f}", f"{run.load:.1f}", self._said(one)]
        return "| " + " | ".join(cells) + " |"

    def _said(self, one: Result) -> str:
        reading = f"of which reading {json.loads(one.run.out)['reading']:.1f} s" if one.stage in ("floor", "pandas") else ""
        if not one.compared:
            return reading
        cells, different = one.compared
        told = f"**{different:,} of {cells:,} cells differ**" if different or not cells else f"all {cells:,} cells equal"
        return f"{reading}; {told}"

    def _beyond(self, size: str, stage: str) -> Used:
        run = self.run(size, stage)
        if stage == "openbaar":
            own = [run.steps[name] for name in dropwhile(lambda name: name != OPENBAAR_BEGINS, run.steps)]
            return Used(sum(used.seconds for used in own), sum(used.cpu for used in own), run.memory)
        fixed = self.run(self.fixed, stage) if stage in NIGHTS else Run()
        return Used(run.seconds - fixed.seconds, run.cpu - fixed.cpu, run.memory)

    @staticmethod
    def _ratio(beyond: Used | None, other: Run) -> str:
        if not beyond or other.failure:
            return ""
        return f"{beyond.seconds / other.seconds:.1f}, {beyond.cpu / other.cpu:.1f}"

    def _growth(self) -> list[str]:
        """Return the exponents between each two sizes that follow each other, and from the first to the last."""
        grown = [size for size in self.sizes if size not in (self.fixed, "klein")]
        pairs = [*pairwise(grown), *([(grown[0], grown[-1])] if len(grown) > 2 else [])]
        if not pairs:
            return []
        return [
            "How a stage grows with the rows: exponents of seconds, CPU seconds (of ours: beyond fixed) and memory; 1 is linear.",
            "",
            "| what | " + " | ".join(f"{first} → {last}" for first, last in pairs) + " |",
            "| --- |" + " --: |" * len(pairs),
            *(f"| {LABELS[stage]} | " + " | ".join(self._exponents(stage, *pair) for pair in pairs) + " |" for stage in (*OURS, *OTHERS)),
        ]

    def _exponents(self, stage: str, first: str, last: str) -> str:
        if self.run(first, stage).failure or self.run(last, stage).failure:
            return ""
        small, large = self._beyond(first, stage), self._beyond(last, stage)
        rows = math.log(self.sizes[last].rows / self.sizes[first].rows)
        parts: tuple[Callable[[Used], float], ...] = (lambda used: used.seconds, lambda used: used.cpu, lambda used: used.memory)
        return ", ".join(
            f"{math.log(part(large) / part(small)) / rows:.2f}" if min(part(small), part(large)) > 0 else "–" for part in parts
        )

    def _steps(self, stage: str) -> list[str]:
        ran = [size for size in self.sizes if self.run(size, stage).steps]
        if not ran:
            return []
        names = dict.fromkeys(name for size in ran for name in self.run(size, stage).steps)
        return [
            f"| {LABELS[stage]}: s, CPU s, MiB | " + " | ".join(ran) + " |",
            "| --- |" + " --: |" * len(ran),
            *(f"| {name} | " + " | ".join(self._step(self.run(size, stage).steps.get(name)) for size in ran) + " |" for name in names),
            "| loading, and between steps | " + " | ".join(self._step(_outside(self.run(size, stage))) for size in ran) + " |",
        ]

    @staticmethod
    def _step(used: Used | None) -> str:
        if not used:
            return ""
        return f"{used.seconds:.1f}, {used.cpu:.1f}" + (f", {used.memory / MIB:,.0f}" if used.memory else "")

    def _questions(self) -> list[str]:
        names = dict.fromkeys(name for found in self.asked.values() for name in found)
        if not names:
            return []
        return [
            "| question (`docs/vragen/`) on the warehouse, s | " + " | ".join(self.asked) + " |",
            "| --- |" + " --: |" * len(self.asked),
            *(f"| {name} | " + " | ".join(found.get(name, "") for found in self.asked.values()) + " |" for name in names),
        ]


def _outside(run: Run) -> Used:
    steps: Iterator[Used] = iter(run.steps.values())
    seconds, cpu = run.seconds, run.cpu
    for used in steps:
        seconds, cpu = seconds - used.seconds, cpu - used.cpu
    return Used(seconds, cpu, 0)
