"""The screener: what is published passes, and each rule sees its own fault and no other rule does."""

from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest

from expectations.screener import screen, staged, words
from expectations.screener.staged import Staged
from orchestration.publication import csv_file, register

Tables = dict[str, list[dict[str, Any]]]
FIRST, LAST = "2023-2024", "2024-2025"
CSV = "kerncijfers.csv"
DATA_ONLY = {"manifest.json", "SHA256SUMS", "dcat.jsonld"}


def read(folder: Path, zone: str) -> Staged:
    """A published release as it was screened: without the files that were written later."""
    found = staged.read(folder, zone)
    return replace(
        found,
        hashes={name: value for name, value in found.hashes.items() if name not in DATA_ONLY},
        sizes={name: value for name, value in found.sizes.items() if name not in DATA_ONLY},
    )


@pytest.fixture(scope="module")
def intern(night) -> Staged:
    """The published example, of the breakdowns so many that all rules have something to look at."""
    whole = read(night.release.resolve(), "intern")
    some = [
        row for row in whole.tables["uitsplitsingen"] if row["indicator"] == "incidenten" and row["uitsplitsing"] in ("maand", "geslacht")
    ]
    return replace(whole, tables={**whole.tables, "uitsplitsingen": some})


@pytest.mark.parametrize("zone", register.ZONES)
def test_what_is_published_passes(night, zone: str):
    found = read((night.lake.published(zone) / "current").resolve(), zone)
    assert screen.findings(found) == []
    assert len(found.tables["kerncijfers"]) > 400


def test_nothing_does_not_pass(tmp_path: Path):
    missed = screen.screen(tmp_path, "openbaar")
    assert {finding.code for finding in missed} == {"bestand_aanwezig"}
    assert len(missed) == 7


def test_a_rule_has_a_name_and_a_sentence_of_its_own():
    assert len(screen.SENTENCES) == len(set(screen.SENTENCES.values())) == len(screen.RULES) >= 25
    assert all(sentence[0].isupper() and sentence.endswith(".") for sentence in screen.SENTENCES.values())


def test_a_finding_names_file_row_and_figure(intern: Staged):
    broken = with_tables(intern, BROKEN_TABLES["weergave_is_cijfer"])
    [finding] = screen.findings(broken)
    number = next(number for number, row in enumerate(broken.tables["kerncijfers"], 1) if row["weergave"] == "1.000.000")
    assert finding.where == f"kerncijfers.parquet, rij {number} ({LAST}, 0164, incidenten)"
    assert screen.told(finding) == f"{finding.where}, weergave – Wat een rapport drukt, is het cijfer zelf"


# --- figures, each changed so that the rest of its row agrees with it


def of(tables: Tables, indicator: str, code: str = "0164", year: str = LAST) -> dict[str, Any]:
    return next(
        row for row in tables["kerncijfers"] if (row["indicator"], row["gemeente_code"], row["schooljaar"]) == (indicator, code, year)
    )


def set_right(row: dict[str, Any]) -> None:
    """Let what is printed and how it changed follow from the figure."""
    value, before = row["waarde"], row["vorige_waarde"]
    row |= {"weergave": f"{value:,}".replace(",", "."), "verschil": value - before}
    row["verschil_percentage"] = (Decimal(100) * (value - before) / before).quantize(Decimal("0.1"), ROUND_HALF_UP)


def set_rate(row: dict[str, Any], rate: str) -> None:
    row |= {"percentage": Decimal(rate), "weergave": rate.replace(".", ",") + "%"}
    row["verschil_punten"] = row["percentage"] - row["vorig_percentage"]


def count_changed(tables: Tables, code: str, column: str) -> None:
    row = of(tables, "incidenten", code)
    row[column] += 1
    set_right(row)


def year_is_long_ago(tables: Tables) -> None:
    changes = ("vorige_waarde", "verschil", "verschil_percentage", "vorig_percentage", "verschil_punten")
    for row in (*tables["kerncijfers"], *tables["uitsplitsingen"]):
        if row["schooljaar"] == LAST:
            row |= dict.fromkeys(changes)
            continue
        row["schooljaar"] = "2021-2022"
        if row["peildatum"]:
            row["peildatum"] = date(2021, 10, 1)
        if row.get("uitsplitsing") == "maand":
            row["uitsplitsing_waarde"] = row["uitsplitsing_waarde"].replace("2023-", "2021-").replace("2024-", "2022-")


def every(tables: Tables, **changes: tuple[str, str]) -> None:
    """In every figure, another value for one value of a column."""
    for row in (*tables["kerncijfers"], *tables["uitsplitsingen"]):
        row |= {name: new for name, (old, new) in changes.items() if row[name] == old}


def month(tables: Tables) -> dict[str, Any]:
    return [row for row in tables["uitsplitsingen"] if row["uitsplitsing"] == "maand" and row["schooljaar"] == LAST][-1]


