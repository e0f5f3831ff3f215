"""`ImageKit` and `AsyncImageKit` offer the same methods: names, signatures, documentation and requests agree."""

from __future__ import annotations

import asyncio
import inspect
import re
from itertools import takewhile
from typing import TYPE_CHECKING, Any

import pytest

import imagekitio.aio
import imagekitio.client
from imagekitio import AsyncImageKit, ImageKit
from imagekitio.facade import account, aio_account
from imagekitio.facade.base import Client

from .test_client import LISTS, WITH_OPTIONS, WITHOUT_OPTIONS, Answers, client_with

if TYPE_CHECKING:
    from imagekitio.operations.core import Operation

PUBLIC = sorted(name for name in dir(ImageKit) if not name.startswith("_"))
CALLS = sorted(name for name in set(PUBLIC) - set(dir(Client)) if callable(getattr(ImageKit, name)))
# Work on many files: with tasks there is no executor, and items may come from an asynchronous iterable.
MANY = {
    "upload_many",
    "delete_many",
    "tag_many",
    "get_metadata_many",
    "download_many",
    "sync_folder",
    "plan_uploads",
    "apply_changes",
    "pull_files",
    "pull_folder",
}
METHODS = sorted({getattr(ImageKit, name).__name__ for name in CALLS})  # each once, without aliases

ASYNC_ITEMS = ("Iterable of", "Iterable or asynchronous iterable of")
ASYNC_OUTCOMES = ("An iterator over the outcomes.", "An asynchronous generator of the outcomes.")
ASYNC_LEAVING = (
    "cancels pending work and waits for the work in progress.",
    "cancels the work in progress; ``async with contextlib.aclosing(…)`` also waits until it has ended.",
)
NO_EXECUTOR = (
    "executor: A `concurrent.futures.Executor` to use instead of the client's own threads; see `upload_many`. ",
    "",
)
NO_PROCESSES = (" Executors that use processes do not support it.", "")
# Everything that `AsyncImageKit` documents differently: the words of `ImageKit` and their replacements.
DIFFERENCES: dict[str, list[tuple[str, str]]] = {
    "close": [
        ("Close the connections;", "Close the connections of the running loop when its requests have ended;"),
    ],
    "upload_file": [
        ("is streamed:", "is streamed, and read in a thread if it comes from a file:"),
        ("whole request in bytes.", "whole request in bytes, in the thread of the event loop."),
    ],
    "iter_files": [
        ("An iterator over", "An asynchronous iterator over"),
    ],
    "upload_many": [
        ASYNC_ITEMS,
        ASYNC_OUTCOMES,
        ASYNC_LEAVING,
        ("for done in", "async for done in"),
        ("uploads in progress.", "uploads in progress; a client sends at most 100 requests at once."),
        (
            "executor: A `concurrent.futures.Executor` to use instead of the client's own threads. An executor that "
            "uses processes or a cluster pickles the client and the items, which must then be paths or bytes; a path "
            "must be valid on the machine that runs the upload. The executor receives at most `at_once` uploads at a "
            "time and is not shut down. ",
            "",
        ),
        NO_PROCESSES,
    ],
    "delete_many": [ASYNC_ITEMS, ASYNC_OUTCOMES, ASYNC_LEAVING, NO_EXECUTOR],
    "tag_many": [ASYNC_ITEMS, ASYNC_OUTCOMES, ASYNC_LEAVING, NO_EXECUTOR],
    "get_metadata_many": [
        ASYNC_ITEMS,
        ASYNC_OUTCOMES,
        ASYNC_LEAVING,
        NO_EXECUTOR,
        ("for done in", "async for done in"),
    ],
    "download": [
        ("is streamed:", "is streamed, and written in a thread:"),
        ("Function to call with", "Function to call in the thread of the event loop with"),
    ],
    "open_stream": [
        (
            "Opening the stream requests the first 256 KiB.",
            "``async with``, `await` or the first read opens the stream, which requests the first 256 KiB.",
        ),
        (
            'with imagekit.open_stream("/catalogue.zip") as stream: print(zipfile.ZipFile(stream).namelist())',
            'async with imagekit.open_stream("/film.mp4") as stream: async for block in stream: await '
            "response.write(block)",
        ),
        (
            "A seekable binary file object open for reading, with `size`,",
            "A stream with `read`, `seek`, `tell` and `aclose`, and with `size`,",
        ),
    ],
    "download_many": [
        ASYNC_ITEMS,
        ASYNC_OUTCOMES,
        ASYNC_LEAVING,
        NO_EXECUTOR,
        ("downloads in progress.", "downloads in progress; a client sends at most 100 requests at once."),
    ],
    "sync_folder": [ASYNC_OUTCOMES, ASYNC_LEAVING, NO_EXECUTOR, NO_PROCESSES],
    "plan_uploads": [
        ("for done in", "async for done in"),
        ASYNC_OUTCOMES,
        NO_EXECUTOR,
    ],
    "apply_changes": [
        ("An iterator over the outcomes,", "An asynchronous generator of the outcomes,"),
        ASYNC_LEAVING,
        NO_EXECUTOR,
        NO_PROCESSES,
    ],
    "pull_files": [ASYNC_ITEMS, ASYNC_OUTCOMES, ASYNC_LEAVING, NO_EXECUTOR, NO_PROCESSES],
    "pull_folder": [ASYNC_OUTCOMES, ASYNC_LEAVING, NO_EXECUTOR],
}
CLASS_DIFFERENCES = [
    (
        "local ImageKit.",
        "local ImageKit, using asyncio. :: async with AsyncImageKit() as imagekit: file = await "
        'imagekit.get_file_details(file_id) async for file in imagekit.iter_files(path="/shop"): '
        "print(imagekit.url(path=file.file_path)) The methods are those of `ImageKit`. Those that send requests are "
        "awaited; those that only build URLs are not.",
    ),
    ("threads may share it", "tasks may share it"),
    (
        "it keeps working after `fork`.",
        "it works in any number of event loops, with separate connections in each. At most 100 requests are in "
        "progress in a loop; the others wait.",
    ),
    (
        "leaving the ``with`` block, closes them.",
        "leaving the ``async with`` block, closes those of the running loop when the requests in progress have ended. "
        "Leaving the block with an exception aborts these requests. Files are read in threads, so the event loop is "
        "not blocked; `on_progress` is called in the thread of the loop. A cancelled call closes its connection and "
        "its file before the CancelledError is raised. As after a `NetworkException`, the service may or may not have "
        "carried out the request.",
    ),
    ("A `requests.Session`", "An `aiohttp.ClientSession`"),
    ("Raises:", "Raises: ImportError: aiohttp is not installed; the extra ``async`` installs it."),
]


