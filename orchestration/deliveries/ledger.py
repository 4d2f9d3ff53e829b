"""The ledger: one JSON file per delivery ever seen, written last and in one step. That file is the commit of the delivery.

Put here: the shape of an entry, how it is read and written, and questions about what was seen before. Keep out: giving the verdict
(`verdict.py`).
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError, computed_field

from orchestration.deliveries.manifest import Aard
from orchestration.errors import LeerplichtError
from orchestration.lake import Lake, make_private, replace_bytes

Oordeel = Literal["geaccepteerd", "geweigerd", "herhaald"]


class LedgerError(LeerplichtError):
    """An entry that cannot be read."""


class LedgerFile(BaseModel):
    """A file of a delivery, as its manifest lists it."""

    model_config = ConfigDict(frozen=True)

    naam: str
    entiteit: str
    blad: str | None
    sha256: str
    rijen: int


class LedgerEntity(BaseModel):
    """What became of the rows of one entiteit: `gelezen = geladen + herhaald + afgewezen`.

    `waarschuwingen` are about its files; `waarschuwingen_van_rijen` counts what its loaded rows carry themselves (do not add those up with
    a count of the rows).
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


class Acceptance(BaseModel):
    """That a person took a delivery which a rule had refused: who, when, why, and what the rule had said."""

    model_config = ConfigDict(frozen=True)

    door: str
    op: str
    omdat: str
    ondanks: str


class LedgerEntry(BaseModel):
    """A delivery, the verdict on it, and where its rows are. `aanvaard` is there when a person changed the verdict."""

    model_config = ConfigDict(frozen=True)

    bron: str
    levering: str
    kennisdatum: str | None
    aard: Aard | None
    oordeel: Oordeel
    code: str
    reden: str
    sha256: str
    manifest_sha256: str
    bestanden: tuple[LedgerFile, ...]
    entiteiten: tuple[LedgerEntity, ...]
    gezien: str
    run: str
    aanvaard: Acceptance | None = None

    @property
    def instant(self) -> datetime | None:
        """The kennisdatum as an instant in UTC; None when the manifest could not be read."""
        return datetime.fromisoformat(self.kennisdatum).astimezone(UTC) if self.kennisdatum else None

    @computed_field  # type: ignore[prop-decorator]
    @property
    def kennisdatum_utc(self) -> str | None:
        """The instant in one form, for who reads the file with SQL: a delivery may write it in any form of ISO 8601."""
        return self.instant.isoformat(timespec="microseconds") if self.instant else None

    @property
    def accepted(self) -> bool:
        """Whether its rows are loaded."""
        return self.oordeel == "geaccepteerd"

    def entity(self, name: str) -> LedgerEntity | None:
        """What became of one entiteit, if the delivery has it."""
        return next((entity for entity in self.entiteiten if entity.entiteit == name), None)


class Ledger:
    """The entries of one bron, in memory as on disk.

    Args:
        lake: The lake whose ledger it is.
        bron: Its bron.
    """

    def __init__(self, lake: Lake, bron: str) -> None:
        self._lake = lake
        self._bron = bron
        self.entries = read(lake, bron)

    def find(self, levering: str, manifest_sha256: str) -> LedgerEntry | None:
        """The entry of exactly this delivery (by the name of `manifest.known_as`), if it was seen before."""
        return next((e for e in self.entries if (e.levering, e.manifest_sha256) == (levering, manifest_sha256)), None)

    def accepted(self) -> list[LedgerEntry]:
        """The accepted deliveries, in order of (kennisdatum, levering)."""
        found = [(e.instant, e.levering, e) for e in self.entries if e.accepted and e.instant]
        return [entry for _, _, entry in sorted(found, key=lambda item: item[:2])]

    def commit(self, entry: LedgerEntry) -> None:
        """Put an entry on record, in one step that survives a power cut."""
        folder = make_private(self._lake.ledger / self._bron)
        replace_bytes(folder / entry_name(entry.levering, entry.manifest_sha256), entry.model_dump_json(indent=1).encode() + b"\n")
        self.entries = [e for e in self.entries if (e.levering, e.manifest_sha256) != (entry.levering, entry.manifest_sha256)] + [entry]


def entry_name(levering: str, manifest_sha256: str) -> str:
    """The file name of an entry."""
    return f"{levering}@{manifest_sha256[:12]}.json"


def read(lake: Lake, bron: str | None = None) -> list[LedgerEntry]:
    """Read every entry, of one bron or of all, in order of file name.

    Raises:
        LedgerError: An entry is damaged.
    """
    paths = sorted(lake.ledger.glob(f"{bron or '*'}/[!.]*.json"))
    return [_read(path) for path in paths]


def _read(path: Path) -> LedgerEntry:
    try:
        return LedgerEntry.model_validate_json(path.read_bytes())
    except ValidationError:
        raise LedgerError(f"het grootboek is beschadigd: {path}; zet het terug uit de reservekopie") from None
