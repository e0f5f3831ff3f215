"""The plan for a delivery URL of ImageKit: signature, file, transformation and response headers.

Source: ImageKit docs, "Image transformations", "Signed URLs" and "Private files".
"""

from __future__ import annotations

import re
from email.utils import formatdate
from typing import TYPE_CHECKING
from urllib.parse import quote

from ...urls.verifying import check_target
from ..rendering import ClientHints, Transformation
from ..rendering.formats import accepts_webp, depends_on_accept, passes_through
from ..rendering.language.grammar import is_named_only
from ..rendering.language.named import PREDEFINED
from ..rendering.source import can_read_pdf
from .errors import DeliveryError, unauthorized
from .layers import PrivateLayer, as_layer_files, find_layers, find_published
from .plan import Plan, content_headers, make_etag
from .target import THUMBNAIL, find_missing_feature, parse_target

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...urls.verifying import Verdict
    from ..base.settings import Settings
    from ..library.account import Account
    from ..library.tables.rows import FileRow
    from .layers import FileStore
    from .target import DeliveryTarget

MAX_AGE_SECONDS = 15_552_000  # 180 days, the limit in ImageKit docs, "Caches"
# Steps whose result depends on more than their files: on a definition, or on whether a file exists.
_UNDATED = re.compile(r"\b(?:n|di)-")


class Planner:
    """Makes plans for requests of the files in `store`."""

    def __init__(self, store: FileStore, settings: Settings) -> None:
        self._store, self._settings = store, settings

    def plan(self, raw_target: str, headers: Mapping[str, str], *, may_read_private: bool = False) -> Plan:
        """Return the plan for a request.

        Args:
            raw_target: Path and query, percent-encoded.
            headers: Headers of the request.
            may_read_private: Whether the request may read private files without a signature.
        Raises:
            DeliveryError: The file does not exist, may not be read, or cannot be transformed here.
            TransformationError: The renderer refuses the steps.
        """
        account = self._store.account()
        rest, signed = self._check_signature(raw_target, account)
        try:
            target = parse_target(rest)
        except UnicodeError:
            raise DeliveryError(400, "EINVAL", "path and query must be percent-encoded UTF-8") from None
        if self._settings.restrict_unnamed and target.steps and not is_named_only(target.steps):
            raise DeliveryError(
                400, "EINVAL", "Bad Image Transformation Request: only named transformations are allowed"
            )
        named = {**PREDEFINED, **account.transformations} if "n-" in target.steps else PREDEFINED
        file, transformation = self._look_up(target, named)
        may_read_private = may_read_private or signed or is_named_only(target.steps)
        if file.is_private and not may_read_private:
            raise unauthorized(
                "the file is private: its URL must be signed, or its only transformation must be a named one"
            )
        layers = self._layers(transformation, may_read_private=may_read_private)
        hints = ClientHints(_number(headers, "sec-ch-width", "width"), _number(headers, "sec-ch-dpr", "dpr"))
        accept = headers.get("accept", "")
        etag = self._etag(file, transformation, layers, accept, hints)
        is_shared = not signed and not file.is_private
        max_age_seconds = MAX_AGE_SECONDS if is_shared else None
        answer_headers = content_headers(etag, file.mime, transformation, max_age_seconds=max_age_seconds)
        # A layer or a definition may be replaced by an older one, which only the ETag shows.
        if not layers and not _UNDATED.search(target.steps):
            answer_headers["Last-Modified"] = formatdate(file.updated_at, usegmt=True)
        vary = self._vary(transformation)
        if vary:
            answer_headers["Vary"] = ", ".join(vary)
        if target.attachment_name is not None:
            answer_headers["Content-Disposition"] = _attachment(target.attachment_name or file.name)
        return Plan(
            path=file.full_path,
            content=self._store.content(file.content_hash),
            mime=file.mime,
            transformation=transformation,
            etag=etag,
            headers=answer_headers,
            accept=accept,
            hints=hints,
            custom_coordinates=file.custom_coordinates,
            layer_files=as_layer_files(self._store, layers),
        )

    def _check_signature(self, raw_target: str, account: Account) -> tuple[str, bool]:
        """Return the part after the URL endpoint, and whether the request has a valid signature.

        An endpoint with a prefix takes precedence over a folder of that name, unless the signature is for the folder.
        """
        endpoints = [f"/{self._settings.imagekit_id}/{prefix}/" for prefix in account.url_prefixes]
        matching = [each for each in sorted(endpoints, key=len, reverse=True) if raw_target.startswith(each)]
        verdicts = [
            (endpoint, self._verdict(raw_target, endpoint))
            for endpoint in [*matching, f"/{self._settings.imagekit_id}/"]
        ]
        endpoint, verdict = next((each for each in verdicts if each[1].status == "ok"), verdicts[0])
        if verdict.status in ("bad", "expired"):
            raise unauthorized(verdict.reason, verdict.string_to_sign)
        if verdict.status == "unsigned" and self._settings.restrict_unsigned:
            raise unauthorized(f"{verdict.reason}, and unsigned requests are restricted", verdict.string_to_sign)
        return raw_target.removeprefix(endpoint), verdict.status == "ok"

    def _verdict(self, raw_target: str, endpoint_path: str) -> Verdict:
        return check_target(
            raw_target,
            endpoint_path=endpoint_path,
            private_keys=[pair.private_key for pair in self._settings.keys],
            now=int(self._settings.clock.time()),  # ik-t is in whole seconds, and valid to the end of the last one
        )

    def _look_up(self, target: DeliveryTarget, named: Mapping[str, str]) -> tuple[FileRow, Transformation | None]:
        """Return the file to deliver and the transformation to apply.

        Like the service, ignore a transformation of a file that is neither a picture nor a video.
        """
        file, still = find_published(self._store, target.path, target.version_token), False
        if file is None and target.path.endswith(THUMBNAIL):
            file, still = find_published(self._store, target.path.removesuffix(THUMBNAIL), target.version_token), True
        if file is None:
            needed = find_missing_feature(target.path)
            if needed:
                raise DeliveryError(501, "EUNSUPPORTED", " needs ".join(needed))
            transformation = Transformation.parse(target.steps, named, still=still) if target.steps else None
            default = transformation.output.default_image if transformation else None
            file = find_published(self._store, default) if default else None
        if file is None:
            raise DeliveryError(404, "ENOENT", f"there is no file at {target.path}", body="Not Found")
        if still:
            return file, _make_still(file, Transformation.parse(target.steps, named, still=True))
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

    def _layers(self, transformation: Transformation | None, *, may_read_private: bool) -> dict[str, FileRow | None]:
        if transformation is None:
            return {}
        try:
            return find_layers(self._store, transformation, may_read_private=may_read_private)
        except PrivateLayer as exc:
            raise unauthorized(f"{exc}: the URL must be signed") from None

    def _vary(self, transformation: Transformation | None) -> list[str]:
        if transformation is None:
            return []
        accept = depends_on_accept(transformation.output, best_format=self._settings.best_format)
        hints = ["Sec-CH-Width", "Width", "Sec-CH-DPR", "DPR"] if transformation.asks_client else []
        return ["Accept"] * accept + hints

    def _etag(
        self,
        file: FileRow,
        transformation: Transformation | None,
        layers: Mapping[str, FileRow | None],
        accept: str,
        hints: ClientHints,
    ) -> str:
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
                "Accept" in vary and accepts_webp(accept),
                hints if "DPR" in vary else None,
            ]
        return make_etag(parts)


