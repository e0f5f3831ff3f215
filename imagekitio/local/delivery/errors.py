"""Error responses of delivery."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.responses import PlainTextResponse, Response

if TYPE_CHECKING:
    from collections.abc import Mapping

CORS: Mapping[str, str] = {"Access-Control-Allow-Origin": "*"}


class DeliveryError(Exception):
    """An error response of delivery."""

    def __init__(
        self, status: int, code: str, message: str, body: str | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(status, code, message)
        self.status: int = status
        self.code: str = code
        self.message: str = message
        self.body: str = body or message
        self.headers: Mapping[str, str] = headers or {}


def error_response(error: DeliveryError) -> Response:
    """Return the error response in the form of ImageKit (ImageKit docs, "Response headers")."""
    text = one_line(f"{error.code} - {error.message}")
    headers = {**CORS, "ik-error": text, "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return PlainTextResponse(error.body, error.status, {**headers, **error.headers})


def one_line(text: str) -> str:
    """Percent-encode `text` for a header, which must be a single line of ASCII."""
    return quote(text, safe=" !\"#$&'()*+,-./:;<=>?@[\\]^_`{|}~")


def file_deleted_error(path: str) -> DeliveryError:
    return DeliveryError(404, "ENOENT", f"the file at {path} was deleted in the meantime", body="Not Found")


def unauthorized(reason: str, string_to_sign: str = "") -> DeliveryError:
    hint = f"\nA valid signature (ik-s) would sign: {string_to_sign}" if string_to_sign else ""
    return DeliveryError(401, "EAUTH", reason, body=f"Unauthorized: {reason}{hint}")
