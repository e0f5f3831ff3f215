"""Rendering: from a file and its steps to the rendition."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from . import formats, sizes
from .cancellation import Cancellation
from .context import Context, empty_library
from .decoded import DecodedPictures
from .drawing import pixels
from .drawing.area import check_pixels
from .drawing.vips import libvips
from .language.checking import asks_client, check, files_of
from .language.colours import parse_colour
from .language.errors import invalid
from .language.expressions import evaluate
from .language.named import PREDEFINED
from .language.steps import each_step, parse_steps
from .language.values import Output
from .pipeline import Pipeline
from .sizes import NO_HINTS, ClientHints
from .source import open_source, unprocessable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import pyvips

    from .context import Library, RenderSettings
    from .drawing.area import Box, Size
    from .language.steps import Chain
    from .source import Source


class Rendered(NamedTuple):
    """A rendition: its content, media type, size in pixels, and warnings about differences from the request."""

    content: bytes
    content_type: str
    width: int
    height: int
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Transformation:
    """Parsed and checked steps.

    Attributes:
        chain: The steps, with named transformations expanded and old overlays as layers.
        output: Their settings for format and delivery, ignoring conditions.
        files: Paths in the media library of the pictures and fonts that layers may need.
        asks_client: Whether the size depends on a client hint.
        page: Page or frame of a still picture (``ik-thumbnail.jpg``), counted from 0; None for the whole file.
    """

    chain: Chain
    output: Output
    files: frozenset[str] = frozenset()
    asks_client: bool = False
    page: int | None = None

    @cached_property
    def normalised(self) -> str:
        """The same text for all equivalent steps, to identify renditions."""
        return repr(self.chain)

    @classmethod
    def parse(cls, steps: str, named: Mapping[str, str] = PREDEFINED, *, still: bool = False) -> Transformation:
        """Parse and check steps.

        Args:
            steps: The steps without ``tr:``, percent-decoded.
            named: Definitions of named transformations.
            still: Whether to make a still picture of the file.

        Raises:
            TransformationError: The steps are not valid (400), or cannot be rendered here (501).
        """
        return _parse(steps, tuple(named.items()), still)


@lru_cache(maxsize=512)
def _parse(steps: str, named: tuple[tuple[str, str], ...], still: bool) -> Transformation:
    chain = parse_steps(steps, dict(named))
    check(chain, still=still)
    output = Output.of(step.output for step in each_step(chain))
    pages = [step.page.number for step in each_step(chain) if step.page is not None]
    page = (pages[-1] if pages else 0) if still and not output.original else None
    return Transformation(chain, output, files_of(chain), asks_client(chain), page)


def render(
    source: Path,
    steps: str | Transformation,
    *,
    settings: RenderSettings,
    mime: str,
    accept: str = "",
    custom_coordinates: str | None = None,
    hints: ClientHints = NO_HINTS,
    library: Library = empty_library,
    cancellation: Cancellation | None = None,
    decoded: DecodedPictures | None = None,
) -> Rendered:
    """Render a picture.

    Args:
        source: The file.
        steps: The steps without ``tr:``, percent-decoded, such as ``w-400,h-300:rt-90``.
        settings: Limits and options of the account.
        mime: Media type of the file, which is returned if the file is not changed.
        accept: The Accept header, for ``f-auto``.
        custom_coordinates: ``x,y,width,height`` as stored with the file, for ``fo-custom``.
        hints: Client hints, for ``w-auto`` and ``dpr-auto``.
        library: Function that finds the pictures and fonts of layers.
        cancellation: Means to stop the rendering from another thread; None if only the deadline should stop it.
        decoded: Cache of decoded pictures; None for no cache.

    Returns:
        The rendition, or the unchanged file if no steps change it.

    Raises:
        TransformationError: The picture cannot be rendered; see the class.
    """
    transformation = steps if isinstance(steps, Transformation) else Transformation.parse(steps)
    output, chain, page = transformation.output, transformation.chain, transformation.page
    is_drawn = not formats.passes_through(output, "svg") or page is not None
    opened = open_source(
        source,
        settings=settings,
        oriented=settings.auto_orient,
        vector_density=output.density.literal if output.density is not None and is_drawn else None,
        page=page,
    )
    if page is None and (not chain or formats.passes_through(output, opened.format)):
        return Rendered(opened.data, mime, *opened.size)
    cancellation = cancellation or Cancellation()
    context = Context(settings, hints, library, cancellation, decoded or DecodedPictures(0))
    rendering = _Rendering(opened, transformation, accept, context)
    try:
        with cancellation.deadline(settings.render_timeout_seconds):
            return rendering.run(sizes.parse_rectangle(custom_coordinates))
    except libvips().Error as exc:
        raise unprocessable(exc) from None


class _Rendering:
    """The work around the steps: whether an animation is kept, and the format of the result."""

    def __init__(self, source: Source, transformation: Transformation, accept: str, context: Context) -> None:
        self._source, self._transformation, self._accept, self._context = source, transformation, accept, context
        # A still picture is a JPEG, as its name says, unless another format is requested.
        self._source_format = source.format if transformation.page is None else "jpeg"

    def run(self, custom: Box | None) -> Rendered:
        expected = self._transformation.output
        pipeline = Pipeline(
            self._source,
            self._context,
            custom=custom,
            animated=self._is_animation(),
            keep_profile=expected.metadata or expected.colour_profile,
        )
        pipeline.run(self._transformation.chain)
        return self._finish(pipeline)

    def _is_animation(self) -> bool:
        if self._source.pages == 1:
            return False
        check_pixels(self._source.size, self._context.settings.max_pixels, frames=self._source.pages)
        # Transparency matters only for the choice between formats without animation.
        chosen = self._choose_format(self._transformation.output, self._source.size, lambda: False)
        if chosen == "avif":  # AVIF files can contain animations, unlike PNG and JPEG
            self._context.warnings.append("the AVIF file contains only the first frame of the animation")
        return chosen in formats.ANIMATED

    def _finish(self, pipeline: Pipeline) -> Rendered:
        output = Output.of(step.output for step in pipeline.done)
        image, size = pipeline.frames[0], pipeline.size
        check_pixels(size, self._context.settings.max_pixels, frames=len(pipeline.frames))
        if len(pipeline.frames) > 1:
            image = pixels.join_frames(pipeline.frames, image)
        settings, cancellation = self._context.settings, self._context.cancellation
        image = cancellation.compute(self._with_density(image, output, pipeline.variables))
        with cancellation.watch(image):
            format_name = self._choose_format(output, size, lambda: pixels.is_transparent(image))
            content = formats.encode(
                image,
                format_name,
                output,
                seconds=settings.render_timeout_seconds,
                background=parse_colour(settings.jpeg_background),
            )
        warnings = tuple(dict.fromkeys(self._context.warnings))
        return Rendered(content, formats.CONTENT_TYPES[format_name], *size, warnings)

    def _choose_format(self, output: Output, size: Size, is_transparent: Callable[[], bool]) -> str:
        return formats.choose(
            output,
            self._source_format,
            size=size,
            accept=self._accept,
            best_format=self._context.settings.best_format,
            is_transparent=is_transparent,
        )

    def _with_density(self, image: pyvips.Image, output: Output, variables: dict[str, float]) -> pyvips.Image:
        if output.density is None:
            return image
        dots_per_inch = evaluate("dn", output.density, {**variables, "idn": self._source.density})
        if not 1 <= dots_per_inch <= 1200:
            raise invalid("dn", f"must be from 1 to 1200 (got {dots_per_inch:g})")
        return image.copy(xres=dots_per_inch / 25.4, yres=dots_per_inch / 25.4)
