"""Rules within one row that need more than one column: required values, identifiers, periods, the key.

Put here: rules within one delivered row. Keep out: the valid values of one column (`columns.py`), duplicates within a delivery
(`duplicates.py`), and everything that needs other deliveries or entiteiten (dbt). Each rule marks the rows that break it; of several
faults in a row the first in the order of `reasons.REJECTIONS` is reported.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from expectations.contract import Column, Entity
from orchestration.deliveries.arrow import as_mask, pc
from orchestration.deliveries.columns import Texts
from orchestration.deliveries.identifiers import are_valid, restore_zeros
from orchestration.deliveries.reasons import REJECTION_CODES

NO_FAULT = len(REJECTION_CODES)
RANK = {code: rank for rank, code in enumerate(REJECTION_CODES)}
ROW_WARNINGS = ("nullen_hersteld", "identificatie_deels_ongeldig", "waarde_weggelaten", "geboortedatum_onvolledig", "afloop_onbekend")
STILL_READABLE = "datum_buiten_bereik"  # a key with this fault still identifies its record


class Faults:
    """Of each row of a batch: the first fault, its column, and whether the key is readable.

    Args:
        rows: Number of rows.
    """

    def __init__(self, rows: int) -> None:
        self.rank = np.full(rows, NO_FAULT, dtype=np.uint8)
        self.column = np.full(rows, -1, dtype=np.int16)
        self.key_unreadable = np.zeros(rows, dtype=bool)

    def mark(self, rows: np.ndarray | None, code: str, place: int, *, in_key: bool = False) -> None:
        """Mark rows with a fault, unless they have one of higher precedence.

        Args:
            rows: Mask of the rows; None for no rows.
            code: The reason code.
            place: The column's position in the contract.
            in_key: Whether the column is part of the key.
        """
        if rows is None:
            return
        first = rows & (self.rank > RANK[code])
        self.rank[first] = RANK[code]
        self.column[first] = place
        if in_key and code != STILL_READABLE:
            self.key_unreadable |= rows

    def without(self, rows: np.ndarray) -> "Faults":
        """Return the faults without those of some rows, by their mask."""
        kept = Faults(0)
        kept.rank, kept.column, kept.key_unreadable = self.rank[~rows], self.column[~rows], self.key_unreadable[~rows]
        return kept

    @property
    def good(self) -> np.ndarray:
        """Mask of the rows without a fault."""
        return np.asarray(self.rank == NO_FAULT)


@dataclass(frozen=True)
class Identifiers:
    """The identifiers of a batch.

    Args:
        numbers: Column name → the valid numbers, otherwise null.
        warnings: For each row a bit per code of `ROW_WARNINGS`.
    """

    numbers: dict[str, Any]
    warnings: np.ndarray


def check_required(entity: Entity, texts: dict[str, Texts], faults: Faults) -> None:
    """Mark rows where a required value is empty; some are required only for certain values of another column."""
    for place, column in enumerate(entity.columns):
        if column.name not in texts:
            continue
        if column.required:
            code = "sleutel_ontbreekt" if column.key else "waarde_ontbreekt"
            faults.mark(_empty(texts[column.name]), code, place, in_key=column.key)
        if column.required_when:
            other = texts[column.required_when.column]
            required = other.mask_rows(as_mask(pc.is_in(other.distinct, pa.array(column.required_when.values))))
            empty = _empty(texts[column.name])
            if required is not None and empty is not None:
                faults.mark(required & empty, column.required_when.code, place)


def check_vestiging(entity: Entity, values: dict[str, Any], faults: Faults) -> None:
    """Shorten a vestiging of six characters to two; mark rows where it does not begin with the row's BRIN."""
    for place, column in enumerate(entity.columns):
        if column.kind != "vestiging":
            continue
        given = values[column.name]
        long = pc.fill_null(pc.equal(pc.utf8_length(given), 6), False)
        if not pc.any(long).as_py():
            continue
        brin = next(values[other.name] for other in entity.columns if other.kind == "brin")
        own = pc.fill_null(pc.equal(pc.utf8_slice_codeunits(given, 0, 4), brin), False)
        faults.mark(as_mask(pc.and_(long, pc.invert(own))), "code_onbekend", place, in_key=column.key)
        values[column.name] = pc.if_else(long, pc.utf8_slice_codeunits(given, 4, 6), given)


