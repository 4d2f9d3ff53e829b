"""Names codes, sources and dates for a Dutch reader, where a release holds only the code.

Put here: labels for the codes of a release. Keep out: labels that a release holds itself (`indicatoren`), and formatting of numbers
(`weergave.py`).
"""

from collections.abc import Sequence
from datetime import date, datetime

from expectations import contract, reference
from orchestration.publication.extract import Row
from orchestration.publication.manifest import TIMEZONE

MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december",
)  # fmt: skip
SHORT = {"maart": "mrt"}  # the others are cut after three letters


def value(row: Row) -> str:
    """Name the value of a breakdown that a row has; its code, if the release is from before values had names."""
    return str(row.get("uitsplitsing_label", row["uitsplitsing_waarde"]))


def month(number: str) -> str:
    """Name a month by its number, the last part of a code such as `2024-09`."""
    return MONTHS[int(number) - 1]


def short_month(name: str) -> str:
    """Abbreviate the name of a month: `mrt`."""
    return SHORT.get(name, name[:3])


def day(moment: date) -> str:
    """Format a date: `1 oktober 2024`."""
    return f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}"


def day_of(moment: datetime) -> str:
    """Format the date of an instant in the Netherlands."""
    return day(moment.astimezone(TIMEZONE).date())


def listed(words: Sequence[str]) -> str:
    """Join words into a list: `Hengelo, Borne en Regio`."""
    return " en ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def sources(bron: str) -> list[str]:
    """Name the sources of a figure, given as `duo+monitor`."""
    return [contract.load(one).short_name if one in contract.BRONNEN else one for one in reference.parts(bron)]


def area(name: str, code: str) -> str:
    """Name an area for use in a sentence: `Hengelo`, `de regio`."""
    return "de regio" if code == "regio" else name
