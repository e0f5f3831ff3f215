"""The script and the style sheet of the element ``<imagekit-upload>``, with which forms upload from the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.staticfiles import StaticFiles

from ..assets import find_assets_folder, write_asset_tags

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request

    from ...html.markup import Markup

_ROUTE = "imagekit_assets"


def mount_upload_assets(app: Starlette, path: str = "/imagekit/static") -> None:
    """Serve the element ``<imagekit-upload>``; ``imagekit_upload_assets()`` loads it in templates.

    ::

        mount_upload_assets(app)

        {{ imagekit_upload_assets() }}
        <form method="post">
          <imagekit-upload token-url="{{ url_for('imagekit_upload_token') }}">
            <input type="file" name="photo" accept="image/*">
          </imagekit-upload>
          <button>Save</button>
        </form>

    The form sends the id of each file as ``photo-id``, for `check_upload`. Without JavaScript it sends the file, for
    `upload_by_rules`.

    Args:
        app: The application, a `FastAPI` or a `Starlette`.
        path: Path below which ``upload.js`` and ``upload.css`` are served.
    """
    app.mount(path, StaticFiles(directory=find_assets_folder()), name=_ROUTE)


def write_upload_assets(request: Request) -> Markup:
    """Return the tags that load the script and the style sheet."""
    # Paths, because behind a proxy the application does not know its address.
    style, script = (request.url_for(_ROUTE, path=f"upload.{kind}").path for kind in ("css", "js"))
    return write_asset_tags(style, script)
