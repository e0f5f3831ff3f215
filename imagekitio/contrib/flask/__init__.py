"""ImageKit for Flask: a client, uploads, pictures in templates, tokens for browsers, webhooks and error answers.

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

Names of templates: ``{{ imagekit_img(photo, alt="Red shoe", width=400) }}``, `imagekit_picture`, `imagekit_url` and
`imagekit_upload_assets`; see `pictures` and `assets`.
"""

from ..events import EventState, EventStore, MemoryEventStore

try:
    from .extension import ImageKit
except ModuleNotFoundError as _error:
    raise ImportError(
        f"imagekitio.contrib.flask needs {_error.name}: "
        'install imagekitio with the extra "flask" (README, "Installation")'
    ) from _error

__all__ = ["EventState", "EventStore", "ImageKit", "MemoryEventStore"]
