"""`/openapi.json`: what local ImageKit serves, in the form that tools read."""

from __future__ import annotations

from .descriptions import DESCRIPTIONS, Described
from .document import make_document

__all__ = ["DESCRIPTIONS", "Described", "make_document"]
