"""Uploading: what the arguments mean, what is skipped or refused, and what is printed."""

from __future__ import annotations

import errno
import io
import os
import pty
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest

from ...files import forbid_folder
from ..terminal import open_terminal

if TYPE_CHECKING:
    from imagekitio import ImageKit
    from imagekitio.local import LocalImageKit

    from ..conftest import Run

RENAMED = "1 file with characters in the name that the service does not accept:\n  sub/a b.txt → /x/sub/a_b.txt\n"
HIDDEN = "1 hidden file left out (--include-hidden)\n"


@pytest.fixture(autouse=True)
def photos(shell: Path) -> Path:
    folder = shell / "photos"
    (folder / "sub").mkdir(parents=True)
    for name in ("1.txt", "2.txt", "sub/a b.txt", ".hidden.txt"):
        (folder / name).write_text(name)
    return folder


def remote(client: ImageKit) -> set[str]:
    return {file.file_path for file in client.iter_files()}


def count_uploads(server: LocalImageKit) -> int:
    return sum(request.path == "/api/v1/files/upload" for request in server.requests)


def type_in(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))


def test_files_go_to_the_folder_at_the_end_and_their_urls_to_the_pipe(run: Run, client: ImageKit) -> None:
    ended = run("upload", "photos/1.txt", "photos/2.txt", "/holidays", "--tags", "beach, 2026")
    assert ended.code == 0
    url = client.url(path="/holidays/1.txt")
    assert sorted(ended.out.splitlines())[0] == f"/holidays/1.txt\t{url}"
    assert ended.err == "2 files uploaded (10 bytes)\n"
    assert client.get_file_by_path("/holidays/2.txt").tags == ["beach", "2026"]


