"""User code that is type-checked and never run: the public API as mypy and pyright see it."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from typing_extensions import assert_type

import imagekitio
from imagekitio import (
    AsyncImageKit,
    ImageKit,
    ImageKitException,
    Markup,
    NotFoundException,
    PartialSuccessException,
    PictureSource,
    Retry,
)
from imagekitio.bulk import Change, Done
from imagekitio.bulk.deletions import Deletion
from imagekitio.exceptions import ErrorDetail, FileExistsException
from imagekitio.exceptions.BadRequestException import BadRequestException
from imagekitio.models import CopyFileRequestOptions, UpdateFileRequestOptions
from imagekitio.models.CreateCustomMetadataFieldsRequestOptions import CreateCustomMetadataFieldsRequestOptions
from imagekitio.models.CustomMetadataFieldsSchema import CustomMetadataFieldsSchema
from imagekitio.models.CustomMetaDataTypeEnum import CustomMetaDataTypeEnum
from imagekitio.models.ListAndSearchFileRequestOptions import ListAndSearchFileRequestOptions
from imagekitio.models.results import FileResult, FolderResult, TagsResult
from imagekitio.models.results.FileResultWithResponseMetadata import FileResultWithResponseMetadata
from imagekitio.models.results.ListFileResult import ListFileResult
from imagekitio.models.results.ResponseMetadataResult import ResponseMetadataResult
from imagekitio.models.results.UploadFileResult import UploadFileResult
from imagekitio.models.UploadFileRequestOptions import UploadFileRequestOptions
from imagekitio.operations.ids import FileId
from imagekitio.streams import AsyncFileStream, FileStream

if TYPE_CHECKING:
    from concurrent.futures import Executor


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
    ListAndSearchFileRequestOptions(limt=5)  # type: ignore[call-arg] # pyright: ignore[reportCallIssue]
    print(files[0].file_idd)  # type: ignore[attr-defined] # pyright: ignore[reportAttributeAccessIssue]
    folders = [entry.folder_path for entry in files if isinstance(entry, FolderResult)]
    return folders + [file.name for file in client.iter_files({"type": "file"})]


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
    return {field.name: field.schema.type for field in client.get_custom_metadata_fields(include_deleted=True)}


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
    for change in client.sync_folder(path, "/shop", dry_run=True):
        assert_type(change.item, Change)
        if change.error is None:
            assert_type(change.result, "UploadFileResult | Deletion | None")
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
        assert_type(client.iter_files(path="/shop"), AsyncIterator[FileResult])
        async for done in client.upload_many(path.glob("*.jpg"), at_once=4, folder="/shop", on_progress=print):
            assert_type(done.result, "UploadFileResult | None")
        async with aclosing(client.delete_many(client.iter_files(path="/shop"))) as deletions:
            assert_type(await anext(deletions), Done[FileId, Deletion])
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
