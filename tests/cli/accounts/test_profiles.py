"""The file of profiles: private, locked, and changed in place."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imagekitio.cli.accounts.private_files import lock_file, replace_file
from imagekitio.cli.accounts.profiles import FILE_VARIABLE, change_profile, find_file, read_profiles
from imagekitio.cli.base.failures import Failure

if TYPE_CHECKING:
    from collections.abc import Mapping

PRIVATE = "private_abcdefghijklmnopqrstuv"


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "settings" / "config.ini"
    monkeypatch.setenv(FILE_VARIABLE, str(file))
    return file


def write(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)


def test_a_new_file_and_its_folder_are_for_the_owner_only(path: Path) -> None:
    assert change_profile("shop", {"private_key": PRIVATE}) == path
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert read_profiles().profiles == {"shop": {"private_key": PRIVATE}}


def test_comments_and_other_profiles_stay_as_they_are(path: Path) -> None:
    write(
        path,
        "# mine\n[shop]\nprivate_key: private_old\n; about the key\npublic_key = public_%(x)\n\n# for us\n[staging]\n"
        "url_endpoint=https://ik.imagekit.io/s\n",
    )
    change_profile("shop", {"private_key": PRIVATE})
    assert path.read_text() == (
        f"# mine\n[shop]\npublic_key = public_%(x)\nprivate_key = {PRIVATE}\n; about the key\n\n# for us\n[staging]\n"
        "url_endpoint=https://ik.imagekit.io/s\n"
    )
    change_profile("shop", None)
    assert path.read_text() == "# mine\n; about the key\n\n# for us\n[staging]\nurl_endpoint=https://ik.imagekit.io/s\n"


def test_an_empty_value_removes_a_setting_and_the_others_stay(path: Path) -> None:
    change_profile("shop", {"private_key": PRIVATE, "public_key": "public_a"})
    change_profile("shop", {"public_key": ""})
    assert read_profiles().profiles == {"shop": {"private_key": PRIVATE}}


names = st.sampled_from(["a", "default", "shop-2", "ünï", "x.y@z"])
values = st.dictionaries(
    st.sampled_from(["public_key", "private_key", "url_endpoint"]), st.from_regex(r"[!-~]{1,20}", fullmatch=True)
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.lists(st.tuples(names, st.one_of(st.none(), values)), max_size=8))
def test_any_changes_give_what_a_dictionary_gives(path: Path, changes: list[tuple[str, dict[str, str] | None]]) -> None:
    path.unlink(missing_ok=True)
    model: dict[str, Mapping[str, str]] = {}
    for name, change in changes:
        if change is None and name not in model:
            with pytest.raises(Failure, match="there is no profile"):
                change_profile(name, None)
            continue
        change_profile(name, change)
        if change is None:
            del model[name]
        else:
            model[name] = {**model.get(name, {}), **change}
    assert read_profiles().profiles == model


@pytest.mark.parametrize("name", ["", "a b", "[x]", "-x", "a\nb", "a]b", "#a"])
def test_a_name_that_cannot_be_typed_is_refused(path: Path, name: str) -> None:
    with pytest.raises(Failure, match="name of a profile must consist"):
        change_profile(name, {"public_key": "public_a"})
    assert not path.exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"private_key = {PRIVATE}\n", "line 1: must be a profile"),
        (f"[shop]\n{PRIVATE}\n", "line 2: must be a profile"),
        ("[shop]\npublic_key = a\npublic_key = b\n", "line 3: this profile or setting occurs twice"),
        ("[shop]\n\n[shop]\n", "line 3: this profile or setting occurs twice"),
        ("[shop]\nprivat_key = a\n", "sets 'privat_key'; did you mean 'private_key'?"),
    ],
)
def test_what_is_not_valid_is_named_by_its_line_which_is_not_shown(path: Path, text: str, words: str) -> None:
    write(path, text)
    for use in (read_profiles, lambda: change_profile("other", {"public_key": "public_a"})):
        with pytest.raises(Failure) as raised:
            use()
        assert words in raised.value.message
        assert PRIVATE not in raised.value.message
    assert path.read_text() == text


def test_a_symbolic_link_stays_and_leads_to_the_new_content(path: Path, tmp_path: Path) -> None:
    real = tmp_path / "dotfiles" / "imagekit.ini"
    real.parent.mkdir()
    path.parent.mkdir()
    path.symlink_to(real)
    change_profile("shop", {"public_key": "public_a"})
    change_profile("shop", {"public_key": "public_b"})
    assert path.is_symlink()
    assert real.read_text() == "[shop]\npublic_key = public_b\n"


def test_a_file_that_others_may_read_is_exposed(path: Path) -> None:
    write(path, "[shop]\n")
    assert not read_profiles().is_exposed
    path.chmod(0o640)
    assert read_profiles().is_exposed
    assert f"chmod 600 {path}" in read_profiles().describe_exposure()


def test_a_folder_in_the_way_is_an_error_that_names_the_file(path: Path) -> None:
    path.parent.write_text("")
    with pytest.raises(OSError, match=r"exists|directory") as raised:
        change_profile("shop", {"public_key": "public_a"})
    assert raised.value.filename == str(path)


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    change_profile("shop", {"public_key": "public_a"})
    before = sorted(path.parent.iterdir())

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(OSError, match="No space left"):
        replace_file(path, "[other]\n")
    assert sorted(path.parent.iterdir()) == before
    assert path.read_text() == "[shop]\npublic_key = public_a\n"


def test_processes_that_change_the_file_at_the_same_time_lose_nothing(path: Path) -> None:
    script = (
        "import sys\nfrom imagekitio.cli.accounts.profiles import change_profile\n"
        "for number in range(5): change_profile(f'p{sys.argv[1]}-{number}', {'public_key': 'public_a'})"
    )
    environment = {"PYTHONPATH": ":".join(filter(None, sys.path)), FILE_VARIABLE: str(path)}
    with lock_file(path):  # so that all of them wait
        started = [
            subprocess.Popen([sys.executable, "-c", script, str(number)], env=environment) for number in range(4)
        ]
    assert [process.wait(60) for process in started] == [0] * 4
    assert set(read_profiles().profiles) == {f"p{first}-{second}" for first in range(4) for second in range(5)}


def test_without_a_home_folder_the_variables_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(FILE_VARIABLE)
    monkeypatch.setattr("platformdirs.user_config_path", lambda *_, **__: Path("~/.config/imagekit"))
    with pytest.raises(Failure, match=FILE_VARIABLE):
        find_file()
