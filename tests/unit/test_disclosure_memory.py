"""Two releases that are each safe, but together would reveal a small count."""

import pytest

from orchestration.publication.disclosure.certificate import faults
from orchestration.publication.disclosure.knowledge import Figures, figures
from orchestration.publication.disclosure.loss import Loss
from orchestration.publication.disclosure.mask import NOTHING, small
from orchestration.publication.disclosure.memory import Told, read, rows, span
from orchestration.publication.disclosure.protection import ContradictionError, Protection, choose, evidence, requirements
from orchestration.publication.disclosure.system import Cell, Interval

SUMS = {"totaal": ("a", "b", "c")}
UNITS = dict.fromkeys(("totaal", "a", "b", "c"), "aantal")
SMALL = small(5, hide_zeros=False)
LOSS = Loss([{"indicator": name, "tabel": "incidenten", "teller": None, "noemer": None} for name in UNITS], SUMS)


def counts(a: int, b: int, c: int) -> Figures:
    values = {"totaal": a + b + c, "a": a, "b": b, "c": c}
    rows_ = [{"schooljaar": "2024-2025", "gemeente_code": "0164", "indicator": name, "eenheid": "aantal"} for name in values]
    return figures([row | {"waarde": values[row["indicator"]]} for row in rows_], [], SUMS)


def cell(indicator: str, versie: str = "") -> Cell:
    return Cell("2024-2025", "0164", indicator, versie=versie)


def told(release: str, now: Figures, chosen: Protection) -> Told:
    return Told(release, now.values, chosen.signs, SMALL, UNITS)


def proved(now: Figures, earlier: list[Told], chosen: Protection) -> list[str]:
    """Return the faults of a protection, given the facts of all releases together."""
    said = {place: chosen.signs.get(place, Interval(value, value)) for place, value in now.values.items()}
    found = evidence(requirements(now, earlier, SMALL, SUMS), said, chosen.tables, lost=())
    return list(faults(found.public, found.relations, found.needed, found.tables))


def test_two_nights_that_are_each_safe_do_not_tell_together_what_both_withhold() -> None:
    first = counts(3, 7, 20)
    before = told("eerste", first, choose(first, [], SMALL, SUMS, LOSS))
    beside = next(place for place in before.signs if place.indicator != "a")  # withheld to protect the 3
    second = counts(5, 7, 20)
    alone = choose(second, [], SMALL, SUMS, LOSS)
    assert not alone.signs, "by itself the second night has nothing to withhold"

    together = choose(second, [before], SMALL, SUMS, LOSS)

    assert beside in together.signs, "shown now, it tells what was withheld then"
    assert not proved(second, [before], together)
    assert cell("a", "eerste") in requirements(second, [before], SMALL, SUMS).needed


def test_showing_what_protected_an_earlier_night_is_refused_by_the_check() -> None:
    first = counts(3, 7, 20)
    before = told("eerste", first, choose(first, [], SMALL, SUMS, LOSS))
    second = counts(5, 7, 20)
    careless = Protection({}, [{}], optimal=True, lost=())
    assert any("a/eerste" in fault for fault in proved(second, [before], careless))


def test_what_was_public_stays_public() -> None:
    first = counts(6, 7, 20)
    before = Told("eerste", first.values, {}, SMALL, UNITS)
    second = counts(6, 7, 3)
    chosen = choose(second, [before], SMALL, SUMS, LOSS)
    assert cell("c") in chosen.signs
    assert cell("a") not in chosen.signs and cell("b") not in chosen.signs, "hiding again what everybody has read protects nothing"
    assert not proved(second, [before], chosen)


def test_a_small_count_that_earlier_releases_gave_away_is_named_and_withheld_no_longer_proved() -> None:
    first = counts(3, 7, 20)
    gave_away = Told("eerste", first.values, {cell("a"): SMALL}, SMALL, UNITS)  # 30 − 7 − 20
    chosen = choose(first, [gave_away], SMALL, SUMS, LOSS)
    assert chosen.lost == (cell("a"),)
    assert chosen.signs[cell("a")] == SMALL


