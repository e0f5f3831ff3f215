"""The request that each operation sends, and the result that it returns for the response."""

from __future__ import annotations

import json
from typing import Any, cast

import pytest

from imagekitio.exceptions import (
    BadRequestException,
    ConflictException,
    NotFoundException,
    PartialSuccessException,
    UnknownException,
)
from imagekitio.models import (
    CopyFileRequestOptions,
    CopyFolderRequestOptions,
    CreateFolderRequestOptions,
    RenameFileRequestOptions,
    UpdateFileRequestOptions,
)
from imagekitio.models.response_metadata import Headers
from imagekitio.models.results import FileResult, FolderResult
from imagekitio.operations import bulk, cache, custom_metadata, files, folders, metadata
from imagekitio.operations.core import Operation, Response

ID = "65e6c5a9b7d1f2034a5b6c7d"


def body(operation: Operation[Any]) -> Any:
    assert isinstance(operation.request.body, bytes)
    return json.loads(operation.request.body)


def answer(status: int, content: object = None) -> Response:
    return Response(status, Headers(), b"" if content is None else json.dumps(content).encode())


def test_list_filters_are_percent_encoded_in_the_query() -> None:
    operation = files.list_files(
        search_query='createdAt >= "7d" AND size > "2mb"', tags=["red", "blue sky"], include_folder=True, skip=0
    )
    assert operation.request.path == (
        "/v1/files?searchQuery=createdAt%20%3E%3D%20%227d%22%20AND%20size%20%3E%20%222mb%22"
        "&skip=0&tags=red%2Cblue%20sky&includeFolder=true"
    )


def test_a_list_without_filters_has_no_query() -> None:
    assert files.list_files().request.path == "/v1/files"
    assert files.list_files(path="", tags=[], sort=None).request.path == "/v1/files"


def test_tags_as_text_are_sent_unchanged() -> None:
    assert files.list_files({"tags": "red, blue"}).request.path == "/v1/files?tags=red%2C%20blue"


def test_a_query_value_that_is_not_a_str_is_a_type_error() -> None:
    with pytest.raises(TypeError, match="path must be a str"):
        files.list_files({"path": ["/a"]})


def test_a_list_is_read_as_files_and_folders() -> None:
    listed = files.list_files().parse(answer(200, [{"type": "file", "name": "a"}, {"type": "folder", "name": "b"}]))
    assert listed.list == [FileResult(type="file", name="a"), FolderResult(type="folder", name="b")]


@pytest.mark.parametrize(
    "options",
    [
        UpdateFileRequestOptions(tags=None, custom_metadata={"price": 3}),
        {"tags": None, "custom_metadata": {"price": 3}},
        {"tags": None, "customMetadata": {"price": 3}},
    ],
)
def test_an_update_sends_the_options_that_are_set(options: Any) -> None:
    operation = files.update_file_details(ID, options)
    assert operation.request.method == "PATCH"
    assert body(operation) == {"tags": None, "customMetadata": {"price": 3}}


def test_an_update_returns_the_file_and_the_status_of_extensions() -> None:
    content = {"fileId": ID, "extensionStatus": {"remove-bg": "pending"}}
    file = files.update_file_details(ID, tags=["a"]).parse(answer(200, content))
    assert file.extension_status == {"remove-bg": "pending"}
    assert file.response_metadata.http_status_code == 200


def test_text_is_sent_as_utf_8() -> None:
    request = files.update_file_details(ID, description="größer 日本").request
    assert request.body == '{"description":"größer 日本"}'.encode()


@pytest.mark.parametrize("metadata", [{"a": float("nan")}, {"a": float("inf")}, {"a": "\ud800"}, {"\ud800": 1}])
def test_a_value_that_json_cannot_represent_is_a_value_error(metadata: dict[str, Any]) -> None:
    with pytest.raises(
        ValueError,
        match=r"custom_metadata.* must (be a finite number|not contain a lone surrogate)",
    ):
        files.update_file_details(ID, custom_metadata=metadata)


def test_an_object_that_is_not_json_is_a_type_error() -> None:
    with pytest.raises(TypeError, match=r"^custom_metadata\['a'\] must be a str, a number, .* \(got object\)$"):
        files.update_file_details(ID, custom_metadata={"a": object()})


