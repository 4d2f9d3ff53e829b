"""What is hidden: as little as gives every small count an alternative for each end, and never what an earlier release hid."""

from collections.abc import Mapping, Sequence

import pytest

from expectations import reference
from orchestration.publication.disclosure import facts, program, signs
from orchestration.publication.disclosure.alternatives import Block, Cell, Fact, Search, faults
from orchestration.publication.disclosure.protect import ContradictionError, Protected, protect
from orchestration.publication.disclosure.rounding import Draws
from orchestration.publication.disclosure.signs import Sign
from orchestration.publication.disclosure.view import ANY

YEAR, HENGELO, BORNE, REGIO = "2024-2025", "0164", "0147", "regio"
DRAWS = Draws(b"een sleutel van een test")
SOORTEN = [row["verzuimsoort"] for row in reference.rows("verzuimsoort") if row["is_relatief"] == "true"]


def at(gemeente: str = BORNE, **counts: int) -> dict[Cell, int]:
    """Counts of indicators of a gemeente."""
    return {Cell(YEAR, gemeente, name): number for name, number in counts.items()}


def parts(indicator: str, uitsplitsing: str, gemeente: str = BORNE, **counts: int) -> dict[Cell, int]:
    """Counts of an indicator by the values of a breakdown."""
    return {Cell(YEAR, gemeente, indicator, uitsplitsing, name): number for name, number in counts.items()}


def protected(*counts: Mapping[Cell, int], **more: object) -> Protected:
    values = {cell: number for some in counts for cell, number in some.items()}
    beliefs = [more["known"]] if "known" in more else []
    return protect(values, beliefs, frozenset(more.get("before", ())), DRAWS, 5)  # type: ignore[arg-type, call-overload]


def shown(found: Protected) -> dict[str, tuple[str, int | None]]:
    """What is shown of each count, by its name without the schooljaar."""
    return {str(cell)[len(YEAR) + 1 :]: (said.sign.name, said.number) for cell, said in found.shown.items()}


def reached(found: Protected, cell: Cell) -> set[int]:
    """The values that a count has in the truth and in the alternatives."""
    return {found.values[cell]} | {moves[cell] for moves in found.alternatives if cell in moves}


def every_end_is_reached(found: Protected) -> bool:
    small = [cell for cell, value in found.values.items() if 0 < value < 5 and found.shown[cell].sign is not Sign.ABSENT]
    return bool(small) and all({1, 4} <= reached(found, cell) for cell in small)


SCHOOLS = ((BORNE, 0, 13), (HENGELO, 6, 14))  # gemeente, how many more meldingen than in Borne, and one past its last school
TOTAL = at(absoluut_verzuim=2, relatief_verzuim_jongeren=105, totaal_jongeren=107)


def test_one_of_a_total_is_hidden_and_shown_as_what_follows_from_the_rest():
    found = protected(TOTAL)
    seen = shown(found)
    assert seen["0147/absoluut_verzuim"] == ("SMALL", None)
    hidden = {name for name, (sign, _) in seen.items() if sign == "ROUNDED"}
    assert len(hidden) == 1 and hidden < {"0147/relatief_verzuim_jongeren", "0147/totaal_jongeren"}
    assert seen[hidden.pop()][1] == 105, "105 = 107 - 1 to 4, and 106 to 109 is near 105"
    assert every_end_is_reached(found)


def test_the_choice_depends_on_the_key():
    chosen = set()
    for number in range(20):
        found = protect(TOTAL, [], frozenset(), Draws(bytes([number]) * 32), 5)
        chosen.add(next(cell.indicator for cell, said in found.shown.items() if said.sign is Sign.ROUNDED))
    assert chosen == {"relatief_verzuim_jongeren", "totaal_jongeren"}


def test_two_small_counts_that_protect_each_other_hide_nothing():
    found = protected(at(pv_relatief_verzuim=11, pv_absoluut_verzuim=2, pv_luxe_verzuim=3, haltstraf=5, juridisch_totaal=21))
    assert {sign for sign, _ in shown(found).values()} == {"SHOWN", "SMALL"}
    assert every_end_is_reached(found)


def test_what_an_earlier_release_hid_stays_hidden():
    for name in ("relatief_verzuim_jongeren", "totaal_jongeren"):
        before = Cell(YEAR, BORNE, name)
        assert {cell for cell, said in protected(TOTAL, before=[before]).shown.items() if said.sign is Sign.ROUNDED} == {before}


