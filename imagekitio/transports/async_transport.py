"""The common base of transports for asyncio."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

from ..flow.attempts import Wait
from .transport import ConnectionsT, Transport

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ..flow.attempts import Reply
    from ..operations.core import Operation, Request

T = TypeVar("T")


class AsyncTransport(Transport[ConnectionsT]):
    """A transport that sends operations in an event loop."""

    async def _drive(self, operation: Operation[T], attempt: Callable[[Request], Awaitable[Reply]]) -> T:
        """Carry out one operation.

        Args:
            operation: The operation.
            attempt: Function that sends its request once, and returns the response or an exception.
        """
        steps = self._attempts(operation)
        reply: Reply | None = None
        while True:
            try:
                step = steps.send(reply)
            except StopIteration as done:
                result: T = done.value
                return result
            if isinstance(step, Wait):
                await asyncio.sleep(step.seconds)
                reply = None
            else:
                reply = await attempt(step)
