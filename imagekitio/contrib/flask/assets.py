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

from importlib.resources import files
from typing import TYPE_CHECKING

from flask import Blueprint, url_for

from ...html.markup import Markup, write_tag

if TYPE_CHECKING:
    from flask import Flask

_BLUEPRINT = "imagekit_assets"


def register_assets(app: Flask) -> None:
    """Make an application serve the files below ``/imagekit/static/``, and give its templates the function for them."""
    folder = str(files("imagekitio.contrib") / "django" / "static" / "imagekitio")  # each integration has the same
    app.register_blueprint(Blueprint(_BLUEPRINT, __name__, static_folder=folder, static_url_path="/imagekit/static"))
    app.add_template_global(imagekit_upload_assets)


def imagekit_upload_assets() -> Markup:
    """Return the tags that load script and style sheet."""
    style, script = (url_for(f"{_BLUEPRINT}.static", filename=f"upload.{kind}") for kind in ("css", "js"))
    link = write_tag("link", {"rel": "stylesheet", "href": style})
    return Markup(f"{link}{write_tag('script', {'src': script, 'defer': True})}</script>")
