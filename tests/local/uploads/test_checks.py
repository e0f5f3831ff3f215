"""The upload parameter `checks`: what it can test, and its errors."""

from __future__ import annotations

import contextlib
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.local.base.errors import ApiError
from imagekitio.local.media.media_types import MediaType
from imagekitio.local.media.probe import Probe
from imagekitio.local.uploads.checks import facts, parse_checks
from imagekitio.local.uploads.parameters import UploadParameters, read_parameters

if TYPE_CHECKING:
    from tests.local.conftest import Api

NOW = datetime(2024, 3, 5, tzinfo=timezone.utc)
SCHEMAS: dict[str, dict[str, Any]] = {
    "brand": {"type": "Text"},
    "price": {"type": "Number"},
    "since": {"type": "Date"},
    "sold": {"type": "Boolean"},
    "size": {"type": "SingleSelect", "selectOptions": ["s", "m", 5, True]},
    "colours": {"type": "MultiSelect", "selectOptions": ["red", "blue"]},
    "shop": {"type": "Text", "defaultValue": "north"},
}
FIELDS = {
    "fileName": "red shoe.jpg",
    "folder": "/marketing/summer/",
    "tags": "shoe, red",
    "isPrivateFile": "true",
    "customMetadata": '{"brand": "Acme", "price": 20, "since": "2024-01-31", "sold": false, "size": 5, '
    '"colours": ["red", "blue"]}',
}


def holds(text: str, fields: dict[str, str] | None = None) -> bool:
    parameters = read_parameters({**FIELDS, **(fields or {})})
    found = Probe(type=MediaType("image/jpeg", "jpg"), width=800, height=600)
    checks = parse_checks(text, custom_fields={name: str(s["type"]) for name, s in SCHEMAS.items()}, now=NOW)
    try:
        checks.enforce(facts(parameters, found, 2_000_000, SCHEMAS))
    except ApiError as exc:
        if exc.message != "Your request failed 'checks' validation.":
            raise
        return False
    return True


@pytest.mark.parametrize(
    "text",
    [
        "",
        '"file.size" < "5mb" AND "file.mime" : "image/"',
        '"file.size" >= 2000000 AND "file.size" <= 2000000 AND "file.size" = 2000000',
        "'mediaMetadata.width' <= 4000 AND 'request.folder' IN ['inbox', 'marketing/summer']",
        '"request.fileName" = "red shoe.jpg"',
        '"request.fileName" : "red" AND "request.fileName" NOT = "red"',
        '"request.folder" : "marketing/" AND "request.folder" = "/marketing/summer"',
        '"request.folder" : "/"',
        '"request.isPrivateFile" = true AND "request.isPublished" = true',
        '"request.useUniqueFileName" NOT = false',
        '"request.tags" IN ["shoe", "hat"] AND "request.tags" NOT IN ["hat"]',
        '"file.mime" : image',
        '"mediaMetadata.height" = 600',
        '"mediaMetadata.width" < 5 OR ("mediaMetadata.width" > 5 AND file.size > 1kb)',
        '"request.customMetadata.brand" : "Ac" AND "request.customMetadata.brand" IN ["Acme"]',
        '"request.customMetadata.price" > 19.5 AND "request.customMetadata.price" NOT IN [1, 2]',
        '"request.customMetadata.since" < "2024-02-01" AND "request.customMetadata.since" > "2m"',
        '"request.customMetadata.sold" = false AND "request.customMetadata.sold" NOT = true',
        '"request.customMetadata.size" = 5 AND "request.customMetadata.size" < 6',
        '"request.customMetadata.colours" IN ["red"]',
        '"request.customMetadata.shop" = "north"',  # the default of the field
        '"request.webhookUrl" NOT = "https://a.example" AND "mediaMetadata.videoCodec" NOT IN ["h264"]',
    ],
)
def test_true_checks_are_accepted(text: str) -> None:
    assert holds(text)


