"""Ingest the new deliveries in landing: each complete delivery is judged once, in the order of (kennisdatum, levering).

Put here: which deliveries are new, and their order. Keep out: judging one (`verdict.py`).

A delivery that cannot be read now is postponed: it gets no entry, and the next run tries it again, after the others.

Deliveries are judged one after the other, as a verdict depends on those before it. What a large one holds does not, so it is read while
the one before it is judged, into a folder that no build looks in.

The rows of a delivery are written first and its ledger entry last: rows without an entry are ignored, and the run after an interrupted one
writes the same bytes again.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from expectations import contract
from orchestration import unfinished, whole
from orchestration.deliveries import empty, ledger, postponed
from orchestration.deliveries import manifest as manifests
from orchestration.deliveries.ledger import Ledger, LedgerEntry
from orchestration.deliveries.parallel import ParallelReader
from orchestration.deliveries.postponed import PostponedDelivery
from orchestration.deliveries.process import Read
from orchestration.deliveries.pseudonym import load_key
from orchestration.deliveries.reasons import Postponed, Refusal, postponing
from orchestration.deliveries.repair import repair
from orchestration.deliveries.verdict import Judge
from orchestration.lake import Lake
from orchestration.lake.files import make_private, remove
from orchestration.scrub import safe_text
from orchestration.settings import Settings

LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Waiting:
    """A folder in landing without `levering.json`, so not complete."""

    bron: str
    levering: str
    files: int


class Ingested(NamedTuple):
    """The outcome of a run for one bron: the new entries in the order in which they were judged, and the postponed deliveries."""

    entries: list[LedgerEntry]
    postponed: list[PostponedDelivery]


def ingest(
    settings: Settings,
    bron: str,
    run_id: str,
    report: Callable[[LedgerEntry], None] = lambda _entry: None,
    read: Read | None = None,
    warn: Callable[[str], None] = lambda _sentence: None,
) -> Ingested:
    """Ingest all complete deliveries of a bron that are not in the ledger, after a check of the rows that are in the lake already.

    Args:
        settings: The lake, the key file and the thresholds.
        bron: The bron.
        run_id: The id of the run, for the ledger.
        report: Called with each entry after its commit.
        read: Reads the files; by default separate processes with limits.
        warn: Called with a sentence for each file of earlier rows that was damaged and is repaired.

    Returns:
        What was judged and what was postponed. A refused or postponed delivery does not stop the others.

    Raises:
        KeyError: Unknown bron.
        DamageError: An entry of the ledger, or a file of rows that cannot be repaired, is damaged.
        PseudonymKeyError: The key cannot be used, or is not the key of this lake.
    """
    contract.load(bron)
    lake = Lake(settings.lake)
    empty.prepare(lake, bron)
    ledger.complete(lake, bron)
    found = Ledger(lake, bron)
    damaged = whole.damaged(lake, bron)
    fresh, late = _fresh(lake, bron, found)
    entries: list[LedgerEntry] = []
    if fresh or damaged:
        make_private(lake.landing)
        _clear_staging(lake, bron)
        key = load_key(settings.key_file, lake)
        with ExitStack() as stack:
            early = unfinished.folder(make_private(lake.rows / bron), "lezen")
            stack.callback(remove, early)
            reader = ParallelReader(settings)
            judge = Judge(settings, lake, lake, found, key, run_id, read or stack.enter_context(reader).read)
            for sentence in repair(judge, bron, damaged):
                warn(sentence)
            begun = _begun(judge, reader, bron, fresh, early) if read is None and len(fresh) > 1 else iter(())
            next(begun, None)
            for folder, manifest_sha256 in fresh:
                next(begun, None)  # the delivery after this one
                try:
                    entry = judge.judge(folder, bron, manifest_sha256)
                except Postponed as reason:
                    late.append(_postponed(bron, folder, reason))
                    continue
                found.commit(entry)
                report(entry)
                entries.append(entry)
    postponed.write(lake, bron, late)
    return Ingested(entries, late)


def _begun(judge: Judge, reader: ParallelReader, bron: str, fresh: list[tuple[Path, str]], early: Path) -> Iterator[None]:
    """Begin to read a delivery before its turn, at each step the next one."""
    for place, (folder, _) in enumerate(fresh):
        reader.ahead(judge.expected(folder, bron, early / str(place)))
        yield


def waiting(lake: Lake) -> list[Waiting]:
    """Return the folders in landing without `levering.json`."""
    found = []
    for bron in contract.BRONNEN:
        for folder in _folders(lake, bron):
            if not _is_complete(folder):
                files = sum(1 for path in folder.iterdir() if not path.name.startswith("."))
                found.append(Waiting(bron, manifests.ledger_name(folder.name), files))
    return found


def pending(lake: Lake) -> list[tuple[str, str]]:
    """Return bron and name of the complete deliveries that the next run judges, in its order."""
    return [
        (bron, manifests.ledger_name(folder.name)) for bron in contract.BRONNEN for folder, _ in _fresh(lake, bron, Ledger(lake, bron))[0]
    ]


def landed(lake: Lake) -> list[str]:
    """Return the complete deliveries that have no entry, each as its entry would be named. Cheap: it reads manifests only.

    A delivery that was postponed is one of them until it is read.
    """
    found = []
    for bron in contract.BRONNEN:
        for folder in _folders(lake, bron):
            with suppress(Postponed), postponing():
                if _is_complete(folder):
                    name = ledger.file_name(manifests.ledger_name(folder.name), manifests.fingerprint(folder))
                    if not (lake.ledger / bron / name).exists():
                        found.append(f"{bron}/{name.removesuffix('.json')}")
    return found


def strays(lake: Lake) -> list[str]:
    """Return the paths in landing that belong to no bron, which no run reads."""
    if not lake.landing.is_dir():
        return []
    found = [path for path in lake.landing.iterdir() if path.name not in contract.BRONNEN]
    for bron in contract.BRONNEN:
        folder = lake.landing / bron
        found += [path for path in folder.iterdir() if not path.is_dir()] if folder.is_dir() else []
    return sorted(safe_text(str(path.relative_to(lake.landing))) for path in found if not path.name.startswith("."))


def _fresh(lake: Lake, bron: str, known: Ledger) -> tuple[list[tuple[Path, str]], list[PostponedDelivery]]:
    """Return the complete deliveries without an entry, in the order in which they are judged, and those whose manifest cannot be read now.

    Invalid manifests come after the others, and what the last run postponed comes last: it may take long again.
    """
    late_before = {delivery.levering for delivery in postponed.read(lake, bron)}
    found, late = [], []
    for folder in _folders(lake, bron):
        name = manifests.ledger_name(folder.name)
        try:
            with postponing():
                if not _is_complete(folder):
                    continue
            manifest_sha256 = manifests.fingerprint(folder)
            if known.find(name, manifest_sha256):
                continue
            instant = manifests.load(folder, bron).instant
        except Refusal:
            instant = LAST
        except Postponed as reason:
            late.append(_postponed(bron, folder, reason))
            continue
        found.append((name in late_before, instant, folder, manifest_sha256))
    return [(folder, sha256) for *_, folder, sha256 in sorted(found, key=lambda item: (*item[:2], item[2].name))], late


def _postponed(bron: str, folder: Path, reason: Postponed) -> PostponedDelivery:
    return PostponedDelivery(bron=bron, levering=manifests.ledger_name(folder.name), reden=str(reason))


def _folders(lake: Lake, bron: str) -> list[Path]:
    landing = lake.landing / bron
    return sorted(path for path in landing.iterdir() if path.is_dir() and not path.name.startswith(".")) if landing.is_dir() else []


def _is_complete(folder: Path) -> bool:
    manifest = folder / manifests.FILE
    return manifest.exists() or manifest.is_symlink()


def _clear_staging(lake: Lake, bron: str) -> None:
    """Remove the staging folders of an interrupted run."""
    for folder in (lake.rows / bron).glob(".lezen-*"):
        remove(folder)
