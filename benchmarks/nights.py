"""`python benchmarks/nights.py`: many nights in a row on a small lake; what each one takes and leaves, in a table.

The nights run in one process, as in a daemon, so that memory and open files show what a night does not give back. The first reads a small
region; then a mutatie comes each night, most with new meldingen, some with corrections. Now and then a delivery is refused, the gate of the
warehouse is red, nothing comes, or somebody looks back. What is past its period is removed every night.

Each night is a day after the one before it, by our own clock (`orchestration.clock`); the files of a night get the time of that night. So
what is kept for a number of days goes as it would. Dagster and dbt have the clock of the machine; of theirs a number is kept.

Put here: making the nights, measuring, writing the page. Keep out: the judgement (a person reads the page).
"""

import argparse
import gc
import os
import resource
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

PROJECT = Path(__file__).parents[1]
sys.path[:0] = [str(PROJECT), str(PROJECT / "tests" / "unit")]

from leveringen import Landing, melding  # noqa: E402 – the builders of the tests

from orchestration import clock, night  # noqa: E402
from orchestration.example import region  # noqa: E402
from orchestration.example.region import Extent  # noqa: E402
from orchestration.warehouse import build  # noqa: E402

RESULTS = Path(__file__).parent / "results"
FIRST = datetime.fromisoformat("2025-09-01T02:00:00+02:00")
FRESH = 20  # new meldingen in a night
LAST = 30  # nights over which growth is measured
FOLDERS = {
    "landing": ("landing",),
    "data": ("lake", "quarantine", "auditlog"),
    "published": ("published",),
    "warehouse": ("warehouse",),
    "herkomst": ("werk/herkomst",),
    "look backs": ("werk/zoals-bekend",),
    "dagster": ("werk/dagster",),
    "dbt": ("werk/dbt",),
    "other": ("werk",),
}
LOOK_BACK = "growth, look back"
ORDINARY = ("growth", "correction")  # nights that do the same, so that their seconds can be compared
KIB, MIB = 1 << 10, 1 << 20

EXPLAINED = """Two grow with what is delivered: `data` (rows, the ledger, the audit log) and `published` (a release for each night with new
figures). `warehouse` and `herkomst` hold seven nights, with all rows in each, so they grow with the rows; a red gate leaves its build until
the next night. Originals in `landing` and look backs go after 30 days, and of `dagster` 30 runs are kept. `other` is filling: records of
400 runs and 8 MB of logs. When the period of a person ends, as in the last of sixty nights, every earlier warehouse and look back goes.
What `orchestration/housekeeping.py` keeps, and how long, is in docs/nacht.md."""


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
    every = {11: LOOK_BACK, 10: "red gate", 9: "nothing came", 7: "refused delivery", 4: "correction"}
    return "first" if number == 1 else next((kind for step, kind in every.items() if number % step == 0), "growth")


def date_of(number: int) -> datetime:
    """Return when a night begins."""
    return FIRST + timedelta(days=number)


def of_many(number: int, **values: str) -> dict[str, str]:
    """Return one of many meldingen, which differ in what indicators count."""
    begin = date(2024, 9, 1) + timedelta(days=number * 7 % 270)
    dates = {"DATUM_BEGIN": begin, "DATUM_EINDE": begin + timedelta(days=number % 40), "DATUM_MELDING": begin + timedelta(days=3)}
    kinds = {"VERZUIMSOORT": ("V3", "V3", "LRV", "L", "O", "V3", "LRV")[number % 7], "STATUS": "RBGK"[number % 4]}
    return melding(number, **kinds, **{name: day.isoformat() for name, day in dates.items()}, **values)


def deliver(landing: Landing, number: int, kind: str) -> None:
    """Write what comes in a night."""
    rows = [of_many(number * FRESH + place) for place in range(FRESH)]
    if kind == "correction":
        rows = [of_many((number - 1) * FRESH + place, UREN="20", DATUM_LAATSTE_MUTATIE="2025-03-02") for place in range(FRESH)]
    if kind == "refused delivery":
        rows = [row | {"BRIN": "?"} for row in rows]
    if kind != "nothing came":
        landing.meldingen(f"nacht-{number:03d}", rows, kennisdatum=date_of(number).isoformat())


