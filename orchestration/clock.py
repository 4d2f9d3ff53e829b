"""The clock of all that is written and judged, which a test can set.

Put here: the current instant. Keep out: its form in a file.
"""

from datetime import UTC, datetime


def now() -> datetime:
    """Return the current instant, in UTC."""
    return datetime.now(UTC)
