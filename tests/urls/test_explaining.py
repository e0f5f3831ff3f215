from __future__ import annotations

import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from imagekitio.urls.builder import UrlBuilder
from imagekitio.urls.transformations.names import CODES
from imagekitio.urls.verifying import SignatureError

HOST = "https://ik.example.com"
ENDPOINT = f"{HOST}/demo"
KEY = "private_key_test"
NOW = 1_700_000_000
BUILDER = UrlBuilder(KEY, ENDPOINT, clock=lambda: NOW)

REQUESTS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "data" / "signature_requests.json").read_text(encoding="utf-8")
)


def sign(text: str) -> str:
    return hmac.new(KEY.encode(), text.encode(), hashlib.sha1).hexdigest()


def end(text: str) -> str:
    """Return the end of a URL that never expires and has the signature of a text."""
    return f"ik-s={sign(f'{text}9999999999')}"


NEVER = "9999999999"
SIGNED = sign(f"a.jpg{NEVER}")

# What follows the endpoint, the signed text, and the cause.
MISTAKES = {
    "escaped for HTML": (
        f"a.jpg?v=1&amp;{end('a.jpg?v=1')}",
        f"a.jpg?v=1{NEVER}",
        "the URL is escaped for HTML: it must contain & instead of &amp;",
    ),
    "encoded as a whole": (
        f"a.jpg%3F{end('a.jpg').replace('=', '%3D')}",
        f"a.jpg{NEVER}",
        "the whole URL was percent-encoded, with the ? before its query",
    ),
    "parameter added": (
        f"a.jpg?utm_source=x&{end('a.jpg')}",
        f"a.jpg{NEVER}",
        "utm_source was added to the query after signing",
    ),
    "parameters added": (
        f"a.jpg?{end('a.jpg?v=1')}&v=1&a=2&b=3",
        f"a.jpg?v=1{NEVER}",
        "a, b were added to the query after signing",
    ),
    "one of many added": (
        f"a.jpg?a=1&b=2&c=3&d=4&e=5&f=6&{end('a.jpg?a=1&b=2&d=4&e=5&f=6')}",
        f"a.jpg?a=1&b=2&d=4&e=5&f=6{NEVER}",
        "c was added to the query after signing",
    ),
    "order": (
        f"a.jpg?b=2&a=1&{end('a.jpg?a=1&b=2')}",
        f"a.jpg?a=1&b=2{NEVER}",
        "the query parameters were reordered after signing",
    ),
    "many in order": (
        f"a.jpg?f=6&e=5&d=4&c=3&b=2&a=1&{end('a.jpg?a=1&b=2&c=3&d=4&e=5&f=6')}",
        f"a.jpg?a=1&b=2&c=3&d=4&e=5&f=6{NEVER}",
        "the query parameters were reordered after signing",
    ),
    "signed raw": (
        f"a.jpg?tr=w-400%2Ch-300&{end('a.jpg?tr=w-400,h-300')}",
        f"a.jpg?tr=w-400,h-300{NEVER}",
        "the URL was percent-encoded after signing",
    ),
    "signed raw with +": (
        f"a.jpg?n=a+b%2C&{end('a.jpg?n=a b,')}",
        f"a.jpg?n=a b,{NEVER}",
        "the URL was percent-encoded after signing",
    ),
    "path signed raw": (
        f"a%2Cb.jpg?x=%2C&{end('a,b.jpg?x=%2C')}",
        f"a,b.jpg?x=%2C{NEVER}",
        "the URL was percent-encoded after signing",
    ),
    "encoded twice": (
        f"a%2520b.jpg?{end('a%20b.jpg')}",
        f"a%20b.jpg{NEVER}",
        "the URL was percent-encoded twice: %25 stands for %",
    ),
    "query decoded": (
        f"a.jpg?tr=w-400,h-300&{end('a.jpg?tr=w-400%2Ch-300')}",
        f"a.jpg?tr=w-400%2Ch-300{NEVER}",
        "the query was decoded after signing",
    ),
    "source decoded": (
        f"https://www.example.com/a.jpg?{end('https%3A%2F%2Fwww.example.com%2Fa.jpg')}",
        f"https%3A%2F%2Fwww.example.com%2Fa.jpg{NEVER}",
        "the source URL in the path was decoded after signing",
    ),
    "space to +": (f"a+b.jpg?{end('a%20b.jpg')}", f"a%20b.jpg{NEVER}", "spaces became + after signing"),
    "+ to space": (f"a.jpg?n=a%20b&{end('a.jpg?n=a+b')}", f"a.jpg?n=a+b{NEVER}", "spaces became %20 after signing"),
    "triplets in upper case": (
        f"a%2Cb.jpg?{end('a%2cb.jpg')}",
        f"a%2cb.jpg{NEVER}",
        "%XX was written in upper case after signing",
    ),
    "triplets in lower case": (
        f"a%2cb.jpg?{end('a%2Cb.jpg')}",
        f"a%2Cb.jpg{NEVER}",
        "%XX was written in lower case after signing",
    ),
    "leading slash": (
        f"a.jpg?{end('/a.jpg')}",
        f"/a.jpg{NEVER}",
        "the signed text begins with a slash, which belongs to the endpoint",
    ),
    "whole URL": (
        f"a.jpg?{end(f'{ENDPOINT}/a.jpg')}",
        f"{ENDPOINT}/a.jpg{NEVER}",
        "the whole URL was signed, with the endpoint",
    ),
    "endpoint too short": (
        f"a.jpg?{end('demo/a.jpg')}",
        f"demo/a.jpg{NEVER}",
        "the URL was signed for the endpoint https://ik.example.com/",
    ),
    "endpoint too short, with its slash": (
        f"a.jpg?{end('/demo/a.jpg')}",
        f"/demo/a.jpg{NEVER}",
        "the URL was signed for the endpoint https://ik.example.com/",
    ),
    "endpoint too long": (
        f"shop/a.jpg?v=1&{end('a.jpg?v=1')}",
        f"a.jpg?v=1{NEVER}",
        f"the URL was signed for the endpoint {ENDPOINT}/shop/",
    ),
    "steps added": (
        f"tr:w-400/a.jpg?{end('a.jpg')}",
        f"a.jpg{NEVER}",
        "the transformation in the path was added after signing",
    ),
    "slash dropped": (f"a?{end('a/')}", f"a/{NEVER}", "the slash at the end of the path was dropped after signing"),
    "slash added": (
        f"a.jpg/?{end('a.jpg')}",
        f"a.jpg{NEVER}",
        "the slash at the end of the path was added after signing",
    ),
    "slashes doubled": (
        f"shop//a.jpg?{end('shop/a.jpg')}",
        f"shop/a.jpg{NEVER}",
        "slashes in the path were doubled after signing",
    ),
    "fragment": (f"a.jpg?{end('a.jpg#top')}#top", f"a.jpg#top{NEVER}", "the fragment was signed, which no server sees"),
    "no expiry in the text": (
        f"a.jpg?ik-s={sign('a.jpg')}",
        "a.jpg",
        "the signed text lacks the expiry at its end, 9999999999",
    ),
    "ik-t added": (
        f"a.jpg?ik-t=1700000300&ik-s={SIGNED}",
        f"a.jpg{NEVER}",
        "the URL was signed without an expiry (9999999999); ik-t was added later",
    ),
    "signed in milliseconds": (
        f"a.jpg?ik-t=1700000300&ik-s={sign('a.jpg1700000300000')}",
        "a.jpg1700000300000",
        "the expiry was signed in milliseconds",
    ),
    "ik-t in milliseconds": (
        f"a.jpg?ik-t=1700000300000&ik-s={sign('a.jpg1700000300')}",
        "a.jpg1700000300",
        "ik-t is in milliseconds; the expiry was signed in seconds",
    ),
    "ik-t in the text": (
        f"a.jpg?ik-t=1700000300&ik-s={sign('a.jpg?ik-t=17000003001700000300')}",
        "a.jpg?ik-t=17000003001700000300",
        "the text was signed with ik-t in the query, not only at its end",
    ),
    "upper case": (f"a.jpg?ik-s={SIGNED.upper()}", f"a.jpg{NEVER}", "ik-s is written in upper case"),
    "cut": (f"a.jpg?ik-s={SIGNED[:36]}", f"a.jpg{NEVER}", "ik-s was cut: it has 36 of 40 digits"),
    "with a full stop": (f"a.jpg?ik-s={SIGNED}.", f"a.jpg{NEVER}", "characters follow the 40 digits of ik-s"),
    "twice": (f"a.jpg?ik-s={SIGNED}&ik-s={SIGNED}", f"a.jpg{NEVER}", "ik-s or ik-t occurs more than once"),
}


