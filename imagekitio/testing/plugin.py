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
``imagekit_environment``
    Sets the environment variables for the test, so that an ``ImageKit()`` that the application makes during the test
    talks to what ``imagekit`` talks to. Its value is a mapping of these variables.

``imagekit_storages``
    For Django: points the setting ``IMAGEKIT`` and every `ImageKitStorage` in ``STORAGES`` at local ImageKit, which is
    empty, for the test. They keep their other options, such as `location`. Its value is Django's ``storages``. It works
    with and without pytest-django; ``usefixtures = imagekit_storages`` in the ini file is for all tests.

An application that makes its client when it is imported needs the variables earlier. The ini option
``imagekit_environment = true`` sets them for the whole run, before conftest files and Django's settings are loaded.
With ``usefixtures = imagekit`` beside it, everything is empty before each test.

With ``IMAGEKIT_TEST_REAL=1`` in the environment the same tests run against the account that ``IMAGEKIT_PUBLIC_KEY``,
``IMAGEKIT_PRIVATE_KEY`` and ``IMAGEKIT_URL_ENDPOINT`` name. Nobody empties an account for a test: tests that are to run
there put what they make into ``imagekit_folder``. After the test that folder is deleted, and so is every file that was
uploaded with ``imagekit``, wherever it is; folders and custom metadata fields elsewhere stay. Tests that ask for
``imagekit_server`` are skipped there, since an account has no clock to freeze and no faults to order, and so are those
with ``imagekit_storages``, since nobody would delete what storages leave behind.

Local ImageKit needs the extra ``local``; without it, tests that use a fixture fail and say so. Nothing is imported
until then. With that extra comes anyio, whose own pytest plugin takes some 0.2 to 0.4 s at each start of pytest, also
where no test uses it; ``addopts = -p no:anyio`` switches it off in a project that has no tests for it.
"""

from __future__ import annotations

import os
from contextlib import ExitStack
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping

    from django.core.files.storage.handler import StorageHandler

    from ..client import ImageKit
    from ..local import LocalImageKit

REAL = "IMAGEKIT_TEST_REAL"
WHOLE_RUN = "imagekit_environment"  # the ini option

_SERVER: pytest.StashKey[LocalImageKit] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    help_ = "Point every ImageKit() of this run at local ImageKit (imagekitio.testing.plugin)."
    parser.addini(WHOLE_RUN, help_, type="bool", default=False)


@pytest.hookimpl(wrapper=True)  # so before all plugins that are no wrappers: they may import the application
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    if early_config.getini(WHOLE_RUN) and not _is_real():
        with ExitStack() as stack:
            try:
                server = stack.enter_context(_make_server())
            except ImportError as exc:
                raise pytest.UsageError(str(exc)) from exc
            early_config.stash[_SERVER] = server
            _set_variables(stack.enter_context(pytest.MonkeyPatch.context()), server.environment)
            early_config.add_cleanup(stack.pop_all().close)
    yield


@pytest.fixture(scope="session")
def imagekit_server(pytestconfig: pytest.Config) -> Iterator[LocalImageKit]:
    """A local ImageKit that all tests of this run share; tests that use `imagekit` find it empty."""
    if _is_real():
        pytest.skip(f"needs local ImageKit, but {REAL} asks for an account")
    running = pytestconfig.stash.get(_SERVER, None)
    if running is not None:
        yield running
        return
    try:
        server = _make_server()
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


@pytest.fixture
def imagekit_environment(
    request: pytest.FixtureRequest, imagekit: ImageKit, monkeypatch: pytest.MonkeyPatch
) -> Mapping[str, str]:
    """Set the environment variables that point an application's ``ImageKit()`` at what `imagekit` talks to."""
    if _is_real():
        return {name: value for name, value in os.environ.items() if name.startswith("IMAGEKIT_")}
    server: LocalImageKit = request.getfixturevalue("imagekit_server")
    _set_variables(monkeypatch, server.environment)
    return server.environment


@pytest.fixture
def imagekit_storages(
    imagekit_server: LocalImageKit, imagekit_environment: Mapping[str, str]
) -> Iterator[StorageHandler]:
    """Django's storages, of which those for ImageKit talk to local ImageKit during the test; it is empty."""
    from ..contrib.django.testing import override_account

    with override_account(imagekit_environment) as storages:
        yield storages


def _make_server() -> LocalImageKit:
    from ..local import LocalImageKit

    return LocalImageKit()


def _set_variables(monkeypatch: pytest.MonkeyPatch, variables: Mapping[str, str]) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    for name in ("NO_PROXY", "no_proxy"):  # a proxy cannot reach this machine's loopback address
        if os.environ.get(name) != "*":
            monkeypatch.setenv(name, ",".join(filter(None, (os.environ.get(name), "127.0.0.1"))))


def _is_real() -> bool:
    return os.environ.get(REAL, "").lower() not in ("", "0", "false", "no")
