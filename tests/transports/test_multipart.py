from __future__ import annotations

import gc
import io
import re
import tempfile
from email.parser import BytesParser
from email.policy import HTTP
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.exceptions import EmptyFileError, NetworkException
from imagekitio.flow.exchange import CallerError
from imagekitio.operations.core import FilePart, Multipart
from imagekitio.transports.multipart import BLOCK_BYTES, SMALL_BYTES, SPOOL_BYTES, MultipartBody, open_body

from .calls import Pipe

if TYPE_CHECKING:
    from collections.abc import Callable

Source = bytes | Path | BinaryIO


def make_form(
    source: Source, name: str = "a.bin", on_progress: Callable[[int, int], object] | None = None
) -> Multipart:
    return Multipart((("fileName", "a.bin"),), FilePart(source, name), on_progress)


def encode(multipart: Multipart) -> bytes:
    with open_body(multipart) as body:
        content = b"".join(body)
        assert len(body) == len(content)
    return content


def parse_parts(multipart: Multipart) -> list[Any]:
    """Read the body with an independent parser."""
    with open_body(multipart) as body:
        head = f"Content-Type: {body.content_type}\r\n\r\n".encode()
        message = BytesParser(policy=HTTP).parsebytes(head + b"".join(body))
    return list(message.iter_parts())


