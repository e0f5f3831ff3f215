from __future__ import annotations

import base64
import io
import os
import tempfile
from typing import TYPE_CHECKING, Any, BinaryIO

import pytest

from imagekitio.exceptions import EmptyFileError
from imagekitio.operations.core import FilePart
from imagekitio.operations.sources import resolve_file, resolve_source

if TYPE_CHECKING:
    from pathlib import Path

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
SOFT_BREAKS = base64.encodebytes(PNG).decode()


@pytest.mark.parametrize("content", [bytearray(b"content"), memoryview(b"content")])
def test_other_bytes_like_objects_are_treated_as_contents(content: Any) -> None:
    assert resolve_source(content) == b"content"


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ("https://example.com/a b.jpg", "https://example.com/a b.jpg"),
        ("HTTP://example.com/a.jpg", "http://example.com/a.jpg"),
        (" https://example.com/a.jpg\n", "https://example.com/a.jpg"),
        ("data:image/png;base64,iVBORw0K", "data:image/png;base64,iVBORw0K"),
        ("data:text/plain;charset=utf-8;base64,aGVs\nbG8=\n", "data:text/plain;charset=utf-8;base64,aGVsbG8="),
        ("aGVsbG8=", "aGVsbG8="),
        ("aGVsbG8", "aGVsbG8"),
        (SOFT_BREAKS, SOFT_BREAKS.replace("\n", "")),
        (SOFT_BREAKS.replace("\n", "\r\n    "), SOFT_BREAKS.replace("\n", "")),
    ],
)
def test_a_str_is_a_url_a_data_uri_or_base64_which_is_sent_in_one_line(given: str, sent: str) -> None:
    assert resolve_source(given) == sent


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "shoe.jpg",
            r"""it contains '\.' \(got 'shoe\.jpg'\); pass Path\("shoe\.jpg"\) for a path, bytes for the""",
        ),
        ("/abs/shoe.jpg", r'it contains .* pass Path\("/abs/shoe\.jpg"\)'),
        ("C:\\shoe.jpg", r'it contains .* pass Path\("C:\\\\shoe\.jpg"\)'),
        ("größe", r"""it contains 'ö'.* pass Path\("größe"\)"""),
        ("file:///a%20b/shoe", r'it is a file:// URL, .* pass Path\("/a b/shoe"\)'),
        ("s3://bucket/shoe.jpg", r"it is a s3:// URL, which the service does not fetch \(got .*\); pass bytes for"),
        ("<svg/>\n", "it contains '<'"),
        ("ab-_", r"it contains the URL-safe '-' or '_', which base64\.urlsafe_b64decode\(\) turns into bytes \(got"),
        ("shoes", "its length is not possible in base64"),
        ("aGVsbG8==", "its length is not possible in base64"),
        ("aGVs bG8=", "it contains ' '"),
        ("aGVsbG8=aGVs", "it contains '='"),
        ("a.jpg\0", r"it contains '\.' \(got 'a\.jpg\\x00'\); pass bytes for the contents$"),
        ("data:text/plain,hello", "it is a data URI without ';base64,'"),
        ("data:image/png;base64", "it is a data URI without ';base64,'"),
        ("data:image/png;base64,a-_b", "it contains the URL-safe"),
        ("data:image/png;base64,abcde", "its length"),
        ("text " * 100_000, r"it contains ' ' \(got 'text .{50,60}…'\); pass bytes for the contents$"),
    ],
)
def test_any_other_str_is_a_type_error_that_says_what_to_pass(text: str, message: str) -> None:
    with pytest.raises(TypeError, match=r"^file must be a URL .* if it is a str, but (?s:.*)" + message):
        resolve_source(text)


def test_a_str_that_is_the_path_of_a_file_is_a_type_error_even_if_it_could_be_base64(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert resolve_source("photos/shoes") == "photos/shoes"
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "shoes").write_bytes(PNG)
    with pytest.raises(TypeError, match=r'it is a path that exists \(got .*pass Path\("photos/shoes"\) for a path'):
        resolve_source("photos/shoes")


@pytest.mark.parametrize("length", [1000, 1_000_000])
def test_base64_too_long_for_a_path_is_not_looked_up(length: int) -> None:
    text = base64.b64encode(b"\xff" * length).decode()
    assert resolve_source(text) == text


def test_base64_in_bytes_is_decoded_and_base64_in_a_file_object_is_not() -> None:
    encoded = base64.b64encode(PNG)
    assert resolve_source(encoded) == PNG
    assert resolve_source(bytearray(encoded)) == PNG
    stream = io.BytesIO(encoded)
    assert resolve_source(stream) is stream


def test_a_path_is_not_opened_yet_and_can_be_any_path_object(tmp_path: Path) -> None:
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


def test_an_empty_file_is_an_empty_file_error(tmp_path: Path) -> None:
    empty = tmp_path / "empty.jpg"
    empty.touch()
    with empty.open("rb") as opened:
        for source in (b"", bytearray(), empty, opened, io.BytesIO(), "", " \n", "data:;base64,"):
            with pytest.raises(EmptyFileError, match=r"file (must not be|is) empty"):
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


