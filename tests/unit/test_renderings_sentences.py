"""The sentences next to the tables: each boundary of the rules."""

import re

import pytest
from renderings_rows import figure, indicator

from expectations import reference
from orchestration.publication import report_tables
from orchestration.publication.renderings import sentences
from orchestration.publication.renderings.precision import Precision

INCIDENT = ("incident", "incidenten")


def told(row, earlier=None, gemeenten=2) -> str:
    return " ".join(sentences.count_of(row, earlier, *INCIDENT, Precision(5, gemeenten)))


def before(waarde=None, **others):
    return figure(waarde=waarde, jaar="2023-2024", **others)


def test_more_than_the_year_before():
    assert told(figure(waarde=1287, vorige=1000), before(1000)) == (
        "In 2024-2025 waren er in Hengelo 1.287 incidenten. Dat is 287 meer dan in 2023-2024 (28,7% meer)."
    )


def test_fewer_than_the_year_before():
    assert told(figure(waarde=90, vorige=120), before(120)).endswith("30 minder dan in 2023-2024 (25,0% minder).")


def test_equal_years():
    assert told(figure(waarde=7, vorige=7), before(7)) == "In 2024-2025 waren er in Hengelo 7 incidenten. Dat is evenveel als in 2023-2024."


def test_none_the_year_before_has_no_percentage():
    said = told(figure(waarde=6, vorige=0), before(0))
    assert said == "In 2024-2025 waren er in Hengelo 6 incidenten. Dat is 6 meer dan in 2023-2024; toen waren er geen."


def test_none_in_both_years():
    said = told(figure(waarde=0, vorige=0), before(0))
    assert said == "In 2024-2025 waren er in Hengelo geen incidenten. Dat is evenveel als in 2023-2024."


def test_none_this_year():
    assert told(figure(waarde=0, vorige=5), before(5)).startswith("In 2024-2025 waren er in Hengelo geen incidenten. Dat is 5 minder")


def test_one_is_singular_and_its_difference_too():
    assert told(figure(waarde=1, vorige=2), before(2)) == (
        "In 2024-2025 was er in Hengelo 1 incident. Dat is 1 minder dan in 2023-2024 (50,0% minder)."
    )


def test_the_first_year_is_compared_with_nothing():
    assert told(figure(waarde=12)) == "In 2024-2025 waren er in Hengelo 12 incidenten."


@pytest.mark.parametrize("status", ["onderdrukt_primair", "onderdrukt_secundair", "onderdrukt"])
def test_withheld_the_year_before_is_not_compared(status):
    said = told(figure(waarde=12), before(status=status))
    assert said == (
        "In 2024-2025 waren er in Hengelo 12 incidenten. Een vergelijking met 2023-2024 is er niet, "
        "omdat we het cijfer van dat jaar niet noemen."
    )


def test_not_available_the_year_before_is_not_compared():
    assert told(figure(waarde=12), before(status="niet_beschikbaar")).endswith("over dat jaar is de bron er niet.")


def test_a_difference_that_is_withheld_by_itself_is_never_computed():
    said = told(figure(waarde=12), before(8))
    assert said == "In 2024-2025 waren er in Hengelo 12 incidenten. Een vergelijking met 2023-2024 is er niet."


def test_a_small_number_this_year_is_said_by_its_sign_alone():
    said = told(figure(status="onderdrukt_primair", verschil=-3, vorige_waarde=5), before(5))
    assert said == "Het aantal incidenten in Hengelo in 2024-2025 is klein (<5); het precieze aantal noemen we niet."


@pytest.mark.parametrize(
    ("status", "why"),
    [
        ("onderdrukt_secundair", "noemen we niet, omdat anders een klein aantal te berekenen is."),
        ("niet_beschikbaar", "is niet beschikbaar: de bron is er niet."),
        ("niet_van_toepassing", "is niet van toepassing."),
    ],
)
def test_no_figure_this_year(status, why):
    assert told(figure(status=status), before(50)) == f"Het aantal incidenten in Hengelo in 2024-2025 {why}"


def rounded(waarde, **others):
    return figure(waarde=waarde, status="afgerond", **others)


def rounded_before(waarde, **others):
    return before(waarde, status="afgerond", **others)


