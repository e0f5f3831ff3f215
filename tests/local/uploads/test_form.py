"""Reading form data as it comes in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from urllib3 import encode_multipart_formdata

from imagekitio.local.base.errors import ApiError
from imagekitio.local.storage.contents import Contents
from imagekitio.local.uploads.form import MAX_FIELD_BYTES, Form, read_form

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
        incoming.flush()
        assert incoming.size == incoming.path.stat().st_size
        return form, incoming.path.read_bytes()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None)
@given(st.binary(max_size=300), st.text(max_size=30), st.integers(1, 400))
def test_a_form_reads_the_same_however_it_is_cut(tmp_path: Path, content: bytes, text: str, chunk: int) -> None:
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
        (b'form-data; name="file"\r\nContent-Type: text/plain', False),
        (b'form-data; name="file"\r\nContent-Type: image/jpeg', True),
    ],
)
def test_a_file_is_binary_by_its_name_or_its_type(tmp_path: Path, part: bytes, is_binary: bool) -> None:
    body = b"--x\r\nContent-Disposition: " + part + b"\r\n\r\nabc\r\n--x--\r\n"
    form, stored = _read(tmp_path, body, "multipart/form-data; boundary=x")
    assert form.file_is_binary is is_binary
    assert stored == b"abc"


def test_a_boundary_may_have_dashes_of_its_own(tmp_path: Path) -> None:
    body = b'-----------\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n-------------\r\n'
    form, _ = _read(tmp_path, body, 'multipart/form-data; boundary="---------"')
    assert form.fields == {"a": "1"}


def test_of_a_repeated_field_the_last_wins(tmp_path: Path) -> None:
    body, content_type = encode_multipart_formdata([("tags", "a"), ("tags", "b")])
    assert _read(tmp_path, body, content_type)[0].fields == {"tags": "b"}


def test_a_file_over_the_limit_is_read_to_its_end_but_not_stored(tmp_path: Path) -> None:
    body, content_type = encode_multipart_formdata([("file", ("a", b"x" * 5000)), ("fileName", "after.txt")])
    form, stored = _read(tmp_path, body, content_type, chunk=64, max_bytes=100)
    assert form.file_is_cut
    assert form.fields == {"fileName": "after.txt"}
    assert stored == b"x" * 100


def test_fields_that_are_too_long_are_refused(tmp_path: Path) -> None:
    body, content_type = encode_multipart_formdata({"tags": "x" * (MAX_FIELD_BYTES + 1)})
    with pytest.raises(ApiError) as caught:
        _read(tmp_path, body, content_type)
    assert caught.value.status == 413


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"--x\r\nContent-Dis", "multipart/form-data; boundary=x"),
        (b"nonsense", "multipart/form-data; boundary=x"),
        (b"", "multipart/form-data; boundary=x"),
        (b"--x--\r\n", "multipart/form-data"),
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
