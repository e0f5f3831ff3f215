"""Code as in the README of release 5, with both clients; only the base URL is that of local ImageKit."""

from __future__ import annotations

import asyncio
import json
import pickle
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

import imagekitio
from imagekitio import AsyncImageKit, ImageKit

if TYPE_CHECKING:
    from pathlib import Path

    from imagekitio.local import LocalImageKit


@pytest.fixture(autouse=True)
def _environment_of_release_5(server: LocalImageKit, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PUBLIC_KEY", "URL_ENDPOINT", "API_BASE_URL", "UPLOAD_BASE_URL"):
        monkeypatch.delenv(f"IMAGEKIT_{name}", raising=False)
    monkeypatch.setenv("IMAGEKIT_PRIVATE_KEY", server.private_key)
    monkeypatch.setenv("IMAGE_KIT_BASE_URL", server.url)


def test_files_are_uploaded_listed_changed_and_deleted(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"hello")
    with ImageKit() as client:
        by_path = client.files.upload(file=path, file_name="a.txt", tags=["a"])
        with path.open("rb") as opened:
            by_file = client.files.upload(file=opened, file_name="b.txt", response_fields=["tags", "isPrivateFile"])
        client.files.upload(file=("c.txt", b"hello", "text/plain"), file_name="c.txt", folder="/new")
        week_ago = datetime.now(timezone.utc) - timedelta(days=7)
        assets = client.assets.list(sort="ASC_NAME", file_type="all")
        assert [asset.name[0] for asset in assets if asset.created_at > week_ago] == ["a", "b", "c"]
        file = client.files.get(by_path.file_id)
        assert file.to_dict()["fileId"] == by_path.file_id
        assert json.loads(file.to_json(indent=None))["tags"] == ["a"]
        assert file.to_dict(use_api_names=False)["file_id"] == by_path.file_id
        updated = client.files.update(by_file.file_id, tags=["b"], description="Bee")
        assert (updated.tags, updated.description) == (["b"], "Bee")
        deleted = client.files.bulk.delete(file_ids=[by_path.file_id, by_file.file_id])
        assert deleted.successfully_deleted_file_ids is not None
        assert sorted(deleted.successfully_deleted_file_ids) == sorted([by_path.file_id, by_file.file_id])
        assert len(client.assets.list()) == 1


def test_the_same_works_with_await() -> None:
    async def main() -> None:
        async with AsyncImageKit(max_retries=0, timeout=20.0) as client:
            uploaded, other = await asyncio.gather(
                client.files.upload(file=b"hello", file_name="a.txt"),
                client.files.upload(file=("b.txt", b"hello"), file_name="b.txt"),
            )
            assert (await client.files.get(uploaded.file_id)).name == uploaded.name
            response = await client.files.with_raw_response.get(other.file_id)
            assert response.headers.get("content-type") == "application/json; charset=utf-8"
            assert (await response.parse()).file_id == other.file_id
            await client.files.delete(other.file_id)
            assert [asset.name for asset in await client.assets.list()] == [uploaded.name]
            with pytest.raises(imagekitio.NotFoundError):
                await client.files.get(other.file_id)

    asyncio.run(main())


def test_errors_are_caught_in_the_order_of_release_5(server: LocalImageKit) -> None:
    def call(client: ImageKit) -> tuple[Any, ...]:
        try:
            client.files.get("65e6c5a9b7d1f2034a5b6c7d")
        except imagekitio.APIConnectionError as error:
            return "no connection", error.__cause__ is not None
        except imagekitio.RateLimitError as error:
            return "too many", error.status_code, error.response.headers.get("Retry-After")
        except imagekitio.APIStatusError as error:
            return error.status_code, error.response.json()["message"], error.message, error.body
        raise AssertionError("the file exists")

    message = "The requested file does not exist."
    with ImageKit(max_retries=0) as client:
        status, text, own, body = call(client)
        assert (status, text, own, body["message"]) == (404, message, message, message)
        server.faults.add(status=429, headers={"Retry-After": "1"}, times=1)
        assert call(client) == ("too many", 429, "1")
        server.faults.add(status=503, body={"message": "Down."}, times=1)
        assert call(client)[:2] == (503, "Down.")
        server.faults.add(delay=5, times=1)
        with pytest.raises(imagekitio.APITimeoutError) as caught:
            client.with_options(timeout=0.05).files.get("65e6c5a9b7d1f2034a5b6c7d")
        assert isinstance(caught.value, imagekitio.APIConnectionError)
        assert not isinstance(caught.value, imagekitio.APIStatusError)
    with ImageKit(base_url="http://127.0.0.1:1", max_retries=0) as client:
        assert call(client) == ("no connection", True)


@pytest.mark.parametrize("max_retries", [0, 2])
def test_max_retries_sets_the_number_of_retries(server: LocalImageKit, max_retries: int) -> None:
    server.faults.add(status=503, headers={"Retry-After": "0"}, times=9)
    with ImageKit() as client, pytest.raises(imagekitio.InternalServerError):
        client.with_options(max_retries=max_retries).assets.list()
    assert [request.status for request in server.requests] == [503] * (max_retries + 1)


def test_clients_with_groups_are_pickled_and_share_connections() -> None:
    client = ImageKit()
    assert client.assets.list() == []
    assert not any("Group" in type(value).__name__ for value in vars(client).values())
    twin = pickle.loads(pickle.dumps(client))
    assert twin.assets.list() == []
    files = client.with_options(timeout=7).files  # a part of the client can be kept
    assert files.upload(file=b"hello", file_name="a.txt").size == 5
    for one in (client, twin):
        one.close()


@pytest.mark.slow
def test_groups_are_loaded_when_they_are_used() -> None:
    code = """
import sys
from imagekitio import ImageKit
client = ImageKit(private_key="private_a", url_endpoint="https://ik.imagekit.io/acme")
client.url(path="/a.jpg", signed=True)
print(*sorted(name for name in sys.modules if name.startswith("imagekitio.groups")))
client.helper.build_url(src="/a.jpg", transformation=[{"width": 3}])
client.cache.invalidation.create
print(*sorted(name for name in sys.modules if name.startswith("imagekitio.operations.") or name == "requests"))
"""
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    before, after = done.stdout.splitlines()
    assert before.split() == ["imagekitio.groups", "imagekitio.groups.modes"]
    assert "imagekitio.operations.cache" in after.split()
    assert not {"imagekitio.operations.files", "imagekitio.operations.account", "requests"} & set(after.split())