def test_copying_a_file_sends_both_paths() -> None:
    expected = {"sourceFilePath": "/a.jpg", "destinationPath": "/b/", "includeFileVersions": True}
    options = CopyFileRequestOptions("/a.jpg", "/b/", include_file_versions=True)
    assert body(files.copy_file(options)) == expected
    assert (
        body(files.copy_file(source_file_path="/a.jpg", destination_path="/b/", include_file_versions=True)) == expected
    )


def test_copying_returns_only_the_response_metadata() -> None:
    done = files.copy_file(source_file_path="/a", destination_path="/b").parse(answer(204))
    assert done.response_metadata.http_status_code == 204
    assert done.response_metadata.raw is None


def test_copying_a_missing_file_raises_not_found_with_the_servers_message() -> None:
    content = {"message": "No file found", "help": "Check", "reason": "SOURCE_FILE_MISSING"}
    with pytest.raises(NotFoundException, match="No file found") as caught:
        files.copy_file(source_file_path="/a", destination_path="/b").parse(answer(404, content))
    assert caught.value.response_help == "Check"
    assert caught.value.reason == "SOURCE_FILE_MISSING"


@pytest.mark.parametrize("missing", ["source_file_path", "destination_path"])
@pytest.mark.parametrize("operation", [files.copy_file, files.move_file])
def test_a_missing_path_is_a_type_error(operation: Any, missing: str) -> None:
    given = {"source_file_path": "/a", "destination_path": "/b"}
    del given[missing]
    with pytest.raises(TypeError, match=f"{missing} is missing"):
        operation(given)
    with pytest.raises(ValueError, match=f"{missing} must not be empty"):
        operation(given | {missing: " "})


def test_renaming_sends_the_new_name_and_reads_the_purge() -> None:
    operation = files.rename_file(RenameFileRequestOptions("/a.jpg", "b.jpg", purge_cache=True))
    assert body(operation) == {"filePath": "/a.jpg", "newFileName": "b.jpg", "purgeCache": True}
    assert operation.parse(answer(200, {"purgeRequestId": ID})).purge_request_id == ID
    assert operation.parse(answer(200, {})).purge_request_id is None


def test_an_existing_name_is_a_conflict() -> None:
    with pytest.raises(ConflictException):
        files.rename_file(file_path="/a", new_file_name="b").parse(answer(409, {"message": "exists"}))


def test_tags_are_sent_with_the_ids() -> None:
    assert body(bulk.add_tags([ID], ["a", "b"])) == {"fileIds": [ID], "tags": ["a", "b"]}
    assert body(bulk.remove_tags((ID,), {"a"})) == {"fileIds": [ID], "tags": ["a"]}
    assert body(bulk.remove_ai_tags(iter([ID]), ["Car"])) == {"fileIds": [ID], "AITags": ["Car"]}
    assert body(bulk.bulk_file_delete([ID])) == {"fileIds": [ID]}


def test_bulk_results_name_the_files() -> None:
    tagged = bulk.add_tags([ID], ["a"]).parse(answer(200, {"successfullyUpdatedFileIds": [ID]}))
    assert tagged.successfully_updated_file_ids == [ID]
    deleted = bulk.bulk_file_delete([ID]).parse(answer(200, {"successfullyDeletedFileIds": [ID]}))
    assert deleted.successfully_deleted_file_ids == [ID]


def test_a_partial_success_names_the_files_that_failed() -> None:
    content = {
        "successfullyUpdatedFileIds": [ID],
        "errors": [{"fileId": "65e6c5a9b7d1f2034a5b6c7e", "error": "Error in adding tags"}],
    }
    with pytest.raises(PartialSuccessException, match="Partial success") as caught:
        bulk.add_tags([ID], ["a"]).parse(answer(207, content))
    assert caught.value.failed_file_ids == ["65e6c5a9b7d1f2034a5b6c7e"]
    assert caught.value.raw["successfullyUpdatedFileIds"] == [ID]


def test_the_error_names_unknown_files() -> None:
    content = {"message": "The requested file(s) does not exist.", "missingFileIds": [ID]}
    with pytest.raises(NotFoundException) as caught:
        bulk.bulk_file_delete([ID]).parse(answer(404, content))
    assert caught.value.missing_file_ids == [ID]


