"""Results and requests of img-src.io."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import datetime, timezone
from typing import Any

import pytest

from imagekitio.imgsrc import models
from imagekitio.imgsrc.models.base import HttpRequest
from imagekitio.imgsrc.types import UNSET
from imagekitio.models.response_metadata import Headers, ResponseMetadata

from .answers import (
    DELETION,
    ID,
    ITEM,
    LISTING,
    METADATA,
    PATH_DELETION,
    PRESET,
    PRESET_DELETION,
    PRESETS,
    PRIVATE_ITEM,
    SEARCH,
    SETTINGS,
    SETTINGS_UPDATE,
    SIGNED,
    UPLOAD,
    USAGE,
    VISIBILITY,
)

# The class of each result, its name for the data, the name of the attribute in the released package, and a body.
RESULTS: list[tuple[str, str, str, dict[str, Any]]] = [
    ("UploadImageResponse", "UploadResponse", "upload_response", UPLOAD),
    ("ListImagesResponse", "ImageListResponse", "image_list_response", LISTING),
    ("SearchImagesResponse", "SearchResponse", "search_response", SEARCH),
    ("GetImageResponse", "MetadataResponse", "metadata_response", METADATA),
    ("DeleteImageResponse", "DeleteResponse", "delete_response", DELETION),
    ("CreateSignedURLResponse", "SignedURLResponse", "signed_url_response", SIGNED),
    ("UpdateVisibilityResponse1", "UpdateVisibilityResponse", "update_visibility_response", VISIBILITY),
    ("DeleteImagePathResponse", "PathDeleteResponse", "path_delete_response", PATH_DELETION),
    ("ListPresetsResponse1", "ListPresetsResponse", "list_presets_response", PRESETS),
    ("CreatePresetResponse", "Preset", "preset", PRESET),
    ("GetPresetResponse", "Preset", "preset", PRESET),
    ("UpdatePresetResponse", "Preset", "preset", PRESET),
    ("DeletePresetResponse1", "DeletePresetResponse", "delete_preset_response", PRESET_DELETION),
    ("GetSettingsResponse", "SettingsResponse", "settings_response", SETTINGS),
    ("UpdateSettingsResponse", "SettingsUpdateResponse", "settings_update_response", SETTINGS_UPDATE),
    ("GetUsageResponse", "UsageResponse", "usage_response", USAGE),
]


def read(name: str, body: dict[str, Any]) -> Any:
    metadata = ResponseMetadata(body, 200, Headers({"X-RateLimit-Remaining": "99"}))
    return getattr(models, name).from_answer(metadata)


@pytest.mark.parametrize(("wrapper", "data", "attribute", "body"), RESULTS)
def test_a_result_is_also_the_data_that_the_released_package_wraps(
    wrapper: str, data: str, attribute: str, body: dict[str, Any]
) -> None:
    result = read(wrapper, body)
    assert isinstance(result, getattr(models, data))
    assert getattr(result, attribute) is result
    assert result.http_meta.response.headers["x-ratelimit-remaining"] == "99"
    assert result.http_meta.response.json() == body
    assert result.http_meta.response.status_code == 200


@pytest.mark.parametrize(("wrapper", "data", "attribute", "body"), RESULTS)
def test_a_result_survives_pickle_and_copy_and_becomes_the_same_json(
    wrapper: str, data: str, attribute: str, body: dict[str, Any]
) -> None:
    result = read(wrapper, body)
    for other in (pickle.loads(pickle.dumps(result)), copy.deepcopy(result)):
        assert other == result
        assert repr(other) == repr(result)
    assert json.loads(result.to_json())["created_at" if "created_at" in body else next(iter(body))] is not None
    assert result.to_dict(mode="json").keys() == body.keys()


def test_names_that_python_cannot_have_are_spelt_with_an_underscore_or_without() -> None:
    upload = read("UploadResponse", UPLOAD)
    assert (upload.format_, upload.links.self_, upload.links.delete) == ("png", *[f"/api/v1/images/{ID}"] * 2)
    assert upload.to_dict()["format"] == "png"
    assert upload.to_dict()["_links"] == {"self": f"/api/v1/images/{ID}", "delete": f"/api/v1/images/{ID}"}
    assert upload.to_dict(use_api_names=False)["links"]["self_"] == f"/api/v1/images/{ID}"
    assert models.Links(self_="/a").to_dict() == {"self": "/a"}


def test_times_are_aware_datetimes_and_epochs_stay_numbers() -> None:
    assert read("UploadResponse", UPLOAD).uploaded_at == datetime(2026, 2, 7, 9, 30, tzinfo=timezone.utc)
    assert read("SearchResponse", SEARCH).results[0].uploaded_at.tzinfo is not None
    assert read("Preset", PRESET).created_at == 1735689600
    assert read("UploadResponse", {**UPLOAD, "uploaded_at": "yesterday"}).uploaded_at == "yesterday"


def test_fields_that_the_service_adds_later_are_attributes() -> None:
    upload = read("UploadResponse", {**UPLOAD, "blur_hash": "LEHV"})
    assert upload.blur_hash == "LEHV"
    assert upload.to_dict()["blur_hash"] == "LEHV"
    assert read("UsageResponse", {**USAGE, "plan_status": "paused"}).plan_status == "paused"


def test_a_misspelt_field_suggests_the_nearest() -> None:
    with pytest.raises(AttributeError, match="did you mean 'format_'"):
        _ = read("UploadResponse", {**UPLOAD}).forma


def test_a_page_iterates_and_is_indexed() -> None:
    page = read("ListImagesResponse", {**LISTING, "images": [ITEM, PRIVATE_ITEM]})
    assert len(page) == 2
    assert [image.visibility for image in page] == ["public", "private"]
    assert page[1].active_signed_url.expires_at == 1767225600
    assert page[:1] == page.images[:1]
    assert page[0] in page
    assert page.folders[0].image_count == 12


def test_lists_of_presets_and_results_of_searches_iterate_like_listings() -> None:
    lists: list[tuple[str, dict[str, Any], str]] = [
        ("ListPresetsResponse", PRESETS, "presets"),
        ("SearchResponse", SEARCH, "results"),
        ("ImageListResponse", LISTING, "images"),
    ]
    for name, body, field in lists:
        found = read(name, body)
        assert [one.id for one in found] == [one["id"] for one in body[field]]
        assert len(found) == len(body[field])
        assert found[0] is getattr(found, field)[0]
        assert found[:1] == getattr(found, field)[:1]


def test_a_page_that_does_not_come_from_a_call_has_no_next_one() -> None:
    with pytest.raises(RuntimeError, match="offset"):
        read("ListImagesResponse", LISTING).next()


def test_urls_of_pictures_that_come_without_a_host_are_completed() -> None:
    request, base = HttpRequest("POST", "https://api.img-src.io/api/v1/images"), "https://cdn.img-src.io"
    upload = read("UploadResponse", {**UPLOAD, "url": "/ada/a.png", "available_formats": {"webp": "/ada/a.webp"}})
    upload.complete(request, base)
    assert (upload.url, upload.available_formats.webp) == (f"{base}/ada/a.png", f"{base}/ada/a.webp")
    assert upload.available_formats.jxl is None
    assert upload.http_meta.request is request
    page = read("ListImagesResponse", {**LISTING, "images": [{**ITEM, "cdn_url": "/ada/a.png"}, ITEM]})
    page.complete(request, base)
    assert [image.cdn_url for image in page] == [f"{base}/ada/a.png", ITEM["cdn_url"]]
    assert page[0].url == ITEM["url"]
    image = read("MetadataResponse", {**METADATA, "urls": {"original": "/ada/a.png"}})
    image.complete(request, base)
    assert image.urls.original == f"{base}/ada/a.png"


def test_an_incomplete_response_is_read_as_far_as_possible() -> None:
    upload = read("UploadResponse", {"id": ID, "available_formats": "gone"})
    upload.complete(HttpRequest(), "https://img-src.io/i")
    assert (upload.id, upload.url, upload.paths, upload.available_formats) == (ID, None, [], "gone")
    page = read("ListImagesResponse", {"images": ["?"]})
    page.complete(HttpRequest(), "https://img-src.io/i")
    assert page.images == ["?"]


def test_a_signed_url_is_not_shown() -> None:
    shown = repr(read("SignedURLResponse", SIGNED)) + repr(models.ImageListItem.from_json(PRIVATE_ITEM))
    assert "1767225600" in shown
    assert "sig=" not in shown


def test_requests_are_dicts_or_objects() -> None:
    assert models.File.of({"fileName": "a.png", "content": b"a"}) == models.File("a.png", b"a")
    assert models.Transformation.of({"width": 3, "format": "webp"}) == models.Transformation(width=3, format_="webp")
    assert models.Transformation(format_="webp").to_json() == {"format": "webp"}
    assert models.UpdateSettingsRequest(default_max_width=None, theme=None).to_json() == {"default_max_width": None}
    assert models.UpdateSettingsRequest(default_max_width=UNSET).to_json() == {}


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        ({"visibility": "hidden"}, "visibility must be 'public' or 'private' .got 'hidden'."),
        ({"visibilty": "public"}, "did you mean 'visibility'"),
    ],
)
def test_a_wrong_option_of_an_upload_is_refused(request_: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        models.UploadImageRequestBody.of(request_).to_json()


def test_the_content_of_a_file_is_not_shown() -> None:
    assert "secret" not in repr(models.UploadImageRequestBody(file=models.File("a", b"secret")))
