"""Downloads, one and many, against local ImageKit."""

from __future__ import annotations

import asyncio
import io
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import requests
import responses

from imagekitio import ImageKit, NotFoundException, UnauthorizedException, UnknownException
from imagekitio.local import LocalImageKit

from ..transports.faults import answer, run_server
from .files import upload

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..transports.faults import Connection


def test_downloads_keep_their_folders_and_contents(ik: ImageKit, tmp_path: Path) -> None:
    expected = upload(ik, 20, folder="/a/b")
    outcomes = list(ik.download_many(ik.iter_files(), tmp_path))
    assert {done.error for done in outcomes} == {None}
    found = {f"/{path.relative_to(tmp_path).as_posix()}": path.read_bytes() for path in tmp_path.rglob("*.*")}
    assert found == expected
    assert {done.result for done in outcomes} == {tmp_path / path[1:] for path in expected}


def test_the_second_of_two_downloads_to_the_same_path_is_refused(ik: ImageKit, tmp_path: Path) -> None:
    for folder in ("/a", "/b"):
        upload(ik, 1, folder=folder)
    urls = [ik.url(path=f"/{folder}/0.bin") for folder in ("a", "b", "a")]
    first, second, again = sorted(ik.download_many(urls, tmp_path), key=lambda done: done.error is not None)
    assert {first.item, second.item} == {urls[0]}
    assert (again.item, type(again.error)) == (urls[1], ValueError)
    assert "give a name, (source, name)" in str(again.error)
    found = ik.download_many([(url, f"{number}/0.bin") for number, url in enumerate(urls)], tmp_path)
    assert [done.error for done in found] == [None] * 3


def test_an_invalid_source_is_reported_and_the_rest_is_downloaded(ik: ImageKit, tmp_path: Path) -> None:
    upload(ik, 1)
    ik.create_folder(folder_name="shop", parent_folder_path="/")
    folder = ik.list_files(type="folder")[0]
    seen: list[tuple[int, int | None]] = []
    items: list[Any] = [None, "/0.bin", folder, 7]
    found = {
        repr(done.item): type(done.error)
        for done in ik.download_many(items, tmp_path, on_progress=lambda done, total: seen.append((done, total)))
    }
    assert found == dict(zip(map(repr, items), [TypeError, type(None), TypeError, TypeError], strict=True))
    assert seen[-1] == (4, 4)
    for wrong in (None, folder):
        with pytest.raises(TypeError, match="a download must be a path or URL"):
            ik.download(wrong, tmp_path)  # type: ignore[arg-type]


def test_the_result_of_a_private_upload_can_be_downloaded_although_it_does_not_say_that_it_is_private(
    ik: ImageKit, tmp_path: Path
) -> None:
    file = ik.upload_file(b"secret", "s.txt", is_private_file=True)
    assert "isPrivateFile" not in file.raw
    assert file.is_private_file is False
    assert ik.download(file, tmp_path / "s").read_bytes() == b"secret"


def test_downloads_are_signed_even_if_the_endpoint_ends_with_a_space(server: LocalImageKit, tmp_path: Path) -> None:
    with server.client() as plain:
        endpoint = plain.url_endpoint
        keys = (plain.public_key, server.private_key)
    with ImageKit(*keys, f"{endpoint}/ ", api_base_url=server.url, upload_base_url=server.url) as client:
        file = client.upload_file(b"secret", "s.txt", is_private_file=True)
        assert client.download(file, tmp_path / "s").read_bytes() == b"secret"


def test_a_private_file_is_downloaded_with_a_signature(ik: ImageKit, tmp_path: Path) -> None:
    file = ik.upload_file(b"secret", "s.txt", is_private_file=True, response_fields=["is_private_file"])
    assert ik.download(file, tmp_path / "s").read_bytes() == b"secret"
    with pytest.raises(UnauthorizedException):
        ik.download(file, tmp_path / "t", signed=False)
    assert [path.name for path in tmp_path.iterdir()] == ["s"]


