"""Findings of checks, and how they are printed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ..base.failures import USAGE, escape_controls
from ..base.tables import Column

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..base.output import Output

Status = Literal["ok", "warning", "failed", "skipped"]

_MARKS: Mapping[Status, tuple[str, str]] = {
    "ok": ("✓", "green"),
    "warning": ("!", "yellow"),
    "failed": ("✗", "red"),
    "skipped": ("–", "dim"),
}
_NAME_COLUMNS = 14
_COMMAND = "run: "  # prefix of a remedy that is a command


@dataclass(frozen=True)
class Finding:
    """What a check found.

    Attributes:
        check: Name of the check, such as ``private key``.
        status: Result of the check; ``skipped`` if it could not be made.
        text: Description of what was found, on one line.
        remedy: Advice on how to fix it; empty if there is nothing to fix.
        exit_code: Exit code of the command if the check failed.
    """

    check: str
    status: Status
    text: str
    remedy: str = ""
    exit_code: int = USAGE


def report_ok(check: str, text: str) -> Finding:
    """Return the finding that all is well."""
    return Finding(check, "ok", text)


def report_warning(check: str, text: str, remedy: str) -> Finding:
    """Return the finding that something may go wrong."""
    return Finding(check, "warning", text, remedy)


def report_failure(check: str, text: str, remedy: str, exit_code: int = USAGE) -> Finding:
    """Return the finding that something does not work."""
    return Finding(check, "failed", text, remedy, exit_code)


def report_skip(check: str, text: str) -> Finding:
    """Return the finding that a check could not be made."""
    return Finding(check, "skipped", text)


def print_finding(output: Output, finding: Finding) -> None:
    """Print a finding: with a mark and an indented remedy on a terminal, with tabs in a pipe, or as JSON."""
    if output.as_json:
        names = ("check", "status", "text", "remedy")
        output.print_record({name: getattr(finding, name) for name in names if getattr(finding, name)})
    elif output.has_terminal:
        _print_lines(output, finding)
    else:
        parts = (finding.status, finding.check, finding.text, finding.remedy)
        output.print_line("\t".join(map(escape_controls, parts)).rstrip("\t"))


def _print_lines(output: Output, finding: Finding) -> None:
    mark, style = _MARKS[finding.status]
    _print_line(output, (mark, finding.check, finding.text), style)
    if finding.remedy:
        # A command must not be wrapped: a shell would run the part before the line break.
        _print_line(output, ("", "", f"→ {finding.remedy}"), "bold", is_command=finding.remedy.startswith(_COMMAND))


def _print_line(output: Output, texts: tuple[str, str, str], style: str, *, is_command: bool = False) -> None:
    columns = (
        Column("", lambda row: row[0].ljust(1), style=style),
        Column("", lambda row: row[1].ljust(_NAME_COLUMNS)),
        Column("", lambda row: row[2], style="" if texts[0] else style, keep=is_command, wraps=not is_command),
    )
    output.print_table([texts], columns)
