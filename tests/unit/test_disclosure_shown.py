"""Public rows: a count as it is shown, and everything else computed from that alone."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from worlds import DICTIONARY

from expectations import published
from orchestration.publication.disclosure import shown
from orchestration.publication.disclosure.alternatives import Cell
from orchestration.publication.disclosure.rounding import interval
from orchestration.publication.disclosure.shown import Figures, cell_of, read
from orchestration.publication.disclosure.signs import HIDDEN, Shown, Sign

YEAR, BEFORE, BORNE = "2024-2025", "2023-2024", "0147"
RATE = ("totaal_jongeren", "leerplichtigen", "verzuimpercentage")
SMALL = Shown(Sign.SMALL, None, 1, 4)


def exact(number: int) -> Shown:
    return Shown(Sign.SHOWN, number, number, number)


def about(number: int) -> Shown:
    return Shown(Sign.ROUNDED, number, *interval(number))


def row(indicator: str, schooljaar: str = YEAR, **more: Any) -> dict[str, Any]:
    """A row of `kerncijfers` as in `intern`: with true numbers everywhere, which may not come through."""
    known = DICTIONARY[indicator]
    place = {"schooljaar": schooljaar, "gemeente_code": BORNE, "indicator": indicator, "eenheid": known["eenheid"]}
    secret = {name: Decimal(9999) if "percentage" in name or "punten" in name else 9999 for name in shown.numbers()}
    columns = dict.fromkeys(column.name for column in published.table("kerncijfers").columns)
    return {**columns, **secret, **place, "status": "gepubliceerd", **more}


def figures(
    signs: dict[tuple[str, str], Shown], rows: Sequence[dict[str, Any]], threshold: int = 5
) -> dict[tuple[str, str], dict[str, Any]]:
    """Public rows by schooljaar and indicator."""
    cells = {Cell(schooljaar, BORNE, indicator): said for (schooljaar, indicator), said in signs.items()}
    made = Figures(cells, threshold).rows(rows)
    assert not [name for one in made for name, value in one.items() if value in (9999, "9.999")]
    again = Figures(read(made, threshold), threshold).rows(made)
    assert again == made, "they follow from what they show"
    return {(one["schooljaar"], one["indicator"]): one for one in made}


@pytest.mark.parametrize(
    ("said", "status", "waarde", "weergave"),
    [
        (exact(10478), "gepubliceerd", 10478, "10.478"),
        (exact(0), "gepubliceerd", 0, "0"),
        (SMALL, "onderdrukt_primair", None, "<5"),
        (about(15), "afgerond", 15, "ca. 15"),
        (about(0), "afgerond", 0, "0–4"),
        (HIDDEN, "onderdrukt_secundair", None, "x"),
    ],
)
def test_a_count_is_shown_as_its_sign_says(said: Shown, status: str, waarde: int | None, weergave: str):
    [made] = figures({(YEAR, "incidenten"): said}, [row("incidenten")]).values()
    assert (made["status"], made["waarde"], made["weergave"]) == (status, waarde, weergave)


@pytest.mark.parametrize(
    ("teller", "noemer", "weergave"),
    [
        (exact(137), exact(3694), "3,71%"),
        (about(135), exact(3694), "ca. 3,7%"),
        (about(135), exact(40000), "ca. 0,34%"),
        (about(45), exact(200), "ca. 23%"),
        (about(45), about(200), "ca. 23%"),
        (SMALL, exact(3694), "x"),
        (exact(137), HIDDEN, "x"),
        (about(5), about(0), "x"),
        (about(0), about(5), "x"),
        (exact(0), exact(0), "-"),
    ],
)
def test_a_rate_is_computed_from_what_is_shown_with_the_decimals_it_carries(teller: Shown, noemer: Shown, weergave: str):
    signs = {(YEAR, RATE[0]): teller, (YEAR, RATE[1]): noemer}
    made = figures(signs, [row(name) for name in RATE])[YEAR, RATE[2]]
    assert made["weergave"] == weergave
    assert (made["teller"], made["noemer"]) == ((None, None) if weergave == "x" else (teller.number, noemer.number))


def test_a_rate_of_counts_that_follow_from_others_is_the_one_that_readers_compute():
    teller, noemer = (replace(about(number), low=0, high=20, derived=True) for number in (5, 10))
    for signs in ({(YEAR, RATE[0]): about(5), (YEAR, RATE[1]): about(10)}, {(YEAR, RATE[0]): teller, (YEAR, RATE[1]): noemer}):
        assert figures(signs, [row(name) for name in RATE])[YEAR, RATE[2]]["weergave"] == "ca. 50%"


@pytest.mark.parametrize(
    ("over", "median", "weergave"),
    [
        (about(15), "10.50", "ca. 11"),
        (about(10), "10.50", "x"),
        (exact(10), "10.49", "ca. 10"),
        (exact(9), "10.50", "x"),
        (HIDDEN, "1.00", "x"),
    ],
)
def test_a_median_is_in_whole_days_and_over_at_least_ten(over: Shown, median: str, weergave: str):
    rows = [row("meldingen_opgevolgd"), row("doorlooptijd_mediaan_dagen", percentage=Decimal(median))]
    made = figures({(YEAR, "meldingen_opgevolgd"): over}, rows)[YEAR, "doorlooptijd_mediaan_dagen"]
    assert made["weergave"] == weergave


@pytest.mark.parametrize(
    ("before", "now", "change"),
    [
        (exact(91), exact(83), (91, -8, Decimal("-8.8"))),
        (about(90), exact(83), (90, -7, Decimal(-8))),
        (about(90), about(85), (90, -5, Decimal(-6))),
        (about(0), about(5), (0, 5, None)),
        (exact(91), SMALL, (91, None, None)),
        (SMALL, exact(83), (None, None, None)),
        (HIDDEN, about(85), (None, None, None)),
    ],
)
def test_a_change_is_computed_from_what_is_shown_of_both_years(before: Shown, now: Shown, change: tuple[Any, ...]):
    signs = {(BEFORE, "incidenten"): before, (YEAR, "incidenten"): now}
    made = figures(signs, [row("incidenten", BEFORE), row("incidenten")])
    assert tuple(made[YEAR, "incidenten"][name] for name in ("vorige_waarde", "verschil", "verschil_percentage")) == change
    assert made[BEFORE, "incidenten"]["vorige_waarde"] is None, "the year before is not in the release"


def test_a_change_of_a_rate_is_in_points_of_what_is_shown():
    signs = {(year, name): said for year, said in ((BEFORE, exact(107)), (YEAR, about(135))) for name in RATE[:1]}
    signs |= {(BEFORE, RATE[1]): exact(4100), (YEAR, RATE[1]): exact(3694)}
    made = figures(signs, [row(name, year) for year in (BEFORE, YEAR) for name in RATE])[YEAR, RATE[2]]
    assert (made["percentage"], made["vorig_percentage"]) == (Decimal("3.7"), Decimal("2.61")), "with unequal decimals"
    assert made["verschil_punten"] == Decimal("1.09"), "what the gate of openbaar demands: the one minus the other"


@pytest.mark.parametrize("status", ["niet_beschikbaar", "niet_van_toepassing"])
def test_what_there_is_not_stays_so(status: str):
    made = figures({(YEAR, "leerplichtigen"): exact(3694)}, [row("totaal_jongeren", status=status), *map(row, RATE[1:])])
    assert made[YEAR, "totaal_jongeren"]["status"] == made[YEAR, "verzuimpercentage"]["status"] == status


def test_a_higher_threshold_is_in_every_sign():
    made = figures({(YEAR, "incidenten"): Shown(Sign.ROUNDED, 0, 0, 9)}, [row("incidenten")], threshold=10)
    assert made[YEAR, "incidenten"]["weergave"] == "0–9"


def test_a_withheld_indicator_has_no_row(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(shown, "withheld", lambda: frozenset({"incidenten"}))
    assert Figures({}, 5).rows([row("incidenten")]) == []


def test_a_cell_is_read_from_a_row_of_both_tables():
    place = {"schooljaar": YEAR, "gemeente_code": BORNE, "indicator": "incidenten"}
    assert cell_of(place) == Cell(YEAR, BORNE, "incidenten")
    part = {**place, "uitsplitsing": "maand", "uitsplitsing_waarde": "2024-09"}
    assert str(cell_of(part)) == "2024-2025/0147/incidenten/maand/2024-09"
