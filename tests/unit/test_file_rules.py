"""The rules on the published files: a valid release passes, and each fault is detected by its own rule only."""

import shutil
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from expectations import gate, published, suites
from expectations.files import RULES, staged, words
from expectations.files.numbers import nothing_withheld
from expectations.files.staged import Staged
from expectations.verdict import Finding
from orchestration.lake import Lake
from orchestration.publication import csv_file, register

Tables = dict[str, list[dict[str, Any]]]
FIRST, LAST = "2023-2024", "2024-2025"
CSV = "kerncijfers.csv"
POORT = {"intern": "publicatie", "openbaar": "openbaar"}


def broken(release: Staged, poort: str = "publicatie") -> set[str]:
    """Return the names of the failing rules."""
    return {rule.check.__name__ for rule in suites.file_rules(poort) if not rule.evaluate(poort, release).geslaagd}


def found(release: Staged, name: str) -> Finding:
    return next(rule for rule in RULES if rule.check.__name__ == name).evaluate("publicatie", release)


@pytest.fixture(scope="module")
def intern(night) -> Staged:
    """The published example, with enough breakdowns for all rules."""
    whole = staged.read(night.release.resolve(), "intern")
    rows = whole.tables["uitsplitsingen"]
    some = [
        row["indicator"] == "incidenten" and row["uitsplitsing"] in ("maand", "geslacht")
        for row in rows.select(["indicator", "uitsplitsing"]).to_pylist()
    ]
    return replace(whole, tables={**whole.tables, "uitsplitsingen": rows.filter(some)})


@pytest.mark.parametrize("zone", register.ZONES)
def test_what_is_published_passes(night, zone: str):
    release = staged.read((night.lake.published(zone) / "current").resolve(), zone)
    findings = [rule.evaluate(POORT[zone], release) for rule in suites.file_rules(POORT[zone])]
    assert len(findings) >= 36
    assert [finding.sentence for finding in findings if not finding.geslaagd] == []
    assert min(finding.gezien for finding in findings) > 2
    assert len(release.tables["kerncijfers"]) > 400


def test_on_nothing_no_rule_holds(tmp_path: Path):
    findings = [rule.evaluate("openbaar", staged.read(tmp_path, "openbaar")) for rule in suites.file_rules("openbaar")]
    assert not [finding for finding in findings if finding.geslaagd]
    assert found(staged.read(tmp_path, "openbaar"), "file_present").afwijkend == len(published.tables("openbaar"))


def test_a_rule_has_a_sentence_of_its_own_and_says_what_it_looks_at():
    assert len({rule.verwachting for rule in RULES}) == len({rule.check.__name__ for rule in RULES}) == len(RULES) >= 37
    assert all(rule.verwachting[0].islower() and not rule.verwachting.endswith(".") and rule.tabel for rule in RULES)


def test_in_openbaar_figures_may_be_withheld_and_all_other_rules_hold_too():
    assert {*suites.file_rules("publicatie")} == {*RULES}
    assert {*RULES} - {*suites.file_rules("openbaar")} == {nothing_withheld}


def test_a_finding_names_file_row_and_figure(intern: Staged):
    changed = with_tables(intern, BROKEN_TABLES["weergave_is_the_figure"])
    finding = found(changed, "weergave_is_the_figure")
    number = next(number for number, row in enumerate(changed.tables["kerncijfers"].to_pylist(), 1) if row["weergave"] == "1.000.000")
    place = f"kerncijfers.parquet, rij {number} ({LAST}, 0164, incidenten), weergave"
    assert (finding.plek, finding.gezien) == ("kerncijfers, uitsplitsingen.weergave", intern.size(*staged.FIGURES))
    assert finding.sentence == f"{finding.plek}: wat een rapport drukt, is het cijfer zelf (1 afwijkend: {place})"


def test_of_many_rows_that_deviate_all_are_counted_and_five_named(intern: Staged):
    finding = found(with_tables(intern, lambda tables: every(tables, gemeente=("Hengelo", "Hengelo "))), "spaces")
    assert finding.afwijkend > 100
    assert len(finding.waar) == 5


# --- the gate: a verdict on a candidate, and the findings in its files


@pytest.fixture
def looked_at(night, tmp_path: Path) -> tuple[Lake, Path]:
    """A lake with a verdict on the candidate of `intern`, and the files of its release, to break."""
    lake = Lake(tmp_path / "meer")
    shutil.copytree(night.lake.gates, lake.gates)
    shutil.copytree(night.release.resolve(), tmp_path / "klaar")
    return lake, tmp_path / "klaar"


