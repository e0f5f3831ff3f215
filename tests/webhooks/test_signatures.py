from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from imagekitio.webhooks import WebhookVerificationError
from imagekitio.webhooks.headers import read_headers
from imagekitio.webhooks.signatures import check_signature, make_keys, read_secrets

from .signing import BODY, DECODED, IMAGEKIT, NOW, SECRET, STANDARD, sign_imagekit, sign_standard

BOTH_SCHEMES = [sign_imagekit, sign_standard]
OTHER = "whsec_b3RoZXI="


def check(
    headers: dict[str, str],
    body: bytes = BODY,
    *secrets: str,
    now: float = NOW,
    tolerance: float | None = 300,
    decode: bool = False,
) -> None:
    keys = make_keys("secret", secrets or (SECRET,), decode=decode)
    check_signature(body, read_headers(headers), keys, now=now, tolerance=tolerance)


def refusal(headers: dict[str, str], body: bytes = BODY, *secrets: str, **options: Any) -> WebhookVerificationError:
    with pytest.raises(WebhookVerificationError) as caught:
        check(headers, body, *secrets, **options)
    return caught.value


@pytest.mark.parametrize("headers", [IMAGEKIT, STANDARD, {**IMAGEKIT, **STANDARD}])
def test_the_documented_signatures_match(headers: dict[str, str]) -> None:
    check(headers)


def test_the_decoded_key_matches_only_if_it_is_enabled() -> None:
    assert refusal(DECODED).reason == "wrong_signature"
    check(DECODED, decode=True)
    check(STANDARD, decode=True)


def test_the_decoded_key_is_never_used_for_the_older_scheme() -> None:
    import base64
    import hmac

    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    signature = hmac.new(key, f"{NOW}000.".encode() + BODY, "sha256").hexdigest()
    assert refusal({"x-ik-signature": f"t={NOW}000,v1={signature}"}, decode=True).reason == "wrong_signature"


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        (IMAGEKIT, {**STANDARD, "webhook-signature": "v1,AAAA"}),
        (IMAGEKIT, {"webhook-signature": "v1,AAAA"}),
        (STANDARD, {"x-ik-signature": "t=1,v1=00"}),
        (STANDARD, {"x-ik-signature": "nonsense"}),
    ],
)
def test_one_matching_signature_is_enough(good: dict[str, str], bad: dict[str, str]) -> None:
    check({**good, **bad})
    refusal(bad)


def test_the_time_is_that_of_the_matching_signature() -> None:
    forged = {**STANDARD, "webhook-timestamp": str(NOW + 9000)}
    assert refusal({**forged, **IMAGEKIT}, now=NOW + 9000).reason == "too_old"


@pytest.mark.parametrize("sign", BOTH_SCHEMES)
@given(body=st.binary(max_size=200), secret=st.text(st.characters(codec="utf-8"), min_size=1))
def test_a_signature_matches_for_any_body_and_any_secret(sign: Any, body: bytes, secret: str) -> None:
    check(sign(body, secret), body, secret)
    check(sign(body, secret), body, OTHER, secret)
    check(sign(body, secret), body, secret, OTHER)


@pytest.mark.parametrize("sign", BOTH_SCHEMES)
@given(data=st.data(), body=st.binary(min_size=1, max_size=50))
def test_a_changed_byte_does_not_match(sign: Any, data: st.DataObject, body: bytes) -> None:
    place = data.draw(st.integers(0, len(body) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda byte: byte != body[place]))
    for changed in (body[:place] + bytes([byte]) + body[place + 1 :], body + b" ", body[:-1]):
        assert refusal(sign(body), changed).reason == "wrong_signature"


@pytest.mark.parametrize("sign", BOTH_SCHEMES)
@given(secret=st.text(st.characters(codec="utf-8"), min_size=1))
def test_a_different_secret_does_not_match(sign: Any, secret: str) -> None:
    assume(secret.encode().rstrip(b"\0") != SECRET.encode())  # HMAC pads a key with zeros
    assert refusal(sign(BODY), BODY, secret).reason == "wrong_signature"


