"""A batch of delivered text → typed rows in the lake's schema, with the first fault of each row.

Put here: the order in which columns, identifiers and rules are applied to a batch. Keep out: the rules (`columns.py`, `checks.py`) and
writing (`parse.py`).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from expectations.contract import Contract, Entity
from orchestration.deliveries.arrow import pc
from orchestration.deliveries.checks import (
    ROW_WARNINGS,
    Faults,
    Identifiers,
    check_allowed_by,
    check_identifiers,
    check_periods,
    check_required,
    check_vestiging,
    warning_bit,
)
from orchestration.deliveries.columns import Horizon, Texts, convert, time_of_day, without_no_end
from orchestration.deliveries.identifiers import could_identify
from orchestration.deliveries.pseudonym import Pseudonymiser
from orchestration.deliveries.readers import Batch
from orchestration.deliveries.readers.batch import read_columns

WARNING_LISTS = pa.array([[code for bit, code in enumerate(ROW_WARNINGS) if bits >> bit & 1] for bits in range(1 << len(ROW_WARNINGS))],
                         pa.list_(pa.string()))  # fmt: skip


@dataclass(frozen=True)
class TypedBatch:
    """A typed batch.

    Args:
        table: In the lake's schema; includes rows with a fault, with null for unreadable values. Rows of barred persons are left out.
        faults: The first fault of each row.
        texts: The delivered text by column name.
        warnings: For each row a bit per code of `ROW_WARNINGS`.
    """

    table: pa.Table
    faults: Faults
    texts: dict[str, Texts]
    warnings: np.ndarray

    def without(self, rows: np.ndarray) -> "TypedBatch":
        """Return the batch without some rows, by their mask."""
        texts = {name: column.without(rows) for name, column in self.texts.items()}
        return TypedBatch(self.table.filter(pa.array(~rows)), self.faults.without(rows), texts, self.warnings[~rows])


@dataclass(frozen=True)
class RowReader:
    """Converts batches of one entiteit to typed rows.

    Args:
        contract: The contract of the bron.
        entity: The entiteit.
        horizon: The last valid dates.
        pseudonymiser: Converts identifiers to pseudonyms.
    """

    contract: Contract
    entity: Entity
    horizon: Horizon
    pseudonymiser: Pseudonymiser

    def read(self, batch: Batch, bestand: str) -> TypedBatch:
        """Type, check and pseudonymise a batch.

        Args:
            batch: Delivered text.
            bestand: Name of its file.
        """
        entity, faults = self.entity, Faults(batch.rows)
        texts = {
            column.name: Texts.of(batch.columns[column.name]) if column.name in batch.columns else Texts.absent(batch.rows)
            for column in read_columns(entity)
        }
        given = texts | self._open_ends(texts)
        check_required(entity, given, faults)
        values, noted = self._values(given, faults)
        check_allowed_by(entity, values, noted)
        check_vestiging(entity, values, faults)
        check_periods(entity, values, faults)
        identifiers = check_identifiers(entity, texts, faults, restores_zeros=self.contract.restores_zeros)
        barred = []
        for column in entity.columns:
            if column.is_identifier:
                numbers = identifiers.numbers[column.name]
                values[column.name] = self.pseudonymiser.column(column.kind, numbers)
                barred.append(self.pseudonymiser.are_barred(column.kind, numbers))
            elif column.kind == "nummer":
                values[column.name] = self._number(values[column.name], identifiers)
        warnings = identifiers.warnings | noted
        typed = TypedBatch(self._table(values, warnings, faults, batch, bestand), faults, texts, warnings)
        gone = [mask for mask in barred if mask is not None and mask.any()]
        return typed.without(np.logical_or.reduce(gone)) if gone else typed

    def _number(self, numbers: Any, identifiers: Identifiers) -> Any:
        """Replace the numbers that could be an identifier by a pseudonym, which is the same in every row that names the record."""
        mask = could_identify(numbers, identifiers.numbers.values())
        if not mask.any():
            return numbers
        chosen = pa.array(mask)
        return pc.if_else(chosen, self.pseudonymiser.column("nummer", pc.if_else(chosen, numbers, None)), numbers)

    def _open_ends(self, texts: dict[str, Texts]) -> dict[str, Texts]:
        """Return the columns with an end date, with an empty text where the source says that it knows none."""
        contract = self.contract
        columns = [(column.name, texts[column.name]) for column in self.entity.columns if column.is_open_end]
        return {
            name: Texts(without_no_end(given.distinct, contract.date_formats, contract.no_end), given.indices) for name, given in columns
        }

    def _values(self, texts: dict[str, Texts], faults: Faults) -> tuple[dict[str, Any], np.ndarray]:
        """Return the values of the columns, and for each row the bits of what was noted of them."""
        values: dict[str, Any] = {}
        noted = np.zeros(len(faults.rank), dtype=np.uint8)
        for place, column in enumerate(self.entity.columns):
            if column.name not in texts or column.is_identifier:
                continue
            given = texts[column.name]
            typed = convert(column, given.distinct, self.contract.date_formats, self.horizon)
            values[column.name] = given.per_row(typed.values)
            for code, mask in typed.faults.items():
                rows = given.mask_rows(mask)
                if code not in ROW_WARNINGS:
                    faults.mark(rows, code, place, in_key=column.key)
                elif rows is not None:
                    noted[rows] |= warning_bit(code)
        return values, noted

    def _table(self, values: dict[str, Any], warnings: np.ndarray, faults: Faults, batch: Batch, bestand: str) -> pa.Table:
        schema = self.entity.lake_schema
        added = {
            "sleutel": self._key(values, faults),
            "mutatiemoment": self._moment(values, batch.rows),
            "bestand": pa.repeat(pa.scalar(bestand), batch.rows),
            "rijnummer": pa.array(np.arange(batch.first, batch.first + batch.rows, dtype=np.int64)),
            "waarschuwingen": WARNING_LISTS.take(pa.array(warnings)),
        }
        delivered = {column.lake_name: values[column.name] for column in read_columns(self.entity)}
        return pa.table([(delivered | added)[name] for name in schema.names], schema=schema)

    def _key(self, values: dict[str, Any], faults: Faults) -> Any:
        parts = [values[column.name].cast(pa.string()) for column in self.entity.key]
        key = pc.binary_join_element_wise(*parts, "|", null_handling="replace", null_replacement="")
        return pc.if_else(pa.array(faults.key_unreadable), None, key) if faults.key_unreadable.any() else key

    def _moment(self, values: dict[str, Any], rows: int) -> Any:
        """Return the mutation moment of each row; null if unreadable."""
        if not self.entity.mutation_moment:
            return pa.nulls(rows, pa.timestamp("us"))
        day, *time = (values[name] for name in self.entity.mutation_moment)
        moment = day.cast(pa.timestamp("us")).cast(pa.int64())
        if time:
            moment = pc.add(moment, time_of_day(time[0]))
        return moment.cast(pa.timestamp("us"))
