"""Checks of the service's responses: the key, the clock, the rate limit, and whose files the endpoint delivers.

Only two requests are sent, which change nothing: a list of one file, and the first bytes of that file.
"""

from __future__ import annotations

import time
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, NamedTuple

from ...exceptions import (
    ForbiddenException,
    ImageKitException,
    NetworkException,
    NotFoundException,
    StatusException,
    TooManyRequestsException,
    UnauthorizedException,
)
from ..accounts.forms import read_endpoint
from ..base.failures import NETWORK, REFUSED, find_exit_code
from .findings import report_failure, report_ok, report_skip, report_warning
from .reachability import run_within

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...client import ImageKit
    from ...models.files import FileResult
    from ...models.response_metadata import Headers
    from .findings import Finding

_TIMEOUT_SECONDS = 10.0  # for a response to begin
_LONGEST_SECONDS = 20.0  # for all of it
_DASHBOARD = "https://imagekit.io/dashboard/developer/api-keys"
# An upload token lives half an hour by default, and the service refuses one that lives an hour; a URL may live minutes.
_WARN_SECONDS, _FAIL_SECONDS = 30, 300


class _Answer(NamedTuple):
    """The service's response to the list, and when it arrived."""

    files: list[FileResult]
    error: ImageKitException | TimeoutError | ValueError | None
    headers: Headers
    received_at: float


def check_service(client: ImageKit) -> Iterator[Finding]:
    """Check the key, the clock, the rate limit and the endpoint, as far as the service responds."""
    client = client.with_options(timeout=_TIMEOUT_SECONDS, retry=False)
    answer = _list_one_file(client)
    yield _check_key(answer)
    yield _check_clock(answer)
    yield _check_rate_limit(answer)
    if answer.error is not None:
        yield report_skip("delivery", "not checked, since the files of the account are not known")
    elif not _has_endpoint(client):
        yield report_skip("delivery", "not checked, since there is no valid URL endpoint")
    elif not answer.files:
        yield report_skip("delivery", "not checked, since the media library has no file")
    else:
        yield _check_delivery(client, answer.files[0])


def _has_endpoint(client: ImageKit) -> bool:
    try:
        read_endpoint(client.url_endpoint)
    except ValueError:
        return False
    return True


def _list_one_file(client: ImageKit) -> _Answer:
    from ...models.response_metadata import Headers

    try:
        found = run_within(_LONGEST_SECONDS, lambda: client.list_files(type="file", limit=1))
        return _Answer([*found], None, found.response_metadata.headers, time.time())
    except ImageKitException as exc:
        return _Answer([], exc, exc.response_metadata.headers, time.time())
    except (TimeoutError, ValueError) as exc:  # a key that no header can carry
        return _Answer([], exc, Headers(), time.time())


def _check_key(answer: _Answer) -> Finding:
    check, error = "authentication", answer.error
    if error is None:
        return report_ok(check, "the API accepts the private key")
    if isinstance(error, (UnauthorizedException, ForbiddenException)):
        remedy = (
            f"copy the private key again from {_DASHBOARD}; it may belong to another account, or lack access to files"
        )
        return report_failure(check, f"the API refuses the private key: {error}", remedy, REFUSED)
    if isinstance(error, TooManyRequestsException):
        return report_failure(check, f"too many requests: {error}", "wait a moment, then run it again", NETWORK)
    # A 3xx, or anything other than JSON, does not come from the API, but from a proxy or the login page of a network.
    if isinstance(error, StatusException) and error.status_code < 400:
        remedy = "check the base URL of the API, and whether a proxy answers in place of the service"
        return report_failure(check, f"the response does not come from the API: {error}", remedy, NETWORK)
    if isinstance(error, NetworkException) or not isinstance(error, StatusException):
        return report_failure(check, f"no response from the API: {error}", "check the network and the proxy", NETWORK)
    if isinstance(error, NotFoundException):
        return report_failure(check, f"this is not the API: {error}", "check the base URL of the API", REFUSED)
    remedy = "check the base URL of the API"
    if error.status_code >= 500:
        remedy = "the service has a problem: see https://status.imagekit.io, and try again"
    return report_failure(check, f"the API answers {error.status_code}: {error}", remedy, find_exit_code(error))


def _check_clock(answer: _Answer) -> Finding:
    check = "clock"
    try:
        theirs = parsedate_to_datetime(answer.headers["date"]).timestamp()
    except (KeyError, ValueError, TypeError):
        return report_skip(check, "not checked, since no response has the time")
    seconds = round(answer.received_at - theirs)  # the header has whole seconds
    if abs(seconds) < _WARN_SECONDS:
        return report_ok(check, "agrees with the service's")
    text = f"this machine is {abs(seconds)} s {'ahead of' if seconds > 0 else 'behind'} the service"
    remedy = "set the clock, preferably by NTP (timedatectl set-ntp true): signed URLs and upload tokens depend on it"
    if abs(seconds) < _FAIL_SECONDS:
        return report_warning(check, text, remedy)
    return report_failure(check, text, remedy)


def _check_rate_limit(answer: _Answer) -> Finding:
    headers, check = answer.headers, "rate limit"
    limit, interval = headers.get("x-ratelimit-limit"), headers.get("x-ratelimit-interval", "")
    if limit is None or not interval.isdecimal():
        return report_skip(check, "not in the response")
    text = f"{limit} requests in {int(interval) / 1000:g} s"
    remaining = headers.get("x-ratelimit-remaining")
    return report_ok(check, text if remaining is None else f"{text}, {remaining} left")


def _check_delivery(client: ImageKit, file: FileResult) -> Finding:
    """Read the beginning of a file under the endpoint, which the endpoint of another account does not have."""
    check = "delivery"
    endpoint = client.endpoint.prefix.rstrip("/")
    is_ours = (file.url or "").startswith(f"{endpoint}/")
    path = file.file_path

    def read() -> None:
        with client.open_stream(file.file_path, length=1, signed=True) as stream:
            stream.read(1)

    try:
        run_within(_LONGEST_SECONDS, read)
    except NotFoundException as exc:
        if is_ours:
            return report_failure(
                check, f"{path} is not delivered: {exc}", "check the origins of this endpoint", REFUSED
            )
        theirs = (file.url or "").partition("?")[0].removesuffix(path)
        remedy = f"set the URL endpoint to {theirs}" if theirs.startswith("http") else "correct the URL endpoint"
        return report_failure(
            check, f"{endpoint} does not deliver {path}: it belongs to another account", remedy, REFUSED
        )
    except (UnauthorizedException, ForbiddenException) as exc:
        remedy = "check that private key and URL endpoint belong to one account: the endpoint refuses the signature"
        return report_failure(check, f"{path} is refused: {exc}", remedy, REFUSED)
    except (ImageKitException, TimeoutError, ValueError) as exc:
        code = NETWORK if isinstance(exc, TimeoutError) else find_exit_code(exc)
        return report_failure(check, f"{path} is not delivered: {exc}", "try again; check the URL endpoint", code)
    return report_ok(check, f"{endpoint} delivers {path}")
