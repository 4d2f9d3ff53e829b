"""What dbt's cross-database macros render to, for the linter alone: sqlfluff's own templater knows `ref`, `source` and `var`, no more.

The dbt templater would know them all, but opens the warehouse and takes a minute.
"""


def type_string() -> str:
    """Text."""
    return "varchar"


def dateadd(datepart: str, interval: int, from_date_or_timestamp: str) -> str:
    """A date a number of parts later."""
    return f"({from_date_or_timestamp} + {interval} * interval '1 {datepart}')"


def datediff(first_date: str, second_date: str, datepart: str) -> str:
    """How many parts lie between two dates."""
    return f"date_diff('{datepart}', {first_date}, {second_date})"


def date_trunc(datepart: str, date: str) -> str:
    """The first moment of the part in which a date lies."""
    return f"date_trunc('{datepart}', {date})"


def split_part(string_text: str, delimiter_text: str, part_number: int) -> str:
    """One part of a text, from 1."""
    return f"split_part({string_text}, {delimiter_text}, {part_number})"


def listagg(measure: str, delimiter_text: str, order_by_clause: str) -> str:
    """The texts of a group, joined in order."""
    return f"string_agg({measure}, {delimiter_text} {order_by_clause})"
