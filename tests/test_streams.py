"""Streams over files of the media library, with both clients, against local ImageKit and scripted servers."""

from __future__ import annotations

import asyncio
import csv
import gc
import io
import os
import shutil
import tracemalloc
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import responses

from imagekitio import (
    ImageKit,
    ImageKitException,
    NotFoundException,
    UnauthorizedException,
    UnknownException,
)
from imagekitio.flow.parts import FIRST_BYTES, MAX_BYTES

from .transports.faults import Connection, answer, run_server

if TYPE_CHECKING:
    from collections.abc import Callable

    from imagekitio.local import LocalImageKit

    from .transports.faults import Server

MIB = 1 << 20
CONTENT = os.urandom(3_000_000)


def serve_parts(content: bytes, *headers: str) -> Callable[[Connection], None]:
    """Return a reply that sends the requested range and keeps the connection open."""

    def reply(connection: Connection) -> None:
        first, _, last = connection.last_headers["range"].removeprefix("bytes=").partition("-")
        start, stop = int(first), min(int(last) + 1, len(content))
        found = f"Content-Range: bytes {start}-{stop - 1}/{len(content)}"
        head = answer(206, b"", found, *headers).replace(b"Length: 0", b"Length: %d" % (stop - start))
        connection.send(head)
        connection.sock.sendall(memoryview(content)[start:stop])

    return reply


def list_ranges(service: Server) -> list[str]:
    return [seen.headers["range"].removeprefix("bytes=") for seen in service.seen]


def test_a_file_is_read_from_its_start_to_its_end(ik: Any, server: LocalImageKit) -> None:
    file = ik.upload_file(CONTENT, "Grüße aus Köln.bin", use_unique_file_name=False)
    for source in (file, file.file_path, file.url):
        with ik.open_stream(source) as stream:
            assert (stream.size, stream.tell(), stream.closed) == (len(CONTENT), 0, False)
            assert stream.read(10) == CONTENT[:10]
            assert stream.read(300_000) == CONTENT[10:300_010]
            assert stream.read() == CONTENT[300_010:]
            assert stream.read() == stream.read(1) == b""
            assert stream.tell() == len(CONTENT)
            assert stream.content_type == "application/octet-stream"
            assert stream.headers["etag"].startswith('"')
            assert stream.name == Path(file.file_path).name
        assert stream.closed
    assert {request.status for request in server.requests[1:]} == {206}
    assert len(server.requests) == 1 + 3 * 4  # 256 KiB, 512 KiB, 1 MiB, the rest


def test_reading_the_beginning_downloads_little_more(ik: Any) -> None:
    with run_server(serve_parts(CONTENT)) as service:
        with ik.open_stream(service.url + "/a.bin") as stream:
            assert stream.read(100) == CONTENT[:100]
        assert list_ranges(service) == [f"0-{FIRST_BYTES - 1}"]
        (seen,) = service.seen
        assert "authorization" not in seen.headers
        assert seen.headers["accept-encoding"] == "identity"


def test_skipped_parts_are_not_downloaded(ik: Any) -> None:
    content = os.urandom(2 * MIB)
    with run_server(serve_parts(content, 'ETag: "one"')) as service:
        with ik.open_stream(service.url + "/a.bin") as stream:
            assert stream.seek(MIB) == MIB
            assert stream.read(10) == content[MIB : MIB + 10]
            assert stream.seek(-10, os.SEEK_END) == len(content) - 10
            assert stream.read() == content[-10:]
            assert stream.seek(-100, os.SEEK_CUR) == len(content) - 100
            assert stream.read(5) == content[-100:-95]
            stream.seek(10 * MIB)
            assert (stream.tell(), stream.read(5)) == (10 * MIB, b"")
            with pytest.raises(ValueError, match="position"):
                stream.seek(-1)
            with pytest.raises(ValueError, match="whence"):
                stream.seek(0, 9)
        tail = f"{len(content) - FIRST_BYTES}-{len(content) - 1}"
        assert list_ranges(service) == [f"0-{FIRST_BYTES - 1}", f"{MIB}-{MIB + FIRST_BYTES - 1}", tail]
        assert [seen.headers.get("if-range") for seen in service.seen] == [None, '"one"', '"one"']


