"""URLs and pictures in templates, for Django's tags and Jinja2's functions. Sends nothing.

The picture is the first argument: a path in the media library, a URL, or a `FileResult`; in Django, also a file of a
model. An empty value, such as that of a row without a picture, gives an empty string.

`imagekit_url(photo, width=200, height=100, quality=80)`
    Takes the options of `ImageKit.url` and names of transformations. The latter form one step, after those of
    `transformation`.
`imagekit_img(photo, alt="Red shoe", width=400, sizes="(max-width: 600px) 100vw, 400px")`
    An ``<img>``, as `ImageKit.img_tag` writes it. `width` and `height` are the displayed size in CSS pixels; with both,
    the picture is cropped to that shape. Other names of transformations form one step, as above. The HTML attributes
    are `class` (or `class_`), `id`, `style`, `title`, `data_…` and `aria_…`; pass others in the dict `attributes`.
`imagekit_picture(photo, alt="Red shoe", width=400, formats="avif,webp")`
    A ``<picture>``, as `ImageKit.picture_tag` writes it, with the options of `imagekit_img`, `formats` and `sources`.

`transformation` is a list of steps, or a string as in a URL, such as ``w-200,h-100:rt-90``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ..html.markup import Markup
from ..html.options import IMG_OPTIONS
from ..suggestions import did_you_mean
from ..urls.building import OPTIONS
from ..urls.responsive import check_width
from ..urls.transformations.names import KNOWN_NAMES
from ..urls.transformations.steps import list_steps

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from ..client import ImageKit
    from ..html.options import PictureSource

_URL_OPTIONS = OPTIONS - {"path", "src"}
_IMG_OPTIONS = (IMG_OPTIONS - {"file"}) | _URL_OPTIONS
_HTML_ATTRIBUTES = frozenset({"class", "id", "style", "title"})
_HTML_PREFIXES = ("data_", "aria_")
# Transformations that need the size to which they crop.
_CROPPING = frozenset({"aspect_ratio", "ar", "crop", "c", "crop_mode", "cm", "focus", "fo"})
_DENSITY = 2  # pixels of a cropped picture in each CSS pixel, so that it is sharp on 2x screens


class Picture(NamedTuple):
    """A picture, and the options of a tag.

    Attributes:
        client: Client of its account.
        options: Options of `ImageKit.url` or `img_tag`, including those that sign the URL.
        address: `path` or `src`.
        file: `FileResult` or similar; None if only the address is known.
    """

    client: ImageKit
    options: dict[str, Any]
    address: dict[str, str]
    file: object = None

    @property
    def shown(self) -> dict[str, Any]:
        """The option of `img_tag` that names the picture."""
        return self.address if self.file is None else {"file": self.file}


class Pictures:
    """Template functions. A framework with its own pictures overrides `find` and `resolve`.

    Args:
        find_client: Function that returns the client that builds the URLs.
    """

    def __init__(self, find_client: Callable[[], ImageKit]) -> None:
        self._find_client = find_client

    def find(self, source: object, options: dict[str, Any]) -> Picture | None:
        """Return the picture with the options of the tag; None if there is no picture.

        Raises:
            TypeError: `source` is not a picture.
        """
        if not source:  # Jinja's Undefined too, unless the application has a stricter one
            return None
        if isinstance(source, str):
            name = "src" if source.startswith(("https://", "http://")) else "path"
            return Picture(self._find_client(), options, {name: source})
        if (path := getattr(source, "file_path", None)) is not None:
            return Picture(self._find_client(), options, {"path": path}, source)
        raise TypeError(f"a picture must be a path, a URL or an ImageKit file (got {type(source).__name__})")

    def resolve(self, text: Any) -> Any:
        """Return the text that a value of the framework stands for; other values unchanged."""
        return text

    @property
    def functions(self) -> dict[str, Callable[..., str]]:
        """The functions by their names in templates."""
        return {
            "imagekit_img": self.imagekit_img,
            "imagekit_picture": self.imagekit_picture,
            "imagekit_url": self.imagekit_url,
        }

    def imagekit_url(self, source: object, /, **options: Any) -> str:
        """Return the URL of a picture or another file; see the module for options.

        Raises:
            TypeError: An option is unknown, or `source` is not an ImageKit file.
            ValueError: The value of an option is not valid.
        """
        picture = self.find(source, _add_step(*_split_options(options, _URL_OPTIONS, _URL_OPTIONS)))
        return "" if picture is None else picture.client.url({**picture.options, **picture.address})

    def imagekit_img(self, source: object, /, *, alt: str, **options: Any) -> Markup:
        """Return an ``<img>``; see the module for options.

        Raises:
            TypeError: An option is unknown, or `source` is not an ImageKit file.
            ValueError: The value of an option is not valid.
        """
        picture = self.find(source, self._read_img_options(options))
        if picture is None:
            return Markup()
        return picture.client.img_tag({**picture.options, **picture.shown}, alt=self.resolve(alt))

    def imagekit_picture(
        self,
        source: object,
        /,
        *,
        alt: str,
        formats: str | Sequence[str] = ("avif", "webp"),
        sources: Sequence[PictureSource | Mapping[str, Any]] = (),
        **options: Any,
    ) -> Markup:
        """Return a ``<picture>``; see the module for options.

        Args:
            source: The picture.
            alt: Text for people who cannot see it.
            formats: Formats, the best first, as a list or as a str with commas.
            sources: Pictures for some screens; see `ImageKit.picture_tag`.
            options: More options.
        Raises:
            TypeError: An option is unknown, or `source` is not an ImageKit file.
            ValueError: The value of an option is not valid.
        """
        picture = self.find(source, self._read_img_options(options))
        if picture is None:
            return Markup()
        names = formats.replace(",", " ").split() if isinstance(formats, str) else formats
        return picture.client.picture_tag(
            {**picture.options, **picture.shown}, alt=self.resolve(alt), formats=names, sources=sources
        )

    def _read_img_options(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """Convert the options of `imagekit_img` to those of `ImageKit.img_tag`."""
        attributes = {name: self.resolve(value) for name, value in options.items() if _is_attribute(name)}
        others = {name: value for name, value in options.items() if name not in attributes}
        own, step = _split_options(others, _IMG_OPTIONS, (_IMG_OPTIONS - {"class_"}) | _HTML_ATTRIBUTES)
        if attributes:
            written = {name.replace("_", "-"): value for name, value in attributes.items()}
            own["attributes"] = {**(own.get("attributes") or {}), **written}
        sides = {side: _read_pixels(side, own[side]) for side in ("width", "height") if own.get(side) is not None}
        if len(sides) == 2 or not _CROPPING.isdisjoint(step):
            step = {**{side: pixels * _DENSITY for side, pixels in sides.items()}, **step}
        return _add_step({**own, **sides}, step)


def _split_options(
    options: Mapping[str, Any], own_names: Collection[str], suggested: Collection[str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Split options into those with one of `own_names` and the others, which must all be transformations.

    Raises:
        TypeError: An option is neither; the message suggests the nearest name of the transformations and `suggested`.
    """
    own = {name: value for name, value in options.items() if name in own_names}
    step = {name: value for name, value in options.items() if name not in own}
    for name in step:
        if name not in KNOWN_NAMES:
            raise TypeError(f"unknown option {name!r}{did_you_mean(name, {*suggested, *KNOWN_NAMES})}")
    return own, step


def _add_step(options: Mapping[str, Any], step: Mapping[str, Any]) -> dict[str, Any]:
    given = options.get("transformation")
    steps = [{"raw": given}] if isinstance(given, str) else [*list_steps(given)]
    return {**options, "transformation": [*steps, step] if step else steps}


def _is_attribute(name: str) -> bool:
    return name in _HTML_ATTRIBUTES or name.startswith(_HTML_PREFIXES)


def _read_pixels(name: str, side: Any) -> Any:
    """Return a side as a number; templates may pass it as a str.

    Raises:
        TypeError, ValueError: `side` is not a number above 0.
    """
    pixels = int(side) if isinstance(side, str) and side.isdecimal() else side
    check_width(name, pixels)
    return pixels
