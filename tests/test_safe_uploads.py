"""Uploads through a bad network: every file is stored exactly once."""

from __future__ import annotations

import hashlib
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
import requests

from imagekitio import Retry
from imagekitio.local import LocalImageKit

if TYPE_CHECKING:
    from collections.abc import Iterator

UPLOADS = 2000
AFTER: list[dict[str, Any]] = [{"reset": True}, {"truncate": True}, {"status": 503}, {"status": 500}]
# A limit that 16 threads do not reach; the client would slow down to a lower limit in a 429.
LIMIT = {"x-ratelimit-limit": "5000", "x-ratelimit-interval": "1000", "x-ratelimit-reset": "5"}
BEFORE: list[dict[str, Any]] = [{"reset": True}, {"status": 429, "headers": LIMIT}, {"status": 503}]
QUICK = Retry(attempts=12, base_seconds=0.001, max_seconds=0.01)


@pytest.fixture
def server() -> Iterator[LocalImageKit]:
    with LocalImageKit() as running:
        yield running


@pytest.mark.parametrize("own_names", [False, True])
@pytest.mark.slow
def test_2000_uploads_with_30_percent_faults_are_stored_exactly_once_and_intact(
    server: LocalImageKit, own_names: bool
) -> None:
    for fault in AFTER:
        server.faults.add(**fault, share=0.05, when="after", operation="upload_file")
    server.faults.add(delay=2, reset=True, share=0.02, when="after", operation="upload_file")  # beyond the timeout
    for fault in BEFORE:
        server.faults.add(**fault, share=0.03, when="before", operation="upload_file")
    content = {f"{number}.txt": hashlib.sha256(str(number).encode()).digest() for number in range(UPLOADS)}

    with server.client(retry=QUICK, timeout=(5, 1)) as ik:

        def upload(name: str) -> str:
            if own_names:
                return ik.upload_file(content[name], name, use_unique_file_name=False, overwrite_file=False).file_path
            return ik.upload_file(content[name], name).file_path

        with ThreadPoolExecutor(16) as pool:
            paths = dict(zip(content, pool.map(upload, content), strict=True))
        server.faults.clear()
        found = {file.file_path: file for file in ik.iter_files()}

    assert sorted(found) == sorted(paths.values())  # exactly the reported files are stored
    assert len(found) == UPLOADS
    names = Counter(file.name.partition("_")[0].removesuffix(".txt") for file in found.values())
    assert set(names.values()) == {1}
    assert {file.version_info.name for file in found.values()} == {"Version 1"}
    with requests.Session() as session:
        for name in list(content)[::40]:
            assert session.get(found[paths[name]].url).content == content[name]
    assert {file.size for file in found.values()} == {32}
