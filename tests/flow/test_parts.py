"""Which parts of a file a stream requests, tested with literals; tests/test_streams.py reads with both clients."""

from __future__ import annotations

from typing import Any

import pytest

from imagekitio.exceptions import NetworkException, NotFoundException, UnknownException
from imagekitio.flow.parts import FIRST_BYTES, MAX_BYTES, Part, Parts
from imagekitio.flow.resuming import read_delivery
from imagekitio.models.response_metadata import Headers
from imagekitio.operations.core import Response

WHAT = "GET https://ik.example.com/a.zip"
MIB = 1 << 20
OPERATION = read_delivery("https://ik.example.com/a.zip").operation


def read_range(part: Part) -> str:
    return part.request_headers()["Range"].removeprefix("bytes=")


def make_headers(start: int, last: int, size: int, **headers: str) -> Headers:
    more = {name.replace("_", "-"): value for name, value in headers.items()}
    return Headers({"Content-Range": f"bytes {start}-{last}/{size}", **more})


def receive(parts: Parts, position: int, size: int) -> str:
    """Receive the part at a position of a file of this size, and return the requested range."""
    part = parts.part_at(position)
    start, last = map(int, read_range(part).split("-"))
    stop = min(last + 1, size)
    part.begin(206, make_headers(start, stop - 1, size, ETag='"one"'))
    part.add(stop - start)
    part.end()
    assert position in parts.note(part)
    return f"{start}-{last}"


def begin_part(**headers: str) -> Part:
    """Return the part from 0 to 10 of a file, with 3 bytes received."""
    part = Part(WHAT, 0, 10, None, None)
    part.begin(206, make_headers(0, 9, 100, **headers))
    part.add(3)
    return part


