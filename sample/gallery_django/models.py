"""The pictures of all users."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from imagekitio.contrib.django import ImageKitImageField

from ..gallery_common.titles import make_title


class Picture(models.Model):
    """A picture of a user."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="pictures")
    photo = ImageKitImageField(
        max_length=400, id_field="photo_id", width_field="photo_width", height_field="photo_height"
    )
    # These are filled from the answer to the upload, so they must be below the picture. No download is needed to
    # measure it, and deleting takes one request.
    photo_id = models.CharField(max_length=40, unique=True, editable=False)
    photo_width = models.IntegerField(null=True, editable=False)
    photo_height = models.IntegerField(null=True, editable=False)

    class Meta:
        ordering = ("-pk",)

    @property
    def title(self) -> str:
        """Title of the picture on the page."""
        return make_title(str(self.photo).rpartition("/")[2])
