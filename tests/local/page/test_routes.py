"""The page over HTTP: its files, headers and access rules."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from imagekitio.local.page.routes import PREFIX, STATIC, content_security_policy
from imagekitio.local.page.session import TOKEN_HEADER

if TYPE_CHECKING:
    import requests

    from tests.local.conftest import Api


@pytest.fixture
def html(api: Api) -> str:
    response = api("GET", "/", auth=None)
    assert response.status_code == 200
    return response.text


@pytest.fixture
def token(html: str) -> dict[str, str]:
    found = re.search(r'name="local-token" content="([\w-]{40,})"', html)
    assert found
    return {TOKEN_HEADER: found[1]}


def test_the_page_forbids_everything_but_its_own_files(api: Api) -> None:
    response = api("GET", "/", auth=None)
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    policy = response.headers["content-security-policy"]
    (nonce,) = set(re.findall(r"nonce-([\w-]{20,})'", policy))
    assert policy == content_security_policy(nonce)
    assert "default-src 'none'" in policy
    assert "'unsafe" not in policy
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["x-frame-options"] == "DENY"
    assert response.headers["cross-origin-opener-policy"] == "same-origin"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "access-control-allow-origin" not in response.headers
    assert nonce in response.text
    assert nonce not in api("GET", "/", auth=None).text


def test_the_page_contains_no_private_key_and_no_external_urls(html: str, api: Api) -> None:
    assert api.server.private_key not in html
    for file in STATIC.iterdir():
        text = file.read_text(encoding="utf-8").replace("http://www.w3.org/", "")
        assert not re.search(r"https?://|(inner|outer|insertAdjacent)HTML|document\.write|eval\(", text), file.name


def test_every_file_of_the_page_is_served_and_small(html: str, api: Api) -> None:
    names = {file.name for file in STATIC.iterdir()} - {"index.html"}
    assert set(re.findall(rf'{PREFIX}/static/([\w.]+)"', html)) == names
    for name in names:
        response = api("GET", f"{PREFIX}/static/{name}", auth=None)
        assert response.status_code == 200
        assert response.content == (STATIC / name).read_bytes()
        assert response.headers["content-type"].partition(";")[0] in ("text/css", "text/javascript", "image/svg+xml")
        assert response.headers["cross-origin-resource-policy"] == "same-origin"
    assert sum(file.stat().st_size for file in STATIC.iterdir()) <= 100 * 1024


@pytest.mark.parametrize("name", ["index.html", "nothing.js", "..%2froutes.py", "%2e%2e/session.py", "__init__.py"])
def test_nothing_else_is_served_as_a_file(api: Api, name: str) -> None:
    assert api("GET", f"{PREFIX}/static/{name}", auth=None).status_code == 404


def test_the_page_is_not_served_under_an_unknown_host_name(api: Api) -> None:
    response = api("GET", "/", headers={"Host": "evil.example"}, auth=None)
    assert response.status_code == 403
    assert "local-token" not in response.text
    assert "127.0.0.1 or localhost" in response.json()["message"]


ENDPOINTS = [
    ("POST", "/link"),
    ("GET", "/requests"),
    ("GET", "/connection"),
    ("GET", "/api/v1/files"),
    ("DELETE", "/api/v1/folder"),
    ("POST", "/api/api/v1/files/upload"),
]


@pytest.mark.parametrize(("method", "path"), ENDPOINTS)
def test_every_request_of_the_page_needs_its_token(api: Api, token: dict[str, str], method: str, path: str) -> None:
    def request_status(**headers: str) -> int:
        return api(method, PREFIX + path, headers=headers, auth=None).status_code

    assert request_status() == 401
    assert request_status(**{TOKEN_HEADER: "guess"}) == 401
    assert request_status(**token) not in (401, 403)
    assert request_status(**token, Origin="https://evil.example") == 403
    assert request_status(**token, Host="evil.example") == 403
    assert request_status(**token, **{"Sec-Fetch-Site": "same-site"}) == 403


@pytest.mark.parametrize(("method", "path"), ENDPOINTS)
def test_a_preflight_of_another_site_gets_no_permission(api: Api, method: str, path: str) -> None:
    headers = {
        "Origin": "https://evil.example",
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": TOKEN_HEADER,
    }
    response = api("OPTIONS", PREFIX + path, headers=headers, auth=None)
    assert response.status_code in (401, 403, 405)
    assert not [name for name in response.headers if name.lower().startswith("access-control-")]


def test_the_page_can_upload_list_and_delete_without_the_key(api: Api, token: dict[str, str], png: bytes) -> None:
    def ask(method: str, path: str, **options: Any) -> requests.Response:
        return api(method, f"{PREFIX}/api{path}", headers=token, auth=None, **options)

    files: dict[str, Any] = {"file": ("a.png", png), "fileName": (None, "a.png"), "folder": (None, "/f")}
    uploaded = ask("POST", "/api/v1/files/upload", files=files).json()
    listed = ask("GET", "/v1/files", params={"searchQuery": 'path = "/f"'}).json()
    assert [file["fileId"] for file in listed] == [uploaded["fileId"]]
    assert ask("DELETE", f"/v1/files/{uploaded['fileId']}").status_code == 204
    mistake = ask("GET", "/v1/files", params={"searchQuery": "size >"})
    assert mistake.status_code == 400
    assert re.search(r"\(at character \d+\)$", mistake.json()["errors"]["searchQuery"])


@pytest.mark.parametrize("path", ["/_local/reset", "/local/a.jpg", "/", "/_local/page/requests", "//v1/files"])
def test_the_gateway_leads_only_to_the_api(api: Api, token: dict[str, str], path: str) -> None:
    assert api("POST", f"{PREFIX}/api{path}", headers=token, auth=None).status_code == 404


def test_a_link_leads_to_the_picture(api: Api, token: dict[str, str], png: bytes) -> None:
    api.upload("a.png", png, folder="/f", isPrivateFile="true")
    body = {"path": "/f/a.png", "steps": "w-5", "signed": True, "expireSeconds": 60, "position": "query"}
    made = api("POST", f"{PREFIX}/link", headers=token, auth=None, json=body).json()
    assert made["python"].startswith("imagekit.url(")
    assert api("GET", made["url"], auth=None).status_code == 200
    assert api("GET", made["url"].partition("?")[0], auth=None).status_code == 401


def test_the_connection_code_contains_the_requested_address(api: Api, token: dict[str, str]) -> None:
    port = api.server.url.rpartition(":")[2]
    headers = {**token, "Host": f"localhost:{port}"}
    lines = api("GET", f"{PREFIX}/connection", headers=headers, auth=None).json()
    assert f"export IMAGEKIT_API_BASE_URL=http://localhost:{port}\n" in lines["shell"]
    assert f"export IMAGEKIT_PRIVATE_KEY={api.server.private_key}\n" in lines["shell"]
    assert f"$env:IMAGEKIT_UPLOAD_BASE_URL = 'http://localhost:{port}'" in lines["powershell"]
    assert f'api_base_url="http://localhost:{port}",' in lines["python"]


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b"{}",
        b'{"path": 5}',
        b'{"path": "/a", "steps": 5}',
        b'{"path": "/a", "signed": "yes"}',
        b'{"path": "/a", "signed": true, "expireSeconds": 0}',
        b'{"path": "/a", "signed": true, "expireSeconds": 1.5}',
        b'{"path": "/a", "signed": true, "expireSeconds": true}',
        b'{"path": "/a", "steps": "w-1", "position": "below"}',
    ],
)
def test_an_invalid_link_is_refused(api: Api, token: dict[str, str], body: bytes) -> None:
    response = api("POST", f"{PREFIX}/link", headers=token, auth=None, data=body)
    assert response.status_code == 400
    assert response.json()["message"]


def test_the_latest_requests_are_shown_with_their_errors(api: Api, token: dict[str, str]) -> None:
    def list_entries(after: object) -> list[dict[str, Any]]:
        answer: list[dict[str, Any]] = api(
            "GET", f"{PREFIX}/requests", params={"after": after}, headers=token, auth=None
        ).json()
        return answer

    last = list_entries("nonsense")[-1]["number"]
    api("GET", "/v1/files", params={"limit": 0})
    api("GET", f"{api.server.url_endpoint}/none.jpg", auth=None)
    refused, missing = list_entries(last)
    assert (refused["path"], refused["query"], refused["status"]) == ("/v1/files", "limit=0", 400)
    assert refused["error"].startswith("Minimum value of limit")
    assert (missing["path"], missing["status"]) == ("/local/none.jpg", 404)
    assert "there is no file at /none.jpg" in missing["error"]
    assert missing["milliseconds"] > 0
    assert list_entries(missing["number"]) == []


HTML = b"<html><script>parent.x = 1</script></html>"
ACTIVE = {
    "a.html": HTML,
    "a.svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>parent.x = 1</script></svg>',
    "a.xml": b'<x xmlns="http://www.w3.org/1999/xhtml"><script>parent.x = 1</script></x>',
    "a.png": b'<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>',
}


@pytest.mark.parametrize("name", ACTIVE)
def test_uploaded_files_cannot_run_scripts_in_the_origin_of_the_page(api: Api, name: str) -> None:
    uploaded = api.upload(name, ACTIVE[name])
    for query in ("", "?tr=orig-true", "?tr=w-10", "?ik-attachment=false"):
        response = api("GET", uploaded["url"] + query, auth=None)
        if response.status_code == 200:
            is_picture = re.match("image/(png|jpeg|webp)", response.headers["content-type"])
            assert is_picture or response.headers["content-security-policy"] == "sandbox"
            assert response.headers["x-content-type-options"] == "nosniff"
