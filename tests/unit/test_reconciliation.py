"""The printed report compared with matching figures: exactly its own faults remain, each found by a rule."""

from decimal import Decimal
from pathlib import Path

import duckdb
import magazijn
import pytest

from orchestration.lake import Lake
from orchestration.publication import extract, faults
from orchestration.publication.extract import Cell, PrintedError, Rate, Reference
from orchestration.publication.printed import parse
from orchestration.publication.reconciliation import ReconciliationError, reconcile


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return magazijn.build(Lake(tmp_path_factory.mktemp("meer")))


def reconciled(path: Path, change: str = "") -> list[dict]:
    """Reconcile after a change, and undo the change."""
    with duckdb.connect(str(path)) as connection:
        connection.begin()
        try:
            if change:
                connection.execute(change)
            figures = extract.figures(connection, 5)
            return reconcile(extract.cells(connection), figures, extract.reference())
        finally:
            connection.rollback()


def of_kind(rows: list[dict], kind: str) -> list[tuple]:
    return sorted(
        (row["document"], row["indicator"], row["gemeente"], row["schooljaar"], row["gepubliceerd"])
        for row in rows
        if row["oordeel"] == kind
    )


def verdicts(rows: list[dict]) -> dict[str, int]:
    cells = [row["oordeel"] for row in rows if row["soort"] == "cel"]
    return {kind: cells.count(kind) for kind in ("gelijk", "binnen_onderdrukking", "wijkt_af", "niet_berekend")}


def test_four_printed_figures_deviate(warehouse: Path):
    rows = reconciled(warehouse)
    found = verdicts(rows)
    assert sum(found.values()) == 125
    assert found["gelijk"] + found["binnen_onderdrukking"] == 121
    deviating = {(r["document"], r["indicator"], r["gemeente"], r["schooljaar"]): r for r in rows if r["oordeel"] == "wijkt_af"}
    assert {key: row["verschil"] for key, row in deviating.items()} == {
        ("factsheet", "leerplichtigen", "Borne", "2023-2024"): -273,
        ("factsheet", "verzuimpercentage", "Hengelo", "2023-2024"): Decimal("-0.01"),
        ("hoofdrapport", "verzuimpercentage", "Hengelo", "2023-2024"): Decimal("-0.01"),
        ("hoofdrapport", "relatief_16_uur_18_plus", "Borne", "2024-2025"): 1,
    }
    why = {key[1]: row["toelichting"] for key, row in deviating.items()}
    assert why["leerplichtigen"] == (
        "Twee cijfers zijn verwisseld. Hoofdrapport drukt 3.696, gelijk aan ons cijfer. "
        "Alleen 3.696 geeft de gedrukte 2,90% (verzuimpercentage)."
    )
    assert why["verzuimpercentage"] == "100 × 460 / 10.712 = 4,2942, afgerond 4,29%."
    assert why["relatief_16_uur_18_plus"] == "Gedrukt als <5, maar ons cijfer is 5. Factsheet drukt 5, gelijk aan ons cijfer."


def test_the_regio_of_the_report_is_ours(warehouse: Path):
    (row,) = [row for row in reconciled(warehouse) if row["gemeente"] == "Regio Twente"]
    assert (row["oordeel"], row["waarde_eigen"]) == ("gelijk", 11)


