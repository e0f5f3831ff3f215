"""The base of what img-src.io answers: `http_meta`, and names in JSON that are snake_case already."""

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
    """The request that a result answers.

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
    """The result of a call: the object that the response holds, and the response.

    In the released package the two are separate objects. Here, the attribute that holds the data there, such as
    `upload_response`, is the result itself.
    """

    @property
    def http_meta(self) -> HttpMeta:
        """The request and the response, as in the released package: the way to the rate-limit headers."""
        return HttpMeta(vars(self).get("_http_request") or HttpRequest(), self.response_metadata)

    def complete(self, request: HttpRequest, delivery_url: str) -> None:
        """Add what the client knows and the response does not say; for the client that makes the result.

        Args:
            request: The request that was sent.
            delivery_url: What URLs of pictures begin with, for those that come without a host.
        """
        self.__dict__["_http_request"] = request


def complete_url(url: object, delivery_url: str) -> object:
    """Return the URL of a picture; one that came without a host is completed.

    The API's own examples disagree whether the host is there. What comes without it is ``/{username}/{path}``.
    """
    return delivery_url + url if isinstance(url, str) and url.startswith("/") else url


@dataclass(frozen=True, kw_only=True, repr=False)
class Error(Model):
    """What the service says about a failure.

    Attributes:
        code: Such as ``NOT_FOUND``; not all codes are published, so branch on the status.
        message: Sentence of the service.
        status: The HTTP status.
        path: Path of the request; None if the service does not say.
    """

    code: str = ALWAYS
    message: str = ALWAYS
    status: int = ALWAYS
    path: str | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class ErrorResponseData(Model):
    """The body of an answer that reports a failure.

    Attributes:
        error: What the service says.
    """

    error: Error = field(default=ALWAYS, metadata=object_of(Error))
