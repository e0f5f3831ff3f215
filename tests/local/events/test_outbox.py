"""Webhook events: when they are raised, and how they are signed, sent and retried."""

from __future__ import annotations

import base64
import hashlib
import hmac
import threading
import time
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
import requests

from imagekitio.local import LocalImageKit
from imagekitio.local.background import webhook_headers
from imagekitio.local.events.subscriptions import EVENT_TYPES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.local.conftest import Api, Receiver

OF_ASSETS = [type_ for type_ in EVENT_TYPES if type_.startswith(("file", "folder"))]
BODY = (
    b'{"type":"file.deleted","id":"evt_01","created_at":"2025-01-02T03:04:05.678Z",'
    b'"data":{"fileId":"6650a1b2c3d4e5f607182930"}}'
)


def register(api: Api, endpoint: str, events: list[str] = OF_ASSETS) -> dict[str, Any]:
    response = api("POST", "/v1/accounts/webhooks", json={"endpoint": endpoint, "events": events})
    assert response.status_code == 201, response.text
    answer: dict[str, Any] = response.json()
    return answer


def collect_events(api: Api, change: Callable[[], object]) -> list[tuple[str, Any]]:
    """Return the types and data of the events that `change` raises."""
    before = len(api.server.webhooks)
    change()
    return [(delivery.type, delivery.body["data"]) for delivery in api.server.webhooks[before:]]


def list_types(events: list[tuple[str, Any]]) -> list[str]:
    return [type_ for type_, _ in events]


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def was_tried(server: LocalImageKit, times: int) -> bool:
    return server.webhooks[0].attempts == times


@pytest.fixture
def hooked_api(api: Api, receiver: Receiver) -> Api:
    register(api, receiver.url)
    return api


def test_both_signatures_match_the_documentation() -> None:
    headers = webhook_headers("whsec_Zm9vYmFyYmF6cXV4MTIz", "msg_01", BODY, now=1735787045.678)
    signature = "4cd54054368885de20cf8d53fd70c780878b05c2e8b4e79209e3e8f313753025"
    assert headers == {
        "x-ik-signature": f"t=1735787045678,v1={signature}",
        "webhook-id": "msg_01",
        "webhook-timestamp": "1735787045",
        "webhook-signature": "v1,doVtDOENfFvsHMhbOdPlWkyB0tlK/tTX33m3u7HU5cU=",
    }


def test_a_receiver_gets_a_signed_event(api: Api, receiver: Receiver) -> None:
    secret = register(api, receiver.url + "/hooks?a=1")["secret"].encode()
    answer = api.upload("a.txt")
    api.server.flush_webhooks()
    (received,) = receiver.received
    event, headers = received.json, received.headers
    assert (received.path, headers["content-type"]) == ("/hooks?a=1", "application/json")
    assert event["type"] == "file.created"
    assert event["data"] == api.details(answer["fileId"])
    assert event.keys() == {"type", "id", "created_at", "data"}
    assert headers["webhook-id"] == event["id"]
    milliseconds, older = (part.partition("=")[2] for part in headers["x-ik-signature"].split(","))
    assert older == hmac.new(secret, f"{milliseconds}.".encode() + received.body, hashlib.sha256).hexdigest()
    signed = f"{event['id']}.{headers['webhook-timestamp']}.".encode() + received.body
    expected = base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert abs(int(headers["webhook-timestamp"]) - time.time()) < 60


def test_events_without_a_subscriber_are_not_queued(api: Api, receiver: Receiver) -> None:
    register(api, receiver.url, ["file.deleted"])
    webhook = register(api, receiver.url + "/off", ["file.created"])
    api("PATCH", f"/v1/accounts/webhooks/{webhook['id']}", json={"enabled": False})
    answer = api.upload("a.txt")
    assert api.server.webhooks == []
    assert collect_events(api, lambda: api("DELETE", f"/v1/files/{answer['fileId']}")) == [
        ("file.deleted", {"fileId": answer["fileId"]})
    ]


def test_an_overwrite_raises_events_for_the_archived_version_and_the_file(hooked_api: Api) -> None:
    first = hooked_api.upload("a.txt", b"1")
    events = collect_events(hooked_api, lambda: hooked_api.upload("a.txt", b"2"))
    assert list_types(events) == ["file-version.created", "file.updated"]
    archived, current = events[0][1], events[1][1]
    assert (archived["type"], archived["versionInfo"]) == ("file-version", first["versionInfo"])
    assert current == hooked_api.details(first["fileId"])
    restored = collect_events(
        hooked_api,
        lambda: hooked_api("PUT", f"/v1/files/{first['fileId']}/versions/{first['versionInfo']['id']}/restore"),
    )
    assert list_types(restored) == ["file-version.created", "file.updated"]
    version = restored[0][1]["versionInfo"]["id"]
    assert version == current["versionInfo"]["id"]
    gone = collect_events(hooked_api, lambda: hooked_api("DELETE", f"/v1/files/{first['fileId']}/versions/{version}"))
    assert gone == [("file-version.deleted", {"fileId": first["fileId"], "versionId": version})]


