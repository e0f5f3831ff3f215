from __future__ import annotations

import base64
import json
from datetime import date
from decimal import Decimal
from typing import Any, cast

import pytest

from imagekitio.models import UploadFileRequestOptions
from imagekitio.operations.core import Multipart
from imagekitio.operations.uploads import upload_file, upload_file_v2

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


def multipart(*args: Any, **keywords: Any) -> Multipart:
    """Return the body of an upload whose name is not made unique."""
    body = upload_file(*args, use_unique_file_name=False, **keywords).request.body
    assert isinstance(body, Multipart)
    return body


def fields(**options: Any) -> dict[str, str]:
    found = dict(multipart(b"content", "a.jpg", **options).fields)
    assert (found.pop("fileName"), found.pop("useUniqueFileName")) == ("a.jpg", "false")
    return found


def test_contents_become_a_file_part_with_the_name() -> None:
    body = multipart(b"content", "größe.jpg")
    assert body.fields == (("fileName", "größe.jpg"), ("useUniqueFileName", "false"))
    assert body.file is not None
    assert (body.file.source, body.file.file_name) == (b"content", "größe.jpg")


@pytest.mark.parametrize(
    "text", ["https://example.com/a.jpg", base64.b64encode(PNG).decode(), "data:image/png;base64,iVBORw0K"]
)
def test_a_str_becomes_a_field_and_not_a_file_part(text: str) -> None:
    body = multipart(text, "a.jpg")
    assert body.fields == (("fileName", "a.jpg"), ("useUniqueFileName", "false"), ("file", text))
    assert body.file is None


def test_file_and_file_name_are_required() -> None:
    missing: Any = None
    with pytest.raises(TypeError, match=r"^file is missing: pass bytes, a pathlib.Path, a binary file object, a"):
        upload_file(missing, "a.jpg")
    with pytest.raises(TypeError, match=r"^file_name is missing: pass it as a str$"):
        upload_file(b"content", missing)
    with pytest.raises(ValueError, match="file_name must not be empty"):
        upload_file(b"content", " ")


def test_every_option_becomes_a_form_field() -> None:
    options = UploadFileRequestOptions(
        use_unique_file_name=False,
        tags=["red", "summer"],
        folder="/shop",
        is_private_file=True,
        is_published=False,
        custom_coordinates="1,2,3,4",
        response_fields=["tags", "selected_fields_schema"],
        extensions=[{"name": "aws-auto-tagging", "minConfidence": 80, "maxTags": 5}],
        webhook_url="https://example.com/hook",
        overwrite_file=True,
        overwrite_ai_tags=False,
        overwrite_tags=False,
        overwrite_custom_metadata=False,
        custom_metadata={"price_eur": 59.9, "brandName": "größer"},
        transformation={"pre": "w-1000", "post": [{"type": "thumbnail"}]},
        checks='"file.size" < "5mb"',
        description="A shoe",
    )
    assert fields(options=options) == {
        "tags": "red,summer",
        "folder": "/shop",
        "isPrivateFile": "true",
        "isPublished": "false",
        "customCoordinates": "1,2,3,4",
        "responseFields": "tags,selectedFieldsSchema",
        "extensions": '[{"name":"aws-auto-tagging","minConfidence":80,"maxTags":5}]',
        "webhookUrl": "https://example.com/hook",
        "overwriteFile": "true",
        "overwriteAITags": "false",
        "overwriteTags": "false",
        "overwriteCustomMetadata": "false",
        "customMetadata": '{"price_eur":59.9,"brandName":"größer"}',
        "transformation": '{"pre":"w-1000","post":[{"type":"thumbnail"}]}',
        "checks": '"file.size" < "5mb"',
        "description": "A shoe",
    }


@pytest.mark.parametrize("no", [False, "false", "False"])
def test_a_boolean_option_can_be_a_str_and_anything_else_is_refused(no: Any) -> None:
    body = upload_file(b"content", "a.jpg", use_unique_file_name=no).request.body
    assert isinstance(body, Multipart)
    assert dict(body.fields)["fileName"] == "a.jpg"
    assert fields(is_private_file="TRUE") == {"isPrivateFile": "true"}
    assert fields(is_private_file="") == {}
    for wrong in (0, "no", [True]):
        with pytest.raises(TypeError, match="use_unique_file_name must be True or False"):
            upload_file(b"content", "a.jpg", use_unique_file_name=wrong)  # type: ignore[arg-type]


