"""Contents that a request names by URL: local ImageKit's own delivery URLs, and the rest of the web when allowed."""

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
    """Delivery has refused; its status and its reason in words."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(status, message)
        self.status: int = status
        self.message: str = message


def own_target(url: str, settings: Settings, endpoints: UrlEndpoints) -> str | None:
    """Path and query of a delivery URL of this server, as a request has them; None for other URLs.

    Args:
        endpoints: What own URLs start with.
    """
    rest = endpoints.remove_prefix(url)
    return None if rest is None else f"/{settings.imagekit_id}{rest}"


def fetch_own(store: Store, target: str, incoming: Incoming, *, may_read_private: bool) -> str:
    """Write what delivery answers to a request into `incoming`; return the file's name.

    Args:
        target: What `own_target` returned.
        may_read_private: Whether private files need no signature.
    Raises:
        NotDelivered: There is no such file, it may not be read, or its transformation is refused.
    """
    # With all of rendering: not before it is needed, see app.py.
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
        raise NotDelivered(404, "the file was deleted meanwhile") from exc
    return split_path(plan.path)[1]


def copy_into(incoming: Incoming, path: Path) -> None:
    """Write the file at `path` into `incoming`."""
    with path.open("rb") as content:
        while chunk := content.read(CHUNK_BYTES):
            incoming.write(chunk)


def fetch(store: Store, url: str, incoming: Incoming, connections: Connections, endpoints: UrlEndpoints) -> None:
    """Write what `url` answers into `incoming`.

    Of this server it is what delivery answers to everybody: private files need a signed URL, unpublished ones stay
    where they are. Other servers are asked when the settings allow it.

    Args:
        endpoints: What own URLs start with.
    Raises:
        ApiError: 400 when the URL may not be fetched, or nothing comes. Too much is for the caller to refuse.
    """
    settings, reach = store.settings, reach_of(store.settings)
    target, file = own_target(url, store.settings, endpoints), store.settings.remote_files.get(url)
    if target is not None:
        try:
            fetch_own(store, target, incoming, may_read_private=False)
        except NotDelivered as exc:
            raise _not_fetched(url, f": {exc.message}.") from exc
    elif file is not None:
        copy_into(incoming, file)
    elif not (reach.loopback or reach.elsewhere):
        raise _not_fetched(
            url,
            f": local ImageKit fetches only its own URLs, those under {endpoints.primary}/, unless it was started "
            "with allow_remote or, for other servers on this machine, allow_loopback.",
        )
    else:
        largest = max(settings.max_upload_bytes, settings.max_video_upload_bytes)
        try:
            connections.get(url, incoming.write, reach=reach, seconds=HEADERS_TIMEOUT_SECONDS, max_bytes=largest)
        except RequestFailed as exc:
            raise _not_fetched(url, f" ({exc}).") from exc


def _not_fetched(url: str, reason: str) -> ApiError:
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
    """The picture at `source` after the transformation `steps`.

    Args:
        may_read_private: Whether layers may be private files; they may in any case when all steps are named ones.
    Raises:
        ApiError: 400 with the reason of the renderer, which refuses.
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
    except FileNotFoundError as exc:  # deleted since the database was asked
        raise ApiError(400, f"A file that the transformation {steps} needs was deleted meanwhile.") from exc
