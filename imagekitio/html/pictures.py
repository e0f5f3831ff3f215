"""Write ``<img>`` and ``<picture>`` elements that let the browser choose a file.

Source: ImageKit docs, "Responsive images"; HTML standard, section 4.8, "Embedded content".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from ..suggestions import did_you_mean
from ..urls.quoting import check_text
from ..urls.responsive import check_width, get_responsive_image_attributes
from ..urls.transformations.steps import list_steps
from .markup import Markup, check_attributes, write_tag
from .options import IMG_OPTIONS, SHOWN_OPTIONS, SOURCE_OPTIONS, split_options
from .renditions import find_size, is_transparent, read_steps

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .options import ImageFile

    BuildUrl = Callable[[dict[str, Any]], str]
    AddDefaults = Callable[[dict[str, Any]], dict[str, Any]]

# Source: ImageKit docs, parameter `f`; those that an ``<img>`` can show.
MEDIA_TYPES = {
    "avif": "image/avif",
    "gif": "image/gif",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
}
# A few hundred bytes. Without the blur, the few pixels would show as squares.
PLACEHOLDER_STEP: dict[str, object] = {"width": 32, "crop": "at_max", "blur": 2}

_CHOICES = {
    "loading": ("lazy", "eager"),
    "fetchpriority": ("high", "low", "auto"),
    "decoding": ("async", "sync", "auto"),
    "placeholder": ("blur",),
}
_WRITTEN = frozenset({"alt", "decoding", "fetchpriority", "height", "loading", "sizes", "src", "srcset", "width"})
_NAMING_THE_PICTURE = frozenset({"file", "path", "src"})


def img_tag(
    build_url: BuildUrl, add_defaults: AddDefaults, alt: object, options: object, keywords: Mapping[str, Any]
) -> Markup:
    """Return an ``<img>``; see `Client.img_tag`."""
    own, urls = split_options(options, keywords, IMG_OPTIONS)
    shown = {name: own.pop(name) for name in SHOWN_OPTIONS & own.keys()}
    return Markup(_write_img(Picture(build_url, add_defaults(urls), **shown), alt, **own))


def picture_tag(
    build_url: BuildUrl,
    add_defaults: AddDefaults,
    alt: object,
    formats: object,
    sources: object,
    options: object,
    keywords: Mapping[str, Any],
) -> Markup:
    """Return a ``<picture>``; see `Client.picture_tag`."""
    names = _read_formats(formats)
    own, urls = split_options(options, keywords, IMG_OPTIONS)
    urls = add_defaults(urls)
    shown = {name: own.pop(name) for name in SHOWN_OPTIONS & own.keys()}
    picture = Picture(build_url, urls, **shown)
    img = _write_img(picture, alt, **own)
    tags: list[str] = []
    for source in _read_sources(sources):
        source_own, source_urls = split_options(source, {}, SOURCE_OPTIONS)
        media = source_own.pop("media")
        other = Picture(build_url, **_inherit(urls, shown, source_urls, source_own))
        # With neither side, it would get both sides of the `<img>` and be distorted.
        width = other.width if other.width or other.height else picture.width
        for name in (*names, None):  # None: for browsers that support none of them
            tags.append(_write_source(other, name, media=media, width=width, height=other.height))
    tags += [_write_source(picture, name) for name in names]
    return Markup(f"<picture>{''.join(tags)}{img}</picture>")


class Picture:
    """A picture and the size at which it is shown: the common part of ``<img>`` and ``<source>``.

    Attributes:
        width, height: The attributes with these names, in CSS pixels; None if not known.

    Args:
        build_url: `UrlBuilder.url`.
        options: Options for `build_url`, with the client's defaults.
        file, width, height, sizes, device_breakpoints, image_breakpoints: See `ShownOptions`.
    Raises:
        TypeError, ValueError: An option is not valid.
    """

    def __init__(
        self,
        build_url: BuildUrl,
        options: Mapping[str, Any],
        *,
        file: ImageFile | None = None,
        width: float | None = None,
        height: float | None = None,
        sizes: str | None = None,
        device_breakpoints: Sequence[float] | None = None,
        image_breakpoints: Sequence[float] | None = None,
    ) -> None:
        for name, side in (("width", width), ("height", height)):
            if side is not None:
                check_width(name, side)
        self._build_url = build_url
        self._options = options if file is None else _add_path(options, file)
        self._file = file
        self._steps = read_steps(options.get("transformation"))
        size = find_size(self._steps, file)
        is_given = width is not None or height is not None
        if size is not None and width is None and height is not None:
            width = height * size.width / size.height
        elif size is not None and height is None and width is not None:
            height = width * size.height / size.width
        self._candidates: dict[str, Any] = {
            "width": width,
            "sizes": sizes,
            "device_breakpoints": device_breakpoints,
            "image_breakpoints": image_breakpoints,
            "max_width": size and size.width,
        }
        if size is not None and not is_given:
            width, height = size
        self.width: int | None = _to_pixels(width)
        self.height: int | None = _to_pixels(height)

    def list_candidates(self, image_format: str | None = None) -> dict[str, str | None]:
        """Return `sizes`, `srcset` and `src`.

        Args:
            image_format: Format of the candidates; by default, the one that the service or the steps choose.
        """

        def build_url(options: dict[str, Any]) -> str:
            # Last, because the last of several formats counts; None adds no step.
            steps = [*list_steps(options.get("transformation")), {"format": image_format}]
            return self._build_url({**options, "transformation": steps})

        found = get_responsive_image_attributes(build_url, self._options, **self._candidates)
        return {"sizes": found.sizes, "srcset": found.srcset, "src": found.src}

    def write_placeholder(self) -> str | None:
        """Return CSS that shows a tiny blurred version; None if it would stay visible behind transparent parts."""
        if is_transparent(self._steps, self._file):
            return None
        steps = [*list_steps(self._options.get("transformation")), PLACEHOLDER_STEP]
        url = self._build_url({**self._options, "transformation": steps})
        # Nothing to escape: a valid URL contains no characters that are special in a CSS string.
        return f'background:url("{url}") center/cover no-repeat'


def _write_img(
    picture: Picture,
    alt: object,
    *,
    loading: str | None = None,
    fetchpriority: str | None = None,
    decoding: str | None = None,
    class_: str | None = None,
    placeholder: str | None = None,
    attributes: Mapping[str, object] | None = None,
) -> str:
    if not isinstance(alt, str):
        raise TypeError(f"alt must be text, or '' for a purely decorative picture (got {type(alt).__name__})")
    chosen = {"loading": loading, "fetchpriority": fetchpriority, "decoding": decoding, "placeholder": placeholder}
    for name, value in chosen.items():
        if value is not None and value not in _CHOICES[name]:
            raise ValueError(f"{name} must be {' or '.join(map(repr, _CHOICES[name]))} (got {value!r})")
    reserved = _WRITTEN if class_ is None else _WRITTEN | {"class"}
    more = check_attributes(attributes, reserved=reserved)
    if placeholder is not None:
        # The caller's declarations come last, so they override ours.
        styles = [picture.write_placeholder(), *(more.pop(name) for name in [*more] if name.lower() == "style")]
        more["style"] = ";".join(check_text("style", style) for style in styles if style not in (None, False)) or None
    return write_tag(
        "img",
        {
            "alt": alt,
            "class": None if class_ is None else check_text("class_", class_),
            "width": picture.width,
            "height": picture.height,
            "loading": loading or ("eager" if fetchpriority == "high" else "lazy"),
            "fetchpriority": fetchpriority,
            "decoding": decoding,
            **more,
            **picture.list_candidates(),  # last: some browsers start loading as soon as they have read `src`
        },
    )


def _write_source(picture: Picture, image_format: str | None, **attributes: object) -> str:
    media_type = None if image_format is None else MEDIA_TYPES[image_format]
    candidates = picture.list_candidates(image_format)
    # A `<source>` has no `src`, and needs a candidate.
    srcset = candidates["srcset"] or candidates["src"]
    return write_tag("source", {"type": media_type, **attributes, "sizes": candidates["sizes"], "srcset": srcset})


def _inherit(
    urls: Mapping[str, Any], shown: Mapping[str, Any], source_urls: Mapping[str, Any], source_own: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the options of a source, which inherits all that it leaves out, except the height, from the picture."""
    replaced = {"height"}
    if source_own.get("height") is not None:
        replaced.add("width")
    if not _NAMING_THE_PICTURE.isdisjoint({*source_urls, *source_own}):
        replaced |= _NAMING_THE_PICTURE
    kept, kept_shown = ({k: v for k, v in given.items() if k not in replaced} for given in (urls, shown))
    return {"options": {**kept, **source_urls}, **kept_shown, **source_own}


