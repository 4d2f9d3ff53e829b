"""The proof of a release of `openbaar`, in files: written when it is made, and checked before it is published.

The check reads the public files, the definitions, and what was public before. It uses no solver: each alternative is checked in exact
arithmetic against everything that is public.

Put here: the private files and their check. Keep out: finding alternatives (`protect.py`).
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from orchestration import parquet_file
from orchestration.errors import LeerplichtError
from orchestration.lake.files import digest
from orchestration.publication import parquet
from orchestration.publication.disclosure import alternatives, known, program, shown
from orchestration.publication.disclosure.alternatives import ENDLESS, Block, Cell
from orchestration.publication.disclosure.facts import EVERYTHING
from orchestration.publication.disclosure.known import FACTS, PLACE, STATEMENTS, SUMMARY, memories
from orchestration.publication.disclosure.protect import Protected
from orchestration.publication.disclosure.view import Demand, View

ALTERNATIVES = "alternatieven.parquet"
SHOWN_FAULTS = 5
METHOD = 3  # of protection; proofs of earlier ones are kept, as what their releases said is public

_OWN: list["pa.Field[Any]"] = [
    pa.field("waarde", pa.int64(), nullable=False),
    pa.field("verborgen", pa.bool_(), nullable=False),
    pa.field("lot", pa.int64(), nullable=False),
]
FACTS_SCHEMA = pa.schema([*STATEMENTS, *_OWN])
# the number of an alternative; the row in the facts of a count that is different in it; and its value there
ALTERNATIVES_SCHEMA = pa.schema([pa.field(name, pa.int32(), nullable=False) for name in ("alternatief", "feit", "waarde")])


class ProofError(LeerplichtError):
    """A release of `openbaar` without a proof that holds; the message names what fails."""


def write(folder: Path, years: Sequence[Protected], summary: Mapping[str, Any], remembered: Path) -> None:
    """Write the proof of a release.

    Args:
        folder: An empty, private folder.
        years: How the counts of each schooljaar are protected.
        summary: What else must be known of the release: see `openbaar.py`.
        remembered: The folder with the proofs of the releases before it, and with printed figures.
    """
    made = 0
    with (
        parquet_file.writer(folder / FACTS, FACTS_SCHEMA) as facts,
        parquet_file.writer(folder / ALTERNATIVES, ALTERNATIVES_SCHEMA) as others,
    ):
        numbers: dict[Cell, int] = {}
        for year in years:
            first = len(numbers)
            numbers |= {cell: first + place for place, cell in enumerate(year.values)}
            facts.write_table(pa.Table.from_pylist(list(_rows(year)), FACTS_SCHEMA))
            moves = [(made + n, numbers[cell], value) for n, moved in enumerate(year.alternatives) for cell, value in moved.items()]
            others.write_table(pa.table(list(np.array(moves, dtype=np.int32).reshape(-1, 3).T), schema=ALTERNATIVES_SCHEMA))
            made += len(year.alternatives)
    lost = [[str(cell), name, by_definition] for year in years for (cell, name), by_definition in year.lost.items()]
    earlier = {before.name: digest(before / FACTS) for before in memories(remembered)}
    content = {"methode": METHOD, **summary, "alternatieven": made, "al_openbaar": lost, "eerder": earlier}
    (folder / SUMMARY).write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _rows(year: Protected) -> Iterator[dict[str, Any]]:
    for cell, value in year.values.items():
        low, high = year.shown[cell].said
        said = {"laag": low, "hoog": None if high >= ENDLESS else high}
        yield {**cell._asdict(), **said, "waarde": value, "verborgen": cell in year.hidden, "lot": year.drawn[cell.drawn]}


def summary_of(private: Path) -> dict[str, Any]:
    """Read the summary of a proof.

    Raises:
        ProofError: There is none.
    """
    try:
        found: dict[str, Any] = json.loads((private / SUMMARY).read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise ProofError(f"{private.name} heeft geen leesbare {SUMMARY}") from problem
    if found.get("methode") != METHOD:
        raise ProofError(f"{private.name} is op een andere manier beschermd; deze versie kan het bewijs niet nagaan, en het telt wel mee")
    return found


def before(private: Path) -> list[Path]:
    """Return the folders of what was public before a release.

    Args:
        private: The folder of its proof.

    Raises:
        ProofError: One of them is gone, or was altered.
    """
    folder = private.parent if private.parent.name == "bescherming" else private.parents[1] / "bescherming"
    noted = summary_of(private)["eerder"]
    there = {folder.name: folder for folder in memories(folder)}
    wrong = sorted(name for name, then in noted.items() if name not in there or digest(there[name] / FACTS) != then)
    if wrong:
        raise ProofError(f"het geheugen van {private.name} is niet meer wat het was: {', '.join(wrong)}")
    return [there[name] for name in noted]


class Evidence(NamedTuple):
    """What is public about the counts of one schooljaar, and the alternatives: of each the counts that are different."""

    view: View
    alternatives: Sequence[Mapping[Cell, int]]


def evidence(public: Path, private: Path) -> Iterator[Evidence]:
    """Gather what is public of a release, starting from its public files: one schooljaar at a time.

    Args:
        public: The folder of its public files.
        private: The folder of its proof.

    Raises:
        ProofError: There is no proof, or the memory of earlier releases was altered.
    """
    summary = summary_of(private)
    threshold = summary["drempel"]
    rows = [row for name in ("kerncijfers", "uitsplitsingen") for row in parquet.read(public, name)]
    said = shown.read(rows, threshold)
    try:
        facts = parquet_file.read(private / FACTS, schema=FACTS_SCHEMA)
        moves = parquet_file.read(private / ALTERNATIVES, schema=ALTERNATIVES_SCHEMA)
    except (OSError, pa.ArrowException) as problem:
        raise ProofError(f"{private.name} heeft geen leesbaar bewijs: {problem}") from problem
    places, counts = zip(*(facts[name].to_pylist() for name in PLACE), strict=True), facts["waarde"].to_pylist()
    values: dict[Cell, int] = {Cell(*place): int(value or 0) for place, value in zip(places, counts, strict=True)}
    cells = list(values)
    drawn = {cell.drawn: int(lot or 0) for cell, lot in zip(cells, facts["lot"].to_pylist(), strict=True)}
    if unknown := [cell for cell in said if cell not in values]:
        raise ProofError(f"{unknown[0]} is openbaar, en staat niet in {FACTS}")
    bounds: dict[Cell, tuple[int, int]] = {}
    for folder in before(private):
        known.add(bounds, known.said_by(folder), values)
    found: dict[int, dict[Cell, int]] = {}
    for number, fact, value in zip(*(column.to_pylist() for column in moves.columns), strict=True):
        if not 0 <= fact < len(cells):
            raise ProofError(f"alternatief {number} noemt een aantal dat er niet is")
        found.setdefault(number, {})[cells[fact]] = value
    for schooljaar in dict.fromkeys(cell.schooljaar for cell in cells):
        here = {cell: value for cell, value in values.items() if cell.schooljaar == schooljaar}
        view = View.of_public(here, said, bounds, threshold, drawn)
        yield Evidence(view, [table for table in found.values() if next(iter(table)).schooljaar == schooljaar])


def check(public: Path, private: Path) -> None:
    """Check that nobody can work out a small count from a release and all that was public before it.

    Args:
        public: The folder of its public files.
        private: The folder of its proof.

    Raises:
        ProofError: There is no proof, or it does not hold; or the memory of earlier releases was altered.
    """
    summary = summary_of(private)
    faults = list(_computed_otherwise(public, summary["drempel"]))
    lost = {(cell, name): by_definition for cell, name, by_definition in summary["al_openbaar"]}
    for year in evidence(public, private):
        faults += _faults(year, lost)
    if faults:
        more = f" (en nog {len(faults) - SHOWN_FAULTS})" if len(faults) > SHOWN_FAULTS else ""
        raise ProofError("; ".join(faults[:SHOWN_FAULTS]) + more)


def _computed_otherwise(public: Path, threshold: int) -> Iterator[str]:
    """Rows that say more than follows from the counts that are shown."""
    for name in ("kerncijfers", "uitsplitsingen"):
        rows = parquet.read(public, name)
        again = shown.Figures(shown.read(rows, threshold), threshold).rows(rows)
        if [shown.cell_of(row) for row in again] != [shown.cell_of(row) for row in rows]:
            yield f"{name} heeft rijen die niet openbaar zijn"
        for row, made in zip(rows, again, strict=False):
            if wrong := [column for column, value in made.items() if value != row[column]]:
                yield f"{shown.cell_of(row)}: {', '.join(wrong)} volgt niet uit wat openbaar is"


def _faults(year: Evidence, lost: Mapping[tuple[str, str], bool]) -> Iterator[str]:
    """What is wrong with the proof of one schooljaar."""
    yield from (f"{cell} is niet wat de openbare bestanden ervan zeggen" for cell in year.view.contradicted())
    sides = [Reach({name: view.block(name) for name in view.blocks}) for view in year.view.all]
    knowing = [Reach({name: year.view.with_draws(block) for name, block in side.blocks.items()}) for side in sides]
    yield from (f"onwaar is dat {fact.because}" for block in sides[0].blocks.values() for fact in block.false())
    for moves in year.alternatives:
        wrong = [reach.add(moves) for reach in (*knowing, *sides)]
        if all(wrong):
            yield f"een alternatief voor {next(iter(moves))}: {wrong[-1]}"
    for name, block in sides[0].blocks.items():
        for demand in year.view.demands(block):
            cell = block.cells[demand.number]
            by_definition = lost.get((str(cell), demand.name))
            reach = (knowing if demand.with_draws else sides)[0 if by_definition is None else -1]
            if not by_definition and not reach.meets(name, demand):
                yield f"{cell}: geen alternatief waarin het {demand.name} is"
            if by_definition is not None and _is_possible(block, demand, year.view):
                yield f"{cell} heet al openbaar, en dat is het niet"


def _is_possible(block: Block, demand: Demand, view: View) -> bool:
    """Return whether what was public before leaves what is demanded: then nothing excuses that a release excludes it."""
    known = [view.known.get(cell, EVERYTHING) for cell in block.cells]
    cells = range(len(known))
    goals = (block.goal(demand.number, *ends) for ends in demand.ranges)
    return any(program.cheapest(block, cells, goal, dict.fromkeys(cells, 1.0), known) is not None for goal in goals)


class Reach:
    """The values that small counts have in alternatives.

    Args:
        blocks: The counts, with everything that is public of them.
    """

    def __init__(self, blocks: Mapping[str, Block]) -> None:
        self.blocks = blocks
        self._numbers = {cell: (name, number) for name, block in self.blocks.items() for number, cell in enumerate(block.cells)}
        self.values: dict[tuple[str, int], set[int]] = {}

    def meets(self, name: str, demand: Demand) -> bool:
        """Return whether what is demanded of a count of a block is so in an alternative."""
        values = self.values.get((name, demand.number), ())
        return any(low <= value <= high for value in values for low, high in demand.ranges)

    def add(self, moves: Mapping[Cell, int]) -> str:
        """Check an alternative and note its values; return what is wrong with it, if anything."""
        # a count of the regio of which nothing is shown is in no block
        placed = [(*self._numbers[cell], value) for cell, value in moves.items() if cell in self._numbers]
        if not placed:
            return ""
        name = placed[0][0]
        if any(other != name for other, _, _ in placed):
            return "het verandert aantallen uit meer dan één uitsplitsing"
        block, moved = self.blocks[name], {number: value for _, number, value in placed}
        if wrong := next(iter(alternatives.faults(block, moved)), ""):
            return wrong
        for number, value in block.with_sums(moved).items():
            self.values.setdefault((name, number), set()).add(value)
        return ""