@given(data=st.data())
def test_a_changed_character_in_a_header_does_not_match(data: st.DataObject) -> None:
    headers = data.draw(st.sampled_from([IMAGEKIT, STANDARD]))
    name = data.draw(st.sampled_from([*headers]))
    place = data.draw(st.integers(0, len(headers[name]) - 1))
    character = data.draw(st.characters())
    text = headers[name]
    assume(character != text[place])
    changed = read_headers({**headers, name: text[:place] + character + text[place + 1 :]})
    assume(changed != read_headers(headers))  # leading and trailing spaces are ignored
    keys = make_keys("secret", [SECRET], decode=False)
    with pytest.raises(WebhookVerificationError):
        check_signature(BODY, changed, keys, now=NOW, tolerance=None)


@given(st.dictionaries(st.sampled_from([*STANDARD, *IMAGEKIT]), st.text()), st.binary())
def test_made_up_headers_never_match_and_raise_nothing_else(headers: dict[str, str], body: bytes) -> None:
    refusal(headers, body)


@pytest.mark.parametrize("sign", BOTH_SCHEMES)
@pytest.mark.parametrize("age", [-300, -1, 0, 1, 300])
def test_a_webhook_within_the_tolerance_is_accepted(sign: Any, age: float) -> None:
    check(sign(BODY), now=NOW + age)


@pytest.mark.parametrize("sign", BOTH_SCHEMES)
def test_the_error_for_an_old_webhook_says_how_old_and_how_much_too_old_it_is(sign: Any) -> None:
    error = refusal(sign(BODY), now=NOW + 340.5)
    assert error.reason == "too_old"
    assert str(error).startswith("the webhook was signed 340.5 s ago, 40.5 s more than the tolerance of 300 s: it was ")
    assert "clock of this machine is fast" in str(error)


@pytest.mark.parametrize("sign", BOTH_SCHEMES)
def test_the_error_for_a_webhook_from_the_future_asks_about_the_clock(sign: Any) -> None:
    error = refusal(sign(BODY), now=NOW - 61, tolerance=60)
    assert error.reason == "too_new"
    assert str(error) == (
        "the webhook was signed 61.0 s in the future, 1.0 s more than the tolerance of 60 s: is the clock of this "
        "machine right?"
    )


@pytest.mark.parametrize("sign", BOTH_SCHEMES)
@pytest.mark.parametrize("now", [0, 1e11, float("nan")])
def test_without_a_tolerance_any_time_is_accepted_and_with_one_no_invalid_time(sign: Any, now: float) -> None:
    check(sign(BODY), now=now, tolerance=None)
    assert refusal(sign(BODY), now=now, tolerance=1e9).reason in ("too_old", "too_new")


@pytest.mark.parametrize(
    ("headers", "message"),
    [
        ({}, "the request has no signature: it needs the header x-ik-signature, or webhook-id, webhook-timestamp, "),
        ({"webhook-id": "a"}, "the header webhook-timestamp is missing"),
        ({"webhook-id": "a", "webhook-timestamp": "1"}, "the header webhook-signature is missing"),
        ({"webhook-timestamp": "1", "webhook-signature": "v1,x"}, "the header webhook-id is missing"),
    ],
)
def test_the_header_that_is_missing_is_named(headers: dict[str, str], message: str) -> None:
    error = refusal(headers)
    assert str(error).startswith(message)
    assert error.reason == "missing_header"


def test_a_request_without_a_signature_says_which_header_looks_like_one() -> None:
    headers = {"Host": "example.com", "X-Forwarded-IK-Signature": "t=1"}
    assert str(refusal(headers)).endswith("webhook-signature; the request has x-forwarded-ik-signature")


@pytest.mark.parametrize(
    ("headers", "message"),
    [
        ({"x-ik-signature": "v1=00"}, "x-ik-signature must be t=…,v1=…"),
        ({"x-ik-signature": "t=1"}, "x-ik-signature must be t=…,v1=…"),
        ({"x-ik-signature": "t=1,t=2,v1=00"}, "x-ik-signature must be t=…,v1=…"),
        ({"x-ik-signature": ""}, "x-ik-signature must be t=…,v1=…"),
        ({"x-ik-signature": "t=-1,v1=00"}, "t of x-ik-signature must be a Unix time in digits"),
        ({"x-ik-signature": "t=٣,v1=00"}, "t of x-ik-signature must be a Unix time in digits"),
        ({"x-ik-signature": f"t={'9' * 5000},v1=00"}, "t of x-ik-signature must be a Unix time in digits"),
        ({**STANDARD, "webhook-timestamp": "soon"}, "webhook-timestamp must be a Unix time in digits"),
        ({**STANDARD, "webhook-timestamp": "1735787045.5"}, "webhook-timestamp must be a Unix time in digits"),
        ({**STANDARD, "webhook-signature": "v1a,doVtDOENf="}, "webhook-signature must contain v1,…"),
        ({**STANDARD, "webhook-signature": ""}, "webhook-signature must contain v1,…"),
    ],
)
def test_a_malformed_header_is_named_and_truncated(headers: dict[str, str], message: str) -> None:
    error = refusal(headers)
    assert str(error).startswith(message)
    assert error.reason == "invalid_header"
    assert len(str(error)) < 200


