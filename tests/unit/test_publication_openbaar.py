"""A release of `openbaar`: never without its proof, once a year, and without traces of the true figures.

`test_disclosure_*` test the proofs; a stub accepts or refuses them here.
"""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import magazijn
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from expectations import gate
from expectations.published import schemas
from expectations.suites import openbaar
from orchestration.lake import Lake
from orchestration.lake.files import digest, make_private
from orchestration.publication import candidate, due, integrity, manifest, register, release
from orchestration.publication.disclosure import openbaar as making
from orchestration.publication.disclosure import proof as proving
from orchestration.publication.integrity import ReleaseError
from orchestration.publication.release import Published
from orchestration.settings import Settings


class Proof:
    """A stub for the check: it trusts the proof, and records its calls."""

    def __init__(self) -> None:
        self.looked_at: list[tuple[Path, Path]] = []

    def check(self, public: Path, private: Path) -> None:
        assert (public / "kerncijfers.parquet").is_file()
        self.looked_at.append((public, private))
        if (private / "certificaat.json").read_text() != "geldig":
            raise proving.ProofError("alternatief 2 past niet")


@pytest.fixture(autouse=True)
def proof(monkeypatch: pytest.MonkeyPatch) -> Proof:
    stand_in = Proof()
    monkeypatch.setattr(proving, "check", stand_in.check)
    return stand_in


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lake with a release `intern`, made once."""
    lake = Lake(tmp_path_factory.mktemp("gepubliceerd") / "meer")
    magazijn.build(lake)
    night(lake)
    return lake.root


@pytest.fixture
def lake(published: Path, tmp_path: Path) -> Lake:
    """A copy of that lake."""
    return Lake(shutil.copytree(published, tmp_path / "meer", symlinks=True))


def night(lake: Lake) -> Published:
    settings = Settings(lake=lake.root)
    candidate.build_candidate(lake, settings)
    return magazijn.publish(lake, settings)


def prepare(lake: Lake, certificate: str = "geldig") -> None:
    """Make a candidate of `openbaar` with the figures of `intern`, its proof, and the verdict on it."""
    folder = candidate.begin(lake, "openbaar")
    for path in lake.candidate_of("intern").iterdir():
        shutil.copyfile(path, folder / path.name)
    make_private(lake.proof_candidate)
    (lake.proof_candidate / "certificaat.json").write_text(certificate)


def publish(lake: Lake, red: str = "") -> Published:
    return magazijn.publish(lake, Settings(lake=lake.root), "openbaar", red)


def visible(lake: Lake) -> list[str]:
    zone = lake.published("openbaar")
    return sorted(path.name for path in (zone / "releases").iterdir()) if (zone / "releases").is_dir() else []


def test_it_is_whole_and_its_proof_lies_in_intern(lake: Lake, proof: Proof):
    prepare(lake)
    published = publish(lake)
    assert published.folder.parent == lake.published("openbaar") / "releases"
    integrity.check(published.folder)
    assert (lake.published("openbaar") / "current").resolve() == published.folder
    assert (lake.proof_of(published.name) / "certificaat.json").read_text() == "geldig"
    assert lake.proof_of(published.name).parent.parent == lake.published("intern")
    assert not lake.proof_candidate.exists()
    assert not list(lake.published("openbaar").rglob("certificaat*"))
    [(looked_at, _)] = proof.looked_at
    assert looked_at == lake.published("openbaar") / release.STAGING, "the very files that went out were looked at"


def test_without_a_proof_nothing_is_published(lake: Lake, proof: Proof):
    prepare(lake)
    shutil.rmtree(lake.proof_candidate)
    with pytest.raises(ReleaseError, match="geen bewijs"):
        publish(lake)
    assert visible(lake) == [] == proof.looked_at


def test_with_a_proof_that_does_not_hold_nothing_is_published(lake: Lake):
    prepare(lake, certificate="vervalst")
    with pytest.raises(ReleaseError, match="alternatief 2 past niet"):
        publish(lake)
    assert visible(lake) == []
    assert not (lake.published("intern") / "bescherming").exists()


@pytest.mark.parametrize("poort", ["bronnen", "warehouse", "openbaar"])
def test_every_gate_must_be_green(lake: Lake, poort: str):
    prepare(lake)
    with pytest.raises(gate.GateError, match=f"{poort} is rood"):
        publish(lake, red=poort)
    assert visible(lake) == []


def test_a_verdict_on_another_candidate_publishes_nothing(lake: Lake):
    prepare(lake)
    verdict = magazijn.gates(lake)["openbaar"]
    with (lake.candidate_of("openbaar") / "bronnen.parquet").open("ab") as file:
        file.write(b"x")
    with pytest.raises(gate.GateError, match="poort openbaar heeft iets anders gekeurd"):
        release.publish(lake, Settings(lake=lake.root), "openbaar", verdict)
    assert visible(lake) == []


def test_nobody_ever_sees_a_release_whose_proof_is_not_in_place(lake: Lake, monkeypatch: pytest.MonkeyPatch):
    prepare(lake)
    seen = []
    original = Path.rename

    def renamed(self: Path, target: Path) -> Path:
        seen.append((target.parent.name, sorted(path.name for path in lake.proofs.glob("[!.]*"))))
        return original(self, target)

    monkeypatch.setattr(Path, "rename", renamed)
    name = publish(lake).name
    assert seen == [("bescherming", []), ("releases", [name])]


def test_a_proof_that_a_killed_night_left_is_asked_again_and_kept(lake: Lake, proof: Proof, monkeypatch: pytest.MonkeyPatch):
    prepare(lake)
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(release.manifest, "describe", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        publish(lake)
    assert visible(lake) == []
    assert register.published(lake, "openbaar") == [], "nobody saw it"
    [left] = lake.proofs.iterdir()
    assert publish(lake).name == left.name
    assert proof.looked_at[-1][1] == left


def test_the_same_candidate_publishes_nothing_new_and_its_proof_must_still_be_there(lake: Lake):
    prepare(lake)
    first = publish(lake)
    prepare(lake)
    assert publish(lake) == first
    (lake.proof_of(first.name) / "certificaat.json").write_text("vervalst")
    prepare(lake)
    with pytest.raises(ReleaseError, match="alternatief 2 past niet"):
        publish(lake)


def test_it_says_nothing_of_what_it_was_made_from(lake: Lake, monkeypatch: pytest.MonkeyPatch):
    magazijn.without_file_rules(monkeypatch)
    intern = (lake.published("intern") / "current").resolve()
    prepare(lake)
    withhold(lake)
    published = publish(lake)
    told = (published.folder / "manifest.json").read_text()
    assert json.loads(told)["zone"] == "openbaar"
    sums = manifest.parse_sums((intern / "SHA256SUMS").read_text())
    withheld_in = ("kerncijfers.parquet", "poorten.parquet", "kwaliteit.parquet", "leveringen.parquet", "manifest.json")
    secrets = [intern.name, intern.name.partition("-")[2], *(sums[name] for name in withheld_in)]
    secrets += [digest(intern / "SHA256SUMS"), digest(lake.warehouse_current)]
    secrets += [digest(path) for path in lake.proof_of(published.name).iterdir()]
    telling = ("manifest.json", "datapackage.json", "dcat.jsonld", "SHA256SUMS")
    secrets += [row["levering"] for row in pq.read_table(intern / "leveringen.parquet").to_pylist()]
    beside = lake.published("openbaar") / "status.json"
    for path in (*(published.folder / name for name in telling), beside):
        assert not [secret for secret in secrets if secret in path.read_text()], path.name


def test_what_gates_and_deliveries_were_like_stays_in_intern(lake: Lake):
    lake.quality_page_of("openbaar").parent.mkdir(parents=True)
    lake.quality_page_of("openbaar").write_text("of an earlier version")
    prepare(lake)
    published = publish(lake).folder
    own = {path.stem for path in published.glob("*.parquet")}
    intern = {path.stem for path in (lake.published("intern") / "current").glob("*.parquet")}
    assert intern - own == {"kwaliteit", "leveringen", "poorten"}
    rows = pq.read_table(published / "bronnen.parquet").to_pylist()
    assert {row["bron"]: row["leveringen"] for row in rows} == {"monitor": 1, "duo": 1, "carel": 1}
    assert not lake.quality_page_of("openbaar").exists()
    assert "leveringen" not in json.loads((published / "manifest.json").read_text())


def test_it_is_due_when_a_schooljaar_closed(lake: Lake):
    settings = Settings(lake=lake.root)
    assert settings.openbaar == "jaarlijks"
    magazijn.closed(lake, "2023-2024")
    assert due.is_due(lake, settings), "the first night"
    prepare(lake)
    path = lake.candidate_of("openbaar") / "kerncijfers.parquet"
    pq.write_table(pq.read_table(path, filters=[("schooljaar", "=", "2023-2024")]), path)
    magazijn.gates(lake)
    assert openbaar_of(lake)
    for years, expected in ((("2023-2024",), False), (("2023-2024", "2024-2025"), True)):
        magazijn.closed(lake, *years)
        assert due.is_due(lake, settings) is expected, years


def openbaar_of(lake: Lake) -> Path:
    """Put the candidate of `openbaar` where releases are, with what is read of it."""
    folder = lake.published("openbaar") / "releases" / "20250901T000000Z-000000000000"
    shutil.copytree(lake.candidate_of("openbaar"), folder)
    manifest_of = {"gemaakt": "2025-09-01T00:00:00+00:00", "contracten": {"publicatie": "2.0.0"}}
    (folder / "manifest.json").write_text(json.dumps(manifest_of))
    (folder / "SHA256SUMS").write_text("")
    return folder


def test_a_release_of_the_method_before_does_not_count(lake: Lake):
    magazijn.closed(lake, "2023-2024", "2024-2025")
    prepare(lake)
    folder = openbaar_of(lake)
    assert not due.is_due(lake, Settings(lake=lake.root))
    path = folder / "manifest.json"
    path.write_text(path.read_text().replace("2.0.0", "1.1.0"))
    assert due.is_due(lake, Settings(lake=lake.root))


def test_the_setting_decides(lake: Lake):
    assert due.is_due(lake, Settings(lake=lake.root))
    assert not due.is_due(lake, Settings(lake=lake.root, openbaar="op_verzoek"))
    assert not due.is_due(lake, Settings(lake=lake.root, known_at="2025-09-01T00:00:00Z"))


def test_another_lake_can_remember_what_was_public_then(lake: Lake, tmp_path: Path):
    prepare(lake)
    first = publish(lake).name
    magazijn.known_until(lake, "2025-09-01T00:00:00+02:00")
    night(lake)
    prepare(lake)
    second = publish(lake).name
    then = Lake(lake.root, tmp_path / "toen")
    for _ in range(2):
        register.remember(lake, then, [first])
        assert register.published(then, "openbaar") == [first]
    assert (then.proof_of(first) / "certificaat.json").read_text() == "geldig"
    assert not then.proof_of(second).exists()
    candidate.begin(then, "openbaar")
    assert then.proof_of(first).is_dir()
    assert lake.proof_of(first).is_dir()


def withhold(lake: Lake, **left: object) -> None:
    """Withhold the figures under 5 in the candidate's `kerncijfers`; `left` stays in their rows."""
    path = lake.candidate_of("openbaar") / "kerncijfers.parquet"
    gone = {"status": "onderdrukt_primair", "weergave": "<5"} | dict.fromkeys(
        ("waarde", "percentage", "verschil", "verschil_percentage", "verschil_punten")
    )
    rows = pq.read_table(path).to_pylist()
    rows = [row | gone | left if row["waarde"] is not None and 0 < row["waarde"] < 5 else row for row in rows]
    pq.write_table(pa.Table.from_pylist(rows, schema=schemas()["kerncijfers"]), path)


