"""What the tests of the commands share."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

from imagekitio.contrib.django.testing import override_storages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture
def set_storages() -> Iterator[Callable[..., None]]:
    """Add aliases to ``STORAGES``, or replace them, until the end of the test."""
    with ExitStack() as stack:

        def change(**storages: dict[str, Any]) -> None:
            stack.enter_context(override_storages(storages))

        yield change
