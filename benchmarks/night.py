"""`python benchmarks/night.py [size …]`: nights on several sizes, beside a floor, pandas and bare dbt on the same files, in one run.

A size is one of `leerplicht example --size`, or a part of one: `region:0.01` has a hundredth of its persons. On each size:

- three nights, `leerplicht run` in its own process: the first reads everything, the second finds nothing new, the third a small delivery;
- `openbaar`, by `leerplicht publish --zone openbaar`;
- the floor: one DuckDB script without checks (`floor.sql`), with XML and workbooks as CSV (the conversion is not timed);
- pandas: what a data team of a gemeente writes today (`peer_pandas.py`), from the files as they came;
- dbt: a bare `dbt build` of the same models and tests, on the lake that the night read, without gates and publication.

The kerncijfers of floor and pandas must equal the published ones in every cell, else the exit code is 1. They trust the files, so they
do not run on `klein`, which consists of irregular cases. The fixed cost is the same on a hundred persons: loading Dagster, dbt and Great
Expectations, and running every model, test and gate.

A failure (memory, disk, time) is a result: the page names it, that stage is skipped on larger sizes, and everything else goes on. The
page is written after every stage.

Put here: sizes and stages. Keep out: measuring (`measured.py`), the page (`night_page.py`), and the judgement (a person reads the page).
"""

import argparse
import csv
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import floor
import measured
import night_page
import peer_pandas
from measured import Run
from night_page import Result, Size

RESULTS = Path(__file__).parent / "results"
BIN = Path(sys.executable).parent
DBT_PROJECT = floor.PROJECT / "dbt_project"
QUESTIONS = floor.PROJECT / "docs" / "vragen"
FIXED = "region:0.0005"  # a hundred persons
SIZES = ("klein", "region", "vier_regio", "acht_regio")
SMALL = 200  # rows of a small delivery


def extent(name: str) -> Any:
    """Return the extent of a size, without its share; None for `klein`, which has its own generator."""
    from orchestration.example import region

    known = {
        "zes_jaar": lambda: region.SIX_YEARS,
        "region": lambda: region.TWENTE,
        "tien_jaar": lambda: region.TEN_YEARS,
        "vier_regio": lambda: region.times(4),
        "acht_regio": lambda: region.times(8),
        "nation": region.nation,
    }
    return known[name]() if name != "klein" else None


