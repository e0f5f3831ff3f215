"""Search queries in Python: ``Q.size < "2mb"`` instead of text, for the option `search_query` of `list_files`.

``literals`` writes values, ``queries`` combines conditions, and ``fields`` defines the conditions of each field.
"""

from __future__ import annotations

from .fields import Q
from .queries import Query

__all__ = ["Q", "Query"]
