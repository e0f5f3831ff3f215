"""`ImageKit` and `AsyncImageKit` offer the same: method by method, signature by signature, request by request."""

from __future__ import annotations

import asyncio
import inspect
import re
from typing import TYPE_CHECKING, Any

import pytest

import imagekitio.aio
import imagekitio.client
from imagekitio import AsyncImageKit, ImageKit

from .test_client import LISTS, WITH_OPTIONS, WITHOUT_OPTIONS, Answers, client_with

if TYPE_CHECKING:
    from imagekitio.base import Client
    from imagekitio.operations.core import Operation

CALLS = sorted(name for name in vars(ImageKit) if not name.startswith("_"))
PUBLIC = sorted(name for name in dir(ImageKit) if not name.startswith("_"))
# Work on many files: with tasks there is no executor, and items may come from an asynchronous iterable.
MANY = {"upload_many", "delete_many", "download_many", "sync_folder"}


class AsyncAnswers(Answers):
    async def run(self, operation: Operation[Any]) -> Any:
        return super().run(operation)


def async_client_with(answer: object) -> tuple[AsyncImageKit, AsyncAnswers]:
    client = AsyncImageKit("public_test", "private_test", "https://ik.imagekit.io/acme")
    transport = AsyncAnswers(answer)
    client.__dict__["_transport"] = transport
    return client, transport


def signature(client: type[Client], name: str) -> inspect.Signature:
    return inspect.signature(getattr(client, name))


def test_both_have_the_same_names() -> None:
    assert sorted(name for name in dir(AsyncImageKit) if not name.startswith("_")) == PUBLIC
    assert sorted(name for name in vars(AsyncImageKit) if not name.startswith("_")) == CALLS
    assert {"upload_file", "upload", "iter_files", "close"} < set(CALLS)
    assert len(CALLS) > 30


@pytest.mark.parametrize("name", sorted(set(PUBLIC) - set(CALLS)))
def test_what_needs_no_answer_is_one_and_the_same_and_never_awaited(name: str) -> None:
    found = getattr(ImageKit, name)
    assert getattr(AsyncImageKit, name) is found
    assert not inspect.iscoroutinefunction(found)


@pytest.mark.parametrize("name", sorted(set(CALLS) - MANY))
def test_the_signatures_are_the_same_to_the_last_annotation(name: str) -> None:
    ours, theirs = signature(AsyncImageKit, name), signature(ImageKit, name)
    assert list(ours.parameters.values()) == list(theirs.parameters.values())
    if name == "iter_files":
        assert ours.return_annotation == f"Async{theirs.return_annotation}"
    else:
        assert ours.return_annotation == theirs.return_annotation
        assert inspect.iscoroutinefunction(getattr(AsyncImageKit, name))


@pytest.mark.parametrize("name", sorted(MANY))
def test_work_on_many_files_differs_in_who_does_it_and_in_what_may_be_asynchronous(name: str) -> None:
    ours, theirs = signature(AsyncImageKit, name), signature(ImageKit, name)
    expected = [str(parameter) for parameter in theirs.parameters.values() if parameter.name != "executor"]
    found = [str(parameter) for parameter in ours.parameters.values()]
    assert found == [re.sub(r"^items: '(Iterable)(.*)'$", r"items: '\1\2 | Async\1\2'", text) for text in expected]
    assert ours.return_annotation == re.sub(
        r"^Iterator\[(.*)\]$", r"AsyncGenerator[\1, None]", theirs.return_annotation
    )


def test_the_constructors_differ_in_the_kind_of_session_alone() -> None:
    def parameters(client: type[Client]) -> list[str]:
        return [str(parameter) for parameter in signature(client, "__init__").parameters.values()]

    assert [text.replace("AsyncSettings", "Settings") for text in parameters(AsyncImageKit)] == parameters(ImageKit)


@pytest.mark.parametrize("name", sorted(set(CALLS) - MANY - {"close"}))
def test_the_documentation_is_the_same(name: str) -> None:
    documentation = inspect.getdoc(getattr(AsyncImageKit, name))
    assert documentation
    assert documentation == inspect.getdoc(getattr(ImageKit, name))


@pytest.mark.parametrize("name", CALLS)
def test_a_further_name_stands_for_the_same_method_in_both(name: str) -> None:
    def others(client: type[Client]) -> set[str]:
        return {other for other in CALLS if vars(client)[other] is vars(client)[name]}

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


def test_wrong_options_are_refused_alike_before_anything_is_sent() -> None:
    client, transport = async_client_with([])
    with pytest.raises(TypeError, match="'limt'; did you mean 'limit'"):
        asyncio.run(client.list_files(limt=3))  # type: ignore[call-arg]
    with pytest.raises(ValueError, match="limit must be at least 1"):
        client.iter_files(limit=0)  # not awaited, and no loop is running
    assert transport.requests == []


def test_each_operation_is_run_by_one_line() -> None:
    """So that nothing is decided twice: what is longer than a call belongs into an operation."""
    for module, awaiting in ((imagekitio.client, ""), (imagekitio.aio, "await ")):
        source = inspect.getsource(module)
        assert source.count(f"return {awaiting}self._run(") == len({*WITH_OPTIONS, *WITHOUT_OPTIONS})
