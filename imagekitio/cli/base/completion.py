"""Completion of values in bash, zsh and fish: profiles, and the names and paths of the account.

Whatever goes wrong gives no suggestions: nobody wants an error message in the middle of a line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    from collections.abc import Callable

    import click

    from ...client import ImageKit

_MAX_ITEMS = 200
_TIMEOUT_SECONDS = 3.0  # who presses the tab key waits


def complete_profiles(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Suggest the profiles."""
    from .profiles import read_profiles

    return suggest(lambda: [CompletionItem(name) for name in read_profiles().profiles], incomplete)


def suggest(find: Callable[[], list[CompletionItem]], incomplete: str) -> list[CompletionItem]:
    """Return those suggestions that begin with what was typed; none if they cannot be found."""
    try:
        return [item for item in find() if str(item.value).startswith(incomplete)]
    except Exception:
        return []


def open_quick_client(ctx: click.Context) -> ImageKit:
    """Return a client that gives up soon."""
    from .session import Session

    return ctx.ensure_object(Session).client.with_options(timeout=_TIMEOUT_SECONDS, retry=False)


def complete_remote_paths(ctx: click.Context, incomplete: str, *, with_files: bool) -> list[CompletionItem]:
    """Suggest the folders, and the files, below the folder that was typed."""
    folder, slash, _ = incomplete.rpartition("/")

    def find() -> list[CompletionItem]:
        client = open_quick_client(ctx)
        found: list[CompletionItem] = []
        listing: Any = client.list_files(path=folder or "/", type="all", limit=_MAX_ITEMS)
        for item in listing:
            is_folder = item.type == "folder"
            if is_folder or with_files:
                found.append(CompletionItem(f"{folder}{slash}{item.name}{'/' if is_folder else ''}"))
        return found

    return suggest(find, incomplete)
