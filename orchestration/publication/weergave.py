"""Formats a figure for a Dutch reader: the only place with thousands dots, decimal commas and CBS's signs.

Put here: formatting a value. Keep out: parsing printed figures (`printed.py`), and deciding what is withheld.
"""

from decimal import ROUND_HALF_UP, Decimal

NOT_AVAILABLE = "."
NOT_APPLICABLE = "-"
SECONDARY = "x"
ROUNDED = "afgerond"
ABOUT = "ca. "  # prefix of a rounded figure, which a screen reader reads aloud correctly

DECIMALS = 2
ROUNDED_TO = 5
SIGNS = {
    "onderdrukt_secundair": SECONDARY,
    "onderdrukt": SECONDARY,  # of releases with contract version 1
    "niet_beschikbaar": NOT_AVAILABLE,
    "niet_van_toepassing": NOT_APPLICABLE,
}


def weergave(
    status: str, waarde: int | None, percentage: Decimal | None, eenheid: str, threshold: int, rounded_to: int = ROUNDED_TO
) -> str:
    """Format a figure as a report prints it.

    Args:
        status: The figure's status, as published.
        waarde: The count; None if the figure is a rate.
        percentage: The rate, the median or the percentage; None if the figure is a count. A rounded one is shown with its own decimals.
        eenheid: The figure's unit; only `procent` carries a sign.
        threshold: Counts below this are withheld: `5` gives `<5`.
        rounded_to: What counts are rounded to: a rounded 0 is `0–4` if it is 5.

    Raises:
        ValueError: Unknown status, or a published figure with no value or two.
    """
    if status == "onderdrukt_primair":
        return f"<{threshold}"
    if status in SIGNS:
        return SIGNS[status]
    if status == ROUNDED and waarde == 0:
        return f"0–{rounded_to - 1}"
    about = ABOUT if status == ROUNDED else ""
    if status not in ("gepubliceerd", ROUNDED):
        raise ValueError(f"onbekende status: {status}")
    if waarde is not None and percentage is None:
        return about + count(waarde)
    if percentage is not None and waarde is None:
        decimals = -int(percentage.as_tuple().exponent) if about else DECIMALS
        return about + decimal(percentage, decimals) + ("%" if eenheid == "procent" else "")
    raise ValueError("een gepubliceerd cijfer is óf een aantal óf een percentage")


def plain(value: Decimal) -> str:
    """Format a figure of somebody else with the decimals that it needs, as we do not round it: `27`, `1,8`."""
    return f"{value.normalize():f}".replace(".", ",")


def count(value: int) -> str:
    """Format an integer with dots between the thousands: `10.478`."""
    return f"{value:,}".replace(",", ".")


def decimal(value: Decimal, decimals: int) -> str:
    """Format a number with a decimal comma, rounded half away from zero: `1.234,50`."""
    return f"{round_half_away(value, decimals):,}".translate(str.maketrans(",.", ".,"))


def signed(value: Decimal) -> str:
    """Format a difference with its sign, an integer without decimals: `+1`, `-0,01`."""
    text = count(int(value)) if value == value.to_integral_value() else decimal(value, 2)
    return f"+{text}" if value > 0 else text


def round_half_away(value: Decimal, decimals: int) -> Decimal:
    """Round half away from zero, the only rounding rule for published figures."""
    return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