def swapped(rows: list[dict[str, Any]]) -> None:
    rows[10], rows[11] = rows[11], rows[10]


WITHHELD = {"status": "onderdrukt_secundair", "weergave": "x", "waarde": None, "verschil": None, "verschil_percentage": None}

BROKEN_TABLES: dict[str, Callable[[Tables], object]] = {
    "spaties": lambda tables: tables["reconciliatie"][0].update(toelichting="Twee  spaties."),
    "tekens": lambda tables: tables["reconciliatie"][0].update(toelichting="On\u200bzichtbaar."),
    "tekst_leeg": lambda tables: tables["reconciliatie"][0].update(toelichting=""),
    "code_bestaat": lambda tables: tables["poorten"][0].update(ernst="fataal"),
    "sleutel_eenmalig": lambda tables: tables["kwaliteit"].append(tables["kwaliteit"][0]),
    "indicator_bekend": lambda tables: tables["reconciliatie"][0].update(indicator="zonder_definitie"),
    "woordenboek_gelijk": lambda tables: of(tables, "incidenten").update(label="Incident"),
    "volgorde_eenmalig": lambda tables: tables["indicatoren"][-1].update(volgorde=tables["indicatoren"][-2]["volgorde"]),
    "gemeente_code": lambda tables: every(tables, gemeente_code=("0147", "014")),
    "gemeente_een_naam": lambda tables: of(tables, "incidenten").update(gemeente="Hengelo (O)"),
    "schooljaar_een_jaar": lambda tables: every(tables, schooljaar=(LAST, "2024-2026")),
    "schooljaren_aaneengesloten": year_is_long_ago,
    "maand_in_schooljaar": lambda tables: month(tables).update(uitsplitsing_waarde="2025-13"),
    "peildatum_in_schooljaar": lambda tables: of(tables, "leerplichtigen").update(peildatum=date(2023, 10, 1)),
    "trendbreuk_een": lambda tables: of(tables, "leerplichtigen").update(trendbreuk=True),
    "een_vak": lambda tables: of(tables, "leerplichtigen", "onbekend").update(waarde=3),
    "weergave_is_cijfer": lambda tables: of(tables, "incidenten").update(weergave="1.000.000"),
    "teken_bij_status": lambda tables: of(tables, "leerplichtigen", "onbekend").update(weergave="."),
    "zone_achtergehouden": lambda tables: of(tables, "spreekuur_jongeren", "onbekend").update(WITHHELD),
    "vorige_is_vorige_rij": lambda tables: count_changed(tables, "0164", "vorige_waarde"),
    "verschil_klopt": lambda tables: of(tables, "incidenten").update(verschil=5),
    "verschil_percentage_klopt": lambda tables: of(tables, "incidenten").update(verschil_percentage=Decimal("0.1")),
    "tussen_grenzen": lambda tables: set_rate(of(tables, "opgevolgd_percentage"), "100.01"),
    "teller_is_cijfer": lambda tables: of(tables, "verzuimpercentage").update(noemer=1),
    "regio_telt_op": lambda tables: count_changed(tables, "regio", "waarde"),
    "gesorteerd": lambda tables: swapped(tables["kerncijfers"]),
}


def with_tables(whole: Staged, change: Callable[[Tables], object]) -> Staged:
    """A release with other rows, and the CSV that goes with them."""
    tables = deepcopy(dict(whole.tables))
    change(tables)
    names = [name for name, _ in whole.columns["kerncijfers"]]
    return replace(whole, tables=tables, csv={CSV: csv_file.content(names, tables["kerncijfers"])})


# --- files


def without(whole: Staged, *names: str) -> Staged:
    """A release that lacks files, and does not speak of them."""
    described = [resource for resource in whole.descriptor["resources"] if resource["path"] not in names]
    stems = {name.removesuffix(".parquet") for name in names}
    return replace(
        whole,
        hashes={name: value for name, value in whole.hashes.items() if name not in names},
        tables={name: rows for name, rows in whole.tables.items() if name not in stems},
        descriptor={**whole.descriptor, "resources": described},
    )


def with_file(whole: Staged, name: str) -> Staged:
    """A release with one file more, which it describes."""
    resource = {"path": name, "bytes": 3, "hash": "sha256:abc"}
    more = replace(whole, hashes={**whole.hashes, name: "abc"}, sizes={**whole.sizes, name: 3})
    return described(more, [*whole.descriptor["resources"], resource])


def described(whole: Staged, resources: Iterable[dict[str, Any]]) -> Staged:
    return replace(whole, descriptor={**whole.descriptor, "resources": list(resources)})


def with_csv(whole: Staged, old: bytes, new: bytes) -> Staged:
    content = whole.csv[CSV]
    assert old in content
    return replace(whole, csv={CSV: content.replace(old, new, 1)})


