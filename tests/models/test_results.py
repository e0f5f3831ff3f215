from __future__ import annotations

import copy
import dataclasses
import inspect
import json
import pickle
from datetime import datetime, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.models import account, results
from imagekitio.models.response_metadata import Headers, ResponseMetadata
from imagekitio.models.result import ListResult, Model, Result, ShapeError
from imagekitio.models.results import (
    AITags,
    CustomMetadataFieldsResult,
    EmbeddedMetadata,
    FileResult,
    FileResultWithResponseMetadata,
    FolderResult,
    GetMetadataResult,
    ListFileResult,
    ResponseMetadataResult,
    UploadFileResult,
    VersionInfo,
)
from imagekitio.models.spelling import to_snake_case

FILE: dict[str, Any] = {
    "type": "file",
    "name": "red-shoe.jpg",
    "createdAt": "2024-03-05T07:08:09.123Z",
    "updatedAt": "2024-03-06T10:00:00.000Z",
    "fileId": "65e6c5a9b7d1f2034a5b6c7d",
    "tags": ["shoe", "summer"],
    "AITags": [{"name": "Footwear", "confidence": 97.31, "source": "google-auto-tagging"}],
    "versionInfo": {"id": "65e6c5a9b7d1f2034a5b6c7d", "name": "Version 1"},
    "embeddedMetadata": {"ImageWidth": 1200, "ImageHeight": 800},
    "customCoordinates": "100,80,400,300",
    "customMetadata": {"price": 59.9, "brandName": "x"},
    "isPrivateFile": False,
    "isPublished": True,
    "url": "https://ik.imagekit.io/acme/shop/red-shoe.jpg?updatedAt=1709719200000",
    "thumbnail": "https://ik.imagekit.io/acme/shop/red-shoe.jpg?updatedAt=1709719200000&tr=n-ik_ml_thumbnail",
    "fileType": "image",
    "filePath": "/shop/red-shoe.jpg",
    "height": 800,
    "width": 1200,
    "size": 184320,
    "hasAlpha": False,
    "mime": "image/jpeg",
}
FOLDER: dict[str, Any] = {
    "folderId": "65e6c5a9b7d1f2034a5b6c01",
    "type": "folder",
    "name": "shop",
    "folderPath": "/shop",
    "createdAt": "2024-03-01T00:00:00.000Z",
    "updatedAt": "2024-03-01T00:00:00.000Z",
    "customMetadata": {},
    "createdBy": {"name": "Ada", "email": "ada@example.com"},
}

RESULT_CLASSES: list[Any] = [
    value
    for value in (*vars(results).values(), *vars(account).values())
    if inspect.isclass(value) and issubclass(value, Model)
]


def answer(raw: Any, status: int = 200) -> ResponseMetadata:
    return ResponseMetadata(raw, status, Headers({"X-IK-RequestId": "r-1"}))


def test_every_field_of_a_file_is_an_attribute_in_snake_case() -> None:
    file = FileResult.from_json(FILE)
    assert file.file_id == "65e6c5a9b7d1f2034a5b6c7d"
    assert file.created_at == "2024-03-05T07:08:09.123Z"
    assert file.version_info == VersionInfo(id="65e6c5a9b7d1f2034a5b6c7d", name="Version 1")
    assert file.ai_tags == [AITags(name="Footwear", confidence=97.31, source="google-auto-tagging")]
    assert file.embedded_metadata == EmbeddedMetadata(image_width=1200, image_height=800)
    assert file.is_private_file is False
    assert {field.name for field in dataclasses.fields(file)} >= set(vars(file)) - {"_raw"}
    assert {to_snake_case(name) for name in FILE} <= set(vars(file))


def test_the_names_in_custom_metadata_are_not_changed() -> None:
    assert FileResult.from_json(FILE).custom_metadata == {"price": 59.9, "brandName": "x"}


@pytest.mark.parametrize("left_out", [{}, {"description": None, "AITags": None, "embeddedMetadata": None}])
@pytest.mark.parametrize("cls", [FileResult, FileResultWithResponseMetadata, FolderResult, UploadFileResult])
def test_a_field_that_is_absent_or_null_reads_as_none_or_empty(cls: Any, left_out: dict[str, None]) -> None:
    for file in (cls.from_json({"fileId": "a"} | left_out), cls(file_id="a")):
        assert file.description is None
        assert file.ai_tags == []
        assert file.is_private_file is False
        assert file.extension_status == {}
        assert not file.embedded_metadata
        assert file.embedded_metadata.image_width is None
        assert dict(file.embedded_metadata) == {}
        file.ai_tags.append("x")
        assert cls.from_json({}).ai_tags == cls().ai_tags == []


