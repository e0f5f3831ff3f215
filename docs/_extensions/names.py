"""Find documented names by their last part: `Retry` in a docstring links to ``imagekitio.Retry``.

Docstrings name classes and methods as their readers import them, and annotations under ``TYPE_CHECKING`` reach Sphinx
as short names. A short name that belongs to exactly one documented object is a link to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sphinx.util.nodes import make_refnode

if TYPE_CHECKING:
    from docutils.nodes import Element, reference
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension."""
    app.connect("missing-reference", resolve_short_name)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def resolve_short_name(app: Sphinx, env: BuildEnvironment, node: Element, content: Element) -> reference | None:
    """Return a link to the one object with this name, or None."""
    if node.get("refdomain") != "py":
        return None
    name = node["reftarget"].removesuffix("()")
    objects = env.get_domain("py").objects  # type: ignore[attr-defined]
    found = {full: entry for full, entry in objects.items() if full == name or full.endswith(f".{name}")}
    if len(found) > 1:  # the classes of the package rather than methods of the same name
        found = {full: entry for full, entry in found.items() if full.count(".") == 1 + name.count(".")}
    if len(found) != 1:
        return None
    ((full, entry),) = found.items()
    return make_refnode(app.builder, node["refdoc"], entry.docname, entry.node_id, content, full)