def test_a_rounded_count_and_its_difference_are_about():
    assert told(rounded(1105, vorige=820), rounded_before(820)) == (
        "In 2024-2025 waren er in Hengelo ongeveer 1.105 incidenten. Dat is ongeveer 285 meer dan in 2023-2024 (ongeveer 35% meer)."
    )
    assert told(rounded(90, vorige=140), rounded_before(140)).endswith("ongeveer 50 minder dan in 2023-2024 (ongeveer 36% minder).")


@pytest.mark.parametrize(
    ("row", "earlier"),
    [(figure(waarde=36, vorige=20), rounded_before(20)), (rounded(35, vorige=19), before(19))],
    ids=["the year before", "this year"],
)
def test_a_difference_is_about_if_one_of_both_is_rounded(row, earlier):
    assert ". Dat is ongeveer 16 meer dan in 2023-2024 (ongeveer 8" in told(row, earlier)


def test_equal_rounded_counts_are_about_equal():
    assert told(rounded(10, vorige=10), rounded_before(10)) == (
        "In 2024-2025 waren er in Hengelo ongeveer 10 incidenten. Dat is ongeveer evenveel als in 2023-2024."
    )


def test_a_difference_that_rounding_may_have_made_is_neither_more_nor_fewer():
    said = told(rounded(10, vorige=5), rounded_before(5))
    assert said == (
        "In 2024-2025 waren er in Hengelo ongeveer 10 incidenten. In 2023-2024 waren het er ongeveer 5. "
        "Dat verschil is zo klein dat het door het afronden kan komen."
    )
    assert "Dat verschil is zo klein" in told(figure(waarde=9, vorige=5), rounded_before(5))
    assert "ongeveer 5 meer" in told(figure(waarde=10, vorige=5), rounded_before(5))


@pytest.mark.parametrize(("gemeenten", "certain"), [(2, True), (3, False), (14, False)])
def test_a_regio_that_may_be_a_sum_says_less_the_more_gemeenten_it_has(gemeenten, certain):
    said = told(rounded(125, vorige=100, area="regio"), rounded_before(100, area="regio"), gemeenten)
    assert ("ongeveer 25 meer" in said) is certain
    assert ("kan komen" in said) is not certain


def test_what_is_rounded_to_nothing_is_a_range():
    few = "In 2024-2025 waren er in Hengelo 0 tot en met 4 incidenten"
    assert told(rounded(0)) == f"{few}."
    assert told(rounded(0, vorige=0), rounded_before(0)) == f"{few}. In 2023-2024 waren het er 0 tot en met 4."
    assert told(rounded(0, vorige=0), before(0)) == f"{few}. In 2023-2024 waren er geen."
    assert told(rounded(0, vorige=5), rounded_before(5)).endswith("In 2023-2024 waren het er ongeveer 5. " + sentences.BY_ROUNDING)
    # by how many percent is not known: they may be four
    assert told(rounded(0, vorige=15), rounded_before(15)) == f"{few}. Dat is ongeveer 15 minder dan in 2023-2024."


def test_more_than_what_is_rounded_to_nothing():
    assert told(rounded(15, vorige=0), rounded_before(0)).endswith("ongeveer 15 meer dan in 2023-2024; toen waren het er 0 tot en met 4.")
    assert told(rounded(15, vorige=0), before(0)).endswith("ongeveer 15 meer dan in 2023-2024; toen waren er geen.")


def test_a_rounded_count_is_not_compared_with_what_is_withheld():
    said = told(rounded(15), before(status="onderdrukt_primair"))
    assert said.startswith("In 2024-2025 waren er in Hengelo ongeveer 15 incidenten. Een vergelijking met 2023-2024 is er niet")


def test_the_regio_is_called_so():
    assert "in de regio 12 incidenten" in told(figure(waarde=12, area="regio"))


def test_a_rate_changes_by_points():
    rate = figure("verzuimpercentage", percentage="5.95", punten="1.66")
    assert sentences.rate(rate, before(percentage="4.29")) == [
        "Het verzuimpercentage is 5,95%.",
        "Dat is 1,66 procentpunt hoger dan in 2023-2024.",
    ]
    lower = figure("verzuimpercentage", percentage="4.00", punten="-0.05")
    assert sentences.rate(lower, before(percentage="4.05")) == [
        "Het verzuimpercentage is 4,00%.",
        "Dat is 0,05 procentpunt lager dan in 2023-2024.",
    ]
    same = figure("verzuimpercentage", percentage="4.00", punten="0.00")
    assert sentences.rate(same, before(percentage="4.00")) == ["Het verzuimpercentage is 4,00%.", "Dat is evenveel als in 2023-2024."]


