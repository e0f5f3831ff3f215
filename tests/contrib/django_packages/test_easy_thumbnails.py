"""easy-thumbnails on the storage."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import requests
from django.core.files.base import ContentFile

from .gallery.models import Photo
from .pictures import draw, read

if TYPE_CHECKING:
    from imagekitio import ImageKit
    from imagekitio.local import LocalImageKit

pytestmark = pytest.mark.django_db


def test_a_thumbnail_is_made_from_the_original_stored_once_and_delivered(
    account: LocalImageKit, threads: ImageKit
) -> None:
    photo = Photo.objects.create(picture=ContentFile(draw(400, 300), "my photo@2x.png"))
    thumbnail = Photo.objects.get(pk=photo.pk).picture.get_thumbnail({"size": (80, 60), "crop": True})
    paths = sorted(file.file_path for file in threads.iter_files())
    assert paths[0] == "/media/photos/my_photo_2x.png"
    # Before Django 5.1, easy-thumbnails has no alias of its own, and uses the default storage.
    assert "/photos/my_photo_2x.png.80x60_q85_crop" in paths[1]
    assert len(paths) == 2
    assert read(requests.get(thumbnail.url, timeout=30).content).size == (80, 60)

    uploads = [request.operation for request in account.requests].count("upload_file")
    again = Photo.objects.get(pk=photo.pk).picture.get_thumbnail({"size": (80, 60), "crop": True})
    assert again.url == thumbnail.url
    assert [request.operation for request in account.requests].count("upload_file") == uploads


def test_deleting_the_picture_deletes_its_thumbnails(threads: ImageKit) -> None:
    photo = Photo.objects.create(picture=ContentFile(draw(400, 300), "a.png"))
    photo.picture.get_thumbnail({"size": (80, 60)})
    assert len(list(threads.iter_files())) == 2
    photo.picture.delete()
    assert list(threads.iter_files()) == []
