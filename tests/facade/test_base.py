"""How both clients treat the arguments of their constructors, and how they are pickled."""

from __future__ import annotations

import copy
import pickle
from typing import TYPE_CHECKING, Any

import pytest

from imagekitio import AsyncImageKit, ImageKit, Retry

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
    for name in (*ACCOUNT, "IMAGEKIT_UPLOAD_BASE_URL", "IMAGE_KIT_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize("kind", [ImageKit, AsyncImageKit])
def test_a_pickled_client_reads_the_environment_again(kind: Any, monkeypatch: pytest.MonkeyPatch) -> None:
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
def test_keys_and_urls_are_cleaned_of_what_pasting_adds(kind: Any, monkeypatch: pytest.MonkeyPatch) -> None:
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
        (("public_x", "private_x", ""), ValueError, "missing: url_endpoint; .*IMAGEKIT_URL_ENDPOINT"),
        (("", "private_x", "https://e.example"), ValueError, "missing: public_key; .*IMAGEKIT_PUBLIC_KEY"),
        ((None, None, None), ValueError, "missing: private_key; "),
        (("public_x", b"private_x", "https://e.example"), TypeError, "private_key must be text .got bytes."),
        (("public_x", "private_x", 5), TypeError, "url_endpoint must be text .got int."),
    ],
)
def test_an_invalid_key_is_refused_by_the_constructor(
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


@pytest.mark.parametrize("kind", [ImageKit, AsyncImageKit])
def test_a_client_needs_only_its_private_key_until_a_method_needs_more(
    kind: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_environment(monkeypatch, {})
    client = kind(private_key="private_x")
    assert (client.public_key, client.url_endpoint) == ("", "")
    assert repr(client) == f"{kind.__name__}(public_key='', url_endpoint='')"
    assert client.get_authentication_parameters()["signature"]
    src = "https://ik.example.com/demo/a.jpg"
    elsewhere = {"url_endpoint": "https://ik.example.com/demo"}
    signed = client.url(path="/a.jpg", signed=True, **elsewhere)
    for same in (client, pickle.loads(pickle.dumps(client)), copy.copy(client), client.with_options(timeout=3)):
        assert same.url(src=src, transformation=[{"width": 3}]) == f"{src}?tr=w-3"
        assert same.url(path="/a.jpg", signed=True, **elsewhere) == signed
        assert same.url_template(signed=True, **elsewhere)("/a.jpg") == signed
        for name, arguments in (
            ("url", {"path": "/a.jpg"}),
            ("url", {"src": src, "signed": True}),
            ("url_template", {}),
            ("verify_url", {"url": signed}),
            ("parse_url", {"url": signed}),
            ("get_responsive_image_attributes", {"path": "/a.jpg"}),
        ):
            with pytest.raises(ValueError, match=r"^missing: url_endpoint; pass it to the client or set IMAGEKIT_URL"):
                getattr(same, name)(**arguments)
    set_environment(monkeypatch, ACCOUNT)
    assert pickle.loads(pickle.dumps(client)).url(path="/a.jpg") == "https://ik.example.com/here/a.jpg"


@pytest.mark.parametrize("kind", [ImageKit, AsyncImageKit])
def test_one_base_url_applies_to_every_request(kind: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    set_environment(monkeypatch, {"IMAGE_KIT_BASE_URL": "http://127.0.0.1:1/env/"})

    def urls(client: Any) -> tuple[str, str]:
        settings = vars(client)["_settings"]
        return settings.api_base_url, settings.upload_base_url

    assert urls(kind(private_key="private_x")) == ("http://127.0.0.1:1/env",) * 2
    given = kind(private_key="private_x", base_url="http://127.0.0.1:1/given/")
    assert urls(given) == ("http://127.0.0.1:1/given",) * 2
    assert urls(pickle.loads(pickle.dumps(given))) == ("http://127.0.0.1:1/given",) * 2
    options = {"api_base_url": "http://127.0.0.1:1/options"}
    assert urls(kind(private_key="private_x", options=options, base_url="http://127.0.0.1:1")) == (
        "http://127.0.0.1:1",
        "http://127.0.0.1:1",
    )
    monkeypatch.setenv("IMAGEKIT_API_BASE_URL", "http://127.0.0.1:1/ours")
    pickled = pickle.dumps(kind(private_key="private_x"))
    assert urls(pickle.loads(pickled)) == ("http://127.0.0.1:1/ours", "http://127.0.0.1:1/env")
    monkeypatch.setenv("IMAGE_KIT_BASE_URL", "http://127.0.0.1:1/other")
    assert urls(pickle.loads(pickled)) == ("http://127.0.0.1:1/ours", "http://127.0.0.1:1/other")


@pytest.mark.parametrize("kind", [ImageKit, AsyncImageKit])
@pytest.mark.parametrize(("max_retries", "attempts"), [(0, 1), (2, 3)])
def test_the_number_of_retries_is_one_less_than_that_of_attempts(kind: Any, max_retries: int, attempts: int) -> None:
    account = {"private_key": "private_x", "password": "do_not_set", "default_headers": None, "http_client": None}
    for client in (
        kind(**account, max_retries=max_retries),
        kind(**account, options={"max_retries": max_retries}),
        kind(**account).with_options(max_retries=max_retries),
    ):
        assert vars(client)["_settings"].retry == Retry(attempts=attempts)


@pytest.mark.parametrize("kind", [ImageKit, AsyncImageKit])
@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        ({"max_retries": 2, "retry": 3}, TypeError, "max_retries and retry conflict: pass only one of them"),
        ({"max_retries": 2.0}, TypeError, r"max_retries must be a whole number .got 2\.0."),
        ({"max_retries": True}, TypeError, "max_retries must be a whole number"),
        ({"max_retries": -1}, ValueError, "max_retries must be 0 or more .got -1."),
        ({"base_url": "http://a.example", "api_base_url": "http://b.example"}, TypeError, "base_url and api_base_url"),
        ({"base_url": "http://a.example", "upload_base_url": "http://b.example"}, TypeError, "conflict: pass only one"),
        ({"base_url": "a.example"}, ValueError, "base_url must start with https:// or http://"),
        ({"default_headers": {"X-A": "b"}}, TypeError, "default_headers is not supported: pass session=…, .* headers"),
        ({"default_query": {"a": "b"}}, TypeError, "default_query is not supported: pass session=…"),
        ({"http_client": object()}, TypeError, "http_client is not supported: pass session=…, .*aiohttp.ClientSession"),
        ({"timeout": object()}, TypeError, "timeout must be a number of seconds, or a pair of them"),
        ({"max_retrys": 2}, TypeError, "did you mean 'max_retries'"),
    ],
)
def test_invalid_settings_of_release_5_are_refused(
    kind: Any, settings: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        kind(private_key="private_x", **settings)


@pytest.mark.parametrize("kind", [ImageKit, AsyncImageKit])
def test_a_copy_cannot_set_both_retries_and_attempts(kind: Any) -> None:
    client = kind(private_key="private_x")
    with pytest.raises(TypeError, match="max_retries and retry conflict"):
        client.with_options(max_retries=1, retry=2)
    with pytest.raises(ValueError, match="max_retries must be 0 or more"):
        client.with_options(max_retries=-1)
