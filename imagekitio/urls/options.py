"""The types of the options of `url()`; `building` reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypedDict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime, timedelta

    from .transformations.types import Transformation


class UrlOptions(TypedDict, total=False):
    """The options of `ImageKit.url`, as keywords or as a dict, whose keys may be camelCase too.

    Attributes:
        path: Path of the file in the media library; may have a query. Takes precedence over `src`.
        src: Absolute URL of an image, instead of `path`; the steps are then part of the query.
        transformation: Steps in the order in which they apply, each a dict of names and values; a single dict is one
            step.
        transformation_position: Part of the URL for the steps, ``path`` or ``query``; by default, the client's setting.
        url_endpoint: Endpoint to use instead of the client's.
        query_parameters: Parameters for the query; they replace those of `path` or `src` with the same name. A list
            repeats its name; None leaves the parameter out.
        signed: Whether to sign the URL, which must then be under the endpoint.
        expire_seconds: Lifetime of a signed URL: seconds, from 1 to 10 years, or a timedelta; None if it never expires.
        expires_at: Time at which a signed URL expires, instead of `expire_seconds`: a Unix time in seconds, or an aware
            datetime.
    """

    path: str | None
    src: str | None
    transformation: Sequence[Transformation] | Transformation | None
    transformation_position: Literal["path", "query"] | None
    url_endpoint: str | None
    query_parameters: Mapping[str, Any] | None
    signed: bool
    expire_seconds: float | timedelta | None
    expires_at: float | datetime | None
