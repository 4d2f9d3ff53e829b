"""Repairs files of rows: a damaged or missing one is read again from its delivery, if that is still in landing and gives the same bytes.

Put here: that repair. Keep out: finding damage (`orchestration.whole`), and judging a delivery (`verdict.py`), which a repair does not do.
"""

from collections.abc import Sequence

from orchestration import unfinished
from orchestration.deliveries import manifest as manifests
from orchestration.deliveries.ledger import LedgerEntity, LedgerEntry
from orchestration.deliveries.parse import ReadRequest
from orchestration.deliveries.reasons import Postponed, Refusal
from orchestration.deliveries.stored import move
from orchestration.deliveries.verdict import Judge
from orchestration.lake.files import digest, make_private, remove
from orchestration.whole import Damaged, DamageError


def repair(judge: Judge, bron: str, found: Sequence[Damaged]) -> list[str]:
    """Read the damaged files of a bron again.

    Args:
        judge: What reads a delivery of the bron, with the lake, the ledger and the key.
        bron: The bron.
        found: The files.

    Returns:
        What was repaired, in a Dutch sentence for each file.

    Raises:
        DamageError: A file cannot be made again with the same bytes; it is left as it is.
    """
    return [_repair(judge, bron, damage) for damage in found]


def _repair(judge: Judge, bron: str, damage: Damaged) -> str:
    sentence = damage.sentence
    for entry in judge.ledger.entries:
        entity = next((one for one in entry.entiteiten if getattr(one, damage.kind) == damage.name), None)
        if entity and _read_again(judge, entry, entity, damage):
            return f"{sentence}: opnieuw gemaakt uit landing/{bron}/{entry.levering}, byte voor byte zoals het was"
    raise DamageError(
        f"{sentence}, en de levering in landing is weg of geeft niet meer dezelfde bytes; zet het bestand terug uit de reservekopie,"
        " of lever opnieuw na leerplicht withdraw"
    )


def _read_again(judge: Judge, entry: LedgerEntry, entity: LedgerEntity, damage: Damaged) -> bool:
    """Read one entiteit of a delivery again, and put the file in place if it has the hash of the ledger."""
    folder = judge.lake.landing / entry.bron / entry.levering
    limit = judge.settings.max_file_bytes
    staging = unfinished.folder(make_private(judge.lake.rows / entry.bron), "lezen")
    try:
        if not folder.is_dir() or manifests.fingerprint(folder) != entry.manifest_sha256:
            return False
        manifest = manifests.load(folder, entry.bron)
        if manifests.find_faults(folder, manifest, limit, {}):
            return False
        judge.read(ReadRequest.of(folder, manifest, (entity.entiteit,), staging, judge.key, limit, judge.barred))
        again = staging / f"{entity.entiteit}.{damage.kind}.parquet"
        if not again.is_file() or digest(again) != damage.sha256:
            return False
        move(again, damage.path)
        return True
    except (Refusal, Postponed):
        return False
    finally:
        remove(staging)
