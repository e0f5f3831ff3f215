"""Local ImageKit as the account of the application."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

import pytest

from imagekitio import Retry

if TYPE_CHECKING:
    from imagekitio.local import LocalImageKit


@pytest.fixture
def account(server: LocalImageKit) -> dict[str, Any]:
    """Arguments of `lifespan` for local ImageKit, which is empty."""
    arguments: dict[str, Any] = {
        name.removeprefix("IMAGEKIT_").lower(): text for name, text in server.environment.items()
    }
    return {**arguments, "retry": Retry(attempts=3, base_seconds=0.001, max_seconds=0.01)}


@pytest.fixture
def content() -> bytes:
    """The content of a file that is no picture, so that it is delivered as it is."""
    return b"shoe\n" + secrets.token_bytes(3000)
