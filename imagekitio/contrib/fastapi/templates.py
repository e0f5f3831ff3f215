"""Functions for templates: `imagekit_url`, `imagekit_img`, `imagekit_picture` and `imagekit_upload_assets`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...suggestions import did_you_mean
from ...urls.building import OPTIONS
from ...urls.transformations.names import KNOWN_NAMES
from ...urls.transformations.steps import list_steps
from .assets import write_upload_assets
from .clients import find_client

if TYPE_CHECKING:
    from starlette.requests import Request

    from ...client import ImageKit
    from ...html.options import ImageFile

    Picture = str | ImageFile | None


def get_template_functions(request: Request) -> dict[str, Any]:
    """Return functions for pictures in templates: a context processor of Starlette. They send nothing.

    ::

        templates = Jinja2Templates("templates", context_processors=[get_template_functions])

        <a href="{{ imagekit_url(shoe.photo, width=1600) }}">
          {{ imagekit_img(shoe.photo, alt=shoe.name, width=400, sizes="(max-width: 600px) 100vw, 400px") }}
        </a>

    The first argument is the picture: a path in the media library, a URL, or an object with `file_path`, `width` and
    `height`, such as a `FileResult`. An empty one, such as that of a row without a picture, gives an empty text.

    ``imagekit_url(picture, …)``
        The URL. Options are those of `ImageKit.url`, and names of transformations, which make one step after those of
        `transformation`.
    ``imagekit_img(picture, alt=…, …)``
        An ``<img>``; options as for `ImageKit.img_tag`.
    ``imagekit_picture(picture, alt=…, …)``
        A ``<picture>``; options as for `ImageKit.picture_tag`.
    ``imagekit_upload_assets()``
        The tags that load the element for uploads from the browser; see `mount_upload_assets`.

    Args:
        request: The request for which the template is rendered; its client is the one that `lifespan` opened.
    """
    functions = _Functions(request)
    return {
        "imagekit_img": functions.write_img,
        "imagekit_picture": functions.write_picture,
        "imagekit_upload_assets": functions.write_upload_assets,
        "imagekit_url": functions.write_url,
    }


class _Functions:
    def __init__(self, request: Request) -> None:
        self._request = request

    @property
    def _client(self) -> ImageKit:
        # Found when it is needed, so that other pages do without.
        client: ImageKit = find_client(self._request, "imagekit")
        return client

    def write_url(self, picture: Picture, /, **options: Any) -> str:
        if not picture:
            return ""
        urls = {name: options.pop(name) for name in OPTIONS & options.keys()}
        if unknown := options.keys() - KNOWN_NAMES:
            name = min(unknown)
            raise TypeError(f"unknown option {name!r} of imagekit_url(){did_you_mean(name, {*OPTIONS, *KNOWN_NAMES})}")
        if options:
            urls["transformation"] = [*list_steps(urls.get("transformation")), options]
        return self._client.url(_add_picture(picture if isinstance(picture, str) else picture.file_path, urls))

    def write_img(self, picture: Picture, /, *, alt: str, **options: Any) -> str:
        return self._client.img_tag(_add_picture(picture, options), alt=alt) if picture else ""

    def write_picture(self, picture: Picture, /, *, alt: str, **options: Any) -> str:
        return self._client.picture_tag(alt=alt, **_add_picture(picture, options)) if picture else ""

    def write_upload_assets(self) -> str:
        return write_upload_assets(self._request)


def _add_picture(picture: str | ImageFile, options: dict[str, Any]) -> dict[str, Any]:
    if named := {"file", "path", "src"} & options.keys():
        raise TypeError(f"the picture is the first argument: leave out {min(named)}=…")
    if not isinstance(picture, str):
        return {**options, "file": picture}
    return {**options, "src" if picture.startswith(("https://", "http://")) else "path": picture}
