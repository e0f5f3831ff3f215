"""Servers in processes of their own, as little as a server can be: one answers with canned bytes, two drain."""

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


def http(body: bytes) -> bytes:
    """Return a whole answer around a JSON body, with the headers that the service sends."""
    return (
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json; charset=utf-8\r\n"
        b"x-ik-requestid: 7c1f0a52-3f5e-4c11-9c8b-3b1f0a527c1f\r\naccess-control-allow-origin: *\r\n"
        b"content-length: %d\r\n\r\n%b" % (len(body), body)
    )


async def _serve(pipe: Connection, protocol: type[asyncio.Protocol]) -> None:
    """Serve on a free port, which is told over the pipe, until something comes back over it."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(protocol, "127.0.0.1", 0)
    pipe.send(server.sockets[0].getsockname()[1])
    await loop.run_in_executor(None, pipe.poll, None)
    server.close()


def _answer(pipe: Connection, answers: dict[bytes, bytes]) -> None:
    class Protocol(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            self.transport = transport

        def data_received(self, data: bytes) -> None:
            path = data.split(b" ", 2)[1].partition(b"?")[0]
            self.transport.write(answers[path])  # type: ignore[attr-defined]

    asyncio.run(_serve(pipe, Protocol))


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
                        return  # a connection without a request ends the server
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


def _drain_many(pipe: Connection, answer: bytes) -> None:
    class Protocol(asyncio.Protocol):
        head, left = b"", 0

        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            self.transport = transport

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
                self.transport.write(answer)  # type: ignore[attr-defined]

    asyncio.run(_serve(pipe, Protocol))


@contextmanager
def _running(target: Callable[..., None], argument: object) -> Iterator[tuple[int, Connection]]:
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=target, args=(theirs, argument), daemon=True)
    process.start()
    try:
        yield ours.recv(), ours
    finally:
        process.terminate()
        process.join()


@contextmanager
def answering(answers: dict[bytes, bytes]) -> Iterator[str]:
    """Run a server that answers each path with its bytes; yields its base URL."""
    with _running(_answer, answers) as (port, _):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def draining(answer: bytes) -> Iterator[str]:
    """Run a server that reads a body to its end and answers; yields its base URL."""
    with _running(_drain, answer) as (port, _):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def draining_many(answer: bytes) -> Iterator[str]:
    """Run a server that does so on many connections at once, and keeps them; yields its base URL."""
    with _running(_drain_many, answer) as (port, _):
        yield f"http://127.0.0.1:{port}"
