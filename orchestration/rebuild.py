"""Makes a release once more, from what the lake holds, and compares every byte with what was published.

It is made on a lake within the lake, which knows only what was known when the release was made: the deliveries that its manifest names by
hash, judged as they were then, and of `openbaar` the releases before it. A later delivery does not count, whatever its kennisdatum. Rows
are never altered, so they are not copied. What is made is the whole night (`night.py`), so nothing of it is described twice.

Put here: that lake, and the comparison. Keep out: whether the files were altered since (`orchestration.publication.integrity`).
"""

import json
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from orchestration import night
from orchestration.defs.lake_run import Report
from orchestration.deliveries import ledger
from orchestration.deliveries.accept import HELD
from orchestration.deliveries.ledger import LedgerEntry
from orchestration.lake import Lake, digest, make_private, remove
from orchestration.publication import integrity, manifest, register
from orchestration.publication.integrity import ReleaseError
from orchestration.publication.register import Release
from orchestration.settings import Settings
from orchestration.warehouse import build

# what tells of the run, not of the figures
OWN = (manifest.MANIFEST, manifest.SUMS)


@dataclass(frozen=True)
class Comparison:
    """How a release made once more compares with the one that was published.

    Args:
        release: The release.
        compared: The files that were compared: all but the manifest, which tells of the run that made it.
        differing: Those of which the bytes differ, or that only one of both has.
        code_then: With which code it was published.
        code_now: With which it was made now.
    """

    release: Release
    compared: tuple[str, ...]
    differing: tuple[str, ...]
    code_then: Mapping[str, str]
    code_now: Mapping[str, str]


def rebuild(settings: Settings, zone: str, name: str, report: Report) -> Comparison:
    """Check a release against its hashes, make it once more, and compare.

    Args:
        settings: Which lake; all else comes from the release's manifest.
        zone: `intern` or `openbaar`.
        name: The release, the beginning of its name, or `current`.
        report: Called with each step, as by `night.run`.

    Raises:
        ReleaseError: There is no such release, it was altered, or it cannot be made any more; the message says why.
    """
    lake = Lake.of(settings)
    found = register.find(lake, zone, name)
    integrity.check(found.folder)
    try:
        make_private(lake.rebuilt.parent)
        with FileLock(lake.rebuilt.with_suffix(".lock"), timeout=0):
            try:
                return _compare(found, _made_again(lake, settings, found, report))
            finally:
                remove(lake.rebuilt)
    except Timeout:
        raise ReleaseError("er wordt al een release nagegaan op dit meer; wacht tot dat klaar is") from None


def _made_again(lake: Lake, settings: Settings, found: Release, report: Report) -> Path:
    then = Lake(lake.rebuilt)
    remove(then.root)
    origin = found if found.zone == "intern" else _remember(lake, then, found)
    told = _told(origin)
    _as_it_was(lake, then, told["leveringen"])
    build.take_over(lake, then)
    made_with = {**settings.model_dump(), **told["instellingen"], "lake": then.root, "known_at": None, "strict": False}
    settings_then = Settings(**made_with | {"openbaar": "op_verzoek"})
    outcome = night.run(settings_then, report, openbaar=found.zone == "openbaar", record=False)
    if not outcome.published:
        raise ReleaseError(f"{found.name} is niet opnieuw te maken: {outcome.reason}")
    return (then.published(found.zone) / register.CURRENT).resolve()


def _told(release: Release) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((release.folder / manifest.MANIFEST).read_text(encoding="utf-8"))
    return told


def _remember(lake: Lake, then: Lake, found: Release) -> Release:
    """Let a new lake remember the releases of `openbaar` that this one was made after; give the one of `intern` that it was made from."""
    from orchestration.publication.disclosure import proof

    try:
        told = json.loads((lake.proof_of(found.name) / proof.SUMMARY).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ReleaseError(f"van {found.name} is het bewijs weg, en daarmee waarvan zij is gemaakt") from None
    register.remember(lake, then, told["eerder"])
    return register.find(lake, "intern", told["intern"])


def _as_it_was(lake: Lake, then: Lake, deliveries: Iterable[Mapping[str, str]]) -> None:
    """Let a new lake know exactly these deliveries."""
    for there, here in ((lake.rows, then.rows), (lake.quarantine, then.quarantine)):
        make_private(here.parent)
        if there.is_dir():
            here.symlink_to(there)
    make_private(then.landing)
    if lake.key_check.is_file():
        shutil.copyfile(lake.key_check, then.key_check)
    books = {bron: ledger.Ledger(then, bron) for bron in {delivery["bron"] for delivery in deliveries}}
    for entry in _entries(ledger.read(lake), deliveries):
        books[entry.bron].commit(entry)


def _entries(known: Iterable[LedgerEntry], deliveries: Iterable[Mapping[str, str]]) -> Iterable[LedgerEntry]:
    """The entries of these deliveries as they stood then; of several under one name and hash the ones that were seen first."""
    waiting: dict[tuple[str, str, str], list[LedgerEntry]] = {}
    for entry in sorted(known, key=lambda entry: entry.gezien):
        waiting.setdefault((entry.bron, entry.levering, entry.sha256), []).append(entry)
    for delivery in deliveries:
        entries = waiting.get((delivery["bron"], delivery["levering"], delivery["sha256"]))
        if not entries:
            raise ReleaseError(f"levering {delivery['bron']}/{delivery['levering']} staat niet meer zo in het grootboek")
        yield _judged(entries.pop(0), delivery["oordeel"])


def _judged(entry: LedgerEntry, oordeel: str) -> LedgerEntry:
    """An entry with the verdict of then: the only one that a person can change is a refusal for the volume rule."""
    if entry.oordeel == oordeel:
        return entry
    if entry.aanvaard is None or oordeel != "geweigerd":
        raise ReleaseError(f"levering {entry.bron}/{entry.levering} was {oordeel} en is nu {entry.oordeel}")
    return entry.model_copy(update={"oordeel": "geweigerd", "code": HELD, "reden": entry.aanvaard.ondanks, "aanvaard": None})


def _compare(found: Release, again: Path) -> Comparison:
    was, now = ({path.name: digest(path) for path in folder.iterdir() if path.name not in OWN} for folder in (found.folder, again))
    names = sorted(was.keys() | now.keys())
    differing = tuple(name for name in names if was.get(name) != now.get(name))
    return Comparison(found, tuple(names), differing, _told(found)["code"], manifest.code())