def test_an_account_that_restricts_unsigned_urls_delivers_files_and_paths(tmp_path: Path) -> None:
    with LocalImageKit(restrict_unsigned=True) as server, server.client() as ik:
        file = ik.upload_file(b"hello", "a.txt", use_unique_file_name=False)
        assert ik.download(file, tmp_path / "a").read_bytes() == b"hello"
        assert ik.download("/a.txt", tmp_path / "b").read_bytes() == b"hello"
        assert ik.open_stream("/a.txt").read() == b"hello"
        [pulled] = ik.pull_folder("/", tmp_path / "pulled")
        assert pulled.error is None
        [compared] = ik.sync_folder(tmp_path / "pulled", "/", compare="content")
        assert compared.item.action == "keep"
        with pytest.raises(UnauthorizedException):
            ik.download(file, tmp_path / "c", signed=False)


@pytest.mark.parametrize("session", [None, requests.Session()])
@responses.activate
def test_a_download_sends_no_key_and_does_not_keep_an_unfinished_picture(
    session: requests.Session | None, tmp_path: Path
) -> None:
    ik = ImageKit("public_fake", "private_fake", "https://ik.example.com/acme", session=session)
    responses.get("https://ik.example.com/acme/a.jpg", b"abc")
    responses.get(
        "https://ik.example.com/acme/tr:orig-true/b.jpg", b"<p>wait", headers={"is-intermediate-response": "true"}
    )
    with ik:
        assert ik.download(ik.url(path="/a.jpg"), tmp_path).read_bytes() == b"abc"
        with pytest.raises(UnknownException, match="still creating this picture"):
            ik.download("/b.jpg", tmp_path)
    sent = responses.calls[0].request
    assert "Authorization" not in sent.headers
    assert sent.headers["Accept-Encoding"] == "identity"
    assert [path.name for path in tmp_path.iterdir()] == ["a.jpg"]


def test_a_transformation_is_downloaded_by_path_url_or_options(ik: ImageKit, tmp_path: Path) -> None:
    picture = Path(__file__).parents[2] / "sample/pictures/cat.jpg"
    file = ik.upload_file(picture, "cat.jpg", use_unique_file_name=False)
    width_20: Any = [{"width": 20}]
    small = [
        ik.download("/cat.jpg", tmp_path / "1", transformation=width_20),
        ik.download(ik.url(path="/cat.jpg", transformation=width_20), tmp_path / "2"),
        ik.download({"path": "/cat.jpg", "transformation": width_20}, tmp_path / "3"),
        ik.download(file, tmp_path / "4", transformation=width_20),
    ]
    assert len({path.read_bytes() for path in small}) == 1
    assert ik.download("/cat.jpg", tmp_path).read_bytes() == picture.read_bytes()
    assert (tmp_path / "cat.jpg").is_file()


def test_an_interrupted_download_resumes_where_it_stopped(ik: ImageKit, server: LocalImageKit, tmp_path: Path) -> None:
    data = os.urandom(3_000_000)  # more than the buffers hold, which are lost with the connection
    file = ik.upload_file(data, "large.bin")
    server.faults.add(truncate=True, operation="delivery")
    seen: list[tuple[int, int | None]] = []
    path = ik.download(file, tmp_path / "large", on_progress=lambda done, total: seen.append((done, total)))
    assert path.read_bytes() == data
    assert seen[-1] == (3_000_000, 3_000_000)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert server.requests[-1].status == 206


