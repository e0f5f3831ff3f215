"""Which layer may import which, and what building URLs may load."""

from __future__ import annotations

import ast
import graphlib
import subprocess
import sys

import pytest

from .layers import (
    ALSO_IMPORTED,
    EVERY_MODULE,
    LAYERS,
    OUTSIDE,
    PACKAGE,
    ROOMS,
    find_imported_modules,
    find_imports,
    find_modules,
    room_of,
)

PURE = {"imagekitio.imgsrc.parameters"}  # a table that both sides of the second service use
STANDARD_LIBRARY_ONLY = sorted({*LAYERS} - {"transports", "contrib", "cli", "testing"})

# `server.client()` makes a client for its server.
MAKE_CLIENTS = {PACKAGE / "local" / "server" / name for name in ("imagekit.py", "imgsrc.py")}


def test_every_module_belongs_to_a_layer() -> None:
    found = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or any(path.glob("*.py"))}
    assert found - {"__init__"} == {*LAYERS, *OUTSIDE}


@pytest.mark.parametrize("layer", [*LAYERS, *OUTSIDE])
def test_a_room_imports_only_rooms_below_it(layer: str) -> None:
    allowed = OUTSIDE[layer] if layer in OUTSIDE else {*LAYERS[: LAYERS.index(layer)], *ALSO_IMPORTED.get(layer, ())}
    for path in find_modules(layer):
        if path in MAKE_CLIENTS:
            continue
        found = find_imported_modules(path) - (PURE if layer == "local" else set())
        imported = {module.split(".")[1] for module in found if "." in module}
        assert imported <= allowed | {layer}, path


def test_modules_do_not_import_each_other_even_indirectly() -> None:
    """Type-only imports count: they tie modules together just as well. Re-exports in an `__init__` do not."""
    faces = {name for name, path in EVERY_MODULE.items() if path.name == "__init__.py"}
    arrows = {name: find_imported_modules(path) - faces for name, path in EVERY_MODULE.items() if name not in faces}
    sorter = graphlib.TopologicalSorter(arrows)
    sorter.prepare()  # raises CycleError, which names the cycle


def test_a_room_of_local_imagekit_imports_only_rooms_below_it() -> None:
    for module, path in EVERY_MODULE.items():
        if not module.startswith("imagekitio.local."):
            continue
        room = room_of(module)
        below = ROOMS[ROOMS.index(room) :]
        imported = {room_of(name) for name in find_imported_modules(path) if name.startswith("imagekitio.local.")}
        assert imported <= {*below}, module


def test_each_folder_of_local_imagekit_has_a_one_line_summary() -> None:
    for folder in (PACKAGE / "local").rglob("__init__.py"):
        sentence = ast.get_docstring(ast.parse(folder.read_text(encoding="utf-8"))) or ""
        assert sentence.partition("\n")[0].endswith("."), folder


FRAMEWORKS = {"django", "flask", "werkzeug", "jinja2", "fastapi", "starlette"}


def test_the_code_for_one_framework_imports_no_other_and_shared_code_imports_none() -> None:
    frameworks = {path.name for path in (PACKAGE / "contrib").iterdir() if path.is_dir() and any(path.glob("*.py"))}
    for path in find_modules("contrib"):
        own = path.relative_to(PACKAGE / "contrib").parts[0]
        rooms = {
            module.split(".")[2] for module in find_imported_modules(path) if module.startswith("imagekitio.contrib.")
        }
        assert rooms & frameworks <= {own}, path
        outside = {
            name.split(".")[0]
            for node in find_imports(ast.parse(path.read_text(encoding="utf-8")))
            for name in ([a.name for a in node.names] if isinstance(node, ast.Import) else [node.module or ""])
            if isinstance(node, ast.Import) or not node.level
        }
        assert own in frameworks or not outside & {"django", "flask", "werkzeug", "jinja2", "fastapi", "starlette"}, (
            path
        )


def test_bulk_work_imports_no_client() -> None:
    for path in find_modules("bulk"):
        assert not {module for module in find_imported_modules(path) if "client" in module or "transports" in module}, (
            path
        )


@pytest.mark.parametrize("layer", STANDARD_LIBRARY_ONLY)
def test_the_pure_layers_need_only_the_standard_library(layer: str) -> None:
    for path in find_modules(layer):
        outside = set[str]()
        for node in find_imports(ast.parse(path.read_text(encoding="utf-8")), for_types=False):
            if isinstance(node, ast.Import):
                outside |= {alias.name.split(".")[0] for alias in node.names}
            elif not node.level:
                outside.add(str(node.module).split(".")[0])
        assert outside <= sys.stdlib_module_names | {"__future__"}, path


def list_modules_loaded_by(code: str) -> set[str]:
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
    assert module not in list_modules_loaded_by(BUILD_A_URL) - list_modules_loaded_by("import typing")


def test_importing_the_package_loads_only_itself() -> None:
    assert list_modules_loaded_by("import imagekitio") - list_modules_loaded_by("import typing") <= {
        "imagekitio",
        "__future__",
    }


def test_exceptions_and_options_load_no_http_library() -> None:
    loaded = list_modules_loaded_by("from imagekitio import NotFoundException, Retry, UploadFileRequestOptions")
    assert not loaded & {"requests", "urllib3", "imagekitio.client", "imagekitio.transports"}