def test_embedded_metadata_can_be_read_like_a_dict() -> None:
    embedded = FileResult.from_json({"embeddedMetadata": {"ImageWidth": 1200, "Rating": 0}}).embedded_metadata
    assert embedded
    assert (embedded["ImageWidth"], embedded.get("Rating"), embedded.get("ImageHeight")) == (1200, 0, None)
    assert list(embedded) == ["ImageWidth", "Rating"]
    assert dict(embedded.items()) == {"ImageWidth": 1200, "Rating": 0}
    assert "ImageHeight" not in embedded
    with pytest.raises(KeyError):
        embedded["ImageHeight"]
    assert (embedded.image_width, embedded.rating) == (1200, 0)


def test_to_dict_can_use_the_names_of_the_api() -> None:
    raw = FILE | {"someNewField": {"camelCase": 1}, "thumbnail": None}
    file = FileResultWithResponseMetadata.from_answer(answer(raw))
    assert file.to_dict() == raw
    assert file.to_dict(exclude_none=True) == {name: value for name, value in raw.items() if value is not None}
    assert json.loads(file.to_json()) == raw
    assert file.to_json().startswith('{\n  "')
    assert file.to_json(indent=None) == json.dumps(file.to_dict(), ensure_ascii=False)


def test_to_dict_uses_python_names_and_has_every_documented_field() -> None:
    raw = FILE | {"someNewField": {"camelCase": 1}, "thumbnail": None}
    file = FileResultWithResponseMetadata.from_answer(answer(raw))
    found = file.to_dict(use_api_names=False, exclude_unset=False)
    assert json.loads(json.dumps(found)) == found
    assert (found["file_id"], found["created_at"]) == (FILE["fileId"], FILE["createdAt"])
    assert found["version_info"] == {"id": FILE["versionInfo"]["id"], "name": "Version 1"}
    assert found["ai_tags"] == [{"name": "Footwear", "confidence": 97.31, "source": "google-auto-tagging"}]
    assert found["custom_metadata"] == {"price": 59.9, "brandName": "x"}
    assert found["embedded_metadata"]["image_width"] == 1200
    assert found["some_new_field"] == {"camelCase": 1}
    assert (found["thumbnail"], found["duration"]) == (None, None)
    assert not {"response_metadata", "raw", "_raw", "aitags", "fileId"} & set(found)
    assert set(file.to_dict(use_api_names=False)) == {to_snake_case(name) for name in raw}
    assert {to_snake_case(name) for name in file.to_dict(exclude_unset=False)} == set(found)


def test_to_dict_works_for_a_result_without_a_response() -> None:
    upload = UploadFileResult(file_id="a", ai_tags=[AITags(name="x")])
    assert upload.to_dict() == {"fileId": "a", "AITags": [{"name": "x"}]}
    assert ListFileResult.from_answer(answer([FILE])).to_dict() == {"list": [FILE]}
    assert ResponseMetadataResult.from_answer(answer(None, 204)).to_dict() == {}


@given(
    st.dictionaries(st.sampled_from([*FILE, "aNewField"]), st.none() | st.text() | st.integers() | st.lists(st.text()))
)
def test_to_dict_returns_what_was_sent(data: dict[str, Any]) -> None:
    assert FileResult.from_json(data).to_dict() == data


def test_the_status_of_extensions_is_a_dict_with_attributes() -> None:
    statuses = {"ai-auto-description": "a", "ai-tasks": "b", "aws-auto-tagging": "c", "google-auto-tagging": "d"}
    file = FileResult.from_json({"extensionStatus": statuses})
    found = file.extension_status
    assert found == statuses
    assert (found.ai_auto_description, found.ai_tasks, found.aws_auto_tagging) == ("a", "b", "c")
    assert (found.google_auto_tagging, found.remove_bg) == ("d", None)
    assert FileResult.from_json({"extensionStatus": {"remove-bg": "e"}}).extension_status.remove_bg == "e"
    assert pickle.loads(pickle.dumps(file)).extension_status.ai_tasks == "b"


def test_the_schema_of_a_field_can_be_read_under_its_name_in_release_5() -> None:
    found = CustomMetadataFieldsResult.from_json({"schema": {"type": "Number"}})
    assert found.schema_ is found.schema


