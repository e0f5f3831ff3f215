"""`/openapi.json`: the description of local ImageKit's API for other tools."""

from __future__ import annotations

from .descriptions import DESCRIPTIONS, Described
from .document import make_document

__all__ = ["DESCRIPTIONS", "Described", "make_document"]
