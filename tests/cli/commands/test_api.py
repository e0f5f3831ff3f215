"""Every operation by its generated command: help, calls against local ImageKit, wrong input, dry runs, questions."""

from __future__ import annotations

import io
import json
import os
import re
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import click
import pytest
import pyvips
import requests

from imagekitio.cli.calls.examples import EXAMPLES, FILE_ID, OTHER_ID, URL, VERSION_ID
from imagekitio.cli.calls.kinds import Texts
from imagekitio.cli.calls.parameters import read_signature
from imagekitio.cli.calls.table import read_calls

from ..terminal import open_terminal

if TYPE_CHECKING:
    from pathlib import Path

    from imagekitio import ImageKit
    from imagekitio.local import LocalImageKit

    from ..conftest import Run

NAMES = [*EXAMPLES]
CHANGING = [name for name in NAMES if read_calls()[name].changes_something and not read_calls()[name].is_client_side]
DELETING = [name for name in NAMES if read_calls()[name].deletes]


@pytest.fixture
def file_id(client: ImageKit, shell: Path) -> str:
    """A picture with two versions in the library, and a file of its name in the folder of the shell."""
    (shell / "shoe.jpg").write_bytes(b"third")
    for width in (3, 4):
        content = pyvips.Image.black(width, 2).write_to_buffer(".png")
        file = client.upload_file(content, "shoe.jpg", folder="/shop", use_unique_file_name=False)
    return file.file_id


def make_ids(client: ImageKit, file_id: str, name: str) -> dict[str, str]:
    """Make what the example of an operation needs, and return what its ids and its URL are replaced by."""
    versions = [version.version_info.id for version in client.get_file_versions(file_id)]
    url = client.get_file_details(file_id).url.partition("?")[0]
    ids = {FILE_ID: file_id, VERSION_ID: versions[-1], URL: url}
    if OTHER_ID not in EXAMPLES[name]:
        return ids
    if "purge" in name:
        return {**ids, OTHER_ID: client.purge_file_cache(url).request_id}
    if "job" in name:
        job = client.move_folder(source_folder_path="/shop", destination_path="/old")
        return {**ids, OTHER_ID: job.job_id}
    if "metadata_field" in name:
        made: Any = client.create_custom_metadata_fields(name="size", label="Size", schema={"type": "Number"})
    elif "origin" in name:
        made = client.create_origin(type="WEB_PROXY", name="Proxy")
    elif "url_endpoint" in name:
        made = client.create_url_endpoint(description="Old", url_prefix="old")
    elif "webhook" in name:
        made = client.create_webhook(endpoint="https://old.example", events=["file.deleted"])
    elif "saved_extension" in name:
        made = client.create_saved_extension(name="Old", description="Old", config={"name": "remove-bg"})
    else:
        made = client.create_named_transformation(name="old", transformation="w-1")
    return {**ids, OTHER_ID: made.id}


@pytest.mark.parametrize("name", NAMES)
def test_every_operation_can_be_called_by_the_example_of_its_help(
    run: Run, server: LocalImageKit, client: ImageKit, file_id: str, name: str
) -> None:
    line = EXAMPLES[name]
    for placeholder, real in make_ids(client, file_id, name).items():
        line = line.replace(placeholder, real)
    seen = len(server.requests)
    ended = run("api", name, *shlex.split(line), *(["--yes"] if name in DELETING else []))
    assert ended.code == 0, ended.err
    if ended.out:
        assert ended.out.count("\n") == 1
    if read_calls()[name].is_client_side:
        form = json.loads(ended.out)
        assert len(server.requests) == seen
        answer = requests.post(form["url"], data=form["fields"], files={"file": b"content"}, timeout=60)
        assert answer.status_code == 200, answer.text
        assert answer.json()["filePath"].startswith("/shop/shoe")
    request = server.requests[-1]
    assert (request.operation, len(server.requests)) == (name, seen + 1)


@pytest.mark.parametrize("name", NAMES)
def test_help_names_every_parameter_and_fits_the_screen(run: Run, name: str) -> None:
    ended = run("api", name, "--help")
    assert ended.code == 0
    for parameter in read_signature(read_calls()[name].method_name).parameters:
        if not (parameter.name == "file" and read_calls()[name].is_client_side):
            option = re.escape(parameter.shown).replace("\\-\\-", r"--(\[no-\])?", 1)
            assert re.search(rf"(?m)^ +{option}(?![\w-])", ended.out), parameter.shown
    assert f"imagekit api {name}" in ended.out.partition("Examples:")[2]
    assert all(len(line) <= 80 for line in ended.out.splitlines())