def test_part_of_a_file_can_be_opened_as_a_stream(ik: Any) -> None:
    file = ik.upload_file(CONTENT, "a.bin")
    for start, length in ((1000, 50), (1_000_000, None), (len(CONTENT) - 5, 100), (0, 700_000)):
        with ik.open_stream(file, start=start, length=length) as stream:
            expected = CONTENT[start : None if length is None else start + length]
            assert stream.size == len(expected)
            assert stream.read() == expected
            assert stream.seek(-3, os.SEEK_END) == len(expected) - 3
            assert stream.read() == expected[-3:]


def test_a_stream_that_starts_past_the_end_is_empty(ik: Any) -> None:
    file = ik.upload_file(b"content", "a.txt")
    for start in (7, 1000):
        with ik.open_stream(file, start=start) as stream:
            assert (stream.size, stream.read()) == (0, b"")


@pytest.mark.parametrize("reply", [answer(416, b"no", "Content-Range: bytes */0"), answer(200)])
def test_an_empty_file_is_an_empty_stream(ik: Any, reply: bytes) -> None:
    with run_server(reply) as service, ik.open_stream(service.url + "/a.bin") as stream:
        assert (stream.size, stream.read(), stream.read(1)) == (0, b"", b"")


def test_a_missing_file_is_an_error_when_the_stream_is_opened(ik: Any) -> None:
    with pytest.raises(NotFoundException):
        ik.open_stream("/missing.txt")


@pytest.mark.parametrize("wrong", [{"start": -1}, {"start": "0"}, {"length": 0}, {"length": 1.5}, {"widht": 3}])
def test_invalid_arguments_are_refused_before_anything_is_sent(
    ik: Any, server: LocalImageKit, wrong: dict[str, Any]
) -> None:
    with pytest.raises((TypeError, ValueError)):
        ik.open_stream("/a.txt", **wrong)
    with pytest.raises(TypeError, match="a download must be a path or URL"):
        ik.open_stream(None)
    assert server.requests == []


def test_a_private_file_can_be_read_until_its_signature_expires(ik: Any, server: LocalImageKit) -> None:
    file = ik.upload_file(CONTENT, "a.bin", is_private_file=True)
    with ik.open_stream(file) as stream:
        assert stream.read() == CONTENT
    with ik.open_stream(file, signed=True, expire_seconds=60) as stream:
        assert stream.read(FIRST_BYTES) == CONTENT[:FIRST_BYTES]
        server.clock.advance(3600)
        with pytest.raises(UnauthorizedException):
            stream.read(FIRST_BYTES)
    with pytest.raises(UnauthorizedException):
        ik.open_stream(file, signed=False)


def test_a_transformation_is_read_like_a_file(ik: Any, tmp_path: Path) -> None:
    picture = Path(__file__).parents[1] / "sample/pictures/cat.jpg"
    ik.upload_file(picture, "cat.jpg", use_unique_file_name=False)
    small = ik.download("/cat.jpg", tmp_path / "small", transformation=[{"width": 20, "format": "png"}]).read_bytes()
    with ik.open_stream("/cat.jpg", transformation=[{"width": 20, "format": "png"}]) as stream:
        assert stream.content_type == "image/png"
        assert stream.read() == small
    with ik.open_stream("/cat.jpg") as stream:
        assert stream.read() == picture.read_bytes()


@pytest.mark.parametrize(
    "fault", [{"truncate": True}, {"reset": True}, {"status": 503}, {"reset": True, "when": "after"}]
)
def test_an_interrupted_part_is_requested_again(ik: Any, server: LocalImageKit, fault: dict[str, Any]) -> None:
    file = ik.upload_file(CONTENT, "a.bin")
    with ik.open_stream(file) as stream:
        assert stream.read(FIRST_BYTES) == CONTENT[:FIRST_BYTES]
        server.faults.add(operation="delivery", times=3, **fault)
        assert stream.read() == CONTENT[FIRST_BYTES:]


