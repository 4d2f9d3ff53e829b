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
from orchestration.deliveries.arrow import pc
from orchestration.deliveries.columns import NUMBER
from orchestration.deliveries.ledger import Decision, Rewriting
from orchestration.deliveries.pseudonym import PSEUDONYM_CHARACTERS, check_of, load_key, renew, renew_mark, rotated
from orchestration.lake import Lake
from orchestration.persons import hold, traces
from orchestration.persons.identity import Place, entity_at, named
from orchestration.persons.rewrite import Rewriter
from orchestration.settings import Settings

NUMBERS = "nummer"  # the kind of a column with numbers of records
PSEUDONYM = rf"^[A-Za-z0-9._]{{{PSEUDONYM_CHARACTERS}}}$"


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
        return any(column.is_identifier or column.kind == NUMBERS for column in entity_at(place).columns)

    def renewed(self, _kind: str, place: Place, rows: pa.Table) -> pa.Table:
        entity = entity_at(place)
        before = rows
        for name in named(rows.column_names):
            rows = _replaced(rows, name, renew(self._key, before[name].combine_chunks()))
        for column in entity.columns:
            if column.kind == NUMBERS and column.lake_name in rows.column_names:
                rows = _replaced(rows, column.lake_name, self._number(before[column.lake_name].combine_chunks()))
        if any(column.is_identifier or column.kind == NUMBERS for column in entity.key):
            rows = _replaced(rows, "sleutel", self._keys(entity, before["sleutel"].to_pylist()))
        if "waarde" in rows.column_names:  # of a key that is delivered twice, what is shown is the key
            is_key = pc.equal(before["waarde"], before["sleutel"])
            rows = _replaced(rows, "waarde", pc.if_else(pc.fill_null(is_key, False), rows["sleutel"], before["waarde"]))
        return rows

    def _number(self, numbers: Any) -> Any:
        """Renew the numbers of records that are pseudonyms, because they could be an identifier (decision 030)."""
        chosen = pc.fill_null(pc.match_substring_regex(numbers, PSEUDONYM), False)
        chosen = pc.and_(chosen, pc.invert(pc.fill_null(pc.match_substring_regex(numbers, NUMBER), True)))
        return pc.if_else(chosen, renew(self._key, pc.if_else(chosen, numbers, None)), numbers) if pc.any(chosen).as_py() else numbers

    def _keys(self, entity: Entity, keys: list[Any]) -> Any:
        """Renew the pseudonyms in keys: the parts of an identifier or a number, of which the lake's form has no `|`."""
        parts = [key.split("|") if key is not None else None for key in keys]
        for place, column in enumerate(entity.key):
            if not (column.is_identifier or column.kind == NUMBERS):
                continue
            given = pa.array([part[place] or None if part else None for part in parts], pa.string())
            renewed = renew(self._key, given) if column.is_identifier else self._number(given)
            for part, fresh in zip(parts, renewed.to_pylist(), strict=True):
                if part:
                    part[place] = fresh or ""
        return pa.array(["|".join(part) if part else None for part in parts], pa.string())


def _replaced(rows: pa.Table, name: str, values: Any) -> pa.Table:
    return rows.set_column(rows.schema.get_field_index(name), rows.schema.field(name), values)


def _renewed(key: bytes, pseudonyms: frozenset[str]) -> frozenset[str]:
    return frozenset(renew(key, pa.array(sorted(pseudonyms), pa.string())).to_pylist())
