"""Names within `max_length`: what a row would keep is never longer, whatever the service makes of the name."""

from __future__ import annotations

import posixpath
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from imagekitio import FileExistsException
from imagekitio.contrib.django import ImageKitStorage
from imagekitio.contrib.django.testing import override_storages
from tests.contrib.django.archive.models import Document

if TYPE_CHECKING:
    from imagekitio.contrib.django.configuration import Names
    from imagekitio.local import LocalImageKit

SUFFIX_LENGTH = 8  # an underscore and seven characters, as in Django
# Letters that the service keeps and others; composed or not; of one to four bytes in UTF-8.
TEXTS = st.text("aZ09_-é\u0065\u0301ß@ #%क्ष日😀", min_size=1, max_size=30)
EXTENSIONS = st.lists(st.text("aé7", min_size=1, max_size=9), max_size=4)


@st.composite
def make_names(draw: st.DrawFn) -> str:
    parts = [*draw(st.lists(TEXTS, max_size=3)), ".".join([draw(TEXTS), *draw(EXTENSIONS)])]
    try:
        return ImageKitStorage().generate_filename("/".join(parts))
    except SuspiciousFileOperation:  # nothing is left of it in Django
        reject()


def find_shortest(name: str) -> int:
    """Return the length of the name when one character is left before the extensions."""
    file_name = posixpath.basename(name)
    extensions = "".join(PurePosixPath(file_name).suffixes)
    return len(name) - len(file_name.removesuffix(extensions)) + 1


@pytest.mark.parametrize("names", ["unique", "exact", "overwrite"])
@pytest.mark.parametrize("is_taken", [False, True])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30)
@given(name=make_names(), spare=st.integers(-30, 12), location=st.sampled_from(["", "media/v1_2"]))
def test_a_stored_name_fits_or_an_error_says_that_it_cannot(
    account: LocalImageKit, names: Names, is_taken: bool, name: str, spare: int, location: str
) -> None:
    account.reset()
    storage = ImageKitStorage(location, names=names)
    max_length = max(1, len(name) + spare)
    if is_taken:
        storage.save(name, ContentFile(b"first"))
    is_too_long = len(name) > max_length
    needs_suffix = names == "unique" and (is_taken or is_too_long)
    shortest = find_shortest(name) + (SUFFIX_LENGTH if needs_suffix else 0)
    error: tuple[type[Exception], str] | None = None
    if (needs_suffix or is_too_long) and (names == "exact" or max_length < shortest):
        error = SuspiciousFileOperation, "max_length"
    elif names == "exact" and is_taken:
        error = FileExistsException, "exists"
    if error is not None:
        with pytest.raises(error[0], match=error[1]):
            storage.save(name, ContentFile(b"second"), max_length)
        return
    result = storage.save_file(name, ContentFile(b"second"), max_length)
    stored = storage.get_name(result.file_path)
    assert len(stored) <= max_length
    assert storage.get_path(stored) == result.file_path, "a row with the name would lead elsewhere"
    assert storage.size(stored) == len(b"second")
    assert (stored == name) == (not needs_suffix and not is_too_long)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["a" * 30 + ".jpg", "a" * 26 + ".jpg", "a" * 27 + ".jpg", "क्ष" * 30 + ".tar.gz", "é" * 200]
)
def test_a_file_field_keeps_names_within_its_max_length(name: str) -> None:
    with override_storages({"default": {"BACKEND": "imagekitio.contrib.django.ImageKitStorage"}}):
        rows = [Document.objects.create(file=ContentFile(b"1", name)) for _ in range(3)]
    stored = [str(row.file.name) for row in rows]
    assert len({*stored}) == 3
    assert max(map(len, stored)) <= 40
