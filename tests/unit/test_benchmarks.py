"""The benchmark of nights: what it compares agrees, and a failure is a result that the page names."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import floor
import measured
import night_page
import peer_pandas
import pytest
from measured import Run, Used

from orchestration.example import region
from orchestration.lake import Lake

GEMEENTEN = sorted(region.TWENTE.gemeenten)
MEASURED = "SELECT schooljaar, gemeente_code, indicator, waarde, percentage FROM read_parquet(?) ORDER BY ALL"


@pytest.fixture(scope="module")
def landing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    lake = Lake(tmp_path_factory.mktemp("meer"))
    region.write(lake, share=0.004)
    return lake.landing


def test_floor_and_pandas_agree_in_every_cell(landing: Path, tmp_path: Path):
    floor.as_csv(landing, tmp_path / "csv")
    floor.compute(tmp_path / "csv", GEMEENTEN, tmp_path / "floor.parquet")
    figures, _ = peer_pandas.kerncijfers(landing, GEMEENTEN)
    figures.to_parquet(tmp_path / "pandas.parquet", index=False)
    ours, theirs = (duckdb.execute(MEASURED, [str(tmp_path / f"{name}.parquet")]).fetchall() for name in ("floor", "pandas"))
    assert len(ours) == 4 * (len(GEMEENTEN) + 2) * 82
    assert sum(row[3] or 0 for row in ours) > 1000
    assert [(*row[:4], None if row[4] is None else float(row[4])) for row in ours] == theirs


def python(*lines: str, limit: float = 30) -> Run:
    return measured.run([sys.executable, "-c", "\n".join(lines)], limit)


def test_a_step_has_its_own_seconds_and_memory():
    run = python(
        "import sys, time",
        "for name, size in (('klein', 1), ('groot', 200)):",
        "    print(f'  {name} …', file=sys.stderr, flush=True)",
        "    held = bytearray(b'1') * (size << 20)",
        "    time.sleep(1)",
        "    print(f'  {name}: 1.0 s', file=sys.stderr, flush=True)",
        "    time.sleep(1)",  # a line is heard a moment later
    )
    assert not run.failure
    assert list(run.steps) == ["klein", "groot"]
    assert run.steps["groot"].memory > 150 << 20 > run.steps["klein"].memory
    assert run.largest > 150 << 20
    assert sum(used.seconds for used in run.steps.values()) < run.seconds


def test_what_takes_too_long_is_killed_and_said():
    assert python("import time", "time.sleep(60)", limit=1).failure == "not ready after 1 s"


def test_what_fails_says_its_last_line():
    assert python("raise SystemExit('de schijf is vol')").failure == "exit code 1: de schijf is vol"


def test_what_is_killed_says_by_which_signal():
    assert python("import os", "os.kill(os.getpid(), 9)").failure.startswith("killed by SIGKILL")


def test_nothing_new_is_no_failure():
    assert not python(f"raise SystemExit({measured.NOTHING_NEW})").failure


def page() -> night_page.Page:
    found = night_page.Page(datetime(2026, 1, 1, tzinfo=UTC), 0.5, "klein:0.1")
    for size, rows, seconds in (("klein:0.1", 10, 10.0), ("region", 1000, 30.0), ("vier_regio", 4000, 90.0)):
        found.sizes[size] = night_page.Size(size, 14, 1, 1, rows, 1)
        found.results += [night_page.Result(size, stage, Run(seconds, seconds, 8 << 20, 8 << 20)) for stage in night_page.NIGHTS]
    found.results.append(night_page.Result("region", "floor", Run(10.0, 5.0, 1, 1, out='{"reading": 4}'), (100, 0)))
    found.results.append(night_page.Result("vier_regio", "pandas", Run(failure="killed by SIGKILL")))
    return found


def test_the_page_compares_beyond_the_fixed_part():
    text = page().text()
    assert "| region | 1,000 | second night: nothing new | 30.0 | 30.0 | 20.0, 20.0 | 2.0, 4.0 |" in text
    assert "all 100 cells equal" in text
    # 20 → 80 seconds on four times the rows
    assert "| second night: nothing new | 1.00, 1.00, 0.00 |" in text


def test_the_page_names_what_failed_and_the_largest_that_ran():
    text = page().text()
    assert "The largest size of which everything ran: `region`." in text
    assert "| vier_regio | 4,000 | pandas scripts |  |  |  |  |  |  |  |  |  | **failed**: killed by SIGKILL |" in text


def test_openbaar_is_its_own_steps():
    found = page()
    steps = {"poort: publicatie": Used(5, 5, 1), "openbaar voorbereiden": Used(7, 6, 1), "weergaven maken": Used(1, 1, 1)}
    found.results.append(night_page.Result("region", "openbaar", Run(20.0, 15.0, 1, 1, steps=steps)))
    assert "| publishing `openbaar` | 20.0 | 15.0 | 8.0, 7.0 |" in found.text()


def test_a_cell_that_differs_is_said():
    found = page()
    found.results[-2] = night_page.Result("region", "floor", Run(10.0, 5.0, 1, 1, out='{"reading": 4}'), (100, 3))
    assert "**3 of 100 cells differ**" in found.text()
