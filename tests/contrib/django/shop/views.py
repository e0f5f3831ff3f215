from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import JsonResponse
from django.views.generic import FormView

from .forms import PhotosForm

if TYPE_CHECKING:
    from django.http import HttpResponse


class PhotosView(FormView):  # type: ignore[type-arg]
    """A page with several photos, which it does not store."""

    form_class = PhotosForm
    template_name = "shop/photos.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "request": self.request}

    def form_valid(self, form: PhotosForm) -> HttpResponse:
        return JsonResponse(form.cleaned_data)
