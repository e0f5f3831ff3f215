"""Usage and analytics: how deliveries are counted and reported."""

from __future__ import annotations

from sqlite3 import OperationalError
from typing import TYPE_CHECKING, Any

import pytest

from imagekitio.local import LocalImageKit
from imagekitio.local.api.usage import COUNTS, GROUPS
from imagekitio.local.delivery.target import split_prefix
from imagekitio.local.delivery.traffic import Traffic
from imagekitio.local.web.exchange import Observed
from imagekitio.local.web.site import DELIVERY
from tests.local.disks import fill_database

if TYPE_CHECKING:
    from pathlib import Path

    from imagekitio.local.library.store import Store
    from tests.local.conftest import Api

USAGE, ANALYTICS = "/v1/accounts/usage", "/v1/accounts/usage-analytics"
NOON = 1_709_640_000  # 2024-03-05T12:00:00Z


@pytest.fixture
def day(api: Api) -> Api:
    api.server.clock.freeze(NOON)
    return api


def read_usage(api: Api, start: str = "2024-03-05", end: str = "2024-03-06") -> dict[str, int]:
    figures: dict[str, int] = api("GET", USAGE, params={"startDate": start, "endDate": end}).json()
    return figures


def read_analytics(api: Api, start: str = "2024-03-05", end: str = "2024-03-06") -> dict[str, Any]:
    response = api("GET", ANALYTICS, params={"startDate": start, "endDate": end})
    assert response.status_code == 200, response.text
    figures: dict[str, Any] = response.json()
    return figures


def test_an_empty_account_has_no_usage(day: Api) -> None:
    assert read_usage(day) == {
        "bandwidthBytes": 0,
        "mediaLibraryStorageBytes": 0,
        "videoProcessingUnitsCount": 0,
        "extensionUnitsCount": 0,
        "originalCacheStorageBytes": 0,
    }
    empty = read_analytics(day)
    assert (empty["startDate"], empty["endDate"]) == ("2024-03-05", "2024-03-06")
    assert empty["generatedAt"] == "2024-03-05T12:00:00.000Z"
    assert (empty["bandwidthBytes"], empty["requestCount"]) == (0, 0)
    assert empty["cache"] == {"hitCount": 0, "missCount": 0, "errorCount": 0}
    for group in GROUPS:
        assert empty[group] == {"byBandwidth": [], "byRequests": []}
    for group in (*COUNTS, "extensions", "videoProcessing"):
        assert empty[group] == []


def test_all_versions_count_towards_storage(day: Api) -> None:
    day.upload("a.txt", b"12345")
    day.upload("a.txt", b"123")
    assert read_usage(day)["mediaLibraryStorageBytes"] == 8


def test_delivered_bodies_count_as_bandwidth(day: Api) -> None:
    day.upload("a.txt", b"12345")
    url = f"{day.server.url_endpoint}/a.txt"
    etag = day("GET", url).headers["etag"]
    assert day("GET", url, headers={"Range": "bytes=0-1"}).content == b"12"
    assert day("GET", url, headers={"If-None-Match": etag}).status_code == 304
    day("HEAD", url)
    day("OPTIONS", url)
    assert read_usage(day)["bandwidthBytes"] == 7
    figures = read_analytics(day)
    assert (figures["requestCount"], figures["bandwidthBytes"]) == (4, 7)
    assert figures["cache"] == {"hitCount": 3, "missCount": 1, "errorCount": 0}
    by_status = {entry["name"]: entry["requestCount"] for entry in figures["statusCodes"]}
    assert by_status == {"200": 2, "206": 1, "304": 1}


def test_the_end_date_is_excluded_from_usage_and_included_in_analytics(day: Api) -> None:
    day.upload("a.txt", b"12345")
    url = f"{day.server.url_endpoint}/a.txt"
    day("GET", url)
    day.server.clock.advance(86_400)
    day("GET", url)
    assert read_usage(day, "2024-03-04", "2024-03-05")["bandwidthBytes"] == 0
    assert read_usage(day, "2024-03-05", "2024-03-06")["bandwidthBytes"] == 5
    assert read_usage(day, "2024-03-05", "2024-03-07")["bandwidthBytes"] == 10
    assert read_analytics(day, "2024-03-04", "2024-03-05")["bandwidthBytes"] == 5
    assert read_analytics(day, "2024-03-05", "2024-03-06")["bandwidthBytes"] == 10
    assert read_analytics(day, "2024-03-07", "2024-03-08")["requestCount"] == 0


