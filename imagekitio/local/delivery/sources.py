"""Contents that a request names by URL: local ImageKit's own delivery URLs, and the rest of the web when allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..api.presets.url_endpoints import split_prefix
from ..base.errors import ApiError
from ..web.outgoing import CHUNK_BYTES, Reach, RequestFailed
from .target import parse_target

if TYPE_CHECKING:
    from pathlib import Path

    from ..base.addresses import UrlEndpoints
    from ..library.store import Store
    from ..storage.contents import Incoming
    from ..web.outgoing import Connections
    from .target import DeliveryTarget

HEADERS_TIMEOUT_SECONDS = 8.0  # api.md, chapter 8


def parse_own_url(url: str, store: Store, endpoints: UrlEndpoints) -> DeliveryTarget | None:
    """Take a delivery URL apart; None when it is not below one of `endpoints`."""
    rest = endpoints.remove_prefix(url)
    if rest is None:
        return None
    _, target = split_prefix(rest.removeprefix("/"), store.active_presets().url_prefixes)
    try:
        return parse_target(target)
    except UnicodeError:  # its escapes are no UTF-8
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


def fetch(store: Store, url: str, incoming: Incoming, connections: Connections, endpoints: UrlEndpoints) -> None:
    """Write what `url` answers into `incoming`: from the tree when it is an own URL, or from elsewhere when allowed.

    Args:
        endpoints: What own URLs start with.
    Raises:
        ApiError: 400 when the URL may not be fetched, or nothing comes. Too much is for the caller to refuse.
    """
    settings = store.settings
    own, file = parse_own_url(url, store, endpoints), settings.remote_files.get(url)
    if own is not None:
        if fetch_own(store, own, incoming) is None:
            raise _not_fetched(url, f": there is no file at {own.path}.")
    elif file is not None:
        copy_into(incoming, file)
    elif not (settings.allow_remote or settings.allow_loopback):
        raise _not_fetched(
            url,
            f": local ImageKit fetches only its own URLs, those under {endpoints.primary}/, unless it was started "
            "with allow_remote or, for other servers on this machine, allow_loopback.",
        )
    else:
        reach = Reach(loopback=settings.allow_loopback, elsewhere=settings.allow_remote)
        largest = max(settings.max_upload_bytes, settings.max_video_upload_bytes)
        try:
            connections.get(url, incoming.write, reach=reach, seconds=HEADERS_TIMEOUT_SECONDS, max_bytes=largest)
        except RequestFailed as exc:
            raise _not_fetched(url, f" ({exc}).") from exc


def _not_fetched(url: str, reason: str) -> ApiError:
    return ApiError(400, f"The file could not be fetched from {url}{reason}")


def transform(store: Store, source: Path, steps: str, mime: str, custom_coordinates: str | None = None) -> bytes:
    """Return the picture at `source` after the transformation `steps`.

    Raises:
        ApiError: 400 with the renderer's reason when it refuses, or when a file is deleted meanwhile.
    """
    from ..rendering import LayerFile, Transformation, TransformationError, render
    from ..rendering.language.named import PREDEFINED

    def library(path: str) -> LayerFile | None:
        # Private files too: who calls the API has the private key, or a signature made with it.
        file = store.file_at(path)
        return None if file is None else LayerFile(file.content, file.custom_coordinates)

    try:
        parsed = Transformation.parse(steps, {**PREDEFINED, **store.named_transformations()})
        made = render(
            source,
            parsed,
            settings=store.settings,
            mime=mime,
            custom_coordinates=custom_coordinates,
            library=library,
        )
        return made.content
    except TransformationError as exc:
        raise ApiError(400, str(exc)) from exc
    except FileNotFoundError as exc:  # deleted since the database was asked
        raise ApiError(400, f"A file that the transformation {steps} needs was deleted meanwhile.") from exc
