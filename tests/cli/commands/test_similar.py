"""Near duplicates: groups, what looks like one picture, and hashes that are read once."""

from __future__ import annotations

import io
import re
import sqlite3
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from imagekitio.cli.commands import similar as module
from imagekitio.cli.phash_cache import PhashCache, find_cache
from imagekitio.similar import SIMILAR

from ..terminal import open_terminal

if TYPE_CHECKING:
    from imagekitio import ImageKit
    from imagekitio.local import LocalImageKit

    from ..conftest import Run

PICTURES = Path(__file__).parents[3] / "sample" / "pictures"


def scale(name: str, side: int) -> bytes:
    picture = Image.open(PICTURES / name)
    picture.thumbnail((side, side))
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=60)
    return file.getvalue()


def upload(client: ImageKit, path: str, content: bytes) -> None:
    folder, _, name = path.rpartition("/")
    client.upload_file(content, name, folder=folder or "/", use_unique_file_name=False)


@pytest.fixture(autouse=True)
def library(client: ImageKit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Where the cache is: on Linux by the first, elsewhere by the second.
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("HOME", str(tmp_path))
    for path, name, side in (
        ("/shop/cat-small.jpg", "cat.jpg", 150),
        ("/shop/cat.jpg", "cat.jpg", 400),
        ("/old/cat.jpg", "cat.jpg", 100),
        ("/shop/coffee.jpg", "coffee.jpg", 300),
    ):
        upload(client, path, scale(name, side))
    upload(client, "/shop/prices.txt", b"hello")


def count_hash_requests(server: LocalImageKit) -> int:
    return sum(request.path.endswith("/metadata") for request in server.requests)


def test_groups_have_the_largest_first_and_what_is_no_picture_is_counted(run: Run) -> None:
    ended = run("similar")
    assert ended.code == 0
    assert [line.split("\t")[:2] for line in ended.out.splitlines()] == [
        ["1", "/shop/cat.jpg"],
        ["1", "/shop/cat-small.jpg"],
        ["1", "/old/cat.jpg"],
    ]
    assert ended.err == "left out: 1 file that is not a picture\n"


def test_json_has_one_group_a_line_for_other_programs(run: Run, client: ImageKit) -> None:
    (group,) = run("similar", "--json").records
    first, *others = group["files"]
    assert (first["filePath"], first["distance"]) == ("/shop/cat.jpg", 0)
    assert all(other["distance"] <= SIMILAR for other in others)
    assert client.get_file_by_path(others[-1]["url"]).file_id == others[-1]["fileId"]


def test_only_the_paths_that_are_given_are_searched(run: Run) -> None:
    assert len(run("similar", "/shop").out.splitlines()) == 2
    assert len(run("similar", "/shop/cat*", "/old/cat.jpg", "/old").out.splitlines()) == 3
    assert run("similar", "/old").out == ""
    ended = run("similar", "/none")
    assert ended.code == 3
    assert "/none" in ended.err


def test_what_looks_like_one_picture_leaves_that_one_out(run: Run) -> None:
    ended = run("similar", "/shop", "--to", "old/cat.jpg")
    assert [line.split("\t")[0] for line in ended.out.splitlines()] == ["/shop/cat.jpg", "/shop/cat-small.jpg"]
    assert [line.split("\t")[0] for line in run("similar", "--to", "/shop/coffee.jpg").out.splitlines()] == []


def test_a_url_may_be_compared_with_as_the_account_delivers_it(run: Run, client: ImageKit) -> None:
    url = client.url(path="/shop/cat.jpg", transformation=[{"width": 90}])
    records = run("similar", "/old", "--to", url, "--json").records
    assert [record["filePath"] for record in records] == ["/old/cat.jpg"]


def test_pictures_may_be_named_by_their_ids(run: Run, client: ImageKit) -> None:
    ids = [client.get_file_by_path(path).file_id for path in ("/shop/cat.jpg", "/old/cat.jpg")]
    assert len(run("similar", *ids).out.splitlines()) == 2
    assert run("similar", "/old", "--to", ids[0], "--json").records[0]["fileId"] == ids[1]


def test_a_file_on_this_machine_cannot_be_compared_with_and_the_error_says_why(run: Run, shell: Path) -> None:
    (shell / "my photos").mkdir()
    (shell / "my photos" / "cat.jpg").touch()
    ended = run("similar", "--to", "my photos/cat.jpg")
    assert ended.code == 2
    assert "my photos/cat.jpg is a file on this machine" in ended.err
    assert "imagekit upload 'my photos/cat.jpg' /" in ended.err
    assert "/my photos" not in ended.err
    ended = run("similar", "--to", str(PICTURES / "cat.jpg"))
    assert ended.code == 2
    assert f"imagekit upload {PICTURES / 'cat.jpg'} /" in ended.err
    assert ended.err.count("\n") == 1


def test_the_distance_decides_what_looks_alike(run: Run) -> None:
    assert f"{SIMILAR} by default" in " ".join(run("similar", "--help").out.split())
    assert len(run("similar", "--distance", "64").out.splitlines()) == 4


def test_a_second_run_asks_for_no_hash_but_those_of_new_versions(
    run: Run, client: ImageKit, server: LocalImageKit
) -> None:
    first = run("similar")
    assert count_hash_requests(server) == 4
    assert run("similar").out == first.out
    assert count_hash_requests(server) == 4
    client.upload_file(scale("coffee.jpg", 90), "cat.jpg", folder="/old", use_unique_file_name=False)
    assert "/old/cat.jpg" in [line.split("\t")[1] for line in run("similar").out.splitlines()[2:]]
    assert count_hash_requests(server) == 5
    run("similar", "--no-cache")
    assert count_hash_requests(server) == 9


def test_a_picture_without_a_hash_is_left_out_and_not_asked_for_again(
    run: Run, client: ImageKit, server: LocalImageKit
) -> None:
    upload(client, "/shop/broken.jpg", scale("cat.jpg", 400)[:900])
    for _ in range(2):
        ended = run("similar")
        assert ended.code == 0
        assert "left out: 1 picture for which the service has no hash\n" in ended.err
    assert count_hash_requests(server) == 5
    ended = run("similar", "--to", "/shop/broken.jpg")
    assert ended.code == 3
    assert "/shop/broken.jpg has no hash" in ended.err


def test_a_failed_picture_stays_visible_and_the_rest_goes_on(run: Run, server: LocalImageKit) -> None:
    server.faults.add(status=403, body={"message": "not you"}, operation="get_file_metadata", times=1)
    ended = run("similar", "--at-once", "1", "--json")
    failed, group = ended.records
    assert ended.code == 1
    assert failed["status"] == "failed"
    assert len(group["files"]) == 2
    assert ended.err.count("failed: ") == 1
    assert len(run("similar").out.splitlines()) == 3  # it was not taken for one without a hash


def test_a_hash_that_is_not_valid_fails_alone(run: Run, server: LocalImageKit) -> None:
    server.faults.add(status=200, body={"pHash": "no hash"}, operation="get_file_metadata", times=1)
    ended = run("similar")
    assert ended.code == 1
    assert "the service sent a hash that is not valid: 'no hash'" in ended.err
    assert len(ended.out.splitlines()) >= 2


def test_a_service_that_is_down_for_a_moment_is_asked_again(run: Run, server: LocalImageKit) -> None:
    server.faults.add(status=503, headers={"Retry-After": "0"}, operation="get_file_metadata", times=2)
    ended = run("similar")
    assert (ended.code, len(ended.out.splitlines())) == (0, 3)


def test_a_cache_that_cannot_be_used_is_a_warning(run: Run) -> None:
    path = find_cache()
    path.parent.mkdir(parents=True)
    path.write_bytes(b"not a database " * 100)
    ended = run("similar")
    assert (ended.code, len(ended.out.splitlines())) == (0, 3)
    assert ended.err.count("imagekit: warning: ") == 1
    assert str(path) in ended.err


def test_a_folder_that_cannot_be_made_is_a_warning(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    monkeypatch.setenv("HOME", str(tmp_path / "file"))
    ended = run("similar")
    assert (ended.code, len(ended.out.splitlines())) == (0, 3)
    assert ended.err.count("imagekit: warning: ") == 1


def test_hashes_of_two_accounts_are_kept_apart_and_only_the_newest_version_counts(tmp_path: Path) -> None:
    path = tmp_path / "hashes.sqlite"
    warnings: list[str] = []
    with PhashCache(path, "https://ik.imagekit.io/a", warnings.append) as cache:
        for number in range(250):
            cache.store(f"{number}", "1", f"{number:016x}")
        with sqlite3.connect(path) as other:  # a run that is killed now has lost no more than the last hashes
            assert other.execute("SELECT count(*) FROM phash").fetchone() == (200,)
        other.close()
        cache.store("0", "2", "")
    with PhashCache(path, "https://ik.imagekit.io/a", warnings.append) as cache:
        assert (cache.find("0", "1"), cache.find("0", "2"), cache.find("249", "1")) == (None, "", f"{249:016x}")
    with PhashCache(path, "https://ik.imagekit.io/b", warnings.append) as cache:
        assert cache.find("0", "2") is None
    assert warnings == []


def test_a_missing_extra_is_one_line_before_anything_is_sent(
    run: Run, server: LocalImageKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "faiss", None)
    monkeypatch.delitem(sys.modules, "imagekitio.similar")
    sent = len(server.requests)
    ended = run("similar")
    assert ended.code == 2
    assert 'the extra "similar"' in ended.err
    assert ended.err.count("\n") == 1
    assert len(server.requests) == sent


def test_the_number_of_requests_is_said_when_there_are_many(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MANY", 4)
    assert "the hashes of 4 pictures are read, with one request for each\n" in run("similar").err
    assert "request" not in run("similar").err


def test_people_see_a_table_and_a_summary(run: Run) -> None:
    run("similar")
    with open_terminal("similar") as terminal:
        code, text = terminal.finish()
    assert code == 0
    heading, first, *_, summary = text[text.index("group") :].splitlines()
    assert heading.split() == ["group", "picture", "pixels", "size", "distance"]
    assert first.split()[:2] == ["1", "/shop/cat.jpg"]
    assert summary == "1 group of 3 pictures, the largest of each group first"


def test_after_ctrl_c_it_says_how_far_it_came(server: LocalImageKit) -> None:
    server.faults.add(delay=3, operation="get_file_metadata", times=None)  # a request that runs is waited for
    with open_terminal("similar", "--at-once", "1") as terminal:
        terminal.expect("Reading hashes")
        terminal.interrupt()
        code, text = terminal.finish()
    assert code == 130
    assert re.search(r"interrupted: the hashes of \d of 4 pictures are known; run the same command again", text)
