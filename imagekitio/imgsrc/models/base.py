"""Base classes of the results of img-src.io, with `http_meta`, and with JSON names that are already snake_case."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

from ...models.response_metadata import Headers
from ...models.result import ALWAYS, object_of
from ...models.result import Model as AnyModel
from ...models.result import Result as AnyResult

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...models.response_metadata import ResponseMetadata

Visibility = Literal["public", "private"]


class HttpRequest(NamedTuple):
    """The request that led to a result.

    Attributes:
        method: The HTTP method.
        url: The URL, with the query.
        headers: The headers of this API that were sent; the key is shown as ``[secure]``.
    """

    method: str = ""
    url: str = ""
    headers: Mapping[str, str] = Headers()


class HttpMeta(NamedTuple):
    """The HTTP exchange behind a result.

    Attributes:
        request: Method, URL and headers of the request.
        response: The response: `status_code`, `headers`, `text` and `json()`.
    """

    request: HttpRequest
    response: ResponseMetadata


class Model(AnyModel):
    """An object of the API; see `imagekitio.models.result.Model`."""

    @staticmethod
    def _spell_for_api(name: str) -> str:
        return name


@dataclass(frozen=True, kw_only=True, repr=False)
class Result(AnyResult, Model):
    """The result of a call: the object in the response, and the response itself.

    In the released package the two are separate objects. Here, the attribute that holds the data there, such as
    `upload_response`, is the result itself.
    """

    @property
    def http_meta(self) -> HttpMeta:
        """The request and the response, as in the released package. Use it to read the rate-limit headers."""
        return HttpMeta(vars(self).get("_http_request") or HttpRequest(), self.response_metadata)

    def complete(self, request: HttpRequest, delivery_url: str) -> None:
        """Add details that the client knows but the response lacks. The client calls this.

        Args:
            request: The request that was sent.
            delivery_url: Beginning of picture URLs, for those that come without a host.
        """
        self.__dict__["_http_request"] = request


def complete_url(url: object, delivery_url: str) -> object:
    """Return the URL of a picture, with the host added if it is missing.

    The API's own examples disagree on whether the host is included. Without it, the URL is ``/{username}/{path}``.
    """
    return delivery_url + url if isinstance(url, str) and url.startswith("/") else url


@dataclass(frozen=True, kw_only=True, repr=False)
class Error(Model):
    """The service's description of a failure.

    Attributes:
        code: Code, such as ``NOT_FOUND``; not all codes are published, so branch on the status.
        message: Message from the service.
        status: The HTTP status.
        path: Path of the request; None if the service does not report it.
    """

    code: str = ALWAYS
    message: str = ALWAYS
    status: int = ALWAYS
    path: str | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class ErrorResponseData(Model):
    """The body of a response that reports a failure.

    Attributes:
        error: The service's description.
    """

    error: Error = field(default=ALWAYS, metadata=object_of(Error))
