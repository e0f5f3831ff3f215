"""The parts that a Range header asks for, and how they are sent."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from imagekitio.local.delivery.ranges import MAX_PARTS, content_response, requested_parts
from imagekitio.local.web.outgoing.connections import CHUNK_BYTES
from tests.leftovers import count_resources

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("header", "parts"),
    [
        ("bytes=0-0", [(0, 1)]),
        ("bytes=2-4", [(2, 5)]),
        ("BYTES=2-", [(2, 10)]),
        ("bytes=8-99", [(8, 10)]),
        ("bytes=-3", [(7, 10)]),
        ("bytes=-99", [(0, 10)]),
        ("bytes=0-1, 4-5 ,,\t-1", [(0, 2), (4, 6), (9, 10)]),
        ("bytes=7-8,0-1", [(7, 9), (0, 2)]),
        ("bytes=20-,0-1", [(0, 2)]),
    ],
)
def test_a_part_is_counted_from_the_start_or_from_the_end(header: str, parts: list[tuple[int, int]]) -> None:
    assert requested_parts(header, 10) == [range(*part) for part in parts]


@pytest.mark.parametrize("header", ["bytes=10-", "bytes=99-100", "bytes=-0", "bytes=10-,-0"])
def test_parts_beyond_the_end_are_left_out(header: str) -> None:
    assert requested_parts(header, 10) == []


@pytest.mark.parametrize(
    "header",
    [
        "",
        "bytes",
        "bytes=",
        "bytes=,",
        "bytes=-",
        "bytes=5-2",
        "bytes=0-1,5-2",
        "bytes=a-b",
        "bytes=1.5-2",
        "bytes=--1",
        "bytes=0-1-2",
        "bytes=\u0663-4",
        "bytes=0-" + "9" * 5_000,
        "bytes =0-1",
        "items=0-1",
        "abc",
        "bytes=" + "0-0," * (MAX_PARTS + 1),
        "bytes=0-,0-",
    ],
)
def test_a_header_that_is_malformed_or_asks_for_too_much_is_ignored(header: str) -> None:
    assert requested_parts(header, 10) is None


def test_a_file_truncated_while_it_is_sent_ends_the_response(tmp_path: Path) -> None:
    file = tmp_path / "a.bin"
    file.write_bytes(b"x")
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    size = 2 * CHUNK_BYTES
    response = content_response(file, size, None, media_type="image/png", headers={}, is_head=False)
    with pytest.raises(OSError, match=r"a\.bin was changed while it was sent") as caught:
        asyncio.run(response({"type": "http"}, None, send))  # type: ignore[arg-type]
    status = file.stat()
    assert (status.st_dev, status.st_ino) not in count_resources(), f"it is still open: {caught}"
    assert b"".join(message.get("body", b"") for message in sent) == b"x"
