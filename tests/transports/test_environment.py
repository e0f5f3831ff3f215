"""What the environment says about proxies and certificates; test_both.py shows that both transports respect it."""

from __future__ import annotations

import pytest
import requests

from imagekitio.transports import environment
from imagekitio.transports.environment import REMEMBERED_HOSTS, Environment

API = "https://api.example"


@pytest.fixture(autouse=True)
def _clear_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(environment, "RECHECK_SECONDS", 0.0)


def test_without_variables_there_is_no_proxy_and_the_default_bundle() -> None:
    settings = Environment().settings_for(API)
    assert (settings.proxy_for(API), settings.verify) == (None, True)


@pytest.mark.parametrize("variable", ["https_proxy", "HTTPS_PROXY", "all_proxy"])
def test_the_proxy_for_the_scheme_or_for_all_schemes_is_used(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://other.example")
    monkeypatch.setenv(variable, "http://proxy.example")
    assert Environment().settings_for(API).proxy_for(API) == "http://proxy.example"


def test_a_host_can_be_excluded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://proxy.example")
    monkeypatch.setenv("no_proxy", "api.example")
    found = Environment()
    assert found.settings_for(API).proxy_for(API) is None
    assert found.settings_for("https://upload.example").proxy_for("https://upload.example") is not None


def test_a_changed_variable_takes_effect(monkeypatch: pytest.MonkeyPatch) -> None:
    found = Environment()
    assert found.settings_for(API).verify is True
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/etc/one.pem")
    assert found.settings_for(API).verify == "/etc/one.pem"
    monkeypatch.setenv("https_proxy", "http://proxy.example")
    assert found.settings_for(API).proxy_for(API) == "http://proxy.example"
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    assert found.settings_for(API).verify is True


def test_requests_is_asked_once_for_each_host_and_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    original = requests.Session.merge_environment_settings

    def merge(self: requests.Session, url: str, *arguments: object) -> object:
        asked.append(url)
        return original(self, url, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(requests.Session, "merge_environment_settings", merge)
    found = Environment()
    for _ in range(3):
        found.settings_for(API)
    assert asked == [API]
    for number in range(10 * REMEMBERED_HOSTS):
        found.settings_for(f"https://host{number}.example")
        assert len(found._hosts) <= REMEMBERED_HOSTS


def test_the_variables_are_read_once_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "RECHECK_SECONDS", 1.0)
    now = 100.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    found = Environment()
    assert found.settings_for(API).verify is True
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/etc/one.pem")
    assert found.settings_for(API).verify is True
    now += 1.0
    assert found.settings_for(API).verify == "/etc/one.pem"
