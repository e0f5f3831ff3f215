"""Lines that point an application at local ImageKit."""

from __future__ import annotations

import ast
import shlex
import subprocess
from pathlib import Path
from typing import Any

from imagekitio.local.base.settings import KeyPair, Settings
from imagekitio.local.page.connection import write_connection

AWKWARD = 'private_it\'s $HOME "é"'
SETTINGS = Settings(data=Path(), keys=(KeyPair("public_1", AWKWARD),))
WANTED = {
    "public_key": "public_1",
    "private_key": AWKWARD,
    "url_endpoint": "http://localhost:9000/local",
    "api_base_url": "http://localhost:9000",
    "upload_base_url": "http://localhost:9000",
}
LINES = write_connection(SETTINGS, "http://localhost:9000")


def test_a_shell_reads_the_variables_unchanged() -> None:
    script = LINES["shell"] + "\nfor name in " + " ".join(f"IMAGEKIT_{name.upper()}" for name in WANTED)
    script += "; do printenv $name; done"
    printed = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True, encoding="utf-8").stdout
    assert printed.splitlines() == list(WANTED.values())
    assert shlex.split(LINES["shell"])[0] == "export"


def test_powershell_gets_one_literal_for_each_variable() -> None:
    assert LINES["powershell"].splitlines()[:2] == [
        "$env:IMAGEKIT_PUBLIC_KEY = 'public_1'",
        "$env:IMAGEKIT_PRIVATE_KEY = 'private_it''s $HOME \"é\"'",
    ]


def test_the_python_code_creates_a_client_with_these_arguments() -> None:
    call: Any = ast.parse(LINES["python"]).body[-1]
    assert ast.unparse(call.value.func) == "ImageKit"
    assert {keyword.arg: ast.literal_eval(keyword.value) for keyword in call.value.keywords} == WANTED


def test_the_addresses_are_those_of_the_open_page_unless_a_public_url_is_set() -> None:
    python = write_connection(Settings(data=Path()), "http://localhost:9000")["python"]
    assert 'url_endpoint="http://localhost:9000/local",' in python
    assert 'api_base_url="http://localhost:9000",' in python
    public = Settings(data=Path(), public_url="https://images.example.test")
    python = write_connection(public, "http://localhost:9000")["python"]
    assert 'url_endpoint="https://images.example.test/local",' in python
    assert 'upload_base_url="https://images.example.test",' in python
