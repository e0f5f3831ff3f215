"""Reading the headers of parts."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.local.uploads.part_headers import parameter, read_header


@pytest.mark.parametrize(
    ("text", "value", "parameters"),
    [
        ("", "", {}),
        ("form-data", "form-data", {}),
        ("Multipart/Form-Data; Boundary=aB", "multipart/form-data", {"boundary": "aB"}),
        ('form-data; name="file"; filename="a.jpg"', "form-data", {"name": "file", "filename": "a.jpg"}),
        ("form-data;name=file;filename=a.jpg", "form-data", {"name": "file", "filename": "a.jpg"}),
        ('form-data ; name = "file"\t;\tfilename = ""', "form-data", {"name": "file", "filename": ""}),
        (r'form-data; filename="a\"b\\"; name="file"', "form-data", {"filename": 'a"b\\', "name": "file"}),
        (r'form-data; name="\f\i\l\e"', "form-data", {"name": "file"}),
        ('form-data; filename="a; name=b; c"; name="file"', "form-data", {"filename": "a; name=b; c", "name": "file"}),
        ('form-data; name=" a  b "', "form-data", {"name": " a  b "}),
        ('form-data; name="a=b"', "form-data", {"name": "a=b"}),
        ("form-data; filename*=UTF-8''a.jpg", "form-data", {"filename*": "UTF-8''a.jpg"}),
        ('form-data; name="file', "form-data", {"name": "file"}),
        ('form-data; name="file\\', "form-data", {"name": "file"}),
    ],
)  # fmt: skip
def test_a_header_has_a_value_and_parameters(text: str, value: str, parameters: dict[str, str]) -> None:
    assert read_header(text) == (value, parameters)


@pytest.mark.parametrize(
    ("parameters", "text"),
    [
        ({"name": "a"}, "a"),
        ({"name": ""}, ""),
        ({"name*": "UTF-8''%C3%BC%20x"}, "ü x"),
        ({"name*": "utf-8'de'%c3%bc"}, "ü"),
        ({"name*": "ISO-8859-1''%FC"}, "ü"),
        ({"name": "a", "name*": "UTF-8''b"}, "a"),
        ({"name*": "UTF-8''%FF"}, "\ufffd"),
        ({"name*": "UTF-16''%00a"}, None),
        ({"name*": "klingon''a"}, None),
        ({"name*": "a"}, None),
        ({"filename": "a"}, None),
        ({}, None),
    ],
)
def test_a_parameter_may_be_in_another_character_set(parameters: dict[str, str], text: str | None) -> None:
    assert parameter(parameters, "name") == text


@given(st.dictionaries(st.from_regex(r"[a-z]{1,9}", fullmatch=True), st.text(), max_size=5))
def test_quoted_parameters_survive_a_round_trip(parameters: dict[str, str]) -> None:
    quoted = {name: value.replace("\\", "\\\\").replace('"', '\\"') for name, value in parameters.items()}
    text = "".join(f'; {name}="{value}"' for name, value in quoted.items())
    assert read_header(f"form-data{text}") == ("form-data", parameters)


@given(st.lists(st.sampled_from([";", '"', "\\", "=", "*", "'", "a", " ", '";', '=\\"']), min_size=1, max_size=6))
@pytest.mark.slow
def test_no_header_takes_long(unit: list[str]) -> None:
    text = ("".join(unit) * 65_536)[:65_536]
    start = time.process_time()
    read_header(text)
    assert time.process_time() - start < 2  # takes a hundredth of a second