def test_the_times_of_a_file_are_aware_datetimes() -> None:
    file = FileResult.from_json(FILE)
    assert file.created == datetime(2024, 3, 5, 7, 8, 9, 123_000, timezone.utc)
    assert file.updated == datetime(2024, 3, 6, 10, tzinfo=timezone.utc)
    assert FileResult.from_json({"createdAt": "2024-03-05T07:08:09"}).created is not None
    assert FileResult().created is FileResult().updated is None
    with pytest.raises(ValueError, match=r"a timestamp must be text in ISO 8601 .got 5."):
        assert FileResult.from_json({"createdAt": 5}).created


def test_a_field_that_the_api_adds_later_is_an_attribute_and_stays_in_raw() -> None:
    file = FileResult.from_json(FILE | {"dominantColor": "red", "AIScore": 3})
    assert getattr(file, "dominant_color") == "red"  # noqa: B009
    assert getattr(file, "ai_score") == 3  # noqa: B009
    assert file.raw["dominantColor"] == "red"


def test_a_misspelled_attribute_is_an_error_that_suggests_a_name() -> None:
    file = FileResult.from_json(FILE)
    with pytest.raises(AttributeError, match="FileResult has no attribute 'file_idd'; did you mean 'file_id'"):
        getattr(file, "file_idd")  # noqa: B009


@pytest.mark.parametrize("name", ["__reduce_ex__", "_raw", "from_json", "raw", "response_metadata", "responseMetadata"])
def test_no_field_of_a_response_can_replace_an_attribute_of_the_class(name: str) -> None:
    result = FileResultWithResponseMetadata.from_answer(answer({"fileId": "a", name: "x"}))
    assert pickle.loads(pickle.dumps(result)) == result
    assert result.raw == {"fileId": "a", name: "x"}
    assert result.response_metadata.http_status_code == 200
    assert callable(result.from_json)


def test_repr_shows_only_what_is_set() -> None:
    assert repr(FileResult.from_json({"fileId": "a", "tags": None, "size": 0})) == "FileResult(file_id='a', size=0)"
    result = FileResultWithResponseMetadata.from_answer(answer({"fileId": "a"}))
    assert repr(result) == "FileResultWithResponseMetadata(file_id='a')"


def test_results_are_frozen() -> None:
    file = FileResult.from_json(FILE)
    with pytest.raises(dataclasses.FrozenInstanceError):
        file.name = "x"  # type: ignore[misc]


def test_results_are_compared_by_content_and_not_by_response() -> None:
    first = FileResultWithResponseMetadata.from_answer(answer(FILE))
    second = FileResultWithResponseMetadata.from_answer(answer(FILE, 201))
    assert first == second
    assert first != FileResultWithResponseMetadata.from_answer(answer(FILE | {"name": "x"}))


def test_a_result_constructed_by_hand_equals_the_decoded_one() -> None:
    assert FileResult(file_id="a", tags=["x"]) == FileResult.from_json({"fileId": "a", "tags": ["x"]})
    assert FileResult(file_id="a").raw is None


def test_a_result_has_its_response_metadata_under_both_published_names() -> None:
    metadata = answer(FILE)
    result = FileResultWithResponseMetadata.from_answer(metadata)
    assert result.response_metadata is metadata
    assert result._response_metadata is metadata
    assert result.response_metadata.raw["fileId"] == result.file_id
    assert result.response_metadata.headers["x-ik-requestid"] == "r-1"


def test_a_list_can_be_iterated_indexed_sliced_and_measured() -> None:
    files = ListFileResult.from_answer(answer([FILE, FOLDER]))
    assert files.list == list(files)
    assert len(files) == 2
    assert files[0].name == "red-shoe.jpg"
    assert [file.name for file in files[-1:]] == ["shop"]
    assert files.list[0] in files
    assert files
    assert not ListFileResult.from_answer(answer([]))
    assert files.raw == [FILE, FOLDER]


def test_files_and_folders_in_a_list_are_distinguished() -> None:
    file, version, folder = ListFileResult.from_answer(answer([FILE, FILE | {"type": "file-version"}, FOLDER]))
    assert type(file) is type(version) is FileResult
    assert isinstance(folder, FolderResult)
    assert folder.folder_path == "/shop"
    assert folder.created_by is not None
    assert folder.created_by.email == "ada@example.com"


