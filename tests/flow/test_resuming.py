"""The progress of a download, tested with literals; tests/bulk/test_downloads.py downloads with both clients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest

from imagekitio.exceptions import NetworkException, NotFoundException, UnknownException
from imagekitio.flow.resuming import Progress, read_delivery
from imagekitio.models.response_metadata import Headers
from imagekitio.operations.core import Response

if TYPE_CHECKING:
    from collections.abc import Mapping


def begin_download(headers: Mapping[str, str], *, can_rewind: bool = True) -> Progress:
    """Return a download with these headers and 3 bytes received."""
    progress = Progress("GET https://ik.example.com/a.jpg", can_rewind=can_rewind)
    assert not progress.begin(200, Headers(headers))
    progress.add(3)
    return progress


def test_the_first_attempt_requests_the_whole_file() -> None:
    assert Progress("GET /").request_headers() == {"Accept": "*/*", "Accept-Encoding": "identity"}


def test_the_next_attempt_requests_the_rest_of_the_same_file() -> None:
    progress = begin_download({"ETag": '"one"', "Content-Length": "10"})
    with pytest.raises(NetworkException, match="the response ended after 3 of 10 bytes"):
        progress.end()
    headers = progress.request_headers()
    assert (headers["Range"], headers["If-Range"]) == ("bytes=3-", '"one"')
    progress.begin(206, Headers({"Content-Range": "bytes 3-9/10", "Content-Length": "7"}))
    progress.add(7)
    progress.end()


@pytest.mark.parametrize("headers", [{}, {"ETag": 'W/"weak"'}, {"ETag": '"one"', "Content-Encoding": "gzip"}])
def test_without_a_strong_etag_of_the_bytes_the_download_restarts(headers: dict[str, str]) -> None:
    assert "Range" not in begin_download(headers).request_headers()


def test_the_download_of_a_changed_file_restarts() -> None:
    progress = begin_download({"ETag": '"one"'})
    assert progress.begin(200, Headers({"ETag": '"two"', "Content-Length": "4"}))
    assert progress.written_bytes == 0
    progress.add(4)
    progress.end()


@pytest.mark.parametrize("can_rewind", [True, False])
def test_if_the_same_file_is_sent_from_its_start_what_has_been_written_is_skipped(can_rewind: bool) -> None:
    progress = begin_download({"ETag": '"one"', "Content-Length": "10"}, can_rewind=can_rewind)
    assert not progress.begin(200, Headers({"ETag": '"one"', "Content-Length": "10"}))
    assert [progress.take(block) for block in (b"01", b"2345", b"6789")] == [b"", b"345", b"6789"]
    with pytest.raises(NetworkException, match="ended after 3 of 10 bytes"):
        progress.end()
    progress.add(7)
    progress.end()


@pytest.mark.parametrize("length", ["10", "unknown"])
def test_an_answer_shorter_than_what_has_been_written_ended_early(length: str) -> None:
    progress = begin_download({"ETag": '"one"', "Content-Length": "10"})
    progress.begin(200, Headers({"ETag": '"one"', "Content-Length": length}))
    assert progress.take(b"01") == b""
    with pytest.raises(NetworkException, match=r"the response ended after 2 of (10|more than 3) bytes"):
        progress.end()


@pytest.mark.parametrize(
    ("before", "after"), [({"ETag": '"one"'}, {"ETag": '"two"'}), ({}, {}), ({"ETag": 'W/"one"'}, {"ETag": 'W/"one"'})]
)
def test_a_possibly_different_file_is_refused_if_nothing_can_be_discarded(
    before: dict[str, str], after: dict[str, str]
) -> None:
    progress = begin_download(before, can_rewind=False)
    with pytest.raises(UnknownException, match=r"was interrupted after 3 bytes.* or to a file object that can seek"):
        progress.begin(200, Headers(after))


def test_part_of_a_different_file_is_not_taken_for_the_rest() -> None:
    for etag in ('"one"', 'W/"one"'):
        assert not begin_download({"ETag": '"one"'}).begin(
            206, Headers({"Content-Range": "bytes 3-9/10", "ETag": etag})
        )
    with pytest.raises(UnknownException, match="was replaced during the download"):
        begin_download({"ETag": '"one"'}).begin(206, Headers({"Content-Range": "bytes 3-9/10", "ETag": '"two"'}))


def test_a_part_other_than_the_one_requested_is_an_error() -> None:
    with pytest.raises(UnknownException, match="different part of the file"):
        begin_download({"ETag": '"one"'}).begin(206, Headers({"Content-Range": "bytes 2-9/10"}))


def test_an_unfinished_picture_is_an_error() -> None:
    with pytest.raises(UnknownException, match="still creating this picture"):
        Progress("GET /").begin(200, Headers({"is-intermediate-response": "true"}))


def test_progress_is_reported_with_the_total_if_it_is_known() -> None:
    seen: list[tuple[int, int | None]] = []
    progress = Progress("GET /", lambda done, total: seen.append((done, total)))
    progress.begin(200, Headers({"Content-Length": "10", "ETag": '"one"'}))
    progress.add(3)
    progress.begin(206, Headers({"Content-Range": "bytes 3-9/10", "Content-Length": "7"}))
    progress.add(7)
    progress.begin(200, Headers({"Content-Length": "5", "Content-Encoding": "gzip"}))
    progress.add(9)
    progress.end()  # the length is that of the compressed content
    assert seen == [(3, 10), (10, 10), (9, None)]


def test_a_request_has_no_fragment_and_is_named_without_its_signature() -> None:
    operation, base_url, what = read_delivery("https://ik.example.com:8443/acme/a.jpg?ik-s=secret#top")
    assert (operation.request.method, operation.request.path) == ("GET", "/acme/a.jpg?ik-s=secret")
    assert base_url == "https://ik.example.com:8443"
    assert what == "GET https://ik.example.com:8443/acme/a.jpg"
    assert read_delivery("https://ik.example.com").operation.request.path == "/"
    with pytest.raises(NotFoundException):
        operation.parse(Response(404, Headers({}), b""))


@pytest.mark.parametrize("url", ["", "/a.jpg", "ftp://ik.example.com/a", "https://me:pw@ik.example.com/a", "https://"])
def test_a_url_that_is_not_http_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="the URL to download must"):
        read_delivery(url)


def test_a_progress_function_that_cannot_be_called_is_refused_before_anything_is_sent() -> None:
    with pytest.raises(TypeError, match=r"on_progress must be a function \(got 'x'\)"):
        Progress("GET /", cast("Any", "x"))
