"""URL endpoints. Source: ImageKit docs, URL endpoints API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...models.account.url_endpoints import ListUrlEndpointsResult, UrlEndpointRequestOptions, UrlEndpointResult
from ...models.result import ResponseMetadataResult
from ..core import Operation, Request
from ..encoding import build_json_request, quote_segment, require_options
from ..responses import parse_as

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typing_extensions import Unpack

    from ...models.account.url_endpoints import UrlEndpointKeywords

_parse_endpoint = parse_as(UrlEndpointResult)
_parse_endpoints = parse_as(ListUrlEndpointsResult)
_parse_nothing = parse_as(ResponseMetadataResult)

_PATH = "/v1/accounts/url-endpoints"


def create_url_endpoint(
    options: UrlEndpointRequestOptions | Mapping[str, Any] | None = None, **keywords: Unpack[UrlEndpointKeywords]
) -> Operation[UrlEndpointResult]:
    """Create a URL endpoint."""
    create = UrlEndpointRequestOptions.of(options, keywords)
    require_options(create, "description", "url_prefix")  # only the default endpoint has an empty prefix
    return Operation(build_json_request("POST", _PATH, create.to_json(), idempotent=False), _parse_endpoint)


def list_url_endpoints() -> Operation[ListUrlEndpointsResult]:
    """List the URL endpoints of the account."""
    return Operation(Request("GET", _PATH), _parse_endpoints)


def get_url_endpoint(url_endpoint_id: str) -> Operation[UrlEndpointResult]:
    """Return a URL endpoint."""
    return Operation(Request("GET", _build_path(url_endpoint_id)), _parse_endpoint)


def update_url_endpoint(
    url_endpoint_id: str,
    options: UrlEndpointRequestOptions | Mapping[str, Any] | None = None,
    **keywords: Unpack[UrlEndpointKeywords],
) -> Operation[UrlEndpointResult]:
    """Replace a URL endpoint."""
    path = _build_path(url_endpoint_id)
    update = UrlEndpointRequestOptions.of(options, keywords)
    require_options(update, "description")
    return Operation(build_json_request("PUT", path, update.to_json(), idempotent=True), _parse_endpoint)


def delete_url_endpoint(url_endpoint_id: str) -> Operation[ResponseMetadataResult]:
    """Delete a URL endpoint."""
    return Operation(Request("DELETE", _build_path(url_endpoint_id)), _parse_nothing)


def _build_path(url_endpoint_id: str) -> str:
    return f"{_PATH}/{quote_segment(url_endpoint_id, 'url_endpoint_id')}"
