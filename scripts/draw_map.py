"""Draw the map of the package, and write the tables of its rooms into CONTRIBUTING.md, from the code.

Usage: python -m scripts.draw_map

The layers come from `tests.layers`, the purpose of a room from the first line of its docstring, and its size from its
code. `tests.test_layers` checks that every import leads downwards.
A test fails if the drawing or the tables do not agree with the code.
"""

from __future__ import annotations

import ast
import re
import textwrap
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from tests.layers import (
    ALSO_IMPORTED,
    CLIENT,
    EVERY_MODULE,
    LOCAL,
    LOCAL_SHARES,
    PACKAGE,
    Layer,
    room_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
DRAWING = ROOT / "docs" / "pictures" / "architecture.svg"
GUIDE = ROOT / "CONTRIBUTING.md"

# All lengths are in pixels of the drawing.
_WIDTH, _MARGIN, _GAP = 1000, 22, 8
_TITLE_WIDTH, _ARROW_WIDTH = 124, 34  # to the left and to the right of the rooms
_ROOMS_IN_A_ROW, _PADDING, _LINE_HEIGHT = 3, 10, 15
_CHARACTER_WIDTH = 6.7  # of text in a room, on systems with a wide font
_SIZES = (100, 500, 2_000, 8_000)  # lines of code: a room has one mark, and one more for each of these that it exceeds

_STYLE = """
.paper { fill: #fbfbfd; } .layer { fill: #eef1f6; } .room { fill: #ffffff; stroke: #ccd3df; }
text { font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; fill: #414b5c; }
text { font-size: 12px; } .heading { font-size: 22px; font-weight: 700; fill: #172033; } .note { font-size: 13px; }
.title { font-size: 14px; font-weight: 700; } .name { font-size: 13.5px; font-weight: 600; fill: #172033; }
.name { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.client { fill: #2457c5; } .local { fill: #0a6f5c; }
.arrow { stroke-width: 2; } .arrow.client { stroke: #2457c5; } .arrow.local { stroke: #0a6f5c; }
@media (prefers-color-scheme: dark) {
  .paper { fill: #12161f; } .layer { fill: #1b212d; } .room { fill: #252d3c; stroke: #3b465a; }
  text { fill: #b9c3d4; } .heading, .name { fill: #f0f4fb; } .client { fill: #8db2ff; } .local { fill: #5fd3ba; }
  .arrow.client { stroke: #8db2ff; } .arrow.local { stroke: #5fd3ba; }
}
""".strip()


@dataclass(frozen=True)
class Room:
    """A folder or a module of the plan, as the code describes it.

    Attributes:
        name: Name in the plan, with dots.
        path: Path relative to the package.
        purpose: First line of its docstring, in Markdown.
        lines: Number of lines of code in its modules, without those of rooms inside it.
    """

    name: str
    path: str
    purpose: str
    lines: int


@dataclass(frozen=True)
class House:
    """A stack of layers.

    Attributes:
        kind: Class in the style sheet.
        title: Heading above it.
        note: Text below the heading.
        layers: Layers with their rooms, from top to bottom.
    """

    kind: str
    title: str
    note: str
    layers: list[tuple[Layer, list[Room]]]


def main() -> None:
    """Write the drawing and the tables."""
    houses = read_houses()
    DRAWING.parent.mkdir(parents=True, exist_ok=True)
    DRAWING.write_text(draw(houses), encoding="utf-8")
    GUIDE.write_text(write_tables(GUIDE.read_text(encoding="utf-8"), houses), encoding="utf-8")


def read_houses() -> list[House]:
    """Read the client and local ImageKit from their code."""
    users = " and ".join(sorted(room for room, others in ALSO_IMPORTED.items() if "local" in others))
    shared = ", ".join(sorted(LOCAL_SHARES))
    return [
        _read_house(
            "client",
            "The client: imagekitio",
            f"In addition to the rooms below them, {users} use local ImageKit. The room similar is independent.",
            CLIENT,
        ),
        _read_house(
            "local",
            "Local ImageKit: imagekitio.local",
            f"It never imports a client. It shares these rooms with the client: {shared}.",
            LOCAL,
        ),
    ]


def _read_house(kind: str, title: str, note: str, layers: list[Layer]) -> House:
    rooms = [[_read_room(kind, name) for name in layer.rooms] for layer in layers]
    return House(kind, title, note, list(zip(layers, rooms, strict=True)))


def _room_of(kind: str, module: str) -> str:
    """Return the room of a house that contains a module; "" if none does."""
    parts = module.split(".")
    if kind == "client":
        return "" if len(parts) == 1 or parts[1] == "local" else parts[1]
    return room_of(module) if module.startswith("imagekitio.local.") else ""


def _read_room(kind: str, name: str) -> Room:
    folder = PACKAGE if kind == "client" else PACKAGE / "local"
    path = folder.joinpath(*name.split("."))
    path = path if path.is_dir() else path.with_suffix(".py")
    face = path / "__init__.py" if path.is_dir() else path
    docstring = ast.get_docstring(ast.parse(face.read_text(encoding="utf-8"))) or ""
    lines = sum(
        len(path.read_text(encoding="utf-8").splitlines())
        for module, path in EVERY_MODULE.items()
        if _room_of(kind, module) == name
    )
    relative = path.relative_to(PACKAGE).as_posix() + ("/" if path.is_dir() else "")
    return Room(name, relative, docstring.partition("\n")[0].replace("``", "`"), lines)


def write_tables(text: str, houses: list[House]) -> str:
    """Return the guide with its tables of rooms replaced."""
    for house in houses:
        rows = [f"| `{room.path}` | {room.purpose} |" for _, rooms in house.layers for room in rooms]
        table = "\n".join(["| room | what it is for |", "|---|---|", *rows, ""])
        start, end = f"<!-- rooms of {house.kind}: python -m scripts.draw_map -->\n", "<!-- end of rooms -->"
        text, count = re.subn(
            f"({re.escape(start)}).*?({re.escape(end)})",
            lambda found, table=table: found[1] + table + found[2],  # type: ignore[misc]
            text,
            flags=re.DOTALL,
        )
        if count != 1:
            raise ValueError(f"the guide must have one table that begins with {start!r} (found {count})")
    return text


def draw(houses: list[House]) -> str:
    """Return the drawing as SVG."""
    parts: list[str] = []
    top = _MARGIN + 4.0
    for house in houses:
        drawn, top = _draw_house(house, top)
        parts += [*drawn, ""]
    sizes = [f"up to {_SIZES[0]} lines of code", *(f"more than {size:,}" for size in _SIZES)]
    legend = ", ".join(f"{'■' * number} {size}" for number, size in enumerate(sizes, start=1))
    parts.append(_text(_MARGIN, top, f"{legend}.", "note"))
    height = round(top + _MARGIN)
    description = "A room imports only rooms below it. " + " ".join(
        f"{house.title}, from top to bottom: "
        + "; ".join(f"{layer.title} ({', '.join(layer.rooms)})" for layer, _ in house.layers)
        + "."
        for house in houses
    )
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" '
            f'height="{height}" role="img" aria-labelledby="title description">',
            '<title id="title">The layers of imagekitio</title>',
            f'<desc id="description">{escape(description, quote=False)}</desc>',
            f"<style>\n{_STYLE}\n</style>",
            f'<rect class="paper" width="{_WIDTH}" height="{height}" rx="12"/>',
            *parts,
            "</svg>",
            "",
        ]
    )