@pytest.mark.parametrize("name", CHANGING)
def test_a_dry_run_shows_the_request_and_sends_nothing(run: Run, server: LocalImageKit, shell: Path, name: str) -> None:
    (shell / "shoe.jpg").write_bytes(b"content")
    ended = run("--json", "api", name, *shlex.split(EXAMPLES[name]), "--dry-run")
    assert ended.code == 0, ended.err
    (shown,) = ended.records
    call = read_calls()[name]
    assert shown["method"] == call.method
    path = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(call.path))
    assert re.fullmatch(re.escape(server.url) + path, shown["url"])
    assert shown["headers"]["Authorization"] == "Basic …"
    assert server.settings.keys[0].private_key not in ended.out + ended.err
    assert server.requests == []


def test_without_an_operation_all_are_listed_with_what_they_send(run: Run) -> None:
    lines = run("api").out.splitlines()
    assert "copy_file\tPOST\t/v1/files/copy\tFiles" in lines
    assert len(lines) == len(NAMES)
    assert {record["name"] for record in run("--json", "api").records} == {*NAMES}


def test_in_a_terminal_the_operations_are_listed_by_subject_and_answers_are_indented(client: ImageKit) -> None:
    client.upload_file(b"hello", "shoe[bold].txt", tags=["a\x1b[2Jb"], use_unique_file_name=False)
    with open_terminal("api") as terminal:
        code, text = terminal.finish()
    assert code == 0
    assert "Named transformations:\n" in text
    with open_terminal("api", "list_files") as terminal:
        code, text = terminal.finish()
    assert code == 0
    assert '\n    "tags": [\n      "a\\u001b[2Jb"\n    ],\n' in text
    assert [file["name"] for file in json.loads(text)] == ["shoe_bold_.txt"]


def test_in_a_terminal_a_deletion_asks_and_no_is_no(client: ImageKit, file_id: str) -> None:
    with open_terminal("api", "delete_file", file_id) as terminal:
        question = terminal.expect(r"\[y/N\]")
        terminal.send("n")
        code, _ = terminal.finish()
    assert f"Delete the file {file_id} and all its versions in http://127.0.0.1:" in " ".join(question.split())
    assert code == 3
    assert client.get_file_details(file_id).name == "shoe.jpg"


def test_a_question_names_all_files(run: Run) -> None:
    question = run("api", "bulk_file_delete", "--file-ids", "a,b").err
    assert question.startswith("imagekit: Delete 2 files with all versions: a, b in http://127.0.0.1:")


