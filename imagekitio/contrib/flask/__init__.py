"""ImageKit for Flask: a client, uploads, pictures in templates, tokens for browsers, webhooks and error responses.

::

    from flask import Flask, request
    from imagekitio.contrib.flask import ImageKit

    app = Flask(__name__)
    app.config.from_prefixed_env()  # FLASK_IMAGEKIT_PRIVATE_KEY, …
    imagekit = ImageKit(app)

    @app.post("/photos")
    def add_photo():
        photo = imagekit.upload(request.files.get("photo"), folder="/photos", max_bytes=10_000_000)
        return {"url": imagekit.client.url(path=photo.file_path)}

Functions for templates: ``{{ imagekit_img(photo, alt="Red shoe", width=400) }}``, `imagekit_picture`, `imagekit_url`
and `imagekit_upload_assets`; see `pictures` and `assets`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..lazy import make_lazy_names

if TYPE_CHECKING:
    from ..events import EventState, EventStore, MemoryEventStore
    from .extension import ImageKit

_MODULE_OF = {
    "EventState": ".events",
    "EventStore": ".events",
    "ImageKit": "extension",
    "MemoryEventStore": ".events",
}

__all__ = ["EventState", "EventStore", "ImageKit", "MemoryEventStore"]

if not TYPE_CHECKING:  # so that type checkers report names that do not exist
    __getattr__, __dir__ = make_lazy_names(__name__, "flask", _MODULE_OF)
