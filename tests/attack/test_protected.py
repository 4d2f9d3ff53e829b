"""The attacker solves nothing that is protected: over many tables, and over many nights of releases with corrections."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from attack import attacker, solving
from attack.attacker import Attack, Count
from linked_tables import knowledge, problem, public, random_linked

from orchestration.publication.disclosure import knowledge as facts
from orchestration.publication.disclosure import mask, protection, rounding
from orchestration.publication.disclosure.memory import Told
from orchestration.publication.disclosure.suppress import protect
from orchestration.publication.disclosure.system import Cell, Interval

YEAR = "2024-2025"
SUMS = {"juridisch_totaal": ("pv_relatief_verzuim", "pv_absoluut_verzuim", "pv_luxe_verzuim", "haltstraf")}
UNITS = dict.fromkeys((*SUMS["juridisch_totaal"], "juridisch_totaal", "incidenten"), "aantal")
SMALL = Interval(1, 4)
MAANDEN = ("A", "B", "C", "D")
EMPTY = dict.fromkeys(
    ("percentage", "teller", "noemer", "vorige_waarde", "verschil", "verschil_percentage", "vorig_percentage", "verschil_punten")
)
Values = dict[Cell, int]


@pytest.mark.parametrize("narrow", [False, True], ids=["x", "<5"])
@pytest.mark.parametrize("part", range(4))
def test_of_two_hundred_tables_nothing_is_solved(part: int, narrow: bool):
    for seed in range(25 * part, 25 * part + 25):
        asked = problem(*random_linked(Random(seed), 20), narrow=narrow)
        found = solving.solve(knowledge(public(asked.values, protect(asked)), asked.relations))
        assert not found.contradictions
        assert found.solved == {}, f"table {seed}"


class Prices:
    """Return the price of each count: 1 unless given."""

    def __init__(self, dear: Mapping[str, int]) -> None:
        self.dear = dear

    def of(self, cell: Cell) -> int:
        return self.dear.get(cell.indicator, 1)


class Releases:
    """Releases of one set of figures over several nights."""

    def __init__(self, folder: Path, remembers: bool = True, small: Interval = SMALL) -> None:
        self.folder, self.remembers, self.small = folder, remembers, small
        self.told: list[Told] = []
        self.folders: list[Path] = []
        self.changed: list[set[Count]] = []

    def publish(self, values: Values, prices: Prices) -> None:
        """Protect the figures of a night, and write the public files."""
        now = facts.Figures(values, facts.relations(values, UNITS, SUMS, complete=self.small.low == 0))
        chosen = protection.choose(now, self.told if self.remembers else [], self.small, SUMS, prices)  # type: ignore[arg-type]
        before = self.told[-1].values if self.told else values
        self.changed.append({_count(cell) for cell, value in values.items() if before.get(cell) != value})
        assert not chosen.lost, "nothing that was public can give away what it protected"
        self.told.append(Told(f"r{len(self.told):02}", values, chosen.signs, self.small, UNITS))
        self.folders.append(self.folder / self.told[-1].release)
        self._write([_row(cell, value, chosen.signs.get(cell)) for cell, value in values.items()])

    def _write(self, rows: Sequence[dict[str, Any]]) -> None:
        self.folders[-1].mkdir()
        for name, broken_down in (("kerncijfers", False), ("uitsplitsingen", True)):
            found = [row for row in rows if bool(row["uitsplitsing"]) is broken_down]
            if found:
                pq.write_table(pa.Table.from_pylist(found), self.folders[-1] / f"{name}.parquet")

    def attack(self, **how: Any) -> Attack:
        return attacker.attack(self.folders, **how)

    def learned(self, found: Attack) -> dict[Count, int]:
        """Return the small counts that were solved correctly and that no release shows."""
        true = {(_count(cell), value) for told in self.told for cell, value in told.values.items()}
        shown = {(_count(cell), value) for told in self.told for cell, value in told.values.items() if cell not in told.signs}
        secret = true - shown
        return {
            count: value for count, value in found.solved.items() if value in self.small and (count._replace(versie=0), value) in secret
        }


def _count(cell: Cell) -> Count:
    return Count(*cell[:5])


def _row(cell: Cell, value: int, sign: Interval | None) -> dict[str, Any]:
    rounded = cell.uitsplitsing and sign is not None and rounding.rounded(sign, rounding.base(SMALL))
    shown = value if sign is None else rounded if isinstance(rounded, int) else None
    status = "gepubliceerd" if sign is None else "onderdrukt" if shown is None else "afgerond"
    weergave = "x" if sign == mask.NOTHING else "<5" if shown is None else f"ca. {shown}" if status == "afgerond" else str(shown)
    place = {name: text for name, text in cell._asdict().items() if name != "versie"}
    return {**place, **EMPTY, "waarde": shown, "eenheid": "aantal", "status": status, "weergave": weergave}


def figures(random: Random) -> Values:
    """Figures of two gemeenten and their regio: juridisch kader, and incidenten by month."""
    leaves = {
        Cell(YEAR, place, name): random.choice((0, 1, 2, 3, 6, 9, 14)) for place in ("0147", "0164") for name in SUMS["juridisch_totaal"]
    }
    leaves |= {
        Cell(YEAR, place, "incidenten", "maand", name): random.choice((0, 2, 4, 8)) for place in ("0147", "0164") for name in MAANDEN
    }
    return _with_totals(leaves)


def _with_totals(leaves: Mapping[Cell, int]) -> Values:
    """Return the rows of a release: a month without incidenten has no row."""
    values = {cell: value for cell, value in leaves.items() if value or not cell.uitsplitsing}
    for place in ("0147", "0164"):
        values[Cell(YEAR, place, "juridisch_totaal")] = sum(leaves[Cell(YEAR, place, name)] for name in SUMS["juridisch_totaal"])
        values[Cell(YEAR, place, "incidenten")] = sum(value for cell, value in values.items() if cell.uitsplitsing and cell[1] == place)
    for cell in dict.fromkeys(cell._replace(gemeente_code="regio") for cell in values):
        values[cell] = sum(values.get(cell._replace(gemeente_code=place), 0) for place in ("0147", "0164"))
    return values


def corrected(random: Random, values: Values) -> Values:
    """Return the same figures after a correction of one or two counts."""
    leaves = {c: v for c, v in values.items() if c.gemeente_code != "regio" and (c.uitsplitsing or c.indicator in SUMS["juridisch_totaal"])}
    for cell in random.sample(list(leaves), random.randint(1, 2)):
        leaves[cell] = max(0, leaves[cell] + random.choice((-2, -1, 1, 2)))
    return _with_totals(leaves)


@pytest.mark.parametrize("seed", range(2))
def test_thirty_nights_with_corrections(seed: int, tmp_path: Path):
    """Also if the attacker has the list of corrected counts."""
    random, releases = Random(seed), Releases(tmp_path)
    values = figures(random)
    for night in range(30):
        releases.publish(values, Prices({"juridisch_totaal": 5}))
        values = corrected(random, values)
        if night % 5 == 4:
            told = releases.attack(changed=releases.changed)
            assert not told.contradictions
            assert releases.learned(told) == {}
    assert releases.learned(releases.attack()) == {}
    assert any(told.signs for told in releases.told)


def broken_down(random: Random) -> Values:
    """Two indicators by school, for two gemeenten and their regio, with a row where either has a count, as with hidden zeros."""
    leaves: Values = {}
    for place in ("0147", "0164"):
        for school in MAANDEN:
            counts = {name: random.choice((0, 0, 1, 3, 8)) for name in ("incidenten", "haltstraf")}
            if any(counts.values()):
                leaves |= {Cell(YEAR, place, name, "school", school): value for name, value in counts.items()}
    for cell in dict.fromkeys(cell._replace(gemeente_code="regio") for cell in leaves):
        leaves[cell] = sum(leaves.get(cell._replace(gemeente_code=place), 0) for place in ("0147", "0164"))
    wholes = dict.fromkeys(cell._replace(uitsplitsing="", uitsplitsing_waarde="") for cell in leaves)
    return leaves | {whole: sum(value for cell, value in leaves.items() if cell[1:3] == whole[1:3]) for whole in wholes}


@pytest.mark.parametrize("seed", range(15))
def test_with_hidden_zeros_nothing_is_solved_and_no_sign_says_less_than_it_may(seed: int, tmp_path: Path):
    releases = Releases(tmp_path, small=Interval(0, 4))
    releases.publish(broken_down(Random(seed)), Prices({}))
    found = releases.attack(zeros=attacker.Zeros(are_hidden=True), thorough=True)
    assert not found.contradictions
    assert releases.learned(found) == {}
    [told] = releases.told
    small = {_count(cell): value for cell, value in told.values.items() if cell in told.signs and value in releases.small}
    assert len(small) > 3
    assert {count: found.ranges[count] for count in small if found.ranges[count][0] > 0 or found.ranges[count][1] < 4} == {}


LUXE = Cell(YEAR, "0147", "pv_luxe_verzuim")


@pytest.mark.parametrize(("remembers", "solved"), [(False, {_count(LUXE): 3}), (True, {})], ids=["without memory", "with memory"])
def test_two_releases_each_safe_and_together_three(remembers: bool, solved: dict[Count, int], tmp_path: Path):
    """The second night alone would choose another count than the first to protect the 3."""
    values = dict(zip((LUXE._replace(indicator=name) for name in SUMS["juridisch_totaal"]), (11, 0, 3, 5), strict=True))
    values[LUXE._replace(indicator="juridisch_totaal")] = 19
    releases = Releases(tmp_path, remembers)
    dear = {"juridisch_totaal": 99, "pv_absoluut_verzuim": 99}
    releases.publish(values, Prices(dear | {"pv_relatief_verzuim": 9}))
    assert releases.learned(releases.attack()) == {}
    releases.publish(values, Prices(dear | {"haltstraf": 9}))
    found = releases.attack()
    luxe = {count: value for count, value in found.solved.items() if count.indicator == LUXE.indicator}
    assert luxe == solved
