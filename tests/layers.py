"""The plan of the package, from top to bottom; a room imports only rooms below it.

`test_layers` checks the code against the plan, and `scripts.draw_map` draws it. Add new rooms here.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import imagekitio

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = Path(imagekitio.__file__).parent


@dataclass(frozen=True)
class Layer:
    """Rooms that belong together; their order within a layer matters too.

    Attributes:
        title: Name of the layer in the drawing.
        rooms: Folders and modules, relative to the package or to local ImageKit, with dots.
    """

    title: str
    rooms: tuple[str, ...]


CLIENT = [
    Layer("For applications", ("testing", "cli", "contrib")),
    Layer("Clients", ("v2", "aio", "client", "facade", "imgsrc", "groups")),
    Layer("Connections", ("transports", "streams")),
    Layer("Flow of calls", ("bulk", "flow", "settings", "policies")),
    Layer("API calls as data", ("operations", "webhooks", "exceptions", "models")),
    Layer("URLs and queries", ("search", "html", "urls")),
    Layer("Helpers", ("disk", "threads", "clock", "suggestions")),
]

# Local ImageKit is not a layer of the client: it serves any program that speaks the API. Each room here imports only
# the rooms of the client that are listed with it.
LOCAL_SHARES = {"suggestions", "urls", "operations"}
OUTSIDE = {"local": LOCAL_SHARES, "similar": set[str]()}

# Other imports of a room of the client besides the rooms below it.
ALSO_IMPORTED = {"testing": {"local"}, "cli": {"local", "similar"}}

LOCAL = [
    Layer("Start and stop", ("__main__", "foreground", "options", "server")),
    Layer("Application", ("app", "imgsrc.app", "control", "background", "coverage")),
    Layer("Answers", ("page", "openapi", "api.presets", "api", "imgsrc.delivery", "imgsrc")),
    Layer("Work on files", ("uploads", "extensions", "delivery", "events")),
    Layer(
        "Library and pictures",
        ("library", "rendering", "rendering.drawing", "rendering.language", "search", "media"),
    ),
    Layer("HTTP", ("web", "web.outgoing")),
    Layer("Foundation", ("storage", "base")),
]

# From bottom to top.
LAYERS = [room for layer in reversed(CLIENT) for room in reversed(layer.rooms)]
# From top to bottom.
ROOMS = [room for layer in LOCAL for room in layer.rooms]


def find_modules(room: str) -> list[Path]:
    """Return the files of a room of the package, including those in its folders."""
    path = PACKAGE.joinpath(*room.split("."))
    return sorted(path.rglob("*.py")) if path.is_dir() else [path.with_suffix(".py")]


def room_of(module: str) -> str:
    """Return the innermost room of local ImageKit that contains a module."""
    parts = module.removeprefix("imagekitio.local.").split(".")
    names = [".".join(parts[:length]) for length in range(len(parts), 0, -1)]
    return next(name for name in names if name in ROOMS)  # StopIteration: a room missing from the plan


def is_for_type_checkers(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def find_imports(tree: ast.AST, *, for_types: bool = True) -> Iterator[ast.Import | ast.ImportFrom]:
    """Yield every import, including those inside functions and, unless `for_types` is off, those for type checkers."""
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, (ast.Import, ast.ImportFrom)):
            yield child
        elif for_types or not is_for_type_checkers(child):
            yield from find_imports(child, for_types=for_types)


def name_of(path: Path) -> str:
    """Return the dotted name of a module."""
    parts = ("imagekitio", *path.relative_to(PACKAGE).with_suffix("").parts)
    return ".".join(parts).removesuffix(".__init__")


EVERY_MODULE = {name_of(path): path for path in sorted(PACKAGE.rglob("*.py"))}


@cache
def find_imported_modules(path: Path) -> frozenset[str]:
    """Return the modules of the package that a module imports."""
    found = set[str]()
    package = name_of(path) if path.name == "__init__.py" else name_of(path).rpartition(".")[0]
    for node in find_imports(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
            continue
        base = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
        module = ".".join([*base, *([node.module] if node.module else [])])
        for alias in node.names:
            found.add(f"{module}.{alias.name}" if f"{module}.{alias.name}" in EVERY_MODULE else module)
    return frozenset(found & EVERY_MODULE.keys()) - {name_of(path)}
