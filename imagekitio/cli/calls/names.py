"""Completes ids and names of the items of an account, and finds ids by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from click.shell_completion import CompletionItem

from ..base.completion import complete_remote_paths, open_quick_client, suggest
from ..base.failures import REFUSED, Failure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import click

    from ...client import ImageKit
    from ..base.session import Session

# The method that lists the items with the id of each parameter.
_LISTS = {
    "field_id": "get_custom_metadata_fields",
    "file_id": "list_files",
    "file_ids": "list_files",
    "named_transformation_id": "list_named_transformations",
    "origin_id": "list_origins",
    "saved_extension_id": "list_saved_extensions",
    "url_endpoint_id": "list_url_endpoints",
    "webhook_id": "list_webhooks",
}
# Parameters that take the path of a folder, or of a file.
_FOLDERS = ("destination_path", "folder", "folder_path", "parent_folder_path", "path", "source_folder_path")
_FILES = ("file_path", "source_file_path")


def complete_values(
    parameter_name: str, *, with_names: bool
) -> Callable[[click.Context, click.Parameter, str], list[CompletionItem]] | None:
    """Return the function that suggests the ids or paths of an account; None if they cannot be listed.

    Args:
        parameter_name: Name of the parameter of the client's method, such as ``origin_id``.
        with_names: Whether names are accepted in place of ids.
    """
    if parameter_name in _FOLDERS + _FILES:
        return lambda ctx, _parameter, incomplete: complete_remote_paths(
            ctx, incomplete, with_files=parameter_name in _FILES
        )
    if parameter_name not in _LISTS:
        return None

    def complete(ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
        # Commas separate the ids of a list.
        before, comma, last = incomplete.rpartition(",") if parameter_name.endswith("_ids") else ("", "", incomplete)
        found = suggest(lambda: find(open_quick_client(ctx)), last)
        return [CompletionItem(f"{before}{comma}{item.value}", help=item.help) for item in found]

    def find(client: ImageKit) -> list[CompletionItem]:
        found: list[CompletionItem] = []
        for item in _list_items(client, parameter_name):
            id_, name = _read_id(item), _read_name(item)
            found.append(CompletionItem(id_, help=name))
            if with_names:
                found.append(CompletionItem(name, help=id_))
        return found

    return complete


def find_id(session: Session, parameter_name: str, text: str, noun: str, list_line: str) -> str:
    """Return the id that a text means: the text itself, or the id of the only item with that name.

    Args:
        session: The run of the command.
        parameter_name: Name of the parameter of the client's method, such as ``origin_id``.
        text: The id, or the name.
        noun: Noun for the item, such as ``origin``.
        list_line: Command line that lists the items.
    Raises:
        Failure: No item or several items match; exit code 3. The lists are complete (ImageKit docs, API), apart from
            deleted fields, which cannot be changed.
    """
    items = [*_list_items(session.client, parameter_name)]
    if any(_read_id(item) == text for item in items):
        return text
    ids = [_read_id(item) for item in items if _read_name(item) == text]
    if len(ids) > 1:
        raise Failure(f"{len(ids)} {noun}s have the name {text!r}: give one of their ids, {', '.join(ids)}", REFUSED)
    if not ids:
        raise Failure(f"there is no {noun} {text!r} (see {list_line})", REFUSED)
    return ids[0]


def _list_items(client: ImageKit, parameter_name: str) -> Iterable[Any]:
    items: Iterable[Any] = getattr(client, _LISTS[parameter_name])()
    return items


def _read_id(item: Any) -> str:
    id_: str = getattr(item, "id", None) or item.file_id
    return id_


def _read_name(item: Any) -> str:
    """Return the name of an item: a webhook has a URL, and the default URL endpoint has neither name nor prefix."""
    for attribute in ("name", "url_prefix", "endpoint"):
        if text := getattr(item, attribute, None):
            return str(text)
    return _read_id(item)
