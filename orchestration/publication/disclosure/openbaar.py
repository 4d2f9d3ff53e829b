"""Makes the candidate of `openbaar` from the `intern` release that readers of that zone see: the same files, after protection.

Put here: which files there are, and what is done to each. Keep out: the protection itself (`protect.py`), what a public row looks like
(`shown.py`), the private files of the proof (`proof.py`), and putting a release before readers (`orchestration/publication/release.py`).
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from expectations import published
from orchestration import parquet_file
from orchestration.errors import LeerplichtError
from orchestration.lake import Lake
from orchestration.lake.files import make_private, remove
from orchestration.publication import candidate, extract, parquet
from orchestration.publication.disclosure import known, parallel, proof, shown
from orchestration.publication.disclosure.alternatives import Cell
from orchestration.publication.disclosure.protect import Protected, protect
from orchestration.publication.disclosure.rounding import Draws, base
from orchestration.publication.disclosure.signs import Shown, Sign
from orchestration.publication.reconciliation import reconcile
from orchestration.settings import Settings

Rows = list[dict[str, Any]]
FIGURES = ("kerncijfers", "uitsplitsingen")  # the tables that are protected

_CLOSED = "select schooljaar from kern.schooljaar where is_afgesloten order by schooljaar"
_UNDECLARED = "select verband from jaarverslag.verband_ontbreekt order by verband"


class NothingClosedError(LeerplichtError):
    """There is no schooljaar that may be published."""


class UndeclaredError(LeerplichtError):
    """The rows always show a relation between exact indicators with which the proof does not reckon."""


def undeclared(lake: Lake) -> str:
    """Say which relations the rows of the warehouse always show that are no fact of the proof; empty if there are none."""
    with duckdb.connect(str(lake.warehouse_current), read_only=True) as connection:
        found = [verband for (verband,) in connection.execute(_UNDECLARED).fetchall()]
    if not found:
        return ""
    why = "dat staat niet in kern.verband, en wie het weet kan aftrekken, dus openbaar verschijnt niet"
    return f"de rijen laten altijd zien: {'; '.join(found)}; {why}; meld dit aan wie de pijplijn maakt"


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
        UndeclaredError: The rows show a relation that is no fact of the proof.
        ContradictionError: The figures contradict each other.
    """
    years = closed(lake)
    if not years:
        raise NothingClosedError(
            "er is nog geen afgesloten schooljaar; openbaar toont alleen schooljaren die voorbij en volledig geleverd zijn"
        )
    if sentence := undeclared(lake):
        raise UndeclaredError(sentence)
    source = (lake.published("intern") / "current").resolve()
    true = {name: parquet_file.read(source / published.table(name).file, filters=[("schooljaar", "in", years)]) for name in FIGURES}
    with duckdb.connect(str(lake.warehouse_current), read_only=True) as connection:
        printed = extract.cells(connection)
    threshold = settings.suppression_threshold
    known.remember(lake, printed, parquet_file.read(source / published.table("kerncijfers").file, columns=known.USED).to_pylist())
    protected = protect_years(_counts(true), lake.proofs, Draws(key, base(threshold)), threshold, sum(map(len, true.values())))
    public = _Public(true, threshold, report)
    remove(lake.proof_candidate)
    summary = {"intern": source.name, "drempel": threshold, "schooljaren": years}
    proof.write(make_private(lake.proof_candidate), map(public.add, protected), summary, lake.proofs)
    folder = make_private(lake.candidate_of("openbaar"))
    for table in candidate.tables("openbaar"):
        if table.name in FIGURES:
            parquet.write_table(folder / table.file, public.table(table.name), table.schema)
        elif table.name == "reconciliatie":
            own = public.of_years({cell.schooljaar for cell in printed})
            parquet.write(folder / table.file, reconcile(_beside(printed, own), own, extract.reference()), table.schema)
        else:
            parquet.write(folder / table.file, _unprotected(source, table), table.schema)
    return folder


