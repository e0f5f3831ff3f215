"""Purging: wildcards ask, limits are known before anything is sent, and --wait waits."""

from __future__ import annotations

import io
import time
from typing import TYPE_CHECKING

import pytest

from imagekitio.local import LocalImageKit

from ..terminal import open_terminal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..conftest import Run


def list_purges(server: LocalImageKit) -> list[int | None]:
    return [request.status for request in server.requests if request.operation == "purge_file_cache"]


def test_a_path_is_purged_under_the_endpoint(run: Run, server: LocalImageKit) -> None:
    ended = run("--json", "purge", "shop/a.jpg")
    (record,) = ended.records
    assert ended.code == 0
    assert (record["status"], record["url"]) == ("requested", f"{server.url_endpoint}/shop/a.jpg")
    assert ended.err == "1 purge requested\n"
    assert server.client().get_purge_file_cache_status(record["requestId"]).status == "Completed"


def test_the_same_url_is_purged_once_since_each_purge_counts(run: Run, server: LocalImageKit) -> None:
    assert run("purge", "/a.jpg", "a.jpg", f"{server.url_endpoint}/a.jpg").code == 0
    assert list_purges(server) == [201]


@pytest.mark.parametrize("options", [[], ["--wait"]])
def test_an_answer_without_a_request_is_no_success(run: Run, server: LocalImageKit, options: list[str]) -> None:
    server.faults.add(status=200, body={}, operation="purge_file_cache")
    ended = run("purge", "/a.jpg", *options)
    assert (ended.code, ended.out) == (4, "")
    assert "the answer has no request id" in ended.err


def test_a_wildcard_needs_a_yes(run: Run, server: LocalImageKit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    ended = run("purge", "/shop/a.jpg*")
    assert ended.code == 2
    assert "--yes" in ended.err
    assert list_purges(server) == []
    assert run("purge", "/shop/a.jpg*", "--yes").code == 0
    assert list_purges(server) == [201]


@pytest.mark.parametrize(("answer", "code", "statuses"), [("n", 3, []), ("y", 0, [201])])
def test_a_terminal_is_asked(server: LocalImageKit, answer: str, code: int, statuses: list[int]) -> None:
    with open_terminal("purge", "/shop/shoes/*") as terminal:
        question = terminal.expect(r"\[y/N\]").replace("\n", "").strip()
        assert question == f"Purge all URLs that match {server.url_endpoint}/shop/shoes/* from the CDN's cache?"
        terminal.send(answer)
        assert terminal.finish()[0] == code
    assert list_purges(server) == statuses


@pytest.mark.parametrize(
    ("target", "hint"),
    [
        ("/sh*", "too short"),
        ("/*", "too short"),
        ("{endpoint}/sh*", "too short"),
        ("/a*b.jpg", "only at the very end"),
        ("{endpoint}/a*b.jpg", "only at the very end"),
        ("/shop/", "'/shop/*'"),
        ("{endpoint}/shop/", "/shop/*'"),
        ("/", "'/*'"),
        ("/media/catalog/*", "as in /media/catalog/shoes/*"),
        ("s/files/*", "as in /s/files/shoes/*"),
        ("{endpoint}/s/files/*", "as in /s/files/shoes/*"),
    ],
)
def test_what_the_service_would_refuse_is_not_sent(run: Run, server: LocalImageKit, target: str, hint: str) -> None:
    ended = run("purge", target.format(endpoint=server.url_endpoint), "--yes")
    assert ended.code == 2
    assert hint in ended.err
    assert server.requests == []


@pytest.mark.parametrize("target", ["/media/catalog/shoes/*", "/media/catalog*", "/s/files/a.jpg*", "/a.jpg*"])
def test_what_the_service_accepts_is_sent(run: Run, server: LocalImageKit, target: str) -> None:
    assert run("purge", target, "--yes").code == 0
    assert list_purges(server) == [201]


def test_a_url_needs_no_endpoint(run: Run, server: LocalImageKit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMAGEKIT_URL_ENDPOINT", "fake")
    assert run("purge", f"{server.url_endpoint}/shop/shoes/*", "--yes").code == 0
    assert list_purges(server) == [201]


def test_paths_come_from_standard_input(run: Run, server: LocalImageKit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("a.jpg\n/sh*\n"))
    ended = run("purge", "-", "--yes")
    assert ended.code == 1
    assert ended.err.startswith("failed: /sh*: this is too short")
    assert list_purges(server) == [201]


def test_a_dry_run_sends_nothing(run: Run, server: LocalImageKit) -> None:
    ended = run("--json", "purge", "/shop/shoes/*", "/a.jpg", "--dry-run")
    urls = [f"{server.url_endpoint}{path}" for path in ("/shop/shoes/*", "/a.jpg")]
    assert ended.records == [{"status": "planned", "action": "purge", "url": url} for url in urls]
    assert server.requests == []


def test_a_url_of_another_account_is_refused_and_the_rest_goes_on(run: Run, server: LocalImageKit) -> None:
    ended = run("purge", "https://elsewhere.example/a.jpg", "/a.jpg")
    assert ended.code == 1
    assert "must be one of your account's" in ended.err
    assert ended.out.startswith(f"purge requested: {server.url_endpoint}/a.jpg (")


def test_a_wrong_key_and_a_server_that_fails_have_their_exit_codes(run: Run, server: LocalImageKit) -> None:
    server.faults.add(status=403)
    assert run("purge", "/a.jpg").code == 3
    server.faults.add(status=500)
    assert run("purge", "/a.jpg").code == 4


@pytest.fixture
def slow_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalImageKit]:
    """One whose purges take three seconds of its clock, which goes on only while somebody sleeps."""
    with LocalImageKit(job_delay=3) as server:
        server.clock.freeze()
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        yield server


def test_waiting_ends_when_the_purge_is_done(
    run: Run, slow_server: LocalImageKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "sleep", slow_server.clock.advance)
    ended = run("--json", "purge", "/a.jpg", "--wait")
    assert [record["status"] for record in ended.records] == ["purged"]
    assert ended.err == "1 purge done\n"
    asked = [request for request in slow_server.requests if request.operation == "get_purge_file_cache_status"]
    assert len(asked) == 4  # at 0, 0.5, 1.5 and 3.5 s


def test_waiting_ends_after_ten_minutes_anyway(
    run: Run, slow_server: LocalImageKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    moments = iter([0.0, 599.0, 601.0])
    monkeypatch.setattr("imagekitio.cli.commands.purge.read_seconds", lambda: next(moments))
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    ended = run("purge", "/a.jpg", "--wait")
    assert ended.code == 4
    assert "not done after 10 minutes" in ended.err


def test_a_status_that_cannot_be_read_is_a_failure(
    run: Run, slow_server: LocalImageKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow_server.faults.add(status=403, operation="get_purge_file_cache_status")
    ended = run("purge", "/a.jpg", "--wait")
    assert ended.code == 3
    assert ended.err.startswith("failed: ")


def test_ctrl_c_while_waiting_says_what_goes_on(slow_server: LocalImageKit) -> None:
    with open_terminal("purge", "/a.jpg", "--wait") as terminal:
        terminal.expect("Waiting for 1 purge")
        terminal.interrupt()
        code, text = terminal.finish()
    assert code == 130
    assert "1 purge of 1 still in progress" in " ".join(text.split())
