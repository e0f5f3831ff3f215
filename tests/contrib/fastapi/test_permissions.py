"""Who may upload what."""

from __future__ import annotations

import secrets
from typing import Any

import pytest

from imagekitio.contrib.browser_uploads import UploadRules
from imagekitio.contrib.fastapi import UploadPermission

RULES = UploadRules("/shop")
SECRET = "the secret of the application"


def test_a_permission_marks_its_visitor_and_hides_the_secret() -> None:
    anna, ben = (UploadPermission(RULES, uploader=name, secret=SECRET) for name in ("anna", "ben"))
    assert anna.tag != ben.tag
    assert anna == UploadPermission(RULES, uploader="anna", secret=SECRET)
    assert anna != UploadPermission(RULES, uploader="anna", secret="another")
    assert SECRET not in repr(anna)
    assert not hasattr(anna, "secret")


def test_a_stranger_is_never_a_user() -> None:
    random_id = secrets.token_urlsafe(16)
    stranger = UploadPermission.for_stranger(RULES, random_id=random_id, secret=SECRET)
    assert stranger.tag != UploadPermission(RULES, uploader=random_id, secret=SECRET).tag


def test_an_id_that_can_be_guessed_is_refused() -> None:
    with pytest.raises(ValueError, match=r"at least 16 characters: secrets\.token_urlsafe"):
        UploadPermission.for_stranger(RULES, random_id="1", secret=SECRET)


@pytest.mark.parametrize(
    ("arguments", "kind", "message"),
    [
        ({"uploader": ""}, ValueError, "uploader is empty"),
        ({"uploader": 7}, TypeError, r"uploader must be a str \(got int\)"),
        ({"secret": ""}, ValueError, "secret is empty"),
        ({"rules": "/shop"}, TypeError, r"rules must be UploadRules \(got str\)"),
    ],
)
def test_wrong_arguments_are_errors(arguments: dict[str, Any], kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=message):
        UploadPermission(**{"rules": RULES, "uploader": "anna", "secret": SECRET, **arguments})


@pytest.mark.parametrize("random_id", [None, 7])
def test_the_id_of_a_stranger_is_a_str(random_id: Any) -> None:
    with pytest.raises(TypeError, match="random_id must be a str"):
        UploadPermission.for_stranger(RULES, random_id=random_id, secret=SECRET)
