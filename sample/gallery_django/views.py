"""The gallery: log in, upload with a form or directly from the browser, view pictures, delete them.

Originals are private: their URLs are signed and expire.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from imagekitio.contrib.django import UploadTokenView

from .forms import LogInForm, PicturesForm, get_upload_rules
from .models import Picture

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from imagekitio.contrib.browser_uploads import UploadRules


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Show the pictures of the user, or the login form."""
    if not request.user.is_authenticated:
        return render(request, "log_in.html", {"form": LogInForm()})
    return _show_pictures(request, PicturesForm(request=request))


@require_POST
def log_in(request: HttpRequest) -> HttpResponse:
    """Log in with a name."""
    form = LogInForm(request.POST)
    if not form.is_valid():
        return render(request, "log_in.html", {"form": form})
    user, _ = User.objects.get_or_create(username=form.cleaned_data["name"])
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    return redirect("show")


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """Log out."""
    logout(request)
    return redirect("show")


@require_POST
@login_required
def add(request: HttpRequest) -> HttpResponse:
    """Store the pictures that the browser has uploaded, or upload those sent with the form."""
    form = PicturesForm(request.POST, request.FILES, request=request)
    if not form.is_valid():
        return _show_pictures(request, form)
    for photo in form.cleaned_data["photo"]:
        # If the form is sent twice, each picture is stored once.
        Picture.objects.get_or_create(photo_id=photo["file_id"], defaults={"owner": request.user, "photo": photo})
    return redirect("show")


@require_POST
@login_required
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a picture of the user. If the service fails, the picture stays."""
    picture = get_object_or_404(Picture, pk=pk, owner=request.user)
    picture.photo.delete(save=False)
    picture.delete()
    return redirect("show")


class PictureTokenView(UploadTokenView):
    """Returns the token for one upload to the browser."""

    def get_upload_rules(self, request: HttpRequest) -> UploadRules:
        """Return what the user may upload."""
        return get_upload_rules(request)


def _show_pictures(request: HttpRequest, form: PicturesForm) -> HttpResponse:
    pictures = Picture.objects.filter(owner=request.user)
    return render(request, "gallery.html", {"form": form, "pictures": pictures})