@pytest.mark.parametrize(
    ("left", "red"),
    [({}, False), ({"verschil": 1}, True), ({"weergave": "3"}, True), ({"weergave": "x"}, False), ({"waarde": 3}, True)],
    ids=["nothing", "a difference", "a figure in words", "another sign", "the value"],
)
def test_the_gate_lets_withheld_figures_through_but_not_when_they_stand_in_their_own_row(lake: Lake, left, red):
    prepare(lake)
    withhold(lake, **left)
    tables = openbaar.tables(lake.candidate_of("openbaar"), lake.warehouse_current, ("0164", "0147"), 5)
    found = {table.name: table for table in tables}
    statuses = pq.read_table(lake.candidate_of("openbaar") / "kerncijfers.parquet", columns=["status"])["status"].to_pylist()
    assert any(status.startswith("onderdrukt") for status in statuses)
    assert found["achtergehouden"].frame["verraadt"].any() == red
    assert found["totalen"].size, "what is public in full must still add up"


def gate_on(lake: Lake, **changed: object) -> Mapping[str, Any]:
    """Round the second indicator of the candidate, with changes in its rows; return the tables that the gate checks."""
    path = lake.candidate_of("openbaar") / "kerncijfers.parquet"
    rows = pq.read_table(path).to_pylist()
    rounded = {"status": "afgerond", "waarde": 5, "weergave": "ca. 5"} | changed
    rows = [row | rounded if row["indicator"] == "absoluut_verzuim" else row for row in rows]
    pq.write_table(pa.Table.from_pylist(rows, schema=schemas()["kerncijfers"]), path)
    tables = openbaar.tables(lake.candidate_of("openbaar"), lake.warehouse_current, ("0164", "0147"), 5)
    return {table.name: table.frame for table in tables}


