"""Makes every call of the client of PyPI's ``imagekitio`` 5.x, and prints the outcomes as JSON.

It runs in its own environment, where ``imagekitio`` is not this project, and also with this project
(`tests/groups/test_driver.py`). Usage: ``driver.py sync`` or ``driver.py async``; the environment variables below
contain the address of local ImageKit and the keys.
"""

from __future__ import annotations

import asyncio
import base64
import importlib
import inspect
import json
import operator
import os
import sys
import time
import traceback
import urllib.request
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BASE_URL = os.environ["DRIVER_BASE_URL"]
URL_ENDPOINT = os.environ["DRIVER_URL_ENDPOINT"]
PUBLIC_KEY, PRIVATE_KEY = os.environ["DRIVER_PUBLIC_KEY"], os.environ["DRIVER_PRIVATE_KEY"]
INBOX = os.environ["DRIVER_INBOX"]  # accepts webhooks by POST and lists them by GET
PICTURE = Path(os.environ["DRIVER_PICTURE"]).read_bytes()  # a JPEG of 64 x 48 pixels

ERRORS = ("BadRequestError", "NotFoundError", "ConflictError", "APIConnectionError")
JPEG = b"\xff\xd8"  # the first bytes of such files
# The names of the HTTP API, since uploads send them unchanged; updates would convert snake_case.
TAGGING = {"name": "google-auto-tagging", "maxTags": 5, "minConfidence": 50}


class Recorder:
    """A stand-in for a part of the client: it has the same calls and records the outcome of each under its name.

    The first failure of a name is kept; ``ok`` means that every call of that name succeeded.
    """

    def __init__(self, part: Any, outcomes: dict[str, str], run: Callable[[Any], Any], name: str = "") -> None:
        self._part, self._outcomes, self._run, self._name = part, outcomes, run, name

    def __getattr__(self, attribute: str) -> Any:
        value = getattr(self._part, attribute)
        name = f"{self._name}.{attribute}".lstrip(".")
        if not callable(value):
            return Recorder(value, self._outcomes, self._run, name)

        def call(*arguments: Any, **options: Any) -> Any:
            try:
                answer = value(*arguments, **options)
                if inspect.isawaitable(answer):
                    answer = self._run(answer)
            except Exception as exc:
                self._outcomes[name] = f"{type(exc).__name__}: {exc}"
                raise
            self._outcomes.setdefault(name, "ok")
            return answer

        return call

    def expect_error(self, name: str, *arguments: Any, **options: Any) -> tuple[str, int]:
        """Return the class and the status of the error that a call raises, without recording an outcome."""
        call = operator.attrgetter(name)(self._part)
        try:
            answer = call(*arguments, **options)
            if inspect.isawaitable(answer):
                self._run(answer)
        except Exception as exc:
            sdk = importlib.import_module("imagekitio")
            caught = [kind for kind in ERRORS if isinstance(exc, getattr(sdk, kind))]
            return ", ".join(caught), getattr(exc, "status_code", 0)
        raise AssertionError(f"{name} was not refused")


def list_public_calls(part: Any, prefix: str = "") -> Iterator[str]:
    """Yield the dotted names of all methods of the resources below `part`."""
    for name in dir(part):
        if name.startswith(("_", "with_")):
            continue
        try:
            value = getattr(part, name)
        except ValueError:  # an attribute that needs a URL endpoint, which this client does not have
            continue
        if type(value).__module__.startswith(("imagekitio.resources", "imagekitio.lib", "imagekitio.groups")):
            yield from list_public_calls(value, f"{prefix}{name}.")
        elif inspect.isroutine(value) and prefix:
            yield prefix + name


# Each chapter starts with an empty account and is independent, so that one failure does not hide another.


