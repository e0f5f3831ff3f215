"""Every kind of event from local ImageKit, received over HTTP, verified and typed by both clients."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from imagekitio import WebhookVerificationError
from imagekitio.local.events.subscriptions import EVENT_TYPES
from imagekitio.webhooks import (
    FileCreatedEvent,
    FileDeletedEvent,
    FileUpdatedEvent,
    FileVersionCreatedEvent,
    FileVersionDeletedEvent,
    FolderCreatedEvent,
    FolderDeletedEvent,
    FolderUpdatedEvent,
    UploadPostTransformErrorEvent,
    UploadPostTransformSuccessEvent,
    UploadPreTransformErrorEvent,
    UploadPreTransformSuccessEvent,
)

from ...both_clients import BOTH, client_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from imagekitio import ImageKit
    from imagekitio.webhooks import WebhookEvent
    from tests.local.conftest import Api, Receiver


class Hook:
    """An application that receives all events of a client and verifies them."""

    def __init__(self, api: Api, receiver: Receiver, client: ImageKit) -> None:
        self.api, self.receiver, self.client = api, receiver, client
        answer = api("POST", "/v1/accounts/webhooks", json={"endpoint": receiver.url, "events": EVENT_TYPES})
        self.secret: str = answer.json()["secret"]

    def collect_events(self, change: Callable[[], object]) -> list[Any]:
        before = len(self.receiver.received)
        change()
        self.api.server.flush_webhooks()
        return [self.verify(one.body, one.headers) for one in self.receiver.received[before:]]

    def verify(self, body: bytes, headers: dict[str, str]) -> WebhookEvent:
        return self.client.verify_webhook(body, headers, secret=["whsec_old", self.secret])


@pytest.fixture(params=BOTH)
def hook(api: Api, receiver: Receiver, request: pytest.FixtureRequest) -> Iterator[Hook]:
    with client_of(api.server, request.param) as client:
        yield Hook(api, receiver, client)


def test_events_in_the_life_of_a_file_verify(hook: Hook) -> None:
    client = hook.client

    def upload(content: bytes) -> Any:
        return client.upload_file(content, "a.txt", use_unique_file_name=False)

    (created,) = hook.collect_events(lambda: upload(b"1"))
    assert isinstance(created, FileCreatedEvent)
    first = client.get_file_by_path("/a.txt")
    assert created.data.file_id == first.file_id
    assert created.data.to_dict() == first.to_dict()
    archived, updated = hook.collect_events(lambda: upload(b"2"))
    assert isinstance(archived, FileVersionCreatedEvent)
    assert isinstance(updated, FileUpdatedEvent)
    assert archived.data.version_info == first.version_info
    assert updated.data.version_info != first.version_info
    (gone,) = hook.collect_events(lambda: client.delete_file_version(first.file_id, first.version_info.id))
    assert isinstance(gone, FileVersionDeletedEvent)
    assert (gone.data.file_id, gone.data.version_id) == (first.file_id, first.version_info.id)
    (deleted,) = hook.collect_events(lambda: client.delete_file(first.file_id))
    assert isinstance(deleted, FileDeletedEvent)
    assert deleted.data.file_id == first.file_id
    assert deleted.created
    assert len({event.id for event in (created, archived, updated, gone, deleted)}) == 5


def test_events_in_the_life_of_a_folder_verify(hook: Hook) -> None:
    client = hook.client
    (created,) = hook.collect_events(lambda: client.create_folder(folder_name="a", parent_folder_path="/"))
    assert isinstance(created, FolderCreatedEvent)
    assert (created.data.folder_path, created.data.name) == ("/a", "a")
    rename = {"folderPath": "/a", "newFolderName": "b"}
    (updated,) = hook.collect_events(lambda: hook.api("POST", "/v1/bulkJobs/renameFolder", json=rename))
    assert isinstance(updated, FolderUpdatedEvent)
    assert (updated.data.folder_path, updated.data.folder_id) == ("/b", created.data.folder_id)
    (deleted,) = hook.collect_events(lambda: client.delete_folder(folder_path="/b"))
    assert isinstance(deleted, FolderDeletedEvent)
    assert deleted.data.folder_id == created.data.folder_id


def test_events_of_the_transformations_of_an_upload_verify(hook: Hook, jpeg: bytes) -> None:
    client = hook.client
    transformation = {"pre": "w-32", "post": [{"type": "transformation", "value": "w-1"}]}
    before, _, after = hook.collect_events(lambda: client.upload_file(jpeg, "a.jpg", transformation=transformation))
    assert isinstance(before, UploadPreTransformSuccessEvent)
    assert isinstance(after, UploadPostTransformSuccessEvent)
    assert (before.data.width, before.request.transformation) == (32, "w-32")
    assert (after.data.file_id, after.request.transformation.value) == (before.data.file_id, "w-1")
    assert after.data.url.endswith("?tr=w-1")
    assert before.request.x_request_id == after.request.x_request_id

    def fail() -> None:
        hook.api.try_upload("b.jpg", jpeg, transformation=json.dumps({"pre": "w-wide"}))

    (refused,) = hook.collect_events(fail)
    assert isinstance(refused, UploadPreTransformErrorEvent)
    assert (refused.data.path, refused.data.transformation.error.reason) == ("/b.jpg", "encoding_failed")
    transformation = {"post": [{"type": "transformation", "value": "w-wide"}]}
    _, failed = hook.collect_events(lambda: client.upload_file(jpeg, "c.jpg", transformation=transformation))
    assert isinstance(failed, UploadPostTransformErrorEvent)
    assert failed.data.transformation.error.reason == "encoding_failed"


def test_a_retried_webhook_keeps_its_id(hook: Hook) -> None:
    hook.receiver.statuses = [500]
    hook.client.upload_file(b"a", "a.txt")
    done: set[str] = set()
    while len(hook.receiver.received) < 2:
        hook.api.server.flush_webhooks()
    for one in hook.receiver.received:
        done.add(hook.verify(one.body, one.headers).id)
    assert len(done) == 1


def test_either_signature_alone_is_enough_but_must_be_made_with_the_right_secret(hook: Hook) -> None:
    hook.collect_events(lambda: hook.client.upload_file(b"a", "a.txt"))
    (one,) = hook.receiver.received
    for name in ("x-ik-signature", "webhook-signature"):
        alone = {other: value for other, value in one.headers.items() if other == name or "signature" not in other}
        assert hook.verify(one.body, alone)
        with pytest.raises(WebhookVerificationError, match="does not match"):
            hook.client.verify_webhook(one.body, alone, secret="whsec_other")
        with pytest.raises(WebhookVerificationError, match="does not match"):
            hook.verify(one.body.replace(b"file.created", b"file.deleted"), alone)


def test_the_age_of_a_webhook_is_measured_by_the_clients_clock(hook: Hook) -> None:
    hook.collect_events(lambda: hook.client.upload_file(b"a", "a.txt"))
    (one,) = hook.receiver.received
    hook.api.server.clock.advance(301)
    with pytest.raises(WebhookVerificationError, match="more than the tolerance of 300 s"):
        hook.verify(one.body, one.headers)
