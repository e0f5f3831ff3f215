"""The parts of a layer: its content, its position on the parent, and its mode.

Source: ImageKit docs, "Layers", "Add overlays on images" and "Positioning of layers".
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from .colours import BLACK, Colour, is_opaque_hex, parse_colour
from .effects import Gradient, read_gradient
from .errors import invalid, malformed
from .expressions import OPERATORS, Expression, parse_expression
from .grammar import CONTENT_CODES, LAYER_CODES, BlockText, StepText, each_step
from .readers import length, number, one_of, read
from .values import POSITIONS, Page, read_page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .grammar import ChainText

CANVAS = "ik_canvas"
MODES = ("multiply", "cutter", "cutout", "displace")
MAX_CHARACTERS = 2000  # of plain text; longer text is truncated (ImageKit docs, "Text overlay")
MAX_BASE64_CHARACTERS = 2500
DEFAULT_FONT_SIZE = 45.0  # pixels
_OUTPUT_CODES = ("f", "lo", "pr", "md", "cp", "dn", "orig", "di")
_TEXT_CODES = frozenset({"w", "fs", "ff", "co", "ia", "pa", "al", "tg", "lh", "bg", "t"})
_CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")  # except tab and line feed
_TEXT_BOX_CODES = frozenset({"r", "rt", "fl"})
_CODES = LAYER_CODES | {"i", "ie", "pg"}


@dataclass(frozen=True)
class Position:
    """The position of a layer; without any offset the focus decides.

    Attributes:
        x: Offset of the left edge in pixels from the anchor; without an anchor, ``N…`` counts from the far edge.
        y: Offset of the top edge, likewise.
        xc: Horizontal offset of the centre from the anchor, which overrides `x`.
        yc: Vertical offset of the centre, which overrides `y`.
        anchor: Point of the parent from which offsets count, one of `POSITIONS`; None for its top left corner.
        focus: One of `POSITIONS`.
    """

    x: Expression | None = None
    y: Expression | None = None
    xc: Expression | None = None
    yc: Expression | None = None
    anchor: str | None = None
    focus: str = "center"


class Displacement(NamedTuple):
    """The distances in pixels by which full red and green of a displacement map move the picture below."""

    x: Expression | None
    y: Expression | None


@dataclass(frozen=True)
class Picture:
    """A picture of the media library.

    Attributes:
        path: Canonical path in the media library.
        page: Page or frame of the file.
    """

    path: str
    page: Page


@dataclass(frozen=True)
class Canvas:
    """A block of one colour, with or without a gradient over it, or of only a gradient."""

    width: Expression | None
    height: Expression | None
    colour: Colour | None
    gradient: Gradient | None


class FontFile(NamedTuple):
    """A font given by the path of its file in the media library."""

    path: str


@dataclass(frozen=True)
class Text:
    """A text and its style; lengths are in pixels.

    Attributes:
        width: Width at which to wrap lines; None for no wrapping.
        font: Name or file of the font; None for the default.
        font_size: Size of the em square.
        line_height: Distance between baselines; None for that of the font.
        padding: Top, right, bottom and left padding.
        alignment: Alignment of the lines: left, center or right.
        is_trimmed: Whether the box ends at the ink; otherwise, and with a background, it contains whole lines.
    """

    text: str
    width: Expression | None
    font: str | FontFile | None
    font_size: Expression
    line_height: Expression | None
    padding: tuple[Expression, Expression, Expression, Expression]
    colour: Colour
    background: Colour | None
    alignment: str
    bold: bool
    italic: bool
    strikethrough: bool
    is_trimmed: bool


def gather(chain: ChainText) -> StepText:
    """Gather the values of a layer's steps, which together define its content and position.

    Raises:
        TransformationError: A step, even inside an if-block, has an output setting.
    """
    for step in each_step(chain):
        for code in _OUTPUT_CODES:
            if code in step.values:
                raise invalid(code, "has no meaning inside a layer")
    return StepText({code: value for step in _steps(chain) for code, value in step.values.items()})


def read_mode(everything: StepText, kind: str) -> tuple[str | None, Displacement]:
    """Read the mode of a layer.

    Raises:
        TransformationError: The mode does not exist, or not for this layer.
    """
    mode = read(everything, "lm", one_of(*MODES))
    if mode != "displace":
        return mode, Displacement(None, None)
    displacement = Displacement(read(everything, "x", parse_expression), read(everything, "y", parse_expression))
    if kind == "text" or displacement == (None, None):
        raise invalid("lm", "allows displace only in image layers, with x or y as its strength")
    return mode, displacement


def read_position(everything: StepText) -> Position:
    """Read the position of a layer.

    Raises:
        TransformationError: A value is not valid for its code.
    """
    positions = one_of(*POSITIONS)
    return Position(
        x=read(everything, "lx", parse_expression),
        y=read(everything, "ly", parse_expression),
        xc=read(everything, "lxc", parse_expression),
        yc=read(everything, "lyc", parse_expression),
        anchor=read(everything, "lap", positions),
        focus=read(everything, "lfo", positions) or "center",
    )


def read_content(everything: StepText, kind: str, chain: ChainText) -> tuple[Picture | Canvas | Text, ChainText]:
    """Read the content of a layer; return it with the remaining steps.

    Args:
        everything: The gathered values.
        kind: ``text`` or ``image``.
        chain: The steps of the layer.

    Raises:
        TransformationError: A value is not valid for its code, or a code is not allowed there.
    """
    if kind == "text":
        return _text(everything), _text_box(chain)
    path = _path(everything)
    if path == f"/{CANVAS}":
        return _canvas(everything, chain)
    return Picture(path, read_page(everything) or Page(0)), _add_trim(chain)


def remove_layer_codes(chain: ChainText, mode: str | None) -> ChainText:
    """Remove the values for the content and position of a layer, and steps without other values."""
    return _without(chain, _CODES | {"x", "y"} if mode == "displace" else _CODES)


def _steps(chain: ChainText) -> Iterator[StepText]:
    return (step for step in chain if isinstance(step, StepText))


def _without(chain: ChainText, codes: frozenset[str] | set[str]) -> ChainText:
    steps: list[StepText | BlockText] = []
    for step in chain:
        if isinstance(step, StepText):
            kept = {code: value for code, value in step.values.items() if code not in codes}
            if kept or step.layers:
                steps.append(StepText(kept, step.layers))
        else:
            steps.append(step)
    return tuple(steps)


def _path(step: StepText) -> str:
    # ie- overrides i-; plain paths have @@ for slashes, encoded ones do not.
    path = read(step, "ie", _decode) if "ie" in step.values else read(step, "i", str)
    if not path or not path.strip("/@"):
        raise malformed("an image layer must name its picture (i-path or ie-base64)")
    return "/" + (path if "ie" in step.values else path.replace("@@", "/")).strip("/")


def _add_trim(chain: ChainText) -> ChainText:
    """Add a first step with ``t-true``, the default of picture layers, unless a step sets it."""
    if any("t" in step.values for step in _steps(chain)):
        return chain
    return (StepText({"t": "true"}), *chain)


def _canvas(everything: StepText, chain: ChainText) -> tuple[Canvas, ChainText]:
    first, rest = (chain[0], chain[1:]) if chain and isinstance(chain[0], StepText) else (StepText({}), chain)
    codes = {"w", "h", "bg", "al", "e-gradient"}
    for code in ("t", "fo", "c", "cm", *sorted(CONTENT_CODES - {"i", "ie", "al"})):
        if code in first.values:
            raise invalid(code, f"has no meaning for {CANVAS}")
    if "pg" in everything.values:
        raise invalid("pg", f"has no meaning for {CANVAS}")
    colour = _faded_colour(first, "bg")
    gradient = read(first, "e-gradient", read_gradient, bare="true")
    canvas = Canvas(read(first, "w", length), read(first, "h", length), colour, gradient)
    return canvas, (*_without((first,), codes), *rest)


def _text(step: StepText) -> Text:
    known = _TEXT_CODES | _TEXT_BOX_CODES | LAYER_CODES | {"i", "ie"}
    for code in step.values:
        if code not in known:
            raise invalid(code, "has no meaning inside a text layer")
    typography = set((read(step, "tg", _typography) or "").split("_"))
    background = _faded_colour(step, "bg")
    padding = read(step, "pa", _padding)
    return Text(
        text=_words(step),
        width=read(step, "w", length),
        font=read(step, "ff", _font),
        font_size=read(step, "fs", length) or Expression((DEFAULT_FONT_SIZE,)),
        line_height=read(step, "lh", length),
        padding=padding or _padding("0"),
        # al applies to the default black too.
        colour=_faded_colour(step, "co") or BLACK._replace(opacity=_opacity(step)),
        background=background,
        alignment=read(step, "ia", one_of("left", "right", "center")) or "center",
        bold="b" in typography,
        italic="i" in typography,
        strikethrough="strikethrough" in typography,
        is_trimmed=background is None and step.values.get("t") != "false",
    )


def _text_box(chain: ChainText) -> ChainText:
    """Return the steps for the box of a text: corners, rotation, flip."""
    for step in chain:
        if isinstance(step, BlockText) or step.layers:
            raise malformed("a text layer must not contain layers or if-blocks")
    return _without(chain, _TEXT_CODES)


def _words(step: StepText) -> str:
    text = read(step, "ie", _decode) if "ie" in step.values else read(step, "i", _plain)
    text = _CONTROL_CHARACTERS.sub("", text or "")
    if not text:
        raise malformed("a text layer must have a text (i-text or ie-base64)")
    return text


def _plain(text: str) -> str:
    # Clients that encode twice leave percent signs; a text with other percent signs is not decoded.
    decoded = unquote(text) if re.fullmatch("(?:[^%]|%[0-9a-fA-F]{2})*", text) else text
    return decoded[:MAX_CHARACTERS]


def _decode(text: str) -> str:
    """Decode base64 in either alphabet, with or without padding, and even if it is percent-encoded again."""
    whole = unquote(text).replace("-", "+").replace("_", "/").replace(" ", "+").rstrip("=")
    encoded = whole[:MAX_BASE64_CHARACTERS]
    try:
        data = base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
        return data.decode(errors="strict" if encoded == whole else "ignore")  # truncation may split a character
    except (binascii.Error, ValueError):
        raise ValueError("must be base64 of UTF-8 text") from None


def _font(text: str) -> str | FontFile:
    if not re.fullmatch(r"[\w .@/()+-]{1,200}", text):
        raise ValueError(f"must be the name of a font, or the path of a font file with @@ for / (got '{text}')")
    is_file = text.lower().endswith((".ttf", ".otf", ".woff", ".woff2", ".ttc"))
    return FontFile("/" + text.replace("@@", "/").strip("/")) if is_file else text


def _typography(text: str) -> str:
    for part in text.split("_"):
        one_of("b", "i", "strikethrough")(part)
    return text


def _padding(text: str) -> tuple[Expression, Expression, Expression, Expression]:
    """Read one to four numbers in the order of CSS, or one expression for all sides."""
    if OPERATORS & set(text.split("_")):
        sides = [parse_expression(text)]
    else:
        sides = [parse_expression(part) for part in text.split("_")]
    if len(sides) > 4 or any(side.literal is not None and side.literal < 0 for side in sides):
        raise ValueError(f"must be one to four numbers of at least 0, joined by _, or an expression (got '{text}')")
    top = sides[0]
    right = sides[1] if len(sides) > 1 else top
    bottom = sides[2] if len(sides) > 2 else top
    return top, right, bottom, sides[3] if len(sides) > 3 else right


def _opacity(step: StepText) -> float:
    tenths = read(step, "al", number(1, 9))
    return 1.0 if tenths is None else tenths / 10


def _faded_colour(step: StepText, code: str) -> Colour | None:
    """Read a colour; ``al`` sets its opacity if it has the form RRGGBB."""
    opacity = _opacity(step)
    colour = read(step, code, parse_colour)
    return colour._replace(opacity=opacity) if colour and is_opaque_hex(step.values[code] or "") else colour
