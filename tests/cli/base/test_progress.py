"""Progress bars: names fit into their lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

from ..terminal import open_terminal

if TYPE_CHECKING:
    from pathlib import Path

    from imagekitio.local import LocalImageKit


def test_a_name_of_wide_characters_leaves_room_for_the_bar(server: LocalImageKit, shell: Path) -> None:
    (shell / f"{'漢字' * 30}.txt").write_text("hello")
    server.faults.add(delay=1, operation="upload_file")
    with open_terminal("upload", f"{'漢字' * 30}.txt", "/shop") as terminal:
        terminal.process.expect(r"…[漢字]+\.txt")
        shown = terminal.process.after
        assert isinstance(shown, str)
        assert cell_len(shown) == 19  # one more would make it 21
        code, _ = terminal.finish()
    assert code == 0
