from __future__ import annotations

from django.db import models
from easy_thumbnails.fields import ThumbnailerImageField
from wagtail.images.models import Image

from imagekitio.contrib.django.wagtail import AbstractImageKitImage, AbstractImageKitRendition


class Manual(models.Model):
    file = models.FileField(upload_to="manuals")


class Photo(models.Model):
    picture = ThumbnailerImageField(upload_to="photos")


class Picture(AbstractImageKitImage):
    admin_form_fields = Image.admin_form_fields


class PictureRendition(AbstractImageKitRendition):
    image: models.ForeignKey[Picture, Picture] = models.ForeignKey(
        Picture, on_delete=models.CASCADE, related_name="renditions"
    )

    class Meta:
        constraints = [  # noqa: RUF012
            models.UniqueConstraint(fields=("image", "filter_spec", "focal_point_key"), name="unique_picture_rendition")
        ]
