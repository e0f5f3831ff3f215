"""What pictures are called on the page."""

from __future__ import annotations

import re

# What the service puts before the extension to make a name unique; a word of nine small letters is more likely a word.
_UNIQUE_SUFFIX = re.compile(r"_(?=[\w-]*[A-Z0-9])[A-Za-z0-9_-]{9}(?=\.[^.]*$|$)")


def make_title(name: str) -> str:
    """Return a file's name as its owner knows it: ``shoe_f3Xq2b7Kc.jpg`` is ``shoe.jpg``."""
    return _UNIQUE_SUFFIX.sub("", name)