def test_what_is_public_already_is_not_protected_but_the_release_does_not_say_it():
    """The printed report has 105 and 107; then 2 is known, and still this release alone does not give it."""
    printed = {cell: (value, value) for cell, value in TOTAL.items() if value > 4}
    found = protected(TOTAL, known=printed)
    small = Cell(YEAR, BORNE, "absoluut_verzuim")
    assert found.lost == dict.fromkeys([(small, "1"), (small, "4"), (small, ANY)], 1), "possible for who has not read the report"
    assert len(found.hidden) == 1 and {1, 4} <= reached(found, small)


@pytest.mark.parametrize("alone_possible", [True, False])
def test_what_a_small_count_is_exchanged_with_grows_from_its_own_gemeente_to_everything(
    monkeypatch: pytest.MonkeyPatch, alone_possible: bool
):
    """What its gemeente excludes by itself is not sought further; its gemeente brings the regio's counts of its own 12 schools."""
    of = {gemeente: {f"S{school:02}": school + more for school in range(1, last)} for gemeente, more, last in SCHOOLS}
    of[REGIO] = {school: of[BORNE].get(school, 0) + of[HENGELO][school] for school in of[HENGELO]}
    asked: list[list[Cell]] = []

    def no_answer(block: Block, cells: Sequence[int], goal: Fact, *_: object, alone: bool) -> dict[int, int] | None:
        if block.cells[goal.plus[0]] == Cell(YEAR, BORNE, "meldingen_totaal", "school", "S01"):
            asked.append([block.cells[cell] for cell in cells])
        return {cells[0]: block.values[cells[0]]} if alone and alone_possible else None

    monkeypatch.setattr(Search, "find", lambda _self, _goal: None)
    monkeypatch.setattr(program, "cheapest", no_answer)
    totals = [at(gemeente, meldingen_totaal=sum(schools.values())) for gemeente, schools in of.items()]
    protected(*totals, *(parts("meldingen_totaal", "school", gemeente, **schools) for gemeente, schools in of.items()))
    found = dict.fromkeys(
        (frozenset(cell.gemeente_code for cell in some), len({cell.uitsplitsing_waarde for cell in some})) for some in asked
    )
    own, everywhere = {BORNE, REGIO}, {BORNE, HENGELO, REGIO}
    wider = [(own, 12), (everywhere, 9), (everywhere, 13)]
    assert list(found) == [(own, 9), ({BORNE}, 12), *(wider if alone_possible else [])]


def test_a_small_count_of_the_regio_is_exchanged_in_a_gemeente_that_has_none(monkeypatch: pytest.MonkeyPatch):
    """Who knows the one of Borne still does not know that Hengelo has none."""
    of = {BORNE: {"S01": 1, "S02": 50}, HENGELO: {"S01": 0, "S02": 60, "S03": 30}, REGIO: {"S01": 1, "S02": 110, "S03": 30}}
    totals = [at(gemeente, meldingen_totaal=sum(schools.values())) for gemeente, schools in of.items()]
    broken_down = [parts("meldingen_totaal", "school", gemeente, **schools) for gemeente, schools in of.items()]
    in_borne, in_hengelo, in_regio = (Cell(YEAR, gemeente, "meldingen_totaal", "school", "S01") for gemeente in of)
    monkeypatch.setattr(Search, "find", lambda _self, _goal: None)  # a program finds it
    found = protected(*totals, *broken_down, known={in_borne: (1, 1)})
    assert (in_borne, "4") in found.lost and (in_regio, "4") not in found.lost
    assert 3 in reached(found, in_hengelo)


def test_an_indicator_that_nobody_marked_is_rounded(monkeypatch: pytest.MonkeyPatch):
    seen = shown(protected(at(incidenten=83, meldingen_gesloten=82)))
    assert seen["0147/incidenten"] == ("SHOWN", 83)
    assert seen["0147/meldingen_gesloten"][0] == "ROUNDED" and seen["0147/meldingen_gesloten"][1] in (80, 85)
    monkeypatch.setattr(signs, "kinds", lambda: {"incidenten": "", "meldingen_gesloten": "nee"})
    seen = shown(protected(at(incidenten=83, meldingen_gesloten=82)))
    assert seen["0147/incidenten"][0] == "ROUNDED" and seen["0147/meldingen_gesloten"] == ("ABSENT", None)


