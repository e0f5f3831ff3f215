"""Delivery: first as an ASGI application with a fake store, then over sockets with the real one."""

from __future__ import annotations

import email
import hashlib
import hmac
import http.client
import random
import threading
import time
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import anyio
import pytest
import pyvips
import requests
from starlette.applications import Starlette
from starlette.routing import Route

from imagekitio.local import LocalImageKit
from imagekitio.local.base.names import split_path
from imagekitio.local.base.settings import PRIVATE_KEY, KeyPair, Settings
from imagekitio.local.delivery.route import delivery_endpoint
from imagekitio.local.library.account import Account
from imagekitio.local.library.files import new_row
from imagekitio.local.rendering import Rendered, render

if TYPE_CHECKING:
    from collections.abc import Iterator

    from imagekitio.local.library.tables.rows import FileRow

DATA = Path(__file__).parents[2] / "data"
NOW = 1_700_000_000
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><rect width="10" height="10"/></svg>'


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


class FakeStore:
    """A store of files by path that records which paths were looked up."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files: dict[tuple[str, str | None], FileRow] = {}
        self.asked: list[str] = []
        self._account = Account(transformations={}, url_prefixes={}, field_schemas={}, has_webhooks=False)

    def add(self, path: str, content: bytes, mime: str, *, version: str | None = None, **fields: Any) -> FileRow:
        digest = hashlib.sha256(content).hexdigest()
        (self.folder / digest).write_bytes(content)
        folder, name = split_path(path)
        row = new_row(
            name=name,
            path=folder,
            mime=mime,
            format=None,
            size=len(content),
            content_hash=digest,
            is_image=mime.startswith("image/"),
        )
        self.files[path, version] = row._replace(**{"created_at": NOW, "updated_at": NOW, **fields})
        return self.files[path, version]

    def content(self, content_hash: str) -> Path:
        return self.folder / content_hash

    def file_at(self, path: str, version_token: str | None = None) -> FileRow | None:
        self.asked.append(path)
        return self.files.get((path, version_token))

    def account(self) -> Account:
        return self._account

    def change_account(self, **changes: Any) -> None:
        self._account = self._account._replace(**changes)


@dataclass
class Site:
    """Delivery over a `FakeStore`."""

    store: FakeStore
    settings: Settings
    app: Starlette = field(init=False)

    def __post_init__(self) -> None:
        self.settings.clock.freeze(NOW)
        self.restart()

    def restart(self, **settings: Any) -> None:
        self.settings = replace(self.settings, **settings)
        path = f"/{self.settings.imagekit_id}/{{path:path}}"
        deliver = delivery_endpoint(self.store, self.settings)
        methods = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE"]
        self.app = Starlette(routes=[Route(path, deliver, methods=methods)])

    def get(self, target: str, method: str = "GET", **headers: str) -> Answer:
        return anyio.run(partial(self._send, target, method, headers))

    async def _send(self, target: str, method: str, headers: dict[str, str]) -> Answer:
        path, _, query = target.partition("?")
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": "/local/any",  # the decoded path, which is ignored: only the raw path counts
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(name.replace("_", "-").lower().encode(), value.encode()) for name, value in headers.items()],
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 80),
        }
        received = [{"type": "http.request", "body": b""}]
        sent: list[Any] = []

        async def receive() -> Any:
            if not received:
                await anyio.sleep_forever()
            return received.pop()

        async def send(message: Any) -> None:
            sent.append(message)

        await self.app(scope, receive, send)
        start = sent[0]
        answer_headers = {name.decode().lower(): value.decode("latin-1") for name, value in start["headers"]}
        return Answer(start["status"], answer_headers, b"".join(message.get("body", b"") for message in sent[1:]))


def sign(rest: str, expires_at: int | None = None, key: str = PRIVATE_KEY) -> str:
    """Return the target of a signed URL, made as the documentation describes."""
    text = f"{rest}{9999999999 if expires_at is None else expires_at}"
    signature = hmac.new(key.encode(), text.encode(), hashlib.sha1).hexdigest()
    expiry = "" if expires_at is None else f"ik-t={expires_at}&"
    return f"/local/{rest}{'&' if '?' in rest else '?'}{expiry}ik-s={signature}"


@pytest.fixture(scope="session")
def jpeg() -> bytes:
    image = pyvips.Image.black(60, 40, bands=3).linear([1, 1, 1], [200, 30, 30]).cast("uchar")
    return image.copy(interpretation="srgb").jpegsave_buffer()


@pytest.fixture
def site(tmp_path: Path, jpeg: bytes) -> Site:
    store = FakeStore(tmp_path)
    store.add("/f/a.jpg", jpeg, "image/jpeg")
    store.add("/private.jpg", jpeg, "image/jpeg", is_private=True)
    store.add("/draft.jpg", jpeg, "image/jpeg", is_published=False)
    store.add("/notes.txt", b"0123456789", "text/plain")
    store.add("/logo.svg", SVG, "image/svg+xml")
    store.add("/page.html", b"<script>", "text/html")
    store.add("/clip.mp4", b"mp4", "video/mp4")
    return Site(store, Settings(data=tmp_path, url_endpoint="http://127.0.0.1/local"))


def read_size(answer: Answer) -> tuple[int, int]:
    image = pyvips.Image.new_from_buffer(answer.body, "")
    return image.width, image.height


def test_a_file_without_steps_is_delivered_as_uploaded(site: Site, jpeg: bytes) -> None:
    answer = site.get("/local/f/a.jpg", accept="image/webp")
    assert (answer.status, answer.body) == (200, jpeg)
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["content-length"] == str(len(jpeg))
    assert answer.headers["cache-control"] == "public, max-age=15552000"
    assert answer.headers["last-modified"] == "Tue, 14 Nov 2023 22:13:20 GMT"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "vary" not in answer.headers


@pytest.mark.parametrize(
    "target",
    [
        "/local/tr:w-30,h-30/f/a.jpg",
        "/local/tr%3Aw-30%2Ch-30/f/a.jpg",
        "/local/f/tr:w-30,h-30/a.jpg",
        "/local/f/a.jpg?tr=w-30%2Ch-30",
        "/local/f/a.jpg?v=1&tr=w-99&tr=w-30,h-30",
        "/local/tr:w-30,h-30/f/a.jpg?tr=w-99",
        "/local/ik-seo/tr:w-30,h-30/f/a/nice-name.jpg",
    ],
)
def test_steps_may_be_in_the_path_or_the_query(site: Site, target: str) -> None:
    answer = site.get(target)
    assert answer.status == 200
    assert read_size(answer) == (30, 30)
    assert answer.headers["content-length"] == str(len(answer.body))
    assert answer.headers["vary"] == "Accept"


def test_the_format_is_negotiated(site: Site) -> None:
    types = [
        site.get("/local/tr:w-30/f/a.jpg", accept=accept).headers["content-type"] for accept in ("*/*", "image/webp")
    ]
    assert types == ["image/jpeg", "image/webp"]
    fixed = site.get("/local/tr:w-30,f-png/f/a.jpg", accept="image/webp")
    assert fixed.headers["content-type"] == "image/png"
    assert "vary" not in fixed.headers


@pytest.mark.parametrize(
    "target", ["/local/none.jpg", "/local/tr:w-30/none.jpg", "/local/", "/local/f", "/local/draft.jpg"]
)
def test_missing_files_and_drafts_are_not_found(site: Site, target: str) -> None:
    answer = site.get(target)
    assert (answer.status, answer.body) == (404, b"Not Found")
    assert answer.headers["ik-error"].startswith("ENOENT - there is no file at /")
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "path",
    [
        "../a.jpg",
        "..%2f..%2fetc%2fpasswd",
        "%2e%2e/%2e%2e/etc/passwd",
        "%252e%252e%252f%252e%252e%252fetc%252fpasswd",
        "f/../f/a.jpg",
        "f/./a.jpg",
        "%2Fetc%2Fpasswd",
        "..%5c..%5cetc",
        "f/a.jpg%00.png",
        "tr:di-..@@..@@etc@@passwd/none.jpg",
    ],
)
def test_no_path_leads_out_of_the_store(site: Site, path: str) -> None:
    assert site.get(f"/local/{path}").status == 404
    assert all(each.startswith("/") for each in site.store.asked)


def test_file_names_in_error_headers_are_one_line_of_ascii(site: Site) -> None:
    answer = site.get("/local/%C3%A9%0D%0Aset-cookie:x.jpg")
    assert answer.headers["ik-error"] == "ENOENT - there is no file at /%C3%A9%0D%0Aset-cookie:x.jpg"


def test_the_default_image_replaces_a_missing_one(site: Site) -> None:
    answer = site.get("/local/tr:w-30,di-f@@a.jpg/none.jpg")
    assert (answer.status, read_size(answer)) == (200, (30, 20))
    assert site.get("/local/tr:w-30,di-none2.jpg/none.jpg").status == 404
    assert site.get("/local/tr:di-private.jpg/none.jpg").status == 401
    assert site.get("/local/tr:di-draft.jpg/none.jpg").status == 404


@pytest.mark.parametrize(
    ("target", "status", "error"),
    [
        ("/local/tr:xyz-5/f/a.jpg", 400, "EINVAL - code 'xyz' does not exist"),
        ("/local/f/a.jpg?tr=w-0", 400, "EINVAL - code 'w' must be above 0 (got '0')"),
        ("/local/tr:n-none/f/a.jpg", 400, "EINVAL - code 'n' must be the name of a named transformation (got 'none')"),
        ("/local/tr:e-bgremove/f/a.jpg", 501, "EUNSUPPORTED - e-bgremove needs an AI service"),
        ("/local/tr:l-video,i-x,l-end/f/a.jpg", 501, "EUNSUPPORTED - l-video needs a video encoder"),
        ("/local/tr:w-30/clip.mp4", 501, "EUNSUPPORTED - w-30 on a video needs a video encoder"),
        ("/local/clip.mp4/ik-thumbnail.jpg", 501, "EUNSUPPORTED - ik-thumbnail.jpg of video/mp4 needs a decoder"),
        (
            "/local/https%3A%2F%2Fwww.example.com%2Fa.jpg",
            501,
            "EUNSUPPORTED - a source that is a URL needs a web proxy",
        ),
        ("/local/tr:w-65535,h-65535/f/a.jpg", 400, "ELIMIT - pictures must have at most 100 megapixels"),
        ("/local/f/a.jpg?tr=%FF", 400, "EINVAL - path and query must be percent-encoded UTF-8"),
        ("/local/%FF.jpg", 400, "EINVAL - path and query must be percent-encoded UTF-8"),
    ],
)
def test_errors_say_what_is_wrong(site: Site, target: str, status: int, error: str) -> None:
    answer = site.get(target)
    assert answer.status == status
    assert answer.headers["ik-error"].startswith(error)
    assert error.partition(" - ")[2] in answer.body.decode()
    assert answer.headers["access-control-allow-origin"] == "*"


def test_a_file_that_is_not_an_image_cannot_be_transformed(site: Site) -> None:
    site.store.add("/broken.jpg", b"no picture", "image/jpeg")
    answer = site.get("/local/tr:w-5/broken.jpg")
    assert answer.status == 415
    assert answer.headers["ik-error"].startswith("EUNSUPPORTED - the file cannot be read as a picture")
    assert site.get("/local/broken.jpg").body == b"no picture"


def test_steps_on_other_files_are_ignored(site: Site) -> None:
    assert site.get("/local/tr:w-30/notes.txt").body == b"0123456789"
    assert site.get("/local/tr:orig-true/clip.mp4").body == b"mp4"


def test_orig_true_delivers_the_original_whatever_the_other_steps(site: Site, jpeg: bytes) -> None:
    assert site.get("/local/tr:w-5,orig-true:e-upscale/f/a.jpg").body == jpeg


def test_active_content_is_sandboxed(site: Site) -> None:
    assert site.get("/local/page.html").headers["content-security-policy"] == "sandbox"
    svg = site.get("/local/tr:w-5/logo.svg")
    assert (svg.body, svg.headers["content-type"]) == (SVG, "image/svg+xml")
    assert svg.headers["content-security-policy"] == "sandbox"
    drawn = site.get("/local/tr:w-5,f-png/logo.svg")
    assert drawn.headers["content-type"] == "image/png"
    assert "content-security-policy" not in drawn.headers


def test_a_signature_gives_access_to_private_files(site: Site) -> None:
    assert site.get("/local/private.jpg").status == 401
    assert site.get("/local/tr:w-5/private.jpg").status == 401
    for rest in ("private.jpg", "tr:w-5/private.jpg", "private.jpg?tr=w-5"):
        answer = site.get(sign(rest))
        assert answer.status == 200
        assert answer.headers["cache-control"] == "private"


def test_a_named_transformation_alone_gives_access_to_private_files(site: Site) -> None:
    assert read_size(site.get("/local/tr:n-ik_ml_thumbnail/private.jpg")) == (440, 440)
    assert site.get("/local/tr:n-ik_ml_thumbnail,w-9/private.jpg").status == 401
    assert site.get("/local/tr:n-ik_ml_thumbnail:orig-true/private.jpg").status == 401


def test_a_wrong_signature_is_refused_even_where_none_is_needed(site: Site) -> None:
    answer = site.get(sign("tr:w-5/f/a.jpg").replace("w-5", "w-6"))
    assert answer.status == 401
    assert answer.headers["ik-error"].startswith("EAUTH - ")
    assert b"would sign: tr:w-6/f/a.jpg9999999999" in answer.body
    assert PRIVATE_KEY not in answer.body.decode()
    assert site.get(sign("f/a.jpg", key="another")).status == 401
    assert site.get(sign("none.jpg", key="another")).status == 401  # strangers cannot find out which files exist


def test_signatures_expire(site: Site) -> None:
    target = sign("f/a.jpg", NOW + 10)
    assert site.get(target).status == 200
    site.settings.clock.advance(10)
    assert site.get(target).status == 200
    site.settings.clock.advance(0.5)
    assert site.get(target).status == 200
    site.settings.clock.advance(0.5)
    answer = site.get(target)
    assert answer.status == 401
    assert "expired 1 s ago" in answer.headers["ik-error"]


def test_every_key_of_the_account_may_sign(site: Site) -> None:
    site.restart(keys=(KeyPair("public_a", "private_a"), KeyPair("public_b", "private_b")))
    assert [site.get(sign("f/a.jpg", key=key)).status for key in ("private_a", "private_b", PRIVATE_KEY)] == [
        200,
        200,
        401,
    ]


def test_unsigned_requests_can_be_restricted(site: Site) -> None:
    site.restart(restrict_unsigned=True)
    assert site.get("/local/f/a.jpg").status == 401
    assert site.get("/local/none.jpg").status == 401
    assert site.get(sign("f/a.jpg")).status == 200


def test_unnamed_transformations_can_be_restricted(site: Site) -> None:
    site.restart(restrict_unnamed=True)
    assert site.get("/local/tr:w-30/f/a.jpg").status == 400
    assert "only named transformations" in site.get("/local/f/a.jpg?tr=w-30").headers["ik-error"]
    assert site.get("/local/tr:n-ik_ml_thumbnail/f/a.jpg").status == 200
    assert site.get("/local/f/a.jpg").status == 200


def test_conditional_requests_compare_the_etag(site: Site) -> None:
    for target in ("/local/f/a.jpg", "/local/tr:w-30/f/a.jpg"):
        first = site.get(target)
        etag = first.headers["etag"]
        for tags in (etag, f'"x", W/{etag}', "*"):
            answer = site.get(target, if_none_match=tags)
            assert (answer.status, answer.body) == (304, b"")
            assert answer.headers["etag"] == etag
        assert site.get(target, if_none_match='"x"', if_modified_since=first.headers["last-modified"]).status == 200
        assert site.get(target, if_modified_since=first.headers["last-modified"]).status == 304
        assert site.get(target, if_modified_since="Tue, 14 Nov 2023 22:13:19 GMT").status == 200
        assert site.get(target, if_modified_since="yesterday").status == 200


def test_the_etag_identifies_the_bytes(site: Site) -> None:
    def etag(target: str, **headers: str) -> str:
        return site.get(target, **headers).headers["etag"]

    first = etag("/local/tr:w-30,h-20/f/a.jpg")
    assert first == etag("/local/f/a.jpg?tr=h-20,w-30,&v=7")
    others = [
        etag("/local/f/a.jpg"),
        etag("/local/tr:w-31,h-20/f/a.jpg"),
        etag("/local/tr:w-30,h-20/f/a.jpg", accept="image/webp"),
        etag("/local/tr:w-auto/f/a.jpg"),
        etag("/local/tr:w-auto/f/a.jpg", width="50"),
    ]
    site.restart(jpeg_background="FFFFFF")
    others.append(etag("/local/tr:w-30,h-20/f/a.jpg"))
    assert len({first, *others}) == 7
    site.store.add("/f/a.jpg", SVG, "image/svg+xml")
    assert etag("/local/f/a.jpg") not in others


def test_a_rendition_that_depends_on_more_than_its_file_has_no_date(site: Site, red_dot: bytes) -> None:
    site.store.add("/dot.png", red_dot, "image/png")
    site.store.change_account(transformations={"small": "w-30"})
    for steps in ("l-image,i-dot.png,l-end", "w-30,n-small", "di-dot.png,w-30"):
        target = f"/local/tr:{steps}/f/a.jpg"
        first = site.get(target)
        assert (first.status, "last-modified" in first.headers) == (200, False)
        assert site.get(target, if_modified_since="Tue, 14 Nov 2023 22:13:20 GMT").status == 200
        assert site.get(target, if_none_match=first.headers["etag"]).status == 304
    assert "last-modified" in site.get("/local/tr:w-30,dn-72/f/a.jpg").headers


DELIVERED = ["/local/notes.txt", "/local/tr:w-30/f/a.jpg"]


@pytest.mark.parametrize("target", DELIVERED)
def test_a_range_request_gets_one_part(site: Site, target: str) -> None:
    whole = site.get(target)
    assert whole.headers["accept-ranges"] == "bytes"
    etag = whole.headers["etag"]
    for _ in range(2):
        answer = site.get(target, range="bytes=2-4", if_range=etag)
        assert (answer.status, answer.body) == (206, whole.body[2:5])
        assert answer.headers["content-range"] == f"bytes 2-4/{len(whole.body)}"
        assert (answer.headers["content-length"], answer.headers["etag"]) == ("3", etag)
        assert answer.headers["content-type"] == whole.headers["content-type"]
        site.restart()  # so that the first request for this rendition is for a part
    assert site.get(target, range="bytes=2-4", if_range=whole.headers["last-modified"]).status == 206
    assert site.get(target, range="bytes=2-4", if_none_match=etag).status == 304
    for other in (f"W/{etag}", '"other"', "Tue, 14 Nov 2023 22:13:19 GMT"):
        assert site.get(target, range="bytes=2-4", if_range=other) == whole
    assert site.get(target, "HEAD", range="bytes=2-4").headers == whole.headers


@pytest.mark.parametrize("target", DELIVERED)
def test_a_range_request_can_get_several_parts(site: Site, target: str) -> None:
    whole = site.get(target).body
    answer = site.get(target, range="bytes=0-1,-3")
    assert (answer.status, answer.headers["content-length"]) == (206, str(len(answer.body)))
    message = email.message_from_bytes(f"Content-Type: {answer.headers['content-type']}\n\n".encode() + answer.body)
    parts = [part for part in message.walk() if not part.is_multipart()]
    assert [part.get_payload(decode=True) for part in parts] == [whole[:2], whole[-3:]]
    size = len(whole)
    assert [part["content-range"] for part in parts] == [f"bytes 0-1/{size}", f"bytes {size - 3}-{size - 1}/{size}"]


@pytest.mark.parametrize("target", DELIVERED)
@pytest.mark.parametrize("header", ["items=0-1", "abc", "bytes=5-2", "bytes=x-1", "bytes=-", "bytes=", ""])
def test_an_invalid_range_is_ignored(site: Site, target: str, header: str) -> None:
    assert site.get(target, range=header) == site.get(target)


@pytest.mark.parametrize("target", DELIVERED)
def test_a_range_beyond_the_end_is_refused_like_other_errors_of_delivery(site: Site, target: str) -> None:
    size = len(site.get(target).body)
    answer = site.get(target, range=f"bytes={size}-")
    assert (answer.status, answer.headers["content-range"]) == (416, f"bytes */{size}")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["ik-error"] == f"EINVAL - the range must lie within {size} bytes (got 'bytes={size}-')"


def test_head_has_the_headers_of_get(site: Site) -> None:
    for target in ("/local/notes.txt", "/local/tr:w-30/f/a.jpg"):
        get, head = site.get(target), site.get(target, "HEAD")
        assert head.status == 200
        assert head.headers == get.headers


def test_preflight_requests_are_answered_and_writing_is_refused(site: Site) -> None:
    answer = site.get("/local/f/a.jpg", "OPTIONS", origin="https://example.com")
    assert answer.status == 204
    assert answer.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"
    for method in ("POST", "PUT", "DELETE"):
        answer = site.get("/local/f/a.jpg", method)
        assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["ik-error"] == f"EINVAL - the method must be one of GET, HEAD, OPTIONS (got {method})"


def test_attachments_carry_their_name(site: Site) -> None:
    def disposition(target: str) -> str | None:
        return site.get(target).headers.get("content-disposition")

    assert disposition("/local/f/a.jpg") is None
    assert disposition("/local/f/a.jpg?ik-attachment=True") == 'attachment; filename="a.jpg"'
    assert disposition("/local/tr:w-5/f/a.jpg?ik-attachment=true") == 'attachment; filename="a.jpg"'
    name = disposition("/local/f/a.jpg?ik-attachment=true&ik-attachment-filename=%C3%A9%22%0D%0A.jpg")
    assert name == "attachment; filename=\"____.jpg\"; filename*=UTF-8''%C3%A9%22%0D%0A.jpg"


def test_older_versions_are_delivered_with_a_token(site: Site) -> None:
    site.store.add("/notes.txt", b"older", "text/plain", version="tok")
    assert site.get("/local/notes.txt?ik-obj-version=tok").body == b"older"
    assert site.get("/local/notes.txt?ik-obj-version=stale").status == 404


def test_client_hints_choose_the_width(site: Site, tmp_path: Path) -> None:
    site.store.add("/wide.png", pyvips.Image.black(1000, 500).pngsave_buffer(), "image/png")
    answer = site.get("/local/tr:w-auto,dpr-auto/wide.png", sec_ch_width="212", sec_ch_dpr="2")
    assert read_size(answer) == (300, 150)
    assert answer.headers["content-dpr"] == "2.83"
    assert answer.headers["vary"] == "Accept, Sec-CH-Width, Width, Sec-CH-DPR, DPR"
    assert read_size(site.get("/local/tr:w-auto/wide.png", width="212")) == (300, 150)
    assert read_size(site.get("/local/tr:w-auto/wide.png", width="wide")) == (1000, 500)


def test_custom_coordinates_are_passed_to_the_renderer(site: Site, tmp_path: Path) -> None:
    left, right = (pyvips.Image.black(50, 50).linear([0], [each]).cast("uchar") for each in (50, 200))
    picture = left.join(right, "horizontal").pngsave_buffer()
    site.store.add("/halves.png", picture, "image/png", custom_coordinates="60,0,30,30")
    answer = site.get("/local/tr:w-30,h-30,cm-extract,fo-custom/halves.png")
    assert pyvips.Image.new_from_buffer(answer.body, "").avg() == 200


@pytest.fixture
def red_dot() -> bytes:
    return pyvips.Image.black(8, 8, bands=3).linear([1, 1, 1], [255, 0, 0]).cast("uchar").pngsave_buffer()


def read_pixel(answer: Answer, x: int, y: int) -> list[float]:
    assert answer.status == 200, answer.headers
    colour: list[float] = pyvips.Image.new_from_buffer(answer.body, "")(x, y)
    return colour


def test_layers_come_from_the_store(site: Site, red_dot: bytes) -> None:
    site.store.add("/marks/dot.png", red_dot, "image/png")
    answer = site.get("/local/tr:e-grayscale,l-image,i-marks@@dot.png,t-false,lx-4,ly-6,l-end,f-png/f/a.jpg")
    assert read_pixel(answer, 4, 6) == [255, 0, 0]
    assert read_pixel(answer, 11, 13) == [255, 0, 0]
    assert read_pixel(answer, 12, 14) != [255, 0, 0]


def test_the_etag_depends_on_the_files_of_the_layers(site: Site, red_dot: bytes) -> None:
    def etag() -> str:
        return site.get("/local/tr:l-image,i-dot.png,l-end/f/a.jpg").headers["etag"]

    site.store.add("/dot.png", red_dot, "image/png")
    first = etag()
    assert etag() == first
    site.store.add("/dot.png", pyvips.Image.black(3, 3).pngsave_buffer(), "image/png")
    assert etag() != first


@pytest.mark.parametrize(
    "steps", ["l-image,i-none.png,l-end", "l-image,i-draft.jpg,l-end", "l-text,i-x,ff-none.ttf,l-end"]
)
def test_a_missing_layer_is_named(site: Site, steps: str) -> None:
    answer = site.get(f"/local/tr:{steps}/f/a.jpg")
    assert answer.status == 404
    assert answer.headers["ik-error"].startswith("ENOENT - there is no file at /")
    assert answer.headers["ik-error"].endswith("which a layer needs")


def test_a_missing_layer_in_a_branch_that_is_not_taken_does_no_harm(site: Site) -> None:
    answer = site.get("/local/tr:if-w_gt_9999,l-image,i-none.png,l-end,if-else,w-30,if-end/f/a.jpg")
    assert (answer.status, read_size(answer)) == (200, (30, 20))


def test_private_layers_need_a_signature_as_private_files_do(site: Site) -> None:
    rest = "tr:l-image,i-private.jpg,w-9,l-end/f/a.jpg"
    assert site.get(f"/local/{rest}").status == 401
    assert site.get(sign(rest)).status == 200
    site.store.change_account(transformations={"badge": "l-image,i-private.jpg,w-9,l-end"})
    assert site.get("/local/tr:n-badge/f/a.jpg").status == 200
    assert site.get("/local/tr:n-badge,w-9/f/a.jpg").status == 401


def test_the_named_transformations_of_the_account_are_rendered(site: Site) -> None:
    site.store.change_account(transformations={"small": "tr:w-30:rt-90"})
    assert read_size(site.get("/local/tr:n-small/f/a.jpg")) == (20, 30)
    assert read_size(site.get("/local/tr:n-ik_ml_thumbnail/f/a.jpg")) == (440, 440)
    site.store.change_account(transformations={"small": "w-10"})
    assert read_size(site.get("/local/tr:n-small/f/a.jpg")) == (10, 7)


def test_a_url_endpoint_with_a_prefix_leads_to_the_same_files(site: Site, jpeg: bytes) -> None:
    site.store.change_account(url_prefixes={"shop": "Shop", "shop/eu": "Europe"})
    site.store.add("/shop/b.jpg", b"folder", "text/plain")
    assert site.get("/local/shop/f/a.jpg").body == jpeg
    assert site.get("/local/shop/eu/f/a.jpg").body == jpeg
    assert read_size(site.get("/local/shop/tr:w-30/f/a.jpg")) == (30, 20)
    signed = sign("private.jpg").replace("/local/", "/local/shop/")
    assert site.get(signed).status == 200
    assert site.get(sign("shop/b.jpg")).body == b"folder"  # signed under the endpoint without a prefix
    assert site.get("/local/shop/b.jpg").status == 404


def test_fonts_that_are_missing_are_reported(site: Site) -> None:
    answer = site.get("/local/tr:l-text,i-é,ff-No Such Font,l-end/f/a.jpg".replace("é", "%C3%A9").replace(" ", "%20"))
    assert answer.status == 200
    assert answer.headers["ik-warning"] == "the font No Such Font is not installed; Roboto is used instead"
    assert "ik-warning" not in site.get("/local/tr:l-text,i-x,l-end/f/a.jpg").headers


def test_old_overlays_are_rendered(site: Site, red_dot: bytes) -> None:
    site.store.add("/dot.png", red_dot, "image/png")
    answer = site.get("/local/tr:oi-dot.png,oit-false,ox-4,oy-6,f-png/f/a.jpg")
    assert read_pixel(answer, 4, 6) == [255, 0, 0]


@pytest.fixture
def animation() -> bytes:
    frames = [pyvips.Image.black(20, 10, bands=3).linear([1, 1, 1], [0, 0, each]).cast("uchar") for each in (50, 200)]
    joined = pyvips.Image.arrayjoin(frames, across=1).copy(interpretation="srgb")
    joined.set_type(pyvips.GValue.gint_type, "page-height", 10)
    return bytes(joined.gifsave_buffer())


def test_a_thumbnail_is_a_still_image_of_one_page(site: Site, animation: bytes) -> None:
    site.store.add("/move.gif", animation, "image/gif")
    for steps, blue in (("", 50), ("tr:pg-2/", 200), ("tr:pg-2,w-10/", 200)):
        answer = site.get(f"/local/{steps}move.gif/ik-thumbnail.jpg")
        assert answer.headers["content-type"] == "image/jpeg"
        assert abs(read_pixel(answer, 5, 2)[2] - blue) < 4
    assert read_size(site.get("/local/tr:pg-2,w-10/move.gif/ik-thumbnail.jpg")) == (10, 5)
    assert site.get("/local/move.gif/ik-thumbnail.jpg?tr=orig-true").body == animation
    assert site.get("/local/f/a.jpg/ik-thumbnail.jpg").headers["content-type"] == "image/jpeg"
    assert site.get("/local/none.gif/ik-thumbnail.jpg").status == 404


@pytest.mark.parametrize(
    ("target", "status", "error"),
    [
        ("tr:pg-3/move.gif/ik-thumbnail.jpg", 400, "EINVAL - code 'pg' must be from 1 to 2 for this file (got '3')"),
        ("tr:pg-2/move.gif", 400, "EINVAL - code 'pg' needs /ik-thumbnail.jpg after the file name"),
        ("tr:pg-1_2/move.gif/ik-thumbnail.jpg", 501, "EUNSUPPORTED - pg needs the layers of PSD files"),
        ("notes.txt/ik-thumbnail.jpg", 501, "EUNSUPPORTED - ik-thumbnail.jpg of text/plain needs a decoder"),
    ],
)
def test_pages_that_cannot_be_shown_are_refused(
    site: Site, animation: bytes, target: str, status: int, error: str
) -> None:
    site.store.add("/move.gif", animation, "image/gif")
    answer = site.get(f"/local/{target}")
    assert answer.status == status
    assert answer.headers["ik-error"].startswith(error)


def test_layers_are_drawn_on_every_frame_of_an_animation(site: Site, animation: bytes, red_dot: bytes) -> None:
    site.store.add("/move.gif", animation, "image/gif")
    site.store.add("/dot.png", red_dot, "image/png")
    answer = site.get("/local/tr:l-image,i-dot.png,t-false,w-4,lx-0,ly-0,l-end/move.gif")
    frames = pyvips.Image.new_from_buffer(answer.body, "", n=-1)
    assert frames.height == 20
    for y in (1, 11):
        assert frames(1, y)[0] > 240
        assert frames(10, y)[0] < 16


def test_the_total_size_of_layers_is_limited_too(site: Site) -> None:
    site.restart(max_pixels=100_000)
    layer = "l-image,i-f@@a.jpg,w-200,h-200,t-false,l-end,"
    assert site.get(f"/local/f/a.jpg?tr={layer}").status == 200
    answer = site.get(f"/local/f/a.jpg?tr={layer * 3}")
    assert answer.status == 400
    assert answer.headers["ik-error"] == "ELIMIT - layers must have at most 0.1 megapixels in total"


@pytest.mark.parametrize(
    "steps",
    [
        "w-1:" * 10_000,
        "w-1," * 250_000,
        "l-image,i-f@@a.jpg," * 1_000 + "l-end," * 1_000,
        "l-image,i-f@@a.jpg,l-end," * 300,
        "l-image,i-ik_canvas,w-20000,h-20000,l-end",
        "w-9999,h-9999:" + "l-text,i-" + "x" * 2000 + ",fs-9999,l-end",
        "e-distort-p-0_0_60000_0_60000_60000_0_60000",
    ],
)
def test_steps_that_need_too_many_resources_are_refused_immediately(site: Site, steps: str) -> None:
    site.get("/local/tr:w-5,l-text,i-x,l-end/f/a.jpg")  # loads libvips and the fonts
    start = time.perf_counter()
    answer = site.get(f"/local/f/a.jpg?tr={steps}")
    assert time.perf_counter() - start < 5  # takes 0.1 seconds on an idle machine
    assert answer.status == 400


def test_a_file_deleted_during_the_request_is_not_found(site: Site) -> None:
    site.store.content(site.store.add("/gone.jpg", b"gone", "image/jpeg").content_hash).unlink()
    assert site.get("/local/gone.jpg").status == 404
    assert site.get("/local/tr:w-5/gone.jpg").status == 404


def test_simultaneous_requests_share_one_rendering(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    def count_calls(*args: Any, **options: Any) -> Rendered:
        made.append(threading.current_thread().name)
        return render(*args, **options)

    monkeypatch.setattr("imagekitio.local.delivery.renditions.render", count_calls)

    async def ask() -> list[Answer]:
        answers: list[Answer] = []

        async def ask_once() -> None:
            answers.append(await site._send("/local/tr:w-30/f/a.jpg", "GET", {}))

        async with anyio.create_task_group() as group:
            for _ in range(8):
                group.start_soon(ask_once)
        return answers

    answers = anyio.run(ask)
    assert len(made) == 1
    assert made[0] != threading.main_thread().name  # the event loop stays free
    assert len({answer.body for answer in answers}) == 1


@pytest.fixture(scope="module")
def server() -> Iterator[LocalImageKit]:
    with LocalImageKit() as running:
        yield running


def fetch_raw(server: LocalImageKit, target: str) -> tuple[int, dict[str, str], bytes]:
    """Send a GET request whose target no HTTP library has normalised."""
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=10)
    try:
        connection.putrequest("GET", target, skip_accept_encoding=True)
        connection.endheaders()
        response = connection.getresponse()
        return response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("name", "expected", "thumbnail"),
    [
        ("scene.heic", (800, 600), (100, 75)),
        ("turned.heic", (20, 40), (20, 40)),
        ("ultrahdr.jpg", (480, 320), (100, 67)),
    ],
)
def test_over_sockets_phone_photos_are_measured_and_rendered(
    server: LocalImageKit, name: str, expected: tuple[int, int], thumbnail: tuple[int, int]
) -> None:
    content = (DATA / name).read_bytes()
    uploaded = server.client().upload_file(file=content, file_name=name, options={"folder": "/phone"})
    assert (uploaded.file_type, uploaded.width, uploaded.height) == ("image", *expected)
    assert uploaded.url
    assert requests.get(uploaded.url, timeout=10).content == content
    for target, wanted in (("?tr=n-media_library_thumbnail", thumbnail), ("/ik-thumbnail.jpg", expected)):
        answer = requests.get(uploaded.url + target, timeout=10)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
        image = pyvips.Image.new_from_buffer(answer.content, "")
        assert (image.width, image.height) == wanted


def test_over_sockets_an_upload_is_delivered_transformed_and_signed(server: LocalImageKit, jpeg: bytes) -> None:
    ik = server.client()
    uploaded = ik.upload_file(
        file=jpeg, file_name="é a.jpg", options={"use_unique_file_name": False, "is_private_file": True, "folder": "/d"}
    )
    path = uploaded.file_path
    assert path is not None
    url = ik.url({"path": path, "transformation": [{"width": 30}, {"rotation": 90}], "signed": True})
    answer = requests.get(url, timeout=10)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    image = pyvips.Image.new_from_buffer(answer.content, "")
    assert (image.width, image.height) == (20, 30)
    assert requests.get(ik.url({"path": path}), timeout=10).status_code == 401
    assert requests.get(ik.url({"path": path, "signed": True}), timeout=10).content == jpeg
    head = requests.head(url, timeout=10)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == answer.headers["content-length"]


def test_over_sockets_every_other_method_is_refused_with_the_error_of_delivery(server: LocalImageKit) -> None:
    for method in ("POST", "TRACE", "MKCOL"):
        answer = requests.request(method, f"{server.url_endpoint}/a.jpg", timeout=10)
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
        assert answer.headers["ik-error"].startswith("EINVAL - ")


def test_over_sockets_a_file_can_be_fetched_in_parts_of_any_size(server: LocalImageKit) -> None:
    content = random.Random(7).randbytes(700_000)
    stored = server.client().upload_file(file=content, file_name="large.bin")
    for first, last in ((0, 699_999), (5, 600_000), (262_144, 524_287)):
        answer = requests.get(str(stored.url), headers={"Range": f"bytes={first}-{last}"}, timeout=10)
        assert (answer.status_code, answer.content) == (206, content[first : last + 1])


@pytest.mark.parametrize("path", ["../", "%2e%2e/", "%252e%252e%252f", "..%2f", "%2e%2e%5c", "//"])
def test_over_sockets_no_path_leads_to_the_database(server: LocalImageKit, path: str) -> None:
    for up in range(1, 5):
        status, headers, body = fetch_raw(server, f"/local/{path * up}imagekit.db")
        assert status == 404
        assert b"SQLite" not in body
        assert "\n" not in headers.get("ik-error", "")
