from __future__ import annotations

import http.client
import socket
import ssl
from typing import TYPE_CHECKING, Any

import pytest
import requests.exceptions
import urllib3.exceptions
from urllib3.connection import HTTPConnection
from urllib3.connectionpool import HTTPConnectionPool

from imagekitio.exceptions import ImageKitException, NetworkException, TimeoutException, UnknownException
from imagekitio.flow.imagekit import ImageKitService
from imagekitio.operations.core import Operation, Request
from imagekitio.policies import Retry, Timeout
from imagekitio.settings import Settings
from imagekitio.transports.failures import translate_error
from imagekitio.transports.requests.failures import ERRORS, KINDS
from imagekitio.transports.requests.transport import RequestsTransport

if TYPE_CHECKING:
    from types import ModuleType

WHAT = "GET https://api.example/v1/files"
POOL = HTTPConnectionPool("api.example")
CONNECTION = HTTPConnection("api.example")

# Arguments of the exceptions that need more than one str.
SPECIAL: dict[type[BaseException], tuple[Any, ...]] = {
    requests.exceptions.JSONDecodeError: ("text", "{", 0),
    urllib3.exceptions.ConnectTimeoutError: (CONNECTION, "text"),
    urllib3.exceptions.HeaderParsingError: ([], b"text"),
    urllib3.exceptions.HostChangedError: (POOL, "/v1/files"),
    urllib3.exceptions.IncompleteRead: (3, 7),
    urllib3.exceptions.MaxRetryError: (POOL, "/v1/files"),
    urllib3.exceptions.NameResolutionError: ("api.example", CONNECTION, socket.gaierror(-2, "Name not known")),
    urllib3.exceptions.NewConnectionError: (CONNECTION, "text"),
    urllib3.exceptions.PoolError: (POOL, "text"),
    urllib3.exceptions.ProxyError: ("text", OSError("text")),
    urllib3.exceptions.ReadTimeoutError: (POOL, "/v1/files", "text"),
    urllib3.exceptions.RequestError: (POOL, "/v1/files", "text"),
    **dict.fromkeys(
        (urllib3.exceptions.ClosedPoolError, urllib3.exceptions.EmptyPoolError, urllib3.exceptions.FullPoolError),
        (POOL, "text"),
    ),
}


def list_errors(module: ModuleType) -> list[BaseException]:
    made = list[BaseException]()
    for kind in vars(module).values():
        if not isinstance(kind, type) or not issubclass(kind, Exception) or issubclass(kind, Warning):
            continue
        if kind.__module__ != module.__name__:
            continue
        if kind is urllib3.exceptions.InvalidChunkLength:
            response = urllib3.HTTPResponse(body=b"")
            made.append(urllib3.exceptions.InvalidChunkLength(response, b"zz"))
        else:
            made.append(kind(*SPECIAL.get(kind, ("text",))))
    return made


SERVICE = ImageKitService("private_x", "https://api.example", "https://upload.example")
EVERY_ERROR = [*list_errors(requests.exceptions), *list_errors(urllib3.exceptions)]


def name_of(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__name__}"


def test_the_list_of_errors_covers_both_libraries() -> None:
    names = {name_of(error) for error in EVERY_ERROR}
    assert {"requests.exceptions.ChunkedEncodingError", "urllib3.exceptions.ProxySchemeUnsupported"} < names
    assert len(names) > 40