@pytest.mark.parametrize(
    ("arguments", "paths"),
    [
        (["photos/1.txt"], {"/1.txt"}),
        (["photos", "/x"], {"/x/photos/1.txt", "/x/photos/2.txt", "/x/photos/sub/a_b.txt"}),
        (["photos/", "/x"], {"/x/photos/1.txt", "/x/photos/2.txt", "/x/photos/sub/a_b.txt"}),
        (["photos/.", "/x"], {"/x/1.txt", "/x/2.txt", "/x/sub/a_b.txt"}),
        (["photos/sub", "photos/1.txt", "/"], {"/sub/a_b.txt", "/1.txt"}),
        (["photos/*.txt", "/x"], {"/x/1.txt", "/x/2.txt"}),
        (["**/a*.txt", "--to", "x"], {"/x/a_b.txt"}),
        (["photos/1.txt", "--name", "one.txt", "--to", "/x"], {"/x/one.txt"}),
        (["photos/1.txt", "photos/2.txt"], {"/1.txt", "/2.txt"}),
        (["photos/.", "--include-hidden"], {"/1.txt", "/2.txt", "/sub/a_b.txt", "/.hidden.txt"}),
    ],
)
def test_arguments_are_files_folders_and_patterns(
    run: Run, client: ImageKit, arguments: list[str], paths: set[str]
) -> None:
    assert run("upload", *arguments).code == 0
    assert remote(client) == paths


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["photos/1.txt", "photos"], "give --to photos if it is the destination"),
        (["photos/1.txt", "photo"], "there is no file 'photo'; if it is the destination, write /photo"),
        (["photos/9.txt"], "there is no file or folder 'photos/9.txt'"),
        (["photos/*.jpg", "/x"], "no file or folder matches 'photos/*.jpg'"),
        (["photos/1.txt", "/x.y"], "names of remote folders may contain only letters"),
        (["-"], "standard input has no name: give --name"),
        (["photos", "--name", "x"], "--name is for one file"),
        (["photos/1.txt", "photos/2.txt", "--name", "x"], "--name is for one file (got 2)"),
        (["photos/1.txt", "--replace", "--unique"], "contradict each other"),
        (["http://127.0.0.1/", "/x"], "does not end with a file name: give --name"),
        (["http://127.0.0.1/a.jpg", "--replace"], "--replace compares contents"),
        (["photos/1.txt", "--metadata", "sku"], "must be KEY=VALUE or a JSON object"),
        (["photos/1.txt", "--extensions", "{}"], "must be a list"),
        (["-", "-", "/x", "--name", "q.jpg"], "standard input can be given only once"),
        (["photos/1.txt", "/a b/cat.jpg"], "; to store a file under that name: --to '/a b' --name cat.jpg"),
        (["photos/1.txt", "--to", "/cat.jpg"], "; to store a file under that name: --to / --name cat.jpg"),
        (["photos/1.txt", "photos/2.txt", "/x/cat.jpg"], "(got 'cat.jpg' in '/x/cat.jpg')\n"),
        (["photos/1.txt", "--transformation", "{"], "is not valid JSON"),
        (["photos/1.txt", "--transformation", "@none.json"], "none.json: No such file or directory"),
        (["photos/1.txt", "--metadata", "@photos/1.txt"], "is not valid JSON"),
        (["photos/1.txt", "--metadata", "a=[draft]"], "if it is text, add quotation marks"),
        (["photos/1.txt", "--metadata", "a=1", "--metadata", '{"a": 2}'], "a is given twice"),
        (["photos/1.txt", "--tags", "good,100%"], "a tag cannot contain a %"),
        (["photos/1.txt", "--tags", " , "], "there is no tag in ' , '"),
        (["photos/1.txt", "--tags", "x" * 501], "cannot have more than 500 characters in total"),
    ],
)
def test_what_is_not_certain_is_refused_before_anything_is_sent(
    run: Run, server: LocalImageKit, arguments: list[str], message: str
) -> None:
    ended = run("upload", *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert message in ended.err
    assert ended.err.count("\n") == 1
    assert server.requests == []


def test_what_is_there_with_the_same_content_is_not_sent_again(run: Run, server: LocalImageKit) -> None:
    run("upload", "photos", "/x")
    sent = count_uploads(server)
    ended = run("--json", "upload", "photos", "/x")
    assert ended.code == 0
    (skipped,) = (record for record in ended.records if record["status"] != "kept")
    assert skipped == {
        "status": "skipped",
        "path": "/x/photos/.hidden.txt",
        "local": "photos/.hidden.txt",
        "reason": "hidden",
    }
    kept = [record for record in ended.records if record != skipped]
    assert all(record["url"] and record["fileId"] and record["local"] for record in kept)
    assert ended.err == f"{HIDDEN}3 files already there\n"
    assert count_uploads(server) == sent == 3


def test_other_content_fails_until_told_what_to_do_with_it(run: Run, client: ImageKit, photos: Path) -> None:
    run("upload", "photos/1.txt", "photos/2.txt", "/x", "--tags", "old", "--private")
    (photos / "1.txt").write_text("changed")
    ended = run("--json", "upload", "photos/1.txt", "photos/2.txt", "/x")
    assert ended.code == 1
    failed = next(record for record in ended.records if record["status"] == "failed")
    assert (failed["path"], failed["local"]) == ("/x/1.txt", "photos/1.txt")
    assert "--replace" in failed["error"]
    assert client.get_file_by_path("/x/1.txt").size == 5

    (record,) = run("--json", "upload", "photos/1.txt", "/x", "--replace").records
    assert record["status"] == "replaced"
    file = client.get_file_by_path("/x/1.txt")
    assert (file.size, file.version_info.name, file.tags) == (7, "Version 2", ["old"])
    assert file.is_private_file

    (record,) = run("--json", "upload", "photos/1.txt", "--to", "/x", "--unique").records
    assert record["path"] != "/x/1.txt"
    assert client.get_file_by_path(record["path"]).size == 7


def test_a_dry_run_tells_what_would_be_done_and_changes_nothing(run: Run, client: ImageKit, photos: Path) -> None:
    run("upload", "photos/1.txt", "/x")
    (photos / "1.txt").write_text("changed")
    ended = run("upload", "photos/.", "/x", "--replace", "--dry-run")
    assert ended.code == 0
    assert ended.err == f"would upload 2 files (16 bytes), replace 1 file (7 bytes)\n{RENAMED}{HIDDEN}"
    assert sorted(ended.out.splitlines()) == [
        "+ /x/2.txt  5 bytes",
        "+ /x/sub/a_b.txt  11 bytes  from photos/sub/a b.txt",
        "~ /x/1.txt  7 bytes",
    ]
    assert remote(client) == {"/x/1.txt"}
    records = run("--json", "upload", "photos/.", "/x", "--replace", "-n").records
    assert sorted(record.get("action", "") for record in records) == ["", "replace", "upload", "upload"]


def test_options_for_new_files_that_change_nothing_are_noted(run: Run, client: ImageKit) -> None:
    assert run("upload", "photos/1.txt", "--tags", "a").err == "1 file uploaded (5 bytes)\n"
    assert run("upload", "photos/1.txt").err == "1 file already there\n"
    for line in (["--tags", "b"], ["--private", "--replace"], ["--metadata", "a=1", "-n"]):
        note, summary = run("upload", "photos/1.txt", *line).err.splitlines()
        assert note.startswith("tags, metadata and the like of existing files are not changed")
        assert summary in ("1 file already there", "would keep 1 file")
    assert client.get_file_by_path("/1.txt").tags == ["a"]


def test_standard_input_is_compared_like_a_file(
    run: Run, client: ImageKit, monkeypatch: pytest.MonkeyPatch, server: LocalImageKit
) -> None:
    for status in ("uploaded", "kept"):
        type_in(monkeypatch, b"hello")
        (record,) = run("--json", "upload", "-", "--name", "x.txt", "--to", "/in").records
        assert (record["status"], record["path"], record["local"]) == (status, "/in/x.txt", "-")
    assert client.get_file_by_path("/in/x.txt").size == 5
    assert count_uploads(server) == 1
    type_in(monkeypatch, b"hello")
    (record,) = run("--json", "upload", "-", "--name", "y.txt", "--dry-run").records
    assert (record["action"], record["path"], record["local"]) == ("upload", "/y.txt", "-")


def test_a_url_is_fetched_by_the_service_and_not_a_second_time(run: Run, client: ImageKit) -> None:
    url = client.upload_file(b"hello", "x.txt", use_unique_file_name=False).url
    assert run("upload", url, "/y").code == 0
    assert client.get_file_by_path("/y/x.txt").size == 5
    ended = run("upload", url, "/y")
    assert ended.code == 1
    assert ended.err.startswith(f"failed: {url}: a file exists, and a URL cannot be compared with it: --unique uses")


def test_a_dry_run_says_with_one_search_which_urls_would_fail(
    run: Run, client: ImageKit, server: LocalImageKit
) -> None:
    there = client.upload_file(b"hello", "x.txt", folder="/y", use_unique_file_name=False).url
    free = f"{client.url_endpoint}/free.txt"
    before = len(server.requests)
    planned = run("upload", there, free, "/y", "--dry-run")
    assert [request.method for request in list(server.requests)[before:]] == ["GET"]
    failure, summary = planned.err.splitlines()
    assert failure == run("upload", there, "/y").err.splitlines()[0]
    assert (planned.code, summary) == (1, "would upload 1 file, 1 failed")
    assert planned.out == f"+ /y/free.txt  from {free}\n"
    record = run("--json", "upload", there, "/y", "-n").records[0]
    assert (record["status"], record["path"], record["local"]) == ("failed", "/y/x.txt", there)
    assert run("upload", there, "/y", "--unique", "-n").code == 0


@pytest.mark.parametrize("options", [(), ("--dry-run",), ("--json",)])
def test_the_password_in_a_url_is_not_shown(run: Run, options: tuple[str, ...]) -> None:
    url = "https://me:geheim@example.com/x.txt"
    ended = run("upload", url, url.replace("geheim", "Geheim"), "/y", *options)
    assert "https://…@example.com/x.txt" in ended.err
    assert "warning: the password in the URL is visible to other users" in ended.err
    assert "geheim" not in (ended.out + ended.err).lower()
    if "--dry-run" not in options:  # the service got the whole URL, since it quotes it
        assert "could not be fetched from https://…@example.com/x.txt" in ended.err
    for line in (["https://me:geheim@example.com/"], [url, "--replace"]):
        ended = run("upload", *line)
        assert ended.code == 2
        assert "geheim" not in ended.err


@pytest.mark.parametrize("arguments", [["photos"], ["--unique", "photos"], ["photos/1.txt", "--replace"]])
def test_an_answer_that_names_no_file_is_no_success(
    run: Run, server: LocalImageKit, photos: Path, arguments: list[str]
) -> None:
    run("upload", "photos/1.txt")
    (photos / "1.txt").write_text("changed")
    server.faults.add(status=200, body={}, operation="upload_file", times=None)
    ended = run("--json", "upload", *arguments)
    assert ended.code == 4
    assert {record["status"] for record in ended.records} - {"skipped"} == {"failed"}
    assert "the answer has no file id" in ended.err or "the response does not name /" in ended.err
    assert "uploaded" not in ended.err


def test_a_video_that_the_service_queues_is_not_called_uploaded(run: Run, server: LocalImageKit) -> None:
    body = {"message": "The pre-transformation has been queued successfully."}
    server.faults.add(status=202, body=body, operation="upload_file")
    ended = run("--json", "upload", "photos/1.txt", "--transformation", '{"pre": "w-300"}')
    assert (ended.code, ended.err) == (0, "1 file queued (5 bytes)\n")
    (record,) = ended.records
    assert (record["status"], record["url"], record["fileId"]) == ("queued", None, None)


def test_a_failed_file_is_reported_and_the_rest_goes_on(run: Run, server: LocalImageKit, photos: Path) -> None:
    (photos / "empty.txt").touch()
    server.faults.add(status=400, body={"message": "no"}, operation="upload_file")
    ended = run("upload", "photos", "/x", "--at-once", "1")
    assert ended.code == 1
    assert ended.err.splitlines()[-1].endswith("2 failed")
    assert "failed: photos/empty.txt: the file is empty, and the service refuses empty files\n" in ended.err
    assert "no\n" in ended.err
    assert len(ended.out.splitlines()) == 2


def test_links_and_special_files_in_a_folder_are_left_out_with_a_note(run: Run, shell: Path, client: ImageKit) -> None:
    (shell / "odd").mkdir()
    for name in ("one", "two"):
        (shell / "odd" / name).symlink_to("../photos/1.txt")
    os.mkfifo(shell / "odd/pipe")
    ended = run("upload", "odd", "/x")
    note = "2 symbolic links left out (--follow-symlinks), 1 special file left out\n"
    assert (ended.code, ended.out, ended.err) == (0, "", f"{note}nothing to do\n")
    assert run("upload", "odd", "/x", "--dry-run").err == f"nothing to do\n{note}"
    reasons = {record["local"]: record["reason"] for record in run("--json", "upload", "odd", "/x").records}
    assert reasons == {"odd/one": "symlink", "odd/two": "symlink", "odd/pipe": "special"}
    ended = run("upload", "odd", "/x", "--follow-symlinks")
    assert (ended.code, ended.err) == (0, "1 special file left out\n2 files uploaded (10 bytes)\n")
    assert remote(client) == {"/x/odd/one", "/x/odd/two"}


@pytest.mark.parametrize("options", [(), ("--unique",)])
def test_a_pipe_is_refused_before_it_is_opened(run: Run, shell: Path, options: tuple[str, ...]) -> None:
    os.mkfifo(shell / "pipe")
    ended = run("upload", "pipe", "photos/1.txt", "/x", *options)
    assert ended.code == 1
    assert "failed: pipe: is not a regular file\n" in ended.err
    assert ended.err.endswith("1 file uploaded (5 bytes), 1 failed\n")


@pytest.mark.parametrize("options", [(), ("--unique",)])
def test_a_folder_that_cannot_be_read_is_one_failure_and_the_rest_goes_on(
    run: Run, shell: Path, client: ImageKit, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...]
) -> None:
    forbid_folder(monkeypatch, shell / "photos/sub")
    ended = run("upload", "photos", "/x", *options)
    assert ended.code == 1
    assert ended.err == f"failed: photos/sub: Permission denied\n{HIDDEN}2 files uploaded (10 bytes), 1 failed\n"
    assert len(remote(client)) == 2