def test_pictures_steps_and_formats_are_ranked(day: Api, jpeg: bytes) -> None:
    day.upload("a.jpg", jpeg)
    day.upload("b.jpg", jpeg)
    day.upload("n.txt", b"12")
    endpoint = day.server.url_endpoint
    headers = {"User-Agent": "curl/8.5", "Referer": "https://shop.example/"}
    sizes = [
        len(day("GET", f"{endpoint}/{path}", headers=headers).content)
        for path in ("tr:w-20,f-png/a.jpg", "a.jpg?tr=w-20,f-png", "b.jpg", "n.txt")
    ]
    figures = read_analytics(day)
    assert figures["topImages"]["byRequests"] == [
        {"name": "/a.jpg", "bandwidthBytes": sizes[0] + sizes[1], "requestCount": 2},
        {"name": "/b.jpg", "bandwidthBytes": sizes[2], "requestCount": 1},
    ]
    heaviest = max(figures["topImages"]["byRequests"], key=lambda entry: entry["bandwidthBytes"])
    assert figures["topImages"]["byBandwidth"][0] == heaviest
    assert [entry["name"] for entry in figures["topImageTransforms"]["byRequests"]] == ["tr:w-20,f-png"]
    assert figures["topOtherAssets"]["byRequests"] == [{"name": "/n.txt", "bandwidthBytes": 2, "requestCount": 1}]
    assert {entry["name"] for entry in figures["format"]["byRequests"]} == {"image/png", "image/jpeg", "text/plain"}
    assert figures["topUserAgents"]["byRequests"][0]["name"] == "curl/8.5"
    assert figures["topReferrers"]["byRequests"][0]["requestCount"] == 4
    assert figures["urlEndpoints"]["byRequests"][0]["name"] == "Default"
    assert figures["cache"] == {"hitCount": 1, "missCount": 3, "errorCount": 0}


def test_errors_and_missing_files_are_counted(day: Api) -> None:
    endpoint = day.server.url_endpoint
    day("GET", f"{endpoint}/gone.jpg?ik-s=abc")
    day("GET", f"{endpoint}/gone.jpg")
    day("GET", f"{endpoint}/%ff.jpg")
    figures = read_analytics(day)
    assert figures["top404Assets"] == [{"name": "/gone.jpg", "requestCount": 1}]
    reasons = {entry["name"]: entry["requestCount"] for entry in figures["errorReasons"]}
    assert reasons == {"EAUTH": 1, "ENOENT": 1, "EINVAL": 1}
    assert figures["cache"]["errorCount"] == 3


def test_requests_count_for_their_url_endpoint(day: Api) -> None:
    body = {"description": "Shop images", "urlPrefix": "shop"}
    assert day("POST", "/v1/accounts/url-endpoints", json=body).status_code == 201
    day.upload("a.txt", b"12345")
    assert day("GET", f"{day.server.url_endpoint}/shop/a.txt").status_code == 200
    figures = read_analytics(day)
    entry = {"bandwidthBytes": 5, "requestCount": 1}
    assert figures["urlEndpoints"]["byRequests"] == [{"name": "Shop images", **entry}]
    assert figures["topOtherAssets"]["byRequests"] == [{"name": "/a.txt", **entry}]


@pytest.mark.parametrize("path", [USAGE, ANALYTICS])
@pytest.mark.parametrize(
    ("start", "end", "message"),
    [
        (None, "2024-03-05", "startDate and endDate are required in query parameters."),
        ("2024-03-05", "", "startDate and endDate are required in query parameters."),
        ("2024-3-5", "2024-03-06", "startDate and endDate should be in format YYYY-MM-DD."),
        ("2024-02-30", "2024-03-06", "startDate and endDate should be in format YYYY-MM-DD."),
        ("2024-03-05", "2024-03-06T00:00:00Z", "startDate and endDate should be in format YYYY-MM-DD."),
        ("2024-03-05", "2024-03-05", "startDate should be before endDate."),
        ("2024-03-06", "2024-03-05", "startDate should be before endDate."),
        ("2024-01-01", "2024-03-31", "startDate and endDate should be within 90 days."),
    ],
)
def test_invalid_dates_are_refused(api: Api, path: str, start: str | None, end: str, message: str) -> None:
    response = api("GET", path, params={"startDate": start, "endDate": end})
    assert (response.status_code, response.json()["message"]) == (400, message)


