"""Uploads from the browser directly to the service: a route for tokens, and checks of uploaded files."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from flask import Blueprint, Response, current_app, jsonify, request, session
from werkzeug.exceptions import Forbidden, HTTPException, UnsupportedMediaType

from ..browser_uploads import (
    NOT_UPLOADED,
    UploadRules,
    make_fallback_tags,
    make_uploader_tag,
    read_json,
    refuse_unknown_ids,
)
from ..errors import UploadRefusedError
from .bodies import read_message
from .errors import make_json

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ...client import ImageKit
    from ...models.files import FileResult

    Permission = tuple[UploadRules, str]

_SESSION_KEY = "_imagekitio_uploader"


def make_token_blueprint(
    find_client: Callable[[], ImageKit], authorize: Callable[[], Permission | Awaitable[Permission]], name: str
) -> Blueprint:
    """Return a blueprint with the route for tokens; see `ImageKit.token_blueprint` of the extension."""
    if not callable(authorize):
        raise TypeError(f"authorize must be a function (got {type(authorize).__name__})")
    blueprint = Blueprint(name, __name__, url_prefix="/imagekit/upload-token")

    @blueprint.post("")
    def create_token() -> Response:
        try:
            _check_origin()
            rules, tag = read_permission(current_app.ensure_sync(authorize)())
            response = jsonify(rules.make_token(find_client(), read_json(read_message()), tag=tag))
        except HTTPException as error:
            if error.code is None:  # abort() was called with a response
                raise
            response = make_json(error.description or error.name, error.code)
        except UploadRefusedError as error:
            response = make_json(str(error), error.status)
        response.cache_control.no_store = True  # a token works once
        return response

    return blueprint


def check_upload(client: ImageKit, file_id: object, rules: UploadRules, uploader: str) -> FileResult:
    """Return the file with the id that a browser sent; see `ImageKit.check_upload` of the extension."""
    _, tag = read_permission((rules, uploader))
    if not isinstance(file_id, str):
        raise UploadRefusedError(NOT_UPLOADED)
    with refuse_unknown_ids():
        file = client.get_file_details(file_id)
    # As Flask does for its sessions, also accept the keys from before a rotation.
    fallback_tags = make_fallback_tags(current_app.config.get("SECRET_KEY_FALLBACKS") or (), uploader)
    rules.check_file(file, tag=tag, fallback_tags=fallback_tags)
    return file


def get_anonymous_uploader() -> str:
    """Return the id of a visitor who has not logged in: a random one, kept in the session."""
    random_id: str = session.setdefault(_SESSION_KEY, secrets.token_urlsafe(16))
    return f"anonymous:{random_id}"


def _check_origin() -> None:
    """Refuse requests that a page of another site made the browser send.

    Without a preflight request, which nothing here permits, a browser sends JSON only to the site of the page itself.
    Source: Fetch standard, "CORS-safelisted request-header".

    Raises:
        UnsupportedMediaType: The content type of the request is not JSON.
        Forbidden: The browser reports that the page belongs to another site.
    """
    if not request.is_json:
        raise UnsupportedMediaType("The request must be JSON: set the header Content-Type to application/json.")
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        raise Forbidden("Uploads from other sites are not accepted.")


def read_permission(permission: object) -> tuple[UploadRules, str]:
    """Return the rules, and the tag that marks the files of the visitor.

    Raises:
        TypeError, ValueError: `permission` is not a tuple of rules and the id of a visitor.
        RuntimeError: The application has no ``SECRET_KEY``.
    """
    if not (isinstance(permission, tuple) and len(permission) == 2 and isinstance(permission[0], UploadRules)):
        raise TypeError(
            "permission to upload must be a tuple of UploadRules and the id of the visitor, such as "
            f"(UploadRules('/photos'), str(user.id)) (got {type(permission).__name__})"
        )
    secret = current_app.secret_key
    if not secret:
        raise RuntimeError("uploads from the browser need a secret: set SECRET_KEY in the Flask configuration")
    rules, uploader = permission
    return rules, make_uploader_tag(secret, uploader)
