"""`imagekit.helper`: URLs and upload tokens. No requests are sent, and no call is awaited."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from ..urls.transformations.steps import write_steps

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime, timedelta

    from ..urls.builder import UrlBuilder
    from ..urls.tokens import AuthenticationParameters
    from ..urls.transformations.types import Transformation


class Helper:
    """A builder of URLs and upload tokens with the arguments of release 5.

    Args:
        builder: Client, or another `UrlBuilder`.
    """

    def __init__(self, builder: UrlBuilder) -> None:
        self._builder = builder

    def build_url(
        self,
        *,
        src: str | None,
        url_endpoint: str | None = None,
        transformation: Sequence[Transformation] | Transformation | None = None,
        transformation_position: Literal["path", "query"] | None = None,
        query_parameters: Mapping[str, Any] | None = None,
        signed: bool | None = None,
        expires_in: float | timedelta | None = None,
    ) -> str:
        """Build a URL; see `ImageKit.url`, which by default puts transformations into the path.

        Args:
            src: Path of a file in the media library, or an absolute URL.
            url_endpoint: Endpoint to use instead of the client's.
            transformation: Steps in the order in which they apply, each a dict of names and values.
            transformation_position: Part of the URL for the steps: ``query`` (default) or ``path``.
            query_parameters: Parameters for the query.
            signed: Whether to sign the URL.
            expires_in: Lifetime in seconds, or a timedelta; implies a signed URL.
        Raises:
            TypeError, ValueError: An argument is not valid. An `expires_in` of zero or less, for which release 5 builds
                a URL that never expires, is not valid here.
        """
        source: dict[str, Any] = {"src" if src and src.startswith(("https://", "http://")) else "path": src}
        return self._builder.url(
            **source,
            url_endpoint=url_endpoint,
            transformation=transformation,
            transformation_position=transformation_position or "query",
            query_parameters=query_parameters,
            signed=bool(signed) or expires_in is not None,
            expire_seconds=expires_in,
        )

    def build_transformation_string(
        self, transformation: Sequence[Transformation] | Transformation | None = None
    ) -> str:
        """Return only the steps, not encoded: ``w-300,h-200:rt-90``.

        Raises:
            TypeError, ValueError: A step or a value is not valid.
        """
        return write_steps(transformation, quote=str, strict=self._builder.strict_transformations)

    def get_authentication_parameters(
        self, token: str | None = None, expire: float | timedelta | datetime | None = None
    ) -> AuthenticationParameters:
        """Return what a browser needs to upload a file; see `ImageKit.get_authentication_parameters`."""
        return self._builder.get_authentication_parameters(token, expire)
