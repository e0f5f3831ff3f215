"""Runs tests of Django's own test suite, of the version that is installed, against the integration.

Django's wheel holds no tests, so the source distribution is fetched with pip, once a version. The tests run in their
own process, with Django's settings, and an adapter: a module that is imported before them and puts our classes in the
place of Django's. It has ``SETTINGS``, a dict of more settings, and ``after_test()``.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import subprocess
import sys
import tarfile
import unittest
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple

import django
from django.conf import settings
from django.test.runner import DiscoverRunner

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

REPOSITORY = Path(__file__).parents[3]
# Of Django's own runner (tests/runtests.py, tests/test_sqlite.py), which needs more packages than these tests.
_SETTINGS: dict[str, Any] = {
    "DATABASES": {"default": {"ENGINE": "django.db.backends.sqlite3"}},
    "DEFAULT_AUTO_FIELD": "django.db.models.AutoField",
    "LANGUAGE_CODE": "en",
    "ROOT_URLCONF": "urls",
    "SECRET_KEY": "django_tests_secret_key",
    "SITE_ID": 1,
    "STATIC_URL": "static/",
    "USE_TZ": False,
}


class Outcome(NamedTuple):
    """How one of Django's tests ended.

    Attributes:
        failure: Traceback of the failure, or of the first subtest that failed; empty if it passed.
        skipped: Whether it was skipped, as it does not fit the platform, or Django's settings.
    """

    failure: str
    skipped: bool


def fetch_tests(folder: Path) -> Path:
    """Return Django's folder ``tests``, fetched into `folder` unless it is there from an earlier run."""
    version = django.get_version()
    kept = folder / f"django-{version}"
    if not kept.is_dir():
        with TemporaryDirectory(dir=folder) as fetched:
            command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
            subprocess.run([*command, "--no-binary=django", f"--dest={fetched}", f"django=={version}"], check=True)
            (archive,) = Path(fetched).glob("*.tar.gz")
            with tarfile.open(archive) as sources:
                sources.extractall(fetched, filter="data")
            (unpacked,) = (path for path in Path(fetched).iterdir() if path.is_dir())
            try:
                unpacked.rename(kept)
            except OSError:  # another process was faster
                if not kept.is_dir():
                    raise
    return kept / "tests"


def run_tests(tests: Path, adapter: str, *labels: str) -> dict[str, Outcome]:
    """Run tests of Django's suite and return the outcome of each by its name, ``module.Class.method``.

    Args:
        tests: Folder from `fetch_tests`.
        adapter: Name of the module that puts our classes in place.
        labels: What to run: a package in `tests`, or modules, classes or methods in it.
    """
    with TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        # As Django's own runner does; some tests expect it.
        warnings = ["-W", "error::DeprecationWarning", "-W", "error::PendingDeprecationWarning"]
        command = [sys.executable, *warnings, "-m", "tests.contrib.django.djangos_own"]
        done = subprocess.run(
            [*command, f"--tests={tests}", f"--report={report}", f"--adapter={adapter}", *labels],
            cwd=REPOSITORY,
            env={**os.environ, "RUNNING_DJANGOS_TEST_SUITE": "true"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
        )
        assert report.exists(), done.stdout
        return {name: Outcome(*outcome) for name, outcome in json.loads(report.read_text(encoding="utf-8")).items()}


def check_outcomes(outcomes: Mapping[str, Outcome], exceptions: Mapping[str, str]) -> None:
    """Fail unless all tests passed but the exceptions, and each exception failed.

    Args:
        outcomes: What `run_tests` returned.
        exceptions: Reasons, by the end of a test's name: ``method`` or ``Class.method``.
    """
    unexpected: list[str] = []
    needed: set[str] = set()
    for name, outcome in outcomes.items():
        excepted = [end for end in exceptions if f".{name}".endswith(f".{end}")]
        if outcome.failure and excepted:
            needed.update(excepted)
        elif outcome.failure:
            unexpected.append(f"{name}\n{outcome.failure}")
        elif excepted and not outcome.skipped:
            unexpected.append(f"{name} passes: it is no exception any more")
    assert not unexpected, "\n".join(unexpected)
    assert needed, "no exception was needed: did the right tests run?"


class _Runner(DiscoverRunner):
    """Keeps the outcomes, and calls `after_test` after each test."""

    def __init__(self, after_test: Callable[[], object]) -> None:
        super().__init__(verbosity=0, interactive=False)
        self.after_test = after_test
        self.outcomes: dict[str, Outcome] = {}

    def get_resultclass(self) -> Any:
        return partial(_Result, self.after_test)

    def run_suite(self, suite: Any, **kwargs: Any) -> Any:
        result: Any = super().run_suite(suite, **kwargs)
        self.outcomes = {name: Outcome("", skipped=False) for name in result.started}
        self.outcomes |= {test.id(): Outcome("", skipped=True) for test, _ in result.skipped}
        for test, traceback in [*result.failures, *result.errors]:
            # Of a subtest, the test that it belongs to.
            self.outcomes[getattr(test, "test_case", test).id()] = Outcome(traceback, skipped=False)
        return result


class _Result(unittest.TextTestResult):
    def __init__(self, after_test: Callable[[], object], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.started: list[str] = []
        self._after_test = after_test

    def startTest(self, test: unittest.TestCase) -> None:  # noqa: N802
        super().startTest(test)
        self.started.append(test.id())

    def stopTest(self, test: unittest.TestCase) -> None:  # noqa: N802
        super().stopTest(test)
        self._after_test()


def _main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--tests", type=Path)
    parser.add_argument("--report", type=Path)
    parser.add_argument("--adapter")
    parser.add_argument("labels", nargs="+")
    given = parser.parse_args()
    sys.path.insert(0, str(given.tests))
    adapter = importlib.import_module(given.adapter)
    settings.configure(**{**_SETTINGS, "INSTALLED_APPS": [given.labels[0].partition(".")[0]], **adapter.SETTINGS})
    django.setup()
    runner = _Runner(adapter.after_test)
    runner.run_tests(given.labels)
    given.report.write_text(json.dumps(runner.outcomes), encoding="utf-8")


if __name__ == "__main__":
    _main()
