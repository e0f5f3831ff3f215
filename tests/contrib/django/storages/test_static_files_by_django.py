"""Django's own tests of its manifest storage, run on ours. What does not apply to it is listed with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..djangos_own import check_outcomes, fetch_tests, run_tests

if TYPE_CHECKING:
    import pytest

_LOCAL_PATH = "It looks for a file below STATIC_ROOT, where only the manifest is; see test_static_files.py."

# By the end of the name: ``method``, or ``Class.method``.
EXCEPTIONS = {
    "test_clear_empties_manifest": _LOCAL_PATH,
    "test_intermediate_files": _LOCAL_PATH,
    "test_manifest_exists": _LOCAL_PATH,
    "test_manifest_hash_v1": "It collects a manifest as a static file, into the storage of the manifest.",
    "test_post_processing": "Nothing collected stays on the local disk, so that no file is 'unmodified' next time.",
}


def test_djangos_tests_of_the_manifest_pass(tmp_path_factory: pytest.TempPathFactory) -> None:
    tests = fetch_tests(tmp_path_factory.getbasetemp().parent)
    outcomes = run_tests(tests, "tests.contrib.django.storages.adapt_static_files", "staticfiles_tests.test_storage")
    assert len(outcomes) > len(EXCEPTIONS) * 5
    check_outcomes(outcomes, EXCEPTIONS)
