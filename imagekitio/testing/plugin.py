"""The pytest plugin: an ImageKit for every test. pytest loads it by itself where ``imagekitio`` is installed.

::

    def test_a_picture_gets_its_thumbnail(imagekit, imagekit_server):
        picture = imagekit.upload_file(file=Path("shoe.jpg"), file_name="shoe.jpg")
        make_thumbnail(picture)
        assert [request.operation for request in imagekit_server.requests] == ["upload_file", "delivery"]

``imagekit_server``
    A `LocalImageKit`, started once a run, by the first test that wants it (once a worker with pytest-xdist).
``imagekit``
    A client of it. Everything is empty before each test, the time is real, there are no faults.
``imagekit_folder``
    The path of a folder of the test's own, such as ``/imagekitio-tests-4f9c2a71d05e``.

With ``IMAGEKIT_TEST_REAL=1`` in the environment the same tests run against the account that ``IMAGEKIT_PUBLIC_KEY``,
``IMAGEKIT_PRIVATE_KEY`` and ``IMAGEKIT_URL_ENDPOINT`` name. Nobody empties an account for a test: tests that are to run
there put what they make into ``imagekit_folder``. After the test that folder is deleted, and so is every file that was
uploaded with ``imagekit``, wherever it is; folders and custom metadata fields elsewhere stay. Tests that ask for
``imagekit_server`` are skipped there, since an account has no clock to freeze and no faults to order.

Local ImageKit needs the extra ``local``; without it, tests that use a fixture fail and say so. Nothing is imported
until then.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..client import ImageKit
    from ..local import LocalImageKit

REAL = "IMAGEKIT_TEST_REAL"


@pytest.fixture(scope="session")
def imagekit_server() -> Iterator[LocalImageKit]:
    """A local ImageKit that all tests of this run share; tests that use `imagekit` find it empty."""
    if _is_real():
        pytest.skip(f"needs local ImageKit, but {REAL} asks for an account")
    from ..local import LocalImageKit

    try:
        server = LocalImageKit()
    except ImportError as exc:
        pytest.fail(str(exc), pytrace=False)
    with server:
        yield server


@pytest.fixture
def imagekit(request: pytest.FixtureRequest) -> Iterator[ImageKit]:
    """A client of local ImageKit, which is empty, or of the account that the environment names."""
    if _is_real():
        from .account import client_of_account

        with client_of_account() as client:
            yield client
        return
    server: LocalImageKit = request.getfixturevalue("imagekit_server")
    server.reset()
    with server.client() as client:
        yield client


@pytest.fixture
def imagekit_folder(imagekit: ImageKit) -> Iterator[str]:
    """The path of a folder for this test alone; it is made by the first upload into it, and deleted after the test."""
    folder = f"/imagekitio-tests-{uuid4().hex[:12]}"
    yield folder
    if _is_real():
        from .account import delete_folder

        delete_folder(imagekit, folder)


def _is_real() -> bool:
    return os.environ.get(REAL, "").lower() not in ("", "0", "false", "no")
