"""The Dockerfile and the compose example, as far as that can be tested without Docker."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import requests

from imagekitio.local import LocalImageKit
from imagekitio.local.options.choice import read_options
from imagekitio.local.options.imagekit import IMAGEKIT

if TYPE_CHECKING:
    import pytest

ROOT = Path(__file__).parents[1]
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
COMPOSE = (ROOT / "sample" / "compose.yaml").read_text("utf-8")


def read_command_after(word: str, text: str) -> list[str]:
    """Return the JSON list that follows `word` on a line."""
    (found,) = re.findall(rf"^.*\b{word}:? (\[.*\])", text, re.MULTILINE)
    command: list[str] = json.loads(found)
    return command


def test_the_container_starts_local_imagekit_with_options_that_exist() -> None:
    entrypoint = read_command_after("ENTRYPOINT", DOCKERFILE)
    assert entrypoint[:3] == ["python", "-m", "imagekitio.local"]
    options = read_options(
        IMAGEKIT, IMAGEKIT.make_parser(""), [*entrypoint[3:], *read_command_after("command", COMPOSE)]
    )
    assert (options["host"], options["port"], options["data"]) == ("0.0.0.0", 8080, Path("/data"))
    assert f"EXPOSE {options['port']}" in DOCKERFILE
    assert f':{options["port"]}"' in COMPOSE
    assert f"VOLUME {options['data']}" in DOCKERFILE


def test_the_variables_of_the_example_lead_to_its_server() -> None:
    (public_url,) = (option for option in read_command_after("command", COMPOSE) if option.startswith("http"))
    given = dict(re.findall(r"^ +(IMAGEKIT_\w+): (\S+)", COMPOSE, re.MULTILINE))
    with LocalImageKit(public_url=public_url) as server:
        expected = server.environment
        assert given.keys() == expected.keys()
        for name in ("IMAGEKIT_PUBLIC_KEY", "IMAGEKIT_PRIVATE_KEY", "IMAGEKIT_URL_ENDPOINT"):
            assert given[name] == expected[name]
        headers = {"Host": given["IMAGEKIT_API_BASE_URL"].removeprefix("http://")}
        health = requests.get(f"{server.url}/_local/health", headers=headers, timeout=30).json()
        assert health == {"status": "ok", "urlEndpoint": given["IMAGEKIT_URL_ENDPOINT"]}


def test_the_health_check_asks_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")  # where nothing listens
    python, *arguments = read_command_after("CMD", DOCKERFILE)
    assert python == "python"
    with LocalImageKit() as server:
        here = [argument.replace("http://127.0.0.1:8080", server.url) for argument in arguments]
        assert here != arguments
        subprocess.run([sys.executable, *here], check=True, timeout=60)
        server.stop()
        failed = subprocess.run([sys.executable, *here], check=False, timeout=60, capture_output=True)
    assert failed.returncode != 0


def test_everything_that_is_copied_exists_and_is_not_ignored() -> None:
    copied = [name for line in re.findall(r"^COPY (.+) \S+$", DOCKERFILE, re.MULTILINE) for name in line.split()]
    ignored = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert set(copied) == {line[1:] for line in ignored if line.startswith("!")}
    files = set(copied) - {"imagekitio"}  # these tests may import it from elsewhere
    assert [name for name in files if not (ROOT / name).exists()] == []
