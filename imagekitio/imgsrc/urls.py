"""Delivery URLs of img-src.io for public images, built by pure functions. Only the API creates links to private ones.

Source: img-src docs, "Image transformations", "Presets" and "Signed URLs".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, TypedDict

from ..suggestions import did_you_mean
from ..urls.building import write_query
from ..urls.endpoint import quote_absolute
from ..urls.quoting import check_text, quote_component, quote_segments
from ..urls.responsive import ResponsiveImageAttributes, describe_candidates
from .parameters import (
    EXTENSION_OF_FORMAT,
    FORMAT_OF_EXTENSION,
    PRESET_PREFIX,
    SHORT_NAMES,
    check_preset_name,
    encode,
    read_format,
    split_extension,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

DELIVERY_URL: str = "https://img-src.io/i"


class ImageOptions(TypedDict, total=False):
    """The options of `UrlOptions` that also apply to responsive images, whose candidates differ in size."""

    path: str | None
    format: Literal["webp", "avif", "jpeg", "jpg", "png", "jxl"] | None
    preset: str | Iterable[str] | None
    transformation: Mapping[str, Any] | None
    fit: Literal["cover", "contain", "fill", "scale-down"] | None
    aspect: Literal["original", "1:1", "4:3", "16:9", "3:2", "21:9"] | None
    aspect_ratio: Literal["original", "1:1", "4:3", "16:9", "3:2", "21:9"] | None
    q: float | str | None
    quality: float | str | None
    crop: (
        Literal["center", "top", "bottom", "left", "right", "top-left", "top-right", "bottom-left", "bottom-right"]
        | Literal["attention", "entropy"]
        | None
    )
    grayscale: bool | Literal["true", "false"] | None
    blur: float | str | None
    sharpen: float | str | None
    rotate: Literal[0, 90, 180, 270, "0", "90", "180", "270", "auto"] | None
    flip: Literal["h", "v", "both"] | None
    query_parameters: Mapping[str, Any] | None
    delivery_url: str | None
    username: str | None


class UrlOptions(ImageOptions, total=False):
    """The options of `Imgsrc.url`, as keywords or as a dict, whose keys may also be camelCase. None omits an option.

    path: Path of the image in the account, such as ``trips/oslo.png``, not percent-encoded. A leading slash is dropped.
    format: Format to convert to: ``webp``, ``avif``, ``jpeg`` (or ``jpg``), ``png`` or ``jxl``. It replaces the
        extension of `path`, or is added if the path has none of an image.
    preset: Name of a preset, or several.
    transformation: Parameters and `format` as a dict, in addition to keywords or instead of them.
    w, width: Width in pixels, from 1 to 10000.
    h, height: Height in pixels, from 1 to 10000.
    fit: How to fill width and height: ``cover``, ``contain``, ``fill`` (stretch) or ``scale-down`` (never enlarge).
    aspect, aspect_ratio: Proportions: ``original``, ``1:1``, ``4:3``, ``16:9``, ``3:2`` or ``21:9``.
    q, quality: Quality of lossy formats, from 1 to 100.
    dpr: Factor for dense screens: 1, 1.5, 2 or 3.
    crop: What ``cover`` keeps: ``center``, a side, a corner such as ``top-left``, ``attention`` or ``entropy``.
    grayscale: Whether to remove the colours.
    blur: Gaussian blur, from 0 to 100.
    sharpen: Sharpening, from 0 to 100.
    rotate: Degrees clockwise: 0, 90, 180 or 270; or ``auto``, according to the camera's orientation.
    flip: ``h`` (left and right), ``v`` (top and bottom) or ``both``.
    query_parameters: More parameters for the end of the query, unchecked. They must not repeat other options. A list
        repeats its name.
    delivery_url: The beginning of the URL to use instead of the client's, such as ``https://cdn.img-src.io``.
    username: Owner of the image, instead of the client's.
    """

    w: float | str | None
    width: float | str | None
    h: float | str | None
    height: float | str | None
    dpr: float | str | None


_IN_TRANSFORMATION = {**SHORT_NAMES, "format": "format"}
_OPTIONS = {
    **_IN_TRANSFORMATION,
    **{name: name for name in ("path", "preset", "transformation", "query_parameters", "delivery_url", "username")},
    "queryParameters": "query_parameters",
    "deliveryUrl": "delivery_url",
}
# In lower case and without underscores.
_OF_SIGNED_LINKS = frozenset(
    [
        "exp",
        "expire",
        "expires",
        "expiry",
        "expiresat",
        "expirein",
        "expiresin",
        "expireseconds",
        "expiresinseconds",
        "expiresecs",
        "sig",
        "sign",
        "signed",
        "signature",
        "signedurl",
        "token",
        "ttl",
    ]
)


def build_url(
    options: UrlOptions | Mapping[str, Any] | None = None,
    keywords: Mapping[str, Any] | None = None,
    *,
    delivery_url: str = DELIVERY_URL,
    username: str | None = None,
) -> str:
    """Build the URL of an image.

    Presets come first in the query, then the parameters in the given order.

    Args:
        options: The options as a dict; see `UrlOptions`.
        keywords: More options, which take precedence over `options`.
        delivery_url: The beginning of all URLs; the option of this name takes precedence.
        username: Owner of the image; the option of this name takes precedence.
    Returns:
        A URL in ASCII, in which HTML needs nothing but ``&`` escaped. Empty if the path is empty or None, so that a
        template may pass the path of an image that does not exist.
    Raises:
        TypeError: An option is unknown, given in two spellings, or of the wrong type.
        ValueError: There is no path or no username, or an option is not valid.
    """
    given = _merge_options(options, keywords)
    if "path" not in given:
        raise ValueError('url() needs a path, such as path="trips/oslo.png"')
    path = given["path"]
    query = "&".join(
        [
            *[PRESET_PREFIX + name for name in _read_presets(given.get("preset"))],
            # No value needs encoding; the colon of aspect=16:9 stays, as the service writes it.
            *[f"{name}={value}" for name, value in given.items() if name in SHORT_NAMES and value is not None],
            *_write_others(given.get("query_parameters"), given),
        ]
    )
    extension = None if given.get("format") is None else EXTENSION_OF_FORMAT[read_format(given["format"])]
    if path is None or path == "":
        return ""
    path = _check_path(path)
    prefix = write_prefix(
        delivery_url if given.get("delivery_url") is None else given["delivery_url"],
        username if given.get("username") is None else given["username"],
    )
    url = prefix + quote_segments(path if extension is None else replace_extension(path, extension))
    return f"{url}?{query}" if query else url


def get_responsive_image_attributes(
    options: UrlOptions | Mapping[str, Any] | None = None,
    keywords: Mapping[str, Any] | None = None,
    *,
    delivery_url: str = DELIVERY_URL,
    username: str | None = None,
    width: float | None = None,
    sizes: str | None = None,
    device_breakpoints: Sequence[float] | None = None,
    image_breakpoints: Sequence[float] | None = None,
) -> ResponsiveImageAttributes:
    """Return `src`, `srcset`, `sizes` and `width` for an ``<img>`` that lets the browser choose a width.

    No candidate is enlarged (``fit=scale-down``), unless `options` have a fit, proportions to crop to, or a preset,
    which may set either. The widths of the candidates override that of a preset, but not its height, so presets for
    responsive images should not set one.

    Args:
        options: The options of `build_url` without `w`, `h` and `dpr`, because each candidate has its own width.
        keywords: More options, which take precedence over `options`.
        delivery_url: See `build_url`.
        username: See `build_url`.
        width: Width at which the image is shown, in CSS pixels; gives candidates for 1x and 2x screens.
        sizes: The `sizes` attribute; candidates narrower than the smallest of its ``vw`` values are left out.
        device_breakpoints: Screen widths that get a candidate, in whole pixels.
        image_breakpoints: Widths of smaller images that get a candidate, in whole pixels.
    Raises:
        TypeError, ValueError: See `build_url`; also for an empty path, a size in `options`, or a width that is not a
            number.
    """
    given = _merge_options(options, keywords)
    if not given.get("path"):
        raise ValueError('a responsive image needs a path, such as path="trips/oslo.png"')
    for name in ("w", "h", "dpr"):
        if given.get(name) is not None:
            raise ValueError(
                f"a responsive image must not have {name}, because each candidate sets its own width; "
                "for fixed proportions, pass aspect"
            )
    if all(given.get(name) is None for name in ("fit", "aspect", "preset")):
        given["fit"] = "scale-down"

    def build_candidate(candidate: float | None) -> str:
        return build_url({**given, "w": candidate}, delivery_url=delivery_url, username=username)

    return describe_candidates(
        build_candidate,
        width=width,
        sizes=sizes,
        device_breakpoints=device_breakpoints,
        image_breakpoints=image_breakpoints,
    )


def write_prefix(delivery_url: object, username: object) -> str:
    """Return the beginning of the URLs of all images of a user, up to and including the slash before the path.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: There is no username, it cannot be part of a URL, or `delivery_url` is not an absolute URL.
    """
    if username is None or username == "":
        raise ValueError(
            "missing: username, which img-src.io shows under Settings and settings.get_settings() returns; "
            "pass it to the client or to url(), or set IMGSRC_USERNAME"
        )
    return _write_prefix(check_text("delivery_url", delivery_url), check_text("username", username))


@lru_cache(maxsize=64)
def _write_prefix(delivery_url: str, username: str) -> str:
    if "?" in delivery_url or "#" in delivery_url:
        raise ValueError(f"delivery_url must have neither a query nor a fragment (got {delivery_url!r})")
    base = quote_absolute(delivery_url.strip().rstrip("/"), "delivery_url")
    if base == "https://img-src.io":
        raise ValueError(f"delivery_url must be {DELIVERY_URL} or https://cdn.img-src.io (got {delivery_url!r})")
    if username in (".", "..") or "/" in username:
        raise ValueError(f"username must be a name such as 'johndoe' (got {username!r})")
    return f"{base}/{quote_component(username)}/"


def _merge_options(options: object, keywords: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the options of a call, including those in `transformation`, under one name each; parameters as text.

    Raises:
        TypeError: `options` or `transformation` has the wrong type, or an option is unknown or given twice.
        ValueError: The value of a parameter is not valid.
    """
    if isinstance(options, str):
        raise TypeError(f"the options of url() must be a dict or keywords, such as url(path={options!r}) (got a str)")
    if options is not None and not isinstance(options, Mapping):
        raise TypeError(f"the options of url() must be a dict or keywords (got {type(options).__name__})")
    given: dict[str, Any] = {**_rename(options or {}, _OPTIONS), **_rename(keywords or {}, _OPTIONS)}
    transformation = given.pop("transformation", None)
    if transformation is None:
        return given
    if not isinstance(transformation, Mapping):
        raise TypeError(
            "transformation must be a dict such as {'width': 300}, because img-src has no chained steps "
            f"(got {type(transformation).__name__})"
        )
    inside = _rename(transformation, _IN_TRANSFORMATION)
    for name in inside.keys() & given.keys():
        raise TypeError(f"{name} is given twice: in transformation and as an option; pass one of them")
    return {**given, **inside}


