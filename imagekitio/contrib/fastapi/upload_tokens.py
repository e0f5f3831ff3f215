"""A route that gives browsers the tokens for uploads directly to the service."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from ...client import ImageKit
from ..browser_uploads import read_json
from ..errors import UploadRefusedError
from .bodies import read_body
from .dependencies import get_imagekit
from .errors import make_response, refuse
from .models import ERROR_RESPONSES, UploadTokenIn, UploadTokenOut, describe_error
from .permissions import require_permission

_NOT_JSON = "The request must be application/json."

_RESPONSES: dict[int | str, dict[str, Any]] = {
    400: {
        **ERROR_RESPONSES[400],
        "description": "The request is not valid, or the file is empty or of the wrong type",
    },
    401: describe_error("The visitor is not logged in", "Please log in to upload files."),
    413: ERROR_RESPONSES[413],
    415: describe_error("The request is not `application/json`", _NOT_JSON),
}


def upload_token_router(
    get_permission: Callable[..., Any],
    *,
    path: str = "/upload-token",
    expire: float | timedelta | datetime | None = 0,
) -> APIRouter:
    """Return a router with one route, which gives a browser the token for one upload.

    ::

        def get_upload_permission(user: CurrentUser) -> UploadPermission:
            rules = UploadRules(f"/users/{user.id}", max_bytes=10_000_000, accept=["image/*"])
            return UploadPermission(rules, uploader=str(user.id), secret=settings.secret_key)

        app.include_router(upload_token_router(get_upload_permission))

    Anyone with a token can upload to your account, so the dependency is required: it decides who may upload what. For
    visitors without a login, use `UploadPermission.for_stranger`.

    The browser posts JSON: ``{"file_name": "a.jpg", "size": 1024, "type": "image/jpeg"}``. Forms on other sites cannot
    send that, so they cannot get a token on behalf of a visitor. After the upload, pass the id that the browser sends
    to `check_upload`. Nothing is sent to the service.

    Args:
        get_permission: FastAPI dependency that returns an `UploadPermission`, or None for visitors who may not upload,
            who get a 401. For other responses it may raise `HTTPException` or, with `install_error_handlers`,
            `UploadRefusedError`, whose text the visitor sees.
        path: Path of the route.
        expire: When tokens expire; see `ImageKit.get_upload_token`. By default, in half an hour.
    Raises:
        TypeError: `get_permission` is not callable.
    """
    if not callable(get_permission):
        raise TypeError(f"get_permission must be a FastAPI dependency (got {type(get_permission).__name__})")
    router = APIRouter()

    @router.post(
        path,
        name="imagekit_upload_token",
        summary="Get a token for an upload",
        tags=["uploads"],
        response_model=UploadTokenOut,
        responses=_RESPONSES,
        openapi_extra={
            "requestBody": {
                "required": True,
                "content": {"application/json": {"schema": UploadTokenIn.model_json_schema()}},
            }
        },
    )
    async def make_token(
        request: Request,
        response: Response,
        permission: Annotated[Any, Depends(get_permission)],
        imagekit: Annotated[ImageKit, Depends(get_imagekit)],
    ) -> Any:
        """Get a token to upload one file from the browser to the image service."""
        try:
            allowed = require_permission(permission)
            media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
            if media_type != "application/json":
                return refuse(415, _NOT_JSON)
            requested = read_json(await read_body(request))
            token = allowed.rules.make_token(imagekit, requested, tag=allowed.tag, expire=expire)
        except UploadRefusedError as error:
            return make_response(request, error)
        response.headers["Cache-Control"] = "no-store"  # a token works once
        return token

    return router