def test_an_unchanged_count_is_one_unknown_and_a_changed_one_another() -> None:
    first = counts(3, 7, 20)
    known = span(counts(3, 8, 20), [told("eerste", first, choose(first, [], SMALL, SUMS, LOSS))], SUMS)
    assert known.values[cell("b", "eerste")] == 7 and known.values[cell("b")] == 8
    assert cell("a", "eerste") not in known.values


def test_a_value_that_comes_back_is_another_unknown() -> None:
    first, second = counts(3, 7, 20), counts(4, 7, 20)
    one = told("eerste", first, choose(first, [], SMALL, SUMS, LOSS))
    two = told("tweede", second, choose(second, [one], SMALL, SUMS, LOSS))
    needed = requirements(first, [one, two], SMALL, SUMS).needed
    assert {cell("a"), cell("a", "tweede"), cell("a", "eerste")} <= needed.keys()


def test_thirty_nights_with_corrections_stay_safe() -> None:
    earlier: list[Told] = []
    for night in range(30):
        now = counts(1 + night % 6, 7 + night // 4 % 3, 20 - night // 7)
        chosen = choose(now, earlier, SMALL, SUMS, LOSS)
        assert not proved(now, earlier, chosen), night
        assert not chosen.lost
        earlier.append(told(f"nacht{night:02}", now, chosen))


def test_what_a_release_told_is_read_back_as_it_was() -> None:
    first = counts(3, 7, 20)
    before = told("eerste", first, choose(first, [], SMALL, SUMS, LOSS))
    assert read("eerste", SMALL, rows(before)) == before


def test_figures_that_break_what_everybody_knows_are_refused() -> None:
    wrong = counts(3, 7, 20)
    broken = Figures({**wrong.values, cell("totaal"): 31}, wrong.relations)
    with pytest.raises(ContradictionError, match="totaal een optelling is"):
        choose(broken, [], SMALL, SUMS, LOSS)


def test_what_follows_from_a_printed_report_protects_nothing_else() -> None:
    """Of 14 = a + b + 8 with `<5` for a and b neither can be 1, so both are revealed; likewise f and g. a and f may not protect d."""
    sums = {"totaal": ("a", "b", "c"), "geheel": ("f", "g", "h"), "som": ("a", "f", "d", "e")}
    values = {"totaal": 14, "a": 2, "b": 4, "c": 8, "geheel": 14, "f": 2, "g": 4, "h": 8, "som": 28, "d": 4, "e": 20}
    units = dict.fromkeys(values, "aantal")
    loss = Loss([{"indicator": name, "tabel": "incidenten", "teller": None, "noemer": None} for name in values], sums)
    row = {"schooljaar": "2024-2025", "gemeente_code": "0164", "eenheid": "aantal"}
    now = figures([row | {"indicator": name, "waarde": value} for name, value in values.items()], [], sums)
    given_away = {cell(name) for name in "abfg"}
    told = {cell(name): values[name] for name in ("totaal", "a", "b", "c", "geheel", "f", "g", "h")}
    printed = Told("gedrukt", told, dict.fromkeys(given_away, SMALL), SMALL, units, partial=True)

    found = choose(now, [printed], SMALL, sums, loss)

    assert set(found.lost) == given_away
    public = {place: found.signs.get(place, Interval(value, value)) for place, value in now.values.items()}
    known = evidence(requirements(now, [printed], SMALL, sums), public, found.tables, lost=list(map(str, found.lost)))
    assert not list(faults(known.public, known.relations, known.needed, known.tables))
    assert cell("d") in known.needed


def test_of_a_printed_report_it_says_nothing_that_a_gemeente_is_not_in_it() -> None:
    """Hengelo and the regio are printed, Borne is not: that does not mean that Hengelo is the whole regio."""
    row = {"schooljaar": "2024-2025", "indicator": "incidenten", "eenheid": "aantal"}
    now = figures([row | {"gemeente_code": code, "waarde": value} for code, value in (("0164", 6), ("0147", 5), ("regio", 11))], [], {})
    there = {place: value for place, value in now.values.items() if place.gemeente_code != "0147"}
    printed = Told("gedrukt", there, {}, SMALL, {"incidenten": "aantal"}, partial=True)
    assert [fact.because for fact in requirements(now, [printed], SMALL, {}).known.relations if not fact.holds(now.values)] == []


@pytest.mark.parametrize("before_", [small(10, hide_zeros=False), small(5, hide_zeros=True), SMALL], ids=["<10", "zeros hidden", "<5"])
@pytest.mark.parametrize("after", [small(10, hide_zeros=False), small(5, hide_zeros=True), SMALL], ids=["<10", "zeros hidden", "<5"])
def test_another_threshold_prints_its_own_signs_and_no_untruth(before_: Interval, after: Interval) -> None:
    now = counts(3, 7, 0)
    earlier = Told("eerste", now.values, choose(now, [], before_, SUMS, LOSS).signs, before_, UNITS)
    chosen = choose(now, [earlier], after, SUMS, LOSS)
    assert set(chosen.signs.values()) <= {after, NOTHING}
    assert all(now.values[place] in sign for place, sign in chosen.signs.items())
    said = {place: chosen.signs.get(place, Interval(value, value)) for place, value in now.values.items()}
    found = evidence(requirements(now, [earlier], after, SUMS), said, chosen.tables, [str(place) for place in chosen.lost])
    assert not list(faults(found.public, found.relations, found.needed, found.tables))


def parts(uitsplitsing: str, **values: int) -> Figures:
    """Four incidenten of one schooljaar, broken down."""
    row = {"schooljaar": "2024-2025", "gemeente_code": "0164", "indicator": "totaal", "eenheid": "aantal"}
    broken_down = [row | {"uitsplitsing": uitsplitsing, "uitsplitsing_waarde": name, "waarde": value} for name, value in values.items()]
    return figures([row | {"waarde": sum(values.values())}], broken_down, {})


def test_four_schools_with_a_row_have_an_incident_each_which_is_said_and_stops_nothing() -> None:
    """Each has at least one, so the total is 4 or more, and `<5` shows that it is 4. This does not apply to months: each has a row."""
    now = parts("school", a=1, b=1, c=1, d=1)
    told_: list[str] = []
    chosen = choose(now, [], SMALL, {}, LOSS, told_.append)
    assert cell("totaal") in chosen.lost
    assert any("2024-2025/0164/totaal" in sentence for sentence in told_)
    said = {place: chosen.signs.get(place, Interval(value, value)) for place, value in now.values.items()}
    found = evidence(requirements(now, [], SMALL, {}), said, chosen.tables, [str(place) for place in chosen.lost])
    assert not list(faults(found.public, found.relations, found.needed, found.tables))
    assert not choose(parts("maand", a=1, b=1, c=1, d=1), [], SMALL, {}, LOSS).lost


def test_with_hidden_zeros_a_row_says_that_somebody_has_it_unless_another_indicator_may() -> None:
    hidden = small(5, hide_zeros=True)
    row = {"schooljaar": "2024-2025", "gemeente_code": "0164", "eenheid": "aantal"}
    wholes = [row | {"indicator": name, "waarde": 10} for name in ("a", "b")]
    values = {"a": {"halt": 1, "gesprek": 9}, "b": {"halt": 0, "gesprek": 10}}
    parts = [
        whole | {"uitsplitsing": "soort", "uitsplitsing_waarde": name, "waarde": value}
        for whole in wholes
        for name, value in values[whole["indicator"]].items()
    ]
    alone = figures(wholes[:1], parts[:2], {}, complete=True)
    lost = choose(alone, [], hidden, {}, LOSS).lost
    assert [place.uitsplitsing_waarde for place in lost] == ["halt"], "of 0 to 4 it can only be 1 to 4"
    both = figures(wholes, parts, {}, complete=True)
    assert not choose(both, [], hidden, {}, LOSS).lost