def _add_path(options: Mapping[str, Any], file: object) -> dict[str, Any]:
    path = getattr(file, "file_path", file)
    if path is file:
        raise TypeError(f"file must be a FileResult or an UploadFileResult; a path goes into path=… (got {file!r})")
    if not path:
        raise ValueError(f"file must be a file of the media library, which has a file_path (got {file!r})")
    if options.get("path") or options.get("src"):
        raise ValueError("file, path and src conflict: pass only one of them")
    return {**options, "path": path}


def _read_sources(sources: object) -> list[Mapping[str, Any]]:
    if isinstance(sources, (str, Mapping)) or not isinstance(sources, Iterable):
        raise TypeError(f"sources must be a list of dicts, each with a media query (got {sources!r})")
    read: list[Mapping[str, Any]] = []
    for source in sources:
        if not isinstance(source, Mapping):
            raise TypeError(
                f"every entry of sources must be a dict such as {{'media': '(max-width: 600px)'}} (got {source!r})"
            )
        if not source.get("media"):
            raise ValueError(
                f"every entry of sources needs a media query, such as '(max-width: 600px)' (got {source!r})"
            )
        check_text("media", source["media"])
        read.append(source)
    return read


def _read_formats(formats: object) -> list[str]:
    if isinstance(formats, str) or not isinstance(formats, Iterable):
        raise TypeError(f"formats must be a list such as ['avif', 'webp'] (got {formats!r})")
    names = list(formats)
    for name in names:
        if check_text("a name in formats", name) not in MEDIA_TYPES:
            raise ValueError(f"unknown format {name!r}{did_you_mean(name, MEDIA_TYPES)}")
    return names


def _to_pixels(length: float | None) -> int | None:
    """Return whole CSS pixels, as HTML requires."""
    return None if length is None else max(1, int(length + 0.5))
