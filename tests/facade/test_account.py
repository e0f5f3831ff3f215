"""The configuration and the usage of an account, with both clients against local ImageKit."""

from __future__ import annotations

import base64
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from imagekitio import BadRequestException, ConflictException, NotFoundException
from imagekitio.models.account import (
    AkeneoPimOrigin,
    AzureBlobOrigin,
    CloudinaryBackupOrigin,
    GcsOrigin,
    Origin,
    S3CompatibleOrigin,
    S3Origin,
    UrlEndpointRequestOptions,
    UrlRewriter,
    WebFolderOrigin,
    WebhookRequestOptions,
    WebProxyOrigin,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from imagekitio import ImageKit, Transformation
    from imagekitio.local import LocalImageKit

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAEklEQVR4nGP4z8CAB+GTG8HSALfKY52fTcuYAAAAAElFTkSuQmCC"
)  # 10 by 10 pixels
KEYS: dict[str, Any] = {"access_key": "a", "secret_key": "s"}
ORIGINS: dict[str, Origin] = {
    "S3": S3Origin(name="A", bucket="b", prefix="shoes", **KEYS),
    "CLOUDINARY_BACKUP": CloudinaryBackupOrigin(name="A", bucket="b", use_iam_role=True),
    "S3_COMPATIBLE": S3CompatibleOrigin(name="A", bucket="b", endpoint="https://s3.example", **KEYS),
    "GCS": GcsOrigin(name="A", bucket="b", client_email="a@b.example", private_key="-----BEGIN PRIVATE KEY-----\n" * 9),
    "AZURE_BLOB": AzureBlobOrigin(name="A", account_name="a", container="c", sas_token="sv=2024&sig=x"),
    "WEB_FOLDER": WebFolderOrigin(name="A", base_url="https://shop.example", forward_host_header_to_origin=True),
    "WEB_PROXY": WebProxyOrigin(
        name="A", include_canonical_header=True, base_url_for_canonical_header="https://shop.example"
    ),
    "AKENEO_PIM": AkeneoPimOrigin(
        name="A", base_url="https://pim.example", client_id="i", client_secret="s", username="u", password="p"
    ),
}
SECRETS = {"access_key", "secret_key", "private_key", "sas_token", "client_id", "client_secret", "username", "password"}


@pytest.mark.parametrize("type_", ORIGINS)
def test_an_origin_of_each_type_is_returned_without_its_secrets(ik: ImageKit, type_: str) -> None:
    created = ik.create_origin(ORIGINS[type_])
    assert created.type == type_
    assert created.response_metadata.http_status_code == 201
    for name, value in vars(ORIGINS[type_]).items():
        if name not in SECRETS and value:
            assert getattr(created, name) == value
    assert not SECRETS & created.to_dict().keys()
    assert ik.get_origin(created.id) == created
    assert ik.list_origins().list == [created]


def test_an_origin_is_replaced_and_deleted(ik: ImageKit) -> None:
    created = ik.create_origin(type="S3", name="Old", bucket="b", prefix="shoes", **KEYS)
    updated = ik.update_origin(created.id, type="S3", name="New", bucket="b", **KEYS)
    assert (updated.id, updated.name, updated.prefix) == (created.id, "New", "")
    assert ik.get_origin(created.id) == updated
    assert ik.delete_origin(created.id).response_metadata.http_status_code == 204
    assert not ik.list_origins()
    for call in (ik.get_origin, ik.delete_origin):
        with pytest.raises(NotFoundException, match="Origin not found"):
            call(created.id)


def test_an_origin_used_by_a_url_endpoint_cannot_be_deleted(ik: ImageKit) -> None:
    origin = ik.create_origin(type="WEB_PROXY", name="Web")
    rewriter = UrlRewriter("CLOUDINARY", preserve_asset_delivery_types=True)
    created = ik.create_url_endpoint(UrlEndpointRequestOptions("Shop", "shop", [origin.id], rewriter))
    assert created.url_rewriter is not None
    assert created.url_rewriter.preserve_asset_delivery_types is True
    assert (created.url_prefix, created.origins) == ("shop", [origin.id])
    assert [endpoint.url_prefix for endpoint in ik.list_url_endpoints()] == ["", "shop"]
    with pytest.raises(ConflictException, match="in use by a URL-endpoint"):
        ik.delete_origin(origin.id)

    updated = ik.update_url_endpoint(created.id, description="Shoes", url_prefix="shoes")
    assert (updated.origins, updated.url_rewriter) == ([], None)
    assert ik.get_url_endpoint(created.id) == updated
    ik.delete_origin(origin.id)
    ik.delete_url_endpoint(created.id)
    with pytest.raises(NotFoundException, match="URL-endpoint not found"):
        ik.get_url_endpoint(created.id)