def _rename(given: Mapping[Any, Any], known: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for spelling, value in given.items():
        name = known.get(spelling)
        if name is None:
            raise TypeError(f"unknown option {spelling!r} of url(){_advise(str(spelling), known)}")
        if name in found:
            raise TypeError(f"{name} is given in two spellings: pass one of them")
        # Under the caller's spelling, so that a message about the value uses it too.
        found[name] = encode(spelling, value) if name in SHORT_NAMES and value is not None else value
    return found


def _advise(name: str, known: Mapping[str, str]) -> str:
    if name.lower().replace("_", "") in _OF_SIGNED_LINKS:
        return "; only the API signs links: call images.create_signed_url(id=…, expires_in_seconds=…)"
    if name in _OPTIONS:
        return f"; pass {name} outside the transformation"
    return did_you_mean(name, known)


def _check_path(path: object) -> str:
    text = check_text("path", path)
    if text.lower().startswith(("http://", "https://")):
        raise ValueError(f"path must be the path of an image, such as 'trips/oslo.png', not a URL (got {text!r})")
    rest = text.lstrip("/")
    segments = rest.split("/")
    if not segments[-1]:
        raise ValueError(f"path must name an image, not a folder (got {text!r})")
    if not all(segments):
        raise ValueError(f"path must not have empty segments (got {text!r})")
    if "." in segments or ".." in segments:
        raise ValueError(f"path must not have . or .. between its slashes (got {text!r})")
    return rest


def replace_extension(path: str, wanted: str) -> str:
    """Return a path that requests a format. An extension that already does is kept: ``a.JPEG`` for ``jpg``."""
    stem, extension = split_extension(path)
    is_there = FORMAT_OF_EXTENSION.get(extension.lower()) == FORMAT_OF_EXTENSION[wanted]
    return path if is_there else f"{stem}.{wanted}"


def _read_presets(preset: object) -> list[str]:
    if preset is None:
        return []
    if isinstance(preset, (bytes, Mapping)) or not isinstance(preset, Iterable):
        raise TypeError(f"preset must be the name of a preset or a list of names (got {type(preset).__name__})")
    return [check_preset_name(name) for name in ([preset] if isinstance(preset, str) else preset)]


def _write_others(parameters: Any, given: Mapping[str, Any]) -> list[str]:
    """Return the option `query_parameters` as text, in a list that is empty if there are none.

    Raises:
        TypeError: `parameters` is not a dict, or a name is not a str.
        ValueError: `parameters` repeats an option, or the service would not understand a name.
    """
    text = write_query("", parameters, "")
    for name in parameters or {}:
        if name == "p" or name.startswith(PRESET_PREFIX):
            raise ValueError(f"a preset cannot be in query_parameters: pass preset={name.removeprefix('p:')!r}")
        short = SHORT_NAMES.get(name, name)
        if short != name:
            raise ValueError(f"query_parameters must not contain {name!r}, which URLs call {short!r}: pass {name}=…")
        if given.get(name) is not None and name in SHORT_NAMES:
            raise ValueError(f"query_parameters must not repeat the option {name!r}")
    return [text] if text else []