def test_a_dry_run_refuses_a_file_that_cannot_be_read(run: Run, shell: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (shell / "a.jpg").write_bytes(b"content")

    def refuse(path: Path, mode: str = "r", *_others: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("pathlib.Path.open", refuse)  # root may read everything
    ended = run("api", "upload_file", "a.jpg", "a.jpg", "--dry-run")
    assert (ended.code, ended.out) == (2, "")
    assert "a.jpg: Permission denied" in ended.err


def test_a_dry_run_shows_the_file_as_it_is_given(run: Run, shell: Path) -> None:
    (shell / "a.jpg").write_bytes(b"content")
    (shown,) = run("--json", "api", "upload_file", "a.jpg", "b.jpg", "--dry-run").records
    assert shown["body"]["file"] == "a.jpg"


@pytest.mark.parametrize("name", DELETING)
def test_without_a_terminal_a_deletion_needs_yes(run: Run, server: LocalImageKit, name: str) -> None:
    ended = run("api", name, *shlex.split(EXAMPLES[name]))
    assert ended.code == 2
    assert re.search(r"^imagekit: (.*\. )?Delete .* in http", ended.err)
    assert "--yes" in ended.err
    assert server.requests == []


def test_a_purge_asks_only_if_it_has_a_wildcard(
    run: Run, server: LocalImageKit, client: ImageKit, file_id: str
) -> None:
    url = client.get_file_details(file_id).url.partition("?")[0]
    seen = len(server.requests)
    assert run("api", "purge_file_cache", f"{url}*").code == 2
    assert len(server.requests) == seen
    assert run("api", "purge_file_cache", url).code == 0


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("copy_fle", "there is no command 'copy_fle'; did you mean 'copy_file'?"),
        ("list_files --limit many", "Invalid value for '--limit'"),
        ("list_files --limit 5000", "--limit must be from 1 to 1000 (got 5000)"),
        ("list_files --pth /", "--path"),
        ("get_file_details", "Missing argument 'FILE_ID'"),
        ("get_file_details ''", "FILE_ID must not be empty"),
        ("copy_file --source-file-path /a.jpg", "--destination-path is missing"),
        (
            'copy_file --body \'{"sourceFilePat": "/a"}\'',
            "there is no option 'sourceFilePat'; did you mean 'sourceFilePath'?",
        ),
        ("copy_file --body '{'", "Invalid value for '--body': is not valid JSON"),
        ("copy_file --body '[1]'", "Invalid value for '--body': must be a JSON object (got [1])"),
        ("copy_file --body @missing.json", "missing.json: No such file or directory"),
        ("copy_file --body '{\"a\": NaN}'", "NaN is not a JSON value"),
        ("add_tags --tags a", "--file-ids is missing"),
        ("add_tags --body '{\"fileIdz\": []}'", "there is no option 'fileIdz'; did you mean 'fileIds'?"),
        ('add_tags --tags a --body \'{"fileIds": "x"}\'', "fileIds must be a list of ids (got text)"),
        ("update_file_details x --custom-metadata '[]'", "must be a JSON object"),
        ("update_file_details x --tags ,", "Invalid value for '--tags': must not be empty; write [] for an empty list"),
        ("update_file_details x --tags '[a]'", "Invalid value for '--tags': is not valid JSON"),
        ("update_file_details x --extensions '{}'", "must be a JSON array of objects"),
        ("update_file_details x --custom-coordinates 1,2", "--custom-coordinates must be x,y,width,height"),
        (
            "create_origin --type FTP --name a",
            "'--type': 'FTP' is not one of 'S3', 'CLOUDINARY_BACKUP'",
        ),
        (
            "update_custom_metadata_fields x --schema '{\"typ\": 1}'",
            "--schema has no option 'typ'; did you mean 'type'?",
        ),
        ("update_custom_metadata_fields x --body '{\"schema\": 5}'", "schema must be an object (got a whole number)"),
        ("create_folder --body '{\"folderName\": 5}'", "folderName must be text (got a whole number)"),
        ("create_folder --body '{\"folder_name\": 5}'", "folder_name must be text (got a whole number)"),
        ("create_folder --body '{\"bogus\": 1}'", "there is no option 'bogus'; expected one of folderName, parent"),
        ('update_webhook x --body \'{"enabled": "no"}\'', "enabled must be true or false (got 'no')"),
        ("create_origin --name a", "--type is missing"),
        (
            "create_origin --type S3 --name a --base-url https://a.example",
            "there is no option --base-url for this type; expected one of --access-key, --base-url-for",
        ),
        ("create_origin --type S3 --name a --bucket b", "--access-key is missing"),
        ("create_named_transformation --name a --transformation '[{'", "is not valid JSON"),
        ("create_webhook --endpoint nowhere --events file.created", "--endpoint must be a URL"),
        ("get_usage yesterday 2026-03-01", "START_DATE must be a day as YYYY-MM-DD"),
        ("upload_file missing.jpg a.jpg", "Invalid value for 'FILE': missing.jpg does not exist"),
        ("upload_file . a.jpg", "Invalid value for 'FILE': . is a folder"),
        ("upload_file @missing.jpg a.jpg -n", "@missing.jpg does not exist; leave out the @"),
        (
            "get_file_details --file-id x",
            "FILE_ID is an argument, not an option: imagekit api get_file_details FILE_ID",
        ),
        (
            "upload_file --file-name=x y",
            "FILE_NAME is an argument, not an option: imagekit api upload_file FILE FILE_N",
        ),
        (
            "upload_file_v2_client_side a.jpg --response-fields nothing",
            "the unknown field 'nothing'; expected one of customCoord",
        ),
        ("update_custom_metadata_fields x --schema-min-length few", "Invalid value for '--schema-min-length'"),
    ],
)
def test_wrong_input_is_a_usage_error_before_anything_is_sent(
    run: Run, server: LocalImageKit, line: str, error: str
) -> None:
    ended = run("api", *shlex.split(line))
    assert (ended.code, ended.out) == (2, "")
    assert error in ended.err
    assert ended.err.count("\n") == 1
    assert server.requests == []