def test_a_file_object_is_written_from_its_current_position_and_stays_open(ik: ImageKit, tmp_path: Path) -> None:
    ik.upload_file(b"content", "a.txt", use_unique_file_name=False)
    memory = io.BytesIO(b"head:")
    memory.seek(5)
    ik.download("/a.txt", memory)
    memory.write(b":tail")
    assert memory.getvalue() == b"head:content:tail"
    seen: list[tuple[int, int | None]] = []
    with (tmp_path / "a").open("wb", buffering=0) as file:
        file.write(b"head:")
        ik.download("/a.txt", file, on_progress=lambda done, total: seen.append((done, total)))
        assert file.tell() == 12
    assert (tmp_path / "a").read_bytes() == b"head:content"
    assert seen == [(7, 7)]


def test_a_pipe_receives_a_file_larger_than_its_capacity(ik: ImageKit) -> None:
    data = os.urandom(1_000_000)
    file = ik.upload_file(data, "large.bin")
    source, target = os.pipe()
    received: list[bytes] = []

    def drain() -> None:
        with os.fdopen(source, "rb") as reader:
            received.append(reader.read())

    reading = threading.Thread(target=drain)
    reading.start()
    with os.fdopen(target, "wb", buffering=0) as pipe:
        ik.download(file, pipe)
    reading.join()
    assert received == [data]


class Stream(io.RawIOBase):
    """A binary file object that cannot seek."""

    def __init__(self) -> None:
        self.content = b""

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        self.content += bytes(data)
        return len(data)


@pytest.mark.parametrize("make", [io.BytesIO, Stream])
def test_a_download_into_a_file_object_resumes_where_it_stopped(
    ik: ImageKit, server: LocalImageKit, make: Callable[[], Any]
) -> None:
    data = os.urandom(3_000_000)
    file = ik.upload_file(data, "large.bin")
    server.faults.add(truncate=True, operation="delivery")
    to = make()
    ik.download(file, to)
    assert (to.getvalue() if isinstance(to, io.BytesIO) else to.content) == data
    assert server.requests[-1].status == 206


CONTENT = os.urandom(2_000_000)  # more than the buffers hold, which are lost with the connection


def make_broken_reply(etag: str, content: bytes = CONTENT) -> Callable[[Connection], None]:
    """Return a reply that breaks off shortly before the end of a file."""

    def reply(connection: Connection) -> None:
        connection.send(answer(200, content, f"ETag: {etag}")[:-1000])

    return reply


def test_a_file_object_that_cannot_seek_receives_nothing_twice(ik: ImageKit) -> None:
    to = Stream()
    with run_server(make_broken_reply('"one"'), answer(200, CONTENT, 'ETag: "one"')) as service:
        ik.download(service.url + "/a.bin", to)
        assert "range" in service.seen[1].headers
    assert to.content == CONTENT


def test_a_different_file_is_not_appended_if_the_file_object_cannot_seek(ik: ImageKit) -> None:
    to = Stream()
    with run_server(make_broken_reply('"one"'), answer(200, b"other", 'ETag: "two"')) as service:
        with pytest.raises(UnknownException, match="possibly as another file; download to a path, or to a file object"):
            ik.download(service.url + "/a.bin", to)
        assert service.has_seen(2)
    assert CONTENT.startswith(to.content)


def test_a_different_file_replaces_the_first_if_the_file_object_can_seek(ik: ImageKit) -> None:
    to = io.BytesIO(b"head:")
    to.seek(5)
    with run_server(make_broken_reply('"one"'), answer(200, b"other", 'ETag: "two"')) as service:
        ik.download(service.url + "/a.bin", to)
    assert to.getvalue() == b"head:other"


