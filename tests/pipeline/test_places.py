"""Each change needs only the places that CONTRIBUTING lists, and a check reports a forgotten place.

Each change is made in a copy of the project, which then runs as usual.
"""

import csv
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import command_line
import duckdb
import pyarrow.parquet as pq
import pytest
from conftest import Night, Place, copy_of, place
from leveringen import bsn, to_xlsx

from expectations import published
from orchestration.lake import Lake
from orchestration.settings import PROJECT

CODE = ("orchestration", "expectations", "dbt_project")
CONTRIBUTING = PROJECT / "CONTRIBUTING.md"

INDICATOR = "dbt_project/seeds/kern/indicator.csv"
INCIDENTEN = "dbt_project/models/marts/jaarverslag/incidenten"
CAREL = "expectations/contracts/carel.odcs.yaml"
INCIDENT = "dbt_project/models/marts/kern/incident"
PUBLICATIE = "expectations/contracts/publicatie.odcs.yaml"
ERNST = '      - name: ernst\n        data_type: varchar\n        description: "Hoe ernstig het incident was."\n'


@dataclass(frozen=True)
class Copy:
    """A copy of the project, with its own lake."""

    root: Path
    place: Place

    @property
    def lake(self) -> Lake:
        return self.place.lake

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run Python on the code of the copy."""
        kept = {name: value for name, value in self.place.environment.items() if not name.startswith("PYTEST_")}
        environment = kept | {"PYTHONPATH": str(self.root), "COLUMNS": "200"}
        return subprocess.run([sys.executable, *command], cwd=self.root, env=environment, capture_output=True, text=True, check=False)

    def leerplicht(self, *commands: Sequence[str]) -> list[subprocess.CompletedProcess[str]]:
        """Run commands on the code of the copy; `openbaar` is published when it is due."""
        return command_line.on_other_code(
            self.root, commands, self.place.environment | {"LEERPLICHT_OPENBAAR": "jaarlijks", "COLUMNS": "200"}
        )

    def check(self, *tests: str) -> subprocess.CompletedProcess[str]:
        """Run tests of the project on the copy."""
        return self.run("-m", "pytest", "-p", "no:cacheprovider", *tests)

    def replace(self, path: str, old: str, new: str) -> None:
        """Replace text that occurs once in a file of the copy."""
        file = self.root / path
        text = file.read_text(encoding="utf-8")
        assert text.count(old) == 1, (path, old)
        file.write_text(text.replace(old, new), encoding="utf-8")

    def add(self, path: str, text: str) -> None:
        file = self.root / path
        file.write_text(file.read_text(encoding="utf-8") + text, encoding="utf-8")

    def changed(self) -> set[str]:
        """Return the files that differ from the project; a model's SQL and yml are one place, without extension."""
        files = {path.relative_to(self.root) for part in CODE for path in (self.root / part).rglob("*") if path.is_file()}
        differing = {
            path for path in files if not (PROJECT / path).is_file() or (PROJECT / path).read_bytes() != (self.root / path).read_bytes()
        }
        own = {path for path in differing if path.suffix in (".py", ".sql", ".csv", ".yml", ".yaml")}
        return {str(path.with_suffix("")) if path.suffix in (".sql", ".yml") else str(path) for path in own}


def copied(folder: Path, *more: str) -> Copy:
    root = folder / "project"
    for part in (*CODE, *more):
        shutil.copytree(PROJECT / part, root / part, ignore=shutil.ignore_patterns("__pycache__", "target", "logs"))
    for file in ("pyproject.toml", "requirements.lock"):
        shutil.copyfile(PROJECT / file, root / file)
    return Copy(root, place(folder))


def add_indicator(copy: Copy) -> None:
    """Add an indicator and its complement, and a breakdown of one that the report prints; nothing says how `openbaar` shows them."""
    for name, what, number in (("incidenten_ouders", "met ouders", 190), ("incidenten_anders", "met anderen", 191)):
        definition = f"Incidenten waarbij het contact {what} was."
        told = f"Incidenten {what},Contact {what}.,,"
        row = f"{name},incidenten,Incidenten {what},aantal,aantal,{number},{definition},,,,,,carel,incident,false,false,leeftijd,,,{told}\n"
        copy.add(INDICATOR, row)
    told = "(code van DUO: L). Een ingetrokken melding telt niet mee. Een jongere kan onder meer soorten voorkomen."
    luxe = f"{told},,,,,,duo,verzuimmelding,false,false,"
    copy.replace(INDICATOR, f"{luxe},exact", f"{luxe}geslacht+maand,exact")


