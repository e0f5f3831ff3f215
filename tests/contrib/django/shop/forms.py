from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms

from imagekitio.contrib.browser_uploads import UploadRules
from imagekitio.contrib.django import ImageKitUploadField, UploadFormMixin

if TYPE_CHECKING:
    from django.http import HttpRequest


def get_photo_rules(request: HttpRequest) -> UploadRules:
    return UploadRules("/photos", max_bytes=4_000_000, accept=["image/*"])


class PhotosForm(UploadFormMixin, forms.Form):
    title = forms.CharField(max_length=20)
    photos = ImageKitUploadField(token_url="photo-token", rules=get_photo_rules, max_files=3)
