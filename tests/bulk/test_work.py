"""Outcomes of work on many files."""

from __future__ import annotations

import pickle

import pytest

from imagekitio import NotFoundException
from imagekitio.bulk import Failed, Succeeded


def test_a_success_unwraps_to_its_result() -> None:
    done = Succeeded("a.jpg", 1)
    assert (done.item, done.result, done.error) == ("a.jpg", 1, None)
    assert done.unwrap() == 1
    assert repr(done) == "Succeeded(item='a.jpg', result=1)"


def test_unwrapping_a_failure_raises_its_error() -> None:
    done = Failed("a.jpg", error := NotFoundException("no such file"))
    assert (done.item, done.result, done.error) == ("a.jpg", None, error)
    with pytest.raises(NotFoundException) as caught:
        done.unwrap()
    assert caught.value is error
    assert repr(done) == "Failed(item='a.jpg', error=NotFoundException('no such file'))"


def test_outcomes_pickle() -> None:
    succeeded, failed = pickle.loads(pickle.dumps((Succeeded("a.jpg", 1), Failed("b.jpg", KeyError("b")))))
    assert succeeded == Succeeded("a.jpg", 1)
    assert (failed.item, type(failed.error), failed.result) == ("b.jpg", KeyError, None)