@pytest.mark.parametrize(
    ("file_ids", "error", "message"),
    [
        ([], ValueError, "file_ids must not be empty"),
        (ID, TypeError, r"file_ids must be a list of IDs or files \(got str\)"),
        (None, TypeError, "file_ids is missing"),
        (7, TypeError, r"file_ids must be a list of IDs or files \(got int\)"),
        ([7], TypeError, "every entry of file_ids must be a str"),
        ([" "], ValueError, "every entry of file_ids must not be empty"),
        ({ID: 1}, TypeError, "file_ids must be a list of IDs or files"),
    ],
)
def test_ids_must_be_a_list_of_str(file_ids: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        bulk.bulk_file_delete(file_ids)


def test_creating_a_folder_accepts_any_body_of_a_successful_response() -> None:
    operation = folders.create_folder(CreateFolderRequestOptions(folder_name="a", parent_folder_path="/"))
    assert body(operation) == {"folderName": "a", "parentFolderPath": "/"}
    assert operation.parse(answer(201, {})).response_metadata.raw == {}
    assert operation.parse(answer(201)).response_metadata.raw is None


def test_deleting_a_folder_sends_a_json_body() -> None:
    operation = folders.delete_folder({"folderPath": "/a"})
    assert (operation.request.method, body(operation)) == ("DELETE", {"folderPath": "/a"})


@pytest.mark.parametrize("name", ["include_versions", "include_file_versions"])
def test_copying_a_folder_sends_both_names_of_the_flag(name: str) -> None:
    options: dict[str, Any] = {"source_folder_path": "/a", "destination_path": "/b", name: True}
    sent = body(folders.copy_folder(options))
    assert sent["includeVersions"] is True
    assert sent["includeFileVersions"] is True


def test_copying_a_folder_sends_no_flag_by_default() -> None:
    sent = body(folders.copy_folder(CopyFolderRequestOptions("/a", "/b")))
    assert sent == {"sourceFolderPath": "/a", "destinationPath": "/b"}


def test_the_two_names_of_the_flag_must_not_contradict_each_other() -> None:
    with pytest.raises(ValueError, match="must not differ"):
        folders.copy_folder(
            source_folder_path="/a", destination_path="/b", include_versions=True, include_file_versions=False
        )


def test_renaming_a_folder_sends_its_path_and_its_new_name() -> None:
    sent = body(folders.rename_folder({"folderPath": "/a/b", "newFolderName": "c", "purgeCache": True}))
    assert sent == {"folderPath": "/a/b", "newFolderName": "c", "purgeCache": True}
    assert folders.rename_folder(folder_path="/a", new_folder_name="b").parse(answer(202, {"jobId": ID})).job_id == ID
    with pytest.raises(TypeError, match="new_folder_name is missing"):
        folders.rename_folder(folder_path="/a")
    with pytest.raises(TypeError, match=r"purge_cache must be True or False .got 'yes'."):
        folders.rename_folder({"folder_path": "/a", "new_folder_name": "b", "purge_cache": "yes"})


def test_a_folder_job_returns_its_id() -> None:
    job = folders.move_folder(source_folder_path="/a", destination_path="/b").parse(answer(200, {"jobId": ID}))
    assert isinstance(job, FolderResult)
    assert job.job_id == ID
    assert repr(job) == f"FolderResult(job_id='{ID}')"
    status = folders.get_bulk_job_status(job.job_id).parse(
        answer(200, {"jobId": ID, "type": "MOVE_FOLDER", "status": "Completed"})
    )
    assert (status.job_id, status.type, status.status) == (ID, "MOVE_FOLDER", "Completed")


def test_a_locked_folder_is_an_unknown_exception_with_the_servers_message() -> None:
    with pytest.raises(UnknownException, match="A bulk job is running") as caught:
        folders.copy_folder(source_folder_path="/a", destination_path="/b").parse(
            answer(423, {"message": "A bulk job is running on given folder path"})
        )
    assert caught.value.response_metadata.http_status_code == 423


def test_a_purge_sends_the_url_and_reads_the_request_id() -> None:
    operation = cache.purge_file_cache("https://ik.imagekit.io/acme/a.jpg*")
    assert body(operation) == {"url": "https://ik.imagekit.io/acme/a.jpg*"}
    purge = operation.parse(answer(201, {"requestId": ID}))
    assert purge.request_id == ID
    assert cache.get_purge_file_cache_status(ID).parse(answer(200, {"status": "Pending"})).status == "Pending"


def test_the_url_of_remote_metadata_is_one_query_value() -> None:
    operation = metadata.get_remote_file_url_metadata("https://ik.imagekit.io/acme/a b.jpg?tr=w-3&x=1#f")
    assert operation.request.path == (
        "/v1/metadata?url=https%3A%2F%2Fik.imagekit.io%2Facme%2Fa%20b.jpg%3Ftr%3Dw-3%26x%3D1%23f"
    )


@pytest.mark.parametrize("url", [None, "", "  "])
def test_remote_metadata_needs_a_url(url: Any) -> None:
    with pytest.raises(ValueError, match="remote_file_url is missing"):
        metadata.get_remote_file_url_metadata(url)


def test_a_remote_url_that_is_not_a_str_is_a_type_error() -> None:
    with pytest.raises(TypeError, match=r"remote_file_url must be a str \(got int\)"):
        metadata.get_remote_file_url_metadata(cast("str", 5))


def test_metadata_is_read_with_its_exif_groups() -> None:
    content = {"pHash": "f0", "exif": {"image": {"Make": "Canon"}}}
    found = metadata.get_file_metadata(ID).parse(answer(200, content))
    assert found.exif is not None
    assert found.exif.image is not None
    assert found.exif.image.make == "Canon"


@pytest.mark.parametrize("missing", ["name", "label", "schema"])
def test_a_new_custom_metadata_field_needs_name_label_and_schema(missing: str) -> None:
    given: dict[str, Any] = {"name": "price", "label": "Price", "schema": {"type": "Number"}}
    del given[missing]
    with pytest.raises(TypeError, match=f"{missing} is missing"):
        custom_metadata.create_custom_metadata_fields(given)


def test_a_misspelled_member_of_a_schema_is_named() -> None:
    with pytest.raises(ValueError, match="schema CustomMetadataFieldsSchema has no option 'minvalue'; did you mean"):
        custom_metadata.create_custom_metadata_fields(name="a", label="b", schema={"minvalue": 3})  # type: ignore[arg-type]


def test_custom_metadata_fields_are_listed_with_their_schemas() -> None:
    content = [{"id": ID, "name": "price", "label": "Price", "schema": {"type": "Number", "minValue": 0}}]
    (field,) = custom_metadata.get_custom_metadata_fields().parse(answer(200, content))
    assert (field.name, field.schema.type, field.schema.min_value) == ("price", "Number", 0)


def test_deleted_custom_metadata_fields_are_listed_on_demand() -> None:
    get = custom_metadata.get_custom_metadata_fields
    assert get().request.path == "/v1/customMetadataFields"
    assert get(True, "/shop").request.path == "/v1/customMetadataFields?includeDeleted=true&folderPath=%2Fshop"


@pytest.mark.parametrize("text", ["false", "False", "", None, False])
def test_include_deleted_can_be_a_str_like_other_options(text: Any) -> None:
    assert custom_metadata.get_custom_metadata_fields(text).request.path == "/v1/customMetadataFields"
    assert custom_metadata.get_custom_metadata_fields(cast("bool", "True")).request.path.endswith("=true")


def test_include_deleted_must_be_true_or_false() -> None:
    with pytest.raises(TypeError, match=r"include_deleted must be True or False \(got 5\)"):
        custom_metadata.get_custom_metadata_fields(cast("bool", 5))


@pytest.mark.parametrize(
    "build",
    [
        files.get_file_details,
        files.get_file_versions,
        files.update_file_details,
        files.delete_file,
        metadata.get_file_metadata,
        cache.purge_file_cache,
        cache.get_purge_file_cache_status,
        folders.get_bulk_job_status,
        custom_metadata.update_custom_metadata_fields,
        custom_metadata.delete_custom_metadata_field,
    ],
)
def test_an_id_must_be_a_str_that_is_not_blank(build: Any) -> None:
    with pytest.raises(TypeError, match=r"^\w+ is missing: pass it as a str$"):
        build(None)
    with pytest.raises(TypeError, match=r"must be a str.* \(got int\)"):
        build(7)
    for blank in ("", " \r\n"):
        with pytest.raises(ValueError, match="must not be empty"):
            build(blank)


@pytest.mark.parametrize(
    "build", [files.get_file_version_details, files.delete_file_version, files.restore_file_version]
)
def test_the_id_of_a_version_must_be_a_str_that_is_not_blank(build: Any) -> None:
    with pytest.raises(TypeError, match=r"^version_id is missing: pass it as a str$"):
        build(ID, None)
    with pytest.raises(ValueError, match="version_id must not be empty"):
        build(ID, "")


def test_an_invalid_request_is_a_bad_request() -> None:
    with pytest.raises(BadRequestException, match="Your request contains invalid fileId parameter"):
        files.get_file_details("x").parse(answer(400, {"message": "Your request contains invalid fileId parameter."}))
