"""What an upload may read and connect to: with the private key, and with a token, which anyone may hold."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
import requests

from imagekitio.local import KeyPair, LocalImageKit

if TYPE_CHECKING:
    from tests.local.conftest import Api, Receiver

DESCRIBE = {"extensions": json.dumps([{"name": "ai-auto-description"}])}


def upload_by_token(server: LocalImageKit, content: bytes | str, name: str = "b.jpg", **fields: str) -> Any:
    """Upload as a browser does, with a signature that covers no field."""
    with server.client() as imagekit:
        signed = imagekit.get_authentication_parameters()
    data = {"publicKey": server.public_key, "fileName": name, "useUniqueFileName": "false", **fields}
    data |= {field: str(value) for field, value in signed.items()}
    part = (None, content) if isinstance(content, str) else (name, content)
    return requests.post(f"{server.url}/api/v1/files/upload", data=data, files={"file": part}, timeout=30)


@pytest.mark.parametrize("protection", [{"isPrivateFile": "true"}, {"isPublished": "false"}])
@pytest.mark.parametrize("query", ["", "?tr=w-32", "?updatedAt=1"])
def test_a_url_of_this_server_gives_no_more_access_than_delivery(
    api: Api, jpeg: bytes, protection: dict[str, str], query: str
) -> None:
    source = api.upload("secret.jpg", jpeg, **protection)["url"] + query
    assert requests.get(source, timeout=30).status_code in (401, 404)
    for response in (upload_by_token(api.server, source), api.try_upload("b.jpg", source)):
        assert response.status_code == 400
        assert response.json()["message"].startswith(f"The file could not be fetched from {source}: ")
    assert api.paths() == ["/secret.jpg"]


def test_a_url_of_an_unpublished_old_version_gives_no_access(api: Api, jpeg: bytes) -> None:
    file_id = api.upload("a.jpg", jpeg)["fileId"]
    api.upload("a.jpg", jpeg + b"new")
    api("PATCH", f"/v1/files/{file_id}/details", json={"publish": {"isPublished": False, "includeFileVersions": True}})
    old = api("GET", f"/v1/files/{file_id}/versions").json()[1]["url"]
    assert upload_by_token(api.server, old).status_code == 400


def test_a_signed_url_of_a_private_file_is_fetched(api: Api, jpeg: bytes) -> None:
    source = api.upload("secret.jpg", jpeg, isPrivateFile="true")["url"]
    with api.server.client() as imagekit:
        signed = imagekit.url(src=source, signed=True, expire_seconds=60)
        forged = signed[:-1] + ("0" if signed[-1] != "0" else "1")
    assert upload_by_token(api.server, signed).json()["size"] == len(jpeg)
    assert upload_by_token(api.server, forged).status_code == 400


def test_restricting_unsigned_requests_restricts_uploads_by_url_too(jpeg: bytes) -> None:
    with LocalImageKit(restrict_unsigned=True) as server, server.client() as imagekit:
        source = imagekit.upload_file(file=jpeg, file_name="a.jpg").url
        assert upload_by_token(server, str(source)).status_code == 400
        assert upload_by_token(server, imagekit.url(src=source, signed=True)).status_code == 200


def test_metadata_of_a_private_file_needs_its_url_and_the_private_key(api: Api, jpeg: bytes) -> None:
    private, hidden = (
        api.upload(f"{name}.jpg", jpeg, **{name: value})["url"]
        for name, value in (("isPrivateFile", "true"), ("isPublished", "false"))
    )
    assert api("GET", "/v1/metadata", params={"url": private}).json()["width"] > 0
    response = api("GET", "/v1/metadata", params={"url": hidden})
    assert (response.status_code, response.json()["message"]) == (
        404,
        "The requested file does not exist or is inaccessible at this time.",
    )


LAYER = json.dumps({"pre": "l-image,i-secret.jpg,w-8,l-end"})


def test_a_private_layer_of_a_pre_transformation_needs_the_private_key(api: Api, jpeg: bytes) -> None:
    api.upload("secret.jpg", jpeg, isPrivateFile="true")
    refused = upload_by_token(api.server, jpeg, transformation=LAYER)
    assert (refused.status_code, "private" in refused.json()["message"]) == (400, True)
    assert api.try_upload("c.jpg", jpeg, transformation=LAYER).status_code == 200
    assert api.paths() == ["/c.jpg", "/secret.jpg"]


def test_an_unpublished_layer_is_not_available_to_anyone(api: Api, jpeg: bytes) -> None:
    api.upload("secret.jpg", jpeg, isPublished="false")
    for response in (
        upload_by_token(api.server, jpeg, transformation=LAYER),
        api.try_upload("c.jpg", jpeg, transformation=LAYER),
    ):
        assert (response.status_code, "secret.jpg" in response.json()["message"]) == (400, True)


def flush_outcomes(server: LocalImageKit) -> list[str | None]:
    return [sent.outcome for sent in server.flush_webhooks()]


def test_a_token_cannot_make_the_server_call_other_servers_on_this_machine(
    api: Api, jpeg: bytes, receiver: Receiver
) -> None:
    hosts = ("127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "127.1")
    port = urlsplit(receiver.url).port
    for number, host in enumerate(hosts):
        response = upload_by_token(
            api.server, jpeg, f"{number}.jpg", webhookUrl=f"http://{host}:{port}/admin", **DESCRIBE
        )
        assert response.status_code == 200, response.text
    assert all("are not allowed" in str(outcome) for outcome in flush_outcomes(api.server))
    assert len(api.server.webhooks) == len(hosts)
    assert receiver.received == []


def test_a_token_can_call_servers_on_this_machine_if_the_settings_allow_it(jpeg: bytes, receiver: Receiver) -> None:
    with LocalImageKit(allow_loopback=True) as server:
        assert upload_by_token(server, jpeg, webhookUrl=receiver.url, **DESCRIBE).status_code == 200
        assert flush_outcomes(server) == ["200"]
    assert len(receiver.received) == 1


def test_the_private_key_allows_callbacks_to_this_machine(api: Api, jpeg: bytes, receiver: Receiver) -> None:
    file_id = api.upload("a.jpg", jpeg, webhookUrl=receiver.url, **DESCRIBE)["fileId"]
    details = {"webhookUrl": receiver.url, "extensions": [{"name": "ai-auto-description"}]}
    assert api("PATCH", f"/v1/files/{file_id}/details", json=details).status_code == 200
    assert flush_outcomes(api.server) == ["200", "200"]


def test_a_version_2_token_allows_the_callback_that_it_signs(api: Api, jpeg: bytes, receiver: Receiver) -> None:
    import jwt

    fields = {"fileName": "a.jpg", "webhookUrl": receiver.url, **DESCRIBE}
    now = int(time.time())
    key = api.server.private_key.ljust(32, "=")  # PyJWT warns about shorter keys
    with LocalImageKit(keys=[KeyPair("public_long", key)]) as server:
        token = jwt.encode({**fields, "iat": now, "exp": now + 60}, key, "HS256", headers={"kid": "public_long"})
        files = {"file": ("a.jpg", jpeg)}
        response = requests.post(
            f"{server.url}/api/v2/files/upload", data={**fields, "token": token}, files=files, timeout=30
        )
        assert response.status_code == 200, response.text
        assert flush_outcomes(server) == ["200"]
