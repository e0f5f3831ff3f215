"""Upload tokens of version 2: the permission for one upload from a browser, signed on the server.

Such a token is a JSON Web Token (RFC 7519). No library is used, because one fixed algorithm needs only a dozen lines.
Source: ImageKit docs, upload API v2.
"""

from __future__ import annotations

import base64
import hmac
import re
import uuid
from typing import TYPE_CHECKING, Any, TypedDict

from ..models.uploads import UploadFileRequestOptions
from ..urls.tokens import read_expire
from .encoding import encode_json
from .uploads import UPLOAD_V2_PATH, encode_fields

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta

_LIMIT = 3600  # seconds; the longest lifetime of a token
_LINE_BREAK = re.compile(r"\r\n|\r|\n")


class UploadToken(TypedDict):
    """What a browser needs for one upload, ready for `jsonify` or `JsonResponse`.

    `url` is the URL to which to post the form, `fields` are its fields except `file`, `token` is one of these fields,
    and `expire` is the Unix time in seconds at which it expires.
    """

    url: str
    fields: dict[str, str]
    token: str
    expire: int


def make_upload_token(
    file_name: str,
    options: UploadFileRequestOptions | Mapping[str, Any] | None,
    keywords: Mapping[str, Any],
    expire: float | timedelta | datetime | None,
    *,
    public_key: str,
    private_key: str,
    base_url: str,
    now: int,
) -> UploadToken:
    """Return a token and the fields that it binds; see `Client.get_upload_token`."""
    fields = encode_fields(file_name, UploadFileRequestOptions.of(options, keywords))
    # The API treats empty fields as absent. Browsers send every line break of a field as CR LF (HTML, "Multipart form
    # data"), and the sent fields must equal the signed ones.
    fields = {name: _LINE_BREAK.sub("\r\n", text) for name, text in fields.items() if text}
    expires_at = read_expire(expire, now)
    if not 0 < expires_at - now <= _LIMIT:
        raise ValueError(
            f"expire must be from 1 to {_LIMIT} s ahead, or the service refuses it (got {expires_at - now} s)"
        )
    if not public_key:
        raise ValueError("missing: public_key, which the token names; pass it to the client or set IMAGEKIT_PUBLIC_KEY")
    # Two tokens for the same fields in the same second must differ, since each works once. The claims may contain only
    # fields and times; unknown members of the header are ignored (RFC 7515, section 4).
    header = {"alg": "HS256", "typ": "JWT", "kid": public_key, "jti": str(uuid.uuid4())}
    token = write_jwt(header, {**fields, "iat": now, "exp": expires_at}, private_key)
    url = f"{base_url}{UPLOAD_V2_PATH}"
    return {"url": url, "fields": {**fields, "token": token}, "token": token, "expire": expires_at}


def write_jwt(header: Mapping[str, Any], claims: Mapping[str, Any], key: str) -> str:
    """Return a JSON Web Token, always signed with HMAC-SHA256, regardless of the header."""
    signed = b".".join(_encode_part(encode_json(part, "the token").encode()) for part in (header, claims))
    return b".".join((signed, _encode_part(hmac.digest(key.encode(), signed, "sha256")))).decode()


def _encode_part(content: bytes) -> bytes:
    return base64.urlsafe_b64encode(content).rstrip(b"=")
