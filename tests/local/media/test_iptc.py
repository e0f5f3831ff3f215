"""IPTC-IIM, plain and wrapped by Photoshop."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.local.media.iptc import iptc_texts

UTF_8 = b"\x1c\x01\x5a\x00\x03\x1b%G"
FASHION = b"\x1c\x02\x19\x00\x07fashion"
BYLINE = b"\x1c\x02\x50\x00\x03Ada"
FOUND = {"Keywords": ["fashion"], "Byline": ["Ada"]}


def make_dataset(number: int, value: bytes) -> bytes:
    return bytes((0x1C, 2, number)) + len(value).to_bytes(2, "big") + value


def make_resource(number: int, data: bytes, *, name: bytes = b"") -> bytes:
    padded_name = bytes((len(name),)) + name + b"\0" * (len(name) % 2 == 0)
    return (
        b"8BIM"
        + number.to_bytes(2, "big")
        + padded_name
        + len(data).to_bytes(4, "big")
        + data
        + b"\0" * (len(data) % 2)
    )


@pytest.mark.parametrize(
    ("number", "name"),
    [
        (5, "ObjectName"), (25, "Keywords"), (80, "Byline"), (85, "BylineTitle"), (90, "City"), (92, "Location"),
        (95, "ProvinceState"), (100, "CountryCode"), (105, "Headline"), (110, "Credit"), (115, "Source"),
        (116, "CopyrightNotice"), (120, "CaptionAbstract"),
    ],
)  # fmt: skip
def test_a_dataset_has_the_name_of_the_service(number: int, name: str) -> None:
    assert iptc_texts(make_dataset(number, b"x")) == {name: ["x"]}


def test_repeated_datasets_are_all_read_in_the_order_of_the_file() -> None:
    assert iptc_texts(make_dataset(25, b"b") + make_dataset(80, b"Ada") + make_dataset(25, b"a"))["Keywords"] == [
        "b",
        "a",
    ]


def test_unnamed_and_blank_datasets_are_left_out() -> None:
    other_record = b"\x1c\x03\x19\x00\x01x"
    assert iptc_texts(make_dataset(221, b"x") + other_record + make_dataset(25, b" \0 ") + BYLINE) == {
        "Byline": ["Ada"]
    }


def test_texts_are_utf_8_if_the_file_says_so_and_latin_1_otherwise() -> None:
    city = make_dataset(90, "Würzburg".encode())
    assert iptc_texts(UTF_8 + city) == {"City": ["Würzburg"]}
    assert iptc_texts(city) == {"City": ["WÃ¼rzburg"]}
    assert iptc_texts(make_dataset(90, "Würzburg".encode("latin-1"))) == {"City": ["Würzburg"]}


def test_invalid_utf_8_is_replaced() -> None:
    assert iptc_texts(UTF_8 + make_dataset(90, b"W\xfcrzburg")) == {"City": ["W\ufffdrzburg"]}


@pytest.mark.parametrize(
    ("date", "time", "moment"),
    [
        (b"20240229", b"", "2024-02-29"),
        (b"20240229", b"100000", "2024-02-29T10:00:00"),
        (b"20240229", b"100000+0100", "2024-02-29T10:00:00+0100"),
    ],
)
def test_date_and_time_of_creation_are_combined(date: bytes, time: bytes, moment: str) -> None:
    assert iptc_texts(make_dataset(60, time) + make_dataset(55, date)) == {"DateCreated": [moment]}


def test_a_time_without_a_date_is_left_out() -> None:
    assert iptc_texts(make_dataset(60, b"100000")) == {}


def test_the_length_of_an_extended_dataset_may_have_any_number_of_bytes() -> None:
    assert iptc_texts(b"\x1c\x02\x19\x80\x04\x00\x00\x00\x07fashion" + BYLINE) == FOUND


def test_the_datasets_are_found_among_the_resources_of_photoshop() -> None:
    others = (
        make_resource(0x0425, b"odd")
        + make_resource(0x03ED, b"even", name=b"named")
        + make_resource(0x03ED, b"", name=b"even")
    )
    wrapped = b"Photoshop 3.0\0" + others + make_resource(0x0404, FASHION + BYLINE) + make_resource(0x0422, b"x")
    assert iptc_texts(wrapped) == FOUND
    assert iptc_texts(b"Photoshop 3.0\0" + others) == {}


@pytest.mark.parametrize(
    "end",
    [
        b"\0" * 5,
        b"\x1c\x02",
        b"\x1c\x02\x19\x00\x09fashion",
        b"\x1c\x02\x19\x80\x04\xff\xff\xff\xff",
        b"\x1c\x02\x19\xff\xff" + b"\xff" * 9,
        b"no dataset" + make_dataset(25, b"x"),
    ],
    ids=["padding", "header", "value", "extended value", "extended length", "other bytes"],
)
def test_everything_before_the_first_error_is_read(end: bytes) -> None:
    data = FASHION + BYLINE + end
    assert iptc_texts(data) == FOUND
    assert iptc_texts(b"Photoshop 3.0\0" + make_resource(0x0404, data)) == FOUND


@given(
    start=st.sampled_from([b"", b"Photoshop 3.0\0", b"Photoshop 3.0\x008BIM\x04\x04", UTF_8, FASHION]),
    pieces=st.lists(st.binary() | st.sampled_from([b"\x1c\x02", b"\x1c\x02\x19\x80\x04", FASHION, b"8BIM"])),
)
def test_any_bytes_are_read_without_an_error(start: bytes, pieces: list[bytes]) -> None:
    assert all(all(texts) for texts in iptc_texts(start + b"".join(pieces)).values())


@given(st.lists(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=20), min_size=1))
def test_keywords_in_utf_8_survive_a_round_trip(keywords: list[str]) -> None:
    data = UTF_8 + b"".join(make_dataset(25, keyword.encode()) for keyword in keywords)
    assert iptc_texts(b"Photoshop 3.0\0" + make_resource(0x0404, data)) == {"Keywords": keywords}
