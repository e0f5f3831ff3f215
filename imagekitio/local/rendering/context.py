"""What a rendition takes from the media library besides its source: pictures and fonts of layers."""

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


MAX_READ = 5  # ours: enough for a collage of photographs


class RenderSettings(Protocol):
    """What rendering asks of the settings of an account.

    Attributes:
        max_pixels: Largest picture that is read or made.
        max_source_bytes: Largest file that is transformed.
        render_timeout_seconds: Longest time that a rendition may take.
        auto_orient: Whether the EXIF orientation is applied without being asked for.
        jpeg_background: Colour under what is transparent in a picture that becomes a JPEG, as RRGGBB.
        best_format: Whether the renderer chooses the format when none is asked for.
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
        content: Where its bytes are.
        custom_coordinates: ``x,y,width,height`` as stored with it, for ``fo-custom``.
    """

    content: Path
    custom_coordinates: str | None = None


Library: TypeAlias = "Callable[[str], LayerFile | None]"  # by canonical path


def empty_library(path: str) -> LayerFile | None:
    """A library without files."""
    return None


class Context:
    """What all parts of one rendering share: what it may use, and what it has used up.

    Attributes:
        settings: Limits, and what the account has switched on.
        hints: Client hints.
        cancellation: What stops the rendering.
        decoded: Pictures that were decoded lately, by this rendering and others.
        warnings: What was rendered otherwise than asked.
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
        """A file of the media library.

        Raises:
            TransformationError: 404, there is none.
        """
        file = self._library(path)
        if file is None:
            raise TransformationError(404, "ENOENT", f"there is no file at {path}, which a layer needs")
        return file

    def count_read(self, source: Size) -> None:
        """Refuse sources of layers that would take too long together, each of which is small enough.

        Raises:
            TransformationError: They have more than `MAX_READ` times the pixels that one picture may have.
        """
        self._read += source.width * source.height
        self._check("the sources of layers", self._read, MAX_READ * self.settings.max_pixels)

    def count_drawn(self, layer: Size) -> None:
        """Refuse layers that are too large together, since all of them are in memory.

        Raises:
            TransformationError: They have more pixels than one picture may have.
        """
        self._drawn += layer.width * layer.height
        self._check("layers", self._drawn, self.settings.max_pixels)

    @staticmethod
    def _check(what: str, pixels: int, limit: int) -> None:
        if pixels > limit:
            raise over_limit(f"{what} must have at most {limit / 1e6:g} megapixels together")
