from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.models.spelling import to_camel_case, to_snake_case


@pytest.mark.parametrize(
    ("json_name", "python_name"),
    [
        ("fileId", "file_id"),
        ("AITags", "ai_tags"),
        ("removeAITags", "remove_ai_tags"),
        ("overwriteAITags", "overwrite_ai_tags"),
        ("customMetadata", "custom_metadata"),
        ("isPrivateFile", "is_private_file"),
        ("useIAMRole", "use_iam_role"),
        ("s3ForcePathStyle", "s3_force_path_style"),
        ("baseUrlForCanonicalHeader", "base_url_for_canonical_header"),
    ],
)
def test_an_option_is_converted_in_both_directions(json_name: str, python_name: str) -> None:
    assert to_snake_case(json_name) == python_name
    assert to_camel_case(python_name) == json_name


@pytest.mark.parametrize(
    ("json_name", "python_name"),
    [
        ("removeAiTags", "remove_ai_tags"),
        ("pHash", "p_hash"),
        ("GPSVersionID", "gps_version_id"),
        ("GPSLatitudeRef", "gps_latitude_ref"),
        ("YCbCrPositioning", "y_cb_cr_positioning"),
        ("XResolution", "x_resolution"),
        ("FocalLengthIn35mmFormat", "focal_length_in35mm_format"),
        ("FNumber", "f_number"),
        ("ISO", "iso"),
        ("SubSecTimeOriginal", "sub_sec_time_original"),
        ("already_snake", "already_snake"),
    ],
)
def test_every_kind_of_json_name_has_a_python_spelling(json_name: str, python_name: str) -> None:
    assert to_snake_case(json_name) == python_name


@given(st.lists(st.from_regex(r"[a-z]{2,8}", fullmatch=True), min_size=1, max_size=4).map("_".join))
def test_a_python_name_survives_the_round_trip_to_json(name: str) -> None:
    assert to_snake_case(to_camel_case(name)) == name
