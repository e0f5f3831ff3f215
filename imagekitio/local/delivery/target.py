"""Parsing of a delivery request into file, steps and version.

Source: ImageKit docs, "URL structure" and "SEO friendly URLs".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from ..base.names import canonical_path

if TYPE_CHECKING:
    from collections.abc import Container


_STEPS_SEGMENT = re.compile("tr(?::|%3a)", re.IGNORECASE)
_WEB_PROXY = re.compile("/https?:/", re.IGNORECASE)

THUMBNAIL = "/ik-thumbnail.jpg"  # after a path: a still picture of the file

# Names after a path for which the service makes something else from the file, and what that needs.
_RESOURCES = {
    "ik-video.mp4": "a video encoder that local ImageKit does not have",
    "ik-gif-video.mp4": "a video encoder that local ImageKit does not have",
    "ik-master.m3u8": "a video encoder that local ImageKit does not have",
    "ik-master.mpd": "a video encoder that local ImageKit does not have",
}


class DeliveryTarget(NamedTuple):
    """The parts of a delivery request.

    Attributes:
        path: Canonical path of the file.
        steps: The transformation steps without ``tr:``; empty without a transformation.
        version_token: Value of ``ik-obj-version``, for an older version of the file.
        attachment_name: Name to save the file under, empty for the file's own; None to display the file.
    """

    path: str
    steps: str = ""
    version_token: str | None = None
    attachment_name: str | None = None


def parse_target(target: str) -> DeliveryTarget:
    """Parse the part of a URL after the URL endpoint: path and query, still percent-encoded.

    Everything is decoded once. A ``tr:`` segment overrides a ``tr`` query parameter. The last of several parameters
    with the same name counts.

    Raises:
        UnicodeError: The decoded text is not UTF-8.
    """
    raw_path, _, raw_query = target.partition("?")
    segments = raw_path.split("/")
    steps_at = next((index for index, each in enumerate(segments) if _STEPS_SEGMENT.match(each)), None)
    steps = None
    if steps_at is not None:
        steps = _decode(_STEPS_SEGMENT.sub("", segments.pop(steps_at), count=1))
    query = _parse_query(raw_query)
    wants_attachment = query.get("ik-attachment", "").lower() == "true"
    return DeliveryTarget(
        path=_remove_seo_name(canonical_path(_decode("/".join(segments)))),
        steps=query.get("tr", "") if steps is None else steps,
        version_token=query.get("ik-obj-version"),
        attachment_name=query.get("ik-attachment-filename", "") if wants_attachment else None,
    )


def find_missing_feature(path: str) -> tuple[str, str] | None:
    """Return what the service would make for a path without a stored file, and what that needs; otherwise None."""
    if _WEB_PROXY.match(path):
        return "a source that is a URL", "a web proxy origin, which local ImageKit does not have"
    for segment in path.split("/"):
        if segment in _RESOURCES:
            return segment, _RESOURCES[segment]
        if segment.startswith("ik-genimg-prompt"):
            return "ik-genimg", "an AI service that local ImageKit does not have"
    return None


def _parse_query(raw: str) -> dict[str, str]:
    pairs = (item.partition("=") for item in raw.replace("+", " ").split("&"))
    return {_decode(name): _decode(value) for name, _, value in pairs}


def _decode(text: str) -> str:
    decoded = unquote(text, errors="strict")
    decoded.encode()  # otherwise a byte that is not UTF-8 would fail only in the database
    return decoded


def _remove_seo_name(path: str) -> str:
    """Return the path without an SEO name: ``/photo.jpg`` for ``/ik-seo/photo/eiffel-tower.jpg``."""
    _, first, *middle, last = path.split("/") if path.count("/") > 2 else ("", "", path)
    if first != "ik-seo":
        return path
    extension = last.rpartition(".")[2]
    return canonical_path(f"{'/'.join(middle)}.{extension}")


def split_prefix(target: str, prefixes: Container[str]) -> tuple[str, str]:
    """Split the part of a URL after the imagekit_id into the endpoint's prefix (empty for the default) and the rest.

    Prefixes are single segments, so at most one matches.
    """
    first, slash, rest = target.partition("/")
    return (first, rest) if slash and first in prefixes else ("", target)