def test_the_faults_inside_the_report(warehouse: Path):
    rows = reconciled(warehouse)
    assert of_kind(rows, "som_onder_totaal") == [
        ("factsheet", "relatief_verzuim_jongeren", "Borne", "2023-2024", "105"),
        ("hoofdrapport", "relatief_verzuim_jongeren", "Borne", "2023-2024", "105"),
    ]
    assert of_kind(rows, "documenten_verschillen") == [
        ("factsheet / hoofdrapport", "leerplichtigen", "Borne", "2023-2024", "3.969 / 3.696"),
        ("factsheet / hoofdrapport", "relatief_16_uur_18_plus", "Borne", "2024-2025", "5 / <5"),
    ]
    assert of_kind(rows, "onderdrukt_boven_grens") == [("hoofdrapport", "relatief_16_uur_18_plus", "Borne", "2024-2025", "<5")]
    assert of_kind(rows, "onderdrukking_herleidbaar") == [
        ("hoofdrapport", "absoluut_verzuim", "Borne", "2023-2024", "<5"),
        ("hoofdrapport", "absoluut_verzuim", "Borne", "2024-2025", "<5"),
        ("hoofdrapport", "pv_luxe_verzuim", "Hengelo", "2023-2024", "<5"),
    ]
    assert of_kind(rows, "onderdrukking_vernauwd") == [
        ("hoofdrapport", "haltstraf", "Borne", "2023-2024", "<5"),
        ("hoofdrapport", "juridisch_totaal", "Borne", "2023-2024", "<5"),
        ("hoofdrapport", "pv_relatief_verzuim", "Borne", "2023-2024", "<5"),
    ]
    assert of_kind(rows, "tegenstrijdig") == [
        ("factsheet", "leerplichtigen", "Borne", "2023-2024", "3.969"),
        ("factsheet / hoofdrapport", "verzuimpercentage", "Hengelo", "2023-2024", "4,30%"),
    ]
    assert sum(row["soort"] == "fout" for row in rows) == 13


def test_a_fault_says_how_it_is_known(warehouse: Path):
    said = [row["toelichting"] for row in reconciled(warehouse) if row["soort"] == "fout"]
    luxe = "Proces-verbaal luxe verzuim, Hengelo 2023-2024 (hoofdrapport). Gedrukt als <5, maar is 4, want 20 = 11 + 0 + ? + 5."
    absoluut = "Absoluut verzuim, Borne 2023-2024 (hoofdrapport). Gedrukt als <5, maar is 2, want factsheet drukt 2, en 107 = ? + 105."
    assert luxe in said
    assert absoluut in said
    percentage = "Gedrukt als 4,30%. Dat kan niet waar zijn naast Aantal leerplichtigen 10.712 en Totaal aantal jongeren 460."
    assert any(sentence.endswith(percentage) for sentence in said)
    assert any(
        "Gedrukt als 3.969. Dat kan niet waar zijn naast Totaal aantal jongeren 107 en % verzuim" in sentence for sentence in said
    )
    assert any("tellen op tot 93, minder dan de gedrukte 105. Niet elke soort verzuim heeft een rij" in sentence for sentence in said)
    assert any("kan alleen 1 tot en met 3 zijn, want <5 = ? + 0 + 0 + <5" in sentence for sentence in said)


def test_a_year_without_a_figure_is_not_computed(warehouse: Path):
    nothing = "update jaarverslag.kerncijfers set waarde = null, status = 'niet_beschikbaar' where indicator = 'incidenten'"
    rows = reconciled(warehouse, nothing)
    assert verdicts(rows)["niet_berekend"] == 4
    rows = reconciled(warehouse, "delete from jaarverslag.kerncijfers where gemeente = 'Borne'")
    assert {row["oordeel"] for row in rows if row["gemeente"] == "Borne" and row["soort"] == "cel"} == {"niet_berekend"}


@pytest.mark.parametrize(("ours", "oordeel", "verschil"), [(0, "wijkt_af", -1), (1, "binnen_onderdrukking", None), (5, "wijkt_af", 1)])
def test_the_bounds_of_what_is_withheld(warehouse: Path, ours: int, oordeel: str, verschil: int | None):
    where = "gemeente = 'Hengelo' and schooljaar = '2024-2025' and indicator = 'pv_luxe_verzuim'"
    rows = reconciled(warehouse, f"update jaarverslag.kerncijfers set waarde = {ours} where {where}")
    (row,) = [
        r
        for r in rows
        if (r["soort"], r["indicator"], r["gemeente"], r["schooljaar"]) == ("cel", "pv_luxe_verzuim", "Hengelo", "2024-2025")
    ]
    assert (row["oordeel"], row["verschil"]) == (oordeel, verschil)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        (
            "update kern.gepubliceerd_cijfer set gepubliceerd = '10.47' where gepubliceerd = '10.478'",
            PrintedError,
            "leerplichtigen, Hengelo",
        ),
        ("insert into kern.gepubliceerd_cijfer from kern.gepubliceerd_cijfer limit 1", PrintedError, "twee keer"),
        (
            "update kern.gepubliceerd_cijfer set gepubliceerd = '595' where gepubliceerd = '5,95%'",
            ReconciliationError,
            "595 is een aantal",
        ),
    ],
)
def test_a_printed_figure_that_cannot_be_used_names_its_row(warehouse: Path, change: str, error: type[Exception], message: str):
    with pytest.raises(error, match=message):
        reconciled(warehouse, change)


