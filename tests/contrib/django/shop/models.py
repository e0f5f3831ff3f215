from __future__ import annotations

from django.db import models

from imagekitio.contrib.browser_uploads import UploadRules
from imagekitio.contrib.django import ImageKitImageField, ImageKitStorage

PORTRAIT_RULES = UploadRules("/shop/portraits", max_bytes=5_000_000, accept=["image/*"])


class Manual(models.Model):
    pages = models.FileField(upload_to="manuals", max_length=120)


class Shoe(models.Model):
    name: models.CharField[str, str] = models.CharField(max_length=50)
    photo = ImageKitImageField(
        upload_to="shoes",
        storage=ImageKitStorage("shop"),
        id_field="photo_id",
        width_field="photo_width",
        height_field="photo_height",
        blank=True,
    )
    photo_id: models.CharField[str, str] = models.CharField(max_length=40, blank=True, editable=False)
    photo_width: models.PositiveIntegerField[int | None, int | None] = models.PositiveIntegerField(
        null=True, editable=False
    )
    photo_height: models.PositiveIntegerField[int | None, int | None] = models.PositiveIntegerField(
        null=True, editable=False
    )


class Album(models.Model):
    title: models.CharField[str, str] = models.CharField(max_length=50)


class Slide(models.Model):
    """A row of an album; the browser uploads the picture itself."""

    album: models.ForeignKey[Album, Album] = models.ForeignKey(Album, models.CASCADE, related_name="slides")
    caption: models.CharField[str, str] = models.CharField(max_length=50)
    picture = ImageKitImageField(
        upload_to="portraits", storage=ImageKitStorage("shop"), token_url="portrait-token", rules=PORTRAIT_RULES
    )


class Person(models.Model):
    """The browser uploads the portrait itself."""

    name: models.CharField[str, str] = models.CharField(max_length=50)
    portrait = ImageKitImageField(
        upload_to="portraits", storage=ImageKitStorage("shop"), token_url="portrait-token", rules=PORTRAIT_RULES
    )
