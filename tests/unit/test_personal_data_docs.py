"""The page for the privacy officer says what the contracts say."""

import re

from expectations import contract as contracts
from expectations.contract import Retention
from orchestration.persons.identity import has_persons
from orchestration.persons.purge import DATES, enforced
from orchestration.persons.retention import Periods
from orchestration.settings import PROJECT, Settings

PAGE = (PROJECT / "docs" / "persoonsgegevens.md").read_text()
UNITS = {"y": "jaar", "d": "dagen"}


def agreed() -> dict[str, list[tuple[str, Retention]]]:
    found: dict[str, list[tuple[str, Retention]]] = {}
    for bron in contracts.BRONNEN:
        for one in contracts.load(bron).retention:
            found.setdefault(one.klasse, []).append((bron, one))
    return found


def test_the_table_of_periods_is_that_of_the_contracts():
    rows = re.findall(r"^\| (\w+) \| (\d+ \w+) \| (.+?) \| `(LEERPLICHT_\w+)` \| (.+) \|$", PAGE, re.MULTILINE)
    assert [row[0] for row in rows] == list(dict.fromkeys(["dossier", "handhaving", "origineel"]))
    for klasse, period, elements, setting, law in rows:
        ones = agreed()[klasse]
        assert {(f"{one.value} {UNITS[one.unit]}", one.law) for _, one in ones} == {(period, law)}
        named = "; ".join(f"{bron}: {', '.join(one.elements)}" for bron, one in ones if one.elements)
        assert (named or "elke levering in landing") == elements
        assert setting.removeprefix("LEERPLICHT_").lower() in Settings.model_fields
    assert agreed().keys() == {row[0] for row in rows}


def test_every_entiteit_with_persons_has_a_period_and_every_element_is_in_its_contract():
    for bron in contracts.BRONNEN:
        contract = contracts.load(bron)
        named = [element for one in contract.retention for element in one.elements]
        assert {e.name for e in contract.entities.values() if has_persons(e)} == {n for n in named if "." not in n}
        for element in (one for one in named if "." in one):
            entiteit, column, code = re.fullmatch(r"(\w+)\.(\w+)=(\w+)", element).groups()
            assert code in next(c for c in contract.entities[entiteit].columns if c.name == column).allowed


def test_the_periods_are_those_of_the_contracts_unless_a_setting_says_another():
    assert Periods.of(Settings()) == Periods(19, 5, None, 30)
    said = Settings(retention_file_years=20, retention_enforcement_years=8, retention_report_years=5, retention_original_days=0)
    assert Periods.of(said) == Periods(20, 8, 5, 0)
    assert enforced() == ["proces_verbaal", "halt"]
    for klasse, entity in (("handhaving", ("carel", "interventie")), ("melding", ("duo", "verzuimmelding"))):
        assert DATES[klasse] in {column.name for column in contracts.load(entity[0]).entities[entity[1]].columns}
