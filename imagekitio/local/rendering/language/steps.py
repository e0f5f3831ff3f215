"""The steps of a transformation, which are parsed once into these types, then checked, then drawn.

Expressions and conditions, which depend on the picture, are parsed here and computed when the picture is drawn.
Source: ImageKit docs, "Chained transformations", "Layers" and "Conditional transformations".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from . import grammar
from .conditions import parse_condition
from .layers import gather, read_content, read_mode, read_position, remove_layer_codes
from .old_overlays import translate
from .values import read_edit, read_output, read_page

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .conditions import Condition
    from .layers import Canvas, Displacement, Picture, Position, Text
    from .values import Edit, OutputSettings, Page

DRAWN_LAYERS = frozenset({"image", "text"})


@dataclass(frozen=True)
class Overlay:
    """A layer of a picture, a colour block or a text.

    Attributes:
        content: Content to draw.
        chain: Steps to apply to it before it is put on the parent.
        mode: One of `layers.MODES`; None for normal compositing.
        displacement: Strength of the mode ``displace``.
    """

    content: Picture | Canvas | Text
    chain: Chain
    position: Position
    mode: str | None
    displacement: Displacement


@dataclass(frozen=True)
class Step:
    """One step of a transformation.

    Attributes:
        edit: Changes of the picture.
        output: Output settings.
        overlays: Layers to put on the picture afterwards, in this order.
        page: Page of the file to use.
        video_layers: Kinds of other layers, which apply only to videos.
    """

    edit: Edit
    output: OutputSettings
    overlays: tuple[Overlay, ...] = ()
    page: Page | None = None
    video_layers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Conditional:
    """A step that is one of two chains, depending on a condition."""

    condition: Condition
    then: Chain
    otherwise: Chain = ()


Chain: TypeAlias = "tuple[Step | Conditional, ...]"


def parse_steps(text: str, named: Mapping[str, str] | None = None) -> Chain:
    """Parse steps such as ``w-400,h-300:rt-90``, with all names, old overlays, layers, conditions and values.

    Args:
        text: The steps, percent-decoded, without ``tr:``.
        named: Definitions of named transformations, which replace ``n-<name>``.

    Raises:
        TransformationError: The text does not follow the grammar, is too long, or has a value that is not valid.
    """
    chain = grammar.parse_text(text, named)
    values = {code: value for step in grammar.each_step(chain) for code, value in step.values.items()}
    if values.get("orig") == "true":  # all other parameters are ignored, except the default image
        chain = (grammar.StepText({code: values[code] for code in ("orig", "di") if code in values}),)
    return _read_chain(translate(chain))


def each_step(chain: Chain) -> Iterator[Step]:
    """Yield every step of the picture itself, including both branches of a condition but not the steps of layers."""
    for item in chain:
        if isinstance(item, Conditional):
            yield from each_step(item.then)
            yield from each_step(item.otherwise)
        else:
            yield item


def _read_chain(chain: grammar.ChainText) -> Chain:
    return tuple(_read_block(item) if isinstance(item, grammar.BlockText) else _read_step(item) for item in chain)


def _read_block(block: grammar.BlockText) -> Conditional:
    return Conditional(parse_condition(block.condition), _read_chain(block.then), _read_chain(block.otherwise))


def _read_step(step: grammar.StepText) -> Step:
    return Step(
        edit=read_edit(step),
        output=read_output(step),
        overlays=tuple(_read_layer(layer) for layer in step.layers if layer.kind in DRAWN_LAYERS),
        page=read_page(step),
        video_layers=tuple(layer.kind for layer in step.layers if layer.kind not in DRAWN_LAYERS),
    )


def _read_layer(layer: grammar.LayerText) -> Overlay:
    everything = gather(layer.chain)
    mode, displacement = read_mode(everything, layer.kind)
    position = read_position(everything)
    content, chain = read_content(everything, layer.kind, layer.chain)
    return Overlay(content, _read_chain(remove_layer_codes(chain, mode)), position, mode, displacement)
