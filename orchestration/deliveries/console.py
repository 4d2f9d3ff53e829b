"""Print deliveries for `status` and `check`, in Dutch.

Put here: tables and sentences for a terminal of any width. Keep out: collecting the data (`ledger.py`, `ingest.py`, `check.py`). Delivered
text is printed as plain text, never as markup.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.text import Text

from expectations import contract as contracts
from orchestration.deliveries import ingest, ledger, postponed
from orchestration.deliveries.check import Checked
from orchestration.deliveries.columns import date_forms
from orchestration.deliveries.deliver import unusual_kind
from orchestration.deliveries.ledger import LedgerEntry
from orchestration.deliveries.parse import local_time
from orchestration.deliveries.postponed import PostponedDelivery
from orchestration.deliveries.reasons import REASONS
from orchestration.lake import Lake
from orchestration.screen import print_table
from orchestration.scrub import printable

STATES = {
    "geaccepteerd": "green",
    "geweigerd": "bold red",
    "herhaald": "dim",
    "ingetrokken": "magenta",
    "wachtend": "yellow",
    "klaar": "cyan",
    "uitgesteld": "yellow",
}
MAX_REJECTED = 20
LONG_AGO = datetime.min.replace(tzinfo=UTC)


def print_status(console: Console, lake: Lake, bron: str | None, latest: int) -> None:
    """Print the counts by bron and state, the deliveries that wait, and the ledger.

    Args:
        console: The terminal.
        lake: The lake.
        bron: Only this bron; None for all.
        latest: Number of accepted and repeated deliveries to list of each bron; 0 for all. Refused ones are always listed.
    """
    wanted = (bron,) if bron else contracts.BRONNEN
    entries = [entry for name in wanted for entry in ledger.read(lake, name)]
    waiting = [folder for folder in ingest.waiting(lake) if folder.bron in wanted]
    late = postponed.read(lake, *wanted)
    named = {(delivery.bron, delivery.levering) for delivery in late}
    pending = [found for found in ingest.pending(lake) if found[0] in wanted and found not in named]
    _print_counts(console, wanted, entries, waiting, pending, late)
    for delivery in late:
        console.print(_state("uitgesteld", f"{delivery.sentence}; wordt opnieuw gelezen bij de volgende run"))
    _list_waiting(console, waiting, pending, ingest.strays(lake))
    shown = [entry for name in wanted for entry in _listed([e for e in entries if e.bron == name], latest)]
    if shown:
        _print_deliveries(console, shown)
    left_out = len(entries) - len(shown)
    if left_out:
        console.print(Text(f"{left_out} oudere leveringen niet getoond; zie --alles", "dim"))


def print_checked(console: Console, checked: Checked) -> None:
    """Print what there is to say of a delivery, its rejected rows, and last the verdict."""
    entry = checked.entry
    if checked.postponed:
        console.print(_state("uitgesteld", f"in de laatste nacht: {checked.postponed}"))
    if entry.aard and (unusual := unusual_kind(entry.bron, entry.aard)):
        console.print(Text(f"let op: {unusual}", "yellow"))
    print_endings(console, entry)
    _print_columns(console, entry)
    if entry.entiteiten:
        _print_entities(console, entry)
    for entiteit, rows in checked.rejected.items():
        if rows:
            _print_rejected(console, entry.bron, entiteit, rows)
    verb = "is" if checked.on_record else "zou zijn"
    line = Text.assemble((f"{printable(checked.name)}: ", "bold"), f"{verb} ", (entry.oordeel, STATES[entry.oordeel]))
    if entry.reden:
        line.append(f" – {entry.code + ': ' if entry.code else ''}{printable(entry.reden)}")
    console.print(line)


def print_endings(console: Console, entry: LedgerEntry) -> None:
    """Print of each entiteit of a full register how many of the known records it ends."""
    for entity in entry.entiteiten:
        if entity.ending:
            console.print(Text(f"{entry.bron}/{entry.levering}: {entity.ending}", "yellow" if entity.eindigt else ""))


def _print_columns(console: Console, entry: LedgerEntry) -> None:
    """Print the names of columns that are gone, and of those that the contract does not know."""
    for entity in entry.entiteiten:
        for what, found in (("weg sinds de vorige levering", entity.kolommen_weg), ("niet in het contract", entity.kolommen_onbekend)):
            if found:
                console.print(Text(f"let op: {entity.entiteit}, {what}: {printable(', '.join(found))}", "yellow"))


def _print_counts(
    console: Console,
    wanted: Sequence[str],
    entries: Iterable[LedgerEntry],
    waiting: Iterable[ingest.Waiting],
    pending: Iterable[tuple[str, str]],
    late: Iterable[PostponedDelivery],
) -> None:
    states = [(e.bron, e.oordeel) for e in entries] + [(w.bron, "wachtend") for w in waiting] + [(name, "klaar") for name, _ in pending]
    states += [(delivery.bron, "uitgesteld") for delivery in late]
    rows = [(bron, *(str(states.count((bron, state))) for state in STATES)) for bron in wanted]
    print_table(console, ("bron", *(f">{state}" for state in STATES)), rows, "Leveringen")


def _list_waiting(console: Console, waiting: Iterable[ingest.Waiting], pending: Iterable[tuple[str, str]], strays: Iterable[str]) -> None:
    for folder in waiting:
        console.print(_state("wachtend", f"{folder.bron}/{folder.levering} – {folder.files} bestanden, nog geen levering.json"))
    for bron, levering in pending:
        console.print(_state("klaar", f"{bron}/{levering} – wordt gelezen bij de volgende run"))
    for path in strays:
        console.print(Text.assemble(("hoort nergens bij", "bold red"), f"  landing/{path} – geen map van een bekende bron"))


def _state(state: str, rest: str) -> Text:
    return Text.assemble((state, STATES[state]), f"  {printable(rest)}")


def _listed(entries: Sequence[LedgerEntry], latest: int) -> list[LedgerEntry]:
    """Return all refused and the latest other entries, in order of kennisdatum."""
    ordered = sorted(entries, key=lambda entry: (entry.instant is not None, entry.instant or LONG_AGO, entry.levering))
    rest = [entry for entry in ordered if entry.oordeel != "geweigerd"]
    kept = rest if not latest else rest[-latest:]
    return [entry for entry in ordered if entry.oordeel == "geweigerd" or entry in kept]


def _print_deliveries(console: Console, entries: Iterable[LedgerEntry]) -> None:
    rows: list[tuple[str | Text, ...]] = []
    for entry in entries:
        totals = [str(sum(getattr(e, name) for e in entry.entiteiten)) for name in ("gelezen", "geladen", "afgewezen", "herhaald")]
        if not entry.entiteiten:
            totals = [""] * 4
        elif not entry.accepted:
            totals[1] = "0"
        moment = local_time(entry.instant).strftime("%Y-%m-%d %H:%M") if entry.instant else ""
        state = Text(entry.oordeel, STATES[entry.oordeel])
        rows.append((f"{entry.bron}/{entry.levering}", moment, state, *totals, _why(entry)))
    headers = ("levering", "kennisdatum", "oordeel", ">gelezen", ">geladen", ">afgewezen", ">herhaald", "reden")
    print_table(console, headers, rows, "Grootboek")


def _why(entry: LedgerEntry) -> str:
    """Return the reason of the verdict, the decision that changed it, or else what ends and the codes of the rows."""
    if entry.oordeel == "ingetrokken":
        last = entry.ingetrokken[-1]
        return printable(f"ingetrokken door {last.door} op {last.op[:10]}: {last.omdat}")
    if entry.aanvaard:
        return printable(
            f"aanvaard door {entry.aanvaard.door} op {entry.aanvaard.op[:10]}: {entry.aanvaard.omdat} ({entry.aanvaard.ondanks})"
        )
    if entry.reden:
        return printable(f"{entry.code}: {entry.reden}" if entry.code else entry.reden)
    ends = [entity.ending for entity in entry.entiteiten if entity.eindigt]
    return ", ".join([*ends, *(f"{code} {count}" for code, count in sorted(_codes(entry).items()))])


def _codes(entry: LedgerEntry) -> dict[str, int]:
    codes: dict[str, int] = {}
    for entity in entry.entiteiten:
        for counted in (entity.afgewezen_per_code, entity.waarschuwingen, entity.waarschuwingen_van_rijen):
            for code, count in counted.items():
                codes[code] = codes.get(code, 0) + count
    return codes


def _print_entities(console: Console, entry: LedgerEntry) -> None:
    rows = []
    for e in entry.entiteiten:
        codes = (
            ", ".join(f"{code} {count}" for code, count in found.items())
            for found in (e.afgewezen_per_code, e.waarschuwingen | e.waarschuwingen_van_rijen)
        )
        loaded = e.geladen if entry.accepted else 0
        rows.append((e.entiteit, str(e.gelezen), str(loaded), str(e.herhaald), str(e.afgewezen), *codes))
    print_table(console, ("entiteit", ">gelezen", ">geladen", ">herhaald", ">afgewezen", "afgewezen om", "waarschuwingen"), rows)


def _meaning(bron: str, entiteit: str, row: Mapping[str, Any]) -> str:
    """Return what the reason code of a rejected row means; of a date or a time with the forms that were agreed."""
    contract, meaning = contracts.load(bron), REASONS[row["code"]].uitleg
    kind = next((column.kind for column in contract.entities[entiteit].columns if column.header == row["kolom"]), "")
    if row["code"] != "datum_ongeldig":
        return meaning
    return f"{meaning} Afgesproken is {date_forms(contract.date_formats) if kind == 'date' else 'uu:mm:ss'}."


def _print_rejected(console: Console, bron: str, entiteit: str, rows: Sequence[dict[str, Any]]) -> None:
    told = []
    for row in rows[:MAX_REJECTED]:
        line = row["regel"] if row["regel"] is not None else f"record {row['rijnummer']}"
        cells = (row["bestand"], line, row["kolom"], row["code"], row["waarde"], _meaning(bron, entiteit, row))
        told.append([printable(str(cell)) for cell in cells])
    print_table(console, ("bestand", ">regel", "kolom", "code", "waarde", "uitleg"), told, f"{entiteit}: afgewezen rijen")
    if len(rows) > MAX_REJECTED:
        console.print(Text(f"en nog {len(rows) - MAX_REJECTED}", "dim"))
