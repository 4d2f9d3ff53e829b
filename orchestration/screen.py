"""Prints tables for a person: no word is ever broken, on a terminal of any width, and each record is one line in a pipe or a file.

A table that is too wide for the terminal becomes a block of lines per record: the name of each column, and its value.

Put here: that layout. Keep out: what is in a table (the `console*.py` of each step).
"""

from collections.abc import Iterable, Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

GAP = 2
Cell = str | Text


def print_table(
    console: Console, headers: Sequence[str], rows: Iterable[Sequence[Cell]], title: str = "", widths: Sequence[int] = ()
) -> None:
    """Print a table.

    Args:
        console: The terminal; what is no terminal gets each record on one line.
        headers: The names of the columns; one that begins with `>` is aligned right.
        rows: The records, as plain text, never as markup.
        title: A line above it.
        widths: The widths of the columns; by default what fits.
    """
    cells = [[_text(cell, whole=not console.is_terminal) for cell in row] for row in rows]
    names = [Text(header.removeprefix(">")) for header in headers]
    if title:
        console.print(Text(title, "italic"), soft_wrap=True)
    if not widths:
        columns = [[name, *(row[place] for row in cells)] for place, name in enumerate(names)]
        words = [longest_word(cell.plain for cell in column) for column in columns]
        widths = fit(words, [max(map(_line, column)) for column in columns], console.width)
    if not widths:
        _print_blocks(console, [name.plain for name in names], cells)
        return
    rights = [header.startswith(">") for header in headers]
    _print_row(console, names, widths, rights, is_header=True)
    console.print("─" * (sum(widths) + GAP * (len(widths) - 1)), soft_wrap=True)
    for row in cells:
        _print_row(console, row, widths, rights)


def _print_row(console: Console, row: Sequence[Text], widths: Sequence[int], rights: Sequence[bool], *, is_header: bool = False) -> None:
    """Print a row over as many lines as it needs; a header ends at the line below it."""
    wrapped = [list(cell.wrap(console, width)) for cell, width in zip(row, widths, strict=True)]
    height = max(map(len, wrapped))
    for number in range(height):
        line = Text()
        for lines, width, right in zip(wrapped, widths, rights, strict=True):
            place = number - (height - len(lines) if is_header else 0)
            part = lines[place].copy() if 0 <= place < len(lines) else Text()
            part.rstrip()
            line.append_text(Text(" " * (width - part.cell_len)) + part if right else part)
            line.append(" " * (0 if right else width - part.cell_len) + " " * GAP)
        line.rstrip()
        console.print(line, soft_wrap=True)


def fit(least: Sequence[int], most: Sequence[int], width: int) -> list[int]:
    """Divide a width over columns: each gets what its longest word needs, and the rest goes first to those that need little more.

    Args:
        least: The width of the longest word of each column.
        most: The width at which nothing of it wraps.
        width: The width of the terminal.

    Returns:
        The width of each column; nothing if the words do not fit.
    """
    left = width - sum(least) - GAP * (len(least) - 1)
    if left < 0:
        return []
    found = list(least)
    lacking = sorted(range(len(least)), key=lambda place: most[place] - least[place])
    for done, place in enumerate(lacking):
        more = min(most[place] - least[place], left // (len(lacking) - done))
        found[place] += more
        left -= more
    return found


def _print_blocks(console: Console, names: Sequence[str], rows: Iterable[Sequence[Text]]) -> None:
    label = max(map(len, names)) + GAP
    for row in rows:
        for name, cell in zip(names, row, strict=True):
            if cell.plain:
                value = cell.wrap(console, max(console.width - label, longest_word([cell.plain])))
                for number, line in enumerate(value):
                    console.print(Text.assemble((f"{'' if number else name:<{label}}", "dim"), line), soft_wrap=True)
        console.print()


def _text(cell: Cell, *, whole: bool) -> Text:
    text = Text(cell) if isinstance(cell, str) else cell
    return Text(" ".join(text.plain.splitlines()), text.style) if whole and "\n" in text.plain else text


def longest_word(texts: Iterable[str]) -> int:
    """Return the width of the longest word, at least 1."""
    return max((cell_len(word) for text in texts for word in text.split()), default=1)


def _line(text: Text) -> int:
    return max(map(cell_len, text.plain.splitlines()), default=0)
