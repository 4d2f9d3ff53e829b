"""Erases one person: from rows, quarantine, landing, earlier warehouses and work folders, so that figures are as if it was never delivered.

An original that mentions the person is removed from landing as a whole: an edited original is none, and its free text may mention the
person again. It was read, so the deliveries count as before, without the person. Releases are counts, and stand.

Put here: what is erased, and its record. Keep out: the night that builds the warehouse again (`orchestration.commands.persons`).
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from orchestration import audit, change, parquet_file, whole
from orchestration.change import Change
from orchestration.deliveries import barred, ledger
from orchestration.deliveries.ledger import Decision, LedgerEntry, Rewriting
from orchestration.deliveries.pseudonym import load_key, mark_of
from orchestration.lake import Lake
from orchestration.persons import hold, identity, originals, retention, traces
from orchestration.persons.identity import Numbers, Person, PersonError, Place
from orchestration.persons.originals import Original
from orchestration.persons.rewrite import ROWS, Rewriter
from orchestration.settings import Settings


@dataclass(frozen=True)
class Erased:
    """What was removed.

    Args:
        rows: The number of rows, by bron and entiteit.
        rejected: The number of rejected rows.
        deliveries: The number of deliveries that had any of them.
        originals: The deliveries whose original was removed from landing.
        refused: Those of them that were refused: they can no longer be accepted.
        until: The last day on which a later delivery does not bring the person back.
    """

    rows: Counter[str]
    rejected: int
    deliveries: int
    originals: tuple[str, ...]
    refused: tuple[str, ...]
    until: date

    @property
    def nothing(self) -> bool:
        """Whether the lake held nothing of the person."""
        return not self.rows and not self.rejected and not self.originals


def erase(settings: Settings, numbers: Numbers, decision: Decision) -> Erased:
    """Erase a person. The caller holds the lock of the lake, and runs a night afterwards.

    Args:
        settings: The lake, the key file and the periods.
        numbers: The numbers of the person, with their kind.
        decision: Who decides it, and why.

    Raises:
        PersonError: A delivery that was not read yet mentions the person, or it must be kept; nothing changed.
        PseudonymKeyError: The key cannot be used.
        DamageError: A file of the lake is damaged; it would be taken for a good one.
    """
    lake = Lake(settings.lake)
    whole.require(lake)
    key = load_key(settings.key_file, lake)
    entries = ledger.read(lake)
    person = identity.find(lake, entries, key, numbers)
    mentioned = originals.mentioning(lake, entries, key, person)
    _require_judged(mentioned)
    until = retention.last_day(settings, lake, entries, person)
    with traces.nothing_rebuilds(lake), change.changing(lake) as made:
        rewriter = Rewriter(lake, made, _Without(person).left, _Without(person).is_in)
        why = Rewriting(**decision.model_dump(), wat="gewist")
        changed = rewriter.entries(entries, why)
        found = _counted(entries, changed, mentioned, until)
        if found.nothing:
            made.drop()
            return found
        naming = [f"{entry.bron}/{entry.levering}" for entry in changed] + list(found.originals)
        hold.require_none(lake, person, naming)
        rewriter.commit(entries, remove_originals(made, changed, mentioned, decision))
        for path in traces.traces(lake):
            made.remove(path)
        known = barred.read(lake)
        marks = [mark_of(key, pseudonym) for pseudonym in person.pseudonyms]
        fresh = [barred.Barred(sleutels=mark.keys, merk=mark.text, tot=until) for mark in marks]
        made.put(lake.barred, barred.as_bytes([*known, *fresh]))
        about = {"rijen": found.rows.total(), "afgewezen": found.rejected, "leveringen": found.deliveries, "originelen": len(mentioned)}
        made.note(**decision.model_dump(), wat="gewist", **about)
        audit.record(lake, audit.What.GEWIST, door=decision.door, **about)
    return found


class _Without:
    """Leaves a person out of rows."""

    def __init__(self, person: Person) -> None:
        self._person = person

    def left(self, kind: str, place: Place, rows: pa.Table) -> pa.Table:
        """Return the rows of others."""
        return rows.filter(pa.array(~self._theirs(kind, place, rows)))

    def is_in(self, kind: str, place: Place, path: Path) -> bool:
        """Return whether the person is in a file."""
        if kind == ROWS and not identity.has_persons(identity.entity_at(place)):
            return False
        there = parquet_file.opened(path).schema_arrow.names
        owner = identity.entity_at(place).belongs_to
        wanted = {*identity.named(there), "sleutel", *([owner.column] if owner else [])}
        rows = parquet_file.read(path, columns=[name for name in there if name in wanted])
        return bool(self._theirs(kind, place, rows).any())

    def _theirs(self, kind: str, place: Place, rows: pa.Table) -> np.ndarray:
        return self._person.in_rows(place, rows) if kind == ROWS else self._person.in_rejected(place, rows)


def remove_originals(made: Change, changed: list[LedgerEntry], gone: list[Original], decision: Decision) -> list[LedgerEntry]:
    """Remove originals from landing; return all entries that change, with those that say so."""
    become = {(entry.bron, entry.file): entry for entry in changed}
    why = Rewriting(**decision.model_dump(), wat="origineel_verwijderd")
    for original in gone:
        made.remove(original.path)
        for entry in original.entries:
            latest = become.get((entry.bron, entry.file), entry)
            become[entry.bron, entry.file] = latest.model_copy(update={"herschreven": (*latest.herschreven, why)})
    return list(become.values())


def _require_judged(mentioned: list[Original]) -> None:
    waiting = [original for original in mentioned if not original.entries]
    if waiting:
        named = ", ".join(f"landing/{original.bron}/{original.name}".replace("//", "/") for original in waiting)
        raise PersonError(f"{named} noemt deze persoon en is nog niet gelezen; draai eerst leerplicht run, of haal het weg uit landing")


def _counted(entries: list[LedgerEntry], changed: list[LedgerEntry], mentioned: list[Original], until: date) -> Erased:
    were = {(entry.bron, entry.file): entry for entry in entries}
    rows: Counter[str] = Counter()
    for entry in changed:
        for before, after in zip(were[entry.bron, entry.file].entiteiten, entry.entiteiten, strict=True):
            rows[f"{entry.bron}.{before.entiteit}"] += before.geladen - after.geladen
    judged = [(entry, f"{original.bron}/{original.name}") for original in mentioned for entry in original.entries]
    return Erased(
        rows=+rows,
        rejected=sum(entry.herschreven[-1].afgewezen for entry in changed),
        deliveries=len(changed),
        originals=tuple(dict.fromkeys(name for _, name in judged)),
        refused=tuple(dict.fromkeys(name for entry, name in judged if entry.oordeel == "geweigerd")),
        until=until,
    )


def document(found: Erased) -> dict[str, Any]:
    """Return the counts of what was removed, for a table."""
    return {**found.rows, "afgewezen rijen": found.rejected}
