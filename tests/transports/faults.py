"""A server that sends what a test scripts, byte for byte, including what no decent server would send."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# The longest wait for something that happens immediately unless the library is broken.
PATIENCE_SECONDS = 5.0

# Self-signed for 127.0.0.1; the key is in the file and protects nothing.
CERTIFICATE = Path(__file__).with_name("data") / "localhost.pem"


def answer(status: int, body: bytes = b"", *headers: str) -> bytes:
    """Return an HTTP answer with the right Content-Length."""
    lines = (f"HTTP/1.1 {status} Scripted", f"Content-Length: {len(body)}", *headers)
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@dataclass
class Seen:
    """One request as it arrived."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


class Connection:
    """The server's side of one connection, passed to scripted replies."""

    def __init__(self, sock: socket.socket, server: Server) -> None:
        self.sock, self.server = sock, server
        self.last_headers: dict[str, str] = {}
        self._buffer = b""

    def send(self, data: bytes) -> None:
        self.sock.sendall(data)

    def reset(self) -> None:
        """End with RST instead of FIN."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()

    def hang(self) -> None:
        """Send nothing until the client disconnects or the server stops."""
        self.server.stopping.wait(PATIENCE_SECONDS)

    def head(self) -> tuple[str, str, dict[str, str]] | None:
        while b"\r\n\r\n" not in self._buffer:
            if not self._receive():
                return None
        head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        method, target, _ = first.split(" ", 2)
        return method, target, {name.lower(): value.strip() for name, _, value in (x.partition(":") for x in lines)}

    def body(self, size_bytes: int) -> bytes:
        while len(self._buffer) < size_bytes and self._receive():
            pass
        body, self._buffer = self._buffer[:size_bytes], self._buffer[size_bytes:]
        return body

    def _receive(self) -> bytes:
        data = self.sock.recv(1 << 20)
        self._buffer += data
        return data


@dataclass
class Server:
    """Sends the scripted replies in order, and repeats the last one.

    A reply is the bytes to send, or a function to call with the connection. The whole request is read first, unless
    `reads_bodies` is off.
    """

    replies: list[bytes | Callable[[Connection], None]]
    reads_bodies: bool = True
    tls: bool = False
    port: int = 0
    seen: list[Seen] = field(default_factory=list)
    connections: int = 0
    stopping: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _sockets: list[socket.socket] = field(default_factory=list)
    _threads: list[threading.Thread] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}"

    def has_seen(self, count: int) -> bool:
        """Return whether exactly `count` requests arrived; a client may give up before the last one is read."""
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        while len(self.seen) < count and time.monotonic() < give_up_at:
            time.sleep(0.005)
        return len(self.seen) == count

    def accept(self, listener: socket.socket) -> None:
        while True:
            try:
                sock, _ = listener.accept()
            except OSError:
                return
            # Without it, an answer waits for the acknowledgement of earlier data, and a reset overtakes it.
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                if self.stopping.is_set():
                    sock.close()
                    return
                self.connections += 1
                self._sockets.append(sock)
                thread = threading.Thread(target=self._serve, args=(sock,))
                self._threads.append(thread)
                thread.start()

    def _serve(self, sock: socket.socket) -> None:
        with sock, suppress(OSError), self._wrap_in_tls(sock) as sock:  # the client may disconnect at any time
            connection = Connection(sock, self)
            while not self.stopping.is_set() and sock.fileno() != -1 and self._exchange(connection):
                pass

    def _wrap_in_tls(self, sock: socket.socket) -> socket.socket:
        if not self.tls:
            return sock
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE)
        secured = context.wrap_socket(sock, server_side=True)
        with self._lock:
            self._sockets.append(secured)
        return secured

    def _exchange(self, connection: Connection) -> bool:
        head = connection.head()
        if head is None:
            return False
        method, target, headers = head
        connection.last_headers = headers
        size_bytes = int(headers.get("content-length", 0)) if self.reads_bodies else 0
        body = connection.body(size_bytes)
        with self._lock:
            self.seen.append(Seen(method, target, headers, body))
            reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        if callable(reply):
            reply(connection)
            return False
        connection.send(reply)
        return True

    def stop(self, listener: socket.socket) -> None:
        self.stopping.set()
        # close() alone does not wake a thread that waits in accept().
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        with self._lock:
            sockets, threads = list(self._sockets), list(self._threads)
        for sock in sockets:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        for thread in threads:
            thread.join(PATIENCE_SECONDS)
            assert not thread.is_alive(), "a connection of the scripted server did not end"


@contextmanager
def run_server(
    *replies: bytes | Callable[[Connection], None], reads_bodies: bool = True, tls: bool = False
) -> Iterator[Server]:
    """Run a server on a free loopback port while the block runs."""
    server = Server(list(replies), reads_bodies, tls)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server.port = listener.getsockname()[1]
        accepting = threading.Thread(target=server.accept, args=(listener,))
        accepting.start()
        try:
            yield server
        finally:
            server.stop(listener)
            accepting.join(PATIENCE_SECONDS)


def find_closed_port() -> int:
    """Return a port on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def make_slow_reply(head: bytes, drop: bytes = b" ", every_seconds: float = 0.02) -> Callable[[Connection], None]:
    """Return a reply that sends an endless body drop by drop."""

    def drip(connection: Connection) -> None:
        connection.send(head)
        while not connection.server.stopping.is_set():
            connection.send(drop)
            time.sleep(every_seconds)

    return drip
