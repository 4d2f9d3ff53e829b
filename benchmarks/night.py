"""`python benchmarks/night.py`: compare a night on the region with a floor that computes the same kerncijfers from the same files.

Put here: making the lake, running nights and floor, measuring, writing the page. Keep out: the floor (`floor.py`) and the judgement (the
page states the aims, a person reads it).

The night is `leerplicht run` in its own process: the first reads everything, the second finds nothing new. The floor is one DuckDB
script without checks; its figures must equal the published ones in every cell, or no page is written. It reads XML and workbooks as
CSV; the conversion is not timed. The fixed cost is the same night on a hundred persons: loading Dagster, dbt and Great Expectations, and
running every model, test and gate, at any size.
"""

import argparse
import json
import os
import platform
import re
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import floor

RESULTS = Path(__file__).parent / "results"
LEERPLICHT = Path(sys.executable).with_name("leerplicht")
QUESTIONS = floor.PROJECT / "docs" / "vragen"
STEP = re.compile(r"^ +(?P<name>.+): (?P<seconds>[0-9.]+) s$", re.MULTILINE)
MIB = 1 << 20
HUNDRED = 0.0005  # fraction of the region's persons


@dataclass(frozen=True)
class Run:
    """Measurements of a process: wall and CPU seconds, and the peak resident size of it and its children, in bytes."""

    seconds: float
    cpu: float
    peak: int
    code: int
    out: str
    errors: str

    @property
    def steps(self) -> dict[str, float]:
        """Return the seconds per step of a night, from its output."""
        return {found["name"]: float(found["seconds"]) for found in STEP.finditer(self.errors)}


def run(*command: str, environment: dict[str, str] | None = None) -> Run:
    """Measure a command as the only child of a separate process, so the peak is that of this command alone.

    Raises:
        RuntimeError: The command failed; with its output.
    """
    wrapped = [sys.executable, __file__, "--measure", *command]
    told = subprocess.run(wrapped, capture_output=True, text=True, check=True, env=environment)  # noqa: S603 – our own commands
    done = Run(**json.loads(told.stdout))
    if done.code:
        raise RuntimeError(done.errors)
    return done


def measure(command: list[str]) -> dict[str, Any]:
    """Run a command as this process's only child."""
    began = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 – our own commands
    seconds, used = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    peak = used.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    found = {"seconds": seconds, "cpu": used.ru_utime + used.ru_stime, "peak": peak}
    return found | {"code": done.returncode, "out": done.stdout, "errors": done.stderr}


def example(lake: Path, share: float) -> Run:
    """Write the region's deliveries, or a part of them."""
    return run(sys.executable, __file__, "--example", str(lake), str(share))


def night(lake: Path, gemeenten: list[str]) -> Run:
    """Run a night on a lake; it must publish."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LEERPLICHT_")}
    settings = {"LEERPLICHT_LAKE": str(lake), "LEERPLICHT_KEY_FILE": str(lake.with_suffix(".sleutel"))}
    # `openbaar` is published once a month and has its own benchmark
    own = {"LEERPLICHT_GEMEENTEN": ",".join(gemeenten), "LEERPLICHT_OPENBAAR": "op_verzoek"}
    return run(str(LEERPLICHT), "run", environment=kept | settings | own)


def questions(root: Path) -> dict[str, str]:
    """Return the seconds of each analysts' question on the last night, with the previous night attached, or why it failed."""
    import duckdb

    from orchestration.lake import Lake
    from orchestration.warehouse import nights, read

    lake, found = Lake(root), {}
    before = lake.warehouse_night(min(night.name for night in nights.nights(lake)))
    for path in sorted(QUESTIONS.glob("*.sql")):
        with read.opened(lake, before) as connection:
            began = time.perf_counter()
            try:
                connection.execute(path.read_text(encoding="utf-8")).fetchall()
            except duckdb.Error as problem:
                found[path.stem] = f"– ({type(problem).__name__})"
            else:
                found[path.stem] = f"{time.perf_counter() - began:.2f}"
    return found


def everything(folder: Path, share: float) -> str:
    """Make the lakes, run everything, and return the page."""
    from orchestration.example.region import TWENTE

    lake, small, figures = folder / "meer", folder / "klein", folder / "figures.parquet"
    gemeenten, load = sorted(TWENTE.gemeenten), os.getloadavg()[0]
    example(small, HUNDRED)
    runs = {"example": example(lake, share), "fixed": night(small, gemeenten)}
    runs |= {"first": night(lake, gemeenten), "second": night(lake, gemeenten)}
    floor.as_csv(lake / "landing", folder / "csv")
    runs["floor"] = run(sys.executable, floor.__file__, str(folder / "csv"), ",".join(gemeenten), str(figures))
    cells, different = floor.differences(lake / "published" / "intern" / "current" / "kerncijfers.parquet", figures)
    if different:
        raise RuntimeError(f"{different} of {cells} cells of the floor differ from the published ones")
    return "\n".join([*_head(lake, load), *_measured(runs, cells), *_steps(runs), *_asked(questions(lake)), ""])


