"""The openbaar release of the example: it withholds small counts and little else, and its proof holds but can fail."""

import json
import shutil
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import Night, copy_of

from expectations import reference
from orchestration.publication.disclosure import audit, knowledge, mask, proof, rounding
from orchestration.publication.disclosure.problem import Problem
from orchestration.publication.disclosure.suppress import protect

SMALL = mask.small(5, hide_zeros=False)
SUMS = {
    "totaal_jongeren": ("absoluut_verzuim", "relatief_verzuim_jongeren"),
    "juridisch_totaal": ("pv_relatief_verzuim", "pv_absoluut_verzuim", "pv_luxe_verzuim", "haltstraf"),
    "vrijstellingen_totaal": ("vrijstelling_5a", "vrijstelling_5b", "vrijstelling_5c", "vrijstelling_15"),
}


def rows(night: Night, zone: str, name: str) -> list[dict[str, Any]]:
    return pq.read_table(night.lake.published(zone) / "current" / f"{name}.parquet").to_pylist()


def evidence(night: Night) -> proof.Evidence:
    public = (night.lake.published("openbaar") / "current").resolve()
    return proof.evidence(public, night.lake.proof_of(public.name))


def test_its_proof_holds(night: Night) -> None:
    public = (night.lake.published("openbaar") / "current").resolve()
    proof.check(public, night.lake.proof_of(public.name))


def test_every_small_count_is_withheld_and_none_can_be_narrowed(night: Night) -> None:
    found = evidence(night)
    small = [row for name in ("kerncijfers", "uitsplitsingen") for row in rows(night, "intern", name) if row["waarde"] in range(1, 5)]
    assert len(small) == len(found.needed) == 405
    assert {knowledge.cell(row) for row in small} == set(found.needed)
    verdicts = audit.judge(found.public, found.relations, found.needed, found.tables)
    assert {verdict.oordeel for verdict in verdicts} == {audit.SAFE}


def test_rounding_leaves_less_withheld_than_there_are_small_counts(night: Night) -> None:
    small = [cell for cell, sign in evidence(night).public.items() if not sign.exact and (sign.high is None or not cell.uitsplitsing)]
    assert 0 < len(small) < 0.9 * len(evidence(night).needed)


def test_few_breakdowns_lose_more_than_two_in_five_of_their_counts(night: Night) -> None:
    """Without rounding, some would."""
    true = {knowledge.cell(row): row["waarde"] for row in rows(night, "intern", "uitsplitsingen")}
    seen = {knowledge.cell(row): row["status"] for row in rows(night, "openbaar", "uitsplitsingen")}
    lost = [cell for cell, status in seen.items() if status == mask.EITHER]
    small = [cell for cell, value in true.items() if value in SMALL]
    assert len(list(rounding.sparse(true, lost))) < 10
    assert len(list(rounding.sparse(true, small))) > 80


def test_what_it_shows_is_what_intern_shows_or_a_multiple_of_five_near_it(night: Night) -> None:
    for name in ("kerncijfers", "uitsplitsingen"):
        for inside, outside in zip(rows(night, "intern", name), rows(night, "openbaar", name), strict=True):
            shown = {column for column, value in outside.items() if value is not None} - {"status", "weergave"}
            if outside["status"] == mask.ROUNDED:
                shown -= {"waarde"}
                assert outside["waarde"] % 5 == 0 and abs(outside["waarde"] - inside["waarde"]) < 5
            assert [outside[column] for column in shown] == [inside[column] for column in shown]


def test_what_is_rounded_adds_up(night: Night) -> None:
    """Up to a difference of less than five, if nothing in the sum is withheld."""
    shown = {knowledge.cell(row): row for name in ("kerncijfers", "uitsplitsingen") for row in rows(night, "openbaar", name)}
    now = knowledge.figures(rows(night, "intern", "kerncijfers"), rows(night, "intern", "uitsplitsingen"), SUMS)
    strayed = []
    for fact in now.relations:
        inside = [shown[cell] for cell, _ in fact.terms]
        whole = fact.low == fact.high and all(row["waarde"] is not None for row in inside)
        if whole and any(row["status"] == mask.ROUNDED for row in inside):
            strayed.append(abs(sum(by * shown[cell]["waarde"] for cell, by in fact.terms)))
    assert len(strayed) > 50 and max(strayed) < 5


