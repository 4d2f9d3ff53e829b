"""The attacker solves files that leak; otherwise finding nothing in our files would prove nothing."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from attack.attacker import Attack, Count, Zeros, attack

YEAR, BEFORE = "2024-2025", "2023-2024"
BORNE, HENGELO = "0147", "0164"
UNITS = {"verzuimpercentage": "procent", "meldingen_totaal": "meldingen", "incidenten": "aantal", "leerplichtigen": "jongeren"}
UNITS |= dict.fromkeys(("juridisch_totaal", "pv_relatief_verzuim", "pv_absoluut_verzuim", "pv_luxe_verzuim", "haltstraf"), "aantal")
COLUMNS = (
    "waarde",
    "percentage",
    "teller",
    "noemer",
    "vorige_waarde",
    "verschil",
    "verschil_percentage",
    "vorig_percentage",
    "verschil_punten",
)
DICTIONARY = {"indicator": "verzuimpercentage", "teller": "totaal_jongeren", "noemer": "leerplichtigen", "factor": 100}

Row = dict[str, Any]
Save = Callable[..., Path]


def row(indicator: str, value: int | str | None, gemeente: str = BORNE, schooljaar: str = YEAR, **more: Any) -> Row:
    """Return a row of a public file: a number is shown, a text is its sign."""
    shown = value if isinstance(value, int) else None
    status = "gepubliceerd" if not isinstance(value, str) else "onderdrukt_primair" if value.startswith("<") else "onderdrukt_secundair"
    place = {"schooljaar": schooljaar, "gemeente_code": gemeente, "indicator": indicator}
    about = {"eenheid": UNITS.get(indicator, "jongeren"), "status": status, "weergave": str(value)}
    return {**place, **dict.fromkeys(COLUMNS), **about, "waarde": shown, **more}


def part(indicator: str, uitsplitsing: str, values: Mapping[str, int | str], gemeente: str = BORNE) -> list[Row]:
    """The rows of a breakdown."""
    return [row(indicator, value, gemeente, uitsplitsing=uitsplitsing, uitsplitsing_waarde=name) for name, value in values.items()]


@pytest.fixture
def save(tmp_path: Path) -> Save:
    """Write a release to its own folder."""

    def write(kerncijfers: Sequence[Row], uitsplitsingen: Sequence[Row] = ()) -> Path:
        folder = tmp_path / f"release-{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        for name, rows in (("kerncijfers", kerncijfers), ("uitsplitsingen", uitsplitsingen), ("indicatoren", [DICTIONARY])):
            if rows:
                pq.write_table(pa.Table.from_pylist(list(rows)), folder / f"{name}.parquet")
        return folder

    return write


def solved(found: Attack) -> dict[tuple[str, ...], int]:
    """Return the solved counts, by gemeente, indicator and value of the breakdown."""
    return {tuple(filter(None, (count.gemeente, count.indicator, count.waarde))): value for count, value in found.solved.items()}


def juridisch(*values: int | str) -> list[Row]:
    names = ("pv_relatief_verzuim", "pv_absoluut_verzuim", "pv_luxe_verzuim", "haltstraf", "juridisch_totaal")
    return [row(name, value) for name, value in zip(names, values, strict=True)]


def test_a_total_less_what_is_shown(save: Save):
    """Borne: 107 jongeren, of whom 105 with relatief verzuim; so absoluut verzuim is 2."""
    folder = save([row("absoluut_verzuim", "<5"), row("relatief_verzuim_jongeren", 105), row("totaal_jongeren", 107)])
    assert solved(attack([folder])) == {(BORNE, "absoluut_verzuim"): 2}


def test_a_total_of_four(save: Save):
    """20 = 11 + 0 + x + 5."""
    assert solved(attack([save(juridisch(11, 0, "<5", 5, 20))])) == {(BORNE, "pv_luxe_verzuim"): 4}


def test_two_that_share_what_is_left_are_not_solved(save: Save):
    found = attack([save(juridisch(11, "<5", "<5", 5, 20))], thorough=True)
    assert not found.solved
    assert set(found.ranges.values()) == {(1, 3)}


def test_the_signs_alone_solve_two_ones(save: Save):
    """18 = 11 + 5 + x + x and neither is 0: both are 1."""
    assert set(attack([save(juridisch(11, "x", "x", 5, 18))], zeros=Zeros(are_shown=True)).solved.values()) == {1}


@pytest.mark.parametrize(("shown", "left"), [(0, (0, 3)), (5, (1, 3))])
def test_a_rounded_count_lies_less_than_five_away(save: Save, shown: int, left: tuple[int, int]):
    """Of 3 incidenten, those of one month are rounded; the other has `x`."""
    parts = part("incidenten", "maand", {"2024-09": shown, "2024-10": "x"})
    parts[0] |= {"status": "afgerond", "weergave": f"ca. {shown}"}
    assert left in attack([save([row("incidenten", 3)], parts)], thorough=True).ranges.values()


def test_two_roundings_of_one_count_tell_more_than_one(save: Save):
    """7 was rounded to 5 first and to 10 later, unless the attacker sees that the count must have changed."""
    releases = []
    for shown in (5, 10):
        parts = part("incidenten", "school", {"A": shown, "B": 20})
        parts[0] |= {"status": "afgerond", "weergave": f"ca. {shown}"}
        releases.append(save([row("leerplichtigen", 5000)], parts))
    unchanged = attack(releases, thorough=True, changed=[set(), set()])
    assert (6, 9) in unchanged.ranges.values()
    assert (6, 9) not in attack(releases, thorough=True).ranges.values()


def test_a_regio_less_the_other_gemeente(save: Save):
    folder = save([row("incidenten", "<5"), row("incidenten", 30, HENGELO), row("incidenten", 33, "regio")])
    assert solved(attack([folder])) == {(BORNE, "incidenten"): 3}


def test_jongeren_of_the_regio_do_not_add_up(save: Save):
    """A jongere may count in both gemeenten: 33 in the regio and 30 in Hengelo leave 3 or more for Borne."""
    folder = save([row("absoluut_verzuim", "<5"), row("absoluut_verzuim", 30, HENGELO), row("absoluut_verzuim", 33, "regio")])
    assert (3, 4) in attack([folder], thorough=True).ranges.values()


def test_a_percentage_is_its_numerator(save: Save):
    """2.14 % of 5,000 is 107."""
    rate = row("verzuimpercentage", "2,14%", percentage=Decimal("2.14"), status="gepubliceerd")
    folder = save([row("totaal_jongeren", "x"), row("leerplichtigen", 5000), rate])
    assert solved(attack([folder])) == {(BORNE, "totaal_jongeren"): 107}


@pytest.mark.parametrize("column", [{"vorige_waarde": 3}, {"verschil": 7}])
def test_the_next_schooljaar_tells(save: Save, column: dict[str, int]):
    folder = save([row("incidenten", "<5", schooljaar=BEFORE), row("incidenten", 10, **column)])
    assert solved(attack([folder])) == {(BORNE, "incidenten"): 3}


def test_a_breakdown_of_meldingen_adds_up(save: Save):
    parts = part("meldingen_totaal", "school", {"A": 12, "B": "x"})
    assert solved(attack([save([row("meldingen_totaal", 14)], parts)])) == {(BORNE, "meldingen_totaal", "B"): 2}


def test_one_geslacht_follows_from_the_other(save: Save):
    parts = part("relatief_verzuim_jongeren", "geslacht", {"m": 12, "v": "x"})
    assert solved(attack([save([row("relatief_verzuim_jongeren", 14)], parts)])) == {(BORNE, "relatief_verzuim_jongeren", "v"): 2}


def test_jongeren_of_a_school_are_no_more_than_its_meldingen(save: Save):
    parts = [*part("meldingen_totaal", "school", {"A": 1, "B": 9}), *part("relatief_verzuim_jongeren", "school", {"A": "<5", "B": 5})]
    folder = save([row("meldingen_totaal", 10), row("relatief_verzuim_jongeren", 6)], parts)
    assert solved(attack([folder])) == {(BORNE, "relatief_verzuim_jongeren", "A"): 1}


def test_what_an_earlier_release_showed(save: Save):
    earlier, later = save([row("incidenten", 3)]), save([row("incidenten", "<5")])
    assert not attack([later]).solved
    assert solved(attack([earlier, later])) == {(BORNE, "incidenten"): 3}


def test_two_releases_each_safe_and_together_not(save: Save):
    """The first withholds luxe and halt of 20, the second luxe and relatief: together they show both."""
    first, second = save(juridisch(11, 0, "<5", "x", 20)), save(juridisch("x", 0, "<5", 5, 20))
    assert not attack([first]).solved and not attack([second]).solved
    assert attack([first, second]).solved[Count(YEAR, BORNE, "pv_luxe_verzuim")] == 4


def test_a_count_that_was_shown_to_change_is_another_count(save: Save):
    earlier, later = save([row("incidenten", 12)]), save([row("incidenten", 13)])
    assert attack([earlier, later]).contradictions == 0
