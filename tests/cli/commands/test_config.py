"""Profiles by questions and by options; no secret is shown."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from imagekitio.cli.accounts.profiles import change_profile, find_file, read_profiles

from ..terminal import open_terminal

if TYPE_CHECKING:
    from imagekitio import ImageKit
    from imagekitio.local import LocalImageKit

    from ..conftest import Run

PRIVATE = "private_abcdefghijklmnopqrstuvwxyz"


@pytest.fixture
def local_base_urls(server: LocalImageKit, monkeypatch: pytest.MonkeyPatch) -> None:
    """Profiles made by questions have no base URLs; what is made here has those of local ImageKit from the start."""
    change_profile("default", {"api_base_url": server.url, "upload_base_url": server.url})


@pytest.mark.usefixtures("no_account")
def test_set_makes_a_profile_that_commands_use(run: Run, server: LocalImageKit) -> None:
    ended = run(
        "config", "set", "default", "--url-endpoint", server.url_endpoint, "--private-key", "private_local",
        "--api-base-url", server.url, "--upload-base-url", server.url,
    )  # fmt: skip
    assert ended.code == 0
    assert "--private-key is visible to other users" in ended.err
    assert "private_local" not in ended.out + ended.err
    assert run("ls").code == 0
    assert server.requests[-1].path == "/v1/files"


def test_a_key_may_be_pasted_with_its_quotes(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f'"{PRIVATE}"\n'))
    assert run("config", "set", "ci", "--private-key-stdin").code == 0
    assert read_profiles().profiles == {"ci": {"private_key": PRIVATE}}


@pytest.mark.parametrize("name", ["public_key", "url_endpoint", "api_base_url"])
def test_a_private_key_in_the_wrong_place_is_neither_shown_nor_used(
    run: Run, monkeypatch: pytest.MonkeyPatch, server: LocalImageKit, name: str
) -> None:
    monkeypatch.setenv(f"IMAGEKIT_{name.upper()}", PRIVATE)
    rows = {row["setting"]: row["value"] for row in run("--json", "config", "show").records}
    assert rows[name] == "private_…wxyz"
    find_file().parent.mkdir()
    find_file().write_text(f"[shop]\n{name} = {PRIVATE}\n")
    find_file().chmod(0o600)
    lines = (
        ["config", "show"],
        ["config", "list"],
        ["doctor"],
        ["token"],
        ["url", "/a.jpg", "--sign"],
        ["--debug", "ls"],
    )
    for line in lines:
        ended = run(*line)
        assert PRIVATE not in ended.out + ended.err, line
        if line[0] not in ("config", "doctor"):
            assert ended.code == 2
            assert f"IMAGEKIT_{name.upper()} has the private key in place of the" in ended.err
    assert server.requests == []


def test_the_private_key_comes_from_standard_input(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PRIVATE}\n"))
    ended = run("--json", "config", "set", "ci", "--private-key-stdin")
    assert (ended.code, ended.err) == (0, "")
    (record,) = ended.records
    assert record["settings"] == {"private_key": "private_…wxyz"}
    assert read_profiles().profiles == {"ci": {"private_key": PRIVATE}}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--public-key", PRIVATE], "public key must begin with public_; this is the private key"),
        (["--private-key", "secret"], "private key must begin with private_"),
        (["--private-key", "public_abc"], "private key must begin with private_; this is the public key"),
        (["--private-key", "private_se cret"], "must not contain blanks or non-ASCII characters"),
        (["--url-endpoint", PRIVATE], "must be a URL such as https://ik.imagekit.io/"),
        (
            ["--url-endpoint", "https://ik.imagekit.io/"],
            "must be a URL such as https://ik.imagekit.io/your_imagekit_id",
        ),
        (["--url-endpoint", "https://me:secret@images.example/"], "must be a URL"),
        (["--url-endpoint", "ik.imagekit.io/acme"], "must be a URL such as https://ik.imagekit.io/"),
        (["--url-endpoint", "https://ik.imagekit.io/a b"], "must be a URL"),
        (["--api-base-url", "https://"], "must be a URL"),
        ([], "nothing to set: give one of --public-key"),
        (["--profile", "other"], "--profile cannot be used here"),
    ],
)
def test_what_cannot_be_a_setting_is_refused_without_showing_it(run: Run, arguments: list[str], words: str) -> None:
    ended = run("config", "set", "shop", *arguments)
    assert ended.code == 2
    assert words in ended.err
    assert "secret" not in ended.err
    assert PRIVATE not in ended.err
    assert not find_file().exists()


def test_a_dry_run_changes_nothing(run: Run) -> None:
    planned = run("config", "set", "shop", "--public-key", "public_a", "--dry-run").out
    assert planned == f"would set in {find_file()}: profile 'shop' with public_key public_a\n"
    assert not find_file().exists()
    change_profile("shop", {"public_key": "public_a"})
    assert run("config", "remove", "shop", "-n").out == "would remove the profile 'shop'\n"
    assert "shop" in read_profiles().profiles


def test_show_says_where_each_value_comes_from(run: Run) -> None:
    rows = {row["setting"]: row for row in run("--json", "config", "show", "--public-key", "public_x").records}
    assert rows["public_key"]["source"] == "--public-key"
    assert rows["private_key"] == {"setting": "private_key", "value": "…", "source": "IMAGEKIT_PRIVATE_KEY"}
    assert rows["profile"]["source"] == "IMAGEKIT_PRIVATE_KEY comes first"


@pytest.mark.usefixtures("no_account")
def test_show_says_which_profile_is_used(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMAGEKIT_PROFILE", "shop")
    change_profile("shop", {"private_key": PRIVATE})
    rows = {row["setting"]: row for row in run("--json", "config", "show").records}
    assert rows["profile"] == {"setting": "profile", "value": "shop", "source": "IMAGEKIT_PROFILE"}
    assert rows["private_key"]["value"] == "private_…wxyz"
    assert rows["private_key"]["source"] == "profile 'shop'"
    assert run("config", "show", "--profile", "shpo").code == 2


@pytest.mark.usefixtures("no_account")
def test_list_marks_the_profile_that_is_used(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "there are no profiles" in run("config", "list").err
    change_profile("shop", {"private_key": PRIVATE})
    change_profile("other", {"public_key": "public_o"})
    monkeypatch.setenv("IMAGEKIT_PROFILE", "shop")
    ended = run("config", "list")
    assert ended.out.splitlines() == ["*\tshop\t\t\tprivate_…wxyz", "\tother\t\tpublic_o\t"]
    monkeypatch.setenv("IMAGEKIT_PROFILE", "gone")
    assert run("config", "list").code == 0


def test_remove_asks_and_suggests_the_nearest_name(run: Run) -> None:
    change_profile("shop", {"public_key": "public_a"})
    assert "did you mean 'shop'?" in run("config", "remove", "shpo").err
    refused = run("config", "remove", "shop")
    assert refused.code == 2
    assert "give --yes" in refused.err
    assert run("config", "remove", "shop", "--yes").code == 0
    assert read_profiles().profiles == {}


def test_several_are_removed_after_one_question_or_none_is(run: Run) -> None:
    for name in ("shop", "ci", "other"):
        change_profile(name, {"url_endpoint": f"https://{name}.example"})
    missing = run("config", "remove", "shop", "gone", "--yes")
    assert (missing.code, missing.out) == (2, "")
    question = run("config", "remove", "shop", "ci").err
    assert "Remove the profiles 'shop' (https://shop.example), 'ci' (https://ci.example) with their keys?" in question
    assert [*read_profiles().profiles] == ["shop", "ci", "other"]
    planned = run("--json", "config", "remove", "shop", "ci", "-n").records
    assert [(record["profile"], record["status"]) for record in planned] == [
        ("shop", "planned"),
        ("ci", "planned"),
    ]
    ended = run("config", "remove", "shop", "ci", "shop", "--yes")
    assert (ended.code, ended.out) == (0, "removed: profile 'shop'\nremoved: profile 'ci'\n")
    assert [*read_profiles().profiles] == ["other"]


@pytest.mark.usefixtures("no_account")
def test_a_file_that_others_may_read_is_warned_about_at_each_use(run: Run) -> None:
    change_profile("default", {"private_key": PRIVATE})
    find_file().chmod(0o644)
    for line in ("config show", "config list"):
        ended = run(*line.split())
        assert ended.code == 0
        assert ended.err.count("warning: other users of this machine may read your keys: chmod 600") == 1
    change_profile("default", {"public_key": "public_a"})
    assert run("config", "show").err == ""


def test_path_prints_it(run: Run) -> None:
    assert run("config", "path").out == f"{find_file()}\n"
    assert run("config", "path", "--json").records == [{"path": str(find_file())}]


def test_a_folder_that_cannot_be_written_is_one_line(run: Run) -> None:
    find_file().parent.write_text("")
    ended = run("config", "set", "shop", "--public-key", "public_a")
    assert ended.code == 1
    assert str(find_file()) in ended.err
    assert ended.err.count("\n") == 1


def test_questions_need_a_terminal(run: Run) -> None:
    ended = run("config")
    assert ended.code == 2
    assert "imagekit config set NAME" in ended.err


@pytest.mark.usefixtures("no_account", "local_base_urls")
def test_questions_make_a_profile_whose_keys_are_tried(server: LocalImageKit) -> None:
    with open_terminal("config") as terminal:
        terminal.expect("Name of the profile")
        terminal.send("")
        terminal.expect("Public key")
        terminal.send("private_local")
        terminal.expect("this is the private key")
        terminal.send("public_local")
        terminal.expect("Private key")
        terminal.send_secret("private_local")
        terminal.expect("URL endpoint")
        terminal.send(server.url_endpoint)
        code, rest = terminal.finish()
    assert code == 0
    assert "The API accepts the private key." in rest
    assert "private_local" not in rest
    assert server.requests[-1].path == "/v1/files"
    assert read_profiles().profiles["default"]["private_key"] == "private_local"


@pytest.mark.usefixtures("no_account", "local_base_urls")
def test_keys_that_do_not_work_are_not_kept(server: LocalImageKit) -> None:
    given = ("--profile", "default", "--public-key", "public_local", "--url-endpoint", server.url_endpoint)
    with open_terminal("config", *given) as terminal:
        terminal.expect("Private key")
        terminal.send_secret("private_wrong")
        code, rest = terminal.finish()
    assert code == 3
    assert "nothing was stored" in rest
    assert "private_wrong" not in rest
    assert "private_key" not in read_profiles().profiles["default"]


@pytest.mark.usefixtures("no_account")
def test_ctrl_c_at_a_question_changes_nothing() -> None:
    with open_terminal("config", "--profile", "shop") as terminal:
        terminal.expect("Public key")
        terminal.interrupt_question("interrupted: nothing was changed")
        code, _ = terminal.finish()
    assert code == 130
    assert not find_file().exists()


@pytest.mark.usefixtures("no_account")
def test_an_old_value_is_kept_with_the_enter_key(run: Run) -> None:
    old = {"public_key": "public_a", "private_key": PRIVATE, "url_endpoint": "https://ik.imagekit.io/a"}
    change_profile("default", old)
    with open_terminal("config", "--no-verify", "--profile", "default") as terminal:
        terminal.expect("Public key")
        terminal.send("")
        shown = terminal.expect("Private key")
        terminal.send_secret("")
        shown += terminal.expect("URL endpoint")
        terminal.send("")
        code, rest = terminal.finish()
    assert code == 0
    assert PRIVATE not in shown + rest
    assert read_profiles().profiles == {"default": old}


@pytest.mark.parametrize(
    ("text", "words"), [("", "must not be empty"), (f"{PRIVATE}\nprivate_b\n", "must not contain blanks")]
)
def test_what_standard_input_lacks_or_has_too_much_is_said(
    run: Run, monkeypatch: pytest.MonkeyPatch, text: str, words: str
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    ended = run("config", "set", "ci", "--private-key-stdin")
    assert ended.code == 2
    assert words in ended.err
    assert PRIVATE not in ended.err


def test_a_setting_that_is_removed_is_called_so_but_a_private_key_is_not_removed_by_an_empty_variable(
    run: Run,
) -> None:
    change_profile("shop", {"private_key": PRIVATE, "public_key": "public_a"})
    assert run("config", "set", "shop", "--public-key", "").out.endswith("with no public_key\n")
    refused = run("config", "set", "shop", "--private-key", "")
    assert (refused.code, "imagekit config remove shop" in refused.err) == (2, True)
    assert read_profiles().profiles == {"shop": {"private_key": PRIVATE}}


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("public_local", "has the public key"),
        ("private_a b", "non-ASCII characters"),
        ("private_é", "non-ASCII characters"),
    ],
)
def test_a_key_that_cannot_work_is_not_sent(
    run: Run, monkeypatch: pytest.MonkeyPatch, server: LocalImageKit, key: str, words: str
) -> None:
    monkeypatch.setenv("IMAGEKIT_PRIVATE_KEY", key)
    before = len(server.requests)
    ended = run("ls")
    assert ended.code == 2
    assert ended.err.startswith("imagekit: IMAGEKIT_PRIVATE_KEY has ")
    assert words in ended.err
    assert len(server.requests) == before


def test_messages_about_settings_say_where_they_come_from(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMAGEKIT_API_BASE_URL", "127.0.0.1:8080")
    ended = run("ls")
    assert (ended.code, ended.err.partition(" must ")[0]) == (2, "imagekit: IMAGEKIT_API_BASE_URL")


def test_a_key_is_no_name_of_a_profile(run: Run) -> None:
    ended = run("config", "set", PRIVATE, "--public-key", "public_a")
    assert ended.code == 2
    assert PRIVATE not in ended.err


@pytest.mark.usefixtures("no_account", "local_base_urls")
def test_an_endpoint_of_another_account_is_not_kept(server: LocalImageKit, client: ImageKit) -> None:
    client.upload_file(b"hello", "a.txt", use_unique_file_name=False)
    given = ("--profile", "default", "--public-key", "public_local", "--url-endpoint", f"{server.url}/wrong")
    with open_terminal("config", *given) as terminal:
        terminal.expect("Private key")
        terminal.send_secret("private_local")
        code, rest = terminal.finish()
    assert code == 3
    assert f"set the URL endpoint to {server.url_endpoint}" in " ".join(rest.split())
    assert "private_key" not in read_profiles().profiles["default"]


@pytest.mark.usefixtures("no_account")
def test_a_key_that_would_go_unencrypted_is_warned_about(run: Run) -> None:
    change_profile("default", {"private_key": PRIVATE, "api_base_url": "http://api.invalid"})
    assert "the private key is sent unencrypted to http://api.invalid" in run("ls").err
