"""The delivery route: files as they are, and pictures as transformation steps ask.

Source: ImageKit docs, "Image transformations", "Signed URLs", "Private files" and "Response headers".
"""

from __future__ import annotations

import hashlib
import re
from collections import OrderedDict
from dataclasses import dataclass
from email.utils import formatdate, parsedate_to_datetime
from functools import partial
from typing import TYPE_CHECKING, Protocol
from urllib.parse import quote

from anyio.to_thread import run_sync
from starlette.responses import PlainTextResponse, Response

from ...urls.verifying import check_target
from ..rendering import ClientHints, LayerFile, Rendered, Transformation, TransformationError, render
from ..rendering.formats import depends_on_accept, names_webp, passes_through
from ..rendering.language.named import PREDEFINED
from ..rendering.language.steps import is_named_only
from ..rendering.source import reads_pdf
from .ranges import asked_parts, content_response
from .shared_work import SharedWork
from .target import THUMBNAIL, DeliveryTarget, parse_target, what_it_needs

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from pathlib import Path

    from starlette.requests import Request
    from starlette.types import Receive

    from ...urls.verifying import Verdict
    from ..base.settings import Settings
    from ..library.presets import ActivePresets
    from ..library.store import StoredFile
    from ..rendering import Cancellation

MAX_AGE_SECONDS = 15_552_000  # 180 days; ImageKit docs, "Caches": its limit
MAX_CACHED_BYTES = 64 * 1_048_576

_CORS = {"Access-Control-Allow-Origin": "*"}
_METHODS = "GET, HEAD, OPTIONS"
_PREFLIGHT = {
    **_CORS,
    "Allow": _METHODS,
    "Access-Control-Allow-Methods": _METHODS,
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Max-Age": "86400",
}
# Uploads of strangers must not run scripts in the origin of the server.
_ACTIVE_CONTENT = frozenset({"text/html", "application/xhtml+xml", "image/svg+xml", "text/xml", "application/xml"})
# Steps whose outcome hangs on more than the files that it is made of: a definition, or whether a file is there.
_UNDATED = re.compile(r"\b(?:n|di)-")


class FileStore(Protocol):
    """What delivery needs of the store."""

    def file_at(self, path: str, version_token: str | None = None) -> StoredFile | None: ...

    def active_presets(self) -> ActivePresets: ...


def delivery_endpoint(store: FileStore, settings: Settings) -> Callable[[Request], Awaitable[Response]]:
    """Answers delivery URLs, ``/{imagekit_id}/…``.

    A request without steps gets the bytes that were uploaded, whatever `Settings.best_format` says: developers compare
    them.
    """
    return _Delivery(store, settings).answer


