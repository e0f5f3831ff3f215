"""Refuse unknown keywords of clients and calls, with a message that suggests the right one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...suggestions import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

# Options of every call, and the arguments of the client that set their defaults.
CALL_OPTIONS: Mapping[str, str] = {
    "retries": "retry_config",
    "server_url": "server_url",
    "timeout_ms": "timeout_ms",
    "http_headers": "http_headers",
}

# Arguments of both clients.
ARGUMENTS = (
    "bearer_auth",
    "server_idx",
    "server_url",
    "url_params",
    "client",
    "async_client",
    "retry_config",
    "timeout_ms",
    "debug_logger",
    "username",
    "delivery_url",
)

# Arguments of `upload_many` of both clients.
UPLOAD_KEYWORDS = ("target_path", "visibility", "at_once", "stop_on_error", "on_progress", "start_transfer")

# Names of our arguments in other clients, if their spelling is not similar.
_OTHER_NAMES: Mapping[str, str] = {
    "api_key": "bearer_auth",
    "key": "bearer_auth",
    "token": "bearer_auth",
    "access_token": "bearer_auth",
    "base_url": "server_url",
    "session": "client",
    "max_retries": "retry_config",
    "retries": "retry_config",
}


def check_keywords(what: str, given: Iterable[str], known: Collection[str]) -> None:
    """Check that every keyword is known.

    Args:
        what: Name of the client or call, for the message.
        given: Names of the keywords.
        known: Names of the arguments.
    Raises:
        TypeError: A name is unknown.
    """
    for name in given:
        if name in known:
            continue
        names = sorted(known)
        if name in CALL_OPTIONS and CALL_OPTIONS.keys().isdisjoint(names):
            raise TypeError(f"{what} has no argument {name!r}: with_options({CALL_OPTIONS[name]}=…) sets it")
        other = _OTHER_NAMES.get(name.lower())
        advice = f"; did you mean {other!r}?" if other in names else did_you_mean(name, names)
        raise TypeError(f"{what} has no argument {name!r}{advice}")
