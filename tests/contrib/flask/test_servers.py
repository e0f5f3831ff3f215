"""The extension behind a real server, Werkzeug's."""

from __future__ import annotations

import hashlib
import socket
import threading
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
import requests
from werkzeug.serving import make_server

from imagekitio.local import LocalImageKit

from .application import create_app

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _typeshed.wsgi import WSGIApplication
    from flask import Flask

    from imagekitio.contrib.flask import ImageKit


@contextmanager
def serve(app: WSGIApplication) -> Iterator[int]:
    """Run an application; the value is the port."""
    running = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=running.serve_forever)
    thread.start()
    try:
        yield running.port
    finally:
        running.shutdown()
        thread.join()
        running.server_close()


def set_environment(monkeypatch: pytest.MonkeyPatch, server: LocalImageKit) -> None:
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def app(server: LocalImageKit, monkeypatch: pytest.MonkeyPatch) -> Flask:
    set_environment(monkeypatch, server)
    return create_app()


@pytest.mark.parametrize("way", ["form", "body"])
def test_a_file_of_50_mb_needs_little_memory(monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    megabyte = hashlib.sha256(b"a").digest() * 31250

    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n\r\n' if way == "form" else b""
    tail = b"\r\n--x--\r\n" if way == "form" else b""
    line = "POST /form" if way == "form" else "PUT /body/a.bin"

    def send(port: int, megabytes: int) -> None:
        size_bytes = len(head) + megabytes * len(megabyte) + len(tail)
        headers = f"Host: a\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: {size_bytes}"
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.sendall(f"{line} HTTP/1.1\r\n{headers}\r\n\r\n".encode())
            for block in (head, *[megabyte] * megabytes, tail):
                connection.sendall(block)
            with connection.makefile("rb") as answer:
                assert b" 200 " in answer.readline()

    with LocalImageKit(max_upload_bytes=60_000_000) as server:
        set_environment(monkeypatch, server)
        with serve(create_app()) as port:
            send(port, 1)  # loads what is loaded once
            tracemalloc.start()
            try:
                send(port, 50)
                _, peak_bytes = tracemalloc.get_traced_memory()
            finally:
                tracemalloc.stop()
        with server.client() as client:
            sizes = sorted(file.size or 0 for file in client.iter_files())
    assert sizes == [len(megabyte), 50 * len(megabyte)]
    assert peak_bytes < 16_000_000  # of Flask and of local ImageKit, which runs in this process too


def test_a_broken_connection_leaves_nothing_behind(app: Flask, server: LocalImageKit) -> None:
    ended = threading.Event()
    app.teardown_request(lambda error: ended.set())
    with serve(app) as port:
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.sendall(
                b"PUT /body/a.bin HTTP/1.1\r\nHost: a\r\nContent-Length: 9000000\r\n\r\n" + bytes(3_000_000)
            )
        assert ended.wait(60)
    assert [seen.operation for seen in server.requests] == ["list_files"]  # that of the start


def test_several_uploads_at_once_are_each_intact(app: Flask, server: LocalImageKit) -> None:
    contents = [hashlib.sha256(str(number).encode()).digest() * 10_000 for number in range(24)]
    with serve(app) as port:

        def send(content: bytes) -> str:
            answer = requests.post(f"http://127.0.0.1:{port}/form", files={"file": ("a.bin", content)}, timeout=60)
            return str(answer.json()["path"])

        with ThreadPoolExecutor(8) as pool:
            paths = list(pool.map(send, contents))
    with server.client() as client:
        assert [client.open_stream(path).read() for path in paths] == contents


def test_a_webhook_of_the_service_arrives(bare_app: Flask, imagekit: ImageKit, server: LocalImageKit) -> None:
    seen: list[str] = []

    @imagekit.on_webhook("file.created")
    def remember(app: Flask, event: Any) -> None:
        seen.append(event.data.file_path)

    with serve(lambda environment, start: bare_app(environment, start)) as port, server.client() as client:
        webhook = client.create_webhook(endpoint=f"http://127.0.0.1:{port}/imagekit/webhook", events=["file.created"])
        bare_app.config["IMAGEKIT_WEBHOOK_SECRET"] = webhook.secret
        imagekit.init_app(bare_app)
        bare_app.register_blueprint(imagekit.webhook_blueprint())
        path = client.upload_file(b"some text", "a.txt").file_path
        sent = server.flush_webhooks()
    assert seen == [path]
    assert len(sent) == 1