def test_all_pages_are_read_one_object_a_line(run: Run, server: LocalImageKit, client: ImageKit) -> None:
    for number in range(3):
        client.upload_file(b"hello", f"{number}.txt", use_unique_file_name=False)
    names = [record["name"] for record in run("--json", "api", "list_files", "--all", "--sort", "ASC_NAME").records]
    assert names == ["0.txt", "1.txt", "2.txt"]
    assert len(run("api", "list_files", "--all", "--limit", "2").out.splitlines()) == 2
    assert len(run("--json", "api", "list-files").records) == 3
    (listed,) = run("api", "list_files").out.splitlines()
    assert len(json.loads(listed)) == 3


def test_options_given_one_by_one_win_over_those_in_a_file(run: Run, shell: Path) -> None:
    options = {"name": "price", "label": "Price", "schema": {"type": "Number", "minValue": 1, "maxValue": 9}}
    (shell / "field.json").write_text(json.dumps(options), encoding="utf-8")
    line = "api create_custom_metadata_fields --body @field.json --label Cost --schema-min-value 2.5 --dry-run --json"
    (shown,) = run(*line.split()).records
    schema = {"type": "Number", "maxValue": 9, "minValue": 2.5}
    assert shown["body"] == {"name": "price", "label": "Cost", "schema": schema}


def test_options_may_come_from_standard_input(run: Run, client: ImageKit, file_id: str, monkeypatch: Any) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b'{"tags": ["gr\xc3\xbcn"], "description": null}')))
    assert run("api", "update_file_details", file_id, "--body", "-").code == 0
    assert client.get_file_details(file_id).tags == ["grün"]


def test_a_file_may_come_from_standard_input(run: Run, client: ImageKit, monkeypatch: Any) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"content")))
    ended = run("api", "upload_file", "-", "a.txt", "--no-use-unique-file-name", "--tags", "red,summer")
    assert ended.code == 0, ended.err
    assert client.get_file_by_path("/a.txt").size == 7
    assert client.get_file_by_path("/a.txt").tags == ["red", "summer"]


def test_values_of_fields_are_json_where_they_can_be(run: Run) -> None:
    line = "api create_custom_metadata_fields --name a --label A --schema-type MultiSelect --dry-run --json"
    options = [part for value in ("5", "true", "null", "x", '"5"') for part in ("--schema-select-options", value)]
    (shown,) = run(*line.split(), *options).records
    assert shown["body"]["schema"]["selectOptions"] == [5, True, "null", "x", "5"]


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        (["a,b"], ["a", "b"]),
        (["a, grün ,,"], ["a", "grün"]),
        (['["a,b", "c"]'], ["a,b", "c"]),
        (["a,b", '["c"]', "d"], ["a", "b", "c", "d"]),
        (["[]"], []),
    ],
)
def test_lists_are_split_at_commas_or_given_as_json(run: Run, given: list[str], sent: list[str]) -> None:
    options = [part for text in given for part in ("--tags", text)]
    (shown,) = run("--json", "api", "update_file_details", "x", *options, "--dry-run").records
    assert shown["body"] == {"tags": sent}


def test_ids_are_split_at_commas_and_values_to_choose_from_are_not(run: Run) -> None:
    (shown,) = run("--json", "api", "bulk_file_delete", "--file-ids", "a,b", "--dry-run").records
    assert shown["body"] == {"fileIds": ["a", "b"]}
    line = "--json api create_custom_metadata_fields --name a --label A --schema-type SingleSelect --dry-run"
    (shown,) = run(*line.split(), *("--schema-select-options", "a,b", "--schema-select-options", '["c,d", 5]')).records
    assert shown["body"]["schema"]["selectOptions"] == ["a,b", "c,d", 5]


def test_help_says_how_several_are_given(run: Run) -> None:
    assert "give a,b or a JSON array" in " ".join(run("api", "add_tags", "--help").out.split())
    assert "commas do not separate" in " ".join(run("fields", "create", "--help").out.split())


def test_what_follows_a_comma_is_completed() -> None:
    known = Texts(["all"], ["tags", "metadata"])
    with click.Context(click.Command("a")) as context:
        items = [known.shell_complete(context, click.Option(["--fields"]), text) for text in ("", "tags,m")]
    assert [[item.value for item in found] for found in items] == [["all", "tags", "metadata"], ["tags,metadata"]]