def test_a_file_that_was_read_to_its_end_is_an_empty_file_error() -> None:
    stream = io.BytesIO(b"content")
    stream.read()
    with pytest.raises(EmptyFileError, match=r"read to its end: call seek\(0\)"):
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
    class Strange(io.BytesIO):
        def read(self, size: int | None = -1) -> Any:
            return size

    with pytest.raises(TypeError, match=r"file.read\(\) must return bytes"):
        resolve_source(Strange())


def test_a_stream_that_cannot_be_rewound_is_not_read_early() -> None:
    class Once(io.RawIOBase):
        """Like Werkzeug's `LimitedStream`, which treats an empty read as a disconnected client."""

        def readable(self) -> bool:
            return True

        def read(self, size: int = -1) -> bytes:
            raise AssertionError("read")

    stream: Any = Once()
    assert resolve_source(stream) is stream


def test_the_write_end_of_a_pipe_is_a_type_error() -> None:
    read_end, write_end = os.pipe()
    refusal = pytest.raises(TypeError, match=r"^file cannot be read: open it with mode 'rb'$")
    with os.fdopen(read_end, "rb"), os.fdopen(write_end, "wb") as stream, refusal:
        resolve_source(stream)


def test_a_pipe_opened_in_text_mode_is_a_type_error() -> None:
    read_end, write_end = os.pipe()
    with os.fdopen(read_end, encoding="utf-8") as stream, os.fdopen(write_end, "wb"):
        text_stream: Any = stream
        with pytest.raises(TypeError, match=r"^file is open in text mode: open it with mode 'rb'$"):
            resolve_source(text_stream)


def test_an_asynchronous_stream_is_a_type_error() -> None:
    class Asynchronous:
        async def read(self, size: int = -1) -> bytes:
            return b""

    stream: Any = Asynchronous()
    with pytest.raises(TypeError, match=r"^file\.read\(\) is asynchronous: pass bytes, "):
        resolve_source(stream)


class WerkzeugFile:
    """Like `FileStorage`, which delegates unknown attributes to its stream."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


class StarletteFile:
    """Like `UploadFile`, which reads asynchronously and wraps a file."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file

    async def read(self, size: int = -1) -> bytes:
        return self.file.read(size)


class DjangoFile:
    """Like `File`, which delegates to the file that it wraps; its seek returns None."""

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


def test_an_empty_file_of_a_web_framework_is_an_empty_file_error() -> None:
    for wrapper in (WerkzeugFile, StarletteFile, DjangoFile):
        with pytest.raises(EmptyFileError, match="file is empty"):
            resolve_source(wrapper(io.BytesIO()))


@pytest.mark.parametrize(
    ("file", "part"),
    [
        (b"content", FilePart(b"content", "b.txt")),
        (("a.txt", b"content"), FilePart(b"content", "a.txt")),
        ((None, b"content"), FilePart(b"content", "b.txt")),
        (("a.txt", b"content", "text/plain"), FilePart(b"content", "a.txt", "text/plain")),
        (("a.txt", b"content", None), FilePart(b"content", "a.txt")),
        (("a.png", base64.b64encode(PNG)), FilePart(PNG, "a.png")),
    ],
)
def test_a_tuple_gives_the_part_its_name_and_type(file: Any, part: FilePart) -> None:
    assert resolve_file(file, "b.txt") == part


def test_the_content_of_a_tuple_can_be_a_path_or_a_file_object(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"content")
    stream = io.BytesIO(b"content")
    assert resolve_file(("a.txt", path), "b.txt") == FilePart(path, "a.txt")
    assert resolve_file(("a.txt", stream), "b.txt") == FilePart(stream, "a.txt")
    assert resolve_file("https://ik.example.com/a.jpg", "b.txt") == "https://ik.example.com/a.jpg"


@pytest.mark.parametrize(
    ("file", "error", "message"),
    [
        ((), TypeError, r"be \(name, content\) or \(name, content, MIME type\) if it is a tuple \(got 0 members\)"),
        (("a", b"x", "text/plain", {}), TypeError, "if it is a tuple .got 4 members."),
        (("a", "text"), TypeError, "content of file must be bytes, a pathlib.Path or a binary file object .got str."),
        (("a", "https://ik.example.com/a.jpg"), TypeError, "content of file must be bytes"),
        (("a", ("b", b"x")), TypeError, "content of file must be bytes.* .got tuple."),
        (("a", None), TypeError, "file is missing"),
        ((b"a", b"x"), TypeError, "the name of file must be a str or None .got bytes."),
        (("a", b"x", 5), TypeError, "the MIME type of file must be a str or None .got int."),
        (("a", b""), EmptyFileError, "file must not be empty"),
    ],
)
def test_a_tuple_of_any_other_form_is_refused(file: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        resolve_file(file, "b.txt")
