"""URL endpoints: the base URLs from which an account delivers files."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypedDict, get_args

from ...suggestions import did_you_mean
from ..options import UNSET, Options, Unset, encode_flag, encode_str, encode_texts, option
from ..result import ALWAYS, ListResult, Model, Result, as_sent, object_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

UrlRewriterType = Literal["CLOUDINARY", "IMGIX", "AKAMAI"]


@dataclass(frozen=True, kw_only=True, repr=False)
class UrlRewriterResult(Model):
    """How URLs of another service are interpreted.

    Attributes:
        type: A value of `UrlRewriterType`; a plain str, because the service may add types.
        preserve_asset_delivery_types: Whether the delivery type stays part of the path; Cloudinary only.
    """

    type: str = ALWAYS
    preserve_asset_delivery_types: bool | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class UrlEndpointResult(Result):
    """A URL endpoint.

    Attributes:
        id: ID of the endpoint; ``default`` for the one that every account has.
        description: Description of the endpoint.
        url_prefix: Part after the ImageKit ID in its URLs; empty for the default endpoint.
        origins: IDs of the origins that are searched for files, in this order.
        url_rewriter: How URLs of another service are interpreted; None if they are not.
    """

    id: str = ALWAYS
    description: str = ALWAYS
    url_prefix: str = ALWAYS
    origins: list[str] = field(default_factory=list, metadata=as_sent())
    url_rewriter: UrlRewriterResult | None = field(default=None, metadata=object_of(UrlRewriterResult))


@dataclass(frozen=True, kw_only=True, repr=False)
class ListUrlEndpointsResult(ListResult[UrlEndpointResult]):
    """The URL endpoints of the account."""

    @classmethod
    def _decode_item(cls, data: Any) -> UrlEndpointResult:
        return UrlEndpointResult.from_json(data)


@dataclass(repr=False)
class UrlRewriter(Options):
    """How to interpret URLs of another service.

    Attributes:
        type: The service: ``CLOUDINARY``, ``IMGIX`` or ``AKAMAI``; required.
        preserve_asset_delivery_types: Whether the delivery type stays part of the path (default False); Cloudinary
            only.
    """

    type: UrlRewriterType | Unset = UNSET
    preserve_asset_delivery_types: bool | Unset | None = field(default=UNSET, metadata=option(encode=encode_flag))


def _encode_rewriter(value: object) -> dict[str, Any]:
    found = UrlRewriter.of(value).to_json()
    kind = found.get("type")
    types = get_args(UrlRewriterType)
    if kind not in types:
        raise ValueError(f"must have a known type (got {kind!r}){did_you_mean(str(kind), types)}")
    if kind != "CLOUDINARY" and len(found) > 1:
        raise ValueError(f"must not have preserve_asset_delivery_types, which {kind} does not support")
    return found


class UrlEndpointKeywords(TypedDict, total=False):
    """The options of `create_url_endpoint` and `update_url_endpoint` as keywords."""

    description: str
    url_prefix: str
    origins: Sequence[str] | None
    url_rewriter: UrlRewriter | Mapping[str, Any] | None


@dataclass(repr=False)
class UrlEndpointRequestOptions(Options):
    """Options of `create_url_endpoint` and `update_url_endpoint`.

    Attributes:
        description: Description of the endpoint; required.
        url_prefix: Part after the ImageKit ID in its URLs: letters, digits and hyphens; required for all but the
            default endpoint, which has none.
        origins: IDs of up to 10 origins to search for files, in this order (default: none).
        url_rewriter: How to interpret URLs of another service (default: not at all).
    """

    description: str | Unset = UNSET
    url_prefix: str | Unset = field(default=UNSET, metadata=option(encode=encode_str))
    origins: Sequence[str] | Unset | None = field(default=UNSET, metadata=option(encode=encode_texts))
    url_rewriter: UrlRewriter | Mapping[str, Any] | Unset | None = field(
        default=UNSET, metadata=option(encode=_encode_rewriter)
    )
