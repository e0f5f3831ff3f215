"""The synchronous transport, on requests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from ...policies import Timeout
from ..multipart import MultipartBody
from ..sync_transport import SyncTransport
from .failures import ERRORS, KINDS
from .sessions import GivenSession, OwnSession, read_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...flow.exchange import Outgoing
    from ..failures import Kinds


class RequestsTransport(SyncTransport["OwnSession | GivenSession"]):
    """A transport that uses `requests`. It is safe to share between threads, to pickle, and to use after `os.fork`.

    Without a session in the settings, it creates its own at the first call, which takes proxies and CA bundles from the
    environment as requests does, and stores no cookies. After pickling or forking, it starts without connections.

    A session in the settings is used unchanged, with its headers, cookies, hooks, adapters, proxies and certificates.
    It is pickled with the transport, and never closed by it.

    Redirects are not followed: they would send the key to a host that nobody configured.
    """

    errors: ClassVar[tuple[type[Exception], ...]] = ERRORS
    kinds: ClassVar[Kinds] = KINDS

    def _make_connections(self) -> OwnSession | GivenSession:
        session = self._settings.session
        return OwnSession() if session is None else GivenSession(session)

    def _adapt(self, outgoing: Outgoing) -> Outgoing:
        if not isinstance(outgoing.body, MultipartBody):
            return outgoing
        # urllib3 has one limit for connecting and for sending each block, and the connect timeout is too short.
        connect, read = outgoing.timeout
        return outgoing._replace(timeout=Timeout(max(connect, read), read))

    @staticmethod
    def _read_blocks(answer: Any) -> Iterator[bytes]:
        return read_blocks(answer)