class AsyncAnswers(Answers):
    async def run(self, operation: Operation[Any]) -> Any:
        return super().run(operation)


def async_client_with(answer: object) -> tuple[AsyncImageKit, AsyncAnswers]:
    client = AsyncImageKit("public_test", "private_test", "https://ik.imagekit.io/acme")
    transport = AsyncAnswers(answer)
    client.__dict__["_transport"] = transport
    return client, transport


def read_signature(client: type[Client], name: str) -> inspect.Signature:
    return inspect.signature(getattr(client, name))


def test_both_have_the_same_names() -> None:
    assert sorted(name for name in dir(AsyncImageKit) if not name.startswith("_")) == PUBLIC
    assert {"upload_file", "upload", "iter_files", "close", "create_origin"} < set(CALLS)
    assert len(CALLS) > 60


@pytest.mark.parametrize("name", sorted(set(PUBLIC) - set(CALLS)))
def test_methods_that_send_nothing_are_shared_and_never_awaited(name: str) -> None:
    found = getattr(ImageKit, name)
    assert getattr(AsyncImageKit, name) is found
    assert not inspect.iscoroutinefunction(found)


@pytest.mark.parametrize("name", sorted(set(CALLS) - MANY - {"open_stream"}))
def test_the_signatures_are_the_same_including_annotations(name: str) -> None:
    ours, theirs = read_signature(AsyncImageKit, name), read_signature(ImageKit, name)
    assert list(ours.parameters.values()) == list(theirs.parameters.values())
    if name == "iter_files":
        assert ours.return_annotation == f"Async{theirs.return_annotation}"
    else:
        assert ours.return_annotation == theirs.return_annotation
        assert inspect.iscoroutinefunction(getattr(AsyncImageKit, name))


def test_a_stream_is_opened_with_the_same_arguments_and_awaited_later() -> None:
    ours, theirs = read_signature(AsyncImageKit, "open_stream"), read_signature(ImageKit, "open_stream")
    assert list(ours.parameters.values()) == list(theirs.parameters.values())
    assert ours.return_annotation == f"Async{theirs.return_annotation}"
    assert not inspect.iscoroutinefunction(AsyncImageKit.open_stream)


@pytest.mark.parametrize("name", sorted(MANY))
def test_work_on_many_files_takes_asynchronous_items_instead_of_an_executor(name: str) -> None:
    ours, theirs = read_signature(AsyncImageKit, name), read_signature(ImageKit, name)
    expected = [str(parameter) for parameter in theirs.parameters.values() if parameter.name != "executor"]
    found = [str(parameter) for parameter in ours.parameters.values()]
    assert found == [re.sub(r"^items: '(Iterable)(.*)'$", r"items: '\1\2 | Async\1\2'", text) for text in expected]
    assert ours.return_annotation == re.sub(
        r"^Iterator\[(.*)\]$", r"AsyncGenerator[\1, None]", theirs.return_annotation
    )