def upload(ik: Recorder) -> None:
    ik.custom_metadata_fields.create(name="price", label="Price", schema={"type": "Number"})
    file = ik.files.upload(
        file=PICTURE,
        file_name="shoe.jpg",
        folder="/shop",
        use_unique_file_name=False,
        tags=["shoe", "red"],
        is_private_file=False,
        is_published=True,
        custom_coordinates="1,2,30,20",
        custom_metadata={"price": 12.5},
        description="A red shoe",
        checks='"file.size" < "1mb" AND "request.folder" : "shop"',
        extensions=[TAGGING],
        webhook_url=INBOX,
        overwrite_file=True,
        overwrite_tags=True,
        overwrite_ai_tags=True,
        overwrite_custom_metadata=True,
        response_fields=["tags", "customCoordinates", "isPrivateFile", "isPublished", "customMetadata", "metadata"],
        transformation={"pre": "w-40", "post": [{"type": "transformation", "value": "w-20"}]},
    )
    assert (file.file_path, file.width, file.height, file.file_type) == ("/shop/shoe.jpg", 40, 30, "image")
    assert (file.tags, file.custom_coordinates, file.is_private_file) == (["shoe", "red"], "1,2,30,20", False)
    assert (file.custom_metadata, file.description) == ({"price": 12.5}, "A red shoe")
    assert (file.is_published, file.metadata.format) == (True, "jpg")
    assert file.extension_status.google_auto_tagging == "success"
    assert fetch(file.url)[:2] == JPEG


def upload_v2(ik: Recorder) -> None:
    file = ik.beta.v2.files.upload(
        file=("shoe.jpg", PICTURE, "image/jpeg"),
        file_name="shoe.jpg",
        use_unique_file_name=True,
        tags=["v2"],
        response_fields=["tags"],
    )
    assert file.name != "shoe.jpg"
    assert file.tags == ["v2"]


def details(ik: Recorder) -> None:
    file = ik.files.upload(file=PICTURE, file_name="shoe.jpg")
    found = ik.files.get(file.file_id)
    assert (found.name, found.mime, found.size) == (file.name, "image/jpeg", file.size)
    assert found.created_at.tzinfo is not None
    updated = ik.files.update(file.file_id, tags=["shoe"], custom_coordinates="1,1,10,10", description="Red")
    assert (updated.tags, updated.custom_coordinates, updated.description) == (["shoe"], "1,1,10,10", "Red")
    hidden = ik.files.update(file.file_id, publish={"is_published": False, "include_file_versions": True})
    assert hidden.is_published is False
    assert ik.files.delete(file.file_id) is None
    assert ik.assets.list() == []


def metadata(ik: Recorder) -> None:
    file = ik.files.upload(file=PICTURE, file_name="shoe.jpg")
    found = ik.files.metadata.get(file.file_id)
    assert (found.width, found.height, found.has_transparency) == (64, 48, False)
    assert ik.files.metadata.get_from_url(url=file.url).p_hash == found.p_hash


def tags(ik: Recorder) -> None:
    ids = [ik.files.upload(file=PICTURE, file_name="shoe.jpg", tags=["shoe"]).file_id]
    assert ik.files.bulk.add_tags(file_ids=ids, tags=["new"]).successfully_updated_file_ids == ids
    assert ik.files.bulk.remove_tags(file_ids=ids, tags=["shoe"]).successfully_updated_file_ids == ids
    assert ik.files.get(ids[0]).tags == ["new"]


def ai_tags(ik: Recorder) -> None:
    file = ik.files.upload(file=PICTURE, file_name="shoe.jpg")
    updated = ik.files.update(file.file_id, extensions=[TAGGING], webhook_url=INBOX)
    name = updated.ai_tags[0].name
    removed = ik.files.bulk.remove_ai_tags(file_ids=[file.file_id], ai_tags=[name])
    assert removed.successfully_updated_file_ids == [file.file_id]
    assert name not in [tag.name for tag in ik.files.get(file.file_id).ai_tags or []]
    assert ik.files.update(file.file_id, remove_ai_tags="all").ai_tags is None