def test_unknown_items_and_signatures_of_other_versions_are_ignored() -> None:
    check({"x-ik-signature": f"v0=abc, {IMAGEKIT['x-ik-signature'].replace(',', ', ')} ,x"})
    check({**STANDARD, "webhook-signature": f"v1a,AAAA v1,AAAA {STANDARD['webhook-signature']} v2,AAAA"})


@pytest.mark.parametrize("headers", [IMAGEKIT, STANDARD])
def test_no_message_shows_a_secret_or_the_matching_signature(headers: dict[str, str]) -> None:
    wrong = {name: text[:-4] + "0000" for name, text in headers.items() if name.endswith("signature")}
    error = refusal({**headers, **wrong})
    for hidden in (SECRET, SECRET.removeprefix("whsec_"), [*headers.values()][-1][-60:]):
        assert hidden not in repr(error)


def test_every_secret_is_tried_even_after_a_match(monkeypatch: pytest.MonkeyPatch) -> None:
    import hmac

    compared: list[bytes] = []
    original = hmac.compare_digest

    def compare(first: bytes, second: bytes) -> bool:
        compared.append(first)
        return original(first, second)

    monkeypatch.setattr(hmac, "compare_digest", compare)
    check(STANDARD, BODY, SECRET, OTHER, "whsec_third")
    assert len(set(compared)) == 3


@pytest.mark.parametrize(
    ("given", "secrets"),
    [
        ("whsec_a", ("whsec_a",)),
        (' "whsec_a"\n', ("whsec_a",)),
        (["whsec_a", "'b'"], ("whsec_a", "b")),
        (iter(("a", "b")), ("a", "b")),
    ],
)
def test_a_secret_is_a_str_or_a_list(given: Any, secrets: tuple[str, ...]) -> None:
    assert read_secrets("secret", given) == secrets


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        (b"whsec_a", TypeError, r"secret must be a str, or a list of str \(got bytes\)"),
        (5, TypeError, r"secret must be a str, or a list of str \(got int\)"),
        ([b"whsec_a"], TypeError, r"secret must be text \(got bytes\)"),
        ([None], TypeError, r"secret must be text \(got NoneType\)"),
        ([], ValueError, "secret must not be empty"),
        ("  ", ValueError, "secret must not be empty"),
        ("whsec_", ValueError, "secret must not be empty"),
        (["whsec_a", ""], ValueError, "secret must not be empty"),
        ("private_x", ValueError, "secret is a private key"),
        ("public_x", ValueError, "secret is a public key"),
    ],
)
def test_an_invalid_secret_is_refused(given: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        read_secrets("secret", given)


@pytest.mark.parametrize("secret", ["whsec_not base64!", "whsec_abc", "whsec_größe"])
def test_a_secret_that_cannot_be_decoded_is_refused_only_if_it_must_be_decoded(secret: str) -> None:
    assert make_keys("secret", [secret], decode=False).texts == [secret.encode()]
    with pytest.raises(ValueError, match="secret must be base64 after whsec_ for accept_decoded_secret") as caught:
        make_keys("secret", [secret], decode=True)
    assert secret not in repr(caught.value)


@pytest.mark.parametrize("decode", [True, False])
def test_a_secret_with_half_a_surrogate_pair_is_refused_and_not_shown(decode: bool) -> None:
    with pytest.raises(ValueError, match="secret contains half of a surrogate pair") as caught:
        make_keys("secret", ["whsec_s3cret\udcff"], decode=decode)
    assert "s3cret" not in repr(caught.value)
