"""Taking a delivery that the volume rule held: a person decides, the ledger says who and why, and its rows are loaded.

Put here: which delivery may be accepted by name, and doing it. Keep out: the rule itself (`verdict.py`). Every other refusal stands: what
is wrong with a file is put right at the source and delivered again.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from expectations import contract as contracts
from orchestration.deliveries import manifest as manifests
from orchestration.deliveries.ledger import Acceptance, Ledger, LedgerEntry
from orchestration.deliveries.process import ReadingProcess
from orchestration.deliveries.pseudonym import load_key
from orchestration.deliveries.reasons import shown
from orchestration.deliveries.verdict import Judge
from orchestration.errors import LeerplichtError
from orchestration.lake import Lake
from orchestration.settings import Settings

HELD = "volume_gedaald"
LONGEST_REASON = 500


class AcceptError(LeerplichtError):
    """A delivery that cannot be accepted; the message is one Dutch sentence."""


@dataclass(frozen=True)
class _Held:
    entry: LedgerEntry
    folder: Path


def accept(settings: Settings, bron: str, levering: str, because: str, by: str) -> LedgerEntry:
    """Accept a delivery in spite of the volume rule. Nobody else may be working on the lake.

    Args:
        settings: Where the lake and the key are, and the thresholds.
        bron: Its bron.
        levering: Its name.
        because: Why; goes into the ledger.
        by: Who decides; goes into the ledger.

    Returns:
        Its new entry, on record.

    Raises:
        AcceptError: There is no such delivery, another rule refused it, or it is not what it was.
        PseudonymKeyError: The key cannot be used.
    """
    if not because.strip() or not by.strip():
        raise AcceptError("zeg wie dit besluit en waarom; dat komt in het grootboek")
    lake = Lake(settings.lake)
    held = _held(lake, bron, levering)
    acceptance = Acceptance(
        door=shown(by.strip()),
        op=datetime.now(UTC).isoformat(timespec="seconds"),
        omdat=shown(because.strip(), LONGEST_REASON),
        ondanks=held.entry.reden,
    )
    ledger = Ledger(lake, bron)
    with ReadingProcess(settings) as reader:
        judge = Judge(settings, lake, lake, ledger, load_key(settings.key_file, lake), held.entry.run, reader)
        entry = judge.judge(held.folder, bron, held.entry.manifest_sha256, acceptance)
    if not entry.accepted:
        raise AcceptError(f"{bron}/{levering} is niet te aanvaarden: {entry.code or entry.oordeel}: {entry.reden}")
    entry = entry.model_copy(update={"gezien": held.entry.gezien})
    ledger.commit(entry)
    return entry


def _held(lake: Lake, bron: str, levering: str) -> _Held:
    if bron not in contracts.BRONNEN:
        raise AcceptError(f"onbekende bron {shown(bron)}; kies uit {', '.join(contracts.BRONNEN)}")
    seen = [entry for entry in Ledger(lake, bron).entries if entry.levering == levering]
    if not seen:
        raise AcceptError(f"het grootboek kent geen levering {bron}/{shown(levering)}; zie: leerplicht status")
    if any(entry.accepted for entry in seen):
        raise AcceptError(f"{bron}/{levering} is al aanvaard")
    held = next((entry for entry in seen if entry.code == HELD), None)
    if held is None:
        code = seen[-1].code or seen[-1].oordeel
        raise AcceptError(f"{bron}/{levering} is niet te aanvaarden: alleen {HELD} kan een mens opheffen, dit is {code}: {seen[-1].reden}")
    folder = lake.landing / bron / levering
    if not folder.is_dir() or manifests.fingerprint(folder) != held.manifest_sha256:
        raise AcceptError(f"{bron}/{levering} staat niet meer in landing zoals zij is beoordeeld; lever haar opnieuw onder een andere naam")
    return _Held(held, folder)
