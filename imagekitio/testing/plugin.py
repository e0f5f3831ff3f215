"""The pytest plugin: an ImageKit for every test. pytest loads it automatically if ``imagekitio`` is installed.

::

    def test_a_picture_gets_its_thumbnail(imagekit, imagekit_server):
        picture = imagekit.upload_file(file=Path("shoe.jpg"), file_name="shoe.jpg")
        make_thumbnail(picture)
        assert [request.operation for request in imagekit_server.requests] == ["upload_file", "delivery"]

``imagekit_server``
    A `LocalImageKit`, started once per run by the first test that uses it (once per worker with pytest-xdist).
``imagekit``
    A client of that server. Before each test, the server is emptied, its clock is reset, and faults are cleared.
``imagekit_folder``
    The path of a folder for this test only, such as ``/imagekitio-tests-4f9c2a71d05e``.
``imagekit_environment``
    Sets the environment variables for the test, so that an ``ImageKit()`` that the application creates during the test
    uses the same server as ``imagekit``. Its value is a mapping of these variables.

``imagekit_storages``
    For Django: points the setting ``IMAGEKIT`` and every `ImageKitStorage` in ``STORAGES`` at an empty local ImageKit
    during the test. They keep their other options, such as `location`. Its value is Django's ``storages``. It works
    with and without pytest-django; ``usefixtures = imagekit_storages`` in the ini file applies it to all tests.

An application that creates its client when it is imported needs the variables earlier. The ini option
``imagekit_environment = true`` sets them for the whole run, before conftest files and Django's settings are loaded. Add
``usefixtures = imagekit`` to empty the server before each test.

With ``IMAGEKIT_TEST_REAL=1`` in the environment, the same tests run against the account in ``IMAGEKIT_PUBLIC_KEY``,
``IMAGEKIT_PRIVATE_KEY`` and ``IMAGEKIT_URL_ENDPOINT``. An account is not emptied for tests, so such tests should store
their files in ``imagekit_folder``. After the test, this folder is deleted, and so is every file that was uploaded with
``imagekit``, wherever it is; other folders and custom metadata fields are kept. Tests that use ``imagekit_server`` are
skipped, because an account has no clock to freeze and cannot inject faults. Tests that use ``imagekit_storages`` are
skipped too, because the files of storages would not be deleted.

Local ImageKit needs the extra ``local``; without it, tests that use a fixture fail with a message that says so. Nothing
is imported until then. The extra installs anyio, whose own pytest plugin takes about 0.2 to 0.4 s at each start of
pytest, even if no test uses it; ``addopts = -p no:anyio`` disables it in a project without tests for it.
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


@pytest.hookimpl(wrapper=True)  # so that it runs before other plugins, which may import the application
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
    """A local ImageKit that all tests of this run share; it is empty for tests that use `imagekit`."""
    if _is_real():
        pytest.skip(f"needs local ImageKit, but {REAL} selects a real account")
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
    """A client of an empty local ImageKit, or of the account in the environment."""
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
    """The path of a folder for this test only. The first upload creates it, and it is deleted after the test."""
    folder = f"/imagekitio-tests-{uuid4().hex[:12]}"
    yield folder
    if _is_real():
        from .account import delete_folder

        delete_folder(imagekit, folder)


@pytest.fixture
def imagekit_environment(
    request: pytest.FixtureRequest, imagekit: ImageKit, monkeypatch: pytest.MonkeyPatch
) -> Mapping[str, str]:
    """Set the environment variables that point an application's ``ImageKit()`` at the server of `imagekit`."""
    if _is_real():
        return {name: value for name, value in os.environ.items() if name.startswith("IMAGEKIT_")}
    server: LocalImageKit = request.getfixturevalue("imagekit_server")
    _set_variables(monkeypatch, server.environment)
    return server.environment


@pytest.fixture
def imagekit_storages(
    imagekit_server: LocalImageKit, imagekit_environment: Mapping[str, str]
) -> Iterator[StorageHandler]:
    """Django's storages; those for ImageKit use an empty local ImageKit during the test."""
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
