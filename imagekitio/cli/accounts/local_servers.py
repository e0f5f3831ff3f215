"""Find the local ImageKit that runs on this machine, for ``--local``.

``imagekit local`` keeps a record of each server while it runs: a file with its address, keys and control token that
only its owner can read. If there are several servers, the latest is used, unless ``IMAGEKIT_LOCAL_URL`` names another.
A server without a record, such as one of ``python -m imagekitio.local`` or in a container, is found at that URL, or
else at its default one, if it has the default keys.
"""

from __future__ import annotations

import base64
import json
import os
import platform
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, NamedTuple

from ..base.failures import NETWORK, USAGE, Failure
from .private_files import replace_file
from .profiles import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from ...local import LocalImageKit

URL_VARIABLE = "IMAGEKIT_LOCAL_URL"

_TIMEOUT_SECONDS = 2.0  # a response from this machine takes milliseconds
_MAX_ANSWER_BYTES = 65_536


class _Record(NamedTuple):
    started_at: float  # Unix time in seconds
    path: Path
    control_token: str
    settings: Mapping[str, str]


def find_folder() -> Path:
    """Return the folder of the records.

    Raises:
        OSError: This user has no home folder.
    """
    from platformdirs import user_state_path

    folder = user_state_path("imagekit", appauthor=False)
    if not folder.is_absolute():
        raise OSError(None, "there is no home folder: set HOME", str(folder))
    return folder / "local-servers"


@contextmanager
def keep_record(server: LocalImageKit) -> Iterator[None]:
    """Keep a record of a server while it runs.

    Raises:
        OSError: It cannot be written.
    """
    path = find_folder() / f"{os.getpid()}.json"
    record = {
        # Machines may share a home folder; the servers of other machines are ignored.
        "machine": platform.node(),
        "startedAt": time.time(),
        "controlToken": server.control_token,
        "settings": _make_settings(server.url, server.url_endpoint, server.public_key, server.private_key),
    }
    replace_file(path, json.dumps(record))
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def find_local_server() -> Mapping[str, str]:
    """Return the settings of an account for the local ImageKit that runs.

    The records of servers that have ended without removing them are removed.

    Raises:
        Failure: None answers; exit code 4. `URL_VARIABLE` is not a URL; exit code 2.
    """
    wanted = os.environ.get(URL_VARIABLE, "").rstrip("/")
    if wanted and not wanted.startswith(("http://", "https://")):
        raise Failure(f"{URL_VARIABLE} must be a URL such as http://127.0.0.1:8080 (got {wanted!r})", USAGE)
    for record in _read_records():
        url = record.settings["api_base_url"]
        if wanted and url != wanted:
            continue
        try:
            if _ask(url, "clock", "now", f"Bearer {record.control_token}") is not None:
                return record.settings
        except TimeoutError:
            continue  # it hangs, or is busy
        record.path.unlink(missing_ok=True)
    return _find_default(wanted)


def _find_default(wanted: str) -> Mapping[str, str]:
    from ...local.base.settings import PRIVATE_KEY, PUBLIC_KEY, Settings

    url = wanted or Settings.address
    endpoint, has_default_keys = None, False
    with suppress(TimeoutError):
        endpoint = _ask(url, "health", "urlEndpoint")
        if isinstance(endpoint, str):
            key = base64.b64encode(f"{PRIVATE_KEY}:".encode()).decode()
            has_default_keys = _ask(url, "clock", "now", f"Basic {key}") is not None
    if isinstance(endpoint, str) and has_default_keys:
        return _make_settings(url, endpoint, PUBLIC_KEY, PRIVATE_KEY)
    if isinstance(endpoint, str):
        reason = f"the local ImageKit at {url} has other keys: set them in the environment instead of --local"
    elif wanted:
        reason = f"no local ImageKit answers at {url} ({URL_VARIABLE})"
    else:
        reason = "no local ImageKit is running on this machine: start one in another shell with: imagekit local"
    raise Failure(reason, NETWORK)


def _make_settings(url: str, url_endpoint: str, public_key: str, private_key: str) -> dict[str, str]:
    return {
        "public_key": public_key,
        "private_key": private_key,
        "url_endpoint": url_endpoint,
        "api_base_url": url,
        "upload_base_url": url,
    }


def _read_records() -> list[_Record]:
    """Return the records of this machine, the latest first."""
    found = []
    try:
        paths = list(find_folder().glob("*.json"))
    except OSError:
        return []
    for path in paths:
        with suppress(OSError, ValueError, KeyError, TypeError):  # from another release, or removed in the meantime
            record = json.loads(path.read_text(encoding="utf-8"))
            if record["machine"] == platform.node():
                settings = {name: str(record["settings"][name]) for name in SETTINGS}
                found.append(_Record(float(record["startedAt"]), path, str(record["controlToken"]), settings))
    return sorted(found, key=lambda record: record.started_at, reverse=True)


def _ask(url: str, control: str, name: str, authorization: str | None = None) -> object:
    """Return a field of a response of the control API; None if no local ImageKit answers, or one with other keys.

    Raises:
        TimeoutError: Something listens there, but does not answer.
    """
    import requests

    headers = {} if authorization is None else {"Authorization": authorization}
    with requests.Session() as session:
        session.trust_env = False  # ignore proxies and ~/.netrc
        try:
            address = f"{url}/_local/{control}"
            with session.get(
                address, headers=headers, timeout=_TIMEOUT_SECONDS, allow_redirects=False, stream=True
            ) as response:
                answer = json.loads(next(response.iter_content(_MAX_ANSWER_BYTES), b""))
        except requests.Timeout as exc:
            raise TimeoutError(f"{url} does not answer") from exc
        except (requests.RequestException, ValueError):
            return None
    return answer.get(name) if isinstance(answer, dict) else None
