"""URLs and pictures in templates: what the tags of Django and the functions of Jinja2 do. Sends nothing.

The picture is the first argument: a file of a model whose storage is an `ImageKitStorage`, a path in the media library,
a URL, or a `FileResult`; of a model's file, the sizes come from its `width_field` and `height_field`. An empty one, such
as that of a row without a picture, gives an empty text.

`imagekit_url(photo, width=200, height=100, quality=80)`
    Options are those of `ImageKit.url` and names of transformations, which make one step, after those of
    `transformation`.
`imagekit_img(photo, alt="Red shoe", width=400, sizes="(max-width: 600px) 100vw, 400px")`
    An ``<img>``, as `ImageKit.img_tag` writes it. `width` and `height` are the size at which it is shown, in CSS pixels;
    with both, the picture is cropped to that shape. Other names of transformations make one step, as above. Attributes
    of HTML are `class`, `id`, `style`, `title`, `data_…` and `aria_…`; all others go into the dict `attributes`.
`imagekit_picture(photo, alt="Red shoe", width=400, formats="avif,webp")`
    A ``<picture>``, as `ImageKit.picture_tag` writes it, with the options of `imagekit_img`, `formats` and `sources`.

`transformation` is a list of steps, or text as it stands in a URL, such as ``w-200,h-100:rt-90``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models.fields.files import FieldFile
from django.utils.functional import Promise

from ...html.markup import Markup
from ...html.options import IMG_OPTIONS
from ...suggestions import did_you_mean
from ...urls.building import OPTIONS
from ...urls.transformations.names import KNOWN_NAMES
from ...urls.transformations.steps import list_steps
from .configuration import get_client
from .storage import ImageKitStorage

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from ...client import ImageKit
    from ...html.options import PictureSource

_URL_OPTIONS = OPTIONS - {"path", "src"}
_IMG_OPTIONS = (IMG_OPTIONS - {"file"}) | _URL_OPTIONS
_EXPIRY = frozenset({"expire_seconds", "expires_at"})
_HTML_ATTRIBUTES = frozenset({"class", "id", "style", "title"})
_HTML_PREFIXES = ("data_", "aria_")
# Transformations that need the size to which they crop.
_CROPPING = frozenset({"aspect_ratio", "ar", "crop", "c", "crop_mode", "cm", "focus", "fo"})
_DENSITY = 2  # pixels of a cropped picture in each CSS pixel, so that it is sharp on 2x screens


@dataclass(frozen=True)
class _Record:
    """A file of a model, as `img_tag` takes it."""

    file_path: str
    width: int | None
    height: int | None


def imagekit_url(source: object, **options: Any) -> str:
    """Return the URL of a picture or another file; see the module for options.

    Raises:
        TypeError: An option is unknown, or `source` is no file of ImageKit.
        ValueError: The value of an option is not valid.
    """
    found = _find_picture(source)
    if found is None:
        return ""
    client, picture = found
    own, step = _split_options(options, _URL_OPTIONS)
    if "file" in picture:
        picture["path"] = picture.pop("file").file_path
    return client.url(_join_options(picture, own, step))


def imagekit_img(source: object, *, alt: str, **options: Any) -> Markup:
    """Return an ``<img>``; see the module for options.

    Raises:
        TypeError: An option is unknown, or `source` is no file of ImageKit.
        ValueError: The value of an option is not valid.
    """
    found = _find_picture(source)
    if found is None:
        return Markup()
    client, picture = found
    return client.img_tag(_read_img_options(picture, options), alt=_resolve(alt))


def imagekit_picture(
    source: object,
    *,
    alt: str,
    formats: str | Sequence[str] = ("avif", "webp"),
    sources: Sequence[PictureSource | Mapping[str, Any]] = (),
    **options: Any,
) -> Markup:
    """Return a ``<picture>``; see the module for options.

    Args:
        source: The picture.
        alt: Text for those who do not see it.
        formats: Formats, the best first, in a list or as text with commas.
        sources: Pictures for some screens; see `ImageKit.picture_tag`.
        options: More options.
    Raises:
        TypeError: An option is unknown, or `source` is no file of ImageKit.
        ValueError: The value of an option is not valid.
    """
    found = _find_picture(source)
    if found is None:
        return Markup()
    client, picture = found
    names = formats.replace(",", " ").split() if isinstance(formats, str) else formats
    return client.picture_tag(_read_img_options(picture, options), alt=_resolve(alt), formats=names, sources=sources)


def _find_picture(source: object) -> tuple[ImageKit, dict[str, Any]] | None:
    """Return the client, and options that name the picture and sign its URL; None if there is no picture."""
    if not source:
        return None
    if isinstance(source, FieldFile):
        return _find_model_file(source)
    if isinstance(source, str):
        return get_client(), {"src" if source.startswith(("https://", "http://")) else "path": source}
    if hasattr(source, "file_path"):
        return get_client(), {"file": source}
    raise TypeError(
        f"a picture must be a file of a model, a path, a URL or a FileResult (got {type(source).__name__})"
    )


def _find_model_file(file: FieldFile) -> tuple[ImageKit, dict[str, Any]]:
    if not isinstance(file.storage, ImageKitStorage):
        raise TypeError(
            f"{file.field} is stored by {type(file.storage).__name__}; a picture must be on an ImageKitStorage"
        )
    assert file.name is not None
    options = file.storage.get_url_options(file.name)
    # Not `file.width`, which downloads the picture to measure it.
    width, height = (
        getattr(file.instance, name) if (name := getattr(file.field, f"{side}_field", None)) else None
        for side in ("width", "height")
    )
    return file.storage.client, {**options, "file": _Record(options.pop("path"), width, height)}


def _read_img_options(picture: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options of `img_tag` for those of `imagekit_img`."""
    attributes = {name: _resolve(value) for name, value in options.items() if _is_attribute(name)}
    others = {name: value for name, value in options.items() if name not in attributes}
    own, step = _split_options(others, _IMG_OPTIONS, hint=_HTML_ATTRIBUTES)
    if attributes:
        written = {name.replace("_", "-"): value for name, value in attributes.items()}
        own["attributes"] = {**(own.get("attributes") or {}), **written}
    sides = {side: _read_pixels(own[side]) for side in ("width", "height") if own.get(side) is not None}
    if len(sides) == 2 or not _CROPPING.isdisjoint(step):
        step = {**{side: pixels * _DENSITY for side, pixels in sides.items()}, **step}
    return _join_options(picture, {**own, **sides}, step)


