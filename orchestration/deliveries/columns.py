"""One column: delivered text → values of the lake's type, or a reason code.

Put here: the accepted forms of each kind of column (date, time, decimal, BRIN, …). Keep out: rules that need another column (`checks.py`)
and identifiers (`identifiers.py`). All functions take distinct texts: a year of meldingen has only some hundreds of different dates.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from expectations.contract import Column
from orchestration.deliveries.arrow import as_mask, pc

FIRST_DAY = date(1990, 1, 1)
BRIN = r"^[0-9]{2}[A-Z]{2}$"
VESTIGING = r"^[0-9]{1,2}$"
VESTIGING_WITH_BRIN = r"^[0-9]{2}[A-Z]{2}[0-9]{2}$"
TIME = r"^([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,3})?$"
NUMBER = r"^[A-Za-z]{0,2}(-?[0-9]{1,15}){1,3}$"  # of a record of a source: two letters are no name
DECIMAL = r"^[0-9]{1,4}([.,][0-9]{1,30})?$"  # four are kept after the point: together they cannot be an identifier
BEYOND_DECIMAL = r"^([0-9]+\.[0-9]{4})[0-9]+$"
LONGEST_NUMBER = 15
UNPADDED = "%-d-%-m-%Y"  # also read with zeros
FORMS = {"%Y": "jjjj", "%m": "mm", "%d": "dd", "%-m": "m", "%-d": "d"}
# in English and Dutch, as Excel writes them
SPREADSHEET_ERRORS = (
    *("#N/A", "#DIV/0!", "#REF!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#GETTING_DATA"),
    *("#N/B", "#DEEL/0!", "#VERW!", "#WAARDE!", "#NAAM?", "#GETAL!", "#LEEG!"),
)
NO_RESULT = "#GEEN_UITKOMST"  # what a reader gives for a formula without a result
SCHOOLJAAR = r"^(?P<eerste>[0-9]{4})(?:-| ?/ ?)(?P<tweede>[0-9]{4})$"


@dataclass(frozen=True)
class Horizon:
    """The last valid dates for a kennisdatum: of end dates, and of all other dates."""

    ordinary: date
    end: date

    @classmethod
    def of(cls, day: date) -> "Horizon":
        """Return the horizon of a day: one year later, for end dates 20 years; 29 February becomes 1 March."""
        return cls(_years_later(day, 1), _years_later(day, 20))


@dataclass(frozen=True)
class Texts:
    """A delivered column, trimmed.

    Args:
        distinct: Its texts; not necessarily unique.
        indices: For each row the position of its text in `distinct`; None if `distinct` has one text per row.
    """

    distinct: Any
    indices: Any | None

    @classmethod
    def of(cls, delivered: Any) -> "Texts":
        """Trim a delivered column."""
        if isinstance(delivered, pa.DictionaryArray):
            return cls(pc.utf8_trim_whitespace(delivered.dictionary), delivered.indices)
        return cls(pc.utf8_trim_whitespace(delivered), None)

    @classmethod
    def absent(cls, rows: int) -> "Texts":
        """Return a column that was not delivered: empty in every row."""
        return cls(pa.array([""]), pa.array(np.zeros(rows, dtype=np.int32)))

    def per_row(self, values: Any) -> Any:
        """Convert values of the distinct texts to values of the rows."""
        return values if self.indices is None else values.take(self.indices)

    def mask_rows(self, distinct: np.ndarray) -> np.ndarray | None:
        """Convert a mask of the distinct texts to a mask of the rows; None if it is empty."""
        if not distinct.any():
            return None
        return distinct if self.indices is None else distinct[self.indices.to_numpy()]

    def without(self, rows: np.ndarray) -> "Texts":
        """Return the column without some rows, by their mask."""
        kept: Any = pa.array(~rows)
        return Texts(self.distinct.filter(kept), None) if self.indices is None else Texts(self.distinct, self.indices.filter(kept))

    def take(self, rows: Any) -> list[str]:
        """Return the texts of some rows."""
        return list(self.distinct.take(rows if self.indices is None else self.indices.take(rows)).to_pylist())


@dataclass(frozen=True)
class Typed:
    """The distinct texts of a column, typed.

    Args:
        values: Of the lake's type; null if the text is empty or invalid.
        faults: Reason code → mask of the distinct texts. A date out of range has a fault and a value; some codes are warnings.
    """

    values: Any
    faults: dict[str, np.ndarray]


def convert(column: Column, texts: Any, date_formats: tuple[str, ...], horizon: Horizon) -> Typed:
    """Convert the distinct texts of one column to its type; not for identifiers.

    Args:
        column: The contract's column.
        texts: Trimmed texts without nulls; an empty text is a missing value.
        date_formats: `strptime` formats.
        horizon: The last valid dates.
    """
    if column.kind == "date":
        return _dates(column, texts, date_formats, horizon.end if column.is_end_date else horizon.ordinary)
    if column.kind == "vestiging":
        return _vestigingen(texts)
    if column.kind == "nummer":
        return _numbers(texts)
    values, fault = _READ[column.kind](texts)
    wrong = pc.and_(pc.is_null(values), pc.not_equal(texts, ""))
    unread = as_mask(wrong)
    if column.allowed:
        wrong = pc.or_(wrong, pc.and_(pc.is_valid(values), pc.invert(pc.is_in(values, pa.array(column.allowed)))))
    if column.pattern:
        wrong = pc.or_(wrong, pc.fill_null(pc.invert(pc.match_substring_regex(values, column.pattern)), False))
    mask = as_mask(wrong)
    kept = pc.if_else(wrong, None, values) if mask.any() else values
    if column.empty_if_other:
        strange = mask if column.allowed else mask & ~unread  # a code is a code: what a spreadsheet could not compute is none either
        return Typed(kept, {fault: mask & ~strange, column.empty_if_other: strange})
    return Typed(kept, {"code_onbekend" if column.allowed or column.pattern else fault: mask})


def read_dates(texts: Any, formats: tuple[str, ...]) -> Any:
    """Parse dates; null if invalid. Each date is formatted again and compared, as pyarrow parses 30 February as 2 March."""
    found = pa.nulls(len(texts), pa.date32())
    for form in formats:
        given = texts
        if form == UNPADDED:
            for short, padded in ((r"^(\d)-", r"0\1-"), (r"^(\d\d)-(\d)-", r"\1-0\2-")):
                given = pc.replace_substring_regex(given, short, padded)
        moments = pc.strptime(given, format=form.replace("%-", "%"), unit="s", error_is_null=True)
        same = pc.equal(pc.strftime(moments, format=form.replace("%-", "%")), given)
        same = pc.and_(same, pc.greater_equal(moments.cast(pa.date32()), pa.scalar(date.min)))  # not the year 0
        found = pc.coalesce(found, pc.if_else(pc.fill_null(same, False), moments.cast(pa.date32()), None))
    return found


def without_no_end(texts: Any, formats: tuple[str, ...], no_end: tuple[date, ...]) -> Any:
    """Return dates with an empty text for those that mean "no end known"."""
    return pc.if_else(pc.is_in(read_dates(texts, formats), pa.array(no_end, pa.date32())), "", texts)


def complete_dates(texts: Any, formats: tuple[str, ...]) -> Any:
    """Return dates with 1 July for a day and month that are zero, and the 15th for a day that is, each in its own form."""
    for form in formats:
        zero, some = ("0{1,2}", "[0-9]{1,2}") if form == UNPADDED else ("00", "[0-9]{2}")
        for month, filled in ((zero, {"m": "07", "d": "01"}), (f"({some})", {"d": "15"})):
            kept = [sign for sign in form if sign in "Ymd" and sign not in filled]
            groups = {sign: rf"\{place}" for place, sign in enumerate(kept, start=1)}
            given = _filled(form, {"Y": "([0-9]{4})", "m": month, "d": zero})
            texts = pc.replace_substring_regex(texts, f"^{given}$", _filled(form, groups | filled))
    return texts


def _filled(form: str, by: dict[str, str]) -> str:
    """Return a `strptime` format with a text for each of its signs."""
    form = form.replace("%-", "%")
    for sign, text in by.items():
        form = form.replace(f"%{sign}", text)
    return form


def date_forms(formats: tuple[str, ...]) -> str:
    """Return the accepted forms of a date in Dutch: `jjjj-mm-dd of jjjjmmdd`."""
    found = []
    for form in formats:
        for sign, name in FORMS.items():
            form = form.replace(sign, name)
        found.append(form)
    return " of ".join(found)


def time_of_day(values: Any) -> Any:
    """Convert times in the lake's form (HH:MM:SS.mmm) to microseconds since midnight."""
    number = [pc.utf8_slice_codeunits(values, start, stop).cast(pa.int64()) for start, stop in ((0, 2), (3, 5), (6, 8), (9, 12))]
    seconds = pc.add(pc.add(pc.multiply(number[0], 3600), pc.multiply(number[1], 60)), number[2])
    return pc.add(pc.multiply(seconds, 1_000_000), pc.multiply(number[3], 1000))


