"""Rules for every call: permissions, the order of checks, and the headers of the rate limit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from imagekitio.local.imgsrc.app import HANDLERS, UPLOAD, USAGE
from imagekitio.local.imgsrc.operations import NAMES, OPERATIONS
from imagekitio.local.imgsrc.settings import ApiKey
from tests.local.imgsrc.conftest import NOW, make_picture, run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.local.imgsrc.conftest import Api

READER, WRITER, EXPIRED = "imgsrc_reader", "imgsrc_writer", "imgsrc_expired"
VALUES = {"id": "0011223344556677", "username": "other", "filepath:path": "x/%00", "name": "missing"}
CALLS = [(operation, operation.path.format_map({})) for operation in OPERATIONS if "{" not in operation.path] + [
    (operation, "/".join(VALUES[part[1:-1]] if part[:1] == "{" else part for part in operation.path.split("/")))
    for operation in OPERATIONS
    if "{" in operation.path
]
WRONG: dict[str, Any] = {"params": {"limit": "x"}, "json": {"visibility": "private", "name": "?", "default_quality": 0}}


@pytest.fixture(scope="module")
def free_api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """An account on the ``free`` plan that also has restricted keys."""
    keys = (
        ApiKey("imgsrc_all"),
        ApiKey(READER, ("read",)),
        ApiKey(WRITER, ("write",)),
        ApiKey(EXPIRED, is_expired=True),
    )
    with run(tmp_path_factory.mktemp("free"), plan="free", api_keys=keys, requests_per_minute=None) as api:
        yield api


def test_every_operation_has_one_handler_and_one_name() -> None:
    assert {*HANDLERS, UPLOAD, USAGE} == {operation.name for operation in OPERATIONS}
    assert len(OPERATIONS) == 16
    assert {operation.name for operation in OPERATIONS} | {"health", "delivery"} == NAMES


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Basic aW1nc3JjX2FsbA==",
        "imgsrc_all",
        "Bearer imgsrc_al",
        f"Bearer {EXPIRED}",
        "Bearer \xe9",
    ],
)
def test_a_key_is_required(free_api: Api, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}
    response = free_api("GET", "/api/v1/images", key=None, headers=headers)
    assert response.status_code == 401
    error = response.json()["error"]
    assert error["code"] == "UNAUTHORIZED"
    assert error["message"].startswith("Invalid or missing API key")
    assert "imgsrc_" not in response.text


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER "])
def test_the_scheme_may_be_in_any_case(free_api: Api, scheme: str) -> None:
    assert (
        free_api("GET", "/api/v1/images", key=None, headers={"Authorization": f"{scheme} imgsrc_all"}).status_code
        == 200
    )


@pytest.mark.parametrize(("operation", "path"), CALLS, ids=lambda value: getattr(value, "name", ""))
def test_the_key_is_checked_first(free_api: Api, operation: Any, path: str) -> None:
    assert free_api(operation.method, path, key=None, **WRONG).status_code == 401


@pytest.mark.parametrize(("operation", "path"), CALLS, ids=lambda value: getattr(value, "name", ""))
def test_a_key_needs_the_scope_of_the_operation(free_api: Api, operation: Any, path: str) -> None:
    other = WRITER if operation.scope == "read" else READER
    message = free_api.error(operation.method, path, 403, key=other, **WRONG)
    assert ("need the Pro plan" if operation.needs_pro else f"the scope '{operation.scope}'") in message


@pytest.mark.parametrize(("operation", "path"), CALLS, ids=lambda value: getattr(value, "name", ""))
def test_the_plan_and_the_owner_are_checked_before_the_values(free_api: Api, operation: Any, path: str) -> None:
    is_forbidden = operation.needs_pro or operation.name in ("images.update_visibility", "images.delete_image_path")
    status = free_api(operation.method, path, **WRONG).status_code
    if operation.name in ("images.get_image", "images.delete_image"):
        assert status == 404
    elif operation.name in (USAGE, "settings.get_settings"):
        assert status == 200
    else:
        assert status == (403 if is_forbidden else 400)


def test_the_free_plan_has_no_private_uploads(free_api: Api) -> None:
    message = free_api.upload(visibility="private", status=403)["error"]["message"]
    assert message == "Private images need the Pro plan"
    assert free_api.upload(visibility="public")["visibility"] == "public"


def test_fixed_paths_take_precedence_over_ids(api: Api) -> None:
    assert "q must be" in api.error("GET", "/api/v1/images/search", 400)
    api.error("GET", "/api/v1/images/path", 404)


@pytest.mark.parametrize(
    "path", ["/", "/api", "/api/v1", "/api/v1/nothing", "/api/v1/images/a/b/c", "/api/v1/images//signed-url"]
)
def test_an_unknown_path_is_not_found(api: Api, path: str) -> None:
    answer = api.json("GET", path, 404)
    assert answer["error"]["code"] == "NOT_FOUND"
    assert answer["error"]["path"] == path.rstrip("/") or path == "/"


def test_an_unsupported_method_is_not_allowed(api: Api) -> None:
    response = api("PUT", "/api/v1/images")
    assert (response.status_code, response.json()["error"]["code"]) == (405, "METHOD_NOT_ALLOWED")
    assert response.headers["Allow"] == "GET, HEAD, POST"


@pytest.mark.parametrize(
    "body",
    [b"{", b"[]", b"null", b'"x"', b"\xff", b'{"a": NaN}', b'{"a": -1e999}', b'{"a": "\\ud800"}', b"[" * 100_000],
)
def test_a_body_must_be_a_json_object(api: Api, body: bytes) -> None:
    assert "invalid JSON" in api.error("PUT", "/api/v1/settings", 400, data=body)


def test_a_json_body_has_at_most_a_megabyte(api: Api) -> None:
    response = api("PUT", "/api/v1/settings", data=b'{"theme": "' + b"x" * (1 << 20) + b'"}')
    assert (response.status_code, response.json()["error"]["code"]) == (413, "PAYLOAD_TOO_LARGE")


def test_responses_are_json_without_cors_headers(api: Api) -> None:
    for response in (api("GET", "/api/v1/images"), api("GET", "/api/v1/images", key=None)):
        assert response.headers["Content-Type"].startswith("application/json")
        assert "Access-Control-Allow-Origin" not in response.headers


def test_health_needs_no_key(api: Api) -> None:
    assert api.json("GET", "/health", key=None) == {"status": "ok", "timestamp": "2025-01-27T17:46:40Z"}


def read_limit(response: Any) -> tuple[str, str, str]:
    limit, remaining, reset = (response.headers[f"X-RateLimit-{name}"] for name in ("Limit", "Remaining", "Reset"))
    return limit, remaining, reset


def test_every_response_of_the_api_has_the_headers_of_the_rate_limit(api: Api) -> None:
    reset = str(NOW + 60)
    assert read_limit(api("GET", "/api/v1/images")) == ("500", "499", reset)
    assert read_limit(api("GET", "/api/v1/images?limit=x")) == ("500", "498", reset)
    assert read_limit(api("POST", "/api/v1/images")) == ("500", "497", reset)
    assert read_limit(api("GET", "/api/v1/images/x")) == ("500", "496", reset)
    for method, path, key in (
        ("GET", "/api/v1/images", None),
        ("GET", "/api/v1/x", "own"),
        ("PUT", "/api/v1/usage", "own"),
    ):
        assert read_limit(api(method, path, key=key)) == ("500", "500", reset)
    assert "X-RateLimit-Limit" not in api("GET", "/health").headers


def test_too_many_requests_with_a_key_are_refused_until_the_minute_is_over(tmp_path: Path) -> None:
    keys = ApiKey("imgsrc_a"), ApiKey("imgsrc_b")
    with run(tmp_path, requests_per_minute=2, api_keys=keys) as api:
        assert api("GET", "/api/v1/images").status_code == 200
        api.settings.clock.advance(15)
        assert read_limit(api("GET", "/api/v1/usage")) == ("2", "0", str(NOW + 60))
        response = api("POST", "/api/v1/images", files={"file": ("a.png", make_picture())})
        assert (response.status_code, response.json()["error"]["code"]) == (429, "RATE_LIMITED")
        assert read_limit(response) == ("2", "0", str(NOW + 60))
        assert response.headers["Retry-After"] == "45"
        assert api("GET", "/api/v1/images", key="imgsrc_b").status_code == 200
        api.settings.clock.advance(45)
        assert read_limit(api("GET", "/api/v1/images")) == ("2", "1", str(NOW + 120))


def test_an_injected_429_describes_the_limit_of_the_account(api: Api) -> None:
    api.settings.clock.freeze(NOW + 0.25)
    api.server.faults.add(status=429, times=3)
    for limits, described in (([(7, 60)], ("7", "0", str(NOW + 1))), ([(2, 5)], ("2", "0", str(NOW + 1)))):
        api.server.rate_limits.set(*limits)
        response = api("GET", "/api/v1/images")
        assert (response.status_code, read_limit(response)) == (429, described)
        assert response.headers["Retry-After"] == "1"
    api.server.rate_limits.set()
    response = api("GET", "/api/v1/images")
    assert (response.status_code, response.headers["Retry-After"]) == (429, "1")
    assert "X-RateLimit-Limit" not in response.headers


def test_monthly_requests_can_be_limited(tmp_path: Path) -> None:
    with run(tmp_path, max_api_requests_per_month=2) as api:
        for _ in range(2):
            assert api("GET", "/api/v1/images").status_code == 200
        response = api("GET", "/api/v1/usage")
        assert "2 API requests a month" in response.json()["error"]["message"]
        assert read_limit(response) == ("2", "0", "1738368000")
        assert "Retry-After" not in response.headers
        api.settings.clock.freeze(1738368000)
        assert api("GET", "/api/v1/images").status_code == 200


def test_requests_and_faults_use_the_names_of_operations(api: Api) -> None:
    api.server.faults.add(status=503, operation="images.get_image")
    api.server.faults.add(status=429, operation="delivery")
    response = api("GET", "/api/v1/images/0011223344556677")
    assert (response.status_code, response.json()["error"]["code"]) == (503, "SERVICE_UNAVAILABLE")
    response = api("GET", "/i/local/a.png?w=3&sig=abc")
    assert (response.status_code, response.json()["error"]["code"]) == (429, "RATE_LIMITED")
    assert (*read_limit(response), response.headers["Retry-After"]) == ("500", "0", str(NOW + 1), "1")
    for name in ("retry-after", "X-RateLimit-Reset"):
        api.server.faults.add(status=429, headers={name: "1738368000"})
        response = api("GET", "/api/v1/usage")
        assert response.headers[name] == "1738368000"
        assert ("Retry-After" in response.headers) is (name == "retry-after")
    api("GET", "/health")
    api("GET", "/api/v1/nothing")
    seen = [(request.operation, request.query) for request in api.server.requests]
    assert seen == [
        ("images.get_image", ""),
        ("delivery", "w=3&sig=***"),
        *[("usage.get_usage", "")] * 2,
        ("health", ""),
        (None, ""),
    ]
    with pytest.raises(ValueError, match=r"did you mean 'images\.get_image'"):
        api.server.faults.add(status=503, operation="images.get_imgae")


def test_an_internal_failure_is_reported_as_one(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("imagekitio.local.imgsrc.library.list_images", None)
    response = api("GET", "/api/v1/images")
    assert (response.status_code, response.json()["error"]["code"]) == (500, "INTERNAL_ERROR")
    assert read_limit(response)[0] == "500"
