"""Migrating: from folders, storages and lists of URLs, what is copied once only, and what is said of names."""

from __future__ import annotations

import csv
import threading
import uuid
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import fsspec
import pytest
from moto.server import ThreadedMotoServer

from ...files import forbid_folder
from ..terminal import open_terminal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from imagekitio import ImageKit
    from imagekitio.local import LocalImageKit

    from ..conftest import Run


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """The address of a service like S3."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(s3: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A bucket, as boto3 has it; its name is new in each test."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    client = boto3.resource("s3", endpoint_url=s3)
    return client.create_bucket(Bucket=f"b{uuid.uuid4().hex}")


@pytest.fixture
def memory() -> Iterator[str]:
    """The URL of a storage in the memory of this process."""
    root = f"memory://{uuid.uuid4().hex}"
    yield root
    fsspec.filesystem("memory").rm(root, recursive=True)


def fill(root: str, files: dict[str, str]) -> None:
    for name, text in files.items():
        with fsspec.open(f"{root}/{name}", "wb") as file:
            file.write(text.encode())


def write_csv(path: Path, rows: list[dict[str, str]], delimiter: str = ",") -> str:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return str(path)


def texts(client: ImageKit, tmp_path: Path) -> dict[str, str]:
    """Return the contents of all files of the library by their paths."""
    found = client.pull_files((file, tmp_path / file.file_id) for file in client.iter_files())
    changes = [done.unwrap() for done in found]
    return {change.path: Path(str(change.local)).read_text() for change in changes}


def count_uploads(server: LocalImageKit) -> int:
    return sum(request.operation == "upload_file" for request in server.requests)


def test_links_are_followed_only_if_told_and_what_cannot_be_read_fails(
    run: Run, client: ImageKit, shell: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("old/a.txt", "old/shut/b.txt", "elsewhere.txt"):
        (shell / name).parent.mkdir(exist_ok=True, parents=True)
        (shell / name).write_text(name)
    (shell / "old/link.txt").symlink_to("../elsewhere.txt")
    forbid_folder(monkeypatch, shell / "old/shut")
    ended = run("migrate", "old", "/new")
    assert ended.code == 1
    assert ended.err.splitlines() == [
        "failed: old/shut: Permission denied",
        "1 symbolic link left out (--follow-symlinks)",
        "1 file uploaded (9 bytes), 1 failed",
    ]
    ended = run("migrate", "old", "/new", "--follow-symlinks")
    assert (ended.code, ended.err.splitlines()[1:]) == (1, ["1 file uploaded (13 bytes), 1 already there, 1 failed"])
    assert {file.file_path for file in client.iter_files()} == {"/new/a.txt", "/new/link.txt"}


def test_a_bucket_is_copied_once_and_what_is_new_afterwards(
    run: Run, client: ImageKit, server: LocalImageKit, bucket: Any, s3: str, tmp_path: Path
) -> None:
    for key in ("img/a.txt", "img/b/c.txt", "img/b/d/e.txt", "other/x.txt", "img2/y.txt"):
        bucket.put_object(Key=key, Body=f"text of {key}".encode())
    bucket.put_object(Key="img/b/", Body=b"")  # consoles make such objects for folders
    line = ("migrate", f"s3://{bucket.name}/img", "/shop", "--storage", f"endpoint_url={s3}")
    assert run(*line, "--dry-run").err == "would upload 3 files (57 bytes)\n"
    assert count_uploads(server) == 0
    ended = run(*line)
    assert (ended.code, ended.err) == (0, "3 files uploaded (57 bytes)\n")
    assert texts(client, tmp_path) == {
        "/shop/a.txt": "text of img/a.txt",
        "/shop/b/c.txt": "text of img/b/c.txt",
        "/shop/b/d/e.txt": "text of img/b/d/e.txt",
    }
    bucket.put_object(Key="img/new.txt", Body=b"new")
    before = count_uploads(server)
    assert run(*line).err == "1 file uploaded (3 bytes), 3 already there\n"
    assert count_uploads(server) == before + 1


def test_a_large_object_comes_in_parts(run: Run, client: ImageKit, server: LocalImageKit, bucket: Any, s3: str) -> None:
    content = bytes(range(256)) * 4096 * 10  # 10 MB: more than one part
    bucket.put_object(Key="big.bin", Body=content)
    server.faults.add(status=503, operation="upload_file")  # the second attempt begins again
    ended = run("migrate", f"s3://{bucket.name}/big.bin", "/", "--storage", f"endpoint_url={s3}")
    assert (ended.code, ended.err) == (0, "1 file uploaded (10.5 MB)\n")
    with client.open_stream("/big.bin") as stream:
        assert stream.read() == content


def test_what_is_not_there_or_not_known_is_one_line(run: Run, bucket: Any, s3: str) -> None:
    for source, words in (
        (f"s3://{bucket.name}/nothing", "there is nothing at s3://"),
        ("xyz://bucket", "Protocol not known"),
        ("gs://bucket", 'pip install "fsspec" gcsfs'),
        ("nowhere", "there is no folder 'nowhere'"),
    ):
        options = ["--storage", f"endpoint_url={s3}"] if source.startswith("s3:") else []
        ended = run("migrate", source, "/shop", *options)
        assert (ended.code, ended.out, ended.err.count("\n")) == (2, "", 1)
        assert words in ended.err


def test_a_missing_fsspec_is_said_with_what_to_install(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "fsspec.core", None)
    ended = run("migrate", "s3://bucket", "/")
    assert ended.code == 2
    assert 'pip install "fsspec" s3fs' in ended.err


def test_names_that_the_service_changes_are_shown_and_none_takes_the_place_of_another(
    run: Run, client: ImageKit, memory: str, tmp_path: Path
) -> None:
    fill(memory, {"a b.txt": "1", "a+b.txt": "2", "a_b.txt": "3", "v1.2/ü.txt": "4"})
    plan = run("migrate", memory, "/shop", "--dry-run", "--json")
    assert "3 files with characters in the name that the service does not accept" in plan.err
    assert "v1.2/ü.txt → /shop/v1_2/ü.txt" in plan.err
    assert run("migrate", memory, "/shop").code == 0
    found = texts(client, tmp_path)
    assert found.keys() == {record["path"] for record in plan.records}
    assert found["/shop/a_b.txt"] == "3"
    assert found["/shop/v1_2/ü.txt"] == "4"
    assert sorted(found.values()) == ["1", "2", "3", "4"]
    assert run("migrate", memory, "/shop").err.endswith("4 files already there\n")


def test_a_file_of_another_size_is_replaced_only_when_told(
    run: Run, client: ImageKit, memory: str, tmp_path: Path
) -> None:
    fill(memory, {"a.txt": "longer", "b.txt": "b", "empty.txt": ""})
    client.upload_file(b"old", "a.txt", folder="/shop", use_unique_file_name=False)
    ended = run("migrate", memory, "/shop")
    assert ended.code == 1
    assert "/a.txt: a file with a different size exists (3 bytes): --replace makes a new version of it" in ended.err
    assert "/empty.txt: the file is empty" in ended.err
    assert ended.err.endswith("1 file uploaded (1 byte), 2 failed\n")
    assert run("migrate", memory, "/shop", "--replace").err.endswith(
        "1 file replaced (6 bytes), 1 already there, 1 failed\n"
    )
    assert texts(client, tmp_path) == {"/shop/a.txt": "longer", "/shop/b.txt": "b"}


def test_one_that_fails_stays_visible_and_the_same_command_goes_on(
    run: Run, server: LocalImageKit, memory: str
) -> None:
    fill(memory, {f"{number}.txt": "x" for number in range(9)})
    server.faults.add(status=400, operation="upload_file", body={"message": "No.", "help": ""})
    ended = run("migrate", memory, "/shop", "--json")
    assert ended.code == 1
    (failure,) = (record for record in ended.records if record["status"] == "failed")
    assert failure["item"].startswith("memory://")
    assert "No." in failure["error"]
    assert run("migrate", memory, "/shop").err == "1 file uploaded (1 byte), 8 already there\n"


def test_a_folder_is_a_source_too(run: Run, client: ImageKit, shell: Path, tmp_path: Path) -> None:
    (shell / "site/css").mkdir(parents=True)
    (shell / "site/css/a.css").write_text("a")
    (shell / "site/.hidden").write_text("h")
    assert run("migrate", "site", "/").code == 0
    assert texts(client, tmp_path) == {"/css/a.css": "a"}
    assert run("migrate", "site", "/", "--include-hidden").err == "1 file uploaded (1 byte), 1 already there\n"


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (
            400,
            {"message": "A file with the same name already exists."},
            "has appeared there meanwhile: run the same command",
        ),
        (200, {}, "the answer has no file id"),
    ],
)
def test_a_file_whose_answer_is_no_success_is_a_failure(
    run: Run, server: LocalImageKit, shell: Path, status: int, body: dict[str, str], words: str
) -> None:
    (shell / "site").mkdir()
    (shell / "site/a.txt").write_text("a")
    server.faults.add(status=status, body=body, operation="upload_file")
    ended = run("migrate", "site", "/shop")
    assert ended.code != 0
    assert words in ended.err
    assert ended.err.endswith("\n1 file failed\n")


@pytest.fixture
def web(tmp_path: Path) -> Iterator[str]:
    """The address of another server, whose files local ImageKit does not fetch."""
    folder = tmp_path / "web"
    folder.mkdir()

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as http:
        thread = threading.Thread(target=http.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{http.server_port}"
        http.shutdown()
        thread.join()


def test_links_of_a_web_page_are_a_storage(run: Run, client: ImageKit, web: str, tmp_path: Path) -> None:
    (tmp_path / "web/img").mkdir()
    (tmp_path / "web/img/a.txt").write_text("a")
    ended = run("migrate", f"{web}/img/", "/shop")
    assert (ended.code, ended.err) == (0, "1 file uploaded\n")
    assert texts(client, tmp_path) == {"/shop/a.txt": "a"}
    assert run("migrate", f"{web}/img/", "/shop").err == "1 file already there\n"
    assert run("migrate", f"{web}/img/a.txt", "/one").err == "1 file uploaded (1 byte)\n"


def test_the_service_fetches_the_urls_of_cloudinarys_export(
    run: Run, client: ImageKit, server: LocalImageKit, shell: Path
) -> None:
    for name in ("one.jpg", "two.jpg"):
        client.upload_file(name.encode(), name, folder="/origin", use_unique_file_name=False)
    client.create_custom_metadata_fields(name="year", label="Year", schema={"type": "Number"})
    url = client.url_endpoint
    rows = [
        {
            "public_id": "shop/one",
            "format": "jpg",
            "bytes": "7",
            "secure_url": f"{url}/origin/one.jpg",
            "folder": "shop",
            "tags": "red, shoe",
            "context": r"alt=One \| only|year=2026|lost=x",
        },
        {
            "public_id": "two",
            "format": "jpg",
            "bytes": "7",
            "secure_url": f"{url}/origin/two.jpg",
            "folder": "boots",
            "tags": "",
            "context": '{"custom": {"caption": "Two", "year": "no number"}}',
        },
    ]
    path = write_csv(shell / "cloudinary.csv", rows)
    ended = run("migrate", "--csv", path, "/new")
    assert ended.code == 0
    assert "warning: context.lost: the account has no custom metadata field of this name" in ended.err
    assert (
        "warning: context.year: must be a number, such as 12 or 12.5; left out 1 time, such as 'no number' of "
        f"{url}/origin/two.jpg\n" in ended.err
    )
    one = client.get_file_by_path("/new/shop/one.jpg")
    assert (one.tags, one.description, one.custom_metadata) == (["red", "shoe"], "One | only", {"year": 2026})
    two = client.get_file_by_path("/new/boots/two.jpg")
    assert (two.tags, two.description, two.custom_metadata) == (None, "Two", {})
    before = count_uploads(server)
    assert run("migrate", "--csv", path, "/new").err.endswith("2 files already there\n")
    assert count_uploads(server) == before


FIELDS: dict[str, Any] = {
    "number": {"type": "Number", "minValue": 1, "maxValue": 9},
    "flag": {"type": "Boolean"},
    "text": {"type": "Text", "minLength": 2, "maxLength": 3},
    "date": {"type": "Date", "minValue": "2026-01-01"},
    "one": {"type": "SingleSelect", "selectOptions": ["a", 2, True]},
    "many": {"type": "MultiSelect", "selectOptions": ["a", "b", "c, d"]},
}


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("number", "1", 1),
        ("number", "2.5", 2.5),
        ("number", "10", None),
        ("number", "0", None),
        ("number", "NaN", None),
        ("number", "1_0", None),
        ("number", "9" * 400, None),
        ("number", "[" * 5000, None),
        ("flag", "TRUE", True),
        ("flag", "yes", None),
        ("text", "ab", "ab"),
        ("text", "a", None),
        ("text", "abcd", None),
        ("date", "2026-03-01", "2026-03-01"),
        ("date", "2025-12-31T23:59:59Z", None),
        ("date", "yesterday", None),
        ("one", "2", 2),
        ("one", "true", True),
        ("one", "b", None),
        ("many", "a, b", ["a", "b"]),
        ("many", "c, d", ["c, d"]),
        ("many", "a,x", None),
        ("none", "x", None),
    ],
)
def test_what_fits_its_field_is_kept_and_the_rest_is_left_out_and_said(
    run: Run, client: ImageKit, shell: Path, name: str, text: str, value: Any
) -> None:
    client.upload_file(b"a", "a.txt", use_unique_file_name=False)
    for field, schema in FIELDS.items():
        client.create_custom_metadata_fields(name=field, label=field, schema=schema)
    rows = [{"url": f"{client.url_endpoint}/a.txt", "context": f"{name}={text}"}]
    path = write_csv(shell / "list.csv", rows)
    (planned,) = run("--json", "migrate", "--csv", path, "/new", "--dry-run").records
    ended = run("--json", "migrate", "--csv", path, "/new")
    (record,) = ended.records
    assert (ended.code, record["status"]) == (0, "uploaded")
    assert client.get_file_by_path("/new/a.txt").custom_metadata == ({} if value is None else {name: value})
    left_out = [(one["name"], one["value"]) for one in record.get("leftOut", [])]
    assert left_out == ([] if value is not None else [(f"context.{name}", text)])
    assert planned.get("leftOut") == record.get("leftOut")
    assert ended.err.count("warning: ") == len(left_out)


def test_nothing_of_a_list_is_lost_in_silence(run: Run, client: ImageKit, shell: Path) -> None:
    client.upload_file(b"a", "a.txt", use_unique_file_name=False)
    long = "x" * 300
    rows = [
        {
            "url": f"{client.url_endpoint}/a.txt",
            "path": f"{number}.txt",
            "tags": f"100%, good, {long}, y{long}",
            "context": r"caption=C|alt=A|no value here|empty=",
            "bytes": "1 KB",
            "width": "3",
        }
        for number in range(2)
    ]
    ended = run("--json", "migrate", "--csv", write_csv(shell / "list.csv", rows), "/new")
    assert ended.code == 0
    for record in ended.records:
        assert [(one["name"], one["value"]) for one in record["leftOut"]] == [
            ("tags", "100%"),
            ("tags", f"y{long}"),
            ("context", "no value here"),
            ("context.alt", "A"),
            ("size", "1 KB"),
        ]
    file = client.get_file_by_path("/new/1.txt")
    assert (file.tags, file.description) == (["good", long], "C")
    assert "ignored columns: width\n" in ended.err
    assert "warning: tags: a tag cannot contain a %; left out 2 times, such as '100%' of" in ended.err
    assert ended.err.count("warning: ") == 5
    assert "something was left out of 2 files: see the warnings\n2 files uploaded" in ended.err


@pytest.mark.parametrize(
    ("context", "metadata", "left_out"),
    [
        (
            '{"custom": {"text": "ab", "many": ["a", "c, d"]}, "flag": true}',
            {"text": "ab", "many": ["a", "c, d"], "flag": True},
            0,
        ),
        ('{"custom": "text=ab"}', {}, 1),
        ('{"custom": {"text": "ab"', {}, 1),
        ('{"number": 3, "text": null}', {"number": 3}, 0),
        (r"text=a\|b|flag=true", {"text": "a|b", "flag": True}, 0),
        ("number=1|number=2", {"number": 2}, 1),
        ("[" * 5000, {}, 1),
    ],
)
def test_a_context_is_pairs_or_json(
    run: Run, client: ImageKit, shell: Path, context: str, metadata: dict[str, Any], left_out: int
) -> None:
    client.upload_file(b"a", "a.txt", use_unique_file_name=False)
    for field, schema in FIELDS.items():
        client.create_custom_metadata_fields(name=field, label=field, schema=schema)
    rows = [{"url": f"{client.url_endpoint}/a.txt", "context": context}]
    (record,) = run("--json", "migrate", "--csv", write_csv(shell / "list.csv", rows), "/new").records
    assert client.get_file_by_path("/new/a.txt").custom_metadata == metadata
    assert len(record.get("leftOut", [])) == left_out


def test_a_row_with_a_delimiter_too_many_is_refused(
    run: Run, server: LocalImageKit, client: ImageKit, shell: Path
) -> None:
    url = f"{client.url_endpoint}/a.txt"
    (shell / "list.csv").write_text(f"url,tags,name\n{url},red, shoe,a.txt\n{url},,b.txt,,\n")
    ended = run("migrate", "--csv", "list.csv", "/new", "--dry-run")
    assert "failed: line 2: has more values than there are columns\n" in ended.err
    assert ended.out == f"+ /new/b.txt  from {url}\n"


def test_a_url_whose_answer_was_lost_is_copied_once(
    run: Run, client: ImageKit, server: LocalImageKit, shell: Path
) -> None:
    client.upload_file(b"a", "a.txt", use_unique_file_name=False)
    path = write_csv(shell / "list.csv", [{"url": f"{client.url_endpoint}/a.txt"}])
    server.faults.add(reset=True, when="after", operation="upload_file")
    ended = run("migrate", "--csv", path, "/new")
    assert (ended.code, ended.err.splitlines()[-1]) == (0, "1 file uploaded")
    versions = client.list_files(search_query='type IN ["file", "file-version"]')
    assert sorted(file.file_path for file in versions) == ["/a.txt", "/new/a.txt"]


def test_what_the_service_cannot_fetch_comes_through_this_machine(
    run: Run, client: ImageKit, web: str, shell: Path, tmp_path: Path
) -> None:
    (tmp_path / "web/a.txt").write_text("content")
    path = write_csv(shell / "list.csv", [{"Picture": f"{web}/a.txt?key=secret", "Target": "x/y.txt"}], ";")
    line = ("migrate", "--csv", path, "/shop", "--column", "url=picture", "--column", "path=Target")
    ended = run(*line)
    assert ended.code == 1
    assert "(if this machine can read the URL: --through)" in ended.err
    assert "secret" not in ended.out
    ended = run(*line, "--through")
    assert (ended.code, ended.err) == (0, "1 file uploaded\n")
    assert texts(client, tmp_path) == {"/shop/x/y.txt": "content"}


@pytest.mark.parametrize(
    ("content", "options", "words"),
    [
        ("name,size\na,1\n", [], "no column with URLs, such as 'url' (found: 'name', 'size')"),
        ("https://a.example/a.jpg\n", [], "no header"),
        ("", [], "(found: none)"),
        ("url\nx\n", ["--column", "url=link"], "no column 'link' (found: 'url')"),
        ("url\nx\n", ["--column", "picture=url"], "must be one of url, path"),
        ("url\nx\n", ["--column", "url"], "must be NAME=VALUE"),
        ("url\nx\n", ["--column", "url=a", "--column", "url=b"], "url is given twice"),
        ("url\n\xff", [], "not a CSV file in UTF-8"),
        (
            'url,name\nhttps://a.example/a.jpg,"a\nhttps://a.example/b.jpg,b',
            [],
            "not a CSV file in UTF-8: unexpected end",
        ),
        ("url,url\nx,y\n", [], "has two columns 'url'"),
    ],
)
def test_a_list_that_cannot_be_read_is_refused_with_the_columns_that_were_found(
    run: Run, server: LocalImageKit, shell: Path, content: str, options: list[str], words: str
) -> None:
    (shell / "list.csv").write_bytes(content.encode("latin-1"))
    ended = run("migrate", "--csv", "list.csv", "/shop", *options)
    assert ended.code == 2
    assert words in ended.err
    assert count_uploads(server) == 0


def test_rows_that_name_no_file_or_the_same_one_are_refused_and_the_rest_is_copied(
    run: Run, client: ImageKit, shell: Path
) -> None:
    client.upload_file(b"a", "a.txt", folder="/origin", use_unique_file_name=False)
    url = f"{client.url_endpoint}/origin/a.txt"
    rows = [{"url": text, "folder": "x"} for text in ("", "ftp://a.example/a", f"{client.url_endpoint}/", url, url)]
    ended = run("migrate", "--csv", write_csv(shell / "list.csv", rows), "/shop")
    assert ended.code == 1
    assert "line 2: must have a URL" in ended.err
    assert "line 3: must have a URL" in ended.err
    assert "line 4" in ended.err
    assert f"failed: {url}: has the same name as {url}" in ended.err
    assert ended.err.endswith("1 file uploaded, 4 failed\n")
    assert client.get_file_by_path("/shop/x/a.txt").size == 1


def test_secrets_of_a_storage_are_warned_of_and_not_shown(run: Run) -> None:
    ended = run("migrate", "memory://nowhere", "/", "--storage", "secret=hidden")
    assert "secret is visible to other users" in ended.err
    assert "hidden" not in ended.err
    ended = run("migrate", "xyz://me:hidden@host/x", "/")
    assert "the password in the URL is visible" in ended.err
    assert "hidden" not in ended.err
    ended = run("migrate", "memory://nowhere", "/", "--storage", 'token={"key": hidden}')
    assert "is not valid JSON" in ended.err
    assert "hidden" not in ended.err


@pytest.mark.parametrize("arguments", [["/shop"], ["a", "b", "c"], ["--csv", "list.csv", "a", "/shop"]])
def test_a_source_and_a_destination_are_needed(run: Run, shell: Path, arguments: list[str]) -> None:
    (shell / "list.csv").write_text("url\n")
    ended = run("migrate", *arguments)
    assert ended.code == 2
    assert "DESTINATION (got " in ended.err


def test_people_see_bars_and_then_a_sentence(shell: Path) -> None:
    (shell / "site").mkdir()
    (shell / "site/a b.txt").write_text("a")
    with open_terminal("migrate", "site", "/shop") as terminal:
        code, text = terminal.finish()
    assert code == 0
    assert "a b.txt → /shop/a_b.txt" in text
    assert "Copying" in text
    assert "1 file uploaded (1 byte)" in text
