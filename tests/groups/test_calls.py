"""Every call of release 5 sends the same as the corresponding method, with both clients."""

from __future__ import annotations

import asyncio
import csv
import inspect
import operator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from imagekitio.groups.raw import AsyncRawResponse, RawResponse
from imagekitio.groups.table import METHODS

from ..test_client import LISTS, client_with
from ..test_facades_agree import async_client_with

TABLE = Path(__file__).parents[1] / "data" / "operations.csv"
ROWS = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()))
ID, VERSION = "65e6c5a9b7d1f2034a5b6c7d", "65e7ffffb7d1f2034a5b6d11"
URL = "https://ik.imagekit.io/acme/a.jpg"
DAYS = {"start_date": date(2024, 3, 1), "end_date": "2024-04-01"}
ORIGIN = {"type": "WEB_PROXY", "name": "Proxy"}
ENDPOINT = {"description": "Shop", "url_prefix": "shop", "origins": ["orig_1"]}
HOOK = {"endpoint": "https://shop.example/hooks", "events": ["file.created"]}
EXTENSION = {"name": "Tags", "description": "Tags shoes", "config": {"name": "aws-auto-tagging", "max_tags": 5}}
STEPS = {"name": "card", "transformation": "w-20", "enabled": True}
UPLOAD = {"file": b"content", "file_name": "a.txt", "use_unique_file_name": False, "tags": ["a"]}
FIELD = {"name": "price", "label": "Price", "schema": {"type": "Number", "min_value": 0}}
COPY = {"source_file_path": "/a.jpg", "destination_path": "/b"}
COPY_FOLDER = {"source_folder_path": "/a", "destination_path": "/b"}