@pytest.mark.parametrize(("folder", "path"), [("photos/sub", "/x/sub"), ("photos/sub/.", "/x")])
def test_a_given_folder_that_cannot_be_read_is_one_failure_too(
    run: Run, shell: Path, client: ImageKit, monkeypatch: pytest.MonkeyPatch, folder: str, path: str
) -> None:
    forbid_folder(monkeypatch, shell / "photos/sub")
    ended = run("--json", "upload", folder, "photos/1.txt", "/x")
    assert ended.code == 1
    assert ended.err == "failed: photos/sub: Permission denied\n1 file uploaded (5 bytes), 1 failed\n"
    assert [record["path"] for record in ended.records if record["status"] == "failed"] == [path]
    assert remote(client) == {"/x/1.txt"}
    assert run("upload", folder, "/x", "-n").err.startswith("nothing would be done, 1 file failed\n")


def test_of_files_with_one_name_the_one_that_has_it_is_uploaded(run: Run, shell: Path, client: ImageKit) -> None:
    (shell / "twins").mkdir()
    for name in ("a b.txt", "a!b.txt", "a_b.txt", "c d.txt", "c@d.txt"):
        (shell / "twins" / name).write_text(name)
    planned = run("upload", "twins", "/x", "--dry-run")
    assert planned.out == "+ /x/twins/a_b.txt  7 bytes\n+ /x/twins/c_d.txt  7 bytes  from twins/c d.txt\n"
    assert run("sync", "twins", "/x/twins", "-n").out == planned.out
    ended = run("--json", "upload", "twins", "/x")
    assert {record["local"] for record in ended.records if record["status"] == "uploaded"} == {
        "twins/a_b.txt",
        "twins/c d.txt",
    }
    assert "failed: twins/a!b.txt: would be stored as /x/twins/a_b.txt, like twins/a_b.txt: rename" in ended.err
    assert (planned.code, ended.code) == (1, 1)
    assert remote(client) == {"/x/twins/a_b.txt", "/x/twins/c_d.txt"}