@pytest.mark.parametrize(("rest", "signed_string", "cause"), MISTAKES.values(), ids=MISTAKES)
def test_common_mistakes_are_named_and_proven(rest: str, signed_string: str, cause: str) -> None:
    found = BUILDER.explain_url(f"{ENDPOINT}/{rest}")
    assert found.signature.causes == (cause,)
    assert found.signature.signed_string == signed_string
    assert found.signature.status in ("bad", "unsigned")
    assert cause in str(found)
    if found.signature.difference is not None:
        assert "first difference: character" in str(found)


def test_two_mistakes_are_found_together() -> None:
    text = end("a.jpg?tr=w-400,h-300")
    found = BUILDER.explain_url(f"{ENDPOINT}/a.jpg?tr=w-400%2Ch-300&utm_source=x&{text}").signature
    assert found.causes == (
        "utm_source was added to the query after signing",
        "the URL was percent-encoded after signing",
    )
    assert found.signed_string == f"a.jpg?tr=w-400,h-300{NEVER}"


def test_the_text_shows_both_strings_and_marks_the_first_difference() -> None:
    url = f"{ENDPOINT}/tr:w-400/a.jpg?v=1&fbclid=2&ik-t=1700003661&ik-s={sign('tr:w-400/a.jpg?v=11700003661')}"
    assert str(BUILDER.explain_url(url)) == (
        "endpoint   https://ik.example.com/demo/\n"
        "file       /a.jpg\n"
        "step 1     width 400 pixels\n"
        "query      v=1: no effect on the file, but part of the signed text and of the cache key\n"
        "query      fbclid=2: no effect on the file, but part of the signed text and of the cache key\n"
        "expiry     2023-11-14 23:14:21 UTC, in 1 hour 1 minute\n"
        "signature  the signature does not match the URL and the key\n"
        "  cause    fbclid was added to the query after signing\n"
        "  signed   tr:w-400/a.jpg?v=11700003661\n"
        "  to sign  tr:w-400/a.jpg?v=1&fbclid=21700003661\n"
        "                             ^ first difference: character 19"
    )


