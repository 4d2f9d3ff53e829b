"""The ledger: one JSON file per delivery, written last and atomically. That file is the commit of the delivery.

Put here: the fields of an entry, and reading, finding and writing entries. Keep out: the verdict (`verdict.py`). A field that holds text of
a delivery or a person has the type `Scrubbed`, so that no entry can hold an identifier.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError, computed_field

from orchestration.deliveries.manifest import Aard
from orchestration.errors import LeerplichtError
from orchestration.lake import Lake, make_private, replace_bytes
from orchestration.scrub import scrub

Scrubbed = Annotated[str, AfterValidator(scrub)]
Oordeel = Literal["geaccepteerd", "geweigerd", "herhaald", "ingetrokken"]


class LedgerError(LeerplichtError):
    """A damaged entry; the message is one Dutch sentence."""


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


class LedgerEntry(BaseModel):
    """A delivery, its verdict and the paths of its rows.

    `aanvaard` is set if a person accepted it after a refusal. `ingetrokken` has every withdrawal, also the reversed ones.
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

    @property
    def instant(self) -> datetime | None:
        """The kennisdatum as an instant in UTC; None if the manifest is invalid, or was accepted as valid by an earlier version only."""
        try:
            return datetime.fromisoformat(self.kennisdatum).astimezone(UTC) if self.kennisdatum else None
        except (ValueError, OverflowError):
            return None

    @computed_field  # type: ignore[prop-decorator]
    @property
    def kennisdatum_utc(self) -> str | None:
        """The instant in one form, for SQL: `kennisdatum` may have any form of ISO 8601."""
        return self.instant.isoformat(timespec="microseconds") if self.instant else None

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
        name = f"{entry.levering}@{entry.manifest_sha256[:12]}.json"
        replace_bytes(folder / name, _bytes(entry))
        self.entries = [e for e in self.entries if (e.levering, e.manifest_sha256) != (entry.levering, entry.manifest_sha256)] + [entry]


def complete(lake: Lake, bron: str) -> None:
    """Write again the entries of a version without `kennisdatum_utc`: SQL cannot read every form of `kennisdatum`.

    Raises:
        LedgerError: An entry is damaged.
    """
    for path in lake.ledger.glob(f"{bron}/[!.]*.json"):
        if b'"kennisdatum_utc"' not in path.read_bytes():
            replace_bytes(path, _bytes(_read(path)))


def read(lake: Lake, bron: str | None = None) -> list[LedgerEntry]:
    """Read all entries, of one bron or of all, in order of file name.

    Raises:
        LedgerError: An entry is damaged.
    """
    paths = sorted(lake.ledger.glob(f"{bron or '*'}/[!.]*.json"))
    return [_read(path) for path in paths]


def _bytes(entry: LedgerEntry) -> bytes:
    return entry.model_dump_json(indent=1).encode() + b"\n"


def _read(path: Path) -> LedgerEntry:
    try:
        return LedgerEntry.model_validate_json(path.read_bytes())
    except ValidationError:
        raise LedgerError(f"het grootboek is beschadigd: {path}; zet het terug uit de reservekopie") from None
