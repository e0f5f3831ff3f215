"""Proxies and certificates from the environment, read as requests reads them."""

from __future__ import annotations

import os
import time
from typing import NamedTuple

import requests

# Downloads may come from any number of hosts.
REMEMBERED_HOSTS = 64

# Reading ten variables takes a fortieth of a call.
RECHECK_SECONDS = 1.0

_VARIABLES = (
    *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "all_proxy", "no_proxy"),
    *("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"),
)


class HostSettings(NamedTuple):
    """The settings in the environment for requests to one host.

    Attributes:
        proxies: Proxy URLs by URL scheme; empty if the host is reached directly.
        verify: The path of a CA bundle, or True for the bundle of requests.
    """

    proxies: dict[str, str]
    verify: bool | str

    def proxy_for(self, base_url: str) -> str | None:
        """Return the proxy for a URL of this host."""
        return self.proxies.get(base_url.partition("://")[0]) or self.proxies.get("all")


class Environment:
    """A cache of settings per host, which is refreshed within a second after the variables change.

    requests looks them up for every request, which takes as long as the rest of a call.
    """

    def __init__(self) -> None:
        self._session = requests.Session()  # only for lookups, never for sending
        self._hosts: dict[str, HostSettings] = {}
        self._variables: tuple[str | None, ...] = ()
        self._check_at = 0.0

    def settings_for(self, base_url: str) -> HostSettings:
        """Return the settings for the host of a base URL; threads may call this at the same time."""
        now = time.monotonic()
        if now >= self._check_at:
            self._check_at = now + RECHECK_SECONDS
            variables = tuple(map(os.environ.get, _VARIABLES))
            if variables != self._variables:
                self._hosts, self._variables = {}, variables
        hosts = self._hosts
        found = hosts.get(base_url)
        if found is None:
            if len(hosts) >= REMEMBERED_HOSTS:
                hosts.clear()
            merged = self._session.merge_environment_settings(base_url, {}, True, None, None)
            # Plain HTTP does not use it, but requests would look at the file for every request.
            verify = merged["verify"] or True if base_url.startswith("https:") else True
            found = hosts[base_url] = HostSettings(dict(merged["proxies"]), verify)
        return found
