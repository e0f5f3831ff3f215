"""URLs and pictures in Flask templates: the functions of `imagekitio.contrib.pictures`, which are also filters.

::

    {{ imagekit_img(photo, alt="Red shoe", width=400) }}
    <a href="{{ photo | imagekit_url(width=1600) }}">
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..pictures import Pictures

if TYPE_CHECKING:
    from flask import Flask

    from ...client import ImageKit


def register_pictures(app: Flask, client: ImageKit) -> None:
    """Add the functions to the templates of an application."""
    for name, function in Pictures(lambda: client).functions.items():
        app.add_template_global(function, name)
        app.add_template_filter(function, name)
