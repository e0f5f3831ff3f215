"""What local ImageKit refuses, and what the exceptions of both clients say about it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from imagekitio import BadRequestException, ConflictException, ImageKitException, NotFoundException
from imagekitio.exceptions import ErrorDetail, FileExistsException, FileTooLargeException, PartialSuccessException
from imagekitio.local import LocalImageKit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from imagekitio import ImageKit

UNKNOWN = [f"65e6c5a9b7d1f2034a5b6c{number:02}" for number in range(17)]
NO_FIELD = "no such custom metadata field exists"


@pytest.fixture(scope="module")
def module_server() -> Iterator[LocalImageKit]:
    with LocalImageKit(max_upload_bytes=1000, purge_quota=0) as server:
        yield server


@pytest.fixture
def files(ik: ImageKit) -> list[str]:
    return [ik.upload_file(b"x", name, use_unique_file_name=False).file_id for name in ("a.txt", "b.txt")]


def add_field(ik: ImageKit) -> object:
    schema = {"type": "Number", "minValue": "x", "maxLength": 3}
    return ik.create_custom_metadata_fields({"name": "price", "label": "Price", "schema": schema})


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (
            lambda ik, _: ik.list_files(search_query="sizee > 5"),
            "Your request contains invalid searchQuery parameter. "
            "searchQuery: there is no field 'sizee'; did you mean 'size'? (at character 0)",
        ),
        (
            lambda ik, ids: ik.update_file_details(ids[0], custom_metadata={"price": 1, "color": 2}),
            f"Invalid custom metadata. price: {NO_FIELD}; color: {NO_FIELD}",
        ),
        (
            lambda ik, _: ik.upload_file(b"x", "c.txt", custom_metadata={"price": 1}),
            f"Invalid custom metadata. price: {NO_FIELD}",
        ),
        (
            lambda ik, _: add_field(ik),
            "Invalid field object: minValue: should be of type number; maxLength: not allowed for this type",
        ),
        (
            lambda ik, _: ik.add_tags(UNKNOWN[:1], ["red"]),
            f"The requested file(s) does not exist. Missing: {UNKNOWN[0]}",
        ),
        (
            lambda ik, _: ik.bulk_file_delete(UNKNOWN),
            f"The requested file(s) does not exist. Missing: {', '.join(UNKNOWN[:5])} and 12 more",
        ),
        (
            lambda ik, _: ik.copy_file(source_file_path="/c.txt", destination_path="/shop"),
            "No file found with filePath /c.txt (SOURCE_FILE_MISSING)",
        ),
        (
            lambda ik, _: ik.move_file(source_file_path="/a.txt", destination_path="/"),
            "sourceFilePath and destinationPath cannot be same. (SAME_SOURCE_AND_DESTINATION)",
        ),
        (
            lambda ik, _: ik.rename_file(file_path="/a.txt", new_file_name="b.txt"),
            "File with name b.txt already exists at the same location. (FILE_ALREADY_EXISTS)",
        ),
        (
            lambda ik, _: ik.rename_file(file_path="/a.txt", new_file_name="c.txt", purge_cache=True),
            "File renamed successfully but we could not purge the CDN cache for old URL because of rate limits on "
            "purge API. (PURGE_FAILED)",
        ),
    ],
)
def test_the_text_of_a_refusal_contains_every_detail_of_the_service(
    ik: ImageKit, files: list[str], call: Callable[[ImageKit, list[str]], object], text: str
) -> None:
    with pytest.raises(ImageKitException) as caught:
        call(ik, files)
    assert str(caught.value) == text
    assert caught.value.message == caught.value.raw["message"]


def test_invalid_fields_are_listed_in_errors(ik: ImageKit) -> None:
    with pytest.raises(BadRequestException) as caught:
        add_field(ik)
    assert caught.value.errors == [
        ErrorDetail("should be of type number", field="minValue"),
        ErrorDetail("not allowed for this type", field="maxLength"),
    ]


def test_failed_files_are_listed_in_the_errors_of_a_partial_success(
    ik: ImageKit, server: LocalImageKit, files: list[str]
) -> None:
    failure = {"fileId": files[1], "error": "Error in deleting file"}
    server.faults.add(status=207, body={"successfullyDeletedFileIds": files[:1], "errors": [failure]})
    with pytest.raises(PartialSuccessException) as caught:
        ik.bulk_file_delete(files)
    assert caught.value.errors == [ErrorDetail("Error in deleting file", file_id=files[1])]
    assert str(caught.value) == f"Partial success: {files[1]}: Error in deleting file"


def test_an_existing_name_raises_the_same_exception_for_uploads_and_renames(ik: ImageKit, files: list[str]) -> None:
    with pytest.raises(FileExistsException) as uploading:
        ik.upload_file(b"y", "a.txt", use_unique_file_name=False, overwrite_file=False)
    assert isinstance(uploading.value, BadRequestException)
    with pytest.raises(FileExistsException) as renaming:
        ik.rename_file(file_path="/a.txt", new_file_name="b.txt")
    assert isinstance(renaming.value, ConflictException)


def test_an_existing_folder_is_not_an_existing_file(ik: ImageKit) -> None:
    for name in ("a", "b"):
        ik.create_folder(folder_name=name, parent_folder_path="/")
    with pytest.raises(BadRequestException) as caught:
        ik.upload_file(b"y", "a", use_unique_file_name=False)
    assert not isinstance(caught.value, FileExistsException)


def test_a_file_that_is_too_large_has_its_own_exception(ik: ImageKit) -> None:
    with pytest.raises(FileTooLargeException, match="The file size exceeds limits"):
        ik.upload_file(bytes(1001), "a.txt")


def test_a_failed_download_quotes_the_message_of_delivery(ik: ImageKit, tmp_path: Path) -> None:
    url = ik.url(path="/é.jpg", query_parameters={"v": "1"})
    with pytest.raises(NotFoundException) as caught:
        ik.download(url, tmp_path)
    assert caught.value.reason == "ENOENT"
    shown = url.partition("?")[0]
    assert str(caught.value) == f"GET {shown}: HTTP 404 Not Found: ENOENT - there is no file at /é.jpg"


def test_a_forbidden_or_impossible_download_says_why(ik: ImageKit, tmp_path: Path) -> None:
    url = ik.upload_file(b"x", "a.txt", is_private_file=True).url
    with pytest.raises(ImageKitException, match="HTTP 401 Unauthorized: EAUTH - ") as unsigned:
        ik.download(url, tmp_path)
    signed = ik.url(src=url, signed=True)
    with pytest.raises(ImageKitException, match="HTTP 401 Unauthorized: EAUTH - ") as forged:
        ik.download(signed[:-1] + ("0" if signed[-1] != "0" else "1"), tmp_path)
    assert unsigned.value.reason == forged.value.reason == "EAUTH"
    assert "ik-s" not in str(forged.value).partition(" HTTP ")[0]
    with pytest.raises(BadRequestException, match="HTTP 400 Bad Request: EINVAL - ") as invalid:
        ik.download(ik.url(path="/%FF.jpg"), tmp_path)
    assert invalid.value.reason == "EINVAL"


def test_a_retried_call_warns_once_for_each_wait(
    ik: ImageKit, server: LocalImageKit, files: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    server.faults.add(status=503, times=2, operation="get_file_details")
    ik.get_file_details(files[0])
    lines = [record for record in caplog.records if record.name == "imagekitio"]
    assert [(record.levelno, record.getMessage()) for record in lines] == [
        (
            logging.WARNING,
            f"GET /v1/files/{files[0]}/details: 503 Service Unavailable, waiting 0.0 s before attempt {attempt} of 6",
        )
        for attempt in (2, 3)
    ]
