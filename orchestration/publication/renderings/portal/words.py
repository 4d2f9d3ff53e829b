"""How the portal says what a release holds as a code, beyond what all renderings say alike (`names.py`, `report_tables.py`).

Put here: words that only the portal needs. Keep out: labels of indicators and names of gemeenten: the release has those.
"""

from expectations import reference
from orchestration.publication.renderings import names
from orchestration.publication.report_tables import title_of

UNITS = {"per_1000": "per 1.000 jongeren"}


def table_name(code: str) -> str:
    """What a table is called: `verzuim_naar_soort` is "Verzuim naar soort"."""
    return title_of(code)


def breakdown_name(code: str) -> str:
    """What a breakdown is called: `mas_route` is "MAS-route"."""
    return reference.breakdowns()[code]["naam"] if code in reference.breakdowns() else code


def breakdown_value(breakdown: str, code: str) -> str:
    """What a value of a breakdown is called: `2024-09` of `maand` is "september 2024"; a code without a better word stands as it is."""
    year, _, month = code.partition("-")
    if breakdown == "maand" and year.isdecimal() and month.isdecimal() and 1 <= int(month) <= len(names.MONTHS):
        return f"{names.month(month)} {year}"
    return names.value(breakdown, code)


def unit_name(code: str) -> str:
    """What a unit is called: `per_1000` is "per 1.000 jongeren"."""
    return UNITS.get(code, code)


def source_name(code: str) -> str:
    """Which sources a figure comes from: `carel+duo` is "Carel en DUO"."""
    return names.listed(names.sources(code))
