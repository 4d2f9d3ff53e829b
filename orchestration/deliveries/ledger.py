"""The ledger: one JSON file per delivery, written last and atomically. That file is the commit of the delivery.

Each entry is sealed (`orchestration.whole`) and has the hash of the files that it names, so it guards their bytes and its own.

Put here: the fields of an entry, and reading, finding and writing entries. Keep out: the verdict (`verdict.py`). A field that holds text of
a delivery or a person has the type `Scrubbed`, so that no entry can hold an identifier.
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError, computed_field

from orchestration import clock, whole
from orchestration.deliveries.manifest import Aard
from orchestration.lake import Lake
from orchestration.lake.files import digest, make_private, replace_bytes
from orchestration.scrub import scrub

Scrubbed = Annotated[str, AfterValidator(scrub)]
Oordeel = Literal["geaccepteerd", "geweigerd", "herhaald", "ingetrokken"]


class LedgerFile(BaseModel):
    """A file of a delivery, as listed in its manifest."""

    model_config = ConfigDict(frozen=True)

    naam: Scrubbed
    entiteit: str
    blad: Scrubbed | None
    sha256: str
    rijen: int


class LedgerEntity(BaseModel):
    """The rows of one entiteit: `gelezen = geladen + herhaald + afgewezen`.

    `rijen` and `quarantaine` name the files of its rows and its rejected rows, None if there are none; `…_sha256` is the hash of each.
    `bekend` and `eindigt` are of a full register only: the records known before it when it was judged, and those that it does not hold.
    `waarschuwingen` counts warnings about its files, `waarschuwingen_van_rijen` the warnings that are also stored in its loaded rows.
    `kolommen` are the columns of the contract that its files had; empty if the format does not tell. `kolommen_onbekend` are the others, as
    they may appear in a message; `kolommen_weg` are columns of the contract that the accepted delivery before it did have.
    """

    model_config = ConfigDict(frozen=True)

    entiteit: str
    gelezen: int
    geladen: int
    herhaald: int
    afgewezen: int
    rijen: str | None
    quarantaine: str | None
    rijen_sha256: str | None = None
    quarantaine_sha256: str | None = None
    afgewezen_per_code: dict[str, int]
    waarschuwingen: dict[str, int]
    waarschuwingen_van_rijen: dict[str, int] = {}
    kolommen: tuple[str, ...] = ()
    kolommen_onbekend: tuple[Scrubbed, ...] = ()
    kolommen_weg: tuple[str, ...] = ()
    bekend: int | None = None
    eindigt: int | None = None

    @property
    def ending(self) -> str:
        """How many of the known records end, in Dutch; empty if none was known."""
        return f"{self.entiteit}: eindigt {self.eindigt} van {self.bekend}" if self.bekend else ""


class Decision(BaseModel):
    """A person's decision: who, when (UTC) and why."""

    model_config = ConfigDict(frozen=True)

    door: Scrubbed
    op: str
    omdat: Scrubbed


class Acceptance(Decision):
    """The decision to accept a refused delivery, and the reason and code of the refusal."""

    ondanks: Scrubbed
    code: str = "volume_gedaald"


class Withdrawal(Decision):
    """The decision to withdraw an accepted delivery, and the one that reversed it, if there is one."""

    hersteld: Decision | None = None


class Rewriting(Decision):
    """The decision to change what is kept of a delivery, and the number of its rows and rejected rows that it removed; never whose."""

    wat: Literal["gewist", "verlopen", "sleutel_vernieuwd", "origineel_verwijderd"]
    rijen: int = 0
    afgewezen: int = 0


class LedgerEntry(BaseModel):
    """A delivery, its verdict and the paths of its rows.

    `aanvaard` is set if a person accepted it after a refusal. `ingetrokken` has every withdrawal, also the reversed ones. `herschreven`
    says why its rows are no longer those that were read, or why its original is no longer in landing. `bewaakt_sinds` is set if a version
    that did not hash files wrote it: when they were hashed. What happened to them before that is unknown.
    """

    model_config = ConfigDict(frozen=True)

    bron: str
    levering: Scrubbed
    kennisdatum: str | None
    aard: Aard | None
    oordeel: Oordeel
    code: str
    reden: Scrubbed
    sha256: str
    manifest_sha256: str
    bestanden: tuple[LedgerFile, ...]
    entiteiten: tuple[LedgerEntity, ...]
    gezien: str
    run: str
    aanvaard: Acceptance | None = None
    ingetrokken: tuple[Withdrawal, ...] = ()
    herschreven: tuple[Rewriting, ...] = ()
    bewaakt_sinds: str | None = None

    @property
    def instant(self) -> datetime | None:
        """The kennisdatum as an instant in UTC; None if the manifest is invalid, or was accepted as valid by an earlier version only."""
        try:
            return datetime.fromisoformat(self.kennisdatum).astimezone(UTC) if self.kennisdatum else None
        except (ValueError, OverflowError):
            return None

    @property
    def seen(self) -> datetime:
        """When it was judged, in UTC."""
        moment = datetime.fromisoformat(self.gezien)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def kennisdatum_utc(self) -> str | None:
        """The instant in one form, for SQL: `kennisdatum` may have any form of ISO 8601."""
        return self.instant.isoformat(timespec="microseconds") if self.instant else None

    @property
    def file(self) -> str:
        """The name of its file in the folder of its bron."""
        return file_name(self.levering, self.manifest_sha256)

    @property
    def accepted(self) -> bool:
        """Whether its rows count: loaded, and not withdrawn."""
        return self.oordeel == "geaccepteerd"

    @property
    def content(self) -> tuple[object, ...]:
        """What makes two deliveries the same one: bron, files, kennisdatum and aard."""
        return (self.bron, self.sha256, self.instant, self.aard)

    def entity(self, name: str) -> LedgerEntity | None:
        """Return the rows of one entiteit, if the delivery has it."""
        return next((entity for entity in self.entiteiten if entity.entiteit == name), None)