def red(settings: Any, path: Path) -> Any:
    """Build a warehouse in which a key is not unique."""
    import duckdb

    results = BUILD(settings, path)
    with duckdb.connect(str(path)) as connection:
        connection.execute("insert into kern.jongere select * from kern.jongere limit 1")
    return results


BUILD = build.build
SETTINGS: dict[str, Any] = {"openbaar": "op_verzoek", "purge": "elke_nacht"}


def measure(landing: Landing, number: int) -> Measured:
    """Run one night."""
    kind = kind_of(number)
    if kind == "first":
        region.write(landing.lake, Extent({"0164": 82, "0147": 24}, 2023, 2024, 60))
    deliver(landing, number, kind)
    began, before = time.time(), _cpu()
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak starts anew
    later = date_of(number) - datetime.now(UTC)
    with (
        mock.patch.object(clock, "now", lambda: datetime.now(UTC) + later),
        mock.patch.object(build, "build", red if kind == "red gate" else BUILD),
    ):
        outcome = night.run(landing.settings(**SETTINGS))
        if kind == LOOK_BACK and outcome.published:
            outcome = night.run(landing.settings(**SETTINGS, known_at=date_of(number - 1)))
    used = _cpu() - before
    gc.collect()
    _date(landing.lake.root, began, date_of(number).timestamp())
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines())
    resident, peak = (int(status[name].split()[0]) // KIB for name in ("VmRSS", "VmHWM"))
    handles = len(list(Path("/proc/self/fd").iterdir())) - 1
    return Measured(number, kind, str(outcome.afloop), used, resident, peak, handles, dict(_disk(landing.lake.root)))


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _date(root: Path, since: float, moment: float) -> None:
    """Give what was written since a real time the time of its night."""
    for path in root.rglob("*"):
        if path.lstat().st_mtime >= since:
            os.utime(path, (moment, moment), follow_symlinks=False)


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
    lines += [f"{os.cpu_count()} cores, Python {sys.version.split()[0]}, one process. Load of the machine when it began: {load:.1f}."]
    lines += [f"Each night is a day after the one before it, from {date_of(1).date()} on.", ""]
    lines += ["| " + " | ".join(head) + " |", "| --: | --- | --- |" + " --: |" * (len(head) - 3)]
    for one in nights:
        figures = (f"{one.cpu:.1f}", one.resident, one.peak, one.handles, *(f"{size:,}" for size in one.disk.values()))
        lines.append("| " + " | ".join(map(str, (one.number, one.kind, one.ended, *figures))) + " |")
    return "\n".join([*lines, *growth(nights[-LAST:]), ""])


def growth(nights: list[Measured]) -> list[str]:
    """Return what one night more adds, as a table: the slopes of straight lines through nights."""
    if len(nights) < LAST:
        return []
    ordinary = [one for one in nights if one.kind in ORDINARY]
    of_process = {"resident MiB": "resident", "peak MiB": "peak", "open files": "handles"}
    series = {
        f"CPU s ({len(ordinary)} nights with only growth or a correction)": [(one.number, one.cpu) for one in ordinary],
        **{name: [(one.number, float(getattr(one, field))) for one in nights] for name, field in of_process.items()},
        **{f"{name} KiB": [(one.number, float(one.disk[name])) for one in nights] for name in FOLDERS},
    }
    lines = ["", f"## Growth per night, over the last {LAST}", "", "| | a night more | lowest | highest |", "| --- | --: | --: | --: |"]
    for name, points in series.items():
        numbers, values = zip(*points, strict=True)
        slope = statistics.linear_regression(numbers, values).slope
        lines.append(f"| {name} | {slope:+,.2f} | {min(values):,.1f} | {max(values):,.1f} |")
    return [*lines, "", *EXPLAINED.split("\n")]


def main() -> None:
    """Run the nights; the page is written anew after each one."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, help="where the lake comes; it must not exist")
    parser.add_argument("--nights", type=int, default=60)
    parser.add_argument("--out", type=Path, default=RESULTS / f"nights-{datetime.now(UTC).date()}.md", help="the page")
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True)
    gc.set_threshold(200_000, 20, 100)  # as the command line has it
    landing, load, done = Landing(asked.folder.resolve()), os.getloadavg()[0], list[Measured]()
    for number in range(1, asked.nights + 1):
        done.append(measure(landing, number))
        asked.out.write_text(page(done, load), encoding="utf-8")


if __name__ == "__main__":
    main()
