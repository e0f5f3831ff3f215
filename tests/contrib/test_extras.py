"""What the integrations say where their framework is missing."""

from __future__ import annotations

import subprocess
import sys

import pytest

NAMES = {"django": "ImageKitStorage", "flask": "ImageKit", "fastapi": "webhook_router"}


@pytest.mark.parametrize("framework", NAMES)
def test_a_missing_framework_is_an_error_that_names_its_extra(framework: str) -> None:
    code = (
        f"import sys; sys.modules[{framework!r}] = None\n"
        f"try: from imagekitio.contrib.{framework} import {NAMES[framework]}\n"
        "except ImportError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert f'install imagekitio with the extra "{framework}"' in done.stdout
