from __future__ import annotations

import pickle

from imagekitio.exceptions import EmptyFileError, ImageKitException


def test_an_empty_file_is_an_invalid_argument_and_not_a_failure_of_the_service() -> None:
    assert issubclass(EmptyFileError, ValueError)
    assert not issubclass(EmptyFileError, ImageKitException)


def test_the_error_pickles() -> None:
    twin = pickle.loads(pickle.dumps(EmptyFileError("file must not be empty: a.jpg")))
    assert type(twin) is EmptyFileError
    assert str(twin) == "file must not be empty: a.jpg"
