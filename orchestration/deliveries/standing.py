"""Standing refusals: refused deliveries that no later delivery replaces.

Put here: when a refusal ends. Keep out: refusing (`verdict.py`), and its consequences (alerts, `LEERPLICHT_STRICT`).
"""

from collections.abc import Iterable

from orchestration.deliveries.ledger import LedgerEntry


def standing_refusals(entries: Iterable[LedgerEntry]) -> list[LedgerEntry]:
    """Return the refused deliveries whose records are missing in the warehouse, in the order in which they were judged.

    A refusal ends when the same bron has an accepted delivery under the same name or with the same kennisdatum (the corrected one), or a
    later full register; a refused kennisdatum also when the same files come with another one. A withdrawn delivery ends no refusal, nor
    does its repeat. The next mutatie does not replace a refused mutatie: the records of the latter are still missing.

    Args:
        entries: The ledger, of one bron or of all.
    """
    entries = list(entries)
    loaded = {entry.content for entry in entries if entry.accepted}
    others = [entry for entry in entries if entry.oordeel != "geweigerd" and entry.content in loaded]
    refused = [entry for entry in entries if entry.oordeel == "geweigerd" and not any(_replaces(other, entry) for other in others)]
    return sorted(refused, key=lambda entry: (entry.gezien, entry.bron, entry.levering))


def _replaces(other: LedgerEntry, refused: LedgerEntry) -> bool:
    if other.bron != refused.bron:
        return False
    if other.levering == refused.levering and refused.code != "naam_hergebruikt":
        return True
    if refused.code == "kennisdatum_in_toekomst" and other.sha256 == refused.sha256:
        return True
    if other.instant is None or refused.instant is None:
        return False
    missing = {file.entiteit for file in refused.bestanden} - {file.entiteit for file in other.bestanden}
    if missing:
        return False
    return other.instant == refused.instant or (other.aard == "volledig" and other.instant > refused.instant)
