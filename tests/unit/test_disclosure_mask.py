"""The remaining values of a masked row, and the meaning of its signs."""

from decimal import Decimal
from typing import Any

import pytest

from orchestration.publication.disclosure.mask import (
    EITHER,
    NOTHING,
    PRIMARY,
    ROUNDED,
    SECONDARY,
    Mask,
    counts_of_rows,
    previous,
    said,
    small,
)
from orchestration.publication.disclosure.system import Cell, Interval

INDICATORS = [
    {"indicator": "deel", "teller": None, "noemer": None},
    {"indicator": "geheel", "teller": None, "noemer": None},
    {"indicator": "aandeel", "teller": "deel", "noemer": "geheel"},
    {"indicator": "doorlooptijd_mediaan_dagen", "teller": None, "noemer": None},
]
SMALL = small(5, hide_zeros=False)


def row(indicator: str, jaar: str, waarde: int | None, vorige: int | None = None, **more: Any) -> dict[str, Any]:
    found = {
        "schooljaar": jaar, "gemeente_code": "0164", "indicator": indicator, "waarde": waarde, "percentage": None, "teller": None,
        "noemer": None, "eenheid": "aantal", "status": "gepubliceerd", "weergave": "?", "vorige_waarde": vorige,
        "verschil": None if vorige is None or waarde is None else waarde - vorige, "verschil_percentage": None, "vorig_percentage": None,
        "verschil_punten": None,
    }  # fmt: skip
    return found | more


def place(indicator: str, jaar: str) -> Cell:
    return Cell(jaar, "0164", indicator)


ROWS = [
    row("deel", "2023-2024", 3),
    row("geheel", "2023-2024", 50),
    row("aandeel", "2023-2024", None, percentage=Decimal("6.00"), teller=3, noemer=50, eenheid="procent"),
    row("deel", "2024-2025", 9, 3),
    row("geheel", "2024-2025", 60, 50),
    row("aandeel", "2024-2025", None, percentage=Decimal("15.00"), teller=9, noemer=60, eenheid="procent", vorig_percentage=Decimal("6.00"),
        verschil_punten=Decimal("9.00")),
]  # fmt: skip


def masked(signs: dict[Cell, Interval]) -> dict[tuple[str, str], dict[str, Any]]:
    return {(found["indicator"], found["schooljaar"]): found for found in Mask(signs, INDICATORS, 5).rows(ROWS)}


def test_a_small_count_gets_its_sign_and_nothing_else() -> None:
    found = masked({place("deel", "2023-2024"): SMALL})["deel", "2023-2024"]
    assert (found["status"], found["weergave"], found["waarde"]) == (PRIMARY, "<5", None)


def test_a_rate_goes_with_its_numerator_and_is_no_small_count() -> None:
    found = masked({place("deel", "2023-2024"): SMALL})["aandeel", "2023-2024"]
    assert (found["status"], found["weergave"]) == (SECONDARY, "x")
    assert [found[name] for name in ("percentage", "teller", "noemer")] == [None] * 3


def test_a_rate_goes_with_its_denominator() -> None:
    assert masked({place("geheel", "2024-2025"): NOTHING})["aandeel", "2024-2025"]["percentage"] is None


def test_the_next_schooljaar_shows_its_own_value_and_no_difference() -> None:
    found = masked({place("deel", "2023-2024"): SMALL})["deel", "2024-2025"]
    assert (found["waarde"], found["vorige_waarde"], found["verschil"]) == (9, None, None)
    rate = masked({place("deel", "2023-2024"): SMALL})["aandeel", "2024-2025"]
    assert (rate["percentage"], rate["vorig_percentage"], rate["verschil_punten"]) == (Decimal("15.00"), None, None)


def test_a_withheld_count_keeps_the_value_of_the_schooljaar_before_it() -> None:
    found = masked({place("deel", "2024-2025"): NOTHING})["deel", "2024-2025"]
    assert (found["status"], found["vorige_waarde"], found["verschil"]) == (SECONDARY, 3, None)


def test_a_difference_with_a_schooljaar_that_is_not_in_the_release_is_not_shown() -> None:
    found = Mask({}, INDICATORS, 5).rows([row("deel", "2024-2025", 9, 3)])
    assert found[0]["vorige_waarde"] is None and found[0]["verschil"] is None