def custom_metadata(ik: Recorder) -> None:
    field = ik.custom_metadata_fields.create(
        name="price", label="Price", schema={"type": "Number", "min_value": 1}, description="Net"
    )
    file = ik.files.upload(file=PICTURE, file_name="shoe.jpg", custom_metadata={"price": 12})
    assert ik.files.update(file.file_id, custom_metadata={"price": 13}).custom_metadata == {"price": 13}
    assert [one.name for one in ik.custom_metadata_fields.list(include_deleted=False, folder_path="/")] == ["price"]
    changed = ik.custom_metadata_fields.update(
        field.id, label="Cost", schema={"min_value": 1, "max_value": 99}, description="In euros"
    )
    assert (changed.label, changed.schema_.max_value) == ("Cost", 99)
    ik.custom_metadata_fields.delete(field.id)
    assert ik.custom_metadata_fields.list() == []


def listing(ik: Recorder) -> None:
    for name in ("a.txt", "b.txt", "c.jpg"):
        ik.files.upload(file=PICTURE if "jpg" in name else b"text", file_name=name, folder="/x", tags=[name[0]])
    found = ik.assets.list(
        file_type="non-image", limit=1, skip=1, path="/x", sort="DESC_NAME", search_query='tags IN ["a", "b"]'
    )
    assert [one.tags for one in found] == [["a"]]
    folders = ik.assets.list(type="folder")
    assert [(one.type, one.folder_path) for one in folders] == [("folder", "/x")]
    ids = [one.file_id for one in ik.assets.list(type="file")]
    assert sorted(ik.files.bulk.delete(file_ids=ids).successfully_deleted_file_ids) == sorted(ids)


def versions(ik: Recorder) -> None:
    for content in (b"one", b"two", b"three"):
        file = ik.files.upload(file=content, file_name="a.txt", use_unique_file_name=False)
    current, second, first = ik.files.versions.list(file.file_id)
    assert (current.type, second.type, first.size) == ("file", "file-version", 3)
    assert ik.files.versions.get(first.version_info.id, file_id=file.file_id).version_info.name == "Version 1"
    restored = ik.files.versions.restore(first.version_info.id, file_id=file.file_id)
    assert restored.version_info.id == first.version_info.id
    ik.files.versions.delete(second.version_info.id, file_id=file.file_id)
    assert len(ik.files.versions.list(file.file_id)) == 2


def copy_move_rename(ik: Recorder) -> None:
    ik.files.upload(file=b"text", file_name="a.txt", use_unique_file_name=False)
    ik.files.copy(source_file_path="/a.txt", destination_path="/copies", include_file_versions=True)
    ik.files.move(source_file_path="/copies/a.txt", destination_path="/moved")
    renamed = ik.files.rename(file_path="/moved/a.txt", new_file_name="b.txt", purge_cache=True)
    assert ik.cache.invalidation.get(renamed.purge_request_id).status == "Completed"
    assert {one.file_path for one in ik.assets.list()} == {"/a.txt", "/moved/b.txt"}


def folders(ik: Recorder) -> None:
    ik.folders.create(folder_name="inner", parent_folder_path="/outer")
    copied = ik.folders.copy(source_folder_path="/outer/inner", destination_path="/copies", include_versions=True)
    assert ik.folders.job.get(copied.job_id).status == "Completed"
    moved = ik.folders.move(source_folder_path="/copies/inner", destination_path="/moved")
    assert ik.folders.job.get(moved.job_id).type == "MOVE_FOLDER"
    renamed = ik.folders.rename(folder_path="/moved/inner", new_folder_name="final", purge_cache=True)
    assert ik.folders.job.get(renamed.job_id).purge_request_id
    ik.folders.delete(folder_path="/copies")
    paths = {one.folder_path for one in ik.assets.list(type="folder")}
    assert paths == {"/outer", "/outer/inner", "/moved", "/moved/final"}


def purge(ik: Recorder) -> None:
    purged = ik.cache.invalidation.create(url=f"{URL_ENDPOINT}/a.jpg")
    assert ik.cache.invalidation.get(purged.request_id).status == "Completed"


