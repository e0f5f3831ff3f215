"""Drawing of text layers.

Source: ImageKit docs, "Text overlay". Sizes are in pixels, which equal points at 72 dots per inch.
"""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING, NamedTuple

from ..language.errors import over_limit
from ..language.expressions import evaluate, round_half_up
from .area import Size, check_pixels
from .glyphs import has_colours
from .pixels import block, with_mask
from .vips import libvips

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyvips

    from ..language.layers import Text
    from .fonts import Font

MAX_SIDE = 16_383  # pixels; ImageKit docs, "Text overlay"
_PROBE_SIZE = 10.0  # pixels
_SMALL_FONT_SIZE = 100.0  # pixels
_SURELY_SMALL = 1000.0  # pixels
_MAX_OVERSAMPLED_PIXELS = 1_000_000
_MARKER = "|"
_ALIGNMENTS = {"left": "low", "center": "centre", "right": "high"}
_PANGO_UNITS = 1024  # in a point


def draw(text: Text, font: Font, variables: Mapping[str, float], max_pixels: int) -> pyvips.Image:
    """Draw a text with its padding and background: sRGB with alpha.

    Raises:
        TransformationError: The box would be too large.
    """
    layout = _Layout(text, font, variables)
    _check_size(layout, max_pixels)
    padding = [max(0, round_half_up(evaluate("pa", side, variables))) for side in text.padding]
    ink = layout.draw() or Ink(libvips().Image.black(1, 1), None, 0, 0)  # for a text of blanks
    box, left, top = Size(ink.mask.width, ink.mask.height), 0, 0
    if not text.is_trimmed:
        box, left, top = layout.whole_lines(ink)
    top_padding, right_padding, bottom_padding, left_padding = padding
    size = Size(box.width + left_padding + right_padding, box.height + top_padding + bottom_padding)
    _check(size, max_pixels)
    mask = ink.mask.embed(left_padding + left, top_padding + top, *size)
    words = with_mask(text.colour, mask)
    if ink.colours is not None:
        colours = ink.colours.embed(left_padding + left, top_padding + top, *size)
        words = colours.bandjoin(words[3]).copy(interpretation="srgb")
    if text.background is None:
        return words
    background: pyvips.Image = block(size, text.background).composite2(words, "over").rint().cast("uchar")
    return background


class Ink(NamedTuple):
    """The ink of a text: a mask, its colours if they differ from the text colour, and its position in the layout."""

    mask: pyvips.Image
    colours: pyvips.Image | None
    left: int
    top: int


