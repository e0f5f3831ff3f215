"""User code that is type-checked but never run: the public API as mypy and pyright see it."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from typing_extensions import assert_type

import imagekitio
import imagekitio.v2
from imagekitio import (
    AsyncImageKit,
    ImageKit,
    ImageKitException,
    Markup,
    NotFoundException,
    Overlay,
    PartialSuccessException,
    PictureSource,
    Retry,
    TextOverlay,
    Transformation,
)
from imagekitio.bulk import Change, Done
from imagekitio.bulk.deletions import Deletion
from imagekitio.bulk.tags import Tagging
from imagekitio.exceptions import ErrorDetail, FileExistsException
from imagekitio.exceptions.BadRequestException import BadRequestException
from imagekitio.groups.raw import AsyncRawResponse, RawResponse
from imagekitio.groups.results import File, Folder
from imagekitio.models import CopyFileRequestOptions, UpdateFileRequestOptions
from imagekitio.models.account import OriginResult, S3Origin, UrlRewriter, WebFolderOrigin, WebhookRequestOptions
from imagekitio.models.CreateCustomMetadataFieldsRequestOptions import CreateCustomMetadataFieldsRequestOptions
from imagekitio.models.CustomMetadataFieldsSchema import CustomMetadataFieldsSchema
from imagekitio.models.CustomMetaDataTypeEnum import CustomMetaDataTypeEnum
from imagekitio.models.details import GetMetadataResult
from imagekitio.models.ListAndSearchFileRequestOptions import ListAndSearchFileRequestOptions
from imagekitio.models.results import FileResult, FolderResult, TagsResult
from imagekitio.models.results.FileResultWithResponseMetadata import FileResultWithResponseMetadata
from imagekitio.models.results.ListFileResult import ListFileResult
from imagekitio.models.results.ResponseMetadataResult import ResponseMetadataResult
from imagekitio.models.results.UploadFileResult import UploadFileResult
from imagekitio.models.UploadFileRequestOptions import UploadFileRequestOptions
from imagekitio.operations.ids import FileId
from imagekitio.operations.upload_tokens import UploadToken
from imagekitio.search import Q, Query
from imagekitio.streams import AsyncFileStream, FileStream
from imagekitio.webhooks import (
    FileCreatedEvent,
    FileDeletedEvent,
    UnknownEvent,
    VideoTransformationReadyEvent,
    WebhookEvent,
    WebhookVerificationError,
    parse_webhook,
    verify_webhook,
)

if TYPE_CHECKING:
    from concurrent.futures import Executor
    from decimal import Decimal


def make() -> ImageKit:
    ImageKit("public_key", "private_key", "https://ik.imagekit.io/your_imagekit_id", "query", {"timeout": 3})
    client = ImageKit(
        private_key="private_key",
        public_key="public_key",
        url_endpoint="https://ik.imagekit.io/your_imagekit_id",
        timeout=(3, 10),
        retry=Retry(attempts=5),
    )
    assert_type(client.with_options(timeout=1.5, retry=False), ImageKit)
    assert_type(client.public_key, str)
    assert_type(imagekitio.__version__, str)
    ImageKit(time_out=3)  # type: ignore[call-arg] # pyright: ignore[reportCallIssue]
    with client as same:
        return same


def transform(client: ImageKit, width: int | None, factor: Decimal, name: str) -> list[str]:
    caption: TextOverlay = {
        "type": "text",
        "text": "-20 % today",
        "layerMode": "multiply",
        "position": {"x": 10, "yCenter": "bh_div_2", "anchor_point": "top_right"},
        "timing": {"start": 5, "end": "idu_sub_2"},
        "transformation": [{"font_size": 40, "font_color": "FFFFFF", "typography": ["b", "i"], "raw": "lh-3"}],
    }
    overlays: list[Overlay] = [
        caption,
        {"type": "image", "input": "/logo.png", "transformation": {"width": "bw_mul_0.5", "overlay": caption}},
        {"type": "video", "input": "/a.mp4", "encoding": "base64", "transformation": [{"w": 300}, {"radius": "max"}]},
        {"type": "subtitle", "input": "/a.srt", "transformation": [{"font_outline": "2_blue", "color": "red"}]},
        {
            "type": "solidColor",
            "color": "FF0000",
            "layer_mode": None,
            "transformation": [{"alpha": 5, "gradient": True}],
        },
    ]
    steps: list[Transformation] = [{"width": width, "overlay": overlay} for overlay in overlays]
    more: list[Transformation] = [
        {"height": 0.5, "width": "auto", "dpr": factor, "x": "iw_div_2", "rotation": "N40", "aspect_ratio": "4-3"},
        {"crop": "at_max", "cm": "pad_resize", "focus": "cat_dog", "background": ["blurred", 10, "N20"], "flip": "h_v"},
        {"effect_sharpen": "-", "effect_gray": True, "effect_contrast": "1", "effect_usm": "2-2-0.8-0.024"},
        {"grayscale": True, "sharpen": 10, "shadow": "bl-15", "gradient": True, "trim": 5, "lossless": "true"},
        {"radius": [10, "max", 0, 0], "padding": "5_10", "page": 2, "streaming_resolutions": [240, "720"]},
        {"overlay_image": "/logo.png", "overlay_focus": "top", "overlay_text": 42, "overlay_x": -5, "oi": "/a.png"},
        {"e-sharpen": 10, "or": 5, "tg": "b_i", "c2pa": True, "raw": "w-300,h-200", "named": "thumb"},
    ]
    steps += more
    client.url({"path": "/a.jpg", "transformation": [{"widht": 3}]})  # a dict of options is for code of 4.x too
    client.url({"urlEndpoint": "https://ik.example.com/demo", "path": "/a.jpg"})
    client.url(path="/a.jpg", transformation=[{"format": name}])  # type: ignore[typeddict-item] # pyright: ignore[reportArgumentType]
    client.url(path="/a.jpg", transformation=[{"widht": 3}])  # type: ignore[typeddict-unknown-key] # pyright: ignore[reportArgumentType]
    client.url(path="/a.jpg", transformation=[{"crop": "bogus"}])  # type: ignore[typeddict-item] # pyright: ignore[reportArgumentType]
    client.url(path="/a.jpg", transformation={"crop": "bogus"})  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    client.url(path="/a.jpg", transformation=[{"width": {}}])  # type: ignore[typeddict-item] # pyright: ignore[reportArgumentType]
    client.url(path="/a.jpg", transformation="w-300")  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    client.url_template(transformation=[{"lossless": 1}])  # type: ignore[typeddict-item] # pyright: ignore[reportArgumentType]
    client.get_responsive_image_attributes(path="/a.jpg", transformation=[{"heigth": 3}])  # type: ignore[typeddict-unknown-key] # pyright: ignore[reportArgumentType]
    client.download("/a.jpg", "a.jpg", transformation=[{"qualty": 3}])  # type: ignore[typeddict-unknown-key] # pyright: ignore[reportArgumentType, reportCallIssue]
    caption["layer_mode"] = "multply"  # type: ignore[typeddict-item] # pyright: ignore[reportGeneralTypeIssues]
    caption["position"] = {"focus": "topleft"}  # type: ignore[typeddict-item] # pyright: ignore[reportGeneralTypeIssues]
    caption["transformation"] = [{"blur": 3}]  # type: ignore[typeddict-unknown-key] # pyright: ignore[reportGeneralTypeIssues]
    steps[0]["overlay"] = {"type": "txt", "text": "a"}  # type: ignore[typeddict-item] # pyright: ignore[reportGeneralTypeIssues]
    steps[0]["overlay"] = {"type": "image", "text": "a"}  # type: ignore[typeddict-item] # pyright: ignore[reportGeneralTypeIssues]
    steps[0]["overlay"] = {"type": "text"}  # type: ignore[typeddict-item] # pyright: ignore[reportGeneralTypeIssues]
    parsed = client.parse_url("https://ik.example.com/demo/a.jpg")
    return [
        client.url(path="/a.jpg", transformation=steps),
        client.url(path="/a.jpg", transformation=(steps[0], {"rotation": 90})),
        client.url(path="/a.jpg", transformation=[*parsed.transformation, {"rotation": 90}]),
        client.url(parsed.options),
        client.url(**parsed.options),
    ]


def upload(client: ImageKit, path: Path) -> str:
    options = UploadFileRequestOptions(
        use_unique_file_name=False, tags=["abc", "def"], response_fields=["is_private_file", "tags"]
    )
    options.folder = "/testing-python-folder/"
    with path.open("rb") as file:
        result = client.upload_file(file=file, file_name="a.jpg", options=options)
    assert_type(result, UploadFileResult)
    assert_type(result.tags, "list[str] | None")
    for source in (b"content", "https://example.com/a.jpg", path, io.BytesIO(b"content"), bytearray(b"content")):
        client.upload(source, "a.jpg", {"tags": "a,b"})
    client.upload_file(b"content", "a.jpg", tags=["a"], overwrite_ai_tags=False, custom_metadata={"price": 3})
    client.upload_file(b"content", "a.jpg", response_fields=["tags", "customMetadata"])
    client.upload_file(b"content", "a.jpg", response_fields=["tag"])  # type: ignore[list-item] # pyright: ignore[reportArgumentType]
    UploadFileRequestOptions(response_fields=[*path.parts])
    client.upload_file(b"content", "a.jpg", tag=["a"])  # type: ignore[call-arg] # pyright: ignore[reportCallIssue]
    client.upload_file(b"content", "a.jpg", folder=3)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    client.upload_file(3, "a.jpg")  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    return client.get_file_details(result.file_id).url


def list_and_search(client: ImageKit) -> list[str]:
    files = client.list_files(options=ListAndSearchFileRequestOptions(type="file", limit=5, search_query="x"))
    assert_type(files, ListFileResult)
    assert_type(files.list, list[FileResult])
    assert_type(files[0], FileResult)
    assert_type(files[:2], list[FileResult])
    assert_type(files[0].width, "int | None")
    assert_type(files.response_metadata.http_status_code, int)
    assert_type(client.iter_files(path="/shop", page_size=100), Iterator[FileResult])
    client.list_files(limt=5)  # type: ignore[call-arg] # pyright: ignore[reportCallIssue]
    client.list_files(sort="DESC_CREATED", type="file-version", file_type="non-image")
    client.list_files(sort="bogus")  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    client.list_files(type="files")  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    client.iter_files(file_type="images")  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    ListAndSearchFileRequestOptions(sort=files[0].name, type=files[0].type, file_type=files[0].file_type)
    ListAndSearchFileRequestOptions(limt=5)  # type: ignore[call-arg] # pyright: ignore[reportCallIssue]
    print(files[0].file_idd)  # type: ignore[attr-defined] # pyright: ignore[reportAttributeAccessIssue]
    folders = [entry.folder_path for entry in files if isinstance(entry, FolderResult)]
    return folders + [file.name for file in client.iter_files({"type": "file"})]


def search(client: ImageKit) -> Iterator[FileResult]:
    recent = Q.created_at > datetime.now(timezone.utc) - timedelta(days=7)
    assert_type(recent, Query)
    assert_type(Q.name == "a.jpg", Query)
    assert_type((Q.size < "2mb") & ~Q.tags.contains("sold") | Q.private.is_(True), Query)
    assert_type(Q.custom_metadata["price"] >= 10, Query)
    assert_type(Q.embedded_metadata["Keywords"].exists(), Query)
    assert_type(Q.embedded_metadata["DateTimeOriginal"] < "1y", Query)
    assert_type(Q.embedded_metadata["LocationTaken"].within_circle(48.2, 16.4, radius_km=5), Query)
    assert_type(Q.format.in_(["jpg", "png"]), Query)
    Q.size.startswith("a")  # type: ignore[attr-defined] # pyright: ignore[reportAttributeAccessIssue]
    print(Q.sise < 5)  # type: ignore[attr-defined] # pyright: ignore[reportAttributeAccessIssue]
    print(Q.tags < "a")  # type: ignore[operator] # pyright: ignore[reportOperatorIssue]
    print(Q.width < "2mb")  # type: ignore[operator] # pyright: ignore[reportOperatorIssue]
    Q.type.in_(["fiel"])  # type: ignore[list-item] # pyright: ignore[reportArgumentType]
    Q.embedded_metadata["keywords"]  # type: ignore[call-overload] # pyright: ignore[reportArgumentType, reportCallIssue]
    print(recent & "size > 5")  # type: ignore[operator] # pyright: ignore[reportOperatorIssue]
    client.list_files(search_query=Q.tags == "a")  # type: ignore[arg-type, comparison-overlap] # pyright: ignore[reportArgumentType]
    client.list_files(ListAndSearchFileRequestOptions(search_query=recent))
    return client.iter_files(search_query=recent)


def change(client: ImageKit, file_id: str) -> None:
    file = client.update_file_details(file_id, UpdateFileRequestOptions(tags=None, custom_metadata={"price": None}))
    assert_type(file, FileResultWithResponseMetadata)
    assert_type(file.custom_metadata, "dict[str, Any]")
    client.update_file_details(file_id, options={"customCoordinates": "1,2,3,4"})
    client.update_file_details(file_id, description=None, publish={"is_published": True})
    assert_type(client.add_tags(file_ids=[file_id], tags=["a"]), TagsResult)
    client.copy_file(options=CopyFileRequestOptions(source_file_path="/a.jpg", destination_path="/b"))
    client.move_file(source_file_path="/a.jpg", destination_path="/b")
    job = client.copy_folder(source_folder_path="/a", destination_path="/b", include_file_versions=True)
    assert_type(client.get_bulk_job_status(job.job_id).status, str)
    client.get_file_details()  # type: ignore[call-arg] # pyright: ignore[reportCallIssue]


def custom_metadata_fields(client: ImageKit) -> dict[str, str]:
    schema = CustomMetadataFieldsSchema(type=CustomMetaDataTypeEnum.Number, min_value=100, max_value=200)
    options = CreateCustomMetadataFieldsRequestOptions(name="test", label="test", schema=schema)
    client.create_custom_metadata_fields(options=options)
    client.create_custom_metadata_fields(
        name="a", label="A", schema={"type": "SingleSelect", "selectOptions": [1, "b"]}
    )
    client.create_custom_metadata_fields(name="a", label="A", schema={"type": CustomMetaDataTypeEnum.Text})
    client.create_custom_metadata_fields(name="a", label="A", schema={"type": "Nmber"})  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    client.update_custom_metadata_fields("id", schema={"minValeu": 3})  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    kind: str = client.get_custom_metadata_fields()[0].schema.type
    CustomMetadataFieldsSchema(type=kind)
    return {field.name: field.schema.type for field in client.get_custom_metadata_fields(include_deleted=True)}


def configure_the_account(client: ImageKit) -> str:
    origin = client.create_origin(S3Origin(name="a", bucket="b", access_key="c", secret_key="d"))
    assert_type(origin, OriginResult)
    assert_type(client.list_origins()[0], OriginResult)
    client.create_origin(type="WEB_FOLDER", name="a", base_url="https://shop.example")
    client.update_origin(origin.id, {"type": "WEB_PROXY", "name": "a"}, include_canonical_header=True)
    S3Origin(base_url="https://shop.example")  # type: ignore[call-arg] # pyright: ignore[reportCallIssue]
    WebFolderOrigin(name="a", base_url=3)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    client.create_origin(type="FTP", name="a")  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    client.create_origin(type="S3", buket="a")  # type: ignore[call-arg] # pyright: ignore[reportCallIssue]
    client.create_url_endpoint(description="a", url_prefix="b", url_rewriter=UrlRewriter("IMGIX"))
    UrlRewriter("imgix")  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    client.create_webhook(endpoint="https://shop.example", events=["file.created"])
    client.create_webhook(WebhookRequestOptions(endpoint="https://shop.example", events=["asset.viewed"]))
    client.create_webhook(events=["file.creatd"])  # type: ignore[list-item] # pyright: ignore[reportArgumentType]
    client.create_named_transformation(name="card", transformation=[{"width": 300}], enabled=False)
    client.create_saved_extension(name="a", description="b", config={"name": "remove-bg"})
    client.rename_folder(folder_path="/a", new_folder_name="b")
    assert_type(client.upload_file_v2(b"content", "a.jpg", tags=["a"]), UploadFileResult)
    assert_type(client.get_usage("2024-03-01", date(2024, 4, 1)).bandwidth_bytes, int)
    client.get_usage("2024-03-01")  # type: ignore[call-arg] # pyright: ignore[reportCallIssue]
    for entry in client.get_usage_analytics("2024-03-01", "2024-03-02").country.by_requests:
        assert_type(entry.code, "str | None")
    return client.list_webhooks()[0].secret


def fail(client: ImageKit) -> None:
    try:
        client.delete_file("file_id")
    except NotFoundException as error:
        assert_type(error.missing_file_ids, list[str])
    except PartialSuccessException as error:
        assert_type(error.failed_file_ids, list[str])
    except FileExistsException as error:
        assert_type(error.errors, list[ErrorDetail])
    except BadRequestException as error:
        assert_type(error.message, str)
        assert_type(error.response_help, str)
    except ImageKitException as error:
        assert_type(error.response_metadata.raw, Any)
        assert_type(error.request_id, "str | None")


def work_on_many(client: ImageKit, path: Path, executor: Executor) -> None:
    for done in client.upload_many([path, (b"a", "a.txt")], executor=executor, tags=["a"]):
        assert_type(done.error, "Exception | None")
        assert_type(done.result, "UploadFileResult | None")
        assert_type(done.unwrap(), UploadFileResult)
        if done.error is None:
            assert_type(done.result, UploadFileResult)
        else:
            assert_type(done.error, Exception)
        if done.result is not None:
            assert_type(done.result.url, str)
        else:
            assert_type(done.error, Exception)
    assert_type(client.delete_many(client.iter_files(path="/shop")), Iterator[Done[FileId, Deletion]])
    assert_type(client.tag_many(client.iter_files(path="/shop"), add=["new"]), Iterator[Done[FileId, Tagging]])
    metadata = client.get_metadata_many(client.iter_files(path="/shop"))
    assert_type(metadata, Iterator[Done[FileId, GetMetadataResult]])
    for change in client.sync_folder(path, "/shop", dry_run=True):
        assert_type(change.item, Change)
        if change.error is None:
            assert_type(change.result, "UploadFileResult | Deletion | None")
    plan = [planned.item for planned in client.plan_uploads([(path, "/shop/a.jpg")], compare="content")]
    assert_type(plan[0].size_bytes, "int | None")
    for applied in client.apply_changes(plan, start_transfer=lambda change: None, tags=["a"]):
        assert_type(applied, "Done[Change, UploadFileResult | Deletion | Path | None]")
    shown = [planned.item for planned in client.pull_folder("/shop", path, dry_run=True)]
    assert_type(client.apply_changes(shown), Iterator[Done[Change, "UploadFileResult | Deletion | Path | None"]])
    for pulled in client.pull_folder("/shop", path, start_transfer=lambda change: print if change.size_bytes else None):
        assert_type(pulled.item, Change)
        assert_type(pulled.unwrap(), Path)
    for got in client.pull_files((file, path / file.name) for file in client.iter_files(path="/shop")):
        assert_type(got.unwrap(), Change)
    client.upload_many([path], foldr="/shop")  # type: ignore[call-arg] # pyright: ignore[reportCallIssue]


def download(client: ImageKit, path: Path) -> None:
    assert_type(client.download("/a.jpg", path, transformation=[{"width": 300}]), Path)
    assert_type(client.download("/a.jpg", "a.jpg"), Path)
    with path.open("wb") as file, path.open("w") as text:
        for to in (io.BytesIO(), file):
            client.download("/a.jpg", to)
        client.download("/a.jpg", text)  # type: ignore[call-overload] # pyright: ignore[reportCallIssue, reportArgumentType]
    client.download("/a.jpg", 3)  # type: ignore[call-overload] # pyright: ignore[reportCallIssue, reportArgumentType]
    with client.open_stream("/a.zip", start=3, length=5, signed=True) as stream:
        assert_type(stream, FileStream)
        assert_type(stream.size, int)
        assert_type(stream.read(4), bytes)
        zipfile.ZipFile(stream)
        shutil.copyfileobj(stream, io.BytesIO())
        io.TextIOWrapper(stream)


def sign_uploads_of_browsers(client: ImageKit) -> dict[str, str]:
    made = client.get_upload_token("a.jpg", folder="/shop", checks='"file.size" < "5mb"', expire=timedelta(minutes=5))
    assert_type(made, UploadToken)
    client.get_upload_token("a.jpg", UploadFileRequestOptions(folder="/shop"))
    client.get_upload_token("a.jpg", foldr="/shop")  # type: ignore[call-arg] # pyright: ignore[reportCallIssue]
    return made["fields"]


def receive_webhooks(client: ImageKit, body: bytes, headers: dict[str, str]) -> str:
    event = client.verify_webhook(body, headers, secret=["whsec_old", "whsec_new"], tolerance_seconds=60)
    assert_type(event, WebhookEvent)
    assert_type(verify_webhook(body, [(b"webhook-id", b"x")], secret="whsec_x"), WebhookEvent)
    assert_type(parse_webhook(body), WebhookEvent)
    assert_type(event.id, str)
    if isinstance(event, FileCreatedEvent):
        assert_type(event.data, FileResult)
        return event.data.file_id
    match event:
        case VideoTransformationReadyEvent():
            assert_type(event.type, Literal["video.transformation.ready"])
            return event.data.transformation.output.url
        case FileDeletedEvent(data=data):
            return data.fileid  # type: ignore[attr-defined, no-any-return] # pyright: ignore[reportAttributeAccessIssue]
        case UnknownEvent():
            assert_type(event.data, Any)
        case _:
            pass
    try:
        client.verify_webhook({}, headers)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    except WebhookVerificationError as error:
        return error.reason
    return event.created_at


def write_html(client: ImageKit, uploaded: UploadFileResult) -> str:
    assert_type(client.img_tag(file=uploaded, alt="", width=400, loading="lazy", attributes={"id": "a"}), Markup)
    assert_type(client.img_tag({"path": "/a.jpg", "signed": True}, alt=""), Markup)
    for file in client.list_files():
        client.img_tag(file=file, alt=file.name)
    client.img_tag(path="/a.jpg")  # type: ignore[call-arg] # pyright: ignore[reportCallIssue]
    client.img_tag(path="/a.jpg", alt="", hieght=3)  # type: ignore[call-arg] # pyright: ignore[reportCallIssue]
    client.img_tag(path="/a.jpg", alt="", loading="laxy")  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    client.img_tag(file="/a.jpg", alt="")  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    source: PictureSource = {"media": "(max-width: 600px)", "transformation": [{"width": 300}]}
    return client.picture_tag(path="/a.jpg", alt="", formats=["webp"], sources=[source])


def use_the_groups_of_release_5(client: ImageKit, path: Path) -> str:
    ImageKit(private_key="private_key", base_url="https://api.example", max_retries=0, password="x", webhook_secret="w")
    assert_type(client.with_options(max_retries=2), ImageKit)
    file = client.files.get("a")
    assert_type(file, File)
    assert_type(file.created_at, datetime)
    assert_type(client.files.get(file_id=file), File)
    assert_type(client.files.upload(file=("a.jpg", path, "image/jpeg"), file_name="a.jpg"), UploadFileResult)
    assert_type(client.files.update("a", tags=["b"], publish={"is_published": True}), File)
    assert_type(client.files.delete("a"), None)
    assert_type(client.files.versions.get("v", file_id="a"), File)
    assert_type(client.files.bulk.add_tags(file_ids=["a"], tags=["b"]), TagsResult)
    assert_type(client.assets.list(type="all", limit=5), list[File | Folder])
    assert_type(client.accounts.origins.list(), list[OriginResult])
    assert_type(client.files.with_raw_response.get("a"), RawResponse[File])
    assert_type(client.files.versions.with_raw_response.list("a").parse(), list[File | Folder])
    assert_type(client.helper.build_url(src="/a.jpg", expires_in=60), str)
    assert_type(client.webhooks.unwrap(b"{}", headers={}, key="w"), WebhookEvent)
    client.files.get(5)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    client.files.update("a", tagz=["b"])  # type: ignore[call-arg] # pyright: ignore[reportCallIssue]
    client.files.upload(path, "a.jpg")  # type: ignore[call-arg] # pyright: ignore[reportCallIssue]
    client.files.versions.get("v", "a")  # type: ignore[call-arg] # pyright: ignore[reportCallIssue]
    try:
        client.files.remove("a")  # type: ignore[attr-defined] # pyright: ignore[reportAttributeAccessIssue]
    except imagekitio.APIStatusError as error:
        assert_type(error.status_code, int)
        return error.response.text
    except imagekitio.APIConnectionError as error:
        return error.message
    return file.to_json(indent=None)


async def use_the_groups_of_release_5_with_asyncio(client: AsyncImageKit) -> None:
    assert_type(await client.files.get("a"), File)
    assert_type(await client.assets.list(), list[File | Folder])
    response = await client.files.versions.with_raw_response.get("v", file_id="a")
    assert_type(response, AsyncRawResponse[File])
    assert_type(await response.parse(), File)
    assert_type(client.helper.build_transformation_string([{"width": 3}]), str)
    client.files.get(5)  # type: ignore[arg-type, unused-coroutine] # pyright: ignore


async def use_the_async_client(path: Path) -> list[str]:
    async with AsyncImageKit("public_key", "private_key", options={"timeout": 3}, retry=Retry(attempts=5)) as client:
        assert_type(client, AsyncImageKit)
        assert_type(client.with_options(timeout=1.5), AsyncImageKit)
        assert_type(client.url(path="/a.jpg"), str)
        assert_type(client.img_tag(path="/a.jpg", alt=""), Markup)
        uploaded = await client.upload_file(path, "a.jpg", tags=["a"], on_progress=print)
        assert_type(uploaded, UploadFileResult)
        assert_type(await client.get_file_details(uploaded.file_id), FileResultWithResponseMetadata)
        assert_type(await client.copy_file(CopyFileRequestOptions("/a.jpg", "/b")), ResponseMetadataResult)
        assert_type(await client.list_files({"limit": 5}), ListFileResult)
        assert_type(await client.create_origin(type="WEB_PROXY", name="a"), OriginResult)
        assert_type(client.iter_files(path="/shop"), AsyncIterator[FileResult])
        async for done in client.upload_many(path.glob("*.jpg"), at_once=4, folder="/shop", on_progress=print):
            assert_type(done.result, "UploadFileResult | None")
        async with aclosing(client.delete_many(client.iter_files(path="/shop"))) as deletions:
            assert_type(await anext(deletions), Done[FileId, Deletion])
        async with aclosing(client.tag_many(client.iter_files(path="/shop"), clear=True)) as tagged:
            assert_type(await anext(tagged), Done[FileId, Tagging])
        assert_type(await client.download("/a.jpg", path, transformation=[{"width": 300}]), Path)
        await client.download("/a.jpg", io.BytesIO())
        async with client.open_stream("/a.zip", start=3) as stream:
            assert_type(stream, AsyncFileStream)
            assert_type([block async for block in stream], list[bytes])
        assert_type(await (await client.open_stream("/a.zip")).read(4), bytes)
        client.upload_many([], executor=None)  # type: ignore[call-arg] # pyright: ignore[reportCallIssue]
        await client.list_files(limt=5)  # type: ignore[call-arg] # pyright: ignore[reportCallIssue]
        AsyncImageKit(time_out=3)  # type: ignore[call-arg] # pyright: ignore[reportCallIssue]
        return [file.name async for file in client.iter_files(path="/")]


def explain(client: ImageKit, url: str) -> None:
    found = client.explain_url(url)
    assert_type(found.signature.status, Literal["ok", "unsigned", "bad", "expired", "other endpoint"])
    assert_type(found.signature.causes, tuple[str, ...])
    assert_type([item.words for step in found.steps for item in step], list[str])
    assert_type([parameter.value for parameter in found.parameters], list[str])


def call_as_in_release_2() -> None:
    with imagekitio.v2.ImageKit("public_key", "private_key", "https://ik.imagekit.io/your_imagekit_id") as client:
        answer = client.upload_file(b"contents", "a.txt", options={"tags": ["a"]})
    assert_type(answer, imagekitio.v2.Answer)
    if answer["error"]:
        assert_type(answer["error"]["message"], str)
        assert_type(answer["error"]["status_code"], int)