def test_only_the_part_of_a_long_string_around_the_difference_is_shown() -> None:
    folders = "folder/" * 40
    lines = str(BUILDER.explain_url(f"{ENDPOINT}/{folders}a%2Cb.jpg?{end(folders + 'a,b.jpg')}")).splitlines()
    signed, to_sign, marker = lines[-3:]
    at = marker.index("^")
    assert (signed[at], to_sign[at]) == (",", "%")
    assert len(signed) < 110
    assert marker.endswith("first difference: character 282")


def test_a_wrong_key_or_path_cannot_be_proven() -> None:
    for url in (
        f"{ENDPOINT}/b.jpg?ik-s={SIGNED}",
        UrlBuilder("private_other", ENDPOINT).url(path="a.jpg", signed=True),
    ):
        found = BUILDER.explain_url(url).signature
        assert (found.status, found.signed_string, found.causes, found.difference) == ("bad", None, (), None)
        assert "another private key" in found.reason


def test_a_signature_of_another_kind_is_described() -> None:
    sha256 = hmac.new(KEY.encode(), b"a.jpg9999999999", hashlib.sha256).hexdigest()
    found = BUILDER.explain_url(f"{ENDPOINT}/a.jpg?ik-s={sha256}").signature
    assert found.reason.endswith("must have 40 hexadecimal digits in lower case (ik-s has 64 characters)")


def test_a_short_signature_reveals_nothing_so_that_it_cannot_be_guessed_digit_by_digit() -> None:
    for length in range(32):
        assert BUILDER.explain_url(f"{ENDPOINT}/a.jpg?ik-s={SIGNED[:length]}").signature.causes == ()


@pytest.mark.parametrize("rest", [rest for rest, _, _ in MISTAKES.values()], ids=MISTAKES)
def test_an_explanation_shows_no_signature_and_no_key(rest: str) -> None:
    found = BUILDER.explain_url(f"{ENDPOINT}/{rest}")
    shown = repr(found) + str(found)
    given = rest.rpartition("ik-s")[2].lstrip("=%3D")[:32]
    assert given not in shown
    assert sign(found.signature.string_to_sign) not in shown
    assert KEY not in shown


@pytest.mark.parametrize("request_", [pytest.param(request, id=request["id"]) for request in REQUESTS])
def test_explanation_and_verification_agree_on_every_request_of_the_reference(request_: dict[str, Any]) -> None:
    builder = UrlBuilder(request_["private_key"], HOST + request_["endpoint_path"], clock=lambda: request_["now"])
    found = builder.explain_url(HOST + request_["target"]).signature
    assert found.status == request_["expect"]
    if found.status in ("ok", "expired"):
        assert found.signed_string is not None
        assert bool(found.causes) == (found.signed_string != found.string_to_sign)


