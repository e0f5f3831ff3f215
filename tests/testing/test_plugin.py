"""The pytest plugin, in separate runs of pytest."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from imagekitio.local import LocalImageKit

if TYPE_CHECKING:
    from collections.abc import Iterator

pytest_plugins = ["pytester"]

PLUGIN = ("-p", "imagekitio.testing.plugin")
HEAVY = ("requests", "starlette", "uvicorn", "pyvips", "sqlite3", "imagekitio.client", "imagekitio.local")

TESTS = """
import pytest

@pytest.mark.parametrize("number", range(6))
def test_everything_is_empty_before_each_test(imagekit, imagekit_server, number):
    assert imagekit.list_files(type="all").list == []
    assert imagekit_server.faults.list() == []
    assert imagekit_server.clock.time() > 1_700_000_000
    imagekit.upload_file(file=b"hello", file_name="a.txt")
    imagekit_server.clock.freeze(0)
    imagekit_server.faults.add(status=500, times=None)
    with open("urls", "a") as file:
        print(imagekit_server.url, file=file)
"""
PORTABLE_TESTS = """
from imagekitio import ImageKit

def test_in_a_folder(imagekit, imagekit_folder):
    imagekit.upload_file(file=b"1", file_name="a.txt", folder=imagekit_folder)
    assert [file.name for file in imagekit.list_files(path=imagekit_folder)] != []

def test_elsewhere(imagekit):
    kept = imagekit.upload_file(file=b"2", file_name="b.txt", folder="/elsewhere")
    gone = imagekit.with_options(timeout=9).upload_file(file=b"3", file_name="c.txt", folder="/elsewhere")
    imagekit.delete_file(gone.file_id)
    assert imagekit.get_file_details(kept.file_id).name == kept.name

def test_nothing_made(imagekit_folder):
    assert imagekit_folder.startswith("/imagekitio-tests-")

def test_of_the_server(imagekit_server):
    imagekit_server.clock.freeze(0)
"""


pytestmark = pytest.mark.slow  # each test runs pytest again


@pytest.fixture(scope="module", autouse=True)
def _load_everything() -> None:
    """Load what a server and a client load on first use, because pytester unloads modules that a test loads."""
    with LocalImageKit() as server, server.client() as client:
        client.upload_file(file=b"hello", file_name="a.txt")


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(path for path in sys.path if path))
    for name in ("IMAGEKIT_TEST_REAL", "IMAGEKIT_PUBLIC_KEY", "IMAGEKIT_PRIVATE_KEY", "IMAGEKIT_URL_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)
    return pytester


@pytest.fixture
def account(run: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalImageKit]:
    """A server in the role of the account in the environment, with somebody's file in it."""
    with LocalImageKit() as server, server.client() as client:
        client.upload_file(file=b"hello", file_name="precious.txt", use_unique_file_name=False)
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("IMAGEKIT_TEST_REAL", "1")
        yield server


def test_one_server_serves_a_run_and_is_reset_for_each_test(run: pytest.Pytester) -> None:
    run.makepyfile(TESTS)
    run.runpytest_subprocess(*PLUGIN, "-W", "error").assert_outcomes(passed=6)
    assert len(set((run.path / "urls").read_text().split())) == 1


def test_each_worker_of_xdist_has_a_server(run: pytest.Pytester) -> None:
    run.makepyfile(TESTS)
    run.runpytest_subprocess(*PLUGIN, "-n", "2", "-W", "error").assert_outcomes(passed=6)
    assert len(set((run.path / "urls").read_text().split())) == 2


def test_the_plugin_loads_nothing_until_a_fixture_is_used(run: pytest.Pytester) -> None:
    run.makepyfile(f"import sys\ndef test_it():\n    assert not set({HEAVY}) & set(sys.modules)\n")
    run.runpytest_subprocess(*PLUGIN).assert_outcomes(passed=1)