BROKEN_FILES: dict[str, Callable[[Staged], Staged]] = {
    "bestandsnaam": lambda whole: with_file(whole, "Jaar verslag.xlsx"),
    "bestand_aanwezig": lambda whole: without(whole, "kwaliteit.parquet"),
    "bestand_beschreven": lambda whole: described(whole, whole.descriptor["resources"][1:]),
    "bestand_ongewijzigd": lambda whole: replace(whole, hashes={**whole.hashes, CSV: "0" * 64}),
    "kolommen": lambda whole: replace(whole, columns={**whole.columns, "poorten": whole.columns["poorten"][::-1]}),
    "tabel_gevuld": lambda whole: replace(whole, tables={**whole.tables, "poorten": []}),
    "csv_codering": lambda whole: with_csv(whole, b"\xef\xbb\xbf", b""),
    "csv_vorm": lambda whole: with_csv(whole, b";2023-10-01\r\n", b";2023-10-01;\r\n"),
    "csv_getal": lambda whole: with_csv(whole, b";10478;", b";10.478;"),
    "csv_geen_formule": lambda whole: with_tables(whole, lambda tables: every(tables, gemeente=("Hengelo", "=Hengelo"))),
    "csv_gelijk": lambda whole: with_csv(whole, b";10478;", b";10479;"),
}


def test_every_rule_is_broken_here():
    assert {*BROKEN_TABLES, *BROKEN_FILES} == screen.SENTENCES.keys()


@pytest.mark.parametrize("code", BROKEN_TABLES)
def test_rows_that_break_a_rule_break_that_rule_alone(intern: Staged, code: str):
    found = screen.findings(with_tables(intern, BROKEN_TABLES[code]))
    assert {finding.code for finding in found} == {code}


@pytest.mark.parametrize("code", BROKEN_FILES)
def test_files_that_break_a_rule_break_that_rule_alone(intern: Staged, code: str):
    found = screen.findings(BROKEN_FILES[code](intern))
    assert {finding.code for finding in found} == {code}


@pytest.mark.parametrize(
    "resources",
    [
        pytest.param(lambda said: [*said, {**said[0], "path": "weg.csv"}], id="a file that is not there"),
        pytest.param(lambda said: [*said, said[0]], id="a file twice"),
    ],
)
def test_the_descriptor_is_of_these_files_each_once(intern: Staged, resources):
    found = screen.findings(described(intern, resources(intern.descriptor["resources"])))
    assert {finding.code for finding in found} == {"bestand_beschreven"}


@pytest.mark.parametrize("rate", ["-0.01", "100.01"])
def test_a_rate_has_bounds(intern: Staged, rate: str):
    found = screen.findings(with_tables(intern, lambda tables: set_rate(of(tables, "teruggeleid_percentage"), rate)))
    assert "tussen_grenzen" in {finding.code for finding in found}


def test_of_persons_more_may_be_absent_than_there_are(intern: Staged):
    assert screen.findings(with_tables(intern, lambda tables: set_rate(of(tables, "verzuimpercentage"), "100.01"))) == []


@pytest.mark.parametrize("place", sorted(words.AS_DELIVERED))
def test_an_odd_name_that_others_gave_holds_nothing_back(intern: Staged, place: tuple[str, str]):
    table, column = place

    def odd(tables: Tables) -> None:
        rows = [row for row in tables[table] if row[column] and row.get("uitsplitsing") != "maand"]
        last = max(row[column] for row in rows)  # of which the order stays what it was
        for row in rows:
            row[column] += "  \u200b" if row[column] == last else ""

    assert screen.findings(with_tables(intern, odd)) == []


@pytest.mark.parametrize("text", [b"=1+1", b"@SUM(A1)", b"+31", b"-x", b"\t=1"])
def test_whatever_starts_a_formula_is_seen(intern: Staged, text: bytes):
    codes = {finding.code for finding in screen.findings(with_csv(intern, b";monitor;", b";" + text + b";"))}
    assert "csv_geen_formule" in codes


def test_bytes_that_are_no_utf_8_are_seen(intern: Staged):
    codes = {finding.code for finding in screen.findings(with_csv(intern, b";monitor;", b";m\xe9nitor;"))}
    assert "csv_codering" in codes


def test_in_openbaar_a_withheld_figure_does_not_return_as_last_years(night):
    public = read((night.lake.published("openbaar") / "current").resolve(), "openbaar")
    withheld = {
        (row["indicator"], row["gemeente_code"])
        for row in public.tables["kerncijfers"]
        if row["waarde"] is None and row["schooljaar"] == FIRST
    }

    def told(tables: Tables) -> None:
        row = next(
            row
            for row in tables["kerncijfers"]
            if row["schooljaar"] == LAST and row["waarde"] and (row["indicator"], row["gemeente_code"]) in withheld
        )
        row["vorige_waarde"] = 3
        set_right(row)

    [finding] = screen.findings(with_tables(public, told))
    assert finding.code == "vorige_is_vorige_rij"
