"""The environment of the clients' drivers: HTTP servers on this machine, and a picture."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pyvips

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

    # Maps method, path, headers (lower-case) and body to media type and content; None means not found.
    Respond = Callable[[str, str, dict[str, str], bytes], tuple[str, bytes] | None]


@contextmanager
def run_http_server(respond: Respond) -> Generator[str]:
    """Run an HTTP server whose responses come from `respond`; yield its URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            found = respond(self.command, self.path, headers, body)
            if found is None:
                self.send_error(404)
                return
            media_type, content = found
            self.send_response(200)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_GET  # noqa: N815

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://127.0.0.1:{running.server_port}"
        finally:
            running.shutdown()
            thread.join()


@contextmanager
def run_inbox() -> Generator[str]:
    """Run an HTTP server that accepts webhooks by POST and lists them by GET; yield its URL."""
    received: list[dict[str, Any]] = []

    def respond(method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[str, bytes]:
        if method == "POST":
            received.append({"headers": headers, "body": body.decode()})
        return "application/json", json.dumps(received if method == "GET" else {}).encode()

    with run_http_server(respond) as url:
        yield f"{url}/webhooks"


def write_picture(path: Path) -> Path:
    """Write a JPEG of 64 x 48 pixels."""
    image: Any = pyvips.Image.xyz(64, 48)
    image[0].linear(4, 0).bandjoin([image[1].linear(5, 0), 128]).cast("uchar").jpegsave(str(path))
    return path
