from __future__ import annotations

import csv
import inspect
import json
import pickle
import threading
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import requests
import responses

from imagekitio import ImageKit, NotFoundException, Retry, operations
from imagekitio.models import (
    CopyFileRequestOptions,
    CopyFolderRequestOptions,
    CreateCustomMetadataFieldsRequestOptions,
    CreateFolderRequestOptions,
    CustomMetadataFieldsSchema,
    DeleteFolderRequestOptions,
    ListAndSearchFileRequestOptions,
    MoveFileRequestOptions,
    MoveFolderRequestOptions,
    RenameFileRequestOptions,
    RenameFolderRequestOptions,
    UpdateCustomMetadataFieldsRequestOptions,
    UpdateFileRequestOptions,
    UploadFileRequestOptions,
)
from imagekitio.models.account import (
    NamedTransformationRequestOptions,
    S3Origin,
    SavedExtensionRequestOptions,
    UrlEndpointRequestOptions,
    WebFolderOrigin,
    WebhookRequestOptions,
)
from imagekitio.models.response_metadata import Headers
from imagekitio.models.spelling import to_camel_case
from imagekitio.operations.core import Multipart, Operation, Request, Response

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from imagekitio.models.options import Options

API = "https://api.imagekit.io"
ID = "65e6c5a9b7d1f2034a5b6c7d"


@pytest.fixture(autouse=True)
def _no_account_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PUBLIC_KEY", "PRIVATE_KEY", "URL_ENDPOINT", "API_BASE_URL", "UPLOAD_BASE_URL"):
        monkeypatch.delenv(f"IMAGEKIT_{name}", raising=False)


class Answers:
    """A transport that records the requests and gives the same answer to each."""

    def __init__(self, answer: object) -> None:
        self.answer = answer
        self.requests: list[Request] = []

    def run(self, operation: Operation[Any]) -> Any:
        self.requests.append(operation.request)
        return operation.parse(Response(200, Headers(), json.dumps(self.answer).encode()))


def make_client(**settings: Any) -> ImageKit:
    return ImageKit("public_test", "private_test", "https://ik.imagekit.io/acme", **settings)


def client_with(answer: object) -> tuple[ImageKit, Answers]:
    client, transport = make_client(), Answers(answer)
    client.__dict__["_transport"] = transport
    return client, transport


@pytest.fixture
def api() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as mock:
        yield mock


# Construction


def test_keys_and_endpoint_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMAGEKIT_PUBLIC_KEY", "public_env")
    monkeypatch.setenv("IMAGEKIT_PRIVATE_KEY", "private_env")
    monkeypatch.setenv("IMAGEKIT_URL_ENDPOINT", "https://ik.imagekit.io/env")
    assert (ImageKit().public_key, ImageKit().url_endpoint) == ("public_env", "https://ik.imagekit.io/env")
    assert ImageKit(public_key="public_given").public_key == "public_given"


def test_a_missing_private_key_is_named_with_its_variable() -> None:
    with pytest.raises(ValueError, match=r"^missing: private_key; pass it to the client or set IMAGEKIT_PRIVATE_KEY$"):
        ImageKit("public_a", None, "https://ik.imagekit.io/a")


def test_all_empty_settings_are_named_together() -> None:
    with pytest.raises(ValueError, match="missing: public_key, private_key, url_endpoint; pass them to"):
        ImageKit("", "", "")