def test_the_exif_groups_of_metadata_are_objects() -> None:
    metadata = GetMetadataResult.from_json(
        {
            "pHash": "d2a5966b33d4c9a6",
            "hasColorProfile": True,
            "exif": {
                "image": {"Make": "Canon", "XResolution": 72, "YCbCrPositioning": 2, "GPSInfo": 5, "Rating": 4},
                "thumbnail": {},
                "exif": {"FNumber": 5.6, "ISO": 200, "FocalLengthIn35mmFormat": 50},
                "gps": {"GPSVersionID": [2, 2, 0, 0], "GPSLatitude": [1, 2, 3.5]},
                "interoperability": {"InteropIndex": "R98"},
                "makernote": {},
            },
        }
    )
    assert metadata.p_hash == "d2a5966b33d4c9a6"
    exif = metadata.exif
    assert exif is not None
    assert exif.image is not None
    assert (exif.image.make, exif.image.x_resolution, exif.image.y_cb_cr_positioning) == ("Canon", 72, 2)
    assert getattr(exif.image, "rating") == 4  # noqa: B009
    assert exif.exif is not None
    assert (exif.exif.f_number, exif.exif.iso, exif.exif.focal_length_in35mm_format) == (5.6, 200, 50)
    assert exif.gps is not None
    assert exif.gps.gps_version_id == [2, 2, 0, 0]
    assert exif.interoperability is not None
    assert exif.interoperability.interop_index == "R98"
    assert exif.makernote == {}


def test_the_metadata_of_an_upload_is_an_object() -> None:
    result = UploadFileResult.from_json({"fileId": "a", "metadata": {"pHash": "f0"}})
    assert result.metadata is not None
    assert result.metadata.p_hash == "f0"


@pytest.mark.parametrize("data", [[], "text", 3, None, True])
def test_anything_but_an_object_is_a_shape_error(data: Any) -> None:
    with pytest.raises(ShapeError, match="expected an object for FileResult"):
        FileResult.from_json(data)


@pytest.mark.parametrize("value", ["", "x", 3, ["x"], False])
@pytest.mark.parametrize(
    ("cls", "name"),
    [
        (FileResult, "versionInfo"),
        (UploadFileResult, "embeddedMetadata"),
        (UploadFileResult, "metadata"),
        (GetMetadataResult, "exif"),
        (FolderResult, "createdBy"),
        (CustomMetadataFieldsResult, "schema"),
    ],
)
def test_a_nested_object_of_the_wrong_shape_keeps_the_value(cls: Any, name: str, value: Any) -> None:
    result = cls.from_json({"name": "x", name: value})
    assert getattr(result, to_snake_case(name)) == value
    assert result.to_dict()[name] == value


@pytest.mark.parametrize("value", [{}, "x", 3])
def test_a_nested_list_of_the_wrong_shape_keeps_the_value(value: Any) -> None:
    assert FileResult.from_json({"AITags": value}).ai_tags == value
    assert FileResult.from_json({"AITags": [{"name": "a"}, value]}).ai_tags == [
        AITags(name="a"),
        AITags() if value == {} else value,
    ]


def test_an_item_of_a_list_that_is_not_an_object_keeps_the_value() -> None:
    assert ListFileResult.from_answer(answer([FILE, None, "x"])).list == [FileResult.from_json(FILE), None, "x"]


@pytest.mark.parametrize("raw", [{}, None, "x", 1])
def test_a_list_of_the_wrong_shape_is_a_shape_error(raw: Any) -> None:
    with pytest.raises(ShapeError, match="expected an"):
        ListFileResult.from_answer(answer(raw))


@pytest.mark.parametrize("raw", [None, {}, "Created", [1]])
def test_an_operation_without_a_result_accepts_any_body(raw: Any) -> None:
    result = ResponseMetadataResult.from_answer(answer(raw, 204))
    assert result.response_metadata.raw == raw


@pytest.mark.parametrize("cls", RESULT_CLASSES)
def test_results_pickle_and_copy(cls: Any) -> None:
    raw: Any = [FILE, FOLDER] if issubclass(cls, ListResult) else {"name": "x", "someNewField": 1}
    result = cls.from_answer(answer(raw)) if issubclass(cls, Result) else cls.from_json(raw)
    for twin in (pickle.loads(pickle.dumps(result)), copy.deepcopy(result), copy.copy(result)):
        assert twin == result
        assert vars(twin) == vars(result)
        assert twin.raw == result.raw


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=10,
)
field_names = st.sampled_from([*FILE, *FOLDER, "metadata", "exif", "schema"])


@given(st.dictionaries(field_names, json_values, max_size=6) | json_values)
def test_any_json_is_decoded_or_raises_a_shape_error(data: Any) -> None:
    for cls in RESULT_CLASSES:
        try:
            result = cls.from_answer(answer(data)) if issubclass(cls, Result) else cls.from_json(data)
        except ShapeError:
            continue
        assert repr(result)
        assert pickle.loads(pickle.dumps(result)) == result
