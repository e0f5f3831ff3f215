"""Tables for terminals, laid out so that people can select and copy ids, paths and URLs in one piece.

Such a text is neither cut nor broken. If it is too long for its column, the rest of its row follows on the next line;
if it is too long for the terminal, the terminal itself wraps it, and leaves that break out of copied text. Prose is
broken between words, and other texts are cut.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from .failures import escape_controls

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from rich.text import Text

_GAP = "  "
_MAX_WORD_CELLS = 40  # a column of prose stays wide enough for words of this length


@dataclass(frozen=True)
class Column:
    """A column of a table. By default, a text that is too long for a terminal is cut, with "…" at its end.

    Attributes:
        title: Heading.
        read: Function that returns the text of the column for a row; None and ``""`` leave it empty.
        align: Side on which the texts are aligned.
        style: Style of Rich, such as ``bold`` or ``dim``.
        keep: Whether the text is always shown in one piece, since people copy it: an id, a path, a URL.
        wraps: Whether the text is prose, which continues on further lines of the column; words stay whole.
    """

    title: str
    read: Callable[[Any], str | None]
    align: Literal["left", "right"] = "left"
    style: str = ""
    keep: bool = False
    wraps: bool = False


def make_table(rows: Sequence[Any], columns: Sequence[Column], width: int, *, with_header: bool) -> Text:
    """Return a table, to be printed without wrapping by Rich.

    Args:
        rows: Rows for the columns to read; control characters in their texts are escaped.
        columns: Columns.
        width: Width of the terminal in cells. Only words, and texts that must stay whole, may make a line longer.
        with_header: Whether the titles of the columns come first.
    """
    from rich.text import Text

    cells = [[escape_controls(column.read(row) or "") for column in columns] for row in rows]
    widths = _find_widths(cells, columns, width)
    table = Text()
    if with_header:
        titles = [column.title for column in columns]
        _append_line(table, titles, columns, widths, ["dim"] * len(columns))
    for texts in cells:
        for line in _make_lines(texts, columns, widths):
            _append_line(table, line, columns, widths, [column.style for column in columns])
    table.right_crop(1)  # printing adds the last line break
    return table


def _find_widths(cells: Sequence[Sequence[str]], columns: Sequence[Column], width: int) -> list[int]:
    """Return the width of each column in cells: that of its longest text, or less if the terminal is too narrow."""
    from rich.cells import cell_len

    titles = [cell_len(column.title) for column in columns]
    widths = [max([title, *(cell_len(texts[number]) for texts in cells)]) for number, title in enumerate(titles)]
    kept = [number for number, column in enumerate(columns) if column.keep]
    prose = [number for number, column in enumerate(columns) if column.wraps]
    others = [number for number, column in enumerate(columns) if not column.keep and not column.wraps]

    def narrow(numbers: Sequence[int], least: int) -> None:
        while sum(widths) + len(_GAP) * (len(columns) - 1) > width:
            wide = [number for number in numbers if widths[number] > max(least, titles[number])]
            if not wide:
                break
            widths[max(wide, key=lambda number: widths[number])] -= 1

    for number in prose:
        words = (cell_len(word) for texts in cells for word in texts[number].split(" "))
        narrow([number], max(24, min(max(words, default=0), _MAX_WORD_CELLS)))
    # First the columns that lose nothing. An id has 24 cells.
    for numbers, least in ((kept, 32), (kept[:1], 8), (kept, 24), (prose, 12), (others, 1), (kept, 1)):
        narrow(numbers, least)
    return widths


def _make_lines(texts: Sequence[str], columns: Sequence[Column], widths: Sequence[int]) -> Iterator[Sequence[str]]:
    """Yield the lines of a row, each with a text for every column."""
    from rich.cells import cell_len, set_cell_size

    parts: list[list[str]] = [[] for _ in columns]  # of each column, from top to bottom
    for number, (text, column, width) in enumerate(zip(texts, columns, widths, strict=True)):
        if cell_len(text) <= width:
            parts[number] = [text]
        elif column.wraps:
            parts[number] = _wrap(text, width)
        elif not column.keep:
            parts[number] = [set_cell_size(text, width - 1) + "…"]
        else:
            parts[number] = [text]
            if any(texts[number + 1 :]):
                yield from _join_lines(parts)
                parts = [[] for _ in columns]
    yield from _join_lines(parts)


def _join_lines(parts: Sequence[Sequence[str]]) -> Iterator[Sequence[str]]:
    for number in range(max(map(len, parts))):
        yield [lines[number] if number < len(lines) else "" for lines in parts]


def _wrap(text: str, width: int) -> list[str]:
    """Break prose between words; a word that is too long stays whole. Later lines are indented like the first."""
    from rich.cells import cell_len

    indent = text[: len(text) - len(text.lstrip(" "))]
    first, *words = text.removeprefix(indent).split(" ")
    lines = [indent + first]
    for word in words:
        if cell_len(lines[-1]) + 1 + cell_len(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(indent + word)
    return lines


def _append_line(
    table: Text, texts: Sequence[str], columns: Sequence[Column], widths: Sequence[int], styles: Sequence[str]
) -> None:
    from rich.cells import cell_len

    last = max((number for number, text in enumerate(texts) if text), default=-1)  # after it, nothing is padded
    for number in range(last + 1):
        blanks = " " * max(0, widths[number] - cell_len(texts[number]))
        if columns[number].align == "right":
            table.append(blanks)
        table.append(texts[number], styles[number] or None)
        if number < last:
            table.append((blanks if columns[number].align == "left" else "") + _GAP)
    table.append("\n")
