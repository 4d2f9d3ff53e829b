"""Tables on a screen of any width: no word is broken, nothing is lost, and a record is one line where there is no terminal."""

import io

from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from orchestration.screen import GAP, fit, print_table

WORDS = st.text(st.characters(categories=["L", "N"], max_codepoint=0x24F), min_size=1, max_size=14)
CELLS = st.lists(WORDS, max_size=6).map(" ".join)
TABLES = st.integers(1, 6).flatmap(lambda size: st.tuples(st.lists(WORDS, min_size=size, max_size=size), st.lists(st.lists(CELLS, min_size=size, max_size=size), max_size=5)))  # fmt: skip  # noqa: E501


def shown(width: int, headers: list[str], rows: list[list[str]], *, terminal: bool = True) -> list[str]:
    console = Console(file=io.StringIO(), width=width, force_terminal=terminal, no_color=True, highlight=False, color_system=None)
    print_table(console, headers, rows)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue().splitlines()


@given(TABLES, st.integers(20, 120))
def test_every_word_is_whole_on_any_width(table: tuple[list[str], list[list[str]]], width: int):
    headers, rows = table
    lines = shown(width, headers, rows)
    words = [word for line in lines for word in line.split()]
    for cell in (cell for row in rows for cell in row):
        for word in cell.split():
            assert word in words
    longest = max(map(len, words), default=0)
    assert all(len(line) <= max(width, max(map(len, headers)) + GAP + longest) for line in lines)


@given(TABLES)
def test_without_a_terminal_each_record_is_one_line(table: tuple[list[str], list[list[str]]]):
    headers, rows = table
    broken = [[f"{cell}\nverder" for cell in row] for row in rows]
    lines = shown(1_000_000, headers, broken, terminal=False)
    assert len(lines) == 2 + len(rows)
    for row, line in zip(rows, lines[2:], strict=True):
        assert line.split() == [word for cell in row for word in (*cell.split(), "verder")]


def test_what_is_left_goes_to_the_columns_that_need_little():
    assert fit([5, 5], [8, 50], 40) == [8, 30]
    assert fit([5, 5], [8, 9], 40) == [8, 9]
    assert fit([5, 5], [8, 9], 12) == [5, 5]
    assert fit([5, 5], [8, 9], 11) == []


def test_numbers_are_aligned_right_and_too_narrow_is_a_block_per_record():
    assert shown(40, ["naam", ">aantal"], [["a", "1"], ["b", "10"]])[2:] == ["a          1", "b         10"]
    assert shown(8, ["naam", ">aantal"], [["a", "1"]]) == ["naam    a", "aantal  1", ""]
