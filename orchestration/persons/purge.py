"""Removes what is past its period: persons' files, proces-verbaal and Halt, meldingen, originals; first as a report, then done.

A person whose file is past its period goes from every row and rejected row; a row of enforcement follows its own period, shorter or longer.
What is held (`hold.py`) stays, and so does all of a person that is held or named in a delivery that is. An original goes when its delivery
was judged so long ago, unless it was refused and still lacks: then a person may still accept it, or its source must correct it.

Put here: what goes, and removing it. Keep out: the periods (`retention.py`), and the night that builds the warehouse again.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa

from orchestration import audit, change, clock, parquet_file, whole
from orchestration.deliveries import ledger
from orchestration.deliveries.arrow import pc
from orchestration.deliveries.ledger import Decision, LedgerEntry, Rewriting
from orchestration.deliveries.pseudonym import load_key
from orchestration.deliveries.standing import standing_refusals
from orchestration.lake import Lake
from orchestration.persons import hold, identity, originals, retention, traces
from orchestration.persons.erase import remove_originals
from orchestration.persons.identity import Person, Place, entity_at, has_persons
from orchestration.persons.originals import Original
from orchestration.persons.retention import ENFORCEMENT, FILE, ORIGINAL, Periods, years_later
from orchestration.persons.rewrite import ROWS, Rewriter
from orchestration.settings import Settings

REPORT = "melding"
DATES = {ENFORCEMENT: "datum", REPORT: "datum_melding"}
"""The date from which the period of a row with its own period counts."""


@dataclass
class Purge:
    """What is past its period.

    Args:
        persons: Of each class the number of persons of whom rows go.
        rows: Of each class the number of rows, rejected ones included.
        deliveries: Of each class the number of deliveries.
        held: The number of persons and deliveries that stay because they are held.
        waiting: The number of originals that stay because a refusal of their delivery still stands.
    """

    persons: Counter[str] = field(default_factory=Counter)
    rows: Counter[str] = field(default_factory=Counter)
    deliveries: Counter[str] = field(default_factory=Counter)
    held: int = 0
    waiting: int = 0

    @property
    def nothing(self) -> bool:
        """Whether nothing is past its period."""
        return not self.deliveries


@dataclass
class _Plan:
    """The rules of one purge, applied to rows.

    Args:
        expired: All persons whose file is past its period, as one.
        held: All persons of whom everything stays.
        reported: Nobody, with the keys of the meldingen that are past a period of their own.
        found: Of each file the rows that go and their persons, by class.
    """

    periods: Periods
    today: date
    expired: Person
    held: Person
    reported: Person = field(default_factory=lambda: Person((), frozenset()))
    found: dict[tuple[str, str], dict[str, tuple[int, set[str]]]] = field(default_factory=dict)

    def gone(self, kind: str, place: Place, rows: pa.Table) -> dict[str, np.ndarray]:
        """Return of each class a mask of the rows that go."""
        held = self.held.in_rows(place, rows)
        if kind != ROWS:
            return {FILE: self.expired.in_rejected(place, rows) & ~held}
        masks = {FILE: self.expired.in_rows(place, rows) & ~held}
        if place == ("carel", "interventie"):
            own = np.asarray(pc.is_in(rows["soort"], value_set=pa.array(enforced())).to_numpy(), dtype=bool)
            masks[FILE] &= ~own
            masks[ENFORCEMENT] = own & self._before(rows, DATES[ENFORCEMENT], self.periods.enforcement) & ~held
        if place == ("duo", "verzuimmelding") and self.periods.report is not None:
            masks[REPORT] = self._before(rows, DATES[REPORT], self.periods.report) & ~held & ~masks[FILE]
        if entity_at(place).belongs_to:
            masks[REPORT] = self.reported.in_rows(place, rows) & ~held & ~masks[FILE]
        return masks

    def past_their_own(self, lake: Lake, entries: list[LedgerEntry]) -> Person:
        """Return nobody, with the keys of the meldingen of which a row goes for its date: what names only these goes with them."""
        place = ("duo", "verzuimmelding")
        keys: set[str] = set()
        for path in (path for other, path in identity.rows_of(lake, entries) if other == place and self.periods.report is not None):
            rows = parquet_file.read(path)
            keys.update(map(str, rows["sleutel"].filter(pa.array(self.gone(ROWS, place, rows)[REPORT])).to_pylist()))
        return Person((), frozenset(), {place: frozenset(keys)})

    def left(self, kind: str, place: Place, rows: pa.Table) -> pa.Table:
        """Return the rows that stay."""
        return rows.filter(pa.array(~np.logical_or.reduce(list(self.gone(kind, place, rows).values()))))

    def touches(self, kind: str, place: Place, path: Path) -> bool:
        """Return whether a row of a file goes; count those that do."""
        if not has_persons(entity_at(place)):
            return False
        rows = parquet_file.read(path)
        masks = self.gone(kind, place, rows)
        named = identity.named(rows.column_names)
        who = pc.coalesce(*(rows[name] for name in named)).to_pylist() if named else [None] * rows.num_rows
        counts = {name: (int(mask.sum()), {str(one) for one, goes in zip(who, mask, strict=True) if goes}) for name, mask in masks.items()}
        self.found[kind, path.relative_to(path.parents[2]).as_posix()] = {name: count for name, count in counts.items() if count[0]}
        return any(mask.any() for mask in masks.values())

    def _before(self, rows: pa.Table, column: str, years: int) -> np.ndarray:
        days = rows[column].to_pylist()
        return np.array([day is not None and years_later(day, years) <= self.today for day in days], dtype=bool)


def _held(lake: Lake, entries: list[LedgerEntry], people: retention.Persons, kept: frozenset[str]) -> frozenset[str]:
    """Return the pseudonyms of the persons that are held: themselves, or by a delivery that names them; all that is kept of them stays."""
    mine = [entry for entry in entries if f"{entry.bron}/{entry.levering}" in kept]
    named = set(hold.persons(lake))
    for path in [lake.rows / part.rijen for entry in mine for part in entry.entiteiten if part.rijen]:
        rows = parquet_file.read(path)
        named |= {one for column in identity.named(rows.column_names) for one in rows[column].to_pylist() if one}
    groups = {people.of.get(one, one) for one in named}
    return frozenset(named | {one for one, who in people.of.items() if who in groups})


def enforced() -> list[str]:
    """Return the kinds of interventie that are enforcement, by the contract."""
    from expectations import contract as contracts

    elements = [element for one in contracts.load("carel").retention if one.klasse == ENFORCEMENT for element in one.elements]
    return [element.partition("=")[2] for element in elements]


def purge(settings: Settings, decision: Decision | None) -> Purge:
    """Find what is past its period, and remove it if that is decided. The caller holds the lock of the lake.

    Args:
        settings: The lake, the key file and the periods.
        decision: Who decides it, and why; None for a report that changes nothing.

    Returns:
        What goes, or went. If rows went, the caller runs a night, or is one.

    Raises:
        DamageError: A file of the lake is damaged; it would be taken for a good one.
    """
    lake = Lake(settings.lake)
    whole.require(lake)
    if lake.key_check.is_file():
        load_key(settings.key_file, lake)
    entries = ledger.read(lake)
    periods, today = Periods.of(settings), clock.now().date()
    people = retention.persons(lake, entries)
    kept = hold.deliveries(lake)
    held = _held(lake, entries, people, kept)
    expired, kept_persons = (identity.with_keys(lake, entries, Person((), some)) for some in (people.expired(periods, today) - held, held))
    plan = _Plan(periods, today, expired, kept_persons)
    plan.reported = plan.past_their_own(lake, entries)
    result = Purge(held=len(kept) + len({people.of.get(one, one) for one in held}))
    old = list(_old_originals(lake, entries, periods, kept, today, result))
    with traces.nothing_rebuilds(lake), change.changing(lake) as made:
        why = decision or Decision(door="", op=clock.now().isoformat(timespec="seconds"), omdat="")
        rewriter = Rewriter(lake, made, plan.left, plan.touches)
        changed = rewriter.entries(entries, Rewriting(**why.model_dump(), wat="verlopen"))
        _count(result, plan, entries, changed, old)
        if decision is None or result.nothing:
            made.drop()
            return result
        _commit(lake, made, rewriter, entries, changed, old, decision, result)
    return result


def _commit(
    lake: Lake,
    made: change.Change,
    rewriter: Rewriter,
    entries: list[LedgerEntry],
    changed: list[LedgerEntry],
    old: list[Original],
    decision: Decision,
    result: Purge,
) -> None:
    rewriter.commit(entries, remove_originals(made, changed, old, decision))
    if changed:
        for path in traces.traces(lake):
            made.remove(path)
    about = {
        name: dict(counts) for name, counts in (("personen", result.persons), ("rijen", result.rows), ("leveringen", result.deliveries))
    }
    made.note(**decision.model_dump(), wat="verlopen" if changed else "originelen_verwijderd", **about)
    audit.record(lake, audit.What.OPGESCHOOND, door=decision.door, **about)


def _old_originals(
    lake: Lake, entries: list[LedgerEntry], periods: Periods, kept: frozenset[str], today: date, result: Purge
) -> Iterator[Original]:
    """Yield the originals that are past their period; count those that stay for a refusal."""
    standing = {(entry.bron, entry.file) for entry in standing_refusals(entries)}
    for original in originals.originals(lake, entries):
        old = original.entries and all(retention.originals_expire(periods, entry) <= today for entry in original.entries)
        if not old or f"{original.bron}/{original.name}" in kept:
            continue
        if any((entry.bron, entry.file) in standing for entry in original.entries):
            result.waiting += 1
        else:
            yield original


def _count(result: Purge, plan: _Plan, entries: list[LedgerEntry], changed: list[LedgerEntry], old: list[Original]) -> None:
    """Count what goes: rows of each delivery that has them, persons once."""
    persons: dict[str, set[str]] = {}
    rewritten = {(entry.bron, entry.file) for entry in changed}
    for entry in entries:
        if (entry.bron, entry.file) not in rewritten:
            continue
        classes: set[str] = set()
        for part in entry.entiteiten:
            for kind, name in (("rijen", part.rijen), ("quarantaine", part.quarantaine)):
                for klasse, (rows, who) in plan.found.get((kind, name or ""), {}).items():
                    classes.add(klasse)
                    result.rows[klasse] += rows
                    persons.setdefault(klasse, set()).update(who - {"None"})
        result.deliveries.update(classes)
    result.persons.update({klasse: len(who) for klasse, who in persons.items()})
    if old:
        result.deliveries[ORIGINAL] = len(old)