def check_periods(entity: Entity, values: dict[str, Any], faults: Faults) -> None:
    """Mark rows with a period that ends before it begins."""
    places = {column.name: place for place, column in enumerate(entity.columns)}
    for begin, end in entity.periods:
        turned = pc.less(values[end], values[begin])
        if pc.any(turned).as_py():
            faults.mark(as_mask(turned), "einde_voor_begin", places[end])


def check_allowed_by(entity: Entity, values: dict[str, Any], warnings: np.ndarray) -> None:
    """Empty the values that do not belong to what another column says, and set the bit of their warning."""
    for column in entity.columns:
        if column.allowed_by is None:
            continue
        given, other = values[column.name], values[column.allowed_by.column]
        fits = pa.array(np.zeros(len(given), dtype=bool))
        for value, codes in column.allowed_by.values.items():
            fits = pc.or_(fits, pc.and_(pc.fill_null(pc.equal(other, value), False), pc.is_in(given, pa.array(codes))))
        strange = pc.and_(pc.is_valid(given), pc.invert(fits))
        values[column.name] = pc.if_else(strange, None, given)
        warnings[as_mask(strange)] |= warning_bit(str(column.empty_if_other))


def warning_bit(code: str) -> int:
    """Return the bit of a warning in the warnings of a row."""
    return 1 << ROW_WARNINGS.index(code)


def check_identifiers(entity: Entity, texts: dict[str, Texts], faults: Faults, *, restores_zeros: bool) -> Identifiers:
    """Return the valid identifiers, and mark rows without one.

    An identifier that the contract requires must be valid; of the others one valid number is enough.
    """
    columns = [(place, column) for place, column in enumerate(entity.columns) if column.is_identifier]
    numbers: dict[str, Any] = {}
    warnings = np.zeros(len(faults.rank), dtype=np.uint8)
    empty, valid = [], []
    for place, column in columns:
        given = texts[column.name].per_row(texts[column.name].distinct)
        restored = np.zeros(len(given), dtype=bool)
        if restores_zeros:
            given, restored = restore_zeros(given)
        good = are_valid(column.kind, given)
        warnings[restored & good] |= warning_bit("nullen_hersteld")
        numbers[column.name] = given if good.all() else pc.if_else(pa.array(good), given, None)
        empty.append(as_mask(pc.equal(given, "")))
        valid.append(good)
        if column.required:
            faults.mark(~good & ~empty[-1], "identificatie_ongeldig", place, in_key=column.key)
    if columns and not any(column.required for _, column in columns):
        _check_any(columns, empty, valid, warnings, faults)
    return Identifiers(numbers, warnings)


def _check_any(
    columns: list[tuple[int, Column]], empty: list[np.ndarray], valid: list[np.ndarray], warnings: np.ndarray, faults: Faults
) -> None:
    """Mark rows without a valid identifier, for an entiteit that requires no particular one."""
    known = np.logical_or.reduce(valid)
    invalid = [~one & ~none for one, none in zip(valid, empty, strict=True)]
    warnings[known & np.logical_or.reduce(invalid)] |= warning_bit("identificatie_deels_ongeldig")
    if known.all():
        return
    first, column = columns[0]
    faults.mark(np.logical_and.reduce(empty), "sleutel_ontbreekt" if column.key else "waarde_ontbreekt", first, in_key=column.key)
    for (place, column), wrong in zip(columns, invalid, strict=True):
        faults.mark(wrong & ~known, "identificatie_ongeldig", place, in_key=column.key)


def _empty(texts: Texts) -> np.ndarray | None:
    return texts.mask_rows(as_mask(pc.equal(texts.distinct, "")))
