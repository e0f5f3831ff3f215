"""User code for img-src.io that is type-checked but never run."""

from __future__ import annotations

import io
import logging
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import requests
from typing_extensions import assert_type

from imagekitio.imgsrc import AsyncImgsrc, Imgsrc, errors, models
from imagekitio.imgsrc.types import UNSET
from imagekitio.imgsrc.utils import BackoffStrategy, RetryConfig
from imagekitio.policies import Retry

if TYPE_CHECKING:
    from imagekitio.bulk import Done

CONFIG = RetryConfig("backoff", BackoffStrategy(1, 50, 1.1, 100), False)


def make() -> Imgsrc:
    Imgsrc(bearer_auth=lambda: "imgsrc_a", server_url="https://{zone}.example", url_params={"zone": "eu"})
    Imgsrc(client=requests.Session(), retry_config=Retry(attempts=2), debug_logger=logging.getLogger("a"))
    Imgsrc(client=httpx.Client(), async_client=httpx.AsyncClient(), retry_config=None, timeout_ms=5000)
    client = Imgsrc("imgsrc_a", retry_config=CONFIG, username="ada", delivery_url="https://cdn.img-src.io")
    assert_type(client.with_options(timeout_ms=5), Imgsrc)
    assert_type(client.url(path="a.png", width=300, format="webp"), str)
    assert_type(client.url({"path": "a.png", "preset": ["thumb"]}), str)
    assert_type(client.get_responsive_image_attributes(path="a.png", width=300, quality=80).src, str)
    Imgsrc(api_key="imgsrc_a")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    assert_type(client.username, "str | None")
    return client


def images(client: Imgsrc) -> None:
    with open("a.png", "rb") as file:
        upload = client.images.upload_image(file=file, target_path="trips", visibility="private")
        client.images.upload_image(request={"file": {"file_name": "a.png", "content": file}, "target_path": "trips"})
        client.images.upload_image(request={"file": {"fileName": "a.png", "content": file}})
    assert_type(upload, models.UploadResponse)
    assert_type(upload.upload_response.url, str)
    assert_type(upload.uploaded_at, datetime)
    assert_type(upload.format_, str)
    assert_type(upload.http_meta.response.headers["X-RateLimit-Remaining"], str)
    request = models.UploadImageRequestBody(file=models.File("a.png", b"a"), target_path="trips")
    client.images.upload_image(request, on_progress=lambda sent, total: print(sent / total), retries=CONFIG)
    client.images.upload_image(file=("a.png", io.BytesIO(b"a"), "image/png"))
    client.images.upload_image(file=Path("a.png"))

    page: models.ListImagesResponse | None = client.images.list_images(limit=5, offset=None, path="trips", timeout_ms=5)
    while page is not None:
        for image in page:
            assert_type(image, models.ImageListItem)
        assert_type(page.next(), "models.ImageListResponse | None")
        assert_type(page[0].active_signed_url, "models.ActiveSignedURL | None")
        page = page.next()
    assert_type(client.images.iter_images(path="trips"), Iterator[models.ImageListItem])
    assert_type(client.images.search_images("oslo").results[0].cdn_url, "str | None")
    for result in client.images.search_images("oslo"):
        assert_type(result, models.SearchResult)
    assert_type(client.images.get_image(id=upload).metadata.width, "int | None")
    signed = client.images.create_signed_url(
        id="a", expires_in_seconds=timedelta(hours=1), transformation={"width": 3, "format": "webp"}
    )
    assert_type(signed.signed_url_response.expires_at, int)
    client.images.create_signed_url("a", transformation=models.Transformation(width=3, format_="webp"))
    client.images.update_visibility(id="a", visibility="public", http_headers={"X-Trace": "1"})
    assert_type(client.images.delete_image("a").deleted_at, datetime)
    assert_type(client.images.delete_image_path(username="ada", filepath="a.png").remaining_paths, list[str])


def account(client: Imgsrc) -> None:
    preset = client.presets.create_preset(request={"name": "thumb", "params": {"w": 300}})
    assert_type(preset, models.Preset)
    client.presets.create_preset(models.CreatePresetRequest(name="thumb", params={"w": 300}, description="Small"))
    client.presets.create_preset(name="thumb", params={"w": 300}, check_params=False)
    client.presets.update_preset(id=preset, description=UNSET)
    client.presets.update_preset(id="a", description=None)
    assert_type(client.presets.delete_preset(name="thumb").success, bool)
    client.presets.delete_preset(id=preset)
    assert_type(client.presets.list_presets().presets, list[models.Preset])
    assert_type(client.presets.list_presets()[0], models.Preset)
    assert_type(client.settings.get_settings().settings.username, str)
    client.settings.update_settings(request={"default_max_width": None, "default_fit_mode": "cover"})
    client.settings.update_settings(default_quality=80, theme="dark")
    assert_type(client.usage.get_usage().plan_limits.max_storage_bytes, "int | None")


