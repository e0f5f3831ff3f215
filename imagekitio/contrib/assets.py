"""The script and the style sheet of the element ``<imagekit-upload>``, for frameworks that cannot find them."""

from __future__ import annotations

from importlib.resources import files

from ..html.markup import Markup, write_tag


def find_assets_folder() -> str:
    """Return the folder of ``upload.js`` and ``upload.css``, where Django looks for an application's static files."""
    return str(files("imagekitio.contrib") / "django" / "static" / "imagekitio")


def write_asset_tags(style: str, script: str) -> Markup:
    """Return the tags that load the style sheet and the script from these URLs."""
    link = write_tag("link", {"rel": "stylesheet", "href": style})
    return Markup(f"{link}{write_tag('script', {'src': script, 'defer': True})}</script>")
