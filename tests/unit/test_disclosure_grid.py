"""Where zeros are withheld, that a row is missing tells nothing either."""

from typing import Any

from orchestration.publication.disclosure.grid import complete

INDICATORS = [
    {"indicator": "meldingen", "volgorde": 1},
    {"indicator": "incidenten", "volgorde": 2},
    {"indicator": "spreekuur", "volgorde": 3},
]
LAST, BEFORE = "2024-2025", "2023-2024"
Place = tuple[str, ...]


def row(indicator: str, waarde: int | None, gemeente: str = "0164", jaar: str = LAST, **more: str) -> dict[str, Any]:
    return {
        "schooljaar": jaar,
        "gemeente_code": gemeente,
        "indicator": indicator,
        "label": indicator.title(),
        "waarde": waarde,
        "verschil": 3,
        **more,
    }


def part(indicator: str, soort: str, naam: str, waarde: int, gemeente: str = "0164", jaar: str = LAST) -> dict[str, Any]:
    return row(indicator, waarde, gemeente, jaar, uitsplitsing=soort, uitsplitsing_waarde=naam)


def found(kerncijfers: list[dict[str, Any]], uitsplitsingen: list[dict[str, Any]]) -> dict[Place, int]:
    names = ("schooljaar", "gemeente_code", "indicator", "uitsplitsing", "uitsplitsing_waarde")
    return {tuple(one[name] for name in names): one["waarde"] for one in complete(kerncijfers, uitsplitsingen, INDICATORS)}


def test_a_value_that_the_gemeente_has_elsewhere_gets_a_row_of_0() -> None:
    kerncijfers = [row("meldingen", 5), row("incidenten", 2)]
    parts = [part("meldingen", "school", "A", 3), part("meldingen", "school", "B", 2), part("incidenten", "school", "A", 2)]
    assert found(kerncijfers, parts)[LAST, "0164", "incidenten", "school", "B"] == 0


def test_a_breakdown_that_is_not_there_at_all_is_made_as_another_gemeente_has_it() -> None:
    """That it is missing would tell that the indicator itself, which is withheld, is 0."""
    kerncijfers = [row("meldingen", 4), row("incidenten", 0), row("incidenten", 1, "0147")]
    parts = [part("meldingen", "school", "A", 4), part("incidenten", "school", "Z", 1, "0147")]
    made = found(kerncijfers, parts)
    assert made[LAST, "0164", "incidenten", "school", "A"] == 0
    assert (LAST, "0164", "incidenten", "school", "Z") not in made, "nobody of this gemeente is known there"
    assert (LAST, "0164", "meldingen", "wijk", "A") not in made


def test_what_has_no_figure_gets_no_breakdown() -> None:
    kerncijfers = [row("meldingen", None), row("incidenten", 1), row("incidenten", 1, jaar=BEFORE)]
    parts = [part("incidenten", "maand", "2024-09", 1), part("incidenten", "maand", "2023-09", 1, jaar=BEFORE)]
    assert found(kerncijfers, parts).keys() == {
        (LAST, "0164", "incidenten", "maand", "2024-09"),
        (BEFORE, "0164", "incidenten", "maand", "2023-09"),
    }


def test_a_row_that_is_added_says_nothing_but_0_and_stands_in_its_place() -> None:
    kerncijfers = [row("meldingen", 5), row("incidenten", 2)]
    parts = [part("meldingen", "school", "A", 3), part("meldingen", "school", "B", 2), part("incidenten", "school", "B", 2)]
    rows = complete(kerncijfers, parts, INDICATORS)
    assert [(one["indicator"], one["uitsplitsing_waarde"]) for one in rows] == [
        ("meldingen", "A"), ("meldingen", "B"), ("incidenten", "A"), ("incidenten", "B"),
    ]  # fmt: skip
    assert (rows[2]["label"], rows[2]["waarde"], rows[2]["verschil"]) == ("Incidenten", 0, None)
    assert [one for one in rows if one in parts] == parts
