"""Django's own tests of image fields, run on ours. What does not apply to it is listed with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..djangos_own import check_outcomes, fetch_tests, run_tests

if TYPE_CHECKING:
    import pytest

_LOCAL_PATH = "It moves or removes the file on the local disk."
_MEASURED = "It expects the stored file to be opened and measured; its size is known from the upload, without opening."

# By the end of the name: ``method``, or ``Class.method``.
IMAGE_FIELDS = {
    "test_delete_when_missing": _LOCAL_PATH,
    "test_dimensions": _MEASURED,
    "test_instantiate_missing": _LOCAL_PATH,
}


def test_djangos_tests_of_image_fields_pass(tmp_path_factory: pytest.TempPathFactory) -> None:
    tests = fetch_tests(tmp_path_factory.getbasetemp().parent)
    outcomes = run_tests(tests, "tests.contrib.django.fields.adapt_image_fields", "model_fields.test_imagefield")
    assert not any(outcome.skipped for outcome in outcomes.values()), "Django skips them without Pillow"
    check_outcomes(outcomes, IMAGE_FIELDS)
