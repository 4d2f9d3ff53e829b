"""The attacker solves files that leak; otherwise finding nothing in our files would prove nothing."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from attack.attacker import Attacker, Draw
from attack.definitions import Count
from attack.knowledge import ContradictionError
from attack.release import INDICATORS
from attack.solving import Search

YEAR, BEFORE = "2024-2025", "2023-2024"
BORNE, HENGELO, REGIO = "0147", "0164", "regio"
COLUMNS = ("waarde", "percentage", "teller", "noemer", "vorige_waarde", "verschil", "verschil_percentage")
STATUS = {"<": "onderdrukt_primair", "x": "onderdrukt_secundair", "c": "afgerond", "0": "afgerond"}

Row = dict[str, Any]
Save = Callable[..., Path]


def row(indicator: str, value: int | str | None, gemeente: str = BORNE, schooljaar: str = YEAR, **more: Any) -> Row:
    """Return a row of a public file: a number is shown, a text is its sign."""
    waarde = value if isinstance(value, int) else None
    status = "gepubliceerd"
    if isinstance(value, str):
        status = STATUS[value[0]]
        waarde = int(value.removeprefix("ca. ").replace("0–4", "0")) if status == "afgerond" else None
    place = {"schooljaar": schooljaar, "gemeente_code": gemeente, "indicator": indicator}
    about = {"eenheid": INDICATORS[indicator]["eenheid"], "status": status, "weergave": str(value)}
    return {**place, **dict.fromkeys(COLUMNS), **about, "waarde": waarde, **more}


def rows(gemeente: str = BORNE, **counts: int | str) -> list[Row]:
    return [row(indicator, value, gemeente) for indicator, value in counts.items()]


def part(indicator: str, uitsplitsing: str, values: Mapping[str, int | str], gemeente: str = BORNE) -> list[Row]:
    """The rows of a breakdown."""
    return [row(indicator, value, gemeente, uitsplitsing=uitsplitsing, uitsplitsing_waarde=name) for name, value in values.items()]


def count(indicator: str, uitsplitsing: str = "", waarde: str = "", gemeente: str = BORNE) -> Count:
    return Count(YEAR, gemeente, indicator, uitsplitsing, waarde)


@pytest.fixture
def save(tmp_path: Path) -> Save:
    """Write a release to its own folder."""

    def write(kerncijfers: Sequence[Row], uitsplitsingen: Sequence[Row] = ()) -> Path:
        folder = tmp_path / f"release-{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        for name, made in (("kerncijfers", kerncijfers), ("uitsplitsingen", uitsplitsingen)):
            if made:
                pq.write_table(pa.Table.from_pylist(list(made)), folder / f"{name}.parquet")
        return folder

    return write


def reader(*folders: Path) -> Attacker:
    """Return an attacker who read releases, in their order."""
    attacker = Attacker()
    for folder in folders:
        attacker.read(folder)
    return attacker


def attack(*folders: Path) -> Search:
    return reader(*folders).search()


def solved(*folders: Path, draws: Mapping[Draw, int] | None = None) -> dict[tuple[str, ...], int]:
    """Return the withheld counts that have one value left, by gemeente, indicator and value of the breakdown."""
    attacker = reader(*folders)
    search = attacker.search(draws=draws)
    known = {name: search.range(name)[0] for name in attacker.withheld if search.is_known(name)}
    return {tuple(filter(None, (name.gemeente, name.indicator, name.waarde))): value for name, value in known.items()}


JURIDISCH = ("pv_relatief_verzuim", "pv_absoluut_verzuim", "pv_luxe_verzuim", "haltstraf", "juridisch_totaal")


def juridisch(*values: int | str) -> list[Row]:
    return rows(**dict(zip(JURIDISCH, values, strict=True)))


def test_a_total_less_what_is_shown(save: Save):
    """Borne: 107 jongeren, of whom 105 with relatief verzuim; so absoluut verzuim is 2."""
    folder = save(rows(absoluut_verzuim="<5", relatief_verzuim_jongeren=105, totaal_jongeren=107))
    assert solved(folder) == {(BORNE, "absoluut_verzuim"): 2}


def test_an_estimate_says_nothing(save: Save):
    folder = save(rows(absoluut_verzuim="<5", relatief_verzuim_jongeren=105, totaal_jongeren="ca. 110"))
    search = attack(folder)
    assert search.range(count("absoluut_verzuim")) == (1, 4)
    assert search.range(count("totaal_jongeren")) == (106, 109)


def test_a_total_of_four(save: Save):
    """20 = 11 + 0 + x + 5."""
    assert solved(save(juridisch(11, 0, "<5", 5, 20))) == {(BORNE, "pv_luxe_verzuim"): 4}


def test_a_count_and_the_rest_of_its_total(save: Save):
    """82 of 83; and what may be 0 is."""
    found = solved(save(juridisch(82, "x", "<5", "x", 83)))
    assert found == {(BORNE, "pv_absoluut_verzuim"): 0, (BORNE, "pv_luxe_verzuim"): 1, (BORNE, "haltstraf"): 0}


def test_two_that_share_what_is_left_are_not_solved_but_narrowed(save: Save):
    search = attack(save(juridisch(11, "<5", "<5", 5, 20)))
    assert [search.range(count(name)) for name in JURIDISCH[1:3]] == [(1, 3), (1, 3)]
    assert [value for value in range(6) if search.can_be(count("pv_luxe_verzuim"), value)] == [1, 2, 3]


def test_two_that_may_be_zero_are_not_narrowed(save: Save):
    search = attack(save(juridisch(11, "x", "<5", "0–4", 16)))
    assert [search.range(count(name)) for name in ("pv_absoluut_verzuim", "pv_luxe_verzuim")] == [(0, 4), (1, 4)]


def test_a_regio_less_the_other_gemeente(save: Save):
    folder = save([row("incidenten", "<5"), row("incidenten", 30, HENGELO), row("incidenten", 33, REGIO)])
    assert solved(folder) == {(BORNE, "incidenten"): 3}


def test_jongeren_of_the_regio_do_not_add_up(save: Save):
    """A jongere may count in both gemeenten: 33 in the regio and 30 in Hengelo leave 3 or more for Borne."""
    folder = save([row("absoluut_verzuim", "<5"), row("absoluut_verzuim", 30, HENGELO), row("absoluut_verzuim", 33, REGIO)])
    assert attack(folder).range(count("absoluut_verzuim")) == (3, 4)


def test_who_counts_in_both_gemeenten_does_so_with_any_verzuim(save: Save):
    """Nobody has relatief verzuim in both gemeenten, so nobody has luxe verzuim in both."""
    luxe = [row("luxe_verzuim", "<5"), row("luxe_verzuim", 30, HENGELO), row("luxe_verzuim", 33, REGIO)]
    every = [row("relatief_verzuim_jongeren", value, gemeente) for value, gemeente in ((50, BORNE), (60, HENGELO), (110, REGIO))]
    assert solved(save([*luxe, *every])) == {(BORNE, "luxe_verzuim"): 3}


def test_a_regio_has_its_own_number_if_it_differs_from_the_sum_of_the_gemeenten(save: Save):
    """30 + 2.5 is shown as 30 or 35; 25 is neither, so that the regio has 21 to 29, which 30 or more is not."""
    counts = [row("incidenten", "<5"), row("incidenten", 30, HENGELO)]
    for shown in ("ca. 30", "ca. 35"):
        assert attack(save([*counts, row("incidenten", shown, REGIO)])).range(count("incidenten", gemeente=REGIO)) == (31, 34)
    with pytest.raises(ContradictionError):
        attack(save([*counts, row("incidenten", "ca. 25", REGIO)]))


def test_a_percentage_is_its_numerator(save: Save):
    """2.14 % of 5,000 is 107; but not if it was made from rounded numbers."""
    rate = row("verzuimpercentage", None, percentage=Decimal("2.14"), weergave="2,14%")
    counts = rows(totaal_jongeren="x", leerplichtigen=5000)
    assert solved(save([*counts, rate])) == {(BORNE, "totaal_jongeren"): 107}
    assert not solved(save([*counts, {**rate, "status": "afgerond"}]))


@pytest.mark.parametrize("column", [{"vorige_waarde": 3}, {"verschil": 7}])
def test_the_next_schooljaar_tells(save: Save, column: dict[str, int]):
    folder = save([row("incidenten", "<5", schooljaar=BEFORE), row("incidenten", 10, **column)])
    assert solved(folder) == {(BORNE, "incidenten"): 3}


def test_a_difference_with_a_rounded_number_tells_nothing(save: Save):
    folder = save([row("incidenten", "ca. 5", schooljaar=BEFORE), row("incidenten", 10, verschil=5)])
    assert not solved(folder)


LANGDURIG = ("lrv_instroom", "lrv_uitstroom", "lrv_stand_einde")
SOORTEN = {"relatief_16_uur_18_min": 5, "relatief_16_uur_18_plus": 0, "verzuim_18_plus_4_weken": 0, "langdurig_relatief_verzuim": 0}


def test_nobody_repeats_so_jongeren_are_meldingen(save: Save):
    """7 jongeren of whom none has two meldingen: their soorten add up to 7."""
    soorten = rows(**SOORTEN, historisch_verzuim=0, luxe_verzuim=0, overig_verzuim="<5", relatief_verzuim_jongeren=7)
    assert solved(save([*soorten, row("herhaalverzuim_jongeren", 0)])) == {(BORNE, "overig_verzuim"): 2}
    assert attack(save([*soorten, row("herhaalverzuim_jongeren", 1)])).range(count("overig_verzuim")) == (2, 3)
    meldingen = rows(relatief_verzuim_jongeren=7, meldingen_totaal="x", herhaalverzuim_jongeren=0)
    assert solved(save(meldingen)) == {(BORNE, "meldingen_totaal"): 7}


def test_as_many_meldingen_as_jongeren_so_nobody_repeats(save: Save):
    found = solved(save(rows(relatief_verzuim_jongeren=7, meldingen_totaal=7, herhaalverzuim_jongeren="0–4")))
    assert found == {(BORNE, "herhaalverzuim_jongeren"): 0}


def test_a_zero_that_is_shown_is_a_zero_elsewhere(save: Save):
    """Without jongeren there are no meldingen, and the reverse."""
    assert solved(save(rows(luxe_verzuim=0, meldingen_luxe_verzuim="0–4"))) == {(BORNE, "meldingen_luxe_verzuim"): 0}
    search = attack(save(rows(luxe_verzuim="<5", meldingen_luxe_verzuim="0–4")))
    assert search.range(count("meldingen_luxe_verzuim")) == (1, 4)


def test_what_is_open_goes_over_to_the_next_schooljaar(save: Save):
    """Of 6 that began 4 were closed, so 2 go over; then nothing begins, one is closed, and one is left. Before the first, none is open."""
    first = [row(name, value, schooljaar=BEFORE) for name, value in zip(LANGDURIG, (6, 4, "0–4"), strict=True)]
    second = [row(name, value) for name, value in zip(LANGDURIG, (0, 1, "0–4"), strict=True)]
    search = attack(save([*first, *second]))
    assert search.range(count("lrv_stand_einde")._replace(schooljaar=BEFORE)) == (2, 2)
    assert search.range(count("lrv_stand_einde")) == (1, 1)
    alone = attack(save([*[row("incidenten", 0, schooljaar=BEFORE)], *second]))
    assert alone.range(count("lrv_stand_einde")) == (0, 4), "of which the previous schooljaar is not told"


def test_what_is_open_goes_over_by_onderwijssoort(save: Save):
    """The 1 that is closed in a schooljaar in which none began was still open, of the same onderwijssoort."""
    wholes = {BEFORE: (20, 10, 10), YEAR: (20, 10, 20)}
    at_vo = {BEFORE: ("x", "x", "0–4"), YEAR: (0, 1, 0)}
    kerncijfers = [row(*one, schooljaar=year) for year, ns in wholes.items() for one in zip(LANGDURIG, ns, strict=True)]
    parts = [
        made | {"schooljaar": year}
        for year, ns in at_vo.items()
        for name, n in zip(LANGDURIG, ns, strict=True)
        for made in part(name, "onderwijssoort", {"VO": n, "MBO": "x"})
    ]
    search = attack(save(kerncijfers, parts))
    assert search.range(count("lrv_stand_einde", "onderwijssoort", "VO")._replace(schooljaar=BEFORE)) == (1, 1)


def test_what_began_is_the_meldingen_of_the_soort(save: Save):
    assert solved(save(rows(lrv_instroom="ca. 5", meldingen_langdurig_relatief_verzuim=3))) == {(BORNE, "lrv_instroom"): 3}


def test_who_repeats_by_ocw_is_among_those_who_do(save: Save):
    """Nobody has two meldingen, so none of OCW either, and those of the telling are as many as its jongeren."""
    found = solved(save(rows(herhaalverzuim_jongeren=0, ocw_relatief_herhaald_jongeren="0–4")))
    assert found == {(BORNE, "ocw_relatief_herhaald_jongeren"): 0}
    telling = rows(ocw_relatief_herhaald_jongeren=0, telling_16_uur_jongeren=3, telling_16_uur_meldingen="ca. 5")
    assert solved(save(telling)) == {(BORNE, "telling_16_uur_meldingen"): 3}


def test_ocw_counts_no_more_than_the_telling_and_langdurig_verzuim(save: Save):
    counts = rows(telling_16_uur_jongeren=7, telling_luxe_jongeren=0, langdurig_relatief_verzuim=1, ocw_relatief_jongeren="ca. 10")
    assert attack(save(counts)).range(count("ocw_relatief_jongeren")) == (7, 8)


def test_nobody_is_plichtig_and_23_in_one_schooljaar(save: Save):
    older = rows(totaal_jongeren_uniek=20, verzuim_plichtig_jongeren=18, verzuim_23_tot_27="ca. 5")
    assert attack(save(older)).range(count("verzuim_23_tot_27")) == (1, 2)


def test_one_ground_of_all_vrijstellingen(save: Save):
    none = dict.fromkeys(("vrijstelling_5a_stand", "vrijstelling_5c_stand", "vrijstelling_15_stand", "vrijstelling_3a_stand"), 0)
    stands = rows(**none, vrijstelling_3b_stand=0, vrijstelling_5b_stand="<5", vrijstellingen_stand=3)
    assert solved(save(stands)) == {(BORNE, "vrijstelling_5b_stand"): 3}


def test_vrijstellingen_of_a_day_add_up_to_the_regio(save: Save):
    stands = [row("vrijstellingen_stand", value, gemeente) for value, gemeente in (("<5", BORNE), (30, HENGELO), (33, REGIO))]
    assert solved(save(stands)) == {(BORNE, "vrijstellingen_stand"): 3}


def test_without_inschrijving_is_unknown_elsewhere(save: Save):
    """Of 3 jongeren of unknown onderwijssoort all are in the telling, there as `geen`; that the monitor lacks one, is for no telling."""
    wholes = rows(relatief_16_uur_18_min=12, telling_16_uur_jongeren=12)
    parts = [
        *part("relatief_16_uur_18_min", "onderwijssoort", {"VO": 9, "onbekend": 3}),
        *part("telling_16_uur_jongeren", "onderwijssoort", {"VO": 9, "geen": "ca. 5"}),
    ]
    search = attack(save(wholes, parts))
    assert search.range(count("telling_16_uur_jongeren", "onderwijssoort", "geen")) == (3, 3)
    assert search.range(count("telling_16_uur_jongeren", "onderwijssoort", "onbekend")) == (0, 0)


def test_a_breakdown_of_meldingen_adds_up(save: Save):
    parts = part("meldingen_totaal", "school", {"A": 12, "B": "x"})
    assert solved(save([row("meldingen_totaal", 14)], parts)) == {(BORNE, "meldingen_totaal", "B"): 2}


def test_one_geslacht_follows_from_the_other(save: Save):
    parts = part("relatief_verzuim_jongeren", "geslacht", {"M": 12, "V": "x"})
    assert solved(save([row("relatief_verzuim_jongeren", 14)], parts)) == {(BORNE, "relatief_verzuim_jongeren", "V"): 2}


def test_jongeren_of_a_school_are_no_more_than_its_meldingen(save: Save):
    parts = [*part("meldingen_totaal", "school", {"A": 1, "B": 9}), *part("relatief_verzuim_jongeren", "school", {"A": "<5", "B": 5})]
    folder = save(rows(meldingen_totaal=10, relatief_verzuim_jongeren=6), parts)
    assert solved(folder) == {(BORNE, "relatief_verzuim_jongeren", "A"): 1}


def test_a_value_without_a_row_is_less_than_five_if_the_breakdown_is_shown(save: Save):
    """Of 12 incidenten in Borne, none to 4 are of school B; in Hengelo, with few, nothing is shown."""
    wholes = [row("incidenten", 12), row("incidenten", "<5", HENGELO)]
    parts = [*part("incidenten", "school", {"A": "ca. 10"}), *part("incidenten", "school", {"A": "ca. 10", "B": "ca. 5"}, REGIO)]
    search = attack(save([*wholes, row("incidenten", "ca. 15", REGIO)], parts))
    assert search.range(count("incidenten", "school", "B")) == (0, 4)
    assert search.range(count("incidenten", "school", "B", HENGELO)) == (0, 4)
    assert search.range(count("incidenten", "school", "A")) == (8, 12)


def test_a_wijk_lies_in_one_gemeente(save: Save):
    wholes = [row("incidenten", 10), row("incidenten", 20, HENGELO), row("incidenten", 30, REGIO)]
    wijken = {BORNE: {"014700": "ca. 10"}, HENGELO: {"016400": "ca. 20"}, REGIO: {"014700": "ca. 10", "016400": "ca. 20"}}
    search = attack(save(wholes, [made for gemeente, values in wijken.items() for made in part("incidenten", "wijk", values, gemeente)]))
    assert search.range(count("incidenten", "wijk", "016400")) == (0, 0)


def test_interventies_of_a_soort_are_those_of_an_indicator(save: Save):
    """Of 20 interventies 14 are seen, 4 are a proces-verbaal, and the rest is halt."""
    halt = rows(interventies=20, haltstraf="<5", pv_relatief_verzuim=4, pv_absoluut_verzuim=0, pv_luxe_verzuim=0)
    parts = part("interventies", "soort", {"mdo": 14, "spreekuur": 0, "thuiszitterstafel": 0})
    assert solved(save(halt, parts)) == {(BORNE, "haltstraf"): 2, (BORNE, "interventies", "proces_verbaal"): 4} | {
        (BORNE, "interventies", "halt"): 2
    }


def test_the_draws_tell_one_who_knows_them(save: Save):
    """With draw 1, a count without a row is 0 or 1 and `ca. 5` is 2 to 6: two of the first that make the second are both 1."""
    wholes = [row("incidenten", 20), row("incidenten", 30, HENGELO), row("incidenten", 50, REGIO)]
    shown = {BORNE: {"A": "ca. 20"}, HENGELO: {"A": "ca. 30"}, REGIO: {"A": "ca. 50", "B": "ca. 5"}}
    folder = save(wholes, [made for gemeente, values in shown.items() for made in part("incidenten", "school", values, gemeente)])
    draws: dict[tuple[str, str, str], int] = defaultdict(lambda: 1)
    assert solved(folder, draws=draws)[BORNE, "incidenten", "B"] == 1
    assert attack(folder).range(count("incidenten", "school", "B")) == (0, 4)


def test_one_draw_may_follow_from_a_count_and_tell_another(save: Save):
    """9 jongeren have 9 or more meldingen: `ca. 5` says that draw 4 rounded them down, so another `ca. 5` is 5 or more."""
    attacker = Attacker()
    attacker.read(save(rows(relatief_verzuim_jongeren=9, meldingen_totaal="ca. 5", vrijstelling_3a="ca. 5")))
    assert attacker.search().range(count("vrijstelling_3a")) == (1, 9)
    assert attacker.search_with_same_draws().range(count("vrijstelling_3a")) == (5, 9)


def test_what_an_earlier_release_showed(save: Save):
    earlier, later = save([row("incidenten", 3)]), save([row("incidenten", "<5")])
    assert not solved(later)
    assert attack(earlier, later).range(count("incidenten")) == (3, 3)


def test_two_releases_each_safe_and_together_not(save: Save):
    """The first withholds luxe and halt of 20, the second luxe and relatief: together they show both."""
    first, second = save(juridisch(11, 0, "<5", "x", 20)), save(juridisch("x", 0, "<5", 5, 20))
    assert not solved(first) and not solved(second)
    assert attack(first, second).range(count("pv_luxe_verzuim")) == (4, 4)


def test_a_count_that_was_shown_to_change_is_another_count(save: Save):
    assert not solved(save([row("incidenten", 12)]), save([row("incidenten", 13)]))


def test_two_releases_that_differ_by_one_melding(save: Save):
    """He knows which school reported late: of two soorten of 6 together, one became 5, and was 4."""
    soorten = ("meldingen_luxe_verzuim", "meldingen_relatief_16_uur_18_plus")
    first = save([row("meldingen_totaal", "ca. 5"), *rows(**dict.fromkeys(soorten, "<5"))])
    second = save([row("meldingen_totaal", "ca. 5"), *rows(meldingen_luxe_verzuim=5, meldingen_relatief_16_uur_18_plus="<5")])
    attacker = Attacker()
    attacker.read(first)
    attacker.read(second, {count("meldingen_luxe_verzuim"): 1, count("meldingen_totaal"): 1})
    assert attacker.search().range(count("meldingen_luxe_verzuim")) == (4, 4)
    attacker = Attacker()
    attacker.read(first)
    attacker.read(second, {count("meldingen_luxe_verzuim"): None, count("meldingen_totaal"): None})
    assert attacker.search().range(count("meldingen_luxe_verzuim")) == (1, 4)


def test_a_count_that_did_not_change_keeps_what_was_known(save: Save):
    """Luxe and halt were 9 together; halt became 5 and the total 21 by one verwijzing, so luxe is 5 and was."""
    attacker = Attacker()
    attacker.read(save(juridisch(11, 0, "x", "<5", 20)))
    attacker.read(save(juridisch(11, 0, "x", 5, 21)), {count("haltstraf"): None, count("juridisch_totaal"): None})
    assert attacker.search().range(count("haltstraf")) == (4, 4)


def test_what_was_printed_elsewhere(save: Save):
    attacker = Attacker(printed={count("pv_luxe_verzuim"): 2})
    attacker.read(save(juridisch(11, 0, "<5", "<5", 16)))
    assert attacker.search().range(count("haltstraf")) == (3, 3)


def test_files_that_contradict_the_definitions(save: Save):
    with pytest.raises(ContradictionError):
        attack(save(rows(luxe_verzuim=5, relatief_verzuim_jongeren=4)))
