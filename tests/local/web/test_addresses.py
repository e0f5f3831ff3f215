"""The address that a request was sent to, and its effect on URLs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import requests

from imagekitio.local import LocalImageKit
from imagekitio.local.web.addresses import request_url

from ..conftest import Api, Receiver

if TYPE_CHECKING:
    from collections.abc import Iterator

CONTAINER = "image_kit:8080"


@pytest.mark.parametrize(
    ("host", "url"),
    [
        (b"localhost:8080", "http://localhost:8080"),
        (b"Images.Example.test", "http://images.example.test"),
        (b"image_kit:80", "http://image_kit:80"),
        (b"[::1]:8080", "http://[::1]:8080"),
        (b"upload.imagekit.io", None),
        (b"API.imagekit.io:443", None),
        (b"", None),
        (b"a b", None),
        (b"evil.test/path", None),
        (b"user@evil.test", None),
        (b'"><script>', None),
        (b"a:b", None),
        (b"x" * 300, None),
        ("bücher.test".encode(), None),
    ],
)
def test_an_invalid_host_is_ignored(host: bytes, url: str | None) -> None:
    assert request_url({"type": "http", "scheme": "http", "headers": [(b"host", host)]}) == url


def test_a_request_without_a_host_has_no_address() -> None:
    assert request_url({"type": "http", "scheme": "http", "headers": []}) is None


def find_urls(value: object) -> list[str]:
    """Return all URLs anywhere in a JSON value."""
    if isinstance(value, dict):
        return [url for each in value.values() for url in find_urls(each)]
    if isinstance(value, list):
        return [url for each in value for url in find_urls(each)]
    return [value] if isinstance(value, str) and value.startswith("http") else []


def collect_urls(api: Api, jpeg: bytes, **headers: str) -> list[str]:
    """Return the URLs in all responses about a picture with an older version, to requests with these headers."""
    api.session.headers.update(headers)
    api.upload("a.jpg", jpeg)
    uploaded = api.upload("a.jpg", jpeg)
    file_id, version_id = uploaded["fileId"], uploaded["versionInfo"]["id"]
    older = next(each for each in api("GET", f"/v1/files/{file_id}/versions").json() if each["type"] == "file-version")
    answers = [
        uploaded,
        api.assets(),
        api.details(file_id),
        api("GET", f"/v1/files/{file_id}/versions").json(),
        api("GET", f"/v1/files/{file_id}/versions/{version_id}").json(),
        api("PATCH", f"/v1/files/{file_id}/details", json={"tags": ["t"]}).json(),
        api("PUT", f"/v1/files/{file_id}/versions/{older['versionInfo']['id']}/restore").json(),
        api("GET", "/openapi.json").json()["servers"],
        api("GET", "/_local/health").json(),
    ]
    assert all(map(find_urls, answers))
    return find_urls(answers)


def test_urls_in_all_responses_start_with_the_requested_address(own_api: Api, jpeg: bytes) -> None:
    urls = collect_urls(own_api, jpeg, Host=CONTAINER)
    assert {url.partition("/local")[0] for url in urls} == {f"http://{CONTAINER}"}


def test_urls_in_all_responses_start_with_the_public_url_if_there_is_one(jpeg: bytes) -> None:
    with LocalImageKit(public_url="https://images.example.test/ik/") as server:
        urls = collect_urls(Api(server), jpeg, Host=CONTAINER)
        assert {url.partition("/local")[0] for url in urls} == {"https://images.example.test/ik"}
        assert server.url_endpoint == "https://images.example.test/ik/local"
        assert server.environment["IMAGEKIT_API_BASE_URL"] == "https://images.example.test/ik"
        with server.client() as client:  # it connects on this machine
            assert [file.name for file in client.list_files()] == ["a.jpg"]


def test_the_url_endpoint_in_responses_can_be_set_separately(jpeg: bytes) -> None:
    with LocalImageKit(url_endpoint="https://ik.example.test/demo") as server, server.client() as client:
        picture = client.upload_file(file=jpeg, file_name="a.jpg")
        assert (picture.url or "").startswith("https://ik.example.test/demo/a_")
        signed = client.url(src=picture.url, signed=True)
        rest = signed.removeprefix("https://ik.example.test/demo")
        assert requests.get(f"{server.url}/local{rest}", timeout=30).content == jpeg
        assert server.environment["IMAGEKIT_URL_ENDPOINT"] == "https://ik.example.test/demo"
        assert server.environment["IMAGEKIT_API_BASE_URL"] == server.url


@pytest.fixture
def own_api(api: Api) -> Iterator[Api]:
    """A client of the shared server with its own session, whose headers a test may change."""
    session = Api(api.server)
    with session.session:
        yield session


@pytest.mark.parametrize("known", ["asked", "address", "localhost", "public_url"])
def test_every_address_of_the_server_works_in_purges_metadata_and_uploads(known: str, jpeg: bytes) -> None:
    with LocalImageKit(public_url="https://images.example.test") as server:
        api = Api(server)
        port = server.url.rpartition(":")[2]
        base = {
            "asked": f"http://{CONTAINER}",
            "address": server.url,
            "localhost": f"http://localhost:{port}",
            "public_url": "https://images.example.test",
        }[known]
        api.session.headers["Host"] = CONTAINER
        api.upload("a.jpg", jpeg)
        url = f"{base}/local/a.jpg"
        assert api("POST", "/v1/files/purge", json={"url": url}).status_code == 201
        assert api("GET", "/v1/metadata", params={"url": url + "?tr=w-7"}).json()["width"] == 7
        assert api.upload("b.jpg", url)["size"] == len(jpeg)
        elsewhere = url.replace("/local/", "/other/")
        assert api("POST", "/v1/files/purge", json={"url": elsewhere}).status_code == 400


def test_a_signature_is_valid_under_every_address(own_api: Api, jpeg: bytes) -> None:
    own_api.upload("a.jpg", jpeg, isPrivateFile="true")
    with own_api.server.client(url_endpoint=f"http://{CONTAINER}/local") as client:
        url = client.url(path="/a.jpg", signed=True)
    here = url.replace(f"http://{CONTAINER}", own_api.server.url)
    assert own_api("GET", here, headers={"Host": CONTAINER}, auth=None).content == jpeg
    assert own_api("GET", here, headers={"Host": "other.test"}, auth=None).content == jpeg
    assert own_api("GET", here[:-1] + "x", auth=None).status_code == 401


@pytest.mark.parametrize("public_url", [None, "https://images.example.test"])
def test_webhooks_contain_the_public_url_or_the_address_of_the_server(
    receiver: Receiver, jpeg: bytes, public_url: str | None
) -> None:
    with LocalImageKit(public_url=public_url) as server:
        api = Api(server)
        webhook = {"name": "all", "endpoint": receiver.url, "events": ["file.created"], "enabled": True}
        created = api("POST", "/v1/accounts/webhooks", json=webhook)
        assert created.status_code == 201, created.text
        api.session.headers["Host"] = CONTAINER
        assert api.upload("a.jpg", jpeg)["url"].startswith(public_url or f"http://{CONTAINER}")
        server.flush_webhooks()
        (received,) = receiver.received
        assert received.json["data"]["url"].startswith(f"{public_url or server.url}/local/a.jpg")


FORWARDED = {"X-Forwarded-Host": "images.example.test, inner.test", "X-Forwarded-Proto": "https, http"}


def test_forwarded_headers_are_used_only_if_they_are_trusted(jpeg: bytes) -> None:
    with LocalImageKit(trust_forwarded=True) as trusting, LocalImageKit() as careful:
        for server, base in ((trusting, "https://images.example.test"), (careful, f"http://{CONTAINER}")):
            urls = collect_urls(Api(server), jpeg, Host=CONTAINER, **FORWARDED)
            assert {url.partition("/local")[0] for url in urls} == {base}


@pytest.mark.parametrize(
    ("forwarded", "base"),
    [
        ({"X-Forwarded-Proto": "HTTPS"}, f"https://{CONTAINER}"),
        ({"X-Forwarded-Host": "a.test:81"}, "http://a.test:81"),
        ({"X-Forwarded-Host": "a b", "X-Forwarded-Proto": "javascript"}, f"http://{CONTAINER}"),
        ({"X-Forwarded-Host": "", "X-Forwarded-Proto": ""}, f"http://{CONTAINER}"),
    ],
)
def test_an_invalid_forwarded_header_is_ignored(forwarded: dict[str, str], base: str) -> None:
    with LocalImageKit(trust_forwarded=True) as server:
        headers = {"Host": CONTAINER, **forwarded}
        health = Api(server)("GET", "/_local/health", headers=headers).json()
        assert health["urlEndpoint"] == f"{base}/local"


def test_the_page_is_served_to_a_proxy_under_another_host_name(jpeg: bytes) -> None:
    with LocalImageKit(public_url="https://images.example.test", url_endpoint="https://cdn.example.test") as server:
        api = Api(server)
        html = api("GET", "/", headers={"Host": "images.example.test"}).text
        token, endpoint, delivery = (
            html.partition(f'name="local-{name}" content="')[2].partition('"')[0]
            for name in ("token", "endpoint", "delivery")
        )
        assert (endpoint, delivery) == ("https://cdn.example.test", "/local")
        headers = {"X-Local-Page": token, "Origin": "https://images.example.test", "Sec-Fetch-Site": "same-origin"}
        link = api("POST", "/_local/page/link", headers=headers, data=json.dumps({"path": "/a.jpg"}), auth=None)
        assert link.json()["url"] == "https://cdn.example.test/a.jpg"
        headers["Origin"] = "https://evil.example"
        assert api("GET", "/_local/page/requests", headers=headers).status_code == 403


def test_links_on_the_page_start_with_the_address_of_the_page(own_api: Api) -> None:
    port = own_api.server.url.rpartition(":")[2]
    host: dict[str, Any] = {"Host": f"localhost:{port}"}
    html = own_api("GET", "/", headers=host).text
    token = html.partition('name="local-token" content="')[2].partition('"')[0]
    headers = {**host, "X-Local-Page": token}
    link = own_api("POST", "/_local/page/link", headers=headers, data=json.dumps({"path": "/a.jpg"}))
    assert link.json()["url"] == f"http://localhost:{port}/local/a.jpg"


def test_requests_through_a_proxy_on_this_machine_cannot_read_its_files(own_api: Api) -> None:
    for name in ("X-Forwarded-For", "Forwarded"):
        headers = {name: "203.0.113.9", "Authorization": f"Bearer {own_api.server.control_token}"}
        response = own_api("POST", "/_local/seed", json={"folder": "/"}, headers=headers, auth=lambda request: request)
        assert response.status_code == 403
