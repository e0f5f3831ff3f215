from __future__ import annotations

from typing import Any

import pytest

from imagekitio.models.account import UrlEndpointRequestOptions, UrlEndpointResult, UrlRewriter, UrlRewriterResult


@pytest.mark.parametrize(
    "rewriter",
    [
        UrlRewriter("CLOUDINARY", preserve_asset_delivery_types=True),
        {"type": "CLOUDINARY", "preserve_asset_delivery_types": True},
        {"type": "CLOUDINARY", "preserveAssetDeliveryTypes": True},
    ],
)
def test_a_rewriter_can_be_given_in_three_ways(rewriter: Any) -> None:
    sent = UrlEndpointRequestOptions("Shop", "shop", ["o1", "o2"], rewriter).to_json()
    assert sent == {
        "description": "Shop",
        "urlPrefix": "shop",
        "origins": ["o1", "o2"],
        "urlRewriter": {"type": "CLOUDINARY", "preserveAssetDeliveryTypes": True},
    }


@pytest.mark.parametrize("service", ["IMGIX", "AKAMAI", "CLOUDINARY"])
def test_a_rewriter_needs_only_its_type(service: str) -> None:
    assert UrlEndpointRequestOptions(url_rewriter={"type": service}).to_json() == {"urlRewriter": {"type": service}}


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"url_rewriter": {"type": "imgix"}}, ValueError, "url_rewriter must have a known type .* mean 'IMGIX'"),
        ({"url_rewriter": {}}, ValueError, "url_rewriter must have a known type .got None.; expected one of AKAMAI"),
        ({"url_rewriter": {"type": ["IMGIX"]}}, ValueError, "url_rewriter must have a known type"),
        (
            {"url_rewriter": {"type": "IMGIX", "preserve_asset_delivery_types": False}},
            ValueError,
            "url_rewriter must not have preserve_asset_delivery_types, which IMGIX does not support",
        ),
        ({"url_rewriter": {"typ": "IMGIX"}}, ValueError, "url_rewriter UrlRewriter has no option 'typ'; did you mean"),
        ({"url_rewriter": "IMGIX"}, TypeError, "url_rewriter options must be UrlRewriter, a dict or None .got str."),
        ({"origins": "orig_1"}, TypeError, "origins must be a list of str .got str."),
        ({"origins": [3]}, TypeError, "origins must be a list of str .it contains 3."),
        ({"url_prefix": 3}, TypeError, "url_prefix must be a str .got int."),
    ],
)
def test_an_invalid_value_is_refused_by_name(options: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=f"^{message}"):
        UrlEndpointRequestOptions.of(options).to_json()


def test_the_rewriter_of_a_result_is_an_object() -> None:
    raw = {
        "id": "ep_1",
        "urlPrefix": "shop",
        "urlRewriter": {"type": "CLOUDINARY", "preserveAssetDeliveryTypes": False},
    }
    endpoint = UrlEndpointResult.from_json(raw)
    assert endpoint.url_rewriter == UrlRewriterResult(type="CLOUDINARY", preserve_asset_delivery_types=False)
    assert UrlEndpointResult.from_json({"id": "ep_1"}).url_rewriter is None
