"""`imagekit_url`, `imagekit_img` and `imagekit_picture` for Django's Jinja2 backend, as functions and as filters.

::

    TEMPLATES = [
        {
            "BACKEND": "django.template.backends.jinja2.Jinja2",
            "OPTIONS": {"extensions": ["imagekitio.contrib.django.jinja2.ImageKitExtension"]},
            ...
        }
    ]

    {{ imagekit_img(shoe.photo, width=400, alt=shoe.name) }}
    <a href="{{ shoe.photo|imagekit_url }}">
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2.ext import Extension

from .pictures import pictures

if TYPE_CHECKING:
    from jinja2 import Environment


class ImageKitExtension(Extension):
    """Extension that adds the functions of `pictures` to an environment, as globals and as filters."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        environment.globals.update(pictures.functions)
        environment.filters.update(pictures.functions)
