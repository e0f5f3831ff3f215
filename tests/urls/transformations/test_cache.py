from __future__ import annotations

from typing import Any

import pytest

from imagekitio.urls.transformations.cache import StepCache


class Writer:
    """Writes the repr of a transformation, and counts its calls."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, transformation: object) -> str:
        self.calls += 1
        return repr(transformation)


@pytest.fixture
def writer() -> Writer:
    return Writer()


def test_a_transformation_is_written_once(writer: Writer) -> None:
    cache = StepCache(writer)
    name, other_name = "width", "".join(["wid", "th"])  # equal, but only one is interned
    assert cache.write([{name: 300}]) == cache.write([{other_name: 300}]) == "[{'width': 300}]"
    assert writer.calls == 1


def test_equal_values_that_are_written_differently_are_kept_apart(writer: Writer) -> None:
    cache = StepCache(writer)
    for value in (0, False, 0.0, -0.0, "0", None, (0,), [0]):
        assert cache.write([{"x": value}]) == cache.write([{"x": value}]) == repr([{"x": value}])


@pytest.mark.parametrize("value", [b"12", bytearray(b"12"), {1}, object(), "x" * 5000])
def test_values_of_other_types_and_large_ones_are_written_each_time(value: Any, writer: Writer) -> None:
    cache = StepCache(writer)
    assert cache.write([{"x": value}]) == cache.write([{"x": value}])
    assert writer.calls == 2


def test_an_error_is_not_remembered(writer: Writer) -> None:
    def write(transformation: object) -> str:
        if writer(transformation) and writer.calls == 1:
            raise ValueError("only the first time")
        return "w-1"

    cache = StepCache(write)
    with pytest.raises(ValueError, match="only the first time"):
        cache.write([])
    assert cache.write([]) == "w-1"