def results_as_annotations(
    a: models.UploadImageResponse,
    b: models.ListImagesResponse,
    c: models.SearchImagesResponse,
    d: models.GetImageResponse,
    e: models.DeleteImageResponse,
    f: models.CreateSignedURLResponse,
    g: models.UpdateVisibilityResponse1,
    h: models.DeleteImagePathResponse,
    i: models.ListPresetsResponse1,
    j: models.CreatePresetResponse,
    k: models.GetPresetResponse,
    q: models.UpdatePresetResponse,
    m: models.DeletePresetResponse1,
    n: models.GetSettingsResponse,
    o: models.UpdateSettingsResponse,
    p: models.GetUsageResponse,
) -> None:
    assert_type(a.upload_response, models.UploadResponse)
    assert_type(b.image_list_response, models.ImageListResponse)
    assert_type(c.search_response, models.SearchResponse)
    assert_type(d.metadata_response, models.MetadataResponse)
    assert_type(e.delete_response, models.DeleteResponse)
    assert_type(f.signed_url_response, models.SignedURLResponse)
    assert_type(g.update_visibility_response, models.UpdateVisibilityResponse)
    assert_type(h.path_delete_response, models.PathDeleteResponse)
    assert_type(i.list_presets_response, models.ListPresetsResponse)
    assert_type(j.preset, models.Preset)
    assert_type(k.preset, models.Preset)
    assert_type(q.preset, models.Preset)
    assert_type(m.delete_preset_response, models.DeletePresetResponse)
    assert_type(n.settings_response, models.SettingsResponse)
    assert_type(o.settings_update_response, models.SettingsUpdateResponse)
    assert_type(p.usage_response, models.UsageResponse)


def requests_as_annotations(
    upload: models.UploadImageRequestBody | models.UploadImageRequestBodyTypedDict,
    file: models.File | models.FileTypedDict,
    transformation: models.Transformation | models.TransformationTypedDict,
    preset: models.CreatePresetRequest | models.CreatePresetRequestTypedDict,
    settings: models.UpdateSettingsRequest | models.UpdateSettingsRequestTypedDict,
    client: Imgsrc,
) -> None:
    client.images.upload_image(upload)
    client.images.upload_image(file=file)
    client.images.create_signed_url("a", transformation=transformation)
    client.presets.create_preset(preset)
    client.settings.update_settings(settings)


def transfers(client: Imgsrc) -> None:
    for done in client.upload_many([Path("a.png"), (b"a", "a.png"), {"file": b"a"}], target_path="trips"):
        assert_type(done.result, "models.UploadResponse | None")
    assert_type(client.download("a.png", "b.png", width=300), Path)
    assert_type(client.download({"path": "a.png"}, io.BytesIO()), None)
    for stored in client.download_many(client.images.iter_images(), "folder", skip_existing=True):
        assert_type(stored.result, "Path | None")


def failures(client: Imgsrc) -> str:
    try:
        client.images.get_image("a")
    except errors.NotFoundError as exc:
        return exc.message
    except errors.ErrorResponse as exc:
        return exc.data.error.code
    except errors.ImgsrcDefaultError as exc:
        return exc.body + str(exc.status_code) + exc.headers["Retry-After"]
    except errors.ImgsrcError as exc:
        return f"{exc.attempts} {exc.retry_after_seconds}"
    return ""


async def twins(client: Imgsrc) -> None:
    async with client as same:
        assert_type(same, Imgsrc)
        assert_type(await same.images.get_image_async("a"), models.MetadataResponse)
        page: models.AsyncImageListResponse | None = await same.images.list_images_async(limit=5)
        while page is not None:
            assert_type(page[0], models.ImageListItem)
            page = await page.next()
        first = await same.images.list_images_async(limit=5)
        assert_type(await first.next(), "models.AsyncImageListResponse | None")
        print(first.next().images)  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]  # await is forgotten
        assert_type(await same.presets.delete_preset_async(name="a"), models.DeletePresetResponse)
        assert_type(same.images.iter_images_async(), AsyncIterator[models.ImageListItem])


async def tasks() -> None:
    async with AsyncImgsrc("imgsrc_a") as client:
        assert_type(await client.images.upload_image(file=Path("a.png")), models.UploadResponse)
        assert_type((await client.usage.get_usage(retries=None)).plan, str)
        page: models.AsyncImageListResponse | None = await client.images.list_images(path="trips", retries=None)
        while page is not None:
            page = await page.next()
        first = await client.images.list_images()
        page = first.next()  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]  # await is forgotten
        assert_type(await first.next(), "models.AsyncImageListResponse | None")
        async for image in client.images.iter_images(path="trips"):
            assert_type(image, models.ImageListItem)
        assert_type(await client.download("a.png", "b.png"), Path)
        done: Done[Any, models.UploadResponse]
        async for done in client.upload_many([Path("a.png")]):
            done.unwrap()
