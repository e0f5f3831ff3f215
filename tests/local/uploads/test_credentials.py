"""Version 2 of the upload API: a JSON Web Token signs every field."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import TYPE_CHECKING, Any

import pytest

from imagekitio.local import KeyPair, LocalImageKit

if TYPE_CHECKING:
    import requests

    from tests.local.conftest import Api

INVALID = "Your request has invalid token."
FIELDS = {"fileName": "red.jpg", "useUniqueFileName": "false", "tags": "shoe,red"}
VECTOR = (
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6InB1YmxpY19lbXVsYXRvcktleTAwMDA9In0."
    "eyJmaWxlTmFtZSI6InJlZC5qcGciLCJ1c2VVbmlxdWVGaWxlTmFtZSI6ImZhbHNlIiwidGFncyI6InNob2UscmVkIiwiaWF0IjoxODkzNDUyNDAw"
    "LCJleHAiOjE4OTM0NTYwMDB9.yFRrYvol7OSWJRR9wg0plZN40wzTgcej-mTbET7i-JQ"
)


def make_token(server: LocalImageKit, claims: dict[str, Any], *, life: Any = 3600, **header: str) -> str:
    """Return a token made by hand as the documentation describes."""
    now = int(server.clock.time())
    claims = {"iat": now, "exp": now + life, **claims} if life else claims
    head = {"alg": "HS256", "typ": "JWT", "kid": server.public_key, **header}

    def part(value: bytes) -> str:
        return base64.urlsafe_b64encode(value).rstrip(b"=").decode()

    signed = ".".join(part(json.dumps(value).encode()) for value in (head, claims))
    digest = hashlib.sha512 if head["alg"] == "HS512" else hashlib.sha256
    return f"{signed}.{part(hmac.new(server.private_key.encode(), signed.encode(), digest).digest())}"


def upload(api: Api, token: str | None, fields: dict[str, str] = FIELDS, **options: Any) -> requests.Response:
    data = fields if token is None else {**fields, "token": token}
    options.setdefault("auth", None)
    return api("POST", "/api/v2/files/upload", files={"file": ("a", b"content")}, data=data, **options)


def test_a_server_uploads_with_its_key(api: Api) -> None:
    response = upload(api, None, auth=(api.server.private_key, ""))
    assert response.status_code == 200
    assert response.json()["filePath"] == "/red.jpg"
    assert api.details(response.json()["fileId"])["tags"] == ["shoe", "red"]


def test_a_browser_uploads_once_with_a_token(api: Api) -> None:
    used = make_token(api.server, FIELDS)
    assert upload(api, used).json()["filePath"] == "/red.jpg"
    again = upload(api, used)
    assert again.status_code == 400
    assert again.json()["message"].startswith(f"The token with value '{used}' has been used before.")


def test_the_token_of_the_documentation_is_accepted() -> None:
    keys = [KeyPair("public_emulatorKey0000=", "private_emulatorKey0000000000000000=")]
    with LocalImageKit(keys=keys) as server:
        server.clock.freeze(1893452400 + 60)
        import requests

        data = {**FIELDS, "token": VECTOR}
        url = server.url + "/api/v2/files/upload"
        response = requests.post(url, data=data, files={"file": ("red.jpg", b"x")}, timeout=30)
        assert (response.status_code, response.json()["name"]) == (200, "red.jpg")


def test_numbers_and_booleans_in_claims_count_as_their_text(api: Api) -> None:
    claims = {**FIELDS, "useUniqueFileName": False, "description": 5}
    assert upload(api, make_token(api.server, claims), {**FIELDS, "description": "5"}).status_code == 200


@pytest.mark.parametrize(
    "fields",
    [
        {**FIELDS, "isPrivateFile": "true"},
        {"fileName": "red.jpg", "useUniqueFileName": "false"},
        {**FIELDS, "tags": "shoe"},
    ],
)
def test_every_field_is_signed_and_a_mismatch_uses_up_the_token(api: Api, fields: dict[str, str]) -> None:
    made = make_token(api.server, FIELDS)
    response = upload(api, made, fields)
    assert response.status_code == 400
    assert response.json()["message"] == (
        "Your request contains invalid payload. It does not match with the payload used to generate token."
    )
    assert "has been used before" in upload(api, made).json()["message"]
    assert api.assets() == []


def test_invalid_tokens_are_refused_and_not_used_up(api: Api) -> None:
    server = api.server
    good = make_token(server, FIELDS)
    now = int(server.clock.time())
    for wrong in (
        "nonsense",
        good[:-2] + ("A" if good[-2] != "A" else "B") + good[-1],
        make_token(server, FIELDS, alg="none"),
        make_token(server, FIELDS, alg="HS512"),
        make_token(server, FIELDS, life=3601),
        make_token(server, FIELDS, life=None),
        make_token(server, {**FIELDS, "iat": now, "exp": str(now + 60)}, life=None),
        make_token(server, {**FIELDS, "iat": True, "exp": now + 60}, life=None),
        make_token(server, FIELDS, kid=5),  # type: ignore[arg-type]
    ):
        response = upload(api, wrong)
        assert (response.status_code, response.json()["message"]) == (400, INVALID)
    assert upload(api, good).status_code == 200


def test_a_token_expires_at_its_exp(api: Api) -> None:
    late = make_token(api.server, FIELDS, life=60)
    api.server.clock.advance(60)
    response = upload(api, late)
    assert (response.status_code, response.json()["message"]) == (400, "Your request contains expired token.")


def test_an_unknown_key_a_missing_token_and_two_methods_are_refused(api: Api) -> None:
    foreign = upload(api, make_token(api.server, FIELDS, kid="public_of_somebody"))
    assert foreign.status_code == 403
    assert foreign.json()["message"].startswith("Your account cannot be authenticated.")
    missing = upload(api, None)
    assert (missing.status_code, missing.json()["message"]) == (400, "Your request is missing token parameter.")
    both = upload(api, make_token(api.server, FIELDS), auth=(api.server.private_key, ""))
    assert both.status_code == 400
    assert both.json()["message"].startswith("Your request contains both token and basic auth parameter.")


def test_preflight_requests_of_browsers_are_answered(api: Api) -> None:
    response = api("OPTIONS", "/api/v2/files/upload", auth=None)
    assert response.status_code == 204
    assert response.headers["access-control-allow-methods"] == "OPTIONS, POST"
