"""Which folder of rendering may import which: the language knows no drawing, and drawing no pipeline."""

from __future__ import annotations

import ast
import graphlib

import pytest

from ...test_layers import EVERY_MODULE, imported_modules, imports

RENDERING = "imagekitio.local.rendering"
# Each imports only those before it, type-only imports included.
ROOMS = [f"{RENDERING}.language", f"{RENDERING}.drawing", RENDERING]
BELOW = ("imagekitio.local.media.", "imagekitio.local.base.", "imagekitio.urls.")


def room_of(module: str) -> str:
    return next(room for room in ROOMS if module == room or module.startswith(f"{room}."))


MODULES = {
    name: imported_modules(path) for name, path in EVERY_MODULE.items() if f"{name}.".startswith(RENDERING + ".")
}


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_only_its_room_and_those_below(module: str) -> None:
    allowed = ROOMS[: ROOMS.index(room_of(module)) + 1]
    for imported in MODULES[module]:
        if imported in MODULES:
            assert room_of(imported) in allowed, imported
        else:
            assert imported.startswith(BELOW)


def test_only_render_asks_for_a_text_to_be_read() -> None:
    """What is drawn has been read before: it comes as types, and none of their texts is left."""
    for module in MODULES:
        if room_of(module) == ROOMS[0] or module == f"{RENDERING}.render":
            continue
        for node in imports(ast.parse(EVERY_MODULE[module].read_text(encoding="utf-8"))):
            source = (node.module or "") if isinstance(node, ast.ImportFrom) else ""
            assert not source.endswith(("grammar", "readers", "old_overlays")), module
            if "language" in source:
                assert not [alias for alias in node.names if alias.name.startswith(("read_", "parse_"))], module


def test_no_two_modules_import_each_other_even_through_others() -> None:
    arrows = {name: imported & MODULES.keys() for name, imported in MODULES.items()}
    graphlib.TopologicalSorter(arrows).prepare()  # raises CycleError, which names the circle
