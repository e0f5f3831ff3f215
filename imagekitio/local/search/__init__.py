"""The search language of `list_files`: text in, SQL out.

``syntax`` is the tree, ``parser`` reads text into it, ``literals`` and ``geography`` say what values mean,
``fields`` knows what can be searched, ``compiler`` writes the SQL, and ``functions`` holds what SQLite lacks.
The first four know no field: the expressions of the upload parameter `checks` can share them.
"""

from __future__ import annotations

from .compiler import CompiledQuery, compile_query
from .functions import register_functions
from .syntax import SearchSyntaxError

__all__ = ["CompiledQuery", "SearchSyntaxError", "compile_query", "register_functions"]