def _draw_house(house: House, top: float) -> tuple[list[str], float]:
    """Return the elements of a house, and where the next one may begin."""
    parts = [
        _text(_MARGIN, top + 18, house.title, f"heading {house.kind}"),
        _text(_MARGIN, top + 42, house.note, "note"),
    ]
    top += 56
    begin = top
    for layer, rooms in house.layers:
        drawn, bottom = _draw_layer(house.kind, layer, rooms, top)
        parts += drawn
        top = bottom + _GAP
    parts += _draw_arrow(house.kind, begin, top - _GAP)
    return parts, top + 22


def _draw_layer(kind: str, layer: Layer, rooms: list[Room], top: float) -> tuple[list[str], float]:
    """Return the elements of a layer, and its bottom."""
    left, right = _MARGIN, _WIDTH - _MARGIN - _ARROW_WIDTH
    first = left + _TITLE_WIDTH
    drawn: list[str] = []
    bottom = top + _GAP
    for row in _divide(rooms):
        width = (right - first - _GAP * len(row)) / len(row)
        texts = [_wrap(room.purpose, width) for room in row]
        height = 34 + _LINE_HEIGHT * max(map(len, texts))
        for column, (room, lines) in enumerate(zip(row, texts, strict=True)):
            drawn += _draw_room(kind, room, lines, first + column * (width + _GAP), bottom, width, height)
        bottom += height + _GAP
    title = [
        _text(left + 14, top + 28 + 17 * number, line, f"title {kind}")
        for number, line in enumerate(textwrap.wrap(layer.title, 12))
    ]
    back = [
        _rectangle("layer", left, top, right - left, bottom - top, 8),
        _rectangle(kind, left, top, 4, bottom - top, 2),
    ]
    return [*back, *title, *drawn], bottom


def _draw_room(kind: str, room: Room, lines: list[str], x: float, y: float, width: float, height: float) -> list[str]:
    marks = 1 + sum(room.lines > size for size in _SIZES)
    return [
        _rectangle("room", x, y, width, height, 6),
        _text(x + _PADDING, y + 20, room.name, "name"),
        *(_rectangle(kind, x + width - _PADDING - 8 * number - 6, y + 12, 6, 6, 1) for number in range(marks)),
        *(_text(x + _PADDING, y + 38 + _LINE_HEIGHT * number, line) for number, line in enumerate(lines)),
    ]


def _draw_arrow(kind: str, top: float, bottom: float) -> list[str]:
    """Return the arrow beside a house, in the direction of its imports."""
    x, middle = _WIDTH - _MARGIN - 8, (top + bottom) / 2
    return [
        f'<path class="arrow {kind}" d="M{x} {top:g} V{bottom - 8:g}"/>',
        f'<path class="{kind}" d="M{x} {bottom:g} l-5 -10 h10 z"/>',
        f'<text class="note" text-anchor="middle" transform="translate({x - 14} {middle:g}) rotate(90)">imports</text>',
    ]


def _divide(rooms: list[Room]) -> Iterator[list[Room]]:
    """Yield rows of about the same length, four rooms as two and two."""
    rows = -(-len(rooms) // _ROOMS_IN_A_ROW)
    length = -(-len(rooms) // rows)
    for start in range(0, len(rooms), length):
        yield rooms[start : start + length]


def _wrap(purpose: str, width: float) -> list[str]:
    characters = int((width - 2 * _PADDING) / _CHARACTER_WIDTH)
    return textwrap.wrap(purpose.replace("`", ""), characters, break_on_hyphens=False)


def _text(x: float, y: float, text: str, kind: str = "") -> str:
    attribute = f' class="{kind}"' if kind else ""
    return f'<text x="{x:g}" y="{y:g}"{attribute}>{escape(text, quote=False)}</text>'


def _rectangle(kind: str, x: float, y: float, width: float, height: float, radius: float) -> str:
    return f'<rect class="{kind}" x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="{radius:g}"/>'


if __name__ == "__main__":
    main()
