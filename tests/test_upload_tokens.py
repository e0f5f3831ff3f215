"""Tokens that restrict an upload from a browser, from both clients, posted to local ImageKit as by a browser."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from imagekitio import ImageKit
    from imagekitio.local import LocalImageKit
    from imagekitio.operations.upload_tokens import UploadToken

OTHERS = "Your request contains invalid payload. It does not match with the payload used to generate token."
OPTIONS: dict[str, Any] = {
    "folder": "/from browsers/größe",
    "tags": ["a b", "ü"],
    "description": "first line\nsecond line",
    "custom_coordinates": (1, 2, 3, 4),
    "use_unique_file_name": False,
    "overwrite_file": False,
    "is_private_file": True,
    "response_fields": ["tags", "is_private_file"],
    "extensions": [{"name": "google-auto-tagging", "min_confidence": 80, "max_tags": 5}],
    "checks": '"file.size" < "1kb"',
}


def post(made: UploadToken, content: bytes = b"hello\n", /, **changes: str | None) -> requests.Response:
    """Post the form; a change that is None leaves a field out."""
    fields = {name: text for name, text in {**made["fields"], **changes}.items() if text is not None}
    return requests.post(made["url"], data=fields, files={"file": ("blob", content)}, timeout=30)


def test_a_browser_can_upload_with_a_token(ik: ImageKit) -> None:
    response = post(ik.get_upload_token("shoe.txt", **OPTIONS))
    assert response.status_code == 200, response.text
    answer = response.json()
    assert answer["filePath"] == "/from_browsers/größe/shoe.txt"
    assert (answer["tags"], answer["isPrivateFile"]) == (["a b", "ü"], True)
    assert answer["description"] == "first line\r\nsecond line"
    assert ik.get_file_by_path(answer["filePath"]).file_id == answer["fileId"]


@pytest.mark.parametrize(
    "change",
    [
        {"folder": "/"},
        {"fileName": "other.txt"},
        {"isPrivateFile": "false"},
        {"checks": None},
        {"tags": "a b,ü,more"},
        {"overwriteTags": "true"},
        {"webhookUrl": "http://127.0.0.1/"},
    ],
)
def test_no_field_but_the_file_can_be_changed_omitted_or_added(ik: ImageKit, change: dict[str, str | None]) -> None:
    response = post(ik.get_upload_token("shoe.txt", **OPTIONS), b"hello\n", **change)
    assert (response.status_code, response.json()["message"]) == (400, OTHERS)
    assert len(ik.list_files()) == 0


def test_the_checks_bind_the_content(ik: ImageKit) -> None:
    assert post(ik.get_upload_token("a.txt", checks='"file.size" < "1kb"'), bytes(2000)).status_code == 400
    assert post(ik.get_upload_token("a.txt", checks='"file.size" < "1kb"'), bytes(20)).status_code == 200


def test_a_token_works_once_and_two_made_in_the_same_second_differ(ik: ImageKit, server: LocalImageKit) -> None:
    server.clock.freeze(1_900_000_000)
    first, second = ik.get_upload_token("a.txt"), ik.get_upload_token("a.txt")
    assert [post(one).status_code for one in (first, second, first)] == [200, 200, 400]
    assert "has been used before" in post(second).json()["message"]


def test_a_token_expires(ik: ImageKit, server: LocalImageKit) -> None:
    server.clock.freeze(1_900_000_000)
    made = ik.get_upload_token("a.txt", expire=timedelta(minutes=5))
    hour = ik.get_upload_token("a.txt", expire=timedelta(hours=1))
    server.clock.advance(300)
    assert post(made).json()["message"] == "Your request contains expired token."
    server.clock.advance(3299)
    assert post(hour).status_code == 200


def test_a_forged_token_is_refused(ik: ImageKit, server: LocalImageKit) -> None:
    with server.client(private_key="private_other") as other:
        assert post(other.get_upload_token("a.txt")).json()["message"] == "Your request has invalid token."
    header, claims, signature = ik.get_upload_token("a.txt")["token"].split(".")
    forged = f"{header}.{claims[:-2]}.{signature}"
    assert post(ik.get_upload_token("a.txt"), token=forged).json()["message"] == "Your request has invalid token."


TEXTS = st.text(st.characters(codec="utf-8"), max_size=20)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(description=TEXTS, tag=TEXTS.filter(lambda tag: "," not in tag))
def test_any_text_is_signed_exactly_as_it_is_sent(threads: ImageKit, description: str, tag: str) -> None:
    response = post(threads.get_upload_token("a.txt", description=description, tags=[tag]))
    assert response.json().get("message") != OTHERS