def test_a_url_that_an_older_release_signed_unencoded_is_valid_and_explained_as_such() -> None:
    found = BUILDER.explain_url(f"{ENDPOINT}/a%20b.jpg?{end('a b.jpg')}").signature
    assert (found.status, found.signed_string) == ("ok", f"a b.jpg{NEVER}")
    assert found.causes == (
        "the URL was signed before it was percent-encoded, as older releases do; the service accepts it",
    )


def test_an_expired_url_has_a_valid_signature() -> None:
    found = BUILDER.explain_url(BUILDER.url(path="a.jpg", signed=True, expires_at=NOW - 90_061))
    assert found.signature.status == "expired"
    assert found.signature.reason == ("the URL expired 90061 s ago (ik-t=1699909939); the signature itself is valid")
    assert found.expiry == "2023-11-13 21:12:19 UTC, 1 day 1 hour ago"
    assert found.expires_at == NOW - 90_061


@pytest.mark.parametrize(
    ("query", "expiry"),
    [
        (f"?ik-s={SIGNED}", "never"),
        (f"?ik-t=9999999999&ik-s={SIGNED}", "never"),
        ("?ik-t=1700000000&ik-s=0", "2023-11-14 22:13:20 UTC, in 0 seconds"),
        ("?ik-t=999999999999&ik-s=0", "999999999999, in 11554398 days 3 hours"),
        ("?ik-t=1700000001", "2023-11-14 22:13:21 UTC, in 1 second; without a signature it has no effect"),
        ("?ik-t=17e8&ik-s=0", "ik-t is not a Unix time in seconds: 17e8"),
        ("", ""),
    ],
)
def test_the_expiry_is_explained_in_words(query: str, expiry: str) -> None:
    assert BUILDER.explain_url(f"{ENDPOINT}/a.jpg{query}").expiry == expiry


def test_an_unsigned_url_says_what_would_be_signed() -> None:
    found = BUILDER.explain_url(f"{ENDPOINT}/a.jpg").signature
    assert (found.status, found.reason, found.causes) == ("unsigned", "the URL has no signature (ik-s)", ())
    assert found.string_to_sign == f"a.jpg{NEVER}"


@pytest.mark.parametrize(
    ("url", "endpoint", "path"),
    [
        ("https://images.example.com/tr:w-1/shop/a.jpg", "https://images.example.com/", "/shop/a.jpg"),
        ("https://images.example.com/x/tr:w-1/a.jpg", "https://images.example.com/x/", "/a.jpg"),
        ("https://images.example.com/demo/a.jpg", "https://images.example.com/demo/", "/a.jpg"),
        ("https://ik.example.com/other/shop/a.jpg", "https://ik.example.com/other/", "/shop/a.jpg"),
        ("https://ik.example.com/a.jpg", "https://ik.example.com/", "/a.jpg"),
        ("http://ik.example.com/demo/a.jpg?x=/tr:y", "http://ik.example.com/demo/", "/a.jpg"),
        ("https://ik.example.com", "https://ik.example.com/", "/"),
        ("https://ik.example.com?x=1", "https://ik.example.com/", "/"),
    ],
)
def test_a_url_of_another_endpoint_is_explained_with_the_endpoint_it_seems_to_have(
    url: str, endpoint: str, path: str
) -> None:
    found = BUILDER.explain_url(url)
    assert (found.endpoint, found.path, found.is_under_endpoint) == (endpoint, path, False)
    assert found.expected_endpoint == f"{ENDPOINT}/"
    assert found.signature.status == "other endpoint"
    assert f"endpoint   {endpoint} (not the client's endpoint {ENDPOINT}/)" in str(found)


def test_a_url_signed_for_a_custom_domain_is_explained_as_such() -> None:
    url = UrlBuilder(KEY, "https://images.example.com").url(path="a.jpg", signed=True)
    found = BUILDER.explain_url(url).signature
    assert found.causes == ("the URL was signed for the endpoint https://images.example.com/",)
    assert found.signed_string == f"a.jpg{NEVER}"
    with pytest.raises(SignatureError) as caught:
        BUILDER.verify_url(url)
    assert caught.value.reason == found.status


@pytest.mark.parametrize("url", ["/a.jpg?v=1", "a.jpg?v=1", "/demo/a.jpg?v=1", f" {ENDPOINT}/a.jpg?v=1\n"])
def test_a_path_or_request_target_is_read_as_if_under_the_endpoint(url: str) -> None:
    found = BUILDER.explain_url(url)
    assert (found.endpoint, found.path) == (f"{ENDPOINT}/", "/a.jpg")
    assert [(one.name, one.value) for one in found.parameters] == [("v", "1")]


