"""Which refusals still stand: deliveries that were refused and of which nothing has taken the place.

Put here: when a refusal is over. Keep out: refusing (`verdict.py`), and what is done about it (alerts, `LEERPLICHT_STRICT`: the night's).
"""

from collections.abc import Iterable

from orchestration.deliveries.ledger import LedgerEntry


def standing_refusals(entries: Iterable[LedgerEntry]) -> list[LedgerEntry]:
    """The refused deliveries that miss in the warehouse, in the order in which they were seen.

    A refusal is over once the same bron has an accepted delivery under the same name or with the same kennisdatum (the corrected one), or
    a full register made later. A refused mutatie is not made good by the next mutatie: its records are still missing.

    Args:
        entries: The ledger, of one bron or of all.
    """
    known = list(entries)
    taken = [entry for entry in known if entry.oordeel != "geweigerd"]
    refused = [entry for entry in known if entry.oordeel == "geweigerd" and not any(_replaces(other, entry) for other in taken)]
    return sorted(refused, key=lambda entry: (entry.gezien, entry.bron, entry.levering))


def _replaces(other: LedgerEntry, refused: LedgerEntry) -> bool:
    if other.bron != refused.bron:
        return False
    if other.levering == refused.levering and refused.code != "naam_hergebruikt":
        return True
    if other.instant is None or refused.instant is None:
        return False
    missing = {file.entiteit for file in refused.bestanden} - {file.entiteit for file in other.bestanden}
    if missing:
        return False
    return other.instant == refused.instant or (other.aard == "volledig" and other.instant > refused.instant)
