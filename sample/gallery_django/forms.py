"""The forms of the gallery, and what a user may upload."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.core.files.storage import default_storage

from imagekitio.contrib.django import ImageKitUploadField, UploadFormMixin

from ..gallery_common.users import MAX_NAME_LENGTH, NAME_REFUSED, is_user_name, make_upload_rules

if TYPE_CHECKING:
    from django.http import HttpRequest

    from imagekitio.contrib.browser_uploads import UploadRules


def get_upload_rules(request: HttpRequest) -> UploadRules:
    """Return what the user may upload."""
    return make_upload_rules(str(request.user.pk))


class LogInForm(forms.Form):
    """A name is enough here; for passwords, Django has `LoginView`."""

    name = forms.CharField(
        label_suffix="",
        help_text="Any name of up to 30 letters and digits.",
        max_length=MAX_NAME_LENGTH,
        widget=forms.TextInput({"autocomplete": "username"}),
    )

    def clean_name(self) -> str:
        """Return the name if a user may have it."""
        name: str = self.cleaned_data["name"]
        if not is_user_name(name):
            raise forms.ValidationError(NAME_REFUSED)
        return name


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