# The arguments of each call in release 5, and those of our method if they differ.
Arguments = tuple[tuple[Any, ...], dict[str, Any]]
CALLS: dict[str, tuple[Arguments, Arguments | None]] = {
    "accounts.origins.create": (((), ORIGIN), None),
    "accounts.origins.delete": (((ID,), {}), None),
    "accounts.origins.get": (((ID,), {}), None),
    "accounts.origins.list": (((), {}), None),
    "accounts.origins.update": (((ID,), ORIGIN), None),
    "accounts.url_endpoints.create": (((), ENDPOINT), None),
    "accounts.url_endpoints.delete": (((ID,), {}), None),
    "accounts.url_endpoints.get": (((ID,), {}), None),
    "accounts.url_endpoints.list": (((), {}), None),
    "accounts.url_endpoints.update": (((ID,), ENDPOINT), None),
    "accounts.usage.get": (((), DAYS), None),
    "accounts.usage_analytics.get": (((), DAYS), None),
    "accounts.webhooks.create": (((), HOOK), None),
    "accounts.webhooks.delete": (((ID,), {}), None),
    "accounts.webhooks.get": (((ID,), {}), None),
    "accounts.webhooks.list": (((), {}), None),
    "accounts.webhooks.update": (((ID,), HOOK), None),
    "assets.list": (((), {"path": "/a", "limit": 5, "sort": "DESC_NAME", "file_type": "image"}), None),
    "beta.v2.files.upload": (((), UPLOAD), None),
    "cache.invalidation.create": (((), {"url": URL}), ((URL,), {})),
    "cache.invalidation.get": (((ID,), {}), None),
    "custom_metadata_fields.create": (((), FIELD), None),
    "custom_metadata_fields.delete": (((ID,), {}), None),
    "custom_metadata_fields.list": (((), {"include_deleted": True, "folder_path": "/a"}), None),
    "custom_metadata_fields.update": (((ID,), {"label": "Cost"}), None),
    "files.bulk.add_tags": (((), {"file_ids": [ID], "tags": ["a"]}), None),
    "files.bulk.delete": (((), {"file_ids": [ID]}), None),
    "files.bulk.remove_ai_tags": (((), {"ai_tags": ["a"], "file_ids": [ID]}), None),
    "files.bulk.remove_tags": (((), {"file_ids": [ID], "tags": ["a"]}), None),
    "files.copy": (((), {**COPY, "include_file_versions": True}), None),
    "files.delete": (((ID,), {}), None),
    "files.get": (((ID,), {}), None),
    "files.metadata.get": (((ID,), {}), None),
    "files.metadata.get_from_url": (((), {"url": URL}), ((URL,), {})),
    "files.move": (((), COPY), None),
    "files.rename": (((), {"file_path": "/a.jpg", "new_file_name": "b.jpg", "purge_cache": True}), None),
    "files.update": (((ID,), {"tags": None, "custom_metadata": {"price": 5}, "remove_ai_tags": "all"}), None),
    "files.upload": (((), UPLOAD), None),
    "files.versions.delete": (((VERSION,), {"file_id": ID}), ((ID, VERSION), {})),
    "files.versions.get": (((VERSION,), {"file_id": ID}), ((ID, VERSION), {})),
    "files.versions.list": (((ID,), {}), None),
    "files.versions.restore": (((VERSION,), {"file_id": ID}), ((ID, VERSION), {})),
    "folders.copy": (((), {**COPY_FOLDER, "include_versions": True}), None),
    "folders.create": (((), {"folder_name": "a", "parent_folder_path": "/"}), None),
    "folders.delete": (((), {"folder_path": "/a"}), None),
    "folders.job.get": (((ID,), {}), None),
    "folders.move": (((), COPY_FOLDER), None),
    "folders.rename": (((), {"folder_path": "/a", "new_folder_name": "b", "purge_cache": True}), None),
    "named_transformations.create": (((), STEPS), None),
    "named_transformations.delete": (((ID,), {}), None),
    "named_transformations.get": (((ID,), {}), None),
    "named_transformations.list": (((), {}), None),
    "named_transformations.update": (((ID,), STEPS), None),
    "saved_extensions.create": (((), EXTENSION), None),
    "saved_extensions.delete": (((ID,), {}), None),
    "saved_extensions.get": (((ID,), {}), None),
    "saved_extensions.list": (((), {}), None),
    "saved_extensions.update": (((ID,), EXTENSION), None),
}
# The id is the first argument, under these names.
ID_NAMES = {"cache.invalidation": "request_id", "files": "file_id", "folders.job": "job_id"}
ID_NAMES |= {"files.versions": "version_id", "files.versions.list": "file_id", "files.metadata": "file_id"}


def answer_to(name: str) -> object:
    return [] if METHODS[name] in LISTS else {}


def name_raw_call(name: str) -> str:
    group, _, call = name.rpartition(".")
    return f"{group}.with_raw_response.{call}"


def test_the_table_has_every_call_of_release_5_and_the_method_of_its_row() -> None:
    expected = {row["sdk5_method"]: row["operation"] for row in ROWS if row["sdk5_method"] != "-"}
    local = {name for name in METHODS if name.startswith(("helper.", "webhooks."))}
    assert {name: method for name, method in METHODS.items() if name not in local} == expected
    assert CALLS.keys() == expected.keys()


@pytest.mark.parametrize("name", CALLS)
def test_a_call_sends_what_the_method_sends(name: str) -> None:
    (args, keywords), ours = CALLS[name]
    our_args, our_keywords = ours or (args, keywords)
    client, transport = client_with(answer_to(name))
    async_client, async_transport = async_client_with(answer_to(name))
    getattr(client, METHODS[name])(*our_args, **our_keywords)
    result = operator.attrgetter(name)(client)(*args, **keywords)
    raw_response = operator.attrgetter(name_raw_call(name))(client)(*args, **keywords)
    assert transport.requests == transport.requests[:1] * 3
    assert isinstance(raw_response, RawResponse)
    assert raw_response.parse() == result

    async def run() -> None:
        found = await operator.attrgetter(name)(async_client)(*args, **keywords)
        response = await operator.attrgetter(name_raw_call(name))(async_client)(*args, **keywords)
        assert isinstance(response, AsyncRawResponse)
        assert await response.parse() == found == result
        assert type(found) is type(result)

    asyncio.run(run())
    assert async_transport.requests == transport.requests[:2]


