"""Authentication: keys, their access levels, and signed uploads from browsers."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
import uuid
from typing import TYPE_CHECKING, Any

import pytest

from imagekitio.local import KeyPair, LocalImageKit, Settings
from imagekitio.local.base.errors import ApiError
from imagekitio.local.library.store import Store
from imagekitio.local.uploads.credentials import authenticate_v1

if TYPE_CHECKING:
    from pathlib import Path

    from tests.local.conftest import Api

NO_KEY = "Your request does not contain private API key."


def sign_fields(api: Api, *, expires_at: int | None = None, **changes: Any) -> dict[str, str]:
    """Return the fields that a browser sends, as the documentation describes them."""
    token = str(uuid.uuid4())
    expires = str(int(time.time()) + 600 if expires_at is None else expires_at)
    key = api.server.private_key.encode()
    signature = hmac.new(key, (token + expires).encode(), hashlib.sha1).hexdigest()
    fields = {"publicKey": api.server.public_key, "token": token, "expire": expires, "signature": signature}
    return {**fields, **changes}


def test_the_private_key_is_accepted_with_any_password(api: Api) -> None:
    for password in ("", "do_not_set", "with:colon"):
        assert api("GET", "/v1/files", auth=(api.server.private_key, password)).status_code == 200


@pytest.mark.parametrize(
    "header", ["", "Bearer abc", "Basic", "Basic ***", "Basic " + base64.b64encode(b"\xff\xfe:").decode(), "Basic Og=="]
)
def test_a_header_without_basic_authentication_is_ignored(api: Api, header: str) -> None:
    headers = {"Authorization": header} if header else {}
    response = api("GET", "/v1/files", auth=lambda request: request, headers=headers)
    assert (response.status_code, response.json()["message"]) == (401, NO_KEY)


@pytest.mark.parametrize("key", ["private_real0123456789", "public_local", "privatë", "private_loca", "private_locall"])
def test_an_unknown_key_is_refused_with_an_explanation(api: Api, key: str) -> None:
    response = api("GET", "/v1/files", auth=(key.encode(), b""))
    assert response.status_code == 403
    assert response.json()["message"].startswith("Your account cannot be authenticated.")
    assert "no production key ends up in a test" in response.json()["message"]
    assert key not in response.text


def test_an_unknown_path_is_not_found_even_without_a_key(api: Api) -> None:
    assert api("GET", "/v1/nothing", auth=None).status_code == 404


@pytest.mark.parametrize(
    ("access", "statuses"), [("none", (403, 403, 403)), ("read", (200, 403, 403)), ("read-write", (200, 201, 200))]
)
def test_a_restricted_key_can_do_what_its_access_level_allows(
    api: Api, access: str, statuses: tuple[int, int, int]
) -> None:
    keys = [KeyPair("public_a", "private_a"), KeyPair("public_b", "private_b", access)]  # type: ignore[arg-type]
    with LocalImageKit(keys=keys) as server:
        restricted = type(api)(server)
        with restricted.session:
            auth = ("private_b", "")
            folder = {"folderName": "a", "parentFolderPath": "/"}
            responses = (
                restricted("GET", "/v1/files", auth=auth),
                restricted("POST", "/v1/folder", json=folder, auth=auth),
                restricted.try_upload(auth=auth),
            )
            assert tuple(response.status_code for response in responses) == statuses


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"keys": [KeyPair("public_a", "private_a", is_expired=True)]},
            "Your request contains expired private API key.",
        ),
        ({"keys": [KeyPair("public_a", "private_a")], "is_disabled": True}, "Your account is disabled."),
    ],
)
def test_an_expired_key_and_a_disabled_account_are_refused(api: Api, options: dict[str, Any], message: str) -> None:
    with LocalImageKit(**options) as server:
        other = type(api)(server)
        with other.session:
            listed = other("GET", "/v1/files", auth=("private_a", ""))
            uploaded = other.try_upload(auth=lambda request: request, **sign_fields(other))
            for response in (listed, uploaded):
                assert (response.status_code, response.json()["message"]) == (403, message)


def test_a_browser_uploads_with_a_signature(api: Api) -> None:
    response = api.try_upload(auth=lambda request: request, **sign_fields(api))
    assert response.status_code == 200, response.text


@pytest.mark.parametrize("missing", ["publicKey", "token", "expire", "signature"])
def test_a_signature_needs_four_fields(api: Api, missing: str) -> None:
    response = api.try_upload(auth=lambda request: request, **{**sign_fields(api), missing: ""})
    assert (response.status_code, response.json()["message"]) == (400, f"Your request is missing {missing} parameter.")


def test_an_upload_without_any_credentials_is_unauthorized(api: Api) -> None:
    response = api.try_upload(auth=lambda request: request)
    assert (response.status_code, response.json()["message"]) == (401, NO_KEY)


def test_an_unknown_public_key_is_refused(api: Api) -> None:
    response = api.try_upload(auth=lambda request: request, **sign_fields(api, publicKey="public_real"))
    assert response.status_code == 403


def test_a_wrong_or_upper_case_signature_is_refused_and_does_not_use_up_the_token(api: Api) -> None:
    fields = sign_fields(api)
    for wrong in ("0" * 40, fields["signature"].upper(), "ä"):
        response = api.try_upload(auth=lambda request: request, **{**fields, "signature": wrong})
        assert response.json()["message"] == "Your request contains invalid signature parameter."
    assert api.try_upload(auth=lambda request: request, **fields).status_code == 200


@pytest.mark.parametrize("seconds_ahead", [-1, 0, 3600, 100_000])
def test_an_expire_outside_the_next_hour_is_refused(api: Api, seconds_ahead: int) -> None:
    api.server.clock.freeze(1_700_000_000)
    response = api.try_upload(
        auth=lambda request: request, **sign_fields(api, expires_at=1_700_000_000 + seconds_ahead)
    )
    assert response.status_code == 400
    assert response.json()["message"].startswith("Your request contains invalid expire parameter.")


@pytest.mark.parametrize("expire", ["soon", "1e9", "-5", "9" * 30, "٣"])
def test_an_expire_that_is_not_an_integer_is_refused(api: Api, expire: str) -> None:
    response = api.try_upload(auth=lambda request: request, **sign_fields(api, expire=expire))
    assert response.status_code == 400
    assert response.json()["message"].startswith("Your request contains invalid expire parameter.")


def test_a_token_is_used_up_even_by_an_upload_that_fails(api: Api) -> None:
    fields = sign_fields(api)
    assert api.try_upload("a.txt", b"", auth=lambda request: request, **fields).status_code == 400
    response = api.try_upload(auth=lambda request: request, **fields)
    assert response.status_code == 400
    expected = f"The token with value '{fields['token']}' has been used before."
    assert response.json()["message"].startswith(expected)


def test_a_key_and_a_signature_together_are_refused(api: Api) -> None:
    response = api.try_upload(**sign_fields(api))
    assert response.status_code == 400
    assert response.json()["message"].startswith("Your request contains both signature and basic auth parameter.")


def test_a_public_key_with_the_private_key_is_tolerated(api: Api) -> None:
    assert api.try_upload(publicKey=api.server.public_key).status_code == 200


def test_the_published_test_vector_verifies(tmp_path: Path) -> None:
    pair = KeyPair("public_emulatorKey0000=", "private_emulatorKey0000000000000000=")
    store = Store(Settings(data=tmp_path, url_endpoint="http://127.0.0.1:8080/local", keys=(pair,)))
    fields = {
        "publicKey": "public_emulatorKey0000=",
        "token": "5f9d8f0e-6a53-4c8e-9a64-0f5a2f1c7b3d",
        "expire": "1893456000",
        "signature": "13242940b93414137e1724ac62d029a6f1404656",
    }
    try:
        store.settings.clock.freeze(1893456000 - 3599)
        assert not authenticate_v1(None, fields, store)
        with pytest.raises(ApiError, match="has been used before"):
            authenticate_v1(None, fields, store)
    finally:
        store.close()