def test_a_part_resumes_where_it_broke_off(ik: Any) -> None:
    def half(connection: Connection) -> None:
        whole = answer(206, CONTENT[:FIRST_BYTES], f"Content-Range: bytes 0-{FIRST_BYTES - 1}/3000000", 'ETag: "one"')
        connection.send(whole[:-100])

    with run_server(half, serve_parts(CONTENT, 'ETag: "one"')) as service:
        with ik.open_stream(service.url + "/a.bin") as stream:
            assert stream.read(FIRST_BYTES) == CONTENT[:FIRST_BYTES]
        first, second = service.seen
        assert "if-range" not in first.headers
        assert second.headers["if-range"] == '"one"'
        start, _, last = second.headers["range"].removeprefix("bytes=").partition("-")
        assert 0 < int(start) < FIRST_BYTES
        assert int(last) == FIRST_BYTES - 1


def test_a_stream_can_be_read_further_after_a_failure(ik: Any, server: LocalImageKit) -> None:
    file = ik.upload_file(CONTENT, "a.bin")
    with ik.open_stream(file) as stream:
        stream.seek(FIRST_BYTES)
        server.faults.add(operation="delivery", status=400)
        with pytest.raises(ImageKitException):
            stream.read(10)
        stream.seek(FIRST_BYTES)
        assert stream.read(10) == CONTENT[FIRST_BYTES : FIRST_BYTES + 10]


@pytest.mark.parametrize("size", [len(CONTENT), len(CONTENT) + 1, 10])
def test_a_file_that_is_replaced_while_it_is_read_is_an_error(ik: Any, size: int) -> None:
    file = ik.upload_file(CONTENT, "a.bin", use_unique_file_name=False)
    with ik.open_stream(file.file_path) as stream:
        ik.upload_file(os.urandom(size), "a.bin", use_unique_file_name=False)
        assert stream.read(FIRST_BYTES) == CONTENT[:FIRST_BYTES]
        with pytest.raises(UnknownException, match="was replaced while it was read; open it again"):
            stream.read(1)


def test_a_service_that_ignores_ranges_gets_one_request(ik: Any) -> None:
    content = os.urandom(MAX_BYTES + MIB)  # more than is kept in memory
    with run_server(answer(200, content)) as service:
        with ik.open_stream(service.url + "/a.bin") as stream:
            assert stream.size == len(content)
            assert stream.read(10) == content[:10]
            stream.seek(-10, os.SEEK_END)
            assert stream.read() == content[-10:]
            stream.seek(0)
            assert stream.read() == content
        with ik.open_stream(service.url + "/a.bin", start=5, length=10) as stream:
            assert (stream.size, stream.read()) == (10, content[5:15])
        assert service.has_seen(2)


def test_test_doubles_need_no_ranges() -> None:
    with responses.RequestsMock() as double, ImageKit("public", "private", "https://ik.example.com/acme") as client:
        double.get("https://ik.example.com/acme/tr:orig-true/a.txt", b"content")
        with client.open_stream("/a.txt", start=3) as stream:
            assert (stream.read(), stream.size) == (b"tent", 4)


@pytest.mark.slow
def test_memory_does_not_grow_with_the_size_of_the_file(ik: Any) -> None:
    content = os.urandom(MIB) * 50
    with run_server(serve_parts(content)) as service, ik.open_stream(service.url + "/a.bin") as stream:
        gc.collect()
        tracemalloc.start()
        try:
            position = 0
            while block := stream.read(100_000):
                assert content[position : position + len(block)] == block
                position += len(block)
            _, peak_bytes = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert position == len(content)
        assert len(service.seen) < 20
    assert peak_bytes < 3 * MAX_BYTES


def test_a_closed_stream_cannot_be_read(ik: Any) -> None:
    file = ik.upload_file(b"content", "a.txt")
    with ik.open_stream(file) as stream:
        pass
    for read in (stream.read, lambda: stream.seek(0)):
        with pytest.raises(ValueError, match="closed"):
            read()


def test_a_stream_shows_its_name_and_size(ik: Any) -> None:
    file = ik.upload_file(b"content", "a.txt", use_unique_file_name=False)
    with ik.open_stream(file) as stream:
        assert repr(stream if isinstance(stream, io.IOBase) else stream._inside).endswith(
            "FileStream 'a.txt', 7 bytes>"
        )


