"""ImageKit for FastAPI and Starlette: clients, uploads, tokens for browsers, webhooks, error responses and templates.

::

    from fastapi import FastAPI, UploadFile
    from imagekitio.contrib.fastapi import AsyncImageKitDep, FileOut, install_error_handlers, lifespan, upload

    app = FastAPI(lifespan=lifespan())  # keys come from the environment: IMAGEKIT_PRIVATE_KEY, …
    install_error_handlers(app)

    @app.post("/photos")
    async def create_photo(photo: UploadFile, imagekit: AsyncImageKitDep) -> FileOut:
        return FileOut.model_validate(await upload(imagekit, photo, folder="/photos", max_bytes=10_000_000))

The extra ``fastapi`` installs what this package needs, and the extra ``async`` what `AsyncImageKit` needs. Names are
loaded on first use. The dependencies, models and routers need FastAPI; everything else works with Starlette alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..lazy import make_lazy_names

if TYPE_CHECKING:
    from ..events import EventState, EventStore, MemoryEventStore
    from .assets import mount_upload_assets
    from .clients import lifespan
    from .dependencies import AsyncImageKitDep, ImageKitDep, get_async_imagekit, get_imagekit
    from .errors import install_error_handlers
    from .models import ERROR_RESPONSES, ErrorOut, FileOut, UploadTokenIn, UploadTokenOut
    from .permissions import UploadPermission, check_upload
    from .templates import get_template_functions
    from .upload_tokens import upload_token_router
    from .uploads import upload, upload_by_rules
    from .webhooks import webhook_router

_MODULE_OF = {
    "ERROR_RESPONSES": "models",
    "AsyncImageKitDep": "dependencies",
    "ErrorOut": "models",
    "EventState": ".events",
    "EventStore": ".events",
    "FileOut": "models",
    "ImageKitDep": "dependencies",
    "MemoryEventStore": ".events",
    "UploadPermission": "permissions",
    "UploadTokenIn": "models",
    "UploadTokenOut": "models",
    "check_upload": "permissions",
    "get_async_imagekit": "dependencies",
    "get_imagekit": "dependencies",
    "install_error_handlers": "errors",
    "get_template_functions": "templates",
    "lifespan": "clients",
    "mount_upload_assets": "assets",
    "upload": "uploads",
    "upload_by_rules": "uploads",
    "upload_token_router": "upload_tokens",
    "webhook_router": "webhooks",
}

__all__ = [
    "ERROR_RESPONSES",
    "AsyncImageKitDep",
    "ErrorOut",
    "EventState",
    "EventStore",
    "FileOut",
    "ImageKitDep",
    "MemoryEventStore",
    "UploadPermission",
    "UploadTokenIn",
    "UploadTokenOut",
    "check_upload",
    "get_async_imagekit",
    "get_imagekit",
    "get_template_functions",
    "install_error_handlers",
    "lifespan",
    "mount_upload_assets",
    "upload",
    "upload_by_rules",
    "upload_token_router",
    "webhook_router",
]

if not TYPE_CHECKING:  # so that type checkers report names that do not exist
    __getattr__, __dir__ = make_lazy_names(__name__, "fastapi", _MODULE_OF)
