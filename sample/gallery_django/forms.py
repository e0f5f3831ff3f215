"""The forms of the gallery, and what a user may upload."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.files.storage import default_storage

from imagekitio.contrib.browser_uploads import UploadRules
from imagekitio.contrib.django import ImageKitUploadField, UploadFormMixin

if TYPE_CHECKING:
    from django.http import HttpRequest


def get_upload_rules(request: HttpRequest) -> UploadRules:
    """Return what the user may upload."""
    folder = f"/gallery/{request.user.pk}"
    return UploadRules(folder, max_bytes=5_000_000, accept=["image/*"], options={"is_private_file": True})


class LogInForm(forms.Form):
    """A name is enough here; for passwords, Django has `LoginView`."""

    name = forms.CharField(
        label_suffix="",
        max_length=30,
        validators=[UnicodeUsernameValidator()],
        widget=forms.TextInput({"autocomplete": "username"}),
    )


class PicturesForm(UploadFormMixin, forms.Form):
    """Pictures that the browser uploads itself, or sends with the form if it has no JavaScript."""

    photo = ImageKitUploadField(
        label="Pictures, up to 5 MB each",
        label_suffix="",
        token_url="picture-token",
        rules=get_upload_rules,
        max_files=10,
        max_length=400,
        storage=default_storage,
        images_only=True,
    )
