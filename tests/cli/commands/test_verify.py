"""Checking signatures: whether a URL is valid, and otherwise why not."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from imagekitio import ImageKit
    from imagekitio.local import LocalImageKit

    from ..conftest import Run


def test_a_valid_url_is_ok_until_it_expires(run: Run, client: ImageKit, server: LocalImageKit) -> None:
    (record,) = run("--json", "verify", client.url(path="/a.jpg", signed=True, expires_at=4102444800)).records
    assert (record["status"], record["expiresAt"]) == ("ok", 4102444800)
    assert record["stringToSign"] == "a.jpg4102444800"
    assert server.requests == []


def test_a_url_that_never_expires_says_so(run: Run, client: ImageKit) -> None:
    ended = run("verify", client.url(path="/a.jpg", signed=True))
    assert (ended.code, ended.out) == (0, "result\tok\nexpires\tnever\n")


def test_a_changed_url_is_refused_with_the_cause_and_both_texts(run: Run, client: ImageKit) -> None:
    ended = run("verify", client.url(path="/a.jpg", signed=True) + "&v=1")
    assert ended.code == 3
    lines = dict(line.split("\t") for line in ended.out.splitlines())
    assert lines["result"] == "bad"
    assert lines["cause"] == "v was added to the query after signing"
    assert lines["signed"] == "a.jpg9999999999"
    assert lines["to sign"] == "a.jpg?v=19999999999"


@pytest.mark.parametrize(
    ("end", "status"),
    [("", "unsigned"), ("?ik-s=0", "bad"), ("?ik-t=x&ik-s=0", "bad"), ("?ik-t=999999999999&ik-s=0", "bad")],
)
def test_a_url_without_a_valid_signature_is_refused(run: Run, client: ImageKit, end: str, status: str) -> None:
    ended = run("--json", "verify", f"{client.url_endpoint}/a.jpg{end}")
    assert ended.code == 3
    assert ended.records[0]["status"] == status


def test_an_expired_url_is_refused(run: Run, client: ImageKit) -> None:
    ended = run("--json", "verify", client.url(path="/a.jpg", signed=True, expires_at=1_600_000_000))
    assert (ended.code, ended.records[0]["status"]) == (3, "expired")


@pytest.mark.parametrize(
    ("line", "noun"),
    [("verify -", "URL"), ("verify - --json", "URL"), ("url -", "path"), ("purge - -n", "path or URL")],
)
@pytest.mark.parametrize("text", ["", "\n\n"])
def test_an_empty_standard_input_is_a_usage_error(
    run: Run, server: LocalImageKit, monkeypatch: pytest.MonkeyPatch, line: str, noun: str, text: str
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    ended = run(*line.split())
    assert (ended.code, ended.out) == (2, "")
    assert f"there is no {noun} on standard input" in ended.err
    assert server.requests == []


def test_of_many_urls_each_has_a_line_and_the_code_says_that_some_failed(
    run: Run, client: ImageKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = client.url(path="/a.jpg", signed=True)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{good}\n{good}0\nhttps://elsewhere.example/\n"))
    ended = run("verify", "-")
    assert ended.code == 1
    assert [line.split("\t")[0] for line in ended.out.splitlines()] == ["ok", "bad", "other endpoint"]
