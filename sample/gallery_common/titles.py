"""The titles of pictures on the page."""

from __future__ import annotations

import re

# The suffix that the service adds to make a name unique; nine lower-case letters are more likely a word.
_UNIQUE_SUFFIX = re.compile(r"_(?=[\w-]*[A-Z0-9])[A-Za-z0-9_-]{9}(?=\.[^.]*$|$)")


def make_title(name: str) -> str:
    """Return the name under which the owner uploaded a file: ``shoe.jpg`` for ``shoe_f3Xq2b7Kc.jpg``."""
    return _UNIQUE_SUFFIX.sub("", name)
