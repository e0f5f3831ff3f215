from __future__ import annotations

import ast
import os
import re
import sys
from configparser import ConfigParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import tomli

import imagekitio

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
PACKAGE = Path(imagekitio.__file__).parent
PROJECT: dict[str, Any] = tomli.loads((ROOT / "pyproject.toml").read_text("utf-8"))
# Packages that belong to the interface of a dependency and are always installed with it.
INSTALLED_WITH = {
    "aiohttp": {"yarl"},
    "django": {"asgiref"},
    "faiss_cpu": {"faiss"},
    "fastapi": {"anyio", "pydantic", "starlette"},
    "flask": {"blinker", "werkzeug"},
    "pillow": {"PIL"},
    "pyjwt": {"jwt"},
    "requests": {"urllib3"},
    "wagtail": {"willow"},
}


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def list_modules(requirements: list[str]) -> set[str]:
    """Return the modules of distributions, which here have the names of the distributions."""
    own = {re.split(r"[\[<>=!~; ]", line)[0].replace("-", "_").lower() for line in requirements}
    return own.union(*(INSTALLED_WITH.get(name, set()) for name in own))


def find_imports(path: Path) -> Iterator[str]:
    """Yield the top-level names that a module imports at runtime, on import or later."""
    waiting: list[ast.AST] = [ast.parse(path.read_text("utf-8"))]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            waiting += node.orelse
            continue
        if isinstance(node, ast.Import):
            yield from (name.name.split(".")[0] for name in node.names)
        if isinstance(node, ast.ImportFrom) and node.level == 0:
            yield str(node.module).split(".")[0]
        waiting += ast.iter_child_nodes(node)


def test_requirements_are_the_dependencies_of_the_core() -> None:
    lines = [line for line in read("requirements.txt").splitlines() if line and not line.startswith("#")]
    assert lines == PROJECT["project"]["dependencies"]


def test_every_tool_and_the_metadata_name_the_same_python_versions() -> None:
    tox = ConfigParser(interpolation=None)
    tox.read_string(read("tox.ini"))
    tested = [name for name in tox["tox"]["env_list"].split(", ") if name.startswith("py")]
    tested += [tox[f"testenv:{name}"]["base_python"].split(", ")[0] for name in ("lowest", "wheel")]
    tested = sorted(tested)
    classifiers = re.findall(r"Python :: (3\.\d+)$", "\n".join(PROJECT["project"]["classifiers"]), re.MULTILINE)
    assert tested == ["py" + version.replace(".", "") for version in classifiers]

    oldest, tools = classifiers[0], PROJECT["tool"]
    assert PROJECT["project"]["requires-python"] == f">={oldest}"
    assert tools["ruff"]["target-version"] == tested[0]
    assert (tools["mypy"]["python_version"], tools["pyright"]["pythonVersion"]) == (oldest, oldest)


def test_the_changelog_begins_with_the_version_of_the_package() -> None:
    newest = re.search(r"^## (\d+\.\d+\.\d+) - (unreleased|\d{4}-\d{2}-\d{2})$", read("CHANGELOG.md"), re.MULTILINE)
    assert newest
    assert newest[1] == PROJECT["project"]["version"]


def test_ci_runs_the_command_that_contributors_are_told_to_run() -> None:
    (line,) = re.findall(r"^python3 -m venv .*tox.*$", read("CONTRIBUTING.md"), re.MULTILINE)
    assert line in read(".ci/run")
    assert line in read("README.md")
    assert os.access(ROOT / ".ci/run", os.X_OK)


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(Path(path).relative_to(PACKAGE)))
def test_a_module_imports_only_what_the_package_declares(path: Path) -> None:
    extras: dict[str, list[str]] = PROJECT["project"]["optional-dependencies"]
    # The asynchronous transport is a folder in the room of transports.
    parts = path.relative_to(PACKAGE).parts
    room = "async" if "aiohttp" in parts else parts[parts[0] == "contrib"].removesuffix(".py")
    declared = list_modules(PROJECT["project"]["dependencies"] + extras.get(room, []) + extras.get(path.stem, []))
    if parts[:2] == ("cli", "migration"):
        declared |= list_modules(extras["migrate"])
    if path.stem == "pillow_formats":
        declared |= list_modules(extras["formats"])
    if "httpx" in parts:
        declared.add("httpx")  # only used with the caller's httpx client
    if path.stem == "jinja2":
        declared.add("jinja2")  # Django loads this module only in projects that use Jinja2
    assert set(find_imports(path)) - sys.stdlib_module_names - {"imagekitio"} <= declared