@pytest.mark.parametrize(
    ("changed", "red"),
    [
        ({}, False),
        ({"waarde": 0, "weergave": "0–4"}, False),
        ({"waarde": None, "percentage": 1, "weergave": "ca. 1,1%"}, False),
        ({"verschil": 5}, False),
        ({"waarde": 7}, True),
        ({"waarde": None}, True),
        ({"weergave": "5"}, True),
    ],
    ids=["nothing", "a rounded 0", "a rate", "a difference", "no multiple", "no figure", "without a word"],
)
def test_the_gate_lets_rounded_figures_through_but_nothing_more_precise(lake: Lake, changed: dict[str, object], red: bool):
    prepare(lake)
    assert gate_on(lake, **changed)["achtergehouden"]["verraadt"].any() == red


def test_the_gate_lets_only_exact_indicators_show_counts_and_no_breakdown(lake: Lake):
    prepare(lake)
    path = lake.candidate_of("openbaar") / "indicatoren.parquet"
    rows = pq.read_table(path).to_pylist()
    assert gate_on(lake)["soort van cijfer"]["te_precies"].any(), "the breakdowns of this candidate are those of intern"
    uitsplitsingen = lake.candidate_of("openbaar") / "uitsplitsingen.parquet"
    pq.write_table(pq.read_table(uitsplitsingen)[:0], uitsplitsingen)
    assert gate_on(lake)["soort van cijfer"]["te_precies"].any(), "indicators that the printed report does not have"
    pq.write_table(pa.Table.from_pylist([row | {"openbaar": "exact"} for row in rows], schema=schemas()["indicatoren"]), path)
    assert not gate_on(lake)["soort van cijfer"]["te_precies"].any()


def test_the_gate_refuses_a_schooljaar_that_is_not_closed(lake: Lake):
    prepare(lake)
    assert not gate_on(lake)["schooljaren"]["nog open"].any()
    magazijn.closed(lake, "2023-2024")
    assert gate_on(lake)["schooljaren"]["nog open"].any()


def test_no_breakdown_need_have_anything_to_show():
    """Of a few dozen persons everything is rounded to nothing."""
    table = schemas()["uitsplitsingen"].empty_table()
    row = {field.name: "x" for field in table.schema if field.type == pa.string()}
    assert making._rows_shown(pa.Table.from_pylist([row]), {}).num_rows == 0
