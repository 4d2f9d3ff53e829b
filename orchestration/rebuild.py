"""Rebuilds a release from the lake, and compares every byte with the published files.

It is rebuilt in a nested lake with only the data known at the time: the deliveries that the manifest lists by hash, with their verdicts of
then, and for `openbaar` the earlier releases. Later deliveries are excluded, whatever their kennisdatum. Rows are immutable, so they are
not copied. The rebuild runs the whole night (`night.py`), so no logic is duplicated.

Put here: that lake, and the comparison. Keep out: checking the files for changes (`orchestration.publication.integrity`).
"""

import json
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from orchestration import night, own_reference
from orchestration.defs.lake_run import Report
from orchestration.deliveries import ledger
from orchestration.deliveries.ledger import LedgerEntry
from orchestration.lake import Lake, layout
from orchestration.lake.files import digest, make_private, remove
from orchestration.publication import integrity, manifest, register
from orchestration.publication.integrity import ReleaseError
from orchestration.publication.register import Release
from orchestration.settings import PREFIX, Settings
from orchestration.warehouse import build

# files that depend on the run, not on the figures alone
OWN = (manifest.MANIFEST, manifest.SUMS)


@dataclass(frozen=True)
class Comparison:
    """The result of comparing a rebuilt release with the published one.

    Args:
        release: The release.
        compared: The compared files: all except the manifest and its hashes, which depend on the run.
        differing: Files with different bytes, or that only one of the two has.
        code_then: The code that published it.
        code_now: The code that rebuilt it.
    """

    release: Release
    compared: tuple[str, ...]
    differing: tuple[str, ...]
    code_then: Mapping[str, str]
    code_now: Mapping[str, str]


def rebuild(settings: Settings, zone: str, name: str, report: Report) -> Comparison:
    """Check a release against its hashes, rebuild it, and compare.

    Args:
        settings: Gives the lake; the other settings come from the release's manifest.
        zone: `intern` or `openbaar`.
        name: The release, a prefix of its name, or `current`.
        report: Called for each step, as by `night.run`.

    Raises:
        ReleaseError: There is no such release, it was altered, or it cannot be rebuilt any more; the message gives the reason.
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
    described = manifest.read(origin.folder)
    _restore_ledger(lake, then, described["leveringen"])
    build.copy_partial_parse(lake, then)
    lists = _same_lists(settings, found, described.get("eigen_lijsten", {}))
    made_with = {**settings.model_dump(), **described["instellingen"], **lists, "lake": then.root, "known_at": None, "strict": False}
    settings_then = Settings(**made_with | {"openbaar": "op_verzoek", "purge": "op_verzoek"})
    outcome = night.run(settings_then, report, openbaar=found.zone == "openbaar", record=False)
    if not outcome.published:
        raise ReleaseError(f"{found.name} is niet opnieuw te maken: {outcome.reden}")
    return (then.published(found.zone) / register.CURRENT).resolve()


def _same_lists(settings: Settings, found: Release, then: Mapping[str, str]) -> dict[str, Path | None]:
    """Return the reference tables of the gemeente that a release was made with, by their settings; they must still be the same files."""
    now = manifest.own_lists(settings)
    for name, digest_then in then.items():
        if now.get(name) != digest_then:
            raise ReleaseError(
                f"{found.name} is niet opnieuw te maken: {PREFIX}{name.upper()} geeft niet meer de lijst waarmee zij is gemaakt"
            )
    return {name: getattr(settings, name) if name in then else None for name in own_reference.COLUMNS}


def _remember(lake: Lake, then: Lake, found: Release) -> Release:
    """Link the earlier releases of `openbaar` into a new lake; return the release of `intern` that this one was made from."""
    from orchestration.publication.disclosure import known

    try:
        summary = json.loads((lake.proof_of(found.name) / known.SUMMARY).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ReleaseError(f"van {found.name} is het bewijs weg, en daarmee waarvan zij is gemaakt") from None
    register.remember(lake, then, summary["eerder"])
    return register.find(lake, "intern", summary["intern"])


def _restore_ledger(lake: Lake, then: Lake, deliveries: Iterable[Mapping[str, str]]) -> None:
    """Fill the ledger of a new lake with exactly these deliveries, and link the rows of the lake."""
    for there, here in ((lake.rows, then.rows), (lake.quarantine, then.quarantine)):
        make_private(here.parent)
        if there.is_dir():
            here.symlink_to(there)
    make_private(then.landing)
    if lake.key_check.is_file():
        layout.note(then)
        shutil.copyfile(lake.key_check, then.key_check)
    books = {bron: ledger.Ledger(then, bron) for bron in {delivery["bron"] for delivery in deliveries}}
    for entry in _entries(ledger.read(lake), deliveries):
        books[entry.bron].commit(entry)


def _entries(known: Iterable[LedgerEntry], deliveries: Iterable[Mapping[str, str]]) -> Iterable[LedgerEntry]:
    """Yield the entries of these deliveries with their verdicts of then; of several with the same name and hash, the first seen ones."""
    waiting: dict[tuple[str, str, str], list[LedgerEntry]] = {}
    for entry in sorted(known, key=lambda entry: entry.gezien):
        waiting.setdefault((entry.bron, entry.levering, entry.sha256), []).append(entry)
    for delivery in deliveries:
        entries = waiting.get((delivery["bron"], delivery["levering"], delivery["sha256"]))
        if not entries:
            raise ReleaseError(f"levering {delivery['bron']}/{delivery['levering']} staat niet meer zo in het grootboek")
        yield _judged(entries.pop(0), delivery["oordeel"])


def _judged(entry: LedgerEntry, oordeel: str) -> LedgerEntry:
    """Return an entry with its verdict of then: a person can change a refusal by the volume rule, and withdraw or restore a delivery."""
    if entry.oordeel == oordeel:
        return entry
    if entry.ingetrokken and oordeel in ("geaccepteerd", "ingetrokken"):
        withdrawals = (entry.ingetrokken[0].model_copy(update={"hersteld": None}),) if oordeel == "ingetrokken" else ()
        return entry.model_copy(update={"oordeel": oordeel, "ingetrokken": withdrawals})
    if entry.aanvaard is None or oordeel != "geweigerd":
        raise ReleaseError(f"levering {entry.bron}/{entry.levering} was {oordeel} en is nu {entry.oordeel}")
    return entry.model_copy(update={"oordeel": "geweigerd", "code": entry.aanvaard.code, "reden": entry.aanvaard.ondanks, "aanvaard": None})


def _compare(found: Release, again: Path) -> Comparison:
    was, now = ({path.name: digest(path) for path in folder.iterdir() if path.name not in OWN} for folder in (found.folder, again))
    names = sorted(was.keys() | now.keys())
    differing = tuple(name for name in names if was.get(name) != now.get(name))
    return Comparison(found, tuple(names), differing, manifest.read(found.folder)["code"], manifest.code())