def test_part_of_a_different_file_is_not_appended_to_a_file_on_disk(ik: ImageKit, tmp_path: Path) -> None:
    def part(connection: Connection) -> None:
        start = int(connection.last_headers["range"][6:-1])
        found = f"Content-Range: bytes {start}-{len(CONTENT) - 1}/{len(CONTENT)}"
        connection.send(answer(206, CONTENT[start:], found, 'ETag: "two"'))

    with (
        run_server(make_broken_reply('"one"'), part) as service,
        pytest.raises(UnknownException, match="replaced during the download"),
    ):
        ik.download(service.url + "/a.bin", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_an_exception_of_the_file_object_propagates_unchanged(ik: ImageKit) -> None:
    class Full(Stream):
        def write(self, data: Any, /) -> int:
            if data:
                raise OSError("no space left")
            return 0

    upload(ik, 1)
    with pytest.raises(OSError, match="no space left"):
        ik.download("/0.bin", Full())


def test_a_file_object_that_takes_no_bytes_is_refused_before_anything_is_sent(
    ik: ImageKit, server: LocalImageKit, tmp_path: Path
) -> None:
    (tmp_path / "a").touch()
    count = len(server.requests)
    with (tmp_path / "a").open("w") as text, (tmp_path / "a").open("rb") as reading:
        for to, message in ((text, "text mode"), (reading, "not open for writing"), (3, "to must be a path")):
            wrong: Any = to
            with pytest.raises(TypeError, match=message):
                ik.download("/0.bin", wrong)
    assert len(server.requests) == count


def test_the_loop_keeps_running_while_a_file_object_is_written(server: LocalImageKit) -> None:
    threads = set[int]()

    class Watched(Stream):
        def write(self, data: Any, /) -> int:
            threads.add(threading.get_ident())
            return super().write(data)

    async def main() -> None:
        async with server.async_client() as client:
            file = await client.upload_file(b"content", "a.bin")
            to = Watched()
            await client.download(file, to)
            assert to.content == b"content"

    asyncio.run(main())
    assert threads
    assert threading.get_ident() not in threads


def test_a_failed_download_leaves_the_existing_file_alone(ik: ImageKit, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"before")
    with pytest.raises(NotFoundException):
        ik.download("/missing.txt", path)
    upload(ik, 1)

    def fail(done: int, total: int | None) -> None:
        raise InterruptedError("no more")

    with pytest.raises(InterruptedError, match="no more"):
        ik.download("/0.bin", path, on_progress=fail)
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.txt"]
    assert path.read_bytes() == b"before"


def test_an_interrupt_leaves_no_partial_file(threads: ImageKit, tmp_path: Path) -> None:
    upload(threads, 1)

    def interrupt(done: int, total: int | None) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        threads.download("/0.bin", tmp_path / "a.bin", on_progress=interrupt)
    assert list(tmp_path.iterdir()) == []


def test_a_cancelled_download_leaves_no_partial_file(server: LocalImageKit, tmp_path: Path) -> None:
    async def main() -> None:
        async with server.async_client() as client:
            await client.upload_file(b"content", "a.bin", use_unique_file_name=False)
            server.faults.add(delay=30, operation="delivery")
            download = asyncio.create_task(client.download("/a.bin", tmp_path / "a.bin"))
            while not list(tmp_path.glob(".*.part")):
                await asyncio.sleep(0.001)
            download.cancel()
            with pytest.raises(asyncio.CancelledError):
                await download
        assert list(tmp_path.iterdir()) == []

    asyncio.run(asyncio.wait_for(main(), 20))


def test_existing_downloads_can_be_left_alone(ik: ImageKit, server: LocalImageKit, tmp_path: Path) -> None:
    upload(ik, 5)
    list(ik.download_many([f"/{number}.bin" for number in range(3)], tmp_path))
    count = len(server.requests)
    outcomes = list(ik.download_many([f"/{number}.bin" for number in range(5)], tmp_path, skip_existing=True))
    assert all(done.result is not None for done in outcomes)
    assert len(server.requests) == count + 2


@pytest.mark.parametrize("name", ["../a", "a/../../b", "", "/", "a\0b", "..\\a"])
def test_no_name_escapes_from_the_folder(ik: ImageKit, tmp_path: Path, name: str) -> None:
    (done,) = ik.download_many([("/0.bin", name)], tmp_path)
    assert isinstance(done.error, ValueError)