def test_a_file_that_cannot_be_read_is_named_once(run: Run, monkeypatch: pytest.MonkeyPatch, photos: Path) -> None:
    read = Path.open

    def open_unless_forbidden(path: Path, *arguments: Any, **options: Any) -> Any:
        if path.name == "1.txt":
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return read(path, *arguments, **options)

    monkeypatch.setattr(Path, "open", open_unless_forbidden)
    ended = run("upload", "photos", "/x")
    assert ended.code == 1
    assert "failed: photos/1.txt: Permission denied\n" in ended.err


def test_a_lost_answer_makes_no_second_file(run: Run, server: LocalImageKit, client: ImageKit) -> None:
    server.faults.add(reset=True, when="after", operation="upload_file", times=2)
    ended = run("upload", "photos", "/x", "--at-once", "1")
    assert ended.code == 0
    assert ended.err.endswith(f"{HIDDEN}3 files uploaded (21 bytes)\n")
    assert "photos/sub/a b.txt → /x/photos/sub/a_b.txt\n" in ended.err
    versions = client.list_files(search_query='type IN ["file", "file-version"]')
    assert sorted(file.name for file in versions) == ["1.txt", "2.txt", "a_b.txt"]


def test_a_url_whose_answer_was_lost_is_uploaded_once(run: Run, server: LocalImageKit, client: ImageKit) -> None:
    url = client.upload_file(b"hello", "x.txt", use_unique_file_name=False).url
    server.faults.add(reset=True, when="after", operation="upload_file")
    ended = run("--json", "upload", url, "/y")
    assert (ended.code, ended.err.splitlines()[-1]) == (0, "1 file uploaded")
    (record,) = ended.records
    assert (record["status"], record["fileId"]) == ("uploaded", client.get_file_by_path("/y/x.txt").file_id)
    versions = client.list_files(search_query='type IN ["file", "file-version"]')
    assert sorted(file.file_path for file in versions) == ["/x.txt", "/y/x.txt"]