@dataclass(frozen=True)
class Bench:
    """One size, in a folder of its own.

    Args:
        name: The size as it was asked.
        made: The folder with its deliveries, `landing`, which is not changed.
        folder: A folder for everything else.
        limit: Seconds that a command may take.
    """

    name: str
    made: Path
    folder: Path
    limit: float

    @property
    def lake(self) -> Path:
        """The lake: the same files, in its own landing."""
        return self.folder / "meer"

    @cached_property
    def gemeenten(self) -> list[str]:
        """The gemeenten that are served; none: the default."""
        found = extent(self.name.partition(":")[0])
        return sorted(found.gemeenten) if found else []

    @property
    def environment(self) -> dict[str, str]:
        """The settings of a night."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LEERPLICHT_")}
        own = {"LEERPLICHT_LAKE": str(self.lake), "LEERPLICHT_KEY_FILE": str(self.folder / "sleutel"), "LEERPLICHT_OPENBAAR": "op_verzoek"}
        return kept | own | ({"LEERPLICHT_GEMEENTEN": ",".join(self.gemeenten)} if self.gemeenten else {})

    @property
    def published(self) -> Path:
        """The kerncijfers of the first night, kept beside the lake."""
        return self.folder / "kerncijfers.parquet"

    def prepare(self) -> Run:
        """Generate the deliveries, unless they are there."""
        if (self.made / "landing").is_dir():
            return Run()
        unfinished = self.made.with_name(f"{self.made.name}.onaf")
        shutil.rmtree(unfinished, ignore_errors=True)
        done = measured.run([sys.executable, __file__, "--example", self.name, unfinished], self.limit)
        if not done.failure:
            unfinished.rename(self.made)
        return done

    def first(self) -> Run:
        """Run the first night."""
        shutil.copytree(self.made / "landing", self.lake / "landing", copy_function=os.link)
        done = self.second()
        if not done.failure:
            shutil.copy(self.lake / "published" / "intern" / "current" / "kerncijfers.parquet", self.published)
        return done

    def second(self) -> Run:
        """Run a night with nothing new."""
        return measured.run([BIN / "leerplicht", "run"], self.limit, self.environment)

    def small(self) -> Run:
        """Run a night with one small delivery: changes of meldingen, made from DUO's last."""
        newest = max(self.made.glob("landing/duo/*/verzuimmeldingen.csv"))
        last = max(json.loads(path.read_bytes())["kennisdatum"] for path in self.made.glob("landing/duo/*/levering.json"))
        known = datetime.fromisoformat(last) + timedelta(days=1)
        path = self.folder / newest.name
        with newest.open(encoding="cp1252", newline="") as given, path.open("w", encoding="cp1252", newline="") as file:
            rows = [row for row, _ in zip(csv.reader(given, delimiter=";"), range(SMALL + 1), strict=False)]
            day = rows[0].index("DATUM_LAATSTE_MUTATIE")
            csv.writer(file, delimiter=";").writerows([rows[0], *([*row[:day], f"{known:%Y%m%d}", *row[day + 1 :]] for row in rows[1:])])
        deliver = ["deliver", "duo", path, "--aard", "mutatie", "--kennisdatum", known.isoformat()]
        delivered = measured.run([BIN / "leerplicht", *deliver], self.limit, self.environment)
        return delivered if delivered.failure else self.second()

    def openbaar(self) -> Run:
        """Publish the public release."""
        return measured.run([BIN / "leerplicht", "publish", "--zone", "openbaar"], self.limit, self.environment)

    def floor(self) -> Run:
        """Run the floor, on the files as CSV."""
        floor.as_csv(self.made.resolve() / "landing", self.folder / "csv")
        return self._peer(floor.__file__, self.folder / "csv", "floor")

    def pandas(self) -> Run:
        """Run the pandas scripts, on the files as they came."""
        return self._peer(peer_pandas.__file__, self.made / "landing", "pandas")

    def _peer(self, script: str, landing: Path, name: str) -> Run:
        return measured.run([sys.executable, script, landing, ",".join(self.gemeenten), self.folder / f"{name}.parquet"], self.limit)

    def dbt(self) -> Run:
        """Run dbt alone, with its project parsed before, as it is on most days."""
        places = ["--target-path", self.folder / "dbt", "--log-path", self.folder / "dbt"]
        parsed = measured.run([BIN / "dbt", "--quiet", "parse", *places], self.limit, self.environment, DBT_PROJECT)
        building = [BIN / "dbt", "--quiet", "build", "--exclude-resource-type", "unit_test", *places]
        return parsed if parsed.failure else measured.run(building, self.limit, self.environment, DBT_PROJECT)

    def described(self) -> Size:
        """Return what the deliveries hold."""
        manifests = [json.loads(path.read_bytes()) for path in self.made.glob("landing/*/*/levering.json")]
        files = [path for path in self.made.glob("landing/*/*/*") if path.name != "levering.json"]
        return Size(
            name=self.name,
            gemeenten=len(self.gemeenten) or 2,
            deliveries=len(manifests),
            files=len(files),
            rows=sum(file["rijen"] for manifest in manifests for file in manifest["bestanden"]),
            size=sum(path.stat().st_size for path in files),
        )

    def questions(self) -> dict[str, str]:
        """Return the seconds of each analysts' question on the last night, with the first one attached, or why it failed."""
        import time

        import duckdb

        from orchestration.lake import Lake
        from orchestration.warehouse import nights, read

        lake, found = Lake(self.lake), {}
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


PEERS = ("floor", "pandas")
NEEDS = {"second": "first", "small": "first", "openbaar": "first", "dbt": "first"}


def stages(name: str) -> tuple[str, ...]:
    """Return the stages of a size; floor and pandas only where their trust in the files is right."""
    if name == FIXED:  # too few persons for every schooljaar, without which nothing is public
        return night_page.NIGHTS
    return (*night_page.NIGHTS, "openbaar", *(() if name == "klein" else PEERS), "dbt")


