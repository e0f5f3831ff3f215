"""The gallery: log in, upload with a form or directly from the browser, view pictures, delete them.

Originals are private: their URLs are signed and expire. Who uploaded what is kept in memory; your application
would use a database.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Blueprint, Flask, abort, redirect, render_template, request, session, url_for

from imagekitio import FileResult, NotFoundException, UploadFileResult
from imagekitio.contrib.flask import ImageKit

from ..gallery_common.shelf import Picture, Shelf
from ..gallery_common.users import EXPIRE_SECONDS, NAME_REFUSED, is_user_name, make_upload_rules

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from imagekitio.contrib.browser_uploads import UploadRules

COMMON = Path(__file__).parents[1] / "gallery_common"

imagekit = ImageKit()


def get_user() -> str:
    """Return the name of the user; abort if nobody is logged in."""
    user: str = session.get("user") or abort(401, "Please log in.")
    return user


def authorize() -> tuple[UploadRules, str]:
    """Return what the user may upload."""
    user = get_user()
    return make_upload_rules(user), user


def create_app() -> Flask:
    """Return the application; keys come from the environment."""
    app = Flask(__name__, static_folder=str(COMMON / "static"))
    app.register_blueprint(Blueprint("common", __name__, template_folder=str(COMMON / "templates")))
    # Lax: forms on other sites are sent without the session. A restart logs everybody out.
    app.config.update(SECRET_KEY=secrets.token_hex(), SESSION_COOKIE_SAMESITE="Lax", MAX_CONTENT_LENGTH=20_000_000)
    imagekit.init_app(app)
    app.register_blueprint(imagekit.token_blueprint(authorize))
    shelf = Shelf()

    @app.get("/")
    def show() -> str:
        pictures = shelf.list_pictures(session["user"]) if "user" in session else []
        return render_template("gallery.html", pictures=pictures, expire_seconds=EXPIRE_SECONDS)

    @app.post("/log-in")
    def log_in() -> ResponseReturnValue:
        name = request.form.get("name", "").strip()
        if not is_user_name(name):
            abort(400, NAME_REFUSED)
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
        for file_id in request.form.getlist("photo-id"):  # uploaded by the browser itself
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
            abort(404, "This picture does not exist.")
        with suppress(NotFoundException):  # somebody deleted it in the media library
            imagekit.client.delete_file(file_id)
        shelf.remove(user, file_id)
        return redirect(url_for("show"))

    for status in (400, 401, 404, 409, 413, 502, 503, 504):
        app.register_error_handler(status, show_error)
    return app


def show_error(error: Exception) -> ResponseReturnValue:
    """Return the page for an error, with its message for visitors."""
    status = getattr(error, "code", 500)
    return render_template("error.html", message=getattr(error, "description", "")), status