def test_a_url_that_was_not_stored_is_not_taken_for_an_older_file_of_its_name(
    run: Run, server: LocalImageKit, client: ImageKit
) -> None:
    url = client.upload_file(b"hello", "x.txt", use_unique_file_name=False).url
    client.upload_file(b"older", "x.txt", folder="/y", use_unique_file_name=False)
    server.clock.advance(60)
    server.faults.add(reset=True, operation="upload_file")
    ended = run("upload", url, "/y")
    assert ended.code == 1
    assert "a file exists, and a URL cannot be compared with it" in ended.err


@pytest.mark.parametrize("options", [[], ["--dry-run"]])
def test_of_urls_and_files_with_one_name_all_but_the_first_are_refused(
    run: Run, server: LocalImageKit, client: ImageKit, photos: Path, options: list[str]
) -> None:
    (photos / "y.txt").write_text("y")
    urls = [client.upload_file(b"hello", "x.txt", folder=folder, use_unique_file_name=False).url for folder in "ab"]
    before = count_uploads(server)
    ended = run("upload", *urls, urls[0], f"{client.url_endpoint}/y.txt", "photos/y.txt", "/y", *options)
    assert ended.code == 1
    assert f"failed: {urls[1]}: would be stored as /y/x.txt, like {urls[0]}\n" in ended.err
    assert f"failed: {client.url_endpoint}/y.txt: would be stored as /y/y.txt, like photos/y.txt\n" in ended.err
    assert count_uploads(server) == before + (0 if options else 2)
    assert run("upload", *urls, "/y", "--unique").code == 0