def on_one_size(bench: Bench, failed: Mapping[str, str]) -> Iterator[Result]:
    """Yield the result of each stage on a size.

    Args:
        bench: The size.
        failed: The size on which a stage failed before.
    """
    done = bench.prepare()
    yield Result(bench.name, "example", done)
    failures = dict(failed) | (dict.fromkeys(stages(bench.name), "this size: there are no deliveries") if done.failure else {})
    for stage in stages(bench.name):
        before = failures.get(stage) or failures.get(NEEDS.get(stage, ""))
        if before:
            yield Result(bench.name, stage, Run(failure=f"not tried, after {before}"))
            continue
        try:
            ended = getattr(bench, stage)()
        except OSError as problem:  # a full disk, while the files of a stage are made
            ended = Run(failure=str(problem))
        if ended.failure:
            failures[stage] = f"{stage} on this size"
        figures = bench.folder / f"{stage}.parquet"
        compared = floor.differences(bench.published, figures) if figures.exists() and bench.published.exists() else None
        yield Result(bench.name, stage, ended, compared)


def warm_up(made: Path, folder: Path, limit: float) -> None:
    """Run a night that is not measured: in a new checkout the first one compiles all packages, which took 12 s."""
    folder.mkdir()
    bench = Bench(FIXED, made / FIXED.replace(":", "-"), folder, limit)
    if bench.prepare().failure or bench.first().failure:
        sys.stderr.write("the night to warm up failed\n")
    shutil.rmtree(folder)


def everything(asked: argparse.Namespace, folder: Path) -> bool:
    """Run every size; the page is written after each stage. Return whether every figure was equal."""
    made = asked.keep or folder / "leveringen"
    made.mkdir(parents=True, exist_ok=True)
    page, failed = night_page.Page(datetime.now(UTC), os.getloadavg()[0], FIXED), dict[str, str]()
    warm_up(made, folder / "warm", asked.limit)
    for name in dict.fromkeys((FIXED, *asked.sizes)):
        own = folder / name.replace(":", "-")
        own.mkdir()
        bench = Bench(name, made / own.name, own, asked.limit)
        for result in on_one_size(bench, failed):
            if result.stage == "example" and not result.run.failure:
                page.sizes[name] = bench.described()
            if result.run.failure and name != "klein":
                failed.setdefault(result.stage, f"{result.stage} failed on {name}")
            page.results.append(result)
            sys.stderr.write(f"{name} {result.stage}: {result.run.failure or f'{result.run.seconds:.1f} s'}\n")
            asked.out.write_text(page.text(), encoding="utf-8")
        if not page.run(name, "second").failure and name != FIXED:
            page.asked[name] = bench.questions()
            asked.out.write_text(page.text(), encoding="utf-8")
        shutil.rmtree(own)
        if not asked.keep:
            shutil.rmtree(bench.made, ignore_errors=True)
    return all(not result.compared or not result.compared[1] for result in page.results)


def write_example(name: str, root: Path) -> None:
    """Write the deliveries of a size."""
    from orchestration import example
    from orchestration.example import region
    from orchestration.lake import Lake

    size, _, share = name.partition(":")
    found = extent(size)
    if found:
        region.write(Lake(root), found, share=float(share or 1))
    else:
        example.write(Lake(root))


def main() -> None:
    """Measure, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("sizes", nargs="*", default=list(SIZES), help="from small to large")
    parser.add_argument("--keep", type=Path, help="where generated deliveries stay, and are found again")
    parser.add_argument("--limit", type=float, default=3600, help="seconds that one command may take")
    parser.add_argument("--out", type=Path, default=RESULTS / f"night-{datetime.now(UTC).date()}.md")
    parser.add_argument("--example", nargs=2, metavar=("SIZE", "FOLDER"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.example:
        write_example(asked.example[0], Path(asked.example[1]))
        return
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    # links of files must stay on one disk
    with tempfile.TemporaryDirectory(prefix="nacht-", dir=asked.keep and asked.keep.parent) as folder:
        equal = everything(asked, Path(folder))
    sys.stdout.write(asked.out.read_text(encoding="utf-8"))
    sys.exit(not equal)


if __name__ == "__main__":
    main()