def test_a_month_has_a_row_wherever_another_area_has_one(night: Night) -> None:
    """Otherwise a row would show that its count is not 0, which narrows others."""
    months: dict[tuple[str, ...], set[str]] = {}
    for row in rows(night, "openbaar", "uitsplitsingen"):
        if row["uitsplitsing"] == "maand":
            months.setdefault((row["schooljaar"], row["gemeente_code"], row["indicator"]), set()).add(row["uitsplitsing_waarde"])
    for year in {place[0] for place in months}:
        assert len({frozenset(found) for place, found in months.items() if place[0] == year}) == 1
    assert any(row["waarde"] == 0 for row in rows(night, "intern", "uitsplitsingen") if row["uitsplitsing"] == "maand")


def problem(night: Night, codes: tuple[str, ...]) -> Problem:
    """Protect the cells of the report itself at equal prices, so the cheapest choice is the smallest."""
    report = reference.in_report()
    chosen = [row for row in rows(night, "intern", "kerncijfers") if row["tabel"] in report and row["gemeente_code"] in codes]
    now = knowledge.figures(chosen, [], SUMS)
    small = {cell: SMALL for cell, value in now.values.items() if value in SMALL}
    return Problem(now.values, now.relations, small, dict.fromkeys(now.values.keys() - small.keys(), 1), mask.NOTHING, dict(small))


@pytest.mark.parametrize(("codes", "beside"), [(("0164", "0147"), 3), (("0164", "0147", "regio"), 18)])
def test_for_the_report_s_own_cells_no_smaller_choice_would_do(night: Night, codes: tuple[str, ...], beside: int) -> None:
    asked = problem(night, codes)
    found = protect(asked)
    assert found.optimal
    assert len(found.signs.keys() - asked.needed.keys()) == beside


def test_one_altered_number_in_a_certificate_is_refused(night: Night, tmp_path: Path) -> None:
    public, private = _copy(night, tmp_path)
    table = pq.read_table(private / proof.CERTIFICATES)
    values = table.column("waarde").to_pylist()
    values[-1] += 1
    pq.write_table(
        table.set_column(table.schema.get_field_index("waarde"), "waarde", pa.array(values, pa.int64())), private / proof.CERTIFICATES
    )
    with pytest.raises(proof.ProofError):
        proof.check(public, private)


def test_a_withheld_count_that_is_shown_after_all_is_refused(night: Night, tmp_path: Path) -> None:
    public, private = _copy(night, tmp_path)
    path = public / "kerncijfers.parquet"
    table = pq.read_table(path)
    shown = table.to_pylist()
    hidden = next(row for row in shown if row["status"] == mask.PRIMARY)
    hidden |= {"status": "gepubliceerd", "waarde": 3}
    pq.write_table(pa.Table.from_pylist(shown, schema=table.schema), path)
    with pytest.raises(proof.ProofError, match=hidden["indicator"]):
        proof.check(public, private)


@pytest.mark.parametrize("column", ["vorige_waarde", "percentage", "vorig_percentage", "verschil", "teller"])
def test_a_column_that_reveals_a_withheld_count_is_refused(night: Night, tmp_path: Path, column: str) -> None:
    public, private = _copy(night, tmp_path)
    path = public / "kerncijfers.parquet"
    table = pq.read_table(path)
    shown, inside = table.to_pylist(), rows(night, "intern", "kerncijfers")
    place = next(n for n, row in enumerate(shown) if row[column] is None and inside[n][column] is not None and not _is_median(row))
    shown[place][column] = inside[place][column]
    pq.write_table(pa.Table.from_pylist(shown, schema=table.schema), path)
    with pytest.raises(proof.ProofError):
        proof.check(public, private)


