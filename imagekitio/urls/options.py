"""The options of `url()`, for type checkers and readers; `building` reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypedDict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import timedelta


class UrlOptions(TypedDict, total=False):
    """What `ImageKit.url` takes, as keywords or as a dict (there in camelCase too).

    path: The file's path in the media library; may carry a query. Wins over `src`.
    src: The absolute URL of a picture, instead of `path`; the steps then go into the query.
    transformation: The steps in their order, each a dict of names and values.
    transformation_position: Where the steps go: ``path`` or ``query``; by default as the client says.
    url_endpoint: Another endpoint than the client's.
    query_parameters: Go into the query, replacing those of `path` or `src` that have the same name.
    signed: Whether the URL is signed; it must be under the endpoint then.
    expire_seconds: How long a signed URL lasts: seconds, at least 1, or a timedelta; None for ever.
    """

    path: str | None
    src: str | None
    transformation: Sequence[Mapping[str, Any]] | None
    transformation_position: Literal["path", "query"] | None
    url_endpoint: str | None
    query_parameters: Mapping[str, Any] | None
    signed: bool
    expire_seconds: float | timedelta | None
