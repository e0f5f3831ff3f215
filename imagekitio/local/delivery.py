"""The delivery route: files as they are, and pictures as transformation steps ask.

Source: ImageKit docs, "Image transformations", "Signed URLs", "Private files" and "Response headers".
"""

from __future__ import annotations

import hashlib
import os
from collections import OrderedDict
from dataclasses import dataclass
from email.utils import formatdate, parsedate_to_datetime
from functools import partial
from typing import TYPE_CHECKING, Protocol
from urllib.parse import quote
from weakref import WeakValueDictionary

import anyio
from anyio.to_thread import run_sync
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from ..urls.verifying import check_target
from .delivery_target import DeliveryTarget, parse_target, what_it_needs
from .rendering import ClientHints, Rendered, Transformation, TransformationError, render
from .rendering.formats import depends_on_accept, names_webp, passes_through
from .rendering.steps import is_named_only

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from .settings import Settings
    from .store import StoredFile

MAX_AGE_SECONDS = 15_552_000  # 180 days; ImageKit docs, "Caches": its limit
MAX_CACHED_BYTES = 64 * 1_048_576

_CORS = {"Access-Control-Allow-Origin": "*"}
_PREFLIGHT = {
    **_CORS,
    "Allow": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Max-Age": "86400",
}
# Uploads of strangers must not run scripts in the origin of the server.
_ACTIVE_CONTENT = frozenset({"text/html", "application/xhtml+xml", "image/svg+xml", "text/xml", "application/xml"})


class FileStore(Protocol):
    """What delivery needs of the store."""

    def file_at(self, path: str, version_token: str | None = None) -> StoredFile | None: ...


def delivery_routes(store: FileStore, settings: Settings) -> list[BaseRoute]:
    """The route of delivery URLs, ``/{imagekit_id}/…``.

    A request without steps gets the bytes that were uploaded, whatever `Settings.best_format` says: developers compare
    them.
    """
    delivery = _Delivery(store, settings)
    path = f"/{settings.imagekit_id}/{{path:path}}"
    return [Route(path, delivery.answer, methods=["GET", "HEAD", "OPTIONS"], name="delivery")]