def _dates(column: Column, texts: Any, formats: tuple[str, ...], last: date) -> Typed:
    whole = complete_dates(texts, formats) if column.may_be_incomplete else texts
    values = read_dates(whole, formats)
    invalid = pc.and_(pc.is_null(values), pc.not_equal(texts, ""))
    outside = pc.or_(pc.less(values, pa.scalar(FIRST_DAY)), pc.greater(values, pa.scalar(last)))
    faults = {"datum_ongeldig": as_mask(invalid), "datum_buiten_bereik": as_mask(outside)}
    if column.may_be_incomplete:
        faults[f"{column.name}_onvolledig"] = as_mask(pc.and_(pc.is_valid(values), pc.not_equal(whole, texts)))
    return Typed(values, faults)


def _vestigingen(texts: Any) -> Typed:
    """Return two digits, `00` for an empty text; six characters are left for `checks.check_vestiging`, which compares the BRIN."""
    bare = pc.or_(pc.equal(texts, ""), pc.match_substring_regex(texts, VESTIGING))
    whole = pc.match_substring_regex(texts, VESTIGING_WITH_BRIN)
    values = pc.if_else(bare, pc.ascii_lpad(texts, 2, "0"), pc.if_else(whole, texts, None))
    return Typed(values, {"code_onbekend": as_mask(pc.is_null(values))})


