from __future__ import annotations

import base64
import io
import json
import os
import tempfile
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.models import UploadFileRequestOptions
from imagekitio.operations.core import Multipart
from imagekitio.operations.sources import resolve_source
from imagekitio.operations.uploads import upload_file

if TYPE_CHECKING:
    from pathlib import Path

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


def test_contents_are_a_file_part_with_the_name() -> None:
    body = multipart(b"content", "größe.jpg")
    assert body.fields == (("fileName", "größe.jpg"), ("useUniqueFileName", "false"))
    assert body.file is not None
    assert (body.file.source, body.file.file_name) == (b"content", "größe.jpg")


@pytest.mark.parametrize("content", [bytearray(b"content"), memoryview(b"content")])
def test_other_bytes_like_objects_are_contents_too(content: Any) -> None:
    assert resolve_source(content) == b"content"


@pytest.mark.parametrize(
    "text", ["https://example.com/a.jpg", base64.b64encode(PNG).decode(), "data:image/png;base64,iVBORw0K", "/a.jpg"]
)
def test_text_is_a_field_and_never_a_path(text: str) -> None:
    body = multipart(text, "a.jpg")
    assert body.fields == (("fileName", "a.jpg"), ("useUniqueFileName", "false"), ("file", text))
    assert body.file is None


