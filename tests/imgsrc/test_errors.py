"""The exceptions of img-src.io."""

from __future__ import annotations

import copy
import json
import pickle
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.exceptions import (
    ImageKitException,
    NetworkException,
    TimeoutException,
    UnknownException,
)
from imagekitio.imgsrc import errors
from imagekitio.imgsrc.operations import account, images
from imagekitio.models.response_metadata import Headers, ResponseMetadata

from .answers import ID, error_body, respond

if TYPE_CHECKING:
    from imagekitio.operations.core import Operation, Response


def fail(operation: Operation[Any], response: Response) -> errors.ImgsrcError:
    """Return what a caller gets for an answer."""
    try:
        operation.parse(response)
    except ImageKitException as exc:
        return errors.convert_error(exc)
    raise AssertionError("the answer was taken for a success")


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, errors.BadRequestError),
        (401, errors.UnauthorizedError),
        (403, errors.ForbiddenError),
        (404, errors.NotFoundError),
        (409, errors.ConflictError),
        (500, errors.InternalServerError),
    ],
)
def test_a_refusal_that_the_api_lists_is_an_error_response(status: int, kind: type[errors.ImgsrcError]) -> None:
    body = error_body(status, "SOME_CODE", "Image not found")
    error = fail(account.update_preset("a", "b"), respond(body, status, X_RateLimit_Remaining="3"))
    assert isinstance(error, errors.ErrorResponse)
    assert isinstance(error, kind)
    assert not isinstance(error, errors.ImgsrcDefaultError)
    assert str(error) == error.message == "Image not found"
    assert (error.data.error.code, error.data.error.status) == ("SOME_CODE", status)
    assert error.data.error.path == error.path == f"/api/v1/images/{ID}"
    assert (error.code, error.status_code) == ("SOME_CODE", status)
    assert error.headers["x-ratelimit-remaining"] == "3"
    assert error.raw_response.json() == body
    assert '"SOME_CODE"' in error.body
    assert type(error).__name__ == kind.__name__


@pytest.mark.parametrize(
    ("response", "kind", "message"),
    [
        (respond(error_body(429, "RATE_LIMITED", "Too many requests"), 429), errors.RateLimitedError, "Too many"),
        (respond(error_body(409, "CONFLICT", "Taken"), 409), errors.ConflictError, "Taken"),  # not listed for this call
        (respond(b"<html><body>Bad gateway</body></html>", 502), errors.InternalServerError, "Bad gateway"),
        (respond(b"<html>Not here</html>", 404), errors.NotFoundError, "Not here"),
        (respond({"error": "gone"}, 404), errors.NotFoundError, "gone"),
        (respond(b"", 503), errors.InternalServerError, "empty body"),
        (respond(error_body(418, "TEAPOT", "Short and stout"), 418), errors.ImgsrcDefaultError, "Short and stout"),
        (respond(b"", 302, Location="https://login.example/?a=b"), errors.ImgsrcDefaultError, "login.example"),
        (respond(b"", 204), errors.ImgsrcDefaultError, "204"),
    ],
)
def test_any_other_refusal_is_a_default_error(response: Response, kind: type[errors.ImgsrcError], message: str) -> None:
    error = fail(images.get_image(ID), response)
    assert isinstance(error, errors.ImgsrcDefaultError)
    assert not isinstance(error, errors.ErrorResponse)
    assert isinstance(error, kind)
    assert message in str(error)
    assert error.status_code == response.status


@pytest.mark.parametrize("body", [b"<html>Log in</html>", b"[1, 2]", b'"text"', b"{", b"\xff", b""])
def test_a_success_that_cannot_be_read_is_a_validation_error(body: bytes) -> None:
    error = fail(images.get_image(ID), respond(body))
    assert isinstance(error, errors.ResponseValidationError)
    assert error.status_code == 200


@pytest.mark.parametrize(
    ("core", "kind"),
    [
        (NetworkException("refused"), errors.NoResponseError),
        (TimeoutException("late"), errors.RequestTimeoutError),
        (UnknownException("cannot be decoded"), errors.ResponseValidationError),
        (UnknownException("odd", "", ResponseMetadata(None, 500, Headers())), errors.InternalServerError),
    ],
)
def test_network_failures_have_the_same_base(core: ImageKitException, kind: type[errors.ImgsrcError]) -> None:
    core.attempts, core.elapsed_seconds, core.retry_after_seconds = 3, 1.5, 7.0
    error = errors.convert_error(core)
    assert type(error) is kind or kind in type(error).__mro__
    assert (error.attempts, error.elapsed_seconds, error.retry_after_seconds) == (3, 1.5, 7.0)
    assert error.body == ""
    assert error.data is None


def every_error() -> list[errors.ImgsrcError]:
    answers = [respond(error_body(status, "CODE", "Text"), status) for status in (400, 401, 404, 413, 429, 500, 503)]
    found = [fail(images.get_image(ID), answer) for answer in answers]
    return [*found, errors.convert_error(TimeoutException("late")), errors.ImgsrcError(), errors.ErrorResponse("a")]


@pytest.mark.parametrize("error", every_error(), ids=lambda error: f"{type(error).__name__} {error.status_code}")
def test_an_error_survives_pickle_and_copy(error: errors.ImgsrcError) -> None:
    error.attempts = 2
    for other in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert type(other) is type(error)
        assert (str(other), other.attempts, other.raw_response) == (str(error), 2, error.raw_response)


def test_a_subclass_of_your_own_survives_pickle() -> None:
    assert type(pickle.loads(pickle.dumps(OwnError("a")))) is OwnError


class OwnError(errors.NotFoundError, ValueError):
    pass


@given(
    st.dictionaries(
        st.sampled_from(["code", "message", "status", "path", "a"]),
        st.none() | st.integers() | st.text() | st.lists(st.integers()) | st.dictionaries(st.text(), st.text()),
    )
    | st.text()
)
def test_no_body_of_an_error_can_break_its_description(body: object) -> None:
    error = fail(images.get_image(ID), respond({"error": body}, 404))
    assert isinstance(error, errors.NotFoundError)
    assert str(error)
    assert error.code is None or isinstance(error, errors.ImgsrcError)


def test_every_public_name_is_listed() -> None:
    defined = {
        name
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, Exception) and value.__module__ == errors.__name__
    }
    assert defined - {"DocumentedRefusal"} <= {*errors.__all__}


def test_an_exception_is_made_from_a_response_of_an_http_library() -> None:
    body = error_body(404, "NOT_FOUND", "Image not found")
    for kind in (errors.NotFoundError, errors.ErrorResponse, errors.ImgsrcDefaultError):
        error = kind("gone", httpx.Response(404, json=body, headers={"X-Trace": "7"}))
        assert (error.message, error.status_code, error.headers["x-trace"]) == ("gone", 404, "7")
        assert error.data is not None
        assert (error.data.error.code, error.code, json.loads(error.body)) == ("NOT_FOUND", "NOT_FOUND", body)
    page = errors.ImgsrcDefaultError("bad gateway", httpx.Response(502, text="<html>"))
    assert (page.body, page.data) == ("<html>", None)
    with pytest.raises(TypeError, match=r"raw_response must be a response, such as httpx\.Response\(404, json=…\)"):
        errors.ImgsrcError("gone", 404)  # type: ignore[arg-type]
