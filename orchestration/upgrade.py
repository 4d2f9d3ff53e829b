"""Brings a lake of an earlier version up to the layout of this one (`layout.found(orchestration.lake)`).

There is one step for each layout. A step may be killed: the version is noted last, and doing a step again completes it. What was delivered,
decided, published or proven stays as it is.

Put here: those steps. Keep out: the number of the layout and the refusal of another one (`layout.found(orchestration.lake)`).
"""

from collections.abc import Callable, Iterator

from expectations import contract as contracts
from orchestration import audit, housekeeping
from orchestration.defs.lake_run import Report
from orchestration.deliveries import empty, ledger
from orchestration.deliveries import manifest as manifests
from orchestration.deliveries.ledger import Ledger, LedgerEntry
from orchestration.deliveries.parallel import ParallelReader
from orchestration.deliveries.pseudonym import load_key
from orchestration.deliveries.reasons import Postponed, Refusal
from orchestration.deliveries.verdict import Judge
from orchestration.lake import Lake, layout
from orchestration.lake.files import remove
from orchestration.lake.layout import LAYOUT
from orchestration.lake.paths import EMPTY
from orchestration.settings import Settings

REMOVED = ("gewist", "verlopen")  # rows of persons are gone from these deliveries; reading them again could bring them back


def upgrade(settings: Settings, report: Report) -> Iterator[str]:
    """Bring the lake up to this version.

    Args:
        settings: The lake, the key file, and the limits of reading.
        report: Called with the name of each step when it begins.

    Yields:
        What a person must know, in Dutch sentences.

    Raises:
        LayoutError: The lake is of a later version.
        LakeBusyError: A night runs.
        PseudonymKeyError: The key is not that of the lake.
        DamageError: The ledger is damaged; nothing was changed.
    """
    lake = Lake.of(settings)
    with lake.hold(older=True):
        found = layout.found(lake) or LAYOUT
        if found == LAYOUT:
            yield "dit meer is al van deze versie; er is niets veranderd"
            return
        audit.record(lake, audit.What.OVERGEBRACHT, van=found, naar=LAYOUT)
        for version in range(found, LAYOUT):
            yield from STEPS[version](lake, settings, report)
        layout.note(lake)
    yield f"overgebracht van indeling {found} naar {LAYOUT}; draai nu leerplicht run, dat een nieuw magazijn maakt"


def _from_first(lake: Lake, settings: Settings, report: Report) -> Iterator[str]:
    """Layout 1 had no hashes, rows of earlier rules of reading, and birth dates in the warehouse (decision 029)."""
    key = load_key(settings.key_file, lake)
    for bron in contracts.BRONNEN:
        report(f"{bron}: opnieuw lezen", None)
        empty.prepare(lake, bron)
        ledger.complete(lake, bron)
        yield from _read_again(lake, settings, key, bron)
        _remove_unnamed_rows(lake, bron)
    report("oude magazijnen weghalen", None)
    lake.remove_builds()
    current = lake.warehouse_current.resolve().parent
    for night in lake.warehouse_nights.glob("*"):
        if night.resolve() != current:
            remove(night)
    for path in (lake.root / "werk").glob("*"):
        if not housekeeping.rule_of(f"werk/{path.name}/" if path.is_dir() else f"werk/{path.name}"):
            remove(path)
    if lake.warehouse_current.exists():
        yield "het magazijn dat analisten open hebben, heeft nog geboortedata; de eerstvolgende leerplicht run vervangt het"


def _read_again(lake: Lake, settings: Settings, key: bytes, bron: str) -> Iterator[str]:
    """Read each delivery again that is in landing as it was judged; verdicts and decisions stay."""
    found = Ledger(lake, bron)
    entries = sorted((entry for entry in found.entries if _has_rows(entry)), key=lambda entry: (entry.instant is None, entry.instant))
    if not entries:
        return
    with ParallelReader(settings) as reader:
        judge = Judge(settings, lake, lake, found, key, "overgang", reader.read)
        for entry in entries:
            folder = lake.landing / bron / entry.levering
            try:
                if not folder.is_dir() or manifests.fingerprint(folder) != entry.manifest_sha256:
                    yield f"{bron}/{entry.levering} staat niet meer in landing; zij telt zoals zij toen is gelezen"
                    continue
                found.commit(judge.read_again(folder, entry))
            except (Refusal, Postponed) as reason:
                yield f"{bron}/{entry.levering} is niet opnieuw te lezen ({reason}); zij telt zoals zij toen is gelezen"


def _has_rows(entry: LedgerEntry) -> bool:
    gone = any(rewriting.wat in REMOVED for rewriting in entry.herschreven)
    return not gone and any(entity.rijen or entity.quarantaine for entity in entry.entiteiten)


def _remove_unnamed_rows(lake: Lake, bron: str) -> None:
    """Remove files of rows and rejected rows that the ledger no longer names: what the earlier rules made."""
    entities = [entity for entry in ledger.read(lake, bron) for entity in entry.entiteiten]
    for zone, named in ((lake.rows, {one.rijen for one in entities}), (lake.quarantine, {one.quarantaine for one in entities})):
        for path in (zone / bron).glob("*/*.parquet"):
            if path.name != EMPTY and path.relative_to(zone).as_posix() not in named:
                remove(path)


STEPS: dict[int, Callable[[Lake, Settings, Report], Iterator[str]]] = {1: _from_first}