def add_model_of_the_indicator(copy: Copy) -> None:
    copy.add(
        f"{INCIDENTEN}.sql",
        """union all
select
    case when contact_met = 'ouders' then 'incidenten_ouders' else 'incidenten_anders' end as indicator,
    'incident' as soort_gebeurtenis,
    incidentnr as nummer,
    jongere_id,
    schooljaar,
    gemeente_code
from incidenten
""",
    )
    copy.add(
        f"{INCIDENTEN}.yml",
        """
unit_tests:
  - name: incidenten_met_ouders
    model: incidenten
    given:
      - input: ref('incident')
        rows:
          - {incidentnr: "1", contact_met: ouders}
          - {incidentnr: "2", contact_met: school}
    expect:
      rows:
        - {indicator: incidenten, soort_gebeurtenis: incident, nummer: "1"}
        - {indicator: incidenten, soort_gebeurtenis: incident, nummer: "2"}
        - {indicator: incidenten_ouders, soort_gebeurtenis: incident, nummer: "1"}
        - {indicator: incidenten_anders, soort_gebeurtenis: incident, nummer: "2"}
""",
    )


def add_column_to_carel(copy: Copy) -> None:
    copy.replace(
        CAREL,
        """      - name: contact_met
""",
        """      - name: ernst
        physicalName: ERNST
        logicalType: string
        description: "Hoe ernstig het incident was."
        required: false
        enum:
          - value: "licht"
          - value: "zwaar"
      - name: contact_met
""",
    )


def add_column_to_the_mart(copy: Copy) -> None:
    copy.replace(f"{INCIDENT}.sql", "    records.contact_met,\n", "    records.ernst,\n    records.contact_met,\n")


def describe_column_of_the_mart(copy: Copy) -> None:
    before = "      - name: contact_met\n"
    copy.replace(f"{INCIDENT}.yml", before, ERNST + before)


def add_published_column(copy: Copy, name: str = "telwijze") -> None:
    """Add it as text, which also allows a column that the warehouse lacks."""
    text = (copy.root / PUBLICATIE).read_text(encoding="utf-8")
    before, table, after = text.partition("  - name: indicatoren\n")
    column = [f"name: {name}", "logicalType: string", "physicalType: string", 'description: "Hoe."', "required: false"]
    lines = "      - " + "\n        ".join(column) + "\n"
    place = after.index("      - name: eenheid\n")
    (copy.root / PUBLICATIE).write_text(before + table + after[:place] + lines + after[place:], encoding="utf-8")


def add_version(copy: Copy) -> None:
    fingerprint = copy.run(
        "-c", "from expectations import published as p; print(p.fingerprint(p.table('indicatoren').schema)[: p.FINGERPRINT])"
    ).stdout.strip()
    now = published.load().version
    copy.replace(PUBLICATIE, f"\nversion: {now}\n", "\nversion: 9.0.0\n")
    last = f"      - versie: {now}\n"
    own = f'      - versie: 9.0.0\n        brengt: Telwijze erbij.\n        tabellen:\n          indicatoren: "{fingerprint}"\n'
    copy.replace(PUBLICATIE, last, own + last)


def add_source(copy: Copy) -> None:
    """Add a source without persons: a contract, its staging, and a table of kern, all made from those of another one."""
    folders = ("expectations/contracts", "dbt_project/models/staging/vergelijking", "dbt_project/models/marts/kern")
    for path in [path for folder in folders for path in (copy.root / folder).glob("*vergelijking*")]:
        new = Path(str(path).replace("vergelijking", "proef"))
        new.parent.mkdir(exist_ok=True)
        new.write_text(path.read_text(encoding="utf-8").replace("vergelijking", "proef"), encoding="utf-8")


def delivery_of_the_source(copy: Copy) -> list[str]:
    """Return the command that delivers one row, which says that it is from long before all others."""
    cells = {"BRON": "DUO", "PEILJAAR": "2023", "PUBLICATIEDATUM": "1998-12-01", "GEBIED_SOORT": "land", "GEBIED_CODE": "NL"}
    cells |= {"INDICATOR": "vsv_percentage", "WAARDE": "1,64", "LICENTIE": "niet vermeld", "VINDPLAATS": "DUO, cijfers 1998"}
    file = copy.root.parent / "proef.csv"
    file.write_text(f"{';'.join(cells)}\n{';'.join(cells.values())}\n")
    return ["deliver", "proef", str(file), "--aard", "volledig", "--yes", "--kennisdatum", "1999-01-01T00:00:00+01:00"]