def read_part(source: Source) -> bytes:
    (_, part) = parse_parts(make_form(source))
    return cast("bytes", part.get_payload(decode=True))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "a.bin"
    path.write_bytes(bytes(range(256)) * (4 * BLOCK_BYTES // 256))
    return path


def test_an_independent_parser_finds_the_fields_in_order_and_the_file() -> None:
    fields = (("fileName", "küche.jpg"), ("tags", "a,b"), ("folder", "/x"))
    file = FilePart(b"\x00\xff\r\n--", "küche.jpg", "image/jpeg")
    *texts, part = parse_parts(Multipart(fields, file))
    assert [
        (text.get_param("name", header="content-disposition"), text.get_payload(decode=True).decode()) for text in texts
    ] == list(fields)
    assert part.get_content_type() == "image/jpeg"
    assert part.get_payload(decode=True) == b"\x00\xff\r\n--"


def test_a_body_without_file_has_only_fields() -> None:
    content = encode(Multipart((("file", "https://a.example/b.jpg"),)))
    assert b"filename" not in content
    assert content.count(b"Content-Disposition") == 1


def test_names_are_escaped_as_browsers_do() -> None:
    content = encode(make_form(b"x", 'a"b\r\nX-Evil: 1\\ü.jpg'))
    assert 'filename="a%22b%0D%0AX-Evil: 1\\ü.jpg"\r\n'.encode() in content


def test_field_names_are_escaped_too() -> None:
    assert b'name="a%22%0D%0Ab"\r\n\r\nvalue\r\n' in encode(Multipart((('a"\r\nb', "value"),)))


@pytest.mark.parametrize("content_type", ["image/png\r\nX-Evil: 1", "", "imäge/png", "a\x00b"])
def test_an_unsafe_content_type_is_replaced(content_type: str) -> None:
    content = encode(Multipart((), FilePart(b"x", "a.png", content_type)))
    assert b"\r\nContent-Type: application/octet-stream\r\n\r\nx\r\n" in content


def test_each_body_has_its_own_boundary() -> None:
    boundaries = {MultipartBody(Multipart(()), None).content_type for _ in range(50)}
    assert len(boundaries) == 50


@given(st.binary(max_size=300), st.integers(min_value=0, max_value=300))
def test_a_file_object_is_sent_from_its_current_position_each_time(content: bytes, start: int) -> None:
    source = io.BytesIO(content)
    source.seek(start)
    with open_body(make_form(source)) as body:
        assert source.tell() == start
        first, second = b"".join(body), b"".join(body)
    assert first == second
    assert (b"\r\n\r\n" + content[start:] + b"\r\n--") in first


@pytest.mark.parametrize("size", [0, 1, BLOCK_BYTES - 1, BLOCK_BYTES, BLOCK_BYTES + 1, 3 * BLOCK_BYTES])
def test_every_size_arrives_whole(size: int, tmp_path: Path) -> None:
    content = b"ab\r\n" * (size // 4) + b"z" * (size % 4)
    path = tmp_path / "a.bin"
    path.write_bytes(content)
    with path.open("rb") as file, path.open("rb", buffering=0) as raw:
        bodies = [encode(make_form(source)) for source in (content, path, file, raw)]
    for body in bodies:
        assert body.partition(b"application/octet-stream\r\n\r\n")[2].rpartition(b"\r\n--")[0] == content


def test_a_file_object_stays_open_and_a_path_is_closed(path: Path, recwarn: pytest.WarningsRecorder) -> None:
    with path.open("rb") as file:
        encode(make_form(file))
        assert not file.closed
    encode(make_form(path))
    gc.collect()
    assert not recwarn.list


def test_a_path_is_closed_when_sending_fails(path: Path, recwarn: pytest.WarningsRecorder) -> None:
    with pytest.raises(CallerError), open_body(make_form(path, on_progress=lambda *_: 1 / 0)) as body:
        list(body)
    gc.collect()
    assert not recwarn.list


def test_a_missing_path_raises_file_not_found(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), open_body(make_form(tmp_path / "missing")):
        pass


@pytest.mark.parametrize("size", [10, SPOOL_BYTES + 10])
def test_a_stream_without_length_is_sent_with_its_length(size: int) -> None:
    content = b"x" * size
    assert content in encode(make_form(cast("BinaryIO", Pipe(content))))


def test_an_empty_stream_without_length_is_an_empty_file_error() -> None:
    with pytest.raises(EmptyFileError, match="file is empty"), open_body(make_form(cast("BinaryIO", Pipe(b"")))):
        pass


def test_a_stream_without_length_that_returns_text_is_a_type_error() -> None:
    class Text:
        def read(self, size: int = -1) -> str:
            return "text"

    with pytest.raises(TypeError, match=r"must return bytes .got str"), open_body(make_form(cast("BinaryIO", Text()))):
        pass


def test_a_spooled_temporary_file_can_be_sent() -> None:
    with tempfile.SpooledTemporaryFile() as file:
        file.write(b"--content--")
        file.seek(2)
        assert read_part(cast("BinaryIO", file)) == b"content--"
        assert not file.closed


def test_a_reader_that_returns_little_at_a_time_is_read_to_its_end() -> None:
    class Slow(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(min(size or 0, 3))

    assert read_part(Slow(b"0123456789")) == b"0123456789"


def test_a_text_file_is_a_type_error() -> None:
    with open_body(make_form(cast("BinaryIO", io.StringIO("text")))) as body, pytest.raises(CallerError) as error:
        list(body)
    assert isinstance(error.value.__cause__, TypeError)
    assert "binary mode" in str(error.value.__cause__)


def test_a_file_that_shrinks_while_it_is_sent_is_an_immediate_error(path: Path) -> None:
    with open_body(make_form(path)) as body:
        blocks = iter(body)
        next(blocks)
        path.write_bytes(b"short")
        with pytest.raises(CallerError) as error:
            list(blocks)
    cause = error.value.__cause__
    assert isinstance(cause, NetworkException)
    assert not cause.retryable
    expected = r"the file shrank while it was sent: expected 4194304 bytes, but it ended after 1048\d{3}"
    assert re.fullmatch(expected, str(cause))


def test_a_growing_file_is_sent_with_its_initial_length(path: Path) -> None:
    with open_body(make_form(path)) as body:
        size = len(body)
        with path.open("ab") as file:
            file.write(b"more")
        assert len(b"".join(body)) == size


def test_progress_only_grows_and_ends_with_the_total(path: Path) -> None:
    seen: list[tuple[int, int]] = []
    with open_body(make_form(path, on_progress=lambda sent, total: seen.append((sent, total)))) as body:
        total = len(b"".join(body))
    assert [sent for sent, _ in seen] == sorted({sent for sent, _ in seen})
    assert {whole for _, whole in seen} == {total}
    assert seen[-1] == (total, total)
    assert len(seen) > 3


def test_progress_never_goes_backwards_when_an_attempt_is_repeated(path: Path) -> None:
    seen: list[int] = []
    with open_body(make_form(path, on_progress=lambda sent, _: seen.append(sent))) as body:
        blocks = iter(body)
        for _ in range(3):
            next(blocks)
        b"".join(body)
    assert seen == sorted(set(seen))


def test_progress_is_reported_only_after_a_block_was_sent(path: Path) -> None:
    seen: list[int] = []
    with open_body(make_form(path, on_progress=lambda sent, _: seen.append(sent))) as body:
        blocks = iter(body)
        first = next(blocks)
        assert seen == []
        next(blocks)
        assert seen == [len(first)]


def test_an_exception_of_the_callback_is_the_cause(path: Path) -> None:
    with open_body(make_form(path, on_progress=lambda *_: 1 / 0)) as body, pytest.raises(CallerError) as error:
        list(body)
    assert isinstance(error.value.__cause__, ZeroDivisionError)


def test_the_progress_of_a_picture_is_reported_only_when_it_has_been_sent() -> None:
    seen: list[tuple[int, int]] = []
    picture = make_form(bytes(2 * SMALL_BYTES), on_progress=lambda sent, total: seen.append((sent, total)))
    with open_body(picture) as body:
        blocks = iter(body.for_sending())
        assert next(blocks)
        assert seen == []
        assert list(blocks) == []
        assert seen == [(len(body), len(body))]


def test_a_small_body_is_sent_in_one_piece_and_a_large_one_in_blocks(path: Path) -> None:
    with open_body(make_form(b"small")) as small, open_body(make_form(path)) as large:
        assert isinstance(small.for_sending(), bytes)
        assert large.for_sending() is large
        assert max(len(block) for block in large) <= BLOCK_BYTES
