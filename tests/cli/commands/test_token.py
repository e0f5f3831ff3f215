"""Tokens for browsers: they work once, bind what they say, and show no key."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
import requests

if TYPE_CHECKING:
    from imagekitio.local import LocalImageKit

    from ..conftest import Run


def test_a_browser_can_upload_with_the_fields(run: Run, server: LocalImageKit) -> None:
    ended = run("--json", "token")
    (fields,) = ended.records
    url = f"{server.url}/api/v1/files/upload"
    data = {**fields, "fileName": "a.txt"}
    assert requests.post(url, data=data, files={"file": b"hello"}, timeout=60).status_code == 200
    assert requests.post(url, data=data, files={"file": b"hello"}, timeout=60).status_code == 400
    assert server.private_key not in ended.out + ended.err


def test_lines_are_for_people_and_a_note_says_what_to_do(run: Run) -> None:
    ended = run("token")
    assert [line.split("\t")[0] for line in ended.out.splitlines()] == ["token", "expire", "signature", "publicKey"]
    assert "/api/v1/files/upload" in ended.err


def test_version_2_binds_the_name_and_the_options(run: Run, server: LocalImageKit) -> None:
    options = ("-o", "folder=/users/42", "-o", "useUniqueFileName=false", "-o", 'tags=["a","b"]')
    (spent,) = run("--json", "token", "--v2", "me.txt", *options).records
    changed = {**spent["fields"], "folder": "/elsewhere"}
    assert requests.post(spent["url"], data=changed, files={"file": b"hello"}, timeout=60).status_code == 400
    ended = run("--json", "token", "--v2", "me.txt", *options)
    (made,) = ended.records
    answer = requests.post(made["url"], data=made["fields"], files={"file": b"hello"}, timeout=60)
    assert answer.json()["filePath"] == "/users/42/me.txt"
    assert server.client().get_file_by_path("/users/42/me.txt").tags == ["a", "b"]
    assert server.private_key not in ended.out + ended.err


def test_the_expiry_is_that_of_the_option(run: Run) -> None:
    (fields,) = run("--json", "token", "--expires", "10m").records
    assert 0 < fields["expire"] - time.time() <= 600


def test_an_expiry_that_the_service_refuses_makes_no_token(run: Run) -> None:
    for arguments in (("--expires", "1h"), ("--expires", "2020-01-01"), ("--v2", "a.jpg", "--expires", "2h")):
        ended = run("token", *arguments)
        assert (ended.code, ended.out) == (2, "")
        assert ended.err.count("\n") == 1


def test_wrong_options_are_refused(run: Run) -> None:
    assert "did you mean 'folder'?" in run("token", "--v2", "a.jpg", "-o", "foldr=/a").err
    assert "NAME=VALUE" in run("token", "--v2", "a.jpg", "-o", "folder").err
    assert "given twice" in run("token", "--v2", "a.jpg", "-o", "folder=/a", "-o", "folder=/b").err
    assert "is not valid JSON" in run("token", "--v2", "a.jpg", "-o", "tags=[a").err
    assert "needs --v2" in run("token", "-o", "folder=/a").err


@pytest.mark.parametrize(
    ("option", "error"),
    [
        ("useUniqueFilename=true", "there is no option 'useUniqueFilename'; did you mean 'useUniqueFileName'?"),
        ("bogus=1", "there is no option 'bogus'; expected one of checks, customCoordinates, "),
        ("useUniqueFileName=5", "useUniqueFileName must be true or false (got '5')"),
        ("folder=a --expires 2h", "--expires must be from 1 to 3600 s ahead"),
    ],
)
def test_wrong_options_are_named_as_they_are_typed(run: Run, option: str, error: str) -> None:
    ended = run("token", "--v2", "a.jpg", "-o", *option.split())
    assert (ended.code, ended.out) == (2, "")
    assert error in ended.err