def test_a_breakdown_of_a_count_that_may_be_small_is_not_shown():
    seen = shown(protected(at(incidenten=4), parts("incidenten", "maand", **{"2024-09": 3, "2024-10": 1})))
    assert {sign for name, (sign, _) in seen.items() if "maand" in name} == {"ABSENT"}
    seen = shown(protected(at(incidenten=5), parts("incidenten", "maand", **{"2024-09": 4, "2024-10": 1})))
    assert "ABSENT" not in {sign for name, (sign, _) in seen.items() if "maand" in name}


def test_a_breakdown_of_a_hidden_count_is_not_shown():
    before = frozenset({Cell(YEAR, BORNE, "incidenten")})
    seen = shown(protected(at(incidenten=83), parts("incidenten", "maand", **{"2024-09": 43, "2024-10": 40}), before=before))
    assert {sign for name, (sign, _) in seen.items() if "maand" in name} == {"ABSENT"}


@pytest.mark.parametrize("other", range(6, 30))
def test_two_parts_of_a_known_whole_leave_every_end_of_a_small_one(other: int):
    for small in range(1, 5):
        found = protected(at(incidenten=other + small), parts("incidenten", "geslacht", M=other, V=small))
        assert {1, 4} <= reached(found, Cell(YEAR, BORNE, "incidenten", "geslacht", "V")), (other, small)


def test_a_value_that_repeats_an_indicator_is_in_one_place():
    assert facts.repeated() == {("interventies", "soort", "halt"), ("interventies", "soort", "proces_verbaal")}
    counts = at(pv_relatief_verzuim=9, pv_absoluut_verzuim=0, pv_luxe_verzuim=2, haltstraf=3, juridisch_totaal=14, interventies=60)
    found = protected(counts, parts("interventies", "soort", halt=3, proces_verbaal=11, spreekuur=46))
    absent = {name for name, (sign, _) in shown(found).items() if sign == "ABSENT"}
    assert absent == {"0147/interventies/soort/halt", "0147/interventies/soort/proces_verbaal"}
    assert {1, 4} <= reached(found, Cell(YEAR, BORNE, "haltstraf"))


@pytest.mark.parametrize("number", range(20))
def test_who_knows_every_draw_does_not_know_two_counts_and_their_sum(number: int):
    """1 and 1 that are rounded to 0 with 2 that is rounded to 5 can be nothing else."""
    draws, name = Draws(bytes([number]) * 32), "meldingen_teruggeleid"
    counts = {**at(BORNE, **{name: 1}), **at(HENGELO, **{name: 1}), **at(REGIO, **{name: 2})}
    found = protect(counts, [], frozenset(), draws, 5)
    own = {cell.gemeente_code: said.number for cell, said in found.shown.items() if said.sign is Sign.ROUNDED and not said.derived}
    draw = draws.draw(YEAR, "", "")
    alike = {
        (borne, hengelo)
        for borne in range(10)
        for hengelo in range(10)
        if all(draws.rounded({BORNE: borne, HENGELO: hengelo, REGIO: borne + hengelo}[code], draw) == said for code, said in own.items())
    }
    assert (1, 1) in alike
    assert len({borne for borne, _ in alike}) > 1 and len({hengelo for _, hengelo in alike}) > 1


def test_who_counts_in_two_gemeenten_for_a_part_does_so_for_the_whole():
    part, whole = "overig_verzuim", "relatief_verzuim_jongeren"
    values = {Cell(YEAR, code, name): 5 * n for name in (part, whole) for code, n in ((BORNE, 1), (HENGELO, 1), (REGIO, 2))}
    block = facts.block([facts.Count(cell, value, 0, 99) for cell, value in values.items()], {})
    moves = {number: 9 for number, cell in enumerate(block.cells) if cell == Cell(YEAR, REGIO, part)}
    assert [fault for fault in faults(block, moves) if "in meer gemeenten telt" in fault], "nobody counts in both for relatief verzuim"
    moves |= {number: 9 for number, cell in enumerate(block.cells) if cell == Cell(YEAR, REGIO, whole)}
    assert not [fault for fault in faults(block, moves) if "in meer gemeenten telt" in fault]


