"""The header of a table: which columns it has, and what would fit if it is another one than agreed.

A name from a file appears in a message only if the header is certainly a header, or if the name resembles a column of the contract: in a
file without a header the first line holds values. Otherwise its shape appears.

Put here: comparing names with a contract, and the sentences about a wrong layout. Keep out: reading a file.
"""

import difflib
from collections.abc import Iterable, Iterator, Sequence

from expectations.contract import Column, Entity
from orchestration.scrub import safe_text, shape

RESEMBLES = 0.75
SHOWN, LONGEST = 4, 30
SEPARATORS = {";": "puntkomma", ",": "komma", "\t": "tab", "|": "verticale streep"}
LINES = 20  # in which a header is looked for


def recognised(entity: Entity, header: Iterable[str]) -> list[Column | None]:
    """Return the column of the contract of each name of a header."""
    names = {name: column for column in entity.columns for name in (column.header, *column.aliases)}
    return [names.get(name.strip()) for name in header]


def fits(entity: Entity, header: Iterable[str]) -> bool:
    """Return whether a line is the header: most of the required columns are in it."""
    found = {column for column in recognised(entity, header) if column and column.required}
    return 2 * len(found) > sum(column.required for column in entity.columns)


def unknown(entity: Entity, header: Sequence[str]) -> Iterator[str]:
    """Yield the names that the contract does not know, each with the column that it resembles."""
    certain = fits(entity, header)
    for name, column in zip(header, recognised(entity, header), strict=True):
        if column is None:
            other = resembling(name, [column.header for column in entity.columns])
            shown = safe_text(name.strip(), LONGEST) if certain or other else shape(name.strip(), LONGEST)
            yield f"{shown or 'zonder naam'} (lijkt op {other})" if other else shown or "zonder naam"


def resembling(name: str, names: Iterable[str]) -> str | None:
    """Return the name that another one resembles most, apart from capitals, spaces and signs; None if it resembles none."""
    plain = {_plain(other): other for other in names}
    found = difflib.get_close_matches(_plain(name), plain, n=1, cutoff=RESEMBLES)
    return plain[found[0]] if found else None


def explain(entity: Entity, lines: Sequence[Sequence[str]], word: str = "regel", first: int = 1) -> str:
    """Return what the first line looked like, and which line would fit as the header.

    Args:
        entity: The entiteit.
        lines: The first lines of the file, as cells.
        word: What a line is called.
        first: The number of the first one.
    """
    later = next((number for number, cells in enumerate(lines[1:LINES], first + 1) if fits(entity, cells)), None)
    if later:
        return f"de kopregel staat op {word} {later}, en hoort de eerste te zijn"
    header = lines[0] if lines else ()
    if near := [name for name in unknown(entity, header) if "(lijkt op" in name]:
        return f"{word} {first} heeft {', '.join(near[:SHOWN])}"
    cells = [cell for cell in header if cell.strip()]
    known = sum(column is not None for column in recognised(entity, cells))
    if cells and known == len(cells):
        return ""
    looks = " | ".join(shape(cell.strip(), LONGEST) for cell in cells[:SHOWN]) + (" | …" if len(cells) > SHOWN else "")
    return f"{word} {first} heeft {len(cells)} kolommen, waarvan {known} in het contract" + ("" if known else f": {looks}" if looks else "")


def _plain(name: str) -> str:
    return "".join(sign for sign in name.casefold() if sign.isalnum())