def _counts(true: Mapping[str, pa.Table]) -> Iterator[dict[Cell, int]]:
    """Yield the true counts of each schooljaar."""
    for schooljaar in dict.fromkeys(shown.texts(true["kerncijfers"]["schooljaar"])):
        here = [shown.of_schooljaar(true[name], schooljaar) for name in FIGURES]
        places = ((cell, value) for table in here for cell, value in zip(shown.cells_of(table), table["waarde"].to_pylist(), strict=True))
        yield {cell: value for cell, value in places if value is not None}


def protect_years(
    counts: Iterable[Mapping[Cell, int]], remembered: Path, draws: Draws, threshold: int, many: int = 0
) -> Iterator[Protected]:
    """Protect each schooljaar, given everything that is public besides.

    Args:
        counts: The true counts of each schooljaar.
        remembered: The folder with the proofs of earlier releases, and with printed figures.
        draws: The draws of the lake.
        threshold: Counts below this, and above 0, are small.
        many: How many counts there are in all, about: from some number on, two processes do it.
    """
    folders = known.memories(remembered)
    asked = ((values, known.beliefs(values, folders), known.hidden(values, folders), draws, threshold) for values in counts)
    yield from parallel.each(protect, asked, many)


class _Public:
    """The tables of figures as everybody may see them: made from what is shown, never from the true figures, a schooljaar at a time.

    Args:
        true: The true tables.
        threshold: Counts below this, and above 0, are small.
        report: Called with a sentence about each schooljaar.
    """

    def __init__(self, true: Mapping[str, pa.Table], threshold: int, report: Callable[[str], None]) -> None:
        self._true, self._threshold, self._report = true, threshold, report
        self._made = {name: [published.table(name).schema.empty_table()] for name in FIGURES}
        self._before: Mapping[Cell, shown.Row] = {}

    def add(self, year: Protected) -> Protected:
        """Make the rows of the next schooljaar; return it."""
        schooljaar = next(iter(year.values)).schooljaar
        figures = shown.Figures(year.shown, self._threshold, self._before)
        for name in FIGURES:
            for rows in shown.by_gemeente(shown.of_schooljaar(self._true[name], schooljaar)):
                kept = rows if name == "kerncijfers" else _rows_shown(rows, year.shown)
                self._made[name].append(parquet.table(figures.rows(kept.to_pylist()), published.table(name).schema))
        self._before = figures.made
        self._report(f"schooljaar {schooljaar}: {len(year.values)} aantallen, {len(year.alternatives)} alternatieven")
        return year

    def table(self, name: str) -> pa.Table:
        """Return a public table; in one piece, as pieces would be written as other bytes."""
        return pa.concat_tables(self._made[name]).combine_chunks()

    def of_years(self, years: Collection[str]) -> Rows:
        """Return the public rows of `kerncijfers` of some schooljaren."""
        table = self.table("kerncijfers")
        return [row for schooljaar in sorted(years) for row in shown.of_schooljaar(table, schooljaar).to_pylist()]


def _unprotected(source: Path, table: published.PublishedTable) -> Rows:
    """Return a table without counts of persons. What the contract calls unprotected passes as it is, and nothing else does."""
    rows = parquet.read(source, table.name)
    if table.name == "indicatoren":
        return [row for row in rows if row["indicator"] not in shown.withheld()]
    if not table.unprotected:
        raise KeyError(table.name)
    return rows


def _rows_shown(uitsplitsingen: pa.Table, signs: Mapping[Cell, Shown]) -> pa.Table:
    """Return the rows of breakdowns that have anything to show: one that is rounded to nothing is left out, as if it were not there."""
    kept = [number for number, cell in enumerate(shown.cells_of(uitsplitsingen)) if has_row(signs.get(cell))]
    return uitsplitsingen.take(pa.array(kept, pa.int64()))


def has_row(said: Shown | None) -> bool:
    """Return whether a count of a breakdown has a row: not if it is rounded to nothing, as if it were not there."""
    return said is not None and (said.sign is Sign.HIDDEN or bool(said.number))


def _beside(printed: Sequence[extract.Cell], kerncijfers: Rows) -> list[extract.Cell]:
    """The printed figures of which ours is shown: a verdict on another would tell what ours is."""
    own = {extract.printed_place(row) for row in kerncijfers if row["status"] == Sign.SHOWN}
    return [cell for cell in printed if (cell.indicator, cell.gemeente, cell.schooljaar) in own]
