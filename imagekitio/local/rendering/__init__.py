"""The renderer, which applies transformation steps to pictures."""

from __future__ import annotations

from .cancellation import Cancellation
from .context import LayerFile, Library
from .decoded import DecodedPictures
from .language.errors import TransformationError
from .render import Rendered, Transformation, render
from .sizes import ClientHints

__all__ = [
    "Cancellation",
    "ClientHints",
    "DecodedPictures",
    "LayerFile",
    "Library",
    "Rendered",
    "Transformation",
    "TransformationError",
    "render",
]
