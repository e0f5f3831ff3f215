"""What both clients do with the arguments of their constructors, and when they are pickled."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any

import pytest

from imagekitio import AsyncImageKit, ImageKit

if TYPE_CHECKING:
    from imagekitio.local import LocalImageKit

ACCOUNT = {
    "IMAGEKIT_PUBLIC_KEY": "public_here",
    "IMAGEKIT_PRIVATE_KEY": "private_here",
    "IMAGEKIT_URL_ENDPOINT": "https://ik.example.com/here",
    "IMAGEKIT_API_BASE_URL": "http://127.0.0.1:1/here",
}
OTHER_ACCOUNT = {name: value.replace("here", "there") for name, value in ACCOUNT.items()}


def set_environment(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]) -> None:
    for name in (*ACCOUNT, "IMAGEKIT_UPLOAD_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize("kind", [ImageKit, AsyncImageKit])
def test_a_pickled_client_reads_again_what_came_from_the_environment(
    kind: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_environment(monkeypatch, ACCOUNT)
    pickled = pickle.dumps(kind(timeout=7))
    copied = pickle.dumps(kind().with_options(timeout=7))
    assert b"here" not in pickled
    set_environment(monkeypatch, OTHER_ACCOUNT)
    for client in (pickle.loads(pickled), pickle.loads(copied)):
        assert vars(client)["_settings"] == vars(kind(timeout=7))["_settings"]
        assert client.public_key == "public_there"
        assert client.url(path="/a.jpg", signed=True) == kind().url(path="/a.jpg", signed=True)
    set_environment(monkeypatch, {name: url for name, url in OTHER_ACCOUNT.items() if "BASE" not in name})
    assert vars(pickle.loads(pickled))["_settings"] == vars(kind(timeout=7))["_settings"]
    set_environment(monkeypatch, {})
    with pytest.raises(ValueError, match=r"missing: .*private_key.*IMAGEKIT_PRIVATE_KEY"):
        pickle.loads(pickled)


@pytest.mark.parametrize("kind", [ImageKit, AsyncImageKit])
def test_a_pickled_client_keeps_what_it_was_given(kind: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    set_environment(monkeypatch, ACCOUNT)
    given = kind(private_key="private_mine", options={"api_base_url": "http://127.0.0.1:1/mine"})
    set_environment(monkeypatch, OTHER_ACCOUNT)
    client = pickle.loads(pickle.dumps(given))
    assert client.public_key == "public_there"
    expected = kind(private_key="private_mine").url(path="/a.jpg", signed=True)
    assert client.url(path="/a.jpg", signed=True) == expected
    assert vars(client)["_settings"].api_base_url == "http://127.0.0.1:1/mine"


@pytest.mark.parametrize("kind", [ImageKit, AsyncImageKit])
def test_keys_and_urls_are_read_as_people_paste_them(kind: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    clean = kind("public_x", "private_x", "https://ik.example.com/demo", api_base_url="http://127.0.0.1:1")
    given = kind(" public_x\n", '"private_x"\n', " https://ik.example.com/demo ", api_base_url=" http://127.0.0.1:1/\n")
    set_environment(
        monkeypatch,
        {
            "IMAGEKIT_PUBLIC_KEY": "'public_x'",
            "IMAGEKIT_PRIVATE_KEY": " private_x\r\n",
            "IMAGEKIT_URL_ENDPOINT": "https://ik.example.com/demo\n",
            "IMAGEKIT_API_BASE_URL": "http://127.0.0.1:1 \n",
        },
    )
    for client in (given, kind()):
        assert repr(client) == repr(clean)
        assert client.url(path="/a.jpg", signed=True) == clean.url(path="/a.jpg", signed=True)
        assert vars(client)["_settings"] == vars(clean)["_settings"]


@pytest.mark.parametrize("kind", [ImageKit, AsyncImageKit])
@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (("public_x", "public_x", "https://e.example"), ValueError, "private_key is a public key"),
        (("private_x", "private_x", "https://e.example"), ValueError, "public_key is a private key"),
        (("public_x", " '' \n", "https://e.example"), ValueError, "missing: private_key; .*IMAGEKIT_PRIVATE_KEY"),
        (("public_x", "private_x", "  "), ValueError, "missing: url_endpoint"),
        (("public_x", b"private_x", "https://e.example"), TypeError, "private_key must be text .got bytes."),
        (("public_x", "private_x", 5), TypeError, "url_endpoint must be text .got int."),
    ],
)
def test_a_wrong_key_is_refused_by_the_constructor(
    kind: Any, arguments: Any, error: type[Exception], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_environment(monkeypatch, {})
    with pytest.raises(error, match=message):
        kind(*arguments)


@pytest.mark.parametrize("kind", [ImageKit, AsyncImageKit])
def test_a_dummy_endpoint_is_refused_when_a_url_is_built(kind: Any) -> None:
    client = kind(public_key="fake122", private_key="fake122", url_endpoint="fake122")
    assert client.url_endpoint == "fake122"
    assert client.get_authentication_parameters()["signature"]
    with pytest.raises(ValueError, match=r"url_endpoint must start with https:// and a host .got 'fake122'."):
        client.url(path="/a.jpg")


def test_calls_work_with_a_dummy_endpoint(imagekit_server: LocalImageKit) -> None:
    with imagekit_server.client(url_endpoint="fake122") as client:
        assert client.upload_file(b"test", "a.txt").file_id
        assert client.with_options(retry=1).list_files()
