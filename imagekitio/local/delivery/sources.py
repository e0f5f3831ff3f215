"""Files that a request names by URL: local ImageKit's own delivery URLs, and other URLs if the settings allow it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..base.errors import ApiError
from ..base.names import split_path
from ..web.outgoing.connections import CHUNK_BYTES, RequestFailed
from ..web.outgoing.reach import reach_of

if TYPE_CHECKING:
    from pathlib import Path

    from ..base.addresses import UrlEndpoints
    from ..base.settings import Settings
    from ..library.store import Store
    from ..storage.contents import Incoming
    from ..web.outgoing.connections import Connections

HEADERS_TIMEOUT_SECONDS = 8.0  # api.md, chapter 8


class NotDelivered(Exception):  # noqa: N818 - never leaves local ImageKit
    """Delivery refused a request, with this status and message."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(status, message)
        self.status: int = status
        self.message: str = message


def own_target(url: str, settings: Settings, endpoints: UrlEndpoints) -> str | None:
    """Return the path and query of a delivery URL of this server, as in a request; None for other URLs.

    Args:
        endpoints: URL endpoints of this server.
    """
    rest = endpoints.remove_prefix(url)
    return None if rest is None else f"/{settings.imagekit_id}{rest}"


def fetch_own(store: Store, target: str, incoming: Incoming, *, may_read_private: bool) -> str:
    """Write the file or rendition that delivery returns into `incoming`; return the file's name.

    Args:
        target: Result of `own_target`.
        may_read_private: Whether private files need no signature.
    Raises:
        NotDelivered: The file does not exist, may not be read, or its transformation is refused.
    """
    # Imported here, because rendering is slow to load.
    from ..rendering import TransformationError
    from .errors import DeliveryError
    from .planner import Planner
    from .renditions import render_plan

    try:
        plan = Planner(store, store.settings).plan(target, {}, may_read_private=may_read_private)
        if plan.transformation is None:
            copy_into(incoming, plan.content)
        else:
            incoming.write(render_plan(plan, store.settings).content)
    except DeliveryError as exc:
        raise NotDelivered(exc.status, exc.message) from exc
    except TransformationError as exc:
        raise NotDelivered(400, exc.message) from exc
    except FileNotFoundError as exc:
        raise NotDelivered(404, "the file was deleted in the meantime") from exc
    return split_path(plan.path)[1]


def copy_into(incoming: Incoming, path: Path) -> None:
    """Write the file at `path` into `incoming`."""
    with path.open("rb") as content:
        while chunk := content.read(CHUNK_BYTES):
            incoming.write(chunk)


def fetch(store: Store, url: str, incoming: Incoming, connections: Connections, endpoints: UrlEndpoints) -> None:
    """Write the content at `url` into `incoming`.

    For URLs of this server, the rules of public delivery apply: private files need a signed URL, and unpublished files
    do not exist. Other servers are contacted only if the settings allow it.

    Args:
        endpoints: URL endpoints of this server.
    Raises:
        ApiError: 400 if the URL may not be fetched, or the fetch fails. The caller refuses content that is too large.
    """
    settings, reach = store.settings, reach_of(store.settings)
    target, file = own_target(url, store.settings, endpoints), store.settings.remote_files.get(url)
    if target is not None:
        try:
            fetch_own(store, target, incoming, may_read_private=False)
        except NotDelivered as exc:
            raise _fetch_error(url, f": {exc.message}.") from exc
    elif file is not None:
        copy_into(incoming, file)
    elif not (reach.loopback or reach.elsewhere):
        raise _fetch_error(
            url,
            f": local ImageKit fetches only its own URLs, those under {endpoints.primary}/, unless it was started "
            "with allow_remote or, for other servers on this machine, allow_loopback.",
        )
    else:
        largest = max(settings.max_upload_bytes, settings.max_video_upload_bytes)
        try:
            connections.get(url, incoming.write, reach=reach, seconds=HEADERS_TIMEOUT_SECONDS, max_bytes=largest)
        except RequestFailed as exc:
            raise _fetch_error(url, f" ({exc}).") from exc


def _fetch_error(url: str, reason: str) -> ApiError:
    return ApiError(400, f"The file could not be fetched from {url}{reason}")


def transform(
    store: Store,
    source: Path,
    steps: str,
    mime: str,
    custom_coordinates: str | None = None,
    *,
    may_read_private: bool,
) -> bytes:
    """Apply the transformation `steps` to the picture at `source`; return the content of the result.

    Args:
        may_read_private: Whether layers may be private files; they always may if all steps are named transformations.
    Raises:
        ApiError: 400 with the renderer's reason if it refuses.
    """
    from ..rendering import Transformation, TransformationError, render
    from ..rendering.language.grammar import is_named_only
    from ..rendering.language.named import PREDEFINED
    from .layers import PrivateLayer, as_layer_files, find_layers

    try:
        parsed = Transformation.parse(steps, {**PREDEFINED, **store.account().transformations})
        layers = find_layers(store, parsed, may_read_private=may_read_private or is_named_only(steps))
        made = render(
            source,
            parsed,
            settings=store.settings,
            mime=mime,
            custom_coordinates=custom_coordinates,
            library=as_layer_files(store, layers).get,
        )
        return made.content
    except PrivateLayer as exc:
        raise ApiError(400, f"The transformation is refused: {exc}; using it needs the private key.") from exc
    except TransformationError as exc:
        raise ApiError(400, str(exc)) from exc
    except FileNotFoundError as exc:  # deleted since the database was read
        raise ApiError(400, f"A file that the transformation {steps} needs was deleted in the meantime.") from exc
