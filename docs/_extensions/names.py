"""Find documented names by their last part: `Retry` in a docstring links to ``imagekitio.Retry``.

Docstrings name classes and methods as their readers import them, and Sphinx sees annotations under ``TYPE_CHECKING`` as
short names. A short name that belongs to exactly one documented object becomes a link to it.
"""

from __future__ import annotations

import importlib
import re
from typing import TYPE_CHECKING, Any

from sphinx.util.nodes import make_refnode

if TYPE_CHECKING:
    from docutils.nodes import Element
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension."""
    app.connect("missing-reference", resolve_short_name)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def resolve_short_name(app: Sphinx, env: BuildEnvironment, node: Element, content: Element) -> Element | None:
    """Return a link to the only documented object of this name, or plain text if the name is not documented."""
    if node.get("refdomain") != "py":
        return None
    name = node["reftarget"].removesuffix("()")
    # The keyword arguments of a method are documented as the fields of its option class.
    last = re.sub("Keywords$", "RequestOptions", name.rpartition(".")[2])
    objects = env.get_domain("py").objects  # type: ignore[attr-defined]
    found = {full: entry for full, entry in objects.items() if full.rpartition(".")[2] == last}
    if len(found) > 1:  # prefer a class or function of the package to methods of the same name
        found = {
            full: entry for full, entry in found.items() if entry.objtype not in ("method", "property", "attribute")
        }
    if len(found) == 1:
        ((full, entry),) = found.items()
        return make_refnode(app.builder, node["refdoc"], entry.docname, entry.node_id, content, full)
    return content if _exists(name) else None


def _exists(name: str) -> bool:
    """Return whether the package has an object of this full name, so that a misspelt name still fails the build."""
    module, _, attribute = name.rpartition(".")
    if not name.startswith("imagekitio."):
        return False
    try:
        return hasattr(importlib.import_module(module), attribute)
    except ImportError:
        return False
