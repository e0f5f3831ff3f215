"""The named transformations that every account has."""

from __future__ import annotations

# ImageKit docs, "Media library"; URLs of thumbnails in API answers use them.
PREDEFINED = {
    "media_library_thumbnail": "w-100,h-100,c-at_max,fo-auto",
    "ik_ml_thumbnail": "w-440,h-440,fo-center,cm-pad_resize",
}
