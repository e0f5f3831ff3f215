"""Questions before calls that cannot be undone, and advice that the service's refusals lack."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...exceptions.printing import join_some, make_printable
from ..base.texts import count_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# What each call does to {0} and {1}, or to {all}.
_QUESTIONS: Mapping[str, str] = {
    "delete_file": "Delete the file {0} and all its versions",
    "delete_file_version": "Delete the version {1} of the file {0}",
    "bulk_file_delete": "Delete {count} with all versions: {all}",
    "delete_folder": "Delete the folder {0} and everything in it",
    "delete_custom_metadata_field": "The name of a deleted field cannot be reused. Delete the field {0}",
    "delete_origin": "Delete the origin {0}",
    "delete_url_endpoint": "URLs of a deleted URL endpoint stop working. Delete the URL endpoint {0}",
    "delete_webhook": "Delete the webhook {0}",
    "delete_saved_extension": "Delete the saved extension {0}",
    "delete_named_transformation": "URLs with a deleted transformation stop working. Delete the transformation {0}",
    "purge_file_cache": "Purge all URLs that match {0} from the caches",
}


def make_question(call_name: str, items: Sequence[str], account: str) -> str:
    """Return the question before a call.

    Args:
        call_name: Name of the call.
        items: Items that it works on.
        account: Description of the account.
    """
    question = _QUESTIONS[call_name].format(
        *map(make_printable, items), all=join_some(items, ", "), count=count_of(len(items), "file")
    )
    return f"{question} in {account}?"


def advise_on_refusal(call_name: str, message: str) -> str:
    """Return an explanation for the refusal of a call, in parentheses; empty if its message is enough."""
    if call_name == "create_custom_metadata_fields" and "with this name already exists" in message:
        # ImageKit docs, custom metadata fields API: names stay unique among all fields, deleted ones included.
        return " (deleted fields keep their names: imagekit fields list --include-deleted)"
    return ""
