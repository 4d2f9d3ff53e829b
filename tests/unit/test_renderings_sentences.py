"""The sentences next to the tables: each boundary of the rules."""

import re

import pytest
from renderings_rows import figure, indicator

from expectations import reference
from orchestration.publication import report_tables
from orchestration.publication.renderings import sentences

INCIDENT = ("incident", "incidenten")


def told(row, earlier=None) -> str:
    return " ".join(sentences.count_of(row, earlier, *INCIDENT))


def before(waarde=None, **others):
    return figure(waarde=waarde, jaar="2023-2024", **others)


def test_more_than_the_year_before():
    assert told(figure(waarde=1287, vorige=1000), before(1000)) == (
        "In 2024-2025 waren er in Hengelo 1.287 incidenten: 287 meer dan in 2023-2024 (28,7% meer)."
    )


def test_fewer_than_the_year_before():
    assert told(figure(waarde=90, vorige=120), before(120)).endswith("30 minder dan in 2023-2024 (25,0% minder).")


def test_equal_years():
    assert told(figure(waarde=7, vorige=7), before(7)) == "In 2024-2025 waren er in Hengelo 7 incidenten: evenveel als in 2023-2024."


def test_none_the_year_before_has_no_percentage():
    said = told(figure(waarde=6, vorige=0), before(0))
    assert said == "In 2024-2025 waren er in Hengelo 6 incidenten: 6 meer dan in 2023-2024; toen waren er geen."


def test_none_in_both_years():
    assert told(figure(waarde=0, vorige=0), before(0)) == "In 2024-2025 waren er in Hengelo geen incidenten: evenveel als in 2023-2024."


def test_none_this_year():
    assert told(figure(waarde=0, vorige=5), before(5)).startswith("In 2024-2025 waren er in Hengelo geen incidenten: 5 minder")


def test_one_is_singular_and_its_difference_too():
    assert told(figure(waarde=1, vorige=2), before(2)) == (
        "In 2024-2025 was er in Hengelo 1 incident: 1 minder dan in 2023-2024 (50,0% minder)."
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


def test_the_regio_is_called_so():
    assert "in de regio 12 incidenten" in told(figure(waarde=12, area="regio"))


def test_a_rate_changes_by_points():
    rate = figure("verzuimpercentage", percentage="5.95", punten="1.66")
    assert sentences.rate(rate, before(percentage="4.29")) == ["Het verzuimpercentage is 5,95%: 1,66 procentpunt hoger dan in 2023-2024."]
    lower = figure("verzuimpercentage", percentage="4.00", punten="-0.05")
    assert sentences.rate(lower, before(percentage="4.05")) == ["Het verzuimpercentage is 4,00%: 0,05 procentpunt lager dan in 2023-2024."]
    same = figure("verzuimpercentage", percentage="4.00", punten="0.00")
    assert sentences.rate(same, before(percentage="4.00")) == ["Het verzuimpercentage is 4,00%: evenveel als in 2023-2024."]


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
    return " ".join(sentences.about(made, made.areas[0], "2024-2025"))


def test_a_break_in_the_series_is_said_and_is_the_last_sentence():
    said = about(verzuim(137, vorige=107, trendbreuk=True), verzuim(107, jaar="2023-2024"))
    assert said.endswith("Tussen 2023-2024 en 2024-2025 veranderde de registratie: deze jaren zijn niet zonder meer te vergelijken.")


def test_a_break_is_not_said_where_nothing_is_compared():
    assert "registratie" not in about(verzuim(137, trendbreuk=True), verzuim(status="onderdrukt_secundair", jaar="2023-2024"))
    assert "registratie" not in about(verzuim(status="onderdrukt_primair", trendbreuk=True), verzuim(9, jaar="2023-2024"))


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
