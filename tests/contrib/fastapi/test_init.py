"""The names of the integration, and what they load."""

from __future__ import annotations

import subprocess
import sys

import pytest

import imagekitio.contrib.fastapi as integration

WITHOUT_FASTAPI = """
import sys
sys.modules["fastapi"] = None
from imagekitio.contrib.fastapi import UploadPermission, check_upload, install_error_handlers, lifespan, upload
from imagekitio.contrib.fastapi import get_template_functions, mount_upload_assets
try:
    from imagekitio.contrib.fastapi import webhook_router
except ImportError as exc:
    print(exc)
"""


def test_every_name_can_be_imported_and_is_listed() -> None:
    for name in integration.__all__:
        assert getattr(integration, name) is not None
        assert name in dir(integration)
    with pytest.raises(AttributeError, match="no attribute 'webhook_ruoter'"):
        getattr(integration, "webhook_ruoter")  # noqa: B009


def test_starlette_does_without_fastapi() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_FASTAPI],
        check=True,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": ":".join(sys.path)},
    )
    assert done.stdout == (
        'webhook_router needs fastapi: install imagekitio with the extra "fastapi" (README, "Installation")\n'
    )
