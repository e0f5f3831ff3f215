"""Which layer may import which, and what a start that only builds URLs may load."""

from __future__ import annotations

import ast
import graphlib
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import imagekitio

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = Path(imagekitio.__file__).parent

# Each layer imports only those before it, type-only imports included. Local ImageKit is not a layer of the client: it
# serves whatever speaks the API, and shares with the client only what is said of names and signatures.
LAYERS = [
    "suggestions",
    "clock",
    "threads",
    "disk",
    "urls",
    "html",
    "search",
    "models",
    "exceptions",
    "webhooks",
    "operations",
    "policies",
    "settings",
    "flow",
    "bulk",
    "streams",
    "transports",
    "groups",
    "imgsrc",
    "facade",
    "client",
    "aio",
    "v2",
    "contrib",
    "cli",
    "testing",
]
PURE = {"imagekitio.imgsrc.parameters"}  # a table that both sides of the second service read
OUTSIDE = {"local": {"suggestions", "urls", "operations"}, "similar": set[str]()}
STANDARD_LIBRARY_ONLY = sorted({*LAYERS} - {"transports", "contrib", "cli", "testing"})

# The rooms of local ImageKit, the other way round: each may import those below it, that is those after it.
ROOMS = [
    "__main__",
    "foreground",
    "options",
    "server",
    "app",
    "imgsrc.app",
    "control",
    "background",
    "coverage",
    "page",
    "openapi",
    "api.presets",
    "api",
    "imgsrc.delivery",
    "imgsrc",
    "uploads",
    "extensions",
    "delivery",
    "events",
    "library",
    "rendering",
    "rendering.drawing",
    "rendering.language",
    "search",
    "media",
    "web",
    "web.outgoing",
    "storage",
    "base",
]

# `server.client()` makes a client of the server that it is asked for.
MAKE_CLIENTS = {PACKAGE / "local" / "server" / name for name in ("imagekit.py", "imgsrc.py")}


def modules(layer: str) -> list[Path]:
    folder = PACKAGE / layer
    return sorted(folder.rglob("*.py")) if folder.is_dir() else [PACKAGE / f"{layer}.py"]


def is_for_type_checkers(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def imports(tree: ast.AST, *, for_types: bool = True) -> Iterator[ast.Import | ast.ImportFrom]:
    """Yield every import, also those inside of functions; those for type checkers unless told otherwise."""
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, (ast.Import, ast.ImportFrom)):
            yield child
        elif for_types or not is_for_type_checkers(child):
            yield from imports(child, for_types=for_types)


def name_of(path: Path) -> str:
    parts = ("imagekitio", *path.relative_to(PACKAGE).with_suffix("").parts)
    return ".".join(parts).removesuffix(".__init__")


def imported_modules(path: Path) -> set[str]:
    """Return the modules of the package that a module imports."""
    found = set[str]()
    package = name_of(path) if path.name == "__init__.py" else name_of(path).rpartition(".")[0]
    for node in imports(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
            continue
        base = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
        module = ".".join([*base, *([node.module] if node.module else [])])
        for alias in node.names:
            found.add(f"{module}.{alias.name}" if f"{module}.{alias.name}" in EVERY_MODULE else module)
    return (found & EVERY_MODULE.keys()) - {name_of(path)}


EVERY_MODULE = {name_of(path): path for path in sorted(PACKAGE.rglob("*.py"))}


def test_every_module_belongs_to_a_layer() -> None:
    found = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or any(path.glob("*.py"))}
    assert found - {"__init__"} == {*LAYERS, *OUTSIDE}


@pytest.mark.parametrize("layer", [*LAYERS, *OUTSIDE])
def test_a_layer_imports_only_those_before_it(layer: str) -> None:
    allowed = OUTSIDE.get(layer) or set(LAYERS[: LAYERS.index(layer)] if layer in LAYERS else ())
    if layer == "testing":
        allowed.add("local")
    if layer == "cli":
        allowed |= {"local", "similar"}
    for path in modules(layer):
        if path in MAKE_CLIENTS:
            continue
        found = imported_modules(path) - (PURE if layer == "local" else set())
        imported = {module.split(".")[1] for module in found if "." in module}
        assert imported <= allowed | {layer}, path


