"""Progress bars: names fit into their lines, and totals are right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

from ..terminal import open_terminal

if TYPE_CHECKING:
    from pathlib import Path

    from imagekitio import ImageKit
    from imagekitio.local import LocalImageKit

DOT = b'<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8"/></svg>'


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


def test_a_sync_that_only_deletes_shows_how_many_files_are_deleted(
    server: LocalImageKit, client: ImageKit, shell: Path
) -> None:
    (shell / "site").mkdir()
    (shell / "site" / "kept.txt").write_text("kept")
    for name in ("kept", "old", "older"):
        client.upload_file(file=name.encode(), file_name=f"{name}.txt", folder="/site", use_unique_file_name=False)
    server.faults.add(delay=1, operation="bulk_file_delete")
    with open_terminal("sync", "site", "/site", "--delete", "--yes") as terminal:
        terminal.process.expect(r"Deleting")
        terminal.process.expect(r"0/2 files")
        code, shown = terminal.finish()
    assert code == 0
    assert "0/0" not in shown
    assert [file.name for file in client.list_files(path="/site")] == ["kept.txt"]


def test_the_total_of_transformed_pictures_is_unknown(server: LocalImageKit, client: ImageKit, shell: Path) -> None:
    client.upload_file(file=DOT, file_name="dot.svg", folder="/site", use_unique_file_name=False)
    server.faults.add(delay=1, operation="delivery")
    with open_terminal("download", "/site/.", "copy", "-t", "w-4,f-png") as terminal:
        terminal.process.expect(r"/\? bytes")
        code, shown = terminal.finish()
    assert code == 0
    assert "/0 bytes" not in shown
    assert (shell / "copy" / "dot.svg").stat().st_size > 0
