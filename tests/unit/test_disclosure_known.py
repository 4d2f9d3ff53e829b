"""What is public besides: earlier releases and printed reports, as far as it is true of the figures of now."""

import json
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from worlds import Publisher, Values

from orchestration.lake import Lake
from orchestration.lake.files import digest
from orchestration.publication.disclosure import known
from orchestration.publication.disclosure.alternatives import Cell
from orchestration.publication.disclosure.known import Statement
from orchestration.publication.disclosure.proof import ProofError, summary_of
from orchestration.publication.extract import Cell as Printed
from orchestration.publication.printed import parse

YEAR, BORNE = "2024-2025", "0147"
SMALL, WHOLE, OTHER = (Cell(YEAR, BORNE, name) for name in ("absoluut_verzuim", "totaal_jongeren", "relatief_verzuim_jongeren"))
FIGURES: Values = {SMALL: 2, OTHER: 105, WHOLE: 107}


def printed(indicator: str, text: str) -> Printed:
    return Printed("verslag", "tabel", indicator, indicator, "Borne", YEAR, parse(text))


def own(indicator: str, **more: Any) -> dict[str, Any]:
    place = {"schooljaar": YEAR, "gemeente_code": BORNE, "gemeente": "Borne", "indicator": indicator, "waarde": None, "noemer": None}
    return {**place, "percentage": None, **more}


OWN = [
    own("absoluut_verzuim", waarde=2),
    own("totaal_jongeren", waarde=137),
    own("verzuimpercentage", noemer=3694, percentage=Decimal("3.71")),
    own("doorlooptijd_mediaan_dagen", percentage=Decimal("11.00")),
]


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        (printed("absoluut_verzuim", "<5"), [Statement(SMALL, 1, 4)]),
        (printed("absoluut_verzuim", "2"), [Statement(SMALL, 2, 2)]),
        (printed("verzuimpercentage", "3,71%"), [Statement(WHOLE, 137, 137)]),  # 136.9 to 137.2 of 3,694
        (printed("verzuimpercentage", "3,7%"), [Statement(WHOLE, 135, 138)]),  # 134.8 to 138.5
        (printed("doorlooptijd_mediaan_dagen", "11,00"), []),
        (printed("incidenten", "83"), []),
    ],
)
def test_what_a_printed_figure_says_of_our_counts(figure: Printed, said: list[Statement]):
    assert list(known.of_report([figure], OWN)) == said


def test_only_what_is_true_counts_and_the_narrowest():
    bounds: dict[Cell, tuple[int, int]] = {}
    said = [(SMALL, 1, 4), (SMALL, 3, 3), (SMALL, 2, 9), (WHOLE, 108, 108), (Cell(YEAR, BORNE, "x"), 0, 5)]
    known.add(bounds, (Statement(*one) for one in said), FIGURES)
    assert bounds == {SMALL: (2, 4)}


def test_a_release_is_remembered_by_what_it_said_and_hid(tmp_path: Path):
    publisher = Publisher(tmp_path)
    public = publisher.publish(FIGURES)
    private = tmp_path / "bescherming" / public.name
    said = {cell: (low, high) for cell, low, high, _ in known.said_by(private, YEAR)}
    [hidden] = known.hidden(FIGURES, [private])
    assert hidden in (WHOLE, OTHER) and hidden not in said
    assert said == {SMALL: (1, 4), **{cell: (n, n) for cell, n in FIGURES.items() if n > 4 and cell != hidden}}


def test_who_knows_what_was_corrected_takes_less_for_known(tmp_path: Path):
    """`<5` of 2 is still true of 3, and only who does not know that it was corrected takes it for known."""
    publisher, other = Publisher(tmp_path), Cell(YEAR, BORNE, "incidenten")
    figures = {**FIGURES, other: 83}
    proofs = [tmp_path / "bescherming" / publisher.publish(figures).name]
    unaware, aware = known.beliefs({**figures, SMALL: 3, WHOLE: 108}, proofs)
    assert (unaware[SMALL], aware[other]) == ((1, 4), (83, 83))
    assert aware == {cell: bounds for cell, bounds in unaware.items() if cell in (OTHER, other)}
    assert len(known.beliefs(figures, proofs)) == 1, "nothing was corrected"


@pytest.mark.parametrize("correction", [{SMALL: 3, WHOLE: 108}, {OTHER: 106, WHOLE: 108}, {SMALL: 1, OTHER: 106}])
def test_two_releases_together_do_not_show_what_each_hid(tmp_path: Path, correction: Values):
    """What one hides stays hidden in the next; so no count is shown in the one and its total in the other."""
    publisher = Publisher(tmp_path)
    for figures in (FIGURES, {**FIGURES, **correction}, FIGURES):
        publisher.publish(figures)
        publisher.check()
    proofs = [tmp_path / "bescherming" / folder.name for folder in publisher.folders]
    assert len(known.hidden(FIGURES, proofs)) == 1


def test_a_proof_whose_memory_was_altered_is_refused(tmp_path: Path):
    publisher = Publisher(tmp_path)
    publisher.publish(FIGURES)
    publisher.publish(FIGURES)
    publisher.check()
    with (tmp_path / "bescherming" / "release-0" / known.FACTS).open("ab") as file:
        file.write(b"x")
    with pytest.raises(ProofError, match="het geheugen van release-1 is niet meer wat het was: release-0"):
        publisher.check()


def test_a_proof_that_ignores_what_was_public_is_refused(tmp_path: Path):
    """One release hid the total; another, made without knowing of that, hides a part of it and shows the total."""
    proofs: dict[Cell, Path] = {}
    for number in range(8):
        publisher = Publisher(tmp_path / str(number), f"key {number}".encode())
        private = tmp_path / str(number) / "bescherming" / publisher.publish(FIGURES).name
        publisher.check()
        [hidden] = known.hidden(FIGURES, [private])
        proofs[hidden] = private
        if len(proofs) == 2:
            break
    earlier = private.with_name("eerder")
    shutil.copytree(proofs[WHOLE if hidden == OTHER else OTHER], earlier)
    summary = summary_of(private) | {"eerder": {earlier.name: digest(earlier / known.FACTS)}}
    (private / known.SUMMARY).write_text(json.dumps(summary), encoding="utf-8")
    with pytest.raises(ProofError, match="geen alternatief waarin het"):
        publisher.check()


def test_a_printed_report_is_kept_once_and_for_good(tmp_path: Path):
    lake = Lake(tmp_path)
    first, second = (known.remember(lake, [printed("absoluut_verzuim", "2"), printed("totaal_jongeren", "138")], OWN) for _ in range(2))
    assert (first.true, first.others, first.new, second.new) == (1, 1, True, False)
    assert list(known.said_by(lake.proof_of(first.name), YEAR)) == [Statement(SMALL, 2, 2), Statement(WHOLE, 138, 138)]
    assert not known.hidden(FIGURES, [lake.proof_of(first.name)])


def test_a_proof_of_an_earlier_method_is_not_checked_as_if_it_were_of_this_one(tmp_path: Path):
    (tmp_path / "bescherming.json").write_text(json.dumps({"methode": 2, "drempel": 5}))
    with pytest.raises(ProofError, match="op een andere manier beschermd"):
        summary_of(tmp_path)