def _head(lake: Path, load: float) -> list[str]:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)
    manifests = [json.loads(path.read_bytes()) for path in lake.glob("landing/*/*/levering.json")]
    files = [path for path in lake.glob("landing/*/*/*") if path.name != "levering.json"]
    rows = sum(file["rijen"] for manifest in manifests for file in manifest["bestanden"])
    size = sum(path.stat().st_size for path in files) / 1e6
    machine = f"{os.cpu_count()} cores, {memory:.0f} GiB memory, Python {platform.python_version()}"
    return [
        *(f"# A night on the region, {datetime.now(UTC).date()}", ""),
        *(f"{machine}. Load of the machine when it began: {load:.1f}.", ""),
        *(f"14 gemeenten, four schooljaren: {len(manifests)} deliveries, {len(files)} files, {rows:,} rows, {size:.0f} MB.", ""),
    ]


def _measured(runs: dict[str, Run], cells: int) -> list[str]:
    told = json.loads(runs["floor"].out)

    def row(name: str, label: str, aim: str) -> str:
        done, fixed = runs[name], runs["fixed"]
        beyond, used = done.seconds - fixed.seconds, done.cpu - fixed.cpu
        compared = f"{beyond:.1f} | {beyond / told['seconds']:.1f} | {used / runs['floor'].cpu:.1f}" if aim else " | | "
        return f"| {label} | {done.seconds:.1f} | {done.cpu:.1f} | {compared} | {aim} | {done.peak / MIB:.0f} |"

    parts = f"{told['reading']:.1f} s for reading, the rest for computing"
    return [
        "| | s | CPU s | s beyond fixed | × floor | × floor, of CPU s | aim | peak MiB (aim: < 2,048) |",
        "| --- | --: | --: | --: | --: | --: | --: | --: |",
        row("first", "first night: everything is read", "≤ 3"),
        row("second", "second night: nothing new", "rebuild only"),
        row("fixed", "fixed: the first night of a hundred persons", ""),
        row("floor", "floor: one DuckDB script, its process", ""),
        row("example", "writing the example", ""),
        "",
        f"The floor itself takes {told['seconds']:.1f} s: {parts}. All {cells:,} cells of `kerncijfers` are equal in both.",
        "",
    ]


def _steps(runs: dict[str, Run]) -> list[str]:
    first, second, fixed = (runs[name].steps for name in ("first", "second", "fixed"))
    rows = [f"| {name} | {seconds:.1f} | {second.get(name, 0):.1f} | {fixed.get(name, 0):.1f} |" for name, seconds in first.items()]
    outside = [runs[name].seconds - sum(runs[name].steps.values()) for name in ("first", "second", "fixed")]
    last = "| loading, and everything between steps | " + " | ".join(f"{seconds:.1f}" for seconds in outside) + " |"
    return ["| step | first night, s | second night, s | fixed, s |", "| --- | --: | --: | --: |", *rows, last, ""]


def _asked(asked: dict[str, str]) -> list[str]:
    if not asked:
        return []
    return [
        "| question (`docs/vragen/`) on this warehouse | s |",
        "| --- | --: |",
        *(f"| {name} | {took} |" for name, took in asked.items()),
    ]


def main() -> None:
    """Measure, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--share", type=float, default=1.0, help="how much of the region")
    parser.add_argument("--out", type=Path, default=RESULTS / f"night-{datetime.now(UTC).date()}.md")
    parser.add_argument("--measure", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    parser.add_argument("--example", nargs=2, metavar=("LAKE", "SHARE"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.measure:
        sys.stdout.write(json.dumps(measure(asked.measure)))
    elif asked.example:
        from orchestration.example import region
        from orchestration.lake import Lake

        region.write(Lake(Path(asked.example[0])), share=float(asked.example[1]))
    else:
        with tempfile.TemporaryDirectory(prefix="nacht-") as made:
            page = everything(Path(made), asked.share)
        asked.out.parent.mkdir(parents=True, exist_ok=True)
        asked.out.write_text(page, encoding="utf-8")
        sys.stdout.write(page)


if __name__ == "__main__":
    main()