def test_a_median_beside_a_withheld_number_is_refused(night: Night, tmp_path: Path) -> None:
    public, private = _copy(night, tmp_path)
    path = public / "kerncijfers.parquet"
    table = pq.read_table(path)
    shown = table.to_pylist()
    median = next(row for row in reversed(shown) if _is_median(row) and row["percentage"] is not None)  # no next year repeats it
    for name in ("meldingen_opgevolgd", "opgevolgd_percentage"):
        told = next(row for row in shown if knowledge.cell(row) == knowledge.cell(median)._replace(indicator=name))
        told |= {"status": mask.SECONDARY} | dict.fromkeys(("waarde", "percentage", "teller", "noemer"))
    pq.write_table(pa.Table.from_pylist(shown, schema=table.schema), path)
    with pytest.raises(proof.ProofError, match="niet elk aantal"):
        proof.check(public, private)


def _is_median(row: dict[str, Any]) -> bool:
    return row["eenheid"] == "dagen"


def test_what_is_known_of_indicators_is_what_the_reference_data_says(night: Night) -> None:
    kinds = {row["verzuimsoort"] for row in reference.rows("verzuimsoort") if row["is_relatief"] == "true"}
    assert {whole: set(parts) for whole, parts in reference.covers().items()} == {"relatief_verzuim_jongeren": kinds}
    assert {total: set(parts) for total, parts in SUMS.items()} == {total: set(parts) for total, parts in reference.totals().items()}
    indicators = rows(night, "intern", "indicatoren")
    assert set(reference.in_report()) <= {row["tabel"] for row in indicators}


def test_figures_that_did_not_change_keep_their_pattern(night: Night) -> None:
    now = knowledge.figures(rows(night, "intern", "kerncijfers"), rows(night, "intern", "uitsplitsingen"), SUMS)
    standing = proof.standing(night.lake.proofs, now, SMALL, SUMS)
    assert standing is not None
    hidden = [row for name in ("kerncijfers", "uitsplitsingen") for row in rows(night, "openbaar", name)]
    hidden = [row for row in hidden if row["waarde"] is None or row["status"] == mask.ROUNDED]
    assert standing.signs.keys() <= {knowledge.cell(row) for row in hidden}
    one = next(iter(now.values))
    changed = knowledge.Figures({**now.values, one: now.values[one] + 1}, now.relations)
    assert proof.standing(night.lake.proofs, changed, SMALL, SUMS) is None


def test_a_forgotten_release_is_refused(night: Night, tmp_path: Path) -> None:
    public, private = _copy(night, tmp_path)
    path = private / proof.SUMMARY
    summary = json.loads(path.read_text())
    path.write_text(json.dumps(summary | {"eerder": {"20240101T000000Z-000000000000": "0" * 64}}))
    with pytest.raises(proof.ProofError, match="geheugen"):
        proof.check(public, private)


def test_a_count_that_is_said_to_be_public_already_and_is_not_is_refused(night: Night, tmp_path: Path) -> None:
    """Otherwise a proof could exclude what it cannot prove."""
    public, private = _copy(night, tmp_path)
    path = private / proof.SUMMARY
    summary = json.loads(path.read_text())
    assert summary["al_openbaar"] == []
    path.write_text(json.dumps(summary | {"al_openbaar": ["2024-2025/0147/absoluut_verzuim"]}))
    with pytest.raises(proof.ProofError, match="absoluut_verzuim heet al openbaar"):
        proof.check(public, private)


def _copy(night: Night, folder: Path) -> tuple[Path, Path]:
    public = (night.lake.published("openbaar") / "current").resolve()
    shutil.copytree(public, folder / "openbaar" / public.name)
    shutil.copytree(night.lake.proofs, folder / "bescherming")
    return folder / "openbaar" / public.name, folder / "bescherming" / public.name


def test_protect_attacks_it_and_explains_a_count(night: Night, tmp_path: Path) -> None:
    here = copy_of(night, tmp_path)
    attacked = here.leerplicht("protect")
    assert attacked.returncode == 0, attacked.stderr
    assert "0 exact, 0 vernauwd" in attacked.stdout
    explained = here.leerplicht("protect", "--explain", "2024-2025/0147/absoluut_verzuim")
    assert "alles samen laat 1 tot en met 4" in explained.stdout
    unknown = here.leerplicht("protect", "--explain", "2024-2025/0147/iets")
    assert unknown.returncode == 1 and "staat niet in" in unknown.stderr
