"""The search language of `list_files`: from text to SQL.

``syntax`` defines the tree, ``parser`` reads text into it, ``literals`` and ``geography`` interpret values, ``fields``
lists the searchable fields, ``compiler`` writes the SQL, and ``functions`` has functions that SQLite lacks. The first
four do not depend on fields, so the upload parameter `checks` uses them too.
"""

from __future__ import annotations

from .compiler import CompiledQuery, compile_query
from .functions import register_functions
from .syntax import SearchSyntaxError

__all__ = ["CompiledQuery", "SearchSyntaxError", "compile_query", "register_functions"]