def test_an_invalid_transformation_position_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="transformation_position"):
        ImageKit("public_a", "private_a", "https://ik.imagekit.io/a", "header")


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        ({"timeout": 0}, ValueError, "timeout must be a number of seconds above 0"),
        ({"timeout": (5, -1)}, ValueError, "read timeout must be"),
        ({"retry": 0}, ValueError, "attempts must be 1 or more"),
        ({"retry": "often"}, TypeError, "retry must be a Retry, a number of attempts or False"),
        ({"api_base_url": "api.example.com"}, ValueError, "api_base_url must start with https://"),
        ({"upload_base_url": "ftp://example.com"}, ValueError, "upload_base_url must start with https://"),
        ({"retry": Retry}, TypeError, "retry must be a Retry"),
        ({"api_base_url": 5}, TypeError, r"api_base_url must be a str \(got int\)"),
        ({"session": "x"}, TypeError, r"session must be a requests.Session or, .* aiohttp.ClientSession \(got 'x'\)"),
        ({"logger": "x"}, TypeError, r"logger must be a logging\.Logger \(got 'x'\)"),
        ({"clock": 5}, TypeError, r"clock must be a function that returns the Unix time in seconds \(got 5\)"),
        ({"strict_transformations": "no"}, TypeError, r"strict_transformations must be True or False \(got 'no'\)"),
        ({"time_out": 3}, TypeError, r"there is no setting 'time_out'; did you mean 'timeout'\?"),
        ({"timeOut": 3}, TypeError, r"'timeOut'; did you mean 'timeout'\?"),
        ({"apiBaseUrl": "x"}, TypeError, r"'apiBaseUrl'; did you mean 'api_base_url'\?"),
        ({"publickey": "x"}, TypeError, r"'publickey'; did you mean 'public_key'\?"),
        ({"publicKey": "x"}, TypeError, r"'publicKey'; did you mean 'public_key'\?"),
        ({"privateKey": "x"}, TypeError, r"'privateKey'; did you mean 'private_key'\?"),
        ({"urlEndpoint": "x"}, TypeError, r"'urlEndpoint'; did you mean 'url_endpoint'\?"),
        ({"option": {}}, TypeError, r"'option'; did you mean 'options'\?"),
        ({"options": {"public_key": "x"}}, TypeError, "public_key is not a setting: pass it to the client as a sep"),
        ({"options": {"tranformation": []}}, TypeError, r"'tranformation'; did you mean 'transformation'\?"),
        ({"signed": True}, TypeError, "signed is not a setting: pass it to url()"),
    ],
)
def test_an_invalid_setting_is_an_error_at_construction(
    settings: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        make_client(**settings)


def test_a_key_that_is_not_a_str_or_not_utf_8_is_refused_and_not_shown() -> None:
    with pytest.raises(TypeError, match="private_key must be text") as wrong_type:
        ImageKit("public_a", b"private_s3cret", "https://ik.imagekit.io/a")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="private key contains half of a surrogate pair") as no_utf_8:
        ImageKit("public_a", "private_s3cret\udcff", "https://ik.imagekit.io/a")
    for error in (wrong_type, no_utf_8):
        assert "s3cret" not in str(error.value)
        assert error.value.__cause__ is None


def test_repr_and_errors_show_no_secret() -> None:
    client = make_client()
    assert repr(client) == "ImageKit(public_key='public_test', url_endpoint='https://ik.imagekit.io/acme')"
    assert "private_test" not in f"{client}{client!r}"


# Sending


def test_a_call_is_sent_to_the_api_with_the_private_key(api: responses.RequestsMock) -> None:
    api.get(f"{API}/v1/files/{ID}/details", json={"fileId": ID, "name": "a.jpg"})
    with make_client() as client:
        file = client.get_file_details(ID)
    assert (file.file_id, file.name) == (ID, "a.jpg")
    assert file.response_metadata.http_status_code == 200
    assert api.calls[0].request.headers["Authorization"] == requests.auth._basic_auth_str("private_test", "")


def test_an_error_is_raised_with_the_message_of_the_server(api: responses.RequestsMock) -> None:
    api.get(f"{API}/v1/files/{ID}/details", status=404, json={"message": "The requested file does not exist."})
    with make_client() as client, pytest.raises(NotFoundException, match="The requested file does not exist"):
        client.get_file_details(ID)