def test_no_two_modules_import_each_other_even_through_others() -> None:
    """Type-only imports count: they tie modules together just as well. A package's face only passes names on."""
    faces = {name for name, path in EVERY_MODULE.items() if path.name == "__init__.py"}
    arrows = {name: imported_modules(path) - faces for name, path in EVERY_MODULE.items() if name not in faces}
    sorter = graphlib.TopologicalSorter(arrows)
    sorter.prepare()  # raises CycleError, which names the circle


def room_of(module: str) -> str:
    """The room of local ImageKit that a module lies in: the innermost that is one."""
    parts = module.removeprefix("imagekitio.local.").split(".")
    names = [".".join(parts[:length]) for length in range(len(parts), 0, -1)]
    return next(name for name in names if name in ROOMS)  # StopIteration: a room that the plan does not know


def test_a_room_of_local_imagekit_imports_only_those_below_it() -> None:
    for module, path in EVERY_MODULE.items():
        if not module.startswith("imagekitio.local."):
            continue
        room = room_of(module)
        below = ROOMS[ROOMS.index(room) :]
        imported = {room_of(name) for name in imported_modules(path) if name.startswith("imagekitio.local.")}
        assert imported <= {*below}, module


def test_each_folder_of_local_imagekit_says_what_it_is() -> None:
    for folder in (PACKAGE / "local").rglob("__init__.py"):
        sentence = ast.get_docstring(ast.parse(folder.read_text(encoding="utf-8"))) or ""
        assert sentence.partition("\n")[0].endswith("."), folder


FRAMEWORKS = {"django", "flask", "werkzeug", "jinja2", "fastapi", "starlette"}


def test_a_framework_knows_no_other_and_what_they_share_knows_none() -> None:
    frameworks = {path.name for path in (PACKAGE / "contrib").iterdir() if path.is_dir() and any(path.glob("*.py"))}
    for path in modules("contrib"):
        own = path.relative_to(PACKAGE / "contrib").parts[0]
        rooms = {module.split(".")[2] for module in imported_modules(path) if module.startswith("imagekitio.contrib.")}
        assert rooms & frameworks <= {own}, path
        outside = {
            name.split(".")[0]
            for node in imports(ast.parse(path.read_text(encoding="utf-8")))
            for name in ([a.name for a in node.names] if isinstance(node, ast.Import) else [node.module or ""])
            if isinstance(node, ast.Import) or not node.level
        }
        assert own in frameworks or not outside & {"django", "flask", "werkzeug", "jinja2", "fastapi", "starlette"}, (
            path
        )


def test_bulk_work_knows_no_client() -> None:
    for path in modules("bulk"):
        assert not {module for module in imported_modules(path) if "client" in module or "transports" in module}, path


@pytest.mark.parametrize("layer", STANDARD_LIBRARY_ONLY)
def test_the_pure_layers_need_nothing_but_the_standard_library(layer: str) -> None:
    for path in modules(layer):
        outside = set[str]()
        for node in imports(ast.parse(path.read_text(encoding="utf-8")), for_types=False):
            if isinstance(node, ast.Import):
                outside |= {alias.name.split(".")[0] for alias in node.names}
            elif not node.level:
                outside.add(str(node.module).split(".")[0])
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
    "module",
    [
        *("requests", "urllib3", "dataclasses", "inspect", "re", "urllib.parse", "json", "logging", "datetime"),
        *("imagekitio.urls.transformations.allowed", "imagekitio.urls.transformations.types"),
    ],
)
def test_building_a_url_does_not_load(module: str) -> None:
    assert module not in loaded_after(BUILD_A_URL) - loaded_after("import typing")


def test_importing_the_package_loads_nothing_but_itself() -> None:
    assert loaded_after("import imagekitio") - loaded_after("import typing") <= {"imagekitio", "__future__"}


def test_exceptions_and_options_load_no_http_library() -> None:
    loaded = loaded_after("from imagekitio import NotFoundException, Retry, UploadFileRequestOptions")
    assert not loaded & {"requests", "urllib3", "imagekitio.client", "imagekitio.transports"}
