"""Files to upload in tests of bulk work."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from imagekitio import ImageKit


def make_content(number: int) -> bytes:
    return hashlib.sha256(str(number).encode()).digest() * 40


def upload(ik: ImageKit, count: int, **options: Any) -> dict[str, bytes]:
    """Upload files and return their contents by path."""
    items = [(make_content(number), f"{number}.bin") for number in range(count)]
    outcomes = list(ik.upload_many(items, use_unique_file_name=False, **options))
    assert not [done.error for done in outcomes if done.error]
    return {done.result.file_path: make_content(int(done.result.name[:-4])) for done in outcomes if done.result}
