"""Tables at any width: what people copy is in one piece, prose is broken between words, and the rest is cut."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from imagekitio.cli.base.failures import CONTROLS, escape_controls
from imagekitio.cli.base.tables import Column, make_table

from ..library import add_file
from ..terminal import open_terminal

if TYPE_CHECKING:
    from imagekitio import ImageKit

PATH, SIZE, NOTE, TYPE = range(4)
COLUMNS = (
    Column("path", lambda row: row[PATH], keep=True),
    Column("size", lambda row: row[SIZE], align="right"),
    Column("note", lambda row: row[NOTE], wraps=True),
    Column("type", lambda row: row[TYPE]),
)
LONG_PATH = f"/shop/{'with blanks and 日本語 ' * 5}.jpg"
LONG_URL = f"https://ik.imagekit.io/acme/{'a' * 80}.jpg?ik-s={'0' * 40}"


def print_lines(*rows: tuple[str, ...], width: int, columns: tuple[Column, ...] = COLUMNS) -> list[str]:
    return make_table(rows, columns, width, with_header=True).plain.split("\n")


def test_columns_are_as_wide_as_their_texts_and_nothing_is_padded_at_the_end() -> None:
    assert print_lines(("/a.jpg", "5 bytes", "new", ""), ("/日本.jpg", "26.2 MB", "", "image/jpeg"), width=80) == [
        "path          size  note  type",
        "/a.jpg     5 bytes  new",
        "/日本.jpg  26.2 MB        image/jpeg",
    ]


def test_a_path_too_long_for_its_column_has_a_line_of_its_own() -> None:
    row = (LONG_PATH, "5 bytes", "new", "image/jpeg")
    _, path, rest = print_lines(row, width=80)
    assert path == LONG_PATH
    assert rest.split() == ["5", "bytes", "new", "image/jpeg"]
    _, short, *_ = print_lines(("/a.jpg", "5 bytes", "new", "image/jpeg"), row, width=80)
    assert short.index("5 bytes") == rest.index("5 bytes")  # the columns stay where they are


def test_the_last_text_of_a_row_needs_no_line_of_its_own() -> None:
    columns = (Column("name", lambda row: row[0], keep=True), Column("url", lambda row: row[1], keep=True))
    assert print_lines(("url", LONG_URL), width=80, columns=columns)[1] == f"url   {LONG_URL}"


def test_prose_is_broken_between_words_and_continues_below() -> None:
    note = f"the beginning is {LONG_URL} and then there are words enough for a line or two"
    lines = print_lines(("/a.jpg", "5 bytes", note, ""), width=60)[1:]
    assert any(line.strip() == LONG_URL for line in lines)
    assert all(line.startswith(" " * 17) for line in lines[1:])
    assert " ".join(" ".join(lines).split()) == f"/a.jpg 5 bytes {note}"
    assert [line for line in lines if len(line) > 60 and LONG_URL not in line] == []


@pytest.mark.parametrize("note", ["", " " * 90, f"{'word ' * 20} ", "漢字" * 40, "no\u00a0break " * 10])
def test_prose_may_be_anything(note: str) -> None:
    lines = print_lines(("/a.jpg", "5 bytes", note, ""), ("/b ", "", "", ""), width=60)
    assert lines[0].split() == ["path", "size", "note", "type"]
    assert lines[-1] == "/b "
    assert "".join(lines[1:-1]).replace(" ", "") == f"/a.jpg 5 bytes {note}".replace(" ", "")


def test_other_texts_are_cut_only_when_nothing_else_helps() -> None:
    row = ("/shop/shoe.jpg", "26.2 MB", "new", "application/octet-stream")
    assert print_lines(row, width=60)[1].endswith("  application/octet-stream")
    assert print_lines(row, width=44)[1:] == ["/shop/shoe.jpg", "          26.2 MB  new   application/octet-…"]


@given(
    st.lists(st.tuples(*[st.text(max_size=60)] * 4), min_size=1, max_size=5), st.integers(min_value=1, max_value=120)
)
def test_at_any_width_what_people_copy_is_in_one_piece_and_no_control_gets_through(
    rows: list[tuple[str, ...]], width: int
) -> None:
    table = make_table(rows, COLUMNS, width, with_header=True).plain
    assert not CONTROLS.search(table.replace("\n", ""))
    for row in rows:
        path, note = escape_controls(row[PATH]), escape_controls(row[NOTE])
        assert any(line.startswith(path) for line in table.split("\n"))
        assert all(word in table for word in note.split())


@given(st.integers(min_value=40, max_value=200), st.integers(min_value=1, max_value=300))
def test_a_line_is_longer_than_the_terminal_only_if_a_path_is(width: int, count: int) -> None:
    rows = (("/a.jpg", "26.2 MB", "words " * 30, "text"), ("/" + "日" * count, "5 bytes", "", "application/zip"))
    for line in print_lines(*rows, width=width):
        assert cell_len(line) <= width or line.startswith("/日")


@pytest.mark.parametrize("columns", [20, 80, 120])
def test_a_selection_in_a_terminal_gives_whole_urls_paths_and_ids(client: ImageKit, columns: int) -> None:
    path = f"/shop/{'a-long-folder/' * 6}shoe-{'x' * 60}.jpg"
    file_id = add_file(client, path, tags=["sale", "new"])
    url = client.get_file_by_path(path).url
    assert url is not None
    with open_terminal("info", "--versions", path, columns=columns) as terminal:
        code, text = terminal.finish()
    lines = text.splitlines()
    assert code == 0
    for name, value in (("filePath", path), ("fileId", file_id), ("url", url)):
        assert any(line.startswith(f"{name} ") and line.endswith(f" {value}") for line in lines) or value in lines
    with open_terminal("ls", "--long", "--recursive", "/shop", columns=columns) as terminal:
        code, text = terminal.finish()
    assert code == 0
    assert path in text.splitlines()  # a line of its own
    assert file_id in text
