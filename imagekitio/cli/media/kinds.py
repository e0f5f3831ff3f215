"""Kinds of items for the option ``--type``: how a query finds them, and how to recognize them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import click

from .library import is_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ...models.files import FileResult, FolderResult
    from ...search import Query

KINDS = ("file", "folder", "image", "video", "non-image")


class Selection(NamedTuple):
    """How to list the items of a kind: a condition for the query, and further options of the listing."""

    condition: Query
    options: Mapping[str, Any]


def kind_option(help_text: str) -> Callable[[Any], Any]:
    """Add ``--type`` to a command that lists; the parameter is `kind`."""
    return click.option("--type", "kind", type=click.Choice(KINDS), help=help_text)


def select_kind(kind: str) -> Selection:
    """Return how to list the items of a kind.

    The service counts videos as ``non-image`` and has no condition for them, so a video is a file that has a duration
    or a video format.
    """
    from ...search import Q

    if kind == "folder":
        return Selection(Q.type == "folder", {})
    if kind == "video":
        return Selection((Q.video_duration >= 0) | Q.format.in_(["mp4", "webm", "mov", "ts", "m3u8"]), {})
    return Selection(Q.type == "file", {} if kind == "file" else {"file_type": kind})


def is_of_kind(item: FileResult | FolderResult, kind: str) -> bool:
    """Return whether a listed item is of a kind."""
    if kind == "folder" or is_folder(item):
        return kind == "folder" and is_folder(item)
    if kind == "video":
        return (item.mime or "").startswith("video/")
    return kind == "file" or item.file_type == kind
