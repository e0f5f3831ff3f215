"""ImageKit for Django: put ``imagekitio.contrib.django`` into ``INSTALLED_APPS`` and its settings into ``IMAGEKIT``.

The names are loaded on first use: Django imports this module before its apps are ready.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

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


def __getattr__(name: str) -> object:
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    try:
        value: object = getattr(import_module(f".{_MODULE_OF[name]}", __name__), name)
    except ModuleNotFoundError as exc:
        raise ImportError(
            f'{name} needs {exc.name}: install imagekitio with the extra "django" (README, "Installation")'
        ) from exc
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