def test_what_is_found_in_files_is_part_of_the_verdict(looked_at: tuple[Lake, Path]):
    lake, folder = looked_at
    before = gate.read("publicatie", lake)
    assert before.passed and len(before.findings) == len(before.on_tables) + 37
    table = pq.read_table(folder / "kwaliteit.parquet")
    pq.write_table(table.slice(0, 0), folder / "kwaliteit.parquet")
    after = gate.judge_files(gate.read("publicatie", lake), folder, lake)
    assert after == gate.read("publicatie", lake)
    assert (after.sha256, after.on_tables) == (before.sha256, before.on_tables)
    assert not after.passed
    assert "elke tabel heeft rijen" in after.sentence
    assert "elke tabel heeft rijen" in lake.quality_page.read_text(encoding="utf-8")


def test_files_that_are_right_again_make_the_verdict_green_again(looked_at: tuple[Lake, Path]):
    lake, folder = looked_at
    (folder / "jaarverslag.xlsx").rename(folder / "Jaarverslag.xlsx")
    assert not gate.judge_files(gate.read("publicatie", lake), folder, lake).passed
    (folder / "Jaarverslag.xlsx").rename(folder / "jaarverslag.xlsx")
    assert gate.judge_files(gate.read("publicatie", lake), folder, lake).passed


def test_a_gate_without_rules_on_files_does_not_look_at_any(looked_at: tuple[Lake, Path]):
    with pytest.raises(gate.GateError, match="geen regels voor bestanden"):
        gate.judge_files(gate.read("warehouse", looked_at[0]), looked_at[1], looked_at[0])


# --- figures, each changed together with the rest of its row


def of(tables: Tables, indicator: str, code: str = "0164", year: str = LAST) -> dict[str, Any]:
    return next(
        row for row in tables["kerncijfers"] if (row["indicator"], row["gemeente_code"], row["schooljaar"]) == (indicator, code, year)
    )


def set_right(row: dict[str, Any]) -> None:
    """Recompute the printed text and the difference from the figure."""
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
    """Replace one value of a column in every figure."""
    for row in (*tables["kerncijfers"], *tables["uitsplitsingen"]):
        row |= {name: new for name, (old, new) in changes.items() if row[name] == old}


def month(tables: Tables) -> dict[str, Any]:
    return [row for row in tables["uitsplitsingen"] if row["uitsplitsing"] == "maand" and row["schooljaar"] == LAST][-1]


def swapped(rows: list[dict[str, Any]]) -> None:
    rows[10], rows[11] = rows[11], rows[10]


WITHHELD = {"status": "onderdrukt_secundair", "weergave": "x", "waarde": None, "verschil": None, "verschil_percentage": None}

BROKEN_TABLES: dict[str, Callable[[Tables], object]] = {
    "spaces": lambda tables: tables["reconciliatie"][0].update(toelichting="Twee  spaties."),
    "characters": lambda tables: tables["reconciliatie"][0].update(toelichting="On\u200bzichtbaar."),
    "text_filled": lambda tables: tables["reconciliatie"][0].update(toelichting=""),
    "code_in_contract": lambda tables: tables["poorten"][0].update(ernst="fataal"),
    "key_once": lambda tables: tables["kwaliteit"].append(tables["kwaliteit"][0]),
    "indicator_known": lambda tables: tables["reconciliatie"][0].update(indicator="zonder_definitie"),
    "as_the_dictionary": lambda tables: of(tables, "incidenten").update(label="Incident"),
    "order_once": lambda tables: tables["indicatoren"][-1].update(volgorde=tables["indicatoren"][-2]["volgorde"]),
    "gemeente_code": lambda tables: every(tables, gemeente_code=("0147", "014")),
    "one_name_per_gemeente": lambda tables: of(tables, "incidenten").update(gemeente="Hengelo (O)"),
    "one_year": lambda tables: every(tables, schooljaar=(LAST, "2024-2026")),
    "no_year_missing": year_is_long_ago,
    "month_in_schooljaar": lambda tables: month(tables).update(uitsplitsing_waarde="2025-13"),
    "peildatum_in_schooljaar": lambda tables: of(tables, "leerplichtigen").update(peildatum=date(2023, 10, 1)),
    "one_trendbreuk": lambda tables: of(tables, "leerplichtigen").update(trendbreuk=True),
    "one_figure_per_row": lambda tables: of(tables, "leerplichtigen", "onbekend").update(waarde=3),
    "weergave_is_the_figure": lambda tables: of(tables, "incidenten").update(weergave="1.000.000"),
    "sign_of_status": lambda tables: of(tables, "leerplichtigen", "onbekend").update(weergave="."),
    "nothing_withheld": lambda tables: of(tables, "spreekuur_jongeren", "onbekend").update(WITHHELD),
    "previous_is_previous_row": lambda tables: count_changed(tables, "0164", "vorige_waarde"),
    "difference": lambda tables: of(tables, "incidenten").update(verschil=5),
    "difference_in_percent": lambda tables: of(tables, "incidenten").update(verschil_percentage=Decimal("0.1")),
    "rate_within_bounds": lambda tables: set_rate(of(tables, "opgevolgd_percentage"), "100.01"),
    "teller_is_a_figure": lambda tables: of(tables, "verzuimpercentage").update(noemer=1),
    "regio_adds_up": lambda tables: count_changed(tables, "regio", "waarde"),
    "sorted_rows": lambda tables: swapped(tables["kerncijfers"]),
}