def test_the_constructors_differ_only_in_the_kind_of_session() -> None:
    def parameters(client: type[Client]) -> list[str]:
        return [str(parameter) for parameter in read_signature(client, "__init__").parameters.values()]

    ours = [text.replace("AsyncClientKeywords", "ClientKeywords") for text in parameters(AsyncImageKit)]
    assert ours == parameters(ImageKit)


def read_documentation(client: type[Client], name: str) -> str:
    found = inspect.getdoc(getattr(client, name))
    assert found
    return found


def adapt_to_asyncio(text: str, differences: list[tuple[str, str]]) -> str:
    """Return the documentation of `ImageKit` as one line, with the words that `AsyncImageKit` replaces."""
    line = " ".join(text.split())
    for words, others in differences:
        assert line.count(words) == 1, words
        line = line.replace(words, others)
    return line


@pytest.mark.parametrize("name", sorted(set(METHODS) - set(DIFFERENCES)))
def test_the_documentation_is_the_same(name: str) -> None:
    assert read_documentation(AsyncImageKit, name) == read_documentation(ImageKit, name)


@pytest.mark.parametrize("name", sorted(DIFFERENCES))
def test_the_documentation_differs_only_where_asyncio_does(name: str) -> None:
    found = " ".join(read_documentation(AsyncImageKit, name).split())
    assert found == adapt_to_asyncio(read_documentation(ImageKit, name), DIFFERENCES[name])


def test_the_documentation_of_the_classes_differs_only_where_asyncio_does() -> None:
    ours, theirs = inspect.getdoc(AsyncImageKit), inspect.getdoc(ImageKit)
    assert ours
    assert theirs
    assert " ".join(ours.split()) == adapt_to_asyncio(theirs, CLASS_DIFFERENCES)


@pytest.mark.parametrize("client", [ImageKit, AsyncImageKit])
@pytest.mark.parametrize("name", METHODS)
def test_each_parameter_is_documented_in_the_order_of_the_signature(client: type[Client], name: str) -> None:
    _, _, arguments = read_documentation(client, name).partition("\nArgs:\n")
    lines = takewhile(lambda line: line.startswith(" "), arguments.splitlines())
    documented = [found[1] for line in lines if (found := re.match(r" {4}(\w+): \S", line))]
    assert ["self", *documented] == list(read_signature(client, name).parameters)


@pytest.mark.parametrize("name", CALLS)
def test_an_alias_names_the_same_method_in_both(name: str) -> None:
    def others(client: type[Client]) -> set[str]:
        return {other for other in CALLS if getattr(client, other) is getattr(client, name)}

    assert others(AsyncImageKit) == others(ImageKit)


@pytest.mark.parametrize("name", sorted({*WITH_OPTIONS, *WITHOUT_OPTIONS}))
def test_both_send_the_same_request_and_return_the_same_result(name: str) -> None:
    answer: object = [] if name in LISTS else {}
    arguments = (*WITH_OPTIONS[name][0], WITH_OPTIONS[name][1]) if name in WITH_OPTIONS else WITHOUT_OPTIONS[name]
    client, transport = client_with(answer)
    async_client, async_transport = async_client_with(answer)
    result = getattr(client, name)(*arguments)
    async_result = asyncio.run(getattr(async_client, name)(*arguments))
    assert async_transport.requests == transport.requests
    assert (type(async_result), vars(async_result)) == (type(result), vars(result))


def test_both_refuse_invalid_options_before_anything_is_sent() -> None:
    client, transport = async_client_with([])
    with pytest.raises(TypeError, match="'limt'; did you mean 'limit'"):
        asyncio.run(client.list_files(limt=3))  # type: ignore[call-arg]
    with pytest.raises(ValueError, match="limit must be at least 1"):
        client.iter_files(limit=0)  # not awaited, and no loop is running
    assert transport.requests == []


def test_each_operation_is_run_by_one_line() -> None:
    """Nothing is decided twice: anything beyond a single call belongs in an operation."""
    modules = [((imagekitio.client, account), ""), ((imagekitio.aio, aio_account), "await ")]
    for sources, awaiting in modules:
        source = "".join(map(inspect.getsource, sources))
        assert source.count(f"return {awaiting}self._run(") == len(
            {*WITH_OPTIONS, *WITHOUT_OPTIONS, "get_file_by_path"}
        )
