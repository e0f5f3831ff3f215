"""Request objects for the calls of img-src.io, and their twins as dicts for type checkers.

Wherever a request object is accepted, so is a dict with the same keys.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, TypedDict

from ...models.options import UNSET, Options, Unset, encode_int, encode_nonempty_str, encode_texts, option
from .. import parameters

if TYPE_CHECKING:
    from ...operations.sources import Content, NamedContent
    from .base import Visibility

Fit = Literal["cover", "contain", "fill", "scale-down"]
Format = Literal["webp", "avif", "jpeg", "png", "jxl"]

LONGEST_DESCRIPTION = 200  # characters

_encode_pixels = partial(encode_int, minimum=1)


class Request(Options):
    """A request object; see `imagekitio.models.options.Options`."""

    @staticmethod
    def _spell_for_api(name: str) -> str:
        return name


def encode_visibility(value: object) -> str:
    """Encode ``public`` or ``private``."""
    if not isinstance(value, str):
        raise TypeError(f"must be 'public' or 'private' (got {value!r})")
    if value not in ("public", "private"):
        raise ValueError(f"must be 'public' or 'private' (got {value!r})")
    return value


def encode_target_path(value: object) -> str:
    """Encode the target path of an image, without a leading slash."""
    return encode_nonempty_str(value).removeprefix("/")


def encode_description(value: object) -> str:
    """Encode the description of a preset, which may be empty."""
    if not isinstance(value, str):
        raise TypeError(f"must be a str (got {type(value).__name__})")
    if len(value) > LONGEST_DESCRIPTION:
        raise ValueError(f"must have at most {LONGEST_DESCRIPTION} characters (got {len(value)})")
    return value


def encode_fit(value: object) -> str:
    """Encode the way in which a picture fills width × height."""
    if not isinstance(value, str):
        raise TypeError(f"must be a str (got {type(value).__name__})")
    if value not in parameters.FITS:
        raise ValueError(f"must be one of {', '.join(parameters.FITS)} (got {value!r})")
    return value


@dataclass(repr=False)
class File(Request):
    """The file of an upload, with its name.

    Attributes:
        file_name: Name of the file; by default the name that `content` has, or the last segment of `target_path`.
        content: The content: bytes, a `pathlib.Path`, or a binary file object.
        content_type: MIME type, only a hint: the service detects the format from the bytes.
    """

    file_name: str | Unset | None = UNSET
    content: Content | Unset = field(default=UNSET, repr=False)
    content_type: str | Unset | None = UNSET


class FileTypedDict(TypedDict, total=False):
    """`File` as a dict; the keys ``fileName`` and ``contentType`` work too."""

    file_name: str | None
    fileName: str | None
    content: Content
    content_type: str | None


class UploadImageRequestBodyTypedDict(TypedDict, total=False):
    """`UploadImageRequestBody` as a dict."""

    file: File | FileTypedDict | Content | NamedContent
    target_path: str | None
    visibility: Visibility | None


@dataclass(repr=False)
class UploadImageRequestBody(Request):
    """The arguments of `upload_image`.

    Attributes:
        file: The file: a `File` or a dict like it, bytes, a `pathlib.Path`, a binary file object, or a tuple of name,
            content and, optionally, MIME type.
        target_path: Path for the image, such as ``photos/vacation.jpg``, or a folder, such as ``blog/2024``; by
            default, the name of the file in the root.
        visibility: ``public`` (default) or ``private``, which needs the plan Pro.
    """

    file: File | FileTypedDict | Content | NamedContent | Unset = field(default=UNSET, repr=False)
    target_path: str | Unset | None = field(default=UNSET, metadata=option(encode=encode_target_path))
    visibility: Visibility | Unset | None = field(default=UNSET, metadata=option(encode=encode_visibility))


class TransformationTypedDict(TypedDict, total=False):
    """`Transformation` as a dict; the short names of URLs, such as ``w``, work too."""

    width: int | None
    height: int | None
    fit: Fit | None
    quality: int | None
    format: Format | None
    format_: Format | None


@dataclass(repr=False)
class Transformation(Request):
    """The transformation that a signed URL delivers, instead of the picture as uploaded.

    Attributes:
        width, height: Pixels, 1 to 10000.
        fit: How the picture fills width × height.
        quality: Quality of lossy formats, 1 to 100.
        format_: Format to deliver (JSON name: ``format``).
    """

    width: int | Unset | None = UNSET
    height: int | Unset | None = UNSET
    fit: Fit | Unset | None = UNSET
    quality: int | Unset | None = UNSET
    format_: Format | Unset | None = field(default=UNSET, metadata=option(api_name="format"))


def encode_transformation(value: Transformation | Mapping[str, Any]) -> dict[str, Any]:
    """Return the transformation of a signed URL for the body of a request.

    Raises:
        TypeError, ValueError: A name is unknown, or a value is not valid.
    """
    if isinstance(value, Transformation):
        given: Any = value.to_json()
    elif isinstance(value, Mapping):
        given = {"format" if name == "format_" else name: member for name, member in value.items()}
        if len(given) < len(value):
            raise TypeError("transformation: 'format' and 'format_' are two spellings of one parameter: pass one")
    else:
        raise TypeError(f"transformation must be a Transformation or a dict (got {type(value).__name__})")
    return parameters.encode_signed_transformation(given)


class CreatePresetRequestTypedDict(TypedDict, total=False):
    """`CreatePresetRequest` as a dict."""

    name: str
    params: Mapping[str, Any]
    description: str | None


@dataclass(repr=False)
class CreatePresetRequest(Request):
    """The arguments of `create_preset`.

    Attributes:
        name: Name for URLs: 1 to 50 ASCII letters, digits, ``_`` and ``-``; case matters.
        params: The transformation parameters, such as ``{"w": 300, "fit": "cover"}``.
        description: Note about the preset, up to 200 characters.
    """

    name: str | Unset = UNSET
    params: Mapping[str, Any] | Unset = UNSET
    description: str | Unset | None = field(default=UNSET, metadata=option(encode=encode_description))


class UpdateSettingsRequestTypedDict(TypedDict, total=False):
    """`UpdateSettingsRequest` as a dict."""

    delivery_formats: Sequence[str] | None
    default_quality: int | None
    default_fit_mode: Fit | None
    default_max_width: int | Unset | None
    default_max_height: int | Unset | None
    theme: str | None
    language: str | None


@dataclass(repr=False)
class UpdateSettingsRequest(Request):
    """The arguments of `update_settings`. Settings that are not given are kept.

    Attributes:
        delivery_formats: Preferred formats, in order.
        default_quality: Quality of lossy formats, 1 to 100.
        default_fit_mode: How a picture fills width × height if the URL does not say.
        default_max_width, default_max_height: Upper bounds in pixels; None removes them.
        theme, language: Theme and language of the web page.
    """

    delivery_formats: Sequence[str] | Unset | None = field(default=UNSET, metadata=option(encode=encode_texts))
    default_quality: int | Unset | None = field(
        default=UNSET, metadata=option(encode=partial(encode_int, minimum=1, maximum=100))
    )
    default_fit_mode: Fit | Unset | None = field(default=UNSET, metadata=option(encode=encode_fit))
    default_max_width: int | Unset | None = field(default=UNSET, metadata=option(nullable=True, encode=_encode_pixels))
    default_max_height: int | Unset | None = field(default=UNSET, metadata=option(nullable=True, encode=_encode_pixels))
    theme: str | Unset | None = field(default=UNSET, metadata=option(encode=encode_nonempty_str))
    language: str | Unset | None = field(default=UNSET, metadata=option(encode=encode_nonempty_str))
