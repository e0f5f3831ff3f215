"""Renders pictures as transformation steps ask: the part of local ImageKit that the service does on delivery."""

from __future__ import annotations

from .errors import TransformationError
from .library import LayerFile, Library
from .render import Rendered, Transformation, render
from .sizes import ClientHints

__all__ = ["ClientHints", "LayerFile", "Library", "Rendered", "Transformation", "TransformationError", "render"]