def test_files_are_delivered_under_a_new_url_endpoint(ik: ImageKit, server: LocalImageKit, tmp_path: Path) -> None:
    ik.create_url_endpoint(description="Shop", url_prefix="shop")
    uploaded = ik.upload_file(b"content", "a.txt")
    url = f"{server.url_endpoint}/shop{uploaded.file_path}"
    assert ik.download(url, tmp_path / "a.txt").read_bytes() == b"content"


def test_the_default_url_endpoint_can_be_changed_but_not_deleted(ik: ImageKit) -> None:
    changed = ik.update_url_endpoint("default", description="Everything", url_rewriter={"type": "IMGIX"})
    assert (changed.id, changed.url_prefix, changed.description) == ("default", "", "Everything")
    assert ik.get_url_endpoint("default") == changed
    with pytest.raises(BadRequestException, match="Default URL-endpoint cannot be deleted"):
        ik.delete_url_endpoint("default")
    with pytest.raises(BadRequestException, match="Origin does not exists"):
        ik.update_url_endpoint("default", description="Everything", origins=["orig_none"])


def test_a_webhook_keeps_its_secret(ik: ImageKit) -> None:
    created = ik.create_webhook(endpoint="https://shop.example/hook", events=["file.created", "file.deleted"])
    assert created.enabled is True
    assert created.secret.startswith("whsec_")
    updated = ik.update_webhook(created.id, events=["folder.created"], enabled=False)
    assert (updated.events, updated.enabled) == (["folder.created"], False)
    assert (updated.secret, updated.endpoint) == (created.secret, created.endpoint)
    assert ik.list_webhooks().list == [ik.get_webhook(created.id)] == [updated]
    ik.delete_webhook(created.id)
    assert not ik.list_webhooks()


def test_the_service_can_refuse_a_webhook(ik: ImageKit) -> None:
    ik.create_webhook(endpoint="https://shop.example/0", events=["file.created"])
    with pytest.raises(BadRequestException, match="already exists"):
        ik.create_webhook(endpoint="https://shop.example/0", events=["file.created"])
    with pytest.raises(BadRequestException, match="events must be one of"):
        ik.create_webhook(WebhookRequestOptions("https://shop.example/1", ["file.renamed"]))
    for number in (1, 2):
        ik.create_webhook(endpoint=f"https://shop.example/{number}", events=["file.created"])
    with pytest.raises(BadRequestException, match="A maximum of 3 webhooks"):
        ik.create_webhook(endpoint="https://shop.example/3", events=["file.created"])


def test_a_saved_extension_runs_by_its_id(ik: ImageKit) -> None:
    saved = ik.create_saved_extension(
        name="Tags", description="Tags shoes", config={"name": "aws-auto-tagging", "min_confidence": 10, "max_tags": 3}
    )
    assert saved.config == {"name": "aws-auto-tagging", "minConfidence": 10, "maxTags": 3}
    uploaded = ik.upload_file(PNG, "a.png", extensions=[{"name": "saved-extension", "id": saved.id}])
    assert uploaded.extension_status == {"aws-auto-tagging": "success"}
    assert uploaded.ai_tags

    updated = ik.update_saved_extension(saved.id, config={"name": "remove-bg"})
    assert (updated.name, updated.config) == ("Tags", {"name": "remove-bg"})
    assert ik.list_saved_extensions().list == [ik.get_saved_extension(saved.id)] == [updated]
    with pytest.raises(BadRequestException, match="Invalid extension configuration"):
        ik.update_saved_extension(saved.id, config={"name": "no-such-extension"})
    ik.delete_saved_extension(saved.id)
    with pytest.raises(NotFoundException, match="does not exist"):
        ik.get_saved_extension(saved.id)