def usage(ik: Recorder) -> None:
    today = datetime.now(timezone.utc).date()
    days = {"start_date": today - timedelta(days=7), "end_date": today + timedelta(days=1)}
    ik.files.upload(file=PICTURE, file_name="a.jpg")
    assert ik.accounts.usage.get(**days).media_library_storage_bytes == len(PICTURE)
    analytics = ik.accounts.usage_analytics.get(**days)
    assert analytics.start_date == days["start_date"]
    assert analytics.cache.hit_count >= 0


def origins(ik: Recorder) -> None:
    secrets = {"access_key": "fake", "secret_key": "fake"}
    created = ik.accounts.origins.create(type="S3", name="Product bucket", bucket="acme", **secrets)
    assert (created.type, created.bucket, created.prefix) == ("S3", "acme", "")
    assert [one.id for one in ik.accounts.origins.list()] == [created.id]
    endpoint = {"type": "WEB_FOLDER", "base_url": "https://shop.example/"}
    ik.accounts.origins.update(created.id, name="Web folder", **endpoint)
    assert ik.accounts.origins.get(created.id).base_url == endpoint["base_url"]
    ik.accounts.origins.delete(created.id)
    assert ik.accounts.origins.list() == []


def url_endpoints(ik: Recorder) -> None:
    origin = ik.accounts.origins.create(type="WEB_PROXY", name="Proxy")
    created = ik.accounts.url_endpoints.create(
        description="Shop images", url_prefix="shop", origins=[origin.id], url_rewriter={"type": "IMGIX"}
    )
    assert (created.url_prefix, created.origins, created.url_rewriter.type) == ("shop", [origin.id], "IMGIX")
    assert [one.id for one in ik.accounts.url_endpoints.list()] == ["default", created.id]
    ik.accounts.url_endpoints.update(created.id, description="Shoes", url_prefix="shoes")
    assert ik.accounts.url_endpoints.get(created.id).description == "Shoes"
    ik.accounts.url_endpoints.delete(created.id)
    ik.accounts.origins.delete(origin.id)


def webhooks(ik: Recorder) -> None:
    created = ik.accounts.webhooks.create(endpoint=INBOX, events=["file.created"], enabled=True)
    assert [one.id for one in ik.accounts.webhooks.list()] == [created.id]
    updated = ik.accounts.webhooks.update(created.id, events=["file.created", "file.deleted"])
    assert updated.secret == ik.accounts.webhooks.get(created.id).secret
    file = ik.files.upload(file=b"text", file_name="a.txt")
    received = wait_for_webhook("file.created", file.file_id)
    event = ik.webhooks.unwrap(received["body"], headers=received["headers"], key=updated.secret)
    assert (event.type, event.data.file_id) == ("file.created", file.file_id)
    assert ik.webhooks.unsafe_unwrap(received["body"]).id == event.id
    ik.accounts.webhooks.delete(created.id)
    assert ik.accounts.webhooks.list() == []


def saved_extensions(ik: Recorder) -> None:
    created = ik.saved_extensions.create(name="Tags", description="Tags shoes", config=TAGGING)
    assert [one.id for one in ik.saved_extensions.list()] == [created.id]
    ik.saved_extensions.update(created.id, name="Shoe tags", config={"name": "ai-auto-description"})
    assert ik.saved_extensions.get(created.id).config.name == "ai-auto-description"
    saved = ik.saved_extensions.create(name="Used", description="Used below", config=TAGGING)
    assert ik.files.upload(
        file=PICTURE, file_name="a.jpg", extensions=[{"name": "saved-extension", "id": saved.id}]
    ).ai_tags
    ik.saved_extensions.delete(created.id)
    assert [one.name for one in ik.saved_extensions.list()] == ["Used"]


def named_transformations(ik: Recorder) -> None:
    created = ik.named_transformations.create(name="card", transformation="w-20", enabled=True)
    assert [one.name for one in ik.named_transformations.list()] == ["card"]
    ik.named_transformations.update(created.id, transformation="w-30,h-30")
    assert ik.named_transformations.get(created.id).transformation == "w-30,h-30"
    file = ik.files.upload(file=PICTURE, file_name="a.jpg")
    assert fetch(f"{URL_ENDPOINT}/tr:n-card{file.file_path}")
    ik.named_transformations.delete(created.id)
    assert ik.named_transformations.list() == []


