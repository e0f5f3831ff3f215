"""Checks whether hosts can be reached: name, connection, certificate, and proxies in between.

Connections are opened and closed again; nothing is sent. Behind a proxy, only the connection to the proxy is checked.
"""

from __future__ import annotations

import os
import socket
import ssl
import threading
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, TypeVar
from urllib.parse import urlsplit

from ..accounts.account import LOOPBACK
from ..base.failures import NETWORK, hide_credentials
from .findings import report_failure, report_ok, report_warning

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from .findings import Finding

    T = TypeVar("T")

TIMEOUT_SECONDS = 5.0  # for each of name, connection and certificate
_PROXY_VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
_BUNDLE_VARIABLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
_PORTS = {"http": 80, "https": 443}


class _Address(NamedTuple):
    """The other end of a connection."""

    host: str
    port: int
    is_encrypted: bool


def run_within(seconds: float, function: Callable[[], T]) -> T:
    """Return what a function returns, or raise what it raises, if it ends in time; otherwise leave it running.

    Raises:
        TimeoutError: The function took longer.
    """
    results: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(function())
        except BaseException as exc:  # raised again below
            errors.append(exc)

    # A daemon thread, since neither the system's resolver nor a server that sends a byte a minute can be interrupted.
    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    for error in errors:
        raise error
    for result in results:
        return result
    raise TimeoutError(f"no answer within {seconds:g} s")


def check_proxies() -> Iterator[Finding]:
    """Report which environment variables change how hosts are reached, even if there are none."""
    found = {name: value for name in _PROXY_VARIABLES if (value := _read_variable(name))}
    if not found:
        yield report_ok("proxy", "none in the environment")
    else:
        yield report_ok("proxy", ", ".join(f"{name}={_show_proxy(value)}" for name, value in found.items()))
    for name in _BUNDLE_VARIABLES:
        path = os.environ.get(name)
        if path and not os.path.exists(path):
            yield report_failure(
                "certificates", f"{name} names {path}, which does not exist", f"correct or unset {name}"
            )


def _read_variable(name: str) -> str | None:
    return os.environ.get(name.lower()) or os.environ.get(name)


def _show_proxy(value: str) -> str:
    """Return a proxy, which may lack its scheme, without its user name and password."""
    return hide_credentials(f"//{value}").removeprefix("//")


def check_hosts(urls: Mapping[str, str]) -> Iterator[Finding]:
    """Check whether each host can be reached; a host that several URLs share is checked once.

    Args:
        urls: URLs by purpose, such as ``API``.
    """
    names: dict[_Address, list[str]] = {}
    for name, url in urls.items():
        parts = urlsplit(url)
        port = parts.port or _PORTS[parts.scheme]
        names.setdefault(_Address(parts.hostname or "", port, parts.scheme == "https"), []).append(name)
    for address, shared in names.items():
        url = urls[shared[0]]
        found = _check_host("connection", address, _find_proxy(url))
        yield replace(found, text=f"{', '.join(shared)}: {found.text}")


def _find_proxy(url: str) -> str | None:
    from requests.utils import get_environ_proxies, select_proxy

    return select_proxy(url, get_environ_proxies(url, no_proxy=None))


def _check_host(check: str, address: _Address, proxy: str | None) -> Finding:
    if proxy is not None:
        try:
            parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
            through = _Address(parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 1080), is_encrypted=False)
        except ValueError:
            text = f"the proxy {_show_proxy(proxy)} is not a URL"
            return report_failure(check, text, "correct HTTP_PROXY, HTTPS_PROXY or ALL_PROXY")
        found = _connect(check, through)
        if found.status != "ok":
            return report_failure(check, f"proxy: {found.text}", "correct the proxy variables, or unset them", NETWORK)
        text = f"{address.host} through the proxy {through.host}:{through.port}"
        if address.host in LOOPBACK:
            return report_warning(check, f"{text}, which cannot reach this machine", f"set NO_PROXY={address.host}")
        return report_ok(check, text)
    return _connect(check, address)


def _connect(check: str, address: _Address) -> Finding:
    host, port, is_encrypted = address
    where = f"{host} port {port}"
    try:
        found = run_within(TIMEOUT_SECONDS, lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
    except (OSError, UnicodeError) as exc:
        remedy = "check the spelling of the host, the network, and the DNS server of this machine"
        return report_failure(check, f"the name {host} cannot be resolved: {_describe(exc)}", remedy, NETWORK)
    try:
        # The timeout is for each address of the host; all of them together get twice that.
        connect = partial(socket.create_connection, (host, port), TIMEOUT_SECONDS)
        connection = run_within(2 * TIMEOUT_SECONDS, connect)
    except OSError as exc:
        remedy = f"check the network, and whether a firewall lets port {port} through"
        if host in LOOPBACK:
            remedy = "start local ImageKit: imagekit local"
        return report_failure(check, f"no connection to {where}: {_describe(exc)}", remedy, NETWORK)
    with connection:
        if not is_encrypted:
            return report_ok(check, f"{where} ({found[0][4][0]})")
        try:
            with _make_tls_context().wrap_socket(connection, server_hostname=host) as encrypted:
                return report_ok(check, f"{where} ({found[0][4][0]}, {encrypted.version()})")
        except ssl.SSLCertVerificationError as exc:
            remedy = "if your company's proxy inspects traffic, set REQUESTS_CA_BUNDLE to its certificate"
            return report_failure(
                check, f"{where}: the certificate is not valid: {exc.verify_message}", remedy, NETWORK
            )
        except (OSError, ValueError) as exc:
            return report_failure(
                check, f"{where} does not speak TLS: {_describe(exc)}", "check the port and the proxy", NETWORK
            )


def _make_tls_context() -> ssl.SSLContext:
    """Return a context that trusts the same certificates as requests does."""
    from requests import certs

    usual = certs.where()  # type: ignore[attr-defined]  # documented, and taken from certifi
    path = next((path for name in _BUNDLE_VARIABLES if (path := os.environ.get(name))), usual)
    if os.path.isdir(path):
        return ssl.create_default_context(capath=path)
    return ssl.create_default_context(cafile=path)


def _describe(error: Exception) -> str:
    text = (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__
    return f"no answer within {TIMEOUT_SECONDS:g} s" if isinstance(error, TimeoutError) else text
