"""What a command writes: results to stdout, everything else to stderr.

On a terminal, people get tables. In a pipe or a file, the same rows are lines with tabs between their values. With
``--json``, each row is an object on a line of its own, with everything that the service returned about it.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any

from .failures import CONTROLS, describe, escape_controls
from .tables import Column, make_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from rich.console import Console

_ROWS_AT_ONCE = 500  # of a table: a long listing begins to appear before it is complete


_DETAILS = (Column("", lambda pair: pair[0], style="dim", keep=True), Column("", lambda pair: pair[1], keep=True))


class Output:
    """Where a command writes.

    Args:
        as_json: Whether results are JSON, one object per line.
        is_quiet: Whether notes and progress are left out; warnings and errors never are.
    Attributes:
        has_terminal: Whether results go to a terminal, and so to people.
        shows_progress: Whether to show progress: people watch stderr, on a terminal that can redraw its lines.
    """

    def __init__(self, *, as_json: bool = False, is_quiet: bool = False) -> None:
        self.as_json: bool = as_json
        self.is_quiet: bool = is_quiet
        # Asked once: while bars are shown, older releases of Rich replace both by something that is not a terminal.
        self.has_terminal: bool = not as_json and sys.stdout.isatty()
        can_draw = sys.stderr.isatty() and os.environ.get("TERM") not in ("dumb", "unknown")
        self.shows_progress: bool = can_draw and not (as_json or is_quiet)

    @cached_property
    def console(self) -> Console:
        """Rich's console on stdout."""
        from rich.console import Console

        return Console(highlight=False, markup=False, emoji=False, soft_wrap=False)

    @cached_property
    def error_console(self) -> Console:
        """Rich's console on stderr, for progress and questions."""
        from rich.console import Console

        return Console(stderr=True, highlight=False, markup=False, emoji=False)

    def print_rows(
        self,
        rows: Iterable[Any],
        columns: Sequence[Column],
        to_record: Callable[[Any], Mapping[str, Any]] | None = None,
    ) -> int:
        """Print rows as they arrive, as a table, lines or JSON; return their number.

        Args:
            rows: Rows of any type.
            columns: Columns, for people and pipes.
            to_record: Function that returns a row's JSON object; by default `make_record`.
        """
        to_record = to_record or make_record
        count = 0
        if self.has_terminal:
            source = iter(rows)
            while block := list(islice(source, _ROWS_AT_ONCE)):
                self.print_table(block, columns, with_header=count == 0)
                count += len(block)
            return count
        for row in rows:
            count += 1
            if self.as_json:
                self.print_record(to_record(row))
            else:
                self.print_line("\t".join(escape_controls(column.read(row) or "") for column in columns))
        return count

    def print_details(self, record: Mapping[str, Any], lines: Sequence[tuple[str, str | None]] | None = None) -> None:
        """Print one object: as JSON, or as lines of a name and a value.

        Args:
            record: The object.
            lines: Names and values for people and pipes; by default those of the object. None leaves a line out.
        """
        if self.as_json:
            self.print_record(record)
            return
        pairs = [(name, text) for name, text in (lines or _flatten(record)) if text not in (None, "")]
        if self.has_terminal and pairs:
            self.print_table(pairs, _DETAILS)
        else:
            self.print_rows(pairs, _DETAILS)

    def print_record(self, record: Mapping[str, Any]) -> None:
        """Print an object as JSON on a line of its own, and flush: another program may be waiting for it."""
        text = json.dumps(record, ensure_ascii=False, default=str)
        self.print_line(CONTROLS.sub(lambda match: f"\\u{ord(match[0]):04x}", text))  # they occur only inside strings

    def print_line(self, text: str) -> None:
        """Print a line to stdout unchanged, and flush."""
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()

    def print_result(self, record: Mapping[str, Any], text: str) -> None:
        """Print the outcome of an item, as JSON or as a line."""
        if self.as_json:
            self.print_record(record)
        elif not self.is_quiet:
            self.print_line(escape_controls(text))

    def print_planned(self, action: str, record: Mapping[str, Any], text: str) -> None:
        """Print what a dry run would do to an item, as JSON (see `make_planned`) or as a line.

        Args:
            action: What would be done, as an infinitive: ``delete``.
            record: The object that is printed when it is done.
            text: What it would be done to, such as ``/shop/shoe.jpg``.
        """
        self.print_result(make_planned(action, record), f"would {action} {text}")

    def note(self, text: str) -> None:
        """Print a note for people on stderr, unless the output is quiet."""
        if not self.is_quiet:
            self.print_error(text)

    def warn(self, text: str) -> None:
        """Print a warning on stderr."""
        self.print_error(f"imagekit: warning: {text}")

    def report_failure(self, name: str, error: BaseException, details: Mapping[str, Any] | None = None) -> None:
        """Report why an item failed: on stderr and, with ``--json``, also as an object that includes `details`."""
        text = describe(error).removeprefix(f"{escape_controls(name)}: ")  # as disk errors begin
        if self.as_json:
            self.print_record({"status": "failed", "item": name, **(details or {}), "error": text})
        self.print_error(f"failed: {escape_controls(name)}: {text}")

    def print_error(self, text: str) -> None:
        """Print text to stderr, above a progress bar if there is one."""
        text = "\n".join(map(escape_controls, text.split("\n")))
        if self.shows_progress:
            self.error_console.print(text, soft_wrap=True)
        else:
            sys.stderr.write(f"{text}\n")
            sys.stderr.flush()

    def print_table(self, rows: Sequence[Any], columns: Sequence[Column], *, with_header: bool = False) -> None:
        """Print rows as a table for people."""
        table = make_table(rows, columns, self.console.width, with_header=with_header)
        self.console.print(table, soft_wrap=True)


def make_record(row: Any) -> Mapping[str, Any]:
    """Return the JSON object for a row: a result of the library as the service sent it, or a mapping unchanged."""
    if isinstance(row, Mapping):
        return row
    record: dict[str, Any] = row.to_dict(mode="json")
    return record


def make_planned(action: str, record: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the JSON object for a step of a dry run: that of the real run, with another status and an action.

    Args:
        action: What would be done, as an infinitive: ``delete``.
        record: The object that is printed when it is done; its status is left out.
    """
    left = {name: value for name, value in record.items() if name != "status"}
    return {"status": "planned", "action": action, **left}


def _flatten(record: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str | None]]:
    lines: list[tuple[str, str | None]] = []
    for name, value in record.items():
        if isinstance(value, Mapping):
            lines += _flatten(value, f"{prefix}{name}.")
        elif isinstance(value, (list, tuple)):
            lines.append((f"{prefix}{name}", ", ".join(map(_to_text, value))))
        else:
            lines.append((f"{prefix}{name}", None if value is None else _to_text(value)))
    return lines


def _to_text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (Mapping, list)) else str(value)