class DeliveryError(Exception):
    """An answer without the file."""

    def __init__(self, status: int, code: str, message: str, body: str | None = None) -> None:
        super().__init__(status, code, message)
        self.status: int = status
        self.code: str = code
        self.message: str = message
        self.body: str = body or message

    def response(self) -> Response:
        # A header holds one line of ASCII.
        error = quote(f"{self.code} - {self.message}", safe=" !\"#$&'()*+,-./:;<=>?@[\\]^_`{|}~")
        headers = {**_CORS, "ik-error": error, "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
        return PlainTextResponse(self.body, self.status, headers)


@dataclass(frozen=True)
class _Plan:
    """What will be delivered: a file, untouched when `transformation` is None."""

    file: StoredFile
    transformation: Transformation | None
    accept: str
    hints: ClientHints
    etag: str
    headers: dict[str, str]


class _Delivery:
    def __init__(self, store: FileStore, settings: Settings) -> None:
        self._store, self._settings = store, settings
        self._renditions = RenditionCache(MAX_CACHED_BYTES)
        self._in_work: WeakValueDictionary[str, anyio.Lock] = WeakValueDictionary()
        self._renderers: anyio.CapacityLimiter | None = None

    async def answer(self, request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=_PREFLIGHT)
        raw_path: bytes = request.scope["raw_path"]
        raw_query: bytes = request.scope["query_string"]
        target = (raw_path + b"?" + raw_query if raw_query else raw_path).decode(errors="surrogateescape")
        try:
            plan = await run_sync(self._plan, target, request.headers)
            if _is_not_modified(request.headers, plan):
                return Response(status_code=304, headers=plan.headers)
            if plan.transformation is None:
                return await run_sync(_file_response, plan)
            rendered = await self._rendered(plan)
        except TransformationError as exc:
            return DeliveryError(exc.status, exc.code, exc.message).response()
        except DeliveryError as exc:
            return exc.response()
        headers = {**plan.headers, **_content_dpr(plan, rendered)}
        return Response(rendered.content, media_type=rendered.content_type, headers=headers)

    async def _rendered(self, plan: _Plan) -> Rendered:
        """Render, once however many ask at the same time, on as many threads as there are processors."""
        if self._renderers is None:
            self._renderers = anyio.CapacityLimiter(os.cpu_count() or 1)
        async with self._in_work.setdefault(plan.etag, anyio.Lock()):
            rendered = self._renditions.get(plan.etag)
            if rendered is None:
                rendered = await run_sync(partial(_render, plan, self._settings), limiter=self._renderers)
                self._renditions.put(plan.etag, rendered)
            return rendered

    def _plan(self, raw_target: str, headers: Mapping[str, str]) -> _Plan:
        endpoint_path = f"/{self._settings.imagekit_id}/"
        signed = self._check_signature(raw_target, endpoint_path)
        try:
            target = parse_target(raw_target.removeprefix(endpoint_path))
        except UnicodeError:
            raise DeliveryError(400, "EINVAL", "path and query must be percent-encoded UTF-8") from None
        file, transformation = self._look_up(target)
        if file.is_private and not signed and not is_named_only(target.steps):
            raise _unauthorized("the file is private: its URL must be signed, or its only transformation a named one")
        hints = ClientHints(_number(headers, "sec-ch-width", "width"), _number(headers, "sec-ch-dpr", "dpr"))
        accept = headers.get("accept", "")
        etag = self._etag(file, transformation, accept, hints)
        is_shared = not signed and not file.is_private
        answer_headers = {
            **_CORS,
            "ETag": etag,
            "Last-Modified": formatdate(file.updated_at, usegmt=True),
            "Cache-Control": f"public, max-age={MAX_AGE_SECONDS}" if is_shared else "private",
            "X-Content-Type-Options": "nosniff",
        }
        vary = self._vary(transformation)
        if vary:
            answer_headers["Vary"] = ", ".join(vary)
        if target.attachment_name is not None:
            answer_headers["Content-Disposition"] = _attachment(target.attachment_name or file.name)
        if transformation is None and file.mime.partition(";")[0] in _ACTIVE_CONTENT:
            answer_headers["Content-Security-Policy"] = "sandbox"
        return _Plan(file, transformation, accept, hints, etag, answer_headers)

    def _check_signature(self, raw_target: str, endpoint_path: str) -> bool:
        """Whether the request carries a right signature."""
        verdict = check_target(
            raw_target,
            endpoint_path=endpoint_path,
            private_keys=[pair.private_key for pair in self._settings.keys],
            now=self._settings.clock.time(),
        )
        if verdict.status in ("bad", "expired"):
            raise _unauthorized(verdict.reason, verdict.string_to_sign)
        if verdict.status == "unsigned" and self._settings.restrict_unsigned:
            raise _unauthorized(f"{verdict.reason}, and unsigned requests are restricted", verdict.string_to_sign)
        return verdict.status == "ok"

    def _look_up(self, target: DeliveryTarget) -> tuple[StoredFile, Transformation | None]:
        """The file to deliver and what to make of it.

        A transformation of a file that is neither picture nor video is ignored, as the service does.
        """
        file = self._published(target.path, target.version_token)
        if file is None:
            needed = what_it_needs(target.path)
            if needed:
                raise DeliveryError(501, "EUNSUPPORTED", " needs ".join(needed))
            default = Transformation.parse(target.steps).output.default_image if target.steps else None
            file = self._published(default) if default else None
        if file is None:
            raise DeliveryError(404, "ENOENT", f"there is no file at {target.path}", body="Not Found")
        if not target.steps or not file.mime.startswith(("image/", "video/")):
            return file, None
        transformation = Transformation.parse(target.steps)
        if not transformation.chain or passes_through(transformation.output, _format_of(file)):
            return file, None
        if file.mime.startswith("video/"):
            raise DeliveryError(
                501,
                "EUNSUPPORTED",
                f"{target.steps} on a video needs a video encoder that local ImageKit does not have",
            )
        return file, transformation

    def _published(self, path: str, version_token: str | None = None) -> StoredFile | None:
        file = self._store.file_at(path, version_token)
        return file if file is not None and file.is_published else None

    def _vary(self, transformation: Transformation | None) -> list[str]:
        if transformation is None:
            return []
        accept = depends_on_accept(transformation.output, best_format=self._settings.best_format)
        hints = ["Sec-CH-Width", "Width", "Sec-CH-DPR", "DPR"] if transformation.asks_client() else []
        return ["Accept"] * accept + hints

    def _etag(self, file: StoredFile, transformation: Transformation | None, accept: str, hints: ClientHints) -> str:
        """The name of the bytes that will be sent: everything that has a say in them, hashed."""
        parts: list[object] = [file.content_hash, file.mime]
        if transformation is not None:
            vary = self._vary(transformation)
            parts += [
                transformation.normalised,
                file.custom_coordinates,
                self._settings.auto_orient,
                self._settings.best_format,
                "Accept" in vary and names_webp(accept),
                hints if "DPR" in vary else None,
            ]
        return f'"{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"'


class RenditionCache:
    """Renditions by ETag, the least recently used dropped first. Used by the event loop alone."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._renditions: OrderedDict[str, Rendered] = OrderedDict()

    def get(self, etag: str) -> Rendered | None:
        rendered = self._renditions.get(etag)
        if rendered is not None:
            self._renditions.move_to_end(etag)
        return rendered

    def put(self, etag: str, rendered: Rendered) -> None:
        if len(rendered.content) > self._max_bytes or etag in self._renditions:
            return
        self._renditions[etag] = rendered
        self._bytes += len(rendered.content)
        while self._bytes > self._max_bytes:
            _, dropped = self._renditions.popitem(last=False)
            self._bytes -= len(dropped.content)


def _render(plan: _Plan, settings: Settings) -> Rendered:
    assert plan.transformation is not None
    try:
        return render(
            plan.file.content,
            plan.transformation,
            settings=settings,
            mime=plan.file.mime,
            accept=plan.accept,
            custom_coordinates=plan.file.custom_coordinates,
            hints=plan.hints,
        )
    except FileNotFoundError:
        raise _deleted_meanwhile(plan.file) from None


def _file_response(plan: _Plan) -> Response:
    try:
        status = plan.file.content.stat()
    except FileNotFoundError:
        raise _deleted_meanwhile(plan.file) from None
    return FileResponse(plan.file.content, headers=plan.headers, media_type=plan.file.mime, stat_result=status)


def _deleted_meanwhile(file: StoredFile) -> DeliveryError:
    return DeliveryError(404, "ENOENT", f"the file at {file.path} was deleted meanwhile", body="Not Found")


def _unauthorized(reason: str, string_to_sign: str = "") -> DeliveryError:
    hint = f"\nA right signature (ik-s) would sign: {string_to_sign}" if string_to_sign else ""
    return DeliveryError(401, "EAUTH", reason, body=f"Unauthorized: {reason}{hint}")


def _format_of(file: StoredFile) -> str:
    return "svg" if file.mime == "image/svg+xml" else file.mime.partition("/")[2]


def _is_not_modified(headers: Mapping[str, str], plan: _Plan) -> bool:
    """RFC 9110, section 13.2.2: If-None-Match decides alone where it is given."""
    if "if-none-match" in headers:
        tags = {tag.strip().removeprefix("W/") for tag in headers["if-none-match"].split(",")}
        return "*" in tags or plan.etag in tags
    try:
        since = parsedate_to_datetime(headers.get("if-modified-since", ""))
        return int(plan.file.updated_at) <= since.timestamp()
    except (ValueError, TypeError, OverflowError):
        return False


def _number(headers: Mapping[str, str], *names: str) -> float | None:
    """The first of these headers that is a positive number."""
    for name in names:
        try:
            value = float(headers.get(name, ""))
        except ValueError:
            continue
        if 0 < value < 1e6:
            return value
    return None


def _content_dpr(plan: _Plan, rendered: Rendered) -> dict[str, str]:
    """ImageKit docs, "Client hints": delivered width / (width hint / DPR hint)."""
    if (
        plan.transformation is None
        or not plan.transformation.asks_client()
        or not (plan.hints.width and plan.hints.dpr)
    ):
        return {}
    return {"Content-DPR": f"{rendered.width / (plan.hints.width / plan.hints.dpr):.2f}"}


def _attachment(name: str) -> str:
    """RFC 6266: a name in ASCII for all, and the real one."""
    plain = "".join(c if " " <= c <= "~" and c not in '"\\%' else "_" for c in name)
    encoded = f"; filename*=UTF-8''{quote(name, safe='')}" if plain != name else ""
    return f'attachment; filename="{plain}"{encoded}'
