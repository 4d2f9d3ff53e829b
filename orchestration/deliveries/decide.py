"""What a person decides about a delivery: accept one that was refused for what it lacks, withdraw an accepted one, or reverse that.

Put here: which deliveries a person may accept or withdraw, and doing so. Keep out: the rule itself (`verdict.py`). No other refusal can be
overridden: the source corrects its file and delivers it again. Each decision, with its reason, goes into the ledger.
"""

from expectations import contract as contracts
from orchestration import audit, clock
from orchestration.deliveries import manifest as manifests
from orchestration.deliveries import postponed
from orchestration.deliveries.ledger import Acceptance, Decision, Ledger, LedgerEntry, Withdrawal
from orchestration.deliveries.process import ReadingProcess
from orchestration.deliveries.pseudonym import load_key
from orchestration.deliveries.verdict import Judge
from orchestration.errors import LeerplichtError
from orchestration.lake import Lake
from orchestration.scrub import safe_text
from orchestration.settings import Settings

HELD = ("volume_gedaald", "kolom_verdwenen")
LONGEST_REASON = 500


class DecisionError(LeerplichtError):
    """A delivery that cannot be accepted or withdrawn; the message is one Dutch sentence."""


def accept(settings: Settings, bron: str, levering: str, because: str, by: str) -> LedgerEntry:
    """Accept a delivery in spite of what it lacks, or one that was withdrawn. The caller holds the lock of the lake.

    Args:
        settings: The lake, the key file and the thresholds.
        bron: Its bron.
        levering: Its name.
        because: The reason, for the ledger.
        by: The person who decides, for the ledger.

    Returns:
        Its new entry, committed.

    Raises:
        DecisionError: The delivery does not exist, was refused by another rule, has changed since, or is accepted.
        Postponed: The delivery cannot be read now; nothing changes.
        PseudonymKeyError: The key cannot be used.
    """
    decision = _decision(because, by)
    ledger = _ledger(settings, bron)
    entries = _entries(Lake(settings.lake), ledger, bron, levering)
    if any(entry.accepted for entry in entries):
        raise DecisionError(f"{bron}/{levering} is al aanvaard")
    if withdrawn := next((entry for entry in entries if entry.oordeel == "ingetrokken"), None):
        return _reverse(settings, ledger, withdrawn, decision)
    held = next((entry for entry in entries if entry.code in HELD), None)
    if held is None:
        code, reden = entries[-1].code or entries[-1].oordeel, entries[-1].reden
        raise DecisionError(
            f"{bron}/{levering} is niet te aanvaarden: alleen {' en '.join(HELD)} kan een mens opheffen, dit is {code}: {reden}"
        )
    return _accept_held(settings, ledger, held, decision)


def withdraw(settings: Settings, bron: str, levering: str, because: str, by: str) -> tuple[LedgerEntry, list[LedgerEntry]]:
    """Withdraw an accepted delivery: from now on it counts as if it was never delivered. The caller holds the lock of the lake.

    Args:
        settings: The lake.
        bron: Its bron.
        levering: Its name.
        because: The reason, for the ledger.
        by: The person who decides, for the ledger.

    Returns:
        Its new entry, committed, and the entries of its repeats, which hold nothing of their own.

    Raises:
        DecisionError: The delivery does not exist, or is not accepted.
    """
    decision = _decision(because, by)
    ledger = _ledger(settings, bron)
    entries = _entries(Lake(settings.lake), ledger, bron, levering)
    entry = next((entry for entry in entries if entry.accepted), None)
    if entry is None:
        raise DecisionError(f"{bron}/{levering} is niet in te trekken: zij is {' en '.join(dict.fromkeys(e.oordeel for e in entries))}")
    repeats = [other for other in ledger.entries if other.oordeel == "herhaald" and other.content == entry.content]
    withdrawals = (*entry.ingetrokken, Withdrawal(**decision.model_dump()))
    withdrawn = entry.model_copy(update={"oordeel": "ingetrokken", "ingetrokken": withdrawals})
    return _commit(settings, ledger, withdrawn, audit.What.INGETROKKEN, decision), repeats


def _accept_held(settings: Settings, ledger: Ledger, held: LedgerEntry, decision: Decision) -> LedgerEntry:
    lake = Lake(settings.lake)
    name = f"{held.bron}/{held.levering}"
    folder = lake.landing / held.bron / held.levering
    if not folder.is_dir() or manifests.fingerprint(folder) != held.manifest_sha256:
        raise DecisionError(f"{name} staat niet meer in landing zoals zij is beoordeeld; lever haar opnieuw onder een andere naam")
    acceptance = Acceptance(**decision.model_dump(), ondanks=held.reden, code=held.code)
    with ReadingProcess(settings) as reader:
        judge = Judge(settings, lake, lake, ledger, load_key(settings.key_file, lake), held.run, reader.read)
        entry = judge.judge(folder, held.bron, held.manifest_sha256, acceptance)
    if not entry.accepted:
        raise DecisionError(f"{name} is niet te aanvaarden: {entry.code or entry.oordeel}: {entry.reden}")
    return _commit(settings, ledger, entry.model_copy(update={"gezien": held.gezien}), audit.What.AANVAARD, decision)


def _reverse(settings: Settings, ledger: Ledger, withdrawn: LedgerEntry, decision: Decision) -> LedgerEntry:
    """Let a withdrawn delivery count again; its rows are still in the lake."""
    if same := next((entry for entry in ledger.accepted() if entry.content == withdrawn.content), None):
        raise DecisionError(f"{withdrawn.bron}/{withdrawn.levering} is intussen opnieuw geleverd, als {same.levering}, en die telt al")
    *before, last = withdrawn.ingetrokken
    history = (*before, last.model_copy(update={"hersteld": decision}))
    restored = withdrawn.model_copy(update={"oordeel": "geaccepteerd", "ingetrokken": history})
    return _commit(settings, ledger, restored, audit.What.HERSTELD, decision)


def _commit(settings: Settings, ledger: Ledger, entry: LedgerEntry, what: audit.What, decision: Decision) -> LedgerEntry:
    audit.record(Lake(settings.lake), what, door=decision.door, bron=entry.bron, levering=entry.levering)
    ledger.commit(entry)
    return entry


def _decision(because: str, by: str) -> Decision:
    if not because.strip() or not by.strip():
        raise DecisionError("zeg wie dit besluit en waarom; dat komt in het grootboek")
    return Decision(
        door=safe_text(by.strip()), op=clock.now().isoformat(timespec="seconds"), omdat=safe_text(because.strip(), LONGEST_REASON)
    )


def _ledger(settings: Settings, bron: str) -> Ledger:
    if bron not in contracts.BRONNEN:
        raise DecisionError(f"onbekende bron {safe_text(bron)}; kies uit {', '.join(contracts.BRONNEN)}")
    return Ledger(Lake(settings.lake), bron)


def _entries(lake: Lake, ledger: Ledger, bron: str, levering: str) -> list[LedgerEntry]:
    entries = [entry for entry in ledger.entries if entry.levering == levering]
    if late := next((one for one in postponed.read(lake, bron) if one.levering == levering), None):
        raise DecisionError(late.sentence)
    if not entries:
        raise DecisionError(f"het grootboek kent geen levering {bron}/{safe_text(levering)}; zie: leerplicht status")
    return entries
