"""Accept a delivery that the volume rule refused: the decision and its reason go into the ledger, and the rows are loaded.

Put here: which deliveries a person may accept, and accepting one. Keep out: the rule itself (`verdict.py`). No other refusal can be
overridden: the source corrects its file and delivers it again.
"""

from datetime import UTC, datetime

from expectations import contract as contracts
from orchestration.deliveries import manifest as manifests
from orchestration.deliveries import postponed
from orchestration.deliveries.ledger import Acceptance, Ledger, LedgerEntry
from orchestration.deliveries.process import ReadingProcess
from orchestration.deliveries.pseudonym import load_key
from orchestration.deliveries.reasons import safe_text
from orchestration.deliveries.verdict import Judge
from orchestration.errors import LeerplichtError
from orchestration.lake import Lake
from orchestration.settings import Settings

HELD = "volume_gedaald"
LONGEST_REASON = 500


class AcceptError(LeerplichtError):
    """A delivery that cannot be accepted; the message is one Dutch sentence."""


def accept(settings: Settings, bron: str, levering: str, because: str, by: str) -> LedgerEntry:
    """Accept a delivery in spite of the volume rule. The caller holds the lock of the lake.

    Args:
        settings: The lake, the key file and the thresholds.
        bron: Its bron.
        levering: Its name.
        because: The reason, for the ledger.
        by: The person who decides, for the ledger.

    Returns:
        Its new entry, committed.

    Raises:
        AcceptError: The delivery does not exist, was refused by another rule, or has changed since.
        Postponed: The delivery cannot be read now; nothing changes.
        PseudonymKeyError: The key cannot be used.
    """
    if not because.strip() or not by.strip():
        raise AcceptError("zeg wie dit besluit en waarom; dat komt in het grootboek")
    lake = Lake(settings.lake)
    held = _find_held(lake, bron, levering)
    folder = lake.landing / bron / levering
    if not folder.is_dir() or manifests.fingerprint(folder) != held.manifest_sha256:
        raise AcceptError(f"{bron}/{levering} staat niet meer in landing zoals zij is beoordeeld; lever haar opnieuw onder een andere naam")
    acceptance = Acceptance(
        door=safe_text(by.strip()),
        op=datetime.now(UTC).isoformat(timespec="seconds"),
        omdat=safe_text(because.strip(), LONGEST_REASON),
        ondanks=held.reden,
    )
    ledger = Ledger(lake, bron)
    with ReadingProcess(settings) as reader:
        judge = Judge(settings, lake, lake, ledger, load_key(settings.key_file, lake), held.run, reader.read)
        entry = judge.judge(folder, bron, held.manifest_sha256, acceptance)
    if not entry.accepted:
        raise AcceptError(f"{bron}/{levering} is niet te aanvaarden: {entry.code or entry.oordeel}: {entry.reden}")
    entry = entry.model_copy(update={"gezien": held.gezien})
    ledger.commit(entry)
    return entry


def _find_held(lake: Lake, bron: str, levering: str) -> LedgerEntry:
    if bron not in contracts.BRONNEN:
        raise AcceptError(f"onbekende bron {safe_text(bron)}; kies uit {', '.join(contracts.BRONNEN)}")
    entries = [entry for entry in Ledger(lake, bron).entries if entry.levering == levering]
    if late := next((one for one in postponed.read(lake, bron) if one.levering == levering), None):
        raise AcceptError(late.sentence)
    if not entries:
        raise AcceptError(f"het grootboek kent geen levering {bron}/{safe_text(levering)}; zie: leerplicht status")
    if any(entry.accepted for entry in entries):
        raise AcceptError(f"{bron}/{levering} is al aanvaard")
    held = next((entry for entry in entries if entry.code == HELD), None)
    if held is None:
        code, reden = entries[-1].code or entries[-1].oordeel, entries[-1].reden
        raise AcceptError(f"{bron}/{levering} is niet te aanvaarden: alleen {HELD} kan een mens opheffen, dit is {code}: {reden}")
    return held