@pytest.mark.parametrize("name", [name for name, ((args, _), _) in CALLS.items() if args])
def test_an_id_may_be_a_keyword(name: str) -> None:
    (args, keywords), _ = CALLS[name]
    id_name = ID_NAMES.get(name) or ID_NAMES.get(name.rpartition(".")[0]) or "id"
    client, transport = client_with(answer_to(name))
    call = operator.attrgetter(name)(client)
    call(*args, **keywords)
    call(**{id_name: args[0]}, **keywords)
    assert transport.requests[0] == transport.requests[1]


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("wrong", [{"file_idd": "x"}, {"timeout": 5}, {"extra_headers": {"X-A": "b"}}])
def test_unknown_arguments_are_refused_before_anything_is_sent(name: str, wrong: dict[str, Any]) -> None:
    (args, keywords), _ = CALLS[name]
    client, transport = client_with(answer_to(name))
    async_client, async_transport = async_client_with(answer_to(name))
    with pytest.raises(TypeError, match=r"file_idd|is not an option of a single call: "):
        operator.attrgetter(name)(client)(*args, **keywords, **wrong)
    with pytest.raises(TypeError, match=r"file_idd|is not an option of a single call: "):
        asyncio.run(operator.attrgetter(name)(async_client)(*args, **keywords, **wrong))
    assert transport.requests == async_transport.requests == []


@pytest.mark.parametrize(
    ("option", "advice"),
    [
        ("timeout", r"with_options\(timeout=…\)"),
        ("extra_headers", "a session with these headers"),
        ("extra_query", "a session with these parameters"),
        ("extra_body", "pass each option by its name"),
    ],
)
def test_the_request_options_of_release_5_are_refused_with_advice(option: str, advice: str) -> None:
    client, _ = client_with({})
    with pytest.raises(TypeError, match=rf"^{option} is not an option of a single call: .*{advice}"):
        client.files.get(ID, **{option: None})


def test_keyword_only_arguments_of_release_5_are_refused_by_position() -> None:
    client, transport = client_with({})
    calls: list[Any] = [
        lambda: client.files.upload(b"x", "a.txt"),  # type: ignore[call-arg]
        lambda: client.files.versions.get(VERSION, ID),  # type: ignore[call-arg]
        lambda: client.files.bulk.add_tags([ID], ["a"]),  # type: ignore[call-arg]
        lambda: client.cache.invalidation.create(URL),  # type: ignore[call-arg]
        lambda: client.files.copy("/a.jpg", "/b"),  # type: ignore[call-arg]
    ]
    for call in calls:
        with pytest.raises(TypeError, match="positional argument"):
            call()
    for empty in ("", None):
        with pytest.raises((TypeError, ValueError), match="file_id"):
            client.files.get(empty)  # type: ignore[arg-type]
    assert transport.requests == []


def test_a_call_has_a_name_a_docstring_and_parameters() -> None:
    client, _ = client_with({})
    async_client, _ = async_client_with({})
    for name in CALLS:
        for call in (operator.attrgetter(name)(client), operator.attrgetter(name)(async_client)):
            assert call.__name__ == name.rpartition(".")[2]
            assert "see `ImageKit." in call.__doc__
            assert not {"args", "self"} & inspect.signature(call).parameters.keys()
        assert inspect.iscoroutinefunction(call)
        group = type(operator.attrgetter(name.rpartition(".")[0])(client))
        assert getattr(group, call.__name__).__doc__ == call.__doc__
        assert METHODS[name] in call.__doc__
