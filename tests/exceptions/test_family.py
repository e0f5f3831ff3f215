from __future__ import annotations

import pickle

import pytest

from imagekitio import exceptions
from imagekitio.exceptions import ImageKitException, NetworkException, NotFoundException, UnknownException
from imagekitio.models.response_metadata import Headers, ResponseMetadata

FAMILY: list[type[ImageKitException]] = [
    getattr(exceptions, name) for name in exceptions.__all__ if name.endswith("Exception")
]


@pytest.mark.parametrize("kind", FAMILY)
def test_every_exception_pickles_with_all_its_attributes(kind: type[ImageKitException]) -> None:
    error = kind("It failed.", "Write to us.", ResponseMetadata({"reason": "R"}, 418, Headers({"X-Ik-RequestId": "r"})))
    error.attempts, error.elapsed_seconds = 3, 2.1
    twin = pickle.loads(pickle.dumps(error))
    assert type(twin) is kind
    assert str(twin) == "It failed."
    assert vars(twin) == vars(error)
    assert (twin.request_id, twin.reason) == ("r", "R")


@pytest.mark.parametrize("kind", FAMILY)
def test_every_exception_belongs_to_the_family_and_needs_no_arguments(kind: type[ImageKitException]) -> None:
    error = kind()
    assert isinstance(error, ImageKitException)
    assert (error.message, error.response_help, error.raw, error.request_id, error.reason) == ("", "", None, None, None)
    assert error.response_metadata.http_status_code is None


@pytest.mark.parametrize("name", ["PartialSuccessException", "NotFoundException", "ConflictException"])
def test_old_code_that_catches_unknown_exception_still_catches_it(name: str) -> None:
    assert issubclass(getattr(exceptions, name), UnknownException)


def test_a_timeout_is_a_network_failure_and_not_the_builtin() -> None:
    assert issubclass(exceptions.TimeoutException, NetworkException)
    assert not issubclass(exceptions.TimeoutException, TimeoutError)


@pytest.mark.parametrize("raw", [None, [], "text", {"missingFileIds": "x"}, {"errors": {"a": 1}}, {"errors": ["x"]}])
def test_lists_of_files_are_empty_when_the_response_has_none(raw: object) -> None:
    metadata = ResponseMetadata(raw, 404)
    assert NotFoundException("", "", metadata).missing_file_ids == []
    assert exceptions.PartialSuccessException("", "", metadata).failed_file_ids == []
