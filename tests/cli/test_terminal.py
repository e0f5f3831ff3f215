"""What people see in a real terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .terminal import open_terminal

if TYPE_CHECKING:
    from imagekitio import ImageKit


def test_a_listing_is_a_table_with_headings(client: ImageKit) -> None:
    client.upload_file(b"hello", "shoe[bold].txt", folder="/shop", use_unique_file_name=False)
    with open_terminal("ls", "/shop") as terminal:
        code, text = terminal.finish()
    assert code == 0
    heading, row, summary = text.splitlines()
    assert heading.split() == ["name", "size", "pixels", "changed"]
    assert row.split()[1:3] == ["5", "bytes"]
    assert summary == "1 file (5 bytes)"
