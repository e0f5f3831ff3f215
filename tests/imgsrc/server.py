"""A server on a real socket that answers as a test says, and clients of it of every kind."""

from __future__ import annotations

import asyncio
import inspect
import json
import threading
from collections.abc import AsyncIterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from imagekitio.imgsrc import AsyncImgsrc, Imgsrc
from imagekitio.policies import Retry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

KEY = "imgsrc_0123456789"
CLIENTS = ("blocking", "twins", "tasks")  # `Imgsrc`, its calls with the suffix _async, and `AsyncImgsrc`


@dataclass
class Seen:
    """A request that arrived."""

    method: str
    path: str
    headers: dict[str, str]
    names: list[str]  # of the headers, repeated if they are
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


# Status, body and headers; an exception hangs up without an answer.
Answer = tuple[int, Any, dict[str, str]]


class Server:
    """The server; `answers` are taken one after the other, and `respond` makes those that are missing."""

    def __init__(self) -> None:
        self.requests: list[Seen] = []
        self.answers: list[Answer | Exception] = []
        self.respond: Callable[[Seen], Answer] | None = None
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 60

            def handle_one_request(self) -> None:
                try:
                    super().handle_one_request()
                except ConnectionError:  # the client has hung up
                    self.close_connection = True

            def serve(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                headers = {name.lower(): value for name, value in self.headers.items()}
                names = [name.lower() for name in self.headers]
                seen = Seen(self.command, self.path, headers, names, body)
                answer = owner.take(seen)
                if isinstance(answer, Exception):
                    self.close_connection = True
                    return
                status, content, extra = answer
                content = content if isinstance(content, bytes) else json.dumps(content).encode()
                self.send_response(status)
                for name, value in {"Content-Type": "application/json", **extra}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = serve  # noqa: N815

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def take(self, seen: Seen) -> Answer | Exception:
        self.requests.append(seen)
        if self.answers:
            return self.answers.pop(0)
        return (500, b"no answer is left", {}) if self.respond is None else self.respond(seen)

    def add(self, body: object, status: int = 200, **headers: str) -> None:
        self.answers.append((status, body, {name.replace("_", "-"): value for name, value in headers.items()}))

    def hang_up(self) -> None:
        self.answers.append(ConnectionError())

    def reset(self) -> None:
        self.requests.clear()
        self.answers.clear()
        self.respond = None

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class Driver:
    """Makes the calls of a client of any kind, which are those of `Imgsrc`, and returns what they return."""

    def __init__(self, client: Any, kind: str, loop: asyncio.AbstractEventLoop | None) -> None:
        self.client, self.kind, self._loop = client, kind, loop

    def call(self, name: str, /, *args: Any, **keywords: Any) -> Any:
        """Call a method, such as ``images.get_image`` or ``download_many``."""
        target: Any = self.client
        *groups, method = name.split(".")
        for group in groups:
            target = getattr(target, group)
        if groups and self.kind == "twins":
            method += "_async"
        return self.finish(getattr(target, method)(*args, **keywords))

    def finish(self, result: Any) -> Any:
        """Wait for what is awaited, and collect what is iterated."""
        if inspect.isgenerator(result):
            return list(result)
        if self._loop is None:
            return result
        if inspect.isawaitable(result):
            return self._loop.run_until_complete(_await(result))
        return self._loop.run_until_complete(_collect(result)) if isinstance(result, AsyncIterator) else result


async def _await(result: Any) -> Any:
    return await result


async def _collect(items: AsyncIterator[Any]) -> list[Any]:
    return [item async for item in items]


@contextmanager
def drive(kind: str, client: Any) -> Iterator[Driver]:
    """Drive a client from outside of its loop, and close it at the end."""
    if kind == "blocking":
        with client:
            yield Driver(client, kind, None)
        return
    loop = asyncio.new_event_loop()
    try:
        yield Driver(client, kind, loop)
    finally:
        loop.run_until_complete(client.aclose())
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()


def make_client(kind: str, server: Server, **arguments: Any) -> Any:
    """Make a client of a kind that does not wait long between attempts."""
    given: dict[str, Any] = {"bearer_auth": KEY, "server_url": server.url, "retry_config": Retry(base_seconds=0.0)}
    given |= {"username": "ada", "delivery_url": f"{server.url}/i"}
    return (AsyncImgsrc if kind == "tasks" else Imgsrc)(**{**given, **arguments})
