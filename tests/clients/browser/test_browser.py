"""npm's ``@imagekit/javascript`` in Chromium, uploading from a page that gets its tokens from our server."""

from __future__ import annotations

import asyncio
import json
import queue
import shutil
import ssl
import subprocess
import threading
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from imagekitio.local.coverage import CLIENTS

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from contextlib import AbstractContextManager

    from imagekitio import ImageKit
    from imagekitio.local import LocalImageKit
    from tests.clients.surroundings import Respond

HERE = Path(__file__).parent
CERTIFICATE = HERE.parents[1] / "transports" / "data" / "localhost.pem"
CLIENT = CLIENTS["@imagekit/javascript"]
BROWSER_SECONDS = 120


def make_site(imagekit: ImageKit, client: Path, reports: queue.Queue[dict[str, Any]]) -> Respond:
    """Return the website of an application: its page, the client, and upload tokens."""

    def respond(method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[str, bytes] | None:
        if (method, path) == ("GET", "/"):
            return "text/html", (HERE / "page.html").read_bytes()
        if (method, path) == ("GET", "/imagekit.js"):
            return "text/javascript", client.read_bytes()
        if (method, path) == ("GET", "/settings"):
            settings = {"urlEndpoint": imagekit.url_endpoint, "publicKey": imagekit.public_key}
            return "application/json", json.dumps(settings).encode()
        if (method, path) == ("GET", "/token"):
            return "application/json", json.dumps(imagekit.get_authentication_parameters()).encode()
        if (method, path) == ("POST", "/report"):
            reports.put(json.loads(body))
            return "application/json", b"{}"
        return None

    return respond


@contextmanager
def run_tls_front(port: int) -> Generator[int]:
    """Run a TLS proxy for the server at `port`; yield the port of the proxy.

    The client uploads to a fixed host over HTTPS, so the browser maps that host to this proxy.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    ports: queue.Queue[int] = queue.Queue()
    loop = asyncio.new_event_loop()
    stopping = asyncio.Event()

    async def copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while content := await source.read(65536):
                target.write(content)
                await target.drain()
        target.close()

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(copy(reader, inner_writer), copy(inner_reader, writer))

    async def serve() -> None:
        async with await asyncio.start_server(connect, "127.0.0.1", 0, ssl=context) as front:
            ports.put(front.sockets[0].getsockname()[1])
            await stopping.wait()
        connections = asyncio.all_tasks() - {asyncio.current_task()}
        for connection in connections:
            connection.cancel()
        await asyncio.gather(*connections, return_exceptions=True)

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    try:
        yield ports.get(timeout=10)
    finally:
        loop.call_soon_threadsafe(stopping.set)
        thread.join()
        loop.close()


@contextmanager
def run_chromium(url: str, *, profile: Path, upload_port: int) -> Generator[None]:
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert program, "install Chromium: apt-get install chromium"
    command = [
        program,
        "--headless=new",
        "--no-sandbox",
        "--no-first-run",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        f"--user-data-dir={profile}",
        f"--host-resolver-rules=MAP upload.imagekit.io 127.0.0.1:{upload_port}",
        "--ignore-certificate-errors",
        url,
    ]
    with (profile.parent / "chromium.log").open("wb") as log:
        browser = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            yield
        finally:
            browser.terminate()
            browser.wait(30)


def test_every_call_works_unmodified_in_chromium(
    server: LocalImageKit,
    npm_environment: Callable[[str, str], Path],
    serve: Callable[[Respond], AbstractContextManager[str]],
    tmp_path: Path,
) -> None:
    installed = npm_environment(CLIENT.package, CLIENT.version)
    client = installed / "node_modules" / CLIENT.package / "dist" / "imagekit.esm.js"
    reports: queue.Queue[dict[str, Any]] = queue.Queue()
    server.reset()
    with server.client() as imagekit:
        imagekit.create_custom_metadata_fields(name="price", label="Price", schema={"type": "Number"})
        with (
            serve(make_site(imagekit, client, reports)) as url,
            run_tls_front(int(server.url.rpartition(":")[2])) as upload_port,
            run_chromium(url, profile=tmp_path / "profile", upload_port=upload_port),
        ):
            calls = reports.get(timeout=BROWSER_SECONDS)["calls"]
    assert {name: outcome for name, outcome in calls.items() if outcome != "ok"} == {}
    assert len(calls) == CLIENT.calls
