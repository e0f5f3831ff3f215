"""The grammar of transformations: from a text to the texts of values, by step and code.

The module `steps`, the only user of this one, parses the values.

    steps      = step *( ":" step )
    step       = if-block / item *( "," item )
    item       = code [ "-" value ] / layer
    layer      = "l-" type "," steps ",l-end"
    if-block   = "if-" condition "," steps [ ",if-else," steps ] ",if-end"

Source: ImageKit docs, "Chained transformations", "Layers" and "Conditional transformations".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from ....urls.transformations.names import CODES, NAMELESS_CODES
from .errors import invalid, malformed, over_limit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MAX_CHARACTERS = 10_000  # a whole URL is shorter; our own limit, so that nonsense is refused early
MAX_STEPS = 100  # our own limit, for the same reason
MAX_LAYERS = 50  # our own limit, for the same reason; layers inside layers count too
MAX_LAYER_DEPTH = 3  # ImageKit docs, "Nesting layers"

LAYER_TYPES = ("image", "text", "video", "subtitles", "subtitle")  # the older name is subtitle
LAYER_CODES = frozenset({"lm", "lx", "ly", "lxc", "lyc", "lap", "lfo", "lso", "leo", "ldu"})
# The content of layers, and the style of texts and colour blocks.
CONTENT_CODES = frozenset({"i", "ie", "fs", "ff", "co", "ia", "pa", "al", "tg", "lh", "fol", "fsh"})
KNOWN_CODES = frozenset(CODES.values()) | NAMELESS_CODES | LAYER_CODES

_RATIO_CUT_BY_A_COLON = re.compile(r"ar-\d+")


@dataclass(frozen=True)
class LayerText:
    """An overlay. Its input and position are values of its steps (``i``, ``lx`` ...)."""

    kind: str
    chain: ChainText


@dataclass(frozen=True)
class StepText:
    """The parameters of a step by code; if a code is repeated, the last value counts. Layers keep their order."""

    values: Mapping[str, str | None]
    layers: tuple[LayerText, ...] = ()


@dataclass(frozen=True)
class BlockText:
    """A step that is one of two chains, depending on a condition."""

    condition: str
    then: ChainText
    otherwise: ChainText = ()


ChainText: TypeAlias = "tuple[StepText | BlockText, ...]"


class Token(NamedTuple):
    """A piece of the text, and whether it starts a step, as it follows a colon."""

    starts_step: bool
    text: str


def parse_text(text: str, named: Mapping[str, str] | None = None) -> ChainText:
    """Parse steps such as ``w-400,h-300:rt-90``.

    Args:
        text: The steps, percent-decoded, without ``tr:``.
        named: Definitions of named transformations, which replace ``n-<name>``.

    Raises:
        TransformationError: A code or a named transformation is unknown, layers or if-blocks are not balanced, or the
            text is too long.
    """
    if len(text) > MAX_CHARACTERS:
        raise over_limit(f"transformations must be at most {MAX_CHARACTERS} characters long (got {len(text)})")
    tokens = list(_insert_named(_tokenise(text), named or {}))
    if sum(token.starts_step for token in tokens) >= MAX_STEPS:
        raise over_limit(f"transformations must have at most {MAX_STEPS} steps")
    if sum(token.text.startswith("l-") and token.text != "l-end" for token in tokens) > MAX_LAYERS:
        raise over_limit(f"transformations must have at most {MAX_LAYERS} layers")
    return _Parser(tokens).parse()


def is_named_only(text: str) -> bool:
    """Return whether the only transformation is a named one, which private files allow without a signature."""
    tokens = [token.text for token in _tokenise(text) if token.text]
    return len(tokens) == 1 and tokens[0].startswith("n-")


def each_step(chain: ChainText) -> Iterator[StepText]:
    """Yield every step of the picture itself, including both branches of a condition but not the steps of layers."""
    for step in chain:
        if isinstance(step, BlockText):
            yield from each_step(step.then)
            yield from each_step(step.otherwise)
        else:
            yield step


def _tokenise(text: str) -> Iterator[Token]:
    """Split at commas and colons; a ratio written ``ar-4:3`` stays one token."""
    pieces = re.split("([,:])", text)
    separators = ["", *pieces[1::2]]
    pending: Token | None = None
    for separator, piece in zip(separators, pieces[::2], strict=True):
        token = Token(separator == ":", piece.strip())
        if pending and token.starts_step and token.text.isdecimal() and _RATIO_CUT_BY_A_COLON.fullmatch(pending.text):
            pending = Token(pending.starts_step, f"{pending.text}-{token.text}")
            continue
        if pending:
            yield pending
        pending = token
    if pending:
        yield pending


def _insert_named(tokens: Iterator[Token], named: Mapping[str, str]) -> Iterator[Token]:
    for token in tokens:
        code, _, name = token.text.partition("-")
        if code != "n":
            yield token
            continue
        if name not in named:
            raise invalid("n", f"must be the name of a named transformation (got '{name}')")
        # Stored definitions may start with the "tr:" of the URL they were copied from.
        inserted = list(_tokenise(named[name].removeprefix("tr:")))
        if any(each.text.partition("-")[0] == "n" for each in inserted):
            raise invalid("n", f"must not contain another named transformation ('{name}' does)")
        yield Token(token.starts_step, inserted[0].text)
        yield from inserted[1:]


def _split(token: str) -> tuple[str, str | None]:
    """Split a token into code and value. The longest known code counts, as some contain a dash (``e-sharpen-10``)."""
    parts = token.split("-")
    for length in (2, 1):
        code = "-".join(parts[:length])
        if len(parts) >= length and code in KNOWN_CODES:
            return code, "-".join(parts[length:]) if len(parts) > length else None
    raise invalid("-".join(parts[:2]) if parts[0] == "e" else parts[0], "does not exist")


@dataclass
class _StepBuilder:
    values: dict[str, str | None] = field(default_factory=dict[str, "str | None"])
    layers: list[LayerText] = field(default_factory=list[LayerText])
    block: BlockText | None = None

    def build(self) -> Iterator[StepText | BlockText]:
        """Yield the step, unless it is empty."""
        if self.block is not None:
            if self.values or self.layers:
                raise malformed(
                    "a step with an if-block must contain nothing else; put a ':' before or after the block"
                )
            yield self.block
        elif self.values or self.layers:
            yield StepText(self.values, tuple(self.layers))


class _Parser:
    """A recursive descent parser of the tokens, in which only layers and if-blocks nest."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._position = 0

    def parse(self) -> ChainText:
        chain = self._chain(depth=0, in_block=False)
        if self._position < len(self._tokens):
            raise malformed(f"'{self._tokens[self._position].text}' has no matching start")
        return chain

    def _chain(self, *, depth: int, in_block: bool) -> ChainText:
        """Read steps up to a closing token, which is left for the caller."""
        steps: list[StepText | BlockText] = []
        current = _StepBuilder()
        while self._position < len(self._tokens):
            starts_step, text = self._tokens[self._position]
            if starts_step:
                steps += current.build()
                current = _StepBuilder()
            if text in ("l-end", "if-else", "if-end"):
                break
            self._position += 1
            if text.startswith("l-"):
                current.layers.append(self._layer(text[2:], depth=depth + 1, in_block=in_block))
            elif text.startswith("if-"):
                if in_block:
                    raise malformed("if-blocks must not be nested")
                if current.block is not None:
                    raise malformed("a step with an if-block must contain nothing else; put a ':' between two blocks")
                current.block = self._block(text[3:], depth=depth)
            elif text:
                code, value = _split(text)
                current.values[code] = value
        steps += current.build()
        return tuple(steps)

    def _layer(self, kind: str, *, depth: int, in_block: bool) -> LayerText:
        if kind not in LAYER_TYPES:
            raise invalid("l", f"must be one of {', '.join(LAYER_TYPES)} (got '{kind}')")
        if depth > MAX_LAYER_DEPTH:
            raise invalid("l", f"must not nest deeper than {MAX_LAYER_DEPTH} levels")
        chain = self._chain(depth=depth, in_block=in_block)
        self._close("l-end", f"l-{kind}")
        return LayerText(kind, chain)

    def _block(self, condition: str, *, depth: int) -> BlockText:
        then = self._chain(depth=depth, in_block=True)
        otherwise: ChainText = ()
        if self._position < len(self._tokens) and self._tokens[self._position].text == "if-else":
            self._position += 1
            otherwise = self._chain(depth=depth, in_block=True)
        self._close("if-end", f"if-{condition}")
        return BlockText(condition, then, otherwise)

    def _close(self, closer: str, opener: str) -> None:
        if self._position == len(self._tokens) or self._tokens[self._position].text != closer:
            raise malformed(f"'{opener}' is not closed by '{closer}'")
        self._position += 1
