"""The portal's static pages match the release: the changes, the dictionary, the quality of the deliveries."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import opened
import pytest
from conftest import Night, copy_of

from expectations.published import tables
from orchestration.publication.diff import compare
from orchestration.publication.renderings.portal import words
from orchestration.publication.renderings.source import Source
from orchestration.publication.weergave import count


class Tables(HTMLParser):
    """Collects the cells of every table of a page, by the id of its caption, and all text."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.found: dict[str, list[list[str]]] = {}
        self.text = ""
        self._cell = False
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag == "caption":
            self.found[dict(attributes)["id"] or ""] = []
        if tag == "tr":
            self._rows.append([])
        if tag in ("td", "th"):
            self._rows[-1].append("")
            self._cell = True

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._cell = False

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._cell:
            self._rows[-1][-1] += data

    @property
    def _rows(self) -> list[list[str]]:
        return list(self.found.values())[-1]

    def of(self, name: str) -> list[list[str]]:
        return self.found[name][1:]


@pytest.fixture(scope="module")
def sources(night: Night) -> Mapping[str, Source]:
    return {zone: opened.released(night.lake.published(zone)) for zone in ("openbaar", "intern")}


def test_the_same_release_gives_the_same_bytes(sources: Mapping[str, Source], tmp_path: Path) -> None:
    once, again = (opened.rendered(tmp_path / name, sources["openbaar"], sources["intern"]) for name in ("een", "twee"))
    files = sorted(path.relative_to(once) for path in once.rglob("*") if path.is_file())
    assert len(files) > 15
    assert files == sorted(path.relative_to(again) for path in again.rglob("*") if path.is_file())
    assert all((once / name).read_bytes() == (again / name).read_bytes() for name in files)


def test_no_file_names_another_machine(sources: Mapping[str, Source], tmp_path: Path) -> None:
    folder = opened.rendered(tmp_path / "portaal", sources["openbaar"])
    for path in folder.glob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert "default-src 'none'" in text
        assert "http://" not in text
        assert "https://" not in text


def test_the_scripts_get_the_sign_of_a_withheld_figure_and_no_number(sources: Mapping[str, Source], tmp_path: Path) -> None:
    withheld, numbers = 0, ("waarde", "percentage", "teller", "noemer", "verschil", "verschil_percentage", "verschil_punten")
    for script in (opened.rendered(tmp_path / "portaal", sources["openbaar"]) / "onderdelen" / "cijfers").iterdir():
        table = json.loads(f"[{script.read_text(encoding='utf-8').removeprefix('rows.receive(').removesuffix(');' + chr(10))}]")[2]
        columns = {name: unpacked(packed, table["aantal"]) for name, packed in table["kolommen"].items()}
        for at, status in enumerate(columns.get("status", [])):
            if status.startswith("onderdrukt"):
                withheld += 1
                assert columns["weergave"][at] in ("<5", "x")
                assert [columns[name][at] for name in numbers] == [None] * len(numbers)
            if status == "afgerond":
                assert columns["weergave"][at].startswith("ca. ") or (columns["weergave"][at], columns["waarde"][at]) == ("0–4", 0)
    rows = (*sources["openbaar"].figures, *sources["openbaar"].breakdowns)
    assert withheld == sum(row["status"].startswith("onderdrukt") for row in rows) > 20


def unpacked(packed: Mapping[str, Any], rows: int) -> list[Any]:
    places = packed.get("plaats", [0] * rows)
    return [packed["waarden"][place] for place in places]


def test_the_dictionary_has_every_indicator_and_every_column(sources: Mapping[str, Source], tmp_path: Path) -> None:
    page = Tables(opened.rendered(tmp_path / "portaal", sources["openbaar"]) / "woordenboek.html")
    for row in sources["openbaar"].indicators:
        assert row["label"] in page.text and row["naam"] in page.text and row["definitie_kort"] in page.text
        assert row["definitie"] in page.text
    shown = [row["openbaar"] or "afgerond" for row in sources["openbaar"].indicators]
    assert {*shown} == {"exact", "afgerond"}
    assert re.findall(r"Hoe precies(exact|afgerond)", page.text) == shown
    for table in tables("openbaar"):
        name, schema = table.name, table.schema
        described = [[field.name, str(field.type), (field.metadata or {})[b"description"].decode()] for field in schema]
        assert [[row[0], row[1], row[4]] for row in page.of(f"kolommen-{name}")] == described


