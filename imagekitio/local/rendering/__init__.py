"""Renders pictures as transformation steps ask: the part of local ImageKit that the service does on delivery."""

from __future__ import annotations

from .context import LayerFile, Library
from .language.errors import TransformationError
from .render import Rendered, Transformation, render
from .sizes import ClientHints

__all__ = ["ClientHints", "LayerFile", "Library", "Rendered", "Transformation", "TransformationError", "render"]
