"""`/openapi.json`: what local ImageKit serves, in the form that tools read."""

from __future__ import annotations

from .document import make_document
from .operations import OPERATIONS, Described

__all__ = ["OPERATIONS", "Described", "make_document"]