def test_base_urls_are_given_or_come_from_the_environment(
    api: responses.RequestsMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    api.delete("http://127.0.0.1:9/v1/files/a", status=204)
    api.post("http://127.0.0.1:8/api/v1/files/upload", json={"fileId": ID})
    monkeypatch.setenv("IMAGEKIT_API_BASE_URL", "http://127.0.0.1:9/")
    with make_client(upload_base_url="http://127.0.0.1:8") as client:
        client.delete_file("a")
        assert client.upload_file(b"content", "a.jpg").file_id == ID


def test_settings_may_be_a_dict_and_keywords_take_precedence(api: responses.RequestsMock) -> None:
    api.delete("http://127.0.0.1:9/v1/files/a", status=204)
    settings = {"api_base_url": "http://127.0.0.1:1", "timeout": 3}
    with make_client(options=settings, api_base_url="http://127.0.0.1:9") as client:
        client.delete_file("a")


@pytest.mark.parametrize(("retry", "attempts"), [(2, 2), (False, 1), (Retry(attempts=2, base_seconds=0), 2), (True, 3)])
def test_retry_is_a_policy_a_number_or_false(
    api: responses.RequestsMock, monkeypatch: pytest.MonkeyPatch, retry: Any, attempts: int
) -> None:
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    for _ in range(attempts):
        api.get(f"{API}/v1/files", status=503, json={"message": "busy"})
    with make_client(retry=retry) as client, pytest.raises(Exception, match="busy") as caught:
        client.list_files()
    assert getattr(caught.value, "attempts") == attempts  # noqa: B009


def test_with_options_returns_a_copy_that_shares_the_connections(api: responses.RequestsMock) -> None:
    api.delete(f"{API}/v1/files/a", status=204)
    client = make_client(session=requests.Session())
    copy = client.with_options(timeout=(1, 2), retry=False)
    assert copy is not client
    assert (copy.public_key, copy.url_endpoint) == (client.public_key, client.url_endpoint)
    copy.delete_file("a")
    assert copy.url({"path": "/a.jpg"}) == client.url({"path": "/a.jpg"})
    with pytest.raises(ValueError, match="timeout must be"):
        client.with_options(timeout=0)
    client.close()


def test_a_client_pickles_without_its_connections(api: responses.RequestsMock) -> None:
    api.delete(f"{API}/v1/files/a", status=204)
    api.delete(f"{API}/v1/files/b", status=204)
    with make_client(timeout=7, retry=2) as client:
        client.delete_file("a")
        with pickle.loads(pickle.dumps(client)) as twin:
            twin.delete_file("b")
            assert vars(twin)["_settings"] == vars(client)["_settings"]
            assert repr(twin) == repr(client)


def test_threads_that_make_their_first_call_together_share_one_transport() -> None:
    client = make_client()
    barrier = threading.Barrier(16)
    found: list[object] = []

    def first_call() -> None:
        barrier.wait(5)
        found.append(client._open_transport())

    threads = [threading.Thread(target=first_call) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)
    assert len(found) == 16
    assert len({id(transport) for transport in found}) == 1
    client.close()


def test_a_client_that_was_never_used_can_be_closed() -> None:
    with make_client() as client:
        assert client.public_key == "public_test"


# Methods

SCHEMA = CustomMetadataFieldsSchema(type="Number")
WITH_OPTIONS: dict[str, tuple[tuple[Any, ...], Options]] = {
    "upload_file": ((b"content", "a.jpg"), UploadFileRequestOptions(use_unique_file_name=False, is_private_file=True)),
    "list_files": ((), ListAndSearchFileRequestOptions(search_query="x", file_type="image")),
    "update_file_details": ((ID,), UpdateFileRequestOptions(custom_metadata={"a_b": 1}, remove_ai_tags="all")),
    "copy_file": ((), CopyFileRequestOptions("/a.jpg", "/b", True)),
    "move_file": ((), MoveFileRequestOptions("/a.jpg", "/b")),
    "rename_file": ((), RenameFileRequestOptions("/a.jpg", "b.jpg", True)),
    "create_folder": ((), CreateFolderRequestOptions("a", "/")),
    "delete_folder": ((), DeleteFolderRequestOptions("/a")),
    "copy_folder": ((), CopyFolderRequestOptions("/a", "/b", True)),
    "move_folder": ((), MoveFolderRequestOptions("/a", "/b")),
    "create_custom_metadata_fields": ((), CreateCustomMetadataFieldsRequestOptions("price", "Price", SCHEMA)),
    "update_custom_metadata_fields": ((ID,), UpdateCustomMetadataFieldsRequestOptions(label="Price")),
    "rename_folder": ((), RenameFolderRequestOptions("/a", "b", True)),
    "upload_file_v2": ((b"a", "a.jpg"), UploadFileRequestOptions(use_unique_file_name=False, overwrite_ai_tags=False)),
    "create_url_endpoint": ((), UrlEndpointRequestOptions("Shop", "shop", ["o"], {"type": "IMGIX"})),
    "update_url_endpoint": (("e",), UrlEndpointRequestOptions("Shop")),
    "create_webhook": ((), WebhookRequestOptions("https://shop.example/hook", ["file.created"])),
    "update_webhook": (("w",), WebhookRequestOptions(enabled=False)),
    "create_saved_extension": ((), SavedExtensionRequestOptions("a", "b", {"name": "remove-bg"})),
    "update_saved_extension": (("s",), SavedExtensionRequestOptions(description="c")),
    "create_named_transformation": ((), NamedTransformationRequestOptions("card", [{"width": 300}])),
    "update_named_transformation": (("n",), NamedTransformationRequestOptions(transformation="w-300")),
}
CONFIGURED = ("origin", "url_endpoint", "webhook", "saved_extension", "named_transformation")
WITHOUT_OPTIONS: dict[str, tuple[Any, ...]] = {
    "get_file_details": (ID,),
    "get_file_versions": (ID,),
    "get_file_version_details": (ID, "v"),
    "delete_file": (ID,),
    "delete_file_version": (ID, "v"),
    "restore_file_version": (ID, "v"),
    "add_tags": ([ID], ["a"]),
    "remove_tags": ([ID], ["a"]),
    "remove_ai_tags": ([ID], ["a"]),
    "bulk_file_delete": ([ID],),
    "get_bulk_job_status": (ID,),
    "purge_file_cache": ("https://ik.imagekit.io/acme/a.jpg",),
    "get_purge_file_cache_status": (ID,),
    "get_file_metadata": (ID,),
    "get_remote_file_url_metadata": ("https://ik.imagekit.io/acme/a.jpg",),
    "get_custom_metadata_fields": (True,),
    "delete_custom_metadata_field": (ID,),
    "get_usage": ("2024-03-01", date(2024, 4, 1)),
    "get_usage_analytics": ("2024-03-01", date(2024, 3, 1)),
    "create_origin": (S3Origin(name="a", bucket="b", use_iam_role=True),),
    "update_origin": ("o", WebFolderOrigin(name="a", base_url="https://shop.example")),
    **{f"list_{subject}s": () for subject in CONFIGURED},
    **{f"{verb}_{subject}": ("id",) for subject in CONFIGURED for verb in ("get", "delete")},
}
LISTS = {
    *("list_files", "get_file_versions", "get_custom_metadata_fields"),
    *(f"list_{subject}s" for subject in CONFIGURED),
}


def test_every_operation_of_the_service_has_a_method() -> None:
    table = Path(__file__).parent / "data" / "operations.csv"
    with table.open(newline="", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    published = {row["sdk3_method"] for row in rows} - {"-"}
    for_servers = {row["operation"] for row in rows if not row["operation"].endswith("_client_side")}
    assert published < for_servers == set(WITH_OPTIONS) | set(WITHOUT_OPTIONS)


@pytest.mark.parametrize("name", sorted(WITH_OPTIONS))
def test_options_can_be_given_in_three_ways_with_the_same_result(name: str) -> None:
    arguments, options = WITH_OPTIONS[name]
    client, transport = client_with([] if name in LISTS else {})
    method: Callable[..., Any] = getattr(client, name)
    keywords = {key: value for key, value in vars(options).items() if value is not type(options)().__dict__[key]}
    method(*arguments, options)
    method(*arguments, options=options)
    method(*arguments, keywords)
    method(*arguments, {to_camel_case(key): value for key, value in keywords.items()})
    method(*arguments, **keywords)
    assert len(transport.requests) == 5
    assert all(request == transport.requests[0] for request in transport.requests)


@pytest.mark.parametrize("name", sorted(WITHOUT_OPTIONS))
def test_arguments_can_be_given_by_position_or_by_their_published_names(name: str) -> None:
    arguments = WITHOUT_OPTIONS[name]
    client, transport = client_with([] if name in LISTS else {})
    method: Callable[..., Any] = getattr(client, name)
    named = dict(zip(inspect.signature(method).parameters, arguments, strict=False))
    method(*arguments)
    method(**named)
    first, second = transport.requests
    assert first == second


@pytest.mark.parametrize("name", sorted({*WITH_OPTIONS, *WITHOUT_OPTIONS}))
def test_a_method_sends_the_request_of_its_operation(name: str) -> None:
    client, transport = client_with([] if name in LISTS else {})
    arguments = (*WITH_OPTIONS[name][0], WITH_OPTIONS[name][1]) if name in WITH_OPTIONS else WITHOUT_OPTIONS[name]
    getattr(client, name)(*arguments)
    subjects = ("bulk", "cache", "custom_metadata", "files", "folders", "metadata", "uploads")
    modules = [*(getattr(operations, subject) for subject in subjects), *vars(operations.account).values()]
    (function,) = [getattr(module, name) for module in modules if hasattr(module, name)]
    assert transport.requests == [function(*arguments).request]
    assert inspect.getdoc(getattr(ImageKit, name))


@pytest.mark.parametrize(
    ("alias", "name"),
    [
        ("upload", "upload_file"),
        ("bulk_delete", "bulk_file_delete"),
        ("purge_cache", "purge_file_cache"),
        ("get_purge_cache_status", "get_purge_file_cache_status"),
        ("get_metadata", "get_file_metadata"),
        ("get_remote_url_metadata", "get_remote_file_url_metadata"),
    ],
)
def test_the_older_names_are_the_same_methods(alias: str, name: str) -> None:
    assert getattr(ImageKit, alias) is getattr(ImageKit, name)


def test_an_unknown_option_is_refused_before_anything_is_sent() -> None:
    client, transport = client_with([])
    with pytest.raises(TypeError, match="'limt'; did you mean 'limit'"):
        client.list_files(limt=3)  # type: ignore[call-arg]
    with pytest.raises(ValueError, match="limit must be from 1 to 1000"):
        client.list_files(limit=0)
    assert transport.requests == []


def test_upload_progress_reaches_the_body() -> None:
    client, transport = client_with({})

    def on_progress(sent: int, total: int) -> None: ...

    client.upload_file(b"content", "a.jpg", on_progress=on_progress)
    (request,) = transport.requests
    assert isinstance(request.body, Multipart)
    assert request.body.on_progress is on_progress


def test_iter_files_fetches_a_page_when_it_is_needed(api: responses.RequestsMock) -> None:
    def page(request: requests.PreparedRequest) -> tuple[int, dict[str, str], str]:
        skip, limit = (int(request.params[name]) for name in ("skip", "limit"))  # type: ignore[attr-defined]
        return 200, {}, json.dumps([{"name": f"{number}.jpg"} for number in range(7)][skip : skip + limit])

    api.add_callback("GET", f"{API}/v1/files", page)
    with make_client() as client:
        files = client.iter_files(path="/", page_size=3)
        assert len(api.calls) == 0
        assert next(files).name == "0.jpg"
        assert len(api.calls) == 1
        assert [file.name for file in files] == [f"{number}.jpg" for number in range(1, 7)]
        assert len(api.calls) == 3
        assert [file.name for file in client.iter_files(limit=4, page_size=3)] == [f"{n}.jpg" for n in range(4)]


def test_iter_files_refuses_invalid_options_immediately() -> None:
    client = make_client()
    with pytest.raises(ValueError, match="limit must be at least 1"):
        client.iter_files(limit=0)
    with pytest.raises(TypeError, match="did you mean"):
        client.iter_files(paht="/")  # type: ignore[call-arg]
