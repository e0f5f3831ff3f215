"""ImageKit for Django: add ``imagekitio.contrib.django`` to ``INSTALLED_APPS``, and put its settings into ``IMAGEKIT``.

Names are loaded on first use, because Django imports this module before its apps are ready.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..lazy import make_lazy_names

if TYPE_CHECKING:
    from .admin import ImageKitAdminMixin as ImageKitAdminMixin
    from .configuration import get_client as get_client
    from .fields.form_fields import FileData as FileData
    from .fields.form_fields import ImageKitUploadField as ImageKitUploadField
    from .fields.form_fields import UploadFormMixin as UploadFormMixin
    from .fields.model_fields import ImageKitImageField as ImageKitImageField
    from .fields.widgets import ImageKitUploadInput as ImageKitUploadInput
    from .storages.static_files import ImageKitStaticStorage as ImageKitStaticStorage
    from .storages.storage import ImageKitStorage as ImageKitStorage
    from .uploaders import get_fallback_tags as get_fallback_tags
    from .uploaders import get_uploader_tag as get_uploader_tag
    from .views import UploadTokenView as UploadTokenView
    from .views import WebhookView as WebhookView

_MODULE_OF = {
    "FileData": "fields.form_fields",
    "ImageKitAdminMixin": "admin",
    "ImageKitImageField": "fields.model_fields",
    "ImageKitStaticStorage": "storages.static_files",
    "ImageKitStorage": "storages.storage",
    "ImageKitUploadField": "fields.form_fields",
    "ImageKitUploadInput": "fields.widgets",
    "UploadFormMixin": "fields.form_fields",
    "UploadTokenView": "views",
    "WebhookView": "views",
    "get_client": "configuration",
    "get_fallback_tags": "uploaders",
    "get_uploader_tag": "uploaders",
}

__all__ = [
    "FileData",
    "ImageKitAdminMixin",
    "ImageKitImageField",
    "ImageKitStaticStorage",
    "ImageKitStorage",
    "ImageKitUploadField",
    "ImageKitUploadInput",
    "UploadFormMixin",
    "UploadTokenView",
    "WebhookView",
    "get_client",
    "get_fallback_tags",
    "get_uploader_tag",
]

if not TYPE_CHECKING:  # so that type checkers report names that do not exist
    __getattr__, __dir__ = make_lazy_names(__name__, "django", _MODULE_OF)
