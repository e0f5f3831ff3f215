from __future__ import annotations

from typing import Any

import pytest

from imagekitio.cli.migration.entries import Entry
from imagekitio.cli.migration.placing import ExistingFile, place_entries

PRIVATE: dict[str, Any] = {"is_private_file": True}


def place(entry: Entry, existing: ExistingFile | None, *, may_replace: bool = False) -> tuple[str, str]:
    """Return what to do with the entry, and why."""
    files = {} if existing is None else {f"/to/{entry.name}": existing}
    (placement,) = place_entries([entry], "/to", files, may_replace=may_replace)
    return placement.change.action, placement.change.reason


def entry(size_bytes: int | None = 3, content_tag: str = "", **options: Any) -> Entry:
    return Entry("a.png", "img-src:a.png", "", size_bytes, options, content_tag=content_tag)


@pytest.mark.parametrize(
    ("new", "existing", "action"),
    [
        (entry(), None, "upload"),
        (entry(), ExistingFile(3, ["img-src-1"], False), "keep"),
        (entry(None), ExistingFile(4, [], False), "keep"),
        (entry(content_tag="img-src-1"), ExistingFile(3, ["img-src-1", "red"], False), "keep"),
        (entry(content_tag="img-src-1"), ExistingFile(3, ["red"], False), "keep"),
        (entry(**PRIVATE), ExistingFile(3, [], True), "keep"),
        (entry(), ExistingFile(3, [], True), "keep"),
    ],
)
def test_an_existing_file_with_the_same_content_is_kept(new: Entry, existing: ExistingFile | None, action: str) -> None:
    assert place(new, existing) == (action, "")


@pytest.mark.parametrize(
    ("new", "existing", "reason"),
    [
        (entry(), ExistingFile(4, [], False), "a file with a different size exists (4 bytes)"),
        (entry(content_tag="img-src-1"), ExistingFile(3, ["img-src-2"], False), "a file with different content exists"),
        (entry(**PRIVATE), ExistingFile(3, [], False), "the existing file is public, and this one is private"),
    ],
)
def test_a_different_file_is_replaced_only_on_request(new: Entry, existing: ExistingFile, reason: str) -> None:
    assert place(new, existing) == ("refuse", f"{reason}: --replace makes a new version of it")
    assert place(new, existing, may_replace=True) == ("replace", "")
