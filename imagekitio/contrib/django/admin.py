"""Uploads from the browser in the Django admin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .fields.form_fields import ImageKitUploadField

if TYPE_CHECKING:
    from django import forms
    from django.db import models
    from django.http import HttpRequest


class ImageKitAdminMixin:
    """Mixin for a `ModelAdmin` or an inline: `ImageKitImageField` fields with a `token_url` upload from the browser.

    ::

        @admin.register(Shoe)
        class ShoeAdmin(ImageKitAdminMixin, admin.ModelAdmin): ...

    Fields without a `token_url` work in any `ModelAdmin`.
    """

    def formfield_for_dbfield(
        self, db_field: models.Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        """Return the form field, which accepts files that this user uploads."""
        field: forms.Field | None = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if isinstance(field, ImageKitUploadField):
            field.bind(request)
        return field