def _texts(texts: Any) -> tuple[Any, str]:
    return pc.if_else(pc.is_in(texts, pa.array(["", *SPREADSHEET_ERRORS, NO_RESULT])), None, texts), "waarde_onleesbaar"


def _numbers(texts: Any) -> Typed:
    values, fault = _texts(texts)
    unread = as_mask(pc.and_(pc.is_null(values), pc.not_equal(texts, "")))
    plain = pc.all(pc.ascii_is_decimal(values)).as_py() is not False  # most columns: much faster than the pattern
    if plain and (pc.max(pc.binary_length(values)).as_py() or 0) <= LONGEST_NUMBER:
        return Typed(values, {fault: unread})
    formed = pc.match_substring_regex(values, NUMBER)
    other = as_mask(pc.invert(formed))
    return Typed(pc.if_else(formed, values, None) if other.any() else values, {fault: unread, "code_onbekend": other})


def _brins(texts: Any) -> tuple[Any, str]:
    return pc.if_else(pc.match_substring_regex(texts, BRIN), texts, None), "code_onbekend"


def _times(texts: Any) -> tuple[Any, str]:
    values = pc.if_else(pc.match_substring_regex(texts, TIME), texts, None)
    dotted = pc.if_else(pc.equal(pc.utf8_length(values), 8), pc.binary_join_element_wise(values, pa.scalar("."), ""), values)
    return pc.ascii_rpad(dotted, 12, "0"), "datum_ongeldig"


def _decimals(texts: Any) -> tuple[Any, str]:
    """Return decimals with four digits, truncated and not rounded: 15,99999 hours stay under 16."""
    values = pc.if_else(pc.match_substring_regex(texts, DECIMAL), pc.replace_substring(texts, ",", "."), None)
    values = pc.replace_substring_regex(values, BEYOND_DECIMAL, r"\1")
    return values.cast(pa.decimal128(12, 4)), "getal_ongeldig"


def _schooljaren(texts: Any) -> tuple[Any, str]:
    years = pc.extract_regex(texts, SCHOOLJAAR)
    first, second = (pc.struct_field(years, name) for name in ("eerste", "tweede"))
    follows = pc.equal(pc.add(first.cast(pa.int32()), 1), second.cast(pa.int32()))
    return pc.if_else(pc.fill_null(follows, False), pc.binary_join_element_wise(first, second, "-"), None), "code_onbekend"


_READ: dict[str, Callable[[Any], tuple[Any, str]]] = {
    "text": _texts,
    "brin": _brins,
    "time": _times,
    "decimal": _decimals,
    "schooljaar": _schooljaren,
}


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