def test_who_has_absoluut_in_one_gemeente_and_relatief_in_another_counts_once_in_the_regio():
    """He counts in both gemeenten among all jongeren, and twice in each total, also of the regio: no contradiction."""
    elsewhere = {"relatief_verzuim_jongeren": 1, "absoluut_verzuim": 0, "totaal_jongeren": 1, "totaal_jongeren_uniek": 1}
    here = elsewhere | {"relatief_verzuim_jongeren": 0, "absoluut_verzuim": 1}
    both = {"relatief_verzuim_jongeren": 1, "absoluut_verzuim": 1, "totaal_jongeren": 2, "totaal_jongeren_uniek": 1}
    assert protected(at(BORNE, **here), at(HENGELO, **elsewhere), at(REGIO, **both)).alternatives


@pytest.mark.parametrize("number", range(10))
def test_a_breakdown_of_the_regio_has_rows_exactly_if_the_regio_is_certainly_not_small(number: int):
    """8 is rounded to 5, which says that Borne has no 4; hidden, it is shown as the sum of 7 and `<5`, which is near 10."""
    whole = {**at(BORNE, incidenten=1), **at(HENGELO, incidenten=7), **at(REGIO, incidenten=8)}
    sexes = [parts("incidenten", "geslacht", code, M=m, V=v) for code, m, v in ((BORNE, 0, 1), (HENGELO, 4, 3), (REGIO, 4, 4))]
    counts = {cell: value for some in (whole, *sexes) for cell, value in some.items()}
    seen = shown(protect(counts, [], frozenset(), Draws(bytes([number]) * 32), 5))
    assert seen["regio/incidenten"] == ("ROUNDED", 10)
    assert {seen[f"regio/incidenten/geslacht/{sex}"][0] for sex in "MV"} <= {"ROUNDED", "HIDDEN"}


def test_every_breakdown_of_the_regio_is_the_sum_of_the_gemeenten_where_one_shows_none():
    """Not only the last one: Borne has 2 and shows no breakdown, so of the regio both show what Hengelo does."""
    whole = {**at(BORNE, incidenten=2), **at(HENGELO, incidenten=20), **at(REGIO, incidenten=22)}
    by = [
        parts("incidenten", uitsplitsing, code, **{one: n, other: m})
        for uitsplitsing, one, other in (("geslacht", "M", "V"), ("school", "A", "B"))
        for code, n, m in ((BORNE, 1, 1), (HENGELO, 10, 10), (REGIO, 11, 11))
    ]
    seen = shown(protected(whole, *by))
    assert {seen[f"regio/incidenten/{part}"] for part in ("geslacht/M", "geslacht/V", "school/A", "school/B")} == {("ROUNDED", 10)}


def regio(small: int, other: int, together: int) -> Protected:
    name = "incidenten" if small + other == together else "absoluut_verzuim"
    return protected(at(BORNE, **{name: small}), at(HENGELO, **{name: other}), at(REGIO, **{name: together}))


@pytest.mark.parametrize("other", range(5, 30))
@pytest.mark.parametrize("small", range(1, 5))
@pytest.mark.parametrize("both", [0, 1])
def test_the_regio_tells_nothing_of_a_small_gemeente(small: int, other: int, both: int):
    found = regio(small, other, small + other - both)
    name = next(iter(found.values)).indicator
    assert {1, 4} <= reached(found, Cell(YEAR, BORNE, name))
    said = found.shown[Cell(YEAR, REGIO, name)]
    assert said.sign is Sign.ROUNDED and said.number is not None
    assert abs(said.number - (small + other - both)) <= 5


def test_the_regio_is_shown_as_it_is_where_the_gemeenten_say_it():
    assert found_regio(regio(10, 20, 30)) == (Sign.SHOWN, 30)
    assert found_regio(regio(0, 0, 0)) == (Sign.SHOWN, 0)
    assert found_regio(regio(10, 20, 28))[0] is Sign.ROUNDED, "two jongeren count in both"


def found_regio(found: Protected) -> tuple[Sign, int | None]:
    said = next(said for cell, said in found.shown.items() if cell.gemeente_code == REGIO)
    return said.sign, said.number


def test_figures_that_contradict_their_definition_are_refused():
    with pytest.raises(ContradictionError, match="totaal_jongeren evenveel is als absoluut_verzuim"):
        protected(at(absoluut_verzuim=2, relatief_verzuim_jongeren=105, totaal_jongeren=108))
