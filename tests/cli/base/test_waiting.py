"""Displays while something takes a while: on a terminal only, and never in the way of results."""

from __future__ import annotations

from typing import TYPE_CHECKING

from imagekitio.cli.base.output import Output
from imagekitio.cli.base.waiting import show_count, show_spinner

from ..library import add_file
from ..terminal import open_terminal

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from imagekitio import ImageKit
    from imagekitio.local import LocalImageKit


def test_results_go_to_a_file_while_a_display_is_on_the_terminal(
    client: ImageKit, server: LocalImageKit, tmp_path: Path
) -> None:
    add_file(client, "/shop/a.txt")
    add_file(client, "/shop/b.txt")
    server.faults.add(delay=1, operation="bulk_file_delete")
    with open_terminal("rm", "--yes", "/shop/*", results=tmp_path / "deleted.txt") as terminal:
        terminal.expect("Deleting")
        code, text = terminal.finish()
    assert code == 0
    assert "deleted /shop" not in text
    assert text.splitlines()[-1].endswith("2 items deleted")
    assert (tmp_path / "deleted.txt").read_text() == "deleted /shop/a.txt\ndeleted /shop/b.txt\n"


def test_the_count_and_the_spinner_are_shown_while_the_service_is_slow(client: ImageKit, server: LocalImageKit) -> None:
    add_file(client, "/shop/a.txt")
    server.faults.add(delay=1, operation="list_files")
    server.faults.add(delay=1, operation="bulk_file_delete")
    with open_terminal("rm", "--yes", "/shop/*") as terminal:
        terminal.expect("finding what to delete")
        terminal.expect("Deleting.*0/1")
        code, text = terminal.finish()
    assert code == 0
    assert "deleted /shop/a.txt" in text


def test_nothing_is_drawn_without_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    output = Output()
    with show_spinner(output, "counting"):
        pass
    with show_count(output, "Deleting", 2) as step:
        step()
    assert capsys.readouterr() == ("", "")
