"""The two spellings of a name: ``custom_metadata`` in Python, ``customMetadata`` in JSON."""

from __future__ import annotations

import re
from functools import lru_cache

# Matches before a capital that follows a lower-case letter or a digit, and before the last capital of a run:
# p|Hash, GPS|Version|ID.
_WORD_BOUNDARY = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


# The cache is bounded because names come from responses; the API itself has about 300.
@lru_cache(maxsize=4096)
def to_snake_case(name: str) -> str:
    """Return the Python spelling of a JSON name: ``AITags`` is ``ai_tags``, ``GPSVersionID`` is ``gps_version_id``."""
    return _WORD_BOUNDARY.sub("_", name).lower()


def to_camel_case(name: str) -> str:
    """Return the JSON spelling of an option: ``overwrite_ai_tags`` is ``overwriteAITags``.

    Source: ImageKit docs, request bodies: camelCase, except for the capitals of ``AITags`` and ``useIAMRole``.
    """
    first, *others = name.split("_")
    words = [first, *(word.capitalize() for word in others)]
    return "".join(word.upper() if word.lower() in ("ai", "iam") else word for word in words)
