"""Options for transformations, generated from the table of the library, and the steps of a command line.

Each name in the table is an option: `crop_mode` is ``--crop-mode``. The options before a ``--step`` form one step, in
the order in which they were typed; ``-t`` adds steps that are written as in a URL.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import click
from click.shell_completion import CompletionItem

from ...urls.transformations.allowed import ALLOWED
from ...urls.transformations.names import CODES, FLAGS
from ...urls.transformations.parsing import StepParser
from ...urls.transformations.steps import write_path_steps
from ..base.command import Command
from ..base.completion import suggest
from ..base.options import TextType

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ...urls.transformations.allowed import Allowed

RAW = "transformation"  # parameter of ``-t``
_STEP = "--step"
_STEPS = f"{__name__}.steps"  # key in the `meta` of a context: the steps after the first ``--step``

# The options in the help text; ``--list-transformations`` has the others too.
_COMMON = {
    "width": "Width in pixels; below 1, a fraction of the original's.",
    "height": "Height in pixels; below 1, a fraction of the original's.",
    "aspect_ratio": "Ratio of width to height, such as 4-3.",
    "crop": "How to fit the picture to width and height.",
    "crop_mode": "Crop or pad instead of resizing.",
    "focus": "Part that stays visible: a side, auto, face, or an object.",
    "format": "Format: auto, jpg, png, webp, avif …",
    "quality": "Quality, from 1 to 100.",
    "dpr": "Ratio of device pixels to CSS pixels.",
    "rotation": "Degrees clockwise; negative to rotate the other way.",
    "radius": "Radius of the corners in pixels, or max.",
    "background": "Color such as F0F0F0, or blurred, dominant …",
    "blur": "Strength of the blur, from 1 to 100.",
    "grayscale": "Remove the colors.",
    "named": "Named transformation of the account.",
}
_OTHERS = {"none": (), "numbers": ("a number",), "expressions": ("a number, or iw_div_2",), "any": ("any text",)}
_NEGATIVE = re.compile(r"-[0-9.]+")
_EMPTY_PART = re.compile(r"(?:^|[,:])(?=[,:]|\Z)|(?:^|(?<=[,:]))[a-z0-9]+-(?=[,:]|\Z)")


class Transformation(NamedTuple):
    """A row of the table of transformations.

    Attributes:
        name: Name in Python, such as ``crop_mode``.
        code: Code in a URL, such as ``cm``.
        allowed: Values that it accepts.
    """

    name: str
    code: str
    allowed: Allowed

    @property
    def option(self) -> str:
        """The option of the command line."""
        return "--" + self.name.replace("_", "-")

    @property
    def has_value(self) -> bool:
        """Whether the option takes a value and is not a switch."""
        return not (self.name in FLAGS or self.is_pair)

    @property
    def is_pair(self) -> bool:
        """Whether there are two options, such as ``--lossless`` and ``--no-lossless``."""
        return self.allowed == ALLOWED["lossless"]

    @property
    def usage(self) -> str:
        """The option as a table shows it."""
        return f"{self.option}/--no-{self.option[2:]}" if self.is_pair else self.option

    @property
    def values(self) -> list[str]:
        """The values that it accepts, in words; none for a switch."""
        return [*self.allowed.listed, *_OTHERS[self.allowed.others]] if self.has_value else []


TRANSFORMATIONS = tuple(Transformation(name, code, ALLOWED[name]) for name, code in CODES.items())


class _Value(TextType):
    """A value of a transformation; completion suggests the listed ones, and the URL builder checks it."""

    name = "value"

    def __init__(self, transformation: Transformation) -> None:
        self._allowed = transformation.allowed

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if not value:
            self.fail("must not be empty: leave out the option", param, ctx)
        if self._allowed.others in ("numbers", "expressions") and _NEGATIVE.fullmatch(value):
            return f"N{value[1:]}"  # as written in a URL
        return value

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        return suggest(lambda: [CompletionItem(word) for word in self._allowed.listed if word != "-"], incomplete)


def _make_option(transformation: Transformation) -> click.Option:
    name, option = transformation.name, transformation.option
    shown: dict[str, Any] = {"hidden": name not in _COMMON, "help": _COMMON.get(name), "default": None}
    if transformation.is_pair:
        return click.Option([name, transformation.usage], **shown)
    if not transformation.has_value:
        return click.Option([name, option], is_flag=True, flag_value=True, **shown)
    return click.Option([name, option], type=_Value(transformation), metavar="VALUE", **shown)


def make_step_options() -> list[click.Parameter]:
    """Return ``-t`` and an option for each transformation."""
    shown_first = [*_COMMON, *(each.name for each in TRANSFORMATIONS)].index
    return [
        *(_make_option(each) for each in sorted(TRANSFORMATIONS, key=lambda each: shown_first(each.name))),
        click.Option(
            ["-t", f"--{RAW}"],
            multiple=True,
            metavar="TEXT",
            help="Further steps, written as in URLs: 'w-300,h-200:rt-90'; repeatable.",
        ),
    ]


def _read_raw_steps(text: str) -> list[dict[str, Any]]:
    """Return steps that are written as in a URL as dicts, so that their names and values can be checked."""
    return StepParser(write_path_steps).parse(text.removeprefix("tr:"))


def read_steps(parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the steps of one part of a command line: the options form one step, and each ``-t`` adds steps."""
    step = {name: value for name, value in parameters.items() if name in CODES and value is not None}
    raw = [each for text in parameters[RAW] for each in _read_raw_steps(text)]
    return [step, *raw] if step else raw


class StepCommand(Command):
    """A command in which each ``--step`` begins another step; other options may be anywhere."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the steps after the first, and the rest as usual."""
        end = args.index("--") if "--" in args else len(args)
        first, *others = _split(args[:end], _STEP)
        steps: list[dict[str, Any]] = []
        for section in others:
            # Arguments that belong to no step are left over, in order.
            inner = _SECTION.make_context(_STEP, section, ctx, resilient_parsing=ctx.resilient_parsing)
            steps += read_steps(inner.params)
            first += inner.args
        ctx.meta[_STEPS] = steps
        return super().parse_args(ctx, first + args[end:])


_SECTION = click.Command(
    "step",
    params=make_step_options(),
    add_help_option=False,
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
)


def find_steps(ctx: click.Context, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return all steps of a command line.

    Args:
        ctx: Context of a `StepCommand`.
        parameters: Parameters of the command, including those of the first step.
    """
    return [*read_steps(parameters), *ctx.meta[_STEPS]]


def refuse_empty_parts(steps: Sequence[Mapping[str, Any]]) -> None:
    """Refuse steps such as ``w-300,,h-3`` or ``w-``, which are typing errors that would end up in the URL.

    Raises:
        click.UsageError: A step, or a part or a value in it, is empty.
    """
    text = write_path_steps(steps).removeprefix("tr:").removesuffix("/")
    if text and (found := _EMPTY_PART.search(text)):
        what = f"{found[0]!r} has no value" if found[0].endswith("-") else "a step, or a part of one, is empty"
        raise click.UsageError(f"{what} (got {text!r}); --no-check accepts it")


def name_options(message: str) -> str:
    """Replace the names of transformations in an error of the library with their options."""
    names = "|".join(each.name for each in TRANSFORMATIONS)
    return re.sub(rf"\b(?:{names})(?= must|'\?)", lambda name: "--" + name[0].replace("_", "-"), message)


def _split(arguments: Sequence[str], separator: str) -> list[list[str]]:
    parts: list[list[str]] = [[]]
    for argument in arguments:
        if argument == separator:
            parts.append([])
        else:
            parts[-1].append(argument)
    return parts
