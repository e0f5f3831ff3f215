"""What transports for asyncio have in common."""

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
    """Sends operations in an event loop."""

    async def _drive(self, operation: Operation[T], attempt: Callable[[Request], Awaitable[Reply]]) -> T:
        """Carry one operation out.

        Args:
            operation: The operation.
            attempt: Function that sends its request once, and returns the answer or why there is none.
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