def delivery_of_incidents(copy: Copy) -> list[str]:
    """Return the command that delivers two incidents, later than the whole example; one has the new column filled."""
    header = ["INCIDENTNR", "BSN", "ONDERWIJSNUMMER", "DATUM", "BRIN", "ERNST", "CONTACT_MET", "AANLEIDING", "MEMO"]
    rows = [[f"N-{i}", bsn(30_000_000 + i), "", "03-03-2025", "", ernst, "ouders", "", ""] for i, ernst in enumerate(("zwaar", ""))]
    file = copy.root.parent / "incidenten.xlsx"
    file.write_bytes(to_xlsx({"incidenten": [header, *rows]}))
    moment = "2025-08-06T01:00:00+02:00"
    return ["deliver", "carel", f"incident={file}", "--aard", "mutatie", "--yes", "--kennisdatum", moment]


def listed(change: str) -> set[str]:
    """Return the places that CONTRIBUTING lists for a change."""
    [row] = [line for line in CONTRIBUTING.read_text(encoding="utf-8").splitlines() if line.startswith(f"| {change} |")]
    return set(re.findall(r"`([^`]+)`", row.split("|")[2]))


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory, example_landing: Path) -> Copy:
    """A copy with a new indicator, Carel column, published column and source, after a night that published both zones."""
    copy = copied(tmp_path_factory.mktemp("plaatsen"))
    add_indicator(copy)
    add_model_of_the_indicator(copy)
    add_column_to_carel(copy)
    add_column_to_the_mart(copy)
    describe_column_of_the_mart(copy)
    add_published_column(copy)
    add_version(copy)
    add_source(copy)
    shutil.copytree(example_landing, copy.lake.landing)
    for done in copy.leerplicht(delivery_of_incidents(copy), delivery_of_the_source(copy), ["run"], ["protect"]):
        assert done.returncode == 0, (done.args, done.stderr, done.stdout)
    return copy


def test_the_places_are_those_that_contributing_names(changed: Copy):
    indicator = {INDICATOR, INCIDENTEN}
    column = {CAREL, INCIDENT}
    source = {
        "expectations/contracts/proef.odcs.yaml",
        *(f"dbt_project/models/staging/proef/{kind}_proef__proefscijfer" for kind in ("rijen", "stg")),
        "dbt_project/models/marts/kern/proef",
    }
    table = {"indicator": indicator, "column": column, "published": {PUBLICATIE}, "source": source}
    assert changed.changed() == set().union(*table.values())
    assert len(source) < 6
    assert listed("a source") == {
        "expectations/contracts/<bron>.odcs.yaml",
        "dbt_project/models/staging/<bron>/",
        "dbt_project/models/marts/kern/<tabel>",
    }
    assert listed("a new indicator") == {INDICATOR, "dbt_project/models/marts/jaarverslag/<tabel>"}
    assert listed("a column of a source") == {"expectations/contracts/<bron>.odcs.yaml", "dbt_project/models/marts/kern/<tabel>"}
    assert listed("a published column") == {PUBLICATIE}


def test_a_new_indicator_is_published_whole_and_in_parts(changed: Copy):
    folder = changed.lake.published("intern") / "current"
    with duckdb.connect(str(changed.lake.warehouse_current), read_only=True) as connection:
        [[counted]] = connection.execute(
            "select count(*) from kern.incident where contact_met = 'ouders' and schooljaar = '2024-2025'"
        ).fetchall()
    figures = pq.read_table(folder / "kerncijfers.parquet").to_pylist()
    own = {row["gemeente_code"]: row for row in figures if row["indicator"] == "incidenten_ouders" and row["schooljaar"] == "2024-2025"}
    assert own["regio"]["label"] == "Incidenten met ouders"
    assert 0 < own["regio"]["waarde"] + own["onbekend"]["waarde"] <= counted
    parts = pq.read_table(folder / "uitsplitsingen.parquet").to_pylist()
    of_regio = [row for row in parts if row["indicator"] == "incidenten_ouders" and row["gemeente_code"] == "regio"]
    assert sum(row["waarde"] for row in of_regio if row["schooljaar"] == "2024-2025") == own["regio"]["waarde"]
    with (folder / "kerncijfers.csv").open(encoding="utf-8-sig") as file:
        assert "Incidenten met ouders" in {row["label"] for row in csv.DictReader(file, delimiter=";")}


