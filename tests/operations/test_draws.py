"""Random bytes that are drawn ahead."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from imagekitio.operations.draws import TOKEN_BYTES, token


def test_no_token_is_given_twice_whatever_the_threads() -> None:
    with ThreadPoolExecutor(8) as pool:
        tokens = list(pool.map(lambda _: token(), range(5_000)))
    assert len(set(tokens)) == 5_000
    assert {len(one) for one in tokens} == {TOKEN_BYTES}


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")  # Python 3.12 warns of threads that others left
def test_a_forked_process_draws_its_own() -> None:
    token()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, token())
        os._exit(0)
    os.waitpid(child, 0)
    with os.fdopen(reading, "rb") as file:
        os.close(writing)
        assert file.read() != token()
