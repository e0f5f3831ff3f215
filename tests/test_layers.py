"""Which layer may import which, and what a start that only builds URLs may load."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import imagekitio

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = Path(imagekitio.__file__).parent

# Layer → what it may import of the package, besides itself.
MAY_IMPORT: dict[str, set[str]] = {
    "urls": set(),
    "models": {"urls"},
    "exceptions": {"urls", "models"},
    "operations": {"urls", "models", "exceptions"},
    "flow": {"urls", "models", "exceptions", "operations"},
    "threads": set(),
    "suggestions": set(),
    "transports": {"urls", "models", "exceptions", "operations", "flow", "threads"},
    "base": {"urls", "models", "exceptions", "operations", "flow", "transports"},
    "bulk": {"urls", "models", "exceptions", "operations", "threads"},
    "client": {"urls", "models", "exceptions", "operations", "flow", "transports", "base", "bulk"},
    "aio": {"urls", "models", "exceptions", "operations", "flow", "transports", "base", "bulk", "client"},
    "local": {"urls", "operations"},
    "testing": {"models", "exceptions", "operations", "client", "local"},
    "similar": set(),
}
STANDARD_LIBRARY_ONLY = sorted(MAY_IMPORT.keys() - {"transports", "local", "testing", "similar"})


def modules(layer: str) -> list[Path]:
    folder = PACKAGE / layer
    return sorted(folder.rglob("*.py")) if folder.is_dir() else [PACKAGE / f"{layer}.py"]


def is_for_type_checkers(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def imports(node: ast.AST, *, inside_functions: bool) -> Iterator[tuple[int, str]]:
    """Yield level and module of every import that runs."""
    for child in ast.iter_child_nodes(node):
        if is_for_type_checkers(child):
            continue
        if isinstance(child, ast.Import):
            for alias in child.names:
                yield 0, alias.name
        elif isinstance(child, ast.ImportFrom):
            if child.module is None:
                for alias in child.names:
                    yield child.level, alias.name
            else:
                yield child.level, child.module
        elif inside_functions or not isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield from imports(child, inside_functions=inside_functions)


def imported_layers(path: Path, *, inside_functions: bool = True) -> set[str]:
    found = set[str]()
    package = ("imagekitio", *path.relative_to(PACKAGE).parts[:-1])
    for level, module in imports(ast.parse(path.read_text(encoding="utf-8")), inside_functions=inside_functions):
        absolute = (*package[: len(package) - level + 1], *module.split(".")) if level else tuple(module.split("."))
        if absolute[0] == "imagekitio" and len(absolute) > 1:
            found.add(absolute[1])
    return found


def test_every_module_belongs_to_a_layer() -> None:
    found = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or any(path.glob("*.py"))}
    assert found - {"__init__"} == set(MAY_IMPORT)


@pytest.mark.parametrize("layer", sorted(MAY_IMPORT))
def test_a_layer_imports_only_those_above_it(layer: str) -> None:
    for path in modules(layer):
        # The handle of local ImageKit makes a client of it, when asked to.
        whole = not (layer == "local" and path.name == "server.py")
        assert imported_layers(path, inside_functions=whole) <= MAY_IMPORT[layer] | {layer, "suggestions"}, path


@pytest.mark.parametrize("layer", STANDARD_LIBRARY_ONLY)
def test_the_pure_layers_need_nothing_but_the_standard_library(layer: str) -> None:
    for path in modules(layer):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        outside = {module.split(".")[0] for level, module in imports(tree, inside_functions=True) if level == 0}
        assert outside <= sys.stdlib_module_names | {"__future__"}, path


def loaded_after(code: str) -> set[str]:
    script = f"import sys\nbefore = set(sys.modules)\n{code}\nprint(*set(sys.modules) - before)"
    done = subprocess.run(
        [sys.executable, "-S", "-c", script],
        check=True,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(PACKAGE.parent)},
    )
    return set(done.stdout.split())


BUILD_A_URL = """
import imagekitio
client = imagekitio.ImageKit("public_a", "private_a", "https://ik.imagekit.io/acme")
client.url({"path": "/a.jpg", "transformation": [{"width": 300}], "signed": True, "expire_seconds": 60})
"""


@pytest.mark.parametrize(
    "module", ["requests", "urllib3", "dataclasses", "inspect", "typing", "re", "urllib.parse", "json", "logging"]
)
def test_building_a_url_does_not_load(module: str) -> None:
    assert module not in loaded_after(BUILD_A_URL)


def test_importing_the_package_loads_nothing_but_itself() -> None:
    assert loaded_after("import imagekitio") <= {"imagekitio", "__future__"}


def test_exceptions_and_options_load_no_http_library() -> None:
    loaded = loaded_after("from imagekitio import NotFoundException, Retry, UploadFileRequestOptions")
    assert not loaded & {"requests", "urllib3", "imagekitio.client", "imagekitio.transports"}
