"""The gallery: log in, upload by a form and directly from the browser, look at pictures, delete them.

Originals are private: their URLs are signed and expire. Who uploaded what is kept in memory; an application of yours
has a database for that.
"""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Flask, abort, redirect, render_template, request, session, url_for

from imagekitio import FileResult, NotFoundException, UploadFileResult
from imagekitio.contrib.browser_uploads import UploadRules
from imagekitio.contrib.flask import ImageKit

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

EXPIRE_SECONDS = 3600

imagekit = ImageKit()


@dataclass(frozen=True)
class Picture:
    """A picture of a user, as `imagekit_img` takes it."""

    file_id: str
    name: str
    file_path: str
    width: int | None
    height: int | None


class Shelf:
    """The pictures of all users."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pictures: dict[str, dict[str, Picture]] = {}  # by user, by file id

    def list_pictures(self, user: str) -> list[Picture]:
        """Return the pictures of a user, the newest first."""
        with self._lock:
            return [*self._pictures.get(user, {}).values()][::-1]

    def add(self, user: str, picture: Picture) -> None:
        """Keep a picture; one that is there already stays."""
        with self._lock:
            self._pictures.setdefault(user, {}).setdefault(picture.file_id, picture)

    def remove(self, user: str, file_id: str) -> Picture | None:
        """Forget a picture of a user; None if the user has none of this id."""
        with self._lock:
            return self._pictures.get(user, {}).pop(file_id, None)


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
    app = Flask(__name__)
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
            shelf.add(user, Picture(file.file_id, file.name, file.file_path, file.width, file.height))
        return redirect(url_for("show"))

    @app.post("/pictures/<file_id>/delete")
    def delete(file_id: str) -> ResponseReturnValue:
        user = get_user()
        picture = shelf.remove(user, file_id) or abort(404, "There is no such picture.")
        try:
            imagekit.client.delete_file(picture.file_id)
        except NotFoundException:
            pass  # somebody deleted it in the media library
        except Exception:
            shelf.add(user, picture)
            raise
        return redirect(url_for("show"))

    for status in (400, 401, 404, 409, 413, 502, 503, 504):
        app.register_error_handler(status, show_error)
    return app


def show_error(error: Exception) -> ResponseReturnValue:
    """Return the page for an error that has a text for visitors."""
    status = getattr(error, "code", 500)
    return render_template("error.html", message=getattr(error, "description", "")), status
