"""The reference tables of gemeenten, their successors and wijken: complete by the counts of the CBS, and without contradictions.

Where the rows come from: docs/decisions/044-where-reference-data-come-from.md.
"""

from datetime import date

import pytest

from expectations.reference import rows
from orchestration.example.people import BORNE, HENGELO, WIJKEN

# year → gemeenten on 1 January, as the CBS counted them
COUNTS = {
    1990: 672, 1991: 647, 1992: 647, 1993: 646, 1994: 636, 1995: 633, 1996: 625, 1997: 572, 1998: 548, 1999: 538,
    2000: 537, 2001: 504, 2002: 496, 2003: 489, 2004: 483, 2005: 467, 2006: 458, 2007: 443, 2008: 443, 2009: 441,
    2010: 431, 2011: 418, 2012: 415, 2013: 408, 2014: 403, 2015: 393, 2016: 390, 2017: 388, 2018: 380, 2019: 355,
    2020: 355, 2021: 352, 2022: 345, 2023: 342, 2024: 342, 2025: 342, 2026: 342,
}  # fmt: skip
GEMEENTEN = {row["gemeente_code"]: row for row in rows("gemeente")}


def exists(code: str, day: date) -> bool:
    """Whether the gemeente with the code is there on the day."""
    first, after = (GEMEENTEN[code][column] for column in ("geldig_van", "geldig_tot"))
    return (not first or date.fromisoformat(first) <= day) and (not after or day < date.fromisoformat(after))


@pytest.mark.parametrize(("year", "count"), COUNTS.items())
def test_there_are_as_many_gemeenten_as_the_cbs_counted(year, count):
    assert sum(exists(code, date(year, 1, 1)) for code in GEMEENTEN) == count


def test_a_gemeente_has_a_code_of_four_digits_and_ends_after_it_began():
    assert all(len(code) == 4 and code.isdigit() for code in GEMEENTEN)
    assert all(not row["geldig_tot"] or row["geldig_van"] < row["geldig_tot"] for row in GEMEENTEN.values())


def test_only_a_gemeente_that_is_still_there_lies_in_a_regio():
    assert {row["geldig_tot"] for row in GEMEENTEN.values() if row["rmc_regio"]} == {""}


def test_a_successor_is_there_from_the_day_that_its_predecessor_is_not():
    successors = rows("gemeente_opvolger")
    assert all(GEMEENTEN[row["gemeente_code"]]["geldig_tot"] == row["vanaf"] for row in successors)
    assert all(exists(row["opvolger"], date.fromisoformat(row["vanaf"])) for row in successors)


def test_the_chain_of_successors_of_ootmarsum_ends_at_dinkelland():
    successors = {row["gemeente_code"]: row["opvolger"] for row in rows("gemeente_opvolger")}
    assert [successors["0176"], successors["0149"], successors.get("1774")] == ["0149", "1774", None]


@pytest.mark.parametrize("code", ["0993", "0055", "1671", "0140", "0053", "0788"])
def test_a_gemeente_that_was_divided_has_no_successor(code):
    assert GEMEENTEN[code]["geldig_tot"]
    assert code not in {row["gemeente_code"] for row in rows("gemeente_opvolger")}


def test_the_code_of_a_wijk_begins_with_that_of_its_gemeente():
    assert all(row["wijkcode"][:4] == row["gemeente_code"] and len(row["wijkcode"]) == 6 for row in rows("wijk"))


def test_each_wijk_of_the_example_that_is_published_has_a_name():
    named = {row["wijkcode"] for row in rows("wijk")}
    assert {f"{code}{number:02d}" for code in (HENGELO, BORNE) for number in range(WIJKEN[code])} <= named