@pytest.mark.parametrize(
    "text",
    [
        '"file.size" > "2mb"',
        '"request.fileName" = "red_shoe.jpg"',  # the stored name, not the sent one
        '"request.folder" : "market"',  # whole segments
        '"request.folder" : "marketing/winter"',
        '"request.isPrivateFile" = false',
        '"request.tags" IN []',
        '"request.customCoordinates" : "1"',  # absent
        '"mediaMetadata.duration" < 10',  # absent
        '"request.customMetadata.size" : "5"',  # a number
        '"request.customMetadata.size" = "5"',
        '"request.customMetadata.size" = true',
        '"request.customMetadata.colours" IN ["green"]',
    ],
)
def test_false_checks_are_refused(text: str) -> None:
    assert not holds(text)


@pytest.mark.parametrize("value", ['"x"', "[1]", "true", '{"a": 1}', "null"])
def test_metadata_of_the_wrong_type_only_makes_conditions_false(value: str) -> None:
    for name in ("price", "since", "brand"):
        metadata = {"customMetadata": f'{{"{name}": {value}}}'}
        literal = '"2024-01-01"' if name == "since" else "5"
        operator = "=" if name == "brand" else "<"
        assert not holds(f'"request.customMetadata.{name}" {operator} {literal}', metadata)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('"file.size" <', "expected a value"),
        ('"file.size" NOT = 5', "file.size does not take NOT =; it takes =, <"),
        ('"file.size" : 5', "does not take :"),
        ('"file.size" < many', "expected bytes as a number"),
        ('"request.isPrivateFile" = maybe', "expected true or false"),
        ('"request.tags" = "a"', "does not take ="),
        ('"request.colour" = "red"', "there is no field 'request.colour' (at character 0)"),
        ('"request.customMetadata.none" = 1', "there is no field"),
        ('"request.customMetadata.price" = "5"', "expected a number without quotes"),
        ('"request.customMetadata.size" : 5', "expected a text after :"),
        ('"request.fileName" HAS "red"', "does not take HAS"),
        ('("file.size" < 5', "expected AND, OR or )"),
    ],
)
def test_an_error_has_its_position(text: str, reason: str) -> None:
    with pytest.raises(ApiError) as caught:
        holds(text)
    assert caught.value.status == 400
    assert caught.value.message.startswith("Your request contains invalid syntax for the checks parameter. ")
    assert reason in caught.value.message
    assert "(at character " in caught.value.message


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])) | st.from_regex(r'"(file\.size|request\.tags)" .*'))
def test_any_text_is_either_parsed_or_refused(text: str) -> None:
    with contextlib.suppress(ApiError):
        holds(text)


@given(size=st.integers(0, 10**9), limit=st.integers(0, 10**9))
def test_sizes_are_compared_as_numbers(size: int, limit: int) -> None:
    known = facts(UploadParameters(file_name="a"), Probe(type=MediaType("text/plain", "txt")), size, {})
    for operator, expected in (("<", size < limit), (">=", size >= limit), ("=", size == limit)):
        checks = parse_checks(f'"file.size" {operator} {limit}', custom_fields={}, now=NOW)
        try:
            checks.enforce(known)
            found = True
        except ApiError:
            found = False
        assert found == expected


def test_an_upload_that_fails_its_checks_stores_nothing(api: Api, jpeg: bytes) -> None:
    for checks in ('"mediaMetadata.width" < 64', '"file.mime" = "image/png"', '"request.folder" : "inbox"'):
        response = api.try_upload("a.jpg", jpeg, checks=checks)
        assert response.json()["message"] == "Your request failed 'checks' validation."
    assert api.assets() == []
    assert api.upload("a.jpg", jpeg, checks='"file.mime" : image AND "mediaMetadata.width" = 64')["width"] == 64


def test_checks_test_the_picture_after_its_transformation(api: Api, jpeg: bytes) -> None:
    fields = {"transformation": '{"pre": "w-32"}', "checks": '"mediaMetadata.width" = 32'}
    assert api.upload("a.jpg", jpeg, **fields)["width"] == 32
