"""Words that alarms, the page and the screen share: moments, periods and numbers, in Dutch.

Put here: how one value is written. Keep out: sentences about the lake (`causes.py`, `document.py`).
"""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

TIMEZONE = ZoneInfo("Europe/Amsterdam")
MONTHS = ["januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"]
OWN_NAME = re.compile(r"\d{8}T\d{6}Z?([._-]\d+)?")  # of a delivery, as `leerplicht deliver` makes it


def day(moment: datetime) -> str:
    """Return the day of a moment."""
    at = moment.astimezone(TIMEZONE)
    return f"{at.day} {MONTHS[at.month - 1]} {at.year}"


def at(moment: datetime) -> str:
    """Return a moment."""
    return f"{day(moment)} om {moment.astimezone(TIMEZONE):%H:%M} uur"


def period(length: timedelta) -> str:
    """Return a length of time: days, hours, minutes or seconds, whichever is the largest that fits."""
    seconds = round(length.total_seconds())
    for size, one, more in ((86_400, "dag", "dagen"), (3_600, "uur", "uur"), (60, "minuut", "minuten")):
        if seconds >= 2 * size or seconds == size:
            number = seconds // size
            return f"{number} {one if number == 1 else more}"
    return f"{seconds} seconden"


def number(count: int, one: str, more: str) -> str:
    """Return a number with its noun."""
    return f"{count} {one if count == 1 else more}"


def own_name(levering: str) -> str:
    """Return the name of a delivery if its form says that it is a moment; empty otherwise: somebody else chose it."""
    return levering if OWN_NAME.fullmatch(levering) else ""
