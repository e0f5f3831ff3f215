"""Details of files and folders."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
import pyvips

from ..library import add_file, reads_of
from ..terminal import open_terminal

if TYPE_CHECKING:
    from imagekitio import ImageKit
    from imagekitio.local import LocalImageKit

    from ..conftest import Run


def picture() -> bytes:
    image = pyvips.Image.black(40, 30, bands=3).copy(interpretation="srgb")
    return io.BytesIO(image.write_to_buffer(".jpg")).getvalue()


@pytest.fixture(autouse=True)
def ids(client: ImageKit) -> dict[str, str]:
    add_file(client, "/shop/shoe.jpg", b"old" * 500)
    return {
        "shoe": add_file(client, "/shop/shoe.jpg", picture(), tags=["sale", "new"], description="A shoe"),
        "text": add_file(client, "/shop/old/notes.txt", b"x" * 1500),
    }


def test_all_details_of_a_file_take_one_request(run: Run, server: LocalImageKit, ids: dict[str, str]) -> None:
    ended = run("info", "/shop/old/notes.txt")
    assert ended.code == 0
    lines = dict(line.split("\t") for line in ended.out.splitlines())
    assert lines["fileId"] == ids["text"]
    assert lines["size"] == "1.5 kB, 1,500 bytes"
    assert lines["mime"] == "text/plain"
    assert reads_of(server) == 1


def test_files_are_named_by_url_and_id_too(run: Run, client: ImageKit, ids: dict[str, str]) -> None:
    url = client.url({"path": "/shop/shoe.jpg", "transformation": [{"width": 30}]})
    by_url, by_id = run("--json", "info", url, ids["text"]).records
    assert (by_url["fileId"], by_id["filePath"]) == (ids["shoe"], "/shop/old/notes.txt")
    assert (by_url["tags"], by_url["description"], by_url["width"]) == (["sale", "new"], "A shoe", 40)


def test_metadata_and_versions_are_read_when_asked_for(run: Run, server: LocalImageKit) -> None:
    (record,) = run("--json", "info", "--metadata", "--versions", "/shop/shoe.jpg").records
    assert record["metadata"]["pHash"]
    assert [version["versionInfo"]["name"] for version in record["versions"]] == ["Version 2", "Version 1"]
    assert reads_of(server) == 3
    out = run("info", "--metadata", "--versions", "/shop/shoe.jpg").out
    details, versions = out.split("\n\n")
    assert "metadata.format\tjpg" in details.splitlines()
    assert [line.split("\t")[0] for line in versions.splitlines()] == ["Version 2", "Version 1"]


def test_a_file_without_metadata_is_shown_and_is_a_failure(run: Run) -> None:
    ended = run("info", "--metadata", "/shop/old/notes.txt")
    assert ended.code == 1
    assert "filePath\t/shop/old/notes.txt" in ended.out
    assert ended.err.startswith("failed: /shop/old/notes.txt: ")


def test_a_folder_shows_how_much_is_below_it(run: Run) -> None:
    shop, everything = run("info", "/shop", "/").out.split("\n\n")[::-1]
    size = 1500 + len(picture())
    assert f"contents\t2 files ({size / 1000:.1f} kB, {size:,} bytes)" in shop
    assert "folderPath\t/\n" in everything
    (record,) = run("--json", "info", "/shop/old").records
    assert (record["folderPath"], record["files"], record["sizeBytes"]) == ("/shop/old", 1, 1500)


def test_what_is_not_there_is_named_and_the_rest_is_shown(run: Run) -> None:
    ended = run("info", "/nope", "/shop/old/*.txt")
    assert ended.code == 1
    assert ended.out.startswith("type\tfile\n")
    assert ended.err.startswith("failed: /nope: there is no file or folder")


def test_controls_in_a_description_do_not_reach_the_terminal(run: Run, client: ImageKit) -> None:
    add_file(client, "/evil.txt", description="\x1b]0;owned\x07\x1b[2J[bold]")
    assert "description\t\\x1b]0;owned\\x07\\x1b[2J[bold]" in run("info", "/evil.txt").out
    with open_terminal("info", "/evil.txt") as terminal:
        code, text = terminal.finish()
    assert code == 0
    assert "[bold]" in text
    assert "owned" in text