def test_deleting_a_file_with_versions_is_one_event(hooked_api: Api) -> None:
    file_id = hooked_api.upload("a.txt", b"1")["fileId"]
    hooked_api.upload("a.txt", b"2")
    assert collect_events(hooked_api, lambda: hooked_api("DELETE", f"/v1/files/{file_id}")) == [
        ("file.deleted", {"fileId": file_id})
    ]


def test_every_change_to_a_file_raises_an_update_event(hooked_api: Api) -> None:
    file_id = hooked_api.upload("a.txt")["fileId"]
    calls: list[tuple[str, str, dict[str, Any]]] = [
        ("PATCH", f"/v1/files/{file_id}/details", {"tags": ["x"]}),
        ("PATCH", f"/v1/files/{file_id}/details", {"publish": {"isPublished": False}}),
        ("POST", "/v1/files/addTags", {"fileIds": [file_id], "tags": ["y"]}),
        ("PUT", "/v1/files/rename", {"filePath": "/a.txt", "newFileName": "b.txt"}),
    ]
    for method, path, body in calls:
        events = collect_events(hooked_api, partial(hooked_api, method, path, json=body))
        assert events == [("file.updated", hooked_api.details(file_id))]
    assert collect_events(hooked_api, lambda: hooked_api("PATCH", f"/v1/files/{file_id}/details", json={})) == []


def test_a_refused_call_raises_no_event(hooked_api: Api) -> None:
    file_id = hooked_api.upload("a.txt")["fileId"]
    body = {"fileIds": [file_id, "0" * 24], "tags": ["x"]}
    assert collect_events(hooked_api, lambda: hooked_api("POST", "/v1/files/addTags", json=body)) == []


def test_moving_and_copying_files_raises_their_events(hooked_api: Api) -> None:
    file_id = hooked_api.upload("a.txt")["fileId"]
    moved = collect_events(
        hooked_api,
        lambda: hooked_api("POST", "/v1/files/move", json={"sourceFilePath": "/a.txt", "destinationPath": "/x"}),
    )
    assert list_types(moved) == ["folder.created", "file.updated"]
    assert moved[0][1]["folderPath"] == "/x"
    assert (moved[1][1]["fileId"], moved[1][1]["filePath"]) == (file_id, "/x/a.txt")
    body = {"sourceFilePath": "/x/a.txt", "destinationPath": "/y"}
    copied = collect_events(hooked_api, lambda: hooked_api("POST", "/v1/files/copy", json=body))
    assert list_types(copied) == ["folder.created", "file.created"]
    onto = collect_events(
        hooked_api,
        lambda: hooked_api("POST", "/v1/files/move", json={"sourceFilePath": "/x/a.txt", "destinationPath": "/y"}),
    )
    assert sorted(list_types(onto)) == ["file-version.created", "file.deleted", "file.updated"]


def test_operations_on_a_folder_raise_an_event_for_every_folder_in_it(hooked_api: Api) -> None:
    hooked_api.upload("f.txt", folder="/a/b")
    rename = {"folderPath": "/a", "newFolderName": "c"}
    renamed = collect_events(hooked_api, lambda: hooked_api("POST", "/v1/bulkJobs/renameFolder", json=rename))
    assert list_types(renamed) == ["folder.updated", "folder.updated", "file.updated"]
    assert sorted(data.get("folderPath", "") for _, data in renamed) == ["", "/c", "/c/b"]
    ids = {data["folderPath"]: data["folderId"] for type_, data in renamed if type_ == "folder.updated"}
    move = {"sourceFolderPath": "/c", "destinationPath": "/d"}
    moved = collect_events(hooked_api, lambda: hooked_api("POST", "/v1/bulkJobs/moveFolder", json=move))
    gone = {data["folderId"] for type_, data in moved if type_ == "folder.deleted"}
    come = {data["folderPath"]: data["folderId"] for type_, data in moved if type_ == "folder.created"}
    assert gone == set(ids.values())
    assert come == {"/d": come["/d"], "/d/c": ids["/c"], "/d/c/b": ids["/c/b"]}
    deleted = collect_events(hooked_api, lambda: hooked_api("DELETE", "/v1/folder", json={"folderPath": "/d"}))
    assert sorted(list_types(deleted)) == ["file.deleted", *["folder.deleted"] * 3]


def test_creating_a_folder_raises_events_for_its_new_parents_too(hooked_api: Api) -> None:
    events = collect_events(hooked_api, lambda: hooked_api.create_folder("/a/b"))
    assert [(type_, data["folderPath"]) for type_, data in events] == [
        ("folder.created", path) for path in ("/a", "/a/b")
    ]


