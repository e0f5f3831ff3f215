"""The context of a rendering: its settings, and the pictures and fonts of its layers."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeAlias

from .language.errors import TransformationError, over_limit

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .cancellation import Cancellation
    from .decoded import DecodedPictures
    from .drawing.area import Size
    from .sizes import ClientHints


MAX_READ = 5  # our own limit, enough for a collage of photographs


class RenderSettings(Protocol):
    """The settings that rendering needs.

    Attributes:
        max_pixels: Maximum number of pixels in a picture to read or make.
        max_source_bytes: Maximum size of a file to transform.
        render_timeout_seconds: Maximum time for a rendition.
        auto_orient: Whether to apply the EXIF orientation by default.
        jpeg_background: Background colour of transparent pictures that are converted to JPEG, as RRGGBB.
        best_format: Whether the renderer chooses the format if the steps do not.
    """

    @property
    def max_pixels(self) -> int: ...
    @property
    def max_source_bytes(self) -> int: ...
    @property
    def render_timeout_seconds(self) -> float: ...
    @property
    def auto_orient(self) -> bool: ...
    @property
    def jpeg_background(self) -> str: ...
    @property
    def best_format(self) -> bool: ...


class LayerFile(NamedTuple):
    """A file that a layer needs.

    Attributes:
        content: Path of its content.
        custom_coordinates: ``x,y,width,height`` as stored with it, for ``fo-custom``.
    """

    content: Path
    custom_coordinates: str | None = None


Library: TypeAlias = "Callable[[str], LayerFile | None]"  # by canonical path


def empty_library(path: str) -> LayerFile | None:
    """Find no file: the library of a rendering without files."""
    return None


class Context:
    """The shared data of all parts of one rendering: its limits, and how much of them is used.

    Attributes:
        settings: Limits and options of the account.
        hints: Client hints.
        cancellation: Means to stop the rendering.
        decoded: Cache of decoded pictures, shared with other renderings.
        warnings: Differences from the requested transformation.
    """

    def __init__(
        self,
        settings: RenderSettings,
        hints: ClientHints,
        library: Library,
        cancellation: Cancellation,
        decoded: DecodedPictures,
    ) -> None:
        self.settings: RenderSettings = settings
        self.hints: ClientHints = hints
        self.cancellation: Cancellation = cancellation
        self.decoded: DecodedPictures = decoded
        self.warnings: list[str] = []
        self._library = library
        self._read = self._drawn = 0  # pixels

    def file(self, path: str) -> LayerFile:
        """Return a file of the media library.

        Raises:
            TransformationError: 404 if it does not exist.
        """
        file = self._library(path)
        if file is None:
            raise TransformationError(404, "ENOENT", f"there is no file at {path}, which a layer needs")
        return file

    def count_read(self, source: Size) -> None:
        """Count the source of a layer, and refuse sources that would take too long in total.

        Raises:
            TransformationError: The total exceeds `MAX_READ` times the pixels that one picture may have.
        """
        self._read += source.width * source.height
        self._check("the sources of layers", self._read, MAX_READ * self.settings.max_pixels)

    def count_drawn(self, layer: Size) -> None:
        """Count a layer, and refuse layers that are too large in total, as all of them are in memory.

        Raises:
            TransformationError: The total exceeds the pixels that one picture may have.
        """
        self._drawn += layer.width * layer.height
        self._check("layers", self._drawn, self.settings.max_pixels)

    @staticmethod
    def _check(what: str, pixels: int, limit: int) -> None:
        if pixels > limit:
            raise over_limit(f"{what} must have at most {limit / 1e6:g} megapixels in total")