@pytest.mark.parametrize("error", EVERY_ERROR, ids=name_of)
def test_every_exception_of_requests_and_urllib3_becomes_one_of_the_library(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("requests.adapters.HTTPAdapter.send", fail)
    with (
        RequestsTransport(SERVICE, Settings(retry=Retry(attempts=1))) as transport,
        pytest.raises(ImageKitException, match="/v1/files") as caught,
    ):
        transport.run(Operation(Request("GET", "/v1/files?limit=1"), lambda response: response))
    assert caught.value.__cause__ is error
    assert "limit=1" not in str(caught.value)


def translate(error: Exception) -> Any:
    assert isinstance(error, ERRORS)
    return translate_error(error, WHAT, Timeout(5, 60), KINDS)


def make_refusal() -> requests.ConnectionError:
    reason = urllib3.exceptions.NewConnectionError(CONNECTION, "Failed to establish a new connection")
    reason.__cause__ = ConnectionRefusedError(111, "Connection refused")
    return requests.ConnectionError(urllib3.exceptions.MaxRetryError(POOL, "/v1/files?signature=abc", reason))


def test_a_refused_connection_names_the_reason_and_was_not_sent() -> None:
    error = translate(make_refusal())
    assert type(error) is NetworkException
    assert str(error) == f"{WHAT}: Connection refused"
    assert (error.request_sent, error.retryable) == (False, True)


def test_no_connection_in_time_is_a_timeout_of_a_request_that_was_not_sent() -> None:
    reason = urllib3.exceptions.ConnectTimeoutError(CONNECTION, "timed out")
    error = translate(requests.ConnectTimeout(urllib3.exceptions.MaxRetryError(POOL, "/v1/files", reason)))
    assert isinstance(error, TimeoutException)
    assert str(error) == f"{WHAT}: no connection within 5 s"
    assert (error.request_sent, error.retryable) == (False, True)


def test_no_answer_in_time_is_a_timeout_of_a_request_that_was_sent() -> None:
    error = translate(requests.ReadTimeout(urllib3.exceptions.ReadTimeoutError(POOL, "/v1/files", "timed out")))
    assert isinstance(error, TimeoutException)
    assert str(error) == f"{WHAT}: no response within 60 s"
    assert (error.request_sent, error.retryable) == (True, True)


def test_an_upload_that_the_network_does_not_accept_in_time_is_a_timeout() -> None:
    stuck = urllib3.exceptions.ProtocolError("Connection aborted.", TimeoutError("timed out"))
    assert isinstance(translate(requests.ConnectionError(stuck)), TimeoutException)


def test_a_request_may_have_reached_the_service_before_the_connection_was_lost() -> None:
    lost = http.client.RemoteDisconnected("Remote end closed connection without response")
    error = translate(requests.ConnectionError(urllib3.exceptions.ProtocolError("Connection aborted.", lost)))
    assert str(error) == f"{WHAT}: Remote end closed connection without response"
    assert (error.request_sent, error.retryable) == (True, True)


def test_an_invalid_certificate_is_not_retried() -> None:
    bad = urllib3.exceptions.SSLError(ssl.SSLCertVerificationError(1, "certificate verify failed: expired"))
    error = translate(requests.exceptions.SSLError(urllib3.exceptions.MaxRetryError(POOL, "/v1/files", bad)))
    assert str(error) == f"{WHAT}: certificate verify failed: expired"
    assert not error.retryable


def test_a_missing_ca_bundle_is_not_retried() -> None:
    error = translate(OSError("Could not find a suitable TLS CA certificate bundle, invalid path: /no/bundle.pem"))
    assert "/no/bundle.pem" in str(error)
    assert not error.retryable


def test_an_answer_that_cannot_be_decoded_is_an_unknown_exception() -> None:
    assert isinstance(translate(urllib3.exceptions.DecodeError("not gzip")), UnknownException)


def test_the_message_contains_no_secret_of_the_url() -> None:
    error = translate(requests.exceptions.InvalidURL("Failed to parse: http://user:word@proxy.example/?token=abc"))
    assert str(error) == f"{WHAT}: Failed to parse: http://proxy.example/"


def test_an_unrelated_error_that_the_caller_is_handling_is_ignored() -> None:
    try:
        raise make_refusal()
    except requests.ConnectionError:
        try:
            raise requests.ReadTimeout(urllib3.exceptions.ReadTimeoutError(POOL, "/v1/files", "timed out"))
        except requests.ReadTimeout as exc:
            error = translate(exc)
    assert error.request_sent


def test_text_from_the_server_is_quoted_on_one_line() -> None:
    answer = "SSH-2.0-OpenSSH\r\nForged: line\x1b[31m"
    error = translate_error(requests.exceptions.ConnectionError(answer), WHAT, Timeout(), KINDS)
    assert isinstance(error, NetworkException)
    assert error.message == f"{WHAT}: SSH-2.0-OpenSSH Forged: line�[31m"