def _split_options(
    options: Mapping[str, Any], known: Collection[str], *, hint: Collection[str] = ()
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the options that are `known`, and the transformations, as one step; `hint` has more names to suggest."""
    own = {name: value for name, value in options.items() if name in known}
    step = {name: value for name, value in options.items() if name not in own}
    for name in step:
        if name not in KNOWN_NAMES:
            raise TypeError(f"unknown option {name!r}{did_you_mean(name, {*known, *hint, *KNOWN_NAMES})}")
    return own, step


def _join_options(picture: Mapping[str, Any], own: Mapping[str, Any], step: Mapping[str, Any]) -> dict[str, Any]:
    """Return options of `url` or `img_tag`, with `step` as the last of the steps."""
    given = own.get("transformation")
    steps = [{"raw": given}] if isinstance(given, str) else [*list_steps(given)]
    if not _EXPIRY.isdisjoint(own):  # replaces that of the storage
        picture = {name: value for name, value in picture.items() if name not in _EXPIRY}
    return {**picture, **own, "transformation": [*steps, step] if step else steps}


def _is_attribute(name: str) -> bool:
    return name in _HTML_ATTRIBUTES or name.startswith(_HTML_PREFIXES)


def _resolve(text: Any) -> Any:
    """Return the text of a lazy translation, as ``_("Red shoe")`` in a template is; all else stays as it is."""
    return str(text) if isinstance(text, Promise) else text


def _read_pixels(side: Any) -> Any:
    """Return a side as a number, which a template may write as text; what is no number is left to `img_tag`."""
    return int(side) if isinstance(side, str) and side.isdecimal() else side
