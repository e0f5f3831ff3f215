from __future__ import annotations

from django.db import models


class Manual(models.Model):
    pages = models.FileField(upload_to="manuals", max_length=120)
