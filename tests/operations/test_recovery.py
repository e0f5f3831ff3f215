from __future__ import annotations

import io
import json
import re
from datetime import datetime, timezone
from email.utils import formatdate
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from imagekitio.exceptions import BadRequestException, ImageKitException, NetworkException
from imagekitio.flow.attempts import Wait, attempts
from imagekitio.flow.imagekit import ImageKitService
from imagekitio.models.response_metadata import Headers
from imagekitio.operations.core import Multipart, Operation, Request, Response
from imagekitio.operations.uploads import upload_file
from imagekitio.policies import Retry

if TYPE_CHECKING:
    from collections.abc import Callable

SERVICE = ImageKitService("private_fake", "https://api.example", "https://upload.example")
NOW = 1_700_000_000
REFUSED = Response(
    400, Headers({"Date": formatdate(NOW, usegmt=True)}), b'{"message": "A file with the same name already exists"}'
)
LOST = NetworkException("reset")
NOT_SENT = NetworkException("refused")
NOT_SENT.request_sent = False
NOTHING = Response(200, Headers(), b"[]")

Answer = Response | ImageKitException


def name_of(operation: Operation[Any]) -> str:
    assert isinstance(operation.request.body, Multipart)
    return dict(operation.request.body.fields)["fileName"]


def make_listing(path: str, **members: Any) -> Response:
    created = datetime.fromtimestamp(members.pop("created", NOW), timezone.utc).isoformat(timespec="milliseconds")
    file = {
        "type": "file",
        "fileId": "65e6c5a9b7d1f2034a5b6c7d",
        "name": path.rpartition("/")[2],
        "filePath": path,
        "size": 7,
        "createdAt": created.replace("+00:00", "Z"),
        "url": f"https://ik.example.com/demo{path}?updatedAt=1",
        "thumbnail": f"https://ik.example.com/demo{path}?updatedAt=1&tr=n-ik_ml_thumbnail",
        "fileType": "image",
        "tags": ["a"],
        **members,
    }
    return Response(200, Headers(), json.dumps([file]).encode())


def run(
    operation: Operation[Any], *answers: Answer, look_up: Callable[[str], Answer] | None = None
) -> tuple[Any, list[Request]]:
    """Run the upload with `answers`, and answer any search with what `look_up` returns for its query."""
    left, sent = list(answers), list[Request]()
    steps = attempts(operation, SERVICE, Retry(attempts=3), clock=lambda: 0.0, now=lambda: NOW, chance=lambda: 0.0)
    reply: Answer | None = None
    while True:
        try:
            step = steps.send(reply)
        except StopIteration as done:
            return done.value, sent
        except ImageKitException as error:
            return error, sent
        if isinstance(step, Wait):
            reply = None
            continue
        sent.append(step)
        if step is operation.request:
            reply = left.pop(0)
        else:
            assert look_up is not None, "no file should be looked up"
            reply = look_up(parse_qs(urlsplit(step.path).query)["searchQuery"][0])


def test_a_name_is_made_unique_as_the_service_would_and_differs_for_each_upload() -> None:
    operation = upload_file(b"content", "hé ro.tar.gz", folder="/a b")
    assert isinstance(operation.request.body, Multipart)
    fields = dict(operation.request.body.fields)
    assert re.fullmatch(r"hé ro\.tar_[A-Za-z0-9_-]{9}\.gz", fields["fileName"])
    assert (fields["useUniqueFileName"], fields["overwriteFile"]) == ("false", "false")
    assert operation.request.idempotent
    assert name_of(upload_file(b"content", "hero")) != name_of(upload_file(b"content", "hero"))


def test_an_upload_that_succeeds_needs_no_extra_request() -> None:
    operation = upload_file(b"content", "a.jpg")
    result, sent = run(operation, Response(200, Headers(), b'{"fileId": "1", "name": "a_x.jpg"}'))
    assert (result.file_id, len(sent)) == ("1", 1)


def test_after_a_refused_retry_the_file_of_the_first_attempt_is_found() -> None:
    operation = upload_file(b"content", "a b.jpg", folder="x.y/é", response_fields=["tags"])
    stored = name_of(operation).replace(" ", "_")
    queries: list[str] = []

    def look_up(query: str) -> Response:
        queries.append(query)
        return make_listing(f"/x_y/é/{stored}")

    result, sent = run(operation, LOST, REFUSED, look_up=look_up)
    assert len(sent) == 3
    assert queries == [f'name = "{stored}"']
    assert result.file_id == "65e6c5a9b7d1f2034a5b6c7d"
    assert (result.file_path, result.size, result.tags) == (f"/x_y/é/{stored}", 7, ["a"])
    assert "?" not in result.url
    assert result.thumbnail_url


def test_after_the_last_attempt_the_file_is_looked_up_before_the_error_is_raised() -> None:
    operation = upload_file(b"content", "a.jpg")
    result, _ = run(operation, LOST, LOST, LOST, look_up=lambda query: make_listing("/" + name_of(operation)))
    assert result.file_id == "65e6c5a9b7d1f2034a5b6c7d"
    result, _ = run(operation, LOST, LOST, LOST, look_up=lambda query: NOTHING)
    assert isinstance(result, NetworkException)
    result, _ = run(operation, LOST, LOST, LOST, look_up=lambda query: LOST)
    assert "after 3 attempts" in str(result)


