"""Origins. Source: ImageKit docs, origins API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ...models.account.origins import ORIGIN_CLASSES, ListOriginsResult, Origin, OriginResult
from ...models.result import ResponseMetadataResult
from ...suggestions import did_you_mean
from ..core import Operation, Request
from ..encoding import build_json_request, quote_segment, require_options
from ..responses import parse_as

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ...models.account.origins import OriginKeywords

_parse_origin = parse_as(OriginResult)
_parse_origins = parse_as(ListOriginsResult)
_parse_nothing = parse_as(ResponseMetadataResult)

_PATH = "/v1/accounts/origins"


def create_origin(
    options: Origin | Mapping[str, Any] | None = None, **keywords: Unpack[OriginKeywords]
) -> Operation[OriginResult]:
    """Create an origin."""
    body = _build_body(options, keywords)
    return Operation(build_json_request("POST", _PATH, body, idempotent=False), _parse_origin)


def list_origins() -> Operation[ListOriginsResult]:
    """List the origins of the account."""
    return Operation(Request("GET", _PATH), _parse_origins)


def get_origin(origin_id: str) -> Operation[OriginResult]:
    """Return an origin."""
    return Operation(Request("GET", _build_path(origin_id)), _parse_origin)


def update_origin(
    origin_id: str, options: Origin | Mapping[str, Any] | None = None, **keywords: Unpack[OriginKeywords]
) -> Operation[OriginResult]:
    """Replace an origin."""
    path, body = _build_path(origin_id), _build_body(options, keywords)
    return Operation(build_json_request("PUT", path, body, idempotent=True), _parse_origin)


def delete_origin(origin_id: str) -> Operation[ResponseMetadataResult]:
    """Delete an origin."""
    return Operation(Request("DELETE", _build_path(origin_id)), _parse_nothing)


def _build_path(origin_id: str) -> str:
    return f"{_PATH}/{quote_segment(origin_id, 'origin_id')}"


def _build_body(options: object, keywords: Mapping[str, Any]) -> dict[str, Any]:
    """Return the body for an origin, whose type determines its options.

    Raises:
        TypeError, ValueError: The type is missing or unknown, or an option is missing, not valid, or does not belong to
            the type.
    """
    members = {**keywords}
    type_ = members.pop("type", None)
    if isinstance(options, Mapping):
        options = {**options}
        of_options = options.pop("type", None)
        type_ = of_options if type_ is None else type_
    elif options is not None:
        of_options = _find_type(options)
        if type_ is not None and type_ != of_options:
            raise ValueError(f"type must be {of_options!r}, the type of {type(options).__name__} (got {type_!r})")
        type_ = of_options
    if type_ is None:
        raise TypeError(f"type is missing: pass one of {', '.join(ORIGIN_CLASSES)}, or an object such as S3Origin(…)")
    if not isinstance(type_, str):
        raise TypeError(f"type must be a str (got {type(type_).__name__})")
    if type_ not in ORIGIN_CLASSES:
        raise ValueError(f"there is no origin type {type_!r}{did_you_mean(type_, ORIGIN_CLASSES)}")
    origin = ORIGIN_CLASSES[type_].of(options, members)
    require_options(origin, *origin.list_required())
    return {"type": type_, **origin.to_json()}


def _find_type(options: object) -> str:
    for type_, cls in ORIGIN_CLASSES.items():
        if isinstance(options, cls):
            return type_
    raise TypeError(f"options must be an origin such as S3Origin(…), a dict or None (got {type(options).__name__})")
