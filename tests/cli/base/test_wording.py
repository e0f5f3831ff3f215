"""Messages of the library, reworded for the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from imagekitio.cli.base.failures import describe
from imagekitio.cli.base.wording import word_error

if TYPE_CHECKING:
    from imagekitio import ImageKit

NAMES = {"folder_name": "folderName", "client_id": "--client-id", "name": "--name", "schema": "schema"}


@pytest.mark.parametrize(
    ("message", "worded"),
    [
        ("folder_name must be a str (got int)", "folderName must be text (got a whole number)"),
        (
            "every entry of folder_name must be a str (got dict)",
            "every entry of folderName must be text (got an object)",
        ),
        ("name must be a str (got NoneType)", "--name must be text (got null)"),
        ("config must have the name of an extension", "config must have the name of an extension"),
        ("enabled must be True or False (got None)", "enabled must be true or false (got null)"),
        ("it must not be 'folder_name'", "it must not be 'folder_name'"),
        ("folder_name is missing: pass it as a str", "folderName is missing"),
        (
            "S3Origin has no option 'client_id'; expected one of base_url, use_iam_role",
            "there is no option --client-id for this type; expected one of baseUrl, useIAMRole",
        ),
        (
            "FolderOptions has no option 'folderNme'; did you mean 'folder_name'?",
            "there is no option 'folderNme'; did you mean 'folderName'?",
        ),
        (
            "schema CustomMetadataFieldsSchema has no option 'typ'; did you mean 'type'?",
            "schema has no option 'typ'; did you mean 'type'?",
        ),
        ("schema options must be Schema, a dict or None (got list)", "schema must be an object (got a list)"),
        ("UploadOptions: 'folder_name' is given in two spellings", "'folder_name' is given in two spellings"),
    ],
)
def test_names_and_types_are_those_of_the_command_line(message: str, worded: str) -> None:
    assert word_error(message, NAMES) == worded


def test_without_names_only_types_are_reworded() -> None:
    assert word_error("folder_name must be a str (got bool)") == "folder_name must be text (got true or false)"


def test_an_error_of_the_library_is_described_without_python_types(threads: ImageKit) -> None:
    with pytest.raises(TypeError) as refused:
        threads.get_file_details(5)  # type: ignore[arg-type]
    assert describe(refused.value) == "file_id must be text (got a whole number)"