def test_a_body_may_have_any_text_as_a_name(run: Run) -> None:
    ended = run("api", "create_folder", "--body", '{"folderName": "a", "_(": 1, "parentFolderPath": "/"}')
    assert ended.code == 2
    assert "there is no option '_('; expected one of folderName, parentFolderPath" in ended.err


def test_the_word_all_and_names_are_told_apart(run: Run) -> None:
    line = ("--json", "api", "update_file_details", "x", "--dry-run", "--remove-ai-tags")
    assert run(*line, "all").records[0]["body"] == {"removeAITags": "all"}
    assert run(*line, '["all"]').records[0]["body"] == {"removeAITags": ["all"]}
    assert run(*line, "shoe").records[0]["body"] == {"removeAITags": ["shoe"]}


def test_the_headers_of_the_answer_go_to_stderr(run: Run) -> None:
    ended = run("api", "list_origins", "--headers")
    assert ended.out == "[]\n"
    assert ended.err.startswith("HTTP 200\n")
    assert "content-type: application/json" in ended.err


def test_a_refusal_is_one_line_with_the_message_of_the_service(run: Run) -> None:
    ended = run("api", "get_file_details", "missing")
    assert (ended.code, ended.out) == (3, "")
    assert ended.err.startswith("imagekit: ")
    assert ended.err.count("\n") == 1


def test_a_service_that_fails_is_a_matter_of_the_network(run: Run, server: LocalImageKit) -> None:
    server.faults.add(operation="create_origin", status=500)
    ended = run("api", "create_origin", "--type", "WEB_PROXY", "--name", "Proxy")
    assert (ended.code, ended.out) == (4, "")


def test_an_answer_with_a_secret_comes_with_a_warning(run: Run) -> None:
    ended = run("api", "create_webhook", *shlex.split(EXAMPLES["create_webhook"]))
    assert json.loads(ended.out)["secret"].startswith("whsec_")
    assert "warning: the answer contains a secret" in ended.err


@pytest.mark.parametrize("given", [["--secret-key", "tell"], ["--body", '{"secretKey": "tell"}']])
def test_secrets_on_the_command_line_are_warned_about_and_not_shown(run: Run, given: list[str]) -> None:
    line = "api create_origin --type S3 --name a --bucket b --access-key AK --dry-run"
    ended = run(*line.split(), *given)
    assert ended.code == 0
    assert "warning: --access-key, --secret-key" in ended.err
    assert '"secretKey": "…"' in ended.out
    assert not {"tell", "AK"} & {*re.findall(r"\w+", ended.out + ended.err)}


def test_secrets_from_a_file_are_sent_without_a_warning(run: Run, shell: Path) -> None:
    options = {"type": "S3", "name": "a", "bucket": "b", "accessKey": "AK", "secretKey": "tell"}
    (shell / "s3.json").write_text(json.dumps(options), encoding="utf-8")
    ended = run("api", "create_origin", "--body", "@s3.json")
    assert (ended.code, ended.err) == (0, "")


def test_the_key_of_an_origin_is_not_taken_for_that_of_the_account(run: Run) -> None:
    line = "--json api create_origin --type GCS --name a --bucket b --client-email a@b.example"
    ended = run(*line.split(), "--origin-private-key", "tell")
    assert ended.code == 0, ended.err
    assert ended.records[0]["type"] == "GCS"


def test_operations_are_completed_without_loading_the_client() -> None:
    script = "import sys; from imagekitio.cli.__main__ import main; main(); print(*sys.modules, file=sys.stderr)"
    settings = {"_IMAGEKIT_COMPLETE": "bash_complete", "COMP_WORDS": "imagekit\napi\nget_us", "COMP_CWORD": "2"}
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True, env={**os.environ, **settings}
    )
    assert done.stdout == "plain,get_usage\nplain,get_usage_analytics\n"
    assert not {"requests", "imagekitio.client"} & {*done.stderr.split()}


def test_headers_of_many_pages_cannot_be_shown(run: Run, server: LocalImageKit) -> None:
    ended = run("api", "list_files", "--all", "--headers")
    assert (ended.code, server.requests) == (2, [])


def test_a_browsers_upload_needs_a_public_key(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("IMAGEKIT_PUBLIC_KEY")
    ended = run("api", "upload_file_client_side", "a.txt")
    assert ended.code == 2
    assert "IMAGEKIT_PUBLIC_KEY" in ended.err
