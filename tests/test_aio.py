from __future__ import annotations

import asyncio
import io
import json
import logging
import os
import pickle
import socket
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from imagekitio import AsyncImageKit, BadRequestException, NotFoundException, Retry, TimeoutException
from imagekitio.local import LocalImageKit

from .transports.faults import Connection, Server, answer, run_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ID = "65e6c5a9b7d1f2034a5b6c7d"


@pytest.fixture(scope="module")
def local() -> Iterator[LocalImageKit]:
    with LocalImageKit() as server:
        yield server


@pytest.fixture(autouse=True)
def _no_account_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PUBLIC_KEY", "PRIVATE_KEY", "URL_ENDPOINT", "API_BASE_URL", "UPLOAD_BASE_URL"):
        monkeypatch.delenv(f"IMAGEKIT_{name}", raising=False)


def make_client(**settings: Any) -> AsyncImageKit:
    return AsyncImageKit("public_test", "private_test", "https://ik.imagekit.io/acme", **settings)


# Construction


def test_keys_and_endpoint_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PUBLIC_KEY", "PRIVATE_KEY", "URL_ENDPOINT"):
        monkeypatch.setenv(f"IMAGEKIT_{name}", f"https://{name.lower()}.example/")
    assert AsyncImageKit().public_key == "https://public_key.example/"


def test_a_missing_or_invalid_setting_is_an_error_at_construction() -> None:
    with pytest.raises(ValueError, match=r"missing: private_key; .* IMAGEKIT_PRIVATE_KEY"):
        AsyncImageKit()
    for wrong, right in {"time_out": "timeout", "publickey": "public_key", "urlEndpoint": "url_endpoint"}.items():
        with pytest.raises(TypeError, match=rf"there is no setting '{wrong}'; did you mean '{right}'\?"):
            make_client(**{wrong: "x"})
    with pytest.raises(ValueError, match="timeout must be a number of seconds above 0"):
        make_client(timeout=0)


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "aiohttp", None)
    with pytest.raises(ImportError, match=r'install imagekitio with the extra "async"'):
        make_client()


