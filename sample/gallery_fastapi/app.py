"""The gallery: log in, upload with a form or directly from the browser, view pictures, delete them.

Originals are private: their URLs are signed and expire. Who uploaded what is kept in memory; your application
would use a database.
"""

import secrets
from contextlib import suppress
from pathlib import Path
from typing import Annotated

from fastapi import Depends, FastAPI, Form, Request, Response, UploadFile
from fastapi.responses import RedirectResponse
from fastapi.staticfiles import StaticFiles
from fastapi.templating import Jinja2Templates
from starlette.exceptions import HTTPException
from starlette.middleware.sessions import SessionMiddleware

from imagekitio import FileResult, NotFoundException, UploadFileResult
from imagekitio.contrib.errors import Answer
from imagekitio.contrib.fastapi import (
    AsyncImageKitDep,
    UploadPermission,
    check_upload,
    get_template_functions,
    install_error_handlers,
    lifespan,
    mount_upload_assets,
    upload_by_rules,
    upload_token_router,
)

from ..gallery_common.shelf import Picture, Shelf
from ..gallery_common.users import EXPIRE_SECONDS, NAME_REFUSED, is_user_name, make_upload_rules

COMMON = Path(__file__).parents[1] / "gallery_common"
SECRET = secrets.token_hex()  # a restart logs everybody out

shelf = Shelf()
templates = Jinja2Templates(
    [Path(__file__).parent / "templates", COMMON / "templates"], context_processors=[get_template_functions]
)

app = FastAPI(title="Gallery", lifespan=lifespan())
app.add_middleware(SessionMiddleware, secret_key=SECRET, same_site="lax")  # forms on other sites are sent without it
app.mount("/static", StaticFiles(directory=COMMON / "static"), name="static")
mount_upload_assets(app)


def show_error(request: Request, answer: Answer) -> Response:
    """Return the page for an error."""
    return templates.TemplateResponse(request, "error.html", {"message": answer.message}, answer.status)


install_error_handlers(app, make_page=show_error)


@app.exception_handler(HTTPException)
async def handle_http_exception(request: Request, error: HTTPException) -> Response:
    return show_error(request, Answer(error.status_code, error.detail))


def find_user(request: Request) -> str | None:
    """Return the name of the user; None if nobody is logged in."""
    user: str | None = request.session.get("user")
    return user


def require_user(user: Annotated[str | None, Depends(find_user)]) -> str:
    """Return the name of the user; raise HTTPException if nobody is logged in."""
    if user is None:
        raise HTTPException(401, "Please log in.")
    return user


def get_permission(user: Annotated[str | None, Depends(find_user)]) -> UploadPermission | None:
    """Return what the user may upload; None if nobody is logged in."""
    if user is None:
        return None
    return UploadPermission(make_upload_rules(user), uploader=user, secret=SECRET)


CurrentUser = Annotated[str, Depends(require_user)]

app.include_router(upload_token_router(get_permission))


@app.get("/")
def show(request: Request, user: Annotated[str | None, Depends(find_user)]) -> Response:
    pictures = shelf.list_pictures(user) if user else []
    context = {"pictures": pictures, "expire_seconds": EXPIRE_SECONDS}
    return templates.TemplateResponse(request, "gallery.html", context)


@app.post("/log-in")
def log_in(request: Request, name: Annotated[str, Form()] = "") -> Response:
    name = name.strip()
    if not is_user_name(name):
        raise HTTPException(400, NAME_REFUSED)
    request.session["user"] = name
    return go_back()


@app.post("/log-out")
def log_out(request: Request) -> Response:
    request.session.clear()
    return go_back()


@app.post("/pictures")
async def add(
    user: CurrentUser,
    permission: Annotated[UploadPermission | None, Depends(get_permission)],
    imagekit: AsyncImageKitDep,
    photo: list[UploadFile] = [],  # noqa: B006 - FastAPI makes a list for each request
    photo_id: Annotated[list[str], Form(alias="photo-id")] = [],  # noqa: B006
) -> Response:
    files: list[FileResult | UploadFileResult] = []
    for file_id in photo_id:  # uploaded by the browser itself
        files.append(await check_upload(imagekit, file_id, permission))
    if not files:
        for sent in photo or (None,):
            files.append(await upload_by_rules(imagekit, sent, permission))
    for file in files:
        shelf.add(user, Picture.of(file))
    return go_back()


@app.post("/pictures/{file_id}/delete")
async def delete(file_id: str, user: CurrentUser, imagekit: AsyncImageKitDep) -> Response:
    if shelf.find(user, file_id) is None:
        raise HTTPException(404, "This picture does not exist.")
    with suppress(NotFoundException):  # somebody deleted it in the media library
        await imagekit.delete_file(file_id)
    shelf.remove(user, file_id)
    return go_back()


def go_back() -> Response:
    """Return to the gallery after a form."""
    return RedirectResponse(app.url_path_for("show"), 303)
