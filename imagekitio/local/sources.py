"""Contents that a request names by URL: local ImageKit's own delivery URLs, and the rest of the web when allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from .delivery_target import parse_target
from .errors import ApiError
from .names import split_path

if TYPE_CHECKING:
    from pathlib import Path

    from .contents import Incoming
    from .delivery_target import DeliveryTarget
    from .settings import Settings
    from .store import Store

HEADERS_TIMEOUT_SECONDS = 8  # api.md, chapter 8
CHUNK_BYTES = 1 << 18
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def parse_own_url(url: str, settings: Settings) -> DeliveryTarget | None:
    """Take a delivery URL apart; None when it is not under the URL endpoint. Loopback has several names."""
    try:
        given, endpoint = urlsplit(url), urlsplit(settings.url_endpoint)
        same_host = given.hostname == endpoint.hostname or {given.hostname, endpoint.hostname} <= LOOPBACK
        prefix = endpoint.path + "/"
        if not (same_host and given.port == endpoint.port and given.path.startswith(prefix)):
            return None
        return parse_target(f"{given.path.removeprefix(prefix)}?{given.query}")
    except ValueError:  # no URL, or one whose escapes are no UTF-8
        return None


def fetch_own(store: Store, own: DeliveryTarget, incoming: Incoming) -> str | None:
    """Write what the URL delivers into `incoming`; return the file's name, None when there is no such file.

    Signatures are not asked for: who calls the API has the private key.

    Raises:
        ApiError: 400 when the transformation is refused.
    """
    file = store.file_at(own.path, own.version_token)
    if file is None:
        return None
    if own.steps:
        incoming.write(transform(store, file.content, own.steps, file.mime, file.custom_coordinates))
    else:
        try:
            copy_into(incoming, file.content)
        except FileNotFoundError:  # deleted since the database was asked
            return None
    return file.name


def copy_into(incoming: Incoming, path: Path) -> None:
    """Write the file at `path` into `incoming`."""
    with path.open("rb") as content:
        while chunk := content.read(CHUNK_BYTES):
            incoming.write(chunk)


def fetch_remote(url: str, incoming: Incoming, *, max_bytes: int) -> str:
    """Write what any web server answers to `url` into `incoming`; return the name in the URL.

    Raises:
        ApiError: 400 when nothing or too much comes.
    """
    import requests

    try:
        timeout = (HEADERS_TIMEOUT_SECONDS, HEADERS_TIMEOUT_SECONDS)
        with requests.get(url, stream=True, timeout=timeout) as response:
            response.raise_for_status()
            for chunk in response.iter_content(CHUNK_BYTES):
                incoming.write(chunk)
                if incoming.size > max_bytes:
                    break  # the caller refuses it
    except (requests.RequestException, ValueError) as exc:
        raise ApiError(400, f"The file could not be fetched from {url} ({type(exc).__name__}).") from exc
    return split_path(unquote(urlsplit(url).path))[1]


def transform(store: Store, source: Path, steps: str, mime: str, custom_coordinates: str | None = None) -> bytes:
    """The picture at `source` after the transformation `steps`; 400 with the renderer's reason when it refuses."""
    from .rendering import TransformationError, render

    try:
        made = render(source, steps, settings=store.settings, mime=mime, custom_coordinates=custom_coordinates)
        return made.content
    except TransformationError as exc:
        raise ApiError(400, str(exc)) from exc