@pytest.mark.parametrize(
    ("whole", "rate", "shown"),
    [
        ("niet_beschikbaar", "niet_beschikbaar", "."),  # the source of the year is missing
        ("niet_van_toepassing", "niet_van_toepassing", "-"),  # leerplichtigen without a gemeente are not counted
        ("gepubliceerd", "niet_van_toepassing", "x"),  # a missing denominator shows that a count is 0
    ],
)
def test_a_rate_that_exists_nowhere_is_not_called_withheld(whole: str, rate: str, shown: str) -> None:
    rows = [
        row("deel", "2024-2025", 3),
        row("geheel", "2024-2025", 0 if whole == "gepubliceerd" else None, status=whole),
        row("aandeel", "2024-2025", None, teller=3, eenheid="procent", status=rate),
    ]
    found = Mask({place("deel", "2024-2025"): SMALL}, INDICATORS, 5).rows(rows)[2]
    assert (found["weergave"], found["teller"]) == (shown, None)


def test_a_breakdown_has_one_sign_for_all() -> None:
    parts = [row("deel", "2024-2025", 3, uitsplitsing="wijk", uitsplitsing_waarde="W1")]
    shown = Mask({Cell("2024-2025", "0164", "deel", "wijk", "W1"): NOTHING}, INDICATORS, 5).rows(parts)
    assert (shown[0]["status"], shown[0]["weergave"]) == (EITHER, "x")


@pytest.mark.parametrize(("threshold", "sign", "shown"), [(5, Interval(0, 4), 0), (5, Interval(11, 19), 15), (10, Interval(1, 19), 10)])
def test_a_rounded_count_of_a_breakdown_says_so_and_tells_no_more(threshold: int, sign: Interval, shown: int) -> None:
    parts = [row("deel", jaar, 13, 13, uitsplitsing="wijk", uitsplitsing_waarde="W1", verschil=0) for jaar in ("2023-2024", "2024-2025")]
    place = Cell("2023-2024", "0164", "deel", "wijk", "W1")
    rounded, later = Mask({place: sign}, INDICATORS, threshold).rows(parts)
    assert (rounded["status"], rounded["waarde"], rounded["weergave"], rounded["verschil"]) == (ROUNDED, shown, f"ca. {shown}", None)
    assert said(rounded, small(threshold, hide_zeros=False)) == sign
    assert (later["waarde"], later["vorige_waarde"], later["verschil"]) == (13, None, None)


def test_what_is_no_breakdown_is_never_rounded() -> None:
    found = masked({place("deel", "2024-2025"): Interval(5, 13)})["deel", "2024-2025"]
    assert (found["status"], found["waarde"]) == (PRIMARY, None)


def test_a_median_is_shown_with_the_number_it_is_taken_over() -> None:
    median = row("doorlooptijd_mediaan_dagen", "2024-2025", None, percentage=Decimal("17.50"), eenheid="dagen")
    over = row("meldingen_opgevolgd", "2024-2025", 3)
    shown = Mask({place("meldingen_opgevolgd", "2024-2025"): SMALL}, INDICATORS, 5).rows([over, median])
    assert shown[1]["percentage"] is None


@pytest.mark.parametrize(("hide_zeros", "low"), [(False, 1), (True, 0)])
def test_the_sign_of_a_small_count_says_where_it_lies(hide_zeros: bool, low: int) -> None:
    assert small(5, hide_zeros) == Interval(low, 4)
    assert said(row("deel", "2024-2025", None, status=PRIMARY), small(5, hide_zeros)) == Interval(low, 4)


def test_the_other_signs_say_nothing_of_the_size() -> None:
    for status in (SECONDARY, EITHER):
        assert said(row("deel", "2024-2025", None, status=status), SMALL) == NOTHING


def test_a_rate_says_nothing_of_a_count_of_its_own() -> None:
    assert said(ROWS[2], SMALL) is None


@pytest.mark.parametrize(("true", "shown"), [(0, 0), (1, 10), (10, 10), (11, 20), (None, None)])
def test_numbers_of_delivered_rows_are_rounded_up_to_tens(true: int | None, shown: int | None) -> None:
    assert counts_of_rows([{"rijen": true, "naam": "x"}], "rijen") == [{"rijen": shown, "naam": "x"}]


def test_the_schooljaar_before() -> None:
    assert previous("2024-2025") == "2023-2024"
