"""An application of Flask whose account is local ImageKit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from flask import Flask

from imagekitio import Retry
from imagekitio.contrib.flask import ImageKit

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from imagekitio.local import LocalImageKit

WEBHOOK_SECRET = "whsec_Zm9vYmFyYmF6cXV4MTIz"


@pytest.fixture
def bare_app(server: LocalImageKit) -> Flask:
    """An application with its configuration, without the extension."""
    app = Flask("shop")
    app.config.update(
        server.environment,
        IMAGEKIT_CLOCK=server.clock.time,
        IMAGEKIT_RETRY=Retry(attempts=2, base_seconds=0.001, max_seconds=0.01),
        IMAGEKIT_WEBHOOK_SECRET=WEBHOOK_SECRET,
        SECRET_KEY="of the tests",
    )
    return app


@pytest.fixture
def imagekit() -> ImageKit:
    return ImageKit()


@pytest.fixture
def app(bare_app: Flask, imagekit: ImageKit) -> Flask:
    imagekit.init_app(bare_app)
    return bare_app


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    return app.test_client()
