"""The names that visitors give to the files of forms."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.contrib.errors import UploadRefusedError
from imagekitio.contrib.forms import forbid_replacing, read_file_name


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ("shoe.jpg", "shoe.jpg"),
        (" shoe.jpg ", "shoe.jpg"),
        ("../../etc/shoe.jpg", "shoe.jpg"),
        ("C:\\Users\\anna\\shoe.jpg", "shoe.jpg"),
        ("shop/", "shop"),
        (".hidden", ".hidden"),
        ("鞋 1.jpg", "鞋 1.jpg"),
    ],
)
def test_a_name_has_no_folders_and_no_spaces_around_it(sent: str, name: str) -> None:
    assert read_file_name(sent) == name


@pytest.mark.parametrize("sent", [None, "", " ", "/", "\\", ".", "..", "photos/..", "C:"])
def test_a_name_that_is_not_valid_is_refused(sent: str | None) -> None:
    with pytest.raises(UploadRefusedError, match="The file has no name"):
        read_file_name(sent)


@given(st.text())
def test_a_name_never_leads_into_another_folder(sent: str) -> None:
    try:
        name = read_file_name(sent)
    except UploadRefusedError:
        return
    assert not {"/", "\\"} & {*name}
    assert name not in {"", ".", ".."}
    assert name == name.strip()


@pytest.mark.parametrize(
    "options", [{}, {"use_unique_file_name": True}, {"use_unique_file_name": False, "overwrite_file": True}]
)
def test_visitors_may_replace_files_only_if_the_code_allows_it(options: dict[str, Any]) -> None:
    forbid_replacing(options)
    with pytest.raises(ValueError, match="add overwrite_file=False, or pass file_name"):
        forbid_replacing({"use_unique_file_name": False})
