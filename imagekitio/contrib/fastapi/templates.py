"""Functions for templates: `imagekit_url`, `imagekit_img` and `imagekit_picture`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinja2 import pass_context

from ...suggestions import did_you_mean
from ...urls.building import OPTIONS
from ...urls.transformations.names import KNOWN_NAMES
from ...urls.transformations.steps import list_steps
from .clients import find_client

if TYPE_CHECKING:
    from jinja2.runtime import Context
    from starlette.templating import Jinja2Templates

    from ...client import ImageKit
    from ...html.options import ImageFile

    Picture = str | ImageFile | None


def install_template_globals(templates: Jinja2Templates) -> None:
    """Add functions for pictures to the templates of Starlette and FastAPI. They send nothing.

    ::

        templates = Jinja2Templates("templates")
        install_template_globals(templates)

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

    They use the client that `lifespan` opened, which they find by the `request` that `TemplateResponse` passes.
    """
    templates.env.globals.update(imagekit_url=_write_url, imagekit_img=_write_img, imagekit_picture=_write_picture)


@pass_context
def _write_url(context: Context, picture: Picture, /, **options: Any) -> str:
    if not picture:
        return ""
    urls = {name: options.pop(name) for name in OPTIONS & options.keys()}
    if unknown := options.keys() - KNOWN_NAMES:
        name = min(unknown)
        raise TypeError(f"unknown option {name!r} of imagekit_url(){did_you_mean(name, {*OPTIONS, *KNOWN_NAMES})}")
    if options:
        urls["transformation"] = [*list_steps(urls.get("transformation")), options]
    return _find_client(context).url(_add_picture(picture if isinstance(picture, str) else picture.file_path, urls))


@pass_context
def _write_img(context: Context, picture: Picture, /, *, alt: str, **options: Any) -> str:
    return _find_client(context).img_tag(_add_picture(picture, options), alt=alt) if picture else ""


@pass_context
def _write_picture(context: Context, picture: Picture, /, *, alt: str, **options: Any) -> str:
    return _find_client(context).picture_tag(alt=alt, **_add_picture(picture, options)) if picture else ""


def _add_picture(picture: str | ImageFile, options: dict[str, Any]) -> dict[str, Any]:
    if named := {"file", "path", "src"} & options.keys():
        raise TypeError(f"the picture is the first argument: leave out {min(named)}=…")
    if not isinstance(picture, str):
        return {**options, "file": picture}
    return {**options, "src" if picture.startswith(("https://", "http://")) else "path": picture}


def _find_client(context: Context) -> ImageKit:
    request = context.get("request")
    if request is None:
        raise RuntimeError("the template has no request, by which it finds the ImageKit client: pass request=request")
    client: ImageKit = find_client(request, "imagekit")
    return client
