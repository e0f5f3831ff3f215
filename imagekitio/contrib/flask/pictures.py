"""URLs and pictures in templates: functions of Jinja, which are filters too. They send nothing.

The picture is the first argument: a path in the media library, a URL, or a file as it was listed or uploaded. An empty
one, such as that of a row without a picture, gives an empty text.

``{{ imagekit_url(photo, width=200, height=100, quality=80) }}``
    Options are those of `ImageKit.url` and names of transformations, which make one step, after those of
    `transformation`.
``{{ imagekit_img(photo, alt="Red shoe", width=400) }}``
    An ``<img>``, with the options of `ImageKit.img_tag`.
``{{ photo | imagekit_picture(alt="Red shoe", width=400) }}``
    A ``<picture>``, with the options of `ImageKit.picture_tag`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...html.markup import Markup
from ...suggestions import did_you_mean
from ...urls.building import OPTIONS
from ...urls.transformations.names import KNOWN_NAMES
from ...urls.transformations.steps import list_steps

if TYPE_CHECKING:
    from flask import Flask

    from ...client import ImageKit


def register_pictures(app: Flask, client: ImageKit) -> None:
    """Give the templates of an application the functions of this module."""
    pictures = Pictures(client)
    for function in (pictures.imagekit_url, pictures.imagekit_img, pictures.imagekit_picture):
        app.add_template_global(function)
        app.add_template_filter(function)


class Pictures:
    """The functions for templates.

    Args:
        client: Client that builds the URLs.
    """

    def __init__(self, client: ImageKit) -> None:
        self._client = client

    def imagekit_url(self, picture: object, **options: Any) -> str:
        """Return the URL of a picture or another file.

        Raises:
            TypeError, ValueError: `picture` or an option is not valid.
        """
        step = {name: options.pop(name) for name in [*options] if name not in OPTIONS}
        for name in step:
            if name not in KNOWN_NAMES:
                raise TypeError(f"unknown option {name!r}{did_you_mean(name, OPTIONS | KNOWN_NAMES)}")
        if step:
            options["transformation"] = [*list_steps(options.get("transformation")), step]
        source = _name_picture(picture)
        if "file" in source:
            source = {"path": source["file"].file_path}
        return self._client.url({**source, **options}) if source else ""

    def imagekit_img(self, picture: object, *, alt: str, **options: Any) -> Markup:
        """Return an ``<img>``.

        Raises:
            TypeError, ValueError: `picture` or an option is not valid.
        """
        source = _name_picture(picture)
        return self._client.img_tag({**source, **options}, alt=alt) if source else Markup()

    def imagekit_picture(self, picture: object, *, alt: str, **options: Any) -> Markup:
        """Return a ``<picture>``.

        Raises:
            TypeError, ValueError: `picture` or an option is not valid.
        """
        source = _name_picture(picture)
        return self._client.picture_tag(source, alt=alt, **options) if source else Markup()


def _name_picture(picture: object) -> dict[str, Any]:
    """Return the option of `img_tag` that names a picture; none if there is no picture."""
    if not picture:  # Jinja's Undefined too, unless the application has a stricter one
        return {}
    if isinstance(picture, str):
        return {"src" if picture.startswith(("https://", "http://")) else "path": picture}
    if hasattr(picture, "file_path"):
        return {"file": picture}
    raise TypeError(f"a picture must be a path, a URL or a file of ImageKit (got {type(picture).__name__})")
