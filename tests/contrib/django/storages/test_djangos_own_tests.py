"""Django's own tests of its storages, run on ours. What does not apply to it is listed with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..djangos_own import check_outcomes, run_tests

if TYPE_CHECKING:
    from pathlib import Path

_LOCAL_PATH = "It uses the path of a file on the local disk; see test_storage.py for the same without."
_LOCAL_CALL = "It replaces a function of `os` that the storage would call on a local disk."
_PERMISSIONS = "Files of the media library have no permissions."
_ACCESS_TIME = "ImageKit does not record when a file was read."
_WRITING = "It writes into an open file; the media library takes whole files."
_BASE_URL = "It sets a base URL, which is a matter of the client here."

# By the end of the name: ``method``, or ``Class.method``.
FILE_STORAGE = {
    "test_base_url": _BASE_URL,
    "test_delete_deletes_directories": _LOCAL_PATH,
    "test_empty_location": "An empty location is the media library, not the working directory.",
    "test_file_access_options": _WRITING,
    "test_file_get_accessed_time": _ACCESS_TIME,
    "test_file_get_accessed_time_timezone": _ACCESS_TIME,
    "test_file_get_created_time": _LOCAL_PATH,
    "test_file_get_modified_time": _LOCAL_PATH,
    "test_file_object": _LOCAL_PATH,
    "test_file_storage_preserves_filename_case": _WRITING,
    "test_file_upload_default_permissions": _PERMISSIONS,
    "test_file_upload_directory_default_permissions": _PERMISSIONS,
    "test_file_upload_directory_permissions": _PERMISSIONS,
    "test_file_upload_permissions": _PERMISSIONS,
    "test_file_url": "It expects characters to be encoded that the service replaces in names.",
    "test_filefield_write": _WRITING,
    "test_lazy_base_url_init": _BASE_URL,
    "test_makedirs_race_handling": _LOCAL_CALL,
    "test_os_open_flags_deprecation_warning": _LOCAL_CALL,
    "test_remove_race_handling": _LOCAL_CALL,
    "test_setting_changed": "It is about settings of `FileSystemStorage`; see test_configuration.py for ours.",
}


def test_djangos_tests_of_file_storages_pass(djangos_tests: Path) -> None:
    modules = ("file_storage.tests", "file_storage.test_generate_filename")
    check_outcomes(run_tests(djangos_tests, "tests.contrib.django.storages.adapt_file_storage", *modules), FILE_STORAGE)
