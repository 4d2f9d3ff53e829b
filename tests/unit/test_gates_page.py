"""The page of the gates: red rules first, counts without values, and no external resources."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import html

from expectations import gate, page, verdict
from expectations.verdict import FILES, Finding, Verdict
from orchestration.lake import Lake

FETCHES = re.compile(r"https?:|//|\bsrc=|url\(|@import|<script|<link|<iframe|<img", re.IGNORECASE)
HELD = Finding("warehouse", "de sleutel is uniek", "melding", "meldingsnummer", "critical", True, 1811, 0)
ODD = Finding("warehouse", "de leeftijd past bij een jongere", "melding", "leeftijd", "warning", False, 1811, 20)
BROKEN = Finding("warehouse", "de sleutel is gevuld", "jongere", "jongere_id", "critical", False, 18312, 3)
MOMENT = "2026-01-02T23:30:00+00:00"


def judged(poort: str, *findings: Finding) -> Verdict:
    return Verdict(poort, tuple(replace(finding, poort=poort) for finding in findings), "ab" * 32, f"werk/{poort}", MOMENT)


def tables(text: str) -> list[list[list[str]]]:
    """Return the cells of each table of a page, row by row, without the header."""
    page = html.document_fromstring(text)
    return [[[cell.text_content() for cell in row] for row in table.xpath(".//tbody/tr")] for table in page.xpath("//table")]


def test_red_gates_come_first_and_in_them_red_rules_then_warnings():
    text = page.render([judged("bronnen", HELD), judged("warehouse", HELD, ODD, BROKEN)])
    overview, first, second = tables(text)
    assert overview == [
        ["warehouse", "rood", "3 januari 2026 om 00:30 uur", "werk/warehouse", "abababababab", "3", "2"],
        ["bronnen", "groen", "3 januari 2026 om 00:30 uur", "werk/bronnen", "abababababab", "1", "0"],
    ]
    assert first == [
        ["klopt niet", "jongere", "jongere_id", "de sleutel is gevuld", "18.312", "3", "stoppen"],
        ["let op", "melding", "leeftijd", "de leeftijd past bij een jongere", "1.811", "20", "waarschuwen"],
        ["klopt", "melding", "meldingsnummer", "de sleutel is uniek", "1.811", "0", "stoppen"],
    ]
    assert [row[0] for row in second] == ["klopt"]
    assert text.index("Niet alles is in orde. De poort warehouse is rood.") < text.index("Een poort controleert")


def test_when_nothing_is_red_that_is_the_first_thing_to_read():
    assert "Alles is in orde. Alle poorten zijn groen." in page.render([judged("bronnen", HELD, ODD)])
    assert "De poorten bronnen, warehouse zijn rood." in page.render([judged("bronnen", BROKEN), judged("warehouse", BROKEN)])


def test_without_verdicts_nothing_is_called_right():
    text = page.render([])
    assert "Er is nog niets gecontroleerd." in text
    assert "in orde" not in text
    assert "rood" in page.render([Verdict("bronnen", (), "", "x", MOMENT)])


def test_it_shows_counts_and_not_where_a_rule_is_broken():
    where = replace(BROKEN, motor=FILES, waar=("kerncijfers.parquet, rij 7 (2024-2025, Hasseler Es)",))
    text = page.render([judged("publicatie", where)])
    assert "Hasseler Es" not in text and "rij 7" not in text
    assert "de sleutel is gevuld" in text


def test_names_are_text_and_no_markup():
    text = page.render([judged("warehouse", replace(BROKEN, verwachting="<script>alert(1)</script>"))])
    assert "<script" not in text
    assert tables(text)[1][0][3] == "<script>alert(1)</script>"


def test_of_the_example_it_shows_every_rule_and_fetches_nothing(night):
    everything = night.lake.quality_page.read_text(encoding="utf-8")
    known = [gate.read(poort, night.lake) for poort in (*gate.POORTEN, gate.OPENBAAR)]
    overview, *rules = tables(everything)
    assert [row[0] for row in overview] == ["bronnen", "warehouse", "publicatie", "openbaar"]
    for verdict_of, shown in zip(known, rules, strict=True):
        assert sorted(row[3] for row in shown) == sorted(finding.verwachting for finding in verdict_of.findings)
    assert not FETCHES.search(everything)
    assert FETCHES.search('<img src="logo">'), "the search itself finds nothing"
    assert html.document_fromstring(everything).get("lang") == "nl"
    assert "default-src 'none'" in everything


def test_next_to_a_release_lies_the_page_of_that_release(night):
    text = night.lake.quality_page_of("intern").read_text(encoding="utf-8")
    assert [row[0] for row in tables(text)[0]] == ["bronnen", "warehouse", "publicatie"]
    assert f"release <code>{(night.lake.published('intern') / 'current').readlink().name}</code> van intern" in text
    assert "Alles is in orde" in text
    assert not FETCHES.search(text)
    assert 'content="noindex"' in text
    assert not night.lake.quality_page_of("openbaar").exists(), "what the gates counted is not for everybody"


def test_a_red_verdict_is_on_the_page_of_the_night_and_not_next_to_the_release(tmp_path: Path):
    lake = Lake(tmp_path / "meer")
    lake.published("intern").mkdir(parents=True)
    verdict.write(judged("bronnen", HELD), lake)
    page.write_next_to_releases(lake, "eerste")
    before = lake.quality_page_of("intern").read_bytes()
    verdict.write(judged("bronnen", BROKEN), lake)
    page.write(lake)
    assert "De poort bronnen is rood." in lake.quality_page.read_text(encoding="utf-8")
    assert lake.quality_page_of("intern").read_bytes() == before


@pytest.mark.parametrize(("release", "again"), [("eerste", False), ("tweede", True)])
def test_the_page_next_to_the_releases_is_written_once_for_a_release(tmp_path: Path, release: str, again: bool):
    lake = Lake(tmp_path / "meer")
    verdict.write(judged("bronnen", HELD), lake)
    path = page.write_next_to_releases(lake, "eerste")
    before = path.stat().st_ino
    page.write_next_to_releases(lake, release)
    assert (path.stat().st_ino != before) is again
    assert release in path.read_text(encoding="utf-8")
