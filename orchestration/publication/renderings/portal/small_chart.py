"""Draws the small chart of a key figure as SVG, without script or style: a column per schooljaar, with its figure above it.

Put here: the drawing, and its text. Keep out: which figures it shows (`headlines.py`), and its colours (`portal.css`).
"""

from collections.abc import Sequence

from markupsafe import Markup

from orchestration.publication.extract import Row
from orchestration.publication.renderings.series import size_of
from orchestration.publication.weergave import ABOUT

STEP = 50  # fits `10.478`
COLUMN = 34
HIGH = 56  # of the largest column
LINE = 12
ABOVE, BELOW = 6 + 2 * LINE, 20  # for the figure, with ca. above it, and for the schooljaar


def draw(name: str, rows: Sequence[Row]) -> Markup:
    """Draw the schooljaren of one figure, which release gives them; a withheld one has its sign and no column.

    Args:
        name: What the figure is called.
        rows: The published rows, earliest first; the last one stands out.

    Returns:
        The `svg` element; empty if there is nothing to compare.
    """
    sizes = [size_of(row) for row in rows]
    most = max((size for size in sizes if size is not None), default=0)
    if len(rows) < 2 or not most:
        return Markup("")
    columns = Markup("").join(
        _column(at, row, round(HIGH * size / most, 1) if size else 0, is_last=row is rows[-1])
        for at, (row, size) in enumerate(zip(rows, sizes, strict=True))
    )
    broken = Markup("").join(_break(at) for at, row in enumerate(rows) if at and row["trendbreuk"])
    told = ", ".join(
        f"{row['schooljaar']} {row['weergave']}{' (trendbreuk)' if at and row['trendbreuk'] else ''}" for at, row in enumerate(rows)
    )
    width, height = STEP * len(rows), ABOVE + HIGH + BELOW
    attributes = Markup('class="staafjes" width="{}" height="{}" viewBox="0 0 {} {}" role="img" aria-label="{}"').format(
        width, height, width, height, f"{name}: {told}."
    )
    return Markup("<svg {}>{}{}</svg>").format(attributes, columns, broken)


def _column(at: int, row: Row, height: float, *, is_last: bool) -> Markup:
    middle, foot = at * STEP + STEP // 2, ABOVE + HIGH
    short = f"{row['schooljaar'][2:4]}-{row['schooljaar'][-2:]}"
    bar = Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>').format(
        "nu" if is_last else "toen", middle - COLUMN // 2, f"{foot - height:g}", COLUMN, f"{height:g}"
    )
    year = Markup('<text class="jaar" x="{}" y="{}">{}</text>').format(middle, foot + 15, short)
    return Markup("{}{}{}").format(bar if height else "", _figure(row, middle, foot - height - 5, is_last=is_last), year)


def _figure(row: Row, x: int, y: float, *, is_last: bool) -> Markup:
    """Write the figure of a column, with what stands before a rounded one on a line of its own."""
    about, key = ABOUT if row["weergave"].startswith(ABOUT) else "", f"{row['gemeente_code']} {row['schooljaar']} {row['indicator']}"
    line = Markup('<tspan x="{}" y="{}">{}</tspan>')
    above = line.format(x, f"{y - LINE:g}", about) if about else ""
    return Markup('<text class="{}" data-cijfer="{}">{}{}</text>').format(
        "cijfer-nu" if is_last else "cijfer-toen", key, above, line.format(x, f"{y:g}", row["weergave"].removeprefix(about))
    )


def _break(at: int) -> Markup:
    return Markup('<line class="breuk" x1="{0}" x2="{0}" y1="0" y2="{1}"/>').format(at * STEP, ABOVE + HIGH)
