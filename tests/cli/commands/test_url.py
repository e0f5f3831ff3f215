"""Building URLs: every transformation is an option, mistakes are refused, and nothing is sent."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest
from click.shell_completion import ShellComplete

from imagekitio.cli.app import command
from imagekitio.cli.urls.expiries import read_expiry
from imagekitio.urls.transformations.names import CODES

if TYPE_CHECKING:
    from imagekitio import ImageKit
    from imagekitio.local import LocalImageKit

    from ..conftest import Run

ENDPOINT = "https://ik.imagekit.io/acme"


@pytest.fixture(autouse=True)
def endpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMAGEKIT_URL_ENDPOINT", ENDPOINT)


def test_the_url_alone_is_printed_and_needs_no_key(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("IMAGEKIT_PRIVATE_KEY")
    ended = run("url", "shop/shoe.jpg", "--height", "200", "--width", "300")
    assert (ended.code, ended.out, ended.err) == (0, f"{ENDPOINT}/tr:h-200,w-300/shop/shoe.jpg\n", "")


def test_nothing_is_sent(run: Run, server: LocalImageKit) -> None:
    assert run("url", "/a.jpg", "--sign").code == 0
    assert server.requests == []


def test_signing_without_a_key_says_where_to_put_one(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("IMAGEKIT_PRIVATE_KEY")
    ended = run("url", "/a.jpg", "--sign")
    assert (ended.code, ended.out) == (2, "")
    assert "IMAGEKIT_PRIVATE_KEY" in ended.err


def test_an_expiry_signs_the_url(run: Run, monkeypatch: pytest.MonkeyPatch, server: LocalImageKit) -> None:
    monkeypatch.setenv("IMAGEKIT_URL_ENDPOINT", server.url_endpoint)
    (record,) = run("url", "/a.jpg", "--expires", "2100-01-01T00:00Z", "--json").records
    assert record["expiresAt"] == 4102444800
    assert server.client().verify_url(record["url"]).expires_at == 4102444800


def test_an_expiry_in_the_past_is_a_warning(run: Run) -> None:
    ended = run("url", "/a.jpg", "--expires", "2020-01-01T00:00Z")
    assert ended.code == 0
    assert "is in the past" in ended.err


def test_every_name_of_the_table_is_an_option(run: Run) -> None:
    listed = {record["name"]: record for record in run("url", "--list-transformations", "--json").records}
    assert {*listed} == {*CODES}
    for name, code in CODES.items():
        record = listed[name]
        given = [record["option"].split("/")[0], *(["7"] if record["values"] else [])]
        ended = run("url", "/a.jpg", "--no-check", *given)
        assert ended.code == 0, ended.err
        assert f"/tr:{code}" in unquote(ended.out)


def test_negative_numbers_and_switches_are_written_as_urls_have_them(run: Run) -> None:
    ended = run("url", "/a.jpg", "--x", "-40", "--rotation", "-90", "--grayscale", "--no-lossless", "--trim", "true")
    assert ended.out == f"{ENDPOINT}/tr:x-N40,rt-N90,e-grayscale,lo-false,t-true/a.jpg\n"


def test_steps_follow_each_other_and_other_options_stand_anywhere(run: Run) -> None:
    ended = run(
        *("url", "--width", "300", "-t", "bl-3", "--step", "--rotation", "90", "/a.jpg", "--step"),
        *("--radius", "max", "--query", "-t", "l-text,i-Hi,l-end:h-5"),
    )
    assert ended.code == 0
    query = "w-300:bl-3:rt-90:r-max:l-text,i-Hi,l-end:h-5"
    assert unquote(ended.out) == f"{ENDPOINT}/a.jpg?tr={query}\n"


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("--crop", "forc"), "did you mean 'force'?"),
        (("--width", "wide"), "a number"),
        (("--width", ""), "must not be empty"),
        (("-t", "zz-3"), "unknown transformation 'zz'"),
        (("-t", "aspct-4"), "did you mean '--aspect-ratio'?"),
        (("--crop-mode", "pad"), "--crop-mode must be"),
        (("-t", "w-300,,h-3"), "a step, or a part of one, is empty (got 'w-300,,h-3')"),
        (("-t", "w-300::h-3"), "is empty (got 'w-300::h-3')"),
        (("-t", ":w-300"), "is empty (got ':w-300')"),
        (("-t", "w-300,"), "is empty (got 'w-300,')"),
        (("--step", "-t", "w-300:"), "is empty (got 'w-300:')"),
        (("-t", "w-"), "'w-' has no value"),
        (("-t", "bl-3,l-text,i-,l-end"), "'i-' has no value"),
        (("--widht", "3"), "--width"),
        (("--step", "--widht", "3"), "--width"),
        (("--step", "--crop"), "requires an argument"),
        (("--expires", "3600"), "write 3600s"),
        (("--expires", "0s"), "at least 1"),
        (("--srcset", "a"), "320,640,1280"),
    ],
)
def test_a_mistake_is_refused_with_what_would_be_right(run: Run, arguments: tuple[str, ...], hint: str) -> None:
    ended = run("url", "/a.jpg", *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert hint in ended.err
    assert ended.err.count("\n") == 1


def test_unknown_transformations_pass_if_nothing_is_checked(run: Run) -> None:
    assert run("url", "/a.jpg", "-t", "zz-3", "--no-check").out == f"{ENDPOINT}/tr:zz-3/a.jpg\n"
    assert run("url", "/a.jpg", "-t", "w-3,,h-3", "--no-check").out == f"{ENDPOINT}/tr:w-3,,h-3/a.jpg\n"


def test_paths_come_from_standard_input_and_one_that_fails_stops_no_other(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("a.jpg\n\nhttps://elsewhere.example/b.jpg\nä \x1b.jpg\n"))
    ended = run("url", "-", "--sign")
    assert ended.code == 1
    first, second = ended.out.splitlines()
    assert first.startswith(f"{ENDPOINT}/a.jpg?ik-s=")
    assert second.startswith(f"{ENDPOINT}/%C3%A4%20%1B.jpg?ik-s=")
    assert ended.err.startswith("failed: https://elsewhere.example/b.jpg: only URLs under the endpoint")


def test_a_url_gets_its_steps_in_the_query(run: Run) -> None:
    assert run("url", f"{ENDPOINT}/a.jpg", "--width", "5").out == f"{ENDPOINT}/a.jpg?tr=w-5\n"


def test_a_srcset_has_the_widths_that_are_asked_for(run: Run) -> None:
    ended = run("url", "/a.jpg", "--srcset", "320,640")
    assert [candidate.split()[1] for candidate in ended.out.split(", ")] == ["320w", "640w"]


def test_the_browser_opens_the_url(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    def open_browser(url: str) -> bool:
        opened.append(url)
        return True

    monkeypatch.setattr("webbrowser.open", open_browser)
    assert run("url", "/a.jpg", "--open").code == 0
    assert opened == [f"{ENDPOINT}/a.jpg"]


def test_without_a_browser_it_says_so(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webbrowser.open", lambda url: False)
    ended = run("url", "/a.jpg", "--open")
    assert (ended.code, ended.out) == (2, f"{ENDPOINT}/a.jpg\n")
    assert "BROWSER" in ended.err


def test_a_signed_url_with_many_options_is_what_the_client_builds(run: Run, client: ImageKit) -> None:
    ended = run("--url-endpoint", client.url_endpoint, "url", "/a b.jpg?v=1", "--sign", "--width", "0.5")
    assert ended.out.strip() == client.url(path="/a b.jpg?v=1", signed=True, transformation=[{"width": 0.5}])


@pytest.mark.parametrize(
    ("text", "seconds"), [("90s", 90), ("30m", 1800), ("1h30m", 5400), ("7d", 604_800), ("2w", 1_209_600)]
)
def test_spans_have_units(text: str, seconds: int) -> None:
    assert read_expiry(text) == timedelta(seconds=seconds)


def test_values_are_completed_in_any_step() -> None:
    completion = ShellComplete(command, {}, "imagekit", "_IMAGEKIT_COMPLETE")
    for arguments in (["url"], ["url", "/a.jpg", "--width", "3", "--step"]):
        items = completion.get_completions([*arguments, "--crop"], "at_m")
        assert [item.value for item in items] == ["at_max", "at_max_enlarge"]


def test_help_shows_the_common_options_only(run: Run) -> None:
    text = run("url", "--help").out
    assert "--crop-mode" in text
    assert "--overlay-text-transparency" not in text
    assert all(len(line) <= 80 for line in text.splitlines())