def with_tables(whole: Staged, change: Callable[[Tables], object]) -> Staged:
    """Return a release with changed rows and the matching CSV."""
    tables = {name: rows.to_pylist() for name, rows in whole.tables.items()}
    change(tables)
    names = [name for name, _ in whole.columns["kerncijfers"]]
    made = {name: pa.Table.from_pylist(rows, whole.tables[name].schema) for name, rows in tables.items()}
    return replace(whole, tables=made, csv={CSV: csv_file.content(names, tables["kerncijfers"])})


# --- files


def without(whole: Staged, *names: str) -> Staged:
    """Return a release without some files, also in its descriptor."""
    described = [resource for resource in whole.descriptor["resources"] if resource["path"] not in names]
    stems = {name.removesuffix(".parquet") for name in names}
    return replace(
        whole,
        hashes={name: value for name, value in whole.hashes.items() if name not in names},
        tables={name: rows for name, rows in whole.tables.items() if name not in stems},
        descriptor={**whole.descriptor, "resources": described},
    )


def with_file(whole: Staged, name: str) -> Staged:
    """Return a release with one more file, which its descriptor includes."""
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
    "file_name": lambda whole: with_file(whole, "Jaar verslag.xlsx"),
    "file_present": lambda whole: without(whole, "kwaliteit.parquet"),
    "file_described": lambda whole: described(whole, whole.descriptor["resources"][1:]),
    "file_unchanged": lambda whole: replace(whole, hashes={**whole.hashes, CSV: "0" * 64}),
    "columns": lambda whole: replace(whole, columns={**whole.columns, "poorten": whole.columns["poorten"][::-1]}),
    "table_has_rows": lambda whole: replace(whole, tables={**whole.tables, "poorten": whole.tables["poorten"][:0]}),
    "csv_encoding": lambda whole: with_csv(whole, b"\xef\xbb\xbf", b""),
    "csv_shape": lambda whole: with_csv(whole, b";2023-10-01\r\n", b";2023-10-01;\r\n"),
    "csv_number": lambda whole: with_csv(whole, b";10478;", b";10.478;"),
    "csv_no_formula": lambda whole: with_tables(whole, lambda tables: every(tables, gemeente=("Hengelo", "=Hengelo"))),
    "csv_equals_parquet": lambda whole: with_csv(whole, b";10478;", b";10479;"),
}


def test_every_rule_is_broken_here():
    assert {*BROKEN_TABLES, *BROKEN_FILES} == {rule.check.__name__ for rule in RULES}


@pytest.mark.parametrize("code", BROKEN_TABLES)
def test_rows_that_break_a_rule_break_that_rule_alone(intern: Staged, code: str):
    assert broken(with_tables(intern, BROKEN_TABLES[code])) == {code}


@pytest.mark.parametrize("code", BROKEN_FILES)
def test_files_that_break_a_rule_break_that_rule_alone(intern: Staged, code: str):
    assert broken(BROKEN_FILES[code](intern)) == {code}


@pytest.mark.parametrize(
    "resources",
    [
        pytest.param(lambda said: [*said, {**said[0], "path": "weg.csv"}], id="a file that is not there"),
        pytest.param(lambda said: [*said, said[0]], id="a file twice"),
    ],
)
def test_the_descriptor_is_of_these_files_each_once(intern: Staged, resources):
    assert broken(described(intern, resources(intern.descriptor["resources"]))) == {"file_described"}


@pytest.mark.parametrize("rate", ["-0.01", "100.01"])
def test_a_rate_has_bounds(intern: Staged, rate: str):
    assert "rate_within_bounds" in broken(with_tables(intern, lambda tables: set_rate(of(tables, "teruggeleid_percentage"), rate)))


def test_of_persons_more_may_be_absent_than_there_are(intern: Staged):
    assert not broken(with_tables(intern, lambda tables: set_rate(of(tables, "verzuimpercentage"), "100.01")))


