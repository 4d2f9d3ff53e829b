"""What an earlier method of protection gave away: each test fails on a release that is made by it.

The printed report, and an indicator that somebody adds, are in `tests/unit/test_disclosure_known.py` and `test_disclosure_protect.py`.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from pathlib import Path

import pyarrow.parquet as pq
import worlds
from attack.attacker import Attacker
from attack.definitions import Count
from attack.exposure import exposure
from truth import AREAS

from orchestration.publication.disclosure import shown
from orchestration.publication.disclosure.alternatives import Cell
from orchestration.publication.disclosure.protect import protect
from orchestration.publication.disclosure.rounding import Draws
from orchestration.publication.disclosure.signs import Sign

YEAR, HENGELO, BORNE, REGIO, ONBEKEND = "2023-2024", "0164", "0147", "regio", "onbekend"
IN_COURT = ("pv_absoluut_verzuim", "pv_luxe_verzuim", "haltstraf")
KEYS, TOTAL = 3, 10


def counted(of: Mapping[str, Mapping[str, int]]) -> worlds.Values:
    """Return the counts of a schooljaar in which everything is 0 but some counts of gemeenten, which add up to those of the regio."""
    names = [name for name in worlds.DICTIONARY if shown.is_count(name)]
    found = {Cell(YEAR, area, name): 0 for area in AREAS for name in names if (area, name) != (ONBEKEND, "leerplichtigen")}
    for gemeente, counts in of.items():
        for name, count in counts.items():
            found[Cell(YEAR, gemeente, name)] = count
            found[Cell(YEAR, REGIO, name)] += count
    return found


def of_one_melding_each(relatief: int, luxe: int) -> dict[str, int]:
    """Return the counts of a gemeente in which nobody has two meldingen."""
    soorten = {"relatief_16_uur_18_min": relatief, "luxe_verzuim": luxe}
    meldingen = {f"meldingen_{name}": count for name, count in soorten.items()}
    everybody = ("relatief_verzuim_jongeren", "meldingen_totaal", "totaal_jongeren", "totaal_jongeren_uniek", "meldingen_opgevolgd")
    return {"leerplichtigen": 400, **soorten, **meldingen, **dict.fromkeys(everybody, relatief + luxe)}


def test_that_nobody_repeats_does_not_make_jongeren_of_meldingen(tmp_path: Path):
    counts = counted({HENGELO: of_one_melding_each(10, 1), BORNE: of_one_melding_each(20, 6)})
    publisher = worlds.Publisher(tmp_path)
    public = publisher.publish(counts)
    publisher.check()
    attacker, true = Attacker(values=[]), {Count(*cell): value for cell, value in counts.items()}
    attacker.read(public)
    found = exposure(attacker.search(true), true, attacker.gemeenten)
    assert found.small == 2
    assert found.exact == {}


def test_two_releases_do_not_name_the_month_of_one_new_melding(tmp_path: Path):
    """The same draw rounds 12 and 13, unless that is the one that turns."""
    whole = {**of_one_melding_each(60, 0), "herhaalverzuim_jongeren": 1}
    publisher, turned = worlds.Publisher(tmp_path), []
    for more in (0, 1):
        counts = counted({HENGELO: whole | dict.fromkeys(("meldingen_totaal", "meldingen_relatief_16_uur_18_min"), 61 + more)})
        months = {"2023-09": 20, "2023-10": 12 + more, "2023-11": 29}
        counts |= {Cell(YEAR, area, "meldingen_totaal", "maand", month): n for area in (HENGELO, REGIO) for month, n in months.items()}
        turned.append(pq.read_table(publisher.publish(counts) / "uitsplitsingen.parquet").to_pylist())
    assert len(turned[0]) == 6
    assert turned[0] == turned[1]


def test_nobody_can_replay_which_counts_are_hidden():
    """With every key tried on every table that fits, no small count follows from what was hidden."""
    tables = [table for table in product(range(TOTAL + 1), repeat=len(IN_COURT)) if sum(table) <= TOTAL]
    seen: dict[tuple[str, ...], set[tuple[int, ...]]] = defaultdict(set)
    for key, table in product(range(KEYS), tables):
        seen[tuple(signs(table, Draws(f"key {key}".encode())))].add(table)
    complete = {public: fitting for public, fitting in seen.items() if public[-1].isdigit()}
    assert len(complete) > 20, "with a total that is shown, so that no other table fits"
    assert any(said.startswith("ca.") for public in complete for said in public[:-1]), "some hide a part of it"
    assert list(solved(complete.items())) == []


def signs(table: tuple[int, ...], draws: Draws) -> Iterator[str]:
    """Yield what is shown of each count of a table, and of their total, in Hengelo."""
    own = {**dict(zip(IN_COURT, table, strict=True)), "juridisch_totaal": sum(table)}
    values = counted({HENGELO: {"leerplichtigen": 400, "interventies": sum(table) + 9, **own}})
    protected = protect(values, [], frozenset(), draws, worlds.THRESHOLD)
    for name in own:
        said = protected.shown[Cell(YEAR, HENGELO, name)]
        yield {Sign.SHOWN: str(said.number), Sign.SMALL: "<5"}.get(said.sign, f"ca. {said.number}")


def solved(seen: Iterable[tuple[tuple[str, ...], set[tuple[int, ...]]]]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield each small count that is the same in all tables that show the same."""
    for public, tables in seen:
        for place, name in enumerate(IN_COURT):
            if public[place] == "<5" and len({table[place] for table in tables}) == 1:
                yield public, name
