"""`python benchmarks/openbaar.py`: time, memory and loss of protecting `openbaar`, on four sizes of the example.

For each size a lake is made and a night is run (minutes; `--lakes` keeps them for a next time). Measured is what `openbaar` adds to it:
choosing what is shown, with its proof, and checking that proof. Each size has a process of its own. The ratios in one run say something;
seconds depend on the machine, and on what else it does: seconds of CPU less so.
"""

import argparse
import json
import math
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from orchestration.publication.disclosure.proof import Evidence

RESULTS = Path(__file__).parent / "results"
LEERPLICHT = Path(sys.executable).parent / "leerplicht"
SIZES = {"klein": "2 × 2", "zes_jaar": "2 × 6", "region": "14 × 4", "tien_jaar": "14 × 10"}
WIDE = ("region", "tien_jaar")


def main() -> None:
    """Make the lakes that are missing, measure, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lakes", type=Path, help="where the lakes are kept; otherwise they are thrown away")
    parser.add_argument("--sizes", nargs="+", choices=SIZES, default=list(SIZES))
    parser.add_argument("--out", type=Path, default=RESULTS / f"openbaar-{datetime.now(UTC).date()}.md")
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.measure:
        sys.stdout.write(json.dumps(measure(asked.measure)))
        return
    with tempfile.TemporaryDirectory(prefix="openbaar-") as made:
        folder = asked.lakes or Path(made)
        measured = {size: run(night(folder / size, size)) for size in asked.sizes}
    page = table(measured)
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    asked.out.write_text(page, encoding="utf-8")
    sys.stdout.write(page)


def environment(lake: Path, size: str) -> dict[str, str]:
    """Return the settings of a night on a lake."""
    from orchestration.example.region import TWENTE

    kept = {name: value for name, value in os.environ.items() if not name.startswith("LEERPLICHT_")}
    own = {"LEERPLICHT_LAKE": str(lake), "LEERPLICHT_KEY_FILE": str(lake.with_suffix(".sleutel")), "LEERPLICHT_OPENBAAR": "op_verzoek"}
    return kept | own | ({"LEERPLICHT_GEMEENTEN": ",".join(sorted(TWENTE.gemeenten))} if size in WIDE else {})


def night(lake: Path, size: str) -> Path:
    """Make a lake with a release of `intern`, unless it is there."""
    if not (lake / "published" / "intern" / "current").exists():
        for command in (["example", "--size", size], ["run"]):
            subprocess.run([LEERPLICHT, *command], env=environment(lake, size), check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    return lake


def run(lake: Path) -> dict[str, Any]:
    """Measure in a process of its own."""
    command = [sys.executable, __file__, "--measure", lake]
    done = subprocess.run(command, env=environment(lake, lake.name), check=True, capture_output=True)  # noqa: S603 – our own command
    made: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])  # HiGHS may print lines before it
    return made


def measure(root: Path) -> dict[str, Any]:
    """Protect and check the lake's figures; return seconds, memory and losses."""
    from orchestration.deliveries.pseudonym import lasting, load_key
    from orchestration.lake import Lake
    from orchestration.publication import candidate
    from orchestration.publication.disclosure import openbaar, parallel, proof, report
    from orchestration.settings import Settings

    settings, lake = Settings(), Lake(root)
    key = lasting(load_key(settings.key_file, lake))
    candidate.begin(lake, "openbaar")
    began = spent()
    folder = openbaar.build_candidate(lake, settings, key)
    chosen = spent()
    proof.check(folder, lake.proof_candidate)
    checked = spent()
    own, others = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    values: list[int] = []
    losses = report.losses(with_values(proof.evidence(folder, lake.proof_candidate), values))
    signs = {sign: sum(loss.signs[sign] for loss in losses.values()) for loss in losses.values() for sign in loss.signs}
    rounded = signs.get("afgerond", 0)
    return {
        "cells": len(values),
        "small": sum(0 < value < settings.suppression_threshold for value in values),
        "choose": chosen[0] - began[0],
        "check": checked[0] - chosen[0],
        "choose_cpu": chosen[1] - began[1],
        "check_cpu": checked[1] - chosen[1],
        "memory": (own + parallel.PROCESSES * others) / 1024,
        "shown": sum(signs.values()),
        "hidden": signs.get("onderdrukt_secundair", 0),
        "rounded": rounded,
        "away": sum(loss.away for loss in losses.values()) / rounded,
        "regio": losses["regio"].near / losses["regio"].signs["afgerond"],
        "lost": len({cell for cell, _, kept in proof.summary_of(lake.proof_candidate)["al_openbaar"] if kept}),
    }


def spent() -> tuple[float, float]:
    """Return the time, and the seconds of CPU that this process and those it started have used."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return time.perf_counter(), sum(one.ru_utime + one.ru_stime for one in used)


def with_values(years: "Iterable[Evidence]", values: list[int]) -> "Iterator[Evidence]":
    """Yield years, and note their counts on the way: a year at a time is in memory."""
    for year in years:
        values += year.view.values.values()
        yield year


def table(measured: dict[str, dict[str, Any]]) -> str:
    """Return the page."""
    sizes = list(measured)
    rows = [
        ("counts", lambda one: f"{one['cells']:,}"),
        ("of which small", lambda one: f"{one['small']:,}"),
        ("choosing and proving, s", lambda one: f"{one['choose']:.1f}"),
        ("the same, s of CPU", lambda one: f"{one['choose_cpu']:.1f}"),
        ("checking the proof, s", lambda one: f"{one['check']:.1f}"),
        ("the same, s of CPU", lambda one: f"{one['check_cpu']:.1f}"),
        ("peak memory of all processes together, at most, MB", lambda one: f"{one['memory']:.0f}"),
        ("filled counts hidden (`x`)", lambda one: f"{one['hidden']:,} ({100 * one['hidden'] / one['shown']:.2f} %)"),
        ("filled counts rounded", lambda one: f"{one['rounded']:,} ({100 * one['rounded'] / one['shown']:.0f} %)"),
        ("mean distance of a rounded count", lambda one: f"{one['away']:.2f}"),
        ("rounded counts of the regio within 5 of the truth", lambda one: f"{100 * one['regio']:.1f} %"),
        ("small counts that were public already", lambda one: str(one["lost"])),
    ]
    lines = [
        f"# Protecting `openbaar`, {datetime.now(UTC).date()}",
        "",
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the end.",
        "",
    ]
    lines += ["| | " + " | ".join(SIZES[size] for size in sizes) + " |", "| --- |" + " ---: |" * len(sizes)]
    lines += [f"| {name} | " + " | ".join(text(measured[size]) for size in sizes) + " |" for name, text in rows]
    return "\n".join([*lines, "", f"CPU against counts: exponent {exponent(list(measured.values())):.2f}.", ""])


def exponent(measured: Sequence[dict[str, Any]]) -> float:
    """Return the exponent of CPU (without the cost of starting) against counts, by least squares on logarithms."""
    points = [(math.log(one["cells"]), math.log(one["choose_cpu"] + one["check_cpu"])) for one in measured]
    x, y = (sum(values) / len(points) for values in zip(*points, strict=True))
    return sum((a - x) * (b - y) for a, b in points) / (sum((a - x) ** 2 for a, _ in points) or math.nan)


if __name__ == "__main__":
    main()
