"""The extension: one client an application, from its configuration."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask

from imagekitio.contrib.flask import ImageKit

if TYPE_CHECKING:
    from imagekitio.local import LocalImageKit


def make_app(**config: Any) -> Flask:
    app = Flask("shop")
    app.config.update(config)
    return app


def test_an_application_has_one_client_from_its_configuration(server: LocalImageKit) -> None:
    app = make_app(**server.environment, IMAGEKIT_TIMEOUT=3)
    imagekit = ImageKit(app)
    with app.app_context():
        client = imagekit.client
        assert client is imagekit.client
        assert client is app.extensions["imagekit"]
        assert client.url_endpoint == server.url_endpoint
        assert len(client.list_files()) == 0


def test_one_extension_serves_several_applications_each_with_its_own_client() -> None:
    imagekit = ImageKit()
    apps = [make_app(IMAGEKIT_PRIVATE_KEY=f"private_{name}") for name in ("a", "b")]
    for name, app in zip("ab", apps, strict=True):
        app.config["IMAGEKIT_PUBLIC_KEY"] = f"public_{name}"
        imagekit.init_app(app)
    found = []
    for app in apps:
        with app.app_context():
            found.append(imagekit.client.public_key)
    assert found == ["public_a", "public_b"]


def test_keys_that_the_configuration_lacks_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMAGEKIT_PRIVATE_KEY", "private_of_the_environment")
    monkeypatch.setenv("FLASK_IMAGEKIT_URL_ENDPOINT", "https://ik.example/shop")
    app = make_app()
    app.config.from_prefixed_env()
    imagekit = ImageKit(app)
    with app.app_context():
        assert imagekit.client.url(path="/a.jpg") == "https://ik.example/shop/a.jpg"


@pytest.mark.parametrize(
    ("config", "kind", "message"),
    [
        ({}, ValueError, "private_key"),
        ({"IMAGEKIT_PRIVATE_KEY": ""}, ValueError, "private_key"),
        ({"IMAGEKIT_PRIVATE_KEY": "public_a"}, ValueError, "private_key"),
        ({"IMAGEKIT_PRIVATE_KEY": 7}, TypeError, "private_key"),
        ({"IMAGEKIT_PRIVAT_KEY": "private_a"}, TypeError, "did you mean 'private_key'"),
        ({"IMAGEKIT_PRIVATE_KEY": "private_a", "IMAGEKIT_TIMEOUTS": 3}, TypeError, "did you mean 'timeout'"),
        ({"IMAGEKIT_PRIVATE_KEY": "private_a", "IMAGEKIT_TIMEOUT": -1}, ValueError, "timeout"),
    ],
)
def test_a_wrong_configuration_is_an_error_at_startup_with_advice(
    config: dict[str, Any], kind: type[Exception], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith("IMAGEKIT_")]:
        monkeypatch.delenv(name)
    with pytest.raises(kind, match=message) as caught:
        ImageKit(make_app(**config))
    assert "Flask configuration" in str(caught.value)


def test_an_application_is_initialized_once() -> None:
    app = make_app(IMAGEKIT_PRIVATE_KEY="private_a")
    imagekit = ImageKit(app)
    with pytest.raises(RuntimeError, match="once"):
        imagekit.init_app(app)


def test_an_application_without_the_extension_has_no_client() -> None:
    with make_app().app_context(), pytest.raises(RuntimeError, match="init_app"):
        ImageKit().client  # noqa: B018


def test_a_closed_client_works_again(app: Flask, imagekit: ImageKit) -> None:
    with app.app_context():
        imagekit.client.upload_file(b"a", "a.txt")
        imagekit.client.close()
        assert len(imagekit.client.list_files()) == 1