STEPS: list[Transformation] = [
    {"width": 60, "height": 40, "background": "FFFFFF", "crop_mode": "pad_resize"},
    {"overlay": {"type": "text", "text": "a b", "encoding": "plain", "transformation": [{"font_size": 12}]}},
    {"overlay": {"type": "text", "text": "a, b: 50%", "transformation": [{"font_size": 12}]}},
]


def test_a_named_transformation_delivers_what_its_steps_deliver(ik: ImageKit, tmp_path: Path) -> None:
    path = ik.upload_file(PNG, "a.png").file_path
    named = ik.create_named_transformation(name="card", transformation=STEPS)
    assert named.enabled is True

    def download(transformation: Any) -> bytes:
        return ik.download(path, tmp_path / "found", transformation=transformation).read_bytes()

    assert download({"named": "card"}) == download(STEPS)
    ik.update_named_transformation(named.id, transformation="w-5,h-5")
    assert download({"named": "card"}) == download({"width": 5, "height": 5})
    ik.update_named_transformation(named.id, name="small", enabled=False)
    assert ik.list_named_transformations().list == [ik.get_named_transformation(named.id)]
    with pytest.raises(BadRequestException):
        download({"named": "small"})
    ik.delete_named_transformation(named.id)
    with pytest.raises(NotFoundException, match="Named transformation not found"):
        ik.get_named_transformation(named.id)


def test_the_service_can_refuse_a_named_transformation(ik: ImageKit) -> None:
    ik.create_named_transformation(name="card", transformation="w-320")
    with pytest.raises(BadRequestException, match="'card' already exists"):
        ik.create_named_transformation(name="card", transformation="w-320")
    with pytest.raises(BadRequestException, match="transformation is invalid"):
        ik.create_named_transformation(name="other", transformation="w-wide")


def test_usage_counts_what_is_stored_and_delivered(ik: ImageKit, server: LocalImageKit, tmp_path: Path) -> None:
    uploaded = ik.upload_file(b"x" * 1000, "a.txt")
    ik.download(uploaded, tmp_path / "a.txt")
    today = date.fromisoformat(ik.get_file_details(uploaded).created_at[:10])  # according to the clock of the server
    usage = ik.get_usage(today, today + timedelta(days=1))
    assert (usage.bandwidth_bytes, usage.media_library_storage_bytes) == (1000, 1000)

    analytics = ik.get_usage_analytics(today - timedelta(days=1), f"{today}")
    assert (analytics.start_date, analytics.end_date) == (f"{today - timedelta(days=1)}", f"{today}")
    assert (analytics.bandwidth_bytes, analytics.request_count) == (1000, 1)
    assert [(status.name, status.request_count) for status in analytics.status_codes] == [("200", 1)]
    (file,) = analytics.top_other_assets.by_requests
    assert file.name.endswith(uploaded.file_path)
    assert analytics.top_images.by_bandwidth == []


@pytest.mark.parametrize(
    "call",
    [
        lambda ik: ik.create_origin(type="S3", base_url="https://shop.example"),
        lambda ik: ik.update_origin("orig_1", {"type": "S3", "name": "A"}),
        lambda ik: ik.create_url_endpoint(description="Shop"),
        lambda ik: ik.create_webhook(endpoint="shop.example", events=["file.created"]),
        lambda ik: ik.update_webhook("wh_1", events=[]),
        lambda ik: ik.create_saved_extension(name="Tags", description="Tags", config={}),
        lambda ik: ik.create_named_transformation(name="a-b", transformation="w-1"),
        lambda ik: ik.get_usage("2024-03-01", "2024-03-01"),
        lambda ik: ik.get_usage_analytics("2024-03-01", "2024-06-01"),
    ],
)
def test_invalid_values_are_refused_before_anything_is_sent(
    ik: ImageKit, server: LocalImageKit, call: Callable[[ImageKit], object]
) -> None:
    with pytest.raises((TypeError, ValueError)):
        call(ik)
    assert server.requests == []
