"""``{% load imagekit %}``: the tags ``imagekit_url``, ``imagekit_img`` and ``imagekit_picture``; see
`imagekitio.contrib.pictures` for their options.

::

    {% imagekit_url shoe.photo width=200 %}
    {% imagekit_img shoe.photo width=400 sizes="(max-width: 600px) 100vw, 400px" alt=shoe.name class="photo" %}
    {% imagekit_picture shoe.photo width=400 alt=shoe.name as photo %}

If django-imagekit is installed too, whose library has the same name, rename this one with the option ``libraries`` of
`DjangoTemplates`: ``{"imagekitio": "imagekitio.contrib.django.templatetags.imagekit"}``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template

from ..pictures import pictures

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ....html.options import PictureSource

register: template.Library = template.Library()


@register.simple_tag
def imagekit_url(source: object, **options: Any) -> str:
    """Write the URL of a picture or another file."""
    try:
        return pictures.imagekit_url(source, **options)
    except TypeError as error:
        raise template.TemplateSyntaxError(f"imagekit_url: {error}") from error


@register.simple_tag
def imagekit_img(source: object, *, alt: str, **options: Any) -> str:
    """Write an ``<img>``."""
    try:
        return pictures.imagekit_img(source, alt=alt, **options)
    except TypeError as error:
        raise template.TemplateSyntaxError(f"imagekit_img: {error}") from error


@register.simple_tag
def imagekit_picture(
    source: object,
    *,
    alt: str,
    formats: str | Sequence[str] = ("avif", "webp"),
    sources: Sequence[PictureSource | Mapping[str, Any]] = (),
    **options: Any,
) -> str:
    """Write a ``<picture>``."""
    try:
        return pictures.imagekit_picture(source, alt=alt, formats=formats, sources=sources, **options)
    except TypeError as error:
        raise template.TemplateSyntaxError(f"imagekit_picture: {error}") from error