def test_the_name_and_its_urls_load_no_http_library() -> None:
    code = """
import sys
from imagekitio import AsyncImageKit
imagekit = AsyncImageKit("public_a", "private_a", "https://ik.imagekit.io/acme")
print(imagekit.url(path="/a.jpg", transformation=[{"width": 300}], signed=True))
print(*{"aiohttp", "requests", "asyncio"} & set(sys.modules))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=20)
    url, loaded = done.stdout.split("\n")[:2]
    assert url.startswith("https://ik.imagekit.io/acme/tr:w-300/a.jpg?ik-s=")
    assert loaded == ""


def test_urls_are_built_without_a_loop() -> None:
    assert make_client().url(path="/a.jpg") == "https://ik.imagekit.io/acme/a.jpg"


def test_repr_shows_no_secret() -> None:
    assert repr(make_client()) == (
        "AsyncImageKit(public_key='public_test', url_endpoint='https://ik.imagekit.io/acme')"
    )


def test_a_client_pickles_without_its_connections() -> None:
    async def main(client: AsyncImageKit) -> None:
        async with client:
            await client.delete_file(ID)
            async with pickle.loads(pickle.dumps(client)) as twin:
                await twin.delete_file(ID)
                assert repr(twin) == repr(client)

    with run_server(answer(204)) as server:
        asyncio.run(main(make_client(api_base_url=server.url, timeout=7, retry=2)))
    assert (len(server.seen), server.connections) == (2, 2)


def test_a_client_that_was_never_used_can_be_closed() -> None:
    async def main() -> None:
        async with make_client() as client:
            pass
        await client.close()

    asyncio.run(main())


def test_a_client_serves_one_loop_after_another() -> None:
    async def main() -> None:
        async with client:
            await client.delete_file(ID)

    with run_server(answer(204)) as server:
        client = make_client(api_base_url=server.url)
        for _ in range(2):
            asyncio.run(main())
    assert server.connections == 2


# Sending


def test_the_callers_session_is_used_and_stays_open() -> None:
    async def main(url: str) -> None:
        async with aiohttp.ClientSession(headers={"X-Shop": "7"}) as session:
            async with make_client(api_base_url=url, session=session) as client:
                await client.delete_file(ID)
            assert not session.closed

    with run_server(answer(204)) as server:
        asyncio.run(main(server.url))
    assert server.seen[0].headers["x-shop"] == "7"


def test_with_options_returns_a_copy_that_shares_the_connections() -> None:
    async def main(url: str) -> None:
        async with make_client(api_base_url=url) as client:
            await client.delete_file(ID)
            hasty = client.with_options(timeout=0.1, retry=False)
            assert type(hasty) is AsyncImageKit
            with pytest.raises(TimeoutException):
                await hasty.delete_file(ID)

    with run_server(answer(204), Connection.hang) as server:
        asyncio.run(main(server.url))
    assert server.connections == 1


def test_retries_and_log_lines_are_those_of_the_sync_client(caplog: pytest.LogCaptureFixture) -> None:
    async def main(url: str) -> None:
        async with make_client(
            api_base_url=url, retry=Retry(base_seconds=0), logger=logging.getLogger("shop")
        ) as client:
            await client.delete_file(ID)

    def of(level: int) -> list[logging.LogRecord]:
        return [record for record in caplog.records if record.levelno == level]

    caplog.set_level(logging.DEBUG, "shop")
    with run_server(answer(500, b"{}"), Connection.reset, answer(204)) as server:
        asyncio.run(main(server.url))
    assert [record.getMessage().partition(" ms")[0].rpartition(" in ")[0] for record in of(logging.DEBUG)] == [
        f"DELETE /v1/files/{ID}: 500",
        f"DELETE /v1/files/{ID}: NetworkException",
        f"DELETE /v1/files/{ID}: 204",
    ]
    assert [record.getMessage().rpartition(", ")[2] for record in of(logging.WARNING)] == [
        "waiting 0.0 s before attempt 2 of 3",
        "waiting 0.0 s before attempt 3 of 3",
    ]


def test_leaving_the_block_with_an_exception_does_not_wait_for_hanging_calls() -> None:
    async def main(server: Server) -> None:
        async with make_client(api_base_url=server.url) as client:
            call = asyncio.create_task(client.delete_file(ID))
            while not server.seen:
                await asyncio.sleep(0.005)
            try:
                raise KeyError("stop")
            finally:
                call.add_done_callback(lambda done: done.exception())

    with run_server(Connection.hang) as server, pytest.raises(KeyError, match="stop"):
        asyncio.run(asyncio.wait_for(main(server), 3))


def test_iter_files_fetches_a_page_when_it_is_needed() -> None:
    names = [{"name": f"{number}.jpg"} for number in range(7)]
    parts = [(0, 3), (2, 4), (5, 4)]
    pages = [answer(200, json.dumps(names[skip : skip + limit]).encode()) for skip, limit in parts]

    async def main(server: Server) -> None:
        async with make_client(api_base_url=server.url) as client:
            files = client.iter_files(path="/", page_size=3)
            assert server.seen == []
            assert (await anext(files)).name == "0.jpg"
            assert len(server.seen) == 1
            assert [file.name async for file in files] == [f"{number}.jpg" for number in range(1, 7)]

    with run_server(*pages) as server:
        asyncio.run(main(server))
    expected = [f"/v1/files?path=%2F&limit={limit}&skip={skip}" for skip, limit in parts]
    assert [seen.target for seen in server.seen] == expected


# Against local ImageKit


def test_a_file_is_uploaded_listed_changed_delivered_and_deleted(local: LocalImageKit, tmp_path: Path) -> None:
    path = tmp_path / "large.bin"
    path.write_bytes(os.urandom(3_000_000))
    progress: list[int] = []

    async def main() -> None:
        async with local.async_client() as imagekit, aiohttp.ClientSession() as browser:
            large = await imagekit.upload_file(path, "large.bin", on_progress=lambda sent, _: progress.append(sent))
            small = await imagekit.upload(io.BytesIO(b"small"), "small.txt", folder="/notes", tags=["a"])
            assert [large.size, small.size] == [3_000_000, 5]
            assert {file.name async for file in imagekit.iter_files(page_size=1)} == {large.name, small.name}
            changed = await imagekit.update_file_details(small.file_id, {"tags": ["b"]})
            assert changed.tags == ["b"]
            async with browser.get(imagekit.url(path=large.file_path)) as response:
                assert await response.read() == path.read_bytes()
            await imagekit.bulk_file_delete([large.file_id, small.file_id])
            with pytest.raises(NotFoundException):
                await imagekit.get_file_details(small.file_id)
            with pytest.raises(BadRequestException):
                await imagekit.get_file_details("none")

    local.reset()
    asyncio.run(main())
    assert progress == sorted(progress)
    assert progress[-1] > 3_000_000


@pytest.mark.slow
def test_many_concurrent_uploads_all_arrive(local: LocalImageKit) -> None:
    async def main() -> None:
        async with local.async_client() as imagekit:
            uploads = [imagekit.upload_file(f"content {number}".encode(), "a.txt") for number in range(50)]
            files = await asyncio.gather(*uploads)
            found = [file.file_id async for file in imagekit.iter_files()]
            assert len(set(found)) == 50
            assert sorted(found) == sorted(file.file_id for file in files)

    local.reset()
    asyncio.run(main())


def test_uploads_whose_answers_are_lost_are_stored_once(local: LocalImageKit) -> None:
    async def main() -> None:
        async with local.async_client(retry=Retry(attempts=8, base_seconds=0.001)) as imagekit:
            uploads = [imagekit.upload_file(bytes(1 + 40_000 * number), "a.bin") for number in range(20)]
            files = await asyncio.gather(*uploads)
            local.faults.clear()
            found = {file.file_id: file.size async for file in imagekit.iter_files()}
            assert found == {file.file_id: file.size for file in files}
            assert sorted(found.values()) == [1 + 40_000 * number for number in range(20)]

    local.reset()
    local.faults.add(reset=True, share=0.4, when="after", operation="upload_file")
    asyncio.run(main())
    assert len([seen for seen in local.requests if seen.method == "POST"]) > 20


def test_cancelled_uploads_are_stored_whole_or_not_at_all(local: LocalImageKit) -> None:
    content = os.urandom(1_000_000)

    async def main() -> None:
        async with local.async_client() as imagekit:
            for delay_seconds in (0, 0.002, 0.005, 0.01, 0.02, 0.05):
                upload = asyncio.create_task(imagekit.upload_file(io.BytesIO(content), "a.bin"))
                await asyncio.sleep(delay_seconds)
                upload.cancel()
                await asyncio.wait([upload])
            assert {file.size async for file in imagekit.iter_files()} <= {len(content)}

    local.reset()
    asyncio.run(main())


@pytest.mark.slow
def test_the_files_of_one_asynchronous_method_can_be_passed_to_another(local: LocalImageKit, tmp_path: Path) -> None:
    async def main() -> None:
        async with local.async_client() as imagekit:
            items = [(f"content {number}".encode(), f"{number}.txt") for number in range(120)]
            uploads = [done async for done in imagekit.upload_many(items, folder="/many", use_unique_file_name=False)]
            assert {done.error for done in uploads} == {None}
            downloads = [done async for done in imagekit.download_many(imagekit.iter_files(path="/many"), tmp_path)]
            assert {done.result.read_text() for done in downloads if done.result} == {
                text.decode() for text, _ in items
            }
            deleted = [done.result async for done in imagekit.delete_many(imagekit.iter_files(path="/many"))]
            assert deleted == ["deleted"] * 120
            assert [file async for file in imagekit.iter_files(path="/many")] == []

    local.reset()
    asyncio.run(main())


def test_a_cancelled_download_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"before")

    def half(connection: Connection) -> None:
        connection.send(b"HTTP/1.1 200 OK\r\nContent-Length: 4000000\r\n\r\n" + bytes(2_000_000))
        connection.hang()

    async def main(server: Server) -> None:
        has_begun = asyncio.Event()
        async with make_client() as imagekit:
            started = imagekit.download(server.url + "/a.bin", path, on_progress=lambda *_: has_begun.set())
            call = asyncio.create_task(started)
            await has_begun.wait()
            assert len(list(tmp_path.iterdir())) == 2
            call.cancel()
            await asyncio.wait([call])
            assert call.cancelled()

    with run_server(half) as server:
        asyncio.run(asyncio.wait_for(main(server), 20))
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.bin"]
    assert path.read_bytes() == b"before"


def test_a_download_resumes_where_it_broke_off_and_sends_no_key(tmp_path: Path) -> None:
    data = os.urandom(3_000_000)
    headers = b'HTTP/1.1 200 OK\r\nContent-Length: 3000000\r\nETag: "one"\r\n\r\n'
    is_written = threading.Event()

    def broken(connection: Connection) -> None:
        connection.send(headers + data[:2_500_000])
        is_written.wait(60)  # data received but not written would be lost with the connection
        connection.sock.shutdown(socket.SHUT_WR)

    def rest(connection: Connection) -> None:
        asked_from = int(connection.last_headers["range"].removeprefix("bytes=").removesuffix("-"))
        found = f"Content-Range: bytes {asked_from}-2999999/3000000"
        connection.send(answer(206, data[asked_from:], found))

    async def main(server: Server) -> None:
        async with make_client(retry=Retry(base_seconds=0.0)) as imagekit:
            await imagekit.download(server.url + "/a.bin", tmp_path, on_progress=note)

    def note(written: int, _total: int | None) -> None:
        if written >= 2_500_000:
            is_written.set()

    with run_server(broken, rest) as server:
        asyncio.run(main(server))
    first, second = server.seen
    assert (tmp_path / "a.bin").read_bytes() == data
    assert "range" not in first.headers
    assert second.headers["if-range"] == '"one"'
    assert second.headers["range"] == "bytes=2500000-"
    assert not {"authorization"} & {*first.headers, *second.headers}


def test_a_download_that_cannot_be_written_raises_the_error(tmp_path: Path) -> None:
    (tmp_path / "a.bin").touch()

    async def main(server: Server) -> None:
        async with make_client() as imagekit:
            with pytest.raises(FileExistsError):
                await imagekit.download(server.url + "/a.bin", tmp_path / "a.bin" / "b")
            with pytest.raises(ZeroDivisionError):
                await imagekit.download(server.url + "/a.bin", tmp_path / "c", on_progress=lambda *_: 1 / 0)

    with run_server(answer(200, b"content")) as server:
        asyncio.run(main(server))
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.bin"]
