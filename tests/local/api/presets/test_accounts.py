"""Origins, URL endpoints and webhooks over HTTP."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import pytest

from imagekitio.local import KeyPair, LocalImageKit
from imagekitio.local.api.presets.origins import TYPES
from imagekitio.local.events.subscriptions import Webhook, list_enabled_webhooks

if TYPE_CHECKING:
    import requests

    from imagekitio.local.library.store import Store
    from tests.local.conftest import Api

ORIGINS = "/v1/accounts/origins"
ENDPOINTS = "/v1/accounts/url-endpoints"
WEBHOOKS = "/v1/accounts/webhooks"

S3 = {"type": "S3", "name": "Product bucket", "bucket": "acme", "accessKey": "AKIA-FAKE", "secretKey": "fake"}
ORIGIN_BODIES: dict[str, dict[str, Any]] = {
    "S3": S3,
    "CLOUDINARY_BACKUP": {**S3, "type": "CLOUDINARY_BACKUP"},
    "S3_COMPATIBLE": {**S3, "type": "S3_COMPATIBLE", "endpoint": "https://s3.example"},
    "GCS": {
        "type": "GCS",
        "name": "G",
        "bucket": "b",
        "clientEmail": "a@b.example",
        "privateKey": "-----BEGIN FAKE-----" + "x" * 1700,
    },
    "AZURE_BLOB": {"type": "AZURE_BLOB", "name": "A", "accountName": "a", "container": "c", "sasToken": "?sv=fake"},
    "WEB_FOLDER": {"type": "WEB_FOLDER", "name": "W", "baseUrl": "https://shop.example/media"},
    "WEB_PROXY": {"type": "WEB_PROXY", "name": "P"},
    "AKENEO_PIM": {
        "type": "AKENEO_PIM",
        "name": "K",
        "baseUrl": "https://pim.example",
        "clientId": "i",
        "clientSecret": "s",
        "username": "u",
        "password": "p",
    },
}
SECRETS = {
    *("accessKey", "secretKey", "privateKey", "sasToken", "clientId", "clientSecret", "username", "password"),
}


def create(api: Api, path: str, body: dict[str, Any]) -> dict[str, Any]:
    response = api("POST", path, json=body)
    assert response.status_code == 201, response.text
    created: dict[str, Any] = response.json()
    return created


def read_error(response: requests.Response) -> tuple[int, str]:
    return response.status_code, response.json()["message"]


@pytest.mark.parametrize("body", ORIGIN_BODIES.values(), ids=ORIGIN_BODIES)
def test_an_origin_of_each_type_comes_back_without_its_secrets(api: Api, body: dict[str, Any]) -> None:
    created = create(api, ORIGINS, body)
    assert created.keys().isdisjoint(SECRETS)
    assert created["includeCanonicalHeader"] is False
    assert {name: value for name, value in body.items() if name not in SECRETS}.items() <= created.items()
    assert api("GET", f"{ORIGINS}/{created['id']}").json() == created
    assert api("GET", ORIGINS).json() == [created]


def test_all_types_of_origins_are_tested() -> None:
    assert ORIGIN_BODIES.keys() == TYPES.keys()


def test_an_origin_is_returned_as_documented(api: Api) -> None:
    created = create(api, ORIGINS, S3)
    assert created == {
        "id": created["id"],
        "type": "S3",
        "name": "Product bucket",
        "bucket": "acme",
        "prefix": "",
        "includeCanonicalHeader": False,
    }


def test_updating_an_origin_replaces_all_of_it(api: Api) -> None:
    path = f"{ORIGINS}/{create(api, ORIGINS, {**S3, 'prefix': 'p'})['id']}"
    folder = ORIGIN_BODIES["WEB_FOLDER"]
    replaced = api("PUT", path, json={**folder, "baseUrlForCanonicalHeader": "https://a.example"})
    assert replaced.status_code == 200
    assert replaced.json() == {
        "id": path.rpartition("/")[2],
        **folder,
        "forwardHostHeaderToOrigin": False,
        "includeCanonicalHeader": False,
        "baseUrlForCanonicalHeader": "https://a.example",
    }
    without_secret = {name: value for name, value in S3.items() if name != "secretKey"}
    assert read_error(api("PUT", path, json=without_secret)) == (400, "secretKey is required and must be a string")
    assert api("GET", path).json() == replaced.json()


def test_an_origin_with_a_role_may_have_empty_keys(api: Api) -> None:
    body = {**S3, "accessKey": "", "secretKey": ""}
    assert read_error(api("POST", ORIGINS, json=body)) == (400, "accessKey is required and must be a string")
    assert create(api, ORIGINS, {**body, "useIAMRole": True})["useIAMRole"] is True


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"type": "FTP"}, "Invalid origin type. Must be one of S3, S3_COMPATIBLE, CLOUDINARY_BACKUP, WEB_FOLDER, "),
        ({"type": ["S3"]}, "Invalid origin type."),
        ({"name": None}, "name is required and must be a string"),
        ({"name": ""}, "name is required and must be a string"),
        ({"bucket": 5}, "bucket is required and must be a string"),
        ({"name": "a/b"}, "name must consist of letters, digits and blanks (got 'a/b')"),
        ({"name": "x" * 101}, "name must have at most 100 characters (got 101)"),
        ({"prefix": "x" * 101}, "prefix must have at most 100 characters (got 101)"),
        ({"prefix": 1}, "prefix must be a string"),
        ({"includeCanonicalHeader": "true"}, "includeCanonicalHeader must be a boolean"),
        ({"baseUrlForCanonicalHeader": "example.com"}, "baseUrlForCanonicalHeader must be a valid URL"),
        ({"region": "eu"}, "region is not allowed; the members are type, name, bucket, accessKey"),
    ],
)
def test_an_invalid_origin_is_refused(api: Api, change: dict[str, Any], message: str) -> None:
    response = api("POST", ORIGINS, json={**S3, **change})
    assert response.status_code == 400
    assert response.json()["message"].startswith(message)
    assert api("GET", ORIGINS).json() == []


def test_an_origin_in_use_by_a_url_endpoint_cannot_be_deleted(api: Api) -> None:
    origin_id = create(api, ORIGINS, S3)["id"]
    endpoint = create(api, ENDPOINTS, {"description": "Shop", "urlPrefix": "shop", "origins": [origin_id]})
    assert endpoint["origins"] == [origin_id]
    assert read_error(api("DELETE", f"{ORIGINS}/{origin_id}")) == (409, "Origin is in use by a URL-endpoint.")
    assert api("DELETE", f"{ENDPOINTS}/{endpoint['id']}").status_code == 204
    deleted = api("DELETE", f"{ORIGINS}/{origin_id}")
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert read_error(api("GET", f"{ORIGINS}/{origin_id}")) == (404, "Origin not found.")


@pytest.mark.parametrize(
    ("path", "message"),
    [(ORIGINS, "Origin not found."), (ENDPOINTS, "URL-endpoint not found."), (WEBHOOKS, "Webhook not found.")],
)
def test_an_unknown_id_is_not_found_even_if_the_body_is_invalid(api: Api, path: str, message: str) -> None:
    update = "PATCH" if path == WEBHOOKS else "PUT"
    for method in ("GET", update, "DELETE"):
        assert read_error(api(method, f"{path}/nothing", json={})) == (404, message)


def test_the_default_url_endpoint_always_exists(api: Api) -> None:
    (default,) = api("GET", ENDPOINTS).json()
    assert (default["id"], default["urlPrefix"], default["origins"]) == ("default", "", [])
    assert read_error(api("DELETE", f"{ENDPOINTS}/default")) == (400, "Default URL-endpoint cannot be deleted.")
    body = {"description": "All", "urlRewriter": {"type": "CLOUDINARY"}}
    changed = api("PUT", f"{ENDPOINTS}/default", json=body).json()
    assert changed == {
        "id": "default",
        "description": "All",
        "urlPrefix": "",
        "origins": [],
        "urlRewriter": {"type": "CLOUDINARY", "preserveAssetDeliveryTypes": False},
    }
    assert api("GET", ENDPOINTS).json() == [changed] == [api("GET", f"{ENDPOINTS}/default").json()]
    assert read_error(api("PUT", f"{ENDPOINTS}/default", json={"description": "A", "urlPrefix": "a"})) == (
        400,
        "urlPrefix of the default URL-endpoint must stay an empty string.",
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"description": None}, "description is required"),
        ({"description": 5}, "description must be a string"),
        ({"description": "x" * 1001}, "description must have at most 1000 characters (got 1001)"),
        ({"urlPrefix": 5}, "urlPrefix must be a string"),
        ({"urlPrefix": "a/b"}, "urlPrefix must consist of letters, digits and hyphens (got 'a/b')"),
        (
            {"urlPrefix": ""},
            "urlPrefix cannot be empty string. This is reserved for the default URL-endpoint created by ImageKit.",
        ),
        ({"origins": ["x"]}, "Origin does not exists. Please create origin before using it in URL-endpoint."),
        ({"origins": "x"}, "origins must be an array of strings"),
        ({"origins": ["x"] * 11}, "origins must have at most 10 items (got 11)"),
        (
            {"urlRewriter": {"type": "X"}},
            "urlRewriter must be an object whose type is one of CLOUDINARY, IMGIX, AKAMAI",
        ),
        ({"urlRewriter": {"type": "IMGIX", "a": 1}}, "a is not allowed; the members are type"),
        ({"extra": 1}, "extra is not allowed; the members are description, urlPrefix, origins, urlRewriter"),
    ],
)
def test_an_invalid_url_endpoint_is_refused(api: Api, change: dict[str, Any], message: str) -> None:
    response = api("POST", ENDPOINTS, json={"description": "Shop", "urlPrefix": "shop", **change})
    assert read_error(response) == (400, message)


def test_url_prefixes_are_unique(api: Api) -> None:
    body = {"description": "Shop", "urlPrefix": "shop"}
    endpoint = create(api, ENDPOINTS, body)
    assert read_error(api("POST", ENDPOINTS, json=body)) == (
        400,
        "urlPrefix must be unique; another URL-endpoint has 'shop'.",
    )
    assert api("PUT", f"{ENDPOINTS}/{endpoint['id']}", json=body).status_code == 200


def test_every_url_endpoint_delivers_the_library(api: Api) -> None:
    api.upload("a.txt", b"library")
    endpoint = api.server.url_endpoint
    assert api("GET", f"{endpoint}/shop/a.txt", auth=None).status_code == 404
    created = create(api, ENDPOINTS, {"description": "Shop", "urlPrefix": "shop"})
    assert api("GET", f"{endpoint}/shop/a.txt", auth=None).content == b"library"
    assert api("GET", f"{endpoint}/a.txt", auth=None).content == b"library"
    moved = {"description": "Shop", "urlPrefix": "store-2"}
    api("PUT", f"{ENDPOINTS}/{created['id']}", json=moved)
    assert api("GET", f"{endpoint}/shop/a.txt", auth=None).status_code == 404
    assert api("GET", f"{endpoint}/store-2/a.txt", auth=None).content == b"library"


def test_urls_under_every_endpoint_count_as_own_urls(api: Api, jpeg: bytes) -> None:
    api.upload("a.jpg", jpeg)
    create(api, ENDPOINTS, {"description": "Shop", "urlPrefix": "shop"})
    url = f"{api.server.url_endpoint}/shop/a.jpg"
    assert api("GET", "/v1/metadata", params={"url": url}).json()["width"] == 64
    assert api.upload("b.jpg", url)["size"] == len(jpeg)
    assert api("POST", "/v1/files/purge", json={"url": url}).status_code == 201


def test_signatures_are_relative_to_the_url_endpoint(api: Api) -> None:
    api.upload("a.txt", b"secret", isPrivateFile="true")
    create(api, ENDPOINTS, {"description": "Shop", "urlPrefix": "shop"})
    client = api.server.client(url_endpoint=f"{api.server.url_endpoint}/shop")
    url = client.url({"path": "/a.txt", "signed": True, "expire_seconds": 60})
    assert api("GET", url, auth=None).content == b"secret"
    assert api("GET", url.replace("/shop/", "/"), auth=None).content == b"secret"
    assert api("GET", url.replace("ik-s=", "ik-s=0"), auth=None).status_code == 401


def test_every_response_shows_the_secret_of_a_webhook(api: Api) -> None:
    api.server.clock.freeze(1_700_000_000)
    body = {"endpoint": "https://shop.example/hooks", "events": ["file.created", "file.deleted", "file.created"]}
    created = create(api, WEBHOOKS, {**body, "secret": "whsec_mine"})
    kind, _, key = created["secret"].partition("_")
    assert (kind, len(base64.b64decode(key))) == ("whsec", 24)
    assert created == {
        "id": created["id"],
        "endpoint": "https://shop.example/hooks",
        "events": ["file.created", "file.deleted"],
        "enabled": True,
        "secret": created["secret"],
        "createdAt": "2023-11-14T22:13:20.000Z",
        "updatedAt": "2023-11-14T22:13:20.000Z",
    }
    assert api("GET", f"{WEBHOOKS}/{created['id']}").json() == created
    assert api("GET", WEBHOOKS).json() == [created]


def test_updating_a_webhook_leaves_the_other_members_unchanged(api: Api) -> None:
    api.server.clock.freeze(1_700_000_000)
    created = create(api, WEBHOOKS, {"endpoint": "http://127.0.0.1:9/a", "events": ["file.created"], "enabled": False})
    api.server.clock.advance(1)
    path = f"{WEBHOOKS}/{created['id']}"
    changed = api("PATCH", path, json={"events": ["file.deleted"], "secret": "x"})
    assert changed.json() == {**created, "events": ["file.deleted"], "updatedAt": "2023-11-14T22:13:21.000Z"}
    assert api("PATCH", path, json={"endpoint": "http://127.0.0.1:9/a", "enabled": True}).json()["enabled"] is True
    assert api("DELETE", path).status_code == 204
    assert api("GET", WEBHOOKS).json() == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"endpoint": None}, "endpoint is required and must be a valid URL"),
        ({"endpoint": "ftp://a.example"}, "endpoint is required and must be a valid URL"),
        ({"endpoint": "https://"}, "endpoint is required and must be a valid URL"),
        ({"endpoint": "https://a b.example"}, "endpoint is required and must be a valid URL"),
        ({"endpoint": "https://a.example:99999"}, "endpoint is required and must be a valid URL"),
        ({"endpoint": "https://[a"}, "endpoint is required and must be a valid URL"),
        ({"events": []}, "events is required and must be a non-empty array"),
        ({"events": "file.created"}, "events is required and must be a non-empty array"),
        ({"events": [None]}, "events is required and must be a non-empty array"),
        ({"enabled": 1}, "enabled must be a boolean"),
    ],
)
def test_an_invalid_webhook_is_refused(api: Api, change: dict[str, Any], message: str) -> None:
    body = {"endpoint": "https://shop.example/hooks", "events": ["file.created"]}
    assert read_error(api("POST", WEBHOOKS, json={**body, **change})) == (400, message)
    path = f"{WEBHOOKS}/{create(api, WEBHOOKS, body)['id']}"
    assert read_error(api("PATCH", path, json=change)) == (400, message)


def test_an_unknown_event_is_named(api: Api) -> None:
    body = {"endpoint": "https://shop.example/hooks", "events": ["file.created", "file.eaten"]}
    status, message = read_error(api("POST", WEBHOOKS, json=body))
    assert status == 400
    assert message.startswith("events must be one of video.transformation.accepted, ")
    assert message.endswith("(got 'file.eaten')")


def test_there_are_at_most_three_webhooks_with_different_endpoints(api: Api) -> None:
    body: dict[str, Any] = {"endpoint": "https://a.example/0", "events": ["file.created"]}
    create(api, WEBHOOKS, body)
    assert read_error(api("POST", WEBHOOKS, json=body)) == (400, "A webhook with this endpoint already exists.")
    other = create(api, WEBHOOKS, {**body, "endpoint": "https://a.example/1"})
    taken = api("PATCH", f"{WEBHOOKS}/{other['id']}", json={"endpoint": "https://a.example/0"})
    assert read_error(taken) == (400, "A webhook with this endpoint already exists.")
    create(api, WEBHOOKS, {**body, "endpoint": "https://a.example/2"})
    fourth = api("POST", WEBHOOKS, json={**body, "endpoint": "https://a.example/3"})
    assert read_error(fourth) == (400, "A maximum of 3 webhooks can be created.")


def test_only_enabled_webhooks_subscribe_to_events(store: Store) -> None:
    from imagekitio.local.api.presets.webhooks import WEBHOOKS as HANDLERS
    from imagekitio.local.web.calls import Call

    def create(name: str, **body: Any) -> dict[str, Any]:
        body = {"endpoint": f"https://a.example/{name}", "events": ["file.created"], **body}
        created: dict[str, Any] = HANDLERS.create(store, Call(body=body)).body
        return created

    create("a", enabled=False)
    wanting = [create("b"), create("c", events=["file.deleted", "folder.deleted"])]
    with store.read() as connection:
        assert list_enabled_webhooks(connection) == [
            Webhook(body["id"], body["endpoint"], body["secret"], frozenset(body["events"])) for body in wanting
        ]


@pytest.mark.parametrize("access", ["none", "read", "read-write"])
def test_a_restricted_key_cannot_access_accounts_or_presets(access: Any) -> None:
    paths = (ORIGINS, ENDPOINTS, WEBHOOKS, "/v1/saved-extensions", "/v1/named-transformations", "/v1/accounts/usage")
    with LocalImageKit(keys=[KeyPair("public_r", "private_r", access)]) as server:
        import requests

        for path in paths:
            answer = requests.get(server.url + path, auth=("private_r", ""), timeout=10)
            assert read_error(answer) == (403, "Your account cannot be authenticated.")
