from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from imagekitio.contrib.django import ImageKitStorage

if TYPE_CHECKING:
    from datetime import datetime

    from django.core.files.storage import Storage


def choose_storage() -> Storage:
    return ImageKitStorage(location="media/contracts")


class Living(models.Manager["Document"]):
    def get_queryset(self) -> models.QuerySet[Document]:
        rows: models.QuerySet[Document] = super().get_queryset().filter(is_deleted=False)
        return rows


class Document(models.Model):
    file = models.FileField(upload_to="documents", max_length=40, null=True)
    is_deleted: models.BooleanField[bool, bool] = models.BooleanField(default=False)
    changed_at: models.DateTimeField[datetime, datetime] = models.DateTimeField(auto_now=True)

    objects = Living()
    everything: models.Manager[Document] = models.Manager()


class Draft(Document):
    class Meta:
        proxy = True


class Invoice(Document):
    receipt = models.FileField(upload_to="receipts")


class Contract(models.Model):
    scan = models.FileField(upload_to="scans", storage=choose_storage)
