"""What can be uploaded, and what is refused before anything is sent, with both clients against local ImageKit."""

from __future__ import annotations

import base64
import io
from datetime import date, datetime, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
import requests

from imagekitio.exceptions import EmptyFileError

if TYPE_CHECKING:
    from pathlib import Path

    from imagekitio import ImageKit
    from imagekitio.local import LocalImageKit

# The smallest picture that every reader accepts.
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def upload_and_read(ik: ImageKit, file: Any) -> bytes:
    with requests.Session() as session:
        return session.get(ik.upload_file(file, "a.bin").url).content


class LimitedStream(io.RawIOBase):
    """The body of a Flask request without a form, as Werkzeug passes it to a view.

    It ends after Content-Length bytes, and treats an empty read before that as a disconnected client.
    """

    def __init__(self, content: bytes) -> None:
        self._content, self._left = io.BytesIO(content), len(content)

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._content.tell()

    def readinto(self, buffer: Any) -> int:
        block = self._content.read(min(len(buffer), self._left))
        if not block and self._left:
            raise RuntimeError("400 Bad Request: the client has gone")
        self._left -= len(block)
        buffer[: len(block)] = block
        return len(block)

    def read(self, size: int = -1) -> bytes:
        if size == 0:
            raise RuntimeError("400 Bad Request: the client has gone")
        return super().read(size) or b""


@pytest.mark.parametrize("size", [7, 3_000_000])
def test_the_body_of_a_flask_request_is_stored(ik: ImageKit, size: int) -> None:
    content = bytes(range(1, 251)) * (size // 250 + 1)
    assert upload_and_read(ik, LimitedStream(content[:size])) == content[:size]


def test_an_empty_request_body_is_an_empty_file_error(server: LocalImageKit, ik: ImageKit) -> None:
    with pytest.raises(EmptyFileError, match="file is empty"):
        ik.upload_file(LimitedStream(b""), "a.bin")
    assert server.requests == []


def test_a_stream_that_returns_text_is_a_type_error(server: LocalImageKit, ik: ImageKit) -> None:
    class Text:
        def read(self, size: int = -1) -> str:
            return "text"

    stream: Any = Text()
    with pytest.raises(TypeError, match=r"binary mode; its read\(\) must return bytes .got str"):
        ik.upload_file(stream, "a.txt")
    assert server.requests == []


@pytest.mark.parametrize(
    "file",
    [
        PNG,
        base64.b64encode(PNG),
        base64.urlsafe_b64encode(PNG),
        base64.encodebytes(PNG),
        base64.b64encode(PNG).rstrip(b"="),
        b"data:image/png;base64," + base64.b64encode(PNG),
        base64.b64encode(PNG).decode(),
        base64.encodebytes(PNG).decode(),
        base64.b64encode(PNG).decode().rstrip("="),
        "data:image/png;base64," + base64.b64encode(PNG).decode(),
        io.BytesIO(PNG),
    ],
)
def test_a_picture_is_stored_in_whatever_form_it_is_given(ik: ImageKit, file: Any) -> None:
    if isinstance(file, io.BytesIO):
        file.seek(0)
    result = ik.upload_file(file, "a.png")
    assert (result.file_type, result.width, result.size) == ("image", 1, len(PNG))


def test_base64_in_a_file_object_is_stored_as_it_is(ik: ImageKit) -> None:
    assert upload_and_read(ik, io.BytesIO(base64.b64encode(PNG))) == base64.b64encode(PNG)


def test_a_path_given_as_a_str_is_refused_before_anything_is_sent(
    server: LocalImageKit, ik: ImageKit, tmp_path: Path
) -> None:
    path = tmp_path / "shoe.png"
    path.write_bytes(PNG)
    for text in ("shoe.jpg", str(path), path.as_uri(), "my-shoe_"):
        with pytest.raises(TypeError, match=r"^file must be a URL .* pass Path\("):
            ik.upload_file(text, "shoe.png")
    path.write_bytes(b"")
    with pytest.raises(EmptyFileError, match=r"shoe\.png"):
        ik.upload_file(path, "shoe.png")
    with pytest.raises(ValueError, match=r"io\.BytesIO\(file\)"):
        ik.upload_file(base64.b64encode(b"a,b\n1,2\n"), "a.csv")
    assert server.requests == []


def test_coordinates_can_be_given_as_numbers(ik: ImageKit) -> None:
    file = ik.upload_file(PNG, "a.png", custom_coordinates=(0, 0, 1, 1), response_fields=["custom_coordinates"])
    assert file.custom_coordinates == "0,0,1,1"
    assert ik.update_file_details(file.file_id, custom_coordinates=[0, 0, 2, 2]).custom_coordinates == "0,0,2,2"


def test_dates_and_decimals_can_be_values_of_custom_metadata(server: LocalImageKit, ik: ImageKit) -> None:
    ik.create_custom_metadata_fields(name="day", label="Day", schema={"type": "Date", "min_value": date(2020, 1, 1)})
    ik.create_custom_metadata_fields(name="price", label="Price", schema={"type": "Number", "min_value": Decimal(1)})
    moment = datetime(2024, 3, 5, 7, 8, 9, tzinfo=timezone.utc)
    values = {"day": moment, "price": Decimal("59.90")}
    file = ik.upload_file(PNG, "a.png", custom_metadata=values, response_fields=["custom_metadata"])
    assert file.custom_metadata == {"day": "2024-03-05T07:08:09+00:00", "price": 59.9}
    changed = ik.update_file_details(file.file_id, custom_metadata={"day": date(2024, 3, 6), "price": Decimal(60)})
    assert changed.custom_metadata == {"day": "2024-03-06", "price": 60}
    sent = len(server.requests)
    for wrong in (UUID(int=7), float("nan"), datetime(2024, 3, 5)):
        with pytest.raises((TypeError, ValueError), match=r"^custom_metadata\['price'\] must"):
            ik.update_file_details(file.file_id, custom_metadata={"price": wrong})
        with pytest.raises((TypeError, ValueError), match=r"^custom_metadata\['price'\] must"):
            ik.upload_file(PNG, "a.png", custom_metadata={"price": wrong})
    assert len(server.requests) == sent


@pytest.mark.parametrize("make", [bytes, io.BytesIO])
def test_a_tuple_of_name_content_and_type_is_stored_under_the_name_of_the_upload(ik: ImageKit, make: Any) -> None:
    found = ik.upload_file(("x.jpg", make(PNG), "image/jpeg"), "a.png", use_unique_file_name=False)
    assert (found.name, found.file_type, found.width) == ("a.png", "image", 1)
    assert upload_and_read(ik, ("x.jpg", make(PNG))) == PNG
