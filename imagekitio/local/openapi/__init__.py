"""`/openapi.json`: what local ImageKit serves, in the form that tools read."""

from __future__ import annotations

from .descriptions import OPERATIONS, Described
from .document import make_document

__all__ = ["OPERATIONS", "Described", "make_document"]