def test_a_wrong_key_refuses_everything_in_one_line(run: Run) -> None:
    ended = run("upload", "photos", "/x", "--private-key", "private_of_somebody_else")
    assert ended.code == 3
    assert ended.err.splitlines()[-1].startswith("imagekit: ")
    assert "private_of_somebody_else" not in ended.err


def test_custom_metadata_keeps_the_type_of_its_values(run: Run, client: ImageKit) -> None:
    client.create_custom_metadata_fields(name="sku", label="SKU", schema={"type": "Text"})
    client.create_custom_metadata_fields(name="stock", label="Stock", schema={"type": "Number"})
    ended = run("upload", "photos/1.txt", "--metadata", "stock=3", "--metadata", 'sku="7"', "--description", "One")
    assert ended.code == 0
    file = client.get_file_by_path("/1.txt")
    assert (file.custom_metadata, file.description) == ({"sku": "7", "stock": 3}, "One")


def test_json_may_stand_in_a_file_or_come_from_standard_input(
    run: Run, client: ImageKit, shell: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.create_custom_metadata_fields(name="sku", label="SKU", schema={"type": "Text"})
    (shell / "metadata.json").write_text('{"sku": "7"}')
    type_in(monkeypatch, b'{"sku": "8"}')
    assert run("upload", "photos/1.txt", "--metadata", "@metadata.json").code == 0
    assert run("upload", "photos/2.txt", "--metadata", "-").code == 0
    assert [client.get_file_by_path(f"/{one}.txt").custom_metadata for one in "12"] == [{"sku": "7"}, {"sku": "8"}]


def test_names_with_control_characters_do_not_reach_the_terminal(run: Run, photos: Path) -> None:
    (photos / "evil\x1b[2J.txt").touch()
    ended = run("upload", "photos", "/x")
    assert "\x1b" not in ended.out + ended.err
    assert r"failed: photos/evil\x1b[2J.txt: the file is empty" in ended.err


@pytest.mark.parametrize("columns", [80, 120])
def test_ctrl_c_stops_an_upload_and_the_same_command_goes_on(
    columns: int, photos: Path, server: LocalImageKit, client: ImageKit
) -> None:
    for number in range(17):
        (photos / f"file {number} with quite a long name.bin").write_bytes(bytes([number]) * 100_000)
    arguments = ("upload", "photos/.", "/x", "--at-once", "4")
    server.faults.add(delay=0.001, operation="upload_file", times=8)
    stuck = server.faults.add(delay=600, operation="upload_file", times=None)
    with open_terminal(*arguments, columns=columns) as terminal:
        shown = terminal.expect(r"8/20 files")
        while stuck.hits < 4:
            time.sleep(0.01)
        shown += terminal.expect(r"_long_name\.bin")
        terminal.interrupt()
        code, text = terminal.finish()
    assert code == 130
    assert "Uploading" in shown
    assert "interrupted: 8 of 20 files are done; run the same command again to go on" in " ".join(text.split())
    assert len(remote(client)) == 8
    server.faults.clear()
    with open_terminal(*arguments, columns=columns) as terminal:
        code, text = terminal.finish()
    assert code == 0
    assert "12 files uploaded (" in text
    assert "8 already there" in text
    assert len(remote(client)) == 20


def test_a_failure_in_the_middle_stays_visible_above_the_bars(photos: Path, server: LocalImageKit) -> None:
    server.faults.add(status=400, body={"message": "not today"}, operation="upload_file")
    with open_terminal("upload", "photos", "/x", "--at-once", "1") as terminal:
        code, text = terminal.finish()
    assert code == 1
    assert "failed: photos/1.txt: not today\n" in text
    assert "2 files uploaded (16 bytes), 1 failed\n" in text


def test_people_see_the_urls_of_a_few_files_after_the_bars(client: ImageKit) -> None:
    with open_terminal("upload", "photos", "/x", "--at-once", "1") as terminal:
        code, text = terminal.finish()
    assert code == 0
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    assert lines[-1] == "3 files uploaded (21 bytes)"
    names = ("1.txt", "2.txt", "sub/a_b.txt")
    assert sorted(lines[-4:-1]) == sorted(client.url(path=f"/x/photos/{name}") for name in names)


def test_results_stay_on_stdout_while_the_bars_are_on_the_terminal() -> None:
    command = [sys.executable, "-m", "imagekitio.cli", "upload", "photos", "/x"]
    environment = {**os.environ, "TERM": "xterm-256color", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    screen, terminal = pty.openpty()
    shown = bytearray()

    def read_screen() -> None:
        with suppress(OSError):  # nobody writes any more
            while block := os.read(screen, 4096):
                shown.extend(block)

    reader = Thread(target=read_screen)
    reader.start()
    try:
        done = subprocess.run(
            command, env=environment, stdin=terminal, stdout=subprocess.PIPE, stderr=terminal, text=True
        )
    finally:
        os.close(terminal)
        reader.join()
        os.close(screen)
    assert done.returncode == 0
    assert sorted(line.split("\t")[0] for line in done.stdout.splitlines()) == [
        "/x/photos/1.txt",
        "/x/photos/2.txt",
        "/x/photos/sub/a_b.txt",
    ]
    assert b"3/3 files" in shown
    assert b"3 files uploaded" in shown


def test_what_would_be_refused_is_all_that_a_dry_run_says_if_there_is_nothing_else(run: Run, photos: Path) -> None:
    (photos / "empty.txt").touch()
    ended = run("upload", "photos/empty.txt", "--dry-run")
    assert (ended.code, ended.out) == (1, "")
    refusal = "failed: photos/empty.txt: the file is empty, and the service refuses empty files\n"
    assert ended.err == f"nothing would be done, 1 file failed\n{refusal}"
    ended = run("upload", "photos/empty.txt", "photos/1.txt", "--dry-run")
    assert (ended.code, ended.err) == (1, f"would upload 1 file (5 bytes), 1 failed\n{refusal}")