def test_a_range_of_89_days_is_allowed(api: Api) -> None:
    assert read_usage(api, "2024-01-01", "2024-03-30")["bandwidthBytes"] == 0


def test_figures_survive_a_restart_but_not_a_reset(api: Api, tmp_path: Path) -> None:
    caller = type(api)
    with LocalImageKit(data=tmp_path) as server, (own := caller(server)).session:
        server.clock.freeze(NOON)
        own.upload("a.txt", b"12345")
        own("GET", f"{server.url_endpoint}/a.txt")
    with LocalImageKit(data=tmp_path) as server, (own := caller(server)).session:
        assert read_usage(own)["bandwidthBytes"] == 5
        server.reset()
        assert read_usage(own)["bandwidthBytes"] == 0


def make_request(number: int, *, status: int = 200, etag: str = "") -> Observed:
    """Return a request for a file that got a response of 10 bytes."""
    scope = {
        "method": "GET",
        "path": f"/local/{number}.jpg",
        "raw_path": f"/local/{number}.jpg".encode(),
        "query_string": b"",
    }
    headers = {"content-type": "image/jpeg", "etag": etag}
    return Observed(scope, {}, "", DELIVERY, status, headers, 10, "", NOON, NOON, 1.0)


def read_cache_counts(store: Store, traffic: Traffic) -> dict[str, int]:
    traffic.flush()
    with store.read() as connection:
        rows = connection.execute("SELECT name, sum(requests) FROM traffic WHERE category = 'cache' GROUP BY name")
        return dict(map(tuple, rows))


def test_many_different_requests_are_written_before_figures_are_read(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("imagekitio.local.delivery.traffic.MAX_PENDING", 3)
    traffic = Traffic(store)
    states = []
    for number in range(3):
        traffic.note(make_request(number))
        states.append((traffic.is_full, store.woken.is_set()))  # this wakes the thread that writes them
    traffic.flush()
    assert [*states, (traffic.is_full, True)] == [(False, False), (False, False), (True, True), (False, True)]
    with store.read() as connection:
        row = connection.execute("SELECT sum(requests), sum(bytes) FROM traffic WHERE category = 'total'").fetchone()
    assert tuple(row) == (3, 30)


def test_counts_that_cannot_be_written_are_kept_for_the_next_time(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    traffic = Traffic(store)
    traffic.note(make_request(0))
    with monkeypatch.context() as full:
        full.setattr(store, "write", fill_database)
        with pytest.raises(OperationalError, match="disk is full"):
            traffic.flush()
    traffic.note(make_request(1))
    assert sum(read_cache_counts(store, traffic).values()) == 2


def test_the_simulated_cache_is_bounded(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("imagekitio.local.delivery.traffic.MAX_CACHED", 5)
    traffic = Traffic(store)
    for _ in range(2):
        traffic.note(make_request(0, etag='"first"'))
    assert read_cache_counts(store, traffic) == {"miss": 1, "hit": 1}
    for number in range(5):
        traffic.note(make_request(number, etag=str(number)))
    traffic.note(make_request(0, etag='"first"'))
    assert read_cache_counts(store, traffic) == {"miss": 7, "hit": 1}
    traffic.note(make_request(0, etag='"first"', status=404))
    assert read_cache_counts(store, traffic) == {"miss": 7, "hit": 1, "error": 1}


def test_a_prefix_is_one_whole_segment() -> None:
    prefixes = {"shop", "shop-2"}
    assert split_prefix("shop/a.jpg", prefixes) == ("shop", "a.jpg")
    assert split_prefix("shop-2/tr:w-1/a.jpg", prefixes) == ("shop-2", "tr:w-1/a.jpg")
    for target in ("shop", "shop-3/a.jpg", "shopa/a.jpg", "a/shop/b.jpg", "sh%6Fp/a.jpg", "shop?a/b"):
        assert split_prefix(target, prefixes) == ("", target)