def test_parts_grow_while_a_file_is_read_in_order() -> None:
    parts, size, position = Parts(WHAT), 20 * MIB, 0
    lengths: list[int] = []
    while position < size:
        start, last = map(int, receive(parts, position, size).split("-"))
        assert start == position
        position = min(last + 1, size)
        lengths.append(position - start)
    assert parts.size == size
    assert lengths[:6] == [FIRST_BYTES, MIB // 2, MIB, 2 * MIB, MAX_BYTES, MAX_BYTES]
    assert sum(lengths) == size


def test_after_a_seek_a_small_part_is_requested_and_near_the_end_the_last_bytes() -> None:
    parts, size = Parts(WHAT), 20 * MIB
    receive(parts, 0, size)
    receive(parts, FIRST_BYTES, size)
    assert receive(parts, 7 * MIB, size) == f"{7 * MIB}-{7 * MIB + FIRST_BYTES - 1}"
    assert receive(parts, size - 22, size) == f"{size - FIRST_BYTES}-{size - 1}"


def test_nothing_outside_the_stream_is_requested() -> None:
    parts = Parts(WHAT, 1000, 50)
    assert receive(parts, 0, 20 * MIB) == "1000-1049"
    assert parts.size == 50
    assert receive(parts, 40, 20 * MIB) == "1000-1049"
    short = Parts(WHAT, 1000, 50)
    assert receive(short, 0, 1020) == "1000-1049"
    assert short.size == 20


def test_the_next_part_is_requested_only_if_the_file_is_still_the_same() -> None:
    parts = Parts(WHAT)
    assert "If-Range" not in parts.part_at(0).request_headers()
    receive(parts, 0, 20 * MIB)
    assert parts.part_at(FIRST_BYTES).request_headers()["If-Range"] == '"one"'


def test_the_next_attempt_requests_the_rest() -> None:
    part = begin_part(ETag='"one"')
    with pytest.raises(NetworkException, match="ended at byte 3 instead of 10"):
        part.end()
    assert read_range(part) == "3-9"
    assert part.request_headers()["If-Range"] == '"one"'
    part.begin(206, make_headers(3, 9, 100))
    part.add(7)
    part.end()


def test_a_weak_validator_is_compared_but_is_not_sent_as_a_condition() -> None:
    part = begin_part(ETag='W/"one"')
    assert "If-Range" not in part.request_headers()
    part.begin(206, make_headers(3, 9, 100, ETag='W/"one"'))
    with pytest.raises(UnknownException, match="replaced while it was read"):
        part.begin(206, make_headers(3, 9, 100, ETag='W/"two"'))


@pytest.mark.parametrize(
    ("before", "status", "after"),
    [
        ({"ETag": '"one"'}, 206, make_headers(3, 9, 100, ETag='"two"')),
        ({"ETag": '"one"'}, 206, make_headers(3, 9, 101, ETag='"one"')),
        ({"ETag": '"one"'}, 200, Headers({"ETag": '"two"', "Content-Length": "100"})),
        ({"ETag": '"one"'}, 200, Headers({"Content-Length": "100"})),
        ({"Last_Modified": "Mon"}, 206, make_headers(3, 9, 100, Last_Modified="Tue")),
        ({}, 206, make_headers(3, 9, 101)),
        ({}, 200, Headers({"Content-Length": "101"})),
    ],
)
def test_a_replaced_file_is_not_mixed_with_the_previous_one(
    before: dict[str, str], status: int, after: Headers
) -> None:
    with pytest.raises(UnknownException, match="was replaced while it was read; open it again"):
        begin_part(**before).begin(status, after)


def test_a_file_shorter_than_what_was_read_has_been_replaced() -> None:
    part = begin_part()
    with pytest.raises(UnknownException, match="was replaced while it was read"):
        part.operation(OPERATION).parse(Response(416, Headers({"Content-Range": "bytes */2"}), b""))


def test_a_service_that_answers_with_the_whole_file_is_not_asked_again() -> None:
    parts = Parts(WHAT, 3, 1000)
    part = parts.part_at(0)
    part.begin(200, Headers({"Content-Length": "10", "ETag": '"one"'}))
    assert part.take(b"01234") == b"34"
    part.add(2)
    with pytest.raises(NetworkException, match="ended at byte 5 instead of 10"):
        part.end()
    assert read_range(part) == "5-1002"  # interrupted, so all of the rest
    part.begin(200, Headers({"Content-Length": "10", "ETag": '"one"'}))
    assert [part.take(b"012"), part.take(b"3456789")] == [b"", b"56789"]
    part.add(5)
    part.end()
    assert parts.note(part) == range(7)
    assert parts.size == 7


def test_no_more_of_the_whole_file_is_taken_than_the_stream_contains() -> None:
    parts = Parts(WHAT, 3, 4)
    part = parts.part_at(0)
    part.begin(200, Headers({}))  # without a length
    assert part.take(b"0123456789") == b"3456"
    part.add(4)
    assert part.take(b"more") is None
    part.end()
    assert (parts.note(part), parts.size) == (range(4), 4)


def test_a_stream_that_starts_past_the_end_is_empty() -> None:
    for answer in (Headers({"Content-Range": "bytes */10"}), Headers({})):
        parts = Parts(WHAT, 10)
        part = parts.part_at(0)
        part.operation(OPERATION).parse(Response(416, answer, b""))
        assert (parts.note(part), parts.size) == (range(0), 0)
    parts = Parts(WHAT, 20)
    part = parts.part_at(0)
    part.begin(200, Headers({"Content-Length": "10"}))
    assert part.take(b"0123456789") is None
    part.end()
    assert (parts.note(part), parts.size) == (range(0), 0)


@pytest.mark.parametrize(
    "found", ["bytes 1-9/100", "bytes 0-9/*", "bytes 0-9/5", "bytes 0-/9", "lines 0-9/100", "", "bytes 5-3/100"]
)
def test_a_part_other_than_the_one_requested_is_refused(found: str) -> None:
    with pytest.raises(UnknownException, match="different part of the file"):
        Part(WHAT, 0, 10, None, None).begin(206, Headers({"Content-Range": found}))


def test_a_compressed_file_and_an_unfinished_picture_are_refused() -> None:
    for headers, message in (
        ({"Content-Encoding": "gzip"}, "compressed"),
        ({"is-intermediate-response": "true"}, "still"),
    ):
        with pytest.raises(UnknownException, match=message):
            Part(WHAT, 0, 10, None, None).begin(206, make_headers(0, 9, 10, **headers))


def test_a_refusal_raises_its_own_exception() -> None:
    with pytest.raises(NotFoundException):
        Part(WHAT, 0, 10, None, None).operation(OPERATION).parse(Response(404, Headers({}), b""))


@pytest.mark.parametrize(
    ("wrong", "error", "message"),
    [
        ({"start": -1}, ValueError, r"start must be 0 or more \(got -1\)"),
        ({"length": 0}, ValueError, r"length must be 1 or more \(got 0\)"),
        ({"start": 1.0}, TypeError, "start must be a whole number of bytes"),
        ({"start": None}, TypeError, "start must be a whole number of bytes"),
        ({"length": True}, TypeError, "length must be a whole number of bytes"),
        ({"length": "5"}, TypeError, "length must be a whole number of bytes"),
    ],
)
def test_an_invalid_number_of_bytes_is_refused(wrong: dict[str, Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        Parts(WHAT, **wrong)
