"""Renews the key: one more key is added to the key file, and every stored pseudonym becomes its hash by that key.

Afterwards no pseudonym of before is left, in rows, quarantine, lists, earlier warehouses or work folders, and whoever has only the earlier
key file can link no row to a number. The first key stays in use, since a number must pass through all keys; so do the draws of `openbaar`,
which are made from it: two draws of one count would narrow it down (decision 035).

Put here: what is renewed. Keep out: the keys themselves (`orchestration.deliveries.pseudonym`).
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from expectations.contract import Entity
from orchestration import audit, change, whole
from orchestration.deliveries import barred, ledger
from orchestration.deliveries.ledger import Decision, Rewriting
from orchestration.deliveries.pseudonym import check_of, load_key, renew, renew_mark, rotated
from orchestration.lake import Lake
from orchestration.persons import hold, identity, traces
from orchestration.persons.identity import Place, entity_at, named
from orchestration.persons.rewrite import Rewriter
from orchestration.settings import Settings


@dataclass(frozen=True)
class Rotated:
    """What was renewed: the number of deliveries, and of their rows and rejected rows."""

    deliveries: int
    rows: int
    rejected: int


def rotate(settings: Settings, decision: Decision) -> Rotated:
    """Renew the key of a lake. The caller holds the lock of the lake, and runs a night afterwards.

    Args:
        settings: The lake and the key file.
        decision: Who decides it, and why.

    Raises:
        PseudonymKeyError: The key cannot be used.
        DamageError: A file of the lake is damaged; it would be taken for a good one.
    """
    lake = Lake(settings.lake)
    whole.require(lake)
    key = rotated(load_key(settings.key_file, lake))
    entries = ledger.read(lake)
    with traces.nothing_rebuilds(lake), change.changing(lake) as made:
        renewer = _Renewer(key)
        rewriter = Rewriter(lake, made, renewer.renewed, renewer.touches)
        changed = rewriter.entries(entries, Rewriting(**decision.model_dump(), wat="sleutel_vernieuwd"))
        rewriter.commit(entries, changed)
        for path in traces.traces(lake):
            made.remove(path)
        marks = [(one, renew_mark(key, one.mark)) for one in barred.read(lake)]
        made.put(lake.barred, barred.as_bytes([one.model_copy(update={"merk": mark.text}) for one, mark in marks]))
        made.put(lake.holds, hold.as_bytes(one.model_copy(update={"persoon": _renewed(key, one.persoon)}) for one in hold.read(lake)))
        made.put(lake.key_check, check_of(key))
        made.put_outside(settings.key_file, key)
        parts = [part for entry in changed for part in entry.entiteiten]
        found = Rotated(len(changed), sum(part.geladen for part in parts), sum(part.afgewezen for part in parts))
        about = {"leveringen": found.deliveries, "rijen": found.rows, "afgewezen": found.rejected}
        made.note(**decision.model_dump(), wat="sleutel_vernieuwd", **about)
        audit.record(lake, audit.What.SLEUTEL_VERNIEUWD, door=decision.door, **about)
    return found


class _Renewer:
    """Renews the pseudonyms in rows: those of the person, and those that are part of the key of a record."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def touches(self, _kind: str, place: Place, _path: Path) -> bool:
        return identity.has_persons(entity_at(place))

    def renewed(self, _kind: str, place: Place, rows: pa.Table) -> pa.Table:
        entity = entity_at(place)
        before = rows
        for name in named(rows):
            rows = _replaced(rows, name, renew(self._key, before[name].combine_chunks()))
        if any(column.is_identifier for column in entity.key):
            rows = _replaced(rows, "sleutel", self._keys(entity, before["sleutel"].to_pylist()))
        return rows

    def _keys(self, entity: Entity, keys: list[Any]) -> Any:
        """Renew the pseudonyms in keys: the parts of an identifier, of which the lake's form has no `|`."""
        places = [place for place, column in enumerate(entity.key) if column.is_identifier]
        parts = [key.split("|") if key is not None else None for key in keys]
        for place in places:
            given = pa.array([part[place] or None if part else None for part in parts], pa.string())
            for part, fresh in zip(parts, renew(self._key, given).to_pylist(), strict=True):
                if part:
                    part[place] = fresh or ""
        return pa.array(["|".join(part) if part else None for part in parts], pa.string())


def _replaced(rows: pa.Table, name: str, values: Any) -> pa.Table:
    return rows.set_column(rows.schema.get_field_index(name), rows.schema.field(name), values)


def _renewed(key: bytes, pseudonyms: frozenset[str]) -> frozenset[str]:
    return frozenset(renew(key, pa.array(sorted(pseudonyms), pa.string())).to_pylist())