def test_a_schooljaar_may_be_printed_with_a_slash(warehouse: Path):
    rows = reconciled(warehouse, "update kern.gepubliceerd_cijfer set schooljaar = '2023 / 2024' where schooljaar = '2023-2024'")
    assert {row["schooljaar"] for row in rows} == set(magazijn.YEARS)
    assert verdicts(rows)["wijkt_af"] == 4


def printed(indicator: str, text: str, document: str = "verslag") -> Cell:
    return Cell(document, "tabel", indicator, indicator, "Almelo", "2023-2024", parse(text))


REFERENCE = Reference({}, {"t": ("a", "b")}, {"relatief_verzuim_jongeren": ("x", "y")}, ())


def kinds(*cells: Cell) -> set[str]:
    return {fault.kind for fault in faults.find(cells, {}, REFERENCE)}


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ([printed("t", "9"), printed("a", "4"), printed("b", "5")], set()),
        ([printed("t", "9"), printed("a", "4"), printed("b", "4")], {"som_onder_totaal"}),
        ([printed("t", "9"), printed("a", "6"), printed("b", "4")], {"som_boven_totaal"}),
        ([printed("t", "9"), printed("a", "4")], set()),
        ([printed("relatief_verzuim_jongeren", "9"), printed("x", "9")], set()),
        ([printed("relatief_verzuim_jongeren", "9"), printed("x", "4"), printed("y", "4")], {"som_onder_totaal"}),
        ([printed("relatief_verzuim_jongeren", "9"), printed("x", "<5"), printed("y", "4")], {"tegenstrijdig"}),
        ([printed("relatief_verzuim_jongeren", "9"), printed("x", "<5")], set()),
        ([printed("relatief_verzuim_jongeren", "9"), printed("x", "10")], {"tegenstrijdig"}),
        ([printed("relatief_verzuim_jongeren", "3"), printed("x", "<5")], {"onderdrukking_vernauwd"}),
        ([printed("relatief_verzuim_jongeren", "9"), printed("x", "8"), printed("y", "4")], set()),
        ([printed("p", "4,30%"), printed("p", "4,29%", "ander")], {"documenten_verschillen"}),
        ([printed("p", "<5"), printed("p", "4", "ander")], {"onderdrukking_herleidbaar"}),
        ([printed("p", "<5"), printed("p", "<5", "ander")], set()),
        ([printed("p", "<5"), printed("p", "6", "ander")], {"documenten_verschillen", "onderdrukt_boven_grens"}),
        ([printed("t", "<5"), printed("a", "<5"), printed("b", "0")], set()),
        ([printed("t", "<5"), printed("a", "<5"), printed("b", "3")], {"onderdrukking_herleidbaar"}),
        ([printed("t", "20"), printed("a", "<5"), printed("b", "3")], {"tegenstrijdig"}),
        ([printed("t", "20"), printed("a", "<5")], set()),
    ],
)
def test_each_rule_on_the_least_that_shows_it(cells: list[Cell], expected: set[str]):
    assert kinds(*cells) == expected


def test_a_withheld_count_for_which_two_definitions_leave_no_value():
    reference = Reference({}, {"t": ("a", "b")}, {"t": ("x", "y")}, ())
    (fault,) = faults.find([printed("t", "<5"), printed("a", "1"), printed("b", "0"), printed("x", "3")], {}, reference)
    assert fault.kind == "tegenstrijdig"
    assert fault.sentence.endswith("Gedrukt als <5, maar dat kan niet waar zijn, want ? = 1 + 0, en 3 ≤ ?.")


def test_a_rate_that_reveals_a_withheld_count_is_named_after_its_denominator():
    reference = Reference({}, {}, {}, (Rate("percentage", "t", "noemer", 100),))
    (fault,) = faults.find([printed("percentage", "0,30%"), printed("t", "<5"), printed("noemer", "1.000")], {}, reference)
    assert fault.sentence.endswith("Gedrukt als <5, maar is 3, want noemer 1.000 met percentage 0,30%.")
