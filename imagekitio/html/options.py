"""The types of the options of `img_tag` and `picture_tag`, and their names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, Protocol

from ..suggestions import did_you_mean
from ..urls.building import CAMEL_CASE, OPTIONS, read_options
from ..urls.options import UrlOptions
from ..urls.transformations.names import KNOWN_NAMES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from typing_extensions import Required


class ImageFile(Protocol):
    """A file of the media library: a `FileResult`, an `UploadFileResult`, or your own record of one.

    Attributes:
        file_path: Path in the media library.
        width, height: Size in pixels; None if unknown.
    """

    @property
    def file_path(self) -> str: ...
    @property
    def width(self) -> int | None: ...
    @property
    def height(self) -> int | None: ...


class ShownOptions(UrlOptions, total=False):
    """The options of `url`, and the size at which a picture is shown.

    Attributes:
        file: The file, instead of `path` or `src`; a missing `width` or `height` follows from its size in pixels. Its
            attributes `orientation` (EXIF) and `has_alpha` are used if it has them.
        width: Width at which the picture is shown, in CSS pixels; gives candidates for 1x and 2x screens.
        height: Height at which the picture is shown, in CSS pixels. It does not crop; use a transformation for that.
        sizes: Width at which the picture is shown, as the `sizes` attribute of HTML.
        device_breakpoints: Screen widths that get a candidate, in pixels.
        image_breakpoints: Widths of smaller images that get a candidate, in pixels.
    """

    file: ImageFile | None
    width: float | None
    height: float | None
    sizes: str | None
    device_breakpoints: Sequence[float] | None
    image_breakpoints: Sequence[float] | None


class ImgOptions(ShownOptions, total=False):
    """The options of `ImageKit.img_tag`, as keywords or as a dict.

    Attributes:
        loading: ``lazy`` or ``eager``; by default ``lazy``, or ``eager`` with ``fetchpriority="high"``.
        fetchpriority: ``high``, ``low`` or ``auto``; use ``high`` for the picture that visitors see first.
        decoding: ``async``, ``sync`` or ``auto``.
        class_: The `class` attribute.
        placeholder: ``blur`` shows a tiny blurred version of the picture until it is loaded.
        attributes: More attributes by name. None and False leave one out; True writes its name without a value.
    """

    loading: Literal["lazy", "eager"] | None
    fetchpriority: Literal["high", "low", "auto"] | None
    decoding: Literal["async", "sync", "auto"] | None
    class_: str | None
    placeholder: Literal["blur"] | None
    attributes: Mapping[str, str | float | bool | None] | None


class PictureSource(ShownOptions, total=False):
    """A picture for certain screens, for the argument `sources` of `ImageKit.picture_tag`.

    Options that it leaves out are inherited from the whole picture, except the height.

    Attributes:
        media: Media query, such as ``(max-width: 600px)``; required.
    """

    media: Required[str]


SHOWN_OPTIONS = frozenset(ShownOptions.__annotations__) - OPTIONS
IMG_OPTIONS = frozenset(ImgOptions.__annotations__) - OPTIONS
SOURCE_OPTIONS = frozenset(PictureSource.__annotations__) - OPTIONS


def split_options(
    options: object, keywords: Mapping[str, Any], own: frozenset[str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the options in `own`, and those of `url`; `keywords` take precedence over `options`.

    Raises:
        TypeError: `options` is not a dict, or an option is unknown.
    """
    found: dict[str, Any] = {}
    others: list[Any] = []
    for given in (options, keywords):
        if isinstance(given, Mapping):
            found |= {name: value for name, value in given.items() if name in own}
            given = {name: value for name, value in given.items() if name not in own}
            for name in given:
                if name not in OPTIONS and name not in CAMEL_CASE and name not in KNOWN_NAMES:
                    _refuse(name, own)
        others.append(given)
    return found, read_options(*others, more=own)


def _refuse(name: object, own: frozenset[str]) -> None:
    hint = f"; an HTML attribute goes into attributes={{{name!r}: …}}" if "attributes" in own else ""
    raise TypeError(f"unknown option {name!r}{did_you_mean(str(name), own | OPTIONS)}{hint}")
