from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin
from django.urls import path

from imagekitio.contrib.django.views import UploadTokenView
from tests.contrib.django.shop.forms import get_photo_rules
from tests.contrib.django.shop.models import PORTRAIT_RULES
from tests.contrib.django.shop.views import PhotosView

if TYPE_CHECKING:
    from django.http import HttpRequest

    from imagekitio.contrib.browser_uploads import UploadRules


class PortraitTokenView(UploadTokenView):
    def get_upload_rules(self, request: HttpRequest) -> UploadRules:
        return PORTRAIT_RULES


class PhotoTokenView(UploadTokenView):
    open_to_strangers = True

    def get_upload_rules(self, request: HttpRequest) -> UploadRules:
        return get_photo_rules(request)


urlpatterns = [
    path("admin/", admin.site.urls),
    path("portrait-token/", PortraitTokenView.as_view(), name="portrait-token"),
    path("photo-token/", PhotoTokenView.as_view(), name="photo-token"),
    path("photos/", PhotosView.as_view(), name="photos"),
]
