"""Everything that waits in landing → the lake: each complete delivery judged once, in the order of (kennisdatum, levering).

Put here: which deliveries there are and in which order they are taken. Keep out: how one is judged (`verdict.py`).

A delivery's rows are written first and its ledger entry last: an interrupted run leaves rows that nobody counts, and the next one does the
delivery again to the same bytes.
"""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from expectations import contract
from orchestration.deliveries import empty
from orchestration.deliveries import manifest as manifests
from orchestration.deliveries.ledger import Ledger, LedgerEntry
from orchestration.deliveries.process import Reader
from orchestration.deliveries.pseudonym import load_key
from orchestration.deliveries.reasons import Refusal, shown
from orchestration.deliveries.side_by_side import SideBySide
from orchestration.deliveries.verdict import Judge
from orchestration.lake import Lake, make_private, remove
from orchestration.settings import Settings

LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Waiting:
    """A folder in landing without `levering.json`: not complete yet."""

    bron: str
    levering: str
    files: int


def ingest(
    settings: Settings,
    bron: str,
    run_id: str,
    report: Callable[[LedgerEntry], None] | None = None,
    reader: Reader | None = None,
) -> list[LedgerEntry]:
    """Take in every complete delivery of a bron that is not in the ledger yet.

    Args:
        settings: Where the lake and the key are, and the thresholds.
        bron: Which bron.
        run_id: The run that does it; goes into the ledger.
        report: Is told of each verdict once it is on record.
        reader: Reads the files; without one they are read in a process apart, with limits.

    Returns:
        The new entries, in the order in which they were judged. A refused delivery stops none of the others.

    Raises:
        KeyError: No such bron.
        PseudonymKeyError: The key cannot be used, or is not this lake's.
    """
    contract.load(bron)
    lake = Lake(settings.lake)
    empty.prepare(lake, bron)
    ledger = Ledger(lake, bron)
    fresh = _fresh(lake, bron, ledger)
    if not fresh:
        return []
    make_private(lake.landing)
    _clear_staging(lake, bron)
    key = load_key(settings.key_file, lake)
    with nullcontext(reader) if reader else SideBySide(settings) as able:
        judge = Judge(settings, lake, lake, ledger, key, run_id, able)
        return [_take(judge, bron, folder, sha256, report) for folder, sha256 in fresh]


def _take(judge: Judge, bron: str, folder: Path, manifest_sha256: str, report: Callable[[LedgerEntry], None] | None) -> LedgerEntry:
    entry = judge.judge(folder, bron, manifest_sha256)
    judge.ledger.commit(entry)
    if report:
        report(entry)
    return entry


def waiting(lake: Lake) -> list[Waiting]:
    """The folders in landing that have no `levering.json` yet."""
    found = []
    for bron in contract.BRONNEN:
        for folder in _folders(lake, bron):
            if not _is_complete(folder):
                files = sum(1 for path in folder.iterdir() if not path.name.startswith("."))
                found.append(Waiting(bron, manifests.known_as(folder.name), files))
    return found


def pending(lake: Lake) -> list[tuple[str, str]]:
    """Bron and name of the complete deliveries that the next run judges, in its order."""
    return [(bron, manifests.known_as(folder.name)) for bron in contract.BRONNEN for folder, _ in _fresh(lake, bron, Ledger(lake, bron))]


def strays(lake: Lake) -> list[str]:
    """What lies in landing and is no delivery of any bron, so that nothing would ever be done with it."""
    if not lake.landing.is_dir():
        return []
    found = [path for path in lake.landing.iterdir() if path.name not in contract.BRONNEN]
    for bron in contract.BRONNEN:
        folder = lake.landing / bron
        found += [path for path in folder.iterdir() if not path.is_dir()] if folder.is_dir() else []
    return sorted(shown(str(path.relative_to(lake.landing))) for path in found if not path.name.startswith("."))


def _fresh(lake: Lake, bron: str, ledger: Ledger) -> list[tuple[Path, str]]:
    """The complete deliveries that the ledger does not know, in the order in which they are judged; unreadable manifests last."""
    found = []
    for folder in _folders(lake, bron):
        if not _is_complete(folder):
            continue
        manifest_sha256 = manifests.fingerprint(folder)
        if ledger.find(manifests.known_as(folder.name), manifest_sha256):
            continue
        try:
            instant = manifests.load(folder, bron).instant
        except Refusal:
            instant = LAST
        found.append((instant, folder, manifest_sha256))
    return [(folder, sha256) for _, folder, sha256 in sorted(found, key=lambda item: (item[0], item[1].name))]


def _folders(lake: Lake, bron: str) -> list[Path]:
    landing = lake.landing / bron
    return sorted(path for path in landing.iterdir() if path.is_dir() and not path.name.startswith(".")) if landing.is_dir() else []


def _is_complete(folder: Path) -> bool:
    manifest = folder / manifests.FILE
    return manifest.exists() or manifest.is_symlink()


def _clear_staging(lake: Lake, bron: str) -> None:
    """Remove what an interrupted run left half-written."""
    for left in (lake.rows / bron).glob(".lezen-*"):
        remove(left)