def test_steps_after_a_folder_are_explained_too() -> None:
    found = BUILDER.explain_url(f"{ENDPOINT}/img/tr:w-200/girl.jpeg")
    assert found.path == "/img/girl.jpeg"
    assert [str(item) for step in found.steps for item in step] == ["width 200 pixels"]


def test_the_parameters_of_the_service_have_their_own_explanations() -> None:
    url = f"{ENDPOINT}/tr:w-1/a.jpg?ik-attachment=true&updatedAt=5&ik-obj-version=x&tr=w-2&n=%C3%A9&amp;ik-s=55"
    assert [tuple(one) for one in BUILDER.explain_url(url).parameters] == [
        ("ik-attachment", "true", "whether browsers download the file instead of showing it"),
        ("updatedAt", "5", "time of the last update, so that caches fetch the changed file"),
        ("ik-obj-version", "x", "version of the file"),
        ("tr", "w-2", "ignored, because the URL already has other steps"),
        ("n", "é", "no effect on the file, but part of the signed text and of the cache key"),
        ("amp;ik-s", "…", "no effect on the file, but part of the signed text and of the cache key"),
    ]


def test_terminal_control_characters_are_escaped() -> None:
    assert "file       /a\\x1b\\nb.jpg\n" in str(BUILDER.explain_url(f"{ENDPOINT}/a\x1b\nb.jpg"))
    assert "/a\\\\ud800.jpg" in repr(BUILDER.explain_url(f"{ENDPOINT}/a\ud800.jpg"))


@pytest.mark.parametrize("url", [None, 5, b"https://ik.example.com/demo/a.jpg", ["a"]])
def test_a_url_that_is_not_a_str_is_a_type_error(url: Any) -> None:
    with pytest.raises(TypeError, match="url must be text"):
        BUILDER.explain_url(url)


def test_the_error_says_if_the_client_has_no_valid_endpoint() -> None:
    with pytest.raises(ValueError, match="url_endpoint must start with https://"):
        UrlBuilder(KEY, "fake").explain_url("https://ik.example.com/a.jpg")


pieces = st.sampled_from(
    [
        ENDPOINT,
        HOST,
        "/",
        "tr:",
        "tr:w-1",
        "?",
        "&",
        "&amp;",
        "=",
        "ik-s",
        "ik-t",
        "%",
        "%25",
        "%3F",
        "#",
        ":",
        ",",
        "-",
        "l-text",
        "i-x",
        "ie-%%",
        "l-end",
        "if-",
        "if-ar_gt_1",
        "if-else",
        "if-end",
        "overlay-",
        "raw-",
        "w-N5",
        "1700000000",
        "\ud800",
        "é",
        " ",
        "https://",
    ]
)


texts = st.text() | st.lists(pieces | st.text(max_size=3), max_size=14).map("".join)


@given(texts)
def test_any_str_can_be_explained(url: str) -> None:
    assert str(BUILDER.explain_url(url)).startswith("endpoint ")


@example("https://", "ik-s=", "/tr:w-1/a.jpg")
@example(f"{ENDPOINT}/a/", "ik-s=", "/tr:w-1/a.jpg")
@given(texts, st.sampled_from(["ik-s=", "&amp;ik-s=", "%26ik-s%3D", "%2526ik-s%253d"]), texts)
def test_no_explanation_contains_the_signature_of_the_url(before: str, name: str, after: str) -> None:
    found = BUILDER.explain_url(f"{before}{name}{SIGNED}{after}")
    assert SIGNED[:32] not in f"{found}{found!r}"


values = st.integers(0, 10**6) | st.booleans() | st.text(max_size=6)


@given(
    st.text(min_size=1, max_size=12),
    st.lists(st.dictionaries(st.sampled_from([*CODES]), values, max_size=3), max_size=3),
    st.sampled_from(["path", "query"]),
    st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=3),
    st.none() | st.integers(1, 10**6),
)
def test_a_built_url_is_explained_as_valid(
    path: str, transformation: Any, position: Any, parameters: Any, seconds: int | None
) -> None:
    try:
        url = BUILDER.url(
            path=path,
            transformation=transformation,
            transformation_position=position,
            query_parameters=parameters,
            signed=True,
            expire_seconds=seconds,
        )
    except (TypeError, ValueError):
        return
    if not url:
        return
    found = BUILDER.explain_url(url)
    assert found.signature.status == "ok"
    assert found.signature.signed_string == found.signature.string_to_sign
    assert found.signature.causes == ()
    assert found.expires_at == (None if seconds is None else NOW + seconds)