class DeliveryError(Exception):
    """An answer without the file."""

    def __init__(
        self, status: int, code: str, message: str, body: str | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(status, code, message)
        self.status: int = status
        self.code: str = code
        self.message: str = message
        self.body: str = body or message
        self.headers: Mapping[str, str] = headers or {}

    def response(self) -> Response:
        error = _one_line(f"{self.code} - {self.message}")
        headers = {**_CORS, "ik-error": error, "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
        return PlainTextResponse(self.body, self.status, {**headers, **self.headers})


@dataclass(frozen=True)
class _Plan:
    """What will be delivered: a file, untouched when `transformation` is None."""

    file: StoredFile
    transformation: Transformation | None
    layer_files: Mapping[str, LayerFile]
    accept: str
    hints: ClientHints
    etag: str
    headers: dict[str, str]


class _Delivery:
    def __init__(self, store: FileStore, settings: Settings) -> None:
        self._store, self._settings = store, settings
        self._renditions = RenditionCache(MAX_CACHED_BYTES)
        self._work = SharedWork()

    async def answer(self, request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=_PREFLIGHT)
        raw_path: bytes = request.scope["raw_path"]
        raw_query: bytes = request.scope["query_string"]
        target = (raw_path + b"?" + raw_query if raw_query else raw_path).decode(errors="surrogateescape")
        try:
            if request.method not in ("GET", "HEAD"):
                message = f"files are delivered to {_METHODS} (got {request.method})"
                raise DeliveryError(405, "EINVAL", message, headers={"Allow": _METHODS})
            plan = await run_sync(self._plan, target, request.headers)
            if _is_not_modified(request.headers, plan):
                return Response(status_code=304, headers=plan.headers)
            if plan.transformation is None:
                size = await run_sync(_size, plan.file)
                return _response(request, plan.file.content, size, plan.file.mime, plan.headers)
            rendered = await self._rendered(plan, request.receive)
            headers = {**plan.headers, **_content_dpr(plan, rendered), **_warnings(rendered)}
            return _response(request, rendered.content, len(rendered.content), rendered.content_type, headers)
        except TransformationError as exc:
            return DeliveryError(exc.status, exc.code, exc.message).response()
        except DeliveryError as exc:
            return exc.response()

    async def _rendered(self, plan: _Plan, receive: Receive) -> Rendered:
        """Return the rendition, made now unless it is in the cache."""
        rendered = self._renditions.get(plan.etag)
        if rendered is None:
            rendered = await self._work.wait_for(plan.etag, partial(_render, plan, self._settings), receive)
            if rendered is None:
                raise DeliveryError(499, "ECANCELED", "the client hung up")  # for the journal: nobody reads the answer
            self._renditions.put(plan.etag, rendered)
        return rendered

    def _plan(self, raw_target: str, headers: Mapping[str, str]) -> _Plan:
        presets = self._store.active_presets()
        rest, signed = self._check_signature(raw_target, presets)
        try:
            target = parse_target(rest)
        except UnicodeError:
            raise DeliveryError(400, "EINVAL", "path and query must be percent-encoded UTF-8") from None
        if self._settings.restrict_unnamed and target.steps and not is_named_only(target.steps):
            raise DeliveryError(
                400, "EINVAL", "Bad Image Transformation Request: only named transformations are allowed"
            )
        named = {**PREDEFINED, **presets.transformations} if "n-" in target.steps else PREDEFINED
        file, transformation = self._look_up(target, named)
        may_read_private = signed or is_named_only(target.steps)
        if file.is_private and not may_read_private:
            raise _unauthorized("the file is private: its URL must be signed, or its only transformation a named one")
        layers = self._layers(transformation, may_read_private=may_read_private)
        hints = ClientHints(_number(headers, "sec-ch-width", "width"), _number(headers, "sec-ch-dpr", "dpr"))
        accept = headers.get("accept", "")
        etag = self._etag(file, transformation, layers, accept, hints)
        is_shared = not signed and not file.is_private
        answer_headers = {
            **_CORS,
            "ETag": etag,
            "Cache-Control": f"public, max-age={MAX_AGE_SECONDS}" if is_shared else "private",
            "X-Content-Type-Options": "nosniff",
        }
        # A layer or a definition may give way to an older one: only the ETag tells these apart.
        if not layers and not _UNDATED.search(target.steps):
            answer_headers["Last-Modified"] = formatdate(file.updated_at, usegmt=True)
        vary = self._vary(transformation)
        if vary:
            answer_headers["Vary"] = ", ".join(vary)
        if target.attachment_name is not None:
            answer_headers["Content-Disposition"] = _attachment(target.attachment_name or file.name)
        if transformation is None and file.mime.partition(";")[0] in _ACTIVE_CONTENT:
            answer_headers["Content-Security-Policy"] = "sandbox"
        layer_files = {
            path: LayerFile(each.content, each.custom_coordinates) for path, each in layers.items() if each is not None
        }
        return _Plan(file, transformation, layer_files, accept, hints, etag, answer_headers)

    def _check_signature(self, raw_target: str, presets: ActivePresets) -> tuple[str, bool]:
        """What follows the URL endpoint, and whether the request carries a right signature.

        An endpoint with a prefix goes before a folder of that name, unless the signature is that of the folder.
        """
        endpoints = [f"/{self._settings.imagekit_id}/{prefix}/" for prefix in presets.url_prefixes]
        matching = [each for each in sorted(endpoints, key=len, reverse=True) if raw_target.startswith(each)]
        verdicts = [
            (endpoint, self._verdict(raw_target, endpoint))
            for endpoint in [*matching, f"/{self._settings.imagekit_id}/"]
        ]
        endpoint, verdict = next((each for each in verdicts if each[1].status == "ok"), verdicts[0])
        if verdict.status in ("bad", "expired"):
            raise _unauthorized(verdict.reason, verdict.string_to_sign)
        if verdict.status == "unsigned" and self._settings.restrict_unsigned:
            raise _unauthorized(f"{verdict.reason}, and unsigned requests are restricted", verdict.string_to_sign)
        return raw_target.removeprefix(endpoint), verdict.status == "ok"

    def _verdict(self, raw_target: str, endpoint_path: str) -> Verdict:
        return check_target(
            raw_target,
            endpoint_path=endpoint_path,
            private_keys=[pair.private_key for pair in self._settings.keys],
            now=int(self._settings.clock.time()),  # ik-t is in whole seconds, the last of which counts to its end
        )

    def _look_up(self, target: DeliveryTarget, named: Mapping[str, str]) -> tuple[StoredFile, Transformation | None]:
        """The file to deliver and what to make of it.

        A transformation of a file that is neither picture nor video is ignored, as the service does.
        """
        file, still = self._published(target.path, target.version_token), False
        if file is None and target.path.endswith(THUMBNAIL):
            file, still = self._published(target.path.removesuffix(THUMBNAIL), target.version_token), True
        if file is None:
            needed = what_it_needs(target.path)
            if needed:
                raise DeliveryError(501, "EUNSUPPORTED", " needs ".join(needed))
            transformation = Transformation.parse(target.steps, named, still=still) if target.steps else None
            default = transformation.output.default_image if transformation else None
            file = self._published(default) if default else None
        if file is None:
            raise DeliveryError(404, "ENOENT", f"there is no file at {target.path}", body="Not Found")
        if still:
            return file, _still(file, Transformation.parse(target.steps, named, still=True))
        if not target.steps or not file.mime.startswith(("image/", "video/")):
            return file, None
        transformation = Transformation.parse(target.steps, named)
        if not transformation.chain or passes_through(transformation.output, _format_of(file)):
            return file, None
        if file.mime.startswith("video/"):
            raise DeliveryError(
                501,
                "EUNSUPPORTED",
                f"{target.steps} on a video needs a video encoder that local ImageKit does not have",
            )
        return file, transformation

    def _layers(self, transformation: Transformation | None, *, may_read_private: bool) -> dict[str, StoredFile | None]:
        """The files that layers may need, by path; None for those that are missing.

        Private ones need the same right as a private file that is delivered itself.
        """
        paths = transformation.files if transformation is not None else ()
        layers = {path: self._published(path) for path in sorted(paths)}
        for path, file in layers.items():
            if file is not None and file.is_private and not may_read_private:
                raise _unauthorized(f"the layer {path} is private: the URL must be signed")
        return layers

    def _published(self, path: str, version_token: str | None = None) -> StoredFile | None:
        file = self._store.file_at(path, version_token)
        return file if file is not None and file.is_published else None

    def _vary(self, transformation: Transformation | None) -> list[str]:
        if transformation is None:
            return []
        accept = depends_on_accept(transformation.output, best_format=self._settings.best_format)
        hints = ["Sec-CH-Width", "Width", "Sec-CH-DPR", "DPR"] if transformation.asks_client else []
        return ["Accept"] * accept + hints

    def _etag(
        self,
        file: StoredFile,
        transformation: Transformation | None,
        layers: Mapping[str, StoredFile | None],
        accept: str,
        hints: ClientHints,
    ) -> str:
        """The name of the bytes that will be sent: everything that has a say in them, hashed."""
        parts: list[object] = [file.content_hash, file.mime]
        if transformation is not None:
            vary = self._vary(transformation)
            parts += [
                transformation.normalised,
                transformation.page,
                file.custom_coordinates,
                [file and (file.content_hash, file.custom_coordinates) for file in layers.values()],
                self._settings.auto_orient,
                self._settings.best_format,
                self._settings.jpeg_background,
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


def _render(plan: _Plan, settings: Settings, cancellation: Cancellation) -> Rendered:
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
            library=plan.layer_files.get,
            cancellation=cancellation,
        )
    except FileNotFoundError:
        raise _deleted_meanwhile(plan.file) from None


def _still(file: StoredFile, transformation: Transformation) -> Transformation | None:
    """What makes a still picture of a file; None where the original is asked for.

    Raises:
        DeliveryError: 501, libvips does not read such files.
    """
    if transformation.output.original:
        return None
    if not (file.mime.startswith("image/") or (file.mime == "application/pdf" and reads_pdf())):
        raise DeliveryError(
            501, "EUNSUPPORTED", f"ik-thumbnail.jpg of {file.mime} needs a decoder that local ImageKit does not have"
        )
    return transformation


def _warnings(rendered: Rendered) -> dict[str, str]:
    return {"ik-warning": _one_line("; ".join(rendered.warnings))} if rendered.warnings else {}


def _one_line(text: str) -> str:
    """A header holds one line of ASCII."""
    return quote(text, safe=" !\"#$&'()*+,-./:;<=>?@[\\]^_`{|}~")


def _size(file: StoredFile) -> int:
    try:
        return file.content.stat().st_size
    except FileNotFoundError:
        raise _deleted_meanwhile(file) from None


def _response(
    request: Request, content: Path | bytes, size: int, media_type: str, headers: Mapping[str, str]
) -> Response:
    """The content, or the parts that are asked for: those of what the client has parts of already (If-Range)."""
    parts = None
    validators = (headers["ETag"], headers.get("Last-Modified"))
    if request.method == "GET" and request.headers.get("if-range", headers["ETag"]) in validators:
        parts = asked_parts(request.headers.get("range", ""), size)
    if parts is not None and not parts:
        message = f"the range must lie within {size} bytes (got '{request.headers['range']}')"
        raise DeliveryError(416, "EINVAL", message, headers={"Content-Range": f"bytes */{size}"})
    is_head = request.method == "HEAD"
    return content_response(content, size, parts, media_type=media_type, headers=headers, is_head=is_head)


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
        return "Last-Modified" in plan.headers and int(plan.file.updated_at) <= since.timestamp()
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
    if plan.transformation is None or not plan.transformation.asks_client or not (plan.hints.width and plan.hints.dpr):
        return {}
    return {"Content-DPR": f"{rendered.width / (plan.hints.width / plan.hints.dpr):.2f}"}


def _attachment(name: str) -> str:
    """RFC 6266: a name in ASCII for all, and the real one."""
    plain = "".join(c if " " <= c <= "~" and c not in '"\\%' else "_" for c in name)
    encoded = f"; filename*=UTF-8''{quote(name, safe='')}" if plain != name else ""
    return f'attachment; filename="{plain}"{encoded}'