def test_of_a_rounded_rate_both_years_are_said_and_no_difference():
    now = figure("verzuimpercentage", percentage="5.3", status="afgerond", punten="1.4")
    then = before(percentage="3.9", status="afgerond")
    assert sentences.rate(now, then) == ["Het verzuimpercentage is ongeveer 5,3%; in 2023-2024 was het ongeveer 3,9%."]
    assert sentences.rate(now, before(percentage="3.85")) == ["Het verzuimpercentage is ongeveer 5,3%; in 2023-2024 was het 3,85%."]
    same = figure("verzuimpercentage", percentage="3.9", status="afgerond", punten="0.0")
    assert sentences.rate(same, then) == ["Het verzuimpercentage is ongeveer 3,9%; in 2023-2024 was het dat ook."]
    assert sentences.rate(now | {"verschil_punten": None}, before(status="onderdrukt_secundair")) == [
        "Het verzuimpercentage is ongeveer 5,3%.",
        "Een vergelijking met 2023-2024 is er niet, omdat we het cijfer van dat jaar niet noemen.",
    ]


def test_a_withheld_rate_stays_unsaid():
    assert sentences.rate(figure("verzuimpercentage", status="onderdrukt_secundair"), None) == []


def table(*rows):
    """Return the table of verzuim with these rows, for two schooljaren."""
    names = dict.fromkeys(row["indicator"] for row in rows)
    indicators = [indicator(name, "verzuim_naar_soort") for name in names]
    areas = report_tables.areas(rows)
    [made] = report_tables.tables(rows, indicators, areas, ("2023-2024", "2024-2025"))
    return made


def verzuim(waarde=None, name="totaal_jongeren", **others):
    return figure(name, waarde, **{"tabel": "verzuim_naar_soort"} | others)


def about(*rows) -> str:
    made = table(*rows)
    return " ".join(sentences.about(made, made.areas[0], "2024-2025", Precision.of(rows)))


def test_a_break_in_the_series_is_said_and_is_the_last_sentence():
    said = about(verzuim(137, vorige=107, trendbreuk=True), verzuim(107, jaar="2023-2024"))
    assert said.endswith("Trendbreuk: 2023-2024 en 2024-2025 zijn niet goed te vergelijken.")


def test_a_break_is_not_said_where_nothing_is_compared():
    assert "Trendbreuk" not in about(verzuim(137, trendbreuk=True), verzuim(status="onderdrukt_secundair", jaar="2023-2024"))
    assert "Trendbreuk" not in about(verzuim(status="onderdrukt_primair", trendbreuk=True), verzuim(9, jaar="2023-2024"))


def test_a_break_is_said_of_what_is_rounded_too():
    rows = [verzuim(140, vorige=110, trendbreuk=True, status="afgerond"), verzuim(110, jaar="2023-2024", status="afgerond")]
    assert about(*rows).endswith("Trendbreuk: 2023-2024 en 2024-2025 zijn niet goed te vergelijken.")


def test_what_else_the_table_withholds_is_said_once():
    rows = [verzuim(30, vorige=30), verzuim(30, jaar="2023-2024"), verzuim(name="luxe_verzuim", status="onderdrukt_primair")]
    assert about(*rows).count("Sommige andere cijfers in deze tabel noemen we niet") == 1
    assert "Sommige andere" not in about(*rows[:2])


def test_a_table_without_its_figure_has_no_text():
    assert about(verzuim(30, name="luxe_verzuim")) == ""


def test_every_table_of_the_report_has_a_subject_and_no_sentence_gives_a_cause():
    tables = [row for row in reference.tables() if row["in_jaarverslag"] == "true"]
    assert all(row[name] for row in tables for name in ("onderwerp", "enkelvoud", "meervoud"))
    said = about(verzuim(137, vorige=107, trendbreuk=True), verzuim(107, jaar="2023-2024"))
    assert not re.search(r"\b(door|doordat|dankzij|vanwege|wegens|want)\b", said)


def test_the_text_is_about_the_regio_where_it_stands_beside_its_gemeenten():
    areas = report_tables.areas([figure(waarde=1), figure(waarde=1, area="regio")])
    assert sentences.subject(areas).code == "regio"
    assert sentences.subject(areas[:1]).code == "0164"
