"""Makes the candidate of `openbaar` from the `intern` release that readers of that zone see: the same files, after protection.

Put here: which files there are, and what is done to each. Keep out: the protection itself (`protect.py`), what a public row looks like
(`shown.py`), the private files of the proof (`proof.py`), and putting a release before readers (`orchestration/publication/release.py`).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from expectations import published
from orchestration import parquet_file
from orchestration.errors import LeerplichtError
from orchestration.lake import Lake
from orchestration.lake.files import make_private, remove
from orchestration.publication import candidate, extract, parquet
from orchestration.publication.disclosure import known, proof, shown
from orchestration.publication.disclosure.alternatives import Cell
from orchestration.publication.disclosure.known import PLACE
from orchestration.publication.disclosure.protect import Protected, protect
from orchestration.publication.disclosure.rounding import Draws, base
from orchestration.publication.disclosure.signs import Shown, Sign
from orchestration.publication.reconciliation import reconcile
from orchestration.settings import Settings

Rows = list[dict[str, Any]]
PROCESSES = 2
MANY = 5_000  # counts of a release from which a second process saves more than it costs to start

_CLOSED = "select schooljaar from kern.schooljaar where is_afgesloten order by schooljaar"


class NothingClosedError(LeerplichtError):
    """There is no schooljaar that may be published."""


def closed(lake: Lake) -> list[str]:
    """Return the schooljaren that `openbaar` may hold: those that ended, and that the deliveries cover."""
    with duckdb.connect(str(lake.warehouse_current), read_only=True) as connection:
        return [schooljaar for (schooljaar,) in connection.execute(_CLOSED).fetchall()]


def build_candidate(lake: Lake, settings: Settings, key: bytes, report: Callable[[str], None] = lambda _sentence: None) -> Path:
    """Write the public files of the next `openbaar` release, and beside them, in `intern`, their proof.

    Args:
        lake: The lake, whose `intern` release and warehouse are those of this night.
        settings: Under which count a report withholds.
        key: The first key of the pseudonyms, which no rotation changes; the draws are made from it.
        report: Called with a sentence about progress.

    Returns:
        The folder of the public files.

    Raises:
        NothingClosedError: No schooljaar is closed.
        ContradictionError: The figures contradict each other.
    """
    years = closed(lake)
    if not years:
        raise NothingClosedError(
            "er is nog geen afgesloten schooljaar; openbaar toont alleen schooljaren die voorbij en volledig geleverd zijn"
        )
    source = (lake.published("intern") / "current").resolve()
    kerncijfers = [row for row in parquet.read(source, "kerncijfers") if row["schooljaar"] in years]
    uitsplitsingen = _closed_rows(source, years)
    with duckdb.connect(str(lake.warehouse_current), read_only=True) as connection:
        printed = extract.cells(connection)
    threshold = settings.suppression_threshold
    known.remember(lake, printed, parquet.read(source, "kerncijfers"))  # everybody knows the printed report
    protected = []
    for year in protect_years(_counts(kerncijfers, uitsplitsingen), lake.proofs, Draws(key, base(threshold)), threshold):
        protected.append(year)
        report(f"schooljaar {next(iter(year.values)).schooljaar}: {len(year.values)} aantallen, {len(year.alternatives)} alternatieven")
    tables = _public(source, kerncijfers, uitsplitsingen, protected, threshold)
    tables["reconciliatie"] = reconcile(_beside(printed, tables["kerncijfers"]), tables["kerncijfers"], extract.reference())
    folder = make_private(lake.candidate_of("openbaar"))
    for table in candidate.tables("openbaar"):
        parquet.write(folder / table.file, tables[table.name], table.schema)
    remove(lake.proof_candidate)
    summary = {"intern": source.name, "drempel": threshold, "schooljaren": years}
    proof.write(make_private(lake.proof_candidate), protected, summary, lake.proofs)
    return folder


def _closed_rows(source: Path, years: Sequence[str]) -> pa.Table:
    """Read the breakdowns of some schooljaren; as columns, as there are many."""
    return parquet_file.read(source / published.table("uitsplitsingen").file, filters=[("schooljaar", "in", years)])


def _counts(kerncijfers: Rows, uitsplitsingen: pa.Table) -> Iterator[dict[Cell, int]]:
    """Yield the true counts of each schooljaar."""
    years = dict.fromkeys(row["schooljaar"] for row in kerncijfers)
    for schooljaar in years:
        values = {shown.cell_of(row): row["waarde"] for row in kerncijfers if row["schooljaar"] == schooljaar and row["waarde"] is not None}
        here = uitsplitsingen.filter(pc.equal(uitsplitsingen["schooljaar"], schooljaar)).select([*PLACE, "waarde"])
        values |= {
            Cell(*place): value for *place, value in zip(*(column.to_pylist() for column in here.columns), strict=True) if value is not None
        }
        yield values


def protect_years(counts: Iterable[Mapping[Cell, int]], remembered: Path, draws: Draws, threshold: int) -> Iterator[Protected]:
    """Protect each schooljaar, given everything that is public besides.

    Args:
        counts: The true counts of each schooljaar.
        remembered: The folder with the proofs of earlier releases, and with printed figures.
        draws: The draws of the lake.
        threshold: Counts below this, and above 0, are small.
    """
    folders = known.memories(remembered)
    statements = [list(known.said_by(folder)) for folder in folders]
    hidden = {cell for folder in folders for cell in known.hidden_by(folder)}
    asked = []
    for values in counts:
        bounds: dict[Cell, tuple[int, int]] = {}
        for said in statements:
            known.add(bounds, said, values)
        asked.append((values, bounds, frozenset(hidden & values.keys()), draws, threshold))
    if len(asked) == 1 or sum(len(values) for values, *_ in asked) < MANY:
        yield from (protect(*one) for one in asked)
        return
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        yield from pool.map(protect, *zip(*asked, strict=True))


def _public(source: Path, kerncijfers: Rows, uitsplitsingen: pa.Table, protected: Sequence[Protected], threshold: int) -> dict[str, Rows]:
    """Every table as everybody may see it; each is made from what is shown, never from the true figures.

    What the contract calls unprotected passes as it is, and nothing else does.
    """
    signs = {cell: said for year in protected for cell, said in year.shown.items()}
    figures = shown.Figures(signs, threshold)
    return {
        "kerncijfers": figures.rows(kerncijfers),
        "uitsplitsingen": figures.rows(_rows_shown(uitsplitsingen, signs)),
        "indicatoren": [row for row in parquet.read(source, "indicatoren") if row["indicator"] not in shown.withheld()],
        **{table.name: parquet.read(source, table.name) for table in published.tables("openbaar") if table.unprotected},
    }


def _rows_shown(uitsplitsingen: pa.Table, signs: Mapping[Cell, Any]) -> Rows:
    """Return the rows of breakdowns that have anything to show: one that is rounded to nothing is left out, as if it were not there."""
    places = zip(*(uitsplitsingen[name].to_pylist() for name in PLACE), strict=True)
    kept = [number for number, place in enumerate(places) if has_row(signs.get(Cell(*place)))]
    return uitsplitsingen.take(pa.array(kept, pa.int64())).to_pylist()


def has_row(said: Shown | None) -> bool:
    """Return whether a count of a breakdown has a row: not if it is rounded to nothing, as if it were not there."""
    return said is not None and (said.sign is Sign.HIDDEN or bool(said.number))


def _beside(printed: Sequence[extract.Cell], kerncijfers: Rows) -> list[extract.Cell]:
    """The printed figures of which ours is shown: a verdict on another would tell what ours is."""
    own = {extract.printed_place(row) for row in kerncijfers if row["status"] == Sign.SHOWN}
    return [cell for cell in printed if (cell.indicator, cell.gemeente, cell.schooljaar) in own]
