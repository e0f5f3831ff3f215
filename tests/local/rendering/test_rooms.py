"""Steps are parsed once and passed to drawing as types."""

from __future__ import annotations

import ast

from tests.layers import EVERY_MODULE, find_imports

RENDERING = "imagekitio.local.rendering"


def test_only_render_parses_text() -> None:
    """Steps are parsed before they are drawn, so drawing code never parses text."""
    readers = (f"{RENDERING}.language", f"{RENDERING}.render")
    for module, path in EVERY_MODULE.items():
        if not module.startswith(f"{RENDERING}.") or module.startswith(readers):
            continue
        for node in find_imports(ast.parse(path.read_text(encoding="utf-8"))):
            source = (node.module or "") if isinstance(node, ast.ImportFrom) else ""
            assert not source.endswith(("grammar", "readers", "old_overlays")), module
            if "language" in source:
                assert not [alias for alias in node.names if alias.name.startswith(("read_", "parse_"))], module