def test_the_file_of_a_stream_that_cannot_be_rewound_is_looked_up() -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def tell(self) -> int:
            raise OSError("a pipe has no position")

    operation = upload_file(Pipe(b"content"), "a.jpg")
    result, sent = run(operation, LOST, look_up=lambda query: make_listing("/" + name_of(operation)))
    assert (result.size, len(sent)) == (7, 2)


@pytest.mark.parametrize("refusal", [REFUSED, Response(401, Headers(), b"{}")])
def test_a_refusal_of_the_first_attempt_is_final(refusal: Response) -> None:
    result, sent = run(upload_file(b"content", "a.jpg"), refusal)
    assert isinstance(result, ImageKitException)
    assert len(sent) == 1


def test_a_refusal_after_attempts_that_were_never_sent_is_final() -> None:
    result, sent = run(upload_file(b"content", "a.jpg"), NOT_SENT, NOT_SENT, REFUSED)
    assert isinstance(result, BadRequestException)
    assert len(sent) == 3


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_gateway_error_does_not_prove_that_nothing_was_stored(status: int) -> None:
    operation = upload_file(b"content", "a.jpg")
    answers = (Response(status, Headers(), b""), REFUSED)
    result, _ = run(operation, *answers, look_up=lambda query: make_listing("/" + name_of(operation)))
    assert result.size == 7


@pytest.mark.parametrize(
    ("found", "is_ours"),
    [
        (make_listing("/a.jpg"), True),
        (make_listing("/a.jpg", created=NOW - 60), False),
        (make_listing("/a.jpg", size=8), False),
        (make_listing("/b.jpg"), False),
        (make_listing("/a.jpg", createdAt="yesterday"), False),
        (Response(200, Headers(), b'{"not": "a list"}'), False),
        (Response(500, Headers(), b"no JSON"), False),
    ],
)
def test_a_file_with_the_callers_name_counts_as_ours_if_its_size_and_age_match(found: Response, is_ours: bool) -> None:
    operation = upload_file(io.BytesIO(b"content"), "a.jpg", use_unique_file_name=False, overwrite_file=False)
    result, _ = run(operation, LOST, REFUSED, look_up=lambda query: found)
    assert isinstance(result, BadRequestException) is not is_ours


@pytest.mark.parametrize(
    ("file", "options"),
    [
        ("https://example.com/a.jpg", {}),
        ("data:text/plain;base64,Y29udGVudA==", {}),
        (b"content", {"transformation": {"pre": "w-300"}}),
    ],
)
@pytest.mark.parametrize(("created", "is_ours"), [(NOW, True), (NOW - 60, False)])
def test_if_the_size_is_not_known_the_age_decides(
    file: Any, options: dict[str, Any], created: int, is_ours: bool
) -> None:
    operation = upload_file(file, "a.jpg", {"use_unique_file_name": False, "overwrite_file": False, **options})
    result, _ = run(operation, LOST, REFUSED, look_up=lambda query: make_listing("/a.jpg", size=8, created=created))
    assert isinstance(result, BadRequestException) is not is_ours


@pytest.mark.parametrize(("date", "is_ours"), [(NOW, True), (NOW + 60, False), (None, False)])
def test_if_no_response_arrived_the_time_comes_from_the_search(date: int | None, is_ours: bool) -> None:
    headers = {} if date is None else {"Date": formatdate(date, usegmt=True)}
    found = Response(200, Headers(headers), make_listing("/a.jpg").body)
    operation = upload_file("https://example.com/a.jpg", "a.jpg", use_unique_file_name=False, overwrite_file=False)
    result, sent = run(operation, LOST, LOST, LOST, look_up=lambda query: found)
    assert isinstance(result, NetworkException) is not is_ours
    assert len(sent) == 4


def test_the_size_of_files_whose_seek_returns_nothing_is_known() -> None:
    class DjangoFile(io.BytesIO):
        def seek(self, offset: int, whence: int = 0) -> None:  # type: ignore[override]
            super().seek(offset, whence)

    operation = upload_file(DjangoFile(b"content"), "a.jpg", use_unique_file_name=False, overwrite_file=False)
    result, _ = run(operation, LOST, REFUSED, look_up=lambda query: make_listing("/a.jpg"))
    assert result.size == 7


def test_an_upload_that_overwrites_is_retried() -> None:
    operation = upload_file(b"content", "a.jpg", use_unique_file_name=False)
    result, sent = run(operation, LOST, Response(200, Headers(), b'{"fileId": "1"}'))
    assert (result.file_id, len(sent)) == ("1", 2)


@pytest.mark.parametrize(
    "options",
    [
        {"use_unique_file_name": False, "extensions": [{"name": "remove-bg"}]},
        {"use_unique_file_name": False, "transformation": {"post": [{"type": "thumbnail"}]}},
        {"checks": '"request.fileName" : "a"'},
        {"checks": '"request.useUniqueFileName" = true'},
    ],
)
def test_an_upload_with_a_cost_per_attempt_or_checks_on_its_name_is_not_retried_in_doubt(options: Any) -> None:
    operation = upload_file(b"content", "a.jpg", options)
    assert name_of(operation) == "a.jpg"
    result, sent = run(operation, LOST)
    assert isinstance(result, NetworkException)
    assert len(sent) == 1
