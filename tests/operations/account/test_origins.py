from __future__ import annotations

import json
from typing import Any

import pytest

from imagekitio.models.account import Origin, S3Origin, UrlEndpointRequestOptions, WebFolderOrigin
from imagekitio.models.account.origins import ORIGIN_CLASSES
from imagekitio.operations.account.origins import create_origin, update_origin

FOLDER: dict[str, Any] = {"name": "Shop", "base_url": "https://shop.example"}
BODY = {"type": "WEB_FOLDER", "name": "Shop", "baseUrl": "https://shop.example"}


def body(*arguments: Any, **keywords: Any) -> Any:
    created = create_origin(*arguments, **keywords).request.body
    updated = update_origin("orig_1", *arguments, **keywords).request.body
    assert created == updated
    assert isinstance(created, bytes)
    return json.loads(created)


def test_an_origin_can_be_an_object_a_dict_or_keywords() -> None:
    for arguments in ((WebFolderOrigin(**FOLDER),), ({"type": "WEB_FOLDER", **FOLDER},), (BODY,)):
        assert body(*arguments) == BODY
    assert body(type="WEB_FOLDER", **FOLDER) == BODY
    assert body(FOLDER, type="WEB_FOLDER") == BODY
    assert body(WebFolderOrigin(**FOLDER), type="WEB_FOLDER") == BODY


def test_keywords_take_precedence_and_the_callers_objects_are_not_changed() -> None:
    options = {"type": "WEB_PROXY", "name": "Old"}
    assert body(options, name="New") == {"type": "WEB_PROXY", "name": "New"}
    assert body({"type": "S3", **FOLDER}, type="WEB_FOLDER") == BODY
    assert options == {"type": "WEB_PROXY", "name": "Old"}


@pytest.mark.parametrize("type_", ORIGIN_CLASSES)
def test_each_missing_required_option_is_named(type_: str) -> None:
    cls = ORIGIN_CLASSES[type_]
    given: dict[str, Any] = dict.fromkeys(cls().list_required(), "https://a.example")
    assert body(cls(**given))["type"] == type_
    for name in given:
        others = {other: value for other, value in given.items() if other != name}
        for lacking in (cls(**others), {"type": type_, **others, name: None}):
            with pytest.raises(TypeError, match=f"^{name} is missing: pass it as a str$"):
                body(lacking)
        with pytest.raises(ValueError, match=f"^{name} must not be empty"):
            body(cls(**{**given, name: " "}))
        with pytest.raises(TypeError, match=rf"^{name} must be a str \(got bytes\)$"):
            body(cls(**{**given, name: b"xyzzy"}))


@pytest.mark.parametrize(
    ("options", "keywords", "error", "message"),
    [
        (None, {}, TypeError, "type is missing: pass one of S3, CLOUDINARY_BACKUP, .*, or an object such as S3Origin"),
        ({}, {"name": "a"}, TypeError, "type is missing"),
        ({"type": None}, {}, TypeError, "type is missing"),
        ({"type": "s3"}, {}, ValueError, "there is no origin type 's3'; did you mean 'S3'"),
        (None, {"type": "FTP"}, ValueError, "there is no origin type 'FTP'; expected one of AKENEO_PIM, AZURE_BLOB"),
        ({"type": 3}, {}, TypeError, "type must be a str .got int."),
        (S3Origin(name="a"), {"type": "GCS"}, ValueError, "type must be 'S3', the type of S3Origin .got 'GCS'."),
        (
            Origin(name="a"),
            {},
            TypeError,
            r"options must be an origin such as S3Origin\(…\), a dict or None .got Origin.",
        ),
        (UrlEndpointRequestOptions(), {}, TypeError, "options must be an origin"),
        ("S3", {}, TypeError, "options must be an origin .* .got str."),
        (
            None,
            {"type": "S3", "base_url": "https://a.b"},
            TypeError,
            "S3Origin has no option 'base_url'; expected one of a",
        ),
        (
            {"type": "S3", "acessKey": "xyzzy"},
            {},
            ValueError,
            "S3Origin has no option 'acessKey'; did you mean",
        ),
        ({"type": "S3", "accessKey": "xyzzy", "access_key": "xyzzy"}, {}, TypeError, "S3Origin: 'access_key' is given"),
        ({"type": "WEB_FOLDER", **FOLDER, "name": "\ud800"}, {}, ValueError, "name must not contain a lone surrogate"),
    ],
)
def test_an_invalid_origin_is_refused(options: Any, keywords: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=f"^{message}") as caught:
        body(options, **keywords)
    assert "xyzzy" not in str(caught.value)


@pytest.mark.parametrize("secret", ["xyz\ud800zy", b"xyzzy", 12345, ["xyzzy"], " "])
@pytest.mark.parametrize("name", ["access_key", "secret_key"])
def test_no_message_shows_a_secret(name: str, secret: Any) -> None:
    keys = {"access_key": "abc", "secret_key": "def", name: secret}
    with pytest.raises((TypeError, ValueError), match=f"^{name} must ") as caught:
        create_origin(type="S3", name="a", bucket="b", **keys)
    for shown in ("abc", "def", "xyz", "12345"):
        assert shown not in str(caught.value) + str(caught.value.__cause__)