def test_what_nobody_declared_is_rounded_in_openbaar_and_its_proof_holds(changed: Copy):
    """An indicator and its complement would give each other away; a breakdown its small values. `protect` has checked the proof."""
    folder = changed.lake.published("openbaar") / "current"
    figures = pq.read_table(folder / "kerncijfers.parquet").to_pylist()
    parts = pq.read_table(folder / "uitsplitsingen.parquet").to_pylist()
    added = [row for row in figures if row["indicator"] in ("incidenten_ouders", "incidenten_anders")]
    added += [row for row in parts if row["indicator"] in ("incidenten_ouders", "incidenten_anders", "luxe_verzuim")]
    assert {(row["indicator"], row.get("uitsplitsing")) for row in added} == {
        *((name, part) for name in ("incidenten_ouders", "incidenten_anders") for part in (None, "leeftijd")),
        *(("luxe_verzuim", part) for part in ("geslacht", "maand")),
    }
    assert {row["status"] for row in added} <= {"afgerond", "onderdrukt_secundair"}
    assert {row["waarde"] % 5 for row in added if row["waarde"] is not None} == {0}


def test_a_new_column_of_a_source_reaches_the_warehouse(changed: Copy):
    with duckdb.connect(str(changed.lake.warehouse_current), read_only=True) as connection:
        found = connection.execute(
            "select incidentnr, ernst from kern.incident where ernst is not null or incidentnr like 'N-%'"
        ).fetchall()
    assert sorted(found) == [("N-0", "zwaar"), ("N-1", None)]


def test_a_new_source_is_read_and_decides_nothing(changed: Copy, night: Night):
    query = "select schooljaar, is_afgesloten from kern.schooljaar order by schooljaar"
    with duckdb.connect(str(changed.lake.warehouse_current), read_only=True) as connection:
        assert connection.execute("select bron, waarde, schooljaar from kern.proef").fetchall() == [("DUO", Decimal("1.6400"), "2022-2023")]
        schooljaren = connection.execute(query).fetchall()
    with duckdb.connect(str(night.lake.warehouse_current), read_only=True) as connection:
        assert connection.execute(query).fetchall() == schooljaren
    sources = pq.read_table(changed.lake.published("intern") / "current" / "bronnen.parquet").to_pylist()
    assert "proef" in {row["bron"] for row in sources}


def test_a_new_published_column_is_in_the_parquet_and_its_descriptions(changed: Copy):
    folder = changed.lake.published("intern") / "current"
    table = pq.read_table(folder / "indicatoren.parquet")
    assert set(table["telwijze"].to_pylist()) == {"jongeren", "aantal", "herhaald", "optelling", "verhouding", "mediaan"}
    assert table.schema.field("telwijze").metadata[b"description"] == b"Hoe."
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    [resource] = [one for one in package["resources"] if one["name"] == "indicatoren"]
    assert "telwijze" in {field["name"] for field in resource["schema"]["fields"]}


def test_a_forgotten_place_is_named_by_a_test(tmp_path: Path):
    """An indicator without a model, and a published column without a version: each has its own test."""
    copy = copied(tmp_path, "tests")
    add_indicator(copy)
    add_published_column(copy)
    failed = copy.check(
        "tests/pipeline/test_models.py::test_every_indicator_that_is_counted_is_expected_by_a_unit_test_of_its_model",
        "tests/unit/test_schema_version.py::test_the_schema_of_now_is_that_of_the_last_version",
    )
    assert failed.returncode == 1
    assert "2 failed" in failed.stdout
    assert "incidenten_ouders: models/marts/jaarverslag/incidenten.yml" in failed.stdout
    assert "a new version with its fingerprints in publicatie.odcs.yaml: indicatoren" in failed.stdout


def test_what_a_night_cannot_fill_is_named(changed: Copy, tmp_path: Path):
    """Both faults at once: a model's column that its yml lacks, and a published column that the warehouse lacks."""
    copy = Copy(shutil.copytree(changed.root, tmp_path / "project"), copy_of(changed, tmp_path))
    copy.replace(
        f"{INCIDENT}.yml",
        ERNST,
        "",
    )
    add_published_column(copy, "nergens")
    without_version, night = copy.leerplicht(["publish"], ["run"])
    assert without_version.returncode == 1
    assert "nergens" in without_version.stderr
    assert night.returncode == 1
    assert "ernst" in night.stderr
    assert "incident" in night.stderr
    assert "Traceback" not in night.stderr + without_version.stderr
