"""What a check found, and how it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from ..base.failures import USAGE, escape_controls

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


@dataclass(frozen=True)
class Finding:
    """What a check found.

    Attributes:
        check: What was looked at, such as ``private key``.
        status: Whether all is well; ``skipped`` if that could not be found out.
        text: What was found, on one line.
        remedy: How to mend it; empty if there is nothing to mend.
        exit_code: Exit code of the command if the check failed.
    """

    check: str
    status: Status
    text: str
    remedy: str = ""
    exit_code: int = USAGE


def ok(check: str, text: str) -> Finding:
    """Return that all is well."""
    return Finding(check, "ok", text)


def warning(check: str, text: str, remedy: str) -> Finding:
    """Return that something may go wrong."""
    return Finding(check, "warning", text, remedy)


def failed(check: str, text: str, remedy: str, exit_code: int = USAGE) -> Finding:
    """Return that something does not work."""
    return Finding(check, "failed", text, remedy, exit_code)


def skipped(check: str, text: str) -> Finding:
    """Return that a check could not be made."""
    return Finding(check, "skipped", text)


def print_finding(output: Output, finding: Finding) -> None:
    """Print a finding: a line with a mark and, indented, how to mend it; with tabs in a pipe; as JSON."""
    if output.as_json:
        names = ("check", "status", "text", "remedy")
        output.print_record({name: getattr(finding, name) for name in names if getattr(finding, name)})
    elif output.has_terminal:
        _print_lines(output, finding)
    else:
        parts = (finding.status, finding.check, finding.text, finding.remedy)
        output.print_line("\t".join(map(escape_controls, parts)).rstrip("\t"))


def _print_lines(output: Output, finding: Finding) -> None:
    from rich.table import Table
    from rich.text import Text

    mark, style = _MARKS[finding.status]
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(width=1)
    table.add_column(width=_NAME_COLUMNS, no_wrap=True)
    table.add_column(overflow="fold")
    text: Any = Text(escape_controls(finding.text))
    if finding.remedy:
        text.append(f"\n→ {escape_controls(finding.remedy)}", style="bold")
    table.add_row(Text(mark, style=style), finding.check, text)
    output.console.print(table)
