"""Output for people, pipes and programs, whatever the texts contain."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

from imagekitio.cli.base.output import Output
from imagekitio.cli.base.tables import Column

if TYPE_CHECKING:
    from collections.abc import Iterator

HOSTILE = "a\x1b[2J\x9b31m\r[bold]ö[/bold]\n\u2028\udc80"
COLUMNS = (Column("name", lambda row: row["name"], keep=True), Column("size", lambda row: row["size"], align="right"))
ROW = {"name": HOSTILE, "size": "5 bytes"}


def use_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the streams of the test, which pytest replaces after the fixtures, look like a terminal."""
    for stream in (sys.stdout, sys.stderr):
        monkeypatch.setattr(stream, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")


def has_controls(text: str, *, allowed: str = "\n\t") -> bool:
    return any(ord(character) < 32 or 127 <= ord(character) < 160 for character in text if character not in allowed)


def test_a_pipe_gets_a_line_for_each_row_without_controls(capsys: pytest.CaptureFixture[str]) -> None:
    assert Output().print_rows([ROW, ROW], COLUMNS) == 2
    lines = capsys.readouterr().out.splitlines()
    assert lines == ["a\\x1b[2J\\x9b31m\\r[bold]ö[/bold]\\n\\u2028\\udc80\t5 bytes"] * 2


def test_a_terminal_gets_a_table_whose_texts_are_taken_literally(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    use_terminal(monkeypatch)
    Output().print_rows([ROW], COLUMNS)
    Output().print_details({"name": HOSTILE})
    out = capsys.readouterr().out
    assert out.count("a\\x1b[2J\\x9b31m\\r[bold]ö[/bold]\\n") == 2
    assert "\x1b[2J" not in out
    assert "\x9b" not in out


def test_json_is_one_line_that_decodes_to_the_same_object(capsys: pytest.CaptureFixture[str]) -> None:
    Output(as_json=True).print_record(ROW)
    out = capsys.readouterr().out
    assert len(out.splitlines()) == 1
    assert not has_controls(out)
    assert json.loads(out) == ROW
    assert "ö" in out


@pytest.mark.parametrize("is_watched", [True, False])
def test_messages_on_stderr_have_no_controls(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, is_watched: bool
) -> None:
    if is_watched:
        use_terminal(monkeypatch)
    output = Output()
    output.note(f"note {HOSTILE}")
    output.warn(f"{HOSTILE}")
    output.report_failure(HOSTILE, OSError(13, "Permission denied", HOSTILE))
    printed = capsys.readouterr()
    assert printed.out == ""
    assert not has_controls(printed.err)
    assert printed.err.count("[bold]ö[/bold]") == 4


def test_quiet_leaves_notes_out_and_keeps_warnings_and_results_of_lists(capsys: pytest.CaptureFixture[str]) -> None:
    output = Output(is_quiet=True)
    output.note("a note")
    output.print_result({"status": "done"}, "done")
    assert capsys.readouterr() == ("", "")
    output.warn("careful")
    output.print_rows([ROW], COLUMNS)
    printed = capsys.readouterr()
    assert printed.err == "imagekit: warning: careful\n"
    assert printed.out.count("\n") == 1


def test_a_failure_is_also_an_object_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    Output(as_json=True).report_failure("a.txt", ValueError("no"))
    printed = capsys.readouterr()
    assert json.loads(printed.out) == {"status": "failed", "item": "a.txt", "error": "no"}
    assert printed.err == "failed: a.txt: no\n"


def test_a_long_list_appears_before_it_is_complete(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    use_terminal(monkeypatch)
    seen = list[int]()

    def rows() -> Iterator[dict[str, str]]:
        for number in range(1200):
            if number == 1000:
                seen.append(capsys.readouterr().out.count("\n"))
            yield {"name": str(number), "size": ""}

    assert Output().print_rows(rows(), COLUMNS) == 1200
    assert seen == [1001]  # two blocks, and the heading
