"""The errors of the integrations if their framework is missing."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

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


@pytest.mark.parametrize("framework", NAMES)
def test_importing_an_integration_does_not_import_its_framework(framework: str) -> None:
    code = (
        f"import sys, imagekitio.contrib.{framework}\n"
        f"print([name for name in sys.modules if name.partition('.')[0] == {framework!r}])"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("framework", NAMES)
def test_every_name_of_an_integration_is_loaded_on_first_use_and_listed(framework: str) -> None:
    integration = import_module(f"imagekitio.contrib.{framework}")
    assert {*integration.__all__} == {*integration._MODULE_OF} <= {*dir(integration)}