class Ledger:
    """The entries of one bron, in memory and on disk.

    Args:
        lake: The lake.
        bron: The bron.
    """

    def __init__(self, lake: Lake, bron: str) -> None:
        self._lake = lake
        self._bron = bron
        self.entries = read(lake, bron)

    def find(self, levering: str, manifest_sha256: str) -> LedgerEntry | None:
        """Return the entry of a delivery by its name (`manifest.ledger_name`) and the hash of its manifest, if there is one."""
        return next((e for e in self.entries if (e.levering, e.manifest_sha256) == (levering, manifest_sha256)), None)

    def accepted(self) -> list[LedgerEntry]:
        """Return the accepted deliveries, in order of (kennisdatum, levering)."""
        found = [(e.instant, e.levering, e) for e in self.entries if e.accepted and e.instant]
        return [entry for _, _, entry in sorted(found, key=lambda item: item[:2])]

    def commit(self, entry: LedgerEntry) -> None:
        """Write an entry, atomically and durably."""
        folder = make_private(self._lake.ledger / self._bron)
        replace_bytes(folder / entry.file, as_bytes(entry))
        self.entries = [e for e in self.entries if (e.levering, e.manifest_sha256) != (entry.levering, entry.manifest_sha256)] + [entry]


def file_name(levering: str, manifest_sha256: str) -> str:
    """Return the name of the file of an entry, by the name of its delivery (`manifest.ledger_name`) and the hash of its manifest."""
    return f"{levering}@{manifest_sha256[:12]}.json"


def complete(lake: Lake, bron: str) -> None:
    """Seal the entries of a version that did not: with the hashes that their files have now, and the moment at which these were noted.

    Raises:
        DamageError: An entry is damaged.
    """
    for path in lake.ledger.glob(f"{bron}/[!.]*.json"):
        entry, is_sealed = _read(path)
        if not is_sealed:
            entities = tuple(_hashed(lake, entity) for entity in entry.entiteiten)
            noted = {"entiteiten": entities, "bewaakt_sinds": clock.now().isoformat(timespec="seconds")}
            replace_bytes(path, as_bytes(entry.model_copy(update=noted)))


def read(lake: Lake, bron: str | None = None) -> list[LedgerEntry]:
    """Read all entries, of one bron or of all, in order of file name.

    Raises:
        DamageError: An entry is damaged.
    """
    paths = sorted(lake.ledger.glob(f"{bron or '*'}/[!.]*.json"))
    return [_read(path)[0] for path in paths]


def _hashed(lake: Lake, entity: LedgerEntity) -> LedgerEntity:
    files = {"rijen_sha256": (lake.rows, entity.rijen), "quarantaine_sha256": (lake.quarantine, entity.quarantaine)}
    return entity.model_copy(
        update={field: digest(zone / name) for field, (zone, name) in files.items() if name and (zone / name).is_file()}
    )


def as_bytes(entry: LedgerEntry) -> bytes:
    """Return the content of the file of an entry, with its seal."""
    return whole.seal(entry.model_dump_json(indent=1).encode())


def _read(path: Path) -> tuple[LedgerEntry, bool]:
    """Return an entry and whether it is sealed. An unsealed one may be a damaged one, so it must have no unknown field."""
    content, is_sealed = whole.unseal(path)
    try:
        entry = LedgerEntry.model_validate_json(content)
    except ValidationError:
        raise whole.damage(path) from None
    is_known = is_sealed or json.loads(content).keys() <= {*LedgerEntry.model_fields, *LedgerEntry.model_computed_fields}
    if not is_known or (path.parent.name, path.name) != (entry.bron, entry.file):
        raise whole.damage(path)
    return entry, is_sealed
