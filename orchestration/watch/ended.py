"""What a person reads at the end of a run, in five lines: what came, the gates, the printed report, where to look, and the verdict.

Put here: those lines, in Dutch. Keep out: layout (`console.py`), and the state of the lake, which `status` shows (`document.py`).
"""

from pathlib import Path

from expectations.verdict import OPENBAAR, POORTEN, NoVerdictError, Verdict
from expectations.verdict import read as read_verdict
from orchestration.deliveries import ledger
from orchestration.deliveries.ledger import LedgerEntry
from orchestration.lake import Lake
from orchestration.outcome import Afloop
from orchestration.publication import manifest, parquet, register
from orchestration.publication.console import compared
from orchestration.publication.renderings.folder import PORTAL
from orchestration.publication.weergave import count
from orchestration.runs import Run
from orchestration.watch import words

GOOD = ("geaccepteerd", "herhaald")


def lines(lake: Lake, run: Run) -> list[tuple[str, str]]:
    """Return a label and a sentence for each line above the verdict; of a run that did not publish, what readers still have.

    Args:
        lake: The lake of the run.
        run: The run, after its end.
    """
    release = (lake.published("intern") / register.CURRENT).resolve()
    if run.published:
        cells = [row for row in parquet.read(release, "reconciliatie") if row["soort"] == "cel"]
        third = ("verslag", compared(cells, "gedrukte cijfers") if cells else "er is geen gedrukt verslag van deze gemeenten")
    else:
        third = ("lezers", f"zien nog release {release.name}" if release.is_dir() else "zien nog niets")
    return [("kwam", _came(lake, run)), ("poorten", _gates(lake, run)), third, ("kijk in", _where(lake, run))]


def verdict(lake: Lake, run: Run) -> str:
    """Return the last line of a run that published, or found that readers have these figures already."""
    zones = [zone for zone in register.ZONES if zone in run.releases]
    made = " en ".join(f"{zone} {run.releases[zone]}" for zone in zones)
    if lake.moment is not None:
        return f"Teruggekeken naar wat bekend was op {lake.moment.isoformat()}: {made}; wat lezers zien is niet veranderd."
    if run.afloop is Afloop.NIETS_NIEUWS:
        return f"Niets nieuws: lezers hadden deze cijfers al ({made})."
    release = (lake.published("intern") / register.CURRENT).resolve()
    known = words.at(manifest.moment_of(release.name))
    return f"Gepubliceerd: {made}, {register.status_of(release)}, met wat bekend was op {known}."


def _came(lake: Lake, run: Run) -> str:
    """Return what the run judged, in numbers; of what it did not accept, which and why."""
    entries = [entry for entry in ledger.read(lake) if entry.run == run.run]
    if not entries:
        return f"niets nieuws; {count(sum(entry.accepted for entry in ledger.read(lake)))} eerdere leveringen tellen mee"
    verdicts = {entry.oordeel: sum(other.oordeel == entry.oordeel for other in entries) for entry in entries}
    told = ", ".join(f"{count(number)} {oordeel}" for oordeel, number in sorted(verdicts.items()))
    refused = "".join(f"; {entry.bron}/{entry.levering}: {entry.code}" for entry in entries if entry.oordeel not in GOOD)
    ends = sum(entity.eindigt or 0 for entry in entries for entity in entry.entiteiten)
    return (
        f"{words.number(len(entries), 'levering', 'leveringen')}: {told}{refused}; {_rows(entries, 'geladen')} rijen geladen, "
        f"{_rows(entries, 'afgewezen')} afgewezen{f', {count(ends)} bekende records beëindigd' if ends else ''}"
    )


def _rows(entries: list[LedgerEntry], what: str) -> str:
    return count(sum(getattr(entity, what) for entry in entries for entity in entry.entiteiten))


def _gates(lake: Lake, run: Run) -> str:
    """Return the verdicts of the gates of this run."""
    found = [verdict for poort in (*POORTEN, OPENBAAR) if (verdict := _verdict(lake, run, poort))]
    green = [verdict.poort for verdict in found if verdict.passed]
    held = sum(finding.geslaagd for verdict in found for finding in verdict.findings)
    warned = sum(not finding.geslaagd for verdict in found if verdict.passed for finding in verdict.findings)
    told = f"{', '.join(green)} groen ({count(held)} verwachtingen gehaald{f', {count(warned)} waarschuwingen' if warned else ''})"
    return "; ".join([*([told] if green else []), *(f"{verdict.poort} rood" for verdict in found if not verdict.passed)]) or "niet bereikt"


def _verdict(lake: Lake, run: Run, poort: str) -> Verdict | None:
    try:
        found = read_verdict(poort, lake)
    except NoVerdictError:
        return None
    return found if found.op >= run.begon.isoformat(timespec="seconds") else None


def _where(lake: Lake, run: Run) -> str:
    if not run.published:
        return f"{_near(lake.quality_page)} (poorten), leerplicht status"
    public = (lake.published("openbaar") / register.CURRENT).resolve().name
    portal = lake.renderings_of("openbaar", public) / PORTAL / "index.html"
    places = [f"{_near(portal)} (portaal)"] if portal.is_file() else []
    return ", ".join([*places, f"{_near(lake.published('intern') / register.CURRENT)} (Parquet)", "leerplicht status"])


def _near(path: Path) -> str:
    """Return a path as short as it can be pasted."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