def _make_still(file: FileRow, transformation: Transformation) -> Transformation | None:
    """Return the transformation that makes a still picture of a file; None if the original is requested.

    Raises:
        DeliveryError: 501 if libvips cannot read such files.
    """
    if transformation.output.original:
        return None
    if not (file.mime.startswith("image/") or (file.mime == "application/pdf" and can_read_pdf())):
        raise DeliveryError(
            501, "EUNSUPPORTED", f"ik-thumbnail.jpg of {file.mime} needs a decoder that local ImageKit does not have"
        )
    return transformation


def _format_of(file: FileRow) -> str:
    return "svg" if file.mime == "image/svg+xml" else file.mime.partition("/")[2]


def _number(headers: Mapping[str, str], *names: str) -> float | None:
    """Return the value of the first of these headers that is a positive number."""
    for name in names:
        try:
            value = float(headers.get(name, ""))
        except ValueError:
            continue
        if 0 < value < 1e6:
            return value
    return None


def _attachment(name: str) -> str:
    """Return a Content-Disposition with a name in ASCII and the real one (RFC 6266)."""
    plain = "".join(c if " " <= c <= "~" and c not in '"\\%' else "_" for c in name)
    encoded = f"; filename*=UTF-8''{quote(name, safe='')}" if plain != name else ""
    return f'attachment; filename="{plain}"{encoded}'
