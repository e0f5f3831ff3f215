"""An application that a server of its own runs; its account is the one of the environment."""

from __future__ import annotations

from flask import Flask, request

from imagekitio.contrib.flask import ImageKit

imagekit = ImageKit()


def create_app() -> Flask:
    """Return the application, whose client has open connections already, as after a start that reads something."""
    app = Flask(__name__)
    imagekit.init_app(app)
    with app.app_context():
        imagekit.client.list_files()

    @app.post("/form")
    def add() -> dict[str, str]:
        return {"path": imagekit.upload(request.files.get("file"), folder="/form").file_path}

    @app.put("/body/<name>")
    def put(name: str) -> dict[str, str]:
        return {"path": imagekit.upload_body(name, folder="/body", max_bytes=60_000_000).file_path}

    return app
