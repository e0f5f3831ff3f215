"""The script and the style sheet of the element ``<imagekit-upload>``, with which forms upload from the browser.

::

    {{ imagekit_upload_assets() }}
    <form method="post">
      <imagekit-upload token-url="{{ url_for('imagekit_tokens.create_token') }}">
        <input type="file" name="photo" accept="image/*">
      </imagekit-upload>
      <button>Save</button>
    </form>

The form then sends `photo-id`, for `ImageKit.check_upload`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, url_for

from ..assets import find_assets_folder, write_asset_tags

if TYPE_CHECKING:
    from flask import Flask

    from ...html.markup import Markup

_BLUEPRINT = "imagekit_assets"


def register_assets(app: Flask) -> None:
    """Serve the files below ``/imagekit/static/``, and add the function that loads them to the templates."""
    folder = find_assets_folder()
    app.register_blueprint(Blueprint(_BLUEPRINT, __name__, static_folder=folder, static_url_path="/imagekit/static"))
    app.add_template_global(imagekit_upload_assets)


def imagekit_upload_assets() -> Markup:
    """Return the tags that load the script and the style sheet."""
    style, script = (url_for(f"{_BLUEPRINT}.static", filename=f"upload.{kind}") for kind in ("css", "js"))
    return write_asset_tags(style, script)