@pytest.mark.parametrize("place", sorted(words.AS_DELIVERED))
def test_an_odd_name_from_a_source_does_not_stop_publication(intern: Staged, place: tuple[str, str]):
    table, column = place

    def odd(tables: Tables) -> None:
        rows = [row for row in tables[table] if row[column] and row.get("uitsplitsing") != "maand"]
        last = max(row[column] for row in rows)  # the order does not change
        for row in rows:
            row[column] += "  \u200b" if row[column] == last else ""

    assert not broken(with_tables(intern, odd))


@pytest.mark.parametrize("text", [b"=1+1", b"@SUM(A1)", b"+31", b"-x", b"\t=1"])
def test_whatever_starts_a_formula_is_seen(intern: Staged, text: bytes):
    assert "csv_no_formula" in broken(with_csv(intern, b";monitor;", b";" + text + b";"))


def test_bytes_that_are_no_utf_8_are_seen(intern: Staged):
    assert "csv_encoding" in broken(with_csv(intern, b";monitor;", b";m\xe9nitor;"))


@pytest.fixture(scope="module")
def public(night) -> Staged:
    return staged.read((night.lake.published("openbaar") / "current").resolve(), "openbaar")


def rounded(tables: Tables, table: str = "kerncijfers", **wanted: Any) -> dict[str, Any]:
    """Return the first rounded row of the last schooljaar that has a difference, and these values."""
    return next(
        row
        for row in tables[table]
        if (row["status"], row["schooljaar"]) == ("afgerond", LAST)
        and (row["verschil"] is not None or row["verschil_punten"] is not None)
        and wanted.items() <= row.items()
    )


def test_openbaar_has_rounded_figures_with_their_differences_ranges_and_percentages(public: Staged):
    shown = [row["weergave"] for row in public.tables["kerncijfers"].to_pylist() if row["status"] == "afgerond"]
    assert {"0–4"} < {*shown} and all(text.startswith(("ca. ", "0–4")) for text in shown)
    assert any(text.endswith("%") for text in shown)
    assert "0–4" not in {row["weergave"] for row in public.tables["uitsplitsingen"].to_pylist()}  # what is rounded to nothing is left out
    rows = {name: table.to_pylist() for name, table in public.tables.items()}
    for table in ("kerncijfers", "uitsplitsingen"):
        assert rounded(rows, table, eenheid="jongeren")["verschil"] is not None
    assert rounded(rows, eenheid="procent")["verschil_punten"] is not None


ROUNDED: dict[str, tuple[Callable[[Tables], object], str]] = {
    "a rounded count without ca.": (
        lambda tables: (row := rounded(tables, indicator="interventies")).update(weergave=row["weergave"].removeprefix("ca. ")),
        "sign_of_status",
    ),
    "a count that is not rounded with ca.": (
        lambda tables: of(tables, "leerplichtigen").update(weergave="ca. 10.478"),
        "weergave_is_the_figure",
    ),
    "ca. of another count": (lambda tables: rounded(tables, indicator="interventies").update(weergave="ca. 5"), "weergave_is_the_figure"),
    "a range of a count that is not nothing": (
        lambda tables: rounded(tables, indicator="interventies").update(weergave="0–4"),
        "weergave_is_the_figure",
    ),
    "a percentage without its sign": (
        lambda tables: (row := rounded(tables, eenheid="procent")).update(weergave=row["weergave"].rstrip("%")),
        "weergave_is_the_figure",
    ),
    "no difference": (lambda tables: rounded(tables, indicator="interventies").update(verschil=None), "difference"),
    "a difference of a breakdown that is not theirs": (
        lambda tables: (row := rounded(tables, "uitsplitsingen")).update(verschil=row["verschil"] + 1),
        "difference",
    ),
    "a difference in percent with a decimal": (
        lambda tables: (row := rounded(tables, indicator="interventies")).update(
            verschil_percentage=row["verschil_percentage"] + Decimal("0.1")
        ),
        "difference_in_percent",
    ),
}


@pytest.mark.parametrize("name", ROUNDED)
def test_rounded_figures_that_break_a_rule_break_that_rule(public: Staged, name: str):
    change, code = ROUNDED[name]
    changed = broken(with_tables(public, change), "openbaar")
    assert code in changed
    assert changed <= {code, "weergave_is_the_figure"}


def test_in_openbaar_a_withheld_figure_does_not_return_as_last_years(public: Staged):
    withheld = {
        (row["indicator"], row["gemeente_code"])
        for row in public.tables["kerncijfers"].to_pylist()
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

    assert broken(with_tables(public, told), "openbaar") == {"previous_is_previous_row"}
