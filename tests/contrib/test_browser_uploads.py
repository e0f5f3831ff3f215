"""What a browser may upload with a token, and which files the application then accepts."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import pytest
import requests

from imagekitio import BadRequestException, ImageKit, UploadFileRequestOptions
from imagekitio.contrib.browser_uploads import UploadRules, make_fallback_tags, make_uploader_tag, read_json
from imagekitio.contrib.errors import UploadRefusedError, UploadTooLargeError

if TYPE_CHECKING:
    from imagekitio.operations.upload_tokens import UploadToken

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAEklEQVR4nGP4z8CAB+GTG8HSALfKY52fTcuYAAAAAElFTkSuQmCC"
)
ANNA = make_uploader_tag("secret", "user:1")
BEN = make_uploader_tag("secret", "user:2")
CLIENT = ImageKit("public_a", "private_a", "https://ik.imagekit.io/acme")


def ask(rules: UploadRules, **request: Any) -> UploadToken:
    return rules.make_token(CLIENT, {"file_name": "a.png", **request}, tag=ANNA)


def send(token: UploadToken, content: bytes = PNG) -> requests.Response:
    """Send a file as a browser does that has been given `token`."""
    return requests.post(token["url"], data=token["fields"], files={"file": content}, timeout=60)


def upload(ik: ImageKit, rules: UploadRules, *, tag: str = ANNA, content: bytes = PNG) -> str:
    answer = send(rules.make_token(ik, {"file_name": "a.png", "size": len(content)}, tag=tag), content)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["fileId"])


def test_a_token_binds_folder_checks_and_the_tag_of_the_visitor() -> None:
    rules = UploadRules("shop/v1.2", max_bytes=5_000_000, accept=["image/*", "video/mp4"], options={"tags": "shoe,red"})
    assert (
        ask(rules)["fields"].items()
        >= {
            "fileName": "a.png",
            "folder": "/shop/v1_2",
            "tags": f"shoe,red,{ANNA}",
            "checks": '("file.size" <= 5000000) AND ("file.mime" : "image/" OR "file.mime" = "video/mp4")',
        }.items()
    )


def test_checks_of_the_application_apply_as_well() -> None:
    rules = UploadRules("/", max_bytes=9, options={"checks": '"file.mime" = "a/b" OR "file.mime" = "c/d"'})
    assert ask(rules)["fields"]["checks"] == ('("file.mime" = "a/b" OR "file.mime" = "c/d") AND ("file.size" <= 9)')


def test_rules_without_limits_bind_no_checks() -> None:
    assert "checks" not in ask(UploadRules("/shop"))["fields"]


def test_the_visitor_who_uploaded_a_file_may_hand_it_in(ik: ImageKit) -> None:
    rules = UploadRules("/shop/v1.2", max_bytes=len(PNG), accept=["image/*"])
    rules.check_file(ik.get_file_details(upload(ik, rules)), tag=ANNA)


def test_a_visitor_may_hand_in_a_file_uploaded_before_the_secret_was_rotated(ik: ImageKit) -> None:
    rules = UploadRules("/shop")
    file = ik.get_file_details(upload(ik, rules))
    tag = make_uploader_tag("new", "user:1")
    rules.check_file(file, tag=tag, fallback_tags=make_fallback_tags(["older", b"secret"], "user:1"))
    for fallback_tags in ([], make_fallback_tags(["secret"], "user:2"), make_fallback_tags(["older"], "user:1")):
        with pytest.raises(UploadRefusedError, match="not uploaded here"):
            rules.check_file(file, tag=tag, fallback_tags=fallback_tags)


@pytest.mark.parametrize(
    ("secrets", "error"),
    [("secret", TypeError), (b"secret", TypeError), (["a", 1], TypeError), (["a", ""], ValueError)],
)
def test_earlier_secrets_are_a_list_of_secrets(secrets: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        make_fallback_tags(secrets, "user:1")


def test_rules_hold_for_the_root_folder_too(ik: ImageKit) -> None:
    rules = UploadRules("/")
    rules.check_file(ik.get_file_details(upload(ik, rules)), tag=ANNA)


def test_no_one_may_hand_in_a_file_of_another_visitor(ik: ImageKit) -> None:
    rules = UploadRules("/shop")
    file = ik.get_file_details(upload(ik, rules, tag=BEN))
    with pytest.raises(UploadRefusedError, match="not uploaded here"):
        rules.check_file(file, tag=ANNA)


@pytest.mark.parametrize("folder", ["/", "/shop", "/shop/shoes/old", "/shop/shoes2"])
def test_a_file_that_was_uploaded_by_other_rules_is_refused(ik: ImageKit, folder: str) -> None:
    file = ik.get_file_details(upload(ik, UploadRules(folder)))
    with pytest.raises(UploadRefusedError, match="not uploaded here"):
        UploadRules("/shop/shoes").check_file(file, tag=ANNA)


def test_a_file_against_stricter_rules_is_refused(ik: ImageKit) -> None:
    file = ik.get_file_details(upload(ik, UploadRules("/shop")))
    with pytest.raises(UploadTooLargeError):
        UploadRules("/shop", max_bytes=len(PNG) - 1).check_file(file, tag=ANNA)
    with pytest.raises(UploadRefusedError, match="allowed: video/mp4, audio/\\*"):
        UploadRules("/shop", accept=["video/mp4", "audio/*"]).check_file(file, tag=ANNA)


@pytest.mark.parametrize("rules", [{"max_bytes": len(PNG) - 1}, {"accept": ["image/jpeg"]}, {"accept": ["video/*"]}])
def test_the_service_refuses_a_file_that_a_browser_lied_about(ik: ImageKit, rules: dict[str, Any]) -> None:
    token = UploadRules("/shop", **rules).make_token(ik, {"file_name": "a.png"}, tag=ANNA)
    answer = send(token)
    assert answer.status_code == 400
    assert "checks" in answer.json()["message"]


def test_a_browser_gets_no_token_for_a_file_that_would_be_refused() -> None:
    rules = UploadRules("/", max_bytes=1000, accept=["image/png", "video/*"])
    with pytest.raises(UploadTooLargeError):
        ask(rules, size=1001)
    with pytest.raises(UploadRefusedError, match="wrong type; allowed: image/png, video/\\*"):
        ask(rules, type="image/jpeg")
    for request in (
        {"size": 1000, "type": "IMAGE/PNG"},
        {"type": "video/mp4; codecs=avc1"},
        {"type": "", "size": None},
    ):
        ask(rules, **request)


def test_an_upload_by_the_application_for_a_visitor_without_javascript_obeys_the_same_rules(ik: ImageKit) -> None:
    rules = UploadRules("/shop", max_bytes=len(PNG), accept=["image/*"], options={"tags": ["shoe"]})
    file = ik.upload_file(file=PNG, file_name="a.png", options=rules.make_options(tag=ANNA))
    rules.check_file(ik.get_file_details(file.file_id), tag=ANNA)
    with pytest.raises(BadRequestException, match="checks"):
        ik.upload_file(file=b"%PDF-1.4", file_name="a.png", options=rules.make_options(tag=ANNA))
    rules.check_announced(None, None)
    with pytest.raises(UploadTooLargeError):
        rules.check_announced(len(PNG) + 1, "image/png")


@pytest.mark.parametrize(
    ("request_", "problem"),
    [
        (None, "must be an object"),
        (["a.png"], "must be an object"),
        ({}, "no file_name"),
        ({"file_name": " "}, "no file_name"),
        ({"file_name": 7}, "no file_name"),
        ({"file_name": "\ud800.png"}, "file_name is not valid"),
        ({"file_name": "a.png", "size": -1}, "size"),
        ({"file_name": "a.png", "size": True}, "size"),
        ({"file_name": "a.png", "size": "9"}, "size"),
        ({"file_name": "a.png", "size": 0}, "empty"),
        ({"file_name": "a.png", "type": 1}, "type"),
    ],
)
def test_a_malformed_request_is_refused_with_the_reason(request_: object, problem: str) -> None:
    with pytest.raises(UploadRefusedError, match=problem):
        UploadRules("/").make_token(CLIENT, request_, tag=ANNA)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 100_000])
def test_a_body_that_is_not_json_is_refused(body: bytes) -> None:
    with pytest.raises(UploadRefusedError, match="not JSON"):
        read_json(body)


def test_a_body_of_json_is_read() -> None:
    assert read_json('{"file_name": "ü.png"}'.encode()) == {"file_name": "ü.png"}


@pytest.mark.parametrize(
    ("arguments", "error", "problem"),
    [
        ({"folder": None}, TypeError, "folder must be a str"),
        ({"folder": "a/../b"}, ValueError, r"'\.\.'"),
        ({"max_bytes": 0}, ValueError, "at least 1"),
        ({"max_bytes": "5mb"}, TypeError, "max_bytes must be an int"),
        ({"accept": "image/png"}, TypeError, "accept must be a list"),
        ({"accept": [".png"]}, ValueError, "MIME types"),
        ({"accept": ["*/*"]}, ValueError, "MIME types"),
        ({"accept": ['image/" OR "a" = "a']}, ValueError, "MIME types"),
        ({"options": {"folder": "/b"}}, ValueError, "pass it as folder"),
        ({"options": {"tag": "a"}}, ValueError, "did you mean 'tags'"),
        ({"options": {"useUniqueFileName": False}}, ValueError, "overwrite_file=False"),
    ],
)
def test_rules_that_are_not_valid_are_refused(arguments: Any, error: type[Exception], problem: str) -> None:
    with pytest.raises(error, match=problem):
        UploadRules(**{"folder": "/a", **arguments})


def test_options_may_be_of_the_option_class_and_are_unchanged() -> None:
    options = UploadFileRequestOptions(tags=["a"], use_unique_file_name=False, overwrite_file=False)
    fields = ask(UploadRules("/", options=options))["fields"]
    assert fields["tags"] == f"a,{ANNA}"
    assert options.tags == ["a"]


def test_each_visitor_and_each_application_has_its_own_tags() -> None:
    tags = {make_uploader_tag(secret, who) for secret in ("s", "t") for who in ("user:1", "user:2", "session:1")}
    assert len(tags) == 6
    assert make_uploader_tag(b"secret", "user:1") == make_uploader_tag("secret", "user:1") == ANNA


@pytest.mark.parametrize(
    ("secret", "uploader", "error"),
    [("", "1", ValueError), (b"", "1", ValueError), ("s", "", ValueError), ("s", 1, TypeError), (1, "s", TypeError)],
)
def test_a_tag_needs_a_secret_and_a_visitor(secret: Any, uploader: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        make_uploader_tag(secret, uploader)
