"""The application of steps to a picture or to the frames of an animation."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from ..media.pillow_formats import UnreadableError
from . import geometry, sizes
from .drawing import compositing, distortion, filters, glyphs, pixels, text
from .drawing.area import Size, check_pixels
from .drawing.fonts import font_from_file, named_font
from .drawing.vips import libvips
from .language.colours import BLACK, Colour
from .language.conditions import holds
from .language.errors import TransformationError, invalid
from .language.expressions import evaluate, round_half_up
from .language.layers import Canvas, FontFile, Picture
from .language.steps import Conditional
from .language.values import Blurred
from .source import Drawn, open_source

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pyvips

    from .context import Context
    from .drawing.area import Box
    from .geometry import Interest, Plan
    from .language.effects import Effects
    from .language.expressions import Expression
    from .language.layers import Text
    from .language.steps import Chain, Overlay, Step
    from .language.values import Edit
    from .source import Source

V = TypeVar("V")


class Pipeline:
    """A picture and the steps that are applied to it.

    Attributes:
        frames: The picture so far, or each of its frames; empty until the first step loads it.
        done: The steps that were applied; for if-blocks, those of the branch that was taken.
    """

    def __init__(
        self,
        source: Source | Drawn,
        context: Context,
        *,
        custom: Box | None = None,
        animated: bool = False,
        keep_profile: bool = False,
        parent: Size | None = None,
    ) -> None:
        """Start with a picture.

        Args:
            source: The picture.
            context: The context of the rendering.
            custom: The rectangle stored with the file, for the focus ``custom``.
            animated: Whether to load all frames.
            keep_profile: Whether to keep the colour space of the file.
            parent: Size of the picture below, if this is a layer.
        """
        self.frames: list[pyvips.Image] = []
        self.done: list[Step] = []
        self._source, self._context, self._settings = source, context, context.settings
        self._cancellation = context.cancellation
        self._custom, self._animated, self._keep_profile, self._parent = custom, animated, keep_profile, parent

    @property
    def size(self) -> Size:
        return Size(self.frames[0].width, self.frames[0].height) if self.frames else self._source.size

    @property
    def variables(self) -> dict[str, float]:
        """Values of the variables in expressions."""
        return sizes.variables(self._source.size, self.size, self._parent)

    def run(self, chain: Chain) -> None:
        """Apply steps.

        Raises:
            TransformationError: A step is not possible for this picture, or makes it too large.
        """
        pending = list(chain)
        while pending:
            item = pending.pop(0)
            if isinstance(item, Conditional):
                pending[:0] = self._branch(item)
            else:
                self._apply(item)
                self.done.append(item)
        if not self.frames:
            self.frames = self._load(None)

    def _branch(self, block: Conditional) -> Chain:
        if self._source.format == "gif":
            raise invalid("if", "is not available for GIF input")
        width, height = self.size
        properties = {**self.variables, "w": width, "h": height, "ar": width / height}
        return block.then if holds(block.condition, properties) else block.otherwise

    # About the order within a step, the docs say only that the radius comes after resizing and the position of layers
    # last; the rest is our choice.
    def _apply(self, step: Step) -> None:
        edit = step.edit
        if edit.auto_orient and not self.frames:
            self._source = self._source.turn_upright()
        if self.frames or edit.trim is not None:
            self._orient_and_trim(edit)
            self._resize(edit, self._plan(edit))
        else:
            plan = self._plan(edit)
            # Nothing is decoded yet: if the first stage scales the picture, decode it as small as possible.
            early = self._early_scale(plan)
            self.frames = self._load(early)
            self._resize(edit, replace(plan, scale=None) if early else plan)
        self._colour(edit)
        self._reshape(edit.effects)
        self._decorate(edit)
        for overlay in step.overlays:
            self._put(overlay)
        self._fill(edit)

    def _each(self, change: Callable[[pyvips.Image], pyvips.Image]) -> None:
        frames = self._compute()
        with self._cancellation.watch(*frames):
            self.frames = [change(frame) for frame in frames]

    def _compute(self) -> list[pyvips.Image]:
        """Compute the frames into memory before an operation reads them.

        Otherwise libvips would repeat all earlier computations for each place that the operation reads, and the times
        of consecutive operations would multiply.
        """
        self.frames = [self._cancellation.compute(frame) for frame in self.frames]
        return self.frames

    def _each_with(self, change: Callable[[pyvips.Image, V], pyvips.Image], value: V | None) -> None:
        """Change every frame with `value`; do nothing if it is None."""
        if value is not None:
            self._each(lambda frame: change(frame, value))

    def _measure(self, measure: Callable[[Sequence[pyvips.Image]], V]) -> V:
        """Return a measurement of all frames together."""
        frames = self._compute()
        with self._cancellation.watch(*frames):
            return measure(frames)

    def _early_scale(self, plan: Plan) -> Size | None:
        # A small window of an enormous picture is left to libvips, which computes only the pixels that are read.
        fits = plan.scale is not None and plan.scale.width * plan.scale.height <= self._settings.max_pixels
        return plan.scale if fits and plan.cut is None else None

    def _load(self, scale: Size | None) -> list[pyvips.Image]:
        """Decode the picture or its frames.

        Raises:
            TransformationError: 415 if the file is damaged.
        """
        from ..media.pictures import readable_messages  # loads pyvips

        try:
            # Into memory, as a stream of decoded lines can be read only once, but steps may read twice.
            with readable_messages():
                return [self._cancellation.compute(frame) for frame in self._decode(scale)]
        except (libvips().Error, UnreadableError) as exc:
            self._cancellation.check()
            raise self._source.refuse(exc) from None

    def _decode(self, scale: Size | None) -> list[pyvips.Image]:
        if self._animated:
            frames = self._source.load_frames()
            if scale is not None:
                frames = [pixels.scale(frame, scale) for frame in frames]
        else:
            decode = partial(self._context.decoded.decode, cancellation=self._cancellation)
            frames = [self._source.load(scale, decode=decode)]
        return [pixels.to_srgb(frame, keep_profile=self._keep_profile) for frame in frames]

    def _orient_and_trim(self, edit: Edit) -> None:
        if not self.frames:
            self.frames = self._load(None)
        elif edit.auto_orient:
            self._each(lambda frame: frame.autorot())
        if edit.trim is not None:
            threshold = edit.trim
            box = self._measure(lambda frames: pixels.find_border(frames, threshold))
            if box is not None:
                self._each(lambda frame: pixels.cut(frame, box))

    def _plan(self, edit: Edit) -> Plan:
        request = sizes.request(
            edit.resize,
            source=self._source.size,
            current=self.size,
            hints=self._context.hints,
            custom=self._custom,
            parent=self._parent,
        )
        if isinstance(edit.background, Blurred) and not (
            edit.resize.mode == "pad_resize" and request.width and request.height
        ):
            raise invalid("bg", "allows blurred only with cm-pad_resize and both w and h")
        plan = geometry.plan(self.size, request)
        self._check_pixels(plan.size)
        return plan

    def _check_pixels(self, size: Size) -> None:
        check_pixels(size, self._settings.max_pixels, frames=max(1, len(self.frames)))

    def _resize(self, edit: Edit, plan: Plan) -> None:
        if all(each is None for each in (plan.cut, plan.scale, plan.crop, plan.canvas)):
            return
        frames = before = self._compute()
        if plan.cut is not None:
            frames = self._cut(frames, plan.cut, plan.interest)
        if plan.scale is not None:
            frames = [pixels.scale(frame, plan.scale) for frame in frames]
        if plan.crop is not None:
            frames = self._cut(frames, plan.crop, plan.interest)
        if plan.canvas is not None:
            frames = _pad(frames, plan, edit, before)
        self.frames = frames

    def _cut(self, frames: list[pyvips.Image], box: Box, interest: Interest | None) -> list[pyvips.Image]:
        if interest is not None:
            left, top = pixels.find_interest(frames, box.size, interest)
            box = box._replace(left=left, top=top)
        return [pixels.cut(frame, box) for frame in frames]

    def _colour(self, edit: Edit) -> None:
        effects = edit.effects
        if edit.grayscale:
            self._each(pixels.grayscale)
        if effects.contrast:
            self._each_with(filters.stretch_contrast, self._measure(filters.find_contrast))
        self._each_with(filters.colorize, effects.colorize)
        if effects.replacement is not None:
            replacement = effects.replacement
            colour = replacement.source or self._measure(filters.dominant_colour)
            self._each(lambda frame: filters.replace_colour(frame, replacement, colour))
        self._each_with(filters.sharpen, effects.sharpen)
        self._each_with(filters.unsharp, effects.unsharp)
        self._each_with(pixels.blur, edit.blur)

    def _reshape(self, effects: Effects) -> None:
        if effects.shadow is not None:
            shadow = effects.shadow
            if self.size.width * self.size.height > filters.MAX_SHADOW_PIXELS:
                raise invalid(
                    "e-shadow",
                    f"allows pictures of at most {filters.MAX_SHADOW_PIXELS / 1e6:g} megapixels"
                    f" (got {self.size.width}x{self.size.height}); make the picture smaller in an earlier step",
                )
            self._each(lambda frame: filters.add_shadow(frame, shadow))
        if effects.distortion is not None:
            shape = effects.distortion
            self._check_pixels(distortion.bounds(shape, self.size).size)
            self._each(lambda frame: distortion.distort(frame, shape))
        if effects.gradient is not None:
            ramp = effects.gradient
            stop = _gradient_stop(ramp.stop, self.variables)
            self._each(lambda frame: filters.gradient(frame, ramp, stop))

    def _decorate(self, edit: Edit) -> None:
        border = 0
        if edit.border is not None:
            border = round_half_up(evaluate("b", edit.border.width, self.variables))
            if border < 0:
                raise invalid("b", f"must have a width of at least 0 px (got {border})")
            width, height = self.size
            self._check_pixels(Size(width + 2 * border, height + 2 * border))
        if border or any(each is not None for each in (edit.radius, edit.rotation, edit.flip, edit.opacity)):
            self._each(lambda frame: _decorate_frame(frame, edit, border))

    def _fill(self, edit: Edit) -> None:
        """Fill transparent areas with the background, as the last part of a step."""
        background = edit.background
        if background is None or isinstance(background, Blurred):
            return
        if isinstance(background, Colour):
            colour = background if edit.opacity is None else background._replace(opacity=1.0)
            self._each(lambda frame: pixels.fill(frame, colour))
        elif self.frames[0].hasalpha():
            under = self._measure(lambda frames: pixels.backdrops(frames, self.size, background)[0])
            self._each(lambda frame: pixels.pad_with_backdrop(frame, under, (0, 0)))

    def _put(self, overlay: Overlay) -> None:
        """Put a layer on every frame."""
        self._check_pixels(self.size)  # it may have been rotated
        image = self._draw(overlay)
        size = Size(image.width, image.height)
        self._context.count_drawn(size)
        image = self._cancellation.compute(image)  # frees the pictures that it was made from
        placed = compositing.place(image, overlay, self.size, {**self.variables, **sizes.parent_variables(self.size)})
        self._each(placed.on)

    def _draw(self, overlay: Overlay) -> pyvips.Image:
        content, parent, context = overlay.content, self.size, self._context
        if isinstance(content, Picture):
            layer = self._open(content)
        elif isinstance(content, Canvas):
            layer = Pipeline(Drawn(self._draw_canvas(content, parent)), context, parent=parent)
        else:
            layer = Pipeline(Drawn(self._draw_text(content, parent)), context, parent=parent)
        layer.run(overlay.chain)
        return layer.frames[0]

    def _open(self, picture: Picture) -> Pipeline:
        file, settings = self._context.file(picture.path), self._settings
        try:
            source = open_source(
                file.content, settings=settings, oriented=settings.auto_orient, page=picture.page.number
            )
        except TransformationError as exc:
            raise TransformationError(exc.status, exc.code, f"layer {picture.path}: {exc.message}") from None
        self._context.count_read(source.size)
        custom = sizes.parse_rectangle(file.custom_coordinates)
        return Pipeline(source, self._context, custom=custom, parent=self.size)

    def _draw_canvas(self, canvas: Canvas, parent: Size) -> pyvips.Image:
        known = sizes.parent_variables(parent)
        size = Size(
            sizes.side("w", canvas.width, parent.width, known) or parent.width,
            sizes.side("h", canvas.height, parent.height, known) or parent.height,
        )
        check_pixels(size, self._settings.max_pixels)
        clear = BLACK._replace(opacity=0.0)
        image = pixels.block(size, canvas.colour or (clear if canvas.gradient else BLACK))
        if canvas.gradient is None:
            return image
        return filters.gradient(image, canvas.gradient, _gradient_stop(canvas.gradient.stop, known))

    def _draw_text(self, content: Text, parent: Size) -> pyvips.Image:
        if isinstance(content.font, FontFile):
            path = content.font.path
            font = font_from_file(self._context.file(path).content, path, bold=content.bold, italic=content.italic)
        else:
            font = named_font(content.font, bold=content.bold, italic=content.italic)
        if font.warning:
            self._context.warnings.append(font.warning)
        self._context.warnings += glyphs.find_warnings(content.text, font)
        return text.draw(content, font, sizes.parent_variables(parent), self._settings.max_pixels)


def _gradient_stop(stop: Expression, variables: dict[str, float]) -> float:
    value = evaluate("e-gradient", stop, variables)
    if value <= 0:
        raise invalid("e-gradient", f"must have a stop point (sp) above 0 (got {value:g})")
    # A computed stop is always a length, even if it is small.
    return value if stop.literal is not None else max(value, 1.000001)


def _pad(frames: list[pyvips.Image], plan: Plan, edit: Edit, originals: list[pyvips.Image]) -> list[pyvips.Image]:
    """Put frames on the canvas of the plan; `originals` are the frames before the step."""
    canvas = plan.size
    background = edit.background or BLACK
    if isinstance(background, Colour):
        if background.opacity < 1:
            return [pixels.pad(frame, canvas, plan.offset) for frame in frames]  # filled only at the end of the step
        return [pixels.pad_with_colour(frame, canvas, plan.offset, background) for frame in frames]
    backdrops = pixels.backdrops(originals, canvas, background)
    pairs = zip(frames, backdrops, strict=True)
    return [pixels.pad_with_backdrop(frame, backdrop, plan.offset) for frame, backdrop in pairs]


def _decorate_frame(image: pyvips.Image, edit: Edit, border: int) -> pyvips.Image:
    """Apply the changes before the layers to one picture: border, corners, rotation, flip and opacity."""
    radii = None if edit.radius == "max" else edit.radius
    if edit.border is not None and border:
        image = pixels.frame(image, border, edit.border.colour, radii, rounded=edit.radius is not None)
    elif edit.radius is not None:
        image = pixels.round_corners(image, radii)
    if edit.rotation is not None:
        image = pixels.rotate(image, edit.rotation)
    if edit.flip is not None:
        image = pixels.flip(image, edit.flip)
    return image if edit.opacity is None else pixels.fade(image, edit.opacity)
