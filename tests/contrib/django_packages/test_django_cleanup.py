"""django-cleanup on the storage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.base import ContentFile

from .gallery.models import Manual

if TYPE_CHECKING:
    from imagekitio import ImageKit

pytestmark = pytest.mark.django_db


def list_paths(client: ImageKit) -> list[str]:
    return [file.file_path for file in client.iter_files()]


def test_a_file_that_is_replaced_is_deleted_when_the_transaction_is_committed(
    threads: ImageKit, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        manual = Manual.objects.create(file=ContentFile(b"first", "a.txt"))
    with django_capture_on_commit_callbacks(execute=True):
        manual.file = ContentFile(b"second", "b.txt")
        manual.save()
        assert list_paths(threads) == ["/media/manuals/a.txt", "/media/manuals/b.txt"]
    assert list_paths(threads) == ["/media/manuals/b.txt"]


def test_the_file_of_a_row_that_is_deleted_is_deleted(
    threads: ImageKit, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        manual = Manual.objects.create(file=ContentFile(b"first", "a.txt"))
    with django_capture_on_commit_callbacks(execute=True):
        manual.delete()
    assert list_paths(threads) == []
