"""Minimal servers, each in a separate process: one sends canned answers, two read uploads and discard them.

`latency_seconds` is the time before each answer, as with a service on the network. The servers that keep connections
open wait asynchronously, so requests on different connections do not delay each other.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import re
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection

_CONTENT_LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")


def format_answer(body: bytes) -> bytes:
    """Return a complete HTTP response with a JSON body and the headers that the service sends."""
    return (
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json; charset=utf-8\r\n"
        b"x-ik-requestid: 7c1f0a52-3f5e-4c11-9c8b-3b1f0a527c1f\r\naccess-control-allow-origin: *\r\n"
        b"content-length: %d\r\n\r\n%b" % (len(body), body)
    )


class _Protocol(asyncio.Protocol):
    """A connection that is kept open; `answer` sends a response after the latency."""

    def __init__(self, latency_seconds: float) -> None:
        self._latency_seconds = latency_seconds

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def answer(self, response: bytes) -> None:
        write: Callable[[bytes], None] = self._transport.write  # type: ignore[attr-defined]
        if self._latency_seconds:
            asyncio.get_running_loop().call_later(self._latency_seconds, write, response)
        else:
            write(response)


async def _serve(pipe: Connection, protocol: Callable[[], asyncio.Protocol]) -> None:
    """Serve on a free port, send it over the pipe, and stop when something is received from the pipe."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(protocol, "127.0.0.1", 0)
    pipe.send(server.sockets[0].getsockname()[1])
    await loop.run_in_executor(None, pipe.poll, None)
    server.close()


def _answer(pipe: Connection, answers: dict[bytes, bytes], latency_seconds: float) -> None:
    class Protocol(_Protocol):
        def data_received(self, data: bytes) -> None:
            path = data.split(b" ", 2)[1].partition(b"?")[0]
            self.answer(answers[path])

    asyncio.run(_serve(pipe, lambda: Protocol(latency_seconds)))


def _drain_many(pipe: Connection, answer: bytes, latency_seconds: float) -> None:
    class Protocol(_Protocol):
        head, left = b"", 0

        def data_received(self, data: bytes) -> None:
            if not self.left:
                self.head += data
                head, end, body = self.head.partition(b"\r\n\r\n")
                if not end:
                    return
                length = _CONTENT_LENGTH.search(head)
                self.head, self.left, data = b"", int(length[1]) if length else 0, body
            self.left -= len(data)
            if not self.left:
                self.answer(answer)

    asyncio.run(_serve(pipe, lambda: Protocol(latency_seconds)))


def _drain(pipe: Connection, answer: bytes) -> None:
    buffer = bytearray(1 << 20)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        pipe.send(listener.getsockname()[1])
        while True:
            connection, _ = listener.accept()
            with connection:
                head = b""
                while b"\r\n\r\n" not in head:
                    received = connection.recv(65536)
                    if not received:
                        return  # a connection without a request stops the server
                    head += received
                head, _, body = head.partition(b"\r\n\r\n")
                if b"100-continue" in head.lower():
                    connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
                length = _CONTENT_LENGTH.search(head)
                left = int(length[1]) - len(body) if length else 0
                while left > 0:
                    count = connection.recv_into(buffer)
                    if not count:
                        break
                    left -= count
                connection.sendall(answer.replace(b"\r\n\r\n", b"\r\nconnection: close\r\n\r\n", 1))


@contextmanager
def _run(target: Callable[..., None], *arguments: object) -> Iterator[str]:
    """Run `target` in a separate process; yield the base URL of its server."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=target, args=(theirs, *arguments), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{ours.recv()}"
    finally:
        process.terminate()
        process.join()


@contextmanager
def serve_answers(answers: dict[bytes, bytes], *, latency_seconds: float = 0) -> Iterator[str]:
    """Run a server that answers each path with its bytes; yield its base URL."""
    with _run(_answer, answers, latency_seconds) as base_url:
        yield base_url


@contextmanager
def drain_uploads(answer: bytes, *, latency_seconds: float = 0) -> Iterator[str]:
    """Run a server that reads bodies on many open connections and answers each; yield its base URL."""
    with _run(_drain_many, answer, latency_seconds) as base_url:
        yield base_url


@contextmanager
def drain_large_uploads(answer: bytes) -> Iterator[str]:
    """Run a server that reads one large body at a time, with as little work as possible; yield its base URL."""
    with _run(_drain, answer) as base_url:
        yield base_url