@pytest.mark.parametrize("zone", ["openbaar", "intern"])
def test_the_quality_page_has_every_bron_and_deviation(zone: str, sources: Mapping[str, Source], tmp_path: Path) -> None:
    source = sources[zone]
    page = Tables(opened.rendered(tmp_path / "portaal", source) / "kwaliteit.html")
    assert [(row[0], row[2], row[3]) for row in page.of("bronnen")] == [
        (words.source_name(row["bron"]), count(row["leveringen"]), f"{row['afgewezen_procent']}%") for row in source.tables["bronnen"]
    ]
    deviating = [row["toelichting"] for row in source.tables["reconciliatie"] if row["soort"] == "fout" or row["oordeel"] == "wijkt_af"]
    assert [row[-1] for row in page.of("afwijkingen")] == deviating
    assert deviating
    assert ("leveringen" in page.found) == ("poorten" in page.found) == ("leveringen" in source.tables) == (zone == "intern")


def test_the_quality_page_of_intern_has_every_delivery_reason_and_gate(sources: Mapping[str, Source], tmp_path: Path) -> None:
    source = sources["intern"]
    page = Tables(opened.rendered(tmp_path / "portaal", source) / "kwaliteit.html")
    quality = source.tables["kwaliteit"]
    deliveries = [(row["bron"], row["levering"], row["oordeel"]) for row in source.tables["leveringen"]]
    assert [(row[0], row[1], row[4]) for row in page.of("leveringen")] == deliveries
    reasons = [(row["levering"], row["ernst"], row["code"].replace("_", " "), count(row["aantal"])) for row in quality if row["code"]]
    assert any(effect == "afgewezen" for _, effect, _, _ in reasons)
    assert [(row[1], row[3], row[4], row[5]) for row in page.of("redenen")] == reasons
    read = [(row["levering"], row["entiteit"], count(row["aantal"])) for row in quality if row["ernst"] == "gelezen"]
    assert [(row[1], row[2], row[3]) for row in page.of("rijen")] == read
    gates = [(row["verwachting"], "geslaagd", count(row["gezien"])) for row in source.tables["poorten"]]
    assert [(row[1], row[4], row[5]) for row in page.of("poorten")] == gates
    assert "alle zijn geslaagd" in page.text


def test_a_gate_that_failed_is_counted_and_named(sources: Mapping[str, Source], tmp_path: Path) -> None:
    gates = [{**row, "geslaagd": at > 0, "ernst": "warning"} for at, row in enumerate(sources["intern"].tables["poorten"])]
    source = replace(sources["intern"], tables={**sources["intern"].tables, "poorten": gates})
    page = Tables(opened.rendered(tmp_path / "portaal", source) / "kwaliteit.html")
    assert "1 niet geslaagd" in page.text
    assert [row[4] for row in page.of("poorten")].count("niet geslaagd") == 1


def test_without_an_earlier_release_nothing_is_said_to_be_the_same(sources: Mapping[str, Source], tmp_path: Path) -> None:
    page = Tables(opened.rendered(tmp_path / "portaal", sources["openbaar"]) / "veranderd.html")
    assert "geen eerdere versie" in page.text
    assert "gelijk gebleven" not in page.text


def test_what_changed_since_the_release_before_is_told_figure_by_figure(sources: Mapping[str, Source], tmp_path: Path) -> None:
    later, earlier = sources["openbaar"], sources["intern"]
    page = Tables(opened.rendered(tmp_path / "portaal", later, earlier) / "veranderd.html")
    changes = [change for change in compare(earlier.folder, later.folder).changes if change.tabel == "kerncijfers"]
    assert len(changes) > 50
    told = [(row[0], row[1], row[2], row[3], row[4]) for row in page.of("anders-1")]
    assert told == [(one.row["schooljaar"], one.row["gemeente"], one.row["label"], one.van, one.naar) for one in changes[:200]]
    assert earlier.release in page.text
    assert "Een rij die op nul is afgerond, staat er niet." in page.text
    assert len(page.of("anders-2")) == 200  # a long list shows the first rows and the total
    assert (
        f"{count(sum(one.tabel == 'uitsplitsingen' for one in compare(earlier.folder, later.folder).changes))} rijen zijn anders"
        in page.text
    )


def test_two_releases_of_the_same_figures_are_said_to_be_equal(night: Night, sources: Mapping[str, Source], tmp_path: Path) -> None:
    same = opened.released(copy_of(night, tmp_path).lake.published("openbaar"))
    page = Tables(opened.rendered(tmp_path / "portaal", sources["openbaar"], same) / "veranderd.html")
    assert "Alle cijfers zijn gelijk gebleven." in page.text
    assert "dezelfde leveringen" in page.text