def errors(ik: Recorder) -> None:
    for name in ("a.txt", "b.txt"):
        ik.files.upload(file=b"text", file_name=name, use_unique_file_name=False)
    assert ik.expect_error("files.get", "nonsense") == ("BadRequestError", 400)
    assert ik.expect_error("files.get", "0" * 24) == ("NotFoundError", 404)
    assert ik.expect_error("files.rename", file_path="/a.txt", new_file_name="b.txt") == ("ConflictError", 409)


def helpers(ik: Recorder) -> None:
    file = ik.files.upload(file=PICTURE, file_name="a.jpg", is_private_file=True)
    steps = [{"width": 20, "crop_mode": "pad_resize", "height": 20, "background": "FF0000"}, {"rotation": 90}]
    assert ik.helper.build_transformation_string(steps) == "w-20,cm-pad_resize,h-20,bg-FF0000:rt-90"
    for position in ("query", "path"):
        signed = {"signed": True, "expires_in": 300, "transformation_position": position}
        url = ik.helper.build_url(src=file.file_path, url_endpoint=URL_ENDPOINT, transformation=steps, **signed)
        assert fetch(url)
    secret = ik.helper.get_authentication_parameters()
    fields = {**secret, "publicKey": PUBLIC_KEY, "fileName": "b.txt", "file": "data:text/plain;base64,aGVsbG8="}
    assert json.loads(post_form(f"{BASE_URL}/api/v1/files/upload", fields))["name"].startswith("b_")


CHAPTERS = (
    upload,
    upload_v2,
    details,
    metadata,
    tags,
    ai_tags,
    custom_metadata,
    listing,
    versions,
    copy_move_rename,
    folders,
    purge,
    usage,
    origins,
    url_endpoints,
    webhooks,
    saved_extensions,
    named_transformations,
    errors,
    helpers,
)


def wait_for_webhook(event: str, about: str) -> Any:
    """Wait up to ten seconds for the webhook of this type whose body contains `about`, and return it."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        for received in json.loads(fetch(INBOX)):
            if event in received["body"] and about in received["body"]:
                return received
        time.sleep(0.05)
    raise AssertionError(f"no webhook {event} about {about} came")


def fetch(url: str, **options: Any) -> bytes:
    with urllib.request.urlopen(urllib.request.Request(url, **options), timeout=30) as response:
        return bytes(response.read())


def post_form(url: str, fields: dict[str, Any]) -> bytes:
    boundary = "driver"
    parts = [f'--{boundary}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in fields.items()]
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    return fetch(url, data="".join([*parts, f"--{boundary}--\r\n"]).encode(), headers=headers)


def main(mode: str) -> None:
    sdk: Any = importlib.import_module("imagekitio")
    run: Callable[[Any], Any] = asyncio.new_event_loop().run_until_complete if mode == "async" else lambda value: value
    make = sdk.AsyncImageKit if mode == "async" else sdk.ImageKit
    # The vendor's client validates responses only with this option; ours always does.
    strict = {"_strict_response_validation": True} if sdk.__version__.startswith("5.") else {}
    client = make(private_key=PRIVATE_KEY, base_url=BASE_URL, max_retries=0, timeout=30, **strict)
    credentials = base64.b64encode(f"{PRIVATE_KEY}:".encode()).decode()
    outcomes: dict[str, str] = {}
    failures: dict[str, str] = {}
    for chapter in CHAPTERS:
        fetch(f"{BASE_URL}/_local/reset", method="POST", headers={"Authorization": f"Basic {credentials}"})
        try:
            chapter(Recorder(client, outcomes, run))
        except Exception as exc:
            failures[chapter.__name__] = "".join(traceback.format_exception(exc, limit=2, chain=False))
    calls = {name: outcomes.get(name, "not called") for name in sorted(list_public_calls(client))}
    print(json.dumps({"version": sdk.__version__, "calls": calls, "failures": failures}))


if __name__ == "__main__":
    main(sys.argv[1])
