"""Explaining URLs: steps, query and signature in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..terminal import open_terminal

if TYPE_CHECKING:
    import pytest

    from imagekitio import ImageKit

    from ..conftest import Run


def test_each_item_of_each_step_has_a_line(run: Run, client: ImageKit) -> None:
    ended = run("explain", f"{client.url_endpoint}/tr:w-300,zz-1:if-w_gt_300,rt-90,if-end/a.jpg?v=1")
    assert ended.code == 0
    assert ended.out.splitlines()[2:6] == [
        "1\tw\t300\twidth 300 pixels",
        "\tzz\t1\tunknown code 'zz' with the value 1",
        "2\tif\tw_gt_300\tif width > 300",
        "\t  rt\t90\t  rotation 90 degrees",
    ]


def test_json_says_the_same_to_programs(run: Run, client: ImageKit) -> None:
    url = client.url(path="/a.jpg", signed=True, transformation=[{"overlay": {"type": "text", "text": "Hi"}}])
    (record,) = run("--json", "explain", f"{url}&v=1").records
    assert record["path"] == "/a.jpg"
    assert record["steps"][0][0]["words"] == 'text layer "Hi"'
    assert record["signature"]["status"] == "bad"
    assert record["signature"]["causes"] == ["v was added to the query after signing"]
    assert url.rpartition("ik-s=")[2] not in str(record)


def test_without_a_key_the_signature_is_not_checked(
    run: Run, client: ImageKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = client.url(path="/a.jpg", signed=True)
    monkeypatch.delenv("IMAGEKIT_PRIVATE_KEY")
    assert "signature\tnot checked" in run("explain", url).out
    assert run("--json", "explain", url).records[0]["signature"]["status"] == "unchecked"
    (record,) = run("--json", "explain", f"{client.url_endpoint}/a.jpg").records
    assert record["signature"]["status"] == "unsigned"
    assert record["signature"]["reason"] == "the URL has no signature (ik-s)"


def test_in_a_terminal_the_steps_are_a_table_and_nothing_moves_the_cursor(client: ImageKit) -> None:
    with open_terminal("explain", f"{client.url_endpoint}/tr:w-300/a%1B[2Jb.jpg") as terminal:
        code, text = terminal.finish()
    assert code == 0
    assert "[2J" in text
    assert ["step", "code", "value", "meaning"] in [line.split() for line in text.splitlines()]
    assert ["1", "w", "300", "width", "300", "pixels"] in [line.split() for line in text.splitlines()]
