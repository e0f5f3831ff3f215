"""From a file and its steps to the bytes that are delivered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from . import formats, geometry, pixels, sizes
from .colours import BLACK, Colour
from .conditions import holds, parse_condition
from .errors import TransformationError, invalid
from .expressions import round_half_up
from .geometry import Size
from .named import PREDEFINED
from .sizes import NO_HINTS, ClientHints
from .source import check_pixels, libvips, open_source
from .steps import Conditional, each_step, normalise, parse_steps
from .values import Blurred, Dominant, Output, check, evaluate, read_edit, read_output

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import pyvips

    from ..settings import Settings
    from .geometry import Box, Plan
    from .source import Source
    from .steps import Chain, Step
    from .values import Edit


class Rendered(NamedTuple):
    """A rendition: its bytes, its media type, and its size in pixels."""

    content: bytes
    content_type: str
    width: int
    height: int


@dataclass(frozen=True)
class Transformation:
    """Steps that were parsed and checked.

    Attributes:
        chain: The steps, named ones written out.
        output: What they say about format and delivery, conditions aside.
        normalised: The one text for all texts that mean the same.
    """

    chain: Chain
    output: Output
    normalised: str

    @classmethod
    def parse(cls, steps: str, named: Mapping[str, str] = PREDEFINED) -> Transformation:
        """Parse and check steps.

        Raises:
            TransformationError: They cannot be understood (400), or not be rendered here (501).
        """
        chain = parse_steps(steps, named)
        output = read_output(each_step(chain))
        if not output.original:  # orig-true: every other parameter is ignored
            check(chain)
        return cls(chain, output, normalise(chain))

    def asks_client(self) -> bool:
        """Whether a client hint has a say in the size."""
        return any("auto" in (step.values.get("w"), step.values.get("dpr")) for step in each_step(self.chain))


def render(
    source: Path,
    steps: str | Transformation,
    *,
    settings: Settings,
    mime: str,
    accept: str = "",
    custom_coordinates: str | None = None,
    hints: ClientHints = NO_HINTS,
) -> Rendered:
    """Render a picture.

    Args:
        source: The file.
        steps: The steps without ``tr:``, percent-decoded, such as ``w-400,h-300:rt-90``.
        settings: Limits, and what the account has switched on.
        mime: The media type of the file, delivered with it when it is not changed.
        accept: The Accept header, for ``f-auto``.
        custom_coordinates: ``x,y,width,height`` as stored with the file, for ``fo-custom``.
        hints: Client hints, for ``w-auto`` and ``dpr-auto``.

    Returns:
        The rendition. Without steps that change it, the file as it is.

    Raises:
        TransformationError: It cannot be rendered; see the class.
    """
    transformation = steps if isinstance(steps, Transformation) else Transformation.parse(steps)
    output = transformation.output
    first = transformation.chain[0] if transformation.chain else None
    orient_first = settings.auto_orient or (
        first is not None and not isinstance(first, Conditional) and _orients(first)
    )
    is_drawn = not formats.passes_through(output, "svg")
    density = output.density.literal if output.density is not None and is_drawn else None
    opened = open_source(source, settings=settings, oriented=orient_first, vector_density=density)
    if not transformation.chain or formats.passes_through(output, opened.format):
        return Rendered(opened.data, mime, *opened.size)
    try:
        return _Rendering(opened, transformation, settings, accept, custom_coordinates, hints).run()
    except libvips().Error as exc:
        lines = str(exc).strip().splitlines() or ["unknown error"]
        raise TransformationError(400, "EINVAL", f"the picture cannot be processed: {lines[-1].strip()}") from None


def _orients(step: Step) -> bool:
    return step.values.get("rt") == "auto"


class _Rendering:
    """One rendering on its way: the picture, or the frames of an animation, after the steps so far."""

    def __init__(
        self,
        source: Source,
        transformation: Transformation,
        settings: Settings,
        accept: str,
        custom_coordinates: str | None,
        hints: ClientHints,
    ) -> None:
        self._source, self._settings, self._accept, self._hints = source, settings, accept, hints
        self._chain = transformation.chain
        self._expected = transformation.output
        self._custom = sizes.parse_rectangle(custom_coordinates, source.size)
        self._frames: list[pyvips.Image] = []
        self._done: list[Step] = []

    def run(self) -> Rendered:
        pending = list(self._chain)
        while pending:
            item = pending.pop(0)
            if isinstance(item, Conditional):
                pending[:0] = self._branch(item)
            else:
                self._apply(read_edit(item))
                self._done.append(item)
        if not self._frames:
            self._frames = self._load(None)
        return self._finish()

    @property
    def _size(self) -> Size:
        return Size(self._frames[0].width, self._frames[0].height) if self._frames else self._source.size

    @property
    def _variables(self) -> dict[str, float]:
        return sizes.variables(self._source.size, self._size)

    def _branch(self, block: Conditional) -> Chain:
        if self._source.format == "gif":
            raise invalid("if", "is not available for GIF input")
        width, height = self._size
        properties = {**self._variables, "w": width, "h": height, "ar": width / height}
        return block.then if holds(parse_condition(block.condition), properties) else block.otherwise

    # The order within a step is documented only in that radius comes after resizing; the rest is our choice.
    def _apply(self, edit: Edit) -> None:
        if self._frames or edit.trim is not None:
            self._orient_and_trim(edit)
            self._resize(edit, self._plan(edit))
        else:
            plan = self._plan(edit)
            # Nothing is decoded yet: a picture that is scaled first is decoded as small as that allows.
            early = self._early_scale(plan)
            self._frames = self._load(early)
            self._resize(edit, replace(plan, scale=None) if early else plan)
        self._colour(edit)
        self._decorate(edit)

    def _early_scale(self, plan: Plan) -> Size | None:
        # A narrow window of an enormous picture is left to libvips, which computes only what is looked at.
        fits = plan.scale is not None and plan.scale.width * plan.scale.height <= self._settings.max_pixels
        return plan.scale if fits and plan.cut is None else None

    def _load(self, scale: Size | None) -> list[pyvips.Image]:
        if self._is_animation():
            frames = self._source.load_frames()
            if scale is not None:
                frames = [pixels.scale(frame, scale) for frame in frames]
        else:
            frames = [self._source.load(scale)]
        keep_profile = self._expected.metadata or self._expected.colour_profile
        # Into memory: a stream of decoded lines can be read only once, but steps may look twice.
        return [pixels.to_srgb(frame, keep_profile=keep_profile).copy_memory() for frame in frames]

    def _is_animation(self) -> bool:
        if self._source.pages == 1:
            return False
        check_pixels(self._source.size, self._settings, frames=self._source.pages)
        # Whether a pixel is transparent has a say only between formats that hold no animation.
        chosen = self._choose_format(self._expected, self._source.size, lambda: False)
        return chosen in formats.ANIMATED

    def _orient_and_trim(self, edit: Edit) -> None:
        if not self._frames:
            self._frames = self._load(None)
        elif edit.auto_orient:
            self._frames = [frame.autorot() for frame in self._frames]
        if edit.trim is not None:
            box = pixels.find_border(self._frames[0], edit.trim)
            if box is not None:
                self._frames = [pixels.cut(frame, box) for frame in self._frames]

    def _plan(self, edit: Edit) -> Plan:
        request = sizes.request(
            edit, source=self._source.size, current=self._size, hints=self._hints, custom=self._custom
        )
        if isinstance(edit.background, Blurred) and not (
            edit.mode == "pad_resize" and request.width and request.height
        ):
            raise invalid("bg", "takes blurred only with cm-pad_resize and both w and h")
        plan = geometry.plan(self._size, request)
        check_pixels(plan.size, self._settings, frames=max(1, len(self._frames)))
        return plan

    def _resize(self, edit: Edit, plan: Plan) -> None:
        before = self._frames
        frames = before
        if plan.cut is not None:
            frames = self._cut(frames, plan.cut, attention=plan.attention)
        if plan.scale is not None:
            frames = [pixels.scale(frame, plan.scale) for frame in frames]
        if plan.crop is not None:
            frames = self._cut(frames, plan.crop, attention=plan.attention)
        if plan.canvas is not None:
            frames = [_pad(frame, plan, edit, original) for frame, original in zip(frames, before, strict=True)]
        self._frames = frames

    def _cut(self, frames: list[pyvips.Image], box: Box, *, attention: bool) -> list[pyvips.Image]:
        if attention:
            left, top = pixels.find_attention(frames[0], box.size)
            box = box._replace(left=left, top=top)
        return [pixels.cut(frame, box) for frame in frames]

    def _colour(self, edit: Edit) -> None:
        if edit.grayscale:
            self._frames = [pixels.grayscale(frame) for frame in self._frames]
        if edit.blur is not None:
            self._frames = [pixels.blur(frame, edit.blur) for frame in self._frames]

    def _decorate(self, edit: Edit) -> None:
        border = 0
        if edit.border is not None:
            border = round_half_up(evaluate("b", edit.border.width, self._variables))
            if border < 0:
                raise invalid("b", f"must have a width of at least 0 px (is {border})")
            width, height = self._size
            check_pixels(Size(width + 2 * border, height + 2 * border), self._settings, frames=len(self._frames))
        self._frames = [_decorated(frame, edit, border) for frame in self._frames]

    def _finish(self) -> Rendered:
        output = read_output(self._done)
        image = self._frames[0]
        size = self._size
        check_pixels(size, self._settings, frames=len(self._frames))
        if len(self._frames) > 1:
            image = pixels.join_frames(self._frames, image)
        image = self._with_density(image, output).copy_memory()
        format_name = self._choose_format(output, size, lambda: pixels.is_transparent(image))
        content = formats.encode(image, format_name, output)
        return Rendered(content, formats.CONTENT_TYPES[format_name], *size)

    def _choose_format(self, output: Output, size: Size, is_transparent: Callable[[], bool]) -> str:
        return formats.choose(
            output,
            self._source.format,
            size=size,
            accept=self._accept,
            best_format=self._settings.best_format,
            is_transparent=is_transparent,
        )

    def _with_density(self, image: pyvips.Image, output: Output) -> pyvips.Image:
        if output.density is None:
            return image
        dots_per_inch = evaluate("dn", output.density, {**self._variables, "idn": self._source.density})
        if not 1 <= dots_per_inch <= 1200:
            raise invalid("dn", f"must be from 1 to 1200 (is {dots_per_inch:g})")
        return image.copy(xres=dots_per_inch / 25.4, yres=dots_per_inch / 25.4)


def _pad(image: pyvips.Image, plan: Plan, edit: Edit, original: pyvips.Image) -> pyvips.Image:
    """Put a picture on the canvas of the plan; `original` is the picture before the step."""
    canvas = plan.size
    background = edit.background or BLACK
    if isinstance(background, Colour):
        if background.opacity < 1:
            return pixels.pad(image, canvas, plan.offset)  # filled at the end of the step, once
        return pixels.pad_with_colour(image, canvas, plan.offset, background)
    return pixels.pad_with_backdrop(image, pixels.backdrop(original, canvas, background), plan.offset)


def _decorated(image: pyvips.Image, edit: Edit, border: int) -> pyvips.Image:
    """The last part of a step, for one picture: frame, corners, rotation, flip, opacity, background."""
    radii = None if edit.radius == "max" else edit.radius
    if edit.border is not None and border:
        image = pixels.frame(image, border, edit.border.colour, radii, rounded=edit.radius is not None)
    elif edit.radius is not None:
        image = pixels.round_corners(image, radii)
    if edit.rotation is not None:
        image = pixels.rotate(image, edit.rotation)
    if edit.flip is not None:
        image = pixels.flip(image, edit.flip)
    if edit.opacity is not None:
        image = pixels.fade(image, edit.opacity)
    if edit.background is None or isinstance(edit.background, Blurred) or not image.hasalpha():
        return image
    if isinstance(edit.background, Dominant):
        under = pixels.backdrop(image, Size(image.width, image.height), edit.background)
        return pixels.pad_with_backdrop(image, under, (0, 0))
    colour = edit.background
    return pixels.fill(image, colour if edit.opacity is None else colour._replace(opacity=1.0))
