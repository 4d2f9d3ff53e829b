"""The layout of the data lake: the only module that defines paths in it.

Put here: paths. Keep out: who may read which of them (`zones.py`), and the contents of the files.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

EMPTY = "leeg.parquet"
PROVENANCE, BIRTH_DATES = "herkomst.duckdb", "geboortedata.duckdb"  # next to a warehouse while it is built


@dataclass(frozen=True)
class Paths:
    """The paths of one data lake.

    Args:
        root: The lake's root; folders are created on first use.
        outputs: Folder of the warehouse, the publication and the work files, if not the root: a look back reads the same lake and must not
            change what readers see.
        run: The run that works on the lake. Its builds have their own paths, so two runs never write the same file.
        moment: The instant of a look back; None for the present.
    """

    root: Path
    outputs: Path | None = None
    run: str = "los"
    moment: datetime | None = None

    @property
    def _out(self) -> Path:
        return self.outputs or self.root

    @property
    def landing(self) -> Path:
        """Original deliveries, with BSN: `landing/<bron>/<levering>/`. Mode 0700."""
        return self.root / "landing"

    @property
    def ledger(self) -> Path:
        """One JSON file for every delivery ever seen: `lake/grootboek/<bron>/<levering>@<manifest>.json`."""
        return self.root / "lake" / "grootboek"

    @property
    def rows(self) -> Path:
        """Typed, pseudonymised rows, immutable: `lake/rijen/<bron>/<entiteit>/<content key>.parquet`."""
        return self.root / "lake" / "rijen"

    @property
    def key_check(self) -> Path:
        """A fingerprint of the pseudonym key of this lake, never the key itself."""
        return self.root / "lake" / "sleutelcontrole.json"

    @property
    def version(self) -> Path:
        """The version of the layout, and since when the lake has it: `lake/versie.json`."""
        return self.root / "lake" / "versie.json"

    @property
    def auditlog(self) -> Path:
        """The audit log, one chain of lines per user of the system: `auditlog/<uid>.jsonl`. Mode 0700, or 3730 with the analysts' group."""
        return self.root / "auditlog"

    @property
    def quarantine(self) -> Path:
        """Rejected rows with their reasons: `quarantine/<bron>/<entiteit>/<content key>.parquet`."""
        return self.root / "quarantine"

    @property
    def change(self) -> Path:
        """A change of many files in the making: what is to be put in place, and the plan that commits it: `lake/wijziging/`."""
        return self.root / "lake" / "wijziging"

    @property
    def changes(self) -> Path:
        """The record of what was erased, purged or renewed, with counts and without a person: one JSON line each."""
        return self.root / "lake" / "wijzigingen.jsonl"

    @property
    def barred(self) -> Path:
        """Who was erased and must not come back, in a form that no row has: `lake/geweerd.json`."""
        return self.root / "lake" / "geweerd.json"

    @property
    def holds(self) -> Path:
        """What must be kept though its period ends: `lake/bewaarplicht.json`."""
        return self.root / "lake" / "bewaarplicht.json"

    def no_rows(self, bron: str, entiteit: str) -> Path:
        """An empty file that defines the columns and types of an entiteit for dbt, even without deliveries: `lake/rijen/…/leeg.parquet`."""
        return self.rows / bron / entiteit / EMPTY

    def no_rejections(self, bron: str, entiteit: str) -> Path:
        """The same for rejected rows: `quarantine/<bron>/<entiteit>/leeg.parquet`."""
        return self.quarantine / bron / entiteit / EMPTY

    @property
    def warehouse_build(self) -> Path:
        """The warehouse that a run builds and validates: `warehouse/bouw/<run>/leerplicht.duckdb`, with its final file name.

        The folder has mode 0700: the files next to it are not for analysts.
        """
        return self._out / "warehouse" / "bouw" / self.run / "leerplicht.duckdb"

    @property
    def provenance_build(self) -> Path:
        """The tables behind the warehouse of a run, with versions and rejected values: `warehouse/bouw/<run>/herkomst.duckdb`."""
        return self.warehouse_build.with_name(PROVENANCE)

    @property
    def birth_dates_build(self) -> Path:
        """The birth dates of a run, for the gate, removed after it: `warehouse/bouw/<run>/geboortedata.duckdb`."""
        return self.warehouse_build.with_name(BIRTH_DATES)

    @property
    def warehouse_current(self) -> Path:
        """The warehouse that analysts open, read-only: a symlink to one of the nights."""
        return self._out / "warehouse" / "current.duckdb"

    @property
    def warehouse_nights(self) -> Path:
        """The warehouses of the last nights, one folder each."""
        return self._out / "warehouse" / "nachten"

    def warehouse_night(self, name: str) -> Path:
        """A complete, immutable warehouse: `warehouse/nachten/<moment>/leerplicht.duckdb`."""
        return self.warehouse_nights / name / "leerplicht.duckdb"

    @property
    def provenances(self) -> Path:
        """The tables behind the kept nights. Not for analysts: mode 0700."""
        return self._out / "werk" / "herkomst"

    def provenance(self, night: str) -> Path:
        """The tables behind the warehouse of a night: `werk/herkomst/<moment>.duckdb`."""
        return self.provenances / f"{night}.duckdb"

    @property
    def dictionary(self) -> Path:
        """The data dictionary for analysts: `warehouse/woordenboek/<schema>.<tabel>.md`, and `README.md`."""
        return self._out / "warehouse" / "woordenboek"

    @property
    def warehouse_record(self) -> Path:
        """The log of replacements of the current night, with time and person: one JSON line each."""
        return self._out / "warehouse" / "wisselingen.jsonl"

    @property
    def dbt_target(self) -> Path:
        """Target folder of dbt, for its manifest and compiled SQL."""
        return self._out / "werk" / "dbt"

    @property
    def spark(self) -> Path:
        """Where a build on Spark keeps all its tables, with birth dates, in a folder of its process, until it ends: `werk/spark/`."""
        return self._out / "werk" / "spark"

    @property
    def dbt_dev(self) -> Path:
        """Build folder of manual dbt runs (target `dev`), private to that user: mode 0700, as the tables hold birth dates."""
        return self.root / "werk" / "dev"

    @property
    def gates(self) -> Path:
        """The verdict of each gate: `werk/poorten/<poort>.json`."""
        return self._out / "werk" / "poorten"

    @property
    def counted(self) -> Path:
        """What the gate of the deliveries counted of each file of rows, also for a look back: `werk/poorten/geteld.json`."""
        return self.root / "werk" / "poorten" / "geteld.json"

    @property
    def quality_page(self) -> Path:
        """The HTML page with the last findings of every gate, red first: `werk/kwaliteit.html`."""
        return self._out / "werk" / "kwaliteit.html"

    @property
    def dagster_home(self) -> Path:
        """Dagster's own storage: runs, events, schedules. Not used by a look back or a rebuild."""
        return self.root / "werk" / "dagster"

    @property
    def code_server(self) -> Path:
        """The socket on which Dagster's daemon and UI find the code; only the owner of the lake reaches it."""
        return self.dagster_home / "code"

    def dagster_files_of(self, run: str) -> list[Path]:
        """The files of one run in Dagster's storage: its events, with SQLite, and its folder."""
        return [*self.dagster_home.glob(f"history/runs/{run}.db*"), self.dagster_home / "storage" / run]

    @property
    def log(self) -> Path:
        """The structured log: one JSON line per event of every run."""
        return self.root / "werk" / "logboek.jsonl"

    def older_log(self, number: int) -> Path:
        """The log before the last one, and those before it: `werk/logboek.1.jsonl`; 0 is the last one."""
        return self.log.with_suffix(f".{number}.jsonl") if number else self.log

    @property
    def runs(self) -> Path:
        """The record of runs, one file each: `werk/runs/<moment>-<run>.json`."""
        return self._out / "werk" / "runs"

    @property
    def alarms(self) -> Path:
        """Which alarms were sent, and over which channels: `werk/alarmen.json`."""
        return self.root / "werk" / "alarmen.json"

    @property
    def alarms_lock(self) -> Path:
        """Lock file, held while alarms are sent: a night and a timer must not send the same one."""
        return self.root / "werk" / "alarmen.lock"

    @property
    def status_page(self) -> Path:
        """How the lake is since the last run, for a person: `status/status.html`."""
        return self.root / "status" / "status.html"

    @property
    def status_document(self) -> Path:
        """The same for a program: `status/status.json`."""
        return self.root / "status" / "status.json"

    def postponed(self, bron: str) -> Path:
        """The deliveries of a bron that its last night could not read, with the reason: `werk/uitgesteld/<bron>.json`."""
        return self.root / "werk" / "uitgesteld" / f"{bron}.json"

    @property
    def looked_back(self) -> Path:
        """The outputs of all look backs: `werk/zoals-bekend/<moment>/`."""
        return self.root / "werk" / "zoals-bekend"

    @property
    def looked_back_state(self) -> Path:
        """What a look back was made from, as a hash: `werk/zoals-bekend/<moment>/werk/stand`."""
        return self._out / "werk" / "stand"

    @property
    def lock(self) -> Path:
        """Lock file, held while a night runs: one night at a time on one lake."""
        return self.root / "werk" / "nacht.lock"

    @property
    def rebuilt(self) -> Path:
        """A nested lake in which a release is rebuilt for comparison; removed afterwards."""
        return self.root / "werk" / "nagaan"

    def published(self, zone: str) -> Path:
        """The published zone `intern` or `openbaar`: `releases/<release>/`, `current`, and the status of its releases."""
        return self._out / "published" / zone

    @property
    def set_aside(self) -> Path:
        """Releases that are no longer what was published, kept to look at: `werk/opzij/<zone>/<release>@<moment>/`. Mode 0700."""
        return self._out / "werk" / "opzij"

    def quality_page_of(self, zone: str) -> Path:
        """The page with the findings of the gates on a zone's last release: `published/intern/kwaliteit.html`."""
        return self.published(zone) / "kwaliteit.html"

    def renderings_of(self, zone: str, release: str) -> Path:
        """The renderings of one release, factsheets, workbook and portal: `published/<zone>/weergaven/<release>/`."""
        return self.published(zone) / "weergaven" / release

    def candidate_of(self, zone: str) -> Path:
        """The candidate release of a zone that a run builds and validates: `published/<zone>/.kandidaat/<run>/`."""
        return self.published(zone) / ".kandidaat" / self.run

    @property
    def proof_candidate(self) -> Path:
        """The proof of the next release of `openbaar`, with its other private files: certificates, facts, provenance."""
        return self.published("intern") / ".bescherming" / self.run

    @property
    def proofs(self) -> Path:
        """The proofs of all releases of `openbaar`, which together record everything that was ever published."""
        return self.published("intern") / "bescherming"

    def proof_of(self, release: str) -> Path:
        """The proof of one release of `openbaar`; it exists before the release does."""
        return self.proofs / release

    @property
    def register(self) -> Path:
        """The register of publications and approvals in both zones, with time and person: one JSON line each."""
        return self.published("intern") / "register.jsonl"

    @property
    def exists(self) -> bool:
        """Return whether it holds a delivery, a warehouse or a release; files of dbt and Dagster (`werk/`) do not make a folder a lake.

        Raises:
            PermissionError: The folder cannot be entered.
        """
        return any((self.root / folder).is_dir() for folder in ("landing", "lake", "warehouse", "published"))

    @property
    def builds(self) -> tuple[Path, ...]:
        """What a run builds and validates before it is moved into place."""
        return (self.warehouse_build.parent, self.candidate_of("intern"), self.candidate_of("openbaar"), self.proof_candidate)