def test_importing_the_plugin_loads_only_itself() -> None:
    """Except for pytest, which is already loaded."""
    loaded = "before = set(sys.modules); import imagekitio.testing.plugin; print(*sys.modules.keys() - before)"
    command = [sys.executable, "-c", f"import pytest, sys; {loaded}"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    own = {"imagekitio", "imagekitio.testing", "imagekitio.testing.plugin"}
    assert set(done.stdout.split()) <= own | {"uuid"}


def test_a_missing_extra_is_an_error_only_if_a_fixture_is_used(run: pytest.Pytester) -> None:
    run.makeconftest(
        "import importlib.util as util\n"
        "find_spec = util.find_spec\n"
        "util.find_spec = lambda name, package=None: None if name == 'pyvips' else find_spec(name, package)\n"
    )
    run.makepyfile("def test_with(imagekit):\n    pass\n\ndef test_without():\n    pass\n")
    result = run.runpytest_subprocess(*PLUGIN)
    result.assert_outcomes(passed=1, errors=1)
    needs = "local ImageKit needs packages that are not installed (pyvips). Install them with"
    result.stdout.fnmatch_lines([needs, '    pip install "pyvips[[]binary]"'])
    result.stdout.no_fnmatch_line("*Traceback*")


def test_the_same_tests_run_against_local_imagekit_and_an_account(run: pytest.Pytester) -> None:
    run.makepyfile(PORTABLE_TESTS)
    run.runpytest_subprocess(*PLUGIN).assert_outcomes(passed=4)


def test_an_account_is_left_as_it_was(run: pytest.Pytester, account: LocalImageKit) -> None:
    run.makepyfile(PORTABLE_TESTS)
    result = run.runpytest_subprocess(*PLUGIN, "-rs")
    result.assert_outcomes(passed=3, skipped=1)
    result.stdout.fnmatch_lines(["*needs local ImageKit, but IMAGEKIT_TEST_REAL selects a real account"])
    with account.client() as client:
        assert [file.name for file in client.list_files()] == ["precious.txt"]
        assert [folder.name for folder in client.list_files(type="folder")] == ["elsewhere"]


def test_an_account_is_cleaned_up_even_if_a_file_cannot_be_deleted(
    run: pytest.Pytester, account: LocalImageKit
) -> None:
    run.makepyfile(
        """
        def test_it(imagekit):
            for number in range(3):
                imagekit.upload_file(b"x", f"{number}.txt")
        """
    )
    account.faults.add(status=400, times=1, operation="bulk_file_delete")
    run.runpytest_subprocess(*PLUGIN).assert_outcomes(passed=1)
    with account.client() as client:
        assert [file.name for file in client.list_files()] == ["precious.txt"]


APPLICATION = """
from imagekitio import ImageKit

def publish(name):
    with ImageKit() as imagekit:
        return imagekit.upload_file(file=b"hello", file_name=name, use_unique_file_name=False)
"""
TESTS_OF_APPLICATION = """
import os
import application

def test_it_talks_to_the_server(imagekit_environment, imagekit, imagekit_server):
    assert imagekit_environment == imagekit_server.environment
    published = application.publish("a.txt")
    assert published.url == imagekit_server.url_endpoint + "/a.txt"
    assert [file.name for file in imagekit.list_files()] == ["a.txt"]

def test_everything_is_empty_again(imagekit_environment, imagekit):
    assert imagekit.list_files().list == []

def test_without_the_fixture_nothing_is_set():
    assert "IMAGEKIT_PRIVATE_KEY" not in os.environ
    assert "127.0.0.1" not in os.environ.get("NO_PROXY", "")
"""
EAGER_APPLICATION = """
from imagekitio import ImageKit

imagekit = ImageKit()
"""
TESTS_OF_EAGER_APPLICATION = """
from application import imagekit as client

def test_one(imagekit_server):
    client.upload_file(file=b"hello", file_name="a.txt", use_unique_file_name=False)
    assert client.url(path="/a.txt") == imagekit_server.url_endpoint + "/a.txt"
    assert len(client.list_files()) == 1

def test_two(imagekit_server):
    assert client.list_files().list == []
"""


def set_dead_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")  # where nothing listens
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)


def test_the_clients_of_the_application_talk_to_the_server(
    run: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_dead_proxy(monkeypatch)
    run.makepyfile(application=APPLICATION)
    run.makepyfile(TESTS_OF_APPLICATION)
    run.runpytest_subprocess(*PLUGIN, "-W", "error").assert_outcomes(passed=3)


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["one process", "xdist"])
def test_a_client_made_at_import_talks_to_the_server_if_the_run_asks_for_it(
    run: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, workers: tuple[str, ...]
) -> None:
    set_dead_proxy(monkeypatch)
    run.makepyfile(application=EAGER_APPLICATION)
    run.makeconftest("import application")
    run.makepyfile(TESTS_OF_EAGER_APPLICATION)
    run.makeini("[pytest]\nimagekit_environment = true\nusefixtures = imagekit\n")
    run.runpytest_subprocess(*PLUGIN, *workers, "-W", "error").assert_outcomes(passed=2)


def test_the_application_talks_to_the_account_on_request(run: pytest.Pytester, account: LocalImageKit) -> None:
    run.makepyfile(application=APPLICATION)
    run.makepyfile(
        """
        import application

        def test_it(imagekit_environment, imagekit):
            assert imagekit_environment["IMAGEKIT_PRIVATE_KEY"] == "private_local"
            published = application.publish("mine.txt")
            imagekit.delete_file(published.file_id)
        """
    )
    run.makeini("[pytest]\nimagekit_environment = true\n")
    run.runpytest_subprocess(*PLUGIN).assert_outcomes(passed=1)
    assert "upload_file" in [request.operation for request in account.requests]


def test_a_run_that_asks_for_a_missing_extra_fails_immediately(
    run: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    (run.path / "without").mkdir()
    (run.path / "without" / "hiding.py").write_text(
        "import importlib.util as util\n"
        "find_spec = util.find_spec\n"
        "util.find_spec = lambda name, package=None: None if name == 'pyvips' else find_spec(name, package)\n"
    )
    run.makeini("[pytest]\nimagekit_environment = true\n")
    monkeypatch.setenv("PYTHONPATH", f"{run.path / 'without'}{os.pathsep}{os.environ['PYTHONPATH']}")
    result = run.runpytest_subprocess("-p", "hiding", *PLUGIN)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*packages that are not installed (pyvips)*"])
    result.stderr.no_fnmatch_line("*Traceback*")


def test_an_account_that_is_not_configured_is_an_error(run: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMAGEKIT_TEST_REAL", "true")
    run.makepyfile("def test_it(imagekit):\n    pass\n")
    result = run.runpytest_subprocess(*PLUGIN)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*IMAGEKIT_PRIVATE_KEY*"])
