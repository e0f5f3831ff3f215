"""Reading form data as it arrives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_multipart.multipart import MultipartParser
from urllib3 import encode_multipart_formdata

from imagekitio.local.base.errors import ApiError
from imagekitio.local.storage.contents import Contents
from imagekitio.local.uploads.form import MAX_FORM_BYTES, MAX_PARTS, Form, read_form
from tests.local.disks import fill_disk

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


def _read(
    folder: Path, body: bytes, content_type: str, *, chunk: int = 1 << 16, max_bytes: int = 1 << 20
) -> tuple[Form, bytes]:
    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(body), chunk):
            yield body[start : start + chunk]

    with Contents(folder).incoming() as incoming:

        async def read() -> Form:
            return await read_form(content_type, chunks(), incoming, max_bytes=max_bytes)

        form = anyio.run(read)
        incoming.write(form.tail)
        assert incoming.size == incoming.path.stat().st_size
        return form, incoming.path.read_bytes()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None)
@given(st.binary(max_size=300), st.text(max_size=30), st.integers(1, 400))
def test_a_form_is_read_the_same_whatever_its_chunks(tmp_path: Path, content: bytes, text: str, chunk: int) -> None:
    text = text.encode("utf-8", "ignore").decode()
    body, content_type = encode_multipart_formdata({"tags": text, "file": ("a.bin", content), "fileName": "ü.jpg"})
    form, stored = _read(tmp_path, body, content_type, chunk=chunk)
    assert form.fields == {"tags": text, "fileName": "ü.jpg"}
    assert (form.has_file, form.file_is_binary, form.file_is_cut) == (True, True, False)
    assert stored == content


@pytest.mark.parametrize(
    ("part", "is_binary"),
    [
        (b'form-data; name="file"', False),
        (b'form-data; name="file"; filename="a.jpg"', True),
        (b'form-data; name="file"; filename=""', True),
        (b"form-data; name=\"file\"; filename*=UTF-8''a.jpg", True),
        (b'form-data; name="file"; filename*0="a"; filename*1=".jpg"', True),
        (b"form-data; filename*=UTF-8''a.jpg; name*=UTF-8''file", True),
        (b'form-data; filename="a\\\\"; name="file"', True),
        (b'form-data; filename="\\"; name=\\"b"; name="file"', True),
        (b"form-data; name=file", False),
        (b'form-data; name="\\file"', False),
        (b'form-data; name="file"; size=3', False),
        (b'form-data; name="file"\r\nContent-Type: text/plain', False),
        (b'form-data; name="file"\r\nContent-Type: TEXT/PLAIN; charset="utf-8"', False),
        (b'form-data; name="file"\r\nContent-Type: image/jpeg', True),
    ],
)
def test_a_file_is_binary_by_its_name_or_its_type(tmp_path: Path, part: bytes, is_binary: bool) -> None:
    body = b"--x\r\nContent-Disposition: " + part + b"\r\n\r\nabc\r\n--x--\r\n"
    form, stored = _read(tmp_path, body, "multipart/form-data; boundary=x")
    assert form.file_is_binary is is_binary
    assert stored == b"abc"


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ("", ""),
        ('; filename=""', ""),
        ('; filename="été 日本.jpg"', "été 日本.jpg"),
        ("; filename*=UTF-8''%C3%A9t%C3%A9.jpg", "été.jpg"),
        ('; filename="a\\"b;c.jpg"', 'a"b;c.jpg'),
    ],
)
def test_a_file_has_the_name_in_its_part(tmp_path: Path, options: str, name: str) -> None:
    body = f'--x\r\nContent-Disposition: form-data; name="file"{options}\r\n\r\nabc\r\n--x--\r\n'
    form, _ = _read(tmp_path, body.encode(), "multipart/form-data; boundary=x")
    assert form.file_name == name


def test_a_boundary_may_contain_dashes(tmp_path: Path) -> None:
    body = b'-----------\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n-------------\r\n'
    form, _ = _read(tmp_path, body, 'multipart/form-data; boundary="---------"')
    assert form.fields == {"a": "1"}


def test_the_last_value_of_a_repeated_field_wins(tmp_path: Path) -> None:
    body, content_type = encode_multipart_formdata([("tags", "a"), ("tags", "b")])
    assert _read(tmp_path, body, content_type)[0].fields == {"tags": "b"}


def test_a_file_over_the_limit_is_read_to_its_end_but_not_stored(tmp_path: Path) -> None:
    body, content_type = encode_multipart_formdata([("file", ("a", b"x" * 5000)), ("fileName", "after.txt")])
    form, stored = _read(tmp_path, body, content_type, chunk=64, max_bytes=100)
    assert form.file_is_cut
    assert form.fields == {"fileName": "after.txt"}
    assert stored == b"x" * 100


def _read_refusal(folder: Path, body: bytes) -> ApiError:
    with pytest.raises(ApiError) as caught:
        _read(folder, body, "multipart/form-data; boundary=x")
    return caught.value


HEAD = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n'
FILE_HEAD = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
END = b"\r\n--x--\r\n"


def test_a_form_may_have_a_megabyte_in_addition_to_its_file(tmp_path: Path) -> None:
    whole = HEAD.ljust(MAX_FORM_BYTES - len(FILE_HEAD) - len(b"\r\n" + END), b"a") + b"\r\n" + FILE_HEAD
    form, stored = _read(tmp_path, whole + b"content" + END, "multipart/form-data; boundary=x")
    assert len(form.fields["a"]) > MAX_FORM_BYTES - 200
    assert stored == b"content"
    assert _read_refusal(tmp_path, b"\r\n" + whole + b"content" + END).status == 413


@pytest.mark.parametrize(
    "body",
    [
        HEAD + b"a" * MAX_FORM_BYTES + END,
        (b"--x\r\nContent-Disposition: form-data; name=" + b"a" * 4000 + b"\r\n\r\n\r\n") * 300 + END,
        (b"--x\r\nX: y\r\nX:" + b" " * 4000 + b"\r\n\r\n\r\n") * 300 + END,
        b"\r\n" * MAX_FORM_BYTES + HEAD + END,
        HEAD + END + b"a" * MAX_FORM_BYTES,
    ],
    ids=["field", "names", "blanks", "before", "after"],
)
def test_a_larger_form_is_refused(tmp_path: Path, body: bytes) -> None:
    refusal = _read_refusal(tmp_path, body)
    assert refusal.status == 413
    assert f"at most {MAX_FORM_BYTES} bytes" in refusal.message


@pytest.mark.parametrize(
    "part",
    [b"--x\r\n\r\n\r\n", HEAD + b"\r\n", b'--x\r\nContent-Disposition: form-data; name=""\r\n\r\n\r\n'],
    ids=["empty", "named", "nameless"],
)
@pytest.mark.parametrize("chunk", [1, 7, 1 << 16])
def test_a_form_with_too_many_parts_is_refused_even_if_they_are_empty(tmp_path: Path, part: bytes, chunk: int) -> None:
    content_type = "multipart/form-data; boundary=x"
    form, _ = _read(tmp_path, part * MAX_PARTS + b"--x--\r\n", content_type, chunk=chunk)
    assert set(form.fields.values()) == {""}
    with pytest.raises(ApiError, match=f"at most {MAX_PARTS} parts") as caught:
        _read(tmp_path, part * (MAX_PARTS + 1) + b"--x--\r\n", content_type, chunk=chunk)
    assert caught.value.status == 413


def test_a_file_full_of_beginnings_of_boundaries_is_refused(tmp_path: Path) -> None:
    # python-multipart inspects each of these bytes.
    assert _read_refusal(tmp_path, FILE_HEAD + b"\r\n--xy" * (MAX_PARTS + 1) + END).status == 413


def test_a_refused_form_is_not_parsed_to_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[int] = []
    write = MultipartParser.write

    def count_bytes(self: MultipartParser, data: bytes) -> int:
        parsed.append(len(data))
        return write(self, data)

    monkeypatch.setattr(MultipartParser, "write", count_bytes)
    for body in (b"--x\r\n\r\n\r\n" * 400_000, b"--x\r\nnonsense\r\n" * 250_000, b"\r\n" * 2_000_000):
        parsed.clear()
        _read_refusal(tmp_path, body)
        assert sum(parsed) <= MAX_FORM_BYTES + (1 << 16)


@pytest.mark.parametrize("start", [b"--x\r\n\r\n\r\n" * 2000, b"nonsense", b"\r\n" * MAX_FORM_BYTES])
def test_a_refused_body_is_read_to_its_end(tmp_path: Path, start: bytes) -> None:
    read: list[bytes] = []

    async def body() -> AsyncIterator[bytes]:
        for chunk in (start, b"more", b"last"):
            read.append(chunk)
            yield chunk

    with Contents(tmp_path).incoming() as incoming:

        async def read_and_fail() -> None:
            with pytest.raises(ApiError):
                await read_form("multipart/form-data; boundary=x", body(), incoming, max_bytes=100)

        anyio.run(read_and_fail)
    assert read[1:] == [b"more", b"last"]


def test_a_body_that_cannot_be_stored_is_read_to_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[bytes] = []

    async def body() -> AsyncIterator[bytes]:
        yield b'--x\r\ncontent-disposition: form-data; name="file"\r\n\r\n'
        for chunk in (bytes(1 << 18), b"more", b"last"):
            read.append(chunk)
            yield chunk

    with Contents(tmp_path).incoming() as incoming:
        monkeypatch.setattr(incoming, "write", fill_disk)

        async def read_and_fail() -> None:
            with pytest.raises(OSError, match="No space left on device"):
                await read_form("multipart/form-data; boundary=x", body(), incoming, max_bytes=1 << 20)

        anyio.run(read_and_fail)
    assert read[1:] == [b"more", b"last"]


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"--x\r\nContent-Dis", "multipart/form-data; boundary=x"),
        (b"nonsense", "multipart/form-data; boundary=x"),
        (b"", "multipart/form-data; boundary=x"),
        (b"--x--\r\n", "multipart/form-data"),
        (b"--x--\r\n", 'multipart/form-data; boundary=""'),
        (b"--" + b"x" * 300 + b"--\r\n", "multipart/form-data; boundary=" + "x" * 300),
        (b"--x\r\n\0: y\r\n\r\n--x--", "multipart/form-data; boundary=x"),
    ],
)
def test_a_malformed_body_is_refused(tmp_path: Path, body: bytes, content_type: str) -> None:
    with pytest.raises(ApiError) as caught:
        _read(tmp_path, body, content_type)
    assert caught.value.status == 400


def test_two_files_in_one_form_are_refused(tmp_path: Path) -> None:
    body, content_type = encode_multipart_formdata([("file", ("a", b"1")), ("file", ("b", b"2"))])
    with pytest.raises(ApiError, match="more than one part"):
        _read(tmp_path, body, content_type)


def test_a_body_of_another_type_is_an_empty_form(tmp_path: Path) -> None:
    assert _read(tmp_path, b"fileName=a.jpg", "application/x-www-form-urlencoded")[0] == Form()