class _Layout:
    """The layout of the words, at their own size or another."""

    def __init__(self, text: Text, font: Font, variables: Mapping[str, float]) -> None:
        self._text, self._font = text, font
        self.font_size = evaluate("fs", text.font_size, variables)
        if not 1 <= self.font_size <= MAX_SIDE:
            raise over_limit(f"the font size (fs) must be from 1 to {MAX_SIDE} px (got {self.font_size:g})")
        self.width = None if text.width is None else max(1, round_half_up(evaluate("w", text.width, variables)))
        self._line_height: float | None = None
        if text.line_height is not None:
            wanted = min(max(1.0, evaluate("lh", text.line_height, variables)), float(MAX_SIDE))
            # A single line has the height of the font.
            self._line_height = wanted if self._has_several_lines() else None
        expected = self.expected_size = self._probe()
        # Small letters are drawn larger and scaled down, because the effects of hinting and rounding to whole pixels
        # depend on the fonts and settings of the machine.
        affordable = max(expected) <= MAX_SIDE // 4 and expected.width * expected.height <= _MAX_OVERSAMPLED_PIXELS
        self._oversampling = 4 if self.font_size <= _SMALL_FONT_SIZE and affordable else 1

    def draw(self) -> Ink | None:
        """Draw the text and return its ink, or None if it has none."""
        factor = self._oversampling
        drawn = self._set(self._text.text, factor)
        if drawn is None:
            return None
        x, y = drawn.xoffset, drawn.yoffset
        left, top = x // factor, y // factor
        width, height = -(-(x + drawn.width) // factor) - left, -(-(y + drawn.height) // factor) - top
        aligned = drawn.embed(x - left * factor, y - top * factor, width * factor, height * factor)
        mask = aligned[3].shrink(factor, factor)
        if not has_colours(drawn, self._text.colour.rgb):
            return Ink(mask, None, left, top)
        shrunk = aligned.premultiply().shrink(factor, factor).unpremultiply()
        return Ink(mask, shrunk.extract_band(0, n=3).rint().cast("uchar"), left, top)

    def _set(self, text: str, scale: float) -> pyvips.Image | None:
        """Return the ink with alpha, cut out of the layout at `xoffset` and `yoffset`; None if there is none."""
        red, green, blue = self._text.colour.rgb
        markup = f'<span foreground="#{red:02x}{green:02x}{blue:02x}">{escape(text, quote=False)}</span>'
        if self._line_height is not None:
            markup = f'<span line_height="{round(self._line_height * scale * _PANGO_UNITS)}">{markup}</span>'
        if self._text.strikethrough:
            markup = f"<s>{markup}</s>"
        options = {} if self.width is None else {"width": max(1, round(self.width * scale))}
        try:
            image: pyvips.Image = libvips().Image.text(
                markup,
                font=self._font.description(self.font_size * scale),
                fontfile=str(self._font.file),
                align=_ALIGNMENTS[self._text.alignment],
                dpi=72,
                rgba=True,  # emoji are drawn in colour if a font has them
                **options,
            )
        except libvips().Error as exc:
            if "no text to render" in str(exc):
                return None
            if "too big" in str(exc):  # for cairo, whose limit is higher
                raise over_limit(f"text layers must be at most {MAX_SIDE} px wide and high") from None
            raise
        return image

    def _has_several_lines(self) -> bool:
        if "\n" in self._text.text.strip() or self.width is None:
            return "\n" in self._text.text
        scale = min(1.0, _PROBE_SIZE / self.font_size)
        two_lines = self._set(f"{_MARKER}\n{_MARKER}", scale)
        return _bottom(self._set(f"{self._text.text}\n{_MARKER}", scale)) > _bottom(two_lines)

    def _probe(self) -> Size:
        """Return the approximate size of the ink, without drawing it at full size."""
        characters = max(map(len, self._text.text.split("\n")))
        lines = self._text.text.count("\n") + 1
        if self.width is None and max(characters, 2 * lines) * self.font_size <= _SURELY_SMALL:
            return Size(1, 1)
        scale = min(1.0, _PROBE_SIZE / self.font_size)
        small = self._set(self._text.text, scale)
        return Size(1, 1) if small is None else Size(math.ceil(small.width / scale), math.ceil(small.height / scale))

    def whole_lines(self, ink: Ink) -> tuple[Size, int, int]:
        """Return the box of whole lines around the ink, and the position of the ink in it.

        libvips returns the position of the ink but not the height of lines, so a marker on its own line below shows it.
        """
        factor = self._oversampling
        marked, marker = self._set(f"{self._text.text}\n{_MARKER}", factor), self._set(_MARKER, factor)
        height = round_half_up((_bottom(marked) - _bottom(marker)) / factor)
        # The space before the first letter is repeated after the last.
        left, top = max(0, ink.left), max(0, ink.top)
        width = ink.mask.width + 2 * left if self.width is None else max(self.width, ink.mask.width)
        return Size(width, max(height, top + ink.mask.height)), min(left, width - ink.mask.width), top


def _bottom(ink: pyvips.Image | None) -> int:
    return 0 if ink is None else int(ink.yoffset + ink.height)


def _check_size(layout: _Layout, max_pixels: int) -> None:
    expected = layout.expected_size
    # Hinting makes small letters slightly too wide.
    _check(Size(max(1, round(expected.width * 0.8)), max(1, round(expected.height * 0.8))), max_pixels)


def _check(size: Size, max_pixels: int) -> None:
    if max(size) > MAX_SIDE:
        raise over_limit(f"text layers must be at most {MAX_SIDE} px wide and high (got {size.width}x{size.height})")
    check_pixels(size, max_pixels)
