"""The gallery: log in, upload by a form and directly from the browser, look at pictures, delete them.

Originals are private: their URLs are signed and expire. Who uploaded what is kept in memory; an application of yours
has a database for that.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask, abort, redirect, render_template, request, session, url_for

from imagekitio import FileResult, NotFoundException, UploadFileResult
from imagekitio.contrib.browser_uploads import UploadRules
from imagekitio.contrib.flask import ImageKit

from ..gallery_common.shelf import Picture, Shelf

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

STATIC = Path(__file__).parents[1] / "gallery_common" / "static"
EXPIRE_SECONDS = 3600

imagekit = ImageKit()


def get_user() -> str:
    """Return the name of the user; who is not logged in is refused."""
    user: str = session.get("user") or abort(401, "Please log in.")
    return user


def authorize() -> tuple[UploadRules, str]:
    """Return what the user may upload."""
    user = get_user()
    rules = UploadRules(f"/gallery/{user}", max_bytes=5_000_000, accept=["image/*"], options={"is_private_file": True})
    return rules, user


def create_app() -> Flask:
    """Return the application; keys come from the environment."""
    app = Flask(__name__, static_folder=str(STATIC))
    # Lax: forms of other sites come without the session. A restart logs everybody out.
    app.config.update(SECRET_KEY=secrets.token_hex(), SESSION_COOKIE_SAMESITE="Lax", MAX_CONTENT_LENGTH=20_000_000)
    imagekit.init_app(app)
    app.register_blueprint(imagekit.token_blueprint(authorize))
    shelf = Shelf()

    @app.get("/")
    def show() -> str:
        user = session.get("user")
        pictures = shelf.list_pictures(user) if user else []
        return render_template("gallery.html", user=user, pictures=pictures, expire_seconds=EXPIRE_SECONDS)

    @app.post("/log-in")
    def log_in() -> ResponseReturnValue:
        name = request.form.get("name", "").strip()
        if not (name.isalnum() and len(name) <= 30):
            abort(400, "A name has up to 30 letters and digits.")
        session["user"] = name
        return redirect(url_for("show"))

    @app.post("/log-out")
    def log_out() -> ResponseReturnValue:
        session.clear()
        return redirect(url_for("show"))

    @app.post("/pictures")
    def add() -> ResponseReturnValue:
        rules, user = authorize()
        files: list[FileResult | UploadFileResult] = []
        for file_id in request.form.getlist("photo-id"):  # what the browser has uploaded itself
            files.append(imagekit.check_upload(file_id, rules, user))
        if not files:
            for photo in request.files.getlist("photo") or (None,):
                files.append(imagekit.upload_by_rules(photo, rules, user))
        for file in files:
            shelf.add(user, Picture.of(file))
        return redirect(url_for("show"))

    @app.post("/pictures/<file_id>/delete")
    def delete(file_id: str) -> ResponseReturnValue:
        user = get_user()
        if shelf.find(user, file_id) is None:
            abort(404, "There is no such picture.")
        with suppress(NotFoundException):  # somebody deleted it in the media library
            imagekit.client.delete_file(file_id)
        shelf.remove(user, file_id)
        return redirect(url_for("show"))

    for status in (400, 401, 404, 409, 413, 502, 503, 504):
        app.register_error_handler(status, show_error)
    return app


def show_error(error: Exception) -> ResponseReturnValue:
    """Return the page for an error that has a text for visitors."""
    status = getattr(error, "code", 500)
    return render_template("error.html", message=getattr(error, "description", "")), status
