"""Which account a command talks to."""

from __future__ import annotations

import os

import pytest

from imagekitio.cli.accounts.account import hide_variables, mask, name_variable, read_account
from imagekitio.cli.accounts.profiles import change_profile
from imagekitio.cli.base.failures import Failure

PRIVATE = "private_abcdefghijklmnopqrstuvwxyz"


@pytest.fixture
def profiles(monkeypatch: pytest.MonkeyPatch) -> None:
    change_profile("default", {"private_key": "private_default", "public_key": "public_default"})
    change_profile("shop", {"private_key": "private_shop", "url_endpoint": "https://ik.imagekit.io/shop"})


@pytest.mark.usefixtures("profiles")
def test_the_environment_comes_before_the_default_profile() -> None:
    account = read_account({})
    assert account.get("private_key") == "private_local"
    assert account.profile is None


@pytest.mark.usefixtures("profiles")
def test_a_profile_that_is_named_takes_nothing_from_the_environment() -> None:
    account = read_account({"public_key": "public_given"}, profile="shop")
    assert {name: setting.value for name, setting in account.settings.items()} == {
        "public_key": "public_given",
        "private_key": "private_shop",
        "url_endpoint": "https://ik.imagekit.io/shop",
    }
    assert account.describe() == "https://ik.imagekit.io/shop (profile 'shop')"


@pytest.mark.usefixtures("profiles", "no_account")
@pytest.mark.parametrize(("variable", "key"), [("", "private_default"), ("shop", "private_shop")])
def test_without_a_key_in_the_environment_a_profile_is_used(
    monkeypatch: pytest.MonkeyPatch, variable: str, key: str
) -> None:
    monkeypatch.setenv("IMAGEKIT_PROFILE", variable)
    assert read_account({}).get("private_key") == key


@pytest.mark.usefixtures("no_account")
def test_without_any_profile_there_is_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_account({}).get("private_key") is None
    monkeypatch.setenv("IMAGEKIT_PROFILE", "shop")
    with pytest.raises(Failure, match="there is no profile 'shop'"):
        read_account({})


@pytest.mark.usefixtures("profiles", "no_account")
@pytest.mark.parametrize(
    ("setting", "value", "is_refused"),
    [
        ("public_key", "public_default", False),
        ("public_key", "public_other", True),
        ("url_endpoint", "https://ik.imagekit.io/acme", False),  # the profile has none
        ("api_base_url", "https://api.imagekit.io/", False),
        ("api_base_url", "http://127.0.0.1:8080", True),  # which would get the key of the profile
    ],
)
def test_a_variable_that_contradicts_the_profile_is_refused(
    monkeypatch: pytest.MonkeyPatch, setting: str, value: str, is_refused: bool
) -> None:
    monkeypatch.setenv(name_variable(setting), value)
    if is_refused:
        with pytest.raises(
            Failure, match=rf"{name_variable(setting)} contradicts profile 'default'.* --profile default"
        ):
            read_account({})
        assert read_account({}, profile="default").get(setting) != value
    else:
        account = read_account({})
        assert (account.get("private_key"), account.get(setting)) == ("private_default", value)
    assert read_account({setting: value}).get(setting) == value  # who gives an option knows


@pytest.mark.usefixtures("no_account")
def test_a_missing_key_is_explained_by_where_it_could_be() -> None:
    change_profile("shop", {"public_key": "public_shop"})
    with pytest.raises(Failure, match=r"profile 'shop' has no private key: imagekit config --profile shop"):
        read_account({}, profile="shop").require("private_key")
    with pytest.raises(Failure, match=r"give --profile \(shop\)"):
        read_account({}).require("private_key")
    with pytest.raises(Failure, match="--profile must be the name of a profile"):
        read_account({}, profile="")


@pytest.mark.parametrize(
    ("setting", "value", "shown"),
    [
        ("private_key", PRIVATE, "private_…wxyz"),
        ("private_key", "private_short", "…"),
        ("private_key", "something else that is long", "…"),
        ("public_key", "public_a", "public_a"),
        ("api_base_url", "http://user:secret@127.0.0.1", "http://…@127.0.0.1"),
    ],
)
def test_of_a_secret_at_most_four_characters_are_shown(setting: str, value: str, shown: str) -> None:
    assert mask(setting, value) == shown


def test_variables_come_back_after_they_were_hidden() -> None:
    before = dict(os.environ)
    with hide_variables():
        assert "IMAGEKIT_PRIVATE_KEY" not in os.environ
    assert dict(os.environ) == before
