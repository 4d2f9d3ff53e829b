"""`python benchmarks/nights.py`: many nights in a row on a small lake; what each one takes and leaves, in a table.

The nights run in one process, as in a daemon, so that memory and open files show what a night does not give back. The first reads a small
region; then a mutatie comes each night, most with new meldingen, some with corrections. Now and then a delivery is refused, the gate of the
warehouse is red, or nothing comes.

Put here: making the nights, measuring, writing the page. Keep out: the judgement (a person reads the page).
"""

import argparse
import gc
import os
import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

PROJECT = Path(__file__).parents[1]
sys.path[:0] = [str(PROJECT), str(PROJECT / "tests" / "unit")]

from leveringen import Landing, melding, to_csv  # noqa: E402 – the builders of the tests

from orchestration import night  # noqa: E402
from orchestration.example import region  # noqa: E402
from orchestration.example.region import Extent  # noqa: E402
from orchestration.warehouse import build  # noqa: E402

RESULTS = Path(__file__).parent / "results"
FIRST = datetime.fromisoformat("2025-09-01T02:00:00+02:00")
FRESH = 20  # new meldingen in a night
FOLDERS = {
    "data": ("landing", "lake", "quarantine", "auditlog"),
    "published": ("published",),
    "warehouse": ("warehouse",),
    "herkomst": ("werk/herkomst",),
    "dagster": ("werk/dagster",),
    "dbt": ("werk/dbt",),
    "other": ("werk",),
}
KIB, MIB = 1 << 10, 1 << 20


@dataclass(frozen=True)
class Measured:
    """One night: what it was, how it ended, CPU seconds, resident and peak MiB, open files, KiB on disk by folder."""

    number: int
    kind: str
    ended: str
    cpu: float
    resident: int
    peak: int
    handles: int
    disk: dict[str, int]


def kind_of(number: int) -> str:
    """Return what happens in a night."""
    every = {10: "red gate", 9: "nothing came", 7: "refused delivery", 4: "correction"}
    return "first" if number == 1 else next((kind for step, kind in every.items() if number % step == 0), "growth")


def deliver(landing: Landing, number: int, kind: str) -> None:
    """Write what comes in a night."""
    when = FIRST + timedelta(days=number)
    rows = [melding(number * FRESH + place) for place in range(FRESH)]
    if kind == "correction":
        rows = [melding((number - 1) * FRESH + place, UREN="20", DATUM_LAATSTE_MUTATIE="2025-03-02") for place in range(FRESH)]
    if kind == "refused delivery":
        rows = [row | {"BRIN": "?"} for row in rows]
    if kind != "nothing came":
        landing.write(f"nacht-{number:03d}", {"verzuimmeldingen.csv": to_csv(rows)}, rijen=len(rows), kennisdatum=when.isoformat())


def red(settings: Any, path: Path) -> Any:
    """Build a warehouse in which a key is not unique."""
    import duckdb

    results = BUILD(settings, path)
    with duckdb.connect(str(path)) as connection:
        connection.execute("insert into kern.jongere select * from kern.jongere limit 1")
    return results


BUILD = build.build


def measure(landing: Landing, number: int) -> Measured:
    """Run one night."""
    kind = kind_of(number)
    if kind == "first":
        region.write(landing.lake, Extent({"0164": 82, "0147": 24}, 2023, 2024, 60))
    deliver(landing, number, kind)
    began = _cpu()
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak starts anew
    with mock.patch.object(build, "build", red if kind == "red gate" else BUILD):
        outcome = night.run(landing.settings(openbaar="op_verzoek"))
    used = _cpu() - began
    gc.collect()
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines())
    resident, peak = (int(status[name].split()[0]) // KIB for name in ("VmRSS", "VmHWM"))
    handles = len(list(Path("/proc/self/fd").iterdir())) - 1
    return Measured(number, kind, outcome.reason or "published", used, resident, peak, handles, dict(_disk(landing.lake.root)))


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + used.ru_utime + used.ru_stime


def _disk(root: Path) -> Iterator[tuple[str, int]]:
    rest = 0
    for name, folders in FOLDERS.items():
        size = sum(path.lstat().st_size for folder in folders for path in (root / folder).rglob("*") if path.is_file())
        rest += size if folders[0].startswith("werk/") else 0
        yield name, (size - rest if name == "other" else size) // KIB


def page(nights: list[Measured], load: float) -> str:
    """Return the results as a page."""
    head = ["night", "what came", "ended", "CPU s", "resident MiB", "peak MiB", "open files", *(f"{name} KiB" for name in FOLDERS)]
    lines = [f"# {len(nights)} nights in a row, {datetime.now(UTC).date()}", ""]
    lines += [f"{os.cpu_count()} cores, Python {sys.version.split()[0]}, one process. Load of the machine when it began: {load:.1f}.", ""]
    lines += ["| " + " | ".join(head) + " |", "| --: | --- | --- |" + " --: |" * (len(head) - 3)]
    for one in nights:
        ended = "published" if one.ended == "published" else "red" if one.kind == "red gate" else one.ended
        figures = (f"{one.cpu:.1f}", one.resident, one.peak, one.handles, *(f"{size:,}" for size in one.disk.values()))
        lines.append("| " + " | ".join(map(str, (one.number, one.kind, ended, *figures))) + " |")
    return "\n".join([*lines, ""])


def main() -> None:
    """Run the nights; the page is written anew after each one."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, help="where the lake comes; it must not exist")
    parser.add_argument("--nights", type=int, default=60)
    parser.add_argument("--out", type=Path, default=RESULTS / f"nights-{datetime.now(UTC).date()}.md")
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True)
    gc.set_threshold(200_000, 20, 100)  # as the command line has it
    landing, load, done = Landing(asked.folder.resolve()), os.getloadavg()[0], list[Measured]()
    for number in range(1, asked.nights + 1):
        done.append(measure(landing, number))
        asked.out.write_text(page(done, load), encoding="utf-8")


if __name__ == "__main__":
    main()