def test_json_given_as_a_str_is_sent_unchanged() -> None:
    text = json.dumps([{"name": "remove-bg"}])
    sent = fields(extensions=text, custom_metadata='{"a": 1}', transformation='{"pre": "w-1"}', tags="red, summer")
    assert sent == {
        "extensions": text,
        "customMetadata": '{"a": 1}',
        "transformation": '{"pre": "w-1"}',
        "tags": "red, summer",
    }


def test_empty_options_are_omitted() -> None:
    assert fields(tags=[], folder="", custom_coordinates=None, description=None) == {}
    assert fields(custom_coordinates="") == {}


def test_coordinates_can_be_four_numbers() -> None:
    assert fields(custom_coordinates=(1, 1, 10, 10)) == {"customCoordinates": "1,1,10,10"}


def test_dates_and_decimals_in_custom_metadata_become_json() -> None:
    assert fields(custom_metadata={"day": date(2024, 3, 5), "price": Decimal("59.90")}) == {
        "customMetadata": '{"day":"2024-03-05","price":59.9}'
    }


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"folder": 3.5}, TypeError, "folder must be a str"),
        ({"folder": "\ud800"}, ValueError, "surrogate"),
        ({"tags": ["a,b"]}, ValueError, "tags must not have an entry with a comma"),
        ({"tag": ["a"]}, ValueError, "'tag'; did you mean 'tags'"),
        ({"isPrivateFile": 3}, TypeError, "^is_private_file must be True or False"),
        ({"webhook_url": 3.5}, TypeError, r"^webhook_url must be a str, a bool or an int \(got float\)$"),
        ({"customMetadata": {"a": float("nan")}}, ValueError, r"^custom_metadata\['a'\] must be a finite number"),
        ({"custom_metadata": {"a": b"x"}}, TypeError, r"^custom_metadata\['a'\] must be .* \(got bytes\)$"),
        (
            {"extensions": [{"name": "remove-bg", "options": {"bg_color": {1j}}}]},
            TypeError,
            r"^extensions\[0\]\['options'\]\['bg_color'\]\[0\] must be",
        ),
        ({"transformation": {"post": [{"value": b"w-1"}]}}, TypeError, r"^transformation\['post'\]\[0\]\['value'\] "),
        ({"custom_coordinates": "1,2,3"}, ValueError, "^custom_coordinates must be x,y,width,height"),
    ],
)
def test_an_invalid_option_is_refused_before_anything_is_sent(
    options: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        upload_file(b"content", "a.jpg", options)


def test_the_progress_function_is_passed_on() -> None:
    def on_progress(sent: int, total: int) -> None: ...

    assert multipart(b"content", "a.jpg", on_progress=on_progress).on_progress is on_progress


def test_a_progress_function_that_cannot_be_called_is_refused_before_anything_is_sent() -> None:
    with pytest.raises(TypeError, match=r"on_progress must be a function \(got 'x'\)"):
        upload_file(b"content", "a.jpg", on_progress=cast("Any", "x"))


@pytest.mark.parametrize(
    "options",
    [
        {"use_unique_file_name": False, "tags": ["a"], "custom_metadata": {"price": 3}},
        {"use_unique_file_name": False, "overwrite_file": False},
        {"use_unique_file_name": False, "extensions": [{"name": "remove-bg"}]},
        {"checks": '"request.fileName" : "a"'},
    ],
)
def test_version_2_differs_only_in_its_path(options: Any) -> None:
    first, second = (upload(b"content", "a.jpg", options) for upload in (upload_file, upload_file_v2))
    assert (first.request.path, second.request.path) == ("/api/v1/files/upload", "/api/v2/files/upload")
    assert first.request._replace(path="") == second.request._replace(path="")
    assert (first.recover is None) == (second.recover is None)