@pytest.mark.parametrize(
    "content",
    [
        base64.b64encode(PNG),
        base64.b64encode(b"\xff\xd8\xff\xe0" + PNG),
        base64.b64encode(b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        b"data:image/png;base64," + base64.b64encode(PNG),
    ],
)
def test_bytes_that_are_the_base64_of_a_file_become_a_field_as_in_older_releases(content: bytes) -> None:
    assert resolve_source(content) == content.decode()


@pytest.mark.parametrize(
    "content",
    [
        b"test",
        b"data",
        b"a text that is no base64 at all",
        b"https://example.com/a.jpg",
        base64.b64encode(b"no known file type"),
        base64.b64encode(PNG) + b"\n and more",
        base64.b64encode(PNG)[:-1],
        PNG,
        b"\xff",
    ],
)
def test_all_other_bytes_are_contents(content: bytes) -> None:
    assert resolve_source(content) == content


@given(st.binary(min_size=1))
def test_contents_are_never_changed(content: bytes) -> None:
    found = resolve_source(content)
    assert found == content or (isinstance(found, str) and found.encode() == content)


def test_a_path_is_opened_later_and_can_be_any_path_object(tmp_path: Path) -> None:
    file = tmp_path / "a.jpg"
    file.write_bytes(b"content")

    class Pathlike:
        def __fspath__(self) -> str:
            return str(file)

    assert resolve_source(file) == file
    assert resolve_source(Pathlike()) == file


def test_the_error_for_a_path_without_a_file_names_the_path(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"missing\.jpg"):
        resolve_source(tmp_path / "missing.jpg")
    with pytest.raises(IsADirectoryError) as caught:
        resolve_source(tmp_path)
    assert caught.value.filename == str(tmp_path)


def test_empty_contents_are_a_value_error_before_anything_is_sent(tmp_path: Path) -> None:
    empty = tmp_path / "empty.jpg"
    empty.touch()
    with empty.open("rb") as opened:
        for source in (b"", bytearray(), empty, opened, io.BytesIO(), "", " \n"):
            with pytest.raises(ValueError, match="empty"):
                resolve_source(source)


def test_a_file_object_keeps_its_position(tmp_path: Path) -> None:
    file = tmp_path / "a.jpg"
    file.write_bytes(b"content")
    with file.open("rb") as opened:
        opened.seek(3)
        assert resolve_source(opened) is opened
        assert opened.tell() == 3
    with file.open("rb", buffering=0) as unbuffered:
        assert resolve_source(unbuffered) is unbuffered
    with tempfile.SpooledTemporaryFile() as spooled, tempfile.NamedTemporaryFile() as named:
        files: tuple[Any, ...] = (spooled, named)
        for opened_file in files:
            opened_file.write(b"content")
            opened_file.seek(0)
            assert resolve_source(opened_file) is opened_file


def test_a_file_that_was_read_to_its_end_is_a_value_error() -> None:
    stream = io.BytesIO(b"content")
    stream.read()
    with pytest.raises(ValueError, match=r"read to its end: call seek\(0\)"):
        resolve_source(stream)


def test_a_pipe_of_unknown_length_is_accepted() -> None:
    read_end, write_end = os.pipe()
    with os.fdopen(read_end, "rb") as stream, os.fdopen(write_end, "wb"):
        assert resolve_source(stream) is stream


def test_a_closed_file_is_a_value_error() -> None:
    stream = io.BytesIO(b"content")
    stream.close()
    with pytest.raises(ValueError, match="file is closed"):
        resolve_source(stream)


def test_a_text_file_is_a_type_error(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("content")
    with path.open() as opened, tempfile.SpooledTemporaryFile(mode="w+") as spooled:
        spooled.write("content")
        text_files: list[Any] = [opened, spooled, io.StringIO("content")]
        for text_file in text_files:
            with pytest.raises(TypeError, match="open it with mode 'rb'"):
                resolve_source(text_file)


def test_a_file_open_for_writing_is_a_type_error(tmp_path: Path) -> None:
    with (tmp_path / "a.txt").open("wb") as stream, pytest.raises(TypeError, match="cannot be read"):
        resolve_source(stream)


@pytest.mark.parametrize("source", [3, object(), ["a"], {"file": b"a"}])
def test_an_object_that_cannot_be_read_is_a_type_error(source: Any) -> None:
    with pytest.raises(TypeError, match=r"file must be bytes, a pathlib.Path, a binary file object, a URL or base64"):
        resolve_source(source)


def test_a_reader_that_does_not_return_bytes_is_a_type_error() -> None:
    class Strange:
        def read(self, size: int = -1) -> Any:
            return size

    with pytest.raises(TypeError, match=r"file.read\(\) must return bytes"):
        resolve_source(Strange())


class WerkzeugFile:
    """Like `FileStorage`, which delegates everything it does not have to its stream."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


class StarletteFile:
    """Like `UploadFile`, which reads asynchronously and holds the file."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file

    async def read(self, size: int = -1) -> bytes:
        return self.file.read(size)


class DjangoFile:
    """Like `File`, which delegates to the file that it holds; its seek returns nothing."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.read, self.tell = file.read, file.tell

    def seek(self, offset: int, whence: int = 0) -> None:
        self.file.seek(offset, whence)

    @property
    def closed(self) -> bool:
        return self.file.closed


def test_the_files_of_web_frameworks_are_accepted() -> None:
    stream = io.BytesIO(b"content")
    assert resolve_source(WerkzeugFile(stream)) is stream
    assert resolve_source(StarletteFile(stream)) is stream
    django_file: Any = DjangoFile(stream)
    assert resolve_source(django_file) is django_file
    assert stream.tell() == 0


def test_an_empty_file_of_a_web_framework_is_a_value_error() -> None:
    for wrapper in (WerkzeugFile, StarletteFile, DjangoFile):
        with pytest.raises(ValueError, match="file is empty"):
            resolve_source(wrapper(io.BytesIO()))


def test_file_and_file_name_are_required() -> None:
    missing: Any = None
    with pytest.raises(TypeError) as caught:
        upload_file(missing, "a.jpg")
    assert caught.value.args[0]["message"] == "file is missing"
    with pytest.raises(TypeError) as caught:
        upload_file(b"content", missing)
    assert caught.value.args[0]["message"] == "file_name is missing"
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
def test_a_boolean_can_be_a_str_and_anything_else_is_refused(no: Any) -> None:
    body = upload_file(b"content", "a.jpg", use_unique_file_name=no).request.body
    assert isinstance(body, Multipart)
    assert dict(body.fields)["fileName"] == "a.jpg"
    assert fields(is_private_file="TRUE") == {"isPrivateFile": "true"}
    assert fields(is_private_file="") == {}
    for wrong in (0, "no", [True]):
        with pytest.raises(TypeError, match="use_unique_file_name must be True or False"):
            upload_file(b"content", "a.jpg", use_unique_file_name=wrong)  # type: ignore[arg-type]


def test_json_that_is_already_text_is_sent_unchanged() -> None:
    text = json.dumps([{"name": "remove-bg"}])
    sent = fields(extensions=text, custom_metadata='{"a": 1}', transformation='{"pre": "w-1"}', tags="red, summer")
    assert sent == {
        "extensions": text,
        "customMetadata": '{"a": 1}',
        "transformation": '{"pre": "w-1"}',
        "tags": "red, summer",
    }


def test_options_that_are_empty_or_none_are_left_out() -> None:
    assert fields(tags=[], folder="", custom_coordinates=None) == {}


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"folder": 3.5}, TypeError, "folder must be a str"),
        ({"folder": "\ud800"}, ValueError, "surrogate"),
        ({"tags": ["a,b"]}, ValueError, "tags must not have an entry with a comma"),
        ({"tag": ["a"]}, ValueError, "'tag'; did you mean 'tags'"),
        ({"custom_metadata": {"a": float("nan")}}, ValueError, "JSON"),
        ({"custom_metadata": {"a": b"x"}}, TypeError, "bytes is not JSON serializable"),
    ],
)
def test_a_wrong_option_is_an_error_before_anything_is_sent(
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