def test_a_failed_webhook_is_retried_at_the_documented_times(api: Api, receiver: Receiver) -> None:
    register(api, receiver.url)
    server = api.server
    receiver.statuses = [500] * 7
    server.clock.freeze(1_700_000_000)
    api.upload("a.txt")
    waits = (5, 300, 1_800, 7_200, 18_000, 36_000)
    for number, wait in enumerate(waits, 1):
        wait_until(partial(was_tried, server, number))
        (delivery,) = server.webhooks
        assert (delivery.status, delivery.outcome) == ("pending", "500")
        assert delivery.next_try_at == server.clock.time() + wait
        server.clock.advance(wait - 0.5)
        time.sleep(0.02)
        assert server.webhooks[0].attempts == number
        server.clock.advance(0.5)
    wait_until(partial(was_tried, server, 7))
    assert (server.webhooks[0].status, server.webhooks[0].next_try_at) == ("failed", None)
    assert len({received.headers["webhook-id"] for received in receiver.received}) == 1
    assert len(receiver.received) == 7


def test_a_flush_sends_waiting_webhooks_and_any_2xx_status_is_a_success(api: Api, receiver: Receiver) -> None:
    register(api, receiver.url)
    receiver.statuses = [503, 302, 202]
    api.upload("a.txt")
    wait_until(lambda: api.server.webhooks[0].attempts == 1)
    (delivery,) = api.server.flush_webhooks()
    assert (delivery.status, delivery.attempts, delivery.outcome) == ("pending", 2, "302")
    response = api("POST", "/_local/webhooks/flush")
    (shown,) = response.json()
    assert shown["status"] == "delivered"
    assert (shown["attempts"], shown["outcome"], shown["nextTryAt"]) == (3, "202", None)
    assert shown["body"]["type"] == shown["type"] == "file.created"
    assert api("GET", "/_local/webhooks").json() == [shown]
    api.server.reset()
    assert api.server.webhooks == []


def test_a_refused_connection_counts_as_a_failed_attempt(api: Api) -> None:
    import socket

    with socket.socket() as taken:  # bound, but not listening
        taken.bind(("127.0.0.1", 0))
        register(api, f"http://127.0.0.1:{taken.getsockname()[1]}/")
        api.upload("a.txt")
        (delivery,) = api.server.flush_webhooks()
    assert delivery.status == "pending"
    assert "refused" in str(delivery.outcome)


def test_webhooks_are_never_sent_to_link_local_addresses(api: Api) -> None:
    register(api, "http://169.254.169.254/latest/meta-data")
    api.upload("a.txt")
    (delivery,) = api.server.flush_webhooks()
    assert "are not allowed" in str(delivery.outcome)


def test_a_slow_receiver_does_not_delay_others(api: Api, receiver: Receiver) -> None:
    register(api, receiver.url, ["file.created"])
    other = type(receiver)()
    try:
        register(api, other.url, ["file.created"])
        receiver.may_answer.clear()
        for number in range(3):
            api.upload(f"{number}.txt")
        wait_until(lambda: (len(other.received), len(receiver.received)) == (3, 1))
        receiver.may_answer.set()
        api.server.flush_webhooks()
        assert [received.json["data"]["name"] for received in receiver.received] == ["0.txt", "1.txt", "2.txt"]
    finally:
        other.stop()


def test_stopping_interrupts_a_delivery_and_the_next_start_retries_it(receiver: Receiver, tmp_path: Path) -> None:
    before = set(threading.enumerate())
    receiver.may_answer.clear()
    with LocalImageKit(data=tmp_path) as server:
        auth = (server.private_key, "")
        body = {"endpoint": receiver.url, "events": ["file.created"]}
        requests.post(server.url + "/v1/accounts/webhooks", json=body, auth=auth, timeout=30)
        files = {"file": ("a", b"x")}
        requests.post(server.url + "/api/v1/files/upload", data={"fileName": "a"}, files=files, auth=auth, timeout=30)
        wait_until(lambda: len(receiver.received) == 1)
        started = time.monotonic()
    assert time.monotonic() - started < 10
    receiver.may_answer.set()
    wait_until(lambda: not {thread for thread in set(threading.enumerate()) - before if "local" in thread.name})
    with LocalImageKit(data=tmp_path) as server:
        (delivery,) = server.flush_webhooks()
    assert (delivery.status, delivery.attempts) == ("delivered", 1)
    assert receiver.received[0].headers["webhook-id"] == receiver.received[1].headers["webhook-id"]


def test_delayed_jobs_raise_events_without_another_request(api: Api, receiver: Receiver) -> None:
    with LocalImageKit(job_delay=60.0) as server:
        slow = type(api)(server)
        with slow.session:
            register(slow, receiver.url, ["folder.updated"])
            slow.create_folder("/a")
            slow("POST", "/v1/bulkJobs/renameFolder", json={"folderPath": "/a", "newFolderName": "b"})
            assert server.webhooks == []
            server.clock.advance(60)
            wait_until(lambda: len(receiver.received) == 1)
    assert receiver.received[0].json["data"]["folderPath"] == "/b"
