"""Sign webhooks for tests as the documentation describes."""

from __future__ import annotations

import base64
import hmac
from hashlib import sha256

SECRET = "whsec_Zm9vYmFyYmF6cXV4MTIz"
BODY = (
    b'{"type":"file.deleted","id":"evt_01","created_at":"2025-01-02T03:04:05.678Z",'
    b'"data":{"fileId":"6650a1b2c3d4e5f607182930"}}'
)
NOW = 1735787045

# The vectors of the documentation.
IMAGEKIT = {"x-ik-signature": "t=1735787045678,v1=4cd54054368885de20cf8d53fd70c780878b05c2e8b4e79209e3e8f313753025"}
STANDARD = {
    "webhook-id": "msg_01",
    "webhook-timestamp": "1735787045",
    "webhook-signature": "v1,doVtDOENfFvsHMhbOdPlWkyB0tlK/tTX33m3u7HU5cU=",
}
DECODED = {**STANDARD, "webhook-signature": "v1,f8LtWqpef/wo2bKE6bjgKYyXvETnCQW3nVGGXHEtKrg="}


def sign_imagekit(body: bytes, secret: str = SECRET, *, milliseconds: int = NOW * 1000) -> dict[str, str]:
    signature = hmac.new(secret.encode(), f"{milliseconds}.".encode() + body, sha256).hexdigest()
    return {"x-ik-signature": f"t={milliseconds},v1={signature}"}


def sign_standard(body: bytes, secret: str = SECRET, *, id_: str = "msg_01", seconds: int = NOW) -> dict[str, str]:
    digest = hmac.new(secret.encode(), f"{id_}.{seconds}.".encode() + body, sha256).digest()
    signature = f"v1,{base64.b64encode(digest).decode()}"
    return {"webhook-id": id_, "webhook-timestamp": str(seconds), "webhook-signature": signature}