# What only the stream of `ImageKit` does


def test_a_stream_is_a_binary_file(threads: ImageKit) -> None:
    text = "".join(f"{number},Grüße {number}\r\n" for number in range(50_000))
    file = threads.upload_file(text.encode(), "a.csv", use_unique_file_name=False)
    with threads.open_stream(file) as stream:
        assert isinstance(stream, io.BufferedIOBase)
        assert (stream.readable(), stream.seekable(), stream.writable(), stream.name) == (True, True, False, "a.csv")
        assert b"".join(stream) == text.encode()
        stream.seek(0)
        assert list(csv.reader(io.TextIOWrapper(stream, newline="")))[7] == ["7", "Grüße 7"]
    copy = io.BytesIO()
    with threads.open_stream(file) as stream:
        shutil.copyfileobj(stream, copy)
    assert copy.getvalue() == text.encode()
    with threads.open_stream(file) as stream:
        buffer = bytearray(600_000)
        assert stream.readinto(buffer) == 600_000
        assert buffer == text.encode()[:600_000]
        with pytest.raises(io.UnsupportedOperation):
            stream.write(b"x")


def test_a_member_of_a_large_archive_takes_few_requests(threads: ImageKit) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as writing:
        for number in range(20):
            writing.writestr(f"{number}.bin", os.urandom(MIB))
        writing.writestr("readme.txt", "hello")
    with run_server(serve_parts(archive.getvalue(), 'ETag: "one"')) as service:
        with threads.open_stream(service.url + "/a.zip") as stream, zipfile.ZipFile(stream) as reading:
            assert len(reading.namelist()) == 21
            assert reading.read("readme.txt") == b"hello"
            assert len(service.seen) == 2  # the first block, and the last one
            reading.read("7.bin")
        assert len(service.seen) < 8


# What only the stream of `AsyncImageKit` does


def test_an_asynchronous_stream_opens_when_it_is_awaited_entered_or_read(server: LocalImageKit) -> None:
    async def main() -> None:
        async with server.async_client() as client:
            file = await client.upload_file(CONTENT, "a.bin")
            count = len(server.requests)
            stream = client.open_stream(file)
            assert repr(stream) == f"<AsyncFileStream {file.name!r}, not open yet>"
            with pytest.raises(ValueError, match="not open yet"):
                print(stream.size)
            assert len(server.requests) == count
            assert await stream is stream
            async with stream as same:
                assert same is stream
            assert len(server.requests) == count + 1
            blocks = [block async for block in client.open_stream(file)]
            assert b"".join(blocks) == CONTENT
            assert max(map(len, blocks)) == FIRST_BYTES
            assert await client.open_stream(file).seek(-5, os.SEEK_END) == len(CONTENT) - 5
            assert await client.open_stream(file).read(None) == CONTENT

    asyncio.run(main())


def test_tasks_that_read_from_one_stream_take_turns(server: LocalImageKit) -> None:
    async def main() -> None:
        async with server.async_client() as client:
            file = await client.upload_file(CONTENT, "a.bin")
            async with client.open_stream(file) as stream:
                blocks = await asyncio.gather(*(stream.read(100_000) for _ in range(30)))
        assert b"".join(blocks) == CONTENT

    asyncio.run(main())


@pytest.mark.slow
def test_a_stream_can_be_read_after_a_cancelled_read(server: LocalImageKit) -> None:
    async def main() -> None:
        async with server.async_client() as client:
            file = await client.upload_file(CONTENT, "a.bin")
            async with client.open_stream(file) as stream:
                await stream.seek(FIRST_BYTES)
                fault = server.faults.add(delay=30, operation="delivery")
                reading = asyncio.create_task(stream.read(5))
                while not fault.hits:
                    await asyncio.sleep(0.001)
                reading.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await reading
                assert await stream.read(5) == CONTENT[FIRST_BYTES : FIRST_BYTES + 5]

    asyncio.run(asyncio.wait_for(main(), 20))
