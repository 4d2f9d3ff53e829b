"""The proof of a release of `openbaar`, in files: written when it is made, and checked before it is published.

The check reads the public files, the definitions, and what was public before. It uses no solver: each alternative is checked in exact
arithmetic against everything that is public.

Put here: the private files and their check. Keep out: finding alternatives (`protect.py`).
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from expectations import published, reference
from orchestration import parquet_file
from orchestration.errors import LeerplichtError
from orchestration.lake.files import digest
from orchestration.publication.disclosure import alternatives, known, parallel, program, shown
from orchestration.publication.disclosure.alternatives import ENDLESS, Block, Cell
from orchestration.publication.disclosure.facts import EVERYTHING
from orchestration.publication.disclosure.known import FACTS, PLACE, STATEMENTS, SUMMARY, memories
from orchestration.publication.disclosure.protect import Protected
from orchestration.publication.disclosure.signs import Shown
from orchestration.publication.disclosure.view import Demand, Known, View

ALTERNATIVES = "alternatieven.parquet"
SHOWN_FAULTS = 5
FASTER = 8  # as many counts are checked in the time that choosing what is shown takes for one
METHOD = 4  # of protection; proofs of earlier ones are kept, as what their releases said is public

_PART = [*PLACE[:3], "eenheid", "status", "waarde"]
_SHOWN = {"kerncijfers": _PART, "uitsplitsingen": [*_PART, *PLACE[3:]]}  # the tables of figures, and what says how a count is shown
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


def write(folder: Path, years: Iterable[Protected], summary: Mapping[str, Any], remembered: Path) -> None:
    """Write the proof of a release.

    Args:
        folder: An empty, private folder.
        years: How the counts of each schooljaar are protected; one is written before the next is taken.
        summary: What else must be known of the release: see `openbaar.py`.
        remembered: The folder with the proofs of the releases before it, and with printed figures.
    """
    made, first, lost = 0, 0, list[tuple[str, str, int]]()
    with (
        parquet_file.writer(folder / FACTS, FACTS_SCHEMA) as facts,
        parquet_file.writer(folder / ALTERNATIVES, ALTERNATIVES_SCHEMA) as others,
    ):
        for year in years:
            numbers = {cell: first + place for place, cell in enumerate(year.values)}
            facts.write_table(_facts(year))
            moves = [(made + n, numbers[cell], value) for n, moved in enumerate(year.alternatives) for cell, value in moved.items()]
            others.write_table(pa.table(list(np.array(moves, dtype=np.int32).reshape(-1, 3).T), schema=ALTERNATIVES_SCHEMA))
            made, first = made + len(year.alternatives), first + len(numbers)
            lost += [(str(cell), name, kept) for (cell, name), kept in year.lost.items()]
    earlier = {before.name: digest(before / FACTS) for before in memories(remembered)}
    content = {"methode": METHOD, **summary, "alternatieven": made, "al_openbaar": lost, "eerder": earlier}
    (folder / SUMMARY).write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _facts(year: Protected) -> pa.Table:
    cells = list(year.values)
    said = [year.shown[cell].said for cell in cells]
    ends: dict[str, list[Any]] = {"laag": [low for low, _ in said], "hoog": [None if high >= ENDLESS else high for _, high in said]}
    own: dict[str, list[Any]] = {"verborgen": [cell in year.hidden for cell in cells], "lot": [year.drawn[cell.drawn] for cell in cells]}
    places: dict[str, list[Any]] = dict(zip(PLACE, map(list, zip(*cells, strict=True)), strict=True))
    return pa.Table.from_pydict({**places, **ends, "waarde": list(year.values.values()), **own}, FACTS_SCHEMA)


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


def evidence(public: Path, private: Path, only: str = "") -> Iterator[Evidence]:
    """Gather what is public of a release, starting from its public files: one schooljaar at a time.

    Args:
        public: The folder of its public files.
        private: The folder of its proof.
        only: A schooljaar, if not all are asked.

    Raises:
        ProofError: There is no proof, or the memory of earlier releases was altered.
    """
    threshold, folders = summary_of(private)["drempel"], before(private)
    facts = _read(private, FACTS, FACTS_SCHEMA)
    moves = _read(private, ALTERNATIVES, ALTERNATIVES_SCHEMA)
    tables = {name: parquet_file.read(public / published.table(name).file, columns=columns) for name, columns in _SHOWN.items()}
    alternative, fact, value = (column.to_numpy() for column in moves.columns)
    if (wrong := np.flatnonzero((fact < 0) | (fact >= len(facts)))).size:
        raise ProofError(f"alternatief {alternative[wrong[0]]} noemt een aantal dat er niet is")
    for schooljaar in [only] if only else dict.fromkeys(shown.texts(facts["schooljaar"])):
        places = np.flatnonzero(facts["schooljaar"].to_numpy() == schooljaar)
        here = facts.take(places)
        cells = shown.cells_of(here)
        values = dict(zip(cells, shown.numbers_of(here["waarde"]), strict=True))
        drawn = {cell.drawn: lot for cell, lot in zip(cells, shown.numbers_of(here["lot"]), strict=True)}
        said: dict[Cell, Shown] = {}
        for rows in (part for table in tables.values() for part in shown.by_gemeente(shown.of_schooljaar(table, schooljaar))):
            said |= shown.read(rows.to_pylist(), threshold)
        if unknown := [cell for cell in said if cell not in values]:
            raise ProofError(f"{unknown[0]} is openbaar, en staat niet in {FACTS}")
        number = np.full(len(facts), -1)
        number[places] = np.arange(len(places))
        found: dict[int, dict[Cell, int]] = {}
        own = number[fact] >= 0
        for name, place, other in zip(alternative[own].tolist(), number[fact[own]].tolist(), value[own].tolist(), strict=True):
            found.setdefault(name, {})[cells[place]] = other
        yield Evidence(View.of_public(values, said, known.beliefs(values, folders), threshold, drawn), list(found.values()))


def _read(private: Path, name: str, schema: pa.Schema) -> pa.Table:
    """Read a file of a proof."""
    try:
        return parquet_file.read(private / name, schema=schema)
    except (OSError, pa.ArrowException) as problem:
        raise ProofError(f"{private.name} heeft geen leesbaar bewijs: {problem}") from problem


def check(public: Path, private: Path) -> None:
    """Check that nobody can work out a small count from a release and all that was public before it.

    Args:
        public: The folder of its public files.
        private: The folder of its proof.

    Raises:
        ProofError: There is no proof, or it does not hold; or the memory of earlier releases was altered.
    """
    there = shown.texts(_read(private, FACTS, FACTS_SCHEMA)["schooljaar"])
    years = list(dict.fromkeys(there))
    for name in _SHOWN:
        seen = parquet_file.read(public / published.table(name).file, columns=["schooljaar"])["schooljaar"].unique().to_pylist()
        if unknown := [schooljaar for schooljaar in seen if schooljaar not in years]:
            raise ProofError(f"{unknown[0]} is openbaar, en staat niet in {FACTS}")
    found = parallel.each(_faults_of, ((public, private, schooljaar) for schooljaar in years), len(there) // FASTER)
    if faults := [fault for of_year in found for fault in of_year]:
        more = f" (en nog {len(faults) - SHOWN_FAULTS})" if len(faults) > SHOWN_FAULTS else ""
        raise ProofError("; ".join(faults[:SHOWN_FAULTS]) + more)


def _faults_of(public: Path, private: Path, schooljaar: str) -> list[str]:
    """Return what is wrong with a schooljaar of a release: its rows, and its proof."""
    summary = summary_of(private)
    lost = {(cell, name): kept for cell, name, kept in summary["al_openbaar"]}
    faults = list(_computed_otherwise(public, schooljaar, summary["drempel"]))
    return faults + [fault for year in evidence(public, private, schooljaar) for fault in _faults(year, lost)]


def _computed_otherwise(public: Path, schooljaar: str, threshold: int) -> Iterator[str]:
    """Rows that say more than follows from the counts that are shown; of the previous schooljaar, rows are what they are found to be."""
    for name in _SHOWN:
        years = [schooljaar, reference.previous(schooljaar)]
        table = parquet_file.read(public / published.table(name).file, filters=[("schooljaar", "in", years)])
        earlier = shown.of_schooljaar(table, years[1])
        before = dict(zip(shown.cells_of(earlier), earlier.select(list(shown.FIGURE)).to_pylist(), strict=True))
        for part in shown.by_gemeente(shown.of_schooljaar(table, schooljaar)):
            rows = part.to_pylist()
            again = shown.Figures(shown.read(rows, threshold), threshold, before).rows(rows)
            if [shown.cell_of(row) for row in again] != [shown.cell_of(row) for row in rows]:
                yield f"{name} heeft rijen die niet openbaar zijn"
            for row, made in zip(rows, again, strict=False):
                if wrong := [column for column, value in made.items() if value != row[column]]:
                    yield f"{shown.cell_of(row)}: {', '.join(wrong)} volgt niet uit wat openbaar is"


def _faults(year: Evidence, lost: Mapping[tuple[str, str], int]) -> Iterator[str]:
    """What is wrong with the proof of one schooljaar."""
    yield from (f"{cell} is niet wat de openbare bestanden ervan zeggen" for cell in year.view.contradicted())
    sides = [Reach({name: view.block(name) for name in view.blocks}) for view in year.view.all]
    knowing = [Reach({name: year.view.with_draws(block) for name, block in side.blocks.items()}) for side in sides]
    yield from (f"onwaar is dat {fact.because}" for block in sides[0].blocks.values() for fact in block.false())
    for moves in year.alternatives:
        # what agrees with all that is known and with every draw, agrees with less
        if knowing[0].add(moves) and all(wrong := [reach.add(moves) for reach in (*knowing[1:], *sides)]):
            yield f"een alternatief voor {next(iter(moves))}: {wrong[-1]}"
    for name, block in sides[0].blocks.items():
        for demand in year.view.demands(block):
            cell = block.cells[demand.number]
            # the proof says of how many of the views, those that know least, there is an alternative: of all, if it names no other number
            gone = max(0, len(sides) - lost.get((str(cell), demand.name), len(sides)))
            reaches = (knowing if demand.with_draws else sides)[gone : gone + 1]
            if not any(reach.meets(name, demand) for reach in (*reaches, *knowing[:1])) and reaches:
                yield f"{cell}: geen alternatief waarin het {demand.name} is"
            if any(_is_possible(block, demand, view.known) for view in year.view.all[:gone]):
                yield f"{cell} heet al openbaar, en dat is het niet"


def _is_possible(block: Block, demand: Demand, known: Known) -> bool:
    """Return whether what is known besides leaves what is demanded: then nothing excuses that a release excludes it."""
    ends = [known.get(cell, EVERYTHING) for cell in block.cells]
    cells = range(len(ends))
    goals = (block.goal(demand.number, *ranges) for ranges in demand.ranges)
    return any(program.cheapest(block, cells, goal, dict.fromkeys(cells, 1.0), ends) is not None for goal in goals)


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
